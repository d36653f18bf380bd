"""`config/watchlists.toml`: reading it, and adding and removing lists as text, so that comments stay."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.errors import ConfigError
from pipeline.tag.watchlist_patterns import for_all_letters
from pipeline.tag.watchlists import Watchlist, WatchlistTagger
from pipeline.vietnamese import clean, fold, words

FILE = "watchlists.toml"
MAX_PHRASE = 200  # characters
MAX_PATTERN = 500  # characters
MAX_PATTERNS = 200  # in all lists: each article is read once for each
_PROGRAM_BYTES = 1 << 20  # of one compiled pattern
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_ID_RULE = "an id is of small letters (a-z), digits and hyphens, at most 60"
_LISTS = ("names", "exclude", "unless", "patterns")
_FLAGS = {"tones": ("exact", "any"), "case": (True, False)}
_HINT = "docs/watchlists.md lists the keys"


def load_watchlists(config_dir: Path) -> WatchlistTagger:
    """The lists of a configuration folder; none if it has no such file.

    Raises ConfigError naming the file, the key and the reason.
    """
    path = config_dir / FILE
    return WatchlistTagger(read_watchlists(watchlists_text(path), str(path)))


def watchlists_text(path: Path) -> str:
    """What the file says; nothing if there is none. Raises ConfigError."""
    try:
        return path.read_text("utf-8-sig") if path.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", about=str(path), hint="restore it, in UTF-8") from error


def read_watchlists(text: str, about: str) -> list[Watchlist]:
    """The lists of a file's text. Raises ConfigError."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not TOML: {error}", about=about, hint="see docs/watchlists.md") from error
    found = [_watchlist(name, table, about) for name, table in tables.items()]
    if sum(len(each.patterns) for each in found) > MAX_PATTERNS:
        raise ConfigError(f"more than {MAX_PATTERNS} patterns", about=about, hint="use names where you can")
    return found


def _watchlist(name: str, table: Any, about: str) -> Watchlist:
    if not _ID.fullmatch(name) or not isinstance(table, dict):
        raise _wrong(about, name, f"a list is a table [id]; {_ID_RULE}")
    for key in table:
        if key not in ("label", *_LISTS, *_FLAGS):
            raise _wrong(about, f"{name}.{key}", "no such key")
    texts = {key: _texts(table, name, key, about) for key in _LISTS}
    for key, allowed in _FLAGS.items():
        if key in table and table[key] not in allowed:
            raise _wrong(about, f"{name}.{key}", f"one of {', '.join(map(str, allowed))}")
    if not texts["names"] and not texts["patterns"]:
        raise _wrong(about, name, "needs names or patterns")
    label = table.get("label", name)
    if not isinstance(label, str) or not label.strip():
        raise _wrong(about, f"{name}.label", "must be a text")
    return Watchlist(
        id=name,
        label=" ".join(label.split()),
        names=texts["names"],
        exclude=texts["exclude"],
        unless=texts["unless"],
        patterns=tuple(
            compiled(text, f"{name}.patterns[{number}]", about)
            for number, text in enumerate(texts["patterns"])
        ),
        typed=texts["patterns"],
        any_tones=table.get("tones") == "any",
        case=bool(table.get("case", False)),
    )


def _texts(table: Mapping[str, Any], name: str, key: str, about: str) -> tuple[str, ...]:
    """The texts of one key, each with a letter or digit and not too long."""
    values = table.get(key, [])
    longest = MAX_PATTERN if key == "patterns" else MAX_PHRASE
    if not isinstance(values, list):
        raise _wrong(about, f"{name}.{key}", "must be a list of texts")
    for number, value in enumerate(values):
        if not isinstance(value, str) or not words(fold(value)) or len(value) > longest:
            where = f"{name}.{key}[{number}]"
            raise _wrong(about, where, f"must be a text of 1 to {longest} characters with a letter or digit")
    return tuple(values)


@lru_cache(maxsize=2 * MAX_PATTERNS)
def compiled(pattern: str, where: str, about: str) -> Any:
    """A pattern in RE2, whose first group is the whole of what the user wrote. It matches where words begin
    and end; capitals make no difference.

    Raises ConfigError naming the place in the pattern.
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.max_mem = _PROGRAM_BYTES
    text = clean(pattern)
    try:
        re2.compile(text, options=options)  # first as it was typed: RE2 tells what is wrong by its words
        text = for_all_letters(text)
        if re2.compile(text, options=options).fullmatch("") is not None:
            raise _wrong(about, where, "matches the empty text, and so everything")
        return re2.compile(rf"(?:^|[^\pL\pN\pM])({text})(?:$|[^\pL\pN\pM])", options=options)
    except re2.error as error:
        raise _wrong(about, where, _said(error, text)) from error
    except ValueError as error:
        raise _wrong(about, where, f"in “{text}”, {error}") from error


def _said(error: Exception, pattern: str) -> str:
    """RE2's words, with the place of the piece that they are about."""
    said = error.args[0] if error.args else ""
    said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    reason, _, piece = said.partition(": ")
    place = pattern.find(piece) if piece else -1
    where = f" at character {place + 1}" if place >= 0 else ""
    return f"RE2 cannot read “{pattern}”: {reason}{where}" + (f": {piece}" if piece else "")


def _wrong(about: str, key: str, reason: str) -> ConfigError:
    return ConfigError(f"{key}: {reason}", about=about, hint=_HINT)


def table_text(
    name: str,
    label: str,
    lists: Mapping[str, Sequence[str] | None],
    *,
    any_tones: bool = False,
    case: bool = False,
) -> str:
    """A list as a table of the file. Raises ConfigError for an id that cannot be."""
    if not _ID.fullmatch(name):
        raise ConfigError(_ID_RULE, about=name, hint=_HINT)
    lines = [f"[{name}]"]
    if label:
        lines.append(f"label = {_quoted(label)}")
    given = {key: texts for key in _LISTS if (texts := lists.get(key))}
    lines += [f"{key} = [{', '.join(map(_quoted, texts))}]" for key, texts in given.items()]
    lines += ['tones = "any"'] * any_tones + ["case = true"] * case
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in escaped) + '"'


def without(text: str, name: str) -> str:
    """The file without the table of that name; comments above the next table stay with that."""
    lines = text.splitlines(keepends=True)
    header = re.compile(rf"\[\s*\"?{re.escape(name)}\"?\s*\]")
    start = next((number for number, line in enumerate(lines) if header.match(line.strip())), None)
    if start is None:
        return text
    end = next((n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("[")), len(lines))
    while end > start + 1 and (lines[end - 1].startswith("#") or not lines[end - 1].strip()):
        end -= 1
    return "".join(lines[:start] + lines[end:])
