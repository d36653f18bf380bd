"""Whether an address that was met before is fetched again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.refetch import PASSING, due_at, is_put_off
from models.outcome import Reason

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def again(
    reason: Reason | None,
    attempts: int,
    since: timedelta,
    *,
    stored: bool = False,
    changed: bool = False,
    retitled: bool = False,
) -> bool:
    due = due_at(
        stored=stored,
        changed=changed,
        retitled=retitled,
        reason=reason,
        attempts=attempts,
        tried_at=NOW - since,
    )
    return due is not None and due <= NOW


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("attempts", [0, 1, 99])
def test_every_outcome_has_an_answer_after_any_number_of_attempts(reason: Reason, attempts: int) -> None:
    assert again(reason, attempts, timedelta(days=400)) in (True, False)
    assert not again(reason, attempts, timedelta(days=400), stored=True)
    assert again(reason, attempts, timedelta(days=400), stored=True, changed=True)


@pytest.mark.parametrize(("attempts", "hours"), [(0, 0), (1, 1), (2, 6), (3, 24), (6, 720), (99, 720)])
def test_the_stamps_of_an_entry_are_believed_less_each_time_that_its_page_is_the_same(
    attempts: int, hours: int
) -> None:
    short, wait = timedelta(hours=hours - 0.1), timedelta(hours=hours)
    assert again(Reason.STORED, attempts, wait, stored=True, changed=True)
    assert not hours or not again(Reason.STORED, attempts, short, stored=True, changed=True)


def test_a_new_title_is_believed_within_the_hour_whatever_stamps_were_worth() -> None:
    told = {"stored": True, "changed": True, "retitled": True}
    assert again(Reason.STORED, 0, timedelta(0), **told)
    assert not again(Reason.STORED, 99, timedelta(minutes=59), **told)
    assert again(Reason.STORED, 99, timedelta(hours=1), **told)


def test_a_passing_failure_is_tried_again_later_and_not_for_ever() -> None:
    assert not again(Reason.TIMEOUT, 1, timedelta(minutes=9))
    assert again(Reason.TIMEOUT, 1, timedelta(minutes=10))
    assert not again(Reason.TIMEOUT, 2, timedelta(minutes=10))
    assert not again(Reason.TIMEOUT, 5, timedelta(days=400))


def test_what_is_no_article_is_not_asked_again() -> None:
    assert not again(Reason.NOT_AN_ARTICLE, 0, timedelta(days=400))
    assert not again(Reason.DUPLICATE, 0, timedelta(days=400))


@pytest.mark.parametrize("reason", sorted(PASSING))
def test_what_failed_for_a_passing_cause_is_put_off_until_it_is_given_up(reason: Reason) -> None:
    for attempts, put_off in ((1, True), (99, False)):
        due = due_at(stored=False, changed=False, reason=reason, attempts=attempts, tried_at=NOW)
        assert is_put_off(due, NOW, stored=False, reason=reason) is put_off


def test_a_page_that_is_gone_is_not_waited_for() -> None:
    due = due_at(stored=False, changed=False, reason=Reason.MISSING, attempts=1, tried_at=NOW)
    assert not is_put_off(due, NOW, stored=False, reason=Reason.MISSING)


def test_a_new_title_that_has_to_wait_is_put_off_and_a_stamp_that_is_hardly_believed_is_not() -> None:
    for retitled, put_off in ((True, True), (False, False)):
        due = due_at(
            stored=True, changed=True, retitled=retitled, reason=Reason.STORED, attempts=99, tried_at=NOW
        )
        assert is_put_off(due, NOW, stored=True, reason=Reason.STORED) is put_off
