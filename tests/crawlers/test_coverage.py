"""Feed, sitemap and listing compared."""

from __future__ import annotations

from crawlers.coverage import Missed, cover
from models.outlet import EndpointKind

FEED, SITEMAP, LISTING = EndpointKind


def test_what_one_kind_missed_is_named_with_those_that_had_it() -> None:
    found = cover("bao", [("a", FEED), ("a", SITEMAP), ("b", SITEMAP), ("b", SITEMAP), ("c", FEED)])
    assert (found.total, found.named, found.alone) == (3, {FEED: 2, SITEMAP: 2}, {FEED: 1, SITEMAP: 1})
    assert found.missed == (
        Missed(url="b", named_by=(SITEMAP,), missed_by=(FEED,)),
        Missed(url="c", named_by=(FEED,), missed_by=(SITEMAP,)),
    )


def test_a_kind_that_is_polled_and_named_nothing_missed_everything() -> None:
    found = cover("bao", [("a", FEED), ("b", FEED)], polled=[FEED, SITEMAP])
    assert (found.named, found.alone) == ({FEED: 2, SITEMAP: 0}, {FEED: 2, SITEMAP: 0})
    assert [(each.url, each.missed_by) for each in found.missed] == [("a", (SITEMAP,)), ("b", (SITEMAP,))]


def test_a_kind_that_the_outlet_does_not_have_missed_nothing() -> None:
    found = cover("bao", [("a", LISTING), ("b", LISTING)])
    assert found.missed == ()
    assert found.named == {LISTING: 2}
