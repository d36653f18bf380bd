"""A short excerpt of our own cutting, and text that is safe to put before readers. Pure."""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.sentences import sentence_ends
from pipeline.vietnamese import clean, exact

EXCERPT_LIMIT = 200
"""Characters of another outlet's text that a public output carries at most (operations, S23)."""
# Control characters of both sets, bidirectional overrides and the two Unicode line separators.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


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
    """The sentences of one line."""
    places = [0, *sentence_ends(line), len(line)]
    return [line[start:end].rstrip() for start, end in pairwise(places)]
