"""Stories in the database, on both engines."""

from __future__ import annotations

import itertools
from datetime import timedelta

from models.story import Relation, StoryLink
from pipeline.search import parse_query
from pipeline.store import Store
from tests.pipeline.store.material import NOW, new, province, topic


def link(store: Store, number: int, story: str, relation: Relation = Relation.INDEPENDENT) -> StoryLink:
    stored = store.get(new(number).article.url)
    assert stored is not None
    evidence = ("same text",)
    return StoryLink(id=str(stored.id), story=story, relation=relation, origin="ttxvn", evidence=evidence)


def test_a_story_tells_of_the_whole_of_its_articles(store: Store) -> None:
    store.save([new(2, outlet="b", title="Gốc", provinces=(province("vn34:48"),))], now=NOW)
    later = NOW + timedelta(hours=1)
    store.save(
        [new(1, outlet="a", language="en", provinces=(province("vn34:48"), province("vn34:46")))], now=later
    )
    store.set_stories([link(store, 2, "s", Relation.ORIGINAL), link(store, 1, "s", Relation.TRANSLATION)])
    story = store.story("s")
    assert story is not None
    assert (story.headline, story.total, story.first_seen_at, story.last_seen_at) == ("Gốc", 2, NOW, later)
    assert (story.outlets, story.languages, story.provinces) == (
        ("b", "a"),
        ("vi", "en"),
        ("vn34:48", "vn34:46"),
    )
    assert [hit.relation for hit in story.articles] == ["translation", "original"]
    stored = store.get(new(1).article.url)
    assert stored is not None
    assert (stored.story, stored.origin, stored.story_evidence) == ("s", "ttxvn", ("same text",))


def test_a_story_follows_a_new_version_of_its_article(store: Store) -> None:
    store.save([new(1, title="Cháy chợ", provinces=(province("vn34:48"),))], now=NOW)
    store.set_stories([link(store, 1, "s", Relation.ORIGINAL)])
    second = new(1, title="Cháy chợ: hai người bị thương", provinces=(province("vn34:46"),))
    store.save([second], now=NOW + timedelta(hours=1))
    story = store.story("s")
    assert story is not None
    assert (story.headline, story.provinces) == (second.article.title, ("vn34:46",))
    assert story.first_seen_at == story.last_seen_at == NOW


def test_the_id_of_a_story_that_merged_stays_valid(store: Store) -> None:
    store.save([new(1), new(2), new(3)], now=NOW)
    store.set_stories([link(store, 1, "s1"), link(store, 2, "s2"), link(store, 3, "s3")])
    store.set_stories([link(store, 3, "s2")])
    store.set_stories([link(store, 2, "s1"), link(store, 3, "s1")])
    assert [store.resolve_story(old) for old in ("s1", "s2", "s3", "never")] == ["s1", "s1", "s1", "never"]
    story = store.story("s3")
    assert story is not None
    assert (story.id, story.total) == ("s1", 3)
    assert store.stats().stories == 1


def test_setting_the_same_stories_again_changes_nothing(store: Store) -> None:
    store.save([new(1), new(2)], now=NOW)
    links = [link(store, 1, "s"), link(store, 2, "s")]
    store.set_stories(links)
    before = store.story("s")
    store.set_stories(links)
    assert store.story("s") == before


def test_a_link_to_an_article_that_is_not_there_is_passed_over(store: Store) -> None:
    lost = StoryLink(id="12345", story="s", relation=Relation.ORIGINAL, origin="", evidence=())
    store.set_stories([lost])
    assert store.story("s") is None


def test_a_digest_window_has_what_was_first_seen_after_its_start_up_to_its_end(store: Store) -> None:
    for hour in range(4):
        store.save([new(hour + 1, title=f"giờ {hour}")], now=NOW + timedelta(hours=hour))
    window = store.stories_between(NOW, NOW + timedelta(hours=2))
    assert sorted(each.headline for each in window) == ["giờ 1", "giờ 2"]


def test_consecutive_windows_have_each_article_once(store: Store) -> None:
    for minute in range(40):
        store.save([new(minute)], now=NOW + timedelta(minutes=minute))
    edges = [NOW + timedelta(minutes=minute - 1) for minute in (0, 7, 8, 30, 41)]
    found = [
        hit.url
        for since, until in itertools.pairwise(edges)
        for story in store.stories_between(since, until)
        for hit in story.articles
    ]
    assert sorted(found) == sorted(new(number).article.url for number in range(40))


def test_a_digest_has_the_articles_that_fit_its_query_and_no_backfill(store: Store) -> None:
    batch = [
        new(1, topics=(topic("weather"),)),
        new(2, topics=(topic("weather"),), backfill=True),
        new(3, topics=(topic("economy"),)),
    ]
    store.save(batch, now=NOW)
    query = parse_query("topic:medtop:weather", now=NOW)
    [story] = store.stories_between(NOW - timedelta(days=1), NOW, query)
    assert [hit.url for hit in story.articles] == [new(1).article.url]
    assert story.total == 1


def test_a_digest_shows_the_matching_articles_of_a_story_and_its_whole_size(store: Store) -> None:
    store.save([new(1, outlet="a"), new(2, outlet="b")], now=NOW)
    store.set_stories([link(store, 1, "s"), link(store, 2, "s")])
    [story] = store.stories_between(NOW - timedelta(days=1), NOW, parse_query("báo:a", now=NOW))
    assert (story.id, [hit.outlet for hit in story.articles], story.total) == ("s", ["a"], 2)
