"""Whether an outlet's pages are still read as they were: alarms when the mix of methods or fields changes.

A redesigned site does not fail: its pages are read whole instead of by the profile, or lose one field. The
shares of the newest articles are compared with those before; a field alarms when its share fell by more than
chance would explain (a one-sided test of two shares) and by enough to matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

FIELDS = ("profile", "lead", "authors", "published_at")
"""What is watched: read by the outlet's profile; has a lead, an author, a time."""
MIN_NEW = 10
"""Fewer new articles than this alarm nobody."""
MIN_BEFORE = 20
_LEAST_FALL = 0.25  # share of articles
_DEVIATIONS = 3.0


@dataclass(frozen=True, slots=True)
class Read:
    """One stored article: its outlet and which of the watched fields it has."""

    outlet: str
    has: frozenset[str]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A field of an outlet whose share fell from `before` to `now` (0 to 1, of `articles` new ones)."""

    outlet: str
    field: str
    before: float
    now: float
    articles: int


def shares(reads: Sequence[Read]) -> dict[str, float]:
    """The share of articles that have each watched field."""
    total = max(len(reads), 1)
    return {name: sum(name in read.has for read in reads) / total for name in FIELDS}


def drift(before: Iterable[Read], now: Iterable[Read]) -> list[Alarm]:
    """The alarms for outlets that have enough articles on both sides, worst fall first."""
    old, new = _by_outlet(before), _by_outlet(now)
    alarms = [
        Alarm(outlet, name, was, share, len(reads))
        for outlet, reads in new.items()
        if len(reads) >= MIN_NEW and len(old.get(outlet, ())) >= MIN_BEFORE
        for name, share in shares(reads).items()
        if _fell(was := shares(old[outlet])[name], len(old[outlet]), share, len(reads))
    ]
    return sorted(alarms, key=lambda alarm: (alarm.now - alarm.before, alarm.outlet, alarm.field))


def _by_outlet(reads: Iterable[Read]) -> Mapping[str, list[Read]]:
    found: dict[str, list[Read]] = {}
    for read in reads:
        found.setdefault(read.outlet, []).append(read)
    return found


def _fell(was: float, before: int, share: float, now: int) -> bool:
    """Whether a share fell by enough to matter and by more than chance explains."""
    if was - share < _LEAST_FALL:
        return False
    pooled = (was * before + share * now) / (before + now)
    spread = sqrt(pooled * (1 - pooled) * (1 / before + 1 / now))
    return was - share > _DEVIATIONS * spread
