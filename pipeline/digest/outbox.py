"""The mails that wait: claim some, note the answers, give back what a dead sender held.

    queued → sending → sent | retry | bounced | dead | unknown

Each step is a transaction of its own and none is open while a server is being talked to. A claim carries a
lease and a fencing token: a sender whose lease has run out cannot write over what another has done since.
Several mails are claimed at once, because a commit that survives a power cut takes about as long as sending.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Update, delete, func, insert, or_, select, update
from sqlmodel import col

from models.digest import RunState
from models.mail import MailState, NewMail, OutgoingMail, Reply, SendResult, Waiting
from models.ports import Database
from models.tables.digests import DigestItemRow, DigestRun, MailNote, OutboxBody, OutboxRow, Suppression
from pipeline.dialects import insert_for

BACK_OFF = (1, 5, 15, 60)
"""Minutes before the next try; then hourly."""
SOFT_BOUNCES = 5
REASONS = 10
"""As many reasons of waiting mails as a person reads; some servers word each answer anew."""
_WAITING = (MailState.QUEUED, MailState.RETRY, MailState.UNKNOWN)
OPEN = (*_WAITING, MailState.SENDING)
ENDED = tuple(state for state in MailState if state not in OPEN)
"""The states that a mail never leaves."""
_TOLD = "told_before"
_KEEP_TOLD = timedelta(days=30)
"""Far longer than a mail may wait before its digest has failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryOptions:
    """How patient delivery is. `batch` mails are claimed at once; `per_minute` bounds what the server gets,
    0 does not."""

    parallel: int = 2
    lease: timedelta = timedelta(minutes=5)
    give_up: timedelta = timedelta(hours=24)
    stale_after: timedelta = timedelta(hours=12)
    jitter: float = 0.1
    batch: int = 16
    per_minute: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A mail that this sender alone may send until its lease ends at `until`."""

    id: int
    mail: OutgoingMail
    owner: str
    until: datetime
    attempts: int
    queued_at: datetime
    due_at: datetime
    before: str


def enqueue(connection: Connection, mails: Sequence[NewMail], run: int | None = None) -> None:
    """Put mails into the outbox, as those of a run if there is one."""
    rows = [
        {
            "run_id": run,
            "dedupe_key": mail.dedupe_key,
            "message_id": mail.message_id,
            "sender": mail.sender,
            "recipient": mail.recipient,
            "state": MailState.QUEUED,
            "attempts": 0,
            "queued_at": mail.queued_at,
            "due_at": mail.due_at,
            "next_try_at": mail.queued_at,
            "lease_owner": "",
            "last_text": "",
        }
        for mail in mails
    ]
    bodies = [{"dedupe_key": mail.dedupe_key, "mime": mail.mime} for mail in mails]
    if rows:
        connection.execute(insert(OutboxRow), rows)
        connection.execute(insert(OutboxBody), bodies)


def body_of(connection: Connection, key: str) -> bytes | None:
    """The bytes of the mail of that key; None when they are no longer kept."""
    return connection.execute(select(col(OutboxBody.mime)).where(col(OutboxBody.dedupe_key) == key)).scalar()


def claim(database: Database, now: datetime, options: DeliveryOptions) -> list[Claimed]:
    """Take the mails that have waited longest, committed before anything is sent; none when none is due."""
    due = (
        select(OutboxRow.__table__)  # type: ignore[attr-defined]
        .where(col(OutboxRow.state).in_(_WAITING), col(OutboxRow.next_try_at) <= now)
        .order_by(col(OutboxRow.next_try_at), col(OutboxRow.id))
        .limit(options.batch)
        .with_for_update(skip_locked=True)
    )
    owner, until = uuid4().hex, now + options.lease
    taken = {
        "state": MailState.SENDING,
        "lease_until": until,
        "lease_owner": owner,
        "attempts": col(OutboxRow.attempts) + 1,
    }
    with database.writing() as connection:
        rows = connection.execute(due).mappings().all()
        if not rows:
            return []
        mine = col(OutboxRow.id).in_([row["id"] for row in rows])
        connection.execute(update(OutboxRow).where(mine).values(**taken))
        keys = [row["dedupe_key"] for row in rows]
        asked = select(col(OutboxBody.dedupe_key), col(OutboxBody.mime))
        found = connection.execute(asked.where(col(OutboxBody.dedupe_key).in_(keys)))
        bodies = {row[0]: row[1] for row in found}
    return [
        Claimed(
            id=row["id"],
            mail=OutgoingMail(
                message_id=row["message_id"],
                sender=row["sender"],
                recipient=row["recipient"],
                mime=bodies[row["dedupe_key"]],
            ),
            owner=owner,
            until=until,
            attempts=row["attempts"] + 1,
            queued_at=row["queued_at"],
            due_at=row["due_at"],
            before=row["state"],
        )
        for row in rows
    ]


def waiting(database: Database) -> tuple[Waiting, ...]:
    """The mails that wait, by the server's last words; the reasons that hold most of them first, at most
    REASONS."""
    said = col(OutboxRow.last_code), col(OutboxRow.last_text)
    asked = (
        select(*said, func.count(), func.min(col(OutboxRow.recipient)), func.min(col(OutboxRow.next_try_at)))
        .where(col(OutboxRow.state).in_(_WAITING))
        .group_by(*said)
        .order_by(func.count().desc(), *said)
        .limit(REASONS)
    )
    with database.reading() as connection:
        return tuple(
            Waiting(
                mails=number,
                recipient=recipient,
                why=" ".join(f"{code or ''} {text}".split()),
                next_try_at=next_try_at,
            )
            for code, text, number, recipient, next_try_at in connection.execute(asked)
        )


def renew(database: Database, claimed: Claimed, now: datetime, options: DeliveryOptions) -> bool:
    """Hold a mail for another lease; False when another sender has it by now."""
    with database.writing() as connection:
        return connection.execute(_held(claimed).values(lease_until=now + options.lease)).rowcount == 1


def release(database: Database, claimed: Iterable[Claimed]) -> None:
    """Give back mails that were claimed and not tried."""
    with database.writing() as connection:
        for each in claimed:
            before = {"state": each.before, "attempts": each.attempts - 1}
            connection.execute(_held(each).values(**before, lease_until=None, lease_owner=""))


def refreeze(database: Database, claimed: Claimed, mime: bytes) -> None:
    """Replace the bytes of a mail that has never been tried (it is marked late)."""
    mine = select(col(OutboxRow.dedupe_key)).where(*_holding(claimed)).scalar_subquery()
    with database.writing() as connection:
        connection.execute(update(OutboxBody).where(col(OutboxBody.dedupe_key) == mine).values(mime=mime))


def recover(database: Database, now: datetime) -> int:
    """Give back the mails of senders that died, as `unknown`: they may have arrived; returns how many."""
    held = [col(OutboxRow.state) == MailState.SENDING, col(OutboxRow.lease_until) < now]
    told = {"next_try_at": now, "lease_owner": "", "last_text": "the sender died while it had the mail"}
    with database.writing() as connection:
        lost = update(OutboxRow).where(*held).values(state=MailState.UNKNOWN, **told)
        return connection.execute(lost).rowcount


def finish(
    database: Database,
    answers: Sequence[tuple[Claimed, SendResult]],
    now: datetime,
    options: DeliveryOptions,
    jitter: float = 0.0,
) -> list[MailState | None]:
    """Write what the server's answers mean, in one transaction; the new state of each mail, None when its
    lease was lost.

    `jitter` in 0..1 spreads the next tries of mails that failed together.
    """
    with database.writing() as connection:
        return [_finish_one(connection, claimed, result, now, options, jitter) for claimed, result in answers]


def _finish_one(
    connection: Connection,
    claimed: Claimed,
    result: SendResult,
    now: datetime,
    options: DeliveryOptions,
    jitter: float,
) -> MailState | None:
    soft = _count_soft(connection, claimed.mail.recipient, result.reply, now)
    state, wait = outcome_of(result.reply, claimed, now, options, soft)
    values = {
        "state": state,
        "next_try_at": now + wait * (1 + options.jitter * jitter),
        "lease_until": None,
        "lease_owner": "",
        "last_code": result.code,
        "last_text": result.text[:500],
    }
    if result.reply is Reply.SENT:
        values["sent_at"] = now
    if result.reply in (Reply.SENT, Reply.UNKNOWN):
        values["data_at"] = now
    if result.reply is Reply.CONFIG:
        values["attempts"] = claimed.attempts - 1
    if connection.execute(_held(claimed).values(**values)).rowcount != 1:
        return None
    if state is MailState.BOUNCED:
        suppress(connection, claimed.mail.recipient, result.text, now)
    if state in (MailState.BOUNCED, MailState.DEAD):
        _give_back_if_failed(connection, _run_of(connection, claimed.id))
    return state


def outcome_of(
    reply: Reply, claimed: Claimed, now: datetime, options: DeliveryOptions, soft_bounces: int = 0
) -> tuple[MailState, timedelta]:
    """The new state of a mail, and how long until it may be tried again. Pure."""
    expired = now - claimed.queued_at >= options.give_up
    wait = timedelta(minutes=BACK_OFF[min(claimed.attempts, len(BACK_OFF)) - 1])
    match reply:
        case Reply.SENT:
            return MailState.SENT, timedelta()
        case Reply.HARD:
            return MailState.BOUNCED, timedelta()
        case Reply.SENDER:
            return MailState.DEAD, timedelta()
        case Reply.CONFIG:
            return MailState(claimed.before), timedelta()
        case Reply.SOFT:
            done = soft_bounces >= SOFT_BOUNCES
            return (MailState.BOUNCED, timedelta()) if done else (MailState.RETRY, timedelta(days=1))
        case Reply.UNKNOWN:
            return (MailState.DEAD if expired else MailState.UNKNOWN), wait
    return (MailState.DEAD if expired else MailState.RETRY), wait


def cancel(connection: Connection, reason: str, *, recipient: str = "", subscription: str = "") -> int:
    """Take back the waiting mails of an address, of a subscription, or of an address in a subscription;
    returns how many."""
    held = update(OutboxRow).where(col(OutboxRow.state).in_(_WAITING))
    if recipient:
        held = held.where(func.lower(col(OutboxRow.recipient)) == recipient.lower())
    if subscription:
        runs = select(col(DigestRun.id)).where(col(DigestRun.subscription) == subscription)
        held = held.where(col(OutboxRow.run_id).in_(runs))
    done = connection.execute(held.values(state=MailState.CANCELLED, last_text=reason))
    return int(done.rowcount)


def take_back(connection: Connection, reason: str) -> int:
    """Take back the waiting mails of all digests; returns how many. A digest none of whose mails went gives
    its stories back. Questions still go: an answer to one is better than none."""
    waiting = col(OutboxRow.state).in_(_WAITING), col(OutboxRow.run_id).is_not(None)
    runs = set(connection.execute(select(col(OutboxRow.run_id)).where(*waiting)).scalars())
    held = update(OutboxRow).where(*waiting)
    done = connection.execute(held.values(state=MailState.CANCELLED, last_text=reason))
    for run in sorted(filter(None, runs)):
        _give_back_if_failed(connection, run, reason)
    return int(done.rowcount)


def suppress(connection: Connection, address: str, reason: str, now: datetime) -> None:
    """Write to an address no more, and take back what waits for it."""
    row = {
        "address": address.lower(),
        "reason": reason[:500],
        "active": True,
        "soft_bounces": 0,
        "since": now,
        "until": None,
    }
    new = insert_for(connection, Suppression).values(**row)
    connection.execute(new.on_conflict_do_update(index_elements=["address"], set_=row))
    cancel(connection, "the address is suppressed", recipient=address)


def suppressed(connection: Connection, addresses: Sequence[str], now: datetime) -> set[str]:
    """Those of the addresses (in lower case) that get no mail now."""
    mine = col(Suppression.address).in_([address.lower() for address in addresses])
    return set(connection.execute(select(col(Suppression.address)).where(mine, *suppressing(now))).scalars())


def suppressing(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What holds of the rows whose address gets no mail now, unlike one that is only being watched."""
    return col(Suppression.active).is_(True), or_(
        col(Suppression.until).is_(None), col(Suppression.until) > now
    )


