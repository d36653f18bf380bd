"""A pool of worker processes for work that may hang, crash or eat memory: reading pages written by anyone.

Each worker serves one item at a time over its own pipe, in which the next one waits already, so that no
worker waits for the parent between two. A worker that misses the deadline, dies or has served its share is
replaced; the item that did it fails, no other does: what waited behind it goes to another worker. A worker
ends by itself when its pipe closes, so none outlives the parent, however that ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import pickle
import signal
import socket
import struct
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from models.errors import ExtractError
from pipeline.extract import nursery

Item = TypeVar("Item")
Result = TypeVar("Result")
Factory = Callable[[], Callable[[Item], Result]]

_START_SECONDS = 60.0
_LEAVE_SECONDS = 5.0
_TRY_AGAIN_SECONDS = 60.0
_AHEAD = 2  # items that a worker has in hand: the one that it is at, and the next
_TRIES = 3  # workers that an item is given to if each dies of another one
_PIPE_BYTES = 1 << 20  # a page, or several, fit into the pipe while the worker is busy
_LARGE = 1 << 20  # bytes of an answer that takes long enough to read to do it beside the loop


class DeadlineExceeded(ExtractError):
    """An item took longer than the pool's deadline; its worker was killed."""


class WorkerDied(ExtractError):
    """A worker ended in the middle of an item: it was killed, crashed or ran out of memory."""


class WorkFailed(ExtractError):
    """The function raised an error for an item. `what` names its type and words."""


class PoolBroken(ExtractError):
    """A worker could not even be made ready: no item can be served until the cause is removed."""


class _Untouched(Exception):
    """The worker ended over another item: this one goes to the next worker, again if it had been begun."""


class _Worker:
    """One process and the pipe to it: on this side a socket that the loop reads and writes without a thread,
    on the other a `Connection`. `served` counts items, so that memory that leaks goes with it, `in_hand`
    those that have not ended. Items are sent in turn and answered in that order. `given_up` tells that it is
    to end whatever waits in its pipe, `ended` that its process has."""

    def __init__(self, process: BaseProcess, pipe: socket.socket) -> None:
        self.process = process
        self.pipe = pipe
        self.served = 0
        self.in_hand = 0
        self.given_up = False
        self.ended = False
        self.sending = asyncio.Lock()
        self.answering = asyncio.Lock()

    def kill(self) -> None:
        """End the process at once."""
        if self.process.is_alive():
            self.process.kill()
        self.process.join(_LEAVE_SECONDS)

    def leave(self) -> None:
        """End the talk, upon which the process ends by itself and whoever waits for its answer is told; kill
        it if it does not."""
        with contextlib.suppress(OSError):  # it may have hung up first
            self.pipe.shutdown(socket.SHUT_RDWR)
        self.process.join(_LEAVE_SECONDS)
        self.kill()

    def close(self) -> None:
        """Let go of the pipe and of what watches the process: left to the garbage collector, they would stay
        open for as long as an error that somebody keeps leads to them."""
        self.pipe.close()
        with contextlib.suppress(ValueError):  # not even killing has ended it
            self.process.close()


class _Seat:
    """A place for a worker, which is started when it is first needed and again when it has gone. `taken`
    counts the items that were sent here."""

    def __init__(self) -> None:
        self.worker: _Worker | None = None
        self.taken = 0
        self.starting = asyncio.Lock()


