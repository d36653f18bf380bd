"""Being told to stop. Ctrl-C: at any moment one line, exit code 130, and an end that is not waited for long.

    heeding_interrupts()      the first one raises KeyboardInterrupt
    until_interrupted(job)    the first one tells the job to stop, which stores what it has in hand
    stop_signals()            it only tells to stop

With the first two a second one ends the process at once, as does the first after `PATIENCE` seconds: what is
committed stays, and the next run takes up the rest, as after a power cut.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")

PATIENCE = 3.0
"""Seconds that a command has to end by itself once it was interrupted."""
EXIT_INTERRUPTED = 130


@contextmanager
def heeding_interrupts() -> Iterator[None]:
    """While the block runs, Ctrl-C raises KeyboardInterrupt in the main thread. Once one came, the end of the
    block is that of the process: what Python does at its exit could hang on a thread."""

    def interrupted(number: int, frame: FrameType | None) -> NoReturn:
        _end_soon("interrupted")
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is _end:
            os._exit(EXIT_INTERRUPTED)
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def until_interrupted(job: Callable[[asyncio.Event], Coroutine[Any, Any, T]]) -> T:
    """Run a job that ends early once the event that it is given is set, which Ctrl-C does.

    Raises KeyboardInterrupt when the job has ended after that, whatever it returned.
    """

    import asyncio  # it takes a while, and Ctrl-C is to be heeded before

    async def run() -> T:
        stop, loop, told = asyncio.Event(), asyncio.get_running_loop(), False

        def interrupted(number: int, frame: FrameType | None) -> None:
            nonlocal told
            told = True
            _end_soon("interrupted, what is in hand is still stored (Ctrl-C once more ends it at once)")
            loop.call_soon_threadsafe(stop.set)

        # Not a handler of the loop, which would wait for its turn.
        before = signal.signal(signal.SIGINT, interrupted)
        try:
            result = await job(stop)
        finally:
            if not told:
                signal.signal(signal.SIGINT, before)
        if told:
            raise KeyboardInterrupt
        return result

    return asyncio.run(run())


def stop_signals() -> asyncio.Event:
    """An event of the running loop that SIGTERM, SIGINT and SIGHUP (a closed terminal's) set, from now on:
    for what finishes its work however long it takes, such as a mail that is under way."""
    import asyncio

    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    return stop


def _end_soon(what: str) -> None:
    """Say what happened, and see to it that the process ends."""
    signal.signal(signal.SIGINT, _end)
    signal.signal(signal.SIGALRM, _end)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    with suppress(OSError):  # past Python's buffers, at which the signal may have come; below a terminal's ^C
        os.write(2, f"{chr(10) if os.isatty(2) else ''}diembao: {what}\n".encode())


def _end(number: int, frame: FrameType | None) -> NoReturn:
    os._exit(EXIT_INTERRUPTED)
