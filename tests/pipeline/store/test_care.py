"""Checking, repairing and copying the database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import make_url, text

from models.errors import StoreError
from pipeline.store import Store, care, index, open_store
from tests.conftest import Databases
from tests.pipeline.store.material import NOW, new, newsroom, province


def test_a_store_after_many_changes_is_sound(store: Store) -> None:
    store.save(newsroom(60), now=NOW)
    store.save(newsroom(60, seed=8), now=NOW)
    report = store.check()
    assert (report.ok, report.articles, report.indexed) == (True, 60, 60)


def test_an_index_entry_that_is_missing_wrong_or_extra_is_found_and_repaired(store: Store) -> None:
    store.save([new(1), new(2), new(3)], now=NOW)
    first, second, _ = store.all_ids()
    articles = {stored.id: stored.article for stored in store.articles([first, second])}
    entry = {
        number: index.Indexed(number, article.title, article.lead, article.text)
        for number, article in articles.items()
    }
    with store.writing() as connection:
        index.remove(connection, list(entry.values()))
        index.add(connection, [index.Indexed(first, "Tên sai", "", "chữ sai")])
    assert store.check().problems == (
        f"1 × article not in the text index: {second}",
        f"1 × article that the text index does not find by its words: {first}",
    )
    repaired = store.check(repair=True)
    assert (repaired.ok, repaired.repaired) == (True, 3)
    assert store.check().ok


def test_an_index_with_the_words_of_other_articles_is_found_though_few_of_many_are_looked_for(
    sqlite_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(care, "ASKED", 4)
    with open_store(sqlite_databases.ready()) as store:
        store.save(newsroom(60), now=NOW)
        assert store.check().ok
        with store.writing() as connection:
            entries = list(care.indexable(connection))
            index.clear(connection)
            others = entries[1:] + entries[:1]
            index.add(connection, [replace(one, id=of.id) for one, of in zip(entries, others, strict=True)])
        (problem,) = store.check().problems
        assert "does not find by its words" in problem
        assert store.check(repair=True).ok


def test_an_entry_without_an_article_is_found(sqlite_databases: Databases) -> None:
    with open_store(sqlite_databases.ready()) as store:
        with store.writing() as connection:
            index.add(connection, [index.Indexed(77, "Ma", "", "ma")])
        assert store.check().problems == ("1 × text index entry without an article: 77",)
        assert store.check(repair=True).ok


def test_an_article_without_its_text_is_found(store: Store) -> None:
    store.save([new(1)], now=NOW)
    with store.writing() as connection:
        connection.execute(text("DELETE FROM article_body"))
    assert "article without text and tags" in store.check(repair=True).problems[0]


def test_r10_rows_that_refer_to_nothing_are_found(sqlite_databases: Databases) -> None:
    """As after a repair with another tool, which does not look after references."""
    url = sqlite_databases.ready()
    with open_store(url) as store:
        store.save([new(1, provinces=(province("vn34:48"),))], now=NOW)
        with closing(sqlite3.connect(make_url(url).database or "")) as connection, connection:
            connection.execute("UPDATE article_province SET article_id = 77")
        assert store.check().problems == (
            "1 × row of article_province that refers to a missing row of article",
        )


def test_figures_say_how_much_there_is(store: Store) -> None:
    store.save([new(1), new(2, language="en", outlet="b")], now=NOW)
    store.save([new(1, title="Khác")], now=NOW)
    stats = store.stats()
    assert (stats.articles, stats.revisions, stats.urls, stats.outlets) == (2, 1, 2, 2)
    assert stats.by_language == {"en": 1, "vi": 1}
    assert stats.size_bytes > 10_000
    assert stats.last_seen_at == NOW


def test_a_copy_made_while_a_writer_is_under_way_is_a_whole_store(
    sqlite_databases: Databases, tmp_path: Path
) -> None:
    file = tmp_path / "copies" / "copy.sqlite3"
    with open_store(sqlite_databases.ready()) as store:
        store.save(newsroom(40), now=NOW)
        before = list(store.export())
        with store.writing() as connection:
            connection.execute(text("DELETE FROM article_topic"))
            store.backup(file)
            connection.rollback()
        with pytest.raises(StoreError, match="the file exists"):
            store.backup(file)
    with open_store(f"sqlite:///{file}", create=False) as copy:
        assert list(copy.export()) == before
        assert copy.check().ok
    assert [each.name for each in file.parent.iterdir() if "part" in each.name] == []


def test_postgresql_is_not_copied_as_a_file(postgres_databases: Databases, tmp_path: Path) -> None:
    with open_store(postgres_databases.ready()) as store, pytest.raises(StoreError, match="pg_dump"):
        store.backup(tmp_path / "copy")


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_r10_a_database_with_a_page_overwritten_is_never_called_sound(tmp_path: Path, part: float) -> None:
    file = tmp_path / "a.sqlite3"
    with open_store(f"sqlite:///{file}") as store:
        store.save(newsroom(200), now=NOW)
    content = bytearray(file.read_bytes())
    at = int(len(content) / 4096 * part) * 4096
    content[at : at + 4096] = Random(1).randbytes(4096)
    file.write_bytes(content)
    try:
        with open_store(f"sqlite:///{file}", create=False) as store:
            told = store.check().problems
    except StoreError as error:
        told = (str(error),)
    assert told
