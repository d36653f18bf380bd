"""Damaged pages for extraction: cut short, with bytes flipped, nested deep, very wide, in a wrong charset.

`damaged` makes them from sound pages, always the same for the same seed; `survey` reads each and counts what
came of it, in this process or in workers. No page may raise or end its
worker; one that takes longer than the pool's deadline ends as `extract_timeout`.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter

from models.document import RawDocument
from models.outcome import Reason
from models.outlet import Outlet
from pipeline.extract.pool import DeadlineExceeded, WorkerDied, WorkerPool, WorkFailed
from pipeline.extract.profiles import families_of
from pipeline.extract.read import extract

CHARSETS = (
    "utf-16", "utf-7", "iso-8859-1", "windows-1258", "gb18030", "shift_jis", "euc-kr", "koi8-r", "cp437",
    "no-such-charset",
)  # fmt: skip


@dataclass(slots=True)
class Survey:
    """Outcomes by reason, the errors that were raised (kind of damage and words), the slowest page."""

    outcomes: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    slowest: float = 0.0
    slowest_kind: str = ""

    def time(self, kind: str, seconds: float) -> None:
        """Remember the slowest page."""
        if seconds > self.slowest:
            self.slowest, self.slowest_kind = seconds, kind


def damaged(
    page: bytes, *, cuts: int = 200, flips: int = 20, seed: int = 7
) -> Iterator[tuple[str, bytes, str]]:
    """Kind of damage, bytes and declared charset of each damaged copy of a page."""
    chance = random.Random(seed)
    for i in range(cuts):
        yield "cut", page[: len(page) * i // cuts], ""
    for _ in range(flips):
        broken = bytearray(page)
        for _ in range(max(len(page) // 500, 1)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        yield "flipped", bytes(broken), ""
    for charset in CHARSETS:
        yield f"charset {charset}", page, charset


def deep(depth: int = 200_000) -> Iterator[tuple[str, bytes, str]]:
    """Pages whose elements are nested `depth` deep."""
    for tag in ("div", "b", "table", "span"):
        body = f"<{tag}>".encode() * depth + "<p>Một câu ngắn ở tận đáy trang.</p>".encode()
        yield f"deep {tag}", b"<html lang=vi><body><h1>T</h1>" + body, ""
    yield (
        "deep article",
        b"<html><body><h1>T</h1><article>" + b"<div class=detail-content>" * depth + b"x",
        "",
    )
    yield "deep json", b'<script type="application/ld+json">' + b"[" * depth + b"</script><p>x</p>", ""


def wide(size: int = 8_000_000) -> Iterator[tuple[str, bytes, str]]:
    """Pages of about `size` bytes, by default just within the limit: many paragraphs, one long line, one
    attribute, no markup at all."""
    paragraph = "<p>Một câu dài vừa phải về một ngày mưa ở chợ huyện.</p>".encode()
    head = b"<html lang=vi><body><h1>T</h1>"
    yield "wide paragraphs", head + b"<article>" + paragraph * (size // len(paragraph)), ""
    yield "wide links", head + b"<ul>" + b"<li><h3><a href=/x>y</a></h3>" * (size // 29), ""
    yield "wide line", head + b"<p>" + b"a " * (size // 2), ""
    yield "wide word", head + b"<p>" + b"a" * size, ""
    yield "wide attribute", head + b'<p class="' + b"a " * (size // 2) + b'">x</p>', ""
    yield "wide script", b'<script type="application/ld+json">{"a":"' + b"a" * size + b'"}</script>', ""
    yield "wide brackets", b"<" * size, ""
    yield "wide bytes", bytes(range(128, 256)) * (size // 128), ""


def everything(
    pages: Iterable[bytes], *, cuts: int = 200, flips: int = 20
) -> Iterator[tuple[str, bytes, str]]:
    """All damaged copies of `pages`, then deep and wide pages, within the size limit and beyond it."""
    for page in pages:
        yield from damaged(page, cuts=cuts, flips=flips)
    yield from deep()
    yield from wide()
    yield from wide(20_000_000)


def reader(outlets: Mapping[str, Outlet]) -> Callable[[tuple[bytes, str]], str]:
    """A function of bytes and declared charset that reads them as a page of an unknown outlet and gives the
    outcome's word."""
    families = families_of(outlets.values())

    def read(item: tuple[bytes, str]) -> str:
        body, charset = item
        document = RawDocument(
            outlet="", url="https://paper.example/a-1234567.html", final_url="", status=200, body=body,
            fetched_at=datetime.max.replace(tzinfo=UTC), charset=charset,
        )  # fmt: skip
        return extract(document, None, families=families).reason.value

    return read


def survey(
    pages: Iterator[tuple[str, bytes, str]] | Sequence[tuple[str, bytes, str]], outlets: Mapping[str, Outlet]
) -> Survey:
    """Read every page in this process; nothing is raised."""
    found, read = Survey(), reader(outlets)
    for kind, body, charset in pages:
        start = perf_counter()
        try:
            found.outcomes[read((body, charset))] += 1
        except Exception as error:  # noqa: BLE001 - what is looked for
            found.errors.append(f"{kind}: {type(error).__name__}: {error}"[:200])
        found.time(kind, perf_counter() - start)
    return found


async def survey_in_workers(
    pages: Iterable[tuple[str, bytes, str]], pool: WorkerPool[tuple[bytes, str], str], at_once: int
) -> Survey:
    """Read every page in a worker, within the pool's deadline, which is an outcome too. A page that raises or
    ends its worker is an error."""
    found, places = Survey(), asyncio.Semaphore(at_once)

    async def read(kind: str, body: bytes, charset: str) -> None:
        start = perf_counter()
        try:
            found.outcomes[await pool.run((body, charset))] += 1
        except DeadlineExceeded:
            found.outcomes[Reason.EXTRACT_TIMEOUT.value] += 1
        except (WorkerDied, WorkFailed) as error:
            found.errors.append(f"{kind}: {error}"[:200])
        finally:
            found.time(kind, perf_counter() - start)
            places.release()

    async with asyncio.TaskGroup() as tasks:
        for kind, body, charset in pages:
            await places.acquire()
            tasks.create_task(read(kind, body, charset))
    return found


def table(found: Survey) -> str:
    """The survey as lines of text."""
    lines = [f"{found.outcomes.total() + len(found.errors)} damaged pages, {len(found.errors)} errors"]
    lines += [f"{reason:<16}{count:>8}" for reason, count in found.outcomes.most_common()]
    lines.append(f"slowest {found.slowest:.2f} s ({found.slowest_kind})")
    return "\n".join(lines + [f"ERROR {error}" for error in found.errors])
