"""What the joints decide by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.refetch import due_at
from models.document import Article, Entry
from models.outcome import Reason
from models.ports import Candidate
from pipeline.flow import changed, entry_hash, is_backfill, retitled, stamped
from pipeline.store.values import Known

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


def test_a_time_that_an_entry_had_before_or_that_is_to_come_says_nothing() -> None:
    """As one of a wrong zone, which is passed hours after the page was fetched."""

    def told(before: str, at: datetime, now: datetime) -> bool:
        entry = Entry(link="https://a.vn/x", title="Mưa lớn ở Huế", published_at=at)
        candidate = Candidate(url="https://a.vn/x", outlet="a", endpoint="https://a.vn/rss", entry=entry)
        known = Known(
            url="https://a.vn/x",
            stored=True,
            entry_hashes=(before or entry_hash(entry),),
            reason=Reason.STORED,
            last_reason=Reason.STORED,
            tried_at=NOW,
        )
        return stamped(candidate, known, now)

    ahead, later = NOW + timedelta(hours=7), NOW + timedelta(hours=8)
    assert told("title.", ahead, later)
    assert not told("", ahead, later), "it led to the fetch"
    assert not told("title.", ahead, NOW + timedelta(hours=6))
    assert not told("title.", NOW, later)


def test_a_time_alone_is_no_other_title_and_keeps_no_title_from_being_told() -> None:
    alone = entry_hash(Entry(link="https://a.vn/x", updated_at=NOW))
    titled = entry_hash(ENTRY)
    assert alone
    assert not changed(alone, [titled])
    assert not retitled(alone, [titled])
    assert not changed(titled, [alone]), "nothing was said of the title before"
    assert changed(entry_hash(replace(ENTRY, title="Mưa rất lớn ở Huế")), [alone, titled])
