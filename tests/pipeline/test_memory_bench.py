"""What collecting keeps in memory."""

from __future__ import annotations

import sys

import pytest

from pipeline.memory_bench import measure
from pipeline.settings import load_settings

PAGES, RUNS = 40, 8


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_one_run_after_the_other_keeps_no_page_in_memory() -> None:
    runs = list(measure(load_settings(workers=1), pages=PAGES, outlets=4, runs=RUNS))
    assert [run.stored for run in runs] == [PAGES] * RUNS
    kept = (runs[-1].after - runs[1].after) / ((RUNS - 2) * PAGES)
    assert kept < 100_000  # a page has 125,000 bytes; caches of the database may still grow
    assert all(run.peak_all > run.peak > 0 and run.grouped_all > run.grouped > 0 for run in runs)
