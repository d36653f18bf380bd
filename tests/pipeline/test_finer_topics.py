"""Who asks for a topic gets the finer ones below it; who corrects one means it alone."""

from __future__ import annotations

import pytest

from pipeline.search import filtered, parse_query
from pipeline.store import Store
from tests.pipeline.store.material import NOW, new, topic
from tests.support.tables import names


@pytest.mark.parametrize(
    "asked", ["topic:04000000", "topic:medtop:04000000", 'chủ-đề:"kinh doanh"', 'chu-de:"kinh doanh"']
)
def test_a_search_for_a_topic_finds_articles_of_the_finer_ones(store: Store, asked: str) -> None:
    store.save([new(1, topics=(topic("20000385"),)), new(2, topics=(topic("15000000"),))], now=NOW)
    page = store.search(parse_query(asked, names(), now=NOW))
    assert [hit.url for hit in page.hits] == [new(1).article.url]


def test_an_option_for_a_topic_finds_articles_of_the_finer_ones(store: Store) -> None:
    store.save([new(1, topics=(topic("20000385"),))], now=NOW)
    query = filtered(parse_query("", now=NOW), names(), now=NOW, topics=["medtop:04000000"])
    assert store.count(query) == 1


def test_finer_topics_are_found_at_any_depth_and_no_others() -> None:
    topics = names().topics.topics
    for name in topics:
        below = set(names().topics.with_finer([name])) - {name}
        assert all({topics[each].parent, topics[each].top} & (below | {name}) for each in below)
        assert all(each.id in below for each in topics.values() if each.parent == name != each.id)
