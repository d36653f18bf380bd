"""Find the names of the gazetteer in a text: whole words, capitals where the name has them, longest first.

A text that carries tones is read with its tones; English text and Vietnamese typed without tones are read
folded. A text without small letters (or without capitals) tells nothing by its case: it is `caseless`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import ne

from pipeline.tag.cues import Cues, cues
from pipeline.tag.fields import Field
from pipeline.tag.gazetteer import Entry, Gazetteer, normal_dashes
from pipeline.vietnamese import exact

TONED = "toned"
TONELESS = "toneless"
ENGLISH = "english"

_UNITS = frozenset({"province", "former"})
_REPEATS = 5
"""How often one name is read in a field. More repetitions add nothing to what an article is about."""
_WARD_NOUN = re.compile(r"(?:xã|phường|trấn|đặc khu|xa|phuong|tran|biên giới|vùng cao|đảo|p\.|x\.)\s*$")
_PLACING = ("ở ", "tại ", " in ", " at ", " near ", "gần ")
_VILLAGES = (exact("làng "), "lang ")
_DIRECTIONS = frozenset("bắc nam đông tây bac dong tay".split())
_TONED_SHARE = {"en": 0.12}
"""Of all characters, those outside ASCII: about 0.25 in Vietnamese, below 0.05 in English with names
that carry tones."""


@dataclass(slots=True, eq=False)
class FieldText:
    """One field of an article, cleaned, with the form in which names are looked up in it.

    `text` has single spaces; `lower` is the comparable form of the same length; `offsets` lead from it back
    to the field as it was given.
    """

    name: str
    raw: str
    text: str
    lower: str
    offsets: Sequence[int]
    mode: str
    caseless: bool
    table: Cues
    """The words that speak for or against a name, in the form of `lower`."""
    signals: list[tuple[int, int, tuple[str, ...]]] = field(default_factory=list)
    """Where words stand that tell what sort of article it is, and which sorts; within longer words too. Known
    once names were looked up."""

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the field as given."""
        return self.offsets[start], self.offsets[end]


@dataclass(slots=True, eq=False)
class Hit:
    """A name found in a field, before anything is known of its meaning."""

    field: FieldText
    start: int
    end: int
    entry: Entry
    key: str
    """The name in comparable form."""
    in_unit: bool = False
    """Whether the name of a unit follows at once, as in `Lệ Thủy Quảng Bình`."""

    @property
    def surface(self) -> str:
        """The name as it stands in the cleaned text."""
        return self.field.text[self.start : self.end]


def read_field(field: Field, language: str) -> FieldText:
    """Prepare one field. `language` is the article's: it decides between English and toneless Vietnamese."""
    text = field.text
    if _is_toned(text, language):
        mode, lower, table = TONED, field.exact, cues("exact")
    elif language == "en":
        mode, lower, table = ENGLISH, field.folded, cues("english")
    else:
        mode, lower, table = TONELESS, field.folded, cues("folded")
    caseless = _is_caseless(text)
    return FieldText(field.name, field.raw, text, normal_dashes(lower), field.offsets, mode, caseless, table)


def _is_toned(text: str, language: str) -> bool:
    if text.isascii():
        return False
    head = text[:1500]
    return 1 - len(head.encode("ascii", "ignore")) / len(head) >= _TONED_SHARE.get(language, 0.05)


def _is_caseless(text: str) -> bool:
    head = text[:240]
    if head != head.lower() and sum(map(str.islower, head[:60])) > 34:
        return False  # settled without counting on
    upper = sum(map(ne, head, head.lower()))
    lower = sum(map(ne, head, head.upper()))
    return bool(upper > 6 * lower or (upper == 0 and lower > 0))


def find(field: FieldText, gazetteer: Gazetteer) -> list[Hit]:
    """The names in a field, in order, not overlapping. Writes down its signals."""
    hits = _without_overlaps(_candidates(field, gazetteer))
    for left, right in pairwise(hits):
        left.in_unit = right.start == left.end + 1 and right.entry.unit is not None
    return hits


