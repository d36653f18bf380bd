"""How a process holds memory that has been freed; in a new one where that is changed for good."""

from __future__ import annotations

import gc
import json
import platform
import subprocess
import sys
from typing import Any

import pytest

from models.errors import ConfigError
from pipeline.memory import making_what_stays
from tests.conftest import ROOT

PAGES = """
import sys
from pipeline.memory import return_what_is_freed

def resident():
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[1]) * 4096

if given == "kept small":
    return_what_is_freed()
bytearray(120_000)  # from the first such block on, glibc keeps in its heap what is no larger
before = resident()
small, pages = [], []
for _ in range(400):
    pages.append(bytearray(120_000))
    small.append(bytearray(2_000))  # lies between and stays
held = resident() - before
del pages
answer = [held, resident() - before]
"""

CYCLES = """
import gc, weakref
from pipeline.memory import spare_what_stays

class Knot:
    def __init__(self):
        self.itself = self

old = Knot()
seen_old = weakref.ref(old)
spare_what_stays()
frozen = gc.get_freeze_count()
new = Knot()
seen_new = weakref.ref(new)
del old, new
tables = [[number] for number in range(50_000)]
spare_what_stays()
gc.collect()
answer = {
    "old": seen_old() is not None,
    "new": seen_new() is not None,
    "frozen": frozen,
    "frozen later": gc.get_freeze_count(),
}
"""

PAUSES = """
import gc
from pipeline.memory import spare_what_stays

if given == "spared":
    spare_what_stays()
looks = []
gc.callbacks.append(lambda phase, info: looks.append(phase == "start"))
kept = [[number] for number in range(100_000)]
answer = sum(looks)
"""


def fresh(script: str, given: str = "") -> Any:
    """What a script sets as its answer in a new process."""
    whole = f"given = {given!r}\n{script}\nimport json\nprint(json.dumps(answer))"
    done = subprocess.run(
        [sys.executable, "-c", whole], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    return json.loads(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries are left alone")
def test_pages_that_were_let_go_do_not_stay_in_the_process() -> None:
    held, left = fresh(PAGES, "kept small")
    assert held > 40_000_000
    assert left < held / 4
    held, left = fresh(PAGES)
    assert left > held / 2, "by itself the C library gives it back too: nothing is to be done any more"


def test_what_stays_is_looked_at_once_and_what_comes_later_is_still_collected() -> None:
    found = fresh(CYCLES)
    assert (found["old"], found["new"]) == (True, False)
    assert found["frozen"] > 0


def test_a_second_call_freezes_nothing_of_what_came_since() -> None:
    found = fresh(CYCLES)
    assert found["frozen later"] <= found["frozen"]


def test_new_objects_are_searched_for_cycles_less_often() -> None:
    assert 0 < fresh(PAUSES, "spared") < fresh(PAUSES) / 10


def test_cycles_are_looked_for_again_once_the_tables_are_made_or_could_not_be() -> None:
    assert gc.isenabled()
    with making_what_stays():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ConfigError), making_what_stays():
        raise ConfigError("a table is missing")
    assert gc.isenabled()


def test_tables_made_while_others_are_made_do_not_begin_the_search_early() -> None:
    with making_what_stays():
        with making_what_stays():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
