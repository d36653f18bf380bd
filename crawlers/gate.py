"""The one downloader middleware: what may be asked, redirects, one more try.

Every hop of a redirect passes through all of it again: scheme, host, robots.txt; and the address guard at its
connection.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser

from crawlers.politeness import MAX_CRAWL_DELAY, RobotsAnswer, after_failure, slow_down
from crawlers.refusal import Refused, Stopped
from crawlers.run import Page, Poll, run_of
from models.outcome import Reason
from pipeline.urls import on_outlet

MAX_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
PERMANENT = {301, 308}
_TRY_AGAIN = {500, 502, 504}
_MAX_ROBOTS = 1 << 20
"""Bytes that are read of one; RFC 9309, 2.5, asks for 500 KiB."""


class Gate:
    """Scrapy downloader middleware. `request.meta["job"]` tells what a request is for."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._run = run_of(crawler)
        self._product = self._run.options.user_agent.partition("/")[0]
        self._asking: dict[str, asyncio.Future[RobotsAnswer]] = {}
        self._opened: dict[str, asyncio.Task[str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy once for each crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request through, or raise Refused."""
        if self._run.stopping:
            raise Stopped
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused(Reason.FETCH_ERROR, f"only http and https are fetched, not {parts.scheme}:")
        if request.meta.get("robots"):
            return
        job = request.meta["job"]
        if not on_outlet(job.outlet, request.url) and parts.hostname not in job.own_hosts:
            raise Refused(Reason.OFFSITE, f"led to {parts.hostname}")
        self._run.politeness.check(parts.hostname)  # before its robots.txt is asked for
        await self._obey(request, f"{parts.scheme}://{parts.netloc}")
        if (
            job.outlet.fetch.cookies_from
            and not request.meta.get("opening")
            and self._run.options.replay is None
        ):
            request.headers["Cookie"] = await self._cookies(job)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Follow redirects; ask once more after a passing failure."""
        if response.status in REDIRECTS and response.headers.get("Location"):
            return self._redirected(request, response)
        if response.status in _TRY_AGAIN and not response.headers.get("Retry-After"):
            return self._again(request) or response
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Ask once more after a broken connection."""
        return self._again(request) if isinstance(exception, Refused) and exception.transient else None

    def _again(self, request: Request) -> Request | None:
        if request.meta.get("again") or self._run.options.replay is not None:
            return None
        return request.replace(meta={**_carried(request), "again": True})

    def _redirected(self, request: Request, response: Response) -> Request:
        location = (response.headers["Location"] or b"").decode("utf-8", "replace").strip()
        try:
            target = urljoin(request.url, location).partition("#")[0]
            scheme = urlsplit(target).scheme
        except ValueError as error:
            raise Refused(
                Reason.FETCH_ERROR, f"redirect to an impossible address: {location}"[:300]
            ) from error
        if scheme not in ("http", "https"):
            raise Refused(Reason.FETCH_ERROR, f"redirect to {scheme}:, only http and https are fetched")
        hops = (*request.meta.get("hops", ()), request.url)
        if target in hops:
            raise Refused(Reason.REDIRECT_LOOP, f"back to {target} after {len(hops)} redirects"[:300])
        if len(hops) > MAX_REDIRECTS:
            raise Refused(Reason.REDIRECT_LOOP, f"more than {MAX_REDIRECTS} redirects")
        job = request.meta.get("job")
        if isinstance(job, Page) and not request.meta.get("opening"):
            self._only_once(job, target)
        meta = {**_carried(request), "hops": hops}
        if response.status in PERMANENT and meta.get("moved_to", request.url) == request.url:
            meta["moved_to"] = target  # up to the first redirect that is for now only
        meta.pop("canonical", None)
        return request.replace(url=target, meta=meta)

    def _only_once(self, page: Page, target: str) -> None:
        url = self._run.had_elsewhere(page, target)
        if url:
            raise Refused(Reason.DUPLICATE, f"leads to {url}"[:300])

    async def _cookies(self, job: Poll | Page) -> str:
        """The Cookie header of an outlet that answers only those who asked its `cookies_from` first (qdnd.vn
        redirects without end otherwise). Asked once in a run; kept in memory only."""
        slug = job.outlet.slug
        if slug not in self._opened:
            self._opened[slug] = asyncio.ensure_future(self._open(job))
        return await asyncio.shield(self._opened[slug])

    async def _open(self, job: Poll | Page) -> str:
        meta = {"job": job, "opening": True}
        request = Request(job.outlet.fetch.cookies_from, callback=NO_CALLBACK, meta=meta, priority=1000)
        try:
            response = await self._crawler.engine.download_async(request)
        except IgnoreRequest:
            return ""  # the page itself will tell what is wrong
        jar = SimpleCookie()
        for header in response.headers.getlist("Set-Cookie"):
            with suppress(CookieError):
                jar.load(header.decode("latin-1"))
        return "; ".join(f"{name}={cookie.coded_value}" for name, cookie in jar.items())

    async def _obey(self, request: Request, origin: str) -> None:
        answer = self._run.politeness.robots_of(origin) or await self._robots(origin)
        if answer.refused:  # not forbidden, only not known: the page is asked for again
            raise Refused(Reason.HTTP_ERROR, answer.refused)
        if answer.rules is not None and not answer.rules.allowed(request.url, self._product):
            raise Refused(Reason.ROBOTS, "robots.txt forbids it")

    async def _robots(self, origin: str) -> RobotsAnswer:
        """Ask for an origin's robots.txt, once however many requests wait for it."""
        if origin in self._asking:
            return await asyncio.shield(self._asking[origin])
        future: asyncio.Future[RobotsAnswer] = asyncio.get_running_loop().create_future()
        self._asking[origin] = future
        try:
            answer = await self._ask(origin)
        except BaseException as error:
            future.set_exception(error)
            future.exception()  # marked as seen: there may be nobody else waiting
            raise
        finally:
            del self._asking[origin]
        future.set_result(answer)
        self._run.politeness.robots[origin] = answer
        return answer

    async def _ask(self, origin: str) -> RobotsAnswer:
        """RFC 9309, 2.3.1: with 4xx nothing is forbidden; with 5xx everything is, until it answers again, if
        no rules were known before. A host that cannot be reached raises its own Refused then, as the page
        would."""
        meta = {"robots": True, "max_bytes": _MAX_ROBOTS, "cut": True}
        request = Request(f"{origin}/robots.txt", callback=NO_CALLBACK, meta=meta, priority=1000)
        now, old = self._run.politeness.clock(), self._run.politeness.robots.get(origin)
        try:
            response = await self._crawler.engine.download_async(request)
        except Refused as error:
            if error.reason in (Reason.REDIRECT_LOOP, Reason.OFFSITE):
                return RobotsAnswer(None, "", now)  # RFC 9309, 2.3.1.2: too many redirects count as absent
            if old is None or old.refused:
                raise Refused(error.reason, f"robots.txt: {error.detail}") from error
            return after_failure(old, error.detail, now)
        if response.status >= 500 or response.status == 429:
            return after_failure(old, f"{response.status} for robots.txt", now)
        if response.status >= 300 or not response.body:
            return RobotsAnswer(None, "", now)
        rules = ProtegoRobotParser.from_crawler(self._crawler, response.body)
        self._note_delay(urlsplit(origin).hostname or "", rules.crawl_delay(self._product))
        return RobotsAnswer(rules, "", now)

    def _note_delay(self, host: str, delay: float | None) -> None:
        if delay and delay > 0 and self._run.options.replay is None:
            delay = min(delay, MAX_CRAWL_DELAY)
            self._run.politeness.crawl_delays[host] = delay
            slow_down(self._crawler.engine.downloader, host, delay)


def _carried(request: Request) -> dict[str, object]:
    """What a following request keeps: not the slot, which is another host's perhaps."""
    return {key: value for key, value in request.meta.items() if key != "download_slot"}
