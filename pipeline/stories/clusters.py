"""From likenesses of pairs to stories: average linkage with vetoes. Pure and independent of order."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from itertools import combinations

from pipeline.stories.similarity import Likeness, Weighted, likeness, logit
from pipeline.stories.vetoes import veto

WINDOW_HOURS = 120.0
APART = -6.0  # the log-odds of a pair that shares nothing worth comparing
FLOOR = -6.0  # one very unlike pair must not outweigh several very like ones
CEILING = 6.0

Pair = tuple[int, int]


def candidates(documents: Sequence[Weighted]) -> list[Pair]:
    """The pairs worth comparing: near enough in time and sharing a rare fact or a run of words."""
    holders: dict[object, list[int]] = {}
    for index, item in enumerate(documents):
        for key in _keys(item):
            holders.setdefault(key, []).append(index)
    pairs: set[Pair] = set()
    for held in holders.values():
        if len(held) <= 60:
            pairs.update(combinations(held, 2))
    return sorted(pair for pair in pairs if _near(documents, pair))


def _keys(item: Weighted) -> Iterable[object]:
    """The rarest facts of a document and a sample of its runs of words."""
    facts = [(weight, fact) for facts in item.classes.values() for fact, weight in facts.items()]
    yield from (fact for _, fact in heapq.nlargest(40, facts))
    yield from map(int, item.features.copied[:8])


def _near(documents: Sequence[Weighted], pair: Pair) -> bool:
    one, two = (documents[i].features.document.published_at for i in pair)
    return abs((one - two).total_seconds()) <= WINDOW_HOURS * 3600


def cluster(documents: Sequence[Weighted]) -> tuple[list[list[int]], dict[Pair, Likeness]]:
    """Groups of indices, each one story, and the likeness of each pair that was compared."""
    likes: dict[Pair, Likeness] = {}
    links: dict[Pair, float] = {}
    for a, b in candidates(documents):
        like = likeness(documents[a], documents[b])
        likes[a, b] = like
        if veto(documents[a].features, documents[b].features, like.copied):
            links[a, b] = -math.inf
        else:
            links[a, b] = min(CEILING, max(FLOOR, logit(like)))
            if like.copied >= 0.8:
                links[a, b] = CEILING * 2
    return _average_link(len(documents), links), likes


def _average_link(count: int, links: dict[Pair, float]) -> list[list[int]]:
    """Join the two likeliest clusters while their pairs are on average more likely one event than not."""
    members: dict[int, list[int]] = {i: [i] for i in range(count)}
    sums: dict[int, dict[int, tuple[float, int]]] = {i: {} for i in range(count)}
    heap: list[tuple[float, int, int]] = []
    for (a, b), value in links.items():
        sums[a][b] = sums[b][a] = (value, 1)
        if value > 0:
            heapq.heappush(heap, (-value, a, b))
    while heap:
        negative, a, b = heapq.heappop(heap)
        if a not in members or b not in members or _mean(sums, members, a, b) != -negative:
            continue
        _join(members, sums, a, b)
        for other in sums[a]:
            value = _mean(sums, members, a, other)
            if value > 0:
                heapq.heappush(heap, (-value, min(a, other), max(a, other)))
    return sorted(sorted(group) for group in members.values())


def _mean(
    sums: dict[int, dict[int, tuple[float, int]]], members: dict[int, list[int]], a: int, b: int
) -> float:
    total, seen = sums[a].get(b, (0.0, 0))
    pairs = len(members[a]) * len(members[b])
    return (total + APART * (pairs - seen)) / pairs


def _join(
    members: dict[int, list[int]], sums: dict[int, dict[int, tuple[float, int]]], a: int, b: int
) -> None:
    """Make cluster `b` part of cluster `a`."""
    members[a] += members.pop(b)
    for other, (value, count) in sums.pop(b).items():
        sums[other].pop(b, None)
        if other == a:
            continue
        mine, seen = sums[a].get(other, (0.0, 0))
        sums[a][other] = sums[other][a] = (mine + value, seen + count)
    sums[a].pop(b, None)
