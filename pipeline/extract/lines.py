"""The lines of an article: the blocks of a subtree in reading order."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from pipeline.extract.page import needs_cleaning, one_line
from pipeline.vietnamese import clean, fold

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 "
    "h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_SKIPPED = frozenset(
    "script style noscript template iframe svg button select head title input textarea video audio object "
    "canvas".split()
)
_PICTURES = frozenset("img video iframe picture amp-img".split())
_STRESS = frozenset("strong b em i".split())
_SLANTS = frozenset("em i".split())
HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
_TELLING = HEADINGS | {"li", "blockquote", "tr"}
_CELLS = frozenset({"td", "th"})
_PARAGRAPHS = frozenset({"p", "div"})
_FEW = 4  # characters: a line of so many may be of invisible ones only
_RIGHT = re.compile(r"text-align:\s*right|\balign-?right\b|\btext-right\b", re.IGNORECASE)
_CENTER = re.compile(r"text-align:\s*center|\balign-?center\b|\btext-center\b|^center$", re.IGNORECASE)


@dataclass(slots=True)
class Line:
    """One line of a subtree: its text, the tag of its block, how many of its characters are in links, in
    stressed and in slanted words, whether it is set to the right, as bylines are, or in the middle, as
    captions are, and whether a picture or film stands right before it."""

    text: str
    tag: str
    linked: int = 0
    stressed: int = 0
    slanted: int = 0
    right: bool = False
    centered: bool = False
    pictured: bool = False

    @property
    def is_link(self) -> bool:
        """Whether (almost) all of it is a link."""
        return self.linked >= 0.9 * max(len(self.text), 1)

    @property
    def is_stressed(self) -> bool:
        """Whether (almost) all of it is bold or italic, or a heading."""
        return self.tag in HEADINGS or self.stressed >= 0.9 * max(len(self.text), 1)


class _Block(NamedTuple):
    """An open block: its tag, the nearest telling tag at or above it (empty if none), and whether it or any
    block above it is set to the right or in the middle."""

    tag: str
    telling: str
    right: bool = False
    centered: bool = False

    def inner(self, tag: str, side: str) -> _Block:
        """The block of a tag that opens within this one and is set to a side itself, or not."""
        telling = tag if tag in _TELLING else self.telling
        return _Block(tag, telling, self.right or side == "right", self.centered or side == "center")


@dataclass(slots=True)
class _Reader:
    """Collects inline text into the current line and closes it at every border of a block. `blocks` holds the
    open blocks."""

    lines: list[Line] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    stressed: int = 0
    slanted: int = 0
    blocks: list[_Block] = field(default_factory=lambda: [_Block("div", "")])
    links: int = 0
    stress: int = 0
    slant: int = 0
    pictured: bool = False
    pictured_next: bool = False

    def close(self) -> None:
        if self.parts:
            text = " ".join("".join(self.parts).split())
            if text and (len(text) > _FEW or one_line(text)):
                block = self.blocks[-1]
                self.lines.append(
                    Line(
                        text,
                        block.telling or block.tag,
                        self.linked,
                        self.stressed,
                        self.slanted,
                        block.right,
                        block.centered,
                        self.pictured,
                    )
                )
                self.pictured, self.pictured_next = self.pictured_next, False
            self.parts = []
        self.linked = self.stressed = self.slanted = 0

    def add(self, text: str) -> None:
        self.parts.append(text)
        if self.links or self.stress:
            size = len(" ".join(text.split()))
            self.linked += size if self.links else 0
            self.stressed += size if self.stress else 0
            self.slanted += size if self.slant else 0

    def picture(self) -> None:
        """A picture before the line's first word belongs to that line, one within it to the next."""
        if any(not part.isspace() for part in self.parts):
            self.pictured_next = True
        else:
            self.pictured = True

    def enter(self, node: LexborNode, tag: str) -> None:
        if tag in _BLOCKS:
            if tag in _CELLS:
                if any(not part.isspace() for part in self.parts):
                    self.parts.append(" | ")
            elif tag in _PARAGRAPHS and self.blocks[-1].tag in _CELLS:
                if self.parts:
                    self.parts.append(" ")
            else:
                self.close()
            self.blocks.append(self.blocks[-1].inner(tag, _side(node, tag)))
        elif tag == "br":
            self.close()
        elif tag == "a":
            self.links += 1
        elif tag in _STRESS:
            self.stress += 1
            self.slant += tag in _SLANTS

    def leave(self, tag: str) -> None:
        if tag in _BLOCKS:
            if tag not in _CELLS and not (
                tag in _PARAGRAPHS and any(block.tag == "tr" for block in self.blocks[-3:])
            ):
                self.close()
            self.blocks.pop()
        elif tag == "a":
            self.links -= 1
        elif tag in _STRESS:
            self.stress -= 1
            self.slant -= tag in _SLANTS


