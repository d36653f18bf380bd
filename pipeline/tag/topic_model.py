"""The linear topic model: hashed words and word pairs of a text → a margin for each of its classes.

A feature is a word or two words with no sign between them, in the exact form, every digit as 0, known by its
32-bit hash. Counts are dampened, weighted by rarity and scaled to length one, as in `1 + log tf`, `idf`, L2.
The last words of an article (who signed it, after whom it is told, whose pictures) are features of their own,
beside which the text is scaled: among all its words they would weigh nothing.
For Vietnamese typed without tones, the features that are one when folded share the mean of their weights.

The file is data alone and cannot execute: a magic line, a JSON header, then the raw little-endian arrays that
the header names, the whole covered by an xxh64 checksum. It holds hashes and weights, no words.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from models.errors import ConfigError
from pipeline.tag.topics_words import ALL_BITS, STEP, Words, form_hash
from pipeline.vietnamese import clean, exact, strip_marks
from pipeline.vietnamese import words as words_of

MAGIC = b"DIEMBAO-TOPIC-MODEL 4\n"
TITLE = 2  # how often a word of the title counts
LEAD = 2  # how often a word of the opening counts
OPENING = 72  # words after the title that are the opening
PHRASES = 2  # words of the longest feature
QUOTED = 320  # words among which a feature is looked for when it is quoted
SIGNED = 6  # last words of a body that are its signature
SIGNED_SHARE = 0.3  # squared length of the signature's features; that of the others is 1
_SIGNED_WITHIN = 100  # characters in which these words are looked for
SIGNED_FROM = 400  # characters from which a body is long enough to be signed
_SURELY_LONG = 4 * SIGNED_FROM
SLOT_BITS = 20
_SLOT = np.uint64(64 - SLOT_BITS)
_LOW = np.uint64(32)
_SIGNED_INT = 1 << 32  # the lowest bit of a key: set for a word of the signature
_ALL_BUT = ~np.uint64(_SIGNED_INT)

Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model made of one text. `margins` holds one value per class; `found` the row of the feature
    that begins at each place, by its length in words (`_NONE` where the model knows none); `rows` the
    distinct rows, `values` what each counts and `weights` its weight for each class."""

    margins: Floats
    found: tuple[Ints, ...]
    rows: Ints
    values: Floats
    weights: Floats


class _Rows:
    """Where the weights of a feature stand, by its hash."""

    def __init__(self, keys: NDArray[np.uint32], idf: Floats, weights: NDArray[Any], scale: Floats) -> None:
        self.keys, self.idf, self.weights, self.scale = keys, idf, weights, scale
        signed = is_signed(keys).nonzero()[0]
        self.signed = dict(zip(keys[signed].tolist(), signed.tolist(), strict=True))
        self._slots = np.zeros(1 << SLOT_BITS, dtype=np.int32)
        self._slots[(keys >> np.uint32(32 - SLOT_BITS)).view(np.int32)] = np.arange(len(keys), dtype=np.int32)

    def find(self, hashes: NDArray[np.uint64]) -> Ints:
        """The row of each feature; _NONE for one that is not known."""
        if not len(self.keys):
            return np.full(len(hashes), _NONE)
        rows: Ints = self._slots.take((hashes >> _SLOT).view(np.int64))
        rows[self.keys.take(rows) != hashes >> _LOW] = _NONE
        return rows

    def signature(self, body: str, *, plain: bool) -> tuple[Ints, Floats] | None:
        """The rows of a body's signature and what each counts; None where none is known."""
        counts: dict[int, int] = {}
        for value in signature(body, plain=plain):
            row = self.signed.get(value >> 32)
            if row is not None:
                counts[row] = counts.get(row, 0) + 1
        if not counts:
            return None
        rows = np.array(list(counts))
        values = _DAMPENED[list(counts.values())] * self.idf[rows]
        return rows, values * (_SIGNED_LENGTH / math.sqrt(values @ values))

    def scaled(self, rows: Ints) -> tuple[Ints, Floats]:
        """The distinct ones among the known of `rows`, of which at least one is _NONE, and what each counts:
        together of length one."""
        every = np.sort(rows)
        last = (every[1:] != every[:-1]).nonzero()[0]
        rows = every.take(last)
        if not len(rows):
            return rows, np.zeros(0, dtype=np.float32)
        counts = last + 1
        counts[1:] -= last[:-1] + 1
        values = _DAMPENED.take(counts, mode="clip") * self.idf.take(rows)
        values /= math.sqrt(values @ values)
        return rows, values


