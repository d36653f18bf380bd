"""A crawl with limits small enough to be met in a test."""

from __future__ import annotations

import asyncio
from typing import Any

from crawlers.crawl import CrawlOptions, CrawlReport, crawl
from models.outlet import Outlet
from tests.support.sink import MemorySink

LIMIT = 1 << 20
ZEROS = bytes(64 << 20)


async def run(sink: MemorySink, *outlets: Outlet, **changes: Any) -> CrawlReport:
    """One crawl of these outlets on loopback, of pages and feeds up to `LIMIT`."""
    options: dict[str, Any] = {
        "allow_networks": ("127.0.0.0/8",),
        "download_timeout": 3.0,
        "max_page_bytes": LIMIT,
        "max_feed_bytes": LIMIT,
        **changes,
    }
    return await asyncio.wait_for(crawl(outlets, sink, options=CrawlOptions(**options)), 60)
