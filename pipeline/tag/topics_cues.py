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
    CAPITALS,
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
_FILTER_BITS = 18
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
    `cue` tells cues apart, `common` those that are never met in a name, `stem` those met by a stem."""

    topic: int
    weight: float
    size: int
    cue: int
    checks: tuple[Check, ...]
    common: bool = False
    stem: bool = False


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
_LAST = 0xFFFFFFFFFFFFFFFF  # no hash lies behind this
# A hit is sorted as one number: by topic, place, the longest first, the least weight first, whole words
# before stems; its lowest bits are the row of the table that was met.
_WEIGHT, _SHORTER, _PLACE, _TOPIC = 20, 24, 30, 43
_ROW = (1 << _WEIGHT) - 1
_MOST_WORDS = (1 << _PLACE - _SHORTER) - 1
_PLACES = (1 << _TOPIC - _PLACE) - 1


class CueTable:
    """The cues of one language by the hashes of their phrases."""

    def __init__(self, topics: Sequence[Topic], language: str, *, plain: bool = False) -> None:
        self.plain = plain
        self._keys: list[int] = []  # hashes, each with the place of its entry in `of`
        self._of: list[int] = []
        entries: list[Entry] = []
        cues = [(n, cue) for n, topic in enumerate(topics) for cue in topic.cues if cue.language == language]
        # Of all languages: a word of a text is read by the longest stem, whosever that is.
        self._ordered = sorted(stems(cue for topic in topics for cue in topic.cues))
        for number, (topic, cue) in enumerate(cues):
            words = _words(cue.phrase, plain=plain)
            if words and not (plain and len(words) == 1):
                self._add(topic, number, cue, words, entries)
        self._lay_out(entries)

    def _lay_out(self, entries: Sequence[Entry]) -> None:
        """The entries as columns, those of one hash side by side."""
        keys, of = np.array([*self._keys, _LAST], dtype=np.uint64), np.array(self._of, dtype=np.int64)
        of = of[keys[:-1].argsort(kind="stable")]
        self._hashes, counts = np.unique(keys, return_counts=True)
        counts[-1] -= 1
        within = np.arange(counts.max())
        self._rows = np.where(within < counts[:, None], (counts.cumsum() - counts)[:, None] + within, -1)
        self._topic = np.array([entry.topic for entry in entries], dtype=np.int64)[of]
        self._size = np.array([entry.size for entry in entries], dtype=np.int64)[of]
        self._cue = np.array([entry.cue for entry in entries], dtype=np.int64)[of]
        self._weight = np.array([entry.weight for entry in entries], dtype=np.float64)[of]
        self._common = np.array([entry.common for entry in entries], dtype=np.bool_)[of]
        stem = np.array([entry.stem for entry in entries], dtype=np.bool_)[of]
        rank = 2 * np.unique(self._weight, return_inverse=True)[1] + stem
        shorter = _MOST_WORDS - np.minimum(self._size, _MOST_WORDS)
        self._order = (self._topic << _TOPIC) + (shorter << _SHORTER) + (rank << _WEIGHT) + np.arange(len(of))
        checked = {at: entry for at, entry in enumerate(entries) if entry.checks}
        capitals = np.zeros((len(entries), LONGEST_PHRASE), dtype=np.uint16)
        asking, odd = np.zeros((2, len(entries)), dtype=np.bool_)
        for at, entry in checked.items():
            capitals[at], asking[at], odd[at] = _bits(entry), True, _is_odd(entry)
        self._capitals, self._odd, self._asking = capitals.view(np.uint64)[of, 0], odd[of], asking[of]
        self._entries = {at: entries[of[at]] for at in self._asking.nonzero()[0].tolist()}
        self._filter: NDArray[np.bool_] = np.zeros(1 << _FILTER_BITS, dtype=np.bool_)
        self._filter[self._hashes[:-1] >> _SHIFT] = True
        self._keys, self._of = [], []

    def _add(self, topic: int, number: int, cue: Cue, words: list[Word], entries: list[Entry]) -> None:
        """Append the entry of a cue of these words, and the hashes by which it is met."""
        stem = cue.phrase.endswith("*")
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
        entries.append(Entry(topic, cue.weight, len(words), number, checks, common, stem))
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
        asked = hashes.take(at)
        group = self._hashes.searchsorted(asked)
        known = (self._hashes.take(group) == asked).nonzero()[0]
        rows = self._rows.take(group.take(known), 0)
        met = (rows >= 0).ravel().nonzero()[0]
        row, place = rows.take(met), begins.take(at.take(known.take(met // rows.shape[1])))
        agreed = self._agreed(words, row, place, shouting)
        agreed &= ~(self._common.take(row) & words.named(place, self._size.take(row), limit))
        hits = self._order.take(row) + (place << _PLACE)
        return self._longest(hits[agreed], limit)

    def _agreed(self, words: Words, row: Ints, place: Ints, shouting: frozenset[str]) -> NDArray[np.bool_]:
        """Which entries have what they ask of their words. Capitals, which most ask for alone, are looked at
        for all at once."""
        bits = self._capitals.take(row)
        agreed: NDArray[np.bool_] = (
            words.capitals(place[:, None] + _NEXT).view(np.uint64)[:, 0] & bits == bits
        )
        asking = self._asking if shouting else self._odd
        for one in (asking.take(row) & agreed).nonzero()[0].tolist():
            agreed[one] = _agree(self._entries[int(row[one])], words, int(place[one]), shouting)
        return agreed

    def _longest(self, hits: Ints, limit: int) -> Hits:
        """The hits that lie in no longer hit of their topic, without those that only take back. Inside a
        longer hit of another topic they count less."""
        hits.sort()
        row, at = hits & _ROW, hits >> _PLACE
        size, weight = self._size.take(row), self._weight.take(row)
        end = at + size
        told = weight > 0
        told[1:] &= end[1:] > np.maximum.accumulate(end)[:-1]
        row, size, weight, place = row[told], size[told], weight[told], at[told] & _PLACES
        weight[_inside(place, size, limit)] *= INSIDE
        return Hits(self._topic.take(row), place, size, weight, self._cue.take(row))


def _inside(place: Ints, size: Ints, limit: int) -> NDArray[np.bool_]:
    """Which of some phrases that begin before `limit` lie in a longer one of them."""
    end = place + size
    reach = np.zeros(limit + 1, dtype=np.int64)  # the furthest end of those that begin at a place
    np.maximum.at(reach, place + 1, end)
    before = np.maximum.accumulate(reach).take(place)
    inside: NDArray[np.bool_] = np.maximum(before, reach.take(place + 1) - 1) >= end
    return inside


def _words(phrase: str, *, plain: bool = False) -> list[Word]:
    parts = spaced(phrase.removesuffix("*")).split()
    return [word for part in parts if (word := word_of(part, plain=plain)) is not None]


def stems(cues: Iterable[Cue]) -> frozenset[str]:
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
    return any(
        check.forms or check.stem or check.at >= LONGEST_PHRASE or max(check.capitals) >= CAPITALS
        for check in entry.checks
    )


def _agree(entry: Entry, words: Words, place: int, shouting: frozenset[str]) -> bool:
    for at, capitals, forms, stem in entry.checks:
        word = words.word(place + at)
        if word is None or (forms and word.form not in forms) or not word.form.startswith(stem):
            return False
        if not all(letter < len(word.core) and word.core[letter].isupper() for letter in capitals):
            return False
    if shouting and entry.size == 1 and entry.checks[0].capitals:
        word = words.word(place)
        return word is None or len(word.core) > 3 or words.field_of(place)[0] not in shouting
    return True
