"""The writer: batches, what fails alone, what waits for a database that is busy."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from models.document import Article
from models.errors import StoreError
from models.outcome import Outcome, Reason, Stage
from models.ports import EndpointState
from models.tags import Tags
from pipeline.store import EndpointRead, NewArticle, Store, open_store
from pipeline.store import engine as connecting
from pipeline.writer import FLUSH_SECONDS, Unstorable, Writer
from tests.conftest import Databases

NOW = datetime(2026, 11, 15, 6, 0, tzinfo=UTC)


def new(number: int) -> NewArticle:
    article = Article(url=f"https://a.vn/{number}", outlet="a", title=f"Tin {number}", text="Nội dung.")
    return NewArticle(article=article, tags=Tags(language="vi"))


def missing(url: str) -> Outcome:
    return Outcome(url=url, outlet="a", stage=Stage.FETCH, reason=Reason.MISSING, at=NOW)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path / 'a.sqlite3'}") as store:
        yield store


class Fussy(Store):
    """A store that counts its transactions and does not take one article."""

    batches: int = 0

    def save(self, batch: object, *, now: datetime) -> list[Reason]:
        self.batches += 1
        items = list(batch)  # type: ignore[call-overload]
        if any(item.article.title == "Tin 3" for item in items):
            raise ValueError("a number too large for the column")
        return super().save(items, now=now)


def test_articles_that_come_together_are_committed_together(small: Store) -> None:
    fussy = Fussy(small.engine)

    async def run() -> list[Reason]:
        async with Writer(fussy, lambda: NOW) as writer:
            return await asyncio.gather(*(writer.save(new(number)) for number in range(10, 60)))

    assert set(asyncio.run(run())) == {Reason.STORED}
    assert fussy.batches < 10
    assert small.stats().articles == 50


def test_an_article_that_cannot_be_stored_fails_alone(small: Store) -> None:
    async def run() -> list[Reason | BaseException]:
        async with Writer(Fussy(small.engine), lambda: NOW) as writer:
            saves = (writer.save(new(number)) for number in range(6))
            return await asyncio.gather(*saves, return_exceptions=True)

    answers = asyncio.run(run())
    assert isinstance(answers[3], Unstorable)
    assert [answer for number, answer in enumerate(answers) if number != 3] == [Reason.STORED] * 5
    assert small.stats().articles == 5


def test_outcomes_are_written_soon_without_being_asked_for(small: Store) -> None:
    async def run() -> bool:
        async with Writer(small, lambda: NOW) as writer:
            await writer.record(missing("https://a.vn/weg"))
            for _ in range(100):
                if small.known(["https://a.vn/weg"]):
                    return True
                await asyncio.sleep(0.1)
        return False

    assert asyncio.run(run())


def test_what_could_not_be_flushed_stays_for_the_next_flush(small: Store) -> None:
    class Away(Store):
        away = True

        def record(self, ended: Sequence[Outcome], read: Sequence[EndpointRead] = ()) -> None:
            if self.away:
                raise StoreError("no such disk", about="database")
            super().record(ended, read)

    async def run() -> None:
        store = Away(small.engine)
        async with Writer(store, lambda: NOW) as writer:
            await writer.record(missing("https://a.vn/weg"))
            with pytest.raises(StoreError):
                await writer.flush()
            store.away = False

    asyncio.run(run())
    assert small.known(["https://a.vn/weg"])


def test_what_came_while_a_flush_failed_is_written_with_the_next(small: Store) -> None:
    class Slow(Store):
        entered, leave = threading.Event(), threading.Event()
        tries = 0

        def record(self, ended: Sequence[Outcome], read: Sequence[EndpointRead] = ()) -> None:
            self.tries += 1
            if self.tries == 1:
                self.entered.set()
                self.leave.wait(10)
                raise StoreError("no such disk", about="database")
            super().record(ended, read)

    async def run() -> None:
        store = Slow(small.engine)
        async with Writer(store, lambda: NOW) as writer:
            await writer.record(missing("https://a.vn/first"))
            flush = asyncio.create_task(writer.flush())
            await asyncio.to_thread(store.entered.wait, 10)
            await writer.record(missing("https://a.vn/second"))
            store.leave.set()
            with pytest.raises(StoreError):
                await flush

    asyncio.run(run())
    assert {outcome.url for outcome in small.outcomes()} == {"https://a.vn/first", "https://a.vn/second"}


def test_outcomes_are_counted_once_though_the_last_of_a_flush_meets_a_lock(small: Store) -> None:
    state = EndpointState(url="https://a.vn/rss", outlet="a", etag='"1"')
    tries: list[str] = []

    class Locked(Store):
        @contextmanager
        def writing(self) -> Iterator[Connection]:
            tries.append("try")
            with super().writing() as connection:
                yield connection
                if len(tries) == 1:
                    raise StoreError("database is locked", about="database", retry=True)

    async def run() -> None:
        async with Writer(Locked(small.engine), lambda: NOW) as writer:
            await writer.record(missing("https://a.vn/weg"))
            await writer.polled(state, "", [])

    asyncio.run(run())
    (outcome,) = small.outcomes()
    assert len(tries) == 2
    assert (outcome.times, outcome.attempts) == (1, 1)


def test_outcomes_are_counted_once_though_who_waits_for_their_flush_is_cancelled(small: Store) -> None:
    class Slow(Store):
        entered, leave = threading.Event(), threading.Event()

        def record(self, ended: Sequence[Outcome], read: Sequence[EndpointRead] = ()) -> None:
            self.entered.set()
            self.leave.wait(10)
            super().record(ended, read)

    async def run() -> None:
        store = Slow(small.engine)
        async with Writer(store, lambda: NOW) as writer:
            await writer.record(missing("https://a.vn/weg"))
            flush = asyncio.create_task(writer.flush())
            await asyncio.to_thread(store.entered.wait, 10)
            flush.cancel()
            await asyncio.wait([flush])
            store.leave.set()

    asyncio.run(run())
    (outcome,) = small.outcomes()
    assert outcome.times == 1


def test_outcomes_are_written_though_articles_keep_coming(small: Store) -> None:
    async def run() -> bool:
        async with Writer(small, lambda: NOW) as writer:
            await writer.record(missing("https://a.vn/weg"))
            for number in range(60):  # one at least within each second
                await writer.save(new(number))
                if any(outcome.reason is Reason.MISSING for outcome in small.outcomes()):
                    return True
                await asyncio.sleep(0.1)
        return False

    assert asyncio.run(run())


def test_a_flush_that_an_outcome_makes_fail_keeps_no_article_from_being_stored(small: Store) -> None:
    class Picky(Store):
        def record(self, ended: Sequence[Outcome], read: Sequence[EndpointRead] = ()) -> None:
            if ended:
                raise OverflowError("a number too large for the column")

    async def run() -> Reason:
        writer = Writer(Picky(small.engine), lambda: NOW)
        with suppress(OverflowError):  # of the last flush, which tells
            async with writer:
                await writer.record(missing("https://a.vn/weg"))
                await asyncio.sleep(1.5 * FLUSH_SECONDS)  # until it has been tried once
                stored = await asyncio.wait_for(writer.save(new(1)), 20)
        return stored

    assert asyncio.run(run()) is Reason.STORED


def test_an_article_too_large_for_the_index_of_postgresql_fails_alone(
    postgres_databases: Databases,
) -> None:
    words = " ".join(hashlib.sha256(str(number).encode()).hexdigest() for number in range(17_000))

    async def run(store: Store) -> list[Reason | BaseException]:
        large = Article(url="https://a.vn/9", outlet="a", title="Tin", text=words)
        items = [new(1), NewArticle(article=large, tags=Tags(language="vi")), new(2)]
        async with Writer(store, lambda: NOW) as writer:
            return await asyncio.gather(*map(writer.save, items), return_exceptions=True)

    with open_store(postgres_databases.ready()) as store:
        first, refused, second = asyncio.run(run(store))
    assert (first, second) == (Reason.STORED, Reason.STORED)
    assert isinstance(refused, Unstorable)


def test_r1_no_endpoint_is_remembered_before_the_outcomes_of_what_it_named(small: Store) -> None:
    """Were the state there first, a crash in between would leave an unchanged endpoint and lost outcomes."""
    url, state = "https://a.vn/1", EndpointState(url="https://a.vn/rss", outlet="a", etag='"1"')
    with small.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER torn BEFORE INSERT ON outcome BEGIN SELECT RAISE(ABORT, 'cut off here'); END"
        )

    async def run() -> None:
        async with Writer(small, lambda: NOW) as writer:
            await writer.polled(state, "feed", [])
            await writer.record(missing(url))
            with pytest.raises(StoreError, match="cut off here"):
                await writer.flush()
            assert small.endpoint_state(state.url) is None
            with small.writing() as connection:
                connection.exec_driver_sql("DROP TRIGGER torn")

    asyncio.run(run())
    assert [outcome.url for outcome in small.outcomes()] == [url]
    found = small.endpoint_state(state.url)
    assert found is not None
    assert found.etag == '"1"'


def test_another_writers_transaction_is_waited_for(small: Store, tmp_path: Path) -> None:
    started = threading.Event()

    def hold() -> None:
        with sqlite3.connect(tmp_path / "a.sqlite3", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            started.set()
            time.sleep(1.0)
            other.execute("ROLLBACK")

    async def run() -> Reason:
        async with Writer(small, lambda: NOW) as writer:
            return await writer.save(new(1))

    thread = threading.Thread(target=hold)
    thread.start()
    started.wait(5)
    assert asyncio.run(run()) is Reason.STORED
    thread.join()


def test_r8_a_lock_held_longer_than_the_database_waits_is_met_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other program lets go only once the first try has failed."""
    monkeypatch.setattr(connecting, "BUSY_SECONDS", 0.1)
    path = tmp_path / "a.sqlite3"
    with open_store(f"sqlite:///{path}") as store:
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        tries: list[str] = []

        class Held(Store):
            def save(self, batch: Sequence[NewArticle], *, now: datetime) -> list[Reason]:
                tries.append("try")
                if len(tries) > 1:
                    other.rollback()
                return super().save(batch, now=now)

        async def run() -> Reason:
            async with Writer(Held(store.engine), lambda: NOW) as writer:
                return await writer.save(new(1))

        assert asyncio.run(run()) is Reason.STORED
        other.close()
    assert len(tries) == 2
