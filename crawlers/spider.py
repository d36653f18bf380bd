"""The one spider: asks endpoints, judges what they name, fetches what is wanted, hands it on.

    endpoint → entries → candidates → sink.choose → pages → sink.document
                            └→ outcome                └→ outcome

An endpoint's new state is handed to the sink after the last page that it named has ended, so that a run that
dies in between reads it again in full.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotSupported
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.candidates import Candidates, fetch_address
from crawlers.decoding import charset_of
from crawlers.endpoints import headers_of, new_state, read_endpoint
from crawlers.health import MOVED_TO
from crawlers.missing import Trials
from crawlers.outlets import endpoint_urls
from crawlers.politeness import limits, open_slots, throttled_delay
from crawlers.polling import retry_after_of, wants_full
from crawlers.refusal import Refused, Stopped
from crawlers.run import Page, Poll, Run
from crawlers.sameness import own_article
from crawlers.verdict import failed_status, not_html
from models.document import Entry, RawDocument
from models.errors import DiemBaoError
from models.outcome import Reason, Stage
from models.outlet import Endpoint, EndpointKind, Outlet
from models.ports import Candidate
from pipeline.urls import asked_url

_ENDPOINT_PRIORITY = 100
_WAIT_429 = 60.0
"""Seconds that a host is left alone after a 429 that does not say for how long."""
_ENDING = (DiemBaoError, OSError, MemoryError)
"""What ends a run when a callback raises it: the database, a disk or the machine failed, and would again."""
_log = logging.getLogger(__name__)


class CollectSpider(Spider):
    """Driven by `crawlers.crawl.crawl`; `run` holds all that one crawl knows."""

    name = "collect"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.candidates = Candidates(run)
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
        """The request for an endpoint; None if it is not due, was asked already, or cannot be asked."""
        poll = Poll(outlet=outlet, endpoint=endpoint, url=url)
        meta = {"job": poll, "depth": 0}
        try:
            poll.state = await self.run.sink.endpoint_state(outlet.slug, endpoint, url)
            if not self.run.options.due(outlet, endpoint, poll.state) or not self.run.start(poll):
                return None
        except Exception as error:  # noqa: BLE001
            await self._failed(meta, error)
            return None
        try:
            return self._endpoint_request(poll, url, self._validators(poll))
        except ValueError as error:
            poll.open += 1
            await self._refused(meta, Reason.FETCH_ERROR, f"not an address: {error}"[:300])
            await self._closed([poll])
            return None

    def _validators(self, poll: Poll) -> dict[str, str]:
        """The headers that ask for an endpoint only if it has changed."""
        state = poll.state
        if state is None or wants_full(state.polls) or self.run.options.replay is not None:
            return {}
        given = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
        return {name: value for name, value in given.items() if value}

    def _endpoint_request(
        self, poll: Poll, url: str, headers: dict[str, str] | None = None, depth: int = 0
    ) -> Request:
        """Raises ValueError for what is no address."""
        limit = (
            self.run.options.max_page_bytes
            if poll.kind is EndpointKind.LISTING
            else self.run.options.max_feed_bytes
        )
        request = Request(
            url,
            callback=self._on_endpoint,
            errback=self._on_failure,
            headers=headers,
            priority=_ENDPOINT_PRIORITY,
            meta={"job": poll, "max_bytes": limit, "depth": depth, "asked": url},
        )
        poll.open += 1
        self.run.asking += 1
        return request

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
        requests: list[Request] = []  # those that were made before an error are sent all the same
        try:
            await self._read_endpoint(poll, response, requests)
        except Exception as error:  # noqa: BLE001
            await self._failed(response.meta, error)
        await self._closed([poll])
        endpoints = [request for request in requests if isinstance(request.meta["job"], Poll)]
        pages = [request for request in requests if not isinstance(request.meta["job"], Poll)]
        return endpoints + await self.trials.ready(self.run.release(pages))

    async def _on_page(self, response: Response) -> None:
        page: Page = response.meta["job"]
        try:
            await self._read_page(page, response)
        except Exception as error:  # noqa: BLE001
            await self._failed(response.meta, error)
        finally:
            await self._closed(page.polls)

    async def _on_failure(self, failure: Failure) -> list[Request]:
        meta: dict[str, Any] = failure.request.meta  # type: ignore[attr-defined]
        job: Poll | Page = meta["job"]
        error = failure.value
        polls = [job] if isinstance(job, Poll) else job.polls
        try:
            if isinstance(error, Refused):
                await self._refused(meta, error.reason, error.detail, error.wait)
            elif isinstance(error, NotSupported):
                await self._refused(meta, Reason.FETCH_ERROR, "only http and https are fetched")
            elif isinstance(error, Stopped | asyncio.CancelledError):
                for poll in polls:
                    poll.cut_short = True
                if isinstance(job, Page):
                    job.done = True  # so that no poll joins it any more
            else:
                await self._refused(meta, Reason.FETCH_ERROR, f"{type(error).__name__}: {error}"[:300])
        except Exception as error:  # noqa: BLE001
            await self._failed(meta, error)
        await self._closed(polls)
        return await self.trials.ready(self.run.release([])) if isinstance(job, Poll) else []

    async def _failed(self, meta: dict[str, Any], error: Exception) -> None:
        """What a callback raised ends the run if the sink or the machine failed. Anything else is an error of
        this program: it is logged and ends this page or endpoint alone."""
        if isinstance(error, _ENDING):
            self.run.fail(error)
            return
        job: Poll | Page = meta["job"]
        _log.error("an error of this program over %s", job.url, exc_info=error)
        try:
            await self._refused(meta, Reason.FAULT, f"{type(error).__name__}: {error}"[:300])
        except Exception as second:  # noqa: BLE001
            self.run.fail(second)

    # Endpoints.

    async def _refused(
        self, meta: dict[str, Any], reason: Reason, detail: str, wait: timedelta | None = None
    ) -> None:
        """Record that what was asked for came to nothing: a page, an endpoint, or what an endpoint led to.
        `wait` is what its host asked for."""
        job: Poll | Page = meta["job"]
        if isinstance(job, Page):
            await self._ended(job, reason, detail, wait)
            return
        job.retry_after = wait or job.retry_after
        if meta["depth"]:
            await self._missed(job, meta["asked"], reason, detail)
        else:
            job.fail(reason, detail)
            await self.run.outcome(
                job.outlet, job.url, Stage.DISCOVER, reason, detail, wait=wait or job.retry_after
            )

    async def _missed(self, poll: Poll, url: str, reason: Reason, detail: str) -> None:
        """Record that a further page or child sitemap could not be read. The endpoint itself could."""
        poll.miss(url, reason, detail)
        if reason is Reason.NOT_IN_ARCHIVE:
            poll.cut_short = True
        await self.run.outcome(poll.outlet, url, Stage.DISCOVER, reason, detail, poll.url)

    async def _read_endpoint(self, poll: Poll, response: Response, requests: list[Request]) -> None:
        """Read one answer of an endpoint; what is to be asked for next is added to `requests`."""
        headers = headers_of(response)
        first = response.meta["depth"] == 0
        if first:
            poll.status = response.status
            poll.retry_after = retry_after_of(headers.get("retry-after", ""), self.run.now())
            if moved_to := response.meta.get("moved_to"):
                poll.note(f"{MOVED_TO}{moved_to}")
        if first and response.status == 304:
            poll.unchanged = True
            return
        failure = failed_status(response.status, headers, response.body)
        if failure is not None:
            await self._refused(response.meta, *failure)
            return
        if first:
            poll.etag, poll.last_modified = headers.get("etag", ""), headers.get("last-modified", "")
            poll.body_hash = hashlib.blake2b(response.body, digest_size=16).hexdigest()
            if (
                poll.state is not None
                and poll.state.body_hash == poll.body_hash
                and not wants_full(poll.state.polls)
            ):
                poll.unchanged = True
                return
        await self._parse_endpoint(poll, response, headers, requests)

    async def _parse_endpoint(
        self, poll: Poll, response: Response, headers: dict[str, str], requests: list[Request]
    ) -> None:
        depth = response.meta["depth"]
        content_type = headers.get("content-type", "")
        reading = await read_endpoint(
            self.run, poll, response.body, url=response.url, content_type=content_type, depth=depth
        )
        if reading.unreadable:
            why = reading.problems[0] if reading.problems else "unreadable"
            await self._refused(response.meta, Reason.PARSE_ERROR, why)
            return
        for problem in reading.problems:
            poll.note(problem)
        poll.read += not reading.index
        poll.index |= reading.index
        news = await self._judge(poll, reading.entries, response.url, requests)
        if poll.kind is EndpointKind.LISTING and not news and not poll.turns_all:
            return  # nothing new on this page, so nothing on the pages behind it
        for url in reading.further:
            await self._ask_further(poll, url, depth + 1, requests)

    async def _ask_further(self, poll: Poll, url: str, depth: int, requests: list[Request]) -> None:
        """Ask for a further page or child sitemap, unless this poll has."""
        address = asked_url(url)
        if not poll.first_time(address or url):
            return
        try:
            if not address:
                raise ValueError("only http and https are fetched")
            requests.append(self._endpoint_request(poll, address, depth=depth))
        except ValueError as error:
            await self._missed(poll, url, Reason.FETCH_ERROR, f"not an address: {error}"[:300])

    async def _judge(self, poll: Poll, entries: Iterable[Entry], base: str, requests: list[Request]) -> bool:
        """Add requests for the pages that are wanted; every other entry gets its outcome. Polls that met one
        of them meanwhile wait for its page as well. Whether any entry of a listing was new: named by this
        poll for the first time, and not known before this run."""
        fresh: list[Candidate] = []
        before = len(poll.named)
        try:
            for entry in entries:
                candidate = await self.candidates.meet(poll, entry, base)
                if candidate is not None:
                    fresh.append(candidate)
            for candidate in await self.candidates.choose(poll, fresh):
                request = await self._page_request(poll, candidate, base)
                if request is not None:
                    requests.append(request)
        finally:
            await self._closed(self.candidates.decide(fresh))
        listed = list(poll.named)[before:] if poll.kind is EndpointKind.LISTING else []
        return await self.candidates.any_new(listed)

    async def _page_request(self, poll: Poll, candidate: Candidate, base: str) -> Request | None:
        """The request for a page: at the address that the outlet named, known by its canonical one; None if
        it cannot be asked for."""
        page = Page(outlet=poll.outlet, found=self.run.found[candidate.url], polls=[poll])
        try:
            request = Request(
                fetch_address(candidate, base),
                callback=self._on_page,
                errback=self._on_failure,
                meta={"job": page, "canonical": candidate.url, "max_bytes": self.run.options.max_page_bytes},
            )
        except ValueError as error:
            await self._ended(page, Reason.FETCH_ERROR, f"not an address: {error}"[:300])
            return None
        page.found.page = page
        page.polls += page.found.waiting
        page.found.decided.set()
        poll.open += 1
        return request

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
            if poll.open:
                continue
            poll.settle()
            # That an archive lacks an endpoint says nothing about the endpoint.
            known = not poll.cut_short and poll.reason is not Reason.NOT_IN_ARCHIVE
            if known and not self.run.failed:
                await self._remember(poll)
            self.run.let_go(poll.outlet.slug)

    async def _remember(self, poll: Poll) -> None:
        """Hand the poll's state to the sink; without what it named if that cannot be done."""
        for named in (list(poll.named.values()), []):
            try:
                await self.run.sink.polled(new_state(poll, self.run), named)
                return
            except Exception as error:  # noqa: BLE001
                await self._failed({"job": poll, "depth": 0}, error)
            if self.run.failed:
                return
