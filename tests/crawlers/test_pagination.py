"""How far a listing or a sitemap index is followed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from crawlers.crawl import CrawlOptions, crawl
from models.outlet import EndpointKind
from tests.support.outlets import endpoint, outlet
from tests.support.server import Site, site
from tests.support.sink import MemorySink

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def listing(server: Site, pages: list[list[int]], *, ring: bool = False) -> None:
    """Serve a listing of so many pages at /muc, each with these articles and a link to the next; the last one
    leads back to the first if they are a ring."""
    paths = ["/muc", *(f"/muc?p={number}" for number in range(2, len(pages) + 1))]
    following = [*paths[1:], paths[0] if ring else ""]
    for path, articles, after in zip(paths, pages, following, strict=True):
        links = "".join(f'<a href="/tin/{number}">Tin {number}</a>' for number in articles)
        server.pages[path] = links + (f'<a rel="next" href="{after}">sau</a>' if after else "")
    server.articles(*(f"/tin/{number}" for articles in pages for number in articles))


async def poll(server: Site, sink: MemorySink, *, pages: int = 10) -> list[str]:
    """The pages of the listing that one poll asks for, in order."""
    before = len(server.asked)
    paper = outlet(endpoint(f"{server.base}/muc", EndpointKind.LISTING))
    options = CrawlOptions(now=lambda: NOW, allow_networks=("127.0.0.1/32",), max_listing_pages=pages)
    await asyncio.wait_for(crawl([paper], sink, options=options), 30)
    return [path for path, _ in server.asked[before:] if path.startswith("/muc")]


async def test_a_listing_is_turned_as_long_as_its_pages_bring_something_new() -> None:
    sink = MemorySink()
    async with site() as server:
        listing(server, [[4, 3], [2, 1]])
        assert await poll(server, sink) == ["/muc", "/muc?p=2"]
        listing(server, [[6, 5], [4, 3], [2, 1]])
        assert await poll(server, sink) == ["/muc", "/muc?p=2"], "on the second page all is known"
        listing(server, [[6, 5], [4, 3], [2, 1], [0]])
        assert await poll(server, sink) == ["/muc"]
    assert {url.rpartition("/")[2] for url in sink.documents} == {"1", "2", "3", "4", "5", "6"}


async def test_of_an_endless_listing_no_more_pages_are_read_than_the_bound() -> None:
    sink = MemorySink()
    async with site() as server:
        listing(server, [[number] for number in range(9)])
        assert await poll(server, sink, pages=3) == ["/muc", "/muc?p=2", "/muc?p=3"]
    assert len(sink.documents) == 3


async def test_a_listing_whose_last_page_leads_to_its_first_is_read_once() -> None:
    sink = MemorySink()
    async with site() as server:
        listing(server, [[1], [2], [3]], ring=True)
        assert await poll(server, sink) == ["/muc", "/muc?p=2", "/muc?p=3"]


async def test_a_sitemap_index_that_names_itself_and_a_child_twice_asks_for_each_once() -> None:
    sink = MemorySink()
    async with site() as server:
        names = ("sitemap.xml", "news.xml", "news.xml")
        children = "".join(f"<sitemap><loc>{server.base}/{name}</loc></sitemap>" for name in names)
        server.pages["/sitemap.xml"] = f"<sitemapindex>{children}</sitemapindex>"
        server.pages["/news.xml"] = f"<urlset><url><loc>{server.base}/tin/1</loc></url></urlset>"
        server.articles("/tin/1")
        paper = outlet(endpoint(f"{server.base}/sitemap.xml", EndpointKind.SITEMAP))
        options = CrawlOptions(now=lambda: NOW, allow_networks=("127.0.0.1/32",))
        await asyncio.wait_for(crawl([paper], sink, options=options), 30)
    assert (server.hits["/sitemap.xml"], server.hits["/news.xml"], len(sink.documents)) == (1, 1, 1)
