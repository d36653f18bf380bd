"""Who bears the name of a place, or is said to be from there: told by the words with capitals before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.tag import cue_words as words
from pipeline.tag.cues import Cues
from pipeline.tag.matching import TONED, Hit
from pipeline.tag.mention import Surroundings, longest_before
from pipeline.vietnamese import exact, fold, is_syllable, place_tones

_REACH = 90  # characters before a name in which its bearer is looked for
_INSIDE = 24  # characters of a bracket before the name, of which the number of a shirt is one
_LONGEST_NAME = 4
_CALLED_AFTER_PEOPLE = frozenset(
    map(exact, "đấu sân phố đường trường học viện thpt thcs cầu chợ đài hồ giải cúp".split())
)
_AGES = frozenset({"tuổi", "tuoi"})


def is_bracketed_home(hit: Hit, table: Cues, *, sport: bool) -> bool:
    """`ông Huỳnh Quốc Cường (TPHCM)`, and of players without a title, too: `Bùi Thị Khỏe (Cần Thơ)`. Streets
    and schools are called after people: elsewhere than in sports a title must tell that one is meant."""
    text, start = hit.field.text, hit.start
    if text.find("(", start - _INSIDE - 1 if start > _INSIDE else 0, start) < 0:
        return False
    left = text[max(0, start - _REACH) : start]
    outside, bracket, inside = left.rpartition("(")
    if not bracket or ")" in inside or len(inside) > _INSIDE or (inside and not inside.endswith(", ")):
        return False
    tokens = outside.split()
    if tokens and tokens[-1] in _AGES:
        return True  # người phụ nữ 29 tuổi (Hà Nội)
    name = _capitalised(tokens, table)
    if not name:
        return False
    left_over = tokens[: len(tokens) - len(name)]
    before = [exact(token) for token in left_over[-4:]]
    meaning, _ = longest_before(before, table)
    if meaning == words.PERSON:
        begins = len(left_over) < 2 or left_over[-2][-1] in ".:!?”"
        return begins or left_over[-1].islower()  # not phố Bà Triệu, chùa Bà Thiên Hậu
    if meaning or not sport or len(name) < 2 or (before and before[-1] in _CALLED_AFTER_PEOPLE):
        return False
    return exact(name[0]) in table.surnames


def _capitalised(tokens: Sequence[str], table: Cues) -> list[str]:
    """The last words as far as they are of a person's name; `L.` is one, too, a title that begins a sentence
    is none."""
    name: list[str] = []
    for token in reversed(tokens[-_LONGEST_NAME:]):
        if not token[0].isupper() or not token.removesuffix(".").isalpha():
            break
        if table.before.get(exact(token)) == words.PERSON:
            break
        name.insert(0, token)
    return name


def is_firm_by_its_name(hit: Hit) -> bool:
    """`cổ phiếu Quốc Cường Gia Lai`: in news of shares, two syllables with capitals before a province that
    nothing parts from it, amid a sentence."""
    field = hit.field
    if field.mode != TONED or field.caseless or hit.entry.unit is None:
        return False
    after = field.text[hit.end : hit.end + 2]
    if len(after) == 2 and after[0] == " " and after[1].isupper():
        return False  # a headline with capitals throughout
    left = field.text[max(0, hit.start - 60) : hit.start].split()
    pair = left[-2:]
    if len(left) < 3 or field.text[hit.start - 1] != " ":
        return False
    if not all(word.istitle() and is_syllable(fold(word)) for word in pair) or left[-3][-1] in ".:!?":
        return False
    return not any(longest_before([exact(w) for w in left[:stop]], field.table)[0] for stop in (-2, -1, None))


_BIRTH = (
    "quê|quê ở|quê tại|quê gốc|quê quán|quê quán tại|quê quán ở|nguyên quán|nguyên quán ở|sinh ra ở|"
    "sinh ra tại|gốc"
)
_BIRTHPLACES = frozenset(form(phrase) for phrase in _BIRTH.split("|") for form in (exact, fold))
_ENDS_OF_BIRTH = frozenset(phrase.rsplit(" ", 1)[-1] for phrase in _BIRTHPLACES)
_BORN = re.compile(
    place_tones(
        r"\b(?:sinh ra|lớn lên|sinh (?:năm|ngày) [\d/-]+) (?:tại|ở)(?: tỉnh| thành phố| tp)? $|"
        r"\b(?:sinh ra|lon len|sinh (?:nam|ngay) [\d/-]+) (?:tai|o)(?: tinh| thanh pho| tp)? $|"
        r"\bborn (?:on|in) [\w ,]{4,20} in $"
    )
)


def is_birthplace(around: Surroundings, meaning: str, phrase: str, table: Cues) -> bool:
    """`quê ở thị xã Duy Tiên`, `quê tỉnh Hưng Yên`, `sinh năm 2000 tại Hà Tĩnh`: the word for the unit stands
    between the name and what it is used for."""
    clause, size = around.clause, phrase.count(" ") + 1
    if meaning in (words.UNIT, words.SUBUNIT) and len(around.before) > size:
        before = around.before[:-size]
        return before[-1] in _ENDS_OF_BIRTH and longest_before(before, table)[1] in _BIRTHPLACES
    told = "sinh" in clause or "born" in clause or "lớn lên" in clause or "lon len" in clause
    return told and _BORN.search(clause) is not None


_SEAT = re.compile(
    place_tones(
        r"\b(?:(?:có|đặt) trụ sở|trụ sở chính|"
        r"trụ sở(?: của)? (?:công ty|doanh nghiệp|tập đoàn|ngân hàng|hãng)[^,;]{0,20} đặt)"
        r"(?: chính)? (?:tại|ở) (?:\w+ ){0,2}$|"
        r"\b(?:(?:co|dat) tru so|tru so chinh)(?: chinh)? (?:tai|o) (?:\w+ ){0,2}$|"
        r"\b(?:headquartered|headquarters|head office) in $"
    )
)


def is_seat(around: Surroundings) -> bool:
    """`có trụ sở tại quận Hoàn Kiếm`, `headquartered in Hue`: where a firm sits, not where things happen."""
    clause = around.clause
    told = "trụ sở" in clause or "tru so" in clause or "head" in clause
    return told and _SEAT.search(clause) is not None


_SCHOOLS = tuple(
    f" {form(head)} "
    for head in ("cao đẳng", "đại học", "học viện", "trung cấp", "ngân hàng")
    for form in (exact, fold)
)


_CITY_OF = re.compile(
    place_tones(r"\b(?:thành phố|thanh pho) (?P<city>[^\W\d]+(?: [^\W\d]+){0,2}), (?:tỉnh|tinh) $")
)


def is_province_abroad(hit: Hit, known_from: int) -> bool:
    """`thành phố Thương Khâu, tỉnh Hà Nam`: of a province that has a namesake in China, a city that the
    gazetteer does not know. `known_from` is where the last name before it ends."""
    if hit.key not in hit.field.table.namesakes:
        return False
    found = _CITY_OF.search(hit.field.lower, max(0, hit.start - 50), hit.start)
    if found is None or known_from > found.start("city"):
        return False
    return all(word[0].isupper() for word in hit.field.text[slice(*found.span("city"))].split())


_HOUSE = re.compile(r"\b(?!(?:19|20)\d\d )\d+[a-z]?(?:[-/]\d+[a-z]?)* $")
_QUARTER = re.compile(place_tones(r"(?:,| -) ?(?:(?:phường|phuong|quận|quan|ward|district)\b|[pq]\.? ?\d)"))


def is_street_of_a_house(hit: Hit) -> bool:
    """`số 21-23 Đồng Nai, phường 15`: a number before the name, a quarter of a city behind it."""
    lower = hit.field.lower
    near = lower[max(0, hit.start - 14) : hit.start]
    if not (near[-2:-1].isdigit() or near[-3:-2].isdigit()) or hit.entry.unit is None:
        return False
    return bool(_HOUSE.search(near) and _QUARTER.match(lower, hit.end))


def is_school_of_a_trade(around: Surroundings, phrase: str) -> bool:
    """`Trường Cao đẳng Y tế Đồng Nai`: what would be an office of the province is the trade of a school or
    bank."""
    return f" {around.clause.rstrip().removesuffix(phrase)}".endswith(_SCHOOLS)
