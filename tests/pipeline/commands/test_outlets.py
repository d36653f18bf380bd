"""`diembao outlets …` as a person or a script uses it."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from crawlers.archive import ArchiveWriter, Recorded
from models.errors import ConfigError
from models.ports import EndpointState, Named
from pipeline.settings import CONFIG_DIR
from pipeline.store import collection, open_store
from tests.conftest import Databases
from tests.pipeline.store.material import NOW, remember
from tests.support.program import invoke
from tests.support.server import rss

AT = NOW.isoformat()
FEED, SITEMAP = "https://vnexpress.net/rss/tin-moi-nhat.rss", "https://vnexpress.net/google-news-sitemap.xml"

OUTLET = """# by hand
name = "Báo Mẫu"
homepage = "https://bao.vn/"
language = "vi"
hosts = ["bao.vn"]

[[endpoint]]
kind = "feed"
url = "https://bao.vn/rss"
grade = "B"
"""


def run(*words: str | Path) -> Result:
    return invoke("outlets", *words)


def filled(databases: Databases) -> str:
    """A database in which a feed named two articles of yesterday and a sitemap one of them, without a time,
    and one of today; and an outlet whose feed has been failing."""
    url = databases.ready()
    yesterday = NOW - timedelta(hours=20)
    with open_store(url) as store:
        with store.writing() as connection:
            named = [
                Named("https://vnexpress.net/a-1.html", yesterday),
                Named("https://vnexpress.net/b-2.html", yesterday),
            ]
            collection.add_namings(connection, "vnexpress", FEED, "feed", named, NOW)
            named = [
                Named("https://vnexpress.net/b-2.html", None),
                Named("https://vnexpress.net/c-3.html", NOW),
            ]
            collection.add_namings(connection, "vnexpress", SITEMAP, "sitemap", named, NOW)
        good = EndpointState(url=FEED, outlet="vnexpress", polls=2, last_success_at=NOW, last_count=2)
        bad = EndpointState(
            url="https://tuoitre.vn/rss/tin-moi-nhat.rss",
            outlet="tuoitre",
            polls=4,
            failures=4,
            last_reason="timeout",
        )
        remember(store, good, bad)
    return url


def test_coverage_shows_what_the_sitemap_missed_of_a_day(sqlite_databases: Databases) -> None:
    url = filled(sqlite_databases)
    done = run("coverage", "--outlet", "vnexpress", "--day", "2026-11-21", "--db", url, "--json")
    record = json.loads(done.stdout)
    assert record["named"] == {"feed": 2, "sitemap": 1}
    assert record["missed"] == [
        {"url": "https://vnexpress.net/a-1.html", "named_by": ["feed"], "missed_by": ["sitemap"]}
    ]
    text = run("coverage", "--outlet", "vnexpress", "--now", AT, "--db", url).stdout
    told = "không có ở sitemap · not in sitemap: https://vnexpress.net/a-1.html"
    assert told in text, "yesterday is what is shown without a day"
    rows = [line.split() for line in text.splitlines()]
    assert ["báo", "tất", "cả", "RSS", "riêng", "sitemap", "riêng", "chuyên", "mục", "riêng"] in rows
    assert ["outlet", "all", "feed", "alone", "sitemap", "alone", "listing", "alone"] in rows
    assert ["vnexpress", "2", "2", "(100%)", "1", "1", "(50%)", "0", "-", "-"] in rows
    assert max(map(len, text.splitlines()[:4])) <= 80


@pytest.fixture
def outlets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of outlet files of a configuration without any."""
    folder = tmp_path / "config"
    shutil.copytree(CONFIG_DIR / "profiles", folder / "profiles")
    (folder / "outlets").mkdir()
    monkeypatch.setenv("DIEMBAO_CONFIG_DIR", str(folder))
    return folder / "outlets"


def recorded(folder: Path, home_page: str) -> str:
    """An archive of a home page and a feed."""
    writer = ArchiveWriter(folder)
    for url, body in {
        "https://bao.vn/rss": rss("https://bao.vn/tin-1234567.html"),
        "https://bao.vn/": home_page,
    }.items():
        head = (("Content-Type", "text/html"),)
        writer.write(Recorded(url=url, status=200, headers=head, body=body.encode(), recorded_at=NOW))
    writer.close()
    return str(writer.path or "")


