"""Where a process spends its processor time: its threads by their own clocks, and of the main thread the
parts of the program, by looking where it stands every few milliseconds."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

STEP = 0.004
"""Seconds of processor time between two looks."""

Parts = Sequence[tuple[str, tuple[str, ...]]]
"""Names of parts, each with pieces of the file names that belong to it; the first that fits counts."""


@contextmanager
def sampled(parts: Parts, rest: str = "other") -> Iterator[Counter[str]]:
    """Count the seconds of processor time of the block. What the main thread used since the last look belongs
    to the part that the innermost frame belongs to that any part knows; what other threads used, to
    `threads NAME`. Only for the main thread of a Unix process."""
    found: Counter[str] = Counter()
    last = time.thread_time()
    threads = _threads()

    def look(_number: int, frame: FrameType | None) -> None:
        nonlocal last
        now = time.thread_time()
        found[_part(frame, parts, rest)] += now - last  # type: ignore[assignment]
        last = now

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, STEP, STEP)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        for ident, (name, seconds) in _threads().items():
            found[f"threads {name}"] += seconds - threads.get(ident, ("", 0.0))[1]  # type: ignore[assignment]


def _threads() -> dict[int, tuple[str, float]]:
    """Name, without its number, and seconds of processor time of each other thread."""
    found = {}
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and thread.ident is not None:
            clock = time.pthread_getcpuclockid(thread.ident)
            found[thread.ident] = (thread.name.rpartition("_")[0], time.clock_gettime(clock))
    return found


def _part(frame: FrameType | None, parts: Parts, rest: str) -> str:
    while frame is not None:
        file = frame.f_code.co_filename
        for name, pieces in parts:
            if any(piece in file for piece in pieces):
                return name
        frame = frame.f_back
    return rest


def shares(found: Counter[str]) -> list[tuple[str, float]]:
    """The parts with their share of all, largest first."""
    total = sum(found.values())
    return [(name, number / total) for name, number in found.most_common() if number] if total else []
