"""Hostile and broken servers: each costs its own URL, with its reason, and nothing else."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from crawlers.parsing import Parsed, Unparsed, parse
from crawlers.settings import scrapy_settings
from models.outcome import Reason
from models.outlet import EndpointKind, Outlet
from pipeline.extract.pool import DeadlineExceeded
from tests.conftest import ROOT
from tests.support.crawling import ZEROS, run
from tests.support.outlets import endpoint, outlet
from tests.support.server import Site, raw_site, redirect, response, rss, site
from tests.support.sink import MemorySink


async def test_a_server_that_drips_cannot_stretch_the_deadline() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if b"robots" in request:
            writer.write(b"HTTP/1.1 404 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    sink = MemorySink()
    async with raw_site(drip) as port:
        await run(sink, outlet(endpoint(f"http://127.0.0.1:{port}/rss")), download_timeout=0.5)
    assert sink.reason_of(f"http://127.0.0.1:{port}/rss") is Reason.TIMEOUT


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nX-A: " + b"x" * 200_000, Reason.FETCH_ERROR),
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: x\r\n" * 200_000, Reason.FETCH_ERROR),
        (b"SSH-2.0-OpenSSH_9.6\r\n", Reason.FETCH_ERROR),
        (b"", Reason.FETCH_ERROR),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", Reason.FETCH_ERROR),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\nx", Reason.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Reason.FETCH_ERROR),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", Reason.FETCH_ERROR),
        (b"HTTP/1.1 302 Found\r\nLocation: \r\nContent-Length: 0\r\n\r\n", Reason.HTTP_ERROR),
    ],
    ids=[
        "long header",
        "many headers",
        "not HTTP",
        "silence",
        "cut short",
        "100 MB",
        "bad chunk",
        "bad length",
        "nowhere",
    ],
)
async def test_what_is_not_a_sound_answer_is_an_outcome(answer: bytes, reason: Reason) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 404 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            if b"robots" in request
            else answer
        )
        await writer.drain()

    sink = MemorySink()
    async with raw_site(talk) as port:
        await run(sink, outlet(endpoint(f"http://127.0.0.1:{port}/rss")))
    assert sink.reason_of(f"http://127.0.0.1:{port}/rss") is reason


async def test_an_entity_bomb_and_an_external_entity_give_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("never told")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
    )
    sink = MemorySink()
    async with site() as server:
        server.pages["/bomb"] = (
            f"{bomb}]><rss version='2.0'><channel><item><title>&j;</title></item></channel></rss>"
        )
        server.pages["/xxe"] = (
            f'<!DOCTYPE x [<!ENTITY f SYSTEM "{secret.as_uri()}">]><rss version="2.0"><channel><item>'
            f"<title>&f;</title><link>{server.base}/tin/1</link></item></channel></rss>"
        )
        server.articles("/tin/1")
        await run(sink, outlet(endpoint(f"{server.base}/bomb"), endpoint(f"{server.base}/xxe")))
    entry = sink.documents[f"{server.base}/tin/1"].entry
    assert entry is not None
    assert "never told" not in entry.title


async def hang(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


async def test_bad_outlets_cannot_slow_or_spoil_the_good_ones() -> None:
    """50 outlets, each a host of its own: 3 hang, 2 loop, 2 send bombs, at the feed, at a page, one at
    robots.txt; each with its reason. The others bring what they bring without them."""
    bomb = response(gzip.compress(ZEROS), Content_Encoding="gzip")
    bad: dict[int, tuple[str, Any, Reason]] = {
        3: ("/rss", hang, Reason.TIMEOUT),
        20: ("/tin/2", hang, Reason.TIMEOUT),
        41: ("/robots.txt", hang, Reason.TIMEOUT),
        7: ("/rss", redirect("/rss"), Reason.REDIRECT_LOOP),
        30: ("/tin/2", redirect("/tin/2?lap=1"), Reason.REDIRECT_LOOP),
        11: ("/rss", bomb, Reason.TOO_LARGE),
        49: ("/tin/2", bomb, Reason.TOO_LARGE),
    }

    def outlets(server: Site, *without: int) -> list[Outlet]:
        return [
            outlet(
                endpoint(f"http://127.0.5.{n}:{server.port}/rss"), slug=f"bao-{n}", hosts=(f"127.0.5.{n}",)
            )
            for n in range(1, 51)
            if n not in without
        ]

    async def answer(request: web.Request) -> web.StreamResponse:
        number = int(request.host.partition(":")[0].rpartition(".")[2])
        path, misbehave, _ = bad.get(number, ("", None, None))
        if request.path == path:
            return await misbehave(request)  # type: ignore[misc,no-any-return]
        if request.path == "/robots.txt":
            return web.Response(status=404)
        origin = f"http://{request.host}"
        if request.path == "/rss":
            body = "".join(f"<item><link>{origin}/tin/{n}</link></item>" for n in range(4))
            return web.Response(
                text=f"<rss version='2.0'><channel>{body}</channel></rss>", content_type="text/xml"
            )
        return web.Response(text=f"<p>{request.url}</p>", content_type="text/html")

    everyone, good = MemorySink(), MemorySink()
    async with site("0.0.0.0") as server:
        server.pages.update(dict.fromkeys(("/robots.txt", "/rss", *(f"/tin/{n}" for n in range(4))), answer))
        report = await run(everyone, *outlets(server), parallel=8, download_timeout=2.0)
        alone = await run(good, *outlets(server, *bad), parallel=8)
    assert alone.reasons == {Reason.STORED: 43 * 4}
    assert bodies_of(everyone, good) == bodies_of(good, good)
    ends = Counter(reason for _, _, reason in bad.values())
    assert report.reasons == {Reason.STORED: 43 * 4 + 3 * 3, **ends}
    told = {(outcome.outlet, outcome.url.rpartition("/")[2], outcome.reason) for outcome in everyone.outcomes}
    assert told == {
        (f"bao-{number}", "2" if path == "/tin/2" else "rss", reason)
        for number, (path, _, reason) in bad.items()
    }


def bodies_of(sink: MemorySink, like: MemorySink) -> dict[str, bytes]:
    """What was stored of the outlets that another run polled."""
    slugs = {state.outlet for state in like.states.values()}
    return {url: each.body for url, each in sink.documents.items() if each.outlet in slugs}


@pytest.mark.parametrize("kind", list(EndpointKind))
async def test_an_endpoint_that_runs_its_parser_away_costs_only_itself(kind: EndpointKind) -> None:
    async def read(unparsed: Unparsed) -> Parsed:
        if b"catastrophe" in unparsed.body:
            raise DeadlineExceeded("took longer than 20 s")
        return parse(unparsed)

    sink = MemorySink()
    async with site() as server:
        server.feed("/good", "/tin/1")
        server.pages["/bad"] = rss("/tin/2").replace("Báo", "catastrophe")
        server.articles("/tin/1", "/tin/2")
        bad, good = endpoint(f"{server.base}/bad", kind), endpoint(f"{server.base}/good")
        report = await run(sink, outlet(bad, good), read_feed=read)
    assert [(poll.reason, poll.detail) for poll in report.polls] == [
        (Reason.PARSE_ERROR, "took longer than 20 s"),
        (None, ""),
    ]
    assert set(sink.documents) == {f"{server.base}/tin/1"}


async def test_a_page_that_refreshes_itself_elsewhere_is_not_followed() -> None:
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.pages["/tin/1"] = "<html><meta http-equiv=refresh content='0;url=/tin/2'><p>x</p>"
        server.pages["/tin/2"] = "<html><meta http-equiv=refresh content='0;url=/tin/1'><p>x</p>"
        await run(sink, outlet(endpoint(f"{server.base}/rss")))
    assert server.hits["/tin/2"] == 0


async def test_r12_an_address_that_leads_back_is_asked_for_once() -> None:
    """A loop is told by its addresses, not only by its length: nobody is asked five times for nothing."""
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.pages["/tin/1"] = redirect("/tin/2")
        server.pages["/tin/2"] = redirect("/tin/1")
        await run(sink, outlet(endpoint(f"{server.base}/rss")))
    assert sink.reason_of(f"{server.base}/tin/1") is Reason.REDIRECT_LOOP
    assert (server.hits["/tin/1"], server.hits["/tin/2"]) == (1, 1)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "data:text/html,<p>x",
        "ftp://127.0.0.1/tin/1",
        "s3://bucket/tin/1",
        "gopher://a/",
    ],
)
async def test_only_http_is_ever_fetched(address: str) -> None:
    """As an entry's link, as an endpoint, as the target of a redirect."""
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", address, "/tin/1")
        server.pages["/tin/1"] = redirect(address)
        await run(sink, outlet(endpoint(f"{server.base}/rss"), endpoint(address)))
    assert sink.documents == {}
    assert sink.reason_of(f"{server.base}/tin/1") is Reason.FETCH_ERROR
    assert sink.detail_of(f"{server.base}/tin/1").startswith("redirect to ")
    endings = {outcome.reason for outcome in sink.outcomes if outcome.url == address}
    assert endings <= {Reason.NOT_AN_ARTICLE, Reason.FETCH_ERROR}
    assert endings


