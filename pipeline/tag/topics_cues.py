"""Finding the cues of all topics in the words of an article, all phrases at once by their hashes.

A cue is met as whole words in the form in which it is typed, tones included. In English it may carry a plural
ending; with a final `*` its last word may go on in any way. Where a cue has a capital the text must have one
too (`AI` is no `ai`, who), and where it has a digit the same one. A phrase is broken by a sign that the cue
does not have. Where a cue of a topic lies inside a longer one of the same topic, the longer counts.
A Vietnamese text without tones is met by the folded cues of two syllables and more: one syllable without its
tone says too little.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.tag.topics_config import Cue, Topic
from pipeline.tag.topics_words import LONGEST_PHRASE, U64, Places, Word, Words, phrase_hash, spaced, word_of

_FILTER_BITS = 20
_SHIFT = np.uint64(64 - _FILTER_BITS)


class Check(NamedTuple):
    """What one word of a cue asks of the word `at` places after the first, beyond its hash: capitals at these
    letters; a form (when it has digits, or lies past the words that are hashed); a form that may go on."""

    at: int
    capitals: tuple[int, ...]
    forms: tuple[str, ...]
    stem: str


class Entry(NamedTuple):
    """One cue as it stands in the table: of which topic (by number), with what weight, how many words long;
    `cue` tells cues apart."""

    topic: int
    weight: float
    size: int
    cue: int
    checks: tuple[Check, ...]


Hit = tuple[int, int, int, float, int]
"""A cue met in the words of an article: its first place, words, topic (by number), weight, and number."""
_Met = tuple[int, int, float, int, int]  # place, words less than none, weight, topic, cue: as they are sorted


class CueTable:
    """The cues of some languages by the hashes of their phrases."""

    def __init__(self, topics: Sequence[Topic], languages: Iterable[str], *, plain: bool = False) -> None:
        wanted = frozenset(languages)
        self.plain = plain
        self._entries: dict[int, tuple[Entry, ...]] = {}
        cues = [(n, cue) for n, topic in enumerate(topics) for cue in topic.cues if cue.language in wanted]
        self.stems = _stems(cue for _, cue in cues)
        self._ordered = sorted(self.stems)
        for number, (topic, cue) in enumerate(cues):
            self._add(topic, number, cue)
        hashes = np.fromiter(self._entries, dtype=np.uint64, count=len(self._entries))
        self._filter: NDArray[np.bool_] = np.zeros(1 << _FILTER_BITS, dtype=np.bool_)
        self._filter[hashes >> _SHIFT] = True

    def _add(self, topic: int, number: int, cue: Cue) -> None:
        stem = cue.phrase.endswith("*")
        words = _words(cue.phrase, plain=self.plain)
        if not words or (self.plain and len(words) == 1):
            return
        last = words[-1].form
        if len(words) > LONGEST_PHRASE:
            plurals = (last, last + "s", last + "es") if cue.language == "en" else (last,)
            checks = (*_checks(words), *_rest(words, () if stem else plurals, last if stem else ""))
            self._put(
                phrase_hash(words[:LONGEST_PHRASE]), Entry(topic, cue.weight, len(words), number, checks)
            )
            return
        entry = Entry(topic, cue.weight, len(words), number, _checks(words))
        if stem:
            first = bisect_left(self._ordered, last)
            for longer in takewhile(lambda word: word.startswith(last), self._ordered[first:]):
                self._put(phrase_hash([*words[:-1], Word(longer, longer, 0)], stem=True), entry)
            return
        for ending in ("", "s", "es") if cue.language == "en" else ("",):
            end = Word(words[-1].core, last + ending, 0)
            self._put(phrase_hash([*words[:-1], end]), entry)

    def _put(self, key: int, entry: Entry) -> None:
        self._entries[key] = (*self._entries.get(key, ()), entry)

    def find(self, words: Words, limit: int, shouting: frozenset[str] = frozenset()) -> list[Hit]:
        """The cues met among the words before place `limit`, in order. `shouting` names the fields that are
        all in capitals: there a short word that is told by its capitals alone cannot be told."""
        met: list[_Met] = []
        for hashes in words.grams():
            self._look(words, None, hashes[:limit], shouting, met)
        if self.stems:
            for begin, hashes in words.stems(limit):
                self._look(words, begin, hashes, shouting, met)
        return _longest(met)

    def _look(
        self,
        words: Words,
        begin: Places | None,
        hashes: U64,
        shouting: frozenset[str],
        met: list[_Met],
    ) -> None:
        """Add the cues of these phrases to `met`. They begin at `begin`; None for each at its place."""
        get = self._entries.get
        at = self._filter.take((hashes >> _SHIFT).view(np.int64)).nonzero()[0]
        places = (at if begin is None else begin[at]).tolist()
        for place, key in zip(places, hashes[at].tolist(), strict=True):
            entries = get(key)
            if entries is None:
                continue
            for entry in entries:
                topic, weight, size, cue, checks = entry
                if not checks or _agree(entry, words, place, shouting):
                    met.append((place, -size, weight, topic, cue))


def _words(phrase: str, *, plain: bool = False) -> list[Word]:
    parts = spaced(phrase.removesuffix("*")).split()
    return [word for part in parts if (word := word_of(part, plain=plain)) is not None]


def _stems(cues: Iterable[Cue]) -> frozenset[str]:
    """The last words of the cues that may go on."""
    return frozenset(
        words[-1].form for cue in cues if cue.phrase.endswith("*") and (words := _words(cue.phrase))
    )


def _checks(words: Sequence[Word]) -> tuple[Check, ...]:
    """Capitals and digits of the words that are hashed."""
    checks = []
    for at, word in enumerate(words[:LONGEST_PHRASE]):
        capitals = tuple(i for i, char in enumerate(word.core) if char.isupper())
        forms = (word.form,) if any(char.isdigit() for char in word.form) else ()
        if capitals or forms:
            checks.append(Check(at, capitals, forms, ""))
    return tuple(checks)


def _rest(words: Sequence[Word], last: tuple[str, ...], stem: str) -> tuple[Check, ...]:
    """What the words past the hashed ones must be."""
    final = len(words) - 1
    return tuple(
        Check(
            at,
            tuple(i for i, char in enumerate(words[at].core) if char.isupper()),
            last if at == final else (words[at].form,),
            stem if at == final else "",
        )
        for at in range(LONGEST_PHRASE, len(words))
    )


def _agree(entry: Entry, words: Words, place: int, shouting: frozenset[str]) -> bool:
    for check in entry.checks:
        word = words.word(place + check.at)
        if word is None:
            return False
        if check.forms and word.form not in check.forms:
            return False
        if check.stem and not word.form.startswith(check.stem):
            return False
        if check.capitals and not _capitals(check, word):
            return False
    if shouting and entry.size == 1 and entry.checks[0].capitals:
        word = words.word(place)
        return word is None or len(word.core) > 3 or words.field_of(place)[0] not in shouting
    return True


def _capitals(check: Check, word: Word) -> bool:
    """Whether the capitals of the cue stand in the word."""
    core = word.core
    return all(at < len(core) and core[at].isupper() for at in check.capitals)


def _longest(met: list[_Met]) -> list[Hit]:
    """The hits that lie in no longer hit of their topic, without those that only take back."""
    met.sort()
    covered: dict[int, int] = {}
    hits: list[Hit] = []
    for place, minus, weight, topic, cue in met:
        end = place - minus
        if end <= covered.get(topic, 0):
            continue
        covered[topic] = end
        if weight:
            hits.append((place, -minus, topic, weight, cue))
    return hits
