"""The days and times of day that a news text names, in one form for both languages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

LOCAL = timezone(timedelta(hours=7))
Day = tuple[int, int]
"""Month and day."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(_MONTHS)
_WEEKDAYS = {
    name: i for i, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
# A hyphen also stands in scores (2-1): it is a date only after a word that announces one.
_SLASHED = re.compile(r"(?<![\d/.,-])(?!24/7\b)(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/.,]*\d)")
_HYPHENED = re.compile(
    r"(?:\b(?:ngày|sáng|trưa|chiều|tối|đêm|phiên|hôm|mùng|đến|từ|và|qua|nay)\s+|\(|, )"
    r"(\d{1,2})-(\d{1,2})(?:-(\d{4}))?(?![\d-])",
    re.IGNORECASE,
)
_LONG = re.compile(r"\bngày (\d{1,2}) tháng (\d{1,2})\b", re.IGNORECASE)
_DAY_ALONE = re.compile(r"\b(?:ngày|mùng) \d{1,2}\b", re.IGNORECASE)
_ENGLISH = re.compile(rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?!,? ?\d{{2}}:)", re.IGNORECASE)
_ENGLISH_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({_MONTH})\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"\b(" + "|".join(_WEEKDAYS) + r")\b", re.IGNORECASE)
_TODAY = re.compile(
    r"\b(?:hôm nay|sáng nay|chiều nay|tối nay|trưa nay|today|this morning|this afternoon)\b", re.IGNORECASE
)
_DAY_FIRST = (_SLASHED, _HYPHENED, _LONG)
_CLOCK = re.compile(
    r"\b(\d{1,2})(?: ?giờ ?|[hg:])(\d{2}|\d(?= ?phút))?(?: ?phút)?"
    r"(?: ?(sáng|chiều|tối|am|pm|a\.m|p\.m))?(?!\w)",
    re.IGNORECASE,
)
_CLOCK_POINT = re.compile(r"(?<![\d.,])(\d{1,2})\.(\d{2})(?: )?(am|pm|a\.m|p\.m)\b", re.IGNORECASE)
_CLOCK_SHORT = re.compile(r"(?<![\d.,])(\d{1,2})()(?: )?(am|pm|a\.m|p\.m)\b", re.IGNORECASE)


def days_in(text: str, published: datetime) -> list[Day]:
    """The days that a text names, in its order; weekdays and "today" counted back from its publication."""
    local = published.astimezone(LOCAL)
    found = [(m.start(), (int(m[2]), int(m[1]))) for p in _DAY_FIRST for m in p.finditer(text)]
    found += [(m.start(), (_MONTHS[m[1].lower()], int(m[2]))) for m in _ENGLISH.finditer(text)]
    found += [(m.start(), (_MONTHS[m[2].lower()], int(m[1]))) for m in _ENGLISH_FIRST.finditer(text)]
    for match in _WEEKDAY.finditer(text):
        day = local - timedelta(days=(local.weekday() - _WEEKDAYS[match[1].lower()]) % 7)
        found.append((match.start(), (day.month, day.day)))
    found += [(m.start(), (local.month, local.day)) for m in _TODAY.finditer(text)]
    return [day for _, day in sorted(found) if 1 <= day[0] <= 12 and 1 <= day[1] <= 31]


def clocks_in(text: str) -> frozenset[str]:
    """The times of day that a text names, as `06:12` on the clock of 24 hours."""
    found = set()
    for pattern in (_CLOCK, _CLOCK_POINT, _CLOCK_SHORT):
        for match in pattern.finditer(text):
            hour, minute, part = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
            if part in ("chiều", "tối", "pm", "p.m") and hour < 12:
                hour += 12
            if hour < 24 and minute < 60:
                found.add(f"{hour:02}:{minute:02}")
    return frozenset(found)


def without_days(text: str) -> str:
    """The text with its days and times blanked, so that their digits are not read as numbers."""
    for pattern in (*_DAY_FIRST, _ENGLISH, _ENGLISH_FIRST, _DAY_ALONE, _CLOCK, _CLOCK_POINT, _CLOCK_SHORT):
        text = pattern.sub(" ", text)
    return text