def test_scrapy_has_handlers_for_http_alone() -> None:
    handlers = scrapy_settings(user_agent="x", parallel=1, replay=False).getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}


def test_s5_scrapy_loads_no_console_and_nothing_else_beside_the_crawl() -> None:
    """None could listen without Twisted's reactor; if that ever comes back, neither may these."""
    settings = scrapy_settings(user_agent="x", parallel=1, replay=False)
    assert settings.getwithbase("EXTENSIONS") == {}
    consoles = ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED")
    assert not any(settings.getbool(name) for name in consoles)


async def test_a_feed_that_moved_for_good_stays_configured_where_it_was() -> None:
    """A 301 is followed anew each time, through the guard; it never rewrites an address (fastladder#575)."""
    sink = MemorySink()
    async with site("127.0.0.1") as server, site("127.0.0.2", port=server.port) as inside:
        server.pages["/rss"] = redirect(f"http://127.0.0.2:{server.port}/rss", status=301)
        inside.feed("/rss", "/tin/1")
        paper = outlet(endpoint(f"{server.base}/rss"), hosts=("127.0.0.1", "127.0.0.2"))
        for _ in range(2):
            await run(sink, paper, allow_networks=("127.0.0.1/32",))
    assert list(sink.states) == [f"{server.base}/rss"]
    assert {outcome.reason for outcome in sink.outcomes} == {Reason.BLOCKED_ADDRESS}
    assert (server.hits["/rss"], inside.hits.total()) == (2, 0)


