"""The one spider: asks endpoints, judges what they name, fetches what is wanted, hands it on.

    endpoint → entries → candidates → sink.choose → pages → sink.document
                            └→ outcome                └→ outcome

An endpoint's new state is handed to the sink after the last page that it named has ended, so that a run that
dies in between reads it again in full.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotSupported
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.decoding import charset_of
from crawlers.endpoints import headers_of, new_state, read_endpoint
from crawlers.feeds import absolute_link
from crawlers.missing import Trials
from crawlers.outlets import article_verdict, endpoint_urls
from crawlers.politeness import limits, open_slots, throttled_delay
from crawlers.polling import retry_after_of, wants_full
from crawlers.refusal import Refused, Stopped
from crawlers.run import Found, Page, Poll, Run
from crawlers.sameness import own_article
from crawlers.verdict import failed_status, not_html
from models.document import Entry, RawDocument
from models.outcome import Reason, Stage
from models.outlet import Endpoint, EndpointKind, Outlet
from models.ports import Candidate
from pipeline.urls import host_of, outlet_url

_ENDPOINT_PRIORITY = 100
_WAIT_429 = 60.0
"""Seconds that a host is left alone after a 429 that does not say for how long."""


class CollectSpider(Spider):
    """Driven by `crawlers.crawl.crawl`; `run` holds all that one crawl knows."""

    name = "collect"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.trials = Trials(run)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Made by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._opened, signals.spider_opened)
        crawler.signals.connect(spider._answered, signals.response_downloaded)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """The requests for all endpoints that are due."""
        for outlet in self.run.outlets:
            self.run.hold(outlet.slug)
            for endpoint in outlet.endpoints:
                if outlet.active and endpoint.enabled and not self.run.stopping:
                    for url in endpoint_urls(endpoint, self.run.now()):
                        request = await self._first_request(outlet, endpoint, url)
                        if request is not None:
                            yield request
            self.run.let_go(outlet.slug)
        for page in await self.trials.ready(self.run.release([])):
            yield page

    async def _first_request(self, outlet: Outlet, endpoint: Endpoint, url: str) -> Request | None:
        """The request for an endpoint; None if it is not due, was asked already, or the sink failed."""
        try:
            return await self._due_request(outlet, endpoint, url)
        except Exception as error:  # noqa: BLE001  the sink's failure ends the run, with its cause
            self.run.fail(error)
            return None

    async def _due_request(self, outlet: Outlet, endpoint: Endpoint, url: str) -> Request | None:
        state = await self.run.sink.endpoint_state(outlet.slug, endpoint, url)
        if not self.run.options.due(outlet, endpoint, state):
            return None
        poll = Poll(outlet=outlet, endpoint=endpoint, url=url, state=state)
        if not self.run.start(poll):
            return None
        headers = {}
        if state is not None and not wants_full(state.polls) and self.run.options.replay is None:
            if state.etag:
                headers["If-None-Match"] = state.etag
            if state.last_modified:
                headers["If-Modified-Since"] = state.last_modified
        return self._endpoint_request(poll, url, headers)

    def _endpoint_request(
        self, poll: Poll, url: str, headers: dict[str, str] | None = None, depth: int = 0
    ) -> Request:
        poll.open += 1
        self.run.asking += 1
        limit = (
            self.run.options.max_page_bytes
            if poll.kind is EndpointKind.LISTING
            else self.run.options.max_feed_bytes
        )
        return Request(
            url,
            callback=self._on_endpoint,
            errback=self._on_failure,
            headers=headers,
            priority=_ENDPOINT_PRIORITY,
            meta={"job": poll, "max_bytes": limit, "depth": depth},
        )

    # Scrapy calls these.

    def _opened(self) -> None:
        downloader = self.crawler.engine.downloader
        if self.run.options.replay is None:
            open_slots(downloader, self.run.politeness, limits(self.run.outlets))

    def _answered(self, response: Response, request: Request) -> None:
        """Note when a host was asked, a wait that it asks for, and suit its pause to how fast it answers.
        Scrapy calls this before it sends the host's next request."""
        if self.run.options.replay is not None:
            return
        host = urlsplit(request.url).hostname or ""
        self.run.politeness.answered(host)
        if response.status == 429:
            asked = retry_after_of(headers_of(response).get("retry-after", ""), self.run.now())
            self.run.politeness.wait(
                host, asked.total_seconds() if asked else _WAIT_429, "429: too many requests"
            )
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is None:
            return
        polite = self.run.politeness
        polite.last_asked[host] = slot.lastseen
        floor = max(self.run.limits.get(host, (1, 0.0))[1], polite.crawl_delays.get(host, 0.0))
        latency = request.meta.get("download_latency", 0.0)
        if floor > 0:  # an outlet declared without any pause is not throttled either
            failed = response.status >= 400
            slot.delay = throttled_delay(slot.delay, floor, latency, slot.concurrency, failed=failed)
            polite.throttled[host] = slot.delay

    async def _on_endpoint(self, response: Response) -> list[Request]:
        poll: Poll = response.meta["job"]
        requests: list[Request] = []
        try:
            requests = await self._read_endpoint(poll, response)
        except Exception as error:  # noqa: BLE001
            self.run.fail(error)
        await self._closed([poll])
        endpoints = [request for request in requests if isinstance(request.meta["job"], Poll)]
        pages = [request for request in requests if not isinstance(request.meta["job"], Poll)]
        return endpoints + await self.trials.ready(self.run.release(pages))

    async def _on_page(self, response: Response) -> None:
        page: Page = response.meta["job"]
        try:
            await self._read_page(page, response)
        except Exception as error:  # noqa: BLE001
            self.run.fail(error)
        finally:
            await self._closed(page.polls)

    async def _on_failure(self, failure: Failure) -> list[Request]:
        job: Poll | Page = failure.request.meta["job"]  # type: ignore[attr-defined]
        error = failure.value
        polls = [job] if isinstance(job, Poll) else job.polls
        try:
            if isinstance(error, Refused):
                await self._refused(job, error.reason, error.detail, error.wait)
            elif isinstance(error, NotSupported):
                await self._refused(job, Reason.FETCH_ERROR, "only http and https are fetched")
            elif isinstance(error, Stopped | asyncio.CancelledError):
                for poll in polls:
                    poll.cut_short = True
            else:
                await self._refused(job, Reason.FETCH_ERROR, f"{type(error).__name__}: {error}"[:300])
        except Exception as error:  # noqa: BLE001
            self.run.fail(error)
        await self._closed(polls)
        return await self.trials.ready(self.run.release([])) if isinstance(job, Poll) else []

    # Endpoints.

    async def _refused(
        self, job: Poll | Page, reason: Reason, detail: str, wait: timedelta | None = None
    ) -> None:
        """Record that a page or endpoint came to nothing. `wait` is what its host asked for."""
        if isinstance(job, Page):
            await self._ended(job, reason, detail, wait)
            return
        job.retry_after = wait or job.retry_after
        job.fail(reason, detail)
        await self.run.outcome(job.outlet, job.url, Stage.DISCOVER, reason, detail)

    async def _read_endpoint(self, poll: Poll, response: Response) -> list[Request]:
        headers = headers_of(response)
        first = response.meta["depth"] == 0
        if first:
            poll.status = response.status
            poll.retry_after = retry_after_of(headers.get("retry-after", ""), self.run.now())
        if response.status == 304:
            poll.unchanged = True
            return []
        failure = failed_status(response.status, headers, response.body)
        if failure is not None:
            await self._refused(poll, *failure) if first else poll.note(f"{response.url}: {failure[1]}")
            return []
        if first:
            poll.etag, poll.last_modified = headers.get("etag", ""), headers.get("last-modified", "")
            poll.body_hash = hashlib.blake2b(response.body, digest_size=16).hexdigest()
            if (
                poll.state is not None
                and poll.state.body_hash == poll.body_hash
                and not wants_full(poll.state.polls)
            ):
                poll.unchanged = True
                return []
        return await self._parse_endpoint(poll, response, headers)

    async def _parse_endpoint(self, poll: Poll, response: Response, headers: dict[str, str]) -> list[Request]:
        depth = response.meta["depth"]
        content_type = headers.get("content-type", "")
        reading = await read_endpoint(
            self.run, poll, response.body, url=response.url, content_type=content_type, depth=depth
        )
        poll.problems += reading.problems
        if reading.unreadable and depth == 0:
            why = reading.problems[0] if reading.problems else "unreadable"
            await self._refused(poll, Reason.PARSE_ERROR, why)
            return []
        requests = await self._judge(poll, reading.entries, response.url)
        if poll.kind is EndpointKind.LISTING and not requests:
            return []  # nothing new on this page, so nothing on the pages behind it
        return requests + [
            self._endpoint_request(poll, url, depth=depth + 1)
            for url in reading.further
            if url and poll.first_time(url)
        ]

    async def _judge(self, poll: Poll, entries: Iterable[Entry], base: str) -> list[Request]:
        """Turn entries into requests for the pages that are wanted; everything else gets its outcome."""
        fresh: list[Candidate] = []
        for entry in entries:
            poll.entries += 1
            when = entry.published_at or entry.updated_at
            if when is not None:
                poll.times.append(when)
            candidate = await self._candidate(poll, entry, base)
            if candidate is not None:
                fresh.append(candidate)
        wanted: list[Candidate] = []
        if fresh:
            choice = await self.run.sink.choose(fresh)
            wanted = list(choice.wanted)
            self.run.reasons.update(choice.passed)
            poll.later += choice.later
        limit = self.run.options.max_entries
        if limit and len(wanted) > limit:
            poll.deferred += len(wanted) - limit
            wanted = newest_first(wanted)[:limit]
        poll.wanted += len(wanted)
        return [self._page_request(poll, candidate, base) for candidate in wanted]

    async def _candidate(self, poll: Poll, entry: Entry, base: str) -> Candidate | None:
        """The entry as a candidate; None if it has ended already or was met before in this run."""
        if not entry.link:
            poll.note("entry without an address")
            return None
        url = outlet_url(poll.outlet, entry.link, base)
        section = poll.endpoint.section
        found = self.run.found.get(url or entry.link)
        if found is not None:
            found.met_again(entry, section, poll)
            if found.is_article:
                poll.name(url, entry)
            return None
        candidate = Candidate(
            url=url or entry.link, outlet=poll.outlet.slug, endpoint=poll.url, entry=entry, section=section
        )
        self.run.found[candidate.url] = Found(candidate, poll.rank)
        if not url:
            reason: Reason | None = Reason.NOT_AN_ARTICLE
            detail = "not an http or https address"
        else:
            reason, detail = article_verdict(poll.outlet, url), ""
        if reason is None:
            poll.name(url, entry)
            return candidate
        self.run.found[candidate.url].is_article = False
        await self.run.outcome(poll.outlet, candidate.url, Stage.DISCOVER, reason, detail, poll.url)
        return None

    def _page_request(self, poll: Poll, candidate: Candidate, base: str) -> Request:
        """The request for a page: at the address that the outlet named, known by its canonical one."""
        page = Page(outlet=poll.outlet, found=self.run.found[candidate.url], polls=[poll])
        page.found.page = page
        poll.open += 1
        return Request(
            fetch_address(candidate, base),
            callback=self._on_page,
            errback=self._on_failure,
            meta={"job": page, "canonical": candidate.url, "max_bytes": self.run.options.max_page_bytes},
        )

    # Pages.

    async def _read_page(self, page: Page, response: Response) -> None:
        headers = headers_of(response)
        failure = failed_status(response.status, headers, response.body)
        if failure is not None:
            wait = retry_after_of(headers.get("retry-after", ""), self.run.now())
            await self._ended(page, *failure, wait)
            return
        why = not_html(headers.get("content-type", ""), response.body)
        if why:
            await self._ended(page, Reason.NOT_HTML, why)
            return
        candidate = page.found.candidate
        nothing = self._nothing_there(page, response)
        if nothing:
            await self._ended(page, Reason.SOFT_404, nothing[:300])
            return
        content_type = headers.get("content-type", "")
        document = RawDocument(
            outlet=candidate.outlet,
            url=candidate.url,
            final_url=response.url,
            fetched_at=self.run.now(),
            status=response.status,
            body=response.body,
            content_type=content_type.partition(";")[0].strip().lower(),
            charset=charset_of(content_type),
            entry=candidate.entry,
            endpoint=candidate.endpoint,
            section=candidate.section,
        )
        with self.run.holding(response.body):
            reason = await self.run.sink.document(document)
        self.run.count(reason)
        page.ended(reason)

    def _nothing_there(self, page: Page, response: Response) -> str:
        """Why an answer of status 200 is what the host says when it has no such page; empty if it is not."""
        if urlsplit(response.url).path in ("", "/") and response.meta.get("hops"):
            return "led to the front page"
        if why := self.trials.seen_through(response.url, response.body):
            return why
        url = page.found.candidate.url
        same = self.run.bodies.same_page(url, response.body)
        return f"the same page as {same}" if same and not own_article(page.outlet, url, response.body) else ""

    async def _ended(self, page: Page, reason: Reason, detail: str, wait: timedelta | None = None) -> None:
        found = page.found.candidate
        page.ended(reason)
        await self.run.outcome(page.outlet, found.url, Stage.FETCH, reason, detail, found.endpoint, wait)

    async def _closed(self, polls: Sequence[Poll]) -> None:
        """One request of these polls has ended; remember the state of those that are complete."""
        for poll in list(polls):
            poll.open -= 1
            # That an archive lacks an endpoint says nothing about the endpoint.
            known = not poll.cut_short and poll.reason is not Reason.NOT_IN_ARCHIVE
            if poll.open == 0 and known and not self.run.failed:
                try:
                    await self.run.sink.polled(new_state(poll, self.run), list(poll.named.values()))
                except Exception as error:  # noqa: BLE001
                    self.run.fail(error)
            if poll.open == 0:
                self.run.let_go(poll.outlet.slug)


def fetch_address(candidate: Candidate, base: str) -> str:
    """Where to ask for a candidate: the address as named, if it stands on the canonical one's host or on one
    that differs by `www.` alone; else the canonical one, which replaces old and mobile hosts."""
    named = absolute_link(candidate.entry.link, base).partition("#")[0]
    bare = host_of(candidate.url).removeprefix("www.")
    same = host_of(named).removeprefix("www.") == bare and urlsplit(named).scheme in ("http", "https")
    return named if same else candidate.url


def newest_first(candidates: Sequence[Candidate]) -> list[Candidate]:
    """By date, newest first; those without one keep their place behind the others."""
    dated = [c for c in candidates if c.entry.published_at or c.entry.updated_at]
    dated.sort(key=lambda c: c.entry.published_at or c.entry.updated_at, reverse=True)  # type: ignore[arg-type,return-value]
    return [*dated, *(c for c in candidates if not (c.entry.published_at or c.entry.updated_at))]
