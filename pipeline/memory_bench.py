"""How much memory collecting takes: of the collecting process, and of all its processes together.

Each run collects other pages from the same feeds, with the store, the archive and the workers of
`diembao collect`; every second the proportional set size (PSS: a page of memory that several processes
share counts once) of the process and of its descendants is read from /proc, so only Linux can measure. The
server of the pages is not counted.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import tempfile
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.bench_pages import families
from pipeline.collect_bench import Press, configured, server, utc_now
from pipeline.jobs import Collector
from pipeline.settings import Settings
from pipeline.store import open_store

_STEP = 1.0  # seconds between two readings


@dataclass(frozen=True, slots=True)
class Run:
    """Bytes at the peak of one run: of the collecting process alone and with its workers; and what the
    collecting process has after it. `grouped` and `grouped_all` are the peaks while the articles were put
    into stories, which the collecting process does by itself; its workers wait."""

    stored: int
    peak: int
    peak_all: int
    after: int
    grouped: int
    grouped_all: int


def measure(settings: Settings, *, pages: int, outlets: int, runs: int) -> Iterator[Run]:
    """Collect `pages` articles of `outlets` outlets, `runs` times, each time others."""
    press = Press(tuple(families(settings.config_dir)), outlets, pages)
    with tempfile.TemporaryDirectory(prefix="diembao-bench-") as folder, server(press) as port:
        own = settings.model_copy(
            update={
                "home": Path(folder),
                "config_dir": configured(settings.config_dir, Path(folder), press.newspapers(port)),
                "database_url": "",
                "allow_networks": ["127.0.0.0/8"],
            }
        )
        excluded = {process.pid or 0 for process in multiprocessing.active_children()}
        with asyncio.Runner() as loop, open_store(own.database) as store:
            collector = Collector(own, store, utc_now)
            loop.run(collector.__aenter__())
            try:
                for _ in range(runs):
                    before = store.stats().articles
                    with watched(excluded) as peaks:
                        loop.run(collector.gather(press.newspapers(port)))
                    stored, after = store.stats().articles - before, pss(os.getpid())
                    with watched(excluded) as later:
                        collector.group()
                    yield Run(stored, peaks.own, peaks.tree, after, later.own, later.tree)
            finally:
                loop.run(collector.__aexit__(None, None, None))


@dataclass(slots=True)
class Peaks:
    """The most bytes so far: of this process, and of it and its descendants."""

    own: int = 0
    tree: int = 0

    def look(self, excluded: Collection[int]) -> None:
        """Take the present figures into account."""
        found = {pid: pss(pid) for pid in descendants(os.getpid(), excluded)}
        self.own = max(self.own, found[os.getpid()])
        self.tree = max(self.tree, sum(found.values()))


@contextmanager
def watched(excluded: Collection[int]) -> Iterator[Peaks]:
    """Watch the memory while the block runs."""
    peaks, done = Peaks(), threading.Event()

    def watch() -> None:
        while not done.wait(_STEP):
            peaks.look(excluded)

    thread = threading.Thread(target=watch, name="memory", daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        done.set()
        thread.join()
        peaks.look(excluded)


def pss(pid: int) -> int:
    """The proportional set size of a process in bytes; 0 if it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def descendants(pid: int, excluded: Collection[int] = ()) -> list[int]:
    """A process and all that come from it, without the excluded ones and what comes from those."""
    found = [pid]
    for each in found:
        for file in Path(f"/proc/{each}/task").glob("*/children"):
            with suppress(OSError):
                found += [int(child) for child in file.read_text().split() if int(child) not in excluded]
    return found
