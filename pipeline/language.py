"""Which language a text is in, as far as this program cares: Vietnamese, English, or another.

Vietnamese is told by its marks; Vietnamese typed without tones by its commonest syllables, which no English
text has; English by its function words.
"""

from __future__ import annotations

import re

from pipeline.vietnamese import clean, words

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
    "pho viet nhieu phai hien cung theo dong tinh kinh te cong viec truong quoc hoi chinh phu dau tu "
    "thang nganh nghiep nuoc xuong trieu phuong khach duong chieu ngan vung khu nong".split()
)


# Letters that Vietnamese uses and French, German or Spanish do not; é, è, à, ô and ê alone prove nothing.
_MARKED_WORD = re.compile(r"[ảãạăằắẳẵặầấẩẫậđẻẽẹềếểễệỉĩịỏõọồốổỗộơờớởỡợủũụưừứửữựỳỷỹỵáàéèíìóòúùýâêô][^\W_]*")


def detect(text: str, limit: int = 4000) -> str:
    """`vi`, `en` or `other` for the first `limit` characters; `other` for a text without words."""
    lowered = clean(text[:limit]).lower()
    found = words(lowered)
    if not found:
        return OTHER
    total = len(found)
    marked = len(_MARKED_WORD.findall(lowered))
    if marked / total > 0.25:
        return VIETNAMESE
    english = sum(map(_ENGLISH_WORDS.__contains__, found)) / total
    toneless = sum(map(_VIETNAMESE_WORDS.__contains__, found)) / total
    if toneless > max(0.12, english):
        return VIETNAMESE
    latin = sum(map(str.isascii, found)) / total
    if english > 0.1 or (latin > 0.85 and english > 0.03):
        return ENGLISH
    if marked / total > 0.12:
        return VIETNAMESE
    return OTHER
