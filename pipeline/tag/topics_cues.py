"""Finding the cues of all topics in the words of an article, all phrases at once by their hashes.

A cue is met as whole words in the form in which it is typed, tones included. In English it may carry a plural
ending; with a final `*` its last word may go on in any way. Where a cue has a capital the text must have one
too (`AI` is no `ai`, who), and where it has a digit the same one. A phrase is broken by a sign that the cue
does not have. Where a cue of a topic lies inside a longer one of the same topic, the longer counts.
A Vietnamese cue without a capital is not met in a name, nor where a name begins in it: *Hiền Lương* has no
`lương`, wages, and *hàng Hải Phòng* no `hàng hải`, shipping.
A Vietnamese text without tones is met by the folded cues of two syllables and more: one syllable without its
tone says too little.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.language import VIETNAMESE
from pipeline.tag.topics_config import Cue, Topic
from pipeline.tag.topics_words import (
    LONGEST_PHRASE,
    Word,
    Words,
    capital_bits,
    form_hash,
    phrase_hash,
    phrase_lead,
    spaced,
    word_of,
)

Ints = NDArray[np.int64]

INSIDE = 0.5  # what a cue counts inside a longer one of another topic
_NO_DIGIT = re.compile(r"\D*").fullmatch
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
    `cue` tells cues apart, `common` those that are never met in a name."""

    topic: int
    weight: float
    size: int
    cue: int
    checks: tuple[Check, ...]
    common: bool = False


class Hits(NamedTuple):
    """The cues met in the words of an article, one in each row, by topic and then by place: topic (by
    number), first place, words, weight, and number of the cue."""

    topic: Ints
    place: Ints
    size: Ints
    weight: NDArray[np.float64]
    cue: Ints

    def again(self) -> Ints:
        """How often the same cue was met before."""
        order = self.cue.argsort(kind="stable")
        cues = self.cue[order]
        places = np.arange(len(cues))
        begins = places.copy()
        begins[1:][cues[1:] == cues[:-1]] = 0
        rank = np.empty_like(order)
        rank[order] = places - np.maximum.accumulate(begins)
        return rank


_NEXT = np.arange(LONGEST_PHRASE)
_TOPIC = 1 << 32  # in the number by which hits are sorted: topic, place, longest first
_PLACE = 1 << 16


