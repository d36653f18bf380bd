"""Feeds and sitemaps as work for another process: bytes in, entries out, nothing shared.

A regular expression that runs away holds the interpreter's lock, so a thread protects nobody from it; a
process can be killed. `parse` is what that process runs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from crawlers.feeds import ParsedFeed, parse_feed
from crawlers.sitemaps import ParsedSitemap, parse_sitemap
from models.outlet import EndpointKind


@dataclass(frozen=True, slots=True)
class Unparsed:
    """The answer of a feed or sitemap as it came. `url` is what relative links are resolved against."""

    kind: EndpointKind
    body: bytes
    url: str
    content_type: str


Parsed = ParsedFeed | ParsedSitemap
FeedReader = Callable[[Unparsed], Awaitable[Parsed]]


def parse(unparsed: Unparsed) -> Parsed:
    """Read a feed or a sitemap. Never raises; may, for hostile input, take long."""
    read = parse_feed if unparsed.kind is EndpointKind.FEED else parse_sitemap
    return read(unparsed.body, url=unparsed.url, content_type=unparsed.content_type)
