"""How URLs and endpoints are remembered, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.outcome import Outcome, Reason, Stage
from models.ports import EndpointState
from pipeline.store import Store
from tests.pipeline.store.material import NOW, new, remember

URL = "https://bao.example.vn/bai-1.html"


def ended(reason: Reason, hours: int = 0, url: str = URL, detail: str = "") -> Outcome:
    at = NOW + timedelta(hours=hours)
    return Outcome(url=url, outlet="bao-mot", stage=Stage.FETCH, reason=reason, at=at, detail=detail)


def test_every_url_stands_once_with_its_outcome(store: Store) -> None:
    store.record([ended(Reason.ROBOTS, url=f"https://a.vn/{number}") for number in range(3)])
    store.record([ended(Reason.MISSING, url="https://a.vn/1", detail="404")])
    listed = [(each.url, each.reason, each.detail) for each in store.outcomes()]
    assert listed == [
        ("https://a.vn/0", Reason.ROBOTS, ""),
        ("https://a.vn/1", Reason.MISSING, "404"),
        ("https://a.vn/2", Reason.ROBOTS, ""),
    ]


@pytest.mark.parametrize("later", [Reason.KNOWN, Reason.UNCHANGED, Reason.TIMEOUT, Reason.NOT_AN_ARTICLE])
def test_a_stored_url_stays_stored_whatever_a_later_meeting_brings(store: Store, later: Reason) -> None:
    store.save([new(1)], now=NOW)
    store.record([ended(later, hours=2)])
    [outcome] = store.outcomes()
    assert (outcome.reason, outcome.at) == (Reason.STORED, NOW)
    assert (outcome.last_reason, outcome.last_at, outcome.times) == (later, NOW + timedelta(hours=2), 2)


def test_a_url_that_failed_and_then_was_stored_is_stored(store: Store) -> None:
    store.record([ended(Reason.TIMEOUT), ended(Reason.HTTP_ERROR, hours=1)])
    assert store.known([URL])[URL].attempts == 2
    store.save([new(1)], now=NOW + timedelta(hours=2))
    known = store.known([URL])[URL]
    assert (known.stored, known.reason, known.attempts) == (True, Reason.STORED, 0)


def test_a_url_that_is_passed_over_keeps_when_it_was_tried_and_how_long_it_is_to_wait(store: Store) -> None:
    until = NOW + timedelta(hours=9)
    store.record([replace(ended(Reason.HTTP_ERROR), not_before=until), ended(Reason.KNOWN, hours=1)])
    known = store.known([URL])[URL]
    assert (known.tried_at, known.not_before, known.attempts) == (NOW, until, 1)
    store.record([ended(Reason.TIMEOUT, hours=9)])
    known = store.known([URL])[URL]
    assert (known.tried_at, known.not_before, known.attempts) == (until, None, 2)


def test_fetches_that_find_the_same_page_are_counted_until_one_brings_another_version(store: Store) -> None:
    for _ in range(3):
        store.save([new(1)], now=NOW)
    assert store.known([URL])[URL].attempts == 2
    store.save([new(1, text="Bản mới.")], now=NOW)
    assert store.known([URL])[URL].attempts == 0


def test_the_same_outcome_again_keeps_its_time(store: Store) -> None:
    store.record([ended(Reason.ROBOTS), ended(Reason.ROBOTS, hours=5)])
    [outcome] = store.outcomes()
    assert (outcome.at, outcome.first_at, outcome.last_at) == (NOW, NOW, NOW + timedelta(hours=5))


def test_each_asked_address_gets_the_outcome_of_its_article(store: Store) -> None:
    asked = ("https://bao.example.vn/r/1", "https://bao.example.vn/r/2")
    store.save([new(1, asked=asked)], now=NOW)
    assert [(each.url, each.reason) for each in store.outcomes()] == [(url, Reason.STORED) for url in asked]
    assert all(each.stored for each in store.known([*asked, URL]).values())


def test_a_url_never_met_is_not_known(store: Store) -> None:
    assert store.known([URL, "", "x" * 5000]) == {}


def test_counts_are_by_standing_outcome_or_by_what_happened_since(store: Store) -> None:
    store.save([new(1), new(2)], now=NOW)
    store.record([ended(Reason.KNOWN, hours=2), ended(Reason.ROBOTS, hours=2, url="https://a.vn/1")])
    assert store.outcome_counts() == {Reason.STORED: 2, Reason.ROBOTS: 1}
    assert store.outcome_counts(since=NOW + timedelta(hours=1)) == {Reason.KNOWN: 1, Reason.ROBOTS: 1}


def test_outcomes_are_listed_by_outlet_reason_and_time(store: Store) -> None:
    store.record([ended(Reason.ROBOTS, hours=n, url=f"https://a.vn/{n}") for n in range(1200)])
    store.record([ended(Reason.MISSING, url="https://b.vn/")])
    assert len(list(store.outcomes())) == 1201
    assert [each.url for each in store.outcomes(reason=Reason.MISSING)] == ["https://b.vn/"]
    assert len(list(store.outcomes(since=NOW + timedelta(hours=1190)))) == 10
    assert list(store.outcomes(outlet="bao-hai")) == []


def test_an_endpoint_is_remembered(store: Store) -> None:
    state = EndpointState(
        url="https://bao.example.vn/rss", outlet="bao-mot", etag='"x"', polls=1, next_due_at=NOW
    )
    remember(store, state)
    assert store.endpoint_state(state.url) == state
    changed = replace(state, etag="", failures=2, next_due_at=NOW + timedelta(hours=1))
    remember(store, changed)
    assert store.endpoint_states() == [changed]
    assert store.endpoint_state("https://other.vn/rss") is None
