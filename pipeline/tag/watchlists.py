"""Watch-lists: names, organisations and phrases that a user wants to be told of. Text → tags with evidence.

A name typed with marks is found with exactly those marks (both styles of tone placement), one typed without
in every tone, as in searches. It must begin and end where words do. One automaton holds all names of all
lists in folded form; regular expressions run in RE2, whose time is linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any
from unicodedata import combining

import ahocorasick

from models.tags import Evidence, Rejected, Taggable, WatchTag
from pipeline.sentences import sentence_ends
from pipeline.tag.fields import Field, read_fields
from pipeline.vietnamese import align, exact, fold, has_marks, strip_marks

MOST = 5
"""How many places of one field are quoted for one list, and as many that were cancelled."""
LONGEST = 200_000
"""Characters of a field that are read."""
ENOUGH = 4 * MOST
"""Places of one field that a pattern is asked for, besides those that do not count."""
_PART_END = re.compile(r";\s")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Watchlist:
    """What is watched for under one id.

    `exclude` are longer phrases in which a name does not count (`Vinamilk Cup`), `unless` words that cancel
    it in their sentence. `any_tones`: names typed with marks are found without them too. `case`: capitals
    count, except in a text all in capitals. `patterns` are compiled regular expressions over the text in
    lower case, `typed` the same as they were typed.
    """

    id: str
    label: str
    names: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    patterns: tuple[Any, ...] = ()
    typed: tuple[str, ...] = ()
    any_tones: bool = False
    case: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A name in the automaton: of which list (by number), for what, and the form it must have."""

    watchlist: int
    use: str  # "name", "exclude", "unless"
    marked: str  # the exact form if the marks must agree, else empty
    typed: str  # the name as typed if capitals must agree, else empty


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    rule: str


@dataclass(slots=True)
class _Found:
    """What was found in one field, by list: where names stand and what cancels them."""

    hits: dict[int, list[_Hit]] = field(default_factory=lambda: defaultdict(list))
    excluded: dict[int, list[_Hit]] = field(default_factory=lambda: defaultdict(list))
    unless: dict[int, list[_Hit]] = field(default_factory=lambda: defaultdict(list))


def _evidence(field: Field, hit: _Hit) -> Evidence:
    """The words of a hit as they were given."""
    return field.quote(hit.start, hit.end, hit.rule)


def _has_edges(text: str, start: int, end: int) -> bool:
    """Whether a word begins at `start` and one ends at `end`, where letters or digits stand there."""
    begins = start == 0 or not (_is_of_word(text[start - 1]) and text[start].isalnum())
    return begins and (end == len(text) or not (text[end - 1].isalnum() and _is_of_word(text[end])))


def _is_of_word(char: str) -> bool:
    """A letter, a digit, or a mark that no letter took up (two tones on one letter)."""
    return char.isalnum() or (char > "\u02ff" and combining(char) > 0)


class WatchlistTagger:
    """Finds the names of all lists. Holds tables only, so it may be shared between threads."""

    def __init__(self, lists: Sequence[Watchlist] = ()) -> None:
        self.lists = tuple(lists)
        self._automaton = _automaton(self.lists)
        self._patterned = [number for number, each in enumerate(self.lists) if each.patterns]

    def tag(
        self, article: Taggable, fields: Sequence[Field] | None = None
    ) -> tuple[tuple[WatchTag, ...], tuple[Rejected, ...]]:
        """The lists that an article meets, most places first, and the places that did not count. Never raises
        on any text; its time is linear in the text's length. `fields` are the article's, if they were read
        before."""
        if not self.lists:
            return (), ()
        evidence: dict[int, list[Evidence]] = defaultdict(list)
        rejected: list[Rejected] = []
        for given in read_fields(article) if fields is None else fields:
            field = given if len(given.raw) <= LONGEST else Field(given.name, given.raw[:LONGEST])
            found = self._find(field)
            ends = _part_ends(field.text) if found.unless else ()
            for number in dict.fromkeys((*found.hits, *self._patterned)):
                cancelling = _Cancelling(field, found.excluded[number], found.unless[number], ends)
                hits = found.hits[number] + self._matches(number, field, cancelling)
                good, bad = self._weigh(number, hits, cancelling, field)
                evidence[number] += good
                rejected += bad
        met = sorted((number for number in evidence if evidence[number]), key=lambda n: -len(evidence[n]))
        tags = (WatchTag(self.lists[n].id, self.lists[n].label, tuple(evidence[n])) for n in met)
        return tuple(tags), tuple(rejected)

    def _find(self, field: Field) -> _Found:
        found = _Found()
        uses = {"name": found.hits, "exclude": found.excluded, "unless": found.unless}
        for last, entries in self._automaton.iter(field.folded) if len(self._automaton) else ():
            for size, entry in entries:
                start, end = last + 1 - size, last + 1
                if _has_edges(field.exact, start, end) and _has_form(entry, field, start, end):
                    uses[entry.use][entry.watchlist].append(_Hit(start, end, entry.use))
        return found

    def _matches(self, number: int, field: Field, cancelling: _Cancelling) -> list[_Hit]:
        """Where the patterns of a list match: of each the first places, until enough of them count."""
        hits: list[_Hit] = []
        for pattern in self.lists[number].patterns:
            left = ENOUGH
            for match in pattern.finditer(_encodable(field.exact)):
                start, end = match.span(1)
                hit = _Hit(start, end, "pattern")
                hits.append(hit)
                left -= not cancelling.reason(hit)
                if not left:
                    break
        return hits

    def _weigh(
        self, number: int, hits: list[_Hit], cancelling: _Cancelling, field: Field
    ) -> tuple[list[Evidence], list[Rejected]]:
        """The first places that count and the first that do not, the longest name where several overlap."""
        good: list[Evidence] = []
        bad: list[Rejected] = []
        for hit in _longest(hits):
            reason = cancelling.reason(hit)
            if reason and len(bad) < MOST:
                bad.append(Rejected(_evidence(field, hit), f"{self.lists[number].label}: {reason}"))
            elif not reason and len(good) < MOST:
                good.append(_evidence(field, hit))
        return good, bad


