"""Where sentences end in Vietnamese and English text: at full stops that are no part of an abbreviation."""

from __future__ import annotations

import re

_BREAK = re.compile(r"(?P<mark>[.!?…])(?P<closing>[\"”’»)\]]*)(?P<gap>\s+)|\n\s*")
_LAST_WORD = re.compile(r"[^\W_]+\Z")
_LONGEST = 8  # more letters than any abbreviation has
_OPENING = '"“‘«('
_ABBREVIATIONS = frozenset(
    "tp tx tt q p kp ths ts pgs gs bs bsck ks kts cn ds đd ls ncs nsnd nsưt nsut đh cđ cty ng th ph "
    "mr mrs ms dr prof st mt gov capt sgt lt vs".split()
)
_TITLES = frozenset(("Gen", "GEN", "Rep", "REP", "Col", "COL"))  # in small letters they are words
_BEFORE_NUMBERS = frozenset("No NO Nos Vol vol tr Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec".split())


def sentence_ends(text: str) -> list[int]:
    """The places at which a sentence begins after another one. A line break ends a sentence; so does a mark
    that ends sentences before anything but a small letter (where the text has capitals at all), unless it
    belongs to an abbreviation (`TP. Huế`, `ThS. Nam`, `No. 5`), an initial (`Nguyễn Văn A. nói`, `U.S. Army`)
    or the number of a paragraph (`2. Học phí`)."""
    ends: list[int] = []
    start, small = 0, text.islower()
    for found in _BREAK.finditer(text):
        mark, end = found["mark"], found.end()
        if mark and "\n" not in found["gap"]:
            follows = text[end : end + 1]
            if follows.islower() and not small:
                continue
            if mark == "." and not found["closing"] and _goes_on(text, start, found.start(), follows):
                continue
        if end < len(text):
            ends.append(end)
        start = end
    return ends


def _goes_on(text: str, start: int, stop: int, follows: str) -> bool:
    """Whether the full stop at `stop`, before a character, ends nothing that began at `start`."""
    found = _LAST_WORD.search(text, max(start, stop - _LONGEST), stop)
    if found is None:
        return False
    word = found.group()
    if word.isdigit():
        return found.start() - start < _LONGEST and not text[start : found.start()].strip(f" {_OPENING}")
    initial = len(word) == 1 and word.isupper()
    before_number = word in _BEFORE_NUMBERS and follows.isdigit()
    return initial or before_number or word in _TITLES or word.lower() in _ABBREVIATIONS
