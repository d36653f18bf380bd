"""Answers without end: bombs, bodies, headers, status lines. Each is cut off at its limit."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from aiohttp import web

from models.outcome import Reason
from tests.support.crawling import LIMIT, ZEROS, run
from tests.support.outlets import endpoint, outlet
from tests.support.server import Handler, raw_site, response, rss, site
from tests.support.sink import MemorySink


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def brotli_bomb(data: bytes) -> bytes:
    packed: bytes = brotli.compress(data, quality=1)
    return packed


async def collect_page(page: Handler) -> tuple[MemorySink, str]:
    """What became of a feed whose only entry is answered by `page`, and the address of that entry."""
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.pages["/tin/1"] = page
        await run(sink, outlet(endpoint(f"{server.base}/rss")))
        return sink, f"{server.base}/tin/1"


BOMBS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", brotli_bomb),
    ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
]


@pytest.mark.parametrize(
    ("encoding", "pack"), BOMBS, ids=["gzip", "zlib", "raw deflate", "brotli", "gzip twice"]
)
@pytest.mark.parametrize("path", ["/tin/1", "/rss", "/robots.txt"])
async def test_a_bomb_is_dropped_wherever_it_is_served(
    encoding: str, pack: Callable[[bytes], bytes], path: str
) -> None:
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.articles("/tin/1")
        server.pages[path] = response(pack(ZEROS), Content_Encoding=encoding)
        await run(sink, outlet(endpoint(f"{server.base}/rss")))
        named = "/rss" if path == "/robots.txt" else path
    assert sink.reason_of(server.base + named) is Reason.TOO_LARGE
    assert sink.documents == {}


@pytest.mark.parametrize(
    ("encoding", "pack"), BOMBS, ids=["gzip", "zlib", "raw deflate", "brotli", "gzip twice"]
)
async def test_r13_a_bomb_is_unpacked_no_further_than_the_limit(
    encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    """The whole of it is never in memory: 64 MB in some ten thousand bytes, of which one MB may come out."""
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.pages["/tin/1"] = response(pack(ZEROS), Content_Encoding=encoding)
        tracemalloc.start()
        try:
            await run(sink, outlet(endpoint(f"{server.base}/rss")))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert sink.reason_of(f"{server.base}/tin/1") is Reason.TOO_LARGE
    assert peak < 16 * LIMIT


@pytest.mark.parametrize(
    ("encoding", "first", "piece"),
    [
        ("gzip", gzip.compress(b"<p>tin"), gzip.compress(b"") * 1000),
        ("deflate", zlib.compress(b"<p>tin"), b"x" * 20_000),
        ("br", brotli.compress(b"<p>tin"), b"x" * 20_000),
    ],
    ids=["empty gzip members", "after the end of deflate", "after the end of brotli"],
)
async def test_r14_bytes_that_unpack_to_nothing_are_counted_too(
    encoding: str, first: bytes, piece: bytes
) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        stream = web.StreamResponse(headers={"Content-Type": "text/html", "Content-Encoding": encoding})
        await stream.prepare(request)
        await stream.write(first)
        for _ in range(5000):
            await stream.write(piece)
            sent += len(piece)
        return stream

    sink, url = await collect_page(endless)
    assert sink.reason_of(url) in (Reason.TOO_LARGE, Reason.FETCH_ERROR)
    assert sent < 32 * LIMIT  # what the system's buffers hold beyond the limit of 1 MiB
    assert sink.documents == {}


async def test_honest_compression_is_undone() -> None:
    pages = [b"<html><title>Tin</title><p>" + b"tin %d " % number * 1000 for number in range(5)]
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", *(f"/tin/{number}" for number in range(5)))
        for number, (encoding, pack) in enumerate(BOMBS):
            server.pages[f"/tin/{number}"] = response(pack(pages[number]), Content_Encoding=encoding)
        await run(sink, outlet(endpoint(f"{server.base}/rss")))
    assert sorted(document.body for document in sink.documents.values()) == pages


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"HTTP/1.1 200 O", b"K" * 65_536),
        (b"HTTP/1.1 200 OK\r\nX-A: x", b"x" * 65_536),
        (b"HTTP/1.1 200 OK\r\nX-A: x", b"X-A: x\r\n" * 8192),
    ],
    ids=["status line", "one header", "headers"],
)
@pytest.mark.parametrize("path", ["/robots.txt", "/rss", "/tin/1"])
async def test_r14_headers_without_end_are_cut_off_wherever_they_come(
    start: bytes, piece: bytes, path: str
) -> None:
    sent = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        asked = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        if asked == path:
            writer.write(start)
            while True:
                writer.write(piece)
                await writer.drain()
                sent += len(piece)
        body = rss(f"{base}/tin/1").encode() if asked == "/rss" else b""
        head = b"HTTP/1.1 %b\r\nContent-Type: text/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        writer.write(head % (b"200 OK" if body else b"404 Not Found", len(body)) + body)
        await writer.drain()

    sink = MemorySink()
    async with raw_site(talk) as port:
        base = f"http://127.0.0.1:{port}"
        await run(sink, outlet(endpoint(f"{base}/rss")))
    named = "/rss" if path == "/robots.txt" else path
    assert sink.reason_of(base + named) is Reason.FETCH_ERROR
    assert 0 < sent < 16 << 20  # asked twice, with the system's buffers full
    assert sink.documents == {}


async def test_a_hundred_megabytes_without_a_length_are_cut_off() -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        stream = web.StreamResponse(headers={"Content-Type": "text/html"})
        await stream.prepare(request)
        for _ in range(1600):
            await stream.write(b"<p>" * 21_845)
            sent += 1
        return stream

    sink, url = await collect_page(endless)
    assert sink.reason_of(url) is Reason.TOO_LARGE
    assert sent < 400  # what the system's buffers hold beyond the limit of 1 MiB
