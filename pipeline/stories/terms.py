"""The bilingual term table: which concepts and names of the news a text tells, whatever its language.

One line of `config/terms.tsv` is one concept. Longer terms win over the single words inside them: `Hà Lan` is
no orchid (`lan`), and a prime minister no minister.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import ahocorasick

from models.errors import ConfigError
from pipeline.vietnamese import clean, exact_of_clean, fold, place_tones, strip_marks, typed_without_tones

NOTHING = "-"
"""The concept of terms that only keep the words inside them from being read."""
_NOT_WORD = re.compile(r"[^\w$+]+")


@dataclass(frozen=True, slots=True)
class _Matcher:
    """Finds the terms of one language in one form. `names` has those that must be written with a capital."""

    terms: ahocorasick.Automaton
    names: Mapping[str, frozenset[str]]
    name: re.Pattern[str] | None

    def facts(self, form: str, cased: str, *, syllables: bool) -> frozenset[str]:
        """The facts of a text, given in the form of the terms, and with its capitals. Where words are
        `syllables`, one of a name (Đình Bắc) means nothing by itself (đình)."""
        found = {fact for facts in _longest(self.terms, form, cased if syllables else "") for fact in facts}
        if self.name is not None:
            for match in self.name.finditer(cased):
                if match["acronym"] or not _in_a_name(cased, match.start(), match.end()):
                    found |= self.names[match.group()]
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class TermTable:
    """Vietnamese with tones, Vietnamese without, English."""

    vietnamese: _Matcher
    toneless: _Matcher
    english: _Matcher

    def facts(self, text: str, language: str) -> frozenset[str]:
        """What a text tells: `c:<concept>`, and `n:<name>` for proper names."""
        cleaned = clean(text)
        if language != "vi":
            return self.english.facts(fold(cleaned), strip_marks(cleaned), syllables=False)
        if typed_without_tones(cleaned):
            return self.toneless.facts(fold(cleaned), cleaned, syllables=True)
        return self.vietnamese.facts(exact_of_clean(cleaned), place_tones(cleaned), syllables=True)


def load_terms(path: Path) -> TermTable:
    """Read `config/terms.tsv`: concept, Vietnamese terms, English terms. Raises ConfigError."""
    vietnamese: list[tuple[str, str]] = []
    english: list[tuple[str, str]] = []
    for concept, left, right in _rows(path):
        fact = (
            "" if concept == NOTHING else f"n:{concept.lower()}" if concept[0].isupper() else f"c:{concept}"
        )
        vietnamese += [(term.strip(), fact) for term in left.split(";") if term.strip()]
        english += [
            (form, fact) for term in right.split(";") if term.strip() for form in _inflected(term.strip())
        ]
    return TermTable(
        _matcher((place_tones(clean(term)), fact) for term, fact in vietnamese),
        _matcher((strip_marks(clean(term)), fact) for term, fact in vietnamese if " " in term),
        _matcher((strip_marks(clean(term)), fact) for term, fact in english),
    )


def _rows(path: Path) -> Iterator[list[str]]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise ConfigError(str(error), about=str(path)) from error
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            columns = line.split("\t")
            if len(columns) != 3 or not columns[0]:
                raise ConfigError(f"line {number} has {len(columns)} columns, not 3", about=str(path))
            yield columns


def _inflected(term: str) -> set[str]:
    """An English term with its regular plural, past and -ing forms. One with a capital stays as it is."""
    if term[0].isupper():
        return {term}
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


def _matcher(terms: Iterable[tuple[str, str]]) -> _Matcher:
    automaton = ahocorasick.Automaton()
    names: dict[str, frozenset[str]] = {}
    for term, fact in terms:
        facts = frozenset({fact} - {""})
        if term[0].isupper() and " " not in term:
            names[term] = names.get(term, frozenset()) | facts
        else:
            key = _padded(term.lower())
            automaton.add_word(key, (len(key), automaton.get(key, (0, frozenset()))[1] | facts))
    automaton.make_automaton()
    return _Matcher(automaton, names, _names_pattern(names) if names else None)


def _names_pattern(names: Iterable[str]) -> re.Pattern[str]:
    acronyms = "|".join(re.escape(name) for name in names if name.isupper()) or r"\Z\A"
    others = "|".join(re.escape(name) for name in names if not name.isupper()) or r"\Z\A"
    return re.compile(rf"\b(?:(?P<acronym>{acronyms})|{others})(?![\w$])")


def _in_a_name(text: str, start: int, end: int) -> bool:
    """Whether a word of a text is one of several that make a name: Mỹ in Phú Mỹ or Mỹ Tho."""
    before = text[:start].rsplit(maxsplit=1)[-1:] if text[max(0, start - 1) : start] == " " else []
    return (bool(before) and before[0][0].isupper() and before[0][-1].isalnum()) or (
        text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()
    )


def _longest(automaton: ahocorasick.Automaton, form: str, cased: str) -> Iterator[frozenset[str]]:
    """The facts of the terms in a text, without those of single words inside longer terms or, where the text
    is given with its capitals, inside names."""
    padded, capitals = _padded(form), _padded(cased) if cased else ""
    single: list[tuple[int, int, frozenset[str]]] = []
    longer: list[tuple[int, int]] = []
    for end, (length, facts) in automaton.iter(padded):
        start = end - length + 1
        if padded.find(" ", start + 1, end) >= 0:
            longer.append((start, end))
            yield facts
        elif not _joined(capitals, start, end):
            single.append((start, end, facts))
    longer.sort()
    place, covered = 0, -1  # up to where a longer term was found
    for start, end, facts in single:
        while place < len(longer) and longer[place][0] <= start:
            covered = max(covered, longer[place][1])
            place += 1
        if end > covered:
            yield facts


def _joined(padded: str, start: int, end: int) -> bool:
    """Whether the word between two spaces has a capital, as its neighbour has."""
    if not padded[start + 1 : start + 2].isupper():
        return False
    return padded[end + 1 : end + 2].isupper() or padded[padded.rfind(" ", 0, start) + 1].isupper()
