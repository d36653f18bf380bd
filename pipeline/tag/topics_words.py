"""The words of an article as numbers, so that cues and the linear model read all of them at once.

A text is parted at spaces and at the signs that join words (hyphen, dash, slash). What a part means is worked
out once in a process, when it is first met, and kept: its hash in the exact form (or, for Vietnamese typed
without tones, in the folded form), every digit as 0; whether a sign follows that ends a phrase; the longest
stem that the cues ask for. The hash of a phrase is made from those of its words, for a whole article in one
step. Where a word stands in the text as given is found out only for the words that are quoted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from pipeline.vietnamese import DASHES, clean, exact, has_marks, strip_marks

U64 = NDArray[np.uint64]
Places = NDArray[np.int64]

LONGEST_PHRASE = 4  # words of which the hash is taken
KEPT = 60_000  # words that are kept before the table is begun anew
_ROOM = KEPT + 16_384
_NOTHING = xxhash.xxh64_intdigest(b"\x00")
_COMMA, _STOP = (xxhash.xxh64_intdigest(mark) for mark in (b",", b"."))
_STEM = xxhash.xxh64_intdigest(b"*")
STEP = 0x9E3779B97F4A7C15  # odd, so that a phrase is told apart from another order of its words
_STEP = np.uint64(STEP)
ALL_BITS = 0xFFFFFFFFFFFFFFFF
_PLACES = np.arange(4096)
_DIGIT = re.compile(r"\d")
_CORE = re.compile(r"[^\W_](?:\S*[^\W_])?")
CAPITALS = 16  # letters of a word of which it is kept whether they are capitals
_JOINERS = f"-{DASHES}/|"
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)


def spaced(text: str) -> str:
    """`text` with a space for each sign that joins words: as long as it was."""
    for sign in _JOINERS:
        if sign in text:
            text = text.replace(sign, " ")
    return text


class Word(NamedTuple):
    """What a part of a text is: `core` without signs around it and case kept, `form` as it is compared,
    `mark` the hash of the sign that follows it (0 for none), `hash` that of the form, every digit as 0."""

    core: str
    form: str
    mark: int
    hash: int


@lru_cache(maxsize=16_384)
def form_hash(form: str) -> int:
    """The hash of a word in the form in which it is compared, every digit as 0."""
    return xxhash.xxh64_intdigest(form if form.isalpha() else _DIGIT.sub("0", form))


def capital_bits(letters: Iterable[int]) -> int:
    """A bit for each letter of a word that is a capital, by their numbers; past the last bit, none."""
    return sum(1 << at for at in letters if at < CAPITALS)


@lru_cache(maxsize=16_384)
def word_of(part: str, *, plain: bool = False) -> Word | None:
    """Read one part of a spaced text; None when it holds no letter and no digit."""
    cleaned = clean(part)
    found = _CORE.search(cleaned)
    if found is None:
        return None
    core, after = found.group(), cleaned[found.end() :].lstrip("'’")
    core = _POSSESSIVE.sub("", core)
    form = exact(core)
    form = strip_marks(form) if plain else form
    mark = 0 if not after else _COMMA if after == "," else _STOP
    return Word(core, form, mark, form_hash(form))


def phrase_lead(words: Sequence[Word]) -> int:
    """What the words before the last add to the hash of a phrase."""
    value = 0
    for word in words[:-1]:
        value = (value + (word.hash ^ word.mark)) * STEP & ALL_BITS
    return value


def phrase_hash(lead: int, last: int, *, stem: bool = False) -> int:
    """The hash of a phrase, as `Words.grams` finds it in a text, from what its first words add and the hash
    of its last: with `stem` one that may go on."""
    return lead + (last ^ _STEM if stem else last) & ALL_BITS


class _Table(dict[str, int]):
    """Numbers of the parts met so far; number 0 is a part without a word. Fills itself."""

    def __init__(self, stems: Collection[str], plain: bool) -> None:
        super().__init__()
        self.plain = plain
        self.stems = stems
        self.words: list[Word | None] = [None]
        self.final = np.full(_ROOM, _NOTHING, dtype=np.uint64)
        self.inner = np.full(_ROOM, _NOTHING, dtype=np.uint64)
        self.stem = np.zeros(_ROOM, dtype=np.uint64)
        self.marked = np.zeros(_ROOM, dtype=np.int8)
        self.titled = np.zeros(_ROOM, dtype=np.int64)
        self.stops = np.ones(_ROOM, dtype=np.bool_)
        self.capitals = np.zeros(_ROOM, dtype=np.uint16)
        self._lock = Lock()

    def __missing__(self, part: str) -> int:
        word = word_of(part, plain=self.plain)
        if word is None:
            self[part] = 0
            return 0
        with self._lock:
            number = len(self.words)
            if number == _ROOM:
                return 0
            self.final[number] = word.hash
            self.inner[number] = word.hash ^ word.mark
            self.marked[number] = has_marks(word.core)
            self.titled[number] = word.core[0].isupper() and not word.core.isupper()
            self.stops[number] = word.mark == _STOP
            self.capitals[number] = capital_bits(at for at, char in enumerate(word.core) if char.isupper())
            stem = self._stem_of(word.form)
            if stem:
                self.stem[number] = form_hash(stem) ^ _STEM
            self.words.append(word)
            self[part] = number
        return number

    def _stem_of(self, form: str) -> str:
        for size in range(len(form), 0, -1):
            if form[:size] in self.stems:
                return form[:size]
        return ""


@dataclass(slots=True)
class Words:
    """The words of all fields of an article, one after the other with a gap between fields. `ends` holds for
    each field its name, its spaced text, and where its words begin and end."""

    fields: list[tuple[str, str, int, int]]
    numbers: Places
    known: _Table
    parts: list[str]
    _grams: list[U64] = field(default_factory=list)
    _leads: list[U64] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def plain(self) -> bool:
        """Whether the words are compared in the folded form."""
        return self.known.plain

    def word(self, at: int) -> Word | None:
        """The word at a place; None for a part without one, and between fields."""
        return self.known.words[int(self.numbers[at])] if at < len(self.numbers) else None

    def marked_share(self) -> float:
        """The share of the first words that carry a Vietnamese mark."""
        head = self.known.marked[self.numbers[:240]]
        return int(np.count_nonzero(head)) / len(head) if len(head) else 0.0

    def named(self, places: Places, sizes: Places, limit: int) -> NDArray[np.bool_]:
        """Whether a name, as Vietnamese writes one, is among the words of the phrases that begin at these
        places, all before `limit`: one after the first has a capital, or the only one has it and begins no
        sentence. Not where most words of the field are written so."""
        titled = self.known.titled.take(self.numbers[: limit + LONGEST_PHRASE])
        count = titled.cumsum()
        for _, _, begin, end in self.fields:
            those = count[begin:end]
            if len(those) and 2 * int(those[-1] - those[0] + titled[begin]) >= len(those):
                titled[begin:end] = 0
                count = titled.cumsum()
        before = places - ~(self.known.stops.take(self.numbers.take(places - 1)) | (sizes > 1))
        names: NDArray[np.bool_] = count.take(places + sizes - 1, mode="clip") > count.take(before)
        return names

    def grams(self) -> list[U64]:
        """For each length up to LONGEST_PHRASE the hash of the phrase that begins at each place."""
        if not self._grams:
            final, inner = self.known.final.take(self.numbers), self.known.inner.take(self.numbers)
            self._grams, self._leads = [final], [inner]
            for size in range(1, LONGEST_PHRASE):
                lead = self._leads[-1][:-1] * _STEP
                self._grams.append(lead + final[size:])
                self._leads.append(lead + inner[size:])
        return self._grams

    def phrases(self, limit: int) -> tuple[Places, U64]:
        """Of the phrases that begin before `limit`, of every length, as they are and with their last word
        read as a stem: where they begin, and their hashes."""
        grams = [hashes[:limit] for hashes in self.grams()]
        begins = [_PLACES[: len(hashes)] for hashes in grams]
        if self.known.stems:
            stems = self.known.stem.take(self.numbers[:limit])
            at = stems.nonzero()[0]
            begins.append(at)
            grams.append(stems[at])
            for size in range(1, LONGEST_PHRASE):
                at = at[at.searchsorted(size) :]
                begins.append(at - size)
                grams.append(self._leads[size - 1].take(begins[-1]) * _STEP + stems[at])
        return np.concatenate(begins), np.concatenate(grams)

    def capitals(self, places: Places) -> NDArray[np.uint16]:
        """The bits of the capitals of the words at these places; none past the end."""
        return self.known.capitals.take(self.numbers.take(places, mode="clip"))

    def field_of(self, at: int) -> tuple[str, str, int, int]:
        """The field that the word at a place stands in, or before which the gap at a place stands."""
        return next(one for one in self.fields if at < one[3])

    def spans(
        self, quotes: Sequence[Sequence[tuple[str, int, int]]]
    ) -> Iterator[list[tuple[str, str, int, int]]]:
        """Rule, field, start and end, as offsets into the field as given, of phrases given by rule, first
        place and number of words: for each of several lists of them."""
        found = [[self._ends(*quote) for quote in some] for some in quotes]
        starts = self._starts({place for some in found for _, _, *ends in some for place in ends})
        for some in found:
            yield [
                (rule, name, starts[first] + start[0], starts[last] + stop[1])
                for rule, name, first, last in some
                if (start := self._core_of(first)) and (stop := self._core_of(last))
            ]

    def _ends(self, rule: str, at: int, size: int) -> tuple[str, str, int, int]:
        """The field and the places of the first and the last word of a phrase. A pair may be the gap between
        fields and the word after it, or the last word and the gap."""
        name, _, begin, end = self.field_of(at)
        return rule, name, max(at, begin), min(at + size, end) - 1

    def _starts(self, places: Collection[int]) -> dict[int, int]:
        """Where the parts at these places begin in their fields: told by the length of what stands before
        where parts are one space apart, else by that of what is left when they are parted from it."""
        starts: dict[int, int] = {}
        begin = end = at = 0
        text = ""
        for place in sorted(places):
            if place >= end:
                _, text, begin, end = self.field_of(place)
                at = text.find(self.parts[begin])
            parts = self.parts[begin : place + 1]
            before = " ".join(parts)
            if text.startswith(before, at):
                at += len(before) - len(parts[-1])
            else:
                at = len(text) - len(text[at:].split(None, place - begin)[-1])
            starts[place] = at
            begin = place
        return starts

    def _core_of(self, at: int) -> tuple[int, int] | None:
        """Where in the part at a place its word begins and ends, without the signs around it."""
        part = self.parts[at]
        word = self.known.words[int(self.numbers[at])]
        if word is not None and word.core == part:
            return 0, len(part)
        found = _CORE.search(part)
        return found and found.span()


_GAP = "\n"


class Vocabulary:
    """Turns texts into `Words`. May be shared between threads; with `plain` words are folded."""

    def __init__(self, stems: Collection[str] = (), *, plain: bool = False) -> None:
        self._stems = frozenset(stems)
        self._plain = plain
        self._table = _Table(self._stems, plain)

    def read(self, given: Sequence[tuple[str, str]]) -> Words:
        """The words of an article's fields, given as `(name, text)`."""
        table = self._table
        if len(table.words) > KEPT or len(table) > 2 * KEPT:
            table = self._table = _Table(self._stems, self._plain)
        fields: list[tuple[str, str, int, int]] = []
        parts: list[str] = []
        for name, text in given:
            text = spaced(text)
            begin = len(parts)
            parts += text.split()
            fields.append((name, text, begin, len(parts)))
            parts.append(_GAP)
        numbers = np.fromiter(map(table.__getitem__, parts), dtype=np.int64, count=len(parts))
        return Words(fields, numbers, table, parts)
