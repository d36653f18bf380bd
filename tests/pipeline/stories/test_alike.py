"""Days on which very many articles are alike: what placing one of them costs stays bounded."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from models.story import StoryDocument
from models.tags import Taggable
from pipeline import stories
from pipeline.bench_pages import story as bench_story
from pipeline.placing import MOST_CANDIDATES, MOST_WEAK, place_new, worth_comparing
from pipeline.store import NewArticle, Store
from pipeline.store.clues import CROWDED
from pipeline.store.identity import first_id
from pipeline.stories import window
from pipeline.stories.clues import Clues
from pipeline.stories.features import features_of
from pipeline.stories.similarity import likeness
from pipeline.stories.window import MOST_CANDIDATES as MOST_IN_A_WINDOW
from pipeline.stories.window import MOST_MEMBERS, MOST_STORIES
from tests.pipeline.store.material import NOW, new
from tests.pipeline.stories.documents import doc
from tests.support.tables import new_grouper, tagger

BEFORE, AFTER = 60, 8
MOST_COMPARED, MOST_OF_MANY = 400, 60
"""Comparisons that the next article costs, and each of many at once, rounded up from what they take today."""
TOWNS = "Đà Nẵng,Cần Thơ,Lào Cai,Nghệ An,Quảng Trị,Gia Lai,Đắk Lắk,An Giang,Cà Mau,Sơn La".split(",")
WORDS = """người dân chính quyền lực lượng tiếp tục hỗ trợ sau mưa lớn nước sông dâng nhiều tuyến đường ngập
giao thông chia cắt học sinh nghỉ học điện lưới gián đoạn cứu hộ đưa đến nơi an toàn thuốc men""".split()

Told = tuple[str, str]
"""A headline and a text."""


def words(chance: random.Random, number: int) -> str:
    return " ".join(chance.choices(WORDS, k=number))


def a_wire(number: int) -> Told:
    """One agency's text, which each paper cuts elsewhere."""
    chance = random.Random(1)
    sentences = [f"{words(chance, 20).capitalize()} ở {town}." for town in TOWNS]
    del sentences[number % len(TOWNS)]
    return "Bão số 9 đổ bộ Quảng Trị, nhiều nhà tốc mái", " ".join(sentences)


def a_storm(number: int) -> Told:
    """Reports of their own words on one storm."""
    chance, town = random.Random(number), TOWNS[number % len(TOWNS)]
    lines = [
        f"{words(chance, 20)} tại {chance.choice(TOWNS)} có {chance.randint(2, 999)} nhà." for _ in range(6)
    ]
    return f"Bão số 9: {town} sơ tán dân", f"Bão số 9 Mặt Trời đang tiến vào Quảng Trị. {' '.join(lines)}"


def a_template(number: int) -> Told:
    """Advertising of a lottery: one text, other names and figures."""
    chance = random.Random(number)
    lines = [
        f"Khách hàng {chance.choice(['Nguyễn', 'Trần', 'Lê'])} {chance.choice(['An', 'Hạnh', 'Lan'])} ở "
        f"{chance.choice(TOWNS)} trúng {chance.randint(100, 999)} triệu đồng trong kỳ quay số mở thưởng, "
        "đại lý bán vé được thưởng theo quy định của công ty."
        for _ in range(6)
    ]
    return f"Trao thưởng khách hàng {chance.choice(TOWNS)} trúng lớn", " ".join(lines)


def a_bench(number: int) -> Told:
    """What collecting is measured with."""
    told = bench_story(number)
    return told.title, "\n".join(told.paragraphs)


ALIKE = pytest.mark.parametrize("tell", [a_wire, a_storm, a_template, a_bench])


def article_of(tell: Callable[[int], Told], number: int) -> NewArticle:
    title, text = tell(number)
    outlet, at = f"bao-{number}", NOW - timedelta(minutes=1000 - number)
    article = new(number, title=title, lead="", text=text, outlet=outlet, published_at=at).article
    tags = tagger().tag(Taggable(title=title, lead="", body=text, language="vi", published=at, outlet=outlet))
    return NewArticle(article=article, tags=tags)


