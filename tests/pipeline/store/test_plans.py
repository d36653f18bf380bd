"""The questions asked most find their rows by an index, which keeps them as fast in ten million."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from models.query import All, Among, Between, Facet, Node, SeenBetween, Words
from pipeline.store import Store, open_store
from pipeline.store.matching import numbers_sql
from tests.conftest import Databases
from tests.pipeline.store.material import NOW, newsroom

RARE = Among(Facet.PROVINCE, ("vn34:48",))
BRIDGE = Words(("cầu",), exact=True)


@pytest.fixture(scope="module")
def store(sqlite_databases: Databases) -> Iterator[Store]:
    with open_store(sqlite_databases.ready()) as store:
        store.save(newsroom(50), now=NOW)
        yield store


def plan_of(store: Store, where: Node) -> str:
    with store.reading() as connection:
        matcher, sql = numbers_sql(connection, where, limit=20)
        return "\n".join(row[3] for row in matcher.run(connection, f"EXPLAIN QUERY PLAN {sql}"))


@pytest.mark.parametrize(
    ("where", "way"),
    [
        (SeenBetween(NOW - timedelta(days=1), NOW), "USING INDEX ix_article_seen (first_seen_at>? AND"),
        (RARE, "USING COVERING INDEX ix_article_province_code (code=? AND role=?)"),
        (Among(Facet.TOPIC, ("medtop:health",)), "USING COVERING INDEX ix_article_topic_topic (topic=?)"),
        (Among(Facet.OUTLET, ("bao-mot",)), "USING COVERING INDEX ix_article_outlet (outlet=?)"),
        (
            Between(NOW - timedelta(days=1), NOW),
            "SEARCH article USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        ),
        (BRIDGE, "SCAN article_search VIRTUAL TABLE INDEX"),
        (All((BRIDGE, Between(NOW - timedelta(days=1), None))), "SCAN article_search VIRTUAL TABLE INDEX"),
    ],
)
def test_a_list_is_read_from_an_index(store: Store, where: Node, way: str) -> None:
    plan = plan_of(store, where)
    assert way in plan
    assert "SCAN article\n" not in plan


@pytest.mark.parametrize("where", [All(), BRIDGE, Between(None, NOW)])
def test_the_newest_come_in_order_without_sorting(store: Store, where: Node) -> None:
    assert "TEMP B-TREE" not in plan_of(store, where)
