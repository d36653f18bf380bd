"""Ctrl-C in a terminal, at several moments: one line, exit code 130, nothing left behind."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import sqlite3
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from pipeline.interrupts import EXIT_INTERRUPTED
from tests.conftest import ROOT
from tests.newsroom.build import ARCHIVE

CTRL_C = b"\x03"
MUST_END = 60.0
"""Seconds after which a command that was interrupted counts as hanging; a few suffice on an idle machine."""


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, *command: str, **environment: str) -> None:
        self._screen, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self.pid = self._process.pid
        self.shown = ""
        self.exit_code: int | None = None

    def look(self) -> None:
        """Take in what it has shown since, or after a moment without anything."""
        if not select.select([self._screen], [], [], 0.02)[0]:
            return
        text = b""
        with suppress(OSError):  # how a terminal says that nobody is at it any more
            text = os.read(self._screen, 1 << 16)
        self.shown += text.decode("utf-8", "replace")
        if not text:
            os.close(self._screen)
            self.exit_code = self._process.wait()

    def until(self, moment: Callable[[], bool]) -> None:
        """Wait for a moment that must come before it ends."""
        while not moment():
            self.look()
            assert self.exit_code is None, self.shown

    def interrupt(self) -> None:
        os.write(self._screen, CTRL_C)

    def end(self) -> int | None:
        """Its exit code, None if it had to be killed."""
        last = time.monotonic() + MUST_END
        while self.exit_code is None and time.monotonic() < last:
            self.look()
        if self.exit_code is None:
            self._process.kill()
            while self.exit_code is None:
                self.look()
            return None
        return self.exit_code


def lines_of(shown: str) -> list[str]:
    """What stands on the screen, without the terminal's own ^C."""
    return [line for line in re.split(r"[\r\n]+", shown.replace("^C", "")) if line]


def children(pid: int) -> list[int]:
    """The processes that any of its threads has started."""
    found: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # the thread has ended meanwhile
            found += map(int, file.read_text("ascii").split())
    return found


def family(pid: int) -> list[int]:
    """It and all that came of it."""
    return [pid, *(each for child in children(pid) for each in family(child))]


def imports(pid: int) -> bool:
    """Whether it has begun to import what it needs."""
    try:
        return "pydantic_core" in Path(f"/proc/{pid}/maps").read_text("utf-8")
    except OSError:
        return False


def articles(home: Path) -> int:
    """How many are stored so far."""
    try:
        with closing(sqlite3.connect(f"file:{home / 'diembao.sqlite3'}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM article").fetchone()[0])
    except sqlite3.Error:
        return 0


Moment = Callable[[Terminal, Path], bool]
MOMENTS: dict[str, Moment] = {
    "libraries are imported": lambda screen, _: imports(screen.pid),
    "the database is there": lambda _, home: (home / "diembao.sqlite3").exists(),
    "the parent of the workers starts": lambda screen, _: len(children(screen.pid)) > 1,
    "the workers' tables are read": lambda screen, _: any(map(imports, children(screen.pid))),
    "a worker starts": lambda screen, _: len(family(screen.pid)) > 3,
    "articles are stored": lambda _, home: articles(home) > 0,
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
@pytest.mark.parametrize(
    "command",
    [("collect", "--replay", str(ARCHIVE), "--now", "2026-11-16T05:50"), ("demo",)],
    ids=["collect", "demo"],
)
def test_ctrl_c_ends_a_command_at_any_moment_with_one_line(
    command: tuple[str, ...], moment: Moment, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    screen = Terminal("-m", "pipeline", *command, "--home", str(home), DIEMBAO_WORKERS="2")
    screen.until(lambda: moment(screen, home))
    before, started = lines_of(screen.shown), family(screen.pid)
    screen.interrupt()
    assert screen.end() == EXIT_INTERRUPTED, screen.shown
    said = [line for line in lines_of(screen.shown) if line not in before]
    assert [line[:20] for line in said if "new articles" not in line] == ["diembao: interrupted"]
    assert "Traceback" not in screen.shown
    assert all_end(started)


def all_end(pids: list[int]) -> bool:
    """Whether none of them runs on; those that are being read in notice when they have been."""
    last = time.monotonic() + MUST_END
    while time.monotonic() < last:
        if not any(Path(f"/proc/{pid}/exe").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


HEEDLESS = """
import asyncio
from pipeline.interrupts import heeding_interrupts, until_interrupted

async def job(stop):
    print("at it", flush=True)
    await asyncio.to_thread(input)  # what no stop reaches

with heeding_interrupts():
    until_interrupted(job)
"""


@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
def test_ctrl_c_ends_a_job_that_does_not_heed_it(times: int) -> None:
    screen = Terminal("-c", HEEDLESS)
    screen.until(lambda: "at it" in screen.shown)
    screen.interrupt()
    screen.until(lambda: "interrupted" in screen.shown)
    if times == 2:
        screen.interrupt()
    assert screen.end() == EXIT_INTERRUPTED
    assert len(lines_of(screen.shown)) == 2


COLLECTING = """
import asyncio, sys
from pipeline.interrupts import heeding_interrupts, until_interrupted

async def job(stop):
    print("at it", flush=True)
    await stop.wait()
    print("stored", flush=True)

with heeding_interrupts():
    until_interrupted(job)
    print("went on", flush=True)
"""


def test_a_job_that_is_interrupted_finishes_what_it_has_in_hand_and_nothing_follows_it() -> None:
    screen = Terminal("-c", COLLECTING)
    screen.until(lambda: "at it" in screen.shown)
    screen.interrupt()
    assert screen.end() == EXIT_INTERRUPTED
    assert [lines_of(screen.shown)[place] for place in (0, -1)] == ["at it", "stored"]
