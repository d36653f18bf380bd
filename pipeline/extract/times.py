"""When an article was published, to the minute: all that the page says, and which of it to believe.

Order of trust: JSON-LD, meta tags, `time[datetime]`, the date that readers see, the digits in the address,
the feed. A statement with a clock beats one with a date only; two that agree beat one that does not; local
time with a `Z` on it is seen by comparing it with the others. The time of fetching is never used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice

from selectolax.lexbor import LexborNode

from models.document import RawDocument
from models.outlet import Profile
from pipeline.dates import read_time
from pipeline.extract.page import Page, line_of, select

VIETNAM = timezone(timedelta(hours=7))
_OFFSET = timedelta(hours=7)
_EARLIEST = datetime(1997, 1, 1, tzinfo=UTC)  # the first Vietnamese paper went online in that year
_SAME = timedelta(minutes=15)
_URL_LAG = timedelta(hours=3)

_PUBLISHED_METAS = (
    "article:published_time article:published datepublished og:published_time pubdate publishdate "
    "publish-date "
    "published_time publication_date date.available dc.date.issued dcterms.created dc.date parsely-pub-date "
    "sailthru.date cxenseparse:recs:publishtime article.published originalpublicationdate datecreated"
).split()
_MODIFIED_METAS = (
    "article:modified_time datemodified og:updated_time lastmod modified_time last-modified".split()
)
_VISIBLE = (
    "[data-role=publishdate]", ".article__meta time", "span.date", ".publish-date", ".detail-time",
    ".post-time",
    ".date-time", ".publish_date", ".article-date", ".date-publish", "[itemprop=datePublished]",
    ".bread-crumb-detail__time", ".lbPublishedDate", ".box-date", ".time-detail", ".post-date",
)  # fmt: skip
# ISO 8601 to the second, as JSON-LD and meta tags mostly have it: read without trying every other form.
_EXACT = re.compile(r"(20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")
_ZULU = re.compile(r"(?:Z|[+-]00:?00|UTC|GMT)\s*$", re.IGNORECASE)
# CafeF prints a 24-hour clock with AM or PM after it.
# Việt Nam News prints `July, 20/2021 - 08:25`.
_DAY_SLASH_YEAR = re.compile(r"\b([A-Z][a-z]{2,8}),? (\d{1,2})/(20\d\d)\b")
# `7 Tháng 3, 2026`, `07 tháng 03 2026`
_MONTH_WORD = re.compile(r"\b(\d{1,2}) tháng (\d{1,2}),? (?:năm )?(20\d\d)\b", re.IGNORECASE)
_HALVES = {"SA": "AM", "CH": "PM"}  # sáng and chiều
_HALF = re.compile(r"(?<=\d )(SA|CH)\b")
_DAY_FIRST_AM = re.compile(r"(\d{1,2}-\d{1,2}-\d{4}\s*[-|,]?\s*\d{1,2}:\d{2})\s*[AP]M\b", re.IGNORECASE)
_URL_DIGITS = re.compile(
    r"(?<!\d)(?:1\d\d|20)(?P<Y>\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?P<H>[0-2]\d)(?P<M>[0-5]\d)(?P<S>[0-5]\d)\d{1,6}(?=\.\w+$|/?$)"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a time: when, where it was read, whether with a clock, whether it claims UTC, whether
    it stands where the page shows the article's own time."""

    at: datetime
    origin: str
    clock: bool = True
    zulu: bool = False
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """What was decided. `published_from` is the origin of `published_at`, empty when there is none."""

    published_at: datetime | None = None
    published_from: str = ""
    modified_at: datetime | None = None
    modified_from: str = ""


def read_times(page: Page, profile: Profile, document: RawDocument) -> Times:
    """The times of an article."""
    latest = _day_after(document.fetched_at)
    said = [s for s in _published(page, profile, document) if _EARLIEST <= s.at <= latest]
    said = _without_rendering(said, document.fetched_at)
    chosen = choose(said)
    modified = next((s for s in _modified(page) if _EARLIEST <= s.at <= latest), None)
    if modified and chosen and modified.zulu and not chosen.zulu and modified.at - _OFFSET >= chosen.at:
        modified = replace(modified, at=modified.at - _OFFSET)
    if modified and chosen and modified.at < chosen.at:
        modified = None
    return Times(
        chosen.at if chosen else None,
        chosen.origin if chosen else "",
        modified.at if modified else None,
        modified.origin if modified else "",
    )


