"""Finding the cues of all topics in a text: one automaton per language over the exact form.

A cue is met as whole words in the form in which it is typed, tones included. In English it may carry a plural
ending; with a final `*` it may go on in any way. Where a cue has a capital the text must have one too (`AI`
is no `ai`, who). Where a cue of a topic lies inside a longer one of the same topic, the longer counts.
A Vietnamese text without tones is met by the folded cues of two syllables and more: one syllable without its
tone says too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import ahocorasick

from pipeline.tag.topics_config import Topic
from pipeline.vietnamese import exact, strip_marks


@dataclass(frozen=True, slots=True)
class Entry:
    """One cue as it stands in the automaton: for which topic (by number), with what weight, how its end may
    go on, and which of its letters must be capitals."""

    topic: int
    weight: float
    length: int
    open_end: bool
    plural: bool
    capitals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue met in a text, as offsets into the cleaned text."""

    topic: int
    weight: float
    start: int
    end: int


@dataclass(slots=True)
class CueFinder:
    """The automaton of one language."""

    entries: list[list[Entry]] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    _automaton: ahocorasick.Automaton = field(default_factory=ahocorasick.Automaton)

    @classmethod
    def build(cls, topics: Sequence[Topic], languages: Iterable[str], *, folded: bool = False) -> CueFinder:
        """An automaton over the cues of `languages`; with `folded` over those of two syllables and more,
        without tones."""
        finder = cls()
        wanted = frozenset(languages)
        for number, topic in enumerate(topics):
            for cue in topic.cues:
                if cue.language in wanted:
                    finder._add(number, cue.phrase, cue.weight, cue.language == "en", folded)
        if finder._numbers:
            finder._automaton.make_automaton()
        return finder

    def _add(self, topic: int, phrase: str, weight: float, english: bool, folded: bool) -> None:
        stem = phrase.removesuffix("*")
        form = stem.lower() if stem.isascii() else exact(stem)
        if folded:
            if " " not in form:
                return
            form = strip_marks(form)
        capitals: tuple[int, ...] = ()
        if not stem.islower() and len(stem) == len(form):
            capitals = tuple(at for at, char in enumerate(stem) if char.isupper())
        entry = Entry(topic, weight, len(form), stem != phrase, english, capitals)
        number = self._numbers.get(form)
        if number is None:
            number = self._numbers[form] = len(self.entries)
            self.entries.append([])
            self._automaton.add_word(form, number)
        self.entries[number].append(entry)

    def find(self, form: str, cleaned: str) -> list[Hit]:
        """The cues met in `form` (exact or folded), of which `cleaned` is the text with its capitals."""
        if not self._numbers:
            return []
        shouting = cleaned.isupper()
        met: list[tuple[int, int, Entry]] = []
        size = len(form)
        entries = self.entries
        for last, number in self._automaton.iter(form):
            after = last + 1
            for entry in entries[number]:
                start = after - entry.length
                if start and form[start - 1].isalnum() and form[start].isalnum():
                    break
                end = _end(form, after, size, entry)
                if end and (not entry.capitals or _capital(cleaned, start, entry, shouting)):
                    met.append((start, -end, entry))
        return _longest(met)


def _end(form: str, after: int, size: int, entry: Entry) -> int:
    """Where the word that the cue ends in ends; 0 if the cue does not end there."""
    if after == size or not form[after].isalnum():
        return after
    if entry.open_end:
        while after < size and form[after].isalnum():
            after += 1
        return after
    if entry.plural:
        for ending in ("s", "es"):
            stop = after + len(ending)
            if form.startswith(ending, after) and (stop == size or not form[stop].isalnum()):
                return stop
    return 0


def _capital(cleaned: str, start: int, entry: Entry, shouting: bool) -> bool:
    """Whether the capitals of the cue stand in the text. In a text all in capitals a short word that is told
    by its capitals alone cannot be told."""
    if shouting and entry.length <= 3:
        return False
    return all(cleaned[start + at].isupper() for at in entry.capitals)


def _longest(met: list[tuple[int, int, Entry]]) -> list[Hit]:
    """The hits that lie in no longer hit of their topic, without those that only take back."""
    met.sort(key=lambda item: (item[0], item[1], item[2].weight))
    covered: dict[int, int] = {}
    hits: list[Hit] = []
    for start, minus_end, entry in met:
        end = -minus_end
        if end <= covered.get(entry.topic, 0):
            continue
        covered[entry.topic] = end
        if entry.weight:
            hits.append(Hit(entry.topic, entry.weight, start, end))
    return hits
