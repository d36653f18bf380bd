"""What the tests of province tags share."""

from __future__ import annotations

from datetime import UTC, datetime

from models.tags import ProvinceTag, Rejected, Role, Taggable
from pipeline.tag.gazetteer import Gazetteer
from pipeline.tag.provinces import ProvinceTagger
from tests.conftest import ROOT
from tests.support import tables

CASES = ROOT / "tests" / "pipeline" / "tag" / "cases.jsonl"
AFTER_MERGER = datetime(2026, 5, 5, tzinfo=UTC)
BEFORE_MERGER = datetime(2024, 5, 5, tzinfo=UTC)


def tagger() -> ProvinceTagger:
    """The tagger over the shipped tables."""
    return tables.tagger().provinces


def gazetteer() -> Gazetteer:
    """The shipped gazetteer."""
    return tagger().gazetteer


def tag(
    title: str,
    body: str = "",
    *,
    lang: str = "vi",
    published: datetime | None = AFTER_MERGER,
    lead: str = "",
    home: str = "",
) -> tuple[tuple[ProvinceTag, ...], tuple[Rejected, ...]]:
    """Tag an article of these fields."""
    article = Taggable(
        title=title, body=body, lead=lead, language=lang, published=published, home_province=home
    )
    return tagger().tag(article)


def about(
    title: str, body: str = "", *, lang: str = "vi", published: datetime | None = AFTER_MERGER
) -> list[str]:
    """The bare codes that the article is about, most central first."""
    return [t.code[5:] for t in tag(title, body, lang=lang, published=published)[0] if t.role == Role.ABOUT]


def mentioned(
    title: str, body: str = "", *, lang: str = "vi", published: datetime | None = AFTER_MERGER
) -> list[str]:
    """The bare codes that the article only mentions."""
    return [
        t.code[5:] for t in tag(title, body, lang=lang, published=published)[0] if t.role == Role.MENTIONED
    ]


def former(
    title: str, body: str = "", *, lang: str = "vi", published: datetime | None = AFTER_MERGER
) -> list[str]:
    """The bare codes of the former units found."""
    tags = tag(title, body, lang=lang, published=published)[0]
    return [code[5:] for t in tags for code in t.old_codes]
