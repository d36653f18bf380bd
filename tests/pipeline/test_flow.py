"""What the joints decide by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.refetch import due_at
from models.document import Article, Entry
from models.outcome import Reason
from pipeline.flow import entry_hash, is_backfill, retitled

NOW = datetime(2026, 11, 15, 6, 0, tzinfo=UTC)
ENTRY = Entry(link="https://a.vn/x", title="Mưa lớn ở Huế", guid="1", updated_at=NOW)


def article(age: timedelta | None) -> Article:
    published = None if age is None else NOW - age
    return Article(url="https://a.vn/x", outlet="a", title="T", text="x", published_at=published)


@pytest.mark.parametrize(
    ("age", "first_poll", "old"),
    [
        (timedelta(days=3), True, True),
        (timedelta(hours=20), True, False),
        (timedelta(days=3), False, False),
        (None, True, False),
    ],
)
def test_only_old_stock_of_a_first_poll_is_backfill(
    age: timedelta | None, first_poll: bool, old: bool
) -> None:
    assert is_backfill(article(age), first_poll=first_poll, now=NOW) is old


def test_an_entry_says_changed_only_by_its_title_or_update_time() -> None:
    said = entry_hash(ENTRY)
    assert said
    assert entry_hash(replace(ENTRY, summary="khác", title="Mưa  lớn ở Huế".replace("  ", " "))) == said
    assert entry_hash(replace(ENTRY, title="Mưa rất lớn ở Huế")) != said
    assert entry_hash(replace(ENTRY, updated_at=NOW + timedelta(hours=1))) != said


def test_a_title_is_told_from_a_time_that_changed() -> None:
    said = [entry_hash(ENTRY), entry_hash(replace(ENTRY, title="Mưa ở Huế"))]
    assert not retitled(entry_hash(replace(ENTRY, updated_at=NOW + timedelta(hours=1))), said)
    assert retitled(entry_hash(replace(ENTRY, title="Mưa rất lớn ở Huế")), said)


def test_a_bare_link_says_nothing() -> None:
    assert entry_hash(None) == ""
    assert entry_hash(Entry(link="https://a.vn/x", title="Mưa lớn ở Huế")) == ""


def fetch(stored: bool, changed: bool, reason: Reason | None, attempts: int, hours: float) -> bool:
    last = NOW - timedelta(hours=hours)
    due = due_at(stored=stored, changed=changed, reason=reason, attempts=attempts, tried_at=last)
    return due is not None and due <= NOW


@pytest.mark.parametrize(
    ("stored", "changed", "reason", "attempts", "hours", "again"),
    [
        (False, False, None, 0, 0, True),
        (True, False, Reason.STORED, 0, 100, False),
        (True, True, Reason.STORED, 0, 1, True),
        (False, False, Reason.TIMEOUT, 1, 0.1, False),
        (False, False, Reason.TIMEOUT, 1, 0.2, True),
        (False, False, Reason.TIMEOUT, 2, 0.5, False),
        (False, False, Reason.TIMEOUT, 2, 1.5, True),
        (False, False, Reason.TIMEOUT, 9, 1000, False),
        (False, False, Reason.MISSING, 1, 1, False),
        (False, False, Reason.MISSING, 1, 7, True),
        (False, False, Reason.NOT_AN_ARTICLE, 1, 1000, False),
    ],
)
def test_what_is_fetched_again(
    stored: bool, changed: bool, reason: Reason | None, attempts: int, hours: float, again: bool
) -> None:
    assert fetch(stored, changed, reason, attempts, hours) is again
