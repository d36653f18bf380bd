"""The fields of an article, prepared once for all who look names up in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.tags import Evidence, Taggable
from pipeline.vietnamese import align, exact_of_clean, strip_marks

_GAP = re.compile(r"[ ]{2,}")


class Field:
    """One field, cleaned and with single spaces: `text`, from which `offsets` lead back to the field as it
    was given, `raw`. The comparable forms have the length of `text`; each is made when first asked for."""

    __slots__ = ("_capitals", "_exact", "_folded", "name", "offsets", "raw", "text")

    def __init__(self, name: str, raw: str) -> None:
        aligned = align(raw)
        self.name = name
        self.raw = raw
        self.text, self.offsets = aligned.text, aligned.offsets
        if "  " in self.text:
            self.text, self.offsets = single_spaces(self.text, self.offsets)
        self._exact = ""
        self._folded = ""
        self._capitals: bool | None = None

    def quote(self, start: int, end: int, rule: str) -> Evidence:
        """The words of a span of `text`, as they were given, for a rule that read them."""
        start, end = self.offsets[start], self.offsets[end]
        return Evidence(self.name, start, end, self.raw[start:end], rule)

    @property
    def exact(self) -> str:
        """In lower case, with one way to place a tone."""
        if not self._exact:
            self._exact = exact_of_clean(self.text)
        return self._exact

    @property
    def folded(self) -> str:
        """In lower case, without any mark."""
        if not self._folded:
            self._folded = strip_marks(self.exact)
        return self._folded

    @property
    def capitals(self) -> bool:
        """Whether all letters are capitals."""
        if self._capitals is None:
            self._capitals = self.text.isupper()
        return self._capitals


def read_fields(article: Taggable) -> tuple[Field, ...]:
    """Title, lead and body of an article, without those in which nothing can be seen."""
    given = (("title", article.title), ("lead", article.lead), ("body", article.body))
    fields = [Field(name, raw) for name, raw in given if raw]
    return tuple([field for field in fields if field.text and not field.text.isspace()])


def single_spaces(text: str, offsets: Sequence[int]) -> tuple[str, list[int]]:
    """`text` with one space for several, and the offsets of what is left."""
    pieces: list[str] = []
    kept: list[int] = []
    position = 0
    for gap in _GAP.finditer(text):
        stop = gap.start() + 1
        pieces.append(text[position:stop])
        kept.extend(offsets[position:stop])
        position = gap.end()
    pieces.append(text[position:])
    kept.extend(offsets[position:])
    return "".join(pieces), kept
