"""Due digests into the outbox: what is read is read first, what is written is one transaction.

The unique key (subscription, slot) decides who plans: of two schedulers, or of two ticks of one, the second
finds the slot taken and writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, delete, false, func, or_, select
from sqlmodel import col

from models.digest import (
    Digest,
    DigestStory,
    Planned,
    RenderedDigest,
    RunState,
    Slot,
    StoryReader,
    Subscription,
    Told,
)
from models.errors import DiemBaoError
from models.mail import NewMail
from models.ports import Database
from models.tables.digests import DigestItemRow, DigestRun, Recipient, SubscriptionRow
from pipeline.dialects import insert_for
from pipeline.digest import doubt
from pipeline.digest import select as choose
from pipeline.digest.mailing import PlanOptions, new_mail, unsubscribe_ways
from pipeline.digest.outbox import enqueue, note_told, suppressed
from pipeline.digest.points import Point, passing
from pipeline.digest.render import Links, Renderer, personal
from pipeline.digest.schedule import FIRST_WINDOW, MAX_WINDOW, due_slot, next_since, preview_slot

HEARTBEAT = timedelta(days=7)
"""After so long a silence a mail says that there was nothing."""
_T = TypeVar("_T")
_TOLD = (RunState.PLANNED, RunState.SKIPPED_EMPTY)
_SKIPPED = (RunState.SKIPPED_EMPTY, RunState.SKIPPED_LATE, RunState.SKIPPED_NOBODY)


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    address: str
    generation: int


def preview(
    subscription: Subscription,
    reader: StoryReader,
    now: datetime,
    *,
    renderer: Renderer | None = None,
    options: PlanOptions | None = None,
) -> RenderedDigest:
    """The digest as it would be with a cut-off now, for a subscriber who was told nothing yet."""
    slot = preview_slot(subscription, now)
    digest = compose(subscription, slot, reader, [], [])
    links = links_for(options.public_url if options else "", subscription, slot)
    rendered = (renderer or Renderer()).render(digest, links, sender=options.sender if options else "")
    return personal(rendered, "#")


def compose(
    subscription: Subscription,
    slot: Slot,
    reader: StoryReader,
    told: Iterable[Told],
    history: Sequence[int],
) -> Digest:
    """Ask the reader for each section and lay the digest out."""
    found = [reader.stories(slot.since, slot.until, section) for section in subscription.sections]
    return _compose(subscription, slot, reader, found, told, history)


def plan_due(
    database: Database,
    subscriptions: Sequence[Subscription],
    reader: StoryReader,
    now: datetime,
    options: PlanOptions,
    *,
    renderer: Renderer | None = None,
    at: Point = passing,
) -> list[Planned]:
    """Plan every digest that is due; those planned before are not mentioned.

    A subscription that fails (its sections cannot be read, its mail cannot be built) is reported as failed,
    leaves no trace in the database, is tried again at the next call, and does not stop the others.
    """
    renderer = renderer or Renderer()
    doubt.notice(database, now)
    planned = []
    for subscription in subscriptions:
        try:
            done = _plan_one(database, subscription, reader, now, options, renderer, at)
        except DiemBaoError as error:
            done = Planned(subscription=subscription.slug, key="", state=RunState.FAILED, reason=str(error))
        if done is not None:
            planned.append(done)
    return planned


def links_for(public_url: str, subscription: Subscription, slot: Slot) -> Links:
    """The addresses of the web service in a mail; none without a public address."""
    base = public_url.rstrip("/")
    if not base:
        return Links()
    window = {"from": slot.since.isoformat(), "to": slot.until.isoformat()}
    home = f"{base}/digests/{subscription.slug}"
    return Links(
        edit=home,
        pause=f"{home}/pause",
        web_copy=f"{home}/{quote(slot.key)}",
        feed=f"{home}.rss",
        sections=tuple(f"{home}/sections/{n}?{urlencode(window)}" for n in range(len(subscription.sections))),
    )


def _plan_one(
    database: Database,
    subscription: Subscription,
    reader: StoryReader,
    now: datetime,
    options: PlanOptions,
    renderer: Renderer,
    at: Point,
) -> Planned | None:
    with database.reading() as connection:
        last, last_told, mailed_to = _last_windows(connection, subscription)
        made = _made(connection, subscription.slug)
        slot = due_slot(subscription, now, last, made=made, stale_after=options.stale_after)
        if slot is None or _is_planned(connection, subscription.slug, slot.key):
            return None
        history = _history(connection, subscription.slug)
    if slot.late and subscription.late == "drop":
        return _skip(
            database, subscription, slot, RunState.SKIPPED_LATE, "its send time was too long ago", now
        )
    found = [reader.stories(slot.since, slot.until, section) for section in subscription.sections]
    with database.reading() as connection:
        told = _told(connection, subscription.slug, found, max(slot.since, mailed_to or slot.since))
    digest = _compose(subscription, slot, reader, found, told, history)
    at("plan.read")
    silent = last_told is not None and slot.until - last_told >= HEARTBEAT
    if digest.empty and not _wanted_empty(digest, silent):
        wrong = faults_of(digest)
        return _skip(database, subscription, slot, RunState.SKIPPED_EMPTY, "nothing to tell", now, wrong)
    people, left_out = _people(database, subscription, now)
    if not people:
        why = "nobody to send it to: " + ", ".join(f"{number} {state}" for state, number in left_out.items())
        return _skip(database, subscription, slot, RunState.SKIPPED_NOBODY, why, now)
    links = links_for(options.public_url, subscription, slot)
    rendered = renderer.render(digest, links, sender=options.sender)
    mails = [_mail(person, rendered, slot, options, now) for person in people]
    return _write(database, rendered, slot, mails, now, at)


def _compose(
    subscription: Subscription,
    slot: Slot,
    reader: StoryReader,
    found: Sequence[Sequence[DigestStory]],
    told: Iterable[Told],
    history: Sequence[int],
) -> Digest:
    outages = reader.outages(slot.since, slot.until)
    faults = [reader.faults(section) for section in subscription.sections]
    known = {each.story: each for each in told}
    return choose.select(subscription, slot, found, known, faults=faults, outages=outages, history=history)


def faults_of(digest: Digest) -> tuple[str, ...]:
    """What an administrator has to mend, each with its section."""
    return tuple(f"{section.title}: {note.en}" for section in digest.faulty for note in section.faults)


def _wanted_empty(digest: Digest, silent: bool) -> bool:
    """Whether an empty digest is sent all the same. Alerts never are."""
    if digest.subscription.frequency == "hourly":
        return False
    return digest.subscription.send_empty or bool(digest.outages or digest.faulty) or silent


def _last_windows(
    connection: Connection, subscription: Subscription
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Where the next window begins, where the last one ended that was sent as a mail, and the same with
    those that are not believed.

    Before any window was told, it is where the first that failed or was dropped began.
    """
    slug = subscription.slug
    sure = doubt.believed(doubt.doubt_of(connection, slug))
    ends = select(func.max(col(DigestRun.until))).where(col(DigestRun.subscription) == slug)
    last = connection.execute(ends.where(col(DigestRun.state).in_(_TOLD), sure)).scalar()
    sent = ends.where(col(DigestRun.state) == RunState.PLANNED)
    mailed, mailed_to = connection.execute(sent.where(sure)).scalar(), connection.execute(sent).scalar()
    if last is None:
        first = select(func.min(col(DigestRun.since))).where(col(DigestRun.subscription) == slug)
        last = connection.execute(first).scalar()
        return last, mailed, mailed_to
    back = last - (FIRST_WINDOW if subscription.frequency == "hourly" else MAX_WINDOW)
    failed = _windows(connection, slug, back, col(DigestRun.state) == RunState.FAILED)
    if failed:
        told = _windows(connection, slug, back, and_(col(DigestRun.state).in_(_TOLD), sure))
        last = next_since(last, told, failed)
    return last, mailed, mailed_to


