"""Reading one endpoint's answer, and what to remember of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scrapy.http import Response

from crawlers.feeds import ParsedFeed
from crawlers.listings import ParsedListing
from crawlers.parsing import FeedReader, Parsed, Unparsed, parse
from crawlers.polling import next_due, pace
from crawlers.refetch import PASSING
from crawlers.run import CrawlOptions, Poll, Run
from crawlers.sitemaps import ParsedSitemap, recent_children, recent_entries
from models.document import Entry
from models.errors import DiemBaoError
from models.ports import EndpointState

SITEMAP_DAYS = 30
"""How far back sitemaps are read: a first poll is not to fetch an outlet's whole past."""
_INDEX_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer of an endpoint holds. `further` are child sitemaps or the next page of a listing; an
    `index` names sitemaps alone."""

    entries: Sequence[Entry]
    problems: tuple[str, ...]
    unreadable: bool = False
    further: Sequence[str] = ()
    index: bool = False


async def read_endpoint(
    run: Run, poll: Poll, body: bytes, *, url: str, content_type: str, depth: int
) -> Reading:
    """Read a feed, sitemap or listing away from the loop. `depth` counts the steps from the endpoint's own
    address."""
    unparsed = Unparsed(poll.kind, body, url, content_type, poll.outlet, poll.endpoint.links)
    try:
        parsed = await reader_of(run.options)(unparsed)
    except DiemBaoError as error:  # the process that read it was killed at its deadline, or died
        return Reading((), (str(error)[:300],), unreadable=True)
    if isinstance(parsed, ParsedListing):
        further = [parsed.next_url] if parsed.next_url and depth + 1 < run.options.max_listing_pages else []
        return Reading(parsed.entries, parsed.problems, not parsed.readable, further)
    unreadable = parsed.kind in ("", "html")
    if isinstance(parsed, ParsedFeed):
        return Reading(parsed.entries, parsed.problems, unreadable)
    return _read_sitemap(run, parsed, unreadable, depth)


def reader_of(options: CrawlOptions) -> FeedReader:
    """What reads the answers of endpoints."""
    return options.read_feed or _parse_beside


async def _parse_beside(unparsed: Unparsed) -> Parsed:
    return await asyncio.to_thread(parse, unparsed)


def _read_sitemap(run: Run, parsed: ParsedSitemap, unreadable: bool, depth: int) -> Reading:
    options, now = run.options, run.now()
    entries = recent_entries(parsed.entries, now, days=SITEMAP_DAYS)
    children = recent_children(parsed.children, now, days=SITEMAP_DAYS) if depth < _INDEX_DEPTH else []
    problems = parsed.problems
    left = len(children[options.max_sitemaps :])
    if left and options.max_sitemaps > 1:  # whoever reads a single one knows that there are more
        problems += (f"{left} of {len(children)} new or undated sitemaps were not read",)
    further = children[: options.max_sitemaps]
    return Reading(entries, problems, unreadable, further, index=bool(parsed.children))


def headers_of(response: Response) -> dict[str, str]:
    """The headers by lower-case name, the last of each."""
    return {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }


def new_state(poll: Poll, run: Run) -> EndpointState:
    """What to remember of an endpoint after a poll."""
    old = poll.state or EndpointState(url=poll.url, outlet=poll.outlet.slug)
    now = run.now()
    failed = poll.reason is not None
    state = replace(
        old,
        polls=old.polls + 1,
        last_polled_at=now,
        failures=old.failures + 1 if failed else 0,
        next_due_at=next_due(
            now,
            run.options.rng,
            failures=old.failures + 1 if failed else 0,
            status=poll.status,
            interval=pace(poll.times, now),
            retry_after=poll.retry_after,
        ),
        last_reason=poll.reason.value if poll.reason else ("unchanged" if poll.unchanged else ""),
        last_detail=poll.detail or "; ".join(poll.problems)[:300],
    )
    if failed:
        return state  # what was known of the endpoint's content is kept (skx/rss2email#80)
    if poll.unchanged:
        return replace(state, last_success_at=now, next_due_at=_unchanged_due(poll, run))
    # Pages that failed for a passing cause, or wait for their next try, are only met again by reading it in
    # full; and the sitemaps that an index names grow while it stays as it is.
    whole = not (poll.later or poll.index or poll.reasons & PASSING)
    return replace(
        state,
        last_success_at=now,
        last_count=poll.entries,
        etag=poll.etag if whole else "",
        last_modified=poll.last_modified if whole else "",
        body_hash=poll.body_hash if whole else "",
    )


def _unchanged_due(poll: Poll, run: Run) -> datetime:
    """An unchanged endpoint is asked again after half as long again as it was left alone this time."""
    now = run.now()
    last = poll.state.last_polled_at if poll.state else None
    interval = (now - last) * 3 / 2 if last is not None else pace((), now)
    return next_due(now, run.options.rng, interval=interval, retry_after=poll.retry_after)
