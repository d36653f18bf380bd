"""Passes of the service side by side."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from models.errors import StoreError
from models.outlet import Outlet
from pipeline.jobs import Collector
from pipeline.settings import load_settings
from pipeline.store import open_store
from tests.conftest import Databases
from tests.pipeline.store.material import new
from tests.support.outlets import endpoint, outlet
from tests.support.server import Site, site

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
                while not hanging.hits["/rss"] or not store.endpoint_state(f"{quick.base}/rss"):
                    assert await collector.free_and_due(outlets) == []  # in hand, then not due
                    await asyncio.sleep(0.02)
                moments[0] = datetime(2026, 11, 23, 3, tzinfo=UTC)
                due = await collector.free_and_due(outlets)
                assert [each.slug for each in due] == ["nhanh"]
                await collector.collect(due, due_only=True)
                assert not first.done()
                slow.set()
                await first
    assert (quick.hits["/rss"], hanging.hits["/rss"]) == (2, 1)
