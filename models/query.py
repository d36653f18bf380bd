"""A search, understood: what pipeline.search reads from a text and pipeline.store answers.

A query is a tree of `Words` (to be found in the text) and filters, joined by `All`, `AnyOf` and `Not`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

from models.correction import Correction


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence to the user in both languages."""

    vi: str
    en: str

    def text(self, language: str) -> str:
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand next to each other, in order; one word is the common case.

    `exact`: compare with tones (`words` are in the form of `vietnamese.exact`), else without (`fold`).
    `prefix`: the last word may go on. `title`: in the title only.
    """

    words: tuple[str, ...]
    exact: bool
    prefix: bool = False
    title: bool = False


class Facet(StrEnum):
    """What results can be filtered and counted by."""

    PROVINCE = "province"
    TOPIC = "topic"
    OUTLET = "outlet"
    LANGUAGE = "language"
    DAY = "day"
    ORIGIN = "origin"
    WATCHLIST = "watchlist"


@dataclass(frozen=True, slots=True)
class Among:
    """The article has one of these values. For provinces `values` are `vn34:NN` codes that it is about,
    `old` are `vn63:NN` codes; either suffices. `mentioned` lets a passing mention suffice too."""

    facet: Facet
    values: tuple[str, ...] = ()
    old: tuple[str, ...] = ()
    mentioned: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """The article counts for a moment in `[since, until)`: when it was published, or when it was first seen
    if that is unknown or earlier. Aware UTC; None is open."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeenBetween:
    """We first saw the article in `(since, until]`, and not in a back-fill: the window of digests."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds. Without parts it is true."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node


Node: TypeAlias = Words | Among | Between | SeenBetween | All | AnyOf | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search. `text` is what was typed; `notes` say what of it could not be understood and what became of
    that, `explanations` how the names in it were understood."""

    text: str = ""
    where: Node = field(default_factory=All)
    notes: tuple[Note, ...] = ()
    explanations: tuple[Note, ...] = ()

    def narrowed(self, *parts: Node) -> Query:
        """The same search with further conditions."""
        mine = self.where.parts if isinstance(self.where, All) else (self.where,)
        return replace(self, where=All((*mine, *parts)))


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name in a filter stands for. `values` and `old` as in Among; `note` tells the user, if there
    is something to tell (for example that the name is a former province's)."""

    values: tuple[str, ...]
    old: tuple[str, ...] = ()
    note: Note | None = None


class Resolver(Protocol):
    """Who knows the names. Each method returns None for a text that it does not know; texts come as typed,
    with or without tones, and may be codes."""

    def province(self, text: str) -> Meaning | None:
        """Provinces by new or old name, alias or code."""
        ...

    def topic(self, text: str) -> Meaning | None:
        """Topics by label in either language or id, with the finer topics below them."""
        ...

    def outlet(self, text: str) -> Meaning | None:
        """Outlets by slug or name."""
        ...

    def origin(self, text: str) -> Meaning | None:
        """Credit codes of agencies and outlets by name or code."""
        ...

    def watchlist(self, text: str) -> Meaning | None:
        """Watch-lists by id or label."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One article found. `snippet` is a passage around the first match, `marks` the spans of the matches in
    it; `title_marks` those in the title. `at` is the moment that orders the list. `revisions` counts the
    earlier versions. The tags are those that count, with the `corrections` that people made."""

    id: int
    url: str
    outlet: str
    title: str
    lead: str
    language: str
    section: str
    at: datetime
    published_at: datetime | None
    first_seen_at: datetime
    image_url: str = ""
    authors: tuple[str, ...] = ()
    credit: str = ""
    origin: str = ""
    relation: str = ""
    story: str = ""
    completeness: str = "full"
    revisions: int = 0
    provinces: tuple[str, ...] = ()
    old_provinces: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    snippet: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    title_marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of results, newest first. `next_cursor` is empty on the last page. `total` counts all
    matches up to `total_limit`; None if it was not asked."""

    hits: Sequence[SearchHit]
    next_cursor: str = ""
    total: int | None = None
    notes: tuple[Note, ...] = ()
    explanations: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the results have one value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHit:
    """A story with those of its articles that a search found, newest first. `outlets`, `languages`,
    `provinces`, `topics` and `total` (articles) are of the whole story. An article that no story has taken
    up yet stands as a story of its own."""

    id: str
    headline: str
    summary: str
    first_seen_at: datetime
    last_seen_at: datetime
    articles: tuple[SearchHit, ...]
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    total: int = 1
