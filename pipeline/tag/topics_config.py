"""Topics as data: reading `config/topics.toml` and `config/sections.tsv`. docs/topics.md tells the keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import ConfigError
from pipeline.vietnamese import fold

LANGUAGES = ("vi", "en")
WEIGHTS = {"strong": 3.0, "cues": 1.5, "weak": 0.5, "not": 0.0}
_TEXT_KEYS = ("label_vi", "label_en", "parent", "top")
_LIST_KEYS = ("aliases", *(f"{kind}_{language}" for kind in WEIGHTS for language in LANGUAGES))
_KEYS = frozenset(_TEXT_KEYS + _LIST_KEYS)
_ID = re.compile(r"[a-z0-9]+:[a-z0-9][a-z0-9_-]*")
_PHRASE = re.compile(r"(?:[^*\w]|_)*[^\W_][^*]*\*?")  # a letter or digit, and a * at the end alone
STRENGTHS = {"strong": 4.0, "medium": 2.2, "weak": 0.7, "none": 0.0}


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or phrase that speaks for a topic with `weight`; a weight of 0 takes back shorter cues of the
    topic that lie inside it."""

    phrase: str
    weight: float
    language: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. `top` is the top-level topic that it belongs to, itself for a top-level one."""

    id: str
    label_en: str
    label_vi: str
    parent: str
    top: str
    aliases: tuple[str, ...]
    cues: tuple[Cue, ...]


def _fail(path: Path, key: str, reason: str) -> ConfigError:
    return ConfigError(f"{key}: {reason}", about=str(path), hint="docs/topics.md lists the keys")


def load_topic_file(path: Path) -> dict[str, Topic]:
    """The topics of a TOML file by id, in its order.

    Raises ConfigError naming the file, the key and the reason: not TOML, an unknown key, a wrong type, an
    id or parent that cannot be, a cue without a letter, a topic with neither label nor cue.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"cannot be read as TOML: {error}", about=str(path), hint="correct the file"
        ) from error
    for key in table:
        if key != "topic":
            raise _fail(path, key, 'unknown key; topics are tables named [topic."ID"]')
    entries = table.get("topic", {})
    if not isinstance(entries, dict) or not entries:
        raise _fail(path, "topic", 'must hold at least one table named [topic."ID"]')
    for topic_id, entry in entries.items():
        _check_entry(path, topic_id, entry)
    return {topic_id: _topic(path, topic_id, entries) for topic_id in entries}


def _check_entry(path: Path, topic_id: str, entry: object) -> None:
    where = f"topic.{topic_id}"
    if not _ID.fullmatch(topic_id):
        raise _fail(path, where, "an id reads `scheme:name` in lower case, for example `vn:night-economy`")
    if not isinstance(entry, dict):
        raise _fail(path, where, "must be a table")
    for key, value in entry.items():
        if key not in _KEYS:
            raise _fail(path, f"{where}.{key}", "unknown key")
        if key in _TEXT_KEYS and not (isinstance(value, str) and value.strip()):
            raise _fail(path, f"{where}.{key}", "must be a text that is not empty")
        if key in _LIST_KEYS:
            _check_list(path, f"{where}.{key}", value)
    if not (entry.get("label_vi") and entry.get("label_en")):
        raise _fail(path, where, "needs label_vi and label_en")


def _check_list(path: Path, where: str, value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _fail(path, where, "must be a list of texts")
    for item in value:
        if not _PHRASE.fullmatch(item):
            raise _fail(path, where, f"{item!r} is not a word or phrase, with or without a final *")


def _topic(path: Path, topic_id: str, entries: Mapping[str, Mapping[str, Any]]) -> Topic:
    entry = entries[topic_id]
    cues = tuple(
        Cue(phrase, weight, language)
        for kind, weight in WEIGHTS.items()
        for language in LANGUAGES
        for phrase in entry.get(f"{kind}_{language}", ())
    )
    top = _top(path, topic_id, entries)
    aliases = tuple(entry.get("aliases", ()))
    return Topic(topic_id, entry["label_en"], entry["label_vi"], entry.get("parent", top), top, aliases, cues)


def _top(path: Path, topic_id: str, entries: Mapping[str, Mapping[str, Any]]) -> str:
    """The named top-level topic, else that of the parent, else the topic itself."""
    where, seen = topic_id, {topic_id}
    while True:
        entry = entries[where]
        if "top" in entry:
            top = str(entry["top"])
            if top not in entries:
                raise _fail(path, f"topic.{where}.top", f"{top} is not a topic of this file")
            return top
        parent = entry.get("parent", where)
        if parent == where:
            return where
        if parent not in entries:
            raise _fail(
                path, f"topic.{where}.parent", f"{parent} is not a topic of this file; give `top` too"
            )
        if parent in seen:
            raise _fail(path, f"topic.{where}.parent", "goes round in a circle")
        seen.add(parent)
        where = parent


def slug(name: str) -> str:
    """A section's name as it stands in addresses: `Kinh tế` → `kinh-te`."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(name)))


@dataclass(frozen=True, slots=True)
class Sections:
    """What the sections of outlets say: points for a topic, by outlet and slug; outlet `*` is any."""

    table: Mapping[tuple[str, str], tuple[str, float]]

    def find(self, outlet: str, name: str) -> tuple[str, float] | None:
        """Topic and points of a section's slug, the outlet's own first."""
        return self.table.get((outlet, name)) or self.table.get(("*", name))


def load_sections(path: Path, topics: Mapping[str, Topic]) -> Sections:
    """Read the tab-separated table `outlet, section, topic, strength`.

    Raises ConfigError naming the file, the line and the reason.
    """
    table: dict[tuple[str, str], tuple[str, float]] = {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", about=str(path), hint="restore the file") from error
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith(("#", "outlet\t")):
            continue
        cells = line.split("\t")
        if len(cells) != 4:
            raise _fail(path, f"line {number}", "needs four cells: outlet, section, topic, strength")
        outlet, section, topic, strength = cells
        if topic not in topics and strength != "none":
            raise _fail(path, f"line {number}", f"{topic} is not a topic of topics.toml")
        if strength not in STRENGTHS:
            raise _fail(path, f"line {number}", f"strength is one of {', '.join(STRENGTHS)}")
        if (outlet, section) in table:
            raise _fail(path, f"line {number}", f"{outlet} {section} stands twice")
        table[outlet, section] = (topic, STRENGTHS[strength])
    return Sections(table)
