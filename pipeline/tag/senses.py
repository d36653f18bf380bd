"""Which of its meanings a name has here: a unit, a district or ward, a sight, on the map of which day."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from pipeline.tag import cue_words as words
from pipeline.tag.gazetteer import MERGER, Place, Sense
from pipeline.tag.matching import TONED, FieldText, Hit
from pipeline.tag.mention import OTHER_UNIT, UNIT_LEVELS, Mention, Surroundings
from pipeline.vietnamese import exact, fold, place_tones

_LETTERS = {
    "huyện": "h", "huyện đảo": "h", "huyện miền núi": "h", "huyện biên giới": "h",
    "huyện vùng cao": "h", "h": "h",
    "quận": "q", "q": "q", "thị xã": "tx", "thị xã biển": "tx", "tx": "tx", "xã": "x", "xã biên giới": "x",
    "xã vùng cao": "x", "xã đảo": "x", "xã ven biển": "x", "xã miền núi": "x", "x": "x",
    "phường": "p", "p": "p",
    "thị trấn": "t", "tt": "t", "đặc khu": "s",
    "district": "d", "ward": "p", "wards": "p", "commune": "x", "communes": "x", "town": "tx",
    "township": "t", "the commune of": "x", "the ward of": "p", "the district of": "d",
}  # fmt: skip
_LETTERS = {exact(noun): letter for noun, letter in _LETTERS.items()}
_FOLDED_LETTERS = {fold(noun): letter for noun, letter in _LETTERS.items()}
_DISTRICT_LETTERS = frozenset({"h", "q", "tx", "d", "tp"})
_TOWN_LETTERS = frozenset({"tp", "tx"})
_JOINT_ALONE = frozenset(
    {"Hà Bắc", "Vĩnh Phú", "Nghệ Tĩnh", "Hải Hưng", "Sông Bé", "Bắc Thái", "Hà Tây", "Nghĩa Bình"}
)


def era_of(published: date | None) -> int:
    """The map that an article of that day is written on: 1 since the merger, -1 before, 0 if not known."""
    return 0 if published is None else (1 if published >= MERGER else -1)


def subunit_letter(before: str, phrase: str, after: str, after_phrase: str) -> str:
    """The sort of district or ward that the noun beside a name makes it; empty without such a noun."""
    if before == words.SUBUNIT:
        return _LETTERS.get(phrase) or _FOLDED_LETTERS.get(phrase, "") or "x"
    if after == words.SUBUNIT:
        return _LETTERS.get(after_phrase.removesuffix("'s"), "d")
    return ""


def is_known_village(hit: Hit, era: int) -> bool:
    """`làng Bát Tràng`: a sight in whose unit every place of the name lies, and no town or district."""
    senses = hit.entry.senses
    codes = {place.code for sense in senses if sense.kind == "landmark" for place in sense.places}
    codes |= {p.code for sense in senses if sense.kind == "ward" for p in _wards(sense.note, "", era)}
    kinds = {sense.kind for sense in senses}
    return kinds == {"landmark", "ward"} and len(codes - {""}) == 1


def as_subunit(hit: Hit, letter: str, era: int) -> Mention:
    """The district or ward of this name, of the sort that its noun says."""
    senses = hit.entry.senses
    named_unit = senses[0].kind in UNIT_LEVELS
    if letter in _DISTRICT_LETTERS:
        exactly = [s for s in senses if s.kind == "district" and (s.letter == letter or letter == "d")]
        found = exactly or [s for s in senses if s.kind == "district" and not named_unit]
        if found:
            return Mention(hit, "district", tuple(p for s in found for p in s.places), words.SUBUNIT)
    wards = tuple(p for s in senses if s.kind == "ward" for p in _wards(s.note, letter, era))
    if wards:
        shared = any(s.kind == "ward" and _was_shared(s.note, letter) for s in senses)
        return Mention(hit, "ward", tuple(dict.fromkeys(wards)), words.SUBUNIT, weak=shared)
    fitting = [s for s in senses if s.kind in ("district", "landmark")]
    if fitting and not named_unit:
        return Mention(hit, "district", tuple(p for s in fitting for p in s.places), words.SUBUNIT)
    return Mention(hit, "ward", (), reason=OTHER_UNIT)


def inner_places(hit: Hit) -> list[Place]:
    """The districts and wards that bear the name, on either map. The place of a ward on the map before the
    merger has no code."""
    found: list[Place] = []
    for sense in hit.entry.senses:
        if sense.kind == "district":
            found += sense.places
        elif sense.kind == "ward":
            found += _wards(sense.note, "", 0)
    return found


def as_bare(hit: Hit, around: Surroundings, before: str, phrase: str, era: int) -> Mention:
    """What a name means that no noun of a district or ward stands beside."""
    senses = hit.entry.senses
    if unit := hit.entry.unit:
        return Mention(hit, unit.kind, unit.places)
    if hit.entry.ward_only:
        return _bare_ward(hit, before, era)
    joint = next((s for s in senses if s.kind == "joint"), None)
    if joint and (before == words.UNIT or len(joint.name.split()) > 2 or joint.name in _JOINT_ALONE):
        reason = "history" if "xô viết" in around.clause or "xo viet" in around.clause else ""
        return Mention(hit, "joint", joint.places, reason=reason)
    landmarks = [s for s in senses if s.kind == "landmark"]
    fitting = [s for s in landmarks if _noun_fits(s, around, hit.field)]
    if not fitting and len(landmarks) == 1 and hit.field.mode == TONED and not hit.field.caseless:
        fitting = landmarks if phrase in _PLACING else []
    if hit.field.mode != TONED and len(fitting) > 1:
        towns = {s.name for s in senses if s.kind == "district" and s.letter in _TOWN_LETTERS}
        fitting = [s for s in fitting if s.nouns or s.name in towns] or fitting  # Đồng Hới, Đông Hồi
    if fitting:
        closest = [s for s in fitting if s.nouns] or fitting
        wards = [p for s in senses if s.kind == "ward" for p in _wards(s.note, "", era)]
        places = tuple(dict.fromkeys(p for s in closest for p in s.places))
        return Mention(hit, "landmark", places, namesakes=tuple(p for p in wards if p.code))
    districts = [s for s in senses if s.kind == "district"]
    wards = [p for s in senses if s.kind == "ward" for p in _wards(s.note, "", era)]
    if districts:
        places = tuple(p for s in districts for p in s.places)
        if (
            before in (words.AT, words.TOWARDS)
            and len({p.code for p in places}) == 1
            and " " in hit.entry.name
        ):
            return Mention(hit, "district", places)
        several = (
            len({p.code for p in places}) > 1
            or not {p.old for p in wards} <= {p.old for p in places}
            or any(s.kind == "landmark" for s in senses)
        )
        return Mention(
            hit, "district", places, weak=several or " " not in hit.entry.name or _is_of_river(hit)
        )
    return _bare_ward(hit, before, era)


def _bare_ward(hit: Hit, before: str, era: int) -> Mention:
    wards = [p for s in hit.entry.senses if s.kind == "ward" for p in _wards(s.note, "", era)]
    if wards:
        sure = hit.entry.lone and before == words.AT
        return Mention(hit, "ward", tuple(dict.fromkeys(wards)), weak=not sure)
    return Mention(hit, "landmark", (), reason="a place of this name elsewhere")


def _is_of_river(hit: Hit) -> bool:
    """`Sông Mã` is a district, but first of all a river."""
    return hit.key.startswith(("sông ", "song "))


_PLACING = frozenset({"ở", "tại", "qua", "về", "đến", "tới", "quanh", "gần"})


@lru_cache(maxsize=4096)
def _wards(note: str, letter: str, era: int) -> list[Place]:
    """The places of a ward's row in the table: on the map of the day (`era` 1 since the merger, -1 before),
    else on the other; 0 takes both."""
    old_text, _, new_text = note.partition("|")
    old = [Place("", part[1:]) for part in old_text.split(",") if part and letter in ("", part[0])]
    new = [
        Place(part[1:3], part[4:] if "+" not in part else "")
        for part in new_text.split(",")
        if part and letter in ("", part[0])
    ]
    if era == 0:
        return new + old
    return (new or old) if era > 0 else (old or new)


@lru_cache(maxsize=4096)
def _was_shared(note: str, letter: str) -> bool:
    """Whether units of three former provinces or more bore the name: it is still used of all of them."""
    old_text, _, _ = note.partition("|")
    return len({part[1:] for part in old_text.split(",") if part[:1] == letter}) >= _SHARED


_SHARED = 3


def _noun_fits(sense: Sense, around: Surroundings, field: FieldText) -> bool:
    """Whether a namesake landmark has one of its nouns beside it (or needs none)."""
    if not sense.nouns:
        return True
    left, right = f" {_RANKS.sub('', around.clause).strip()} ", f" {' '.join(around.after)} "
    nouns = _comparable(sense.nouns, field.mode == TONED)
    return any(left.endswith(f" {noun} ") or right.startswith(f" {noun} ") for noun in nouns)


_RANKS = re.compile(place_tones(r"(?<= )(?:quốc tế|quốc gia|chính|phụ|quoc te|quoc gia) $"))
"""`cửa khẩu quốc tế Hoa Lư`: between the noun and the name."""


@lru_cache(maxsize=1024)
def _comparable(nouns: tuple[str, ...], toned: bool) -> tuple[str, ...]:
    return tuple(map(exact if toned else fold, nouns))
