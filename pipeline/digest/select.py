"""What stands in a digest: news, updates, order, counts. Pure.

A story is news once for a subscription; afterwards it is an update when it has gained enough outlets, a
follow-up or another toll. It stands in one place of the mail; other sections that found it say where. What is
left out for length is counted and, not having been told, may be told later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import chain
from statistics import median

from models.digest import (
    Digest,
    DigestArticle,
    DigestGroup,
    DigestItem,
    DigestSection,
    DigestStory,
    Elsewhere,
    Match,
    Outage,
    ProvinceCount,
    Section,
    Slot,
    Subscription,
    Told,
    Update,
)
from models.query import Note
from models.story import Relation
from models.tags import Role
from pipeline.digest.excerpt import excerpt_of
from pipeline.digest.tolls import Figure, figures_in
from pipeline.digest.versions import OVERTAKEN, States, figures_told, nearest_first, shown_time
from pipeline.vietnamese import exact

HIGHLIGHTS_FROM = 8
"""A mail with fewer stories has no highlights: it is short enough to read whole. Otherwise at most a third
of its stories go to the top, so that the sections keep their own. An update that more outlets tell anew
than any story of the mail goes to the top of a short mail, too."""
MAX_UPDATES = 12
USUAL_FROM = 3
"""Fewer earlier digests do not tell what is usual."""
TOP_PROVINCES = 10
# How good an article is as the one that stands for its story.
_RELATION_RANK = {
    Relation.ORIGINAL: 0,
    Relation.INDEPENDENT: 1,
    Relation.FOLLOW_UP: 2,
    Relation.TRANSLATION: 3,
    Relation.REPRINT: 4,
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A story that may be told, as far as choosing needs it: its articles up to the window's end, how many of
    them are new, how many outlets tell it."""

    story: DigestStory
    section: Section
    articles: tuple[DigestArticle, ...]
    fresh: int
    outlets: int
    weight: tuple[object, ...]


@dataclass(slots=True)
class _Found:
    """The news of one section, and what it found that stands elsewhere."""

    section: Section
    items: list[_Candidate] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    more: int = 0


def select(
    subscription: Subscription,
    slot: Slot,
    found: Sequence[Sequence[DigestStory]],
    told: Mapping[str, Told],
    *,
    faults: Sequence[Sequence[Note]] = (),
    outages: Sequence[Outage] = (),
    history: Sequence[int] = (),
) -> Digest:
    """The digest of `slot` from what the reader found for each section of the subscription, in order.

    `faults` are those of each section's search; `told` maps story ids to what the subscription was told
    before; `history` holds the article counts of earlier digests, newest first (up to seven count).
    """
    known = _Known.of(told.values())
    language = subscription.language
    news: dict[str, tuple[int, _Candidate]] = {}
    updates: dict[str, Update] = {}
    finders: dict[str, list[int]] = {}
    repeats: list[tuple[int, str]] = []
    quiet = 0
    seen: set[str] = set()
    for index, (section, stories) in enumerate(zip(subscription.sections, found, strict=True)):
        for story in stories:
            candidate = _candidate(story, slot, section)
            if candidate is None:
                continue
            finders.setdefault(story.id, []).append(index)
            if story.id in seen:
                if story.id in news:
                    repeats.append((index, story.id))
                continue
            seen.add(story.id)
            before = known.find(story)
            if before is None:
                news[story.id] = (index, candidate)
            elif update := _update(candidate, before, subscription):
                updates[story.id] = update
            else:
                quiet += candidate.fresh
    everything = sorted((candidate for _, candidate in news.values()), key=lambda each: each.weight)
    room = _room(news.values(), subscription)
    highlights, leading = _top(everything, list(updates.values()), room, subscription)
    below = [update for update in updates.values() if update not in leading]
    shown_updates = [replace(update, leading=True) for update in leading]
    shown_updates += sorted(below, key=_update_order)
    sections = _sections(subscription, news, repeats, highlights, faults)
    sections = _with_updates(sections, shown_updates, finders)
    digest = Digest(
        subscription=subscription,
        slot=slot,
        sections=tuple(sections),
        highlights=tuple(_item(each, language) for each in highlights),
        updates=tuple(shown_updates[:MAX_UPDATES]),
        more_updates=max(0, len(shown_updates) - MAX_UPDATES),
        outages=tuple(outages),
        found=len(everything),
        quiet=quiet,
        usual=round(median(history[:7])) if len(history) >= USUAL_FROM else None,
    )
    return recount(digest)


