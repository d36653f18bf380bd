"""One writer for the whole program: gathers what is to be stored and commits it in batches, off the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import ParamSpec, TypeVar

from models.errors import StoreError, ValueRefused
from models.outcome import Outcome, Reason
from models.ports import EndpointState, Named
from pipeline.store import EndpointRead, NewArticle, Store

P = ParamSpec("P")
R = TypeVar("R")

BATCH_ROWS = 500
BATCH_SECONDS = 0.1
FLUSH_SECONDS = 1.0
RETRY_SECONDS = (0.5, 2.0)

Item = tuple[NewArticle, "asyncio.Future[Reason]"]


class Unstorable(Exception):
    """The database takes everything else, but not this article."""


@dataclass(slots=True)
class _Pending:
    """What waits for the next flush."""

    outcomes: list[Outcome] = field(default_factory=list)
    read: list[EndpointRead] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.outcomes) + len(self.read)

    def before(self, later: _Pending) -> _Pending:
        """This, followed by what came later."""
        return _Pending(self.outcomes + later.outcomes, self.read + later.read)


class Writer:
    """Articles are committed at most `BATCH_SECONDS` after they came, up to `BATCH_ROWS` in one transaction;
    outcomes and endpoint states at most `FLUSH_SECONDS` after."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._queue: asyncio.Queue[Item] = asyncio.Queue()
        self._pending = _Pending()
        self._flushing = asyncio.Lock()  # in turn, so that no older state is written over a newer one
        self._flushes: set[asyncio.Task[None]] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Writer:
        self._tasks = [
            asyncio.create_task(self._commit_batches(), name="writer"),
            asyncio.create_task(self._flush_regularly(), name="flush"),
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            await self._queue.join()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, *self._flushes, return_exceptions=True)
            await self.flush()
        finally:
            self._thread.shutdown(wait=True)

    async def save(self, item: NewArticle) -> Reason:
        """Store one article; returns when it is committed.

        Raises StoreError when the database does not take anything, Unstorable when it does not take this.
        """
        future: asyncio.Future[Reason] = asyncio.get_running_loop().create_future()
        await self._queue.put((item, future))
        return await future

    async def record(self, outcome: Outcome) -> None:
        """Record an outcome with the next flush."""
        self._pending.outcomes.append(outcome)
        await self._flush_if_many()

    async def polled(self, state: EndpointState, kind: str, named: Sequence[Named]) -> None:
        """Remember an endpoint's state, and what it named, with the next flush, together with the outcomes
        recorded so far. A crash before that means that the endpoint is read again in full."""
        self._pending.read.append(EndpointRead(state, self._now(), kind, named))
        await self._flush_if_many()

    async def _flush_if_many(self) -> None:
        if len(self._pending) >= BATCH_ROWS:
            await self.flush()

    async def flush(self) -> None:
        """Commit the outcomes and endpoint states recorded so far, in one transaction. What could not be
        written stays for the next flush. Raises StoreError.

        Whoever waits may be cancelled; the thread is not, so what it writes is not given to the next flush.
        """
        flush = asyncio.create_task(self._flush())
        self._flushes.add(flush)
        flush.add_done_callback(self._flushes.discard)
        await asyncio.shield(flush)

    async def _flush(self) -> None:
        async with self._flushing:
            taken, self._pending = self._pending, _Pending()
            try:
                await self._patiently(self._store.record, taken.outcomes, taken.read)
            except BaseException:
                self._pending = taken.before(self._pending)
                raise

    async def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a function of the store in the writer's thread."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: function(*args, **kwargs)
        )

    async def _patiently(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """As `call`, trying again where the store says that this could help (another process is writing)."""
        for seconds in RETRY_SECONDS:
            try:
                return await self.call(function, *args, **kwargs)
            except StoreError as error:
                if not error.retry:
                    raise
            await asyncio.sleep(seconds)
        return await self.call(function, *args, **kwargs)

    async def _flush_regularly(self) -> None:
        """Flush, however much else there is to write. What cannot be written now is met again at the next
        flush; the last one tells."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            with suppress(Exception):
                await self.flush()

    async def _commit_batches(self) -> None:
        while True:
            batch = [await self._queue.get()]
            await self._fill(batch)
            await self._commit(batch)

    async def _fill(self, batch: list[Item]) -> None:
        """Wait a moment for more articles to commit together."""
        deadline = asyncio.get_running_loop().time() + BATCH_SECONDS
        while len(batch) < BATCH_ROWS:
            left = deadline - asyncio.get_running_loop().time()
            try:
                batch.append(await asyncio.wait_for(self._queue.get(), max(left, 0)))
            except TimeoutError:
                return

    async def _commit(self, batch: list[Item]) -> None:
        try:
            reasons = await self._patiently(self._store.save, [item for item, _ in batch], now=self._now())
            for (_, future), reason in zip(batch, reasons, strict=True):
                _settle(future, reason)
        except Exception as error:  # noqa: BLE001  handed to whoever waits for the articles
            if _is_of_the_database(error):
                for _, future in batch:
                    _settle(future, error)
            else:  # some article of the batch is at fault: find out which
                for item in batch:
                    await self._commit_alone(item)
        finally:
            for _ in batch:
                self._queue.task_done()

    async def _commit_alone(self, item: Item) -> None:
        article, future = item
        try:
            (reason,) = await self._patiently(self._store.save, [article], now=self._now())
            _settle(future, reason)
        except Exception as error:  # noqa: BLE001  handed to whoever waits for the article
            own = Unstorable(f"{type(error).__name__}: {error}"[:300])
            _settle(future, error if _is_of_the_database(error) else own)


def _is_of_the_database(error: Exception) -> bool:
    """Whether the database fails, whatever it is given."""
    return isinstance(error, StoreError) and not isinstance(error, ValueRefused)


def _settle(future: asyncio.Future[Reason], answer: Reason | Exception) -> None:
    if future.done():
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
