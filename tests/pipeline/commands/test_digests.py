"""The command line of digests and subscriptions, from a database to the files or the mail server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models.errors import ConfigError, DeliveryError
from pipeline.digest import roster
from pipeline.store import open_store
from tests.pipeline.digest.mailserver import MailServer
from tests.pipeline.digest.support import mails
from tests.pipeline.store.material import NOW, new
from tests.support.program import invoke

MORNING = NOW.replace(hour=23, minute=0)  # half an hour before the digest of the next day is due
DUE = MORNING + timedelta(minutes=31)
BEFORE = MORNING - timedelta(hours=1)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A database with one article of the window and no subscription."""
    with open_store(f"sqlite:///{tmp_path}/home/diembao.sqlite3") as store:
        store.save([new(1, title="Bão số 14 vào bờ")], now=MORNING - timedelta(hours=2))
        roster.take_in(store, [], BEFORE)
    return tmp_path / "home"


@pytest.fixture(params=["files", "smtp"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Each of the ways in which digests leave."""
    if request.param == "files":
        yield request.param
        return
    with MailServer() as server:
        monkeypatch.setenv("DIEMBAO_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("DIEMBAO_SMTP_PORT", str(server.port))
        monkeypatch.setenv("DIEMBAO_SMTP_SECURITY", "none")
        yield request.param


def run(home: Path, *words: str) -> str:
    """What a command that succeeds prints, on both streams."""
    done = invoke(*words, "--home", home)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def add(home: Path, *more: str, now: str = BEFORE.isoformat()) -> str:
    words = ("subscriptions", "add", "sang", "--to", "an@example.org", "--title", "Sáng")
    return run(home, *words, "--now", now, *more)


def test_a_restored_database_plans_and_sends_nothing_until_confirmed_and_then_tells_everything(
    home: Path, way: str, tmp_path: Path
) -> None:
    add(home, "--keyword", "bão")
    run(home, "digest", "send", "--now", MORNING.isoformat())
    run(home, "db", "backup", str(tmp_path / "copy.sqlite3"))
    run(home, "db", "restore", str(tmp_path / "copy.sqlite3"))
    for command in (("digest", "plan"), ("digest", "send"), ("digest", "resend", "sang")):
        with pytest.raises(DeliveryError, match="diembao digest confirm"):
            run(home, *command, "--now", DUE.isoformat())
    assert "0 waiting mails" in run(home, "digest", "confirm", "--now", DUE.isoformat())
    said = run(home, "digest", "send", "--now", DUE.isoformat())
    assert "1 tin" in said
    assert "1 mail " in said


def test_what_confirming_takes_back_comes_with_the_next_digest(home: Path, way: str, tmp_path: Path) -> None:
    add(home, "--keyword", "bão")
    run(home, "digest", "send", "--now", MORNING.isoformat())
    run(home, "digest", "plan", "--now", DUE.isoformat())
    run(home, "db", "backup", str(tmp_path / "copy.sqlite3"))
    run(home, "db", "restore", str(tmp_path / "copy.sqlite3"))
    assert "1 waiting mail taken back" in run(home, "digest", "confirm", "--now", DUE.isoformat())
    tomorrow = (DUE + timedelta(days=1)).isoformat()
    assert "1 tin" in run(home, "digest", "send", "--now", tomorrow)


def test_a_question_that_waits_in_a_restored_database_is_still_asked(home: Path, tmp_path: Path) -> None:
    assert "1 recipient is asked" in add(home, "--ask")
    run(home, "db", "backup", str(tmp_path / "copy.sqlite3"))
    run(home, "db", "restore", str(tmp_path / "copy.sqlite3"))
    run(home, "digest", "confirm", "--now", MORNING.isoformat())
    assert "1 mail written" in run(home, "digest", "send", "--now", MORNING.isoformat())


def test_a_subscription_added_after_the_mails_of_the_day_begins_with_the_next(home: Path) -> None:
    later = (DUE + timedelta(hours=4)).isoformat()
    add(home, now=later)
    assert "no digest is due" in run(home, "digest", "send", "--now", later)
    with open_store(f"sqlite:///{home}/diembao.sqlite3") as store:
        store.save([new(2, title="Lũ lên nhanh")], now=DUE + timedelta(hours=6))
    assert "1 tin" in run(home, "digest", "send", "--now", (DUE + timedelta(days=1)).isoformat())


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--province", "Hếu"), "matches nothing: Hếu"),
        (("--query", "từ:32/13 bão"), "matches nothing: từ:32/13"),
        (("--query", "saved:nope"), "matches nothing: saved:nope"),
        (("--mute-outlet", "nope"), "matches nothing: nope"),
    ],
)
def test_a_subscription_that_names_something_unknown_is_told_so(
    home: Path, option: tuple[str, str], said: str
) -> None:
    assert said in add(home, *option)
    table = run(home, "subscriptions", "export")
    (home / "again.toml").write_text(table)
    assert said in run(home, "subscriptions", "import", str(home / "again.toml"))
    assert said in run(home, "subscriptions", "edit", "sang", "--file", str(home / "again.toml"))


@pytest.mark.parametrize(
    ("zone", "shown"), [("", "06:30 +07"), ("Europe/Berlin", "00:30 CET"), ("UTC", "23:30 UTC")]
)
def test_the_next_mail_is_listed_in_the_zone_in_which_times_are_shown(
    home: Path, zone: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(home, "--keyword", "bão")
    if zone:
        monkeypatch.setenv("DIEMBAO_TIMEZONE", zone)
    listed = run(home, "subscriptions", "list", "--now", BEFORE.isoformat())
    assert re.search(rf", next \d{{4}}-\d\d-\d\d {re.escape(shown)}, to ", listed), listed


@pytest.mark.parametrize("form", ["{}", "unsubscribe {}", "Re: unsubscribe {}.", "unsubscribe%20{}"])
def test_who_answers_the_unsubscribe_link_gets_no_more_mails(home: Path, form: str) -> None:
    add(home, "--keyword", "bão")
    token = sent_token(home)
    for _ in range(2):
        said = run(home, "subscriptions", "unsubscribe", *form.format(token).split())
        assert "an@example.org gets sang no more" in said
    assert "an@example.org (unsubscribed)" in run(home, "subscriptions", "list")
    with open_store(f"sqlite:///{home}/diembao.sqlite3") as store:
        store.save([new(2, title="Bão lên nhanh")], now=DUE + timedelta(hours=6))
    later = run(home, "digest", "send", "--now", (DUE + timedelta(days=1)).isoformat())
    assert "skipped_nobody nobody to send it to: 1 unsubscribed" in later
    with pytest.raises(ConfigError, match="no token of ours"):
        run(home, "subscriptions", "unsubscribe", "W1,1.forged")


def sent_token(home: Path) -> str:
    """Send the digest that is due, and take the token out of its unsubscribe link."""
    run(home, "digest", "send", "--now", DUE.isoformat())
    (file,) = (home / "outbox").rglob("*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=default)
    return str(mail["List-Unsubscribe"]).rpartition("%20")[2].rstrip(">")


def test_who_has_left_and_asks_to_come_back_gets_mails_again_and_can_leave_by_the_old_link(
    home: Path,
) -> None:
    add(home, "--keyword", "bão")
    token = sent_token(home)
    run(home, "subscriptions", "unsubscribe", token)
    for name, said in (("AN", "is a recipient of sang again"), ("an", "had not unsubscribed from sang")):
        assert said in run(home, "subscriptions", "resubscribe", "sang", f"{name}@example.org")
    assert "unsubscribed" not in run(home, "subscriptions", "list")
    with open_store(f"sqlite:///{home}/diembao.sqlite3") as store:
        store.save([new(2, title="Bão lên nhanh")], now=DUE + timedelta(hours=6))
    assert "1 mail written" in run(home, "digest", "send", "--now", (DUE + timedelta(days=1)).isoformat())
    run(home, "subscriptions", "unsubscribe", token)
    assert "an@example.org (unsubscribed)" in run(home, "subscriptions", "list")


def test_who_is_no_recipient_is_not_taken_back_and_how_to_add_them_is_said(home: Path) -> None:
    add(home, "--keyword", "bão")
    with pytest.raises(ConfigError, match="no recipient of this subscription") as caught:
        run(home, "subscriptions", "resubscribe", "sang", "binh@example.org")
    assert "subscriptions edit sang" in str(caught.value)


def ended(home: Path, *words: str) -> tuple[int, str]:
    """The exit code of a command and what it prints, line breaks aside."""
    done = invoke(*words, "--home", home)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, " ".join(done.output.split())


def use(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands send through this server."""
    for name, value in {"HOST": "127.0.0.1", "PORT": str(server.port), "SECURITY": "none"}.items():
        monkeypatch.setenv(f"DIEMBAO_SMTP_{name}", value)


def test_an_address_that_the_server_refused_is_shown_until_it_is_unsuppressed_and_then_gets_mails(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(home, "--keyword", "bão")
    with MailServer(rcpt={"an@example.org": "550 5.1.1 no such user"}) as server:
        use(server, monkeypatch)
        code, said = ended(home, "digest", "send", "--now", DUE.isoformat())
        assert (code, "1 bounced" in said) == (2, True)
        shown = run(home, "subscriptions", "list", "--now", DUE.isoformat())
        since = f"{DUE.astimezone(HANOI):%Y-%m-%d %H:%M} +07"
        assert f"an@example.org (suppressed since {since}: 5.1.1 no such user)" in shown
        (line,) = run(home, "subscriptions", "list", "--json", "--now", DUE.isoformat()).splitlines()
        (refused,) = json.loads(line)["suppressed"]
        assert (refused["address"], refused["reason"]) == ("an@example.org", "5.1.1 no such user")
        assert datetime.fromisoformat(refused["since"]) - DUE < timedelta(minutes=1)
        server.rcpt.clear()
        assert "is no longer suppressed" in run(home, "subscriptions", "unsuppress", "AN@example.org")
        assert "is not suppressed" in run(home, "subscriptions", "unsuppress", "an@example.org")
        assert "suppressed" not in run(home, "subscriptions", "list")
        tomorrow = (DUE + timedelta(days=1)).isoformat()
        assert "1 mail sent" in run(home, "digest", "send", "--now", tomorrow)


def test_a_mail_that_waits_is_told_with_the_servers_words_and_the_exit_code_until_it_is_sent(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(home, "--keyword", "bão")
    minute = f"{(DUE + timedelta(minutes=1)).astimezone(HANOI):%Y-%m-%d %H:%M}"
    why = f"1 mail waits (an@example.org): 451 4.3.0 not now; next try {minute} +07"
    with MailServer(rcpt={"an@example.org": "451 4.3.0 not now"}) as server:
        use(server, monkeypatch)
        for seconds in (0, 20):  # at the second time its next try is still to come
            now = (DUE + timedelta(seconds=seconds)).isoformat()
            code, said = ended(home, "digest", "send", "--now", now)
            assert (code, why in said) == (2, True)
            assert why in run(home, "digest", "status", "--now", now)
        code, said = ended(home, "digest", "send", "--json", "--now", DUE.isoformat())
        (held,) = json.loads(said)["waiting"]
        assert (code, held["mails"], held["why"]) == (2, 1, "451 4.3.0 not now")
        server.rcpt.clear()
        later = (DUE + timedelta(minutes=2)).isoformat()
        assert "1 mail sent" in run(home, "digest", "send", "--now", later)
        assert "waits" not in run(home, "digest", "status", "--now", later)


def test_that_sending_is_stopped_is_told_until_it_is_resumed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(home, "--keyword", "bão")
    assert "was not stopped" in run(home, "digest", "resume")
    with MailServer(mail="550 5.7.1 sender not allowed") as server:
        use(server, monkeypatch)
        for minutes in (0, 1):
            now = (DUE + timedelta(minutes=minutes)).isoformat()
            done = invoke("digest", "send", "--now", now, "--home", home)
            assert done.exit_code == 2
            assert "diembao digest resume" in " ".join(done.output.split())
            said = run(home, "digest", "status")
            assert "sending is stopped: the mail server refuses us: 550" in said
            assert (
                f"last tried {DUE.astimezone(HANOI):%Y-%m-%d %H:%M} +07; try at once: diembao digest resume)"
                in said
            )
        server.mail = ""
        assert "sending goes on" in run(home, "digest", "resume")
        assert "sending is stopped" not in run(home, "digest", "status")
        later = (DUE + timedelta(minutes=2)).isoformat()
        assert "1 mail sent" in run(home, "digest", "send", "--now", later)


def test_another_sender_in_the_settings_starts_a_stopped_queue(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(home, "--keyword", "bão")
    with MailServer(senders={"digest@example.org": "550 5.7.1 sender not allowed"}) as server:
        use(server, monkeypatch)
        words = ["digest", "send", "--home", str(home), "--now"]
        assert invoke(*words, DUE.isoformat()).exit_code == 2
        monkeypatch.setenv("DIEMBAO_MAIL_FROM", "Điểm Báo <tin@example.org>")
        done = invoke(*words, (DUE + timedelta(minutes=1)).isoformat())
        assert "1 dead" in done.output  # written under the sender before, it is given up
        tomorrow = (DUE + timedelta(days=1)).isoformat()
        assert "1 mail sent" in run(home, "digest", "send", "--now", tomorrow)


def test_sending_lets_go_of_the_bytes_of_mails_of_more_than_a_month_ago(home: Path) -> None:
    add(home, "--keyword", "bão")
    run(home, "digest", "send", "--now", DUE.isoformat())
    with open_store(f"sqlite:///{home}/diembao.sqlite3") as store:
        assert len(mails(store)) == 1
        run(home, "digest", "send", "--now", (DUE + timedelta(days=31)).isoformat())
        assert {mail.due_at.date() for mail in mails(store)} == {(DUE + timedelta(days=31)).date()}


def test_a_digest_of_long_ago_is_shown_without_its_mails_which_are_said_to_be_forgotten(home: Path) -> None:
    add(home, "--keyword", "bão")
    run(home, "digest", "send", "--now", DUE.isoformat())
    later = (DUE + timedelta(days=91)).isoformat()
    status = ("digest", "status", "--days", "200", "--now", later)
    assert "planned Sáng" in run(home, *status)
    assert "(1 sent)" in run(home, *status)
    run(home, "digest", "send", "--now", later)
    assert "(its mails are no longer listed)" in run(home, *status)


@pytest.mark.parametrize(
    ("options", "days", "gone"),
    [
        (("--older-than", "40"), 39, 0),
        (("--older-than", "40"), 41, 1),
        (("--older-than", "1"), 29, 0),  # as long as a digest can be sent once more
        (("--older-than", "1"), 31, 1),
        (("--older-than", "3650"), 91, 1),
        (("--max-size", "20GB"), 89, 0),
        (("--max-size", "20GB"), 91, 1),
    ],
)
def test_pruning_the_database_lets_go_of_old_mails_too(
    home: Path, options: tuple[str, ...], days: int, gone: int
) -> None:
    add(home, "--keyword", "bão")
    run(home, "digest", "send", "--now", DUE.isoformat())
    now = (DUE + timedelta(days=days)).isoformat()
    said = run(home, "db", "prune", *options, "--now", now)
    assert f"removed {gone} mail{'s' * (gone != 1)} from the outbox" in said
