"""Jobs that must end, a loop that must turn, a clock that may jump.

    within(job, limit=…)      told to stop after `limit` seconds, cancelled after `GRACE` more
    Watchdog                  a thread that ends the process when its loop has stopped turning
    ClockWatch                tells when the system's clock was set, by comparing it with one that cannot be

All intervals here are monotonic seconds.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NoReturn, TypeVar

T = TypeVar("T")

GRACE = 60.0
"""Seconds that a job has to end once it was told to, and as many again once it was cancelled."""
EXIT_HUNG = 75
"""Exit code of a process that gave itself up (EX_TEMPFAIL: a supervisor should start it again)."""
JUMP = timedelta(seconds=30)
"""A clock that gained or lost more than this against the monotonic one was set."""


class Overrun(Exception):
    """A job did not end when it was told to, and was cancelled."""


class Hung(Overrun):
    """A job goes on although it was cancelled."""


async def within(
    job: Callable[[asyncio.Event], Awaitable[T]],
    *,
    limit: float,
    stop: asyncio.Event,
    grace: float = GRACE,
) -> T:
    """Run a job that ends early once the event that it is given is set: after `limit` seconds, or with
    `stop`. One that does not is cancelled after `grace` seconds more.

    Raises Overrun for one that had to be cancelled, Hung for one that runs even then, and what the job
    raises itself.
    """
    own = asyncio.Event()
    task = asyncio.ensure_future(job(own))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopping}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        own.set()
        if not task.done():
            await asyncio.wait({task}, timeout=grace)
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=grace)
        if not task.done():
            raise Hung(f"did not end {grace:g} s after it was cancelled")
        if task.cancelled():
            raise Overrun(f"did not end {grace:g} s after it was told to and was cancelled")
        return task.result()
    except asyncio.CancelledError:
        task.cancel()
        raise
    finally:
        stopping.cancel()


def give_up(why: str) -> NoReturn:
    """End the process at once, with what each thread was doing on standard error. Whatever was committed
    stays; the next start takes up the rest, as after a power cut."""
    print(f"diembao: {why}; the process ends so that it can be started anew", file=sys.stderr, flush=True)
    faulthandler.dump_traceback(all_threads=True)
    os._exit(EXIT_HUNG)


class Watchdog:
    """Ends the process when the loop that entered it has not turned for `silence` seconds: something holds
    the interpreter's lock or blocks the loop, and no timeout inside it can fire any more."""

    def __init__(self, silence: float = 300.0) -> None:
        self._silence = silence
        self._beat = time.monotonic()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Watchdog:
        self._beat = time.monotonic()
        self._task = asyncio.create_task(self._turn(), name="watchdog")
        self._thread.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        self._done.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _turn(self) -> None:
        while True:
            self._beat = time.monotonic()
            await asyncio.sleep(min(self._silence / 4, 1.0))

    def _watch(self) -> None:
        while not self._done.wait(self._silence / 4):
            silent = time.monotonic() - self._beat
            if silent > self._silence:
                give_up(f"the loop has not turned for {silent:.0f} s")


class ClockWatch:
    """Compares the system's clock with the monotonic one at each call."""

    def __init__(self, now: Callable[[], datetime], steady: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._steady = steady
        self._seen = (now(), steady())

    def jumped(self) -> timedelta | None:
        """By how much the clock was set since the last call (negative: back); None if it was not."""
        wall, steady = self._seen
        self._seen = (self._now(), self._steady())
        step = self._seen[0] - wall - timedelta(seconds=self._seen[1] - steady)
        return step if abs(step) > JUMP else None
