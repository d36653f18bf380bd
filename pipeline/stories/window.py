"""The documents among which grouping looks: features, frequencies and an index, kept from call to call.

Placing new documents costs what they are and what they are like, not what the window holds: each is looked
up in the index by its names, numbers and runs of words, compared with what turns up, and joined with
others or with stories that stand. A document that has a story stays in it; whole stories may merge.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xxhash

from models.story import StoryDocument
from pipeline.stories.clusters import Pair, average_link, link_of, pairs_between, pairs_within
from pipeline.stories.commonness import Commonness
from pipeline.stories.features import Features, features_of
from pipeline.stories.similarity import PRIOR_DOCUMENTS, Corpus, Likeness, Weighted, likeness, weigh
from pipeline.stories.terms import TermTable

WINDOW_SECONDS = 120 * 3600.0
"""Documents further apart in time are never compared."""
SAMPLED_RUNS = 8
CROWDED = 60  # what so many documents have in common leads to none of them
MOST_CANDIDATES = 50  # of one document
MOST_WEIGHTED = 4000  # documents whose weights are kept
WEIGHTS_KEEP = 0.1  # weights are computed anew when the window has grown by this share
MOST_MEMBERS = 40  # of a story with which a document is compared


@dataclass(frozen=True, slots=True)
class Placed:
    """The groups that placing made or changed, as places in the window, and the likenesses inside them."""

    groups: list[list[int]]
    likes: dict[Pair, Likeness]


class Window:
    """Documents by place; a place is a number that is not used again."""

    def __init__(self, terms: TermTable, common: Commonness) -> None:
        self._terms = terms
        self._common = common
        self._prints: dict[int, int] = {}
        self.features: dict[int, Features] = {}
        self._keys: dict[int, tuple[object, ...]] = {}
        self._index: defaultdict[object, list[int]] = defaultdict(list)
        self._copies: Counter[bytes] = Counter()
        self._facts: Counter[str] = Counter()
        self._words: Counter[str] = Counter()
        self._weighted: dict[int, Weighted] = {}
        self._weighed_at = 0
        self._next = 0

    # What it holds

    @property
    def corpus(self) -> Corpus:
        """Frequencies over the window; copies of one text count once, or a wire's reprints would make its
        facts look common."""
        return Corpus(len(self._copies), self._facts, self._words, self._common)

    def add(self, documents: Sequence[StoryDocument]) -> list[int]:
        """Take up documents; returns their places."""
        places = list(range(self._next, self._next + len(documents)))
        self._next += len(documents)
        for place, document in zip(places, documents, strict=True):
            self.features[place] = features_of(document, self._terms)
            self._prints[place] = fingerprint(document)
            self._count(self.features[place], 1)
        if len(self.features) > self._weighed_at * (1 + WEIGHTS_KEEP):
            self._weighted.clear()
            self._weighed_at = len(self.features)
        for place in places:
            self._keys[place] = self._keys_of(place)
            for key in self._keys[place]:
                self._index[key].append(place)
        return places

    def remove(self, place: int) -> None:
        """Forget a document."""
        for key in self._keys.pop(place):
            self._index[key].remove(place)
            if not self._index[key]:
                del self._index[key]
        del self._prints[place]
        self._weighted.pop(place, None)
        self._count(self.features.pop(place), -1)

    def unchanged(self, place: int, document: StoryDocument) -> bool:
        """Whether a place holds this very text; its story may be another, which is noted."""
        if self._prints[place] != fingerprint(document):
            return False
        self.features[place] = self.features[place].of(document)
        return True

    def _count(self, item: Features, change: int) -> None:
        text = item.copied.tobytes() or str(item.document.id).encode()
        before = self._copies[text]
        self._copies[text] += change
        if before + change and before:
            return
        for counter, keys in ((self._facts, item.facts), (self._words, item.words)):
            for key in keys:
                counter[key] += change
                if not counter[key]:
                    del counter[key]
        if not self._copies[text]:
            del self._copies[text]

    def _keys_of(self, place: int) -> tuple[object, ...]:
        """The names and numbers of a document, the concepts of its head, a sample of its runs of words."""
        item = self.features[place]
        facts = sorted(item.head | {fact for fact in item.facts if fact[0] in "n#"})
        return (*facts, *map(int, item.copied[:SAMPLED_RUNS]))

    # Placing

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

    def place(self, new: Iterable[int], members: dict[str, list[int]]) -> Placed:
        """Group new places among themselves and with the stories that stand (id → places)."""
        fresh = list(new)
        likes: dict[Pair, Likeness] = {}
        links: dict[Pair, float] = {}

        def compare(pairs: Iterable[Pair]) -> None:
            for a, b in pairs:
                if (a, b) not in links:
                    likes[a, b] = likeness(self.weighted(a), self.weighted(b))
                    links[a, b] = link_of(self.weighted(a), self.weighted(b), likes[a, b])

        touched: dict[int, set[str]] = {}
        for one in fresh:
            others = self.candidates(one)
            compare(pairs_between([one], others))
            touched[one] = {
                story
                for other in others
                if (story := self.features[other].document.story)
                and story in members
                and links[min(one, other), max(one, other)] > 0
            }
            if (own := self.features[one].document.story) in members:
                touched[one].add(own)
        for one, stories in touched.items():
            for story in sorted(stories):
                compare(pairs_between([one], members[story][-MOST_MEMBERS:]))
        for first, second in sorted({pair for stories in touched.values() for pair in _two_of(stories)}):
            compare(pairs_between(members[first][-MOST_MEMBERS:], members[second][-MOST_MEMBERS:]))
        standing = [members[story] for story in sorted({s for stories in touched.values() for s in stories})]
        items = {*fresh, *(place for group in standing for place in group)}
        links = {pair: value for pair, value in links.items() if pair[0] in items and pair[1] in items}
        groups = average_link(sorted(items), links, standing)
        is_new = set(fresh)
        changed = [group for group in groups if not is_new.isdisjoint(group)]
        for group in changed:
            compare(pairs_within(group))
        return Placed(changed, likes)


def _two_of(stories: set[str]) -> Iterable[tuple[str, str]]:
    ordered = sorted(stories)
    return ((a, b) for i, a in enumerate(ordered) for b in ordered[i + 1 :])


def fingerprint(document: StoryDocument) -> int:
    """A hash of what grouping reads of a document."""
    parts = (
        document.title, document.lead, document.text, document.outlet, document.credit,
        *document.provinces, *document.mentioned, document.published_at.isoformat(),
    )  # fmt: skip
    return xxhash.xxh3_64_intdigest("\x1f".join(parts))
