"""Passes of the service side by side."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from models.errors import StoreError
from models.outlet import Outlet
from pipeline.commands.collecting import show
from pipeline.jobs import Collected, Collector
from pipeline.settings import load_settings
from pipeline.store import open_store
from pipeline.store.sole import SoleCollector
from tests.conftest import ROOT, Databases
from tests.pipeline.extract.pages import page
from tests.pipeline.store.material import new
from tests.support.outlets import endpoint, outlet
from tests.support.server import Site, response, rss, site

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def paper(server: Site, slug: str) -> Outlet:
    return outlet(endpoint(f"{server.base}/rss"), slug=slug, hosts=(server.host,))


async def test_r9_with_a_nearly_full_disk_nothing_is_asked_for_and_what_is_stored_is_there(
    sqlite_databases: Databases, tmp_path: Path
) -> None:
    full = load_settings(home=tmp_path, workers=1, allow_networks=["127.0.0.0/8"], min_free_bytes=1 << 60)
    roomy = full.model_copy(update={"min_free_bytes": 1})
    async with site("127.0.2.3") as server:
        server.pages["/rss"] = "<rss version='2.0'><channel/></rss>"
        old = full.archive_dir / "diembao-20200101000000-1-00001.warc.gz"
        old.parent.mkdir(parents=True)
        old.write_bytes(b"")
        os.utime(old, (0, 0))
        with open_store(sqlite_databases.ready()) as store:
            store.save([new(1)], now=NOW)
            async with Collector(full, store, lambda: NOW) as collector:
                with pytest.raises(StoreError, match="MB are free"):
                    await collector.collect([paper(server, "bao")])
            assert server.hits.total() == 0
            assert not old.exists()  # what is kept too long makes room first
            assert len(list(store.export())) == 1
            async with Collector(roomy, store, lambda: NOW) as collector:
                await collector.collect([paper(server, "bao")])
    assert server.hits["/rss"] == 1


async def test_a_watch_list_added_between_two_passes_is_met_by_the_articles_of_the_second(
    sqlite_databases: Databases, tmp_path: Path
) -> None:
    """The workers that tag have read the lists when they started."""
    config = shutil.copytree(ROOT / "config", tmp_path / "config")
    settings = load_settings(
        home=tmp_path, config_dir=config, workers=1, allow_networks=["127.0.0.0/8"], min_free_bytes=1
    )
    async with site("127.0.2.9") as server:
        with open_store(sqlite_databases.ready()) as store:
            async with Collector(settings, store, lambda: NOW) as collector:
                for number in range(2):
                    path = f"/bai-{number}.html"
                    server.pages["/rss"] = rss(f"{server.base}{path}")
                    text = "<p>Nhà máy Sao Khuê mở thêm một xưởng đóng gói ở làng nghề. </p>" * 12
                    server.pages[path] = page(
                        f"<h1>Nhà máy mở xưởng thứ {number}</h1><article>{text}</article>"
                    )
                    await collector.collect([paper(server, "bao")])
                    (config / "watchlists.toml").write_text(
                        '[sao-khue]\nlabel = "Sao Khuê"\nnames = ["Sao Khuê"]\n', "utf-8"
                    )
            watched = {line["url"].rpartition("/")[2]: len(line["watched"]) for line in store.export()}
    assert watched == {"bai-0.html": 0, "bai-1.html": 1}


async def test_r6_of_two_that_collect_into_one_database_the_second_asks_nobody_until_the_first_has_ended(
    databases: Databases, tmp_path: Path
) -> None:
    """Each would keep its own pauses, and fetch what the other fetches. A replay asks nobody."""
    url = databases.ready()
    settings = load_settings(home=tmp_path, workers=1, allow_networks=["127.0.0.0/8"])
    async with site("127.0.2.4") as server:
        server.pages["/rss"] = "<rss version='2.0'><channel/></rss>"
        wanted = [paper(server, "bao")]
        with open_store(url) as one, open_store(url) as other:
            async with Collector(settings, other, lambda: NOW) as second:
                async with Collector(settings, one, lambda: NOW) as first:
                    await first.collect(wanted)
                    await first.collect(wanted)
                    with pytest.raises(StoreError, match="another process is collecting") as caught:
                        await second.collect(wanted)
                    assert caught.value.retry
                    assert server.hits["/rss"] == 2
                    await second.collect(wanted, replay=[empty_archive(tmp_path)])
                await second.collect(wanted)
    assert server.hits["/rss"] == 3


@pytest.mark.parametrize("status", [429, 503])
async def test_collecting_by_hand_keeps_the_wait_that_a_host_asked_another_process_for_and_says_so(
    databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    """After a 429 nothing on the host is asked for, after a 503 this address alone is not."""
    url, until = databases.ready(), NOW + timedelta(hours=2)
    settings = load_settings(home=tmp_path, workers=1, allow_networks=["127.0.0.0/8"])

    async def collect_at(now: datetime, outlet: Outlet) -> Collected:
        with open_store(url) as store:
            async with Collector(settings, store, lambda: now) as collector:
                return await collector.collect([outlet])

    async with site("127.0.2.6") as server:
        server.pages["/rss"] = response(status=status, Retry_After="7200")
        server.pages["/khac.rss"] = "<rss version='2.0'><channel/></rss>"
        one = paper(server, "bao")
        both = replace(one, endpoints=(*one.endpoints, endpoint(f"{server.base}/khac.rss")))
        await collect_at(NOW, one)
        second = await collect_at(NOW + timedelta(minutes=10), both)
        asked = server.hits["/rss"], server.hits["/khac.rss"]
        third = await collect_at(until, both)
    whole = status == 429
    assert asked == (1, 0 if whole else 1)
    assert list(second.left_alone) == [f"{server.base}{path}" for path in ("/rss", "/khac.rss")[: 1 + whole]]
    assert set(second.left_alone.values()) == {until}
    assert not second.unreachable
    assert server.hits["/rss"] == 2
    assert third.left_alone == {}
    show(second)
    assert capsys.readouterr().out.count("left alone until 12:00 22/11, as its host asked: http") == 1 + whole


HOLDER = """
import sys, time
from pipeline.store import open_store
from pipeline.store.sole import SoleCollector
sole = SoleCollector(open_store(sys.argv[1]).engine)
sole.take()
print("mine", flush=True)
time.sleep(600)
"""


def test_r6_a_claim_ends_with_the_process_that_had_it(databases: Databases) -> None:
    url = databases.ready()
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, url], cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    with holder.stdout, open_store(url) as store:
        assert holder.stdout.readline() == b"mine\n"
        sole = SoleCollector(store.engine)
        assert is_taken(sole)
        holder.kill()
        holder.wait()
        while is_taken(sole):
            time.sleep(0.02)
        sole.release()


CLAIM = """
SELECT claim.pid, session.state, pg_backend_pid()
FROM pg_locks claim JOIN pg_stat_activity session USING (pid)
WHERE claim.locktype = 'advisory' AND session.datname = current_database()
"""


def test_r6_on_a_server_the_claim_has_an_idle_session_of_its_own_and_is_lost_with_it(
    postgres_databases: Databases,
) -> None:
    """As when the server was started anew: who had it does not go on believing so."""
    url = postgres_databases.ready()
    with open_store(url) as store, open_store(url) as other:
        first, second = SoleCollector(store.engine), SoleCollector(other.engine)
        first.take()
        with store.reading() as connection:
            holder, state, reader = connection.exec_driver_sql(CLAIM).one()
        assert state == "idle"
        assert holder != reader
        with other.writing() as connection:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend({holder})")
        while is_taken(second):
            time.sleep(0.02)
        assert is_taken(first)
        second.release()
        assert not is_taken(first)
        first.release()


def test_r6_there_is_one_claim_whatever_link_leads_to_the_database(
    sqlite_databases: Databases, tmp_path: Path
) -> None:
    """Its file may be read by all: one that root made must not shut out the service's own user."""
    url = sqlite_databases.ready()
    file = Path(url.removeprefix("sqlite:///"))
    link = tmp_path / "tin tức.sqlite3"
    link.symlink_to(file)
    with open_store(url) as store, open_store(f"sqlite:///{link}") as same:
        sole = SoleCollector(store.engine)
        sole.take()
        assert is_taken(SoleCollector(same.engine))
        sole.release()
    beside = Path(f"{file}.collecting")
    assert beside.stat().st_mode & 0o044 == 0o044
    assert not Path(f"{link}.collecting").exists()
    beside.unlink()


