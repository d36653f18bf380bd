"""Answering a Query: pages of hits, counts, facets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from models.errors import StoreError
from models.query import All, Among, AnyOf, Between, Facet, FacetCount, Node, Page, Query, SearchHit
from pipeline.store import reading
from pipeline.store.forms import body_of
from pipeline.store.identity import day_expression
from pipeline.store.matching import matching_ids, numbers_sql
from pipeline.store.snippets import Finder

MAX_PAGE = 1000
RANKED = 300  # the newest matches among which the best are chosen
COUNTED = 100_000  # the newest matches that counts and facets look at
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Order(StrEnum):
    """How results are ordered. `BEST` ranks the newest RANKED matches."""

    NEWEST = "newest"
    BEST = "best"


def search(
    connection: Connection, query: Query, *, limit: int, cursor: str, order: Order, total: bool
) -> Page:
    """One page of results. Raises StoreError for a cursor that is none of ours."""
    limit = min(max(limit, 1), MAX_PAGE)
    page = _best if order is Order.BEST else _newest
    found, following = page(connection, query.where, limit, _read_cursor(cursor, order))
    return Page(
        hits=found,
        next_cursor=following,
        total=count(connection, query.where) if total else None,
        notes=query.notes,
        explanations=query.explanations,
    )


def _read_cursor(cursor: str, order: Order) -> int | None:
    """An article's number, or how many of the RANKED were shown: no number is as small as those."""
    if not cursor:
        return None
    digits = cursor.isascii() and cursor.isdecimal() and len(cursor) < 18
    if not digits or (int(cursor) <= RANKED) is not (order is Order.BEST):
        raise StoreError(
            "not a place in a list",
            about=cursor[:40],
            hint="start from the first page, in the same order as the page before",
        )
    return int(cursor)


def _newest(
    connection: Connection, where: Node, limit: int, before: int | None
) -> tuple[Sequence[SearchHit], str]:
    numbers = matching_ids(connection, where, limit=limit + 1, before=before)
    following = str(numbers[limit - 1]) if len(numbers) > limit else ""
    return reading.hits(connection, numbers[:limit], where), following


def _best(
    connection: Connection, where: Node, limit: int, offset: int | None
) -> tuple[Sequence[SearchHit], str]:
    """The newest matches, best first and newest first among equals."""
    finder = Finder.of(where)
    numbers = matching_ids(connection, where, limit=RANKED)
    scores = {
        stored.id: finder.score(stored.article.title, body_of(stored.article.lead, stored.article.text))
        for stored in reading.articles(connection, numbers)
    }
    ranked = sorted(scores, key=lambda number: (-scores[number], -number))
    start = offset or 0
    following = str(start + limit) if start + limit < len(ranked) else ""
    return reading.hits(connection, ranked[start : start + limit], where), following


def count(connection: Connection, where: Node) -> int:
    """How many articles fit, counting up to COUNTED."""
    matcher, inner = numbers_sql(connection, where, limit=COUNTED)
    return int(matcher.run(connection, f"SELECT count(*) FROM ({inner}) AS matching")[0][0])  # noqa: S608


FACETS = (Facet.PROVINCE, Facet.TOPIC, Facet.OUTLET, Facet.LANGUAGE, Facet.DAY)


def facets(
    connection: Connection, query: Query, wanted: Sequence[Facet], limit: int
) -> dict[Facet, list[FacetCount]]:
    """For each facet, how many results have which value, the most frequent first (days: the latest first).

    A facet's own filter is left out of its counts, so that they say what choosing another value would give;
    all other filters hold. Counts look at the newest COUNTED matches. An empty value counts the articles
    that have none.
    """
    shared: dict[Node, list[Facet]] = {}
    for facet in wanted:
        shared.setdefault(without(query.where, facet), []).append(facet)
    counted: dict[Facet, list[FacetCount]] = {}
    for where, mine in shared.items():
        counted |= _count_facets(connection, where, mine)
    return {facet: _ordered(facet, counted.get(facet, []))[:limit] for facet in wanted}


def without(where: Node, facet: Facet) -> Node:
    """The query without the conditions on one facet that hold for the whole of it."""
    parts = where.parts if isinstance(where, All) else (where,)
    return All(tuple(part for part in parts if not _is_about(part, facet)))


def _is_about(part: Node, facet: Facet) -> bool:
    if isinstance(part, AnyOf):
        return bool(part.parts) and all(_is_about(each, facet) for each in part.parts)
    if isinstance(part, Between):
        return facet is Facet.DAY
    return isinstance(part, Among) and part.facet is facet


def _count_facets(
    connection: Connection, where: Node, wanted: Sequence[Facet]
) -> dict[Facet, list[FacetCount]]:
    """Counts for several facets over one set of matches, gathered once."""
    matcher, inner = numbers_sql(connection, where, limit=COUNTED)
    counts = " UNION ALL ".join(dict.fromkeys(_FACET_SQL[facet] for facet in wanted))
    sums: dict[Facet, Counter[str]] = {facet: Counter() for facet in wanted}
    sql = f"WITH matching AS MATERIALIZED (SELECT id FROM ({inner}) AS numbers) {counts}"  # noqa: S608
    for kind, first, second, number in matcher.run(connection, sql):
        for facet, value in _values(kind, first, second):
            if facet in sums:
                sums[facet][value] += number
    return {
        facet: [FacetCount(value, number) for value, number in each.items()] for facet, each in sums.items()
    }


# Each gives: what it counts, its one or two values, how many. Outlet and language are counted together, so
# that each article is looked up once.
_OF_ARTICLE = (
    "SELECT 'article', article.outlet, article.language, count(*) FROM matching "
    "JOIN article ON article.id = matching.id GROUP BY article.outlet, article.language"
)
_DAY = day_expression("id")
_FACET_SQL = {
    Facet.PROVINCE: (
        "SELECT 'province', coalesce(p.code, ''), '', count(*) FROM matching LEFT JOIN article_province p "
        "ON p.article_id = matching.id AND p.role = 'about' GROUP BY p.code"
    ),
    Facet.TOPIC: (
        "SELECT 'topic', coalesce(t.topic, ''), '', count(*) FROM matching LEFT JOIN article_topic t "
        "ON t.article_id = matching.id GROUP BY t.topic"
    ),
    Facet.WATCHLIST: (
        "SELECT 'watchlist', coalesce(w.watchlist, ''), '', count(*) FROM matching "
        "LEFT JOIN article_watchlist w ON w.article_id = matching.id GROUP BY w.watchlist"
    ),
    Facet.OUTLET: _OF_ARTICLE,
    Facet.LANGUAGE: _OF_ARTICLE,
    Facet.DAY: (
        f"SELECT 'day', CAST({_DAY} AS VARCHAR), '', count(*) FROM matching GROUP BY {_DAY}"  # noqa: S608
    ),
}


def _values(kind: str, first: str, second: str) -> list[tuple[Facet, str]]:
    """The facets that a row of counts is about, with their values."""
    if kind == "article":
        return [(Facet.OUTLET, first), (Facet.LANGUAGE, second)]
    facet = Facet(kind)
    return [(facet, _day(first) if facet is Facet.DAY else first)]


def _day(value: str) -> str:
    return (_EPOCH + timedelta(days=int(value))).date().isoformat()


def _ordered(facet: Facet, counted: list[FacetCount]) -> list[FacetCount]:
    if facet is Facet.DAY:
        return sorted(counted, key=lambda each: each.value, reverse=True)
    return sorted(counted, key=lambda each: (-each.count, each.value))
