"""MinHash signatures in bands: finds copied texts by rows in a database, without comparing all.

64 permutations in 16 bands of 4: two texts with a Jaccard likeness of 0.5 share a band with probability
0.64, of 0.7 with 0.99 (1 - (1 - s^4)^16, Leskovec et al., Mining of Massive Datasets, chapter 3).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import xxhash
from numpy.typing import NDArray

PERMUTATIONS = 64
BANDS = 16
ROWS = PERMUTATIONS // BANDS
_SEED = 20_260_401

Signature = NDArray[np.uint64]


@lru_cache(maxsize=1)
def _multipliers() -> tuple[Signature, Signature]:
    chance = np.random.default_rng(_SEED)
    odd = chance.integers(1, 2**63, PERMUTATIONS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    return odd, chance.integers(0, 2**63, PERMUTATIONS, dtype=np.uint64)


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
