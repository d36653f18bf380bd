"""Vietnamese text: Unicode forms, tone marks, folding, words.

Three forms of a text are used everywhere, and all keep the length of the cleaned text, so that an offset
in one is an offset in the others:

* `clean`  NFC, one kind of space and of line end, no invisible characters, Đ that is a Vietnamese Đ;
* `exact`  lower case of it, with the two styles of placing a tone (hòa / hoà, thủy / thuỷ) made one;
* `folded` `exact` without any mark: đ is d, and all tones and vowel marks are gone.

`Aligned` leads from offsets in the cleaned text back to the text as it was given.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
"""Ranges, for the brackets of a pattern, of what `clean` leaves out: soft hyphens, joiners, marks of
direction, and halves of characters, which no coding takes."""
_WHITE = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"
# Where a line or page was broken for its looks: words, names and sentences go on behind it.
_SOFT_BREAKS = "\v\f\x85\u2028"
_SPACES = _WHITE + _SOFT_BREAKS
_ENDS_OF_LINES = "\r\u2029"
# Eth and the African D look like Đ and are typed for it by old keyboards and converters.
_D_LOOKALIKES = {"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"}
LOOKALIKES = "".join(_D_LOOKALIKES)
_CLEAN = {**dict.fromkeys(_SPACES, " "), **dict.fromkeys(_ENDS_OF_LINES, "\n"), **_D_LOOKALIKES}
_NEEDS_CLEANING = re.compile(f"[{INVISIBLE}{''.join(_CLEAN)}]")

DASHES = "‐‑‒–—―"
"""Every hyphen and dash but the plain one."""

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng


def _tone_pairs() -> dict[str, str]:
    """Old placement → new placement, for the three open diphthongs in which the two styles differ."""
    pairs = {}
    for first, second in ("oa", "oe", "uy"):
        for tone in _TONES:
            for a, b in ((first, second), (first.upper(), second.upper()), (first.upper(), second)):
                old = unicodedata.normalize("NFC", a + tone) + b
                pairs[old] = a + unicodedata.normalize("NFC", b + tone)
    return pairs


_PLACEMENT = _tone_pairs()
# A character class and a vowel: found at a tenth of the cost of the list of pairs, of which it is a superset.
_OLD_PLACEMENT = re.compile(
    f"[{''.join({pair[0] for pair in _PLACEMENT})}][{''.join({pair[1] for pair in _PLACEMENT})}]"
)


def _fold_table() -> dict[int, str]:
    """One base letter for each accented Latin letter, so that folding keeps the length."""
    table = {ord("đ"): "d", ord("Đ"): "D"}
    for code in (*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base != chr(code) and base.isascii():
            table[code] = base
    return table


_FOLD = _fold_table()


def _alphabet() -> str:
    """256 characters: ASCII at its own codes, and at free ones the letters and signs of Vietnamese print;
    nothing that `clean` would change."""
    vowels = [unicodedata.normalize("NFC", v + tone) for v in "aăâeêioôơuưy" for tone in ("", *_TONES)]
    letters = [letter for vowel in (*vowels, "đ") for letter in (vowel, vowel.upper()) if not vowel.isascii()]
    free = iter((*letters, *"“”‘’–—…•·°²³«»½", *["\ufffe"] * 128))
    return "".join(chr(i) if i in (0, 10) or 32 <= i < 127 else next(free) for i in range(256))


_ALPHABET = _alphabet()
_CODES = codecs.charmap_build(_ALPHABET)
_BARE = bytes(_ALPHABET.index(_FOLD.get(ord(c), c)) if c != "\ufffe" else i for i, c in enumerate(_ALPHABET))


def _bare(text: str) -> str | None:
    """`text` without marks when all of it is in the alphabet: a tenth of the time of `str.translate`."""
    try:
        coded = codecs.charmap_encode(text, "strict", _CODES)[0].translate(_BARE)
    except UnicodeEncodeError:
        return None
    return codecs.charmap_decode(coded, "strict", _ALPHABET)[0]


UPPER = "A-Z" + "".join(filter(str.isupper, map(chr, range(0xC0, 0x1EF9))))
"""All capitals of Vietnamese, for the brackets of a pattern: `À-Ỹ` has small letters, too."""
_WORD = re.compile(r"[^\W_]+")


def clean(text: str) -> str:
    """NFC, plain spaces, newlines kept, invisible characters gone, look-alikes of Đ made Đ."""
    if text.isascii() and not ("\r" in text or "\t" in text or "\v" in text or "\f" in text):
        return text
    if unicodedata.is_normalized("NFC", text) and _NEEDS_CLEANING.search(text) is None:
        return text
    for odd in set(_NEEDS_CLEANING.findall(text)):  # at a tenth of what `translate` takes for the whole text
        text = text.replace(odd, _CLEAN.get(odd, ""))
    return unicodedata.normalize("NFC", text)


def _lower(text: str) -> str:
    """Lower case of the same length: the few letters that grow ('İ') are left alone."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def place_tones(text: str) -> str:
    """The new style of tone placement (hoà, khoẻ, thuỷ) for NFC text in either style."""
    if text.isascii():
        return text
    return _OLD_PLACEMENT.sub(lambda match: _PLACEMENT.get(match.group(), match.group()), text)