def _windows(
    connection: Connection, slug: str, back: datetime, which: ColumnElement[bool]
) -> list[tuple[datetime, datetime]]:
    """The windows, (since, until), of the runs that are meant and end after `back`."""
    mine = col(DigestRun.subscription) == slug, which, col(DigestRun.until) > back
    rows = connection.execute(select(col(DigestRun.since), col(DigestRun.until)).where(*mine))
    return [(row[0], row[1]) for row in rows]


def _made(connection: Connection, slug: str) -> datetime | None:
    """When the subscription came to be what it is; None for one that stands in no database."""
    mine = select(col(SubscriptionRow.changed_at)).where(col(SubscriptionRow.slug) == slug)
    return connection.execute(mine).scalar()


def _is_planned(connection: Connection, slug: str, key: str) -> bool:
    mine = select(col(DigestRun.id)).where(col(DigestRun.subscription) == slug, col(DigestRun.slot) == key)
    return connection.execute(mine.where(~_void(connection, slug))).first() is not None


def _void(connection: Connection, slug: str) -> ColumnElement[bool]:
    """What holds of a run that is planned anew: it was skipped by a clock that ran ahead."""
    unsure = doubt.doubt_of(connection, slug)
    return and_(col(DigestRun.state).in_(_SKIPPED), unsure.doubted) if unsure else false()


