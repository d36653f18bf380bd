"""How many pages a second: ours against Trafilatura with metadata and the floor of parsing alone.

All take turns, each reading all pages once, and processor time is counted, so that a busy machine slows all
alike and each finds the processor's cache as it left it, as in a worker that does nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from resource import getpagesize
from statistics import median
from time import process_time

import trafilatura
from selectolax.lexbor import LexborHTMLParser

from models.document import RawDocument
from models.outlet import Outlet
from pipeline.extract.profiles import families_of, outlet_for
from pipeline.extract.read import extract

BASE = "trafilatura with metadata"


@dataclass(frozen=True, slots=True)
class BenchPage:
    """A page to measure with. Pages of a configured outlet measure the profiled way, others the whole."""

    url: str
    html: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One way of reading: pages per second, least, median and most over the rounds, and the median ratio
    to Trafilatura of the same round."""

    name: str
    slowest: float
    middle: float
    fastest: float
    ratio: float


def ways(outlets: Mapping[str, Outlet]) -> dict[str, Callable[[BenchPage], object]]:
    """The ways of reading that are compared."""
    families = families_of(outlets.values())

    def ours(page: BenchPage) -> object:
        outlet = outlet_for(page.url, outlets)
        return extract(_document(page), outlet, families=families)

    return {
        BASE: lambda page: trafilatura.extract(page.html, with_metadata=True),
        "trafilatura fast, text only": lambda page: trafilatura.extract(page.html, fast=True),
        "parse only": lambda page: LexborHTMLParser(page.html.decode("utf-8", "ignore")),
        **{name: partial(_other, function) for name, function in others().items()},
        "ours": ours,
    }


def _other(function: Callable[[bytes, str], str], page: BenchPage) -> object:
    return function(page.html, page.url)


def others() -> dict[str, Callable[[bytes, str], str]]:
    """Other extractors, those that are installed: functions of bytes and address giving the text."""
    found: dict[str, Callable[[bytes, str], str]] = {}
    if find_spec("newspaper"):
        found["newspaper4k"] = _newspaper
    if find_spec("readability"):
        found["readability-lxml"] = _readability
    return found


def _newspaper(body: bytes, url: str) -> str:
    text = body.decode("utf-8", "ignore")
    try:  # without images, which it would ask the network for
        article = import_module("newspaper").article(url, input_html=text, fetch_images=False)
    except Exception:  # noqa: BLE001 - what it cannot read (Korean without nltk) is an empty text in its score
        return ""
    return str(article.text)


def _readability(body: bytes, _url: str) -> str:
    from lxml import html

    summary = import_module("readability").Document(body.decode("utf-8", "ignore")).summary()
    return "\n".join(map(str, html.fromstring(summary).itertext()))


def _document(page: BenchPage) -> RawDocument:
    moment = datetime.max.replace(tzinfo=UTC)
    return RawDocument(
        outlet="", url=page.url, final_url=page.url, fetched_at=moment, status=200, body=page.html
    )


def measure(
    pages: Sequence[BenchPage], extractors: Mapping[str, Callable[[BenchPage], object]], rounds: int = 5
) -> list[Row]:
    """Run every extractor over all pages, by turns, `rounds` times."""
    spent: dict[str, list[float]] = {name: [0.0] * rounds for name in extractors}
    for function in extractors.values():
        function(pages[0])
    for turn in range(rounds):
        for name, function in extractors.items():
            start = process_time()
            for page in pages:
                function(page)
            spent[name][turn] = process_time() - start
    return [_row(name, seconds, spent.get(BASE, seconds), len(pages)) for name, seconds in spent.items()]


def _row(name: str, seconds: list[float], base: list[float], pages: int) -> Row:
    rates = sorted(pages / second for second in seconds)
    ratio = median(theirs / own for own, theirs in zip(seconds, base, strict=True))
    return Row(name, rates[0], median(rates), rates[-1], ratio)


def run(pages: Sequence[BenchPage], outlets: Mapping[str, Outlet], rounds: int = 5) -> str:
    """The table of `diembao bench extract`: pages of known outlets and other pages apart."""
    known = [page for page in pages if outlet_for(page.url, outlets)]
    other = [page for page in pages if not outlet_for(page.url, outlets)]
    parts = []
    for name, group in (("pages of known outlets", known), ("other pages", other)):
        if group:
            parts.append(f"{len(group)} {name}\n{table(measure(group, ways(outlets), rounds))}")
    return "\n\n".join(parts)


def memory(pages: Sequence[BenchPage], outlets: Mapping[str, Outlet], count: int) -> str:
    """Read `count` pages, the given ones over and over, and tell the memory of this process in MB after each
    tenth of them. Linux only, as it reads /proc; ours alone."""
    read = ways(outlets)["ours"]
    step = max(count // 10, 1)
    told = []
    for number in range(1, count + 1):
        read(pages[number % len(pages)])
        if number % step == 0:
            told.append(_resident_mb())
    return f"memory in MB after each {step} of {count} pages: {' '.join(f'{mb:.0f}' for mb in told)}"


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * getpagesize() / 1e6


def table(rows: Sequence[Row]) -> str:
    """The rows as lines of text, fastest last."""
    lines = [f"{'pages per second':<30}{'min':>9}{'median':>9}{'max':>9}{'ratio':>8}"]
    lines += [_line(row) for row in sorted(rows, key=lambda row: row.middle)]
    return "\n".join(lines)


def _line(row: Row) -> str:
    return f"{row.name:<30}{row.slowest:>9.1f}{row.middle:>9.1f}{row.fastest:>9.1f}{row.ratio:>7.2f}x"