def exact(text: str) -> str:
    """The form in which a word typed with tones is compared. As long as `clean(text)`."""
    return place_tones(_lower(clean(text)))


def exact_of_clean(text: str) -> str:
    """`exact(text)` for a text that is `clean` already."""
    return place_tones(_lower(text))


def strip_marks(text: str) -> str:
    """`text` (cleaned) without tone and vowel marks, case kept. As long as the input."""
    if text.isascii():
        return text
    bare = _bare(text)
    return text.translate(_FOLD) if bare is None else bare


def fold(text: str) -> str:
    """The form in which a word typed without tones is compared. As long as `clean(text)`."""
    bare = _bare(text.lower())  # of which `clean` would change nothing
    return strip_marks(_lower(clean(text))) if bare is None else bare


def words(text: str) -> list[str]:
    """The words (runs of letters and digits) of a text, in order."""
    return _WORD.findall(text)


_SYLLABLE = re.compile(
    r"(?:ngh?|nh|th|tr|ch|ph|kh|gh|gi|qu|[bcdghklmnprstvx])?"
    r"(?:(?:a|e|i|o|u|y|ie|oa|oe|oo|ua|ue|uo|uy|uye|ye)(?:ch|c|ng|nh|n|m|p|t)?|"
    r"ai|ao|au|ay|eo|eu|ia|ieu|iu|oai|oao|oay|oeo|oi|uai|uao|uay|ui|uoi|uou|uu|uya|uyu|yeu)"
)


@lru_cache(maxsize=4096)
def is_syllable(word: str) -> bool:
    """Whether a folded word has the shape of a Vietnamese syllable: onset, vowels, one of eight endings.
    `thuy` has it, `market` has not."""
    return _SYLLABLE.fullmatch(word) is not None


@lru_cache(maxsize=4096)
def has_marks(word: str) -> bool:
    """Whether a word carries any Vietnamese tone or vowel mark, or đ."""
    return strip_marks(word) != word


def marked_share(text: str) -> float:
    """The share of words that carry a mark: about 0.7 in Vietnamese, near 0 in English and in Vietnamese
    typed without tones. 0 for a text without words."""
    found = words(text)
    if not found:
        return 0.0
    return sum(map(has_marks, found)) / len(found)


_SAMPLE = 600  # characters
_TONELESS = 0.1  # share of marked words below which a Vietnamese text was typed without tones


def typed_without_tones(text: str) -> bool:
    """Whether a Vietnamese text (cleaned) has no tones, as far as its beginning tells."""
    return marked_share(text[:_SAMPLE]) < _TONELESS


_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0"
    "\u3099\u309a\ufe20-\ufe2f\u1161-\u1175\u11a8-\u11c2"
)
"""Ranges of the marks, and of the letters of Hangul, that compose with the letter before them."""
_RESHAPING = re.compile(f"[{_MARKS}{INVISIBLE}]")
_CLUSTER = re.compile(f"(?s:.)[{_MARKS}{INVISIBLE}]+|^[{_MARKS}{INVISIBLE}]+")


@dataclass(frozen=True, slots=True)
class Aligned:
    """A cleaned text and, for each of its characters and its end, the offset in the text as given."""

    text: str
    offsets: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text as given for a non-empty span of the cleaned text."""
        return self.offsets[start], self.offsets[end]


def align(text: str) -> Aligned:
    """Clean `text` and remember where each character came from. `align(text).text == clean(text)`."""
    if text.isascii():
        return Aligned(clean(text), range(len(text) + 1))
    if unicodedata.is_normalized("NFC", text) and _NEEDS_CLEANING.search(text) is None:
        return Aligned(text, range(len(text) + 1))
    if (
        _RESHAPING.search(text) is None
    ):  # nothing is dropped or composed, so that every letter keeps its place
        whole = clean(text)
        if len(whole) == len(text):
            return Aligned(whole, range(len(text) + 1))
    out: list[str] = []
    offsets: list[int] = []
    position = 0
    # A starter with the marks that follow it is composed as a whole; it may stay several characters.
    for cluster in _CLUSTER.finditer(text):
        start, end = cluster.span()
        out.append(clean(text[position:start]))
        offsets.extend(range(position, start))
        piece = clean(text[start:end])
        out.append(piece)
        offsets.extend([start] * min(1, len(piece)))
        offsets.extend(range(start + 1, start + len(piece)))
        position = end
    out.append(clean(text[position:]))
    offsets.extend(range(position, len(text)))
    offsets.append(len(text))
    cleaned = "".join(out)
    whole = clean(text)
    if (
        cleaned != whole or len(offsets) != len(whole) + 1
    ):  # some Indic scripts compose across starters; no Vietnamese text does
        return Aligned(whole, _proportional(len(whole), len(text)))
    return Aligned(cleaned, offsets)


def _proportional(cleaned: int, given: int) -> list[int]:
    return [min(given, round(i * given / max(cleaned, 1))) for i in range(cleaned)] + [given]
