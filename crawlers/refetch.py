"""Whether an address that was met before is fetched again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.outcome import Reason

# The second try comes after the first wait, the third after the second, and so on; after the last, no more.
_PASSING = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
_LASTING = (timedelta(hours=6), timedelta(days=3))

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


def should_fetch(
    *,
    stored: bool,
    changed: bool,
    reason: Reason | None,
    attempts: int,
    last_at: datetime | None,
    now: datetime,
) -> bool:
    """Whether to fetch an address that an endpoint names.

    `stored`: an article is kept for it. `changed`: its entry differs from the one that led to the last
    fetch. `reason`, `attempts` and `last_at` (aware) describe the fetches so far; None if there was none.
    """
    if reason is None and not stored:
        return True
    if changed:
        return True
    if stored or reason is None:
        return False
    waits = _WAITS.get(reason, ())
    if not waits or attempts > len(waits) or last_at is None:
        return False
    return now - last_at >= waits[max(attempts, 1) - 1]
