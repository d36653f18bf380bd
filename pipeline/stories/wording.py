"""Words and phrases looked for in Vietnamese and English texts, with tones and without. Pure.

Without its tones a word is any of several: `tran` is a match (trận), a flood (tràn) and a surname (Trần). So
a text that has tones is read with them, and in one typed without only what cannot be anything else is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.vietnamese import exact, fold, place_tones


def form_of(text: str, *, toneless: bool) -> str:
    """The text in the form in which `Phrases` are looked for. As long as `clean(text)`."""
    return fold(text) if toneless else exact(text)


class Phrases:
    """Phrases, which may be patterns, to be found as whole words in a text of `form_of`. `listed` has them
    with tones, parted by commas; `toneless` those for texts without, if they are not the same ones folded."""

    def __init__(self, listed: str, toneless: str | None = None) -> None:
        self._toned = _any_of(place_tones(phrase) for phrase in _parted(listed))
        self._toneless = _any_of(map(fold, _parted(listed if toneless is None else toneless)))

    def search(self, text: str, *, toneless: bool) -> re.Match[str] | None:
        """The first of the phrases in a text."""
        return (self._toneless if toneless else self._toned).search(text)

    def findall(self, text: str, *, toneless: bool) -> list[str]:
        """All of the phrases in a text."""
        return [found.group() for found in (self._toneless if toneless else self._toned).finditer(text)]


def _parted(listed: str) -> list[str]:
    return [phrase.strip() for phrase in listed.split(",")]


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(phrases) + r")\b")
