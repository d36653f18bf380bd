"""A month of digests for subscribers in eight time zones, over clocks set forward and back, on the articles
of a database shifted and repeated over the days; then, against the tables: nothing told twice, nothing
missed, no digest skipped."""

from __future__ import annotations

import itertools
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from models.digest import Digest, RenderedDigest, Section, Subscription
from models.story import Relation, StoryLink
from pipeline.briefing import Briefing
from pipeline.digest.mailing import PlanOptions
from pipeline.digest.plan import plan_due
from pipeline.digest.render import HTML_LIMIT, Links, Renderer
from pipeline.digest.schedule import local_instant, next_send
from pipeline.names import Names
from pipeline.store import NewArticle, Store, open_store

ZONES = (
    "Asia/Ho_Chi_Minh Europe/Berlin Europe/London America/New_York America/Los_Angeles Asia/Kolkata "
    "Australia/Sydney Australia/Adelaide"
).split()
START = datetime(2026, 10, 3, tzinfo=UTC)
"""Of a month in which clocks go forward in Australia (4 October) and back in Europe (25 October) and America
(1 November)."""
OPTIONS = PlanOptions(sender="Điểm Báo <digest@example.org>", keys=("a month",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """An article, its story, and when it appears after the beginning of its week."""

    article: NewArticle
    story: str
    relation: Relation
    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What the month came to. `due` counts the local dates on which a digest had to be planned; `stories`
    what was told as news, `articles` those of the windows that met a section; the faults are named."""

    subscriptions: int
    zones: int
    articles_stored: int
    digests: int
    due: int
    stories: int
    articles: int
    faults: tuple[str, ...]


class Recorder(Renderer):
    """Writes every digest and keeps its value."""

    def __init__(self, *, write: bool = True) -> None:
        super().__init__()
        self.write = write
        self.seen: dict[str, list[Digest]] = {}

    def render(
        self, digest: Digest, links: Links | None = None, *, sender: str = "", limit: int = HTML_LIMIT
    ) -> RenderedDigest:
        if self.write:
            done = super().render(digest, links, sender=sender, limit=limit)
        else:
            done = RenderedDigest(subject="x", html="x", text="x", digest=digest)
        self.seen.setdefault(digest.subscription.slug, []).append(done.digest)
        return done


def seeds_of(store: Store) -> list[Seed]:
    """The articles of a database as seeds, from its first article on."""
    found = store.articles(list(store.all_ids()))
    first = min((each.first_seen_at for each in found), default=START)
    # The hour of publication spreads what a collection met at one time.
    return [
        Seed(
            article=NewArticle(article=each.article, tags=each.tags),
            story=each.story or each.article.url,
            relation=Relation(each.relation) if each.relation else Relation.INDEPENDENT,
            after=max(timedelta(), (each.article.published_at or each.first_seen_at) - first),
        )
        for each in found
    ]


def fill(store: Store, seeds: Sequence[Seed], days: int) -> int:
    """Store the seeds over and over, week after week, from the day before the month on; how many."""
    week = timedelta(days=1 + max(seed.after for seed in seeds).days)
    links = []
    for turn in itertools.count():
        begin = START - timedelta(days=1) + turn * week
        if begin > START + timedelta(days=days):
            break
        by_time = sorted(seeds, key=lambda seed: seed.after)
        for after, together in itertools.groupby(by_time, key=lambda seed: seed.after):
            batch = list(together)
            store.save([_again(seed.article, turn, begin + after) for seed in batch], now=begin + after)
        links += [(f"{seed.article.article.url}?{turn}", f"{seed.story}~{turn}", seed) for seed in seeds]
    numbers = {each.article.url: each.id for each in store.articles(list(store.all_ids()))}
    store.set_stories(
        [
            StoryLink(id=str(numbers[url]), story=story, relation=seed.relation, origin="", evidence=())
            for url, story, seed in links
            if url in numbers
        ]
    )
    return len(numbers)


def _again(new: NewArticle, turn: int, at: datetime) -> NewArticle:
    """The article as another one of a later week."""
    url = f"{new.article.url}?{turn}"
    title = f"{new.article.title} ({turn})"
    body = f"{new.article.text}\n{turn}"
    return replace(
        new, article=replace(new.article, url=url, title=title, text=body, published_at=at), asked_urls=()
    )


def subscribers(count: int) -> list[Subscription]:
    """Subscriptions in every zone and of every kind: everything, a province, a topic; some without
    weekends; cut-offs around the hours in which clocks change."""
    sections = (
        Section(title="Tất cả", group_by="none", limit=100),
        Section(title="Đà Nẵng", provinces=("vn34:48",), limit=100),
        Section(title="Hà Nội", provinces=("vn34:01",), limit=100),
        Section(title="Kinh tế", topics=("medtop:04000000",), limit=100),
    )
    return [
        Subscription(
            slug=f"s{n}",
            title=f"Bản tin {n}",
            recipients=(f"s{n}@example.org",),
            sections=(sections[n // len(ZONES) % len(sections)],),
            timezone=ZONES[n % len(ZONES)],
            cutoff=time(1 + n % 5, 30),
            send_at=time(2 + n % 5, 15 * (n % 4)),
            days=frozenset(range(1, 6)) if n % 3 == 2 else frozenset(range(1, 8)),
            limit=400,
            update_outlets=1,
            send_empty=True,
        )
        for n in range(count)
    ]


def play(
    store: Store, names: Names, wanted: Sequence[Subscription], days: int, *, write: bool = True
) -> dict[str, list[Digest]]:
    """Plan every digest of the month a little after its time; the digests of each subscription."""
    recorder = Recorder(write=write)
    end = START + timedelta(days=days)
    waiting = {each.slug: next_send(each, START) for each in wanted}
    while moments := [at for at in waiting.values() if at is not None and at < end]:
        now = min(moments) + timedelta(minutes=min(moments).day % 20)
        due = [each for each in wanted if (at := waiting[each.slug]) is not None and at <= now]
        plan_due(store, due, Briefing(store, names, now), now, OPTIONS, renderer=recorder)
        waiting |= {each.slug: next_send(each, now) for each in due}
    return recorder.seen


def check(
    store: Store, names: Names, wanted: Sequence[Subscription], digests: dict[str, list[Digest]], days: int
) -> Month:
    """Hold the digests against the tables."""
    faults: list[str] = []
    stories = articles = due = 0
    for each in wanted:
        mine = digests.get(each.slug, [])
        dates = _dates(each, days)
        due += len(dates)
        faults += [f"{each.slug}: no digest on {date}" for date in dates - {d.slot.key for d in mine}]
        faults += [
            f"{each.slug}: windows do not join at {a.slot.until}"
            for a, b in itertools.pairwise(mine)
            if a.slot.until != b.slot.since
        ]
        told = Counter(item.story.id for digest in mine for item in digest.items)
        faults += [f"{each.slug}: {story} told {n} times" for story, n in told.items() if n > 1]
        stories += len(told)
        with store.reading() as connection:
            for number, digest in enumerate(mine):
                known = {item.story.id for before in mine[:number] for item in before.items}
                met = _met(connection, names, each.sections[0], digest)
                articles += sum(met.values())
                faults += [f"{each.slug} {digest.slot.key}: {fault}" for fault in _missed(digest, met, known)]
    return Month(
        subscriptions=len(wanted),
        zones=len({each.timezone for each in wanted}),
        articles_stored=len(list(store.all_ids())),
        digests=sum(map(len, digests.values())),
        due=due,
        stories=stories,
        articles=articles,
        faults=tuple(faults),
    )


def _dates(subscription: Subscription, days: int) -> set[str]:
    """The local dates on which the subscription's send time lies in the month."""
    zone = ZoneInfo(subscription.timezone)
    first = START.astimezone(zone).date()
    dates = [first + timedelta(days=n) for n in range(days + 1)]
    return {
        date.isoformat()
        for date in dates
        if date.isoweekday() in subscription.days
        and START < local_instant(date, subscription.send_at, zone) < START + timedelta(days=days)
    }


def _met(connection: Connection, names: Names, section: Section, digest: Digest) -> Counter[str]:
    """How many articles of the digest's window meet its section, by story, asked of the tables alone."""
    condition, values = "", {}
    if section.provinces:
        condition = (
            " AND id IN (SELECT article_id FROM article_province WHERE code = :code AND role = 'about')"
        )
        values = {"code": section.provinces[0]}
    elif section.topics:
        meaning = names.topic(section.topics[0])
        codes = ",".join(f"'{code}'" for code in (meaning.values if meaning else ()))
        condition = f" AND id IN (SELECT article_id FROM article_topic WHERE topic IN ({codes}))"  # noqa: S608
    window = {"since": _written(digest.slot.since), "until": _written(digest.slot.until)}
    rows = connection.execute(
        text(
            "SELECT story_id, count(*) FROM article WHERE first_seen_at > :since"  # noqa: S608
            f" AND first_seen_at <= :until AND NOT backfill{condition} GROUP BY story_id"
        ),
        {**window, **values},
    )
    return Counter({row[0]: row[1] for row in rows})


def _written(at: datetime) -> str:
    """A time as SQLite holds it."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _missed(digest: Digest, met: Counter[str], known: set[str]) -> Iterator[str]:
    """What of the window the digest neither tells, nor counts as left out, nor has told before."""
    fresh = set(met) - known
    told = {item.story.id for item in digest.items}
    if len(fresh) != digest.found:
        yield f"{len(fresh)} stories are news, {digest.found} were found"
    if told - fresh:
        yield f"told as news without being news: {sorted(told - fresh)[:3]}"
    left_out = sum(section.more for section in digest.sections)
    if fresh - told and len(fresh - told) != left_out:
        yield f"{len(fresh - told)} stories neither told nor counted as left out ({left_out})"
    again = sum(n for story, n in met.items() if story in known)
    retold = sum(update.item.new_articles for update in digest.updates)
    if again > digest.quiet + retold and not digest.more_updates:
        yield f"{again} articles of stories told before, {digest.quiet + retold} accounted for"


def report(source: Store, names: Names, subscriptions: int, days: int) -> tuple[list[str], bool]:
    """The whole month, line by line, and whether it was without fault."""
    with (
        tempfile.TemporaryDirectory(prefix="diembao-month-") as folder,
        open_store(f"sqlite:///{Path(folder) / 'month.sqlite3'}") as store,
    ):
        fill(store, seeds_of(source), days)
        wanted = subscribers(subscriptions)
        month = check(store, names, wanted, play(store, names, wanted, days), days)
    return list(_lines(month, days)), not month.faults


def _lines(month: Month, days: int) -> Iterable[str]:
    yield f"{days} days, {month.subscriptions} subscriptions in {month.zones} time zones"
    yield f"{month.articles_stored} articles; {month.articles} times one lay in a window it met"
    yield f"{month.digests} digests planned, {month.due} were due"
    yield f"{month.stories} stories told as news"
    yield f"{len(month.faults)} faults: told twice, missed, skipped"
    yield from month.faults[:20]
