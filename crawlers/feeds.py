"""Feeds to entries: RSS 0.9x to 2.0, RDF, Atom through feedparser, and JSON Feed.

Nothing here fetches and nothing raises: what could not be read is told in `ParsedFeed.problems`, and one bad
item never costs the others.
"""

from __future__ import annotations

import io
import json
import re
from calendar import timegm
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import feedparser

from crawlers.decoding import charset_of, decode
from crawlers.plain import one_line, plain_summary, plain_title
from models.document import Entry
from pipeline.dates import ReadTime, read_time
from pipeline.urls import linked_url

MAX_BYTES = 15 << 20
"""Largest feed that is parsed; Miniflux draws the same line."""
MAX_ENTRIES = 5_000
_MAX_AUTHOR = 1_024

_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PERSONS = "author creator contributor publisher managingeditor webmaster owner"
_PERSON_PARTS = "name email"
_ITEMS = "item entry"
_AUTHOR_TOKEN = re.compile(
    r"<!--|<!\[CDATA\[|<(?P<end>/?)(?:[\w.-]{1,50}:)?(?:"
    rf"(?P<person>{_PERSONS.replace(' ', '|')})|(?P<part>{_PERSON_PARTS.replace(' ', '|')})"
    rf"|{_ITEMS.replace(' ', '|')})(?=[\s/>])[^<>]{{0,500}}>",
    re.IGNORECASE,
)
_UNREAD = {"<!--": "-->", "<![CDATA[": "]]>"}
_PERSON_PART = re.compile(r"<(?:[\w.-]{1,50}:)?(?:name|email|uri)\b", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>?|\]\]>")
_NUMBERED = re.compile(r"&#(x[0-9a-f]+|\d+);?", re.IGNORECASE)
_ITEM = re.compile(r"(?=<(?:item|entry)[\s>])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a feed said. `kind` is `rss20`, `atom10`, `json11` and so on, `html` for a page served instead of
    a feed, empty for anything else. `problems` are short phrases for a person to read."""

    title: str = ""
    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    kind: str = ""


def parse_feed(body: bytes, *, url: str = "", content_type: str = "", charset: str = "") -> ParsedFeed:
    """The entries of a feed, in its order.

    `url` is its own address, against which relative links are resolved; `content_type` and `charset` are
    the HTTP header's. An entry without an address has an empty link. Never raises.
    """
    if len(body) > MAX_BYTES:
        return ParsedFeed(problems=(f"larger than {MAX_BYTES} bytes",))
    text, _ = decode(body, charset=charset or charset_of(content_type))
    text = text.lstrip("\ufeff \t\r\n\x00")
    if not text:
        return ParsedFeed(problems=("empty",))
    if _HTML.match(text, _after_comments(text)):
        return ParsedFeed(problems=("a web page instead of a feed",), kind="html")
    parsed = _parse_json(text, url) if text.startswith("{") else _parse_xml(text, url)
    return replace(parsed, entries=_distinct_guids(parsed.entries))


def _after_comments(text: str) -> int:
    """Where what follows white space and comments begins."""
    at = len(text) - len(text.lstrip())
    while text.startswith("<!--", at) and (end := text.find("-->", at)) >= 0:
        at = end + 3
        while at < len(text) and text[at].isspace():
            at += 1
    return at


def _parse_xml(text: str, url: str) -> ParsedFeed:
    text = _with_short_authors(_NUMBERED.sub(_possible, text))
    try:
        return _read_xml(text, url)
    except Exception as error:  # noqa: BLE001  feedparser's parsers raise whatever their libraries do
        problem = f"unreadable: {type(error).__name__}: {error}"[:200]
    head, *items = _ITEM.split(text)
    return _one_by_one(head, items[:MAX_ENTRIES], url, problem)


def _one_by_one(head: str, items: list[str], url: str, problem: str) -> ParsedFeed:
    """A feed that the parser dies of, each item parsed as a feed of its own: only what killed it is lost."""
    found = ParsedFeed(problems=(problem,))
    for number, item in enumerate(items, 1):
        try:
            alone = _read_xml(head + item, url)
        except Exception as error:  # noqa: BLE001  as above
            found = replace(found, problems=(*found.problems, f"entry {number}: {type(error).__name__}"))
            continue
        kind, title = alone.kind or found.kind, alone.title or found.title
        found = replace(found, title=title, kind=kind, entries=found.entries + alone.entries)
    return replace(found, problems=found.problems[:20])


def _possible(number: re.Match[str]) -> str:
    """A numeric character reference if it names a character that XML allows, else nothing."""
    digits = number[1]
    if len(digits) > 8:
        return ""
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    allowed = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000
    return number[0] if allowed else ""


def _read_xml(text: str, url: str) -> ParsedFeed:
    # The charset goes before what the text declares of the bytes that it was decoded from. The feed's address
    # is not told, because links are resolved by our rules.
    headers = {"content-type": "application/xml; charset=utf-8"}
    problems: list[str] = []
    feed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if feed.get("bozo"):
        problems.append(f"not well-formed: {feed.get('bozo_exception')}"[:200])
    if not feed.get("version"):
        problems.append("not a feed")
    items = feed.entries[:MAX_ENTRIES]
    base = url or _text(feed.feed, "link")
    if len(feed.entries) > MAX_ENTRIES:
        problems.append(f"only the first {MAX_ENTRIES} of {len(feed.entries)} entries were read")
    return ParsedFeed(
        title=plain_title(str(feed.feed.get("title", ""))),
        entries=_each(items, lambda item: _entry(item, base), problems),
        problems=tuple(problems),
        kind=feed.get("version") or "",
    )


def _each(items: Iterable[Any], read: Callable[[Any], Entry], problems: list[str]) -> tuple[Entry, ...]:
    """The items that can be read; the others become problems."""
    entries = []
    for number, item in enumerate(items, 1):
        try:
            entries.append(read(item))
        except Exception as error:  # noqa: BLE001  one bad item must not cost the others
            problems.append(f"entry {number} unreadable: {type(error).__name__}"[:200])
    return tuple(entries)


def _entry(item: Any, url: str) -> Entry:
    guid = one_line(_text(item, "id"))
    guid = linked_url(guid, url) if guid.startswith("/") else guid
    published_raw = _text(item, "published") or _text(item, "created") or _text(item, "updated")
    published = _time(published_raw, _first(item, "published_parsed", "created_parsed", "updated_parsed"))
    updated = _time(_text(item, "updated"), dict.get(item, "updated_parsed"))
    link = _link(item) or (guid if re.match(r"https?://", guid, re.IGNORECASE) else "")
    summary = _text(item, "summary") or next((_text(part, "value") for part in item.get("content", ())), "")
    return Entry(
        link=linked_url(link, url),
        title=plain_title(_text(item, "title")),
        guid=guid,
        published_at=published.at if published else None,
        published_raw=one_line(published_raw),
        published_how=published.how if published else "",
        updated_at=updated.at if updated else None,
        summary=plain_summary(summary),
        authors=_authors(item),
        categories=_categories(item),
        image_url=_image(item, url),
    )


def _link(item: Any) -> str:
    """The entry's address; feedparser lets a link of another kind replace the alternate one."""
    link = _text(item, "link")
    others = dict.get(item, "links") or ()
    alternates = [_text(each, "href") for each in others if _text(each, "rel") == "alternate"]
    return next(filter(None, alternates), link) if link not in alternates else link


def _text(item: Any, key: str) -> str:
    # FeedParserDict.get answers for absent dates with others and warns; dict.get does not.
    value = dict.get(item, key)
    return value if isinstance(value, str) else ""


def _first(item: Any, *keys: str) -> Any:
    return next((found for key in keys if (found := dict.get(item, key))), None)


def _time(raw: str, parsed: Any) -> ReadTime | None:
    """Our reading of a date; feedparser's only for forms that ours does not know."""
    found = read_time(raw) if raw else None
    if found is None and parsed is not None and raw:
        try:
            return ReadTime(datetime.fromtimestamp(timegm(parsed), UTC), "feedparser", has_clock=True)
        except (TypeError, ValueError, OverflowError, OSError):
            return None
    return found


def _authors(item: Any) -> tuple[str, ...]:
    names = [_text(author, "name") or _text(author, "email") for author in item.get("authors", ())]
    if not any(names):
        names = [_text(item, "author")]
    return tuple(dict.fromkeys(name for name in map(plain_title, names) if name))


def _categories(item: Any) -> tuple[str, ...]:
    terms = (plain_title(_text(tag, "label") or _text(tag, "term")) for tag in item.get("tags", ()))
    return tuple(dict.fromkeys(term for term in terms if term))


_IMG = re.compile(r"""<img\b[^>]{0,2000}?\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


def _image(item: Any, url: str) -> str:
    """The entry's picture: a media element, an image enclosure, or the first one in its summary."""
    for key in ("media_content", "media_thumbnail", "links", "enclosures"):
        for media in dict.get(item, key) or ():
            kind = _text(media, "type") or _text(media, "medium")
            address = _text(media, "url") or _text(media, "href")
            if address and (kind.startswith("image") or key == "media_thumbnail"):
                return linked_url(address, url)
    match = _IMG.search(_text(item, "summary")[:20_000])
    return linked_url(match.group(1), url) if match else ""


def _with_short_authors(text: str) -> str:
    """Author fields cut to 1 KB: feedparser splits name and address in them in quadratic time
    (kurtmckee/feedparser#562)."""
    out: list[str] = []
    kept = 0
    for start, end in _author_fields(text):
        if start < kept or end - start <= _MAX_AUTHOR:
            continue
        inner = text[start:end]
        if _PERSON_PART.search(inner[:_MAX_AUTHOR]) and len(inner) < 4 * _MAX_AUTHOR:
            continue
        short = _TAGS.sub(" ", inner[:_MAX_AUTHOR].replace("<![CDATA[", " ")).replace("<", " ")
        out += (text[kept:start], short.rpartition("&")[0] if "&" in short[-12:] else short)
        kept = end
    return "".join(out) + text[kept:] if out else text


def _author_fields(text: str) -> list[tuple[int, int]]:
    """Where the content of each author field begins and ends, in the order of their beginnings. One that is
    empty, that its item does not close, or that stands in a comment or in CDATA is none."""
    found: list[tuple[int, int]] = []
    opened: dict[str, int] = {}
    unended: set[str] = set()
    at = 0
    while token := _AUTHOR_TOKEN.search(text, at):
        at = token.end()
        if token[0] in _UNREAD:
            closing = _UNREAD[token[0]]
            end = -1 if closing in unended else text.find(closing, at)
            if end < 0:  # nor is there one for any later beginning
                unended.add(closing)
            else:
                at = end + len(closing)
        elif (kind := token.lastgroup) not in ("person", "part"):
            opened.clear()
        elif token["end"]:
            if (start := opened.pop(kind, -1)) >= 0:
                found.append((start, token.start()))
        elif not token[0].endswith("/>"):
            opened[kind] = at
    return sorted(found)


def _distinct_guids(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """GUIDs made distinct within the feed: the first keeps its own, later ones add their address, then
    their position (Miniflux's rule)."""
    seen: set[str] = set()
    out = []
    for position, entry in enumerate(entries):
        guid = entry.guid
        if guid and guid in seen:
            guid = f"{entry.guid}|{entry.link}"
            if guid in seen:
                guid = f"{guid}|{position}"
            entry = replace(entry, guid=guid)
        seen.add(guid)
        out.append(entry)
    return tuple(out)


def _parse_json(text: str, url: str) -> ParsedFeed:
    """JSON Feed 1.0 and 1.1, https://www.jsonfeed.org/version/1.1/."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        return ParsedFeed(problems=(f"not JSON: {error}"[:200],))
    version = feed.get("version") if isinstance(feed, dict) else None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(version, str) or "jsonfeed.org/version/" not in version or not isinstance(items, list):
        return ParsedFeed(problems=("JSON, but not a JSON Feed",))
    problems: list[str] = []
    return ParsedFeed(
        title=plain_title(_string(feed, "title")),
        entries=_each(items[:MAX_ENTRIES], lambda item: _json_entry(item, url), problems),
        problems=tuple(problems),
        kind="json" + version.rsplit("/", 1)[-1].replace(".", ""),
    )


def _json_entry(item: Mapping[str, Any], url: str) -> Entry:
    raw = _string(item, "date_published")
    published = read_time(raw)
    updated = read_time(_string(item, "date_modified"))
    people = item.get("authors") or [item.get("author")]
    names = (plain_title(_string(person, "name")) for person in people if isinstance(person, dict))
    tags = item.get("tags")
    return Entry(
        link=linked_url(_string(item, "url") or _string(item, "external_url"), url),
        title=plain_title(_string(item, "title")),
        guid=one_line(_string(item, "id")),
        published_at=published.at if published else None,
        published_raw=one_line(raw),
        published_how=published.how if published else "",
        updated_at=updated.at if updated else None,
        summary=plain_summary(
            _string(item, "summary") or _string(item, "content_text") or _string(item, "content_html")
        ),
        authors=tuple(name for name in names if name),
        categories=tuple(plain_title(tag) for tag in tags if isinstance(tag, str))
        if isinstance(tags, list)
        else (),
        image_url=linked_url(_string(item, "image") or _string(item, "banner_image"), url),
    )


def _string(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
