"""A page, parsed once: its tree, its meta tags, its JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from unicodedata import is_normalized

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from pipeline.extract.jsonld import LinkedData, read_jsonld
from pipeline.vietnamese import INVISIBLE, LOOKALIKES, clean


@dataclass(frozen=True, slots=True)
class Page:
    """`metas` maps the lower-case name, property or itemprop of a meta tag to its raw contents in order.
    `canonical` is the address that the page's link gives as its own, as it stands there.
    `found` remembers what each selector matched: all fields are read before the tree is changed."""

    url: str
    body: bytes
    tree: LexborHTMLParser
    metas: dict[str, list[str]]
    data: LinkedData
    canonical: str = ""
    found: dict[str, list[LexborNode]] = field(default_factory=dict)

    def meta(self, *keys: str) -> str:
        """The first non-empty content among meta tags of these names, names in order of trust."""
        for key in keys:
            if key in self.metas:
                for value in self.meta_all(key):
                    return value
        return ""

    def meta_all(self, key: str) -> Iterator[str]:
        """The non-empty contents of the meta tags of a name, on one line each."""
        for raw in self.metas.get(key, ()):
            if content := one_line(unescape(raw) if "&" in raw else raw):
                yield content

    def first(self, selectors: tuple[str, ...]) -> LexborNode | None:
        """The first node with text that a selector matches, selectors in order."""
        return next((node for s in selectors for node in self.all((s,)) if has_text(node)), None)

    def all(self, selectors: tuple[str, ...]) -> list[LexborNode]:
        """All nodes that the selectors match, selector by selector. A selector that this parser cannot
        read matches nothing."""
        found: list[LexborNode] = []
        for selector in selectors:
            if selector not in self.found:
                self.found[selector] = select(self.tree, selector)
            found += self.found[selector]
        return found

    def any(self, selectors: tuple[str, ...]) -> list[LexborNode]:
        """All nodes that any of the selectors matches, found in one walk, in document order."""
        together = ", ".join(selectors)
        if together not in self.found:
            self.found[together] = select_any(self.tree, selectors)
        return self.found[together]


def select(within: LexborHTMLParser | LexborNode, selector: str) -> list[LexborNode]:
    """The nodes that a CSS selector matches; none for a selector that cannot be read."""
    try:
        return within.css(selector)
    except (SelectolaxError, ValueError, RuntimeError):
        return []


def select_any(within: LexborHTMLParser | LexborNode, selectors: Sequence[str]) -> list[LexborNode]:
    """The nodes that any of the selectors matches, in document order where all can be read: one walk."""
    try:
        return within.css(", ".join(selectors)) if selectors else []
    except (SelectolaxError, ValueError, RuntimeError):
        return [node for selector in selectors for node in select(within, selector)]


def parse(body: bytes, url: str) -> Page:
    """Parse a page in UTF-8."""
    tree = LexborHTMLParser(body)
    metas: dict[str, list[str]] = {}
    scripts: list[str] = []
    canonical = ""
    for node in tree.css(_TELLING):
        if node.tag == "script":
            scripts.append(node.text())
        elif node.tag == "meta":
            _add_meta(metas, node)
        else:
            canonical = canonical or node.attributes.get("href") or ""
    return Page(url, body, tree, metas, read_jsonld(scripts), canonical)


_TELLING = 'meta[content], script[type*="ld+json" i], link[rel=canonical]'
_META_NAMES = frozenset({"property", "name", "itemprop"})


def _add_meta(metas: dict[str, list[str]], node: LexborNode) -> None:
    attributes = node.attributes
    if content := attributes.pop("content"):
        for key, name in attributes.items():
            if name and key in _META_NAMES:
                metas.setdefault(name.strip().lower(), []).append(content)


def one_line(text: str) -> str:
    """`text` cleaned, on one line, with single spaces."""
    if needs_cleaning(text):
        text = clean(text)
    return " ".join(text.split())


def needs_cleaning(text: str) -> bool:
    """Whether `clean` would change more than the white space of a text."""
    return not text.isascii() and bool(_UNCLEAN.search(text) or not is_normalized("NFC", text))


# What `clean` changes besides composing; white space is handled by splitting.
_UNCLEAN = re.compile(f"[{INVISIBLE}{LOOKALIKES}]")


def has_text(node: LexborNode) -> bool:
    """Whether a node holds any text but white space."""
    text = node.text()
    return bool(text) and not text.isspace()


def line_of(node: LexborNode) -> str:
    """The text of a node on one line."""
    return one_line(node.text())
