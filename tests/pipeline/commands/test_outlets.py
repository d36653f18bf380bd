"""`diembao outlets …` as a person or a script uses it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from typer.testing import CliRunner, Result

from models.ports import EndpointState, Named
from pipeline.cli import build_app
from pipeline.store import collection, open_store
from tests.conftest import Databases
from tests.pipeline.store.material import NOW

AT = NOW.isoformat()
FEED, SITEMAP = "https://vnexpress.net/rss/tin-moi-nhat.rss", "https://vnexpress.net/google-news-sitemap.xml"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(build_app(), ["outlets", *map(str, words)])


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
        store.save_endpoint_states([good, bad])
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
    assert "not in sitemap: https://vnexpress.net/a-1.html" in text, (
        "yesterday is what is shown without a day"
    )


def test_health_lists_the_worst_first_and_says_why(sqlite_databases: Databases) -> None:
    url = filled(sqlite_databases)
    first, second = map(json.loads, run("health", "--now", AT, "--db", url, "--json").stdout.splitlines())
    assert (first["outlet"], first["state"], second["outlet"]) == ("tuoitre", "FAILING", "vnexpress")
    assert "timeout" in first["reason"]
    assert second["endpoints"][0]["url"] == FEED
    text = run("health", "--now", AT, "--db", url).stdout
    assert text.splitlines()[1].startswith("tuoitre")
    metrics = run("health", "--metrics", "--now", AT, "--db", url).stdout
    assert 'diembao_outlet_state{outlet="tuoitre",state="FAILING"} 1' in metrics


def test_the_second_bad_check_alarms_and_the_third_does_not(sqlite_databases: Databases) -> None:
    url = filled(sqlite_databases)
    done = [run("health", "--check", "--now", AT, "--db", url) for _ in range(3)]
    assert [each.exit_code for each in done] == [0, 3, 0]
    assert "tuoitre: FAILING" in done[1].stdout
