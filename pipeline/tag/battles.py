"""Battlefields: a town whose name stands for what was fought there."""

from __future__ import annotations

import re

from pipeline.tag.matching import TONED, Hit
from pipeline.tag.mention import Surroundings

_FIGHTING = frozenset("fought defeat defeated defeats surrender surrendered wounded fell died".split())
_OF_THAT_TIME = frozenset("used captured taken drawn served made worn written filmed".split())
_BATTLES = re.compile(
    r"\b(?:[Cc]ác|[Nn]hững|[Ll]oạt) (?:trận(?: đánh)?|chiến dịch|chiến thắng|cuộc khởi nghĩa) "
    r"(?=[A-ZĐÀ-Ỹ])[^.;:()]{0,50}$"
)
_OF_BATTLES = {
    True: (" trận", " chiến", " khởi nghĩa"),
    False: (" tran", " chien", " khoi nghia"),
}
"""One of these stands in whatever `_BATTLES` finds, as a text with tones (True) or another is compared."""


def is_of_battle(around: Surroundings, *, abroad: bool) -> bool:
    """`fought at Dien Bien Phu`; abroad also what was `used at Dien Bien Phu` is of that time."""
    verb = around.before[-2] if len(around.before) > 1 else ""
    return verb in _FIGHTING or (abroad and not _OF_THAT_TIME.isdisjoint(around.before[-8:]))


def is_of_battles(hit: Hit) -> bool:
    """`Những trận Đồng Xoài, Bình Giã`: one of a list of battles."""
    start = max(0, hit.start - 80)
    left = hit.field.lower[start : hit.start]
    for word in _OF_BATTLES[hit.field.mode == TONED]:
        if word in left:
            return _BATTLES.search(hit.field.text, start, hit.start) is not None
    return False
