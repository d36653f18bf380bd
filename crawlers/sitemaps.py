"""Sitemaps to entries: URL sets, news sitemaps, sitemap indexes, plain text lists; gzipped or not.

https://www.sitemaps.org/protocol.html and Google's news extension. Entities and DTDs are never resolved.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import TypeVar

from lxml import etree

from crawlers.decoding import charset_of, decode, without_declared_encoding
from crawlers.plain import one_line, plain_title
from models.document import Entry
from pipeline.dates import VIETNAM, read_time, vietnam_day
from pipeline.urls import linked_url

T = TypeVar("T")

MAX_BYTES = 50 << 20
"""The protocol's own limit for one sitemap, uncompressed."""
MAX_URLS = 50_000
"""The protocol's own limit for one sitemap."""

_PAGE = re.compile(r"<(?:!doctype\s+)?html\b", re.IGNORECASE)
_DAYS = r"(?:[-/_]?(\d{1,2})(?!\d)(?:[-/_](\d{1,2})(?!\d))?)?"
_PERIOD = re.compile(rf"(?<!\d)(20\d{{2}})[-/_]?(0[1-9]|1[0-2]|[1-9](?!\d)){_DAYS}(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSitemap:
    """A sitemap that an index names. `modified_at` is aware UTC, None if the index does not say."""

    url: str
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedSitemap:
    """What a sitemap said: entries, or the sitemaps of an index. `kind` is `urlset`, `news`, `index`,
    `text`, `html` or empty."""

    entries: tuple[Entry, ...] = ()
    children: tuple[ChildSitemap, ...] = ()
    problems: tuple[str, ...] = ()
    kind: str = ""


def parse_sitemap(body: bytes, *, url: str = "", content_type: str = "", charset: str = "") -> ParsedSitemap:
    """The entries or children of a sitemap, in its order. `url` is its own address. Never raises."""
    if body[:2] == b"\x1f\x8b":
        unpacked = _gunzip(body)
        if unpacked is None:
            return ParsedSitemap(problems=("broken gzip, or larger than allowed",))
        body = unpacked
    if len(body) > MAX_BYTES:
        return ParsedSitemap(problems=(f"larger than {MAX_BYTES} bytes",))
    text, _ = decode(body, charset=charset or charset_of(content_type))
    text = without_declared_encoding(text).lstrip("\ufeff \t\r\n\x00")
    if not text:
        return ParsedSitemap(problems=("empty",))
    if _PAGE.match(text):
        return ParsedSitemap(problems=("a web page instead of a sitemap",), kind="html")
    if not text.startswith("<"):
        return _parse_lines(text, url)
    return _parse_xml(text, url)


def _gunzip(body: bytes) -> bytes | None:
    """The unpacked bytes of all that is packed one behind the other, those before a tear included; None if
    nothing or too much comes out."""
    out = bytearray()
    with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed, suppress(OSError, EOFError, zlib.error):
        while len(out) <= MAX_BYTES and (piece := packed.read1(1 << 16)):
            out += piece
    return bytes(out) if 0 < len(out) <= MAX_BYTES else None


def _within(items: Sequence[T], problems: list[str]) -> Sequence[T]:
    """What of a file is read: beyond `MAX_URLS` its two ends, for outlets append, or put the newest first."""
    if len(items) <= MAX_URLS:
        return items
    half = MAX_URLS // 2
    problems.append(f"only the first and the last {half} of {len(items)} addresses were read")
    return [*items[:half], *items[-half:]]


def _parse_lines(text: str, url: str) -> ParsedSitemap:
    problems: list[str] = []
    lines = [line.strip() for line in _within(text.splitlines(), problems)]
    entries = tuple(
        Entry(link=linked_url(line, url)) for line in lines if re.match(r"https?:", line, re.IGNORECASE)
    )
    if not entries:
        return ParsedSitemap(problems=("not a sitemap",))
    return ParsedSitemap(entries=entries, problems=tuple(problems), kind="text")


def _parse_xml(text: str, url: str) -> ParsedSitemap:
    # recover: outlets' sitemaps hold bare ampersands; huge_tree stays off, so bombs are refused by libxml2.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return ParsedSitemap(problems=(f"unreadable: {error}"[:200],))
    if root is None:
        return ParsedSitemap(problems=("unreadable",))
    problems = [f"not well-formed: {error.message}"[:200] for error in list(parser.error_log)[:1]]
    name = _local(root)
    nodes = _within(list(root), problems)
    if name == "sitemapindex":
        return ParsedSitemap(children=tuple(_children(nodes, url)), problems=tuple(problems), kind="index")
    if name == "urlset":
        entries = tuple(_entries(nodes, url))
        kind = "news" if any(entry.title for entry in entries) else "urlset"
        return ParsedSitemap(entries=entries, problems=tuple(problems), kind=kind)
    return ParsedSitemap(problems=(*problems, f"not a sitemap: <{name}>"[:100]))


def _local(node: etree._Element) -> str:
    """The element's name without its namespace: outlets use wrong and missing ones."""
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def _fields(node: etree._Element) -> dict[str, str]:
    """The texts of a url's descendants by local name; the first of each name counts, except that an
    image's own title and address are left aside."""
    found: dict[str, str] = {}
    for child in node:
        name = _local(child)
        if name == "image":
            found.setdefault("image", next((c.text or "" for c in child if _local(c) == "loc"), "").strip())
        elif name == "news":
            for part in child.iter():
                if part is not child and part.text and part.text.strip():
                    found.setdefault(f"news:{_local(part)}", part.text.strip())
        elif name:
            found.setdefault(name, (child.text or "").strip())
    return found


def _children(nodes: Iterable[etree._Element], url: str) -> Iterator[ChildSitemap]:
    for node in nodes:
        fields = _fields(node)
        if fields.get("loc"):
            modified = read_time(fields.get("lastmod", ""))
            yield ChildSitemap(
                url=_absolute(fields["loc"], url), modified_at=modified.at if modified else None
            )


def _entries(nodes: Iterable[etree._Element], url: str) -> Iterator[Entry]:
    for node in nodes:
        fields = _fields(node) if _local(node) == "url" else {}
        if not fields.get("loc"):
            continue
        raw = fields.get("news:publication_date", "")
        published, modified = read_time(raw), read_time(fields.get("lastmod", ""))
        yield Entry(
            link=_absolute(fields["loc"], url),
            title=plain_title(fields.get("news:title", "")),
            published_at=published.at if published else None,
            published_raw=one_line(raw),
            published_how=published.how if published else "",
            # A lastmod is at times the rebuild of the file, so it is never taken for the publication.
            updated_at=modified.at if modified else None,
            categories=tuple(
                word for word in map(one_line, fields.get("news:keywords", "").split(",")) if word
            ),
            image_url=_absolute(fields["image"], url) if fields.get("image") else "",
        )


def _absolute(link: str, base: str) -> str:
    return linked_url("".join(link.split()), base)


def recent_children(children: Iterable[ChildSitemap], now: datetime, *, days: int) -> list[str]:
    """Which sitemaps of an index to read, those first that are worth most: of those that changed or are dated
    within `days`, or else of all, the newest; in turn with them those that name no date at all, from both
    ends of the index, because it is the first or the last of them that is written now."""
    dated: list[tuple[datetime, ChildSitemap]] = []
    undated: list[str] = []
    for child in children:
        when = _moment_of(child)
        if when is None:
            undated.append(child.url)
        else:
            dated.append((when, child))
    since = min(now, max((when for when, _ in dated), default=now)) - timedelta(days=days)
    dated = [pair for pair in dated if pair[0] >= since]
    dated.sort(
        key=lambda pair: (pair[0], _period_end(pair[1].url) or since, pair[1].modified_at or since),
        reverse=True,
    )
    ends = chain.from_iterable(zip(reversed(undated), undated, strict=True))
    recent = [child.url for _, child in dated]
    turns = chain.from_iterable(zip_longest(recent, dict.fromkeys(ends)))
    return list(dict.fromkeys(url for url in turns if url is not None))


def _moment_of(child: ChildSitemap) -> datetime | None:
    """The end of the time that a sitemap is of; of a part of a month by its number, when it was changed."""
    end, changed = _period_end(child.url), child.modified_at
    if end is None or changed is None:
        return end or changed
    named, local = vietnam_day(end - timedelta(seconds=1)), vietnam_day(changed)
    return changed if changed > end and (local.year, local.month) == (named.year, named.month) else end


def _period_end(url: str) -> datetime | None:
    """The end of the time that a sitemap's address names: a month (`/sitemaps/news-2026-11.xml`), a day
    (`2026-11-21.xml`) or some days of a month (`sitemaps-2026-11-21-25.xml`)."""
    found = list(_PERIOD.finditer(url))
    if not found:
        return None
    year, month, first, last = (int(part or 0) for part in found[-1].groups())
    if day := last if last >= first else first:
        with suppress(ValueError):  # then the number is something else
            return datetime(year, month, day, tzinfo=VIETNAM) + timedelta(days=1)
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=VIETNAM)


def recent_entries(entries: Iterable[Entry], now: datetime, *, days: int) -> list[Entry]:
    """The entries dated within `days` before `now`, or before the newest of them if the file is older, and
    those without a date, in their order."""
    entries = list(entries)
    times = [when for entry in entries if (when := entry.published_at or entry.updated_at)]
    since = min(now, max(times, default=now)) - timedelta(days=days)
    return [entry for entry in entries if (entry.published_at or entry.updated_at or now) >= since]
