"""The live download handler: one guarded aiohttp session for everything that is ever fetched.

Deadlines span a response from the first packet to the last byte, so a server that drips cannot stretch them.
Sizes are counted on the wire and after decompression, in small steps, so a bomb is dropped after the limit.
No proxy, cookie or credential of the environment is used.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import Self
from urllib.parse import urlsplit

import aiohttp
import yarl
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.archive import Recorded, ResponseWriter
from crawlers.compression import Decoder
from crawlers.guard import BlockedAddressError, GuardedResolver
from crawlers.refusal import Refused, Stopped
from crawlers.run import run_of
from models.errors import DiemBaoError
from models.outcome import Reason

_CONNECT_SECONDS = 10
_MAX_HEADER = 16 << 10  # bytes of one
_MAX_HEADERS = 128
_LONE = re.compile("[\udc80-\udcff]")
_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/xml;q=0.9,*/*;q=0.5",
    "Accept-Language": "vi,en;q=0.7,*;q=0.3",
    "Accept-Encoding": "gzip, deflate, br",
}


class LiveHandler:
    """Scrapy download handler (`DOWNLOAD_HANDLERS`) for http and https."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        self._run = run_of(crawler)
        self._options = self._run.options
        self._parallel = asyncio.Semaphore(self._options.parallel)
        # Scrapy 2.19 without a reactor starts all queued requests of a host at once when its pause is 0.
        self._hosts: dict[str, asyncio.Semaphore] = {}
        guard = self._run.guard
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=GuardedResolver(guard), socket_factory=guard.socket, limit=0, ttl_dns_cache=300
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_MAX_HEADER,
            max_field_size=_MAX_HEADER,
            max_headers=_MAX_HEADERS,
            headers={"User-Agent": self._options.user_agent, **_HEADERS},
            skip_auto_headers=("Content-Type",),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy once for each scheme."""
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """Fetch one address and archive it. Raises Refused, or Stopped when the run ends meanwhile."""
        host = urlsplit(request.url).hostname or ""
        async with self._hosts.setdefault(host, asyncio.Semaphore(self._run.limits.get(host, (1, 0.0))[0])):
            self._run.politeness.check(host)
            try:
                recorded = await self._fetched(request)
            except Refused as error:
                if error.reason in (Reason.TIMEOUT, Reason.UNREACHABLE):
                    self._run.politeness.failed(host)
                raise
            if self._options.archive is not None and recorded.status != 304:
                await self._keep(self._options.archive, recorded)
            return response_of(recorded, request)

    async def _keep(self, archive: ResponseWriter, recorded: Recorded) -> None:
        """Archive a response. That it cannot be is no fault of the page, and ends the run."""
        try:
            await asyncio.to_thread(archive.write, recorded)
        except (DiemBaoError, OSError) as error:
            self._run.fail(error)
            raise Stopped from error

    async def _fetched(self, request: Request) -> Recorded:
        """The fetch as a task of its own, so that the end of the run can cancel it."""
        if self._run.stopping:
            raise Stopped
        task = asyncio.ensure_future(self._fetch(request))
        self._run.in_flight.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if self._run.stopping:
                raise Stopped from None
            raise
        finally:
            self._run.in_flight.discard(task)

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def _fetch(self, request: Request) -> Recorded:
        async with self._parallel:
            await self._run.room()
            started = time.monotonic()
            try:
                return await self._read(
                    request, request.meta.get("max_bytes") or self._options.max_page_bytes
                )
            except (OSError, TimeoutError, aiohttp.ClientError, ValueError) as error:
                raise refusal_of(error, self._options.download_timeout) from error
            finally:
                request.meta["download_latency"] = time.monotonic() - started

    async def _read(self, request: Request, limit: int) -> Recorded:
        headers = {
            name.decode(): value[0].decode("latin-1") for name, value in request.headers.items() if value
        }
        async with self._session.get(
            yarl.URL(request.url, encoded=True),
            headers=headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(
                total=self._options.download_timeout, sock_connect=_CONNECT_SECONDS
            ),
        ) as response:
            decoder = Decoder(response.headers.get("Content-Encoding", ""))
            cut = bool(request.meta.get("cut")) and decoder.plain
            if (response.content_length or 0) > limit and not cut:
                raise Refused(Reason.TOO_LARGE, f"{response.content_length} bytes announced, limit {limit}")
            body, packed = bytearray(), bytearray()
            async for chunk in response.content.iter_any():
                packed += chunk
                if cut and len(packed) > limit:
                    body = packed[: packed.rfind(b"\n", 0, limit) + 1]  # half a line says something else
                    break
                for piece in decoder.feed(chunk):
                    body += piece
                    if len(body) > limit:
                        raise Refused(
                            Reason.TOO_LARGE, f"more than {limit} bytes from {len(packed)} on the wire"
                        )
                if len(packed) > limit:
                    raise Refused(Reason.TOO_LARGE, f"more than {limit} bytes")
            decoder.finish()
            return Recorded(
                url=request.url,
                status=response.status,
                headers=tuple((name, readable(value)) for name, value in response.headers.items()),
                body=bytes(body),
                recorded_at=self._run.now(),
                packed=bytes(packed) if decoder.whole else b"",
            )


def refusal_of(error: Exception, deadline: float) -> Refused:
    """What an error of the network means."""
    blocked = _blocked(error)
    if blocked is not None:
        return Refused(Reason.BLOCKED_ADDRESS, str(blocked))
    if isinstance(error, aiohttp.ServerTimeoutError | TimeoutError):
        return Refused(Reason.TIMEOUT, f"no complete answer within {deadline:g} s")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Refused(Reason.UNREACHABLE, f"the name {error.host} was not found")
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ClientSSLError):
        return Refused(Reason.UNREACHABLE, f"no connection to {error.host}: {error.os_error}")
    transient = isinstance(
        error, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError | aiohttp.ClientPayloadError
    )
    return Refused(Reason.FETCH_ERROR, f"{type(error).__name__}: {error}"[:300], transient=transient)


def _blocked(error: BaseException | None) -> BlockedAddressError | None:
    """The guard's refusal among the causes of an error."""
    for _ in range(5):
        if error is None or isinstance(error, BlockedAddressError):
            return error
        inner = getattr(error, "os_error", None)
        if isinstance(inner, BlockedAddressError):
            return inner
        error = error.__cause__ or error.__context__
    return None


def readable(value: str) -> str:
    """The value of a header with every byte that is not UTF-8 escaped, as an address would have it. aiohttp
    gives such bytes as lone surrogates, which no text can hold."""
    return _LONE.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", value)


def response_of(recorded: Recorded, request: Request) -> Response:
    """A recorded response as Scrapy hands it on. A type of content that is said twice is a list of types."""
    headers: dict[str, list[str]] = {}
    for name, value in recorded.headers:
        said = headers.setdefault(name.title(), [])
        if said and name.lower() == "content-type":
            said[0] += f", {value}"
        else:
            said.append(value)
    return Response(request.url, status=recorded.status, headers=headers, body=recorded.body, request=request)
