"""Which digest is due when: send times, zones, days off, clocks that jump."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from models.digest import Slot, Subscription
from pipeline.digest.schedule import cutoff_of, due_slot, local_instant, next_send
from tests.pipeline.digest.sample import NOW, subscription

HOUR = timedelta(hours=1)
ZONES = (
    "Asia/Ho_Chi_Minh Europe/Berlin Europe/London America/New_York America/Los_Angeles America/St_Johns "
    "America/Sao_Paulo America/Santiago Australia/Sydney Australia/Lord_Howe Australia/Adelaide "
    "Pacific/Auckland Pacific/Chatham Pacific/Apia Pacific/Kiritimati Pacific/Honolulu Asia/Kolkata "
    "Asia/Kathmandu Asia/Tehran Asia/Tokyo Africa/Cairo Africa/Casablanca Atlantic/Azores "
    "America/Havana Asia/Beirut"
).split()


def ticking(wanted: Subscription, start: datetime, days: int, step: timedelta = HOUR / 2) -> list[Slot]:
    """The slots that a service ticking every half hour plans, each once."""
    slots: dict[str, Slot] = {}
    last: datetime | None = None
    now = start
    while now < start + timedelta(days=days):
        slot = due_slot(wanted, now, last)
        if slot is not None and slot.key not in slots:
            slots[slot.key] = slot
            last = slot.until
        now += step
    return list(slots.values())


@pytest.mark.parametrize("zone", ZONES)
def test_every_local_date_has_one_digest_and_windows_join_in_any_zone(zone: str) -> None:
    """T11: over both clock changes, at the hours in which clocks change."""
    assert zone in available_timezones()
    wanted = subscription(timezone=zone, cutoff=time(2, 15), send_at=time(2, 30))
    for start in (date(2026, 3, 1), date(2026, 9, 1)):
        begin = local_instant(start, time(0, 0), ZoneInfo(zone))
        slots = ticking(wanted, begin, days=70)
        dates = [slot.local_date for slot in slots]
        first = dates[0]
        assert dates == [first + timedelta(days=n) for n in range(len(dates))]
        assert len(dates) >= 70
        assert all(a.until == b.since for a, b in itertools.pairwise(slots))


def test_an_hour_that_comes_twice_sends_once_and_one_that_is_missing_sends_an_hour_later() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert local_instant(date(2026, 10, 25), time(2, 30), berlin) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert local_instant(date(2026, 3, 29), time(2, 30), berlin).astimezone(berlin).time() == time(3, 30)


def test_the_same_slot_is_due_until_the_next_so_a_late_tick_loses_nothing() -> None:
    wanted = subscription(timezone="UTC")
    on_time = due_slot(wanted, datetime(2026, 11, 22, 6, 30, tzinfo=UTC), None)
    at_night = due_slot(wanted, datetime(2026, 11, 22, 17, 0, tzinfo=UTC), None)
    before = due_slot(wanted, datetime(2026, 11, 22, 6, 29, tzinfo=UTC), None)
    assert on_time is not None
    assert at_night is not None
    assert before is not None
    assert (on_time.key, at_night.key, before.key) == ("2026-11-22", "2026-11-22", "2026-11-21")
    assert not at_night.late


def test_the_first_digest_covers_24_hours() -> None:
    slot = due_slot(subscription(timezone="UTC"), datetime(2026, 11, 22, 7, tzinfo=UTC), None)
    assert slot is not None
    assert slot.until - slot.since == 24 * HOUR


def test_a_new_subscription_owes_no_digest_due_before_it_was_made() -> None:
    for frequency in ("daily", "weekly", "hourly"):
        days = frozenset({7} if frequency == "weekly" else range(1, 8))
        new = subscription(frequency=frequency, days=days)
        owed = due_slot(new, NOW, None)
        assert owed is not None
        assert due_slot(new, NOW, None, made=owed.send_at + timedelta(minutes=1)) is None
        assert due_slot(new, NOW, None, made=owed.send_at) == owed
        told = owed.since + timedelta(minutes=1)
        assert due_slot(new, NOW, told, made=NOW) is not None  # one that was told before goes on


def test_days_off_roll_into_monday() -> None:
    """T13."""
    wanted = subscription(timezone="UTC", days=frozenset(range(1, 6)))
    friday = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
    assert due_slot(wanted, datetime(2026, 11, 22, 12, tzinfo=UTC), friday) is None
    monday = due_slot(wanted, datetime(2026, 11, 23, 6, 30, tzinfo=UTC), friday)
    assert monday is not None
    assert (monday.since, monday.until) == (friday, datetime(2026, 11, 23, 6, 0, tzinfo=UTC))


def test_a_service_that_slept_for_days_sends_one_digest_over_all_of_them() -> None:
    wanted = subscription(timezone="UTC")
    last = datetime(2026, 11, 18, 6, 0, tzinfo=UTC)
    slot = due_slot(wanted, datetime(2026, 11, 22, 8, tzinfo=UTC), last)
    assert slot is not None
    assert (slot.key, slot.since) == ("2026-11-22", last)


def test_a_long_silence_is_shortened_and_says_so() -> None:
    last = datetime(2026, 6, 1, tzinfo=UTC)
    slot = due_slot(subscription(timezone="UTC"), datetime(2026, 11, 22, 8, tzinfo=UTC), last)
    assert slot is not None
    assert slot.shortened
    assert slot.until - slot.since == timedelta(days=14)


def test_a_clock_set_back_plans_nothing() -> None:
    """R5: two hours back over the cut-off, with the last window already told."""
    wanted = subscription(timezone="UTC")
    last = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    assert due_slot(wanted, datetime(2026, 11, 22, 5, 0, tzinfo=UTC), last) is None


def test_a_subscriber_who_moves_east_or_west_misses_nothing_and_gets_nothing_twice() -> None:
    west = subscription(timezone="America/New_York")
    east = replace(west, timezone="Asia/Ho_Chi_Minh")
    for first, second in ((west, east), (east, west)):
        slots = ticking(first, datetime(2026, 11, 10, tzinfo=UTC), days=4)
        keys = {slot.key for slot in slots}
        last = slots[-1].until
        now = datetime(2026, 11, 14, tzinfo=UTC)
        while now < datetime(2026, 11, 18, tzinfo=UTC):
            slot = due_slot(second, now, last)
            if slot is not None and slot.key not in keys:
                assert slot.since == last
                keys.add(slot.key)
                last = slot.until
            now += HOUR
        assert last >= datetime(2026, 11, 16, 12, tzinfo=UTC)


def test_a_cutoff_later_than_the_send_time_is_that_of_the_evening_before() -> None:
    wanted = subscription(timezone="UTC", cutoff=time(22, 0), send_at=time(6, 0))
    assert cutoff_of(wanted, date(2026, 11, 22)) == datetime(2026, 11, 21, 22, tzinfo=UTC)


def test_a_cutoff_in_the_hour_that_is_missing_does_not_overtake_a_send_time_just_after_it() -> None:
    """02:30 is moved to 03:30; the window would end in the future, and what comes till then be lost."""
    wanted = subscription(timezone="Europe/Berlin", cutoff=time(2, 30), send_at=time(3, 15))
    send_at = local_instant(date(2026, 3, 29), time(3, 15), ZoneInfo("Europe/Berlin"))
    slot = due_slot(wanted, send_at, None)
    assert slot is not None
    assert (slot.send_at, slot.until) == (send_at, send_at)


def test_a_digest_that_is_planned_half_a_day_late_is_marked() -> None:
    slot = due_slot(subscription(timezone="UTC"), datetime(2026, 11, 22, 19, tzinfo=UTC), None)
    assert slot is not None
    assert slot.late


def test_a_paused_subscription_is_never_due() -> None:
    paused = subscription(active=False)
    assert due_slot(paused, datetime(2026, 11, 22, 8, tzinfo=UTC), None) is None
    assert next_send(paused, datetime(2026, 11, 22, 8, tzinfo=UTC)) is None


def test_an_alert_is_due_once_an_hour_also_when_local_hours_repeat() -> None:
    wanted = subscription(frequency="hourly", timezone="Europe/Berlin")
    slots = ticking(wanted, datetime(2026, 10, 24, 22, tzinfo=UTC), days=1, step=HOUR / 6)
    assert len(slots) == 24
    assert all(a.until == b.since for a, b in itertools.pairwise(slots))


def test_the_next_send_time_skips_days_off() -> None:
    wanted = subscription(timezone="UTC", days=frozenset({1}))
    assert next_send(wanted, datetime(2026, 11, 22, 12, tzinfo=UTC)) == datetime(
        2026, 11, 23, 6, 30, tzinfo=UTC
    )