class WorkerPool(Generic[Item, Result]):
    """Run a function over items in `workers` processes, each item within `deadline` seconds.

    `factory` is picklable and takes no arguments; it is called once in each worker and returns the function
    (load tables there, not per item). It is called before in the process that workers are forked from: what
    its module keeps of that, workers share. `items_per_worker` bounds how long a worker lives. Use it as an
    async context manager; `run` may be awaited by any number of tasks at once.
    """

    def __init__(
        self, factory: Factory[Item, Result], workers: int, deadline: float, *, items_per_worker: int = 2000
    ) -> None:
        if workers < 1 or deadline <= 0 or items_per_worker < 1:
            raise ValueError("workers, deadline and items_per_worker must be positive")
        self._factory = factory
        self._count = workers
        self._deadline = deadline
        self._items_per_worker = items_per_worker
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([nursery.__name__])
        self._seats: list[_Seat] = []
        self._free = asyncio.Semaphore(workers * _AHEAD)
        self._all: set[_Worker] = set()
        self._endings: set[asyncio.Future[None]] = set()
        self._closed = True
        self._broken = ("", 0.0)

    async def __aenter__(self) -> Self:
        self._closed = False
        self._seats = [_Seat() for _ in range(self._count)]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End all workers. Items under way fail with WorkerDied. Safe to call twice."""
        self._closed = True
        await asyncio.gather(*(self._end(worker, worker.leave) for worker in list(self._all)))
        await asyncio.gather(*self._endings)  # of those that were being ended already

    async def renew(self) -> None:
        """Have every further item done by new workers, which read anew what they read when they start. Those
        that are at an item finish it."""
        for worker in list(self._all):
            worker.served = self._items_per_worker
            if not worker.in_hand:
                await self._end(worker, worker.leave)

    async def run(self, item: Item) -> Result:
        """The function's result for one item.

        Raises DeadlineExceeded, WorkerDied or WorkFailed; the pool serves on after each of them. Raises
        PoolBroken when the factory failed. A run that is cancelled gives its worker up.
        """
        if self._closed:
            raise WorkerDied("the pool is closed", hint="use it inside `async with`")
        for _ in range(_TRIES):
            async with self._free:
                with contextlib.suppress(_Untouched):
                    failed, value = await self._at_a_seat(item)
                    break
        else:
            raise WorkerDied("every worker that it was given to died before it began")
        if failed:
            raise WorkFailed(str(value))
        return value  # type: ignore[no-any-return]

    async def _at_a_seat(self, item: Item) -> tuple[bool, Any]:
        """The answer of the least busy worker; rather of one that runs than of one to be started."""
        seat = min(self._seats, key=lambda each: (each.taken, each.worker is None))
        seat.taken += 1
        try:
            return await self._answer_of(await self._worker_at(seat), item)
        finally:
            seat.taken -= 1

    async def _worker_at(self, seat: _Seat) -> _Worker:
        """The seat's worker, or a new one where it has gone or has its share in hand."""
        async with seat.starting:
            worker = seat.worker
            if worker is None or worker.given_up or not self._has_share_left(worker):
                seat.worker = None
                self._refuse_what_cannot_start()
                worker = seat.worker = await self._start()
            worker.in_hand += 1
            return worker

    def _has_share_left(self, worker: _Worker) -> bool:
        return worker.served + worker.in_hand < self._items_per_worker

    async def _answer_of(self, worker: _Worker, item: Item) -> tuple[bool, Any]:
        try:
            return await self._ask(worker, item)
        except BaseException:  # a cancelled run too: its worker is busy and cannot serve another
            await self._drop(worker)
            raise
        finally:
            worker.in_hand -= 1
            worker.served += 1
            if not worker.in_hand and worker.served >= self._items_per_worker:
                await self._end(worker, worker.leave)
            _settle(worker)

    async def _drop(self, worker: _Worker) -> None:
        await self._end(worker, worker.kill)

    async def _end(self, worker: _Worker, how: Callable[[], None]) -> None:
        """End a worker, unless that is under way. It goes on when who waits for it is cancelled."""
        if worker.given_up:
            return
        worker.given_up = True
        self._all.discard(worker)

        def ended(ending: asyncio.Future[None]) -> None:
            self._endings.discard(ending)
            worker.ended = True
            _settle(worker)

        ending = asyncio.ensure_future(asyncio.to_thread(how))
        self._endings.add(ending)
        ending.add_done_callback(ended)
        await asyncio.shield(ending)

    def _refuse_what_cannot_start(self) -> None:
        """Start none once the pool is closed. Where one worker could not start the next will not either: say
        so without trying each time."""
        if self._closed:
            raise WorkerDied("the pool was closed")
        why, until = self._broken
        if why and asyncio.get_running_loop().time() < until:
            raise PoolBroken(f"the worker could not start: {why}")

    async def _start(self) -> _Worker:
        try:
            worker = await asyncio.to_thread(self._spawn)
        except (OSError, EOFError) as error:
            raise PoolBroken(f"no worker could be started: {error}", retry=True) from error
        self._all.add(worker)
        worker.in_hand += 1  # whoever waits for it to be ready holds it as an item does
        try:
            if self._closed:  # meanwhile
                raise WorkerDied("the pool was closed")
            await self._be_ready(worker)
        except BaseException:
            await self._drop(worker)
            raise
        finally:
            worker.in_hand -= 1
            _settle(worker)
        return worker

    async def _be_ready(self, worker: _Worker) -> None:
        try:
            failed, value = await self._receive(worker, _START_SECONDS)
        except DeadlineExceeded as error:  # the machine is too busy; no page is to blame
            raise PoolBroken(f"no worker was ready within {_START_SECONDS:g} s", retry=True) from error
        except WorkerDied as error:
            if self._closed:
                raise
            raise PoolBroken(f"the worker could not start: {error}", retry=True) from error
        if failed:
            self._broken = (str(value), asyncio.get_running_loop().time() + _TRY_AGAIN_SECONDS)
            raise PoolBroken(f"the worker could not start: {value}")

    def _spawn(self) -> _Worker:
        ours, other = socket.socketpair()
        ours.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _PIPE_BYTES)
        with Connection(other.detach()) as theirs:
            nursery.launch(self._factory)
            process = self._context.Process(target=_serve, args=(theirs, self._factory), daemon=True)
            process.start()
        return _Worker(process, ours)

    async def _ask(self, worker: _Worker, item: Item) -> tuple[bool, Any]:
        async with worker.sending:
            sent = not worker.given_up and await self._sent(worker, item)
        async with worker.answering:  # the deadline begins when what was before it has been answered
            if worker.given_up or not sent:
                raise _Untouched
            return await self._receive(worker, self._deadline)

    async def _sent(self, worker: _Worker, item: Item) -> bool:
        """Hand an item over; False if the worker was gone."""
        try:
            async with asyncio.timeout(2 * self._deadline):  # it may be at another one
                await _send(worker.pipe, item)
        except TimeoutError:
            raise DeadlineExceeded(f"not taken within {2 * self._deadline:g} s") from None
        except (OSError, EOFError):
            return False
        return True

    async def _receive(self, worker: _Worker, seconds: float) -> tuple[bool, Any]:
        """What the worker answers: whether it failed, and the value or the error's words."""
        try:
            async with asyncio.timeout(seconds):
                answer: tuple[bool, Any] = await _receive(worker.pipe)
        except TimeoutError:
            raise DeadlineExceeded(f"took longer than {seconds:g} s", retry=False) from None
        except (OSError, EOFError) as error:
            if self._closed:
                raise WorkerDied("the pool was closed") from error
            if worker.given_up:
                raise _Untouched from error
            ending = await asyncio.to_thread(_ending, worker.process)
            raise WorkerDied(f"the worker died ({ending})") from error
        return answer


