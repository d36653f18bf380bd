"""Another process writes, or the service is asked to stop, while digests are read and sent."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from models.errors import StoreError
from models.mail import MailState
from models.tables.digests import OutboxRow
from pipeline.digest import roster
from pipeline.digest.deliver import pace
from pipeline.digest.links import look
from pipeline.digest.outbox import DeliveryOptions, read_note
from pipeline.digest.render import Renderer
from pipeline.digest.smtp import SmtpChannel
from pipeline.digest.status import status
from pipeline.store import Store
from tests.pipeline.digest.mailserver import MailServer
from tests.pipeline.digest.sample import NOW, sample_reader, subscription
from tests.pipeline.digest.support import OPTIONS, impatient, mails, plan, send

THREE = subscription(recipients=("an@example.org", "binh@example.org", "chi@example.org"))
ALONE = DeliveryOptions(parallel=1)


@pytest.fixture
def other(database: Store, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another process's connection to the database, which this one waits for only briefly."""
    impatient(database)
    made = sqlite3.connect(
        tmp_path / "diembao.sqlite3", isolation_level=None, check_same_thread=False, timeout=5
    )
    yield made
    made.close()


def once_at(wanted: str, do: Callable[[], object]) -> Callable[[str], None]:
    """Do something the first time that delivery passes the point."""
    left = [do]

    def at(point: str) -> None:
        if point == wanted and left:
            left.pop()()

    return at


def test_what_is_only_read_does_not_wait_for_a_writer(
    database: Store, renderer: Renderer, other: sqlite3.Connection
) -> None:
    roster.add(database, THREE, NOW - timedelta(hours=1))
    plan(database, [THREE], sample_reader(), NOW, renderer)
    other.execute("BEGIN IMMEDIATE")
    assert [each.subscription for each in status(database, NOW - timedelta(days=1))] == [THREE.slug]
    assert roster.every(database) == [THREE]
    assert roster.pending(database) == set()
    assert read_note(database, "nothing") is None
    assert look(database, OPTIONS.keys, "forged") is None
    assert plan(database, [THREE], sample_reader(), NOW, renderer) == []


def test_an_answer_is_written_down_when_the_database_was_busy_and_the_mail_goes_once(
    database: Store, server: MailServer, renderer: Renderer, other: sqlite3.Connection
) -> None:
    plan(database, [THREE], sample_reader(), NOW, renderer)
    freed = threading.Timer(0.4, other.execute, ["ROLLBACK"])

    def busy() -> None:
        other.execute("BEGIN IMMEDIATE")
        freed.start()

    report = send(database, SmtpChannel(server.address()), NOW, ALONE, at=once_at("deliver.answered", busy))
    freed.join()
    assert report.sent == 3
    assert send(database, SmtpChannel(server.address()), NOW + timedelta(hours=1)).sent == 0
    assert len(server.received) == 3


def test_a_database_that_stays_busy_is_said_so_and_nothing_is_lost(
    database: Store, server: MailServer, renderer: Renderer, other: sqlite3.Connection
) -> None:
    plan(database, [THREE], sample_reader(), NOW, renderer)
    busy = once_at("deliver.recovered", lambda: other.execute("BEGIN IMMEDIATE"))
    with pytest.raises(StoreError) as told:
        send(database, SmtpChannel(server.address()), NOW, at=busy)
    assert told.value.retry
    other.execute("ROLLBACK")
    assert send(database, SmtpChannel(server.address()), NOW).sent == 3
    assert len(server.received) == 3


def test_a_busy_database_fails_the_plan_of_now_and_the_next_one_makes_up_for_it(
    database: Store, renderer: Renderer, other: sqlite3.Connection
) -> None:
    other.execute("BEGIN IMMEDIATE")
    (failed,) = plan(database, [THREE], sample_reader(), NOW, renderer)
    assert (failed.mails, "locked" in failed.reason) == (0, True)
    other.execute("ROLLBACK")
    (planned,) = plan(database, [THREE], sample_reader(), NOW, renderer)
    assert planned.mails == 3


def test_once_asked_to_stop_the_mail_under_way_is_finished_and_no_further_one_sent(
    database: Store, server: MailServer, renderer: Renderer
) -> None:
    plan(database, [THREE], sample_reader(), NOW, renderer)
    stop = asyncio.Event()
    channel = SmtpChannel(server.address(), at=once_at("smtp.recipient_accepted", stop.set))
    assert send(database, channel, NOW, ALONE, stop=stop).sent == 1
    assert send(database, channel, NOW, ALONE, stop=stop).sent == 0
    states = [mail.state for mail in mails(database)]
    assert states == [MailState.SENT, MailState.QUEUED, MailState.QUEUED]
    assert len(server.received) == 1
    assert send(database, channel, NOW, ALONE, stop=asyncio.Event()).sent == 2


def test_a_slow_server_does_not_make_claimed_mails_anybody_elses(
    database: Store, server: MailServer, renderer: Renderer
) -> None:
    """Three mails are claimed at once; while the first is sent, the lease of the others runs out."""
    plan(database, [THREE], sample_reader(), NOW, renderer)
    later = NOW + timedelta(minutes=1)
    stolen = once_at("smtp.recipient_accepted", lambda: steal(database))
    report = send(database, SmtpChannel(server.address(), at=stolen), NOW, replace(ALONE, lease=NO_TIME))
    assert report.sent == 1
    assert [mail.state for mail in mails(database)].count(MailState.SENDING) == 2
    assert send(database, SmtpChannel(server.address()), later, ALONE).sent == 2
    assert len(server.received) == 3


NO_TIME = timedelta(microseconds=1)


def steal(database: Store) -> None:
    """Another sender takes over whatever of the claimed mails has not been tried, and dies with it."""
    with database.writing() as connection:
        untried = select(func.min(col(OutboxRow.id))).scalar_subquery()
        connection.execute(update(OutboxRow).where(col(OutboxRow.id) > untried).values(lease_owner="other"))


def test_mails_to_a_server_that_wants_few_keep_their_distance() -> None:
    waits, now, next_at = [], 100.0, 0.0
    for _ in range(4):
        wait, next_at = pace(now, next_at, per_minute=30)
        waits.append(wait)
    assert waits == [0, 2, 4, 6]
    assert pace(500.0, next_at, per_minute=30) == (0, 502.0)


def test_a_delivery_that_keeps_its_distance_stops_when_asked_to(
    database: Store, server: MailServer, renderer: Renderer
) -> None:
    plan(database, [THREE], sample_reader(), NOW, renderer)
    stop = asyncio.Event()
    slowly = replace(ALONE, per_minute=1)
    channel = SmtpChannel(server.address(), at=once_at("smtp.data_accepted", stop.set))
    assert send(database, channel, NOW, slowly, stop=stop).sent == 1
    states = [mail.state for mail in mails(database)]
    assert states == [MailState.SENT, MailState.QUEUED, MailState.QUEUED]
