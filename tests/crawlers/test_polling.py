"""When endpoints are asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.polling import (
    CEILING,
    FLOOR,
    GONE,
    UNKNOWN_PACE,
    back_off,
    is_due,
    next_due,
    pace,
    retry_after_of,
)
from models.ports import EndpointState

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


@pytest.mark.parametrize(
    ("published", "interval"),
    [
        ([], UNKNOWN_PACE),
        ([ago(minutes=n) for n in range(10)], FLOOR),
        ([ago(minutes=40 * n) for n in range(10)], timedelta(minutes=20)),
        ([ago(hours=6 * n) for n in range(4)], timedelta(hours=3)),
        ([ago(days=30 * n) for n in range(4)], CEILING),
        # a feed that had been quick and fell silent two days ago is asked every half day
        ([ago(days=2, minutes=n) for n in range(10)], timedelta(hours=12)),
        ([ago(days=400)], CEILING),
        # dates ahead of the clock say nothing
        ([NOW + timedelta(days=1)], UNKNOWN_PACE),
    ],
)
def test_the_pace_follows_the_endpoints_own_history(published: list[datetime], interval: timedelta) -> None:
    assert pace(published, NOW) == interval


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(1, 10), (2, 20), (3, 40), (5, 160), (8, 1280), (9, 1440), (50, 1440), (10_000, 1440)],
)
def test_failures_double_the_wait_up_to_a_day_and_never_end_it(failures: int, minutes: int) -> None:
    waits = [back_off(failures, Random(seed)) for seed in range(200)]
    assert min(waits) >= timedelta(minutes=minutes) * 0.75
    assert max(waits) <= timedelta(minutes=minutes) * 1.25
    assert len(set(waits)) > 100


def test_success_resets_the_wait() -> None:
    rng = Random(1)
    assert next_due(NOW, rng, failures=6) - NOW > timedelta(hours=3)
    assert next_due(NOW, rng, failures=0, interval=FLOOR) - NOW <= FLOOR * 1.25


def test_gone_means_once_a_week() -> None:
    assert next_due(NOW, Random(1), failures=1, status=410) == NOW + GONE


def test_retry_after_lengthens_a_wait_and_never_shortens_it() -> None:
    assert next_due(NOW, Random(1), failures=1, retry_after=timedelta(hours=7)) == NOW + timedelta(hours=7)
    assert next_due(NOW, Random(1), failures=9, retry_after=timedelta(seconds=1)) > NOW + timedelta(hours=17)
    assert next_due(NOW, Random(1), failures=1, retry_after=timedelta(days=4000)) == NOW + GONE


@given(st.integers(0, 10**6), st.timedeltas(), st.integers(0, 599), st.integers())
def test_every_endpoint_is_due_again_within_a_week_and_a_half(
    failures: int, interval: timedelta, status: int, seed: int
) -> None:
    due = next_due(NOW, Random(seed), failures=failures, interval=interval, status=status)
    assert NOW + FLOOR * 0.75 <= due <= NOW + GONE


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("Sun, 22 Nov 2026 03:10:00 GMT", timedelta(minutes=10)),
        ("Sun, 22 Nov 2020 03:10:00 GMT", timedelta(0)),
        ("99999999999999999999", GONE),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("²", None),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str, wait: timedelta | None) -> None:
    assert retry_after_of(header, NOW) == wait


@pytest.mark.parametrize(
    ("polled", "due", "expected"),
    [
        (None, None, True),
        (-60, -30, True),
        (-60, 30, False),
        (26 * 60, 27 * 60, True),  # polled while the clock stood a day ahead
        (2, 60, False),  # within what two machines may differ by
    ],
)
def test_r5_a_due_time_reckoned_from_a_wrong_clock_is_not_believed(
    polled: int | None, due: int | None, expected: bool
) -> None:
    """Minutes from now."""
    at = [None if each is None else NOW + timedelta(minutes=each) for each in (polled, due)]
    state = EndpointState(url="u", outlet="o", last_polled_at=at[0], next_due_at=at[1])
    assert is_due(state, NOW) is expected
    assert is_due(None, NOW)
