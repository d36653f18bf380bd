"""A story: one event, however many articles tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Relation(StrEnum):
    """How an article stands to its story."""

    ORIGINAL = "original"
    REPRINT = "reprint"
    INDEPENDENT = "independent"
    TRANSLATION = "translation"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDocument:
    """What grouping reads of an article. `provinces` are `vn34:NN` codes it is about, `mentioned` those it
    only names; `credit` as in Article; `story` is the id of the story it stands in already, if any."""

    id: str
    outlet: str
    language: str
    url: str
    title: str
    lead: str
    text: str
    published_at: datetime
    provinces: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    credit: str = ""
    story: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLink:
    """Where grouping put one article. `story` is the id of the story, which is derived from its earliest
    article; `origin` the credited agency or outlet, else empty; `evidence` says why, in short phrases."""

    id: str
    story: str
    relation: Relation
    origin: str
    evidence: tuple[str, ...]