async def test_s3_a_permanent_redirect_is_followed_and_asked_for_anew_where_it_is_configured() -> None:
    """Once the redirect is gone, so is all that came of it."""
    sink = MemorySink()
    async with site("127.0.0.1") as server, site("127.0.0.2", port=server.port) as moved:
        server.pages["/rss"] = redirect(f"{moved.base}/rss", status=301)
        moved.feed("/rss", f"{server.base}/tin/1")
        server.articles("/tin/1", "/tin/2")
        paper = outlet(endpoint(f"{server.base}/rss"), hosts=("127.0.0.1", "127.0.0.2"))
        await run(sink, paper)
        server.feed("/rss", "/tin/2")
        await run(sink, paper)
    assert set(sink.documents) == {f"{server.base}/tin/1", f"{server.base}/tin/2"}
    assert list(sink.states) == [f"{server.base}/rss"]
    assert (server.hits["/rss"], moved.hits["/rss"]) == (2, 1)


def test_nothing_is_fetched_past_the_guard() -> None:
    """There is one way out: the download handler. No library fetches for us."""
    ways_out = re.compile(
        r"fetch_url|urlopen|urllib\.request|http\.client|import (?:requests|httpx|urllib3)|import aiohttp\b"
        r"|ClientSession|TCPConnector|aiohttp\.request"
        r"|feedparser\.parse\(\s*(?:url|[\"']http)|socket\.create_connection"
    )
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("crawlers", "pipeline", "models")
        for path in (ROOT / folder).rglob("*.py")
        if ways_out.search(path.read_text("utf-8"))
    }
    assert found <= {"crawlers/handler.py", "pipeline/collect_bench.py"}  # the bench's bare loop, on loopback
