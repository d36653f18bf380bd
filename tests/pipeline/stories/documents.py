"""Documents for the tests of grouping."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.story import StoryDocument
from pipeline.commands.quality import tagged
from pipeline.stories_stored import story_document
from tests.support.tables import tagger

CONFIG = Path(__file__).resolve().parents[3] / "config"
EVENTS = Path(__file__).parent / "events.jsonl"
MORE_EVENTS = Path(__file__).parent / "more_events.jsonl"
NOON = datetime(2026, 4, 8, 5, 0, tzinfo=UTC)  # noon in Việt Nam, a Wednesday


def doc(text: str = "", *, title: str = "", lead: str = "", hours: float = 0, **more: Any) -> StoryDocument:
    """A document; its id and address come from its headline and outlet unless given."""
    outlet = more.pop("outlet", "tuoitre")
    name = more.pop("id", f"{outlet}-{title or text[:30]}-{hours}")
    plain = StoryDocument(
        id=name,
        outlet=outlet,
        language=more.pop("language", "vi"),
        url=f"https://{outlet}.example/{name}",
        title=title,
        lead=lead,
        text=text,
        published_at=NOON + timedelta(hours=hours),
    )
    return replace(plain, **more)


@lru_cache(maxsize=1)
def records() -> list[dict[str, Any]]:
    """The labelled events."""
    return [json.loads(line) for line in EVENTS.read_text("utf-8").splitlines()]


@lru_cache(maxsize=1)
def more_records() -> list[dict[str, Any]]:
    """Further labelled events, told as differently as outlets tell them."""
    return [json.loads(line) for line in MORE_EVENTS.read_text("utf-8").splitlines()]


@lru_cache(maxsize=1)
def documents() -> list[StoryDocument]:
    """The labelled events as the `group` command reads them."""
    return documents_of(records())


def documents_of(found: Sequence[dict[str, Any]]) -> list[StoryDocument]:
    """Records as the `group` command reads them: places and topics by our own tagger."""
    return [story_document(each) for each in tagged(found, tagger())]


def by_story(links: list[Any]) -> set[frozenset[str]]:
    """The partition of document ids that links say."""
    groups: dict[str, set[str]] = {}
    for link in links:
        groups.setdefault(link.story, set()).add(link.id)
    return {frozenset(group) for group in groups.values()}
