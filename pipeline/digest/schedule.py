"""Which digest is due at a moment: send times, cut-offs, time zones, days off. Pure.

The question is always "what is the latest send time that has passed?", never "is it 06:30 now?", so a
sleeping machine, a late tick or a clock that jumps can neither lose a digest nor make a second one: the
slot's key is unique for the subscription, and its window starts where the last one ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.digest import Slot, Subscription

FIRST_WINDOW = timedelta(hours=24)
FIRST_WEEK = timedelta(days=7)
MAX_WINDOW = timedelta(days=14)
"""A digest after a longer silence covers this much and says so."""
STALE_AFTER = timedelta(hours=12)
"""A daily digest planned later than this after its send time is late."""


def local_instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The UTC instant at which `clock` is shown on `day` in `zone`.

    A time that occurs twice (clocks set back) means the first; one that does not occur (clocks set
    forward) is moved by the gap, as a clock that was not touched would show it: 02:30 becomes 03:30.
    """
    return datetime.combine(day, clock, tzinfo=zone).replace(fold=0).astimezone(UTC)


def due_slot(
    subscription: Subscription,
    now: datetime,
    last_until: datetime | None,
    *,
    made: datetime | None = None,
    stale_after: timedelta = STALE_AFTER,
) -> Slot | None:
    """The slot that should have been planned by `now`, or None when there is none.

    `last_until` is the end of the last window that was told, None for a new subscription; that one owes no
    digest due before it was `made`. The same slot is
    returned on every call until the next one is due: that it is planned once is the caller's unique key.
    None when its window would be empty or run backwards (clock set back, subscriber moved east).
    """
    if not subscription.active:
        return None
    slot = _latest_slot(subscription, now, last_until, stale_after)
    if slot is not None and last_until is None and made is not None and slot.send_at < made:
        return None
    return slot


def _latest_slot(
    subscription: Subscription, now: datetime, last_until: datetime | None, stale_after: timedelta
) -> Slot | None:
    if subscription.frequency == "hourly":
        return _hourly_slot(now, last_until)
    found = _latest_send(subscription, now)
    if found is None:
        return None
    day, send_at = found
    until = cutoff_of(subscription, day)
    since, shortened = _since(subscription, until, last_until)
    if since >= until:
        return None
    return Slot(
        key=day.isoformat(),
        local_date=day,
        since=since,
        until=until,
        send_at=send_at,
        late=now - send_at > stale_after,
        shortened=shortened,
    )


def next_since(
    last: datetime, told: Iterable[tuple[datetime, datetime]], failed: Iterable[tuple[datetime, datetime]]
) -> datetime:
    """Where the next window begins: where the `last` one that was told ended, or earlier, where one began
    that failed when the next was planned already, so that no told one reaches over its end. Windows are
    (since, until). Pure."""
    windows = list(told)
    lost = [since for since, end in failed if not any(begin < end <= until for begin, until in windows)]
    return min([last, *lost])


def preview_slot(subscription: Subscription, now: datetime, last_until: datetime | None = None) -> Slot:
    """The digest as it would be if its cut-off were `now`."""
    since, shortened = _since(subscription, now, last_until)
    local = now.astimezone(ZoneInfo(subscription.timezone)).date()
    return Slot(
        key=local.isoformat(), local_date=local, since=since, until=now, send_at=now, shortened=shortened
    )


def cutoff_of(subscription: Subscription, day: date) -> datetime:
    """The cut-off of the digest sent on `day`: that day's, or the day before's when it is later in the
    day than the send time."""
    zone = ZoneInfo(subscription.timezone)
    if subscription.cutoff > subscription.send_at:
        return local_instant(day - timedelta(days=1), subscription.cutoff, zone)
    send_at = local_instant(day, subscription.send_at, zone)
    # A cut-off in the missing hour is moved, and must not overtake a send time just after it.
    return min(local_instant(day, subscription.cutoff, zone), send_at)


def next_send(subscription: Subscription, now: datetime) -> datetime | None:
    """When the next digest goes out, for people to read; None for a paused subscription."""
    if not subscription.active:
        return None
    if subscription.frequency == "hourly":
        return _hour(now) + timedelta(hours=1)
    zone = ZoneInfo(subscription.timezone)
    today = now.astimezone(zone).date()
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        send_at = local_instant(day, subscription.send_at, zone)
        if send_at > now and day.isoweekday() in subscription.days:
            return send_at
    return None


def _latest_send(subscription: Subscription, now: datetime) -> tuple[date, datetime] | None:
    """The latest local date whose send time has passed, with that time; looks back a week."""
    zone = ZoneInfo(subscription.timezone)
    today = now.astimezone(zone).date()
    for back in range(8):
        day = today - timedelta(days=back)
        send_at = local_instant(day, subscription.send_at, zone)
        if send_at <= now and day.isoweekday() in subscription.days:
            return day, send_at
    return None


def _since(subscription: Subscription, until: datetime, last_until: datetime | None) -> tuple[datetime, bool]:
    """Where the window starts, and whether it had to be shortened."""
    if last_until is None:
        first = FIRST_WEEK if subscription.frequency == "weekly" else FIRST_WINDOW
        return until - first, False
    earliest = until - MAX_WINDOW
    return max(last_until, earliest), last_until < earliest


def _hourly_slot(now: datetime, last_until: datetime | None) -> Slot | None:
    until = _hour(now)
    since = max(last_until, until - FIRST_WINDOW) if last_until else until - timedelta(hours=1)
    if since >= until:
        return None
    key = until.strftime("%Y-%m-%dT%HZ")
    return Slot(key=key, local_date=until.date(), since=since, until=until, send_at=until)


def _hour(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
