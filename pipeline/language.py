"""Which language a text is in, as far as this program cares: Vietnamese, English, or another.

Vietnamese is told by its marks; Vietnamese typed without tones by its commonest syllables, which no English
text has; English by its function words.
"""

from __future__ import annotations

from pipeline.vietnamese import clean, has_marks, words

VIETNAMESE = "vi"
ENGLISH = "en"
OTHER = "other"

_ENGLISH_WORDS = frozenset(
    "the of and to in a is for on with that by as at from are was were be has have had it its this which "
    "will an or not said more than their been he they after who new also over up into about".split()
)
# Frequent Vietnamese syllables, unmarked, that are not English words.
_VIETNAMESE_WORDS = frozenset(
    "cua va duoc trong khong cho cac nhung voi mot nguoi tai nay khi tren ngay tinh vao nam sau huyen thanh "
    "pho viet nhieu phai hien cung theo dong tinh kinh te cong viec truong quoc hoi chinh phu dau tu".split()
)


def detect(text: str, limit: int = 4000) -> str:
    """`vi`, `en` or `other` for the first `limit` characters; `other` for a text without words."""
    found = words(clean(text[:limit]).lower())
    if not found:
        return OTHER
    total = len(found)
    marked = sum(1 for word in found if has_marks(word) and any(c in _VIETNAMESE_LETTERS for c in word))
    if marked / total > 0.25:
        return VIETNAMESE
    english = sum(1 for word in found if word in _ENGLISH_WORDS) / total
    toneless = sum(1 for word in found if word in _VIETNAMESE_WORDS) / total
    if toneless > max(0.12, english):
        return VIETNAMESE
    latin = sum(1 for word in found if word.isascii()) / total
    if english > 0.1 or (latin > 0.85 and english > 0.03):
        return ENGLISH
    if marked / total > 0.12:
        return VIETNAMESE
    return OTHER


# Letters that Vietnamese uses and French, German or Spanish do not; é, è, à, ô and ê alone prove nothing.
_VIETNAMESE_LETTERS = frozenset("ảãạăằắẳẵặầấẩẫậđẻẽẹềếểễệỉĩịỏõọồốổỗộơờớởỡợủũụưừứửữựỳỷỹỵáàéèíìóòúùýâêô")
