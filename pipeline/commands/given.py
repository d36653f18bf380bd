"""What people give to `tag`, `watchlists test` and `explain`: a text, a saved text or page, or `-`."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from models.errors import ConfigError

TITLE_LENGTH = 200
# A mark and comments may stand before a page; possessive, so that no text takes long.
_PAGE = re.compile(
    r"(?:[\s\ufeff]|<!--(?>.*?-->))*+<(?:!doctype\b|\?xml\b|(?:html|head|body|title|meta|link|script|style)[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_WRAPPED_AT = range(40, 121)  # characters; shorter lines are verses or lists, longer ones paragraphs
_FULL = 0.85  # of the longest line; programs that make lines alike fill them no better
_SENTENCE_END = (".", "!", "?", "…", ":", ";", '."', ".”")
_LIST_ITEM = re.compile(r"\s*(?:[-*+•–—]|\d{1,3}[.)])\s")


def given_text(given: str, stdin: BinaryIO) -> str:
    """What was given as `-` (standard input), the path of a file, or the text itself: more than one word.

    Raises ConfigError for one word that is no file, and for a file that cannot be read as text.
    """
    if given == "-":
        return _decoded(stdin.read(), "standard input")
    if _is_file(given):
        return _decoded(saved_bytes(Path(given)), given)
    if len(given.split()) < 2:
        raise ConfigError("no such file", about=given, hint="check the path, or put a text in quotes")
    return given


def _is_file(given: str) -> bool:
    try:
        return Path(given).is_file()
    except OSError:  # a text may be longer than the name of any file
        return False


def saved_bytes(file: Path) -> bytes:
    """What a file holds, unpacked where it was packed. Raises ConfigError."""
    from pipeline.extract.records import unpacked

    try:
        body = file.read_bytes()
        return unpacked(body) if body[:2] == b"\x1f\x8b" else body
    except zlib.error as error:
        raise ConfigError(
            f"damaged, cannot be unpacked: {error}", about=str(file), hint="save it once more"
        ) from error
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror or error})", about=str(file)) from error


def _decoded(body: bytes, about: str) -> str:
    """Text as the reader of pages decodes it."""
    from pipeline.extract.decode import decode

    decoded = decode(body)
    if decoded.garbled:
        raise ConfigError(
            "its letters cannot be read: an encoding from before Unicode, or damaged",
            about=about,
            hint="save it as UTF-8",
        )
    return decoded.text


def is_page(text: str) -> bool:
    """Whether a text is a saved page: it begins as one, be it after comments."""
    return _PAGE.match(text) is not None


def text_record(text: str) -> dict[str, Any]:
    """A plain text as a record of `tag`: a short first line is the title, all else the body."""
    whole = unwrapped(text).strip()
    first, _, rest = whole.partition("\n")
    if rest.strip() and len(first) <= TITLE_LENGTH and not first.rstrip().endswith((".", ":", ";")):
        return {"title": first.strip(), "body": rest.strip()}
    return {"title": "", "body": whole}


def unwrapped(text: str) -> str:
    """A plain text with the breaks of its hard-wrapped lines read as spaces, so that no name is hidden across
    two lines. One character for one; a text that is not wrapped stays as it is."""
    lines = text.split("\n")
    seen = [line.rstrip() for line in lines]
    breaks = _wrapping(seen)
    pieces = [
        f"{line.removesuffix(chr(13))}{' ' * line.endswith(chr(13))} " if number in breaks else f"{line}\n"
        for number, line in enumerate(lines)
    ]
    return "".join(pieces)[:-1]


def _wrapping(lines: Sequence[str]) -> set[int]:
    """The lines that were ended only because the next word had no room; none unless most lines were, and the
    next one mostly goes on in small letters, as those of verses and lists do not."""
    width = max(map(len, lines), default=0)
    if width not in _WRAPPED_AT:
        return set()
    pairs = [number for number in range(len(lines) - 1) if lines[number] and lines[number + 1]]
    full = [number for number in pairs if _has_no_room(lines[number], lines[number + 1], width)]
    inside = [number for number in full if not lines[number].endswith(_SENTENCE_END)]
    going_on = sum(lines[number + 1].lstrip()[:1].islower() for number in inside)
    if len(inside) < 2 or 2 * going_on < len(inside) or 2 * len(full) < len(pairs):
        return set()
    return set(full)


def _has_no_room(line: str, following: str, width: int) -> bool:
    if _LIST_ITEM.match(following):
        return False
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > _FULL * width
