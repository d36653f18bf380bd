"""Articles join stories as they are stored, on both engines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from pipeline.commands.quality import tagged
from pipeline.placing import place_new
from pipeline.store import NewArticle, Store, stories
from pipeline.store.clues import BAND, CLUE, STALE, waiting
from pipeline.store.sqltables import ARTICLE, BODY
from pipeline.stories import Grouper
from pipeline.stories_stored import new_article
from tests.pipeline.store.material import NOW, new
from tests.pipeline.stories.documents import more_records
from tests.support.tables import new_grouper, tagger

EVENTS = (
    "bao-so-2",
    "phu-quoc-flights",
    "gold-0609",
    "gold-0610",
    "bus-crash-lc",
    "bus-crash-dn",
    "mekong-mou",
)


@lru_cache(maxsize=1)
def placing() -> Grouper:
    return new_grouper()


@lru_cache(maxsize=1)
def articles() -> tuple[tuple[dict[str, Any], NewArticle], ...]:
    """Some labelled events as articles with their province tags."""
    chosen = [record for record in more_records() if record["story"] in EVENTS]
    return tuple((record, article_of(record)) for record in chosen)


def article_of(record: dict[str, Any]) -> NewArticle:
    [each] = tagged([record], tagger())
    made = new_article(each)
    return replace(made, article=replace(made.article, credit=record["origin"] or ""))


def keep(store: Store, found: Iterable[NewArticle], at: datetime) -> None:
    store.save(list(found), now=at)
    place_new(store, placing())


def stories_of(store: Store, found: Sequence[NewArticle]) -> dict[str, str]:
    stored = {each.article.url: store.get(each.article.url) for each in found}
    return {url: each.story for url, each in stored.items() if each is not None}


def partition(story_of: dict[str, str]) -> set[frozenset[str]]:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for url, story in story_of.items():
        groups[story].add(url)
    return {frozenset(group) for group in groups.values()}


def gold() -> set[frozenset[str]]:
    return partition({each.article.url: record["story"] for record, each in articles()})


LATER = datetime.fromisoformat("2026-06-20T00:00:00+07:00")


def test_articles_that_come_at_once_make_the_stories_of_the_events(store: Store) -> None:
    found = [each for _, each in articles()]
    keep(store, found, LATER)
    assert len(partition(stories_of(store, found)) & gold()) >= len(gold()) - 2


@pytest.mark.parametrize("backwards", [False, True])
def test_articles_that_come_one_by_one_make_the_same_stories(store: Store, backwards: bool) -> None:
    found = [each for _, each in articles()]
    for start in range(0, len(found), 4):
        keep(store, (found[::-1] if backwards else found)[start : start + 4], LATER)
    assert len(partition(stories_of(store, found)) & gold()) >= len(gold()) - 2
    assert all(stories_of(store, found).values())


def test_a_late_copy_joins_by_its_text_and_a_translation_by_its_facts(store: Store) -> None:
    event = [each for record, each in articles() if record["story"] == "phu-quoc-flights"]
    keep(store, event[:1], LATER)
    [story] = set(stories_of(store, event[:1]).values())
    for each in event[1:]:
        keep(store, [each], LATER)
    assert set(stories_of(store, event).values()) == {story}


def test_two_stories_that_turn_out_to_be_one_merge_whole_and_both_ids_stay_valid(store: Store) -> None:
    event = [each for record, each in articles() if record["story"] == "bao-so-2"][:4]
    keep(store, event[:1], LATER)
    [first] = set(stories_of(store, event[:1]).values())
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE article SET story_id = 'st-sent' WHERE story_id IS NOT NULL")
        connection.exec_driver_sql("UPDATE story SET id = 'st-sent'")
    unlike = replace(
        event[0], article=replace(new(7).article, text="Voọc con ở Cát Bà.", title="Voọc Cát Bà")
    )
    keep(store, [unlike], LATER)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE article SET story_id = 'st-other' WHERE story_id <> 'st-sent'")
        connection.exec_driver_sql("UPDATE story SET id = 'st-other' WHERE id <> 'st-sent'")
        stories.merge(connection, "st-other", "st-sent")
    keep(store, event[1:], LATER)
    assert store.resolve_story("st-other") == "st-sent"
    whole = store.story("st-other")
    assert whole is not None
    assert {hit.url for hit in whole.articles} >= {unlike.article.url, *(each.article.url for each in event)}
    assert first != "st-sent"


def test_placing_reads_only_what_is_worth_comparing(store: Store) -> None:
    keep(
        store, [new(number, title=f"Bài {number}", text=f"Chuyện thứ {number}.") for number in range(40)], NOW
    )
    asked: list[int] = []
    grouper = new_grouper()
    plain = grouper.join

    def join(documents: Any, others: Any, *rest: Any, **more: Any) -> Any:
        asked.append(len(others))
        return plain(documents, others, *rest, **more)

    grouper.join = join  # type: ignore[method-assign,assignment]
    store.save([articles()[0][1]], now=LATER)
    place_new(store, grouper)
    assert asked == [0]


def test_nothing_waits_after_placing_and_placing_again_does_nothing(store: Store) -> None:
    keep(store, [each for _, each in articles()[:6]], LATER)
    assert place_new(store, placing()) == 0


def test_an_article_that_lost_its_text_holds_up_no_other(store: Store) -> None:
    store.save([each for _, each in articles()[:3]], now=LATER)
    with store.writing() as connection:
        connection.execute(delete(BODY).where(BODY.c.article_id == min(store.all_ids())))
    assert place_new(store, placing()) > 0
    with store.reading() as connection:
        assert len(waiting(connection, 10)) == 1
    assert place_new(store, placing()) == 0


def test_the_clues_of_a_removed_article_go_with_it(store: Store) -> None:
    keep(store, [articles()[0][1]], LATER)
    assert rows(store)[0] == 16
    assert rows(store)[1] > 5
    store.prune(before=LATER + timedelta(days=1), now=LATER + timedelta(days=1))
    assert rows(store) == (0, 0)


def test_facts_of_long_ago_are_forgotten_and_bands_stay(store: Store) -> None:
    keep(store, [articles()[0][1]], LATER)
    late = replace(
        articles()[1][1], article=replace(articles()[1][1].article, published_at=LATER + timedelta(60))
    )
    keep(store, [late], LATER + timedelta(days=61))
    bands, _ = rows(store)
    assert bands == 32
    with store.reading() as connection:
        assert connection.scalar(select(func.count(func.distinct(CLUE.c.article_id)))) == 1


def rows(store: Store) -> tuple[int, int]:
    """How many bands and how many facts are kept."""
    with store.reading() as connection:
        counts = [connection.scalar(select(func.count()).select_from(table)) for table in (BAND, CLUE)]
    return int(counts[0] or 0), int(counts[1] or 0)


def clues_of(store: Store, number: int) -> tuple[set[int], set[int]]:
    """The bands and the facts kept of one article."""
    with store.reading() as connection:
        bands = connection.execute(select(BAND.c.value).where(BAND.c.article_id == number))
        facts = connection.execute(select(CLUE.c.clue).where(CLUE.c.article_id == number))
        return {row[0] for row in bands}, {row[0] for row in facts}


def test_an_article_that_takes_another_text_keeps_its_story_and_is_found_by_the_new_text(
    store: Store,
) -> None:
    first, other = articles()[0][1], articles()[-1][1]
    keep(store, [first], LATER)
    before = store.get(first.article.url)
    assert before is not None
    revised = replace(
        first, article=replace(first.article, title=other.article.title, text=other.article.text)
    )
    store.save([revised], now=LATER + timedelta(hours=1))
    assert clues_of(store, before.id) == (set(), {STALE})
    place_new(store, placing())
    after = store.get(first.article.url)
    assert after is not None
    assert after.story == before.story
    document = replace(revised.article, url="https://bao.example/ban-sao")
    keep(store, [NewArticle(article=document, tags=revised.tags)], LATER + timedelta(hours=2))
    copy = store.get(document.url)
    assert copy is not None
    assert clues_of(store, copy.id) == clues_of(store, before.id)
    assert copy.story == before.story


BRIDGE = (
    "Cầu Mây Trắng bắc qua sông Ô Lâu thông xe sáng thứ hai sau bốn năm thi công. Nhà thầu Phú Sơn cho biết"
    " mặt cầu rộng mười hai mét, hai bên có lối đi bộ lát gỗ và hàng đèn thấp cho người tập thể dục."
)
FERRY = (
    "Bến phà Cây Gạo đóng cửa từ chiều cùng ngày, mười sáu người lái phà được nhận vào đội giữ gìn vệ sinh."
    " Bà Lê Thị Nhạn, bán nước ở bến đã ba mươi năm, dọn quán sang đầu đường mới để đón khách qua lại."
)


def report_of(number: int, title: str, text: str) -> NewArticle:
    return new(number, title=title, lead="", text=text, outlet=f"bao-{number}")


def test_a_late_article_that_tells_what_two_stories_told_joins_them_whole(store: Store) -> None:
    bridge = report_of(9, "Thông xe cầu Mây Trắng", BRIDGE)
    ferry = report_of(8, "Bến phà Cây Gạo ngừng chạy", FERRY)
    keep(store, [bridge], NOW)
    keep(store, [ferry, report_of(7, "Phà Cây Gạo đóng cửa", FERRY)], NOW)
    apart = stories_of(store, [bridge, ferry])
    older, younger = apart[bridge.article.url], apart[ferry.article.url]
    assert older != younger
    late = report_of(1, "Cầu Mây Trắng thay phà Cây Gạo", f"{BRIDGE}\n{FERRY}")
    keep(store, [late], NOW)
    assert store.resolve_story(younger) == older
    whole = store.story(younger)
    assert whole is not None
    assert len(whole.articles) == 4
    with store.reading() as connection:
        assert list(connection.execute(select(ARTICLE.c.story_id).distinct())) == [(older,)]
