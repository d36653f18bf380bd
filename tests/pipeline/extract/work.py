"""What the pool's tests do in workers; imports little, as every worker imports it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.extract.fuzz import Damaged


def build(prefix: str) -> Callable[[str], str]:
    def work(item: str) -> str:
        if item == "hang":
            time.sleep(600)
        if item == "crash":
            os._exit(7)
        if item == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if item == "raise":
            raise ValueError("no such page")
        if item == "pid":
            return str(os.getpid())
        if item.startswith("slow"):
            time.sleep(0.2)
        return prefix + item

    return work


def slow_to_start(told: str) -> Callable[[str], str]:
    Path(told).write_text(f"{os.getpid()}\n", "utf-8")
    time.sleep(600)
    return str


def dying() -> Callable[[str], str]:
    os._exit(7)


@cache
def first_builder() -> int:
    return os.getpid()


def sharing() -> Callable[[str], tuple[int, int]]:
    """Tells who built first what the worker has, and who the worker is."""
    first = first_builder()
    return lambda item: (first, os.getpid())


def multiplying() -> Callable[[str], str]:
    """Multiplies large matrices and tells how many threads the worker has then."""
    import numpy as np

    def work(item: str) -> str:
        matrix = np.ones((400, 400), dtype=np.float32)
        (matrix @ matrix).sum()
        return str(len(list(Path("/proc/self/task").iterdir())))

    return work


def broken() -> Callable[[str], str]:
    raise RuntimeError("no configuration here")


def damaging() -> Callable[[Damaged], tuple[str, float]]:
    def read(page: Damaged) -> tuple[str, float]:
        if page.kind == "deadly":
            os._exit(3)
        if page.kind == "slow":
            time.sleep(60)
        return "stored", 0.1

    return read
