"""A typed search cut into tokens. Every text has tokens; none is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline.vietnamese import clean, exact, fold

MAX_QUERY = 1000  # characters that are read


class Kind(StrEnum):
    """What a token is. A DASH stands alone and excludes nothing."""

    WORD = "word"
    PHRASE = "phrase"
    OR = "or"
    AND = "and"
    NOT = "not"
    DASH = "dash"
    OPEN = "open"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is the value without quotes and field; `field` the canonical field name or empty; `name` the
    field as typed, with its colon; `unknown` what stands in a field's place in a word and is none."""

    kind: Kind
    text: str = ""
    negated: bool = False
    field: str = ""
    name: str = ""
    unknown: str = ""

    def __str__(self) -> str:
        text = f'"{self.text}"' if self.kind is Kind.PHRASE else self.text
        return f"{'-' * self.negated}{self.name}{text}"


_SPELLED = {
    **dict.fromkeys(("tỉnh", "tỉnh-thành", "province"), "province"),
    **dict.fromkeys(("nhắc", "nhắc-đến", "mentions"), "mentions"),
    **dict.fromkeys(("chủ-đề", "topic"), "topic"),
    **dict.fromkeys(("báo", "outlet"), "outlet"),
    **dict.fromkeys(("từ", "từ-ngày", "since"), "since"),
    **dict.fromkeys(("đến", "đến-ngày", "until"), "until"),
    **dict.fromkeys(("ngôn-ngữ", "lang", "language"), "language"),
    **dict.fromkeys(("nguồn", "origin"), "origin"),
    **dict.fromkeys(("theo-dõi", "watch", "watchlist"), "watchlist"),
    **dict.fromkeys(("tiêu-đề", "title", "intitle"), "title"),
    **dict.fromkeys(("đã-lưu", "saved"), "saved"),
}
# With all its tones or with none: `bão:` is not `báo:`. A name of two words may have a hyphen, a space or
# nothing between them.
FIELDS = {
    form(name).replace("-", joint): field
    for name, field in _SPELLED.items()
    for form in (exact, fold)
    for joint in ("", " ")
}
_TYPOGRAPHY = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "＂": '"', "：": ":", "−": "-"}
)
_MINUS = re.compile(r"[-‐‑–—]+")
_FIELD = re.compile(r"([^\W\d_][\w-]*(?:\s+[^\W\d_]+)?):\s*")
_NO_FIELD = re.compile(r"([^\W\d_][\w-]*):(?=[^\s:/|)])")  # `tittle:bão`, not `Hà Nội: bão`, `https://`
_PHRASE = re.compile(r'"([^"]*)"?')
_WORD = re.compile(r'[^\s"()|]+')
_SPACE = re.compile(r"\s*")
_OPERATORS = {
    **dict.fromkeys(("OR", "HOẶC"), Kind.OR),
    **dict.fromkeys(("AND", "VÀ", "&&"), Kind.AND),
    **dict.fromkeys(("NOT", "KHÔNG"), Kind.NOT),
}


def tokens(text: str) -> Iterator[Token]:
    """The tokens of the first `MAX_QUERY` characters, in order."""
    text = clean(text[:MAX_QUERY]).translate(_TYPOGRAPHY)
    position = _skip(text, 0)
    while position < len(text):
        token, position = _next(text, position)
        yield token
        position = _skip(text, position)


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _next(text: str, position: int) -> tuple[Token, int]:
    """The token at `position` and where the next may start."""
    if text[position] == ")":
        return Token(Kind.CLOSE), position + 1
    if text[position] == "|":
        return Token(Kind.OR, "|"), position + 1
    minus = _MINUS.match(text, position)
    if minus is None:
        return _value(text, position, negated=False)
    if _alone(text, minus):
        return Token(Kind.DASH, minus[0]), minus.end()
    return _value(text, minus.end(), negated=True)


def _alone(text: str, dash: re.Match[str]) -> bool:
    """Whether a dash is punctuation: nothing to exclude follows, or it is one of print that joins what stands
    on both sides (`"Hà Nội"–"Huế"`)."""
    if dash.end() == len(text) or text[dash.end()].isspace() or text[dash.end()] in ")|":
        return True
    return dash[0].strip("-") != "" and text[: dash.start()].endswith(('"', ")"))


def _value(text: str, start: int, negated: bool) -> tuple[Token, int]:
    """A word, phrase or parenthesis with the field before it, if that is one of ours."""
    field = name = ""
    if match := _FIELD.match(text, start):
        key = " ".join(exact(match[1]).replace("-", "").replace("_", "").split())
        if key in FIELDS:
            field, name, start = FIELDS[key], f"{match[1]}:", match.end()
    if text.startswith("(", start):
        return Token(Kind.OPEN, "", negated, field, name), start + 1
    if field and (start == len(text) or text[start] in ")|"):  # nothing follows the field
        return Token(Kind.WORD, "", negated, field, name), start
    if phrase := _PHRASE.match(text, start):
        return Token(Kind.PHRASE, phrase[1].strip(), negated, field, name), phrase.end()
    word = _WORD.match(text, start)
    assert word is not None  # no space, quote, parenthesis or bar stands here
    if not (negated or field) and word[0] in _OPERATORS:
        return Token(_OPERATORS[word[0]], word[0]), word.end()
    unknown = "" if field else _NO_FIELD.match(text, start)
    return Token(Kind.WORD, word[0], negated, field, name, unknown[1] if unknown else ""), word.end()
