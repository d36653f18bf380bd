"""One crawl: from outlets to a sink, live or replayed.

Runs inside any asyncio loop, as often as wanted, several at once if they share no host.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from scrapy.crawler import Crawler

from crawlers.run import CrawlOptions, Poll, Run
from crawlers.settings import scrapy_settings
from crawlers.spider import CollectSpider
from models.outcome import Reason
from models.outlet import EndpointKind, Outlet
from models.ports import CrawlSink

__all__ = ["CrawlOptions", "CrawlReport", "PollReport", "crawl"]

_NO_ANSWER = {Reason.UNREACHABLE, Reason.TIMEOUT, Reason.FETCH_ERROR}


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """How one endpoint's poll went. `reason` is None if it could be read; `unchanged` tells that it said
    nothing new. `entries` were named, `wanted` fetched."""

    outlet: str
    url: str
    kind: EndpointKind
    reason: Reason | None
    detail: str
    unchanged: bool
    complete: bool
    entries: int
    wanted: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """What a crawl came to. `reasons` counts every outcome, those that the sink recorded included;
    `unreachable` are the slugs of outlets none of whose endpoints answered; `stopped` tells that the run was
    ended before it was done."""

    reasons: Counter[Reason]
    polls: tuple[PollReport, ...]
    unreachable: tuple[str, ...]
    stopped: bool


async def crawl(outlets: Sequence[Outlet], sink: CrawlSink, *, options: CrawlOptions) -> CrawlReport:
    """Poll the due endpoints of the outlets, fetch what is new, hand it to the sink.

    Ends when everything has ended, when `options.stop` is set or when it is cancelled; in the latter two
    cases requests under way are dropped, documents that the sink is working on are waited for, and endpoints
    that were not finished keep their old state. Raises what the sink or the archive raised.
    Raises ConfigError for a wrong `allow_networks`.
    """
    run = Run(outlets, sink, options)
    settings = scrapy_settings(
        user_agent=options.user_agent, parallel=options.parallel, replay=options.replay is not None
    )
    crawler = Crawler(CollectSpider, settings)
    task = asyncio.ensure_future(crawler.crawl_async(run=run))
    watches = [
        asyncio.ensure_future(_watch(event, run, crawler)) for event in (options.stop, run.ending) if event
    ]
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await _end(run, crawler)
        with suppress(asyncio.CancelledError):
            await task
        raise
    finally:
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)
    if run.failed is not None:
        raise run.failed
    return _report(run)


async def _watch(event: asyncio.Event, run: Run, crawler: Crawler) -> None:
    await event.wait()
    await _end(run, crawler)


async def _end(run: Run, crawler: Crawler) -> None:
    """Let go of everything that waits or downloads, then close the spider. One that has not started asks for
    nothing and closes by itself; told to stop, Scrapy would start it and never hear that it has ended."""
    if run.stopping:
        return
    run.stopping = True
    for future in list(run.in_flight):
        future.cancel()
    with suppress(RuntimeError):  # there is no engine yet, or it has just ended
        if not crawler.engine.running:
            return
        for slot in crawler.engine.downloader.slots.values():
            slot.delay = 0.0
        await asyncio.shield(asyncio.ensure_future(crawler.stop_async()))


def _report(run: Run) -> CrawlReport:
    polls = tuple(_poll_report(poll, run) for poll in run.polls.values())
    heard = {poll.outlet for poll in polls if poll.reason not in _NO_ANSWER}
    unreachable = dict.fromkeys(poll.outlet for poll in polls if poll.outlet not in heard)
    return CrawlReport(reasons=run.reasons, polls=polls, unreachable=tuple(unreachable), stopped=run.stopping)


def _poll_report(poll: Poll, run: Run) -> PollReport:
    return PollReport(
        outlet=poll.outlet.slug,
        url=poll.url,
        kind=poll.kind,
        reason=poll.reason,
        detail=poll.detail,
        unchanged=poll.unchanged,
        complete=poll.open == 0 and not poll.cut_short,
        entries=poll.entries,
        wanted=poll.wanted,
        problems=poll.problems,
    )
