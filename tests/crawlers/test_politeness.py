"""What is owed to hosts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crawlers.politeness import (
    MAX_WAIT,
    Politeness,
    RobotsAnswer,
    after_failure,
    limits,
    throttled_delay,
)
from crawlers.refusal import Refused
from models.outcome import Reason
from models.outlet import FetchPolicy
from tests.support.outlets import outlet


class Clock:
    """Monotonic seconds that a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_outlets_that_share_a_host_share_the_kinder_limit() -> None:
    first = replace(outlet(hosts=("www.bao.example",)), fetch=FetchPolicy(parallel=4, delay=1.0))
    second = replace(outlet(hosts=("bao.example", "cu.example")), fetch=FetchPolicy(parallel=2, delay=5.0))
    found = limits([first, second])
    assert found["bao.example"] == found["www.bao.example"] == (2, 5.0)
    assert found["cu.example"] == found["www.cu.example"] == (2, 5.0)


@pytest.mark.parametrize(
    ("current", "floor", "latency", "failed", "new"),
    [
        (3.0, 3.0, 0.2, False, 3.0),  # a quick host is never asked faster than declared
        (3.0, 3.0, 10.0, False, 10.0),  # a slow one is given the time that it needs
        (10.0, 3.0, 1.0, False, 5.5),  # and comes back step by step
        (10.0, 3.0, 1.0, True, 10.0),  # but not by failing quickly
        (3.0, 3.0, 500.0, False, 60.0),  # a minute at most
        (90.0, 90.0, 1.0, False, 90.0),  # unless robots.txt asks for more
    ],
)
def test_the_pause_follows_how_fast_the_host_answers(
    current: float, floor: float, latency: float, failed: bool, new: float
) -> None:
    assert throttled_delay(current, floor, latency, 1, failed=failed) == new


def test_a_wait_that_a_host_asked_for_ends() -> None:
    clock = Clock()
    politeness = Politeness(clock=clock)
    politeness.wait("bao.example", 120, "429: too many requests")
    with pytest.raises(Refused) as refused:
        politeness.check("bao.example")
    assert refused.value.reason is Reason.HTTP_ERROR
    politeness.check("khac.example")
    clock.now += 121
    politeness.check("bao.example")


def test_a_wait_is_kept_whole_and_not_cut_short_by_a_later_one() -> None:
    clock = Clock()
    politeness = Politeness(clock=clock)
    politeness.wait("bao.example", 20 * 3600, "429: too many requests")
    politeness.wait("bao.example", 60, "3 requests in a row went unanswered")
    clock.now += 19 * 3600
    with pytest.raises(Refused) as refused:
        politeness.check("bao.example")
    assert refused.value.reason is Reason.HTTP_ERROR
    assert refused.value.wait == timedelta(hours=1)
    politeness.wait("bao.example", 10**9, "429: too many requests")
    clock.now += MAX_WAIT
    politeness.check("bao.example")


def test_a_host_is_given_up_only_after_three_failures_in_a_row() -> None:
    politeness = Politeness(clock=Clock())
    for _ in range(2):
        politeness.failed("bao.example")
    politeness.answered("bao.example")
    for _ in range(2):
        politeness.failed("bao.example")
    politeness.check("bao.example")
    politeness.failed("bao.example")
    with pytest.raises(Refused) as refused:
        politeness.check("bao.example")
    assert refused.value.reason is Reason.UNREACHABLE


def test_robots_rules_are_believed_for_a_day() -> None:
    clock = Clock()
    politeness = Politeness(clock=clock)
    politeness.robots["https://bao.example"] = RobotsAnswer(None, "", clock())
    clock.now += 23 * 3600
    assert politeness.robots_of("https://bao.example") is not None
    clock.now += 2 * 3600
    assert politeness.robots_of("https://bao.example") is None


@pytest.mark.parametrize(("failures", "minutes"), [(1, 10), (2, 20), (4, 80), (50, 24 * 60)])
def test_robots_that_fail_are_asked_for_again_after_a_wait_that_grows(failures: int, minutes: int) -> None:
    clock = Clock()
    politeness = Politeness(clock=clock)
    answer: RobotsAnswer | None = None
    for _ in range(failures):
        answer = after_failure(answer, "503 for robots.txt", clock())
    assert answer is not None
    politeness.robots["https://bao.example"] = answer
    clock.now += minutes * 60 - 1
    assert politeness.robots_of("https://bao.example") == answer
    assert answer.refused
    clock.now += 2
    assert politeness.robots_of("https://bao.example") is None
