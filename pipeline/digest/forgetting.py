"""Letting go of mails that have ended: of their bytes first, later of all that the outbox has of them.

That a digest went stands in its run, and what it told in its items; neither is removed here, so that nothing
is planned or told twice. The mails of a digest go together, once the last of them has ended long ago: as long
as one is under way, those that were sent say that the digest has arrived somewhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, delete, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.ports import Database
from models.tables.digests import OutboxBody, OutboxRow
from pipeline.digest.outbox import ENDED, OPEN, read_note, write_note

KEEP_BODIES = timedelta(days=30)
"""How long a digest can be sent once more."""
KEEP_MAILS = timedelta(days=90)
"""How long it stays known to whom a digest went and with which answer."""
_FORGOTTEN = "bodies_forgotten"
_BATCH = 500


def forget_old(database: Database, now: datetime) -> tuple[int, int]:
    """Once a day, remove the bytes of the mails that were sent, given up or taken back over KEEP_BODIES ago,
    and the mails of digests all of whose mails were over KEEP_MAILS ago; returns how many of both."""
    last = read_note(database, _FORGOTTEN)
    if last is not None and timedelta() <= now - last[1] < timedelta(days=1):
        return 0, 0
    bodies = _in_batches(database, _old_bodies(now - KEEP_BODIES), mails=False)
    gone = forget_mails(database, now - KEEP_MAILS)
    write_note(database, _FORGOTTEN, "yes", now)
    return bodies, gone


def kept_for(age: timedelta | None) -> timedelta:
    """How long mails are kept by who would have what is older than `age` go: not so short that none could be
    sent once more, and never longer than usual. Pure."""
    return KEEP_MAILS if age is None else max(KEEP_BODIES, min(KEEP_MAILS, age))


def forget_mails(database: Database, before: datetime) -> int:
    """Remove the mails, with their bytes, of the digests all of whose mails ended before then, and the
    questions to recipients that did; returns how many."""
    return _in_batches(database, _old_mails(before), mails=True)


def _in_batches(database: Database, old: Select[str], *, mails: bool) -> int:
    """Remove what is asked for by key, while others write in between."""
    gone = 0
    while True:
        with database.writing() as connection:
            keys = _remove(connection, old, mails=mails)
        gone += keys
        if not keys:
            return gone


def _remove(connection: Connection, old: Select[str], *, mails: bool) -> int:
    keys = list(connection.execute(old.limit(_BATCH)).scalars())
    connection.execute(delete(OutboxBody).where(col(OutboxBody.dedupe_key).in_(keys)))
    if mails:
        connection.execute(delete(OutboxRow).where(col(OutboxRow.dedupe_key).in_(keys)))
    return len(keys)


def _ended(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(OutboxRow.state).in_(ENDED), col(OutboxRow.next_try_at) < before


def _old_bodies(before: datetime) -> Select[str]:
    kept = col(OutboxBody.dedupe_key) == col(OutboxRow.dedupe_key)
    return select(col(OutboxBody.dedupe_key)).join(OutboxRow, kept).where(*_ended(before))


def _old_mails(before: datetime) -> Select[str]:
    other = aliased(OutboxRow)
    needed = exists().where(
        col(other.run_id) == col(OutboxRow.run_id),
        or_(col(other.state).in_(OPEN), col(other.next_try_at) >= before),
    )
    return select(col(OutboxRow.dedupe_key)).where(*_ended(before), ~needed)