def _candidates(field: FieldText, gazetteer: Gazetteer) -> list[Hit]:
    """Every whole word that spells a name. What most of them fail is asked first."""
    lower, text, toned = field.lower, field.text, field.mode == TONED
    spotter = gazetteer.exact if toned else gazetteer.folded
    entries, signals = spotter.entries, spotter.signals
    size, caseless = len(lower), field.caseless
    hits: list[Hit] = []
    seen: dict[int, int] = {}
    placed: dict[int, bool] = {}
    met = field.signals = []
    for last, index in spotter.automaton.iter(lower):
        end = last + 1
        if (signal := signals[index]) is not None:
            met.append((end - signal[0], end, signal[1]))
        entry = entries[index]
        if entry is None:
            continue
        start = end - len(entry.name)
        if not caseless and not _has_capitals(text, start, entry.caps):
            continue
        if (end < size and lower[end].isalnum()) or (start > 0 and lower[start - 1].isalnum()):
            continue
        if not toned and not (surface := text[start:end]).isascii():
            typed = gazetteer.as_typed(surface)
            if typed is None and not _marks_agree(surface, entry):
                continue
            entry = typed or entry
        if entry.ward_only and not _is_ward(lower, start, end):
            if not (entry.lone and lower.endswith(_PLACING, 0, start)):
                continue
            if index not in placed:  # of the whole text, so asked once
                placed[index] = is_only_placed(lower, lower[start:end])
            if not placed[index]:
                continue
        seen[index] = seen.get(index, 0) + 1
        if seen[index] <= _REPEATS:
            hits.append(Hit(field, start, end, entry, lower[start:end]))
    return hits


def _has_capitals(text: str, start: int, caps: tuple[int, ...]) -> bool:
    for offset in caps:  # noqa: SIM110 - a plain loop, for this runs for every word that spells a name
        if not text[start + offset].isupper():
            return False
    return True


def _is_ward(lower: str, start: int, end: int) -> bool:
    """The name of a mere ward counts after its noun (before it in English) or as part of an address."""
    if lower.startswith(", ", end) or lower.startswith((" commune", " ward", " town"), end):
        return True
    return _WARD_NOUN.search(lower[max(0, start - 14) : start]) is not None


def is_only_placed(lower: str, name: str) -> bool:
    """Whether a text names a ward nowhere without a noun or preposition of place: `ở Mông Dương`. The name
    of a firm stands alone, too."""
    position = lower.find(name)
    while position >= 0:
        if not lower.endswith(_PLACING, 0, position) and not _is_ward(lower, position, position + len(name)):
            return False
        position = lower.find(name, position + 1)
    return True


def _marks_agree(surface: str, entry: Entry) -> bool:
    """Whether a name found folded is not contradicted by the marks that it carries after all."""
    form = exact(surface)
    return any(exact(sense.name) == form for sense in entry.senses) or exact(entry.name) == form


def _without_overlaps(hits: list[Hit]) -> list[Hit]:
    """Of names that share letters the first one, then the longest; but in "phía bắc Hà Nội" the direction
    yields to the unit that follows it, and so does a ward in "Nguyễn Văn Sơn La"."""
    if not any(right.start < left.end for left, right in pairwise(hits)):
        return hits
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[Hit] = []
    for hit in hits:
        if kept and hit.start < kept[-1].end:
            if hit.end > kept[-1].end and _yields(kept[-1], hit):
                kept[-1] = hit
            continue
        kept.append(hit)
    return kept


def _yields(left: Hit, right: Hit) -> bool:
    """Whether a direction, or a bare name of a mere ward, gives way to the unit that it overlaps, and the
    village *làng Vân* to *Vân Cù*, of which it has but the first word."""
    if left.key.startswith(_VILLAGES) and right.start == left.start + left.key.find(" ") + 1:
        return True
    if right.entry.senses[0].kind not in _UNITS or left.entry.senses[0].kind in _UNITS:
        return False
    lower = left.field.lower
    if lower[left.start : left.end].split(" ", 1)[0] in _DIRECTIONS:
        return True
    return left.entry.ward_only and _WARD_NOUN.search(lower[max(0, left.start - 12) : left.start]) is None
