"""What the words of an article say of its topics, alone and with a neighbour, by the cues that have them.

A cue is met as a whole, and no list holds every phrase of a field. The words of its phrases are known all the
same: where *trung tâm phục vụ hành chính công* and *thủ tục hành chính* are cues, *hành chính* speaks for
government in a phrase that is in no list. A word or pair weighs by how seldom the cues of other topics have
it (a complement naive Bayes over the cues), so that a word of all fields says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.tag.topics_words import STEP, Word, Words

Floats = NDArray[np.float64]

LENGTH = 2  # words of the longest part
USUAL = 2.7  # where topics that something else speaks for stand on average: what says nothing of them
SMOOTH = 0.3  # cues of other topics that every part is counted in beside those that have it
_LAST = 0xFFFFFFFFFFFFFFFF  # no hash lies behind this
_SLOT_BITS = 20  # so many that few parts share a slot, of which one is kept
_SLOT = np.uint64(64 - _SLOT_BITS)


class Parts:
    """The weights of the parts of cues for each topic, by the hashes of the parts."""

    def __init__(self, cues: Iterable[tuple[int, Sequence[Word]]], topics: int) -> None:
        """`cues` are the words of each, with the number of its topic, of which there are `topics`."""
        rows = [
            (word.hash, word.hash ^ word.mark, cue, topic)
            for cue, (topic, words) in enumerate(cues)
            for word in words
        ]
        final, inner, cue, topic = np.array([*rows, (_LAST, 0, _LAST, 0)], dtype=np.uint64).T
        pairs = (cue[1:] == cue[:-1]).nonzero()[0]
        hashes = np.concatenate([final, inner[pairs] * np.uint64(STEP) + final[pairs + 1]])
        of = np.concatenate([topic, topic[pairs]]).astype(np.int64)
        self._hashes, at = np.unique(hashes, return_inverse=True)
        counts = np.zeros((len(self._hashes), topics), dtype=np.float32)
        np.add.at(counts, (at, of), 1)
        elsewhere = counts.sum(1, keepdims=True) - counts + SMOOTH
        weights = np.log(elsewhere.sum(0)) - np.log(elsewhere)
        self._weights = weights - weights.mean(1, keepdims=True)
        self._slots = np.zeros(1 << _SLOT_BITS, dtype=np.int32)
        self._slots[(self._hashes >> _SLOT).view(np.int64)] = np.arange(len(self._hashes), dtype=np.int32)

    def read(self, words: Words, limit: int) -> Floats:
        """For each topic the sum of the weights of the parts met before place `limit`."""
        hashes = np.concatenate([grams[:limit] for grams in words.grams()[:LENGTH]])
        rows = self._slots.take((hashes >> _SLOT).view(np.int64))
        rows = rows[self._hashes.take(rows) == hashes]
        sums: Floats = np.add.reduce(self._weights.take(rows, 0), 0, dtype=np.float64)
        return sums


def standing(sums: Floats) -> Floats:
    """By how many standard deviations each topic is above the mean of all, less what is usual; zeros where
    nothing was met."""
    apart: Floats = sums - np.add.reduce(sums) / len(sums)
    deviation = math.sqrt(float(apart @ apart) / len(sums))
    return apart / deviation - USUAL if deviation else apart
