"""feedparser's own expectations, read as statements about our entries.

A file says `Expect: entries[0]['title'] == 'Item 1 title'`, a Python expression over feedparser's result.
Those that compare one of the fields below are mapped: their literal goes through the same reduction to plain
text as ours, because our entries carry text and feedparser's carry markup.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawlers.feeds import ParsedFeed, parse_feed
from crawlers.plain import one_line, plain_summary, plain_title

_EXPECT = re.compile(r"Expect:\s*(.+?)\s*(?:\n|-->)")
_HEADER = re.compile(r"^\s*Header:\s*([\w-]+)\s*:\s*(.+?)\s*$", re.MULTILINE)
_FIELDS = {"title", "link", "id", "published", "summary", "guid", "description"}


@dataclass(frozen=True)
class Case:
    """One comparison: the file, the entry's number, the field and what it should be."""

    path: Path
    index: int
    field: str
    value: str


def suite(folder: Path) -> list[Path]:
    """All files of the suite."""
    return sorted(
        path for path in folder.rglob("*") if path.suffix in {".xml", ".json", ".tmp"} and path.is_file()
    )


def headers(body: bytes) -> dict[str, str]:
    """The HTTP headers that a file says it was served with."""
    return {name.lower(): value for name, value in _HEADER.findall(_head(body))}


def parse(path: Path) -> ParsedFeed:
    """The file through our reader, with its headers."""
    body = path.read_bytes()
    found = headers(body)
    return parse_feed(body, url=found.get("content-location", ""), content_type=found.get("content-type", ""))


def cases(path: Path) -> Iterator[Case]:
    """The comparisons of a file that are about an entry's title, link, id, published or summary."""
    match = _EXPECT.search(_head(path.read_bytes()))
    if match is None:
        return
    try:
        tree = ast.parse(match.group(1), mode="eval")
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            case = _case(path, node.left, node.comparators[0])
            if case is not None:
                yield case


def holds(case: Case, feed: ParsedFeed) -> bool:
    """Whether our entry says the same."""
    if case.index >= len(feed.entries):
        return False
    entry = feed.entries[case.index]
    if case.field == "title":
        return entry.title == plain_title(case.value)
    if case.field == "link":
        return entry.link == case.value.strip()
    if case.field == "published":
        return entry.published_raw == one_line(case.value)
    if case.field in ("id", "guid"):
        return entry.guid == one_line(case.value)
    return entry.summary == plain_summary(case.value)


def _head(body: bytes) -> str:
    if body[:2] in (b"\xff\xfe", b"<\x00"):
        return body.decode("utf-16-le", "replace")
    if body[:2] in (b"\xfe\xff", b"\x00<"):
        return body.decode("utf-16-be", "replace")
    return body[:6000].decode("utf-8", "replace")


def _case(path: Path, left: ast.expr, right: ast.expr) -> Case | None:
    """`entries[N]['field'] == 'literal'` or `entries[N].field == 'literal'`."""
    if not (isinstance(right, ast.Constant) and isinstance(right.value, str)):
        return None
    if isinstance(left, ast.Attribute):
        holder, field = left.value, left.attr
    elif isinstance(left, ast.Subscript) and isinstance(left.slice, ast.Constant):
        holder, field = left.value, str(left.slice.value)
    else:
        return None
    if not (isinstance(holder, ast.Subscript) and isinstance(holder.value, ast.Name)):
        return None
    index = holder.slice
    if holder.value.id != "entries" or not isinstance(index, ast.Constant) or field not in _FIELDS:
        return None
    return Case(path, index.value, field, right.value) if isinstance(index.value, int) else None
