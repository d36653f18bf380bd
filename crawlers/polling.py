"""When an endpoint is next asked. Pure functions: the clock and the dice are arguments.

An endpoint that publishes often is asked often: about twice between two of its newest entries, never more
than every five minutes, never less than once a day. One that fails is asked less and less, never not at all
(miniflux/v2#3334).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import Random

from models.outlet import Endpoint, Outlet
from models.ports import EndpointState
from pipeline.urls import host_of

FLOOR = timedelta(minutes=5)
CEILING = timedelta(hours=24)
UNKNOWN_PACE = timedelta(minutes=30)
"""For endpoints whose entries carry no dates, such as listings."""
GONE = timedelta(days=7)
"""After HTTP 410: the outlet says that the address is gone for good; one question a week sees it return."""
FULL_EVERY = 24
"""Every so many polls the validators are left out, because feeds answer 304 wrongly."""

Due = Callable[[Outlet, Endpoint, EndpointState | None], bool]
"""Whether to ask an endpoint that stands as given, None if it was never asked."""

_RECENT = 10
_JITTER = 0.25


def pace(published: Iterable[datetime], now: datetime) -> timedelta:
    """The interval that fits an endpoint whose entries were published at these times.

    Half the mean gap of the ten newest entries; the time since the newest one counts as a gap, so that an
    endpoint that falls silent slows down. `UNKNOWN_PACE` if there are no times.
    """
    newest = sorted((when for when in published if when <= now), reverse=True)[:_RECENT]
    if not newest:
        return UNKNOWN_PACE
    gaps = max(len(newest) - 1, 1)
    mean = (newest[0] - newest[-1]) / gaps if len(newest) > 1 else now - newest[0]
    silence = (now - newest[0]) / 4
    return _clamped(max(mean / 2, silence))


def doubled(failures: int) -> timedelta:
    """The wait after so many failures in a row (at least one): 5 min · 2^n, at most a day."""
    return min(FLOOR * 2.0 ** min(max(failures, 1), 12), CEILING)


def back_off(failures: int, rng: Random) -> timedelta:
    """The same, ± 25 %."""
    return doubled(failures) * (1 + rng.uniform(-_JITTER, _JITTER))


def next_due(
    now: datetime,
    rng: Random,
    *,
    failures: int = 0,
    status: int = 0,
    interval: timedelta = UNKNOWN_PACE,
    retry_after: timedelta | None = None,
) -> datetime:
    """When to ask again after a poll that ended at `now` with HTTP `status` (0 for none), as the
    `failures`-th failure in a row, or in success with the `interval` of its pace.

    A Retry-After only ever lengthens the wait, and never beyond a week.
    """
    if status == 410:
        wait = GONE
    elif failures:
        wait = back_off(failures, rng)
    else:
        wait = _clamped(interval) * (
            1 + rng.uniform(0, _JITTER)
        )  # spread, so that outlets are not asked in step
    if retry_after is not None:
        wait = max(wait, min(retry_after, GONE))
    return now + wait


def is_due(state: EndpointState | None, now: datetime) -> bool:
    """Whether an endpoint should be polled at `now`. One that was polled in the future is due: the clock was
    set back since, and its due time, reckoned from a wrong moment, may be far away."""
    if state is None or state.next_due_at is None or state.next_due_at <= now:
        return True
    return state.last_polled_at is not None and state.last_polled_at - now > FLOOR


def always(outlet: Outlet, endpoint: Endpoint, state: EndpointState | None) -> bool:
    """Ask every endpoint."""
    return True


@dataclass(frozen=True, slots=True)
class Wait:
    """That `url` is not to be asked for before `until` (aware), as its host said; with `whole_host` (429)
    nothing is that stands there."""

    url: str
    until: datetime
    whole_host: bool


def left_alone_until(url: str, waits: Iterable[Wait], now: datetime) -> datetime | None:
    """Until when an address is to be left alone; None if it may be asked for at `now`. A wait that ends more
    than a day from now was reckoned by a wrong clock."""
    host = _host(url)
    mine = (each for each in waits if each.url == url or (each.whole_host and _host(each.url) == host))
    return max((each.until for each in mine if now < each.until <= now + CEILING), default=None)


def _host(url: str) -> str:
    return host_of(url).removeprefix("www.")


def wants_full(polls: int) -> bool:
    """Whether the poll after `polls` earlier ones leaves the validators out."""
    return polls % FULL_EVERY == 0


def retry_after_of(value: str, now: datetime) -> timedelta | None:
    """The wait that a Retry-After header asks for, in seconds or as a date; None if it makes no sense."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:9]), int(GONE.total_seconds())))
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(when - now, timedelta(0))


def _clamped(interval: timedelta) -> timedelta:
    return min(max(interval, FLOOR), CEILING)
