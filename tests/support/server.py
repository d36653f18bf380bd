"""A real HTTP server on a loopback address, whose answers a test scripts by path."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Handler = Callable[[Any], Awaitable[web.StreamResponse]]


@dataclass
class Site:
    """One running server. `pages` maps a path to its answer; `hits` counts requests by path; `asked` keeps
    every request's headers in order."""

    host: str
    port: int = 0
    pages: dict[str, str | bytes | Handler] = field(default_factory=dict)
    hits: Counter[str] = field(default_factory=Counter)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def base(self) -> str:
        """The server's address without a slash at its end."""
        return f"http://{self.host}:{self.port}"

    def feed(self, path: str, *links: str) -> None:
        """Serve an RSS feed of these paths or addresses."""
        self.pages[path] = rss(*(link if "://" in link else self.base + link for link in links))

    def articles(self, *paths: str) -> None:
        """Serve an article at each path."""
        for path in paths:
            self.pages[path] = f"<html><title>{path}</title><p>Bài báo {path}</p></html>"

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer as scripted; 404 for anything else."""
        path = request.path_qs
        self.hits[path] += 1
        self.asked.append((path, dict(request.headers)))
        page = self.pages.get(path, self.pages.get(request.path))
        if page is None:
            return web.Response(status=404, text="nothing here", content_type="text/html")
        if callable(page):
            return await page(request)
        body = page.encode() if isinstance(page, str) else page
        kind = (
            "application/xml"
            if body.lstrip()[:5] in (b"<?xml", b"<rss ", b"<urls", b"<site")
            else "text/html"
        )
        if path == "/robots.txt":
            kind = "text/plain"
        return web.Response(body=body, headers={"Content-Type": f"{kind}; charset=utf-8"})


@asynccontextmanager
async def site(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Site]:
    """A site that is up while the block runs."""
    found = Site(host)
    runner = web.ServerRunner(web.Server(found.answer, handler_cancellation=True), shutdown_timeout=0)
    await runner.setup()
    try:
        tcp = web.TCPSite(runner, host, port)
        await tcp.start()
        found.port = runner.addresses[0][1]
        yield found
    finally:
        await runner.cleanup()


@asynccontextmanager
async def raw_site(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], host: str = "127.0.0.1"
) -> AsyncIterator[int]:
    """A server that speaks whatever bytes `talk` writes; gives its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, host, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def rss(*links: str, date: str = "Sat, 21 Nov 2026 08:15:00 GMT+7") -> str:
    """A feed of these addresses."""
    items = "".join(
        f"<item><title>Tin {number}</title><link>{link.replace('&', '&amp;')}</link>"
        f"<guid>{link.replace('&', '&amp;')}</guid><pubDate>{date}</pubDate></item>"
        for number, link in enumerate(links)
    )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Báo</title>'
    return f"{head}{items}</channel></rss>"


def redirect(target: str, status: int = 302) -> Handler:
    """An answer that leads elsewhere."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"Location": target})

    return answer


def response(
    body: bytes = b"<html><p>x</p></html>", *, status: int = 200, kind: str = "text/html", **headers: str
) -> Handler:
    """An answer with a status, a content type and headers (underscores stand for hyphens)."""

    async def answer(_: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, status=status, headers={"Content-Type": kind, **named})

    return answer
