"""What of old mails goes and when, and that no digest is sent or told twice for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from models.digest import RunState, Subscription
from models.errors import ConfigError
from models.mail import MailState
from models.tables.digests import OutboxRow
from pipeline.digest import confirming
from pipeline.digest.file import FileChannel
from pipeline.digest.forgetting import KEEP_BODIES, KEEP_MAILS, forget_mails, forget_old
from pipeline.digest.outbox import DeliveryOptions
from pipeline.digest.render import Renderer
from pipeline.digest.resending import resend
from pipeline.digest.smtp import SmtpChannel
from pipeline.digest.status import status
from pipeline.store import Store
from tests.pipeline.digest.mailserver import MailServer
from tests.pipeline.digest.sample import NOW, ListReader, sample_reader, subscription
from tests.pipeline.digest.support import OPTIONS, mails, plan, runs, send, told_stories

WANTED = subscription(recipients=("an@example.org", "binh@example.org"))
OLD = NOW + KEEP_MAILS + timedelta(hours=1)


def known(database: Store) -> list[tuple[str, str]]:
    """To whom the outbox knows that mails go or went, with their states."""
    with database.reading() as connection:
        asked = select(col(OutboxRow.recipient), col(OutboxRow.state)).order_by(col(OutboxRow.id))
        return [(row[0], row[1]) for row in connection.execute(asked)]


def nothing_new() -> ListReader:
    """The stories of the sample, and no outlet that could not be read."""
    return replace(sample_reader(), outages_now=())


def sent(database: Store, renderer: Renderer, folder: Path, wanted: Subscription = WANTED) -> None:
    """Plan a digest at NOW and send it."""
    plan(database, [wanted], sample_reader(), NOW, renderer)
    send(database, FileChannel(folder), NOW)


def test_the_bytes_of_old_mails_go_those_of_waiting_ones_and_what_is_known_of_them_stay(
    either: Store, renderer: Renderer, tmp_path: Path
) -> None:
    wanted = replace(WANTED, recipients=("an@example.org",))
    sent(either, renderer, tmp_path, wanted)
    waiting = replace(wanted, slug="doi", recipients=("binh@example.org",))
    plan(either, [waiting], sample_reader(), NOW, renderer)
    told = told_stories(either, wanted.slug)
    assert forget_old(either, NOW + timedelta(days=29)) == (0, 0)
    assert forget_old(either, NOW + timedelta(days=29, hours=25)) == (1, 0)
    assert [mail.recipient for mail in mails(either)] == ["binh@example.org"]
    (kept,) = status(either, NOW - timedelta(days=1))[1:]
    assert kept.mails == {MailState.SENT: 1}
    assert told_stories(either, wanted.slug) == told
    later = NOW + timedelta(days=31)
    with pytest.raises(ConfigError, match=r"too long ago.*30 days"):
        resend(either, wanted.slug, "", OPTIONS, later)
    assert send(either, FileChannel(tmp_path), later).sent == 1


def test_an_outbox_does_not_grow_with_the_mails_that_were_ever_sent(
    either: Store, renderer: Renderer, tmp_path: Path
) -> None:
    sent(either, renderer, tmp_path)
    assert forget_old(either, OLD - timedelta(days=1)) == (2, 0)
    assert len(known(either)) == 2
    assert forget_old(either, OLD) == (0, 2)
    assert known(either) == []


def test_a_digest_whose_mails_are_forgotten_is_neither_planned_nor_told_again(
    either: Store, renderer: Renderer, tmp_path: Path
) -> None:
    sent(either, renderer, tmp_path)
    told, (run,) = told_stories(either, WANTED.slug), runs(either)
    forget_old(either, OLD)
    assert plan(either, [WANTED], sample_reader(), NOW, renderer) == []
    assert send(either, FileChannel(tmp_path), OLD).sent == 0
    (tomorrow,) = plan(either, [WANTED], nothing_new(), NOW + timedelta(days=1), renderer)
    assert tomorrow.state is RunState.SKIPPED_EMPTY
    assert (told_stories(either, WANTED.slug), runs(either)[0]) == (told, run)


def test_a_digest_whose_mails_are_forgotten_is_not_sent_once_more_but_said_to_be_too_old(
    either: Store, renderer: Renderer, tmp_path: Path
) -> None:
    sent(either, renderer, tmp_path)
    forget_old(either, OLD)
    with pytest.raises(ConfigError, match="too long ago"):
        resend(either, WANTED.slug, "", OPTIONS, OLD)


def test_that_mails_are_forgotten_is_shown_and_not_taken_for_a_digest_without_any(
    either: Store, renderer: Renderer, tmp_path: Path
) -> None:
    sent(either, renderer, tmp_path)
    plan(either, [WANTED], nothing_new(), NOW + timedelta(days=1), renderer)
    empty, told = status(either, NOW - timedelta(days=1))
    assert (empty.forgotten, told.forgotten) == (False, False)
    forget_old(either, OLD)
    empty, told = status(either, NOW - timedelta(days=1))
    assert (empty.forgotten, told.forgotten) == (False, True)


def test_a_mail_that_still_waits_keeps_those_of_its_digest_that_were_sent(
    database: Store, renderer: Renderer, server: MailServer
) -> None:
    """Else its failure would make the whole digest news again for those who have got it."""
    server.rcpt["binh@example.org"] = "451 4.3.0 not now"
    plan(database, [WANTED], sample_reader(), NOW, renderer)
    patient = DeliveryOptions(give_up=timedelta(days=999))
    send(database, SmtpChannel(server.address()), NOW, patient)
    told = told_stories(database, WANTED.slug)
    assert forget_old(database, OLD) == (1, 0)
    assert known(database) == [
        ("an@example.org", MailState.SENT),
        ("binh@example.org", MailState.RETRY),
    ]
    server.rcpt["binh@example.org"] = "550 5.1.1 no such user"
    assert send(database, SmtpChannel(server.address()), OLD, patient).bounced == 1
    assert [run.state for run in runs(database)] == [RunState.PLANNED]
    assert told_stories(database, WANTED.slug) == told
    assert forget_old(database, OLD + KEEP_MAILS + timedelta(days=1))[1] == 2


def test_a_mail_that_was_sent_once_more_lately_keeps_those_of_its_digest(
    either: Store, renderer: Renderer, tmp_path: Path
) -> None:
    sent(either, renderer, tmp_path)
    again = NOW + timedelta(days=20)
    assert resend(either, WANTED.slug, "", OPTIONS, again, to="an@example.org") == ["an@example.org"]
    send(either, FileChannel(tmp_path), again)
    assert forget_mails(either, NOW + timedelta(days=19)) == 0
    assert forget_mails(either, NOW + timedelta(days=21)) == 3


def test_of_very_many_old_mails_all_go(either: Store, renderer: Renderer, tmp_path: Path) -> None:
    many = replace(WANTED, recipients=tuple(f"a{number}@example.org" for number in range(520)))
    plan(either, [many], sample_reader(), NOW, renderer)
    with either.writing() as connection:
        connection.execute(update(OutboxRow).values(state=MailState.SENT))
    assert forget_mails(either, NOW + KEEP_BODIES) == 520
    assert (known(either), mails(either)) == ([], [])


def test_an_old_question_goes_and_who_was_asked_is_not_asked_again(either: Store, tmp_path: Path) -> None:
    def asked(now: datetime) -> bool:
        return confirming.ask(either, WANTED, "an@example.org", OPTIONS, now)

    assert asked(NOW)
    send(either, FileChannel(tmp_path), NOW)
    assert forget_old(either, OLD) == (1, 1)
    assert not asked(OLD)
