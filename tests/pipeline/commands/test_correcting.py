"""`correct` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.errors import ConfigError
from pipeline.cli import build_app
from pipeline.commands.signed import gathered
from pipeline.store import open_store
from pipeline.tag.evaluate import read_items
from tests.pipeline.store.material import NOW, new, province, topic

URL = new(1).article.url


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A database of two articles about Đà Nẵng."""
    with open_store(f"sqlite:///{tmp_path}/diembao.sqlite3") as store:
        danang, economy = (province("vn34:48", "vn63:49"),), (topic("04000000"),)
        store.save([new(number, provinces=danang, topics=economy) for number in (1, 2)], now=NOW)
    return tmp_path


def run(home: Path, *words: str) -> str:
    """What the command prints on standard output."""
    done = CliRunner().invoke(
        build_app(), ["correct", *words, "--home", str(home), "--now", NOW.isoformat(), "--by", "lan"]
    )
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_an_option_takes_all_signed_words_that_follow() -> None:
    typed = ["A", "--province", "+48", "-79", "\u221280", "--topic", "-x", "--note", "-79", "-y"]
    assert list(gathered(typed)) == [
        *("A", "--province=+48", "--province=-79", "--province=\u221280", "--topic=-x"),
        *("--note", "-79", "-y"),
    ]


def test_provinces_and_topics_go_by_name_alias_and_code(home: Path) -> None:
    places, topics = ("--province", "+hue", "-48", "+Quảng Trị"), ("--topic", "+tourism")
    shown = json.loads(run(home, f"{URL}?utm_source=x", *places, *topics, "--json"))
    assert [p["code"] for p in shown["provinces"]] == ["vn34:46", "vn34:44"]
    assert [t["id"] for t in shown["topics"]] == ["medtop:04000000", "medtop:20000331"]
    assert {each["by"] for each in shown["corrections"]} == {"lan"}


def test_a_former_province_brings_the_one_that_it_lies_in(home: Path) -> None:
    shown = json.loads(run(home, URL, "--province", "-48", "+Bắc Giang", "--mentioned", "--json"))
    assert [(p["code"], p["old_codes"], p["role"]) for p in shown["provinces"]] == [
        ("vn34:24", ["vn63:24"], "mentioned")
    ]


def test_a_topic_taken_away_takes_the_finer_ones_along_unless_one_is_added(home: Path) -> None:
    shown = json.loads(run(home, URL, "--topic", "-economy, business and finance", "+tourism", "--json"))
    assert [t["id"] for t in shown["topics"]] == ["medtop:20000331"]
    denied = [each["value"] for each in shown["corrections"] if each["verdict"] == "no"]
    assert "medtop:04000000" in denied
    assert "medtop:20000331" not in denied
    assert len(denied) > 1


def test_the_list_says_who_and_why_and_undo_takes_it_back(home: Path) -> None:
    run(home, URL, "--province", "+46", "-48", "--note", "cầu ở Huế")
    shown = run(home, "--list")
    assert "+Huế, −Đà Nẵng · corrected by lan on 2026-11-22: cầu ở Huế" in shown
    assert URL in shown
    assert "taken back: 1" in run(home, URL, "--undo", "--province", "huế")
    assert "−Đà Nẵng" in run(home, "--list")
    run(home, URL, "--undo")
    assert "nothing corrected" in run(home, "--list")


def test_corrected_articles_are_exported_as_items_that_evaluation_reads(home: Path, tmp_path: Path) -> None:
    run(home, URL, "--province", "+Bắc Giang")
    run(home, new(2).article.url, "--topic", "+tourism")
    file = tmp_path / "labelled.jsonl"
    assert "2 articles" in run(home, "--export", str(file))
    items = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [item["corrected"] for item in items] == [["provinces"], ["topics"]]
    assert (items[0]["provinces"], items[0]["old_provinces"]) == (["48", "24"], ["49", "24"])
    assert not items[0]["text"].startswith(items[0]["lead"])
    assert [item["url"] for item in read_items(file)] == [URL]  # the other one's provinces nobody looked at


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((URL, "--province", "48"), "no sign"),
        ((URL, "--province", "+Atlantis"), "no province is known"),
        ((URL, "--topic", "+atlantology"), "no topic is known"),
        ((URL, "--province", "+48", "-Đà Nẵng"), "both added and taken away"),
        ((URL,), "nothing to correct"),
        ((), "no article named"),
        (("https://bao.example.vn/khac.html", "--province", "+48"), "no such article"),
        (("9" * 19, "--province", "+48"), "no such article"),
        (("9" * 5000, "--province", "+48"), "no such article"),
        ((URL, "--undo", "--province", "46"), "no such correction"),
    ],
)
def test_what_cannot_be_done_is_said(home: Path, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        run(home, *words)
