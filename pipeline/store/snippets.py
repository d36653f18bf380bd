"""Where in an article the words of a query stand, and the passage to show. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.query import All, AnyOf, Node, Words
from pipeline.store.forms import body_of
from pipeline.vietnamese import clean, exact, strip_marks

SNIPPET = 200  # characters shown of a text that belongs to its outlet
_BEFORE = 60


def wanted_words(node: Node) -> list[Words]:
    """The words that a query looks for; not those that it excludes."""
    if isinstance(node, Words):
        return [node]
    if isinstance(node, All | AnyOf):
        return [words for part in node.parts for words in wanted_words(part)]
    return []


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds the words of one query in texts."""

    patterns: tuple[tuple[re.Pattern[str], Words], ...]

    @classmethod
    def of(cls, node: Node) -> Finder:
        """The finder for a query."""
        return cls(tuple((pattern_of(words), words) for words in dict.fromkeys(wanted_words(node))))

    def spans(self, text: str, *, title: bool) -> list[tuple[int, int]]:
        """The matches in `clean(text)`, in order and without overlap."""
        if not self.patterns:
            return []
        form = exact(text)
        folded = form if all(words.exact for _, words in self.patterns) else strip_marks(form)
        found = [
            match.span()
            for pattern, words in self.patterns
            if title or not words.title
            for match in pattern.finditer(form if words.exact else folded)
        ]
        return list(_apart(sorted(found)))

    def score(self, title: str, body: str) -> int:
        """How well an article fits, for ranking: a word in the title counts more than one in the text, one
        that stands as it was typed more than one that only matches without its marks."""
        title_form, body_form = exact(title), exact(body)
        title_fold, body_fold = strip_marks(title_form), strip_marks(body_form)
        total = 0
        for pattern, words in self.patterns:
            if pattern.search(title_form):
                total += 8
            elif not words.exact and pattern.search(title_fold):
                total += 5
            if words.title:
                continue
            if pattern.search(body_form):
                total += 3
            elif not words.exact and pattern.search(body_fold):
                total += 1
        return total


@lru_cache(maxsize=4096)
def pattern_of(words: Words) -> re.Pattern[str]:
    """What finds the words in a text of their form."""
    inner = r"[\W_]+".join(map(re.escape, words.words))
    end = r"[^\W_]*" if words.prefix else r"(?![^\W_])"
    return re.compile(rf"(?<![^\W_]){inner}{end}")


def _apart(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last = 0
    for start, end in spans:
        if start >= last:
            yield start, end
            last = end


def snippet(finder: Finder, lead: str, text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A passage of at most SNIPPET characters around the first match and the matches in it; without a match
    the beginning of the lead or text."""
    body = clean(body_of(lead, text))
    spans = finder.spans(body, title=False)
    start = _word_start(body, spans[0][0] - _BEFORE) if spans and spans[0][0] > SNIPPET // 2 else 0
    end = _word_end(body, start + SNIPPET - 2)
    passage = " ".join(body[start:end].split("\n"))
    before, after = "…" * (start > 0), "…" * (end < len(body))
    shift = len(before) - start
    marks = tuple((a + shift, b + shift) for a, b in spans if start <= a and b <= end)
    return f"{before}{passage}{after}", marks


def _word_start(text: str, position: int) -> int:
    """The start of the first word at or after `position`."""
    space = text.find(" ", max(position, 0), position + _BEFORE)
    return space + 1 if space >= 0 else max(position, 0)


def _word_end(text: str, position: int) -> int:
    """The end of the last word at or before `position`."""
    if position >= len(text):
        return len(text)
    space = text.rfind(" ", position - _BEFORE, position + 1)
    return space if space >= 0 else position
