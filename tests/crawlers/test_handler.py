"""Answers that are not quite what they should be: those that can be read are, and what is cut off is not."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from pathlib import Path

import brotli
import pytest
from aiohttp import web

from crawlers.archive import ArchiveReader, ArchiveWriter
from models.outcome import Reason
from tests.support.crawling import LIMIT, run
from tests.support.outlets import endpoint, outlet
from tests.support.server import raw_site, response, rss, site
from tests.support.sink import MemorySink

PAGE = "<html><title>Tin</title><p>" + " ".join(f"chữ {number}" for number in range(3000))
DEFLATED = zlib.compress(PAGE.encode())


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(PAGE.encode())),
        ("deflate", DEFLATED),
        ("deflate", DEFLATED[2:-4]),
        ("br", brotli.compress(PAGE.encode())),
        ("gzip, br", brotli.compress(gzip.compress(PAGE.encode())[:-9])),
    ],
    ids=["gzip", "zlib", "raw deflate", "brotli", "gzip inside of brotli"],
)
@pytest.mark.parametrize("share", [0.02, 0.6, 0.999])
async def test_a_packed_page_that_was_cut_off_is_no_page_and_asked_for_again(
    encoding: str, packed: bytes, share: float
) -> None:
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.pages["/tin/1"] = response(packed[: int(len(packed) * share)], Content_Encoding=encoding)
        await run(sink, outlet(endpoint(f"{server.base}/rss")))
        asked = server.hits["/tin/1"]
    assert sink.reason_of(f"{server.base}/tin/1") is Reason.FETCH_ERROR
    assert not sink.documents
    assert asked == 2
    assert not sink.states[f"{server.base}/rss"].body_hash, "the feed is read again in full"


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/html, text/html; charset=utf-8"},
        {"Content-Type": "text/html", "Content-Encoding": "UTF-8"},
        {"Content-Type": "text/html", "Content-Encoding": "none"},
    ],
    ids=str,
)
async def test_a_header_that_means_nothing_costs_no_page(headers: dict[str, str]) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=PAGE.encode(), headers=headers)

    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.pages["/tin/1"] = answer
        await run(sink, outlet(endpoint(f"{server.base}/rss")))
    assert [document.body for document in sink.documents.values()] == [PAGE.encode()]


async def test_headers_of_any_bytes_and_types_said_twice_cost_no_answer_and_lead_on(tmp_path: Path) -> None:
    asked: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        asked.append(path)
        status, body = b"200 OK", PAGE.encode()
        if path == b"/robots.txt":
            status, body = b"404 Not Found", b""
        elif path == b"/rss":
            body = rss(f"{base}/tin/1").encode()
        elif path == b"/tin/1":
            status, body = b"302 Found\r\nLocation: /tin/b\xe1o", b""
        head = b"HTTP/1.1 %b\r\nX-By: B\xe1o\r\nContent-Type: text/html\r\nContent-Type: text/xml\r\n"
        writer.write(head % status + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
        await writer.drain()

    sink = MemorySink()
    async with raw_site(talk) as port:
        base = f"http://127.0.0.1:{port}"
        with ArchiveWriter(tmp_path) as archive:
            await run(sink, outlet(endpoint(f"{base}/rss")), archive=archive)
    assert asked == [b"/robots.txt", b"/rss", b"/tin/1", b"/tin/b%E1o"]
    assert [document.body for document in sink.documents.values()] == [PAGE.encode()]
    assert ArchiveReader([tmp_path]).lookup(f"{base}/tin/b%E1o") is not None


async def test_of_a_huge_robots_file_the_rules_at_its_head_hold() -> None:
    """The rule that the limit cuts in two would forbid everything."""
    head, rule = "User-agent: *\nDisallow: /tin/2\n# ", "\nDisallow: /khac"
    text = head + "x" * (LIMIT - len(head) - len(rule) + 4) + rule + "\n" + "# x\n" * LIMIT
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1", "/tin/2")
        server.articles("/tin/1", "/tin/2")
        server.pages["/robots.txt"] = text
        await run(sink, outlet(endpoint(f"{server.base}/rss")))
    assert list(sink.documents) == [f"{server.base}/tin/1"]
    assert sink.reason_of(f"{server.base}/tin/2") is Reason.ROBOTS