class TopicModel:
    """A loaded model. `classes` are topic ids in the order of the margins, `limits` the margins above which
    each is given where the model alone answers and a text may have several."""

    def __init__(self, header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        self.classes: tuple[str, ...] = tuple(header["classes"])
        self.limits = tuple(map(float, header["limits"]))
        self.about: dict[str, Any] = header.get("about", {})
        self.bias = arrays["bias"]
        self.slope = arrays["slope"]
        self.shift = arrays["shift"]
        self._plain_keys = arrays["plain"]
        idf = arrays["idf"].astype(np.float32)
        self._exact = _Rows(arrays["keys"], idf, arrays["weights"], arrays["scale"])
        self._plain: _Rows | None = None

    def _rows(self, plain: bool) -> _Rows:
        """The rows for the exact form, or for the folded one: seldom needed, so made when first asked for."""
        if not plain:
            return self._exact
        if self._plain is None:
            self._plain = _folded(self._plain_keys, self._exact)
        return self._plain

    def read(self, words: Words, body: str = "") -> Reading:
        """The margins for the words of a text; `body` is the text whose end is its signature. One without a
        known word has the bias alone."""
        table = self._rows(words.plain)
        grams = words.grams()[:PHRASES]
        rows = table.find(np.concatenate(grams) & _ALL_BUT)
        found = (rows[: len(grams[0])], rows[len(grams[0]) :])
        rows, values = table.scaled(np.concatenate((*_repeated(words, found), _NO_ROW)))
        signed = table.signature(body, plain=words.plain)
        if signed is not None:
            rows = np.concatenate((rows, signed[0]))
            values = np.concatenate((values, signed[1]))
            values /= math.sqrt(values @ values)
        weights = table.weights.take(rows, 0).astype(np.float32)
        return Reading(values @ weights * table.scale + self.bias, found, rows, values, weights)

    def logits(self, reading: Reading) -> Floats:
        """The margins as logits of calibrated chances, by the slope and shift fitted on held-out texts."""
        logits: Floats = np.minimum(np.maximum(self.slope * reading.margins + self.shift, -30), 30)
        return logits

    def heaviest(self, reading: Reading, index: int, most: int = 2) -> list[tuple[int, int]]:
        """First place and number of words of the features that speak most for class `index`, at most `most`
        of them, none inside another."""
        worth = reading.values * reading.weights[:, index]
        chosen: list[tuple[int, int]] = []
        count = min(most * 3, len(worth))
        best = worth.argpartition(len(worth) - count)[len(worth) - count :] if count else worth.argsort()
        for number in best[(-worth[best]).argsort(kind="stable")].tolist():
            if worth[number] <= 0 or len(chosen) == most:
                break
            place = _place(reading, int(reading.rows[number]))
            if place and not any(_overlap(place, other) for other in chosen):
                chosen.append(place)
        return chosen


_NONE = (1 << 31) - 1  # no row, behind all rows
_NO_ROW = np.array([_NONE], dtype=np.int32)
_SIGNED_LENGTH = np.float32(math.sqrt(SIGNED_SHARE))
_MOST = 4096
_DAMPENED = np.concatenate(([0.0], 1 + np.log(np.arange(1, _MOST + 1)))).astype(np.float32)


def _repeated(words: Words, found: tuple[NDArray[Any], ...]) -> list[NDArray[Any]]:
    """What stands at each place, with that of title and opening as often as it counts."""
    title = words.fields[0][3] if words.fields and words.fields[0][0] == "title" else 0
    after = title + 1 if title else 0
    parts = [*found]
    for rows in found:
        parts += [rows[:title]] * (TITLE - 1) + [rows[after : after + OPENING]] * (LEAD - 1)
    return parts


def features(words: Words, body: str) -> NDArray[np.uint64]:
    """The hashes of all features of a text, each as often as it counts."""
    text = np.concatenate(_repeated(words, tuple(words.grams()[:PHRASES]))) & _ALL_BUT
    signed = np.array(signature(body, plain=words.plain), dtype=np.uint64)
    return np.concatenate((text, signed))


def signature(body: str, *, plain: bool) -> list[int]:
    """The hashes of the last words of a body and of their pairs. Signs part them, spaces or none: names are
    often set right behind the full stop."""
    if len(body) < SIGNED_FROM or (len(body) < _SURELY_LONG and len(_run_together(body)) < SIGNED_FROM):
        return []
    forms = words_of(exact(_run_together(body[-4 * _SIGNED_WITHIN :])[-_SIGNED_WITHIN:]))[-SIGNED:]
    hashes = [form_hash(strip_marks(form) if plain else form) for form in forms]
    pairs = [(one * STEP + other) & ALL_BITS for one, other in pairwise(hashes)]
    return [value | _SIGNED_INT for value in hashes + pairs]


def _run_together(text: str) -> str:
    """A text however its letters and spaces are typed, which makes it up to four times as long."""
    return " ".join(clean(text).split())


def is_signed(keys: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which keys are of features of the signature."""
    return (keys & np.uint32(1)).astype(np.bool_)


def _folded(plain: NDArray[np.uint32], table: _Rows) -> _Rows:
    """One row for all features that are one when folded: the mean of their weights by how common they are."""
    keys, group = np.unique(plain, return_inverse=True)
    share = np.exp(1 - table.idf.astype(np.float64))
    total = np.bincount(group, weights=share)
    mean = np.stack(
        [
            np.bincount(group, weights=share * table.weights[:, at]) / total
            for at in range(table.weights.shape[1])
        ],
        axis=1,
    )
    idf = np.maximum(1 - np.log(np.minimum(total, 1.0)), 1.0)
    return _Rows(keys, idf.astype(np.float32), mean.astype(np.float32), table.scale)


def _place(reading: Reading, row: int) -> tuple[int, int] | None:
    for size, rows in enumerate(reading.found, 1):
        at = (rows[:QUOTED] == row).nonzero()[0]
        if len(at):
            return int(at[0]), size
    return None


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[0] + other[1] and other[0] < one[0] + one[1]


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
        if len(header["limits"]) != len(header["classes"]):
            raise ValueError("limits and classes do not fit together")
        return TopicModel(header, _arrays(header["arrays"], payload))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        hint = "restore the file, or make it again with `diembao train topics`"
        raise ConfigError(f"not a readable topic model: {error}", about=about, hint=hint) from error


_DTYPES = {
    "keys": "<u4",
    "plain": "<u4",
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
        given = np.frombuffer(payload, dtype=dtype, count=count, offset=at).reshape(shape)
        arrays[name] = np.require(given, requirements="A")  # unaligned, each `take` would copy all of it
        at += given.nbytes
    _check_shapes(arrays)
    return arrays


def _check_shapes(arrays: dict[str, NDArray[Any]]) -> None:
    if set(arrays) != set(_DTYPES):
        raise ValueError("arrays are missing")
    rows, classes = arrays["weights"].shape
    per_row = all(arrays[name].shape == (rows,) for name in ("keys", "plain", "idf"))
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