def read_note(database: Database, name: str) -> tuple[str, datetime] | None:
    """What delivery remembered under `name`, and when (or until when)."""
    with database.reading() as connection:
        row = connection.execute(
            select(col(MailNote.value), col(MailNote.at)).where(col(MailNote.name) == name)
        ).first()
    return (row[0], row[1]) if row else None


def write_note(database: Database, name: str, value: str, at: datetime) -> None:
    """Remember `value` under `name`; an empty one is forgotten."""
    with database.writing() as connection:
        if not value:
            connection.execute(delete(MailNote).where(col(MailNote.name) == name))
            return
        _put_note(connection, name, value, at)


def _put_note(connection: Connection, name: str, value: str, at: datetime) -> None:
    row = insert_for(connection, MailNote).values(name=name, value=value, at=at)
    same = {"value": value, "at": at}
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=same))


def note_told(
    connection: Connection, subscription: str, run: int, told: Mapping[str, datetime], now: datetime
) -> None:
    """Remember how far the stories that a digest updates had been told before it, should it fail."""
    mine, old = f"{_TOLD}|{subscription}|", now - _KEEP_TOLD
    outdated = col(MailNote.name).startswith(mine, autoescape=True), col(MailNote.at) < old
    connection.execute(delete(MailNote).where(*outdated))
    if told:
        value = json.dumps({story: until.isoformat() for story, until in told.items()})
        _put_note(connection, f"{mine}{run}", value, now)


