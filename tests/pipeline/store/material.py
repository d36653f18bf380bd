"""Articles of our own for the tests of store and search."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from models.document import Article
from models.tags import Evidence, ProvinceTag, Role, Tags, TopicTag
from pipeline.store import NewArticle

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def province(code: str, *old: str, role: Role = Role.ABOUT, score: float = 0.9) -> ProvinceTag:
    """A province tag with a piece of evidence."""
    return ProvinceTag(code, old, role, score, (Evidence("title", 0, 2, "Đà", "name"),))


def topic(name: str) -> TopicTag:
    """A topic tag."""
    return TopicTag(f"medtop:{name}", name, 0.8, ())


def new(
    number: int = 1,
    *,
    provinces: tuple[ProvinceTag, ...] = (),
    topics: tuple[TopicTag, ...] = (),
    asked: tuple[str, ...] = (),
    entry_hash: str = "",
    endpoint: str = "https://bao.example.vn/rss",
    backfill: bool = False,
    **fields: Any,
) -> NewArticle:
    """An article to be stored, number for number an hour older."""
    article = Article(
        url=f"https://bao.example.vn/bai-{number}.html",
        outlet="bao-mot",
        title=f"Cầu mới qua sông số {number}",
        lead="Cây cầu nối hai xã bên sông.",
        text="Sáng nay người dân đi trên cây cầu mới.\nXe tải nặng vẫn đi đường cũ.",
        language="vi",
        published_at=NOW - timedelta(hours=number),
        published_from="jsonld",
    )
    return NewArticle(
        article=replace(article, **fields),
        tags=Tags(language=fields.get("language", "vi"), provinces=provinces, topics=topics),
        asked_urls=asked,
        entry_hash=entry_hash,
        endpoint=endpoint,
        backfill=backfill,
    )


VOCABULARY = (
    "đà nẵng da nang cảng biển năm nắm nam hoà bình hòa thuỷ thủy sản lũ bão quảng trị quang tri huế hue "
    "đường đương duong sắt thép port bridge storm covid-19 H5N1 2026 xã phường khoẻ khỏe mua mùa múa"
).split()
OUTLETS = ("bao-mot", "bao-hai", "news-three")
CODES = ("vn34:48", "vn34:46", "vn34:44")
OLD_CODES = {"vn34:48": ("vn63:48", "vn63:49"), "vn34:46": ("vn63:46",), "vn34:44": ("vn63:44", "vn63:45")}
TOPICS = ("weather", "economy", "health")


def newsroom(count: int, seed: int = 7) -> list[NewArticle]:
    """Articles of random words, tags and dates; the same for the same seed."""
    chance = random.Random(seed)
    return [_random_article(chance, number) for number in range(count)]


def _random_article(chance: random.Random, number: int) -> NewArticle:
    tags = []
    for code in chance.sample(CODES, chance.randint(0, 2)):
        old = tuple(chance.sample(OLD_CODES[code], chance.randint(0, 1)))
        tags.append(province(code, *old, role=chance.choice(list(Role))))
    return new(
        number,
        provinces=tuple(tags),
        topics=tuple(map(topic, chance.sample(TOPICS, chance.randint(0, 2)))),
        outlet=chance.choice(OUTLETS),
        language=chance.choice(("vi", "en")),
        credit=chance.choice(("", "ttxvn", "vov")),
        title=" ".join(chance.choices(VOCABULARY, k=chance.randint(2, 6))).capitalize(),
        lead=" ".join(chance.choices(VOCABULARY, k=chance.randint(0, 5))),
        text=". ".join(" ".join(chance.choices(VOCABULARY, k=6)) for _ in range(chance.randint(1, 4))),
        published_at=chance.choice((None, NOW - timedelta(minutes=chance.randint(0, 20_000)))),
    )
