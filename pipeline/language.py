"""Which language a text is in, as far as this program cares: Vietnamese, English, or another.

Vietnamese is told by its marks; Vietnamese typed without tones by the shape of its words, each of which is
one syllable; English by its function words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.vietnamese import clean, is_syllable, words

VIETNAMESE = "vi"
ENGLISH = "en"
OTHER = "other"

_ENGLISH_WORDS = frozenset(
    "the of and to in a is for on with that by as at from are was were be has have had it its this which "
    "will an or not said more than their been he they after who new also over up into about".split()
)

# Letters that Vietnamese uses and French, German or Spanish do not; é, è, à, ô and ê alone prove nothing.
_MARKED_WORD = re.compile(r"[ảãạăằắẳẵặầấẩẫậđẻẽẹềếểễệỉĩịỏõọồốổỗộơờớởỡợủũụưừứửữựỳỷỹỵáàéèíìóòúùýâêô][^\W_]*")
_ENOUGH = 3  # words from which a line tells its language by the shape of its words
_HEAD = 1000  # characters, of which the words tell whether a text is Vietnamese without tones
# An English headline full of names has less, Vietnamese full of loan words more.
_LEAST_NATIVE = 0.77


def detect(text: str, limit: int = 4000) -> str:
    """`vi`, `en` or `other` for the first `limit` characters; `other` for a text without words."""
    cleaned = clean(text[:limit])
    lowered = cleaned.lower()
    found = words(lowered)
    if not found:
        return OTHER
    total = len(found)
    marked = len(_MARKED_WORD.findall(lowered))
    if marked / total > 0.25:
        return VIETNAMESE
    english = _share_of_english(found)
    if english < 1 - _LEAST_NATIVE and _is_toneless(words(cleaned[:_HEAD])):
        return VIETNAMESE
    latin = sum(map(str.isascii, found)) / total
    if english > 0.1 or (latin > 0.85 and english > 0.03):
        return ENGLISH
    if marked / total > 0.12:
        return VIETNAMESE
    return OTHER


def _is_toneless(found: Sequence[str]) -> bool:
    """Whether words are Vietnamese typed without tones: nearly all have the shape of a Vietnamese syllable,
    and few are function words of English. Names say nothing, for a Vietnamese one has that shape in any
    language: words in small letters are asked, or all of a line that has too few of them to tell."""
    letters = [word for word in found if word.isalpha()]
    asked = [word for word in letters if word.islower()]
    if len(asked) < _ENOUGH:
        asked = [word.lower() for word in letters]
    if len(asked) < _ENOUGH:
        return False
    return sum(map(is_syllable, asked)) / len(asked) - _share_of_english(asked) > _LEAST_NATIVE


def _share_of_english(found: Sequence[str]) -> float:
    return sum(map(_ENGLISH_WORDS.__contains__, found)) / len(found)
