"""The health of outlets over a real database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crawlers.health import State
from models.outcome import Outcome, Reason, Stage
from models.outlet import EndpointKind
from models.ports import EndpointState, Named
from pipeline.dates import VIETNAM
from pipeline.store import Store, collection
from pipeline.watch import check_health, coverage_of, diagnose_all, latest_naming
from tests.pipeline.store.material import NOW, new, remember
from tests.support.outlets import endpoint, outlet

FEED_KIND, SITEMAP_KIND, LISTING_KIND = EndpointKind
FEED = "https://bao.example.vn/rss"
PAPER = outlet(endpoint(FEED), slug="bao-mot", hosts=("bao.example.vn",))


def state(**changes: object) -> EndpointState:
    fields = {"polls": 3, "last_success_at": NOW, "last_count": 5, **changes}
    return EndpointState(url=FEED, outlet="bao-mot", **fields)  # type: ignore[arg-type]


def test_figures_are_counted_by_day_from_what_was_named_and_stored(store: Store) -> None:
    store.save([new(1), new(2)], now=NOW - timedelta(hours=1))
    store.save([new(3)], now=NOW - timedelta(hours=30))
    store.record(
        [
            Outcome(
                url=f"{FEED}/{n}", outlet="bao-mot", stage=Stage.EXTRACT, reason=reason, at=NOW, endpoint=FEED
            )
            for n, reason in enumerate([Reason.TOO_SHORT, Reason.CHALLENGE])
        ]
    )
    with store.writing() as connection:
        for hours, url in ((1, "a"), (30, "b")):
            named = [Named(url, NOW - timedelta(hours=hours + 1)), Named("c", None)]
            collection.add_namings(connection, "bao-mot", FEED, "feed", named, NOW - timedelta(hours=hours))
    remember(store, state())
    (found,) = diagnose_all(store, [PAPER], NOW)
    figures = found.figures
    assert (figures.named[-2:], figures.stored[-2:]) == ((1, 2), (1, 2))
    assert (figures.tried, figures.kept, figures.refused) == (5, 3, 1)
    assert figures.newest == NOW - timedelta(hours=2)
    assert found.state is State.OK


TODAY, DAY = NOW.astimezone(VIETNAM).date(), timedelta(days=1)


def named(store: Store, kind: EndpointKind, *links: tuple[str, datetime | None], at: datetime = NOW) -> None:
    with store.writing() as connection:
        each = [Named(url, published_at) for url, published_at in links]
        collection.add_namings(connection, "bao-mot", f"{FEED}/{kind}", kind, each, at)


def test_coverage_goes_by_when_an_article_was_published_whatever_each_endpoint_says(store: Store) -> None:
    """A listing gives no time, and a sitemap that of its last rebuild; the page's own is known."""
    yesterday = new(30)
    store.save([yesterday], now=NOW)
    url = yesterday.article.url
    named(store, FEED_KIND, (url, yesterday.article.published_at))
    named(store, LISTING_KIND, (url, None))
    named(store, SITEMAP_KIND, (url, NOW), ("https://bao.example.vn/khac.html", NOW))
    before = coverage_of(store, PAPER, TODAY - DAY)
    assert (before.total, before.named) == (1, {FEED_KIND: 1, SITEMAP_KIND: 1, LISTING_KIND: 1})
    today = coverage_of(store, PAPER, TODAY)
    assert today.named == {SITEMAP_KIND: 1}


def test_a_feed_that_was_asked_and_named_nothing_missed_what_a_sitemap_had(store: Store) -> None:
    named(store, SITEMAP_KIND, ("a", NOW))
    remember(store, state(failures=3, last_reason="timeout", last_count=0))
    found = coverage_of(store, PAPER, TODAY)
    assert found.named == {FEED_KIND: 0, SITEMAP_KIND: 1}
    assert [each.missed_by for each in found.missed] == [(FEED_KIND,)]


def test_of_a_day_before_an_endpoint_was_first_asked_it_missed_nothing(store: Store) -> None:
    named(store, SITEMAP_KIND, ("a", NOW - 10 * DAY), at=NOW - 10 * DAY)
    remember(store, state())
    found = coverage_of(store, PAPER, TODAY - 10 * DAY)
    assert (found.named, found.missed) == ({SITEMAP_KIND: 1}, ())


def test_an_article_under_two_addresses_was_missed_by_neither_who_named_one(store: Store) -> None:
    tracked = "https://bao.example.vn/xem?IID=1"
    store.save([new(1, asked=(tracked,))], now=NOW)
    named(store, FEED_KIND, (tracked, NOW))
    named(store, SITEMAP_KIND, (new(1).article.url, None), at=NOW + 3 * DAY)
    found = coverage_of(store, PAPER, TODAY)
    assert (found.total, found.missed) == (1, ())


def test_without_an_article_the_earliest_time_that_was_said_counts(store: Store) -> None:
    named(store, FEED_KIND, ("a", NOW - DAY), ("b", None))
    named(store, SITEMAP_KIND, ("a", NOW))
    assert [coverage_of(store, PAPER, day).total for day in (TODAY - DAY, TODAY)] == [1, 1]
    assert latest_naming(store, "bao-mot", NOW) == NOW
    assert latest_naming(store, "bao-hai", NOW) is None


@pytest.mark.parametrize("dated", [True, False])
def test_an_outlet_that_fell_silent_is_stale_for_good(store: Store, dated: bool) -> None:
    """Its feed answers every day with what it named two months ago; that is forgotten, but for the last."""
    first = NOW - 60 * DAY
    for day in range(20):
        at = first + day * DAY
        named(store, FEED_KIND, (f"a{day}", at if dated else None), at=at)
    remember(store, state(last_count=20))
    for day in (0, 1, 30):
        check_health(store, [PAPER], NOW + day * DAY)
        (found,) = diagnose_all(store, [PAPER], NOW + day * DAY)
        assert found.state is State.STALE
        assert found.figures.newest == first + 19 * DAY


def test_the_alarm_comes_with_the_second_check_and_the_recovery_with_the_next_good_one(store: Store) -> None:
    heard = []
    bad = state(failures=2, last_reason="timeout")
    for hour, each in enumerate((bad, bad, bad, state(), state())):
        remember(store, each)
        checked = check_health(store, [PAPER], NOW + timedelta(hours=hour))
        heard += [(hour, notice.recovered) for notice in checked.notices]
    assert heard == [(1, False), (3, True)]
