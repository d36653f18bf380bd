"""How this process and those that it starts hold memory that has been freed."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

GARBAGE = 20_000
"""New objects after which Python looks for unreachable cycles. With its own 700 that is a seventh of what an
article costs the collecting process."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of mallopt(3)
_SMALL = 64 << 10
_FREE_ON_TOP = 128 << 10
_ARENAS = 2


def return_what_is_freed() -> None:
    """Have glibc give memory back: what is larger than `_SMALL`, a page that is, at once, the rest as soon as
    it lies on top. By itself it learns from the first page that is freed to keep what such pages took,
    in as many places as there are threads. For a process that holds many pages at once; workers, which have
    one, would only fetch the same memory over and over. Other C libraries are left alone."""
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, _SMALL)
        mallopt(_TRIM_THRESHOLD, _FREE_ON_TOP)
        mallopt(_ARENA_MAX, _ARENAS)


def spare_what_stays() -> None:
    """Have Python look for unreachable cycles not among what is there by now, modules and tables, and among
    the rest only after `GARBAGE` new objects. Once in a process: what was frozen is never looked at again."""
    if not gc.get_freeze_count():
        gc.collect()
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
        gc.freeze()
        gc.set_threshold(GARBAGE, 20, 100)


@contextmanager
def making_what_stays() -> Iterator[None]:
    """While tables are made of which all stays, Python looks for no unreachable cycles: it would go over them
    again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
