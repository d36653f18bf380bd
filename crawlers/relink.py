"""An article that comes again under another address: http for https, a new host, a new form. Pure.

Identity is the canonical address; after that, the same title on the same day in the same outlet. One entry is
taken for a known article only if it gives the same minute too, because outlets use a title twice a day. When
most of a feed is new and carries old titles, its addresses have changed form, and the day is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.ports import Candidate
from pipeline.dates import vietnam_day
from pipeline.vietnamese import exact

MASS_SHARE = 0.8
"""More than this share of a feed's entries under unknown addresses, and of those, at least half with known
titles: its addresses have changed form."""
_MASS_ENTRIES = 5
_OLD_TITLES = 0.5
_SAME_MOMENT = timedelta(minutes=1)
_TITLE_WORDS = 4  # shorter titles (a column's name) are given to many articles


@dataclass(frozen=True, slots=True)
class Remembered:
    """A stored article of an outlet."""

    url: str
    title: str
    published_at: datetime


def relinked(
    candidates: Sequence[Candidate], unknown: Iterable[str], stored: Iterable[Remembered]
) -> dict[str, str]:
    """Those of the `unknown` addresses that are another address of a `stored` article, and of which.

    `candidates` are all that one endpoint of one outlet named at once. An article whose own address is among
    them is not looked for: what the outlet shows side by side is two things.
    """
    named = {candidate.url for candidate in candidates}
    by_title: dict[tuple[str, date], list[Remembered]] = {}
    for article in stored:
        if article.url not in named:
            by_title.setdefault((exact(article.title), vietnam_day(article.published_at)), []).append(article)
    fresh = set(unknown)
    alike: dict[str, list[Remembered]] = {}
    for candidate in candidates:
        when = moment_of(candidate)
        title = candidate.entry.title
        if candidate.url not in fresh or when is None or len(title.split()) < _TITLE_WORDS:
            continue
        if found := by_title.get((exact(title), vietnam_day(when))):
            alike[candidate.url] = found
    if _changed_form(len(named), len(fresh & named), len(alike)):
        return {url: found[0].url for url, found in alike.items()}
    times = {candidate.url: moment_of(candidate) for candidate in candidates}
    same = {url: [each for each in found if _close(each, times[url])] for url, found in alike.items()}
    return {url: found[0].url for url, found in same.items() if len(found) == 1}


def moment_of(candidate: Candidate) -> datetime | None:
    """When the entry says that it was published."""
    return candidate.entry.published_at


def _changed_form(named: int, fresh: int, alike: int) -> bool:
    return fresh >= _MASS_ENTRIES and fresh > MASS_SHARE * named and alike >= _OLD_TITLES * fresh


def _close(article: Remembered, when: datetime | None) -> bool:
    return when is not None and abs(article.published_at - when) <= _SAME_MOMENT
