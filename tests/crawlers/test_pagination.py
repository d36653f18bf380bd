"""How far a listing or a sitemap index is followed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.crawl import CrawlOptions, PollReport, crawl
from models.outcome import Reason
from models.outlet import EndpointKind
from tests.support.outlets import endpoint, outlet
from tests.support.server import Site, redirect, response, site
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


def urlset(server: Site, *paths: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{server.base}{path}</loc></url>' for path in paths)}</urlset>"


def index(*addresses: str) -> str:
    children = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f"<sitemapindex>{children}</sitemapindex>"


async def read_index(server: Site, sink: MemorySink, **options: Any) -> PollReport:
    """One poll of the sitemap index at /sitemap.xml."""
    paper = outlet(endpoint(f"{server.base}/sitemap.xml", EndpointKind.SITEMAP))
    given = CrawlOptions(
        **{"now": lambda: NOW, "allow_networks": ("127.0.0.0/8",), "download_timeout": 1.0, **options}
    )
    report = await asyncio.wait_for(crawl([paper], sink, options=given), 30)
    return report.polls[0]


@pytest.mark.parametrize("etag", ["", '"v1"'])
async def test_sitemaps_are_read_although_the_index_that_names_them_stays_as_it_is(etag: str) -> None:
    sink = MemorySink()
    async with site() as server:
        body = index(f"{server.base}/news.xml").encode()
        server.pages["/sitemap.xml"] = response(body, kind="application/xml", ETag=etag)
        for number in range(4):
            server.articles(f"/tin/{number}")
            server.pages["/news.xml"] = urlset(server, *(f"/tin/{each}" for each in range(number + 1)))
            await read_index(server, sink)
    assert len(sink.documents) == 4
    assert not any("If-None-Match" in headers for _, headers in server.asked)


async def silent(_: object) -> Any:
    await asyncio.sleep(60)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (redirect("http://127.0.0.9/sitemap.xml"), Reason.OFFSITE),
        (response(status=403), Reason.HTTP_ERROR),
        (response(status=404), Reason.MISSING),
        (silent, Reason.TIMEOUT),
        (b"<html><p>Trang chu</p></html>", Reason.PARSE_ERROR),
    ],
    ids=["off the site", "forbidden", "gone", "silent", "a page"],
)
async def test_a_bad_sitemap_of_an_index_ends_alone_and_is_asked_again(bad: Any, reason: Reason) -> None:
    sink = MemorySink()
    async with site() as server:
        server.pages["/sitemap.xml"] = index(f"{server.base}/good.xml", f"{server.base}/bad.xml")
        server.pages["/good.xml"] = urlset(server, "/tin/1")
        server.pages["/bad.xml"] = bad
        server.articles("/tin/1", "/tin/2")
        poll = await read_index(server, sink)
        assert sink.reason_of(f"{server.base}/bad.xml") is reason
        assert (poll.reason, sink.states[poll.url].failures) == (None, 0)
        assert any("/bad.xml" in problem for problem in poll.problems)
        server.pages["/bad.xml"] = urlset(server, "/tin/2")
        await read_index(server, sink)
    assert len(sink.documents) == 2


async def test_an_index_none_of_whose_sitemaps_can_be_read_has_failed() -> None:
    sink = MemorySink()
    async with site() as server:
        server.pages["/sitemap.xml"] = index(f"{server.base}/a.xml", f"{server.base}/b.xml")
        poll = await read_index(server, sink)
    assert (poll.reason, sink.states[poll.url].failures) == (Reason.MISSING, 1)


async def test_what_of_an_index_was_not_read_is_told() -> None:
    sink = MemorySink()
    async with site() as server:
        names = [f"/sitemap-{number}.xml" for number in range(12)]
        server.pages["/sitemap.xml"] = index(*(server.base + name for name in names))
        for number, name in enumerate(names):
            server.pages[name] = urlset(server, f"/tin/{number}")
            server.articles(f"/tin/{number}")
        poll = await read_index(server, sink, max_sitemaps=5)
    assert {url.rpartition("/")[2] for url in sink.documents} == {"0", "1", "9", "10", "11"}
    assert poll.problems == ("7 of 12 new or undated sitemaps were not read",)


async def test_a_page_of_a_listing_that_failed_once_is_asked_again() -> None:
    sink = MemorySink()
    async with site() as server:
        listing(server, [[4, 3], [2, 1]])
        second = server.pages["/muc?p=2"]
        server.pages["/muc?p=2"] = response(status=503)
        await poll(server, sink)
        assert sink.reason_of(f"{server.base}/muc?p=2") is Reason.HTTP_ERROR
        server.pages["/muc?p=2"] = second
        assert await poll(server, sink) == ["/muc", "/muc?p=2"]
        assert await poll(server, sink) == ["/muc"]
    assert len(sink.documents) == 4


async def test_a_listing_is_turned_although_a_feed_names_what_its_first_page_shows() -> None:
    """What the feed brought in this run is as new to the listing."""
    sink = MemorySink()
    async with site() as server:
        listing(server, [[4, 3], [2, 1]])
        server.feed("/rss", "/tin/0")
        muc = endpoint(f"{server.base}/muc", EndpointKind.LISTING)
        paper = outlet(endpoint(f"{server.base}/rss"), muc)
        options = CrawlOptions(now=lambda: NOW, allow_networks=("127.0.0.1/32",))
        server.articles("/tin/0")
        await asyncio.wait_for(crawl([paper], sink, options=options), 30)
        listing(server, [[8, 7], [6, 5], [4, 3]])
        server.feed("/rss", "/tin/8", "/tin/7")
        await asyncio.wait_for(crawl([paper], sink, options=options), 30)
    assert {url.rpartition("/")[2] for url in sink.documents} == set("012345678")
