"""The whole program on the recorded newsroom: by replay, over a real HTTP server, killed half-way."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.archive import ArchiveReader
from tests.conftest import ROOT
from tests.newsroom.sources import load_articles, load_gold, load_sites

pytestmark = pytest.mark.xdist_group("newsroom")  # one worker, so that its fixtures are made once

ARCHIVE = ROOT / "tests" / "newsroom" / "newsroom.warc.gz"
NOW = "2026-11-15T23:45+07:00"


def diembao(*words: str, home: Path, stdin: str = "", check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "DIEMBAO_HOME": str(home), "PYTHONIOENCODING": "utf-8"},
    )
    assert not check or done.returncode == 0, done.stderr
    return done


def outlets() -> list[str]:
    """The options that name the newsroom's outlets."""
    return [word for slug in load_sites() for word in ("--outlet", slug)]


def collect(home: Path, now: str = NOW) -> dict[str, Any]:
    done = diembao("collect", "--replay", str(ARCHIVE), "--now", now, "--json", *outlets(), home=home)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


Content = tuple[list[dict[str, Any]], dict[str, str]]
"""Articles by address, and the outcome of every address."""


def content(home: Path) -> Content:
    """What the database holds, as exports show it."""
    articles = lines(diembao("export", "--jsonl", home=home).stdout)
    met = lines(diembao("outcomes", "--jsonl", home=home).stdout)
    return sorted(articles, key=lambda a: str(a["canonical_url"])), {o["url"]: o["outcome"] for o in met}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """One pass over the newsroom at the end of its week."""
    home = tmp_path_factory.mktemp("newsroom")
    return home, collect(home)


@pytest.fixture(scope="module")
def held(collected: tuple[Path, dict[str, Any]]) -> Content:
    """What the database held after that pass."""
    return content(collected[0])


def test_every_address_of_the_newsroom_ends_as_its_sources_say(held: Content) -> None:
    _, outcomes = held
    wrong = {
        gold.url: outcomes.get(gold.url) for gold in load_gold() if outcomes.get(gold.url) != gold.outcome
    }
    assert not wrong


def test_stored_articles_are_what_was_written(held: Content) -> None:
    stored = {article["canonical_url"]: article for article in held[0]}
    kept = [gold for gold in load_gold() if gold.outcome in ("stored", "revised")]
    assert len(kept) > 60
    for gold in kept:
        article = stored[gold.url]
        assert article["title"] == gold.title
        assert article["lang"] == gold.lang
        published = datetime.fromisoformat(article["published_at"])
        assert abs(published - gold.published) < timedelta(minutes=1)


def test_provinces_and_topics_agree_with_the_labels(held: Content) -> None:
    """Floors, not exact answers: what the taggers reach on the newsroom today, less a little."""
    stored = {article["canonical_url"]: article for article in held[0]}
    kept = [gold for gold in load_gold() if gold.url in stored]
    right = sum(
        {p["code"] for p in stored[gold.url]["provinces"] if p["role"] == "about"}
        == {f"vn34:{code}" for code in gold.provinces}
        for gold in kept
    )
    assert right / len(kept) >= 0.9
    hits = sum(
        bool({t["id"] for t in stored[gold.url]["topics"]} & set(gold.topics)) for gold in kept if gold.topics
    )
    assert hits / sum(bool(gold.topics) for gold in kept) >= 0.75


def assert_tagged_as_stored(given: list[dict[str, Any]], home: Path, stored: list[dict[str, Any]]) -> None:
    """`tag --jsonl` says of these records what the store has."""
    words = "\n".join(json.dumps(record) for record in given)
    answers = lines(diembao("tag", "--jsonl", home=home, stdin=words).stdout)
    kinds = ("provinces", "topics", "watched")
    assert [{kind: answer[kind] for kind in kinds} for answer in answers] == [
        {kind: article[kind] for kind in kinds} for article in stored
    ]


def test_what_is_exported_is_tagged_as_it_was_stored(
    collected: tuple[Path, dict[str, Any]], held: Content
) -> None:
    assert_tagged_as_stored(held[0], collected[0], held[0])


def test_what_is_extracted_is_tagged_as_it_was_stored(
    collected: tuple[Path, dict[str, Any]], held: Content, tmp_path: Path
) -> None:
    stored, archive = held[0], ArchiveReader([ARCHIVE])
    pages = []
    for number, article in enumerate(stored):
        page = archive.lookup(article["canonical_url"], datetime.fromisoformat(NOW))
        assert page is not None
        (tmp_path / f"{number}.html").write_bytes(page.body)
        pages.append({"url": article["canonical_url"], "html_file": str(tmp_path / f"{number}.html")})
    words = "\n".join(json.dumps(page) for page in pages)
    read = lines(diembao("extract", "--jsonl", home=tmp_path, stdin=words).stdout)
    assert_tagged_as_stored(read, collected[0], stored)


def test_every_piece_of_exported_evidence_stands_where_it_says(held: Content) -> None:
    checked = 0
    for article in held[0]:
        for tag in (*article["provinces"], *article["topics"], *article["watched"]):
            for each in tag["evidence"]:
                assert article[each["field"]][each["start"] : each["end"]] == each["text"]
                checked += each["field"] == "body"
    assert checked > 500


