"""Battlefields: a town whose name stands for what was fought there."""

from __future__ import annotations

import re

from pipeline.tag.matching import TONED, Hit
from pipeline.tag.mention import Surroundings
from pipeline.vietnamese import UPPER, exact, place_tones

_FIGHTING = frozenset("fought defeat defeated defeats surrender surrendered".split())
_OF_THAT_TIME = frozenset("used captured taken drawn served made worn written filmed".split())
_BATTLES = re.compile(
    r"\b(?:[Cc]ác|[Nn]hững|[Ll]oạt) (?:trận(?: đánh)?|chiến dịch|chiến thắng|cuộc khởi nghĩa) "
    rf"(?=[{UPPER}])[^.;:()]{{0,50}}$"
)
_OF_BATTLES = (" trận", " chiến", " khởi nghĩa")
"""One of these stands in whatever `_BATTLES` finds."""
BATTLES_FIRST = frozenset({exact("điện biên phủ"), "dien bien phu"})
"""Abroad, beside a year of its war or a thing of that time, this name is of the battle; other battlefields
are towns, too."""


def is_of_battle(hit: Hit, around: Surroundings, *, abroad: bool) -> bool:
    """`fought at Dien Bien Phu`; abroad also what was `used at Dien Bien Phu` is of that time."""
    verb = around.before[-2] if len(around.before) > 1 else ""
    if verb in _FIGHTING:
        return True
    return abroad and hit.key in BATTLES_FIRST and not _OF_THAT_TIME.isdisjoint(around.before[-8:])


_OF_VETERANS = re.compile(
    place_tones(
        r"\b(?:ký ức|hồi ức|hào khí|âm vang|lính(?! cứu)|chiến s[ĩỹ](?! (?:công an|cảnh sát))|"
        r"cựu binh|cựu chiến binh|pháo(?! hoa| sáng)|kháng chiến|1954|"
        r"ky uc|hoi uc|hao khi|am vang|linh|chien si|cuu binh|phao(?! hoa)|"
        r"veterans?|soldiers?|memor(?:y|ies))\b"
    )
)


_OF_TOWNS = frozenset(
    map(
        exact,
        "đón mừng mời tặng trao thăm hỗ tri xây đầu mở sẽ bắn don moi tang tri xay se ban "
        "welcomes honours honors hosts holds plans builds".split(),
    )
)
"""What a town does today: `Điện Biên Phủ đón 5.000 cựu chiến binh`."""


def is_remembered(hit: Hit, around: Surroundings, meaning: str) -> bool:
    """`Ký ức Điện Biên Phủ của người lính`: the bare name of the battle beside those who fought it."""
    if meaning or hit.key not in BATTLES_FIRST:
        return False
    acts = not _OF_TOWNS.isdisjoint(around.after[:1])
    behind = "" if acts else " ".join(around.after)
    return _OF_VETERANS.search(f"{around.clause} {behind} ") is not None


def is_of_battles(hit: Hit) -> bool:
    """`Những trận Đồng Xoài, Bình Giã`: one of a list of battles."""
    start = max(0, hit.start - 80)
    left = hit.field.lower[start : hit.start]
    for word in _OF_BATTLES if hit.field.mode == TONED else ():
        if word in left:
            return _BATTLES.search(hit.field.text, start, hit.start) is not None
    return False