def _tidied(lines: list[Line]) -> list[Line]:
    """The lines cleaned, all as one text: looked through once, not line by line."""
    text = "\n".join(line.text for line in lines)
    tidy = _spaced(clean(text) if needs_cleaning(text) else text)
    if tidy != text:
        for line, said in zip(lines, tidy.split("\n"), strict=True):
            line.text = " ".join(said.split())
    return lines


def _spaced(text: str) -> str:
    """The text without the spaces that markup leaves inside quotation marks and before commas and stops."""
    return _SPACE_AFTER.sub(r"\1", _SPACE_BEFORE.sub(r"\1", text))


_SPACE_BEFORE = re.compile(r" ([”’)\]]|[,.;!?](?=\s|$))")
_SPACE_AFTER = re.compile(r"([“‘(\[]) ")


def _side(node: LexborNode, tag: str) -> str:
    """`right` or `center` for a block that is set so, else empty."""
    if tag == "center":
        return "center"
    attributes = node.attributes
    if not attributes:
        return ""
    said = f"{attributes.get('style') or ''} {attributes.get('class') or ''} {attributes.get('align') or ''}"
    lower = said.lower()
    if "right" in lower and _RIGHT.search(said):
        return "right"
    return "center" if "center" in lower and _CENTER.search(said.strip()) else ""


def read_lines(root: LexborNode, skip: Container[int] = ()) -> list[Line]:
    """The lines of a subtree in reading order; list items begin with `- `, cells are parted by `|`. Nodes
    whose `mem_id` is in `skip` are left out."""
    reader = _Reader()
    if not _opens(reader, root, skip):
        return []
    inside = [(root.tag or "", root.iter(include_text=True))]
    while inside:
        tag, children = inside[-1]
        for node in children:
            if node.is_text_node:
                reader.add(node.text_content or "")
            elif _opens(reader, node, skip):
                inside.append((node.tag or "", node.iter(include_text=True)))
                break
        else:
            reader.leave(tag)
            inside.pop()
    reader.close()
    return [_marked(line) for line in _tidied(reader.lines)]


def _opens(reader: _Reader, node: LexborNode, skip: Container[int]) -> bool:
    """Enter a node unless it is left out; whether it was entered."""
    tag = node.tag or ""
    if node.mem_id in skip:
        return False
    if tag in _PICTURES:
        reader.picture()
    if tag[:1] in "-_!" or tag in _SKIPPED:
        return False
    reader.enter(node, tag)
    return True


def _marked(line: Line) -> Line:
    if line.tag == "li" and not line.text.startswith(("- ", "– ", "• ")):
        line.text = f"- {line.text}"
    return line


def key(text: str) -> str:
    """What two spellings of one line have in common: letters and digits, folded."""
    folded = fold(text)
    if folded.isascii():
        return folded.encode("ascii").translate(None, _SIGNS).decode("ascii")
    return _BETWEEN.sub("", folded)


_BETWEEN = re.compile(r"[\W_]+")
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())


def join(lines: Iterable[Line]) -> str:
    """The lines as text."""
    return "\n".join(line.text for line in lines)
