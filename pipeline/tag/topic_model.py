"""The linear topic model: hashed words and word pairs of a text → a margin for each of its classes.

The words are compared in their folded form, so that one model serves Vietnamese typed with tones, Vietnamese
typed without, and English. A feature is the 32-bit hash of a word or of two words that stand next to each
other; every digit counts as 0. Counts are dampened, weighted by rarity and scaled to length one, as in
`1 + log tf`, `idf`, L2.

The file is data alone and cannot execute: a magic line, a JSON header, then the raw little-endian arrays that
the header names, the whole covered by an xxh64 checksum. It holds hashes and weights, no words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from models.errors import ConfigError

MAGIC = b"DIEMBAO-TOPIC-MODEL 1\n"
LONGEST = 12_000  # characters of one field that are read; keeps the time bounded
_SLOT_BITS = 20
_PRIME = 0x100000001B3  # of FNV; any odd number serves, since it must have an inverse modulo 2**64
_KNOWN = 0x2000  # code points below are told apart; the letters of Vietnamese and English all are

U64 = NDArray[np.uint64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


def _powers(base: int) -> U64:
    with np.errstate(over="ignore"):
        return np.cumprod(np.full(LONGEST + 2, base, dtype=np.uint64), dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Hasher:
    """The tables by which `tokens` hashes all words of a text at once."""

    powers: U64
    inverse: U64
    is_word: NDArray[np.int8]
    value: U64

    @classmethod
    def build(cls) -> Hasher:
        """The same tables in every process."""
        chars = [chr(code) for code in range(_KNOWN)]
        values = [ord("0") if char.isdigit() else ord(char) + 1 for char in chars]
        return cls(
            _powers(_PRIME),
            _powers(pow(_PRIME, -1, 1 << 64)),
            np.array([char.isalnum() for char in chars], dtype=np.int8),
            np.array(values, dtype=np.uint64),
        )

    def tokens(self, folded: str) -> tuple[NDArray[np.uint32], Ints, Ints]:
        """Feature hashes of a folded text with their start and end offsets: words, then pairs of words that
        one character parts."""
        codes = np.frombuffer(folded[:LONGEST].encode("utf-32-le", "replace"), dtype=np.uint32)
        codes = np.where(codes < _KNOWN, codes, 0)
        edges = np.diff(self.is_word[codes], prepend=np.int8(0), append=np.int8(0))
        start, end = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        with np.errstate(over="ignore"):
            sums = np.zeros(len(codes) + 1, dtype=np.uint64)
            np.cumsum(self.value[codes] * self.powers[: len(codes)], out=sums[1:])
            words = (sums[end] - sums[start]) * self.inverse[start]
            pairs = _mixed(words[:-1]) * np.uint64(0x94D049BB133111EB) + words[1:]
            near = np.flatnonzero(start[1:] - end[:-1] == 1)
            hashes = _mixed(np.concatenate((words, pairs[near])))
        keys = (hashes >> np.uint64(32)).astype(np.uint32)
        return keys, np.concatenate((start, start[near])), np.concatenate((end, end[near + 1]))


def _mixed(hashes: U64) -> U64:
    """Spread the bits (the finaliser of splitmix64)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model made of one text. `margins` holds one value per class; the other arrays have one entry
    per feature that the model knows: its row, its field's number and its span there."""

    margins: Floats
    rows: Ints
    fields: Ints
    starts: Ints
    ends: Ints
    values: Floats


_NOTHING = np.zeros(0, dtype=np.int64)


