"""From likenesses of pairs to stories: average linkage with vetoes. Pure."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence

from pipeline.stories.similarity import VERBATIM, Likeness, Weighted, logit
from pipeline.stories.vetoes import veto

APART = -6.0  # the log-odds of a pair that shares nothing worth comparing
FLOOR = -6.0  # one very unlike pair must not outweigh several very like ones
UNLIKELY = -2.0  # the most that two documents get which have nothing but numbers in common
CEILING = 6.0

Pair = tuple[int, int]


def link_of(a: Weighted, b: Weighted, like: Likeness) -> float:
    """The log-odds that two documents are of one story; minus infinity if something forbids it."""
    if veto(a.features, b.features, like.copied):
        return -math.inf
    if like.copied >= VERBATIM:
        return CEILING * 2
    most = UNLIKELY if like.only_numbers else CEILING
    return min(most, max(FLOOR, logit(like)))


def average_link(
    items: Iterable[int], links: Mapping[Pair, float], together: Sequence[Sequence[int]] = ()
) -> list[list[int]]:
    """Join the two likeliest clusters while their pairs are on average more likely one story than not.

    `links` has its pairs in ascending order; a pair that it lacks counts as `APART`, but such pairs never
    weigh more than those compared: of a text that a hundred carry, not all pairs are. The groups of
    `together` are joined from the start.
    """
    clusters = _Clusters(items, links)
    for group in together:
        for other in group[1:]:
            clusters.join(group[0], other)
    heap = [(-value, a, b) for a, b in clusters.pairs() if (value := clusters.mean(a, b)) > 0]
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if not clusters.alive(a, b) or clusters.mean(a, b) != -negative:
            continue
        clusters.join(a, b)
        for other in clusters.neighbours(a):
            if (value := clusters.mean(a, other)) > 0:
                heapq.heappush(heap, (-value, min(a, other), max(a, other)))
    return sorted(sorted(group) for group in clusters.members.values())


class _Clusters:
    """Clusters, each known by one of its members, with the sum and number of links between any two."""

    def __init__(self, items: Iterable[int], links: Mapping[Pair, float]) -> None:
        self.members = {item: [item] for item in items}
        self._sums: dict[int, dict[int, tuple[float, int]]] = {item: {} for item in self.members}
        for (a, b), value in links.items():
            self._sums[a][b] = self._sums[b][a] = (value, 1)

    def alive(self, a: int, b: int) -> bool:
        return a in self.members and b in self.members

    def pairs(self) -> list[Pair]:
        return sorted((a, b) for a, others in self._sums.items() for b in others if a < b)

    def neighbours(self, a: int) -> list[int]:
        return list(self._sums[a])

    def mean(self, a: int, b: int) -> float:
        total, seen = self._sums[a].get(b, (0.0, 0))
        pairs = len(self.members[a]) * len(self.members[b])
        unseen = min(pairs - seen, seen)
        return (total + APART * unseen) / max(1, seen + unseen)

    def join(self, a: int, b: int) -> None:
        """Make cluster `b` part of cluster `a`."""
        self.members[a] += self.members.pop(b)
        for other, (value, count) in self._sums.pop(b).items():
            self._sums[other].pop(b, None)
            if other == a:
                continue
            mine, seen = self._sums[a].get(other, (0.0, 0))
            self._sums[a][other] = self._sums[other][a] = (mine + value, seen + count)


def pairs_between(one: Sequence[int], two: Sequence[int]) -> Iterable[Pair]:
    """Every pair of one from each, in ascending order."""
    return ((min(a, b), max(a, b)) for a in one for b in two if a != b)
