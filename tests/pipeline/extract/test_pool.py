"""The pool outlives what its items do to it."""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.extract.pool import DeadlineExceeded, PoolBroken, WorkerDied, WorkerPool, WorkFailed
from tests.conftest import ROOT
from tests.pipeline.extract.work import broken, build, dying, slow_to_start


def alive(pid: int) -> bool:
    """Whether a process runs, waited for a moment, as its end is noticed by another process."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        if not _ends(pid):
            return True
        time.sleep(0.05)
    return True


def _ends(pid: int) -> bool:
    """Whether the process has ended and only waits to be collected, or is being killed."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text("ascii", "ignore").rsplit(")", 1)[-1].split()[0] in "ZX"
    except OSError:
        return True


def pool(workers: int = 1, deadline: float = 20.0, items: int = 2000) -> WorkerPool[str, str]:
    return WorkerPool(functools.partial(build, "read "), workers, deadline, items_per_worker=items)


async def test_a_hanging_item_fails_alone_and_its_worker_is_replaced() -> None:
    async with pool(deadline=1.0) as workers:
        first = await workers.run("pid")
        with pytest.raises(DeadlineExceeded):
            await workers.run("hang")
        assert not alive(int(first))
        assert await workers.run("a") == "read a"


@pytest.mark.parametrize(("item", "ending"), [("crash", "exit code 7"), ("killed", "SIGKILL")])
async def test_a_crash_is_told_with_its_ending_and_the_pool_serves_on(item: str, ending: str) -> None:
    async with pool() as workers:
        with pytest.raises(WorkerDied, match=ending):
            await workers.run(item)
        assert await workers.run("b") == "read b"


@pytest.mark.parametrize(
    ("item", "end"), [("hang", DeadlineExceeded), ("crash", WorkerDied), ("killed", WorkerDied)]
)
async def test_what_waits_behind_an_item_that_ends_its_worker_goes_to_another(
    item: str, end: type[Exception]
) -> None:
    async with pool(deadline=1.0) as workers:
        await workers.run("a")
        items = [item, "b", item, "c"]
        ends = await asyncio.gather(*map(workers.run, items), return_exceptions=True)
    assert [each if isinstance(each, str) else type(each) for each in ends] == [end, "read b", end, "read c"]


@pytest.mark.parametrize("cancelled", [0, 1])
async def test_of_two_items_in_a_workers_hand_one_is_cancelled_and_the_other_answered(
    cancelled: int,
) -> None:
    async with pool() as workers:
        await workers.run("a")
        items = ["slow", "slow"]
        items[cancelled] = "hang"
        runs = [asyncio.create_task(workers.run(item)) for item in items]
        await asyncio.sleep(0.05)
        runs[cancelled].cancel()
        ends = await asyncio.gather(*runs, return_exceptions=True)
        assert isinstance(ends.pop(cancelled), asyncio.CancelledError)
        assert ends == ["read slow"]
        assert await workers.run("d") == "read d"


async def test_an_error_of_the_function_keeps_the_worker() -> None:
    async with pool() as workers:
        before = await workers.run("pid")
        with pytest.raises(WorkFailed, match="ValueError: no such page"):
            await workers.run("raise")
        assert await workers.run("pid") == before


async def test_each_result_belongs_to_its_item_whatever_the_order_of_finishing() -> None:
    items = ["slow one", "two", "three", "slow four", "five"]
    async with pool(workers=2) as workers:
        assert await asyncio.gather(*map(workers.run, items)) == [f"read {item}" for item in items]