class TopicModel:
    """A loaded model. `classes` are topic ids in the order of the margins."""

    def __init__(self, header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        self.classes: tuple[str, ...] = tuple(header["classes"])
        self.about: dict[str, Any] = header.get("about", {})
        self.keys = arrays["keys"]
        self.weights = arrays["weights"]
        self.idf = arrays["idf"].astype(np.float32)
        self.scale = arrays["scale"]
        self.bias = arrays["bias"]
        self.slope = arrays["slope"]
        self.shift = arrays["shift"]
        slots = (self.keys >> np.uint32(32 - _SLOT_BITS)).astype(np.int64)
        self._row = np.zeros(1 << _SLOT_BITS, dtype=np.int32)
        self._row[slots] = np.arange(len(self.keys), dtype=np.int32)
        self._hasher = Hasher.build()

    def read(self, fields: Sequence[tuple[str, int]]) -> Reading:
        """The margins for a text given as `(folded field, weight)` pairs; a weight of 3 counts a word three
        times. A text without a known word has the bias alone."""
        parts = [self._lookup(folded) for folded, _ in fields]
        rows = np.concatenate([part[0] for part in parts]) if parts else _NOTHING
        if not len(rows):
            return Reading(self.bias, _NOTHING, _NOTHING, _NOTHING, _NOTHING, np.zeros(0, dtype=np.float32))
        lengths = [len(part[0]) for part in parts]
        counts = np.repeat(np.array([weight for _, weight in fields], dtype=np.float32), lengths)
        distinct, inverse = np.unique(rows, return_inverse=True)
        tf = np.bincount(inverse, weights=counts)
        values = ((1 + np.log(tf)) * self.idf[distinct]).astype(np.float32)
        values /= np.sqrt(values @ values)
        margins = (values @ self.weights[distinct].astype(np.float32)) * self.scale + self.bias
        return Reading(
            margins,
            rows,
            np.repeat(np.arange(len(parts)), lengths),
            np.concatenate([part[1] for part in parts]),
            np.concatenate([part[2] for part in parts]),
            values[inverse],
        )

    def _lookup(self, folded: str) -> tuple[Ints, Ints, Ints]:
        """The rows of the features that the model knows, with their spans."""
        if not folded or not len(self.keys):
            return _NOTHING, _NOTHING, _NOTHING
        keys, starts, ends = self._hasher.tokens(folded)
        rows = self._row[keys >> np.uint32(32 - _SLOT_BITS)]
        known = np.flatnonzero(self.keys[rows] == keys)
        return rows[known].astype(np.int64), starts[known], ends[known]

    def probabilities(self, reading: Reading) -> Floats:
        """The margins as calibrated probabilities, by the slope and shift fitted on held-out texts."""
        logits = np.clip(self.slope * reading.margins + self.shift, -30, 30)
        chances: Floats = (1 / (1 + np.exp(-logits))).astype(np.float32)
        return chances

    def heaviest(self, reading: Reading, index: int, most: int = 3) -> list[tuple[int, int, int]]:
        """`(field number, start, end)` of the words that speak most for class `index`, at most `most` of
        them, none inside another."""
        if not len(reading.rows):
            return []
        worth = reading.values * self.weights[reading.rows, index]
        chosen: list[tuple[int, int, int]] = []
        seen: set[int] = set()
        for at in np.argsort(-worth, kind="stable")[: most * 8]:
            row, span = (
                int(reading.rows[at]),
                (int(reading.fields[at]), int(reading.starts[at]), int(reading.ends[at])),
            )
            if worth[at] <= 0 or len(chosen) == most:
                break
            if row not in seen and not any(_overlap(span, other) for other in chosen):
                chosen.append(span)
                seen.add(row)
        return chosen


def _overlap(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def pack(header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> bytes:
    """The bytes of a model file: the same for the same content."""
    described = [[name, array.dtype.str, list(array.shape)] for name, array in arrays.items()]
    payload = b"".join(np.ascontiguousarray(array).tobytes() for array in arrays.values())
    full = {**header, "arrays": described, "xxh64": xxhash.xxh64_hexdigest(payload)}
    text = json.dumps(full, ensure_ascii=False, sort_keys=True).encode()
    return MAGIC + len(text).to_bytes(4, "little") + text + payload


def unpack(data: bytes, about: str = "topic model") -> TopicModel:
    """Read the bytes of a model file.

    Raises ConfigError if they are not one, are cut short or damaged.
    """
    try:
        if not data.startswith(MAGIC):
            raise ValueError("it does not begin as a topic model does")
        at = len(MAGIC)
        size = int.from_bytes(data[at : at + 4], "little")
        header = json.loads(data[at + 4 : at + 4 + size])
        payload = memoryview(data)[at + 4 + size :]
        if xxhash.xxh64_hexdigest(payload) != header["xxh64"]:
            raise ValueError("its content does not match its checksum; it is cut short or damaged")
        return TopicModel(header, _arrays(header["arrays"], payload))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        hint = "restore the file, or make it again with `diembao train topics`"
        raise ConfigError(f"not a readable topic model: {error}", about=about, hint=hint) from error


_DTYPES = {
    "keys": "<u4",
    "weights": "|i1",
    "idf": "<f2",
    "scale": "<f4",
    "bias": "<f4",
    "slope": "<f4",
    "shift": "<f4",
}


def _arrays(described: list[Any], payload: memoryview) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    at = 0
    for name, dtype, shape in described:
        if _DTYPES.get(name) != dtype:
            raise ValueError(f"unexpected array {name} of type {dtype}")
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(payload, dtype=dtype, count=count, offset=at).reshape(shape)
        at += arrays[name].nbytes
    _check_shapes(arrays)
    return arrays


def _check_shapes(arrays: dict[str, NDArray[Any]]) -> None:
    if set(arrays) != set(_DTYPES):
        raise ValueError("arrays are missing")
    rows, classes = arrays["weights"].shape
    per_row = all(arrays[name].shape == (rows,) for name in ("keys", "idf"))
    if not per_row or any(arrays[n].shape != (classes,) for n in ("scale", "bias", "slope", "shift")):
        raise ValueError("arrays do not fit together")


def load_model(path: Path) -> TopicModel:
    """Load the model file at `path`.

    Raises ConfigError naming the file if it is missing, cut short or damaged.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        hint = "make it with `diembao train topics`"
        raise ConfigError(f"cannot be read: {error.strerror}", about=str(path), hint=hint) from error
    return unpack(data, str(path))
