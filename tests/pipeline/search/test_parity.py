"""The same queries give the same answers on SQLite, on PostgreSQL and by looking at every article."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from models.query import SeenBetween
from pipeline.parity import NOW, Typist, fill, fits, found, random_texts
from pipeline.search import parse_query
from pipeline.store import Order, Store, StoredArticle, matching, open_store
from pipeline.store.conditions import Found
from tests.conftest import Databases

QUERIES = 110


@pytest.fixture(scope="module")
def pair(sqlite_databases: Databases, postgres_databases: Databases) -> Iterator[tuple[Store, Store]]:
    with open_store(sqlite_databases.ready()) as one, open_store(postgres_databases.ready()) as other:
        for store in (one, other):
            fill(store)
        yield one, other


@pytest.fixture(scope="module")
def everything(pair: tuple[Store, Store]) -> list[StoredArticle]:
    return pair[0].articles(list(pair[0].all_ids()))


@pytest.mark.parametrize("large", [True, False], ids=["as in a large database", "as in a small one"])
def test_both_engines_find_exactly_what_fits_newest_first(
    pair: tuple[Store, Store], everything: list[StoredArticle], large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever way leads there; which it is depends on how many articles a filter leaves and words have."""
    if large:
        for measure in ("SCARCE", "SCARCE_IN_TEXT", "COMMON"):
            monkeypatch.setattr(matching, measure, 0)
    typist = Typist(1)
    sizes = []
    for text in [typist.query() for _ in range(QUERIES)]:
        query = parse_query(text, now=NOW)
        expected = [stored.id for stored in everything if fits(query.where, stored)]
        assert [found(store, query) for store in pair] == [expected, expected], text
        sizes.append(len(expected))
    assert sum(0 < size < 250 for size in sizes) > QUERIES // 2  # the queries do tell articles apart


def test_the_window_of_a_digest_holds_the_same_as_looking_at_every_article(
    pair: tuple[Store, Store], everything: list[StoredArticle]
) -> None:
    typist = Typist(4)
    for text in [typist.query() for _ in range(40)]:
        window = SeenBetween(NOW, NOW + timedelta(hours=typist.chance.randint(1, 3)))
        query = parse_query(text, now=NOW).narrowed(window)
        expected = [stored.id for stored in everything if fits(query.where, stored)]
        assert [found(store, query) for store in pair] == [expected, expected], text


def test_an_article_that_a_search_finds_has_conditions_by_which_it_does_and_no_other_has(
    everything: list[StoredArticle],
) -> None:
    typist = Typist(3)
    articles = [(stored, Found(stored)) for stored in everything]
    for text in [typist.query() for _ in range(QUERIES)]:
        where = parse_query(text, now=NOW).where
        for stored, article in articles:
            conditions = article.by(where)
            assert (conditions is not None) == fits(where, stored), text
            assert all(fits(each, stored) for each in conditions or ()), text


def test_both_engines_count_and_rank_alike(pair: tuple[Store, Store]) -> None:
    typist = Typist(2)
    for text in [typist.query() for _ in range(25)]:
        query = parse_query(text, now=NOW)
        first, second = ((store.count(query), store.facets(query)) for store in pair)
        assert first == second, text
        best = [[hit.id for hit in store.search(query, order=Order.BEST).hits] for store in pair]
        assert best[0] == best[1], text


def test_random_characters_never_raise(pair: tuple[Store, Store]) -> None:
    for number, text in enumerate(random_texts(1500)):
        query = parse_query(text, now=NOW)
        if number % 20 == 0:
            first, second = (found(store, query) for store in pair)
            assert first == second, text