def test_an_outlet_that_is_added_can_be_used_at_once_and_is_never_written_over(
    outlets: Path, tmp_path: Path
) -> None:
    feed = '<link rel="alternate" type="application/rss+xml" href="/rss">'
    page = f'<meta property="og:site_name" content="Báo Mẫu">{feed}'
    asked = ("add", "https://bao.vn/", "--save", "--now", AT, "--replay", recorded(tmp_path, page))
    assert run(*asked).exit_code == 0
    written = (outlets / "bao.toml").read_text("utf-8")
    assert "https://bao.vn/rss" in written
    assert "Báo Mẫu" in run("list").stdout
    assert isinstance(run(*asked).exception, ConfigError)
    assert (outlets / "bao.toml").read_text("utf-8") == written


def test_a_proposal_that_would_stop_every_other_command_is_not_saved(outlets: Path, tmp_path: Path) -> None:
    archive = recorded(tmp_path, "<html lang=vi><title>Báo không có kênh tin</title>")
    done = run("add", "https://bao.vn/", "--save", "--now", AT, "--replay", archive)
    assert isinstance(done.exception, ConfigError)
    assert "endpoint: is missing" in str(done.exception)
    assert not (outlets / "bao.toml").exists()
    assert run("list").exit_code == 0


def test_a_probe_replays_a_recorded_outlet_and_writes_what_it_saw(outlets: Path, tmp_path: Path) -> None:
    file = outlets / "bao-mau.toml"
    file.write_text(OUTLET, "utf-8")
    archive = recorded(tmp_path, "<p>")
    done = run("probe", "bao-mau", "--update", "--now", AT, "--replay", archive, "--json")
    record = json.loads(done.stdout)
    assert [each["state"] for each in record["endpoints"]] == ["OK"]
    assert record["sample"]["outcome"] == "not_in_archive"
    assert (record["verdict"], done.exit_code) == ("FAILING", 2)
    assert file.read_text("utf-8") == OUTLET.replace('"B"', '"A"\nchecked = 2026-11-22')


def test_feeds_of_another_reader_are_told_apart_from_those_that_are_configured(tmp_path: Path) -> None:
    opml = tmp_path / "feeds.opml"
    opml.write_bytes(invoke("outlets", "export").stdout_bytes)
    text = opml.read_text("utf-8").replace(
        "https://vnexpress.net/rss/the-thao.rss", "https://vnexpress.net/rss/x.rss"
    )
    opml.write_text(text, "utf-8")
    fresh = [
        record
        for line in run("import", opml, "--json").stdout.splitlines()
        if not (record := json.loads(line))["configured"]
    ]
    assert [(each["url"], each["outlet"]) for each in fresh] == [
        ("https://vnexpress.net/rss/x.rss", "vnexpress")
    ]


def test_health_lists_the_worst_first_and_says_why(sqlite_databases: Databases) -> None:
    url = filled(sqlite_databases)
    first, second = map(json.loads, run("health", "--now", AT, "--db", url, "--json").stdout.splitlines())
    assert (first["outlet"], first["state"], second["outlet"]) == ("tuoitre", "FAILING", "vnexpress")
    assert "timeout" in first["reason"]
    assert second["endpoints"][0]["url"] == FEED
    text = run("health", "--now", AT, "--db", url).stdout
    vietnamese, english, row, why, failing, well = text.splitlines()
    assert row.startswith("tuoitre              FAILING ")
    assert why.startswith("    lỗi: 1/1 kênh không đọc được; https://")
    assert why.endswith(": quá thời gian chờ")
    assert failing.startswith("    1 of 1 endpoints fail; https://")
    assert well.startswith("vnexpress            OK ")
    assert {len(line) for line in (vietnamese, english, row, well)} == {79}, "a terminal of 80 columns"
    assert "kênh" not in first["reason"], "what programs read stays as it is"
    metrics = run("health", "--metrics", "--now", AT, "--db", url).stdout
    assert 'diembao_outlet_state{outlet="tuoitre",state="FAILING"} 1' in metrics


def test_the_second_bad_check_alarms_and_the_third_does_not(sqlite_databases: Databases) -> None:
    url = filled(sqlite_databases)
    done = [run("health", "--check", "--now", AT, "--db", url) for _ in range(3)]
    assert [each.exit_code for each in done] == [0, 3, 0]
    assert done[1].stdout.startswith("tuoitre: FAILING · lỗi\n    1/1 kênh không đọc được; ")
