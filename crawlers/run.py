"""What one crawl knows while it runs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawlers.archive import ArchiveReader, Recorded, ResponseWriter
from crawlers.guard import AddressGuard
from crawlers.outlets import article_verdict
from crawlers.parsing import FeedReader
from crawlers.politeness import Politeness, limits
from crawlers.polling import CEILING, Due, always
from crawlers.sameness import Bodies
from models.document import Entry
from models.outcome import Outcome, Reason, Stage
from models.outlet import Endpoint, EndpointKind, Outlet
from models.ports import Candidate, CrawlSink, EndpointState, MissingPages, Named
from pipeline.urls import outlet_url


def run_of(crawler: Crawler) -> Run:
    """The run that a Scrapy crawler serves."""
    run: Run = crawler.spider.run  # type: ignore[union-attr]
    return run


def _clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """How to crawl.

    `now` gives the run's moment (aware UTC). `download_timeout` is in seconds for one whole response.
    `allow_networks` are CIDR ranges that may be contacted although not public. With `replay`, every request
    is answered from the archive, no pause is kept and no socket opened. `due` says which endpoints to poll
    now. `stop`, once set, ends the run early and cleanly. `politeness` is kept between the crawls of one
    process. `read_feed` parses feeds, sitemaps and listings where they can do no harm, such as a process
    with a deadline; the error that it raises is the endpoint's. Without it they are parsed in a thread. With
    `missing`, each host is asked once a month for a page that does not exist, so that its answer is known
    again. `finished` hears of each outlet when everything of it has ended, so that it can be asked again
    while the run goes on.
    """

    user_agent: str = "DiemBao/0.1 (+https://example.org/diembao)"
    now: Callable[[], datetime] = _clock
    parallel: int = 32
    download_timeout: float = 30.0
    max_page_bytes: int = 8 << 20
    max_feed_bytes: int = 15 << 20
    allow_networks: tuple[str, ...] = ()
    archive: ResponseWriter | None = None
    replay: ArchiveReader | None = None
    due: Due = always
    max_listing_pages: int = 3
    max_sitemaps: int = 5
    stop: asyncio.Event | None = None
    politeness: Politeness | None = None
    read_feed: FeedReader | None = None
    missing: MissingPages | None = None
    finished: Callable[[str], object] | None = None
    rng: Random = field(default_factory=Random)


@dataclass(slots=True, kw_only=True)
class Poll:
    """One endpoint being asked. `rank` is its place among the endpoints of the run; `open` counts its
    requests, and those for pages that it named, that have not ended; `later` counts the addresses that it
    named and that will be tried again; `read` counts the answers that told of articles or could have; an
    `index` names sitemaps; `missed` is how the first of its further pages or sitemaps ended that could not
    be read; `reason` tells why it failed, None if it did not."""

    outlet: Outlet
    endpoint: Endpoint
    url: str
    state: EndpointState | None = None
    rank: int = 0
    open: int = 0
    read: int = 0
    index: bool = False
    missed: tuple[Reason, str] | None = None
    entries: int = 0
    wanted: int = 0
    later: int = 0
    status: int = 0
    unchanged: bool = False
    cut_short: bool = False
    reason: Reason | None = None
    detail: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    retry_after: timedelta | None = None
    problems: tuple[str, ...] = ()
    times: list[datetime] = field(default_factory=list)
    named: dict[str, Named] = field(default_factory=dict)
    reasons: set[Reason] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    @property
    def kind(self) -> EndpointKind:
        """Feed, sitemap or listing."""
        return self.endpoint.kind

    @property
    def own_hosts(self) -> frozenset[str]:
        """Hosts that the endpoint may stand on besides the outlet's."""
        return frozenset({urlsplit(self.url).hostname or ""})

    def fail(self, reason: Reason, detail: str) -> None:
        """Remember why the endpoint itself could not be read; the first reason stands."""
        if self.reason is None:
            self.reason, self.detail = reason, detail

    def miss(self, url: str, reason: Reason, detail: str) -> None:
        """Remember that a further page or child sitemap could not be read."""
        self.missed = self.missed or (reason, f"{url}: {detail}")
        self.reasons.add(reason)
        self.note(f"{url}: {reason.value} {detail}")

    def settle(self) -> None:
        """All has ended: an index none of whose sitemaps could be read has failed itself."""
        if self.missed is not None and not self.read:
            self.fail(*self.missed)

    @property
    def turns_all(self) -> bool:
        """Whether the pages of a listing are turned up to the bound even where nothing on them is new: the
        first time, and when they were not all read the last time."""
        return self.state is None or not self.state.body_hash

    def note(self, problem: str) -> None:
        """Remember a problem that did not stop the poll."""
        if len(self.problems) < 20:
            self.problems += (problem[:200],)

    def name(self, url: str, entry: Entry) -> None:
        """Remember that the endpoint names an article's address."""
        if url not in self.named:
            self.named[url] = Named(url, entry.published_at or entry.updated_at)

    def first_time(self, url: str) -> bool:
        """Whether a further page or child sitemap has not been asked for in this poll."""
        if url in self.asked or url == self.url:
            return False
        self.asked.add(url)
        return True


