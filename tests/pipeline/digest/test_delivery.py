"""From plan to server: once, whatever breaks."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from models.digest import DigestStory, Outage, RunState, Section, Subscription
from models.errors import StoreError
from models.mail import MailState, Reply
from models.query import Note
from pipeline.digest.deliver import resume
from pipeline.digest.file import FileChannel
from pipeline.digest.guard import InstanceGuard
from pipeline.digest.links import look, unsubscribe
from pipeline.digest.outbox import DeliveryOptions
from pipeline.digest.render import Renderer
from pipeline.digest.smtp import SmtpChannel, classify
from pipeline.digest.status import status
from pipeline.store import Store, open_store
from tests.pipeline.digest.mailserver import MailServer
from tests.pipeline.digest.sample import NOW, ListReader, article, sample_reader, story, subscription
from tests.pipeline.digest.support import (
    OPTIONS,
    WEB,
    age_leases,
    mails,
    open_database,
    plan,
    runs,
    send,
)

MINUTE = timedelta(minutes=1)


def people(*names: str) -> Subscription:
    return subscription(recipients=tuple(f"{name}@example.org" for name in names))


@pytest.fixture
def channel(server: MailServer) -> SmtpChannel:
    return SmtpChannel(server.address())


def test_a_due_digest_is_planned_sent_and_then_never_again(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    wanted = people("an", "binh")
    first = plan(database, [wanted], sample_reader(), NOW, renderer)
    again = plan(database, [wanted], sample_reader(), NOW + MINUTE, renderer)
    report = send(database, channel, NOW)
    assert [(p.state, p.mails) for p in first] == [(RunState.PLANNED, 2)]
    assert again == []
    assert report.sent == 2
    assert send(database, channel, NOW + MINUTE).sent == 0
    assert sorted(to for to, _ in server.received) == ["an@example.org", "binh@example.org"]
    assert all(to in str(message_from_bytes(data, policy=default)["To"]) for to, data in server.received)


def test_two_schedulers_at_once_plan_one_digest(database: Store, renderer: Renderer) -> None:
    """T12: the second reads before the first writes, as two processes do."""
    wanted = people("an")

    class SlowReader(ListReader):
        def stories(self, since: object, until: object, section: Section) -> list[DigestStory]:
            if not mails(database):
                plan(database, [wanted], sample_reader(), NOW, renderer)
            return sample_reader().stories(since, until, section)  # type: ignore[arg-type]

    late = plan(database, [wanted], SlowReader({}), NOW, renderer)
    assert late == []
    assert len(mails(database)) == 1
    assert len(runs(database)) == 1


def test_a_mail_taken_without_an_answer_is_sent_again_under_the_same_id(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    """T6: the server has the mail, we have a broken connection."""
    server.drop_after_data.add("an@example.org")
    plan(database, [people("an")], sample_reader(), NOW, renderer)
    assert send(database, channel, NOW).unknown == 1
    assert mails(database)[0].state == MailState.UNKNOWN
    assert send(database, channel, NOW + 5 * MINUTE).sent == 1
    assert len(server.received) == 2
    assert len(set(server.message_ids("an@example.org"))) == 1
    assert server.received[0][1] == server.received[1][1]


@pytest.mark.parametrize(
    ("stage", "reply", "state"),
    [
        ("rcpt", "450 4.2.0 later", MailState.RETRY),
        ("rcpt", "451 4.3.0 greylisted", MailState.RETRY),
        ("data", "452 4.3.1 no space", MailState.RETRY),
        ("data", "421 4.7.0 too fast", MailState.RETRY),
        ("rcpt", "550 5.1.1 no such user", MailState.BOUNCED),
        ("rcpt", "551 5.1.6 moved", MailState.BOUNCED),
        ("rcpt", "553 5.1.3 bad address", MailState.BOUNCED),
        ("rcpt", "552 5.2.2 mailbox full", MailState.RETRY),
        ("rcpt", "550 5.7.1 not allowed", MailState.DEAD),
        ("data", "554 5.7.1 spam", MailState.DEAD),
        ("data", "550 5.7.26 dmarc", MailState.DEAD),
    ],
)
def test_each_reply_has_its_consequence(
    database: Store,
    server: MailServer,
    channel: SmtpChannel,
    renderer: Renderer,
    stage: str,
    reply: str,
    state: MailState,
) -> None:
    """T7, over the wire."""
    getattr(server, stage)["an@example.org"] = reply
    plan(database, [people("an")], sample_reader(), NOW, renderer)
    send(database, channel, NOW)
    mail = mails(database)[0]
    assert (mail.state, mail.last_code) == (state, int(reply[:3]))
    tomorrow = plan(database, [people("an")], sample_reader(), NOW + timedelta(days=1), renderer)
    suppressed = [p.state for p in tomorrow] == [RunState.SKIPPED_NOBODY]
    assert suppressed == (state is MailState.BOUNCED)


@pytest.mark.parametrize(("stage", "state"), [("rcpt", MailState.RETRY), ("data", MailState.UNKNOWN)])
def test_a_server_that_goes_silent_is_given_up_and_after_the_text_the_mail_may_have_arrived(
    database: Store, server: MailServer, renderer: Renderer, stage: str, state: MailState
) -> None:
    """T7, time-out: the server would answer in the end, but nobody waits for it so long."""
    server.silent_at = stage
    plan(database, [people("an")], sample_reader(), NOW, renderer)
    assert send(database, SmtpChannel(server.address(timeout=2)), NOW).sent == 0
    assert mails(database)[0].state == state
    server.silent_at = ""
    assert send(database, SmtpChannel(server.address()), NOW + 5 * MINUTE).sent == 1


@pytest.mark.parametrize(
    ("code", "text", "stage", "reply"),
    [
        (250, "OK", "data", Reply.SENT),
        (535, "5.7.8 bad credentials", "login", Reply.CONFIG),
        (530, "5.7.0 authentication required", "mail", Reply.CONFIG),
        (530, "5.7.0 authentication required", "rcpt", Reply.CONFIG),
        (550, "5.1.8 bad sender", "mail", Reply.CONFIG),
        (451, "4.7.1 later", "mail", Reply.TRANSIENT),
        (554, "no service", "connect", Reply.TRANSIENT),
        (550, "user unknown", "rcpt", Reply.HARD),
        (554, "transaction failed", "rcpt", Reply.SENDER),
        (552, "too much mail data", "data", Reply.SENDER),
        (552, "5.2.2 over quota", "data", Reply.SOFT),
        (552, "5.3.4 too big", "data", Reply.SENDER),
    ],
)
def test_replies_are_read_by_code_text_and_stage(code: int, text: str, stage: str, reply: Reply) -> None:
    assert classify(code, text, stage) is reply  # type: ignore[arg-type]


def test_one_bad_address_of_many_stops_none_of_the_others(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    """T8, with every kind of bad address in the middle."""
    names = [f"p{n}" for n in range(60)]
    server.rcpt = {"p7@example.org": "550 5.1.1 no", "p20@example.org": "451 later"}
    server.data = {"p30@example.org": "554 5.7.1 spam"}
    server.drop_after_data = {"p40@example.org"}
    plan(database, [people(*names)], sample_reader(), NOW, renderer)
    report = send(database, channel, NOW)
    assert (report.sent, report.bounced, report.retry, report.dead, report.unknown) == (56, 1, 1, 1, 1)


def test_a_wrong_password_stops_the_queue_until_it_is_changed(database: Store, renderer: Renderer) -> None:
    with MailServer(password="right") as server:
        plan(database, [people("an", "binh", "chi")], sample_reader(), NOW, renderer)
        wrong = SmtpChannel(server.address(user="digest", password="wrong"))
        report = send(database, wrong, NOW, DeliveryOptions(parallel=1))
        assert "535" in report.paused
        tried = server.connections
        assert send(database, wrong, NOW + timedelta(minutes=59)).paused
        assert server.connections == tried
        assert [mail.state for mail in mails(database)] == [MailState.QUEUED] * 3
        right = SmtpChannel(server.address(user="digest", password="right"))
        assert send(database, right, NOW + timedelta(hours=3)).sent == 3


def test_a_refused_sender_stops_the_queue_until_it_is_resumed(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    server.mail = "550 5.7.1 sender not allowed"
    plan(database, [people("an")], sample_reader(), NOW, renderer)
    assert send(database, channel, NOW).paused
    server.mail = ""
    assert send(database, channel, NOW + MINUTE).sent == 0
    resume(database, NOW + MINUTE)
    assert send(database, channel, NOW + 2 * MINUTE).sent == 1


def test_a_stopped_queue_tries_one_mail_an_hour_and_goes_on_when_the_server_was_mended(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    server.mail = "550 5.7.1 sender not allowed"
    plan(database, [people("an", "binh", "chi")], sample_reader(), NOW, renderer)
    one = DeliveryOptions(parallel=1)
    assert "550" in send(database, channel, NOW, one).alerts[0]
    for hours in (2, 4):
        tried = server.connections
        report = send(database, channel, NOW + timedelta(hours=hours), one)
        assert server.connections == tried + 1
        assert "diembao digest resume" in report.paused
        assert report.alerts == (report.paused,)
        assert [mail.state for mail in mails(database)] == [MailState.QUEUED] * 3
        again = send(database, channel, NOW + timedelta(hours=hours, minutes=59), one)
        assert again.alerts == (again.paused,)  # told at every pass, not only at the first
        assert server.connections == tried + 1
    server.mail = ""
    report = send(database, channel, NOW + timedelta(days=3))
    assert (report.sent, report.paused) == (3, "")
    assert send(database, channel, NOW + timedelta(days=3)).paused == ""


def test_mails_that_wait_are_reported_by_reason_until_they_are_sent(
    either: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    server.rcpt = {f"{name}@example.org": "451 4.3.0 not now" for name in ("an", "binh")}
    server.rcpt["chi@example.org"] = "450 4.2.0 greylisted"
    plan(either, [people("an", "binh", "chi")], sample_reader(), NOW, renderer)
    for seconds in (0, 20):  # the second pass tries none of them
        report = send(either, channel, NOW + timedelta(seconds=seconds))
        assert [(each.mails, each.recipient, each.why) for each in report.waiting] == [
            (2, "an@example.org", "451 4.3.0 not now"),
            (1, "chi@example.org", "450 4.2.0 greylisted"),
        ]
        assert all(each.next_try_at > NOW + MINUTE / 2 for each in report.waiting)
    server.rcpt = {}
    assert send(either, channel, NOW + 5 * MINUTE).waiting == ()


def test_a_server_that_is_away_when_a_stopped_queue_tries_again_costs_one_mail_and_not_all(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    """After a day a mail that cannot be handed over is given up."""
    server.mail = "550 5.7.1 sender not allowed"
    plan(database, [people("an", "binh", "chi")], sample_reader(), NOW, renderer)
    send(database, channel, NOW)
    server.mail = "451 4.3.0 not now"
    later = NOW + timedelta(days=3)
    assert "550" in send(database, channel, later).paused
    server.mail = ""
    assert send(database, channel, later + MINUTE).paused
    assert send(database, channel, later + 61 * MINUTE).sent == 2


def test_a_queue_stopped_by_a_clock_that_ran_ahead_does_not_wait_for_that_time(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    server.mail = "550 5.7.1 sender not allowed"
    plan(database, [people("an")], sample_reader(), NOW, renderer)
    send(database, channel, NOW + timedelta(days=400))
    server.mail = ""
    plan(
        database,
        [subscription(slug="khac", recipients=("binh@example.org",))],
        sample_reader(),
        NOW,
        renderer,
    )
    assert send(database, channel, NOW + MINUTE).sent == 1


def test_a_changed_sender_starts_a_stopped_queue_and_mails_of_the_one_before_do_not_stop_it_again(
    database: Store, server: MailServer, renderer: Renderer
) -> None:
    first = plan(database, [people("an")], sample_reader(), NOW, renderer)
    before = SmtpChannel(server.address(sender="digest@example.org"))
    server.senders["digest@example.org"] = "550 5.7.1 sender not allowed"
    assert send(database, before, NOW).paused
    changed = replace(OPTIONS, sender="Điểm Báo <tin@example.org>")
    after = SmtpChannel(server.address(sender="tin@example.org"))
    report = send(database, after, NOW + MINUTE)
    assert (report.paused, report.dead) == ("", 1)
    assert "an@example.org: 550" in report.alerts[0]
    tomorrow = NOW + timedelta(days=1)
    again = plan(database, [people("an")], sample_reader(), tomorrow, renderer, changed)
    assert again[0].stories == first[0].stories
    assert send(database, after, tomorrow).sent == 1


def test_a_busy_server_is_left_alone_for_a_while(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    server.data["an@example.org"] = "421 4.7.0 slow down"
    plan(database, [people("an", "binh")], sample_reader(), NOW, renderer)
    report = send(database, channel, NOW, DeliveryOptions(parallel=1))
    assert report.sent == 0
    assert "slow down" in report.paused
    assert send(database, channel, NOW + 0.5 * MINUTE).paused
    assert send(database, channel, NOW + 2 * MINUTE).sent == 1


def test_an_unreachable_server_is_retried_for_a_day_and_then_the_news_come_with_the_next_digest(
    database: Store, server: MailServer, renderer: Renderer
) -> None:
    with MailServer() as gone:
        away = SmtpChannel(gone.address())
    wanted = people("an")
    first = plan(database, [wanted], sample_reader(), NOW, renderer)
    tries, now = [], NOW
    while mails(database)[0].state != MailState.DEAD:
        send(database, away, now)
        tries.append(now)
        now = max(now + MINUTE, mails(database)[0].next_try_at)
    gaps = [round((b - a) / MINUTE) for a, b in itertools.pairwise(tries)]
    assert all(wait <= gap <= wait * 1.1 + 1 for gap, wait in zip(gaps, (1, 5, 15), strict=False))
    assert all(60 <= gap <= 67 for gap in gaps[3:])
    assert runs(database)[0].state == RunState.FAILED
    tomorrow = NOW + timedelta(days=1, hours=2)
    assert plan(database, [wanted], sample_reader(), tomorrow, renderer)[0].stories == first[0].stories
    assert send(database, SmtpChannel(server.address()), tomorrow).sent == 1


def test_a_digest_that_fails_after_the_next_was_planned_comes_with_the_one_after_and_only_once(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    server.rcpt["an@example.org"] = "451 4.3.0 not now"
    wanted, days = people("an"), [NOW + timedelta(days=n, minutes=n) for n in range(4)]
    first = plan(database, [wanted], sample_reader(), days[0], renderer)
    send(database, channel, days[0])
    assert plan(database, [wanted], ListReader({}), days[1], renderer)[0].state is RunState.SKIPPED_EMPTY
    assert send(database, channel, days[1]).dead == 1
    server.rcpt.clear()
    again = plan(database, [wanted], sample_reader(), days[2], renderer)
    assert again[0].stories == first[0].stories
    assert send(database, channel, days[2]).sent == 1
    assert plan(database, [wanted], sample_reader(), days[3], renderer)[0].stories == 0
    assert runs(database)[-1].since == runs(database)[-2].until


def test_a_full_mailbox_is_tried_daily_and_given_up_after_the_fifth_time(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    server.rcpt["an@example.org"] = "552 5.2.2 mailbox full"
    plan(database, [people("an")], sample_reader(), NOW, renderer)
    states = []
    for day in range(5):
        send(database, channel, NOW + timedelta(days=1.2 * day))
        states.append(mails(database)[0].state)
    assert states == [MailState.RETRY] * 4 + [MailState.BOUNCED]


def test_a_mail_that_arrives_ends_the_row_of_full_mailboxes(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    full = {"an@example.org": "552 5.2.2 mailbox full"}
    plan(database, [people("an")], sample_reader(), NOW, renderer)
    for day, replies in enumerate((full, full, full, full, {})):
        server.rcpt = replies
        send(database, channel, NOW + timedelta(days=1.2 * day))
    later = NOW + timedelta(days=7)
    plan(database, [replace(people("an"), slug="khac")], sample_reader(), later, renderer)
    server.rcpt = full
    send(database, channel, later)
    assert [mail.state for mail in mails(database)] == [MailState.SENT, MailState.RETRY]


def test_an_address_the_server_cannot_take_harms_nobody_else(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    """Fact 5: a non-ASCII address without SMTPUTF8 is not an SMTP error but a UnicodeEncodeError."""
    wanted = subscription(recipients=("thủy@example.org", "an@example.org"))
    plan(database, [wanted], sample_reader(), NOW, renderer)
    report = send(database, channel, NOW)
    assert (report.sent, report.bounced) == (1, 1)


def test_a_sender_that_lost_its_lease_does_not_overwrite_the_other(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer, tmp_path: Path
) -> None:
    plan(database, [people("an")], sample_reader(), NOW, renderer)

    def slept_through(point: str) -> None:
        if point == "deliver.answered":
            age_leases(database)
            with ThreadPoolExecutor() as pool:
                other = pool.submit(send, database, FileChannel(tmp_path / "out"), NOW)
                assert other.result().sent == 1

    report = send(database, channel, NOW, at=slept_through)
    assert report.sent == 0
    assert "another sender" in report.alerts[0]
    assert mails(database)[0].state == MailState.SENT


def test_without_a_server_mails_become_files_once(
    database: Store, renderer: Renderer, tmp_path: Path
) -> None:
    plan(database, [people("an", "binh")], sample_reader(), NOW, renderer)
    assert send(database, FileChannel(tmp_path / "outbox"), NOW).sent == 2
    files = sorted((tmp_path / "outbox").iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    read = message_from_bytes(files[0].read_bytes(), policy=default)
    assert "Quảng Trị" in str(read["Subject"])


def test_a_folder_that_cannot_be_written_keeps_the_mail_waiting(
    database: Store, renderer: Renderer, tmp_path: Path
) -> None:
    (tmp_path / "outbox").write_text("in the way")
    plan(database, [people("an")], sample_reader(), NOW, renderer)
    assert send(database, FileChannel(tmp_path / "outbox"), NOW).retry == 1


def test_unsubscribing_takes_waiting_mails_back_and_may_be_repeated(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    """T9 and T18: looking changes nothing, acting twice is acting once."""
    wanted = people("an", "binh")
    plan(database, [wanted], sample_reader(), NOW, renderer, WEB)
    mail = message_from_bytes(mails(database)[0].mime, policy=default)
    token = str(mail["List-Unsubscribe"]).split("/u/")[1].partition(">")[0]
    for _ in range(3):
        seen = look(database, WEB.keys, token)
        assert seen is not None
        assert not seen.unsubscribed
    assert [m.state for m in mails(database)] == [MailState.QUEUED] * 2
    assert unsubscribe(database, WEB.keys, token, NOW)
    assert unsubscribe(database, WEB.keys, token, NOW)
    assert [m.state for m in mails(database)] == [MailState.CANCELLED, MailState.QUEUED]
    send(database, channel, NOW)
    assert [to for to, _ in server.received] == ["binh@example.org"]
    tomorrow = NOW + timedelta(days=1)
    reader = replace_stories(sample_reader(), days=1)
    assert plan(database, [wanted], reader, tomorrow, renderer)[0].mails == 1


def replace_stories(reader: ListReader, days: int) -> ListReader:
    """The same news some days later, as other stories."""
    moved = {
        title: [
            replace(
                story,
                id=f"{story.id}+{days}",
                articles=tuple(
                    replace(a, url=f"{a.url}?{days}", first_seen_at=a.first_seen_at + timedelta(days=days))
                    for a in story.articles
                ),
            )
            for story in stories
        ]
        for title, stories in reader.stories_of.items()
    }
    return ListReader(moved, reader.outages_now)


def test_a_digest_that_waited_too_long_says_so(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    plan(database, [people("an")], sample_reader(), NOW, renderer)
    before = mails(database)[0]
    assert send(database, channel, NOW + timedelta(hours=13)).sent == 1
    mail = message_from_bytes(server.received[0][1], policy=default)
    assert str(mail["Subject"]).startswith("[Gửi muộn] ")
    assert str(mail["Message-ID"]) == before.message_id


def test_the_updates_of_a_digest_that_failed_come_with_the_next_one(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    """Also those of an outlet that had joined a story before and was not enough for an update."""
    wanted = subscription(recipients=("an@example.org",), timezone="UTC")
    section = wanted.sections[0].title
    told = [article("x", "vov", "Tin", hours=2)]
    joined = [
        article("x", outlet, "Tin", hours=2 - 24 * day) for day, outlet in ((1, "nhandan"), (2, "tuoitre"))
    ]
    other = story("y", [article("y", "vov", "Tin khác", hours=2 - 24)])
    reader = ListReader({section: [story("x", [*told, *joined]), other]})
    start = datetime(2026, 11, 22, 7, tzinfo=UTC)
    for day, news in enumerate(("1 tin", "1 tin", "1 cập nhật")):
        (planned,) = plan(database, [wanted], reader, start + timedelta(days=day), renderer)
        assert news in planned.subject
        server.data["an@example.org"] = "554 5.7.1 spam" if day == 2 else "250 OK"
        send(database, channel, start + timedelta(days=day))
    assert [run.state for run in runs(database)] == [RunState.PLANNED] * 2 + [RunState.FAILED]
    server.data.clear()
    (again,) = plan(database, [wanted], reader, start + timedelta(days=3), renderer)
    assert "1 cập nhật" in again.subject
    assert send(database, channel, start + timedelta(days=3)).sent == 1
    assert (
        plan(database, [wanted], reader, start + timedelta(days=4), renderer)[0].state
        is RunState.SKIPPED_EMPTY
    )


def test_a_restored_database_sends_nothing_until_confirmed(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer, tmp_path: Path
) -> None:
    """T15: the copy of the database still holds the mail as waiting, the file beside it knows better."""
    guard = InstanceGuard(tmp_path / "instance.json", "news-1")
    send(database, channel, NOW - MINUTE, guard=guard)
    plan(database, [people("an")], sample_reader(), NOW, renderer)
    copy = tmp_path / "copy.sqlite3"
    with database.reading() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{copy}'")
    assert send(database, channel, NOW, guard=guard).sent == 1
    restored = open_database(copy)
    report = send(restored, channel, NOW + MINUTE, guard=guard)
    assert report.sent == 0
    assert "restored" in report.paused
    elsewhere = send(database, channel, NOW, guard=InstanceGuard(tmp_path / "instance.json", "news-2"))
    assert "news-1" in elsewhere.paused
    assert guard.confirm(restored, NOW + MINUTE, drop_waiting=True) == 1
    assert send(restored, channel, NOW + 2 * MINUTE, guard=guard).sent == 0
    assert len(server.received) == 1
    restored.close()


def test_a_database_beside_no_file_or_that_of_another_sends_nothing(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer, tmp_path: Path
) -> None:
    """T15: a copy of the database alone, in a folder that had none or that has its own."""
    send(database, channel, NOW - MINUTE, guard=InstanceGuard(tmp_path / "own.json", "news-1"))
    plan(database, [people("an")], sample_reader(), NOW, renderer)
    elsewhere = InstanceGuard(tmp_path / "other.json", "news-1")
    alone = send(database, channel, NOW, guard=elsewhere)
    assert "do not belong together" in alone.paused
    with open_store(f"sqlite:///{tmp_path}/other.sqlite3") as other:
        send(other, channel, NOW, guard=elsewhere)
    assert "another instance" in send(database, channel, NOW, guard=elsewhere).paused
    assert server.received == []


def test_silence_is_mailed_when_an_outlet_is_out_or_a_week_has_passed(
    database: Store, renderer: Renderer
) -> None:
    """T13: a quiet day sends nothing, an outage is told, and a reader is not left wondering for ever."""
    outage = Outage(outlet="vov", outlet_name="VOV", since=NOW - timedelta(days=1), reason="timeout")
    states = []
    for day in range(10):
        reader = ListReader({}, [outage] if day == 1 else [])
        states += plan(database, [people("an")], reader, NOW + timedelta(days=day), renderer)
    assert [n for n, each in enumerate(states) if each.state is RunState.PLANNED] == [1, 8]
    assert "1 báo không đọc được" in states[1].subject


def test_a_section_whose_search_is_wrong_is_mailed_and_the_administrator_told(
    database: Store, renderer: Renderer
) -> None:
    wrong = Note("không khớp bài nào: theo-dõi:hue", "fits nothing: theo-dõi:hue")
    reader = ListReader({}, faults_now={people("an").sections[0].title: [wrong]})
    (planned,) = plan(database, [people("an")], reader, NOW, renderer)
    assert planned.state is RunState.PLANNED
    assert "1 mục cần sửa" in planned.subject
    (told,) = status(database, NOW - timedelta(days=2))
    assert planned.faults == (told.reason,)
    assert "fits nothing: theo-dõi:hue" in told.reason
    alert = replace(people("an"), slug="gap", frequency="hourly")
    (planned,) = plan(database, [alert], reader, NOW, renderer)
    assert planned.state is RunState.SKIPPED_EMPTY
    assert planned.faults == (told.reason,)


def test_status_tells_what_was_planned_sent_and_skipped(
    database: Store, server: MailServer, channel: SmtpChannel, renderer: Renderer
) -> None:
    server.rcpt["binh@example.org"] = "550 5.1.1 no such user"
    quiet = subscription(slug="lang")
    plan(database, [people("an", "binh")], sample_reader(), NOW, renderer)
    plan(database, [quiet], ListReader({}), NOW, renderer)
    send(database, channel, NOW)
    told = {each.subscription: each for each in status(database, NOW - timedelta(days=2))}
    assert told["sang"].mails == {MailState.SENT: 1, MailState.BOUNCED: 1}
    assert told["sang"].problems == ("binh@example.org: 550 5.1.1 no such user",)
    assert told["lang"].state is RunState.SKIPPED_EMPTY
    assert told["lang"].reason


def test_one_subscription_whose_reader_fails_does_not_stop_the_others(
    database: Store, renderer: Renderer
) -> None:
    class Failing(ListReader):
        def stories(self, since: object, until: object, section: Section) -> list[DigestStory]:
            if section.title == "hỏng":
                raise StoreError("no such column", about="digest")
            return sample_reader().stories(since, until, section)  # type: ignore[arg-type]

    broken = subscription(slug="hong", sections=(Section(title="hỏng"),))
    done = plan(database, [broken, people("an")], Failing({}), NOW, renderer)
    assert [p.state for p in done] == [RunState.FAILED, RunState.PLANNED]
    assert [run.subscription for run in runs(database)] == ["sang"]
