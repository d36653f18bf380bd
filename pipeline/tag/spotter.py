"""One automaton over a text for all that is looked up in it: names of places, and signals of its sort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import ahocorasick

if TYPE_CHECKING:
    from pipeline.tag.gazetteer import Entry


class Spotter:
    """Finds names, and the words that tell what sort of article it is, in one pass over a text.

    `automaton` gives the end of what it finds and a number: that of the name in `entries`, and of the word in
    `signals` (how long it is, and which sorts of article it tells). What is only one of them is None in the
    other. `names` gives the number of each name in `known`."""

    def __init__(
        self, names: Mapping[str, int], known: Sequence[Entry], signals: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        self.entries: list[Entry | None] = []
        self.signals: list[tuple[int, tuple[str, ...]] | None] = []
        for key in (*names, *(phrase for phrase in signals if phrase not in names)):
            self.automaton.add_word(key, len(self.entries))
            self.entries.append(known[names[key]] if key in names else None)
            self.signals.append((len(key), signals[key]) if key in signals else None)
        self.automaton.make_automaton()
