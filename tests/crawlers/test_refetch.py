"""Whether an address that was met before is fetched again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.refetch import should_fetch
from models.outcome import Reason

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def again(reason: Reason | None, attempts: int, since: timedelta, **changes: bool) -> bool:
    told = {"stored": False, "changed": False, **changes}
    return should_fetch(reason=reason, attempts=attempts, last_at=NOW - since, now=NOW, **told)


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("attempts", [0, 1, 99])
def test_every_outcome_has_an_answer_after_any_number_of_attempts(reason: Reason, attempts: int) -> None:
    assert again(reason, attempts, timedelta(days=400)) in (True, False)
    assert not again(reason, attempts, timedelta(days=400), stored=True)
    assert again(reason, attempts, timedelta(0), stored=True, changed=True)


def test_a_passing_failure_is_tried_again_later_and_not_for_ever() -> None:
    assert not again(Reason.TIMEOUT, 1, timedelta(minutes=9))
    assert again(Reason.TIMEOUT, 1, timedelta(minutes=10))
    assert not again(Reason.TIMEOUT, 2, timedelta(minutes=10))
    assert not again(Reason.TIMEOUT, 5, timedelta(days=400))


def test_what_is_no_article_is_not_asked_again() -> None:
    assert not again(Reason.NOT_AN_ARTICLE, 0, timedelta(days=400))
    assert not again(Reason.DUPLICATE, 0, timedelta(days=400))
