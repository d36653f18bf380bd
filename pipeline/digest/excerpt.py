"""A short excerpt of our own cutting, and text that is safe to put before readers. Pure."""

from __future__ import annotations

import re

from pipeline.vietnamese import clean, exact, fold

EXCERPT_LIMIT = 200
"""Characters of another outlet's text that a public output carries at most (operations, S23)."""
# Control characters of both sets, bidirectional overrides and the two Unicode line separators.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SENTENCE_BREAK = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"”’»)]))\s+")
_VOWEL = re.compile("[aeiouy]")
_OPENING = '"“‘«('


def plain(text: str, limit: int = 0) -> str:
    """`text` on one line without control and bidirectional characters, cut at `limit` characters."""
    line = " ".join(clean(_UNSAFE.sub(" ", text)).split())
    return shorten(line, limit) if limit else line


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words, with an ellipsis when something is missing."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    kept = head if space and len(head) > limit // 2 else cut
    return kept.rstrip(' ,;:–-—(["“«') + "…"


def excerpt_of(text: str, title: str = "", limit: int = EXCERPT_LIMIT) -> str:
    """The first whole sentences that fit into `limit` characters, else the first words of the first; empty
    when that would only say the title again."""
    line = plain(text[: limit * 20])
    if not line or exact(line).rstrip(".…") == exact(plain(title)).rstrip(".…"):
        return ""
    taken = ""
    for sentence in sentences(line):
        longer = f"{taken} {sentence}".strip()
        if len(longer) > limit:
            break
        taken = longer
    if len(taken) >= limit // 4:
        return taken
    return shorten(line, limit)


def sentences(line: str) -> list[str]:
    """The sentences of one line. A break follows closing punctuation and precedes a capital, a digit or an
    opening mark; abbreviations (`TP.`, `TS.`, `U.S.`) end none."""
    found = []
    start = 0
    for gap in _SENTENCE_BREAK.finditer(line):
        follows = line[gap.end() : gap.end() + 1]
        if not (follows.isupper() or follows.isdigit() or follows in _OPENING):
            continue
        if not _is_abbreviation(line[start : gap.start()].rpartition(" ")[2]):
            found.append(line[start : gap.start()])
            start = gap.end()
    found.append(line[start:])
    return found


def _is_abbreviation(word: str) -> bool:
    """Whether a word that ends in a full stop is an abbreviation: no part of it has a vowel beside
    another letter."""
    if not word.endswith("."):
        return False
    parts = [part for part in fold(word.lstrip(_OPENING)).split(".") if part.isalpha()]
    return bool(parts) and all(len(part) == 1 or not _VOWEL.search(part) for part in parts)
