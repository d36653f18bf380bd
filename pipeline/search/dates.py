"""Days and spans of time as people type them in a search."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from pipeline.vietnamese import fold

_DAYS_BACK = {
    "today": 0,
    "hom nay": 0,
    "homnay": 0,
    "yesterday": 1,
    "hom qua": 1,
    "homqua": 1,
    "hom kia": 2,
}
_UNITS = {
    **dict.fromkeys(("h", "gio", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("d", "ngay", "day", "days"), timedelta(days=1)),
    **dict.fromkeys(("w", "tuan", "week", "weeks"), timedelta(weeks=1)),
    **dict.fromkeys(("m", "thang", "month", "months"), timedelta(days=30)),
    **dict.fromkeys(("y", "nam", "year", "years"), timedelta(days=365)),
}
_AGO = re.compile(r"(\d{1,4}) ?([a-z]+)(?: (?:qua|truoc|ago))?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_YEAR = re.compile(r"((?:19|20)\d\d)")
_LOCAL = re.compile(r"(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}))?")
_CLOCK = re.compile(r"\d{4}-\d\d-\d\dt\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?")


def read_span(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """The time that `text` names, from its start to just after its end, in UTC; None if it names none.

    A moment (`2026-11-01T06:00`, `7d` for seven days ago) starts and ends at once. Days are days of `zone`;
    a day and month without a year is the last such day that is not after `now`.
    """
    folded = (
        " ".join(fold(text).replace("-", " ").split()) if not any(c.isdigit() for c in text) else fold(text)
    )
    try:
        for read in (_named, _ago, _moment, _iso, _month, _year, _local):
            span = read(folded.strip(), now, zone)
            if span is not None:
                return span
    except (ValueError, OverflowError):  # 31/02, the year 9999
        return None
    return None


_Reader = Callable[[str, datetime, tzinfo], "tuple[datetime, datetime] | None"]


def _days(first: date, after: date, zone: tzinfo) -> tuple[datetime, datetime]:
    start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, after))
    return start, end


def _one_day(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    return _days(day, day + timedelta(days=1), zone)


def _named(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    if text not in _DAYS_BACK:
        return None
    return _one_day(now.astimezone(zone).date() - timedelta(days=_DAYS_BACK[text]), zone)


def _ago(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    match = _AGO.fullmatch(" ".join(text.split()))
    if match is None or match[2] not in _UNITS:
        return None
    moment = (now - int(match[1]) * _UNITS[match[2]]).astimezone(UTC)
    return moment, moment


def _moment(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    if not _CLOCK.fullmatch(text):
        return None
    moment = datetime.fromisoformat(text.upper())
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    return moment, moment


def _iso(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    match = _ISO.fullmatch(text)
    return _one_day(date(int(match[1]), int(match[2]), int(match[3])), zone) if match else None


def _month(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    match = _MONTH.fullmatch(text)
    if match is None:
        return None
    first = date(int(match[1]), int(match[2]), 1)
    return _days(first, (first + timedelta(days=31)).replace(day=1), zone)


def _year(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    match = _YEAR.fullmatch(text)
    return _days(date(int(match[1]), 1, 1), date(int(match[1]) + 1, 1, 1), zone) if match else None


def _local(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    match = _LOCAL.fullmatch(text)
    if match is None:
        return None
    today = now.astimezone(zone).date()
    day = date(int(match[3] or today.year), int(match[2]), int(match[1]))
    if not match[3] and day > today:
        day = day.replace(year=day.year - 1)
    return _one_day(day, zone)