class _Cancelling:
    """What cancels the names of one list in one field."""

    def __init__(
        self, field: Field, excluded: Iterable[_Hit], unless: Sequence[_Hit], ends: Sequence[int]
    ) -> None:
        self._field = field
        self._within = _Cover(excluded)
        self._sentences = _Sentences(unless, ends)

    def reason(self, hit: _Hit) -> str:
        """Why a hit does not count; empty if it does."""
        return self._within.reason(hit, self._field) or self._sentences.reason(hit, self._field)


class _Cover:
    """The longer phrases in which a name does not count."""

    def __init__(self, spans: Iterable[_Hit]) -> None:
        self._spans = sorted(spans, key=lambda span: span.start)
        self._starts = [span.start for span in self._spans]
        # For each phrase, the one that reaches furthest among it and those before it.
        self._furthest: list[_Hit] = list(accumulate(self._spans, _further))

    def reason(self, hit: _Hit, field: Field) -> str:
        place = bisect_right(self._starts, hit.start) - 1
        if place < 0 or self._furthest[place].end < hit.end:
            return ""
        return f"within “{_evidence(field, self._furthest[place]).text}”"


def _further(one: _Hit, other: _Hit) -> _Hit:
    return one if one.end >= other.end else other


class _Sentences:
    """The sentences that hold a word which cancels a name."""

    def __init__(self, unless: Sequence[_Hit], ends: Sequence[int]) -> None:
        self._ends = ends
        self._cancelling = {bisect_right(ends, hit.start): hit for hit in unless}

    def reason(self, hit: _Hit, field: Field) -> str:
        if not self._cancelling:
            return ""
        cause = self._cancelling.get(bisect_right(self._ends, hit.start))
        return f"“{_evidence(field, cause).text}” stands in the sentence" if cause else ""


def _part_ends(text: str) -> list[int]:
    """Where sentences end, and what semicolons part in them."""
    return sorted(sentence_ends(text) + [match.end() for match in _PART_END.finditer(text)])


def _encodable(text: str) -> str:
    """`text`, as long as it was, without halves of characters, which RE2 cannot be given."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)


def _longest(hits: list[_Hit]) -> Iterator[_Hit]:
    """The hits from left to right without those that begin within a longer or earlier one."""
    reached = 0
    for hit in sorted(hits, key=lambda each: (each.start, -each.end)):
        if hit.start >= reached:
            yield hit
            reached = hit.end


def _has_form(entry: _Entry, field: Field, start: int, end: int) -> bool:
    if entry.marked and field.exact[start:end] != entry.marked:
        # What cancels a name cancels it in a text without tones too.
        return entry.use != "name" and field.exact[start:end] == field.folded[start:end]
    return not entry.typed or field.capitals or strip_marks(field.text[start:end]) == entry.typed


def _automaton(lists: Sequence[Watchlist]) -> Any:
    by_key: dict[str, list[tuple[int, _Entry]]] = defaultdict(list)
    for number, each in enumerate(lists):
        for use, phrases in (("name", each.names), ("exclude", each.exclude), ("unless", each.unless)):
            for phrase in phrases:
                typed = " ".join(phrase.split())
                marked = exact(typed) if has_marks(typed) and not each.any_tones else ""
                cased = strip_marks(align(typed).text) if each.case and use == "name" else ""
                key = fold(typed)
                by_key[key].append((len(key), _Entry(number, use, marked, cased)))
    automaton = ahocorasick.Automaton()
    for key, entries in by_key.items():
        automaton.add_word(key, tuple(entries))
    automaton.make_automaton()
    return automaton
