"""Articles of our own for the tests of store and search."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from models.document import Article
from models.ports import EndpointState
from models.tags import Evidence, ProvinceTag, Role, Tags, TopicTag
from pipeline.parity import NOW, newsroom
from pipeline.store import EndpointRead, NewArticle, Store

__all__ = ["NOW", "new", "newsroom", "province", "remember", "topic"]


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


def remember(store: Store, *states: EndpointState) -> None:
    """Have endpoints stand where they were read to stand at NOW."""
    store.record([], [EndpointRead(state, NOW) for state in states])
