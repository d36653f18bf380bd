"""How fast articles are collected, against a floor measured in the same run.

Both get the same gzipped pages over loopback from a server in a process of its own. Ours is what
`diembao collect` does: the same collector, with feeds, robots.txt, guard, politeness, archive, extraction and
tagging in worker processes, store and index. The floor is a bare loop: aiohttp fetch, one HTML parse, one
batched insert of each page's address, title and text into a table with a primary key and no text index. Half
of the floor is measured before ours and half after, so that other work on the machine weighs on both. A
quarter of the pages is put into a text index too, as our rows are, to tell what of the floor's lead is that.
Server, floor and ours share the machine's cores; the floor has one process, ours has its workers besides.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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

from models.document import RawDocument
from models.outlet import Endpoint, EndpointKind, FetchPolicy, Grade, Outlet
from pipeline.bench_pages import Family, Packer, families, page, page_parts, story
from pipeline.jobs import Collector
from pipeline.sampling import sampled, shares
from pipeline.settings import Settings
from pipeline.store import open_store

_BATCH = 500
_HOSTS = 200  # loopback addresses that the outlets are spread over
_WARM = 16
_WARM_FIRST = 10_000_000  # the pages to get warm with tell other news
_ROBOTS = "User-agent: *\nDisallow: /tim-kiem\nDisallow: /*?print=\nDisallow: /api/\nSitemap: /sitemap.xml\n"
_ARTICLE = re.compile(r"/bai-(\d+)-")
_COLLECTING = (
    ("archive", ("crawlers/archive", "warcio")),
    ("workers' pipes", ("extract/pool", "multiprocessing")),
    ("store and index", ("pipeline/store", "sqlalchemy", "sqlmodel")),
    ("download", ("crawlers/handler", "aiohttp", "yarl", "crawlers/guard")),
    ("judging pages", ("crawlers/", "pipeline/urls", "w3lib")),
    ("flow and writer", ("pipeline/flow", "pipeline/writer", "pipeline/vietnamese")),
    ("Scrapy", ("scrapy", "twisted")),
    ("event loop", ("asyncio", "concurrent/futures", "threading")),
)
_READING = (
    ("extract", ("pipeline/extract", "selectolax", "trafilatura", "lxml")),
    ("topics", ("tag/topic",)),
    ("watch-lists", ("tag/watchlist",)),
    ("tagging, other", ("tag/__init__", "tag/fields", "tag/version")),
    ("places", ("pipeline/tag",)),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Articles and seconds of ours and of the floor, and the loop's lag in seconds while ours ran. `cpu` and
    `floor_cpu` are the seconds of processor time that the collecting process and the floor took, `read_cpu`
    those that reading and tagging takes in the workers; other work on the machine changes them little.
    `indexed_floor` is the pages a second of a floor with a text index.
    `collecting` and `reading` are the shares of parts in the processor time of the collecting process and a
    worker. Putting articles into stories is measured by `bench stories`."""

    articles: int
    stored: int
    page_bytes: int
    seconds: float
    floor_seconds: float
    indexed_floor: float
    lag_p50: float
    lag_p99: float
    cpu: float
    floor_cpu: float
    read_cpu: float
    collecting: list[tuple[str, float]]
    reading: list[tuple[str, float]]

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


@dataclass(frozen=True, slots=True)
class Press:
    """Invented outlets that share `pages` articles: outlet `n` has every `outlets`-th of them, in the markup
    of one family, on one of the loopback addresses. `first` is the number of the first article."""

    families: tuple[Family, ...]
    outlets: int
    pages: int
    first: int = 0

    def host(self, outlet: int) -> str:
        """The address of an outlet. Only Linux answers on all of 127.0.0.0/8."""
        return f"127.0.0.{1 + outlet % _HOSTS}" if sys.platform == "linux" else "127.0.0.1"

    def hosts(self) -> list[str]:
        """All addresses."""
        return list(dict.fromkeys(self.host(outlet) for outlet in range(self.outlets)))

    def family(self, number: int) -> Family:
        """The family of an article."""
        return self.families[number % self.outlets % len(self.families)]

    def address(self, number: int, port: int) -> str:
        """Where an article stands."""
        return f"http://{self.host(number % self.outlets)}:{port}{self.family(number).path(number)}"

    def feed(self, outlet: int, port: int, turn: int = 0) -> str:
        """The RSS feed of an outlet as it is asked for the first time, or after `turn` times."""
        items = []
        first = self.first + turn * self.pages
        for number in range(first + outlet, first + self.pages, self.outlets):
            told = story(number)
            items.append(
                f"<item><title>{told.title}</title><link>{self.address(number, port)}</link>"
                f"<description>{told.lead}</description><pubDate>{told.published}</pubDate></item>"
            )
        return f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>"

    def newspapers(self, port: int) -> list[Outlet]:
        """The outlets, one feed each, without pauses."""
        return [self._newspaper(number, port) for number in range(self.outlets)]

    def _newspaper(self, number: int, port: int) -> Outlet:
        base = f"http://{self.host(number)}:{port}"
        feed = Endpoint(kind=EndpointKind.FEED, url=f"{base}/{number}.rss", grade=Grade.A)
        return Outlet(
            slug=f"bao-{number}",
            name=f"Báo {number}",
            homepage=f"{base}/",
            language="vi",
            hosts=(self.host(number),),
            endpoints=(feed,),
            profile=self.families[number % len(self.families)].profile,
            fetch=FetchPolicy(parallel=4, delay=0.0),
        )


