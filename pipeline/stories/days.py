"""The days and times of day that a news text names, in one form for both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
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


class _Form:
    """A pattern, and what a text must hold for it to match: words of the lower-case text (one of `words`), or
    a `hint` that is found faster than the pattern. Most texts have nothing for most of the forms."""

    def __init__(self, pattern: str, *words: str, hint: str = "") -> None:
        self._pattern = re.compile(pattern, re.IGNORECASE)
        self._words = words
        self._hint = re.compile(hint) if hint else None

    def matches(self, text: str, lower: str) -> Iterable[re.Match[str]]:
        return self._pattern.finditer(text) if self._may_match(lower) else ()

    def blanked(self, text: str) -> str:
        return self._pattern.sub(" ", text) if self._may_match(text.lower()) else text

    def _may_match(self, lower: str) -> bool:
        if self._words and not any(word in lower for word in self._words):
            return False
        return self._hint is None or self._hint.search(lower) is not None


# Patterns that begin with a digit look back from it, so that `re` goes from digit to digit.
# A hyphen also stands in scores (2-1): it is a date only after a word that announces one.
_SLASHED = _Form(r"(\d(?<![\d/.,-]\d)(?!(?<=2)4/7\b)\d?)/(\d{1,2})(?:/(\d{4}))?(?![\d/.,]*\d)", "/")
_HYPHENED = _Form(
    r"(?:\b(?:ngày|sáng|trưa|chiều|tối|đêm|phiên|hôm|mùng|đến|từ|và|qua|nay)\s+|\(|, )"
    r"(\d{1,2})-(\d{1,2})(?:-(\d{4}))?(?![\d-])",
    hint=r"\d-\d",
)
_LONG = _Form(r"\bngày (\d{1,2}) tháng (\d{1,2})\b", "tháng")
_DAY_ALONE = _Form(r"\b(?:ngày|mùng) \d{1,2}\b", "ngày", "mùng")
_ENGLISH = _Form(
    rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?!,? ?\d{{2}}:)", hint=rf"(?:{_MONTH})\.? \d"
)
_ENGLISH_FIRST = _Form(rf"(\d(?<!\w\d)\d?)(?:st|nd|rd|th)? ({_MONTH})\b")
_WEEKDAY = _Form(r"\b(" + "|".join(_WEEKDAYS) + r")\b", "day")
_TODAY = _Form(
    r"\b(?:hôm nay|sáng nay|chiều nay|tối nay|trưa nay|today|this morning|this afternoon)\b",
    "nay", "today", "this ",
)  # fmt: skip
_DAY_FIRST = (_SLASHED, _HYPHENED, _LONG)
_CLOCK = _Form(
    r"(\d(?<!\w\d)\d?)(?: ?giờ ?|[hg:])(\d{2}|\d(?= ?phút))?(?: ?phút)?"
    r"(?: ?(sáng|chiều|tối|am|pm|a\.m|p\.m))?(?!\w)"
)
_CLOCK_POINT = _Form(r"(\d(?<![\d.,]\d)\d?)\.(\d{2})(?: )?(am|pm|a\.m|p\.m)\b", "m")
_CLOCK_SHORT = _Form(r"(\d(?<![\d.,]\d)\d?)()(?: )?(am|pm|a\.m|p\.m)\b")


def days_in(text: str, published: datetime) -> list[Day]:
    """The days that a text names, in its order; weekdays and "today" counted back from its publication."""
    local = published.astimezone(LOCAL)
    lower = text.lower()
    found = [(m.start(), (int(m[2]), int(m[1]))) for form in _DAY_FIRST for m in form.matches(text, lower)]
    # Patterns that ignore case also find `APRİL` and `ſunday`: of no month, of no day
    found += [(m.start(), (_MONTHS.get(m[1].lower(), 0), int(m[2]))) for m in _ENGLISH.matches(text, lower)]
    found += [
        (m.start(), (_MONTHS.get(m[2].lower(), 0), int(m[1]))) for m in _ENGLISH_FIRST.matches(text, lower)
    ]
    for match in _WEEKDAY.matches(text, lower):
        weekday = _WEEKDAYS.get(match[1].lower())
        if weekday is not None:
            day = local - timedelta(days=(local.weekday() - weekday) % 7)
            found.append((match.start(), (day.month, day.day)))
    found += [(m.start(), (local.month, local.day)) for m in _TODAY.matches(text, lower)]
    return [day for _, day in sorted(found) if 1 <= day[0] <= 12 and 1 <= day[1] <= 31]


def clocks_in(text: str) -> frozenset[str]:
    """The times of day that a text names, as `06:12` on the clock of 24 hours."""
    found = set()
    lower = text.lower()
    for form in (_CLOCK, _CLOCK_POINT, _CLOCK_SHORT):
        for match in form.matches(text, lower):
            hour, minute, part = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
            if part in ("chiều", "tối", "pm", "p.m") and hour < 12:
                hour += 12
            if hour < 24 and minute < 60:
                found.add(f"{hour:02}:{minute:02}")
    return frozenset(found)


def without_days(text: str) -> str:
    """The text with its days and times blanked, so that their digits are not read as numbers."""
    for form in (*_DAY_FIRST, _ENGLISH, _ENGLISH_FIRST, _DAY_ALONE, _CLOCK, _CLOCK_POINT, _CLOCK_SHORT):
        text = form.blanked(text)
    return text
