"""An outlet and what is known about reaching and reading it. Loaded from config/ by crawlers.outlets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Grade(StrEnum):
    """How far a fact about an outlet is trusted.

    A: seen answering on a stated date. B: in a working configuration, no dated check.
    C: old or guessed; disabled until a probe has seen it answer.
    """

    A = "A"
    B = "B"
    C = "C"


class EndpointKind(StrEnum):
    """The three ways an outlet tells of its articles."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address of an outlet that is polled for links to articles.

    `section` is the outlet's section that every entry of this endpoint belongs to, if it has one.
    `url` may hold `{year}`, `{month}`, `{month:02}`, `{day}` and `{day:02}` for sitemaps whose address is
    built from the date (Asia/Ho_Chi_Minh). `links` are CSS selectors of the `<a>` elements of a listing
    page; empty means those of the outlet's profile.
    """

    kind: EndpointKind
    url: str
    grade: Grade
    checked: date | None = None
    enabled: bool = True
    section: str = ""
    links: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the pages of one CMS family have in common.

    Selector lists are CSS, tried in order, first non-empty match wins; `noise`, `captions` and
    `listing_links` (the `<a>` elements of a listing page) select all of all.
    `article_url` and `not_article_url` are regular expressions searched in the URL's path.
    `url_time` is a regular expression over the URL with named groups `Y m d H M S` (two- or four-digit
    year; the family may give fewer), giving the local (+07:00) time that the family encodes in its
    addresses. It is when the page was made, often minutes and at times a day before it was published:
    good for a cross-check, or for want of any other time.
    """

    family: str = ""
    article_url: tuple[str, ...] = ()
    not_article_url: tuple[str, ...] = ()
    listing_links: tuple[str, ...] = ()
    next_page: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    url_time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """How politely one outlet's hosts are asked: parallel requests and seconds between two of them."""

    parallel: int = 1
    delay: float = 3.0
    cookies_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One newspaper, agency or broadcaster edition in one language.

    `province` is the home province of a provincial paper, as `vn34:NN`, else empty.
    `hosts` are all host names that its articles may stand on, old ones included; the first is current.
    `agency` is the credit code of its own copy (`ttxvn`, `vov`, `chinhphu`), else the slug is used.
    """

    slug: str
    name: str
    homepage: str
    language: str
    hosts: tuple[str, ...]
    endpoints: tuple[Endpoint, ...]
    province: str = ""
    agency: str = ""
    group: str = ""
    profile: Profile = field(default_factory=Profile)
    fetch: FetchPolicy = field(default_factory=FetchPolicy)
    active: bool = True
    note: str = ""
