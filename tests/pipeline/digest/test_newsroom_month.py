"""T14: thirty days on the newsroom's articles, in eight time zones, over clocks set forward and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.digest import Digest, Subscription
from models.document import Article
from models.story import Relation
from models.tags import ProvinceTag, Role, Tags, TopicTag
from pipeline.digest_month import Seed, check, fill, play, subscribers
from pipeline.names import Names
from pipeline.store import NewArticle, Store, open_store
from tests.newsroom.sources import WEEK_START, Gold, load_gold
from tests.support import tables

DAYS = 30
EVERY = timedelta(hours=2)
"""How often a collection of the month stores what it met; cut-offs lie between."""
RELATIONS = {"original": Relation.ORIGINAL, "reprint": Relation.REPRINT, "follow": Relation.FOLLOW_UP}
Played = tuple[Store, Names, list[Subscription], dict[str, list[Digest]]]


def seed(gold: Gold) -> Seed:
    """An article of the newsroom with the labels of its sources."""
    provinces = tuple(ProvinceTag(f"vn34:{code}", (), Role.ABOUT, 0.9, ()) for code in gold.provinces)
    topics = tuple(TopicTag(topic, "", 0.9, ()) for topic in gold.topics)
    return Seed(
        article=NewArticle(
            article=Article(
                url=gold.url,
                outlet=gold.outlet,
                title=gold.title,
                lead=gold.lead,
                text=gold.text[:200],
                language=gold.lang,
                published_at=gold.published,
            ),
            tags=Tags(language=gold.lang, provinces=provinces, topics=topics),
        ),
        story=gold.story,
        relation=RELATIONS.get(gold.relation.partition("_")[0], Relation.INDEPENDENT),
        after=(gold.published - WEEK_START) // EVERY * EVERY,
    )


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    names = tables.names()
    file: Path = tmp_path_factory.mktemp("month") / "month.sqlite3"
    with open_store(f"sqlite:///{file}") as store:
        fill(store, [seed(gold) for gold in load_gold() if gold.outcome in ("stored", "revised")], DAYS)
        wanted = subscribers(8)
        wanted = [replace(each, sections=subscribers(32)[n * 4].sections) for n, each in enumerate(wanted)]
        yield store, names, wanted, play(store, names, wanted, DAYS, write=False)


def test_no_story_is_told_twice_no_article_missed_and_no_digest_skipped(month: Played) -> None:
    store, names, wanted, digests = month
    found = check(store, names, wanted, digests, DAYS)
    assert found.faults == ()
    assert found.zones == 8
    assert found.digests == found.due > 8 * 20
    assert found.stories > 500
    assert any(digest.updates for each in digests.values() for digest in each)


def test_a_repeated_story_a_lost_article_and_a_skipped_digest_would_be_seen(month: Played) -> None:
    store, names, wanted, digests = month
    mine = digests[wanted[0].slug]
    lost = replace(mine[3], sections=(), found=0, highlights=())
    for broken, said in (
        ([*mine[:5], *mine[6:]], "no digest on"),
        ([*mine[:3], lost, *mine[4:]], "0 were found"),
        ([*mine[:5], replace(mine[5], sections=mine[4].sections), *mine[6:]], "told 2 times"),
    ):
        faults = check(store, names, wanted[:1], {wanted[0].slug: broken}, DAYS).faults
        assert any(said in fault for fault in faults)
