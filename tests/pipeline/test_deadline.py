"""Jobs that hang, a loop that stands still, a clock that is set (R5, R7)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
import time_machine

from pipeline.deadline import EXIT_HUNG, ClockWatch, Hung, Overrun, within
from pipeline.service import keep_pace, utc_now
from scheduler import build_scheduler
from tests.conftest import ROOT

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
T = TypeVar("T")
BERLIN = ZoneInfo("Europe/Berlin")


async def run(job: Callable[[asyncio.Event], Awaitable[T]], limit: float = 0.02, grace: float = 0.05) -> T:
    return await asyncio.wait_for(within(job, limit=limit, grace=grace, stop=asyncio.Event()), 10)


async def test_r7_a_job_is_told_to_stop_at_its_limit_and_keeps_what_it_has() -> None:
    async def job(stop: asyncio.Event) -> str:
        await stop.wait()
        return "kept"

    assert await run(job, grace=5) == "kept"


async def test_r7_a_job_that_hangs_is_cancelled_so_that_the_next_one_can_run() -> None:
    ended = []

    async def job(stop: asyncio.Event) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    with pytest.raises(Overrun, match="told to"):
        await run(job)
    assert ended == [True]


async def test_r7_a_job_that_cannot_be_cancelled_is_named() -> None:
    release = asyncio.Event()

    async def job(stop: asyncio.Event) -> None:
        while not release.is_set():
            with suppress(asyncio.CancelledError):
                await release.wait()

    try:
        with pytest.raises(Hung):
            await run(job)
    finally:
        release.set()


STUCK = """
import asyncio
from contextlib import suppress
from pipeline.service import Service
from pipeline.settings import load_settings
class Stuck(Service):
    async def _digest(self, stop):
        while True:
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(60)
async def main():
    service = Stuck(load_settings(), asyncio.Event(), digest_limit=0.1, grace=0.1)
    await service.digest_tick()
    print("went on", flush=True)
    __import__("os")._exit(0)
asyncio.run(main())
"""


def test_r7_a_service_gives_itself_up_over_a_job_that_cannot_be_cancelled() -> None:
    """It holds what the next one needs. A supervisor starts the service anew."""
    done = subprocess.run([sys.executable, "-c", STUCK], cwd=ROOT, capture_output=True, text=True, timeout=50)
    assert (done.returncode, done.stdout) == (EXIT_HUNG, "")
    assert "digest did not end" in done.stderr


async def test_a_job_that_fails_fails_with_its_own_error() -> None:
    async def job(stop: asyncio.Event) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await run(job, limit=5)


BLOCKED = """
import asyncio, time
from pipeline.deadline import Watchdog
async def main():
    async with Watchdog(silence=0.4):
        await asyncio.sleep(1.2)
        print("turning", flush=True)
        time.sleep(60)
asyncio.run(main())
"""


def test_r7_a_loop_that_stands_still_ends_the_process_with_where_it_stood() -> None:
    """A supervisor starts it anew; one that turns is left alone."""
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED], cwd=ROOT, capture_output=True, text=True, timeout=50
    )
    assert done.returncode == EXIT_HUNG
    assert done.stdout == "turning\n"
    assert "has not turned" in done.stderr
    assert "time.sleep" in done.stderr or "line 8" in done.stderr


@pytest.mark.parametrize(
    ("step", "seen"),
    [(-7200, -7200), (26 * 3600, 26 * 3600), (5, None), (-5, None), (0, None)],
)
def test_r5_a_clock_that_was_set_is_seen_and_one_that_drifts_is_not(step: int, seen: int | None) -> None:
    wall, steady = [NOW], [100.0]
    watch = ClockWatch(lambda: wall[0], lambda: steady[0])
    wall[0] += timedelta(seconds=60 + step)
    steady[0] += 60
    assert watch.jumped() == (None if seen is None else timedelta(seconds=seen))
    assert watch.jumped() is None


class Counted:
    """Counts its ticks."""

    def __init__(self) -> None:
        self.collected = asyncio.Event()
        self.sent = asyncio.Event()

    async def collect_tick(self) -> None:
        self.collected.set()

    async def digest_tick(self) -> None:
        self.sent.set()

    async def both_again(self) -> bool:
        """Whether both come once more; ten seconds are far more than they need."""
        self.collected.clear()
        self.sent.clear()
        both = [asyncio.create_task(each.wait()) for each in (self.collected, self.sent)]
        _, missing = await asyncio.wait(both, timeout=10)
        for task in missing:
            task.cancel()
        return not missing


@pytest.mark.parametrize(
    ("before", "after", "interval"),
    [
        (NOW, NOW - timedelta(hours=2), 0.02),
        (NOW, NOW + timedelta(hours=26), 1.0),  # APScheduler counts through all that it missed
        (
            datetime(2026, 3, 29, 1, 59, 59, tzinfo=BERLIN),
            datetime(2026, 3, 29, 3, 0, 1, tzinfo=BERLIN),
            0.02,
        ),
        (
            datetime(2026, 10, 25, 2, 59, 59, tzinfo=BERLIN),
            datetime(2026, 10, 25, 2, 0, 1, fold=1, tzinfo=BERLIN),
            0.02,
        ),
    ],
    ids=["set back two hours", "set on a day and more", "summer time begins", "summer time ends"],
)
async def test_r5_ticks_go_on_whatever_the_clock_does(
    before: datetime, after: datetime, interval: float
) -> None:
    ticks, stop = Counted(), asyncio.Event()
    with time_machine.travel(before, tick=True) as traveller:
        watch = ClockWatch(utc_now)
        scheduler = build_scheduler(ticks, seconds=interval)
        scheduler.start()
        pace = asyncio.create_task(keep_pace(scheduler, lambda: watch.jumped() is not None, stop, every=0.05))
        try:
            assert await ticks.both_again()
            traveller.move_to(after, tick=True)
            await asyncio.sleep(0.1)  # a tick that was on its way may still come
            assert await ticks.both_again()
        finally:
            stop.set()
            await pace
            scheduler.shutdown(wait=False)
