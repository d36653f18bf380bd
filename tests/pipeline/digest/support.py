"""What several of the digest's tests need."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, select, update
from sqlmodel import col

from models.digest import Planned, StoryReader, Subscription
from models.mail import DeliveryReport, MailChannel
from models.tables.digests import DigestItemRow, DigestRun, OutboxBody, OutboxRow
from pipeline.digest.deliver import deliver
from pipeline.digest.mailing import PlanOptions
from pipeline.digest.outbox import DeliveryOptions
from pipeline.digest.plan import plan_due
from pipeline.digest.render import Renderer
from pipeline.store import Store
from pipeline.store.engine import make_engine, read_url

OPTIONS = PlanOptions(sender="Điểm Báo <digest@example.org>", keys=("a key of the tests",))
WEB = PlanOptions(
    sender="Điểm Báo <digest@example.org>",
    keys=("a key of the tests",),
    public_url="https://news.example.org",
)


def open_database(file: Path) -> Store:
    """A SQLite file as the service opens it."""
    return Store(make_engine(read_url(f"sqlite:///{file}")))


def beside(database: Store) -> Store:
    """The same database as another process has it open, which does not wait for this one's writers."""
    return Store(database.engine)


def impatient(database: Store) -> None:
    """Let the database's further connections wait for another writer only 20 ms."""
    database.engine.dispose()

    @event.listens_for(database.engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.execute("PRAGMA busy_timeout=20")


def plan(
    database: Store,
    subscriptions: Sequence[Subscription],
    reader: StoryReader,
    now: datetime,
    renderer: Renderer | None = None,
    options: PlanOptions = OPTIONS,
) -> list[Planned]:
    return plan_due(database, subscriptions, reader, now, options, renderer=renderer)


def send(
    database: Store, channel: MailChannel, now: datetime, options: DeliveryOptions | None = None, **more: Any
) -> DeliveryReport:
    return asyncio.run(deliver(database, channel, now, options, **more))


def mails(database: Store) -> list[Any]:
    """The outbox, in order of writing."""
    with database.reading() as connection:
        table = OutboxRow.__table__  # type: ignore[attr-defined]
        body = OutboxBody.__table__  # type: ignore[attr-defined]
        asked = select(table, body.c.mime).join(body, body.c.dedupe_key == table.c.dedupe_key)
        return list(connection.execute(asked.order_by(table.c.id)))


def runs(database: Store) -> list[Any]:
    with database.reading() as connection:
        table = DigestRun.__table__  # type: ignore[attr-defined]
        return list(connection.execute(select(table).order_by(table.c.id)))


def told_stories(database: Store, subscription: str) -> list[str]:
    with database.reading() as connection:
        mine = select(col(DigestItemRow.story)).where(col(DigestItemRow.subscription) == subscription)
        return list(connection.execute(mine.order_by(col(DigestItemRow.story))).scalars())


def age_leases(database: Store, by: timedelta = timedelta(hours=1)) -> None:
    """Let an hour pass for whoever died while holding a mail."""
    with database.writing() as connection:
        for row in connection.execute(
            select(col(OutboxRow.id), col(OutboxRow.lease_until)).where(
                col(OutboxRow.lease_until).is_not(None)
            )
        ).all():
            connection.execute(
                update(OutboxRow)
                .where(col(OutboxRow.id) == row[0])
                .values(lease_until=row[1] - by if row[1] else None)
            )
