"""A typed search cut into tokens. Every text has tokens; none is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline.vietnamese import clean, fold

MAX_QUERY = 1000  # characters that are read


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    PHRASE = "phrase"
    OR = "or"
    OPEN = "open"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is the value without quotes and field; `field` the canonical field name or empty; `name` the
    field as typed, with its colon."""

    kind: Kind
    text: str = ""
    negated: bool = False
    field: str = ""
    name: str = ""

    def __str__(self) -> str:
        text = f'"{self.text}"' if self.kind is Kind.PHRASE else self.text
        return f"{'-' * self.negated}{self.name}{text}"


FIELDS = {
    **dict.fromkeys(("tinh", "tinhthanh", "province"), "province"),
    **dict.fromkeys(("nhac", "nhacden", "mentions"), "mentions"),
    **dict.fromkeys(("chude", "topic"), "topic"),
    **dict.fromkeys(("bao", "outlet"), "outlet"),
    **dict.fromkeys(("tu", "tungay", "since"), "since"),
    **dict.fromkeys(("den", "denngay", "until"), "until"),
    **dict.fromkeys(("ngonngu", "lang", "language"), "language"),
    **dict.fromkeys(("nguon", "origin"), "origin"),
    **dict.fromkeys(("theodoi", "watch", "watchlist"), "watchlist"),
    **dict.fromkeys(("tieude", "title", "intitle"), "title"),
    **dict.fromkeys(("daluu", "saved"), "saved"),
}
_TYPOGRAPHY = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "＂": '"', "：": ":", "−": "-"}
)
_MINUS = re.compile(r"-*")
_FIELD = re.compile(r"([^\W\d_][\w-]*):\s*")
_PHRASE = re.compile(r'"([^"]*)"?')
_WORD = re.compile(r'[^\s"()|]+')
_SPACE = re.compile(r"\s*")
_OR = frozenset({"OR", "HOẶC"})
_AND = frozenset({"AND", "VÀ", "&&"})


def tokens(text: str) -> Iterator[Token]:
    """The tokens of the first `MAX_QUERY` characters, in order."""
    text = clean(text[:MAX_QUERY]).translate(_TYPOGRAPHY)
    position = _skip(text, 0)
    while position < len(text):
        token, position = _next(text, position)
        if token is not None:
            yield token
        position = _skip(text, position)


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _next(text: str, position: int) -> tuple[Token | None, int]:
    """The token at `position` and where the next may start; no token for what stands alone and means
    nothing (`-`, `AND`)."""
    if text[position] == ")":
        return Token(Kind.CLOSE), position + 1
    if text[position] == "|":
        return Token(Kind.OR, "|"), position + 1
    minus = _MINUS.match(text, position)
    start = minus.end() if minus else position
    negated = start > position
    if start >= len(text) or text[start].isspace():
        return None, start
    if text[start] == "(":
        return Token(Kind.OPEN, negated=negated), start + 1
    return _value(text, start, negated)


def _value(text: str, start: int, negated: bool) -> tuple[Token | None, int]:
    """A word or phrase with the field before it, if that is one of ours and something follows it."""
    field = name = ""
    if match := _FIELD.match(text, start):
        key = fold(match[1]).replace("-", "").replace("_", "")
        if key in FIELDS and match.end() < len(text) and text[match.end()] not in "()|":
            field, name, start = FIELDS[key], f"{match[1]}:", match.end()
    if phrase := _PHRASE.match(text, start):
        return Token(Kind.PHRASE, phrase[1].strip(), negated, field, name), phrase.end()
    word = _WORD.match(text, start)
    if word is None:  # one of ) | after a minus: it says nothing here, and is read in its own right next
        return None, start
    if not (negated or field) and word[0] in _OR:
        return Token(Kind.OR, word[0]), word.end()
    if not (negated or field) and word[0] in _AND:
        return None, word.end()
    return Token(Kind.WORD, word[0], negated, field, name), word.end()
