"""What cannot be done is told in one line that names what is wrong."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from models.errors import DiemBaoError
from pipeline.commands.demo import fresh_settings
from pipeline.digest.guard import InstanceGuard
from pipeline.settings import load_settings
from pipeline.store import open_store
from tests.conftest import ROOT, Databases
from tests.pipeline.store.material import NOW, new
from tests.support.program import invoke

AT = NOW.isoformat()
README = ROOT / "README.md"


def run(*words: str | Path) -> Result:
    return invoke(*words)


def refusal(done: Result) -> str:
    """The one line of a command that was refused."""
    assert isinstance(done.exception, DiemBaoError), done.output
    assert len(str(done.exception).splitlines()) == 1
    return str(done.exception)


@pytest.fixture
def url(sqlite_databases: Databases) -> str:
    """A database with three articles."""
    url = sqlite_databases.ready()
    with open_store(url) as store:
        store.save([new(number) for number in range(3)], now=NOW)
    return url


@pytest.mark.parametrize("size", ["0", "0GB", "0.4B", "20"])
def test_pruning_to_nothing_is_refused_and_removes_nothing(url: str, size: str) -> None:
    """Elsewhere 0 means no bound; 20 lacks its unit."""
    assert "would leave no article" in refusal(run("db", "prune", "--max-size", size, "--db", url))
    with open_store(url) as store:
        assert store.stats().articles == 3


def test_a_size_beyond_what_a_database_counts_removes_nothing(url: str) -> None:
    done = run("db", "prune", "--max-size", "9" * 400 + "TB", "--db", url)
    assert (done.exit_code, done.stdout[:18]) == (0, "removed 0 articles")


@pytest.mark.parametrize(
    "words",
    [
        ("db", "prune", "--older-than"),
        ("outlets", "drift", "--days"),
        ("digest", "status", "--days"),
        ("evaluate", "digest", "--days"),
    ],
    ids=" ".join,
)
def test_days_that_lead_out_of_the_calendar_are_refused(words: tuple[str, ...], url: str) -> None:
    done = run(*words, "99999999", "--db", url)
    assert done.exit_code == 2
    assert "36500" in done.stderr


def test_a_place_that_cannot_be_written_is_named(url: str, tmp_path: Path) -> None:
    page, missing = tmp_path / "page.html", tmp_path / "missing" / "x.html"
    page.write_text("<html><body><p>Tin</p></body></html>", "utf-8")
    assert str(missing) in refusal(run("explain", page, "--html", missing))
    preview = ("digest", "preview", "ban-tin-sang", "--out", page, "--db", url, "--now", AT)
    assert str(page) in refusal(run(*preview))
    assert str(page / "home") in refusal(run("demo", "--home", page / "home"))


def test_a_copy_of_the_database_that_cannot_be_written_is_named(url: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    assert str(file) in refusal(run("db", "backup", file / "copy", "--db", url))
    assert str(file) in refusal(run("db", "backup", file / "deep" / "copy", "--db", url))


@pytest.mark.parametrize("given", ["missing", "folder", "latin", "-"])
def test_the_form_of_a_subscription_that_cannot_be_read_is_named(
    given: str, url: str, tmp_path: Path
) -> None:
    options = ("--db", url, "--home", tmp_path)
    run("subscriptions", "add", "cau", "--to", "an@example.org", "--title", "Cầu", *options)
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin").write_bytes("Cầu".encode("utf-16"))
    file = given if given == "-" else str(tmp_path / given)
    words = ["subscriptions", "edit", "cau", "--file", file, "--db", url, "--home", str(tmp_path)]
    done = invoke(*words, stdin="Cầu".encode("utf-16"))
    assert refusal(done).startswith(f"{file}: cannot be read")


@pytest.mark.parametrize(
    "garbage", [b"\xff\xfe\x00", b"", b"[1]", b'{"instance": 1, "host": "", "passes": 1e999}']
)
def test_a_note_of_the_instance_that_is_garbage_lets_nothing_be_sent_until_confirmed(
    garbage: bytes, sqlite_databases: Databases, tmp_path: Path
) -> None:
    url = sqlite_databases.ready()
    options = ("--db", url, "--home", tmp_path, "--now", AT)
    assert run("digest", "send", *options).exit_code == 0
    note = Path(f"{url.removeprefix('sqlite:///')}.instance")
    assert note.is_file()
    note.write_bytes(garbage)
    assert "diembao digest confirm" in refusal(run("digest", "send", *options))
    assert run("digest", "confirm", *options).exit_code == 0
    assert run("digest", "send", *options).exit_code == 0


def test_a_note_of_the_instance_that_cannot_be_read_is_named(
    sqlite_databases: Databases, tmp_path: Path
) -> None:
    url = sqlite_databases.ready()
    note = Path(f"{url.removeprefix('sqlite:///')}.instance")
    note.mkdir()
    assert refusal(run("digest", "send", "--db", url, "--home", tmp_path)).startswith(
        f"{note}: nothing is sent"
    )


@pytest.mark.parametrize("kept", [b"", b" \n"])
def test_a_file_of_the_key_that_holds_none_is_named_and_nothing_is_planned(
    kept: bytes, url: str, tmp_path: Path
) -> None:
    """As a crash may leave it."""
    options = ("--db", url, "--home", tmp_path)
    run("subscriptions", "add", "cau", "--to", "an@example.org", "--title", "Cầu", *options)
    (tmp_path / "secret").write_bytes(kept)
    morning = ("--now", (NOW + timedelta(days=1)).isoformat())
    assert refusal(run("digest", "plan", *options, *morning)).startswith(
        f"{tmp_path / 'secret'}: holds no key"
    )
    (tmp_path / "secret").unlink()
    assert run("digest", "plan", *options, *morning).exit_code == 0
    made = tmp_path / "secret"
    assert (made.stat().st_mode & 0o777, len(made.read_text("ascii"))) == (0o600, 64)


def test_a_folder_may_be_named_by_way_of_one_that_is_missing(tmp_path: Path) -> None:
    wanted = tmp_path / "missing" / ".." / "home"
    assert fresh_settings(wanted).home == load_settings(home=wanted).home == tmp_path / "home"
    assert [each.name for each in tmp_path.iterdir()] == ["home"]


@pytest.mark.parametrize(
    "words",
    [("settings",), ("outlets", "list"), ("outlets", "export"), ("subscriptions", "list")],
    ids=" ".join,
)
def test_a_configuration_that_is_not_there_is_told(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "nope"
    monkeypatch.setenv("DIEMBAO_CONFIG_DIR", str(missing))
    monkeypatch.setenv("DIEMBAO_HOME", str(tmp_path))
    assert refusal(run(*words)).startswith(f"{missing}: no such folder")


def test_settings_that_are_no_utf8_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(b'mail_from = "\xd0i\xea\xcc"\n')
    monkeypatch.setenv("DIEMBAO_CONFIG_DIR", str(tmp_path))
    assert refusal(run("settings")).startswith(f"{file}: cannot be read")


def test_a_file_that_is_no_feed_is_an_error_and_an_empty_feed_is_none(tmp_path: Path) -> None:
    empty = tmp_path / "empty.xml"
    empty.write_text("<rss version='2.0'><channel><title>Tin</title></channel></rss>", "utf-8")
    assert "not a feed" in refusal(run("feed", README))
    asked = run("feed", README, "--json")
    assert "not a feed" in refusal(asked)
    assert json.loads(asked.stdout)["entries"] == []
    assert run("feed", empty).exit_code == 0


def test_a_time_that_cannot_be_read_is_that_of_the_option_which_was_given(url: str, tmp_path: Path) -> None:
    done = run("db", "export", tmp_path / "all", "--since", "abc", "--db", url)
    assert refusal(done).startswith("--since: 'abc' is not a time")


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("hom-nao", "--date: 'hom-nao' is not a day"),
        ("12/11/2026", "bao 2026-11-12: no such digest"),
        ("2026-11-12T06Z", "bao 2026-11-12T06Z: no such digest"),
    ],
)
def test_a_digest_is_found_by_any_form_of_its_date(date: str, told: str, url: str) -> None:
    assert refusal(run("digest", "resend", "bao", "--date", date, "--db", url, "--now", AT)).startswith(told)


def test_a_digest_is_not_sent_once_more_from_a_copy(url: str, tmp_path: Path) -> None:
    """The database is a copy that nobody has confirmed."""
    options = ("--db", url, "--home", tmp_path)
    morning = ("--now", (NOW + timedelta(days=1)).isoformat())
    added = run("subscriptions", "add", "cau", "--to", "an@example.org", "--title", "Cầu", *options)
    assert added.exit_code == 0, added.output
    assert run("digest", "send", *options, *morning).exit_code == 0
    with open_store(url) as store:
        InstanceGuard(tmp_path / "elsewhere", "another-machine").advance(store, NOW)
    told = refusal(run("digest", "resend", "cau", *options, *morning))
    assert "nothing is sent: mails were last sent from another-machine" in told
    assert "diembao digest confirm" in told


def test_an_archive_that_is_none_is_told_in_one_line(url: str, tmp_path: Path) -> None:
    for words in (("collect", "--replay", README), ("reprocess", "--stage", "extract", "--archive", README)):
        assert "not a WARC file" in refusal(run(*words, "--db", url, "--home", tmp_path))


def test_a_list_of_feeds_is_named_where_it_cannot_be_read_and_every_feed_of_it_is_accounted_for(
    tmp_path: Path,
) -> None:
    listed = tmp_path / "feeds.opml"
    assert refusal(run("outlets", "import", README)).startswith(f"{README}: not XML")
    urls = ["https://moi.vn/rss", "ftp://moi.vn/rss", "javascript:alert(1)", "http://127.0.0.1/x.rss"]
    outlines = "".join(f'<outline xmlUrl="{each}"/>' for each in urls)
    listed.write_text(f"<opml><body>{outlines}</body></opml>", "utf-8")
    done = run("outlets", "import", listed)
    assert "0 of 4" in done.stderr
    assert all(f"left out {each}" in done.stderr for each in urls[1:])
    assert done.stdout.count("config/outlets/") == 1
    records = [json.loads(line) for line in run("outlets", "import", listed, "--json").stdout.splitlines()]
    assert [each["url"] for each in records] == urls
    assert [bool(each["left_out"]) for each in records] == [False, True, True, True]


@pytest.mark.parametrize("other", ["--json", "--check"])
def test_metrics_are_given_alone(other: str, url: str) -> None:
    done = run("outlets", "health", "--metrics", other, "--db", url)
    assert refusal(done).startswith(f"--metrics: does not go with {other}")
