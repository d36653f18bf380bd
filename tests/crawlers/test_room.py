"""A sink that is slower than the outlets: pages wait at the outlets, not in our memory."""

from __future__ import annotations

import asyncio

from aiohttp import web

from crawlers.run import MOST_IN_HAND
from models.document import RawDocument
from models.outcome import Reason
from tests.crawlers.test_crawl import paper, run
from tests.support.server import site
from tests.support.sink import MemorySink

PAGE = 1 << 20
PAGES = 24
PARALLEL = 2


class Slow(MemorySink):
    """Takes a page only when the server has long been asked for no other one."""

    asked = held = most = 0

    async def document(self, document: RawDocument) -> Reason:
        self.held += len(document.body)
        self.most = max(self.most, self.held)
        seen = -1
        while seen != self.asked:
            seen = self.asked
            await asyncio.sleep(0.1)
        self.held -= len(document.body)
        return await super().document(document)


async def test_a_slow_sink_holds_no_more_than_its_bound_and_every_page_comes() -> None:
    sink = Slow()

    async def large(request: web.Request) -> web.StreamResponse:
        sink.asked += 1
        text = f"<p>{request.path}</p>".ljust(PAGE)
        return web.Response(text=text, content_type="text/html")

    async with site() as server:
        addresses = [f"/tin/{number}" for number in range(PAGES)]
        server.feed("/rss", *addresses)
        server.pages.update(dict.fromkeys(addresses, large))
        await run(sink, paper(server, parallel=PARALLEL))
    assert len(sink.documents) == PAGES
    assert sink.most <= MOST_IN_HAND + 2 * PARALLEL * PAGE  # those that were asked for before it was full
