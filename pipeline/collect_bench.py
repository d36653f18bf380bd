"""How fast articles are collected, against a floor measured in the same run.

Both get the same pages over loopback from a server in a process of its own. Ours is the whole way: feeds,
robots.txt, guard, politeness, archive, extraction and tagging in worker processes, store and index. The floor
is a bare loop: aiohttp fetch, one HTML parse, one batched insert of each page's title and text.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles

import aiohttp
from aiohttp import web
from selectolax.lexbor import LexborHTMLParser

from crawlers.archive import ArchiveWriter
from crawlers.crawl import CrawlOptions, crawl
from models.document import RawDocument
from models.outlet import Endpoint, EndpointKind, FetchPolicy, Grade, Outlet
from pipeline.extract.pool import WorkerPool
from pipeline.flow import Flow, Processor
from pipeline.settings import Settings
from pipeline.store import open_store
from pipeline.writer import Writer

FAMILY = "vnexpress"
_BATCH = 500
_WORDS = 420  # words of one article, as most have
_FURNITURE = 60  # links of a page beside its article
_SYLLABLES = "an bảo cà chiều đà đêm gió hòa hương khánh lâm mưa ngọc phố sông thủy trà vân cầu đường".split()


@dataclass(frozen=True, slots=True)
class Measured:
    """Articles and seconds of ours and of the floor, and the loop's lag in seconds while ours ran. `cpu` and
    `floor_cpu` are the seconds of processor time that the collecting process and the floor took, `read_cpu`
    those that reading and tagging takes in the workers; other work on the machine changes them little."""

    articles: int
    stored: int
    seconds: float
    floor_seconds: float
    lag_p50: float
    lag_p99: float
    cpu: float
    floor_cpu: float
    read_cpu: float

    @property
    def rate(self) -> float:
        """Articles a second, from the first request to the last committed and indexed row."""
        return self.stored / self.seconds

    @property
    def floor(self) -> float:
        """Pages a second of the floor."""
        return self.articles / self.floor_seconds

    @property
    def ratio(self) -> float:
        """Ours of the floor."""
        return self.rate / self.floor


def utc_now() -> datetime:
    """The system's clock, aware UTC."""
    return datetime.now(UTC)


