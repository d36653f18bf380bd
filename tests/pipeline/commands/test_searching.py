"""The command line of searches, read as its users read it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from models.document import Completeness
from models.errors import ConfigError
from pipeline.store import open_store
from tests.pipeline.store.material import NOW, new, province
from tests.support.program import invoke

LONG = "https://bao.example.vn/" + "mot-dia-chi-rat-dai-" * 8 + "1.html"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    with open_store(f"sqlite:///{folder}/diembao.sqlite3") as store:
        danang = (province("vn34:48", "vn63:49"),)
        store.save([new(1, url=LONG, provinces=danang), new(2, title="Cầu cũ đóng cửa"), new(3)], now=NOW)
    return folder


def run(home: Path, *words: str) -> str:
    """What a command prints on standard output."""
    done = invoke(*words, "--home", home, "--now", NOW.isoformat())
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_words_need_no_quotes_and_one_may_be_excluded(home: Path) -> None:
    shown = json.loads(run(home, "search", "cầu", "-mới", "--format", "json"))
    assert shown["total"] == 0  # the text of each speaks of a new bridge
    shown = json.loads(run(home, "search", "cầu", "-title:mới", "--format", "json"))
    assert [hit["title"] for hit in shown["results"]] == ["Cầu cũ đóng cửa"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [(("--json",), "--json"), (("--langg", "en"), "mean --lang?"), (("--limt=3",), "mean --limit?")],
)
def test_a_mistyped_option_is_an_error_and_no_excluded_word(
    home: Path, typed: tuple[str, ...], said: str
) -> None:
    done = invoke("search", "cầu", *typed, "--home", home)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())


def test_after_two_dashes_a_word_that_begins_with_two_is_excluded_as_with_one(home: Path) -> None:
    def titles(*words: str) -> list[str]:
        lines = run(home, "search", "--format", "ndjson", *words).splitlines()
        return [json.loads(line)["title"] for line in lines]

    assert titles("cầu", "-title:mới", "-title:số") == ["Cầu cũ đóng cửa"]
    done = invoke("search", "--format", "json", "--home", home, "cầu", "--", "--title:số")
    assert [hit["title"] for hit in json.loads(done.stdout)["results"]] == ["Cầu cũ đóng cửa"]
    wrong = invoke("search", "--home", home, "--bão", "--", "--lũ")
    assert wrong.exit_code == 2


@pytest.mark.parametrize("typed", [("OR",), ("--since", ""), ("--lang", "fr"), ("--", "-tỉnh:Hếu")])
def test_a_search_of_which_nothing_can_be_understood_does_not_list_everything(
    home: Path, typed: tuple[str, ...]
) -> None:
    done = invoke("search", "--home", home, *typed)
    assert "không khớp bài nào" in done.stdout
    assert "nothing found" in done.stdout


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_counts_are_refused_where_there_is_no_place_for_them(home: Path, form: str) -> None:
    with pytest.raises(ConfigError, match="--facets"):
        run(home, "search", "cầu", "--facets", "--format", form)


def test_a_result_shows_its_address_in_one_piece_and_how_a_name_was_understood(home: Path) -> None:
    shown = run(home, "search", "--province", "Quảng Nam", "--facets")
    assert f" {LONG}\n" in shown
    assert "tỉnh cũ, nay thuộc Đà Nẵng" in shown
    assert "Đà Nẵng 1" in shown
    assert "1/1 bài" in shown


def test_a_kept_search_is_narrowed_by_what_stands_beside_it(home: Path) -> None:
    run(home, "searches", "save", "cau", "title:cũ OR title:số")
    assert json.loads(run(home, "search", "--saved", "cau", "--format", "json"))["total"] == 3
    beside = run(home, "search", "đóng", "--saved", "cau", "--format", "ndjson").splitlines()
    assert [json.loads(line)["title"] for line in beside] == ["Cầu cũ đóng cửa"]
    with pytest.raises(ConfigError, match="cau"):
        run(home, "search", "--saved", "khac")


def test_saving_over_another_search_is_said_and_a_circle_refused(home: Path) -> None:
    run(home, "searches", "save", "Mưa", "mưa")
    again = invoke("searches", "save", "Mưa", "saved:gió", "--home", home)
    assert "replaces: mưa" in again.stderr
    like = invoke("searches", "save", "mưa", "lũ", "--home", home)
    assert "also kept: Mưa" in like.stderr
    with pytest.raises(ConfigError, match="gió → Mưa → gió"):
        run(home, "searches", "save", "gió", "saved:Mưa OR bão")
    with pytest.raises(ConfigError, match="no such saved search"):
        run(home, "search", "--saved", "gió")


def test_a_teaser_is_known_for_one_in_every_form(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/diembao.sqlite3") as store:
        store.save([new(1, completeness=Completeness.TEASER)], now=NOW)
    assert json.loads(run(tmp_path, "search", "--format", "ndjson"))["completeness"] == "teaser"
    [row] = csv.DictReader(run(tmp_path, "search", "--format", "csv").splitlines())
    assert row["completeness"] == "teaser"
    assert "chỉ phần mở đầu · teaser" in run(tmp_path, "search")


def test_each_form_gives_the_same_articles(home: Path) -> None:
    rows = run(home, "search", "--format", "csv").splitlines()
    assert len(rows) == 4
    page = json.loads(run(home, "search", "--limit", "2", "--format", "json"))
    rest = json.loads(run(home, "search", "--cursor", page["next_cursor"], "--format", "json"))
    found = [hit["url"] for hit in page["results"] + rest["results"]]
    assert all(url in row for url, row in zip(found, rows[1:], strict=True))