class CueTable:
    """The cues of some languages by the hashes of their phrases."""

    def __init__(self, topics: Sequence[Topic], languages: Iterable[str], *, plain: bool = False) -> None:
        wanted = frozenset(languages)
        self.plain = plain
        self._keys: list[int] = []  # hashes, each with the place of its entry in `of`
        self._of: list[int] = []
        entries: list[Entry] = []
        cues = [(n, cue) for n, topic in enumerate(topics) for cue in topic.cues if cue.language in wanted]
        self.stems = _stems(cue for _, cue in cues)
        self._ordered = sorted(self.stems)
        for number, (topic, cue) in enumerate(cues):
            self._add(topic, number, cue, entries)
        self._lay_out(entries)

    def _lay_out(self, entries: Sequence[Entry]) -> None:
        """The entries as columns, those of one hash side by side."""
        keys, of = np.array(self._keys, dtype=np.uint64), np.array(self._of, dtype=np.int64)
        order = keys.argsort(kind="stable")
        of = of[order]
        self._hashes, self._begins, self._counts = np.unique(
            keys[order], return_index=True, return_counts=True
        )
        self._topic = np.array([entry.topic for entry in entries], dtype=np.int64)[of]
        self._size = np.array([entry.size for entry in entries], dtype=np.int64)[of]
        self._cue = np.array([entry.cue for entry in entries], dtype=np.int64)[of]
        self._weight = np.array([entry.weight for entry in entries], dtype=np.float64)[of]
        self._common = np.array([entry.common for entry in entries], dtype=np.bool_)[of]
        self._checked = np.array([bool(entry.checks) for entry in entries], dtype=np.bool_)[of]
        self._entries = {at: entries[of[at]] for at in self._checked.nonzero()[0].tolist()}
        checked = [(at, entry) for at, entry in enumerate(entries) if entry.checks]
        capitals = np.zeros((len(entries), LONGEST_PHRASE), dtype=np.uint64)
        odd = np.zeros(len(entries), dtype=np.bool_)
        for at, entry in checked:
            capitals[at], odd[at] = _bits(entry), _is_odd(entry)
        self._capitals, self._odd = capitals[of], odd[of]
        self._filter: NDArray[np.bool_] = np.zeros(1 << _FILTER_BITS, dtype=np.bool_)
        self._filter[self._hashes >> _SHIFT] = True
        self._keys, self._of = [], []

    def _add(self, topic: int, number: int, cue: Cue, entries: list[Entry]) -> None:
        """Append the cue's entry, and the hashes by which it is met."""
        stem = cue.phrase.endswith("*")
        words = _words(cue.phrase, plain=self.plain)
        if not words or (self.plain and len(words) == 1):
            return
        last = words[-1].form
        if len(words) > LONGEST_PHRASE:
            plurals = (last, last + "s", last + "es") if cue.language == "en" else (last,)
            checks = (*_checks(words), *_rest(words, () if stem else plurals, last if stem else ""))
            head = words[:LONGEST_PHRASE]
            entries.append(Entry(topic, cue.weight, len(words), number, checks))
            self._put([phrase_hash(phrase_lead(head), head[-1].hash)], len(entries) - 1)
            return
        lower, lead = cue.phrase.islower(), phrase_lead(words)
        checks = () if lower and _NO_DIGIT(cue.phrase) else _checks(words)
        common = lower and cue.weight > 0 and cue.language == VIETNAMESE
        entries.append(Entry(topic, cue.weight, len(words), number, checks, common))
        if stem:
            first = bisect_left(self._ordered, last)
            longer = takewhile(lambda word: word.startswith(last), self._ordered[first:])
            keys = [phrase_hash(lead, form_hash(word), stem=True) for word in longer]
        elif cue.language == "en":
            finals = (words[-1].hash, form_hash(last + "s"), form_hash(last + "es"))
            keys = [phrase_hash(lead, final) for final in finals]
        else:
            keys = [phrase_hash(lead, words[-1].hash)]
        self._put(keys, len(entries) - 1)

    def _put(self, keys: Sequence[int], entry: int) -> None:
        self._keys += keys
        self._of += [entry] * len(keys)

    def find(self, words: Words, limit: int, shouting: frozenset[str] = frozenset()) -> Hits:
        """The cues met among the words before place `limit` (at most 4,096). `shouting` names the fields that
        are all in capitals: there a short word that is told by its capitals alone cannot be told."""
        begins, hashes = words.phrases(limit)
        at = self._filter.take((hashes >> _SHIFT).view(np.int64)).nonzero()[0]
        asked = hashes[at]
        group = self._hashes.searchsorted(asked)
        group[group == len(self._hashes)] = 0
        known = (self._hashes[group] == asked).nonzero()[0] if len(self._hashes) else group[:0]
        group, place = group[known], begins[at[known]]
        counts = self._counts[group]
        row = np.repeat(self._begins[group] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        place = np.repeat(place, counts)
        asked = self._checked[row].nonzero()[0]
        if len(asked):
            agreed = self._agreed(words, row, place, asked, shouting)
            row, place = row[agreed], place[agreed]
        outside = ~(self._common[row] & words.named(place, self._size[row], limit))
        return self._longest(row[outside], place[outside])

    def _agreed(
        self, words: Words, row: Ints, place: Ints, asked: Ints, shouting: frozenset[str]
    ) -> NDArray[np.bool_]:
        """Which entries have what they ask of their words; those at `asked` ask anything. Capitals, which
        most ask for alone, are looked at for all at once."""
        bits = self._capitals[row[asked]]
        there = words.capitals(place[asked, None] + _NEXT)
        agreed = np.ones(len(row), dtype=np.bool_)
        agreed[asked] = ((there & bits) == bits).all(axis=1)
        for one in (asked if shouting else asked[self._odd[row[asked]]]).tolist():
            agreed[one] = _agree(self._entries[int(row[one])], words, int(place[one]), shouting)
        return agreed

    def _longest(self, row: Ints, place: Ints) -> Hits:
        """The hits that lie in no longer hit of their topic, without those that only take back. Inside a
        longer hit of another topic they count less."""
        topic, size, weight = self._topic[row], self._size[row], self._weight[row]
        order = np.lexsort((weight, topic * _TOPIC + place * _PLACE - size))
        topic, place, size, weight = topic[order], place[order], size[order], weight[order]
        end = topic * _TOPIC + place + size
        told = weight > 0
        told[1:] &= end[1:] > np.maximum.accumulate(end)[:-1]
        topic, place, size = topic[told], place[told], size[told]
        weight = weight[told] * np.where(_inside(place, size), INSIDE, 1)
        return Hits(topic, place, size, weight, self._cue[row[order[told]]])


def _inside(place: Ints, size: Ints) -> NDArray[np.bool_]:
    """Which of some phrases lie in a longer one of them."""
    key = place * _PLACE - size
    order = key.argsort(kind="stable")
    key = key[order]
    furthest = np.maximum.accumulate((place + size)[order])
    before = key.searchsorted(key)  # the longer ones, or that begin earlier, stand before this
    inside = np.empty(len(key), dtype=np.bool_)
    inside[order] = (before > 0) & (furthest[before - 1] >= (place + size)[order])
    return inside


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


def _bits(entry: Entry) -> list[int]:
    """The capitals that an entry asks of its first words."""
    asked = {check.at: capital_bits(check.capitals) for check in entry.checks}
    return [asked.get(at, 0) for at in range(LONGEST_PHRASE)]


def _is_odd(entry: Entry) -> bool:
    """Whether an entry asks for more than capitals of its first words."""
    return any(check.forms or check.stem or check.at >= LONGEST_PHRASE for check in entry.checks)


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
