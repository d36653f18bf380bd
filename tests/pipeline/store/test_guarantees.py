"""What holds when processes die, write at once, or find a database that is not as it should be."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from models.errors import StoreError
from models.outcome import Reason
from models.query import Query
from pipeline.search import parse_query
from pipeline.store import engine as connecting
from pipeline.store import open_store
from tests.conftest import ROOT, Databases
from tests.pipeline.store.material import NOW, new, newsroom
from tests.pipeline.store.writer import batch_of


def killed_after(url: str, batches: int) -> int:
    """Let a writer commit some batches and kill it in the middle of what follows; returns how many articles
    it said were committed."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.pipeline.store.writer", url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert writer.stdout is not None
    said = [int(writer.stdout.readline()) for _ in range(batches)]
    writer.send_signal(signal.SIGKILL)
    said += [int(line) for line in writer.stdout if line.endswith("\n")]
    writer.wait()
    return said[-1]


def test_a_killed_writer_leaves_whole_batches_and_a_second_run_ends_as_a_clean_one(
    databases: Databases,
) -> None:
    cut, clean = databases.ready(), databases.ready()
    committed = killed_after(cut, 2)
    with open_store(cut) as store, open_store(clean) as reference:
        assert store.check().ok  # every article has its text, tags and index entry
        stats = store.stats()
        assert stats.articles >= committed
        assert stats.articles % 20 == 0
        assert stats.urls == stats.articles
        query = parse_query("tỉnh:vn63:49 topic:medtop:economy cầu", now=NOW)
        assert store.count(query) == stats.articles
        work = batch_of(0, stats.articles + 40)
        for each in (store, reference):
            each.save(work, now=NOW)
        assert list(store.export()) == list(reference.export())
        assert store.outcome_counts() == reference.outcome_counts()


def test_threads_writing_the_same_articles_at_once_store_each_once(databases: Databases) -> None:
    batch = newsroom(30)
    reasons: list[Reason] = []
    with open_store(databases.ready()) as store:

        def write() -> None:
            for start in range(0, 30, 5):
                reasons.extend(store.save(batch[start : start + 5], now=NOW))

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert reasons.count(Reason.STORED) == 30
        assert reasons.count(Reason.UNCHANGED) == 90
        assert store.check().ok


def test_two_stores_of_one_database_take_turns(databases: Databases) -> None:
    url = databases.ready()
    with open_store(url) as one, open_store(url) as other:
        with one.writing() as connection:
            connection.exec_driver_sql("DELETE FROM saved_search")
            waiting = threading.Thread(target=other.save, args=([new(1)],), kwargs={"now": NOW})
            waiting.start()
            assert one.stats().articles == 0  # reading goes on beside the writer
        waiting.join()
        assert one.stats().articles == 1


def test_a_reader_sees_one_moment_while_another_writes(databases: Databases) -> None:
    """And holds up nobody: without write-ahead a commit would wait for every reader to end."""
    url = databases.empty()
    with open_store(url) as one, open_store(url) as other:
        with one.reading() as connection:
            count = "SELECT count(*) FROM article"
            assert connection.exec_driver_sql(count).scalar() == 0
            other.save([new(1)], now=NOW)
            assert connection.exec_driver_sql(count).scalar() == 0
        assert one.stats().articles == 1


def test_a_writer_that_waits_too_long_is_told_to_try_again(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "BUSY_SECONDS", 0.2)
    url = databases.ready()
    with open_store(url) as one, open_store(url) as other, one.writing() as connection:
        connection.exec_driver_sql("DELETE FROM saved_search")
        with pytest.raises(StoreError, match="try again") as caught:
            other.save([new(1)], now=NOW)
        assert caught.value.retry


def test_a_search_that_takes_too_long_is_stopped(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "READ_SECONDS", 0.1)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    with open_store(databases.ready()) as store:
        with pytest.raises(StoreError, match="narrower"), store.reading() as connection:
            connection.exec_driver_sql(endless)
        assert store.stats().articles == 0  # the connection is of use again


def test_a_check_takes_as_long_as_it_needs(
    sqlite_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check of a large database takes minutes. A limit of nothing stands for twenty seconds."""
    with open_store(sqlite_databases.ready()) as store:
        store.save(newsroom(100), now=NOW)
        monkeypatch.setattr(connecting, "READ_SECONDS", 1e-9)
        monkeypatch.setattr(connecting, "_STEPS_BETWEEN_LOOKS", 100)
        assert store.check().ok
        with pytest.raises(StoreError, match="narrower"):
            store.facets(Query())


def test_a_reader_cannot_change_a_postgresql_database(postgres_databases: Databases) -> None:
    with (
        open_store(postgres_databases.ready()) as store,
        pytest.raises(StoreError, match="read-only"),
        store.reading() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM article")


def test_what_a_reader_wrote_is_not_kept(sqlite_databases: Databases) -> None:
    with open_store(sqlite_databases.ready()) as store:
        store.save([new(1)], now=NOW)
        with store.reading() as connection:
            connection.exec_driver_sql("DELETE FROM outcome")
        assert store.stats().urls == 1


def test_opening_makes_the_folder_and_a_second_opening_finds_the_content(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a' / 'b' / 'db.sqlite3'}"
    with open_store(url) as store:
        store.save([new(1)], now=NOW)
    with open_store(url, create=False) as store:
        assert store.stats().articles == 1


def test_a_missing_database_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none\.sqlite3: there is no database .*db upgrade"):
        open_store(f"sqlite:///{tmp_path / 'none.sqlite3'}", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["", "mysql://u:secret@h/db", "nonsense", "sqlite+aiosqlite:///x"])
def test_an_address_that_is_no_database_of_ours_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(StoreError, match="sqlite:") as caught:
        open_store(url)
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    with pytest.raises(StoreError, match="server") as caught:
        open_store("postgresql+psycopg://u:secret@127.0.0.1:1/db")
    assert "secret" not in str(caught.value)
    assert caught.value.retry


@pytest.mark.parametrize(
    "content", [b"this is no database, it is a text" * 100, b"SQLite format 3\x00" + b"\xff" * 4000]
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(content)
    with pytest.raises(StoreError, match="restore a backup") as caught:
        open_store(f"sqlite:///{file}")
    assert not caught.value.retry
    assert file.read_bytes() == content


def test_a_full_disk_keeps_what_was_there_and_says_so(sqlite_databases: Databases) -> None:
    with open_store(sqlite_databases.ready()) as store:
        store.save([new(1)], now=NOW)
        with store.writing() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

        @event.listens_for(store.engine, "begin")
        def limit(connection: Connection) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

        with pytest.raises(StoreError, match="free some disk space"):
            store.save(newsroom(400), now=NOW)
        assert store.stats().articles == 1
        assert store.check().ok


def test_the_database_keeps_a_commit_through_a_power_cut(sqlite_databases: Databases) -> None:
    with open_store(sqlite_databases.ready()) as store, store.reading() as connection:
        modes = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        ]
    assert modes == ["wal", 2]


def test_sqlite_is_new_enough_for_the_index() -> None:
    assert sqlite3.sqlite_version_info >= (3, 35)
