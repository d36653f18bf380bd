"""Names that are words or somebody else after all, once the whole article is known: capitals of other
countries, words in titles, the President.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from pipeline.tag import cue_words as words
from pipeline.tag.against import EPITHETS, OTHER_CAPITAL
from pipeline.tag.matching import ENGLISH, TONED, FieldText
from pipeline.tag.mention import UNIT_LEVELS, Mention, form
from pipeline.tag.settle import PLACING, is_in_title
from pipeline.tag.weights import LONGEST_TITLE
from pipeline.vietnamese import UPPER, exact, place_tones

_PROVING = frozenset({words.UNIT, words.GOVERNMENT, words.AT, words.SUBUNIT})

_SEATS = frozenset({exact("thủ đô"), "thu do"})
_OTHER_SEAT = re.compile(rf"\b[Tt]hủ đô (?!Hà Nội|(?i:{'|'.join(EPITHETS)}))[{UPPER}]")


def settle_capitals(mentions: Sequence[Mention], fields: Sequence[FieldText]) -> None:
    """`chính quyền Thủ đô` in an article on `thủ đô Viêng Chăn` that does not name Hà Nội otherwise."""
    seats = [m for m in mentions if m.hit.key in _SEATS and not m.reason]
    if not seats:
        return
    codes = {code for m in seats for code in m.codes}
    named = any(m.codes & codes for m in mentions if not m.reason and m.hit.key not in _SEATS)
    if not named and any(_OTHER_SEAT.search(field.text) for field in fields):
        for mention in seats:
            mention.reason = OTHER_CAPITAL


def settle_titles(mentions: Sequence[Mention], fields: Sequence[FieldText]) -> None:
    """`Long An Afterthought` above a text that begins `Long an afterthought`: words that the text writes
    small are no name in a title whose words all begin with capitals, or in an English one that begins with
    them: `My Son the Chess Teacher`."""
    bare = [m for m in mentions if is_in_title(m) and not m.reason and not m.cue]
    title = bare[0].hit.field if bare else None
    if title is None or len(title.text) > LONGEST_TITLE:
        return
    if not _is_all_capitals(title):
        bare = [m for m in bare if title.mode == ENGLISH and m.start == 0 and " " in m.hit.key]
    named = {form(m) for m in mentions if not is_in_title(m)} if bare else set()
    for mention in bare:
        if form(mention) in named:
            continue
        *first, last = mention.hit.surface.split(" ")
        begin = f"(?i:{re.escape(' '.join(first))}) " if first else ""
        written_small = re.compile(rf"\b{begin}{re.escape(last.lower())}\b")
        if any(written_small.search(field.text) for field in fields if field.name != "title"):
            mention.reason = "ordinary word"


_LONGEST_SMALL = 3  # letters of a word that such a title writes small: of, and, the


def _is_all_capitals(title: FieldText) -> bool:
    """Whether its words begin with capitals."""
    return not any(word[0].islower() and len(word) > _LONGEST_SMALL for word in title.text.split())


def settle_ordinary(mentions: Sequence[Mention], fields: Sequence[FieldText]) -> None:
    """In text whose case tells nothing, an ordinary word is a place only if a cue, a unit beside it or a
    clear mention says so."""
    if not any(m.hit.field.caseless for m in mentions):
        return
    clear = {c for m, after in zip_longest(mentions, mentions[1:]) if _is_clear(m, after) for c in m.codes}
    for mention in mentions:
        text = mention.hit.field
        if mention.reason or not text.caseless or mention.codes & clear:
            continue
        ordinary = mention.hit.key in text.table.ordinary
        if ordinary or mention.level in ("ward", "district") or _is_run_together(mention, fields):
            mention.reason = "ordinary word"


def _is_clear(mention: Mention, following: Mention | None) -> bool:
    """Whether case, a cue or its neighbour shows a name to be one: `TỪ QUẢNG TRỊ ĐẾN HUẾ`, `AN GIANG, ĐỒNG
    THÁP TRỮ NƯỚC`; or it begins its clause and is not a word of its own: `GIA LAI KHỞI CÔNG TRƯỜNG`."""
    if mention.reason:
        return False
    if not mention.hit.field.caseless or mention.cue in _PROVING:
        return True
    if mention.level not in UNIT_LEVELS:
        return False
    beside = following is not None and following.level in UNIT_LEVELS and not following.reason
    if beside and following and (following.listed or (mention.cue, following.cue) == _FROM_TO):
        return True
    if mention.listed or mention.cue in _FROM_TO:
        return mention.cue != words.LIKE
    lower = mention.hit.field.lower
    begins = _CLAUSE_BEGINS.search(lower, 0, mention.start) is not None
    runs_on = _RUNS_ON.match(lower, mention.hit.end - len(mention.hit.key.split(" ")[-1])) is not None
    return begins and not runs_on and form(mention) not in _WORDS_OF_THEIR_OWN


_FROM_TO = (words.FROM, words.TOWARDS)
_CLAUSE_BEGINS = re.compile(r"(?:^|[.:;!?\n] ?)$")
_RUNS_ON = re.compile(
    place_tones(r"(?:an (?:tâm|toàn|ninh|sinh|cư|vui|lành)|yên (?:tâm|ổn|lòng|vui)|lai (?:tạo|giống))\b")
)
"""Words that begin with the last syllable of a unit's name: `LONG AN TÂM`."""
_WORDS_OF_THEIR_OWN = frozenset({"hoa binh", "can tho", "cao bang", "binh dinh", "hai duong", "thai binh"})
"""Peace, `cần thơ` (needs verse), `cao bằng` (as tall as), to pacify, ocean: the other names of units are
words only where parts of others run together, as in `công an giang`."""


def _is_run_together(mention: Mention, fields: Sequence[FieldText]) -> bool:
    """`CẤP ĐIỆN BIÊN GIỚI`: in capitals, amid a clause, without a cue, and not named where case tells."""
    text = mention.hit.field
    if text.mode != TONED or mention.cue or all(field.caseless for field in fields):
        return False
    around = f". {text.lower} ."[mention.start : mention.hit.end + 4]
    return around[1] == " " and around[0].isalnum() and around[-2] == " " and around[-1].isalnum()


_PRESIDENT = ("ho chi minh", "ho-chi-minh")
_SIZE = len(_PRESIDENT[0])


def settle_ho_chi_minh(mentions: Sequence[Mention]) -> None:
    """The bare name is the President's, except in a list of units or after a preposition of place."""
    for i, mention in enumerate(mentions):
        if mention.reason or len(mention.hit.key) != _SIZE or form(mention) not in _PRESIDENT:
            continue
        neighbour = mention.listed or (i + 1 < len(mentions) and mentions[i + 1].listed)
        placed = (
            mention.before in words.ACTING
            or mention.cue == "dateline"
            or mention.hit.field.lower.endswith(PLACING, 0, mention.start)
        )
        if not placed and not neighbour:
            mention.reason = "person, or named after him"
