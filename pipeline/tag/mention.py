"""A hit with the words around it, and what has been understood of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.tag import cue_words as words
from pipeline.tag.cues import Cues
from pipeline.tag.gazetteer import UNIT_KINDS, Place
from pipeline.tag.matching import Hit
from pipeline.vietnamese import fold

UNIT_LEVELS = UNIT_KINDS
_CLAUSE_END = re.compile(r'[;()!?\n"“”|…]|[,.:/](?!\d)')
_LAST_CLAUSE_END = re.compile(rf"(?s:.*)(?:{_CLAUSE_END.pattern})")
_ABBREVIATED = re.compile(r"\b(tp|tx|tt|h|q|p|x|mr|mrs|ms|dr)\.\s*", re.IGNORECASE)
OTHER_UNIT = "a district or ward of this name, not the province"
PASSING = frozenset(
    {words.FROM, words.TOWARDS, words.LIKE, words.APART, words.HOME, words.VENUE, "sobriquet"}
)
"""Uses that name a place without being about it."""
INNER = frozenset({"district", "ward", "landmark"})


@dataclass(slots=True, eq=False)
class Mention:
    """One hit, understood. `cue` is a word of `cue_words` or empty; `level` is the kind of sense."""

    hit: Hit
    level: str
    places: tuple[Place, ...]
    cue: str = ""
    reason: str = ""
    listed: bool = False
    weak: bool = False
    event_follows: bool = False
    before: str = ""
    quoted_as_former: bool = False
    namesakes: tuple[Place, ...] = ()
    _coded: tuple[tuple[Place, ...], frozenset[str]] = ((), frozenset())

    @property
    def start(self) -> int:
        """Where the name starts in the cleaned field."""
        return self.hit.start

    @property
    def codes(self) -> frozenset[str]:
        """The current units it may stand for."""
        if self._coded[0] is not self.places:
            self._coded = self.places, frozenset([place.code for place in self.places])
        return self._coded[1]


@dataclass(slots=True)
class Surroundings:
    """The words around a hit, up to the ends of its clause, in comparable form."""

    before: list[str]
    after: list[str]
    clause: str
    rest: str
    glued: bool

    @classmethod
    def of(cls, hit: Hit) -> Surroundings:
        lower, start, end = hit.field.lower, hit.start, hit.end
        left = lower[start - 110 if start > 110 else 0 : start]
        if left.endswith((". ", ".")):
            left = _ABBREVIATED.sub(r"\1 ", left)
        mark = _LAST_CLAUSE_END.match(left)
        clause = left[mark.end() :] if mark else left
        rest = lower[end : end + 60]
        stop = _CLAUSE_END.search(rest)
        after = rest[: stop.start()] if stop else rest
        if "'s " in after:
            after = after.replace("'s ", " 's ")
        glued = clause != "" and clause[-1] != " "
        return cls(clause.rsplit(None, 16)[-16:], after.split(None, 5)[:5], clause, rest, glued)


def longest_before(tokens: Sequence[str], table: Cues) -> tuple[str, str]:
    """The longest cue that ends right before the name: (meaning, phrase)."""
    if tokens:
        for size in table.sizes_before.get(tokens[-1], ()):
            phrase = " ".join(tokens[-size:])
            if meaning := table.before.get(phrase):
                return meaning, phrase
    return "", ""


def longest_after(tokens: Sequence[str], table: Cues) -> tuple[str, str]:
    """The longest cue that begins right after the name: (meaning, phrase)."""
    if tokens:
        for size in table.sizes_after.get(tokens[0], ()):
            phrase = " ".join(tokens[:size])
            if meaning := table.after.get(phrase):
                return meaning, phrase
    return "", ""


def form(mention: Mention) -> str:
    """The name without tones and capitals, by which mentions of one name are told."""
    return _folded(mention.hit.surface)


@lru_cache(maxsize=4096)
def _folded(surface: str) -> str:
    return fold(surface)