def test_a_second_pass_over_the_same_archive_stores_nothing_new(
    collected: tuple[Path, dict[str, Any]], held: Content
) -> None:
    home, first = collected
    second = collect(home)
    assert first["outcomes"]["stored"] > 60
    assert not {"stored", "revised", "teaser"} & set(second["outcomes"])
    assert content(home) == held


def test_a_pass_killed_half_way_and_run_again_ends_like_one_clean_pass(held: Content, tmp_path: Path) -> None:
    killed = 0
    for wanted in (5, 40):
        killed += kill_when_stored(tmp_path, wanted)
    assert killed, "the pass ended before it could be killed"
    collect(tmp_path)
    assert content(tmp_path) == held


KILLS = int(os.environ.get("DIEMBAO_KILLS", "3"))
"""How often the test below kills a pass; 200 take half an hour."""


def test_r1_passes_killed_at_random_moments_lose_nothing_and_end_like_one_clean_pass(
    held: Content, tmp_path: Path
) -> None:
    """Three kills to a database, each followed by a check of it, then one pass that is let end."""
    seed = random.randrange(10**6)
    moments = random.Random(seed)
    for number in range(0, KILLS, 3):
        home, kept = tmp_path / str(number), 0
        for _ in range(min(3, KILLS - number)):
            moment = moments.uniform(0.5, 5.0)
            kill_after(home, moment)
            stored = stored_in(home)
            assert stored >= kept, f"seed {seed}, after {moment:.2f} s: articles were lost"
            kept = stored
            if stored:
                done = diembao("db", "check", home=home, check=False)
                assert done.returncode == 0, f"seed {seed}, after {moment:.2f} s: {done.stdout}{done.stderr}"
        collect(home)
        assert content(home) == held, f"seed {seed}, kills from {number} on"


def kill_after(home: Path, seconds: float) -> None:
    """Start a pass and SIGKILL it then, if it has not ended."""
    process = start_pass(home)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def start_pass(home: Path) -> subprocess.Popen[bytes]:
    command = ["collect", "--replay", str(ARCHIVE), "--now", NOW, *outlets()]
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", *command],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "DIEMBAO_HOME": str(home)},
    )


def stored_in(home: Path) -> int:
    """How many articles the database holds; 0 while it is being made."""
    database = home / "diembao.sqlite3"
    if not database.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            (stored,) = connection.execute("SELECT count(*) FROM article").fetchone()
    except sqlite3.Error:
        return 0
    return int(stored)


def kill_when_stored(home: Path, wanted: int) -> int:
    """Start a pass and SIGKILL it once the database holds that many articles; 1 if it was still running."""
    process = start_pass(home)
    for _ in range(2000):
        if process.poll() is not None:
            return 0
        time.sleep(0.02)
        if stored_in(home) >= wanted:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return 1
    process.kill()
    process.wait()
    return 0


def test_an_article_that_changed_between_two_mornings_is_revised_on_the_second(tmp_path: Path) -> None:
    """The demo plays all mornings of the week in one process; here each has its own."""
    [article] = [each for each in load_articles() if len(each.versions) > 1]
    changed = article.versions[-1].at.date()
    for day, outcome in ((changed, "stored"), (changed + timedelta(days=1), "revised")):
        report = collect(tmp_path, now=f"{day}T05:50+07:00")
        articles, outcomes = content(tmp_path)
        titles = {each["canonical_url"]: each["title"] for each in articles}
        assert report["outcomes"].get("revised", 0) == (outcome == "revised")
        assert outcomes[article.gold.url] == outcome
        assert titles[article.gold.url] == article.versions[outcome == "revised"].title


def test_a_search_without_tones_finds_the_words_with_tones(collected: tuple[Path, dict[str, Any]]) -> None:
    home, _ = collected
    marked = lines(diembao("search", "đà nẵng", "--format", "ndjson", "--limit", "200", home=home).stdout)
    bare = lines(diembao("search", "da nang", "--format", "ndjson", "--limit", "200", home=home).stdout)
    assert marked
    assert {hit["url"] for hit in marked} <= {hit["url"] for hit in bare}
    times = [hit["published_at"] for hit in marked]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("name", ["Quảng Nam", "quang nam", "vn63:49"])
def test_a_former_province_finds_what_names_it_or_lies_in_it(
    collected: tuple[Path, dict[str, Any]], name: str
) -> None:
    home, _ = collected
    found = lines(diembao("search", "--province", name, "--format", "ndjson", home=home).stdout)
    assert found
    assert all("vn63:49" in hit["old_provinces"] for hit in found)


def test_an_unknown_province_finds_nothing_and_says_why(collected: tuple[Path, dict[str, Any]]) -> None:
    done = diembao("search", "--province", "Atlantis", "--format", "ndjson", home=collected[0])
    assert not done.stdout
    assert "Atlantis" in done.stderr


def test_without_a_network_the_unreachable_outlets_are_named_and_nothing_is_lost(
    collected: tuple[Path, dict[str, Any]], held: Content
) -> None:
    """Loopback answers nothing on port 443 here, and every outlet's address leads nowhere."""
    home, _ = collected
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, "collect", "--outlet", "vnexpress", "--outlet", "vov"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "DIEMBAO_HOME": str(home)},
    )
    assert done.returncode == 2, done.stderr
    assert "vnexpress" in done.stdout
    assert "vov" in done.stdout
    assert content(home)[0] == held[0]


OFFLINE = """
import socket, sys
def nowhere(*args, **kwargs):
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
socket.getaddrinfo = nowhere
from pipeline.cli import main
main()
"""
