"""The bilingual term table: which concepts of the news a text names, whatever its language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import ahocorasick

from models.errors import ConfigError
from pipeline.vietnamese import exact, fold, marked_share

_NOT_WORD = re.compile(r"[^\w$+]+")


@dataclass(frozen=True, slots=True)
class TermTable:
    """Three automata: Vietnamese with tones, Vietnamese without, English."""

    vietnamese: ahocorasick.Automaton
    toneless: ahocorasick.Automaton
    english: ahocorasick.Automaton

    def concepts(self, text: str, language: str) -> frozenset[str]:
        """The concepts of a text, as `c:<concept>`."""
        if language != "vi":
            return _found(self.english, fold(text))
        if marked_share(text[:600]) < 0.1:
            return _found(self.toneless, fold(text))
        return _found(self.vietnamese, exact(text))


def load_terms(path: Path) -> TermTable:
    """Read `config/terms.tsv`: concept, Vietnamese terms, English terms. Raises ConfigError."""
    vietnamese: list[tuple[str, str]] = []
    english: list[tuple[str, str]] = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise ConfigError(str(error), about=str(path)) from error
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) != 3:
            raise ConfigError(f"line {number} has {len(columns)} columns, not 3", about=str(path))
        concept = columns[0]
        vietnamese += [(term.strip(), concept) for term in columns[1].split(";")]
        english += [(form, concept) for term in columns[2].split(";") for form in _inflected(term.strip())]
    return TermTable(
        _automaton((exact(term), concept) for term, concept in vietnamese),
        _automaton((fold(term), concept) for term, concept in vietnamese if " " in term),
        _automaton((fold(term), concept) for term, concept in english),
    )


def _inflected(term: str) -> set[str]:
    """An English term with its regular plural, past and -ing forms."""
    forms = {term, f"{term}s", f"{term}'s"}
    if re.search(r"(?:s|x|z|ch|sh)$", term):
        forms.add(f"{term}es")
    if re.search(r"[^aeiou]y$", term):
        forms |= {f"{term[:-1]}ies", f"{term[:-1]}ied", f"{term}ing"}
    elif term.endswith("e"):
        forms |= {f"{term}d", f"{term[:-1]}ing"}
    else:
        forms |= {f"{term}ed", f"{term}ing"}
    return forms


def _padded(text: str) -> str:
    return f" {_NOT_WORD.sub(' ', text).strip()} "


def _automaton(terms: Iterable[tuple[str, str]]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for term, concept in terms:
        key = _padded(term)
        automaton.add_word(key, automaton.get(key, frozenset()) | {concept})
    automaton.make_automaton()
    return automaton


def _found(automaton: ahocorasick.Automaton, text: str) -> frozenset[str]:
    return frozenset(f"c:{concept}" for _, concepts in automaton.iter(_padded(text)) for concept in concepts)
