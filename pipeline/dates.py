"""Reading the dates that Vietnamese feeds and pages carry.

Every form below was met in the field. What all have in common: a missing zone is Vietnam's (+07:00), days
come before months unless there is an AM or PM (those are programs left on an American locale) or a month's
English name, and a date that does not exist is no date. An AM or PM behind a clock of 24 hours, or with a
Vietnamese weekday before the date, is decoration of a Vietnamese program.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from unicodedata import normalize

VIETNAM = timezone(timedelta(hours=7))
"""Vietnam's civil time. It has had no daylight saving since 1975."""

_MAX_CHARS = 200
_EARLIEST_YEAR = 1970

# Zones by name (RFC 822, and those that Vietnamese software writes), in minutes from UTC.
_ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0),
    **dict.fromkeys(("ict", "icst", "hovt"), 420),
    "est": -300,
    "edt": -240,
    "et": -300,
    "cst": -360,
    "cdt": -300,
    "ct": -360,
    "mst": -420,
    "mdt": -360,
    "mt": -420,
    "pst": -480,
    "pdt": -420,
    "pt": -480,
    "bst": 60,
    "cet": 60,
    "cest": 120,
    "msk": 180,
    "ist": 330,
    "sgt": 480,
    "hkt": 480,
    "jst": 540,
    "kst": 540,
    "aest": 600,
    "aedt": 660,
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}


def vietnam_day(when: datetime) -> date:
    """The day of an aware time in Vietnam; the last day of the calendar has no day after it."""
    try:
        return when.astimezone(VIETNAM).date()
    except OverflowError:
        return when.date()


@dataclass(frozen=True, slots=True)
class ReadTime:
    """A time and how it was read.

    `at` is aware UTC. `how` names the form (`rfc822`, `iso`, `us-local`, `vn-text`, `en-text`, `zh-text`,
    `compact`, `epoch`), followed by `+07` when the zone was missing and Vietnam's was taken. `has_clock`
    is False for a bare date, which is then midnight.
    """

    at: datetime
    how: str
    has_clock: bool


_CLOCK = r"(?P<H>\d{1,2})\s?[:hg]\s?(?P<M>\d{2})(?:['’p](?!\w))?(?::(?P<S>\d{2})(?:[.,]\d+)?)?"
_AMPM = r"(?:\s*(?:(?P<ampm>[ap])\.?m\b\.?|(?P<half>sa|ch)\b))?"  # SA and CH: sáng and chiều
_ZONE = (
    r"(?:\s*\(?\s*(?:(?:gmt|utc|ut)\s*(?P<gmt>[+-]\s?\d{1,2}(?::?\d{2})?)"
    r"|(?P<offset>[+-]\d{1,2}(?::?\d{2})?)(?!\d)"
    r"|(?P<zone>[a-z]{1,5})\b)\s*\)?)?"
)
_DAY_FIRST = r"(?P<d>\d{1,2})\s?[/.-]\s?(?P<m>\d{1,2})\s?[/.-]\s?(?P<Y>\d{4}|\d{2})(?!\d)"
_NAMED_DMY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s.-]+(?P<name>[a-z]{3,9})\.?,?[\s.-]+(?P<Y>\d{4}|\d{2})(?!\d)"
_NAMED_MDY = r"(?P<name>[a-z]{3,9})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<Y>\d{4})(?!\d)"
_VN_WORDS = r"(?:ngày\s*)?(?P<d>\d{1,2})\s*tháng\s*(?P<m>\d{1,2})(?:\s*,)?\s*năm\s*(?P<Y>\d{4})"
_GAP = r"[\s,|–—•·-]*(?:(?:lúc|at|vào)\s+)?"