def recount(digest: Digest) -> Digest:
    """The digest with the counts of what it shows: a subject never names what the mail does not hold."""
    told = [*digest.items, *(update.item for update in digest.updates)]
    stories = [*(update.item for update in digest.leading), *digest.items]
    window = digest.slot
    outlets = {
        article.outlet
        for item in told
        for article in item.story.articles
        if window.since < article.first_seen_at <= window.until
    }
    return replace(
        digest,
        stories=len(stories),
        articles=sum(item.new_articles for item in told),
        outlets=len(outlets),
        provinces=_province_counts(stories, digest.subscription.language),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What was told, found by story id or, when grouping has moved a story to another id since, by the
    article that stood for it."""

    stories: dict[str, Told]
    headlines: dict[str, Told]

    @classmethod
    def of(cls, told: Iterable[Told]) -> _Known:
        listed = list(told)
        return cls({t.story: t for t in listed}, {t.headline_url: t for t in listed if t.headline_url})

    def find(self, story: DigestStory) -> Told | None:
        if story.id in self.stories:
            return self.stories[story.id]
        matches = [self.headlines[a.url] for a in story.articles if a.url in self.headlines]
        return max(matches, key=lambda t: t.until, default=None)


def _candidate(story: DigestStory, slot: Slot, section: Section) -> _Candidate | None:
    """The story as it may be told; None when nothing of it is new in the window."""
    articles = tuple(a for a in story.articles if a.first_seen_at <= slot.until)
    fresh = sum(a.first_seen_at > slot.since and not a.backfilled for a in articles)
    if not fresh:
        return None
    outlets = len({a.outlet for a in articles})
    return _Candidate(story, section, articles, fresh, outlets, _weight(story, articles, fresh, outlets))


def _weight(
    story: DigestStory, articles: Sequence[DigestArticle], fresh: int, outlets: int
) -> tuple[object, ...]:
    """Sort key, most important first: outlets that tell it, articles, youth; the id settles ties."""
    newest = max(a.first_seen_at for a in articles)
    about = any(p.role is Role.ABOUT for p in story.provinces)
    return (-outlets, -fresh, not about, -newest.timestamp(), story.id)


def _item(candidate: _Candidate, language: str, headline: DigestArticle | None = None) -> DigestItem:
    """The story as it stands in the mail, under the headline given or the best it has."""
    states = States(candidate.articles)
    headline = headline or _headline(candidate.articles, states, language)
    rest = [a for a in candidate.articles if a.url != headline.url]
    others = sorted(
        (a for a in rest if a.language == headline.language), key=lambda a: (a.first_seen_at, a.url)
    )
    foreign = [a for a in rest if a.language != headline.language]
    why = tuple(candidate.story.why)  # looked up now, and items that say the same are equal
    return DigestItem(
        story=replace(candidate.story, why=why),
        headline=headline,
        excerpt=excerpt_of(headline.lead or headline.text, headline.title),
        others=_one_each(others, headline),
        versions=_one_each(nearest_first(foreign, headline, states), headline),
        new_articles=candidate.fresh,
        outlets=candidate.outlets,
        why=why or _why_of(candidate.section),
    )


def _headline(articles: Sequence[DigestArticle], states: States, language: str) -> DigestArticle:
    """The article that stands for the story: one in the mail's language that no other has overtaken, best
    grade first."""

    def order(article: DigestArticle) -> tuple[object, ...]:
        return (
            article.backfilled,
            article.language != language,
            states.rank(article),
            _RELATION_RANK[article.relation],
            not (article.lead or article.text),
            article.first_seen_at,
            article.url,
        )

    return min(articles, key=order)


def _one_each(articles: Iterable[DigestArticle], headline: DigestArticle) -> tuple[DigestArticle, ...]:
    """The first article of each outlet and language, without those of the headline's."""
    taken = {(headline.outlet, headline.language)}
    kept = []
    for article in articles:
        if (article.outlet, article.language) not in taken:
            taken.add((article.outlet, article.language))
            kept.append(article)
    return tuple(kept)


def _why_of(section: Section) -> tuple[Match, ...]:
    """The reason when the reader names none: what the search is called."""
    return (Match(kind="section", label_vi=section.title, label_en=section.title),)


def _update(candidate: _Candidate, before: Told, subscription: Subscription) -> Update | None:
    """The story as an update when it has grown or gone on since it was last told."""
    language, states = subscription.language, States(candidate.articles)
    articles = sorted(candidate.articles, key=lambda a: (a.first_seen_at, a.url))
    earlier = [a for a in articles if a.first_seen_at <= before.until]
    later = [a for a in articles if a.first_seen_at > before.until and not a.backfilled]
    known = {a.outlet for a in earlier}
    names = {a.outlet: a.outlet_name for a in later if a.outlet not in known}
    told = figures_told(earlier)
    developments = {a.url for a in later if _goes_on(a, told, states)}
    if not later or (len(names) < subscription.update_outlets and not developments):
        return None
    latest = _latest(later, developments, states, language)
    headlines = [a for a in earlier if a.url == before.headline_url] or earlier or [latest]
    return Update(
        item=_item(candidate, language, _headline(headlines, states, language)),
        told_until=before.until,
        latest=latest,
        development=latest.url in developments,
        new_outlets=tuple(name for outlet, name in names.items() if outlet != latest.outlet),
        excerpt=excerpt_of(latest.lead or latest.text, latest.title),
    )


def _goes_on(article: DigestArticle, told: Set[Figure], states: States) -> bool:
    """Whether an article that joined a story goes on with it: as a follow-up, or with a headline that states
    a toll that was not told and that no other article has overtaken."""
    if article.relation is Relation.FOLLOW_UP:
        return True
    return not figures_in(article.title, article.language) <= told and states.rank(article) < OVERTAKEN


def _latest(
    later: Sequence[DigestArticle], developments: Set[str], states: States, language: str
) -> DigestArticle:
    """The article that tells what is new: one in the mail's language, of a development if there is any, with
    the latest toll, in words of its own; of these the newest."""

    def order(article: DigestArticle) -> tuple[object, ...]:
        return (
            article.language != language,
            article.url not in developments,
            states.rank(article),
            article.relation is Relation.REPRINT,
            -shown_time(article).timestamp(),
            article.url,
        )

    return min(later, key=order)


def _update_order(update: Update) -> tuple[object, ...]:
    return (not update.development, -len(update.new_outlets), update.item.story.id)


def _room(news: Iterable[tuple[int, _Candidate]], subscription: Subscription) -> int:
    """How many stories the mail tells, within its limit and those of its sections. Highlights make it no
    fewer."""
    found = Counter(index for index, _ in news)
    shown = sum(min(subscription.sections[index].limit, count) for index, count in found.items())
    return min(subscription.limit, shown)


def _top(
    ranked: Sequence[_Candidate], updates: Sequence[Update], room: int, subscription: Subscription
) -> tuple[Sequence[_Candidate], list[Update]]:
    """The stories and updates that stand on top, an update ranked by what joined it since it was told. Of a
    short mail only an update can, and of a mail without news nothing."""
    grown = sorted(updates, key=lambda update: (*_growth(update), update.item.story.id))
    if not ranked or not subscription.highlights:
        return (), []
    if room < HIGHLIGHTS_FROM:
        most = max(each.outlets for each in ranked)
        return (), [update for update in grown[:1] if -_growth(update)[0] > most]
    places = min(subscription.highlights, room // 3)
    sizes = sorted([(-each.outlets, -each.fresh, 0) for each in ranked] + [(*_growth(u), 1) for u in grown])
    leading = sum(kind for _, _, kind in sizes[:places])
    return ranked[: places - leading], grown[:leading]


def _growth(update: Update) -> tuple[int, int]:
    """Sort key, most first: the outlets and the articles that have told the story since it was told."""
    articles = update.item.story.articles
    joined = [a.outlet for a in articles if a.first_seen_at > update.told_until and not a.backfilled]
    return -len(set(joined)), -len(joined)


def _with_updates(
    sections: Sequence[DigestSection], updates: Sequence[Update], finders: Mapping[str, Sequence[int]]
) -> list[DigestSection]:
    """The sections, each knowing whether it found an update and pointing to those on top."""
    found: list[list[Update]] = [[] for _ in sections]
    for update in updates:
        for index in finders[update.item.story.id]:
            found[index].append(update)
    return [
        replace(
            section,
            elsewhere=(*(Elsewhere(title=u.latest.title) for u in mine if u.leading), *section.elsewhere),
            updated=bool(mine),
        )
        for section, mine in zip(sections, found, strict=True)
    ]


def _sections(
    subscription: Subscription,
    news: Mapping[str, tuple[int, _Candidate]],
    repeats: Sequence[tuple[int, str]],
    highlights: Sequence[_Candidate],
    faults: Sequence[Sequence[Note]],
) -> list[DigestSection]:
    language = subscription.language
    on_top = {each.story.id for each in highlights}
    parts = [_Found(section) for section in subscription.sections]
    for index, each in sorted(news.values(), key=lambda pair: pair[1].weight):
        if each.story.id in on_top:
            parts[index].elsewhere.append(Elsewhere(title=_title(each, language)))
        else:
            parts[index].items.append(each)
    wanted = [min(part.section.limit, len(part.items)) for part in parts]
    shares = fair_shares(wanted, max(0, subscription.limit - len(highlights)))
    for part, shown in zip(parts, shares, strict=True):
        part.more = len(part.items) - shown
        part.items = part.items[:shown]
    _point_elsewhere(parts, news, repeats, on_top, language)
    return [
        DigestSection(
            title=part.section.title,
            groups=_grouped([_item(each, language) for each in part.items], part.section, language),
            elsewhere=tuple(part.elsewhere),
            more=part.more,
            index=index,
            faults=tuple(faults[index]) if faults else (),
        )
        for index, part in enumerate(parts)
    ]


def fair_shares(wanted: Sequence[int], room: int) -> list[int]:
    """How many each gets when there is `room` for some: all equally many, nobody more than it wants,
    earlier ones first for what does not divide."""
    shares = [0] * len(wanted)
    while room > 0 and (hungry := [n for n, want in enumerate(wanted) if shares[n] < want]):
        for n in hungry[:room]:
            shares[n] += 1
        room -= len(hungry[:room])
    return shares


def _point_elsewhere(
    parts: Sequence[_Found],
    news: Mapping[str, tuple[int, _Candidate]],
    repeats: Sequence[tuple[int, str]],
    on_top: set[str],
    language: str,
) -> None:
    """Let each section that found a story told elsewhere in the mail say where."""
    shown = {item.story.id for part in parts for item in part.items}
    for index, story in repeats:
        home, candidate = news[story]
        if story in on_top or story in shown:
            section = "" if story in on_top else parts[home].section.title
            parts[index].elsewhere.append(Elsewhere(title=_title(candidate, language), section=section))


def _title(candidate: _Candidate, language: str) -> str:
    return _headline(candidate.articles, States(candidate.articles), language).title


def _grouped(items: Sequence[DigestItem], section: Section, language: str) -> tuple[DigestGroup, ...]:
    """Items under their first province or topic, biggest group first; those without one come last. No label
    stands over a group that only repeats the section's title, or where each would stand over one story."""
    groups: dict[str, list[DigestItem]] = {}
    for item in items:
        groups.setdefault(_group_label(item, section, language), []).append(item)
    repeating = len(groups) == 1 and exact(next(iter(groups))) in exact(section.title)
    if items and (repeating or len(groups) == len(items)):
        groups = {"": list(items)}
    first = {item.story.id: place for place, item in enumerate(items)}
    ordered = sorted(
        groups.items(), key=lambda pair: (pair[0] == "", -len(pair[1]), first[pair[1][0].story.id])
    )
    return tuple(DigestGroup(label=label, items=tuple(members)) for label, members in ordered)


def _group_label(item: DigestItem, section: Section, language: str) -> str:
    if section.group_by == "province":
        about = [p for p in item.story.provinces if p.role is Role.ABOUT]
        wanted = {match.value for match in item.why if match.kind == "province"}
        return min(about, key=lambda p: p.code not in wanted).name(language) if about else ""
    if section.group_by == "topic" and item.story.topics:
        wanted = {match.value for match in item.why if match.kind == "topic"}
        return min(item.story.topics, key=lambda t: t.id not in wanted).label(language)
    return ""


def _province_counts(items: Sequence[DigestItem], language: str) -> tuple[ProvinceCount, ...]:
    """The provinces of the stories shown; of those with as many, those of more important stories first."""
    ranked = sorted(items, key=lambda i: _weight(i.story, i.story.articles, i.new_articles, i.outlets))
    provinces = list(
        chain.from_iterable(
            {p.code: p for p in item.story.provinces if p.role is Role.ABOUT}.values() for item in ranked
        )
    )
    names = {p.code: p.name(language) for p in provinces}
    counts = Counter(p.code for p in provinces).most_common(TOP_PROVINCES)
    return tuple(ProvinceCount(code=code, name=names[code], stories=n) for code, n in counts)
