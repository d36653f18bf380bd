"""How often hosts and endpoints are asked, as a real server sees it and as it is remembered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from aiohttp import web

from crawlers.crawl import CrawlOptions, CrawlReport, crawl
from crawlers.politeness import Politeness
from crawlers.polling import CEILING, FLOOR, FULL_EVERY, GONE, is_due
from models.document import RawDocument
from models.outcome import Reason
from models.outlet import Outlet
from tests.support.outlets import endpoint, outlet
from tests.support.server import Handler, Site, response, rss, site
from tests.support.sink import MemorySink

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


async def run(sink: MemorySink, *outlets: Outlet, now: datetime = NOW, **changes: Any) -> CrawlReport:
    """One pass over what is due at `now`."""
    options: dict[str, Any] = {
        "now": lambda: now,
        "due": lambda _, __, state: is_due(state, now),
        "allow_networks": ("127.0.0.1/32",),
        "download_timeout": 5.0,
        "rng": Random(1),
        **changes,
    }
    return await asyncio.wait_for(crawl(outlets, sink, options=CrawlOptions(**options)), 30)


def timed(asked: list[float], body: str, seconds: float = 0.0) -> Handler:
    """An answer that notes when it was asked for, and takes its time."""

    async def answer(_: web.Request) -> web.StreamResponse:
        asked.append(time.monotonic())
        await asyncio.sleep(seconds)
        return web.Response(text=body, content_type="text/xml" if "<rss" in body else "text/html")

    return answer


def dated(server: Site, times: Iterable[datetime]) -> str:
    items = "".join(
        f"<item><link>{server.base}/tin/{n}</link><pubDate>{format_datetime(when)}</pubDate></item>"
        for n, when in enumerate(times)
    )
    return f"<rss version='2.0'><channel>{items}</channel></rss>"


async def test_a_crawl_delay_stands_between_any_two_requests_of_an_outlet_that_has_none_declared() -> None:
    asked: list[float] = []
    async with site() as server:
        server.pages["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.3"
        links = [f"/tin/{number}" for number in range(3)]
        server.pages["/rss"] = timed(asked, rss(*(server.base + link for link in links)))
        server.pages.update({link: timed(asked, f"<p>{link}</p>") for link in links})
        sink = MemorySink()
        await run(sink, outlet(endpoint(f"{server.base}/rss"), delay=0.0, parallel=4))
    assert len(sink.documents) == 3
    assert min(after - before for before, after in pairwise(asked)) > 0.15  # packets may be late, not early


async def test_a_slow_host_is_given_longer_pauses_and_a_quick_one_comes_back_to_what_is_declared() -> None:
    pauses: list[float] = []
    politeness = Politeness()

    class Noting(MemorySink):
        async def document(self, document: RawDocument) -> Reason:
            pauses.append(politeness.throttled["127.0.0.1"])
            return await super().document(document)

    async with site() as server:
        links = [f"/tin/{number}" for number in range(6)]
        server.feed("/rss", *links)
        for number, link in enumerate(links):
            server.pages[link] = timed([], f"<p>{link}</p>", 0.3 if number < 2 else 0.0)
        paper = outlet(endpoint(f"{server.base}/rss"), delay=0.05, parallel=1)
        await run(Noting(), paper, politeness=politeness)
    assert pauses[0] >= 0.3
    assert pauses == [*pauses[:2], *sorted(pauses[2:], reverse=True)]  # shorter step by step
    assert 0.05 <= pauses[-1] < 0.15


async def test_a_feed_that_says_304_whatever_it_holds_is_read_in_full_at_times() -> None:
    async def lie(request: web.Request) -> web.StreamResponse:
        if "If-None-Match" in request.headers:
            return web.Response(status=304)
        return web.Response(
            text=rss(*(f"{server.base}{link}" for link in links)),
            content_type="text/xml",
            headers={"ETag": '"ever"'},
        )

    sink, links = MemorySink(), ["/tin/1"]
    async with site() as server:
        server.pages["/rss"] = lie
        server.articles("/tin/1", "/tin/2")
        paper, url = outlet(endpoint(f"{server.base}/rss")), f"{server.base}/rss"
        await run(sink, paper)
        links.append("/tin/2")
        sink.states[url] = replace(sink.states[url], polls=FULL_EVERY - 1)
        for day in (2, 4):
            report = await run(sink, paper, now=NOW + timedelta(days=day))
            assert report.polls[0].unchanged is (day == 2)
            assert (f"{server.base}/tin/2" in sink.documents) is (day == 4)


async def test_an_address_that_is_gone_is_asked_once_a_week_and_taken_back_when_it_answers() -> None:
    sink = MemorySink()
    async with site() as server:
        server.pages["/rss"] = response(status=410)
        paper, url = outlet(endpoint(f"{server.base}/rss")), f"{server.base}/rss"
        await run(sink, paper)
        assert sink.reason_of(url) is Reason.MISSING
        assert sink.states[url].next_due_at == NOW + GONE
        await run(sink, paper, now=NOW + timedelta(days=6))
        assert server.hits["/rss"] == 1
        server.feed("/rss", "/tin/1")
        server.articles("/tin/1")
        await run(sink, paper, now=NOW + timedelta(days=7))
    assert (len(sink.documents), sink.states[url].failures) == (1, 0)
    assert (sink.states[url].next_due_at or NOW) < NOW + timedelta(days=9)


@pytest.mark.parametrize(
    ("gap", "wait"),
    [
        (timedelta(minutes=1), FLOOR),
        (timedelta(hours=2), timedelta(hours=1)),
        (timedelta(days=20), CEILING),
    ],
)
async def test_a_feed_is_asked_again_at_the_pace_of_its_own_entries(gap: timedelta, wait: timedelta) -> None:
    sink = MemorySink()
    async with site() as server:
        server.pages["/rss"] = dated(server, (NOW - n * gap for n in range(5)))
        server.articles(*(f"/tin/{n}" for n in range(5)))
        await run(sink, outlet(endpoint(f"{server.base}/rss")))
    due = sink.states[f"{server.base}/rss"].next_due_at
    assert due is not None
    assert wait <= due - NOW <= wait * 1.25


async def test_feeds_that_fail_are_asked_less_and_less_each_in_its_own_time_and_never_given_up() -> None:
    sink, now, waits = MemorySink(), NOW, []
    async with site() as server:
        server.pages.update({"/a": response(status=500), "/b": response(status=500)})
        urls = [f"{server.base}/a", f"{server.base}/b"]
        paper = outlet(*map(endpoint, urls))
        rng = Random(3)
        for failures in (0, 1, 2, 500):
            for url in urls:
                if url in sink.states:
                    sink.states[url] = replace(sink.states[url], failures=failures)
            await run(sink, paper, now=now, rng=rng)
            due = [sink.states[url].next_due_at or now for url in urls]
            waits.append([each - now for each in due])
            now = max(due)
        assert [server.hits["/a"], server.hits["/b"]] == [8, 8]  # each poll asks once more before it gives up
        assert all(first != second for first, second in waits)
        for (first, _), (second, _) in pairwise(waits):
            assert first < second
        assert CEILING * 0.75 <= waits[-1][0] <= CEILING * 1.25
        server.pages["/a"] = dated(server, (now - n * FLOOR for n in range(5)))
        await run(sink, paper, now=now)
    assert (sink.states[urls[0]].next_due_at or now) - now <= FLOOR * 1.25


@pytest.mark.parametrize(
    "asked", ["7200", "Sun, 22 Nov 2026 05:00:00 GMT"], ids=["in seconds", "until a moment"]
)
@pytest.mark.parametrize("status", [503, 200])
async def test_an_address_that_asks_for_a_wait_gets_it_and_the_rest_of_its_host_goes_on(
    asked: str, status: int
) -> None:
    """Only with 429 does the whole host ask (FreshRSS#7870)."""
    sink = MemorySink()
    async with site() as server:
        undated = "<rss version='2.0'><channel><item><link>{}</link></item></channel></rss>"  # half an hour
        body = undated.format(f"{server.base}/tin/1").encode()
        server.pages["/a"] = response(body, status=status, kind="text/xml", Retry_After=asked)
        server.pages["/b"] = undated.format(f"{server.base}/tin/2")
        server.articles("/tin/1", "/tin/2")
        urls = [f"{server.base}/a", f"{server.base}/b"]
        paper = outlet(*map(endpoint, urls), parallel=1)
        await run(sink, paper)
        before = server.hits["/a"]
        await run(sink, paper, now=NOW + timedelta(hours=1, minutes=59))
        assert (server.hits["/a"], server.hits["/b"]) == (before, 2)
        await run(sink, paper, now=NOW + timedelta(hours=2, minutes=1))
        assert server.hits["/a"] > before
    assert f"{server.base}/tin/2" in sink.documents


async def test_a_feed_that_is_the_same_to_the_byte_is_read_again_at_times() -> None:
    """What an earlier reading of the same bytes missed is found then, whatever the reason was."""
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.articles("/tin/1")
        paper, url = outlet(endpoint(f"{server.base}/rss")), f"{server.base}/rss"
        await run(sink, paper)
        sink.documents.clear()
        for polls, found in ((FULL_EVERY - 1, 0), (FULL_EVERY, 1)):
            sink.states[url] = replace(sink.states[url], polls=polls)
            await run(sink, paper, due=lambda *_: True)
            assert len(sink.documents) == found