def page(number: int) -> str:
    """An article page with text of our own, as large and as furnished as those of the family."""
    chance = random.Random(number)
    text = [" ".join(chance.choices(_SYLLABLES, k=14)).capitalize() + "." for _ in range(_WORDS // 14)]
    paragraphs = "".join(f'<p class="Normal">{" ".join(text[n : n + 3])}</p>' for n in range(0, len(text), 3))
    links = "".join(
        f'<li><h3><a href="/muc/{n}">{text[n % len(text)]}</a></h3></li>' for n in range(_FURNITURE)
    )
    title = f"{' '.join(chance.choices(_SYLLABLES, k=9)).capitalize()} {number}"
    script = "<script>" + "var banner = [1, 2, 3];" * 400 + "</script>"
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>{script}'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        f'<meta name="pubdate" content="2026-11-21T08:15:00+07:00"></head><body><nav><ul>{links}</ul></nav>'
        f'<section class="page-detail"><h1 class="title-detail">{title}</h1>'
        f'<p class="description">{text[0]}</p><article class="fck_detail">{paragraphs}</article></section>'
        f"<footer><ul>{links}</ul></footer></body></html>"
    )


def serve(pipe: Connection, outlets: int, pages: int) -> None:
    """The server's process: answers on any loopback address until it is ended."""
    bodies = [page(number).encode() for number in range(pages)]

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        host = request.host
        if request.path.endswith(".rss"):
            first = int(request.path[1:-4])
            named = range(first, pages, outlets)
            items = "".join(
                f"<item><title>Tin {n}</title><link>http://{host}/tin-{4_000_000 + n}.html</link>"
                f"<pubDate>Sat, 21 Nov 2026 08:15:00 +0700</pubDate></item>"
                for n in named
            )
            return web.Response(
                text=f"<rss version='2.0'><channel>{items}</channel></rss>", content_type="text/xml"
            )
        number = request.path.rpartition("-")[2].removesuffix(".html")
        if not number.isdigit():
            return web.Response(status=404)
        return web.Response(body=bodies[int(number) - 4_000_000], content_type="text/html", charset="utf-8")

    async def main() -> None:
        runner = web.ServerRunner(web.Server(answer))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        pipe.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(main())


@contextmanager
def server(outlets: int, pages: int) -> Iterator[int]:
    """A running server; gives its port."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=serve, args=(theirs, outlets, pages), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


def newspapers(port: int, count: int, profile: Outlet) -> list[Outlet]:
    """Outlets with the profile of `profile`, one feed each, on the same server, without pauses."""
    base = f"http://127.0.0.1:{port}"
    return [
        Outlet(
            slug=f"bao-{number}",
            name=f"Báo {number}",
            homepage=f"{base}/",
            language="vi",
            hosts=("127.0.0.1",),
            endpoints=(Endpoint(kind=EndpointKind.FEED, url=f"{base}/{number}.rss", grade=Grade.A),),
            profile=profile.profile,
            fetch=FetchPolicy(parallel=8, delay=0.0),
        )
        for number in range(count)
    ]


async def floor(port: int, pages: int, file: Path, parallel: int = 8) -> float:
    """Seconds that a bare loop takes for the same pages."""
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE page (url TEXT PRIMARY KEY, title TEXT, text TEXT)")
    rows: list[tuple[str, str, str]] = []
    numbers = iter(range(pages))
    started = time.perf_counter()

    async def work(session: aiohttp.ClientSession) -> None:
        for number in numbers:
            url = f"http://127.0.0.1:{port}/tin-{4_000_000 + number}.html"
            async with session.get(url) as response:
                tree = LexborHTMLParser(await response.read())
            title, body = tree.css_first("h1"), tree.css_first("article")
            rows.append((url, title.text() if title else "", body.text() if body else ""))
            if len(rows) >= _BATCH:
                insert()

    def insert() -> None:
        with database:
            database.executemany("INSERT INTO page VALUES (?, ?, ?)", rows)
        rows.clear()

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(work(session) for _ in range(parallel)))
    insert()
    seconds = time.perf_counter() - started
    database.close()
    return seconds


async def _lag(found: list[float], step: float = 0.01) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(step)
        found.append(max(time.perf_counter() - before - step, 0.0))


async def collect(
    settings: Settings, outlets: Sequence[Outlet], warm: Sequence[Outlet]
) -> tuple[int, float, float, list[float]]:
    """Articles stored, seconds, seconds of processor time of this process, and the loop's lag. The
    workers have loaded their tables before."""
    lag: list[float] = []
    workers = settings.workers or os.cpu_count() or 1
    factory = partial(Processor.build, settings.config_dir)
    archive = ArchiveWriter(settings.archive_dir)
    with open_store(settings.database) as store:
        async with (
            WorkerPool(factory, workers, settings.page_deadline) as pool,
            Writer(store, utc_now) as writer,
        ):
            flow = Flow(store, pool, writer, utc_now)
            options = CrawlOptions(
                user_agent=settings.user_agent,
                parallel=settings.parallel,
                allow_networks=("127.0.0.1/32",),
                archive=archive,
                read_feed=flow.read_feed,
            )
            await crawl(warm, flow, options=options)
            before = store.stats().articles
            watch = asyncio.ensure_future(_lag(lag))
            started, cpu = time.perf_counter(), time.process_time()
            await crawl(outlets, flow, options=options)
            await writer.flush()
            seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
            watch.cancel()
        archive.close()
        return store.stats().articles - before, seconds, cpu, lag


def reading(settings: Settings, profile: Outlet, sample: int = 50) -> float:
    """Seconds of processor time to read and tag one page, as a worker does it."""
    process = Processor.build(settings.config_dir).process
    documents = [
        RawDocument(
            outlet=profile.slug,
            url=f"{profile.homepage}tin-{4_000_000 + number}.html",
            final_url=f"{profile.homepage}tin-{4_000_000 + number}.html",
            fetched_at=utc_now(),
            status=200,
            body=page(number).encode(),
            content_type="text/html",
        )
        for number in range(sample)
    ]
    process(documents[0])
    started = time.process_time()
    for document in documents:
        process(document)
    return (time.process_time() - started) / sample


def measure(settings: Settings, profile: Outlet, *, pages: int, outlets: int) -> Measured:
    """Measure ours and then the floor in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="diembao-bench-") as folder:
        own = settings.model_copy(
            update={"home": Path(folder), "database_url": "", "allow_networks": ["127.0.0.1/32"]}
        )
        warm = 16
        with server(1, warm) as port:
            few = newspapers(port, 1, profile)
            with server(outlets, pages) as other:
                many = newspapers(other, outlets, profile)
                stored, seconds, cpu, lag = asyncio.run(collect(own, many, few))
                floor_cpu = time.process_time()
                floor_seconds = asyncio.run(floor(other, pages, Path(folder) / "floor.sqlite3"))
                floor_cpu = time.process_time() - floor_cpu
    read_cpu = reading(own, profile) * pages
    cuts = quantiles(lag, n=100) if len(lag) > 1 else [0.0] * 99
    return Measured(pages, stored, seconds, floor_seconds, cuts[49], cuts[98], cpu, floor_cpu, read_cpu)