def configured(config_dir: Path, folder: Path, papers: Iterable[Outlet]) -> Path:
    """A configuration in `folder` whose outlets are `papers`: what workers read pages by."""
    target = folder / "config"
    shutil.copytree(
        config_dir, target, ignore=lambda path, _: {"outlets"} if Path(path) == config_dir else ()
    )
    (target / "outlets").mkdir()
    for paper in papers:
        (target / "outlets" / f"{paper.slug}.toml").write_text(
            f'name = "{paper.name}"\nhomepage = "{paper.homepage}"\nlanguage = "{paper.language}"\n'
            f'hosts = ["{paper.hosts[0]}"]\nfamily = "{paper.profile.family}"\n'
            f'[[endpoint]]\nkind = "feed"\nurl = "{paper.endpoints[0].url}"\ngrade = "A"\n',
            encoding="utf-8",
        )
    return target


def serve(pipe: Connection, press: Press, ready: bool) -> None:
    """The server's process: answers until it is ended."""
    packer = Packer()
    turns: Counter[int] = Counter()
    made: dict[int, bytes] = {}
    port = 0

    def packed(number: int) -> bytes:
        host = f"{press.host(number % press.outlets)}:{port}"
        return packer.pack(page_parts(press.family(number), number, host))

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path == "/robots.txt":
            return web.Response(text=_ROBOTS)
        if path.endswith(".rss"):
            outlet = int(path[1:-4])
            turns[outlet] += 1
            return web.Response(text=press.feed(outlet, port, turns[outlet] - 1), content_type="text/xml")
        article = _ARTICLE.search(path)
        if article is None:
            return web.Response(status=404)
        number = int(article[1])
        return web.Response(
            body=made.get(number) or packed(number),
            headers={"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip"},
        )

    async def main() -> None:
        nonlocal port
        runner = web.ServerRunner(web.Server(answer))
        await runner.setup()
        for host in press.hosts():
            await web.TCPSite(runner, host, port).start()
            port = port or runner.addresses[0][1]
        if ready:
            made.update((number, packed(number)) for number in range(press.first, press.first + press.pages))
        pipe.send(port)
        await asyncio.Event().wait()

    asyncio.run(main())


