"""Feeds, sitemaps and listings as work for another process: bytes in, entries out, nothing shared.

A regular expression that runs away holds the interpreter's lock, so a thread protects nobody from it; a
process can be killed. `parse` is what that process runs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from crawlers.feeds import ParsedFeed, parse_feed
from crawlers.listings import ParsedListing, parse_listing
from crawlers.outlets import article_verdict
from crawlers.sitemaps import ParsedSitemap, parse_sitemap
from models.outlet import EndpointKind, Outlet
from pipeline.urls import outlet_url


@dataclass(frozen=True, slots=True)
class Unparsed:
    """The answer of an endpoint as it came. `url` is what relative links are resolved against; a listing is
    read by what its `outlet` says of articles, and by the selectors of its `links`."""

    kind: EndpointKind
    body: bytes
    url: str
    content_type: str
    outlet: Outlet
    links: tuple[str, ...] = ()


Parsed = ParsedFeed | ParsedSitemap | ParsedListing
FeedReader = Callable[[Unparsed], Awaitable[Parsed]]


def parse(unparsed: Unparsed) -> Parsed:
    """Read an endpoint's answer. Never raises; may, for hostile input, take long."""
    if unparsed.kind is EndpointKind.LISTING:
        return _parse_listing(unparsed)
    read = parse_feed if unparsed.kind is EndpointKind.FEED else parse_sitemap
    return read(unparsed.body, url=unparsed.url, content_type=unparsed.content_type)


def build_parser() -> Callable[[Unparsed], Parsed]:
    """What a worker process runs that does nothing else."""
    return parse


def _parse_listing(unparsed: Unparsed) -> ParsedListing:
    """With the endpoint's selectors, or those of the outlet's profile."""
    outlet = unparsed.outlet
    return parse_listing(
        unparsed.body,
        url=unparsed.url,
        selectors=unparsed.links or outlet.profile.listing_links,
        next_page=outlet.profile.next_page,
        is_article=lambda link: article_verdict(outlet, outlet_url(outlet, link)) is None,
        content_type=unparsed.content_type,
    )
