"""Damaged pages for extraction: cut short, with bytes flipped, nested deep, very wide, in a wrong charset.

`damaged` makes them from sound pages, always the same for the same seed; `survey` reads each and counts what
came of it, in this process or in workers. No page may raise or end its
worker; one that takes longer than the pool's deadline ends as `extract_timeout`.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import process_time
from typing import NamedTuple

from models.document import RawDocument
from models.outcome import Reason
from models.outlet import Outlet
from pipeline.extract.pool import DeadlineExceeded, WorkerDied, WorkerPool, WorkFailed
from pipeline.extract.profiles import families_of, outlet_for
from pipeline.extract.read import extract

CHARSETS = (
    "utf-16", "utf-7", "iso-8859-1", "windows-1258", "gb18030", "shift_jis", "euc-kr", "koi8-r", "cp437",
    "no-such-charset",
)  # fmt: skip


UNKNOWN = "https://paper.example/a-1234567.html"
"""The address of a page that gives none of its own."""


class Damaged(NamedTuple):
    """A damaged page: what was done to it, its bytes, the charset that its answer declares, its address."""

    kind: str
    body: bytes
    charset: str = ""
    url: str = UNKNOWN


@dataclass(slots=True)
class Survey:
    """Outcomes by kind of damage and reason, the errors that were raised (kind of damage and words), the page
    that took most processor time."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    slowest: float = 0.0
    slowest_kind: str = ""

    def count(self, kind: str, reason: str, seconds: float) -> None:
        """Count what came of a page of a kind, and remember the slowest."""
        self.outcomes[kind.split(" ", 1)[0], reason] += 1
        if seconds > self.slowest:
            self.slowest, self.slowest_kind = seconds, kind


def damaged(
    page: bytes, url: str = UNKNOWN, *, cuts: int = 200, flips: int = 20, seed: int = 7
) -> Iterator[Damaged]:
    """The damaged copies of a page at an address."""
    own = Damaged("", page, "", url)
    chance = random.Random(seed)
    for i in range(cuts):
        yield own._replace(kind="cut", body=page[: len(page) * i // cuts])
    for _ in range(flips):
        broken = bytearray(page)
        for _ in range(max(len(page) // 500, 1)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        yield own._replace(kind="flipped", body=bytes(broken))
    for charset in CHARSETS:
        yield own._replace(kind=f"charset {charset}", charset=charset)


def deep(depth: int = 200_000) -> Iterator[Damaged]:
    """Pages whose elements are nested `depth` deep."""
    for tag in ("div", "b", "table", "span"):
        body = f"<{tag}>".encode() * depth + "<p>Một câu ngắn ở tận đáy trang.</p>".encode()
        yield Damaged(f"deep {tag}", b"<html lang=vi><body><h1>T</h1>" + body)
    article = b"<html><body><h1>T</h1><article>" + b"<div class=detail-content>" * depth + b"x"
    yield Damaged("deep article", article)
    yield Damaged("deep json", b'<script type="application/ld+json">' + b"[" * depth + b"</script><p>x</p>")


def wide(size: int = 8_000_000) -> Iterator[Damaged]:
    """Pages of about `size` bytes, by default just within the limit: many paragraphs, one long line, one
    attribute, no markup at all."""
    paragraph = "<p>Một câu dài vừa phải về một ngày mưa ở chợ huyện.</p>".encode()
    head = b"<html lang=vi><body><h1>T</h1>"
    yield Damaged("wide paragraphs", head + b"<article>" + paragraph * (size // len(paragraph)))
    yield Damaged("wide links", head + b"<ul>" + b"<li><h3><a href=/x>y</a></h3>" * (size // 29))
    yield Damaged("wide line", head + b"<p>" + b"a " * (size // 2))
    yield Damaged("wide word", head + b"<p>" + b"a" * size)
    yield Damaged("wide attribute", head + b'<p class="' + b"a " * (size // 2) + b'">x</p>')
    yield Damaged("wide script", b'<script type="application/ld+json">{"a":"' + b"a" * size + b'"}</script>')
    yield Damaged("wide brackets", b"<" * size)
    yield Damaged("wide bytes", bytes(range(128, 256)) * (size // 128))


def everything(pages: Iterable[tuple[str, bytes]], *, cuts: int = 200, flips: int = 20) -> Iterator[Damaged]:
    """All damaged copies of pages, each given with its address, then deep and wide pages, within the size
    limit and beyond it."""
    for url, page in pages:
        yield from damaged(page, url or UNKNOWN, cuts=cuts, flips=flips)
    yield from deep()
    yield from wide()
    yield from wide(20_000_000)


def reader(outlets: Mapping[str, Outlet]) -> Callable[[Damaged], tuple[str, float]]:
    """A function that reads a damaged page as one of the outlet on whose host its address stands, if any, and
    gives the outcome's word and the seconds of processor time that it took."""
    families = families_of(outlets.values())

    def read(page: Damaged) -> tuple[str, float]:
        start = process_time()
        document = RawDocument(
            outlet="", url=page.url, final_url=page.url, status=200, body=page.body,
            fetched_at=datetime.max.replace(tzinfo=UTC), charset=page.charset,
        )  # fmt: skip
        found = extract(document, outlet_for(page.url, outlets), families=families)
        return found.reason.value, process_time() - start

    return read


def survey(pages: Iterable[Damaged], outlets: Mapping[str, Outlet]) -> Survey:
    """Read every page in this process; nothing is raised."""
    found, read = Survey(), reader(outlets)
    for page in pages:
        try:
            found.count(page.kind, *read(page))
        except Exception as error:  # noqa: BLE001 - what is looked for
            found.errors.append(f"{page.kind}: {type(error).__name__}: {error}"[:200])
    return found


async def survey_in_workers(
    pages: Iterable[Damaged],
    pool: WorkerPool[Damaged, tuple[str, float]],
    at_once: int,
    tell: Callable[[int], None] = lambda _: None,
) -> Survey:
    """Read every page in a worker, within the pool's deadline, which is an outcome too. A page that raises or
    ends its worker is an error. `tell` is given the number of pages after each thousand."""
    found, places = Survey(), asyncio.Semaphore(at_once)

    async def read(page: Damaged) -> None:
        try:
            found.count(page.kind, *await pool.run(page))
        except DeadlineExceeded:
            found.count(page.kind, Reason.EXTRACT_TIMEOUT.value, 0.0)
        except (WorkerDied, WorkFailed) as error:
            found.errors.append(f"{page.kind}: {error}"[:200])
        finally:
            places.release()

    async with asyncio.TaskGroup() as tasks:
        for number, page in enumerate(pages, 1):
            await places.acquire()
            tasks.create_task(read(page))
            if number % 1000 == 0:
                tell(number)
    return found


def table(found: Survey) -> str:
    """The survey as lines of text: outcomes by kind of damage."""
    kinds = list(dict.fromkeys(kind for kind, _ in found.outcomes))
    reasons = Counter[str]()
    for (_, reason), count in found.outcomes.items():
        reasons[reason] += count
    lines = [f"{found.outcomes.total() + len(found.errors)} damaged pages, {len(found.errors)} errors"]
    lines.append(f"{'outcome':<16}" + "".join(f"{kind:>10}" for kind in (*kinds, "all")))
    lines += [
        f"{reason:<16}" + "".join(f"{found.outcomes[kind, reason]:>10}" for kind in kinds) + f"{count:>10}"
        for reason, count in reasons.most_common()
    ]
    lines.append(f"slowest {found.slowest:.2f} s ({found.slowest_kind})")
    return "\n".join(lines + [f"ERROR {error}" for error in found.errors])
