"""What several of the digest's tests need."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, select, update
from sqlalchemy.engine import make_url
from sqlmodel import col, create_engine

from models.digest import DeliveryReport, MailChannel, Planned, StoryReader, Subscription
from models.tables.digests import DigestItemRow, DigestRun, OutboxRow
from pipeline.digest.deliver import deliver
from pipeline.digest.outbox import DeliveryOptions
from pipeline.digest.plan import PlanOptions, plan_due
from pipeline.digest.render import Renderer

OPTIONS = PlanOptions(sender="Điểm Báo <digest@example.org>", keys=("a key of the tests",))
WEB = PlanOptions(
    sender="Điểm Báo <digest@example.org>",
    keys=("a key of the tests",),
    public_url="https://news.example.org",
)


def open_engine(file: Path) -> Engine:
    """A SQLite file as the service opens it: WAL, and every transaction takes the write lock first."""
    engine = create_engine(
        make_url(f"sqlite:///{file}"), connect_args={"timeout": 10, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def plan(
    engine: Engine,
    subscriptions: Sequence[Subscription],
    reader: StoryReader,
    now: datetime,
    renderer: Renderer | None = None,
    options: PlanOptions = OPTIONS,
) -> list[Planned]:
    return plan_due(engine, subscriptions, reader, now, options, renderer=renderer)


def send(
    engine: Engine, channel: MailChannel, now: datetime, options: DeliveryOptions | None = None, **more: Any
) -> DeliveryReport:
    return asyncio.run(deliver(engine, channel, now, options, **more))


def mails(engine: Engine) -> list[Any]:
    """The outbox, in order of writing."""
    with engine.connect() as connection:
        table = OutboxRow.__table__  # type: ignore[attr-defined]
        return list(connection.execute(select(table).order_by(table.c.id)))


def runs(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        table = DigestRun.__table__  # type: ignore[attr-defined]
        return list(connection.execute(select(table).order_by(table.c.id)))


def told_stories(engine: Engine, subscription: str) -> list[str]:
    with engine.connect() as connection:
        mine = select(col(DigestItemRow.story)).where(col(DigestItemRow.subscription) == subscription)
        return list(connection.execute(mine.order_by(col(DigestItemRow.story))).scalars())


def age_leases(engine: Engine, by: timedelta = timedelta(hours=1)) -> None:
    """Let an hour pass for whoever died while holding a mail."""
    with engine.begin() as connection:
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