def _history(connection: Connection, slug: str) -> list[int]:
    rows = connection.execute(
        select(col(DigestRun.articles))
        .where(col(DigestRun.subscription) == slug, col(DigestRun.state).in_(_TOLD))
        .order_by(col(DigestRun.until).desc())
        .limit(7)
    )
    return list(rows.scalars())


def _told(
    connection: Connection, slug: str, found: Sequence[Sequence[DigestStory]], since: datetime
) -> list[Told]:
    """What the subscription was told of the stories found, by id or by an article that stood for them: such
    an article was first seen up to `since`."""
    stories = {story.id: story for section in found for story in section}
    told = {}
    for batch in _parts(list(stories.values()), 400):
        urls = [a.url for story in batch for a in story.articles if a.first_seen_at <= since]
        mine = col(DigestItemRow.subscription) == slug
        known = [col(DigestItemRow.story).in_([story.id for story in batch])]
        known += [col(DigestItemRow.headline_url).in_(part) for part in _parts(urls, 400)]
        rows = connection.execute(
            select(
                col(DigestItemRow.story), col(DigestItemRow.told_until), col(DigestItemRow.headline_url)
            ).where(mine, or_(*known))
        )
        told.update({row[0]: Told(story=row[0], until=row[1], headline_url=row[2]) for row in rows})
    return list(told.values())


