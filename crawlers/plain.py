"""Markup to plain text, for titles and summaries of entries."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.limits import beyond_limits
from pipeline.vietnamese import clean

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_UNSHOWN = (("<!--", "-->"), ("<![CDATA[", "]]>"))
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# Left open, these would swallow the rest of a summary; only their tags go.
_FRAMES = re.compile(
    r"</?(?:iframe|object|noscript|noframes|textarea|title|plaintext|xmp)\b[^<>]*>", re.IGNORECASE
)
_NOT_TEXT = ("script", "style", "template", "svg", "head")
_BLOCKS = "p div br li ul ol h1 h2 h3 h4 h5 h6 tr td th blockquote section article figure figcaption"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_MAX_CHARS = 200_000
_MAX_TITLE = 20_000
_MAX_LISTS = 100
"""More lists than that are no related headlines, and to look through each takes time with their square."""


def one_line(text: str) -> str:
    """Text without control characters, its runs of white space made one space."""
    return " ".join(clean(_CONTROLS.sub("", text)).split())


def plain_title(text: str) -> str:
    """The words of a title: markup gone, and entities decoded also where they were escaped twice
    (Thanh Niên, VietnamBiz)."""
    text = text[:_MAX_TITLE]
    for _ in range(2):
        if _ENTITY.search(text):
            text = html.unescape(text)
    if _has_markup(text):
        text = _text_of(text)
    return one_line(text)


def plain_summary(text: str) -> str:
    """The words of a summary: markup gone, and without the lists of related headlines that some feeds glue
    onto it (the VNA portal)."""
    text = text[:_MAX_CHARS]
    if "<" not in text and "&lt;" in text:
        text = html.unescape(text)
    if _has_markup(text):
        text = _text_of(text)
    if _ENTITY.search(text):
        text = html.unescape(text)
    return one_line(text)


def _has_markup(text: str) -> bool:
    """Whether there is a tag, or a comment or CDATA section that ends; looked for in linear time."""
    if _TAG.search(text):
        return True
    return any(0 <= text.find(start) < text.rfind(end) for start, end in _UNSHOWN)


def _text_of(markup: str) -> str:
    if beyond_limits(markup.encode("utf-8", "replace")):
        return _TAG.sub(" ", markup)
    tree = LexborHTMLParser(f"<body>{_FRAMES.sub('', markup)}")
    body = tree.body
    if body is None:
        return _TAG.sub(" ", markup)
    for node in reversed(body.css(",".join(_NOT_TEXT))):  # what is inside of another first
        node.decompose()
    lists = body.css("ul,ol")
    for items in reversed(lists if len(lists) <= _MAX_LISTS else []):
        if _only_links(items):
            items.decompose()
    for node in body.css(_BLOCKS.replace(" ", ",")):
        node.insert_before(" ")
        node.insert_after(" ")
    return body.text(deep=True)


def _only_links(items: LexborNode) -> bool:
    """Whether a list consists of links: every word of it stands in one."""
    linked = "".join(link.text(deep=True) for link in items.css("a"))
    return bool(linked) and len("".join(linked.split())) >= len("".join(items.text(deep=True).split()))
