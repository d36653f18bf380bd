"""What is discovered and fetched, and the article read from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, sitemap or listing. Times are aware UTC; `published_how` tells how the text
    was read (for example `rfc822`, `iso`, `us-local`, `vn-text`, `assumed+07`), empty if there was none."""

    link: str
    title: str = ""
    guid: str = ""
    published_at: datetime | None = None
    published_raw: str = ""
    published_how: str = ""
    updated_at: datetime | None = None
    summary: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    image_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawDocument:
    """One fetched article page, as bytes, with what led to it.

    `url` is what was asked, `final_url` what answered after redirects. `charset` is the HTTP header's, if
    any. `endpoint` is the address of the feed, sitemap or listing that named it.
    """

    outlet: str
    url: str
    final_url: str
    fetched_at: datetime
    status: int
    body: bytes
    content_type: str = ""
    charset: str = ""
    entry: Entry | None = None
    endpoint: str = ""
    section: str = ""


class Completeness(StrEnum):
    """How much of the article the page gave."""

    FULL = "full"
    TEASER = "teaser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The article read from a page.

    `url` is the canonical URL and the article's identity. `lead` is the sapo that the page sets apart, empty
    if it has none. `text` is what there is to read, NFC, lines separated by a newline: the lead first and
    exactly once, then the body, without title, dateline, byline, credit, captions and links to other
    articles; list items begin with `- `, cells of a table are parted by ` | `. The captions are the text's
    lines only where the body has no other words (a photo essay). `published_at` is aware UTC or None;
    `published_from` names where it was read (`jsonld`, `meta`, `time`, `text`, `url`, `feed`).
    `credit` is the normalised agency or outlet that the text credits (`ttxvn`, `vov`, `chinhphu`, or an
    outlet slug), `credit_text` the words that said so. `dateline` is the place,
    agency or paper's mark cut from the start. `captions` are those of pictures and videos.
    `origins` maps a field to where it came from. `method` is `profile` or `page`.
    """

    url: str
    outlet: str
    title: str
    text: str
    lead: str = ""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_from: str = ""
    modified_at: datetime | None = None
    section: str = ""
    language: str = ""
    image_url: str = ""
    credit: str = ""
    credit_text: str = ""
    dateline: str = ""
    captions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    profile: str = ""
    method: str = ""
    completeness: Completeness = Completeness.FULL
    origins: dict[str, str] = field(default_factory=dict)


def text_of(lead: str, body: str) -> str:
    """An article's text: the lead first and once, then the body."""
    if body.startswith(lead):
        return body
    return f"{lead}\n{body}" if body else lead


def body_of(text: str, lead: str) -> str:
    """What follows the lead in an article's text, which begins with it."""
    return text[len(lead) :].lstrip("\n") if lead and text.startswith(lead) else text