def _parts(values: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    """Slices that fit into one statement's parameters."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _people(
    database: Database, subscription: Subscription, now: datetime
) -> tuple[list[_Person], Counter[str]]:
    """The recipients who want the mail and can get it, each with the row that its link names; and why how
    many others do not."""
    slug = subscription.slug
    mine = (col(Recipient.subscription) == slug, col(Recipient.address).in_(subscription.recipients))
    with database.reading() as connection:
        known = set(connection.execute(select(col(Recipient.address)).where(*mine)).scalars())
    new = [
        {"subscription": slug, "address": address, "generation": 1}
        for address in subscription.recipients
        if address not in known
    ]
    if new:
        with database.writing() as connection:
            once = insert_for(connection, Recipient).on_conflict_do_nothing(
                index_elements=["subscription", "address"]
            )
            connection.execute(once, new)
    with database.reading() as connection:
        asked = select(
            col(Recipient.id),
            col(Recipient.address),
            col(Recipient.generation),
            col(Recipient.unsubscribed_at),
            col(Recipient.pending),
        )
        rows = connection.execute(asked.where(*mine).order_by(col(Recipient.id))).all()
        stopped = suppressed(connection, subscription.recipients, now)
    people, left_out = [], Counter[str]()
    for number, address, generation, unsubscribed_at, pending in rows:
        if why := _left_out(unsubscribed_at is not None, pending, address.lower() in stopped):
            left_out[why] += 1
        else:
            people.append(_Person(number or 0, address, generation))
    return people, left_out


def _left_out(unsubscribed: bool, pending: bool, stopped: bool) -> str:
    """Why a recipient gets no mail, what only they can change before the rest; empty for one who does."""
    if unsubscribed:
        return "unsubscribed"
    if pending:
        return "not confirmed yet"
    return "suppressed" if stopped else ""


def _mail(
    person: _Person, rendered: RenderedDigest, slot: Slot, options: PlanOptions, now: datetime
) -> NewMail:
    """The mail of one recipient."""
    subscription = rendered.digest.subscription
    ways = unsubscribe_ways(options, person.id, person.generation)
    return new_mail(
        personal(rendered, ways[0] or ways[1]),
        subscription,
        person.address,
        f"{subscription.slug}|{slot.key}|0|{person.id}",
        options,
        now.astimezone(ZoneInfo(subscription.timezone)),
        due_at=slot.send_at,
        unsubscribe=ways,
    )


def _write(
    database: Database,
    rendered: RenderedDigest,
    slot: Slot,
    mails: Sequence[NewMail],
    now: datetime,
    at: Point,
) -> Planned | None:
    """The run, what it tells and its mails in one transaction; None when another has planned the slot."""
    digest = rendered.digest
    slug, wrong = digest.subscription.slug, faults_of(digest)
    with database.writing() as connection:
        run = _insert_run(connection, slug, slot, RunState.PLANNED, "; ".join(wrong), now, rendered)
        if run is None:
            return None
        at("plan.run_written")
        _tell(connection, slug, run, digest, now)
        at("plan.items_written")
        enqueue(connection, mails, run)
        at("plan.mails_written")
    at("plan.committed")
    return Planned(
        subscription=slug,
        key=slot.key,
        state=RunState.PLANNED,
        subject=rendered.subject,
        stories=digest.stories,
        mails=len(mails),
        faults=wrong,
    )


def _tell(connection: Connection, slug: str, run: int, digest: Digest, now: datetime) -> None:
    """Remember what the mail really tells: its news, and how far its updates have got."""
    until = digest.slot.until
    known = select(col(DigestItemRow.story), col(DigestItemRow.told_until)).where(
        col(DigestItemRow.subscription) == slug,
        col(DigestItemRow.story).in_([update.item.story.id for update in digest.updates]),
    )
    note_told(connection, slug, run, {row[0]: row[1] for row in connection.execute(known)}, now)
    told = {
        item.story.id: item.headline.url
        for item in (*digest.items, *(update.item for update in digest.updates))
    }
    rows = [
        {"subscription": slug, "story": story, "run_id": run, "headline_url": url, "told_until": until}
        for story, url in told.items()
    ]
    row = insert_for(connection, DigestItemRow)
    further = row.on_conflict_do_update(index_elements=["subscription", "story"], set_={"told_until": until})
    if rows:
        connection.execute(further, rows)


def _skip(
    database: Database,
    subscription: Subscription,
    slot: Slot,
    state: RunState,
    reason: str,
    now: datetime,
    wrong: tuple[str, ...] = (),
) -> Planned | None:
    """Record that a slot has no mail, why, and what is wrong with its sections."""
    with database.writing() as connection:
        said = "; ".join((reason, *wrong))
        if _insert_run(connection, subscription.slug, slot, state, said, now) is None:
            return None
    return Planned(subscription=subscription.slug, key=slot.key, state=state, reason=reason, faults=wrong)


def _insert_run(
    connection: Connection,
    slug: str,
    slot: Slot,
    state: RunState,
    reason: str,
    now: datetime,
    rendered: RenderedDigest | None = None,
) -> int | None:
    """The id of the new run; None when the slot is taken."""
    taken = col(DigestRun.subscription) == slug, col(DigestRun.slot) == slot.key
    connection.execute(delete(DigestRun).where(*taken, _void(connection, slug)))
    row = insert_for(connection, DigestRun).values(
        subscription=slug,
        slot=slot.key,
        state=state,
        reason=reason,
        since=slot.since,
        until=slot.until,
        send_at=slot.send_at,
        planned_at=now,
        subject=rendered.subject if rendered else "",
        stories=rendered.digest.stories if rendered else 0,
        articles=rendered.digest.articles if rendered else 0,
        late=slot.late,
    )
    once = row.on_conflict_do_nothing(index_elements=["subscription", "slot"])
    return connection.execute(once.returning(col(DigestRun.id))).scalar()