async def test_a_worker_is_replaced_after_its_share_of_items() -> None:
    async with pool(items=2) as workers:
        pids = [await workers.run("pid") for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


async def test_items_after_a_renewal_are_done_by_new_workers_and_those_in_hand_are_finished() -> None:
    async with pool() as workers:
        before = await workers.run("pid")
        in_hand = asyncio.create_task(workers.run("slow"))
        await asyncio.sleep(0.05)
        await workers.renew()
        after = await workers.run("pid")
        assert await in_hand == "read slow"
        assert before != after == await workers.run("pid")
        await workers.renew()
        assert await workers.run("pid") not in (before, after)


async def test_a_cancelled_run_gives_its_worker_up() -> None:
    async with pool() as workers:
        pid = int(await workers.run("pid"))
        task = asyncio.create_task(workers.run("hang"))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not alive(pid)
        assert await workers.run("c") == "read c"


def open_files() -> int:
    """How many files, sockets and pipes this process has open."""
    return sum(1 for _ in Path("/dev/fd").iterdir())


@pytest.fixture
def no_collector() -> Iterator[None]:
    """The garbage collector is off while the test runs."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
async def test_workers_that_end_before_their_time_leave_nothing_open() -> None:
    """Whether killed, crashed or cancelled, and though somebody keeps what was raised."""
    kept: list[object] = []
    async with pool(workers=2, deadline=0.5) as workers:

        async def two_workers_up() -> int:
            await asyncio.gather(workers.run("slow"), workers.run("slow"))
            return open_files()

        before = await two_workers_up()
        for _ in range(3):
            items = ["hang", "a", "crash", "b", "killed", "c"]
            kept += await asyncio.gather(*map(workers.run, items), return_exceptions=True)
            runs = [asyncio.create_task(workers.run("hang")) for _ in range(4)]
            await asyncio.sleep(0.05)
            for each in runs:
                each.cancel()
            kept += await asyncio.gather(*runs, return_exceptions=True)
        assert await two_workers_up() == before
    assert {type(each) for each in kept} == {str, DeadlineExceeded, WorkerDied, asyncio.CancelledError}


@pytest.mark.usefixtures("no_collector")
async def test_workers_that_have_served_their_share_leave_nothing_open() -> None:
    await pool_is_up()
    before = open_files()
    async with pool(items=1) as workers:
        assert [await workers.run("a") for _ in range(3)] == ["read a"] * 3
        assert open_files() == before


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("up", [True, False], ids=["at work", "while its workers start"])
async def test_a_pool_that_is_closed_leaves_nothing_open(up: bool) -> None:
    await pool_is_up()
    before = open_files()
    async with pool(workers=2) as workers:
        if up:
            await asyncio.gather(workers.run("slow"), workers.run("slow"))
        runs = [asyncio.create_task(workers.run("hang")) for _ in range(4)]
        await asyncio.sleep(0.01)
    ends = await asyncio.gather(*runs, return_exceptions=True)
    assert open_files() == before
    assert {str(end) for end in ends} == {"the pool was closed"}


async def test_a_worker_that_cannot_start_says_why() -> None:
    async with WorkerPool[str, str](broken, 1, 5.0) as workers:
        with pytest.raises(PoolBroken, match="no configuration here"):
            await workers.run("a")


async def test_a_worker_that_dies_before_it_is_ready_is_not_the_fault_of_the_item() -> None:
    await pool_is_up()
    async with WorkerPool[str, str](dying, 1, 5.0) as workers:
        with pytest.raises(PoolBroken, match="exit code 7"):
            await workers.run("a")


async def test_a_run_cancelled_while_its_worker_starts_leaves_no_process(tmp_path: Path) -> None:
    await pool_is_up()
    told = tmp_path / "pid"
    factory = functools.partial(slow_to_start, str(told))
    async with WorkerPool[str, str](factory, 1, 5.0) as workers:
        task = asyncio.create_task(workers.run("a"))
        while not told.exists() or not told.read_text("utf-8").endswith("\n"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not alive(int(told.read_text("utf-8")))


async def pool_is_up() -> None:
    """Have the process that workers are forked from run already: it would call the next factory itself."""
    async with pool() as workers:
        await workers.run("a")


async def test_closing_starts_no_worker_for_the_items_that_wait() -> None:
    async with pool() as workers:
        await workers.run("a")
        runs = [asyncio.create_task(workers.run(item)) for item in ("hang", "b", "c")]
        await asyncio.sleep(0.1)
    ends = await asyncio.gather(*runs, return_exceptions=True)
    assert [type(end) for end in ends] == [WorkerDied] * 3


async def test_closing_ends_every_worker_and_refuses_further_items() -> None:
    workers = pool(workers=2)
    async with workers:
        pids = await asyncio.gather(workers.run("pid"), workers.run("pid"))
    assert not any(alive(int(pid)) for pid in pids)
    with pytest.raises(WorkerDied, match="closed"):
        await workers.run("a")


PARENT = """
import asyncio, functools, sys
from tests.pipeline.extract.test_pool import pool

async def main():
    async with pool() as workers:
        print(await workers.run("pid"), flush=True)
        await asyncio.sleep(600)

if __name__ == "__main__":
    asyncio.run(main())
"""


MULTIPLYING = """
import asyncio
from pipeline.extract.pool import WorkerPool
from tests.pipeline.extract.work import multiplying

async def main():
    async with WorkerPool(multiplying, 1, 20.0) as workers:
        print(await workers.run("numbers"))

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
def test_a_worker_multiplies_by_itself_for_the_other_cores_have_workers_of_their_own(tmp_path: Path) -> None:
    script = tmp_path / "multiplying.py"
    script.write_text(MULTIPLYING, "utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout == "1\n"


SHARING = """
import asyncio
from pipeline.extract.pool import WorkerPool
from tests.pipeline.extract.work import sharing

print("script", flush=True)

async def main():
    async with WorkerPool(sharing, 2, 20.0) as workers:
        for first, worker in await asyncio.gather(workers.run("a"), workers.run("b")):
            print(first, worker, flush=True)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_workers_share_what_was_built_before_them_and_do_not_run_the_script(
    tmp_path: Path,
) -> None:
    script = tmp_path / "sharing.py"
    script.write_text(SHARING, "utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env=environment, check=True
    )
    title, *lines = done.stdout.splitlines()
    (first, one), (again, other) = (line.split() for line in lines)
    assert title == "script"
    assert first == again
    assert len({first, one, other}) == 3


def test_no_worker_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, "utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    assert alive(worker)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(200):
        if not alive(worker):
            return
        time.sleep(0.05)
    pytest.fail("the worker is still there")