def _held(claimed: Claimed) -> Update:
    """An update of the mail that only works while this sender still holds it."""
    return update(OutboxRow).where(*_holding(claimed))


def _holding(claimed: Claimed) -> tuple[ColumnElement[bool], ...]:
    return col(OutboxRow.id) == claimed.id, col(OutboxRow.lease_owner) == claimed.owner


def _count_soft(connection: Connection, address: str, reply: Reply, now: datetime) -> int:
    """Full mailboxes in a row, this one included; a mail that arrives ends the row."""
    mine = col(Suppression.address) == address.lower()
    if reply is Reply.SENT:
        counting = update(Suppression).where(
            mine, col(Suppression.soft_bounces) > 0, ~col(Suppression.active)
        )
        connection.execute(counting.values(soft_bounces=0))
    if reply is not Reply.SOFT:
        return 0
    before = int(connection.execute(select(col(Suppression.soft_bounces)).where(mine)).scalar() or 0)
    values = {"address": address.lower(), "reason": "mailbox full", "active": False, "since": now}
    row = insert_for(connection, Suppression).values(soft_bounces=before + 1, **values)
    changed = {"soft_bounces": before + 1}
    connection.execute(row.on_conflict_do_update(index_elements=["address"], set_=changed))
    return before + 1


def _run_of(connection: Connection, mail: int) -> int | None:
    return connection.execute(select(col(OutboxRow.run_id)).where(col(OutboxRow.id) == mail)).scalar()