@contextmanager
def server(press: Press, *, ready: bool = False) -> Iterator[int]:
    """A running server; gives its port. With `ready` it has made all pages of the first turn before, so that
    it takes next to nothing of the processor from those that are measured."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=serve, args=(theirs, press, ready), daemon=True)
    process.start()
    theirs.close()  # so that its end is heard of if it cannot start
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


async def floor(addresses: Sequence[str], file: Path, parallel: int, *, index: bool = False) -> float:
    """Seconds that a bare loop takes for these pages; with `index`, their title and text go into SQLite's own
    text index too."""
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE IF NOT EXISTS page (url TEXT PRIMARY KEY, title TEXT, text TEXT)")
    if index:
        database.execute("CREATE VIRTUAL TABLE words USING fts5(title, text, content='')")
    rows: list[tuple[str, str, str]] = []
    left = iter(addresses)
    started = time.perf_counter()

    async def work(session: aiohttp.ClientSession) -> None:
        for url in left:
            async with session.get(url) as response:
                tree = LexborHTMLParser(await response.read())
            title, body = tree.css_first("h1"), tree.css_first("main")
            rows.append((url, title.text() if title else "", body.text() if body else ""))
            if len(rows) >= _BATCH:
                insert()

    def insert() -> None:
        with database:
            database.executemany("INSERT INTO page VALUES (?, ?, ?)", rows)
            if index:
                database.executemany(
                    "INSERT INTO words (title, text) VALUES (?, ?)", [row[1:] for row in rows]
                )
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


@dataclass(frozen=True, slots=True)
class _Ours:
    stored: int
    seconds: float
    cpu: float
    lag: list[float]
    parts: Counter[str]


async def collect(settings: Settings, outlets: Sequence[Outlet], warm: Sequence[Outlet]) -> _Ours:
    """Collect the outlets after the few of `warm`, upon which the workers have loaded their tables."""
    lag: list[float] = []
    with open_store(settings.database) as store:
        async with Collector(settings, store, utc_now) as collector:
            await collector.gather(warm)
            before = store.stats().articles
            watch = asyncio.ensure_future(_lag(lag))
            started, cpu = time.perf_counter(), time.process_time()
            with sampled(_COLLECTING) as parts:
                await collector.gather(outlets)
            seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
            watch.cancel()
            return _Ours(store.stats().articles - before, seconds, cpu, lag, parts)


def reading(settings: Settings, press: Press, sample: int = 120) -> tuple[float, Counter[str]]:
    """Seconds of processor time to read and tag one page, as a worker does it that has read some, and the
    parts of it."""
    from pipeline.processor import Processor  # here, as it is no part of the collecting process

    process = Processor.build(settings.config_dir).process
    for number in range(sample // 2):
        process(_document(press, number))
    documents = [_document(press, number) for number in range(sample // 2, sample // 2 + sample)]
    started = time.process_time()
    with sampled(_READING) as parts:
        for document in documents:
            process(document)
    return (time.process_time() - started) / sample, parts


def _document(press: Press, number: int) -> RawDocument:
    family, host = press.family(number), press.host(number % press.outlets)
    address = f"http://{host}{family.path(number)}"
    return RawDocument(
        outlet=f"bao-{number % press.outlets}",
        url=address,
        final_url=address,
        fetched_at=utc_now(),
        status=200,
        body=page(family, number, host),
        content_type="text/html",
    )


def measure(settings: Settings, *, pages: int, outlets: int) -> Measured:
    """Measure half of the floor, ours, and the other half, in a folder of its own."""
    known = tuple(families(settings.config_dir))
    press, few = Press(known, outlets, pages), Press(known, 2, _WARM, _WARM_FIRST)
    with tempfile.TemporaryDirectory(prefix="diembao-bench-") as folder:
        own = settings.model_copy(
            update={"home": Path(folder), "database_url": "", "allow_networks": ["127.0.0.0/8"]}
        )
        with server(few) as other, server(press, ready=True) as port:
            papers = press.newspapers(port)
            own = own.model_copy(update={"config_dir": configured(settings.config_dir, Path(folder), papers)})
            addresses = [press.address(number, port) for number in range(pages)]
            bare = partial(_timed_floor, file=Path(folder) / "floor.sqlite3", parallel=own.parallel)
            first = bare(addresses[::2])
            ours = asyncio.run(collect(own, papers, few.newspapers(other)))
            second = bare(addresses[1::2])
            some = addresses[::4]
            with_index = partial(bare, file=Path(folder) / "indexed.sqlite3", index=True)
            indexed = len(some) / with_index(some)[0]
        read_cpu, read_parts = reading(own, press)
    cuts = quantiles(ours.lag, n=100) if len(ours.lag) > 1 else [0.0] * 99
    return Measured(
        articles=pages,
        stored=ours.stored,
        page_bytes=sum(len(page(press.family(n), n, press.host(0))) for n in range(10)) // 10,
        seconds=ours.seconds,
        floor_seconds=first[0] + second[0],
        indexed_floor=indexed,
        lag_p50=cuts[49],
        lag_p99=cuts[98],
        cpu=ours.cpu,
        floor_cpu=first[1] + second[1],
        read_cpu=read_cpu * pages,
        collecting=shares(ours.parts),
        reading=shares(read_parts),
    )


def _timed_floor(
    addresses: Sequence[str], file: Path, parallel: int, *, index: bool = False
) -> tuple[float, float]:
    """Seconds, and seconds of processor time, of the floor."""
    cpu = time.process_time()
    seconds = asyncio.run(floor(addresses, file, parallel, index=index))
    return seconds, time.process_time() - cpu