@dataclass(slots=True)
class Found:
    """A URL that was met in this run. `is_article` unless its form says that it is none; `rank` is that of
    the endpoint that counts as having named it; `led_on` tells that it leads to another address that this
    run has. Once the sink has `judged` it, `known` tells that it does not want it. Once all is `decided`,
    `page` is set if it is to be fetched. `waiting` are polls that met it before that."""

    candidate: Candidate
    rank: int = 0
    page: Page | None = None
    is_article: bool = True
    judged: bool = False
    known: bool = False
    led_on: bool = False
    decided: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: list[Poll] = field(default_factory=list)

    def met_again(self, entry: Entry, section: str, poll: Poll) -> None:
        """Another endpoint names it too: keep what that one knows better, and let its poll wait as well."""
        old = self.candidate
        if poll.rank < self.rank:  # the endpoint that is configured first counts, whichever answered first
            self.rank = poll.rank
            old = replace(old, endpoint=poll.url, entry=entry, section=section)
            entry, section = self.candidate.entry, self.candidate.section
        better = entry if entry.published_at and not old.entry.published_at else old.entry
        if not better.title and entry.title:
            better = replace(better, title=entry.title)
        self.candidate = replace(old, entry=better, section=old.section or section)
        if not self.decided.is_set():
            self.waiting.append(poll)
            poll.open += 1
        elif self.page is not None and not self.page.done and poll not in self.page.polls:
            self.page.polls.append(poll)
            poll.open += 1


@dataclass(slots=True, kw_only=True)
class Page:
    """One article page being fetched, for the polls that named it."""

    outlet: Outlet
    found: Found
    polls: list[Poll]
    done: bool = False
    own_hosts: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        """The canonical address."""
        return self.found.candidate.url

    def ended(self, reason: Reason) -> None:
        """Tell the polls how it ended."""
        self.done = True
        for poll in self.polls:
            poll.reasons.add(reason)


MOST_IN_HAND = 6 << 20
"""Bytes of pages in the sink's hands, read or waiting for it, from which on nothing more is fetched: some
fifty pages. Without it a host of large pages would fill the memory while another one is read."""


class Run:
    """The state of one crawl: options, sink, what was found, how it ends."""

    def __init__(self, outlets: Sequence[Outlet], sink: CrawlSink, options: CrawlOptions) -> None:
        self.outlets = outlets
        self.sink = sink
        self.options = options
        self.guard = AddressGuard.of(options.allow_networks)
        self.politeness = options.politeness if options.politeness is not None else Politeness()
        if options.replay is not None:
            self.politeness = Politeness()
        self.limits = limits(outlets)
        self.found: dict[str, Found] = {}
        self.led_to: dict[str, str] = {}
        self.polls: dict[str, Poll] = {}
        self.asking = 1  # endpoint requests under way, and one for the start that makes them
        self.held: list[Request] = []
        self.bodies = Bodies(self.politeness.empty_pages)
        self.reasons: Counter[Reason] = Counter()
        self.under_way: Counter[str] = Counter()
        self.in_flight: set[asyncio.Task[Recorded]] = set()
        self.in_hand = 0
        self.emptied = asyncio.Event()
        self.stopping = False
        self.failed: BaseException | None = None
        self.ending = asyncio.Event()

    def now(self) -> datetime:
        """The run's moment."""
        return self.options.now()

    def start(self, poll: Poll) -> bool:
        """Whether this poll is the first of its address in this run."""
        key = f"{poll.outlet.slug} {poll.url}"
        if key in self.polls:
            return False
        poll.rank = len(self.polls)
        self.polls[key] = poll
        self.hold(poll.outlet.slug)
        return True

    def hold(self, slug: str) -> None:
        """Something of this outlet is under way."""
        self.under_way[slug] += 1

    def let_go(self, slug: str) -> None:
        """It has ended; whoever wants to know hears when it was the last."""
        self.under_way[slug] -= 1
        if not self.under_way[slug] and self.options.finished is not None:
            self.options.finished(slug)

    @contextmanager
    def holding(self, body: bytes) -> Iterator[None]:
        """While the block runs, the page is in the sink's hands."""
        self.in_hand += len(body)
        try:
            yield
        finally:
            self.in_hand -= len(body)
            self.emptied.set()

    async def room(self) -> None:
        """Wait until the sink has less than `MOST_IN_HAND` in its hands."""
        while self.in_hand > MOST_IN_HAND:
            self.emptied.clear()
            await self.emptied.wait()

    def had_elsewhere(self, page: Page, target: str) -> str:
        """The article's address to which a redirect of the page leads, if this run has it without that: it
        was named, or another page led there first. Empty if the redirect is to be followed, as of two
        addresses that lead to each other one is."""
        url, own = outlet_url(page.outlet, target), page.found.candidate.url
        if not url or url == own or article_verdict(page.outlet, url) is not None:
            return ""
        named = self.found.get(url)
        if (named is None or named.led_on) and self.led_to.setdefault(url, own) == own:
            return ""
        page.found.led_on = True
        return url

    def release(self, pages: list[Request]) -> list[Request]:
        """An endpoint request has ended and named these pages: those to fetch now. In a replay pages wait
        until every endpoint has been read, so that the same archive always gives the same run."""
        self.asking -= 1
        if self.options.replay is None:
            return pages
        self.held += pages
        if self.asking:
            return []
        held, self.held = self.held, []
        return held

    def count(self, reason: Reason) -> None:
        """Count an outcome that the sink records itself."""
        self.reasons[reason] += 1

    async def outcome(
        self,
        outlet: Outlet,
        url: str,
        stage: Stage,
        reason: Reason,
        detail: str = "",
        endpoint: str = "",
        wait: timedelta | None = None,
    ) -> None:
        """Count an outcome and hand it to the sink. `wait` is what its host asked for."""
        self.reasons[reason] += 1
        await self.sink.outcome(
            Outcome(
                url=url,
                outlet=outlet.slug,
                stage=stage,
                reason=reason,
                at=self.now(),
                detail=detail,
                endpoint=endpoint,
                not_before=self.now() + min(wait, CEILING) if wait else None,
            )
        )

    def fail(self, error: BaseException) -> None:
        """End the run because its sink, its archive or this program failed; the first error is raised."""
        if self.failed is None:
            self.failed = error
        self.ending.set()
