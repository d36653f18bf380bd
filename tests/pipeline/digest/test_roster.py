"""Subscriptions in the database: what is added is sent, what is asked waits, what is removed stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import insert

from models.digest import RunState
from models.errors import ConfigError
from models.mail import MailState
from models.tables.digests import Recipient
from pipeline.digest import confirming, links, roster
from pipeline.digest.file import FileChannel
from pipeline.digest.outbox import suppress
from pipeline.digest.render import Renderer
from pipeline.digest.resending import resend
from pipeline.digest.schedule import due_slot, next_send
from pipeline.digest.status import status
from pipeline.digest.subscriptions import read_subscriptions, toml_of
from pipeline.digest.tokens import CONFIRM
from pipeline.digest.words import schedule_of
from pipeline.store import Store
from tests.pipeline.digest.sample import NOW, sample_reader, subscription
from tests.pipeline.digest.support import OPTIONS, WEB, mails, plan, runs, send

BEFORE = NOW - timedelta(hours=1)  # the digest of NOW is not due yet
TOML = """
[[subscription]]
slug = "sang"
title = 'Bản tin "sáng" \\\\ 1'
recipients = ["an@example.org", "binh@example.org"]
days = ["mon", "fri"]
late = "drop"
[[subscription.section]]
title = "Quảng Trị"
provinces = ["Quảng Trị", "45"]
mute_keywords = ["giá xăng"]
limit = 3
[[subscription]]
slug = "tuan"
title = "Weekly"
recipients = ["chi@example.org"]
language = "en"
frequency = "weekly"
[[subscription.section]]
title = "Everything"
group_by = "none"
"""


def test_what_is_written_as_toml_reads_back_as_the_same() -> None:
    read = read_subscriptions(TOML, "test")
    assert read_subscriptions(toml_of(read), "again") == read
    assert 'title = "Bản tin \\"sáng\\" \\\\\\\\ 1"' in toml_of(read)


def test_the_file_seeds_the_database_once_and_is_imported_only_on_request(
    database: Store, tmp_path: Path
) -> None:
    file = tmp_path / "subscriptions.toml"
    file.write_text(TOML, "utf-8")
    first = roster.in_force(database, file, NOW)
    roster.remove(database, "tuan")
    assert [each.slug for each in first] == ["sang", "tuan"]
    assert [each.slug for each in roster.in_force(database, file, NOW)] == ["sang"]
    assert roster.differs(roster.every(database), file)
    assert roster.take_in(database, read_subscriptions(TOML, "test"), NOW) == (1, 1)
    assert not roster.differs(roster.every(database), file)


def test_a_name_is_given_once_and_an_unknown_one_is_refused(database: Store) -> None:
    roster.add(database, subscription(), NOW)
    with pytest.raises(ConfigError, match="of this name"):
        roster.add(database, subscription(), NOW)
    with pytest.raises(ConfigError, match="no such"):
        roster.pause(database, "khong-co", NOW)


def test_a_paused_subscription_gets_nothing_until_it_goes_on(database: Store, renderer: Renderer) -> None:
    roster.add(database, subscription(), BEFORE)
    roster.pause(database, subscription().slug, BEFORE)
    assert plan(database, roster.every(database), sample_reader(), NOW, renderer) == []
    roster.pause(database, subscription().slug, BEFORE, active=True)
    assert len(plan(database, roster.every(database), sample_reader(), NOW, renderer)) == 1


def test_a_recipient_who_is_dropped_gets_nothing_that_still_waits(
    database: Store, renderer: Renderer
) -> None:
    wanted = subscription(recipients=("an@example.org", "binh@example.org"))
    roster.add(database, wanted, BEFORE)
    plan(database, roster.every(database), sample_reader(), NOW, renderer)
    roster.change(database, replace(wanted, recipients=("an@example.org",)), NOW)
    states = {mail.recipient: mail.state for mail in mails(database)}
    assert states == {"an@example.org": MailState.QUEUED, "binh@example.org": MailState.CANCELLED}
    assert roster.remove(database, wanted.slug) == 1
    assert {mail.state for mail in mails(database)} == {MailState.CANCELLED}


def test_a_recipient_whom_an_imported_file_drops_gets_nothing_that_still_waits(
    database: Store, renderer: Renderer
) -> None:
    wanted = subscription(recipients=("an@example.org", "binh@example.org"))
    roster.add(database, wanted, BEFORE)
    plan(database, roster.every(database), sample_reader(), NOW, renderer)
    assert roster.take_in(database, [replace(wanted, recipients=("An@example.org",))], NOW) == (0, 1)
    states = {mail.recipient: mail.state for mail in mails(database)}
    assert states == {"an@example.org": MailState.QUEUED, "binh@example.org": MailState.CANCELLED}


def test_a_digest_that_nobody_gets_says_whom_it_waits_for_who_has_left_and_who_was_refused(
    database: Store, renderer: Renderer
) -> None:
    names = ("la", "an", "binh", "chi", "dung")
    wanted = subscription(recipients=tuple(f"{name}@example.org" for name in names))
    roster.add(database, wanted, BEFORE)
    confirming.ask(database, wanted, "la@example.org", WEB, BEFORE)
    with database.writing() as connection:
        for address in ("an@example.org", "binh@example.org"):
            suppress(connection, address, "5.1.1 no such user", BEFORE)
        for number, address in enumerate(("chi@example.org", "dung@example.org"), 7):
            gone = {"id": number, "subscription": wanted.slug, "address": address, "unsubscribed_at": BEFORE}
            connection.execute(insert(Recipient).values(**gone))
        suppress(connection, "dung@example.org", "5.1.1 no such user", BEFORE)
    (planned,) = plan(database, [wanted], sample_reader(), NOW, renderer)
    assert planned.state is RunState.SKIPPED_NOBODY
    counted = "1 not confirmed yet, 2 unsubscribed, 2 suppressed"
    assert planned.reason.partition(": ")[0] == "nobody to send it to"
    assert sorted(planned.reason.partition(": ")[2].split(", ")) == sorted(counted.split(", "))
    (told,) = status(database, BEFORE)
    assert told.reason == planned.reason


def test_who_was_not_added_by_an_administrator_is_asked_once_and_gets_nothing_else_before_a_yes(
    database: Store, renderer: Renderer, tmp_path: Path
) -> None:
    wanted = subscription(recipients=("la@example.org",))
    roster.add(database, wanted, BEFORE)
    assert confirming.ask(database, wanted, "la@example.org", WEB, NOW)
    assert not confirming.ask(database, wanted, "la@example.org", WEB, NOW)
    assert roster.pending(database) == {(wanted.slug, "la@example.org")}
    (planned,) = plan(database, [wanted], sample_reader(), NOW, renderer, WEB)
    assert planned.state is RunState.SKIPPED_NOBODY
    assert send(database, FileChannel(tmp_path / "outbox"), NOW).sent == 1
    asked = message_from_bytes(mails(database)[0].mime, policy=default)
    body = asked.get_body(("plain",))
    assert body is not None
    link = next(line for line in body.get_content().split() if line.startswith("https://news.example.org/c/"))
    token = link.rpartition("/")[2]
    looked = links.look(database, WEB.keys, token, CONFIRM)
    assert looked is not None
    assert looked.pending
    assert links.confirm(database, WEB.keys, token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert links.unsubscribe(database, WEB.keys, token, NOW) is None, "it is for another purpose"
    assert links.confirm(database, WEB.keys, token) is not None
    (told,) = plan(database, [wanted], sample_reader(), NOW + timedelta(days=1), renderer, WEB)
    assert (told.state, told.mails) == (RunState.PLANNED, 1)


def test_who_was_asked_is_not_asked_again_and_that_is_no_error(either: Store) -> None:
    wanted = subscription(recipients=("an@example.org",))
    asked = [confirming.ask(either, wanted, "an@example.org", OPTIONS, NOW) for _ in range(2)]
    assert asked == [True, False]
    assert len(mails(either)) == 1


def test_a_lost_digest_is_sent_again_as_a_mail_of_its_own_but_not_to_who_left(
    database: Store, renderer: Renderer, tmp_path: Path
) -> None:
    wanted = subscription(recipients=("an@example.org", "binh@example.org"))
    plan(database, [wanted], sample_reader(), NOW, renderer)
    outbox = FileChannel(tmp_path / "outbox")
    send(database, outbox, NOW)
    later = NOW + timedelta(hours=2)
    assert resend(database, wanted.slug, "", OPTIONS, later, to="an@example.org") == ["an@example.org"]
    assert resend(database, wanted.slug, runs(database)[0].slot, OPTIONS, later) == [
        "an@example.org",
        "binh@example.org",
    ]
    assert send(database, outbox, later).sent == 3
    kept = [message_from_bytes(mail.mime, policy=default) for mail in mails(database)]
    assert len({mail["Message-ID"] for mail in kept}) == 5
    mine = [mail for mail in kept if mail["To"] == "an@example.org"]
    assert len({mail.get_body(("html",)).get_content() for mail in mine}) == 1  # type: ignore[union-attr]
    with pytest.raises(ConfigError, match="no such digest"):
        resend(database, wanted.slug, "2020-01-01", OPTIONS, later)


def test_a_weekly_digest_has_one_day_and_begins_with_a_week_of_news() -> None:
    weekly = read_subscriptions(TOML, "test")[1]
    assert weekly.days == frozenset({1})
    slot = due_slot(weekly, NOW, None)
    assert slot is not None
    assert slot.until - slot.since == timedelta(days=7)
    after = due_slot(weekly, NOW, slot.until)
    assert after is None
    due = next_send(weekly, NOW)
    assert due is not None
    assert due.weekday() in (0, 6)
    assert schedule_of(weekly) == "every Monday at 06:30"
    assert schedule_of(replace(weekly, language="vi", send_at=time(7))) == "07:00 Thứ Hai hằng tuần"
    with pytest.raises(ConfigError, match="one day"):
        read_subscriptions(TOML.replace('"weekly"', '"weekly"\ndays = ["mon", "tue"]'), "test")
