"""The regular expressions of watch-lists, written so that RE2 knows all letters in them.

RE2's `\\w`, `\\W` and `\\b` know ASCII alone: to them *đà* is no word. The first two are written as classes
of Unicode. For `\\b` there is no such class: it is left out where it asks for nothing (at the ends of a
pattern, which match at the edges of words anyway, and between a letter and a sign) and refused elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from pipeline.vietnamese import place_tones

_WORD = r"\pL\pN\pM_"
_OTHER = r"\pZ\pS\pC\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}"  # `\W` within a class
_CLASSES = {r"\w": f"[{_WORD}]", r"\W": f"[^{_WORD}]"}
_WITHIN = {r"\w": _WORD, r"\W": _OTHER}
_PIECE = re.compile(
    r"\\Q.*?(?:\\E|\Z)|\\[pP](?:\{[^}]*\}|.)|\\x(?:\{[^}]*\}|..)|\\."
    r"|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]"
    r"|\((?:\?(?:P?<\w+>|[a-zA-Z-]*[:)]))?|[*+?]\??|\{\d+(?:,\d*)?\}\??|.",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_QUANTIFIER = re.compile(r"[*+?]\??|\{.+")
_MAYBE_NONE = re.compile(r"[*?]|\{0")
_ONCE_AT_MOST = re.compile(r"\?\??")
_ASKS_NO_CHARACTER = re.compile(r"[\^$]|\\[Abz]|\(\?[a-zA-Z-]*\)")
_OF_WORD = re.compile(r"\w|\\[wd]|\[(?:[a-zA-Z]-[a-zA-Z]|\d-\d|\w|\\[wd])+\]")
_OF_NONE = re.compile(r"[^\w.()|^$*+?{\[\\]|\\[Ws]|\\[^\w\s]|\[(?:[^\w\\\]\[^]|\\[Ws])+\]")
_CLASS = re.compile(r"\[(?!\^)")
_LETTERS = re.compile(r"\[[^\W\d_]+\]|[^\W\d_]")
# Vowels that carry no tone before these others, once tones are placed in one way.
_NEVER_TONED = {"a": "òóỏõọ", "e": "òóỏõọ", "y": "ùúủũụ"}


def for_all_letters(pattern: str) -> str:
    """A user's pattern, cleaned, as RE2 is to read it, with tones placed as in the texts that it will see.

    Raises ValueError, with what to write instead, for `\\b` and `\\B` where they would know only ASCII, and
    for a choice of tones on a vowel that never carries one.
    """
    pieces = _PIECE.findall("".join(_placed(_PIECE.findall(pattern))))
    written = _written_out(pieces)
    for at, piece in enumerate(pieces):
        if piece == r"\B" or (piece == r"\b" and not _asks_nothing(pieces, at)):
            place = len("".join(pieces[:at])) + 1
            raise ValueError(
                f"{piece} at character {place} would know only ASCII letters; leave it out beside a space or "
                r"a sign, and elsewhere write \W for what parts the words"
            )
        if written[at].startswith("["):
            written[at] = _ESCAPE.sub(lambda found: _WITHIN.get(found.group(), found.group()), written[at])
        elif piece == r"\b":
            written[at] = ""
        else:
            written[at] = _CLASSES.get(piece, written[at])
    return "".join(written)


def _placed(pieces: Sequence[str]) -> list[str]:
    """The pieces with tones in one place, but for classes: the letters of a class are no word."""
    runs = [(of_class, "".join(run)) for of_class, run in groupby(pieces, lambda piece: piece[0] == "[")]
    return [run if of_class else place_tones(run) for of_class, run in runs]


def _written_out(pieces: Sequence[str]) -> list[str]:
    """The pieces, of which a choice of tones that stand on the second vowel in texts (`[òó]a`, `ủ?y`) is
    written out (`(?:oà|oá)`, `(?:uỷ|y)`) in place of the first, with nothing in place of the others."""
    written = list(pieces)
    for at, piece in enumerate(pieces):
        quantifier = _quantifier(pieces, at)
        last = at + 1 + bool(quantifier)
        vowel = pieces[last].lower() if last < len(pieces) else ""
        toned = set(piece.lower()).intersection(_NEVER_TONED.get(vowel, ""))
        if not toned or not (quantifier or _CLASS.match(piece)):
            continue
        if not _LETTERS.fullmatch(piece) or quantifier not in ("", "?") or _quantifier(pieces, last):
            wrong = "".join(pieces[at : last + 1])
            raise ValueError(
                f"“{wrong}” cannot meet its tones: texts are read with the tone on the second vowel, "
                "as in oà, oẻ, uỷ; write it there"
            )
        choices = [place_tones(letter + vowel) for letter in piece.strip("[]")] + [vowel] * bool(quantifier)
        written[at : last + 1] = [f"(?:{'|'.join(choices)})", *[""] * (last - at)]
    return written


def _asks_nothing(pieces: Sequence[str], at: int) -> bool:
    """Whether `\\b` is sure to hold where it stands: at an end of the pattern, or where words part."""
    if _is_at_start(pieces, at) or _is_at_end(pieces, at):
        return True
    before = at - 1
    needed = _QUANTIFIER.fullmatch(pieces[before]) is None
    if not needed:
        needed = _MAYBE_NONE.match(pieces[before]) is None
        before -= 1
    needed = needed and _MAYBE_NONE.match(_quantifier(pieces, at + 1)) is None
    sides = pieces[before], pieces[at + 1]
    return needed and any(
        one.fullmatch(sides[0]) and other.fullmatch(sides[1])
        for one, other in ((_OF_WORD, _OF_NONE), (_OF_NONE, _OF_WORD))
    )


def _is_at_start(pieces: Sequence[str], at: int) -> bool:
    """Whether what is met at `at` is always the first of the pattern."""
    while at:
        at -= 1
        if pieces[at] == "|":
            at = _opener(pieces, at)
            if at < 0:
                return True
        if _is_opener(pieces[at]):
            if not _is_met_once(pieces, at):
                return False
        elif not _ASKS_NO_CHARACTER.fullmatch(pieces[at]):
            return False
    return True


def _is_at_end(pieces: Sequence[str], at: int) -> bool:
    """Whether what is met at `at` is always the last of the pattern."""
    at += 1
    while at < len(pieces):
        if pieces[at] == "|":
            at = _closer(pieces, at)
            if at == len(pieces):
                return True
        if pieces[at] == ")":
            quantifier = _quantifier(pieces, at)
            if quantifier and not _ONCE_AT_MOST.fullmatch(quantifier):
                return False
            at += bool(quantifier)
        elif not _ASKS_NO_CHARACTER.fullmatch(pieces[at]):
            return False
        at += 1
    return True


def _is_met_once(pieces: Sequence[str], opener: int) -> bool:
    """Whether a group is met once at most."""
    quantifier = _quantifier(pieces, _closer(pieces, opener + 1))
    return not quantifier or _ONCE_AT_MOST.fullmatch(quantifier) is not None


def _quantifier(pieces: Sequence[str], at: int) -> str:
    """What tells how often the piece at `at` is met; empty if nothing does."""
    after = pieces[at + 1] if at + 1 < len(pieces) else ""
    return after if _QUANTIFIER.fullmatch(after) else ""


def _is_opener(piece: str) -> bool:
    return piece[0] == "(" and not _ASKS_NO_CHARACTER.fullmatch(piece)


def _opener(pieces: Sequence[str], at: int) -> int:
    """The place of what opens the group that `at` stands in; -1 for none."""
    depth = 1
    while depth and at >= 0:
        at -= 1
        if at >= 0:
            depth += (pieces[at] == ")") - _is_opener(pieces[at])
    return at


def _closer(pieces: Sequence[str], at: int) -> int:
    """The place of what closes the group that `at` stands in; behind the last for none."""
    depth = 1
    while at < len(pieces):
        depth += _is_opener(pieces[at]) - (pieces[at] == ")")
        if not depth:
            break
        at += 1
    return at