def _without_rendering(said: list[Statement], fetched_at: datetime) -> list[Statement]:
    """The statements without those of the minutes in which the page was fetched, when the time that readers
    see is older by days: some pages give the time at which they were put together as that of publication. The
    address may hold the time of a draft, and other elements that of another article."""
    fresh = [s for s in said if s.origin in {"jsonld", "meta"} and abs(fetched_at - s.at) < _RENDERING]
    older = any(s.shown and s.clock and fetched_at - s.at > timedelta(days=1) for s in said)
    return [s for s in said if s not in fresh] if fresh and older else said


_RENDERING = timedelta(minutes=10)


def _day_after(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC) + timedelta(days=1)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def choose(said: Sequence[Statement]) -> Statement | None:
    """The statement to believe among those of a page, in order of trust; None if there is none."""
    clocked = [s for s in said if s.clock] or list(said)
    clocked = [_without_false_zone(s, clocked) for s in clocked]
    if not clocked:
        return None
    first = clocked[0]
    if _is_midnight(first):
        first = next((s for s in clocked if not _is_midnight(s) and _same_day(s, first)), first)
    page = [s for s in clocked if s.origin not in {"url", "feed"}]
    if sum(1 for s in page if _near(s, first)) == 1:
        for other in page:
            if not _near(other, first) and len({s.origin for s in page if _near(s, other)}) > 1:
                return other
    return first


def _without_false_zone(said: Statement, others: Sequence[Statement]) -> Statement:
    """Local time marked as UTC, put right: the same wall clock stands elsewhere without that mark, or the
    digits of the address are near it and not near its reading as UTC."""
    if not said.zulu:
        return said
    local = replace(said, at=said.at - _OFFSET, zulu=False)
    for other in others:
        if other.zulu or other.origin == "feed":
            continue
        if other.origin == "url":
            if timedelta(0) <= local.at - other.at <= _URL_LAG:
                return local
        elif _near(other, local):
            return local
        elif _near(other, said):
            return said
    return said


def _near(a: Statement, b: Statement) -> bool:
    return abs(a.at - b.at) <= _SAME


def _is_midnight(said: Statement) -> bool:
    local = said.at.astimezone(VIETNAM)
    return not (local.hour or local.minute or local.second)


def _same_day(a: Statement, b: Statement) -> bool:
    return a.at.astimezone(VIETNAM).date() == b.at.astimezone(VIETNAM).date()


def _published(page: Page, profile: Profile, document: RawDocument) -> Iterator[Statement]:
    said = list(_read(page.data.text("datePublished"), "jsonld"))
    for key in _PUBLISHED_METAS:
        if key in page.metas:
            said += _read(page.meta(key), "meta")
    yield from said
    addresses = dict.fromkeys((document.final_url, document.url))
    dated = next(filter(None, (from_url(address, profile.url_time) for address in addresses)), None)
    if (_agree(said) or _dated(said, dated)) and abs(document.fetched_at - said[0].at) >= _RENDERING:
        return
    nodes, shown = _time_nodes(page, profile, document.fetched_at)
    for node in nodes:
        stated = node.attributes.get("datetime") or node.attributes.get("content") or ""
        for one in (*_read(stated, "time"), *_read_visible(node)):
            # What may be another article's says one thing, not two that agree.
            yield replace(one, shown=True) if shown else replace(one, origin="time")
    yield from _read(page.data.text("dateCreated"), "jsonld")
    if dated:
        yield dated
    if document.entry and document.entry.published_at:
        yield Statement(document.entry.published_at.astimezone(UTC), "feed")


def _agree(said: Sequence[Statement]) -> bool:
    """Whether JSON-LD and meta tags give one time with clock and zone, so that nothing else can change it."""
    return len({s.origin for s in said}) > 1 and all(
        s.clock and not s.zulu and not _is_midnight(s) and _near(s, said[0]) for s in said
    )


def _dated(said: Sequence[Statement], dated: Statement | None) -> bool:
    """Whether the address was given within the hours before the one time that the page's data states."""
    if dated is None or not dated.clock or not said:
        return False
    return all(
        s.clock and not s.zulu and not _is_midnight(s) and timedelta(0) <= s.at - dated.at <= _URL_LAG
        for s in said
    )


