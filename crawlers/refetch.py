"""Whether an address that was met before is fetched again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.outcome import Reason

# The second try comes after the first wait, the third after the second, and so on; after the last, no more.
_PASSING = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
_LASTING = (timedelta(hours=6), timedelta(days=3))
# How long nothing is believed of an entry's changed time after so many fetches that found the page as it was:
# some sitemaps and feeds stamp all they hold anew whenever they are written.
_FRUITLESS = (
    timedelta(0),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=30),
)
_RETITLED = timedelta(hours=1)
"""The longest such wait for an entry whose title changed."""

_WAITS: dict[Reason, tuple[timedelta, ...]] = {
    Reason.UNREACHABLE: _PASSING,
    Reason.TIMEOUT: _PASSING,
    Reason.HTTP_ERROR: _PASSING,
    Reason.FETCH_ERROR: _PASSING,
    Reason.CHALLENGE: _PASSING,
    Reason.EXTRACT_TIMEOUT: _LASTING,
    Reason.PARSE_ERROR: _LASTING,
    Reason.FAULT: _LASTING,
    Reason.SOFT_404: _LASTING,
    Reason.MISSING: _LASTING,
    Reason.TOO_SHORT: _LASTING,  # a breaking-news stub grows
    Reason.NO_TITLE: _LASTING,
    Reason.REDIRECT_LOOP: _LASTING,
    Reason.ROBOTS: (timedelta(days=1), timedelta(days=7)),
    Reason.NOT_IN_ARCHIVE: (timedelta(0),) * 1000,
}


def will_fetch(*, stored: bool, reason: Reason, attempts: int) -> bool:
    """Whether an address that failed for a passing cause, and is not due yet, will be."""
    return not stored and _WAITS.get(reason) is _PASSING and attempts <= len(_PASSING)


def should_fetch(
    *,
    stored: bool,
    changed: bool,
    retitled: bool = False,
    reason: Reason | None,
    attempts: int,
    tried_at: datetime | None,
    not_before: datetime | None = None,
    now: datetime,
) -> bool:
    """Whether to fetch an address that an endpoint names.

    `stored`: an article is kept for it. `changed`: its entry differs from those that led to fetches so far,
    `retitled`: in its title. `reason` and `attempts` tell how these ended, and how many of the latest brought
    nothing new; `tried_at` (aware) is the moment of the latest, None if there was none; `not_before` when the
    host wants to be asked again at the earliest.
    """
    if not_before is not None and now < not_before:
        return False
    if reason is None and not stored:
        return True
    if changed:
        wait = _FRUITLESS[min(attempts, len(_FRUITLESS) - 1)]
        return tried_at is None or now - tried_at >= (min(wait, _RETITLED) if retitled else wait)
    if stored or reason is None:
        return False
    waits = _WAITS.get(reason, ())
    if not waits or attempts > len(waits) or tried_at is None:
        return False
    return now - tried_at >= waits[max(attempts, 1) - 1]