_START = r"(?<![\w./:+-])(?<!\d,)"  # not in the middle of a number, a version or an address

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (how, re.compile(_START + pattern, re.IGNORECASE))
    for how, pattern in (
        (
            "iso",
            rf"(?P<Y>\d{{4}})-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})(?!\d)(?:(?:\s*T\s*|[\s,]+){_CLOCK}{_AMPM}{_ZONE})?",
        ),
        ("iso", rf"(?P<Y>\d{{4}})/(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})(?!\d)(?:[\s,]+{_CLOCK}{_AMPM}{_ZONE})?"),
        (
            "compact",
            r"(?P<Y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<H>\d{2}):?(?P<M>\d{2}):?(?P<S>\d{2})?)?(?!\d)"
            + _ZONE,
        ),
        (
            "zh-text",
            rf"(?P<Y>\d{{4}})\s*年\s*(?P<m>\d{{1,2}})\s*月\s*(?P<d>\d{{1,2}})\s*日?(?:\s*{_CLOCK}{_ZONE})?",
        ),
        ("rfc822", rf"{_NAMED_DMY}(?:{_GAP}{_CLOCK}{_AMPM}{_ZONE})?"),
        ("en-text", rf"{_NAMED_MDY}(?:{_GAP}{_CLOCK}{_AMPM}{_ZONE})?"),
        # C's asctime, which Atom feeds of old scripts carry.
        (
            "rfc822",
            rf"(?P<name>[a-z]{{3}})\s+(?P<d>\d{{1,2}})\s+{_CLOCK}(?:\s+(?P<zone>[a-z]{{1,5}}))?\s+(?P<Y>\d{{4}})",
        ),
        ("vn-text", rf"{_DAY_FIRST}(?:{_GAP}{_CLOCK}{_AMPM}{_ZONE})?"),
        ("vn-text", rf"{_VN_WORDS}(?:{_GAP}{_CLOCK}{_AMPM}{_ZONE})?"),
    )
)
_VN_WEEKDAY = re.compile(
    r"\b(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s+nhật|t[2-7]|cn)\b", re.IGNORECASE
)
_WEEKDAY_REACH = 24  # characters before the date in which its weekday stands
_WEEKDAY = r"(?:(?:thứ\s+\w+|chủ\s+nhật|[a-z]{3,9}day)\s*,?)?\s*(?:ngày\s*)?"
_CLOCK_FIRST = tuple(
    (how, re.compile(f"{_START}{_CLOCK}{_AMPM}{_ZONE}{_GAP}{_WEEKDAY}{date}", re.IGNORECASE))
    for how, date in (
        ("vn-text", _DAY_FIRST),
        ("vn-text", _VN_WORDS),
        ("en-text", _NAMED_MDY),
        ("en-text", _NAMED_DMY),
    )
)


def read_time(text: str, *, month_first: bool = False) -> ReadTime | None:
    """The first date in `text`, or None if there is none or it does not exist. Never raises.

    `month_first` reads `9/14/2026` the American way even without AM or PM.
    """
    cleaned = " ".join(text[:_MAX_CHARS].split())
    for how, pattern in (*_CLOCK_FIRST, *_FORMS):  # clock first, before the date alone is taken for it all
        match = pattern.search(cleaned)
        found = _built(match, how, month_first) if match else None
        if found is not None:
            return found
    return _read_epoch(cleaned)


def _read_epoch(text: str) -> ReadTime | None:
    """Seconds or milliseconds since 1970, as some sitemaps and JSON carry."""
    if not re.fullmatch(r"\d{10}|\d{13}", text, re.ASCII):
        return None
    return ReadTime(datetime.fromtimestamp(int(text[:10]), UTC), "epoch", has_clock=True)


def _built(match: re.Match[str], how: str, month_first: bool) -> ReadTime | None:
    part = {name: value for name, value in match.groupdict().items() if value}
    day, month = int(part["d"]), _month(part)
    if month is None:
        return None
    # AM or PM, or a month beyond 12, are the marks of an American locale.
    american = ("ampm" in part and not _vietnamese(match, part)) or month_first or month > 12
    if how == "vn-text" and american and day <= 12:
        day, month, how = month, day, "us-local"
    zone = _zone(part)
    try:
        local = datetime(
            _year(part["Y"]),
            month,
            day,
            _hour(part),
            int(part.get("M", 0)),
            min(int(part.get("S") or 0), 59),  # a leap second is the second before it
            tzinfo=VIETNAM if zone is None else timezone(timedelta(minutes=zone)),
        )
        at = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if at.year < _EARLIEST_YEAR:
        return None
    return ReadTime(at, how if zone is not None else f"{how} +07", has_clock="H" in part)


def _vietnamese(match: re.Match[str], part: dict[str, str]) -> bool:
    """Whether a date is one of a Vietnamese program in spite of its AM or PM."""
    if not 1 <= int(part["H"]) <= 12:
        return True
    around = match.string[max(match.start() - _WEEKDAY_REACH, 0) : match.end()]
    return bool(_VN_WEEKDAY.search(normalize("NFC", around)))


def _month(part: dict[str, str]) -> int | None:
    return int(part["m"]) if "m" in part else _MONTHS.get(part["name"].lower())


def _year(digits: str) -> int:
    """Two digits are a year of 1970 to 2069."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 70 else 1900)


def _hour(part: dict[str, str]) -> int:
    hour = int(part.get("H", 0))
    half = (part.get("ampm") or part.get("half") or "").lower()
    if half in ("p", "ch") and hour < 12:
        return hour + 12
    return 0 if half in ("a", "sa") and hour == 12 else hour


def _zone(part: dict[str, str]) -> int | None:
    """Minutes east of UTC; None if the text names no zone that is known."""
    offset = part.get("gmt") or part.get("offset")
    if offset:
        return _offset(offset.replace(" ", "").replace(":", ""))
    return _ZONES.get(part.get("zone", "").lower())


def _offset(text: str) -> int | None:
    """`+7`, `+07`, `+0700` in minutes; None beyond a day."""
    digits = text[1:]
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    total = hours * 60 + minutes
    if total >= 24 * 60:
        return None
    return -total if text[0] == "-" else total