def _time_nodes(page: Page, profile: Profile, fetched_at: datetime) -> tuple[list[LexborNode], bool]:
    """The elements that may show the article's time: those of the profile, the usual ones, a lone `time`
    element, or the one beside the headline; and whether it is the article's own for certain, as that of a
    lone `time` element may be another's."""
    nodes = list(islice((n for s in profile.time for n in page.all((s,))), 3))
    nodes = nodes or [n for s in _VISIBLE for n in page.all((s,))[:1]]
    if found := [inner for node in nodes for inner in (node, *select(node, "time[datetime]")[:1])]:
        return found, True
    if lone := page.all(("article header time[datetime]", "article time[datetime]", "time[datetime]"))[:1]:
        return lone, False
    return _beside_headline(page, fetched_at), True


def _beside_headline(page: Page, fetched_at: datetime) -> list[LexborNode]:
    """The first short element with a date and clock that stands next after the headline or the element around
    it, or else right before the headline, of any make. Further before it stands the masthead with its clock,
    which shows the time of fetching."""
    for heading in page.all(("h1",))[:1]:
        after = [heading, *([heading.parent] if heading.parent is not None else [])]
        for start in after:
            if found := _timed(islice(_along(start, _next), _BESIDE)):
                return [found]
        found = _timed(islice(_along(heading, _previous), _BESIDE))
        if found and (read := read_time(line_of(found))) and abs(fetched_at - read.at) >= _RENDERING:
            return [found]
    return []


def _timed(nodes: Iterable[LexborNode]) -> LexborNode | None:
    """The first of some elements, or of the small ones within them, that shows a time."""
    for node in nodes:
        inner = select(node, _INLINE) if len(node.text()) < _META_CHARS else []
        if found := next(filter(_shows_time, (node, *inner)), None):
            return found
    return None


_BESIDE = 6  # elements
_INLINE = "span, time, div, p, li, em, small"
_META_CHARS = 300


def _next(node: LexborNode) -> LexborNode | None:
    return node.next


def _previous(node: LexborNode) -> LexborNode | None:
    return node.prev


def _along(node: LexborNode, step: Callable[[LexborNode], LexborNode | None]) -> Iterator[LexborNode]:
    """The elements beside a node, one step after the other."""
    current = step(node)
    while current is not None:
        if current.tag != "-text":
            yield current
        current = step(current)


def _shows_time(node: LexborNode) -> bool:
    text = line_of(node)
    return 8 < len(text) < 80 and (read := read_time(text)) is not None and read.has_clock


def _read(text: str, origin: str) -> Iterator[Statement]:
    if exact := _EXACT.fullmatch(text):
        try:
            at = datetime.fromisoformat(text.replace(" ", "T", 1))
        except ValueError:
            return
        if at.tzinfo is None:
            at = at.replace(tzinfo=VIETNAM)
        yield Statement(at.astimezone(UTC), origin, clock=True, zulu=bool(_ZULU.search(exact[2] or "")))
    elif text and (read := read_time(text)):
        yield Statement(read.at, origin, read.has_clock, bool(_ZULU.search(text.strip())))


def _read_visible(node: LexborNode) -> Iterator[Statement]:
    text = _DAY_SLASH_YEAR.sub(r"\1 \2, \3", line_of(node)[:120])
    text = _MONTH_WORD.sub(r"\1/\2/\3", text)
    if _HALF.search(text):
        text = _HALF.sub(lambda m: _HALVES[m[1]], text)
    yield from _read(_DAY_FIRST_AM.sub(r"\1", text), "text")


def from_url(url: str, pattern: str) -> Statement | None:
    """The time that the digits of an address hold: by the family's `pattern`, else by the usual form of
    Vietnamese systems, three digits beginning with 1, or the
    century, then yyMMddHHmmss and a few digits more, before the extension."""
    if pattern and (match := re.search(pattern, url)):
        return _of_parts({key: value for key, value in match.groupdict().items() if value})
    if match := _URL_DIGITS.search(url):
        return _of_parts(match.groupdict())
    return None


def _of_parts(parts: dict[str, str]) -> Statement | None:
    try:
        year = int(parts["Y"])
        moment = datetime(
            year + 2000 if year < 100 else year, int(parts["m"]), int(parts["d"]),
            int(parts.get("H", 0)), int(parts.get("M", 0)), int(parts.get("S", 0)), tzinfo=VIETNAM,
        )  # fmt: skip
    except (KeyError, ValueError):
        return None
    return Statement(moment.astimezone(UTC), "url", clock="H" in parts)


def _modified(page: Page) -> Iterator[Statement]:
    yield from _read(page.data.text("dateModified"), "jsonld")
    for key in _MODIFIED_METAS:
        yield from _read(page.meta(key), "meta")
