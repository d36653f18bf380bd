"""Runs that a clock which ran ahead has planned: their cut-offs are not believed, not even when that time
comes, for what was seen before it had not been read.

What was noticed is kept as a note for each subscription: its runs up to an id count only where they end by a
moment. The runs stay as they are, so that a clock that is wrong the other way for a while spoils nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true
from sqlmodel import col

from models.ports import Database
from models.tables.digests import DigestRun, MailNote
from pipeline.digest.outbox import write_note

SLACK = timedelta(minutes=5)
"""A clock is set by so much every now and then; a run that ends in the past is believed then."""
_NOTE = "clock_ran_ahead"


@dataclass(frozen=True, slots=True)
class Doubt:
    """The runs up to the id `run` that end after `until` are not believed."""

    run: int
    until: datetime

    @property
    def believed(self) -> ColumnElement[bool]:
        """What holds of the runs of the subscription that are believed."""
        return or_(col(DigestRun.id) > self.run, col(DigestRun.until) <= self.until)

    @property
    def doubted(self) -> ColumnElement[bool]:
        """What holds of the others."""
        return and_(col(DigestRun.id) <= self.run, col(DigestRun.until) > self.until)


def notice(database: Database, now: datetime) -> None:
    """Remember which runs were planned by a clock that was ahead of `now`. To be called often: what was
    planned ahead can only be told as long as that time has not come."""
    ends_ahead = or_(col(DigestRun.until) > now, col(DigestRun.planned_at) > now + SLACK)
    asked = (
        select(col(DigestRun.subscription), func.max(col(DigestRun.id)), func.min(col(DigestRun.since)))
        .where(col(DigestRun.planned_at) > now, ends_ahead)
        .group_by(col(DigestRun.subscription))
    )
    with database.reading() as connection:
        found = [(row[0], Doubt(row[1] or 0, row[2])) for row in connection.execute(asked)]
        known = {slug: doubt_of(connection, slug) for slug, _ in found}
    for slug, doubt in found:
        before = known[slug]
        if before is None or doubt.run > before.run:
            value = json.dumps({"run": doubt.run, "until": doubt.until.isoformat()})
            write_note(database, f"{_NOTE}|{slug}", value, now)


def doubt_of(connection: Connection, subscription: str) -> Doubt | None:
    """Which runs of a subscription are not believed; None when all are."""
    mine = select(col(MailNote.value)).where(col(MailNote.name) == f"{_NOTE}|{subscription}")
    value = connection.execute(mine).scalar()
    if value is None:
        return None
    read = json.loads(value)
    return Doubt(read["run"], datetime.fromisoformat(read["until"]))


def believed(doubt: Doubt | None) -> ColumnElement[bool]:
    """What holds of the runs that are believed."""
    return true() if doubt is None else doubt.believed
