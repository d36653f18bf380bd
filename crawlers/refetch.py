"""When an address that was met before is fetched again. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from models.outcome import Reason

# The second try comes after the first wait, the third after the second, and so on; after the last, no more.
_QUICK = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
_SLOW = (timedelta(hours=6), timedelta(days=3))
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

_MANY = 10
_MOST = 0.5
"""More than this share of at least `_MANY` known articles stamped anew at once: the stamps are the file's."""

_WAITS: dict[Reason, tuple[timedelta, ...]] = {
    Reason.UNREACHABLE: _QUICK,
    Reason.TIMEOUT: _QUICK,
    Reason.HTTP_ERROR: _QUICK,
    Reason.FETCH_ERROR: _QUICK,
    Reason.CHALLENGE: _QUICK,
    Reason.EXTRACT_TIMEOUT: _SLOW,
    Reason.PARSE_ERROR: _SLOW,
    Reason.FAULT: _SLOW,
    Reason.SOFT_404: _SLOW,
    Reason.MISSING: _SLOW,
    Reason.TOO_SHORT: _SLOW,  # a breaking-news stub grows
    Reason.NO_TITLE: _SLOW,
    Reason.REDIRECT_LOOP: _SLOW,
    Reason.ROBOTS: (timedelta(days=1), timedelta(days=7)),
    Reason.NOT_IN_ARCHIVE: (timedelta(0),) * 1000,
}


PASSING = frozenset(reason for reason, waits in _WAITS.items() if waits is _QUICK) | {
    Reason.EXTRACT_TIMEOUT,
    Reason.FAULT,
}
"""Failures that say nothing of an address: what named it is read in full until it is fetched or given up."""
_AT_ONCE = datetime.min.replace(tzinfo=UTC)
_SOON = timedelta(days=1)


def stamped_since(stamp: datetime | None, tried_at: datetime, now: datetime) -> bool:
    """Whether an entry's time (aware) says that its page changed after the latest fetch. One in the future
    says nothing: it is planned, or of a wrong zone."""
    return stamp is not None and tried_at < stamp <= now


def stamps_all(stamped: int, known: int) -> bool:
    """Whether an endpoint that names so many known articles, so many of them with new times, stamps all that
    it holds anew, so that the times say nothing of any of them."""
    return known >= _MANY and stamped > _MOST * known


def due_at(
    *,
    stored: bool,
    changed: bool,
    retitled: bool = False,
    reason: Reason | None,
    attempts: int,
    tried_at: datetime | None,
    not_before: datetime | None = None,
) -> datetime | None:
    """From when on an address that an endpoint names is to be fetched; None if it is not.

    `stored`: an article is kept for it. `changed`: its entry differs from those that led to fetches so far,
    or gives a time after the latest; `retitled`: in its title. `reason` and `attempts` tell how these ended,
    and how many of the latest brought nothing new; `tried_at` (aware) is the moment of the latest, None if
    there was none; `not_before` when the host wants to be asked again at the earliest.
    """
    wait = timedelta(0)
    if changed and (stored or reason is not None):
        wait = _FRUITLESS[min(attempts, len(_FRUITLESS) - 1)]
        wait = min(wait, _RETITLED) if retitled else wait
    elif stored:
        return None
    elif reason is not None:
        waits = _WAITS.get(reason, ())
        if tried_at is None or not waits or attempts > len(waits):
            return None
        wait = waits[max(attempts, 1) - 1]
    due = tried_at + wait if tried_at else _AT_ONCE
    return max(due, not_before or due)


def is_put_off(due: datetime | None, now: datetime, *, stored: bool, reason: Reason | None) -> bool:
    """Whether an address that is not fetched `now` is to be met again before long, although its endpoint may
    say nothing new of it."""
    return due is not None and due - now <= _SOON and (stored or reason in PASSING)
