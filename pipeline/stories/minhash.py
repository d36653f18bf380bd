"""MinHash signatures in bands: finds copied texts without comparing all, also by rows in a database.

64 permutations in 16 bands of 4: two texts with a Jaccard likeness of 0.5 share a band with probability
0.64, of 0.7 with 0.99 (1 - (1 - s^4)^16, Leskovec et al., Mining of Massive Datasets, chapter 3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import xxhash
from numpy.typing import NDArray

PERMUTATIONS = 64
BANDS = 16
ROWS = PERMUTATIONS // BANDS
RUN = 4
_SEED = 20_260_401

Signature = NDArray[np.uint64]


def _multipliers() -> tuple[Signature, Signature]:
    chance = np.random.default_rng(_SEED)
    odd = chance.integers(1, 2**63, PERMUTATIONS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    return odd, chance.integers(0, 2**63, PERMUTATIONS, dtype=np.uint64)


def signature(words: Sequence[str]) -> Signature:
    """The signature of a text by its runs of `RUN` words. A text shorter than that has that of its words."""
    runs = [" ".join(words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1))]
    hashes = np.fromiter((xxhash.xxh3_64_intdigest(run) for run in runs), np.uint64, len(runs))
    return signature_of(hashes)


def signature_of(hashes: NDArray[np.uint64]) -> Signature:
    """The signature of hashed runs: for each permutation (multiply-shift, modulo 2^64) the least value."""
    odd, shift = _multipliers()
    if not len(hashes):
        return np.full(PERMUTATIONS, np.iinfo(np.uint64).max, dtype=np.uint64)
    mixed = hashes[:, None] * odd[None, :] + shift[None, :]
    return np.asarray((mixed ^ (mixed >> np.uint64(32))).min(axis=0))


def bands_of(held: Signature) -> list[int]:
    """One signed 64-bit number for each band, as a database keeps it: texts that share one may be copies."""
    return [
        int.from_bytes(xxhash.xxh3_64_digest(held[i : i + ROWS].tobytes(), seed=i), signed=True)
        for i in range(0, PERMUTATIONS, ROWS)
    ]


def estimate(one: Signature, two: Signature) -> float:
    """The estimated Jaccard likeness of two texts, 0..1."""
    return float(np.mean(one == two))


class Bands:
    """Signatures by band, in memory."""

    def __init__(self) -> None:
        self._held: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, key: int, held: Signature) -> None:
        """Keep a signature under a key."""
        for band in bands_of(held):
            self._held[band].append(key)

    def candidates(self, held: Signature) -> set[int]:
        """The keys that share a band with a signature."""
        return {key for band in bands_of(held) for key in _known(self._held, band)}


def _known(held: dict[int, list[int]], band: int) -> Iterable[int]:
    return held.get(band, ())