def _give_back_if_failed(
    connection: Connection, run: int | None, reason: str = "no mail of this digest could be delivered"
) -> None:
    """When no mail of a digest can have arrived or will, its window and stories are news again."""
    if run is None:
        return
    alive = or_(col(OutboxRow.state).in_((*OPEN, MailState.SENT)), col(OutboxRow.data_at).is_not(None))
    if connection.execute(select(col(OutboxRow.id)).where(col(OutboxRow.run_id) == run, alive)).first():
        return
    values = {"state": RunState.FAILED, "reason": reason}
    connection.execute(update(DigestRun).where(col(DigestRun.id) == run).values(**values))
    connection.execute(delete(DigestItemRow).where(col(DigestItemRow.run_id) == run))
    _give_updates_back(connection, run)


def _give_updates_back(connection: Connection, run: int) -> None:
    """What the digest told of stories that were known before it is not told; unless a later one told more."""
    asked = select(col(DigestRun.subscription), col(DigestRun.until)).where(col(DigestRun.id) == run)
    subscription, until = connection.execute(asked).one()
    mine = col(MailNote.name) == f"{_TOLD}|{subscription}|{run}"
    before = connection.execute(select(col(MailNote.value)).where(mine)).scalar()
    for story, told in json.loads(before or "{}").items():
        item = update(DigestItemRow).where(
            col(DigestItemRow.subscription) == subscription,
            col(DigestItemRow.story) == story,
            col(DigestItemRow.told_until) == until,
        )
        connection.execute(item.values(told_until=datetime.fromisoformat(told)))