@dataclass
class Work:
    compared: int = 0
    read: int = 0


@contextmanager
def counted(patch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Count the comparisons of two articles and the texts that are read for them."""
    work = Work()

    def compare(*pair: Any) -> Any:
        work.compared += 1
        return likeness(*pair)

    def read(*given: Any) -> Any:
        work.read += 1
        return features_of(*given)

    with patch.context() as patched:
        patched.setattr(window, "likeness", compare)
        patched.setattr(stories, "features_of", read)
        yield work


@ALIKE
def test_the_next_of_very_many_alike_articles_costs_a_bounded_number_of_comparisons(
    store: Store, tell: Callable[[int], Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    grouper = new_grouper()
    store.save([article_of(tell, number) for number in range(BEFORE)], now=NOW)
    place_new(store, grouper)
    reached = MOST_CANDIDATES + MOST_STORIES * MOST_MEMBERS
    for number in range(BEFORE, BEFORE + AFTER):
        store.save([article_of(tell, number)], now=NOW)
        grouper = new_grouper()  # that has met none of them
        with counted(monkeypatch) as work:
            place_new(store, grouper)
        assert work.compared <= MOST_COMPARED
        assert work.read <= 1 + reached


@ALIKE
def test_very_many_alike_articles_at_once_cost_a_bounded_number_of_comparisons_each(
    tell: Callable[[int], Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [document_of(tell, number) for number in range(3 * MOST_IN_A_WINDOW)]
    with counted(monkeypatch) as work:
        new_grouper().group(documents)
    assert work.compared <= len(documents) * MOST_OF_MANY
    assert work.read == len(documents)


def document_of(tell: Callable[[int], Told], number: int) -> StoryDocument:
    title, text = tell(number)
    return doc(text, title=title, outlet=f"bao-{number}", hours=number / 60)


def at(hours: float) -> int:
    """The id of an article that came so many hours before noon."""
    return first_id(NOW - timedelta(hours=hours))


def near(clue_of: dict[str, list[float]]) -> list[int]:
    """What an article of noon is compared with, given when the articles came that have each of its facts."""
    facts = dict(enumerate(clue_of))
    holders = {clue: [at(0), *map(at, clue_of[fact])] for clue, fact in facts.items()}
    return worth_comparing(at(0), Clues((), facts), holders, {}, total=10_000)


def test_of_the_many_that_share_one_rare_fact_a_few_are_compared_the_nearest_in_time() -> None:
    assert near({"#7654321": [hour * 3 for hour in range(30, 0, -1)]}) == [at(3), at(6), at(9)][:MOST_WEAK]


def test_those_that_share_several_rare_facts_come_before_those_that_share_one() -> None:
    hours = [float(hour) for hour in range(50, 30, -1)]
    assert near({"#7654321": [1, 2, 3, 4, *hours], "n:o lam": hours}) == [
        *(at(hour) for hour in sorted(hours)[:MOST_CANDIDATES])
    ]


def test_what_very_many_have_leads_nowhere() -> None:
    assert near({"n:bao": [hour / 10 for hour in range(CROWDED + 1)]}) == []


def test_a_reprint_stays_one_however_many_reports_of_the_event_follow(store: Store) -> None:
    """Of a large story a few members are read; what was told of the others stands."""
    texts = {number: a_storm(number) for number in range(18)}
    texts[12] = texts[8]
    relations: list[str] = []
    for number in texts:
        store.save([article_of(texts.__getitem__, number)], now=NOW)
        place_new(store, new_grouper())
        if number >= 12:
            found = store.get(article_of(texts.__getitem__, 12).article.url)
            assert found is not None
            relations.append(found.relation)
    assert set(relations) == {"reprint"}
