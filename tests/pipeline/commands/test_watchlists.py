"""Watch-lists from the command line to search and a digest's reasons."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.errors import ConfigError
from models.query import Facet, FacetCount, Query
from models.tags import Evidence, WatchTag
from pipeline.names import Names
from pipeline.search import CodesOnly, parse_query
from pipeline.store import Store, open_store
from tests.conftest import ROOT
from tests.pipeline.extract.pages import page as saved_page
from tests.pipeline.extract.pages import prose
from tests.pipeline.store.material import NOW, new
from tests.support.program import invoke

TO_STORED_VI, TO_STORED_EN = "để áp dụng cho bài đã lưu", "for stored articles"
BRIDGE = ("watchlists", "add", "cau", "--label", "Cầu mới", "--name", "cầu mới", "--exclude", "cầu mới nổi")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration of one's own and a database of three articles."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.setenv("DIEMBAO_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("DIEMBAO_HOME", str(tmp_path))
    with open_store(f"sqlite:///{tmp_path}/diembao.sqlite3") as store:
        other = new(3, title="Chợ quê", lead="", text="Chợ quê họp sớm, có cầu mới nổi.")
        store.save([new(1), new(2), other], now=NOW)
    return tmp_path


def run(*words: str) -> str:
    """What a command prints on standard output."""
    done = invoke(*words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_list_that_is_added_reaches_stored_articles_and_searches(home: Path) -> None:
    run(*BRIDGE)
    shown = json.loads(run("reprocess", "--stage", "tag", "--json"))
    assert shown["added"]["watched cau"] == 2
    for query in ("theo-dõi:cau", 'watch:"cau moi"', 'watchlist:"Cầu mới"'):
        found = json.loads(run("search", query, "--format", "json"))
        assert [hit["watched"] for hit in found["results"]] == [["cau"], ["cau"]]
    run("watchlists", "remove", "cau")
    assert "cau" not in run("watchlists", "list")
    assert json.loads(run("reprocess", "--stage", "tag", "--json"))["removed"]["watched cau"] == 2


def test_a_list_goes_without_the_one_after_it(home: Path) -> None:
    """Also where the headers are indented."""
    text = '  [a]\n  names = ["một"]\n\n  # of b\n  [b]\n  names = ["hai"]\n'
    (home / "config" / "watchlists.toml").write_text(text, "utf-8")
    run("watchlists", "remove", "a")
    assert [each["id"] for each in json.loads(run("watchlists", "list", "--json"))] == ["b"]


def test_results_name_their_lists_and_are_counted_by_them(home: Path) -> None:
    run(*BRIDGE)
    run("reprocess", "--stage", "tag")
    counted = json.loads(run("search", "--facets", "--format", "json"))["facets"]["watchlist"]
    assert counted == [{"value": "cau", "count": 2}, {"value": "", "count": 1}]
    narrowed = json.loads(run("search", "watch:cau", "--facets", "--format", "json"))
    assert (narrowed["total"], narrowed["facets"]["watchlist"]) == (2, counted)
    shown = run("search", "watch:cau", "--facets")
    assert "Cầu mới 2 · (không · none) 1" in shown


def test_a_text_is_tried_out_before_anything_is_stored(home: Path) -> None:
    run(*BRIDGE)
    shown = run("watchlists", "test", "Chợ có cầu mới nổi. Xã có cầu mới.")
    assert "Chợ có cầu mới nổi. Xã có «cầu mới»." in shown
    assert "rejected  “cầu mới”: Cầu mới: within “cầu mới nổi”" in shown
    empty = run("watchlists", "test", "Không có gì ở đây", "--list", "cau")
    assert empty.splitlines() == ["không thấy gì", "nothing found"]


def test_what_is_left_to_do_after_a_change_is_told_in_a_line_for_each_language(home: Path) -> None:
    after = [f"{words}: diembao reprocess --stage tag" for words in (TO_STORED_VI, TO_STORED_EN)]
    assert run(*BRIDGE).splitlines()[-2:] == after
    gone = run("watchlists", "remove", "cau").splitlines()
    assert gone == [f"đã bỏ cau; {after[0]}", f"removed cau; {after[1]}"]


def test_a_wrong_list_leaves_the_file_as_it_was(home: Path) -> None:
    file = home / "config" / "watchlists.toml"
    before = file.read_text("utf-8")
    with pytest.raises(ConfigError, match="missing"):
        run("watchlists", "add", "x", "--pattern", "(x")
    run(*BRIDGE)
    with pytest.raises(ConfigError, match="there is a watch-list of this id"):
        run(*BRIDGE)
    with pytest.raises(ConfigError, match="an id is of small letters"):
        run("watchlists", "add", "Cầu Mới", "--name", "cầu mới")
    with pytest.raises(ConfigError, match="no such watch-list"):
        run("watchlists", "remove", "khac")
    run("watchlists", "remove", "cau")
    assert file.read_text("utf-8").rstrip() == before.rstrip()


def test_the_list_in_json_has_all_that_is_watched_for(home: Path) -> None:
    run("watchlists", "add", "x", "--name", "cầu mới", "--pattern", "cầu (số )?[0-9]+")
    (shown,) = [each for each in json.loads(run("watchlists", "list", "--json")) if each["id"] == "x"]
    assert (shown["names"], shown["patterns"]) == (["cầu mới"], ["cầu (số )?[0-9]+"])


@pytest.mark.parametrize("words", [BRIDGE, ("watchlists", "remove", "cau"), ("watchlists", "list")])
def test_a_file_that_is_not_in_utf_8_is_named(home: Path, words: tuple[str, ...]) -> None:
    file = home / "config" / "watchlists.toml"
    body = '[cau]\nnames = ["cầu"]\n'.encode("utf-16")
    file.write_bytes(body)
    with pytest.raises(ConfigError, match=r"watchlists\.toml: cannot be read"):
        run(*words)
    assert file.read_bytes() == body


def test_a_text_to_try_out_may_be_long(home: Path) -> None:
    run(*BRIDGE)
    assert "«cầu mới»" in run("watchlists", "test", "Xã có cầu mới. " + "Chợ quê họp sớm. " * 40)


def test_tag_shows_a_text_a_page_and_a_stored_article_with_what_was_corrected(home: Path) -> None:
    run(*BRIDGE)
    shown = run("tag", "Sập đường Hà Nội ở Huế: cầu mới bị lũ cuốn")
    assert "ở ⟦Huế⟧: ‹«cầu mới»› bị" in shown  # also a word of a topic
    assert "rejected  “Hà Nội”: street" in shown
    run("correct", new(1).article.url, "--province", "+Huế", "--by", "lan", "--note", "cầu ở Huế")
    shown = run("tag", new(1).article.url)
    assert "about     vn34:46 Huế  1.00  corrected by lan on" in shown
    page = home / "page.html"
    flood = "Lũ lớn làm ngập thành phố Huế và cuốn trôi cây cầu mới khánh thành tuần trước."
    page.write_text(saved_page(prose(flood), title="Lũ ở Huế lên nhanh"), "utf-8")
    assert "about     vn34:46 Huế" in run("tag", str(page))
    with pytest.raises(ConfigError, match="no such file"):
        run("tag", "khong-co.txt")


def test_both_engines_answer_alike(store: Store) -> None:
    watched = (WatchTag("cau", "Cầu", (Evidence("title", 0, 3, "Cầu", "name"),)),)
    articles = [new(number) for number in (1, 2, 3)]
    met = replace(articles[1], tags=replace(articles[1].tags, watched=watched))
    store.save([articles[0], met, articles[2]], now=NOW)

    def urls(text: str) -> list[str]:
        return [hit.url for hit in store.search(parse_query(text, CodesOnly(), now=NOW)).hits]

    assert urls("watch:cau") == [met.article.url]
    counts = store.facets(Query(), [Facet.WATCHLIST])[Facet.WATCHLIST]
    assert counts == [FacetCount("", 2), FacetCount("cau", 1)]
    assert urls("cầu watch:cau") == [met.article.url]
    assert urls("-watch:cau") == [articles[0].article.url, articles[2].article.url]
    assert urls("watch:khac OR watch:cau") == [met.article.url]
    stored = store.get(met.article.url)
    assert stored is not None
    assert stored.tags.watched == watched
    store.save(
        [replace(met, tags=articles[0].tags, article=replace(met.article, text="Khác."))],
        now=NOW + timedelta(1),
    )
    assert urls("watch:cau") == []


def test_a_list_is_known_by_id_and_label(home: Path) -> None:
    run(*BRIDGE)
    names = Names.load(home / "config")
    for typed in ("cau", "Cầu mới", "CAU  MOI"):
        meaning = names.watchlist(typed)
        assert meaning is not None
        assert meaning.values == ("cau",)
    assert names.watchlist("chợ") is None
