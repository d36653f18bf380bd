"""feedparser's own expectations, read as statements about our entries.

A file says `Expect: entries[0]['title'] == 'Item 1 title'`, a Python expression over feedparser's result.
Those that compare one of the fields below are mapped: their literal goes through the same reduction to plain
text as ours, because our entries carry text and feedparser's carry markup.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawlers.feeds import ParsedFeed, parse_feed
from crawlers.plain import one_line, plain_summary, plain_title

_EXPECT = re.compile(r"Expect:\s*(.+?)\s*(?:\n|-->)")
_HEADER = re.compile(r"^\s*Header:\s*([\w-]+)\s*:\s*(.+?)\s*$", re.MULTILINE)
_FIELDS = {"title", "link", "id", "published", "summary", "guid", "description"}
_DETAILS = {"title_detail": "title", "summary_detail": "summary"}
_SERVED = "http://127.0.0.1:8097/"
"""Where the suite's own runner serves its files; some expect addresses resolved against it."""

REASONS = {
    "bozo_linenoise.xml": "bytes of no encoding: it guesses windows-1252, we drop what is broken UTF-8",
    "atom10_id.xml": "the feed gives one id twice; ours are made distinct, so that neither entry is lost",
    "item_description_not_a_doctype.xml": "to HTML, `<!'…>` is a comment; we read no words in it",
}
"""Why we do not say what a file expects."""


@dataclass(frozen=True)
class Case:
    """One comparison: the file, the entry's number, the field and what it should be."""

    path: Path
    index: int
    field: str
    value: str


@dataclass(frozen=True)
class SuiteReport:
    """Files read, comparisons found in them, those that fail, and the slowest file in processor seconds."""

    files: int
    compared: int
    misses: tuple[tuple[Case, str], ...]
    slowest: tuple[float, str]

    @property
    def share(self) -> float:
        """Share of the comparisons that hold."""
        return 1 - len(self.misses) / self.compared if self.compared else 0.0


def evaluate(folder: Path) -> SuiteReport:
    """Read every file of the suite and compare."""
    files = suite(folder)
    compared = 0
    misses: list[tuple[Case, str]] = []
    slowest = (0.0, "")
    for path in files:
        started = time.process_time()
        feed = parse(path)
        slowest = max(slowest, (time.process_time() - started, path.name))
        for case in cases(path):
            compared += 1
            said = ours(case, feed)
            if said != expected(case):
                misses.append((case, said))
    return SuiteReport(len(files), compared, tuple(misses), slowest)


def lines(report: SuiteReport) -> Iterator[str]:
    """The report for people."""
    seconds, name = report.slowest
    yield f"files       {report.files}, none raised, the slowest took {seconds:.2f} s ({name})"
    yield f"compared    {report.compared} statements about title, link, id, published, summary"
    yield f"satisfied   {report.compared - len(report.misses)} ({report.share:.1%})"
    for case, said in report.misses:
        yield f"  {case.path.name}: {case.field} should be {case.value!r}, ours is {said!r}"
        yield f"    {REASONS.get(case.path.name, 'not explained')}"


def suite(folder: Path) -> list[Path]:
    """All files of the suite."""
    return sorted(
        path for path in folder.rglob("*") if path.suffix in {".xml", ".json", ".tmp"} and path.is_file()
    )


def parse(path: Path) -> ParsedFeed:
    """The file through our reader, with its headers, at the address where the suite would serve it."""
    body = path.read_bytes()
    found = {name.lower(): value for name, value in _HEADER.findall(_head(body))}
    url = found.get("content-location") or (_SERVED if path.name.startswith("http_") else "")
    return parse_feed(body, url=url, content_type=found.get("content-type", ""))


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
        if isinstance(node, ast.Compare) and all(isinstance(each, ast.Eq) for each in node.ops):
            *compared, right = node.left, *node.comparators
            for left in compared:
                case = _case(path, left, right)
                if case is not None:
                    yield case


def expected(case: Case) -> str:
    """What the case wants, as our entries would carry it."""
    if case.field == "title":
        return plain_title(case.value)
    if case.field == "link":
        return case.value.strip()
    return one_line(case.value) if case.field in ("published", "id", "guid") else plain_summary(case.value)


def ours(case: Case, feed: ParsedFeed) -> str:
    """What our entry says; `no entry` if there is none."""
    if case.index >= len(feed.entries):
        return "no entry"
    entry = feed.entries[case.index]
    said = {"title": entry.title, "link": entry.link, "published": entry.published_raw}
    said |= {"id": entry.guid, "guid": entry.guid}
    return said.get(case.field, entry.summary)


def _head(body: bytes) -> str:
    if body[:2] in (b"\xff\xfe", b"<\x00"):
        return body.decode("utf-16-le", "replace")
    if body[:2] in (b"\xfe\xff", b"\x00<"):
        return body.decode("utf-16-be", "replace")
    return body[:6000].decode("utf-8", "replace")


def _case(path: Path, left: ast.expr, right: ast.expr) -> Case | None:
    """`entries[N]['field'] == 'literal'`, `entries[N].field == 'literal'`, or the value of its detail."""
    if not (isinstance(right, ast.Constant) and isinstance(right.value, str)):
        return None
    holder, field = _part(left)
    if field == "value" and holder is not None:
        holder, detail = _part(holder)
        field = _DETAILS.get(detail, "")
    if not (isinstance(holder, ast.Subscript) and isinstance(holder.value, ast.Name)):
        return None
    index = holder.slice
    if holder.value.id != "entries" or not isinstance(index, ast.Constant) or field not in _FIELDS:
        return None
    return Case(path, index.value, field, right.value) if isinstance(index.value, int) else None


def _part(node: ast.expr) -> tuple[ast.expr | None, str]:
    """`holder.field` or `holder['field']` in its two parts."""
    if isinstance(node, ast.Attribute):
        return node.value, node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return node.value, str(node.slice.value)
    return None, ""
