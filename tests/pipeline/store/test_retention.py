"""Old articles go, what was collected stays known; a copy comes back without mailing again."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.document import Completeness
from models.errors import DeliveryError, StoreError
from models.outcome import Reason
from models.story import Relation, StoryLink
from models.tags import Evidence, WatchTag
from pipeline.digest.guard import InstanceGuard
from pipeline.search import parse_query
from pipeline.store import Store, collection, open_store, restore, retention, write_export
from pipeline.store import engine as connecting
from pipeline.store.exporting import LIST_COLUMNS, flat
from tests.conftest import Databases
from tests.pipeline.store.material import NOW, new, newsroom, province

LATER = NOW + timedelta(days=40)


def test_what_is_older_goes_and_its_addresses_stay_known(store: Store) -> None:
    moved = "https://m.bao.example.vn/bai-1"
    store.save([new(1, asked=(moved,)), new(2)], now=NOW)
    store.save([new(3)], now=LATER)
    assert store.prune(now=LATER, before=LATER - timedelta(days=30)) == 2
    assert [stored.article.url for stored in store.articles(list(store.all_ids()))] == [new(3).article.url]
    known = store.known([moved, new(1).article.url, new(2).article.url])
    assert [(each.stored, each.reason) for each in known.values()] == [(False, Reason.STORED)] * 3
    assert store.check().ok


def test_r30_an_address_that_was_never_asked_for_stays_known_too(store: Store) -> None:
    """As those of a feed whose addresses changed their form: they were taken for what was stored."""
    changed = "https://bao.example.vn/moi/bai-1"
    store.save([new(1)], now=NOW)
    with store.writing() as connection:
        collection.add_addresses(connection, {changed: new(1).article.url})
    assert store.prune(now=LATER, before=LATER) == 1
    (known,) = store.known([changed]).values()
    assert (known.stored, known.reason) == (False, Reason.STORED)


def test_an_address_that_a_removed_article_only_claimed_hides_nothing(store: Store) -> None:
    claimed = "https://bao.example.vn/goc.html"
    store.save([replace(new(1), canonical=claimed)], now=NOW)
    store.prune(now=LATER, before=LATER)
    assert [each.url for each in store.outcomes()] == [new(1).article.url]
    assert store.known([claimed]) == {}


def test_a_pruned_article_is_found_no_more_and_its_story_tells_of_the_rest(store: Store) -> None:
    store.save([new(1)], now=NOW)
    store.save([new(2)], now=LATER)
    links = [
        StoryLink(id=str(number), story="st1", relation=Relation.ORIGINAL, origin="", evidence=())
        for number in store.all_ids()
    ]
    store.set_stories(links)
    store.prune(now=LATER, before=LATER)
    left = store.story("st1")
    assert left is not None
    assert (left.total, left.headline) == (1, new(2).article.title)
    assert store.count(parse_query("cầu sông", now=LATER)) == 1
    store.prune(now=LATER, before=LATER + timedelta(days=1))
    assert store.story("st1") is None


def test_what_fits_after_one_removal_is_left_alone_by_the_next_until_the_database_grows(
    databases: Databases,
) -> None:
    """What was removed leaves room in the files, which are as large as before."""
    with open_store(databases.ready()) as store:
        store.save(newsroom(300), now=NOW)
        with store.reading() as connection:
            enough = int(retention.used_bytes(connection) * 0.7)
        assert 80 < store.prune(now=LATER, keep_bytes=enough) < 100
        assert [store.prune(now=LATER, keep_bytes=enough) for _ in range(3)] == [0, 0, 0]
        store.save(newsroom(1200)[300:], now=LATER)
        assert store.prune(now=LATER, keep_bytes=enough) > 100


def test_the_oldest_go_until_the_rest_fits(sqlite_databases: Databases) -> None:
    with open_store(sqlite_databases.ready()) as store:
        store.save(newsroom(150), now=NOW)
        store.save([new(900)], now=LATER)
        full = store.stats().size_bytes
        gone = store.prune(now=LATER, keep_bytes=full // 2)
        assert 50 <= gone <= 120
        assert store.get(new(900).article.url) is not None
        store.vacuum()
        assert store.stats().size_bytes < full
        assert store.check().ok
        assert store.prune(now=LATER, keep_bytes=full) == 0


def test_a_restored_copy_is_whole_keeps_the_database_before_and_sends_nothing(
    sqlite_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, copy = sqlite_databases.ready(), tmp_path / "copy.sqlite3"
    guard = InstanceGuard(tmp_path / "instance", "here")
    with open_store(url) as store:
        store.save(newsroom(30), now=NOW)
        guard.advance(store, NOW)
        store.backup(copy)
        before = list(store.export())
        store.save([new(900)], now=LATER)
        guard.check(store)
    monkeypatch.setattr(connecting, "READ_SECONDS", 1e-9)  # as little as twenty seconds are for a large copy
    monkeypatch.setattr(connecting, "_STEPS_BETWEEN_LOOKS", 100)
    report, kept = restore(url, copy, now=LATER)
    monkeypatch.undo()
    assert (report.ok, report.articles) == (True, 30)
    assert kept is not None
    with open_store(f"sqlite:///{kept}", create=False) as old:
        assert old.get(new(900).article.url) is not None
    with open_store(url, create=False) as store:
        assert list(store.export()) == before
        with pytest.raises(DeliveryError):
            guard.check(store)
        guard.confirm(store, LATER, drop_waiting=True)
        guard.check(store)


def test_a_copy_restored_where_nothing_was_sent_before_sends_nothing_either(
    sqlite_databases: Databases, tmp_path: Path
) -> None:
    copy, url = tmp_path / "copy.sqlite3", f"sqlite:///{tmp_path / 'new' / 'moved.sqlite3'}"
    with open_store(sqlite_databases.ready()) as store:
        store.save([new(1)], now=NOW)
        store.backup(copy)
    assert restore(url, copy, now=LATER)[1] is None
    with open_store(url, create=False) as store, pytest.raises(DeliveryError):
        InstanceGuard(tmp_path / "new" / "instance", "there").check(store)


def test_a_database_in_use_is_not_replaced(sqlite_databases: Databases, tmp_path: Path) -> None:
    url, copy = sqlite_databases.ready(), tmp_path / "copy.sqlite3"
    with open_store(url) as store:
        store.save([new(1)], now=NOW)
        store.backup(copy)
        with store.reading() as connection:
            connection.exec_driver_sql("SELECT 1 FROM article")
            with pytest.raises(StoreError, match="in use"):
                restore(url, copy, now=LATER)
        assert store.get(new(1).article.url) is not None


@pytest.mark.parametrize("content", [b"", b"not a database" * 100])
def test_a_file_that_is_no_copy_leaves_the_database_alone(
    sqlite_databases: Databases, tmp_path: Path, content: bytes
) -> None:
    url, copy = sqlite_databases.ready(), tmp_path / "copy.sqlite3"
    copy.write_bytes(content)
    with pytest.raises(StoreError, match="not a"):
        restore(url, copy, now=NOW)
    open_store(url, create=False).close()


def test_postgresql_is_restored_by_its_own_tool(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="pg_restore"):
        restore("postgresql+psycopg://u@127.0.0.1/x", tmp_path / "copy", now=NOW)


def two_articles(databases: Databases) -> Store:
    """A store with an article that a watch-list found, and with the beginning of one behind a paywall."""
    whole = new(1, title="=Cầu, mới", provinces=(province("vn34:48", "vn63:49"),))
    watched = WatchTag("cau-duong", "Cầu đường", (Evidence("title", 1, 4, "Cầu", "name"),))
    whole = replace(whole, tags=replace(whole.tags, watched=(watched,)))
    store = open_store(databases.ready())
    store.save([whole, new(2, completeness=Completeness.TEASER)], now=NOW)
    return store


def test_exports_say_the_same_in_each_form(sqlite_databases: Databases, tmp_path: Path) -> None:
    with two_articles(sqlite_databases) as store:
        assert write_export(store.export(), tmp_path / "ndjson", "ndjson") == 2
        assert write_export(store.export(), tmp_path / "csv", "csv") == 2
    lines = [json.loads(line) for line in (tmp_path / "ndjson").read_text("utf-8").splitlines()]
    with (tmp_path / "csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["url"] for row in rows] == [line["url"] for line in lines]
    assert set(lines[0]) - set(rows[0]) == {"body"}  # offsets count in it, and only lines have those
    assert {row["title"] for row in rows} == {"'=Cầu, mới", new(2).article.title}
    assert {(row["provinces"], row["old_provinces"]) for row in rows} == {("vn34:48", "vn63:49"), ("", "")}
    assert [(row["completeness"], row["watched"]) for row in rows] == [("teaser", ""), ("full", "cau-duong")]
    assert [line["completeness"] for line in lines] == ["teaser", "full"]
    with pytest.raises(StoreError, match="the file exists"):
        write_export([], tmp_path / "csv", "csv")


def test_a_flat_line_holds_only_what_a_column_can(sqlite_databases: Databases) -> None:
    with two_articles(sqlite_databases) as store:
        lines = [flat(line) for line in store.export()]
    for name, value in ((name, value) for line in lines for name, value in line.items()):
        if name in LIST_COLUMNS:
            assert isinstance(value, list), name
            assert all(isinstance(each, str) for each in value), name
        else:
            assert value is None or isinstance(value, str), name


def test_parquet_keeps_times_and_lists(sqlite_databases: Databases, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    with two_articles(sqlite_databases) as store:
        write_export(store.export(), tmp_path / "all.parquet", "parquet")
    teaser, row = parquet.read_table(tmp_path / "all.parquet").to_pylist()
    assert (row["provinces"], row["watched"], row["first_seen_at"]) == (["vn34:48"], ["cau-duong"], NOW)
    assert (teaser["completeness"], row["completeness"]) == ("teaser", "full")
    assert [each.name for each in tmp_path.iterdir()] == ["all.parquet"]
