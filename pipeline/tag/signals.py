"""What sort of article it is, by words of its beginning: news of sport, of hazards, of firms, of the country
as a whole, of places abroad. They are met while its names are looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.tag.cues import LONGEST_SIGNAL, SURNAMES, Cues, cues
from pipeline.tag.matching import TONED, FieldText
from pipeline.vietnamese import UPPER, exact, fold, is_syllable, place_tones

_POLICIES = re.compile(
    place_tones(
        r"\b(?:nghị định|dự thảo|thông tư|dự án luật|luật phòng|lập quỹ|đề án|chính sách|nghi dinh|du "
        r"thao|thong tu|"
        r"decree|draft law|bill|new law|policy|relief fund)\b"
    )
)
"""A title of this kind tells of rules against floods, not of floods."""
OPENING = 600
"""Characters of each field that are its opening."""
_READ = 4000
"""Characters of the last field that are searched for places abroad."""
_RESULT = re.compile(r"\d-\d(?![\d/-])")


@dataclass(frozen=True, slots=True)
class Signals:
    """What the words of an article's beginning tell. `sport`: clubs are played for; `foreign`: a Chinese, and
    `abroad`: another foreign place is named; `company`: shares or profits are told of."""

    national: bool
    hazard: bool
    sport: bool
    foreign: bool
    abroad: bool
    company: bool


def opening_of(fields: Sequence[FieldText]) -> str:
    """The openings of all fields, in comparable form."""
    return " ".join([field.lower[:OPENING] for field in fields])


def listen(fields: Sequence[FieldText], opening: str) -> Signals:
    """What the openings and the rest of the last field tell. Their names have been looked up."""
    toned = any(field.mode == TONED for field in fields)
    table = cues("exact") if toned else fields[-1].table
    told: dict[str, set[str]] = {}
    for kinds, phrase in _met(fields, opening, table):
        for kind in kinds:
            told.setdefault(kind, set()).add(phrase)
    later = {kind for kinds, _ in _within(fields[-1], table, OPENING, _READ) for kind in kinds}
    sport = told.get("sport", ())
    return Signals(
        national=_tells_of_country(told, table),
        hazard="hazards" in told and not _POLICIES.search(fields[0].lower),
        sport=len(sport) > (2 if _OF_OTHER_THINGS.issuperset(sport) else 1)
        or (bool(sport) and _tells_a_result(opening)),
        foreign="foreign" in told or "foreign" in later,
        abroad="abroad" in told or "abroad" in later,
        company="company" in told,
    )


_Met = tuple[tuple[str, ...], str]


def _met(fields: Sequence[FieldText], opening: str, table: Cues) -> Iterator[_Met]:
    """The kinds and phrases of the signals in the openings, and across their borders."""
    border = -1
    for field in fields:
        if border >= 0:
            begin = max(0, border - LONGEST_SIGNAL)
            for start, end, kinds in table.signalled(opening[begin : border + LONGEST_SIGNAL + 1]):
                if begin + start < border < begin + end:
                    yield kinds, opening[begin + start : begin + end]
        yield from _within(field, table, 0, OPENING)
        border += 1 + min(len(field.lower), OPENING)


def _within(field: FieldText, table: Cues, begin: int, stop: int) -> Iterator[_Met]:
    """The signals in a stretch of a field, whose ends are taken for ends of words."""
    lower, size = field.lower, len(field.lower)
    if field.table is not table:  # a field without tones beside one that has them
        part = lower[begin:stop]
        yield from ((kinds, part[start:end]) for start, end, kinds in table.signalled(part))
        return
    for start, end, _ in field.signals:
        if start < begin or end > stop:
            continue
        if start > begin and lower[start - 1].isalnum():
            continue
        if end < stop and end < size and lower[end].isalnum():
            continue
        phrase = lower[start:end]
        if phrase in _SHORT_COUNTRIES and not _is_country(field, start, end):
            continue
        if phrase == _LISTED and lower.startswith(_PRICE, end):
            continue  # quán phải niêm yết giá
        if phrase in table.signals:  # of English, the automaton of toneless text finds too much
            yield table.signals[phrase], phrase


_OF_OTHER_THINGS = frozenset(
    "coach goal goals match cup fans visitors promotion penalty penalties side".split()
)
"""Words of sport that tourism and business use as well: two of these tell of no game."""
_LISTED, _PRICE = exact("niêm yết"), exact(" giá")
_SHORT_COUNTRIES = frozenset(map(exact, ("mỹ", "pháp", "đức", "úc", "séc")))


def _is_country(field: FieldText, start: int, end: int) -> bool:
    """`Pháp`, but not `biện pháp` or `Pháp luật`; `Đức`, but not `ông Minh Đức` or `Đức Trọng`."""
    text = field.text
    if field.caseless:
        return True
    if not text[start].isupper() or field.lower.startswith(_OF_LAW, end):
        return False
    beside = _BESIDE.match(text, end)
    if beside and is_syllable(fold(beside[1])):
        return False  # Đức Trọng, but Pháp Emmanuel Macron
    before, _, previous = text[max(0, start - 14) : start].rstrip(" ").rpartition(" ")
    if not (previous[:1].isupper() and previous.isalpha()) or exact(previous) in _BEFORE_COUNTRIES:
        return True
    begins = start <= len(previous) + 1 or before[-1:] in ".!?:\n"
    return begins and exact(previous) not in SURNAMES  # Khi Mỹ áp thuế


_BESIDE = re.compile(rf" ([{UPPER}]\w*)")
_BEFORE_COUNTRIES = frozenset(
    map(exact, "ở tại từ nước người sang về đến phía bên giới báo quân lính cựu".split())
)
"""Words that begin a sentence before a country, not a name: `Ở Pháp`."""
_OF_LAW = tuple(map(exact, (" luật", " lệnh", " lý", " nhân", " y")))


def _tells_of_country(told: dict[str, set[str]], table: Cues) -> bool:
    """Whether the country as a whole is spoken of; a storm brings ministers, too."""
    phrases = told.get("national", set())
    return bool(phrases & table.whole_country if "hazards" in told else phrases)


def _tells_a_result(text: str) -> bool:
    """`2-1`, but no date, range or telephone number."""
    return any(
        found.start() == 0 or text[found.start() - 1] not in "0123456789/-"
        for found in _RESULT.finditer(text)
    )