def _settle(worker: _Worker) -> None:
    """Close a worker that has ended once nobody waits at it."""
    if worker.ended and not worker.in_hand:
        worker.close()


# What a `Connection` sends and expects: the length in four bytes, or -1 and the length in eight; a pickle.
_SHORT, _LONG = struct.Struct("!i"), struct.Struct("!Q")
_MAX_SHORT = (1 << 31) - 1


async def _send(pipe: socket.socket, item: object) -> None:
    data = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
    size = len(data)
    head = _SHORT.pack(size) if size <= _MAX_SHORT else _SHORT.pack(-1) + _LONG.pack(size)
    await asyncio.get_running_loop().sock_sendall(pipe, head + data)


async def _receive(pipe: socket.socket) -> Any:
    (size,) = _SHORT.unpack(await _read(pipe, _SHORT.size))
    if size == -1:
        (size,) = _LONG.unpack(await _read(pipe, _LONG.size))
    data = await _read(pipe, size)
    return await asyncio.to_thread(pickle.loads, data) if size > _LARGE else pickle.loads(data)  # noqa: S301


async def _read(pipe: socket.socket, size: int) -> bytes:
    """That many bytes. Raises EOFError when the other side hangs up before."""
    found, loop = bytearray(size), asyncio.get_running_loop()
    view, have = memoryview(found), 0
    while have < size:
        count = await loop.sock_recv_into(pipe, view[have:])
        if not count:
            raise EOFError("the other side hung up")
        have += count
    return bytes(found)


def _ending(process: BaseProcess) -> str:
    process.join(1.0)
    code = process.exitcode
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def _serve(pipe: Connection, factory: Factory[Any, Any]) -> None:
    """The life of a worker: build the function, then answer items until the pipe closes."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        function = factory()
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
        _answer(pipe, (True, _words(error)))
        return
    _answer(pipe, (False, None))
    while True:
        try:
            item = pipe.recv()
        except (EOFError, OSError):
            os._exit(0)
        _answer(pipe, _applied(function, item))


def _applied(function: Callable[[Any], Any], item: Any) -> tuple[bool, Any]:
    try:
        return False, function(item)
    except Exception as error:  # noqa: BLE001 - one item's error must not end the worker
        return True, _words(error)


def _answer(pipe: Connection, answer: tuple[bool, Any]) -> None:
    try:
        pipe.send(answer)
    except (OSError, EOFError):
        os._exit(0)
    except Exception as error:  # noqa: BLE001 - a result that cannot be pickled
        pipe.send((True, _words(error)))


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]
