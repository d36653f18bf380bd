"""The documents among which grouping looks: their features, frequencies and an index.

Each new document is compared with what shares its names, numbers and runs of words, or with what the caller
found, and joined with others or with stories that stand. A document that has a story stays in it; whole
stories may merge.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.stories.clusters import Pair, average_link, link_of, pairs_between
from pipeline.stories.commonness import Commonness
from pipeline.stories.features import Features
from pipeline.stories.relations import tells, when
from pipeline.stories.similarity import (
    PRIOR_DOCUMENTS,
    Corpus,
    Known,
    Likeness,
    Weighted,
    likeness,
    weigh,
)

WINDOW_SECONDS = 120 * 3600.0
"""Documents further apart in time are never compared."""
SAMPLED_RUNS = 8
CROWDED = 60  # what so many documents have in common leads to none of them
MOST_CANDIDATES = 50  # of one document
MOST_WEIGHTED = 4000  # documents whose weights are kept
MOST_STORIES = 3  # that one document may touch: the likeliest ones
MOST_MEMBERS = 12
"""Documents of a story that others are compared with: its first ones and its last ones."""
LEADERS = 24  # documents of a story that each is held against to tell what was made from what

Members = Callable[[Collection[str]], Mapping[str, Sequence[int]]]
"""The places of the documents of stories that stand."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The groups that placing made or changed, as places in the window, and what likenesses tell of how their
    documents stand to one another."""

    groups: list[list[int]]
    likes: dict[Pair, Likeness]


class Window:
    """Documents by place. `known` says how common facts are where the window is a part of more."""

    def __init__(self, common: Commonness) -> None:
        self._common = common
        self.known: Known | None = None
        self.features: dict[int, Features] = {}
        self._keys: dict[int, tuple[object, ...]] = {}
        self._index: defaultdict[object, list[int]] = defaultdict(list)
        self._copies: Counter[bytes | str] = Counter()
        self._facts: Counter[str] = Counter()
        self._words: Counter[str] = Counter()
        self._weighted: dict[int, Weighted] = {}

    @property
    def corpus(self) -> Corpus:
        """Frequencies over the window; copies of one text count once, or a wire's reprints would make its
        facts look common."""
        return Corpus(len(self._copies), self._facts, self._words, self._common, self.known)

    def add(self, documents: Sequence[Features]) -> list[int]:
        """Take up documents; returns their places."""
        places = list(range(len(self.features), len(self.features) + len(documents)))
        for place, item in zip(places, documents, strict=True):
            self.features[place] = item
            self._count(item)
            self._keys[place] = _keys_of(item)
            for key in self._keys[place]:
                self._index[key].append(place)
        return places

    def _count(self, item: Features) -> None:
        self._copies[item.text_key] += 1
        if self._copies[item.text_key] == 1:
            self._facts.update(item.facts)
            self._words.update(item.words.keys())

    def weighted(self, place: int) -> Weighted:
        """A document with the weights of its facts."""
        if place not in self._weighted:
            if len(self._weighted) >= MOST_WEIGHTED:
                self._weighted.pop(next(iter(self._weighted)))
            self._weighted[place] = weigh(self.features[place], self.corpus)
        return self._weighted[place]

    def candidates(self, place: int) -> list[int]:
        """The documents worth comparing with one: near in time, sharing most of its rare facts or runs."""
        found: defaultdict[int, float] = defaultdict(float)
        for key in self._keys[place]:
            held = self._index[key]
            if len(held) > CROWDED and isinstance(key, str):
                continue  # a common fact; a run of words that many have is a text that many carry
            rarity = math.log((len(self.features) + PRIOR_DOCUMENTS) / len(held))
            for other in held[-CROWDED:]:
                found[other] += rarity
        found.pop(place, None)
        near = [other for other in found if self._near(place, other)]
        return heapq.nsmallest(MOST_CANDIDATES, near, key=lambda other: (-found[other], other))

    def _near(self, a: int, b: int) -> bool:
        one, two = (self.features[i].document.published_at for i in (a, b))
        return abs((one - two).total_seconds()) <= WINDOW_SECONDS

    def place(
        self, new: Sequence[int], members: Members, near: Mapping[int, Sequence[int]] | None = None
    ) -> Placed:
        """Group new places among themselves and with the stories that stand. `near` has the places worth
        comparing with each, otherwise found in the window."""
        placing = _Placing(self)
        touched = {one: placing.touched(one, near[one] if near else self.candidates(one)) for one in new}
        standing = members({story for stories in touched.values() for story in stories})
        some = {story: _ends(places) for story, places in standing.items()}
        for one, stories in touched.items():
            for story in sorted(stories):
                placing.compare(pairs_between([one], some[story]))
        for a, b in sorted({pair for stories in touched.values() for pair in _two_of(stories)}):
            placing.compare(pairs_between(some[a], some[b]))
        return placing.groups(new, [standing[story] for story in sorted(standing)])


class _Placing:
    """The comparisons of one placing."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._likes: dict[Pair, Likeness] = {}
        self._links: dict[Pair, float] = {}

    def compare(self, pairs: Iterable[Pair]) -> None:
        for a, b in pairs:
            if (a, b) not in self._links:
                one, two = self._window.weighted(a), self._window.weighted(b)
                like = likeness(one, two)
                self._links[a, b] = link_of(one, two, like)
                if tells(like):
                    self._likes[a, b] = like

    def touched(self, one: int, near: Sequence[int]) -> set[str]:
        """The stories of the documents near one that it is more likely of one event with than not, the
        likeliest `MOST_STORIES`, and its own."""
        self.compare(pairs_between([one], near))
        documents = self._window.features
        best: dict[str, float] = {}
        for other in near:
            value = self._links[min(one, other), max(one, other)] if other != one else 0.0
            if value > 0 and (story := documents[other].document.story):
                best[story] = max(value, best.get(story, 0.0))
        likeliest = heapq.nsmallest(MOST_STORIES, best, key=lambda story: (-best[story], story))
        return ({*likeliest} | {documents[one].document.story}) - {""}

    def groups(self, new: Sequence[int], standing: Sequence[Sequence[int]]) -> Placed:
        items = {*new, *(place for group in standing for place in group)}
        links = {pair: value for pair, value in self._links.items() if items.issuperset(pair)}
        found = average_link(sorted(items), links, standing)
        changed = [group for group in found if not set(new).isdisjoint(group)]
        for group in changed:
            self.compare(pairs_between(self._leaders(group), group))
        return Placed(changed, self._likes)

    def _leaders(self, group: Sequence[int]) -> list[int]:
        """The earliest of a group. What comes later has been compared with those that it is a copy of, as far
        as their texts led to one another."""
        return heapq.nsmallest(LEADERS, group, key=lambda place: when(self._window.features[place]))


def _keys_of(item: Features) -> tuple[object, ...]:
    """The names and numbers of a document, the concepts of its head, a sample of its runs of words."""
    facts = sorted(item.head | {fact for fact in item.facts if fact[0] in "n#"})
    return (*facts, *map(int, item.copied[:SAMPLED_RUNS]))


def _ends(places: Sequence[int]) -> Sequence[int]:
    """The first and the last of a story."""
    half = MOST_MEMBERS // 2
    return places if len(places) <= MOST_MEMBERS else [*places[:half], *places[-half:]]


def _two_of(stories: set[str]) -> Iterable[tuple[str, str]]:
    ordered = sorted(stories)
    return ((a, b) for i, a in enumerate(ordered) for b in ordered[i + 1 :])
