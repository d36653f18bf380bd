"""`correct` as a person types it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.correction import Correction, TagKind, Verdict
from models.errors import ConfigError
from pipeline.commands.signed import gathered
from pipeline.store import open_store
from pipeline.tag.evaluate import read_items
from tests.conftest import ROOT
from tests.pipeline.store.material import NOW, new, province, topic
from tests.support.program import invoke

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
    done = invoke("correct", *words, "--home", home, "--now", NOW.isoformat(), "--by", "lan")
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
    assert "+Huế, −Đà Nẵng · lan sửa ngày 22/11/2026: cầu ở Huế" in shown
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


TRANSPORT, TRADE = "medtop:20000337", "medtop:20000373"


@pytest.fixture
def port(home: Path) -> str:
    """The address of an article about transport and international trade, which lies below the economy."""
    with open_store(f"sqlite:///{home}/diembao.sqlite3") as store:
        store.save([new(3, topics=(topic("20000337"), topic("20000373")))], now=NOW)
    return new(3).article.url


def topics_after(home: Path, *words: str) -> list[str]:
    return [each["id"] for each in json.loads(run(home, *words, "--json"))["topics"]]


def values(home: Path) -> list[str]:
    return [json.loads(line)["value"] for line in run(home, "--list", "--json").splitlines()]


def test_a_denial_that_is_taken_back_by_an_affirmation_takes_back_all_that_it_implied(
    home: Path, port: str
) -> None:
    assert topics_after(home, port, "--topic", "-economy, business and finance") == []
    affirmed = topics_after(home, port, "--topic", "+economy, business and finance")
    assert affirmed == [TRANSPORT, TRADE, "medtop:04000000"]
    assert values(home) == ["medtop:04000000"]


def test_what_was_denied_for_itself_stays_denied(home: Path, port: str) -> None:
    """Also when it was denied again with the topic above it, before or after."""
    economy, trade = "economy, business and finance", TRADE
    run(home, port, "--topic", f"-{trade}")
    run(home, port, "--topic", f"-{economy}")
    assert topics_after(home, port, "--topic", f"+{economy}") == [TRANSPORT, "medtop:04000000"]
    run(home, port, "--undo")
    run(home, port, "--topic", f"-{economy}")
    run(home, port, "--topic", f"-{trade}")
    assert topics_after(home, port, "--topic", f"+{economy}") == [TRANSPORT, "medtop:04000000"]


def test_an_affirmed_finer_topic_survives_only_until_the_one_above_is_denied_again(
    home: Path, port: str
) -> None:
    run(home, port, "--topic", "-economy, business and finance")
    assert topics_after(home, port, "--topic", f"+{TRADE}") == [TRADE]
    assert topics_after(home, port, "--topic", "-economy, business and finance") == []


def test_a_topic_that_is_configured_no_more_can_be_taken_back(
    home: Path, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = home / "config"
    shutil.copytree(ROOT / "config", config)
    monkeypatch.setenv("DIEMBAO_CONFIG_DIR", str(config))
    before = (config / "topics.toml").read_text("utf-8")
    own = '\n[topic."vn:caves"]\nlabel_vi = "hang động"\nlabel_en = "caves"\nstrong_vi = ["hang động"]\n'
    for name in ("caves", "vn:caves"):
        (config / "topics.toml").write_text(before + own, "utf-8")
        assert "vn:caves" in topics_after(home, port, "--topic", "+caves")
        (config / "topics.toml").write_text(before, "utf-8")
        assert "taken back: 1" in run(home, port, "--undo", "--topic", name)
        assert values(home) == []


def places_after(home: Path, *words: str) -> list[tuple[str, list[str]]]:
    return [(p["code"], p["old_codes"]) for p in json.loads(run(home, *words, "--json"))["provinces"]]


DANANG = ("vn34:48", ["vn63:49"])


def test_a_former_province_that_was_added_goes_with_what_it_brought_along(home: Path) -> None:
    added = places_after(home, URL, "--province", "+Quảng Bình")
    assert added == [DANANG, ("vn34:44", ["vn63:44"])]
    assert places_after(home, URL, "--province", "-Quảng Bình") == [DANANG]


def test_a_former_province_leaves_the_current_one_that_was_added_for_itself(home: Path) -> None:
    run(home, URL, "--province", "+44")
    run(home, URL, "--province", "+Quảng Bình")
    assert places_after(home, URL, "--province", "-Quảng Bình") == [DANANG, ("vn34:44", [])]


def test_of_a_province_and_its_former_one_the_later_word_counts(home: Path) -> None:
    run(home, URL, "--province", "+Quảng Bình")
    assert places_after(home, URL, "--province", "-44") == [DANANG]
    assert values(home) == ["vn34:44"]
    assert places_after(home, URL, "--province", "+Quảng Bình") == [DANANG, ("vn34:44", ["vn63:44"])]
    assert values(home) == ["vn63:44"]


def test_a_province_is_taken_back_with_the_former_one_that_brought_it(home: Path) -> None:
    run(home, URL, "--province", "+Quảng Bình", "-48")
    assert "taken back: 1" in run(home, URL, "--undo", "--province", "44")
    assert values(home) == ["vn34:48"]


@pytest.mark.parametrize(("zone", "day"), [("Asia/Ho_Chi_Minh", 21), ("UTC", 20)])
def test_a_correction_is_told_as_of_the_day_it_was_here(
    home: Path, monkeypatch: pytest.MonkeyPatch, zone: str, day: int
) -> None:
    """At half past six in the morning of Vietnam it is the day before in Greenwich."""
    monkeypatch.setenv("DIEMBAO_TIMEZONE", zone)
    morning = ("--by", "lan", "--now", "2026-11-21T06:30", "--home", str(home))
    for words, told in (
        (("correct", URL, "--province", "+Huế", *morning), f"lan sửa ngày {day}/11/2026"),
        (("correct", "--list", "--home", str(home)), f"lan sửa ngày {day}/11/2026"),
        (("tag", URL, "--home", str(home)), f"corrected by lan on 2026-11-{day}"),
        (("search", "--province", "huế", "--home", str(home)), f"lan sửa ngày {day}/11/2026"),
    ):
        done = invoke(*words)
        assert told in " ".join(done.stdout.split()), words


@pytest.mark.parametrize("where", ["search", "list", "article"])
def test_corrections_of_an_article_are_told_in_its_language_alone(home: Path, where: str) -> None:
    with open_store(f"sqlite:///{home}/diembao.sqlite3") as store:
        store.save([new(9, title="A bridge", language="en")], now=NOW)
    address = new(9).article.url
    shown = run(home, address, "--province", "+Huế", "+Quảng Nam", "--topic", "+tourism", "--by", "lan")
    if where == "list":
        shown = run(home, "--list")
    if where == "search":
        found = invoke("search", "bridge", "--home", str(home))
        shown = " ".join(found.stdout.split())
    assert "+Hue, +former Quang Nam, +tourism" in shown
    assert "corrected by lan on 2026-11-22" in shown
    assert not any(word in shown for word in ("sửa", " cũ", "du lịch"))


def test_an_export_tells_the_day_in_vietnam(home: Path) -> None:
    morning = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    with open_store(f"sqlite:///{home}/diembao.sqlite3") as store:
        number = next(iter(store.all_ids()))
        store.correct(
            [
                Correction(
                    article=number, kind=TagKind.PROVINCE, value="vn34:46", verdict=Verdict.ABOUT, at=morning
                )
            ]
        )
        rules = [e["rule"] for line in store.export() for p in line["provinces"] for e in p["evidence"]]
    assert "corrected on 2026-11-21" in rules


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
        ((URL, "--undo", "--topic", "atlantology"), "no topic is known"),
        ((URL, "--province", "+Quảng Bình", "-44"), "both added and taken away"),
        ((URL, "--topic", "+health", "--list"), "--list: shows corrections and makes none"),
        ((URL, "--undo", "--list"), "--list: shows corrections and makes none"),
        ((URL, "--province", "+48", "--export", "x.jsonl"), "--export: shows corrections and makes none"),
        (("--list", "--export", "x.jsonl"), "shows corrections and makes none"),
        (("--export", "/no/such/folder/x.jsonl"), "cannot be written .*name another place"),
    ],
)
def test_what_cannot_be_done_is_said(home: Path, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        run(home, *words)