def test_r6_a_claim_that_cannot_be_made_says_what_it_needs(sqlite_databases: Databases) -> None:
    url = sqlite_databases.ready()
    beside = Path(f"{url.removeprefix('sqlite:///')}.collecting")
    beside.mkdir()
    with open_store(url) as store, pytest.raises(StoreError, match="a file on a disk of this machine"):
        SoleCollector(store.engine).take()


def is_taken(sole: SoleCollector) -> bool:
    """Whether somebody still has the claim: a database server hears of a death after a moment."""
    try:
        sole.take()
    except StoreError:
        return True
    return False


def empty_archive(folder: Path) -> Path:
    """A WARC file without records."""
    file = folder / "empty.warc"
    file.write_bytes(b"")
    return file


async def test_an_outlet_that_is_done_can_be_asked_again_while_another_keeps_its_pass_waiting(
    sqlite_databases: Databases, tmp_path: Path
) -> None:
    slow, moments = asyncio.Event(), [NOW]

    async def wait(_: web.Request) -> web.StreamResponse:
        await slow.wait()
        return web.Response(text="<rss version='2.0'><channel/></rss>", content_type="text/xml")

    settings = load_settings(home=tmp_path, workers=1, allow_networks=["127.0.0.0/8"])
    async with site("127.0.2.1") as quick, site("127.0.2.2") as hanging:
        quick.pages["/rss"] = "<rss version='2.0'><channel/></rss>"
        hanging.pages["/rss"] = wait
        outlets = [paper(quick, "nhanh"), paper(hanging, "cham")]
        with open_store(sqlite_databases.ready()) as store:
            async with Collector(settings, store, lambda: moments[0]) as collector:
                assert await collector.free_and_due(outlets) == outlets
                first = asyncio.create_task(collector.collect(outlets, due_only=True))
                try:
                    while not hanging.hits["/rss"] or not store.endpoint_state(f"{quick.base}/rss"):
                        assert await collector.free_and_due(outlets) == []  # in hand, then not due
                        await asyncio.sleep(0.02)
                    moments[0] = datetime(2026, 11, 23, 3, tzinfo=UTC)
                    due = await collector.free_and_due(outlets)
                    assert [each.slug for each in due] == ["nhanh"]
                    await collector.collect(due, due_only=True)
                    assert not first.done()
                finally:
                    slow.set()
                    await first
    assert (quick.hits["/rss"], hanging.hits["/rss"]) == (2, 1)
