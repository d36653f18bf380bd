"""Extraction shown and measured: `explain`, `evaluate` and `bench extract`, `outlets snapshot`, `drift`."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.errors import ConfigError
from pipeline.commands.common import (
    DbOption,
    HomeOption,
    NowOption,
    clock,
    console,
    days_option,
    settings_for,
    writing,
)
from pipeline.commands.given import saved_bytes
from pipeline.commands.groups import group

if TYPE_CHECKING:
    from models.outlet import Outlet
    from pipeline.extract import Extraction
    from pipeline.extract.bench import BenchPage
    from pipeline.extract.fuzz import Damaged, Survey

DataOption = Annotated[
    Path,
    typer.Option("--data", metavar="FOLDER", help="Folder of the saved pages (pages/vi, pages/scrapinghub)."),
]
UrlOption = Annotated[str, typer.Option("--url", help="The address of FILE; default the page's own.")]
_DATA = Path("../shared/data")
_OWN_ADDRESS = re.compile(
    rb"""<(?:link[^>]{0,300}rel=["']?canonical|meta[^>]{0,300}og:url)[^>]*(?:href|content)=["']([^"']+)""",
    re.I,
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module. The group `outlets` must stand already."""
    app.command("explain")(explain)
    group(app, "evaluate").command("extract")(evaluate_extract)
    group(app, "evaluate").command("fuzz")(evaluate_fuzz)
    group(app, "bench").command("extract")(bench_extract)
    group(app, "outlets").command("snapshot")(snapshot)
    group(app, "outlets").command("drift")(drift)


def explain(
    page: Annotated[
        str, typer.Argument(metavar="URL|FILE", help="A saved page, or an address in the archive.")
    ],
    url: UrlOption = "",
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write the view as a page.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """How a page is read: field, value, where from, and what was thrown away."""
    from crawlers.outlets import load_outlets
    from pipeline.extract import explain as view

    address, body = _page(page, url, home)
    found = _read(body, address, load_outlets(settings_for().config_dir))
    if html is None:
        print(view.as_text(found, address))
        return
    with writing(html):
        html.write_text(view.as_html(found, address), "utf-8")
    print(html)


def _page(page: str, url: str, home: Path | None) -> tuple[str, bytes]:
    """Address and bytes of a file, or of an address from the archive. Raises ConfigError."""
    if not re.match(r"https?://", page):
        return _saved(Path(page), url)
    from crawlers.archive import ArchiveReader

    folder = settings_for(home=home).archive_dir
    recorded = ArchiveReader([folder]).lookup(page) if folder.is_dir() else None
    if recorded is None:
        raise ConfigError("the archive has no such page", about=page, hint="give a saved FILE and --url")
    return page, recorded.body


def _saved(file: Path, url: str) -> tuple[str, bytes]:
    if not file.is_file():
        raise ConfigError("no such file", about=str(file), hint="check the path")
    body = saved_bytes(file)
    return url or own_address(body), body


def own_address(body: bytes) -> str:
    """The address that a page gives as its own, empty if it gives none."""
    match = _OWN_ADDRESS.search(body)
    return match[1].decode("utf-8", "ignore") if match else ""


def _read(body: bytes, url: str, outlets: dict[str, Outlet]) -> Extraction:
    from models.document import RawDocument
    from pipeline.extract import extract, families_of, outlet_for

    outlet = outlet_for(url, outlets)
    document = RawDocument(
        outlet=outlet.slug if outlet else "", url=url, final_url=url, status=200, body=body,
        fetched_at=datetime.max.replace(tzinfo=UTC),
    )  # fmt: skip
    return extract(document, outlet, families=families_of(outlets.values()))


def evaluate_extract(data: DataOption = _DATA) -> None:
    """Text on the English benchmark beside other extractors, and the fields of the Vietnamese pages."""
    from crawlers.outlets import load_outlets
    from pipeline.extract.evaluate import compare, load_benchmark, table

    outlets = load_outlets(settings_for().config_dir)
    benchmark, folder = data / "pages" / "scrapinghub", data / "pages" / "vi"
    _need(benchmark / "ground-truth.json", folder / "gold.json")
    labelled = load_benchmark(benchmark)
    print(f"{len(labelled)} pages of no known outlet, token F1 over shingles of four words")
    print(table(compare(labelled, _extractors(outlets))))
    print("\nVietnamese pages                   title  time  section  words  lead first  method")
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    for name, facts in gold.items():
        for address in (facts["url"], ""):
            found = _read((folder / f"{name}.html").read_bytes(), address, outlets)
            print(f"{name:22} {'known' if address else 'unknown':9} {_gold_line(found, facts)}")


def _gold_line(found: Extraction, facts: dict[str, Any]) -> str:
    """Whether each field of a page with gold is right."""
    from pipeline.dates import read_time

    article = found.article
    if article is None:
        return f"not read: {found.reason.value}"
    wanted = read_time(str(facts["published_at"]))
    near = wanted and article.published_at and abs(wanted.at - article.published_at) < timedelta(minutes=1)
    right = (
        article.title == facts.get("title", article.title),
        bool(near),
        article.section == facts.get("category"),
        all(text in article.text for text in facts["contains"]),
        bool(article.lead) and article.text.startswith(article.lead),
    )
    marks = ["right" if ok else "WRONG" for ok in right]
    return f"  {marks[0]:5}  {marks[1]:5} {marks[2]:7}  {marks[3]:5}  {marks[4]:10}  {article.method}"


def _extractors(outlets: dict[str, Outlet]) -> dict[str, Callable[[bytes, str], str]]:
    """Ours and the others on the same pages; newspaper4k and readability-lxml where they are installed."""
    import trafilatura

    from pipeline.extract.bench import others

    def ours(body: bytes, url: str) -> str:
        article = _read(body, url, outlets).article
        return article.text if article else ""

    return {
        "ours": ours,
        "trafilatura": lambda body, _: trafilatura.extract(body, include_comments=False) or "",
        "trafilatura fast": lambda body, _: (
            trafilatura.extract(body, fast=True, include_comments=False) or ""
        ),
        **others(),
    }


def evaluate_fuzz(
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders of saved pages.")] = None,
    cuts: Annotated[int, typer.Option("--cuts", min=0, help="Points at which each page is cut.")] = 200,
    flips: Annotated[
        int, typer.Option("--flips", min=0, help="Copies of each page with bytes flipped.")
    ] = 20,
) -> None:
    """Read every page cut short, with bytes flipped and in wrong charsets, and very deep and wide ones.

    Exits with 2 if any raises or ends its worker.
    """
    import asyncio

    from pipeline.extract.fuzz import everything, survey_in_workers, table
    from pipeline.extract.pool import WorkerPool

    settings = settings_for()
    given = folders or [_DATA / "pages"]
    _need(*given)
    files = sorted(
        file for folder in given for pattern in ("*.html", "*.html.gz") for file in folder.rglob(pattern)
    )
    workers = settings.workers or os.cpu_count() or 1
    pages = everything((_saved(file, "") for file in files), cuts=cuts, flips=flips)

    def tell(number: int) -> None:
        print(f"{number} pages", end="\r", file=sys.stderr, flush=True)

    async def run() -> Survey:
        factory = partial(_damaged_reader, settings.config_dir)
        async with WorkerPool(factory, workers, settings.page_deadline) as pool:
            return await survey_in_workers(pages, pool, 2 * workers, tell)

    found = asyncio.run(run())
    print(f"{len(files)} saved pages")
    print(table(found))
    if found.errors:
        raise typer.Exit(2)


def _damaged_reader(config_dir: Path) -> Callable[[Damaged], tuple[str, float]]:
    from crawlers.outlets import load_outlets
    from pipeline.extract.fuzz import reader

    return reader(load_outlets(config_dir))


def bench_extract(
    data: DataOption = _DATA,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="Rounds over all pages.")] = 5,
    pages: Annotated[int, typer.Option("--pages", min=1, help="Pages of unknown outlets.")] = 30,
    memory: Annotated[
        int, typer.Option("--memory", min=0, help="Read so many pages and tell the memory instead.")
    ] = 0,
) -> None:
    """Pages a second: profiled pages and whole pages, against Trafilatura, interleaved in one run."""
    from crawlers.outlets import load_outlets
    from pipeline.extract import bench

    found, outlets = bench_pages(data, pages), load_outlets(settings_for().config_dir)
    print(bench.memory(found, outlets, memory) if memory else bench.run(found, outlets, rounds))


def bench_pages(data: Path, unknown: int) -> list[BenchPage]:
    """The Vietnamese pages at their own addresses, and `unknown` pages of the benchmark, evenly taken."""
    from pipeline.extract.bench import BenchPage
    from pipeline.extract.evaluate import load_benchmark

    folder = data / "pages"
    _need(folder / "vi" / "gold.json", folder / "scrapinghub" / "ground-truth.json")
    known = [path.read_bytes() for path in sorted((folder / "vi").glob("*.html"))]
    labelled = load_benchmark(folder / "scrapinghub")
    step = max(len(labelled) // unknown, 1)
    return [BenchPage(own_address(body), body) for body in known] + [
        BenchPage(page.url, page.html) for page in labelled[::step][:unknown]
    ]


def _need(*files: Path) -> None:
    for file in files:
        if not file.exists():
            raise ConfigError("no such file", about=str(file), hint="give the folder with --data")


def snapshot(
    slug: Annotated[str, typer.Argument(help="The outlet.")],
    page: Annotated[
        str, typer.Argument(metavar="URL|FILE", help="A saved page, or an address in the archive.")
    ],
    url: UrlOption = "",
    day: Annotated[str, typer.Option("--date", metavar="DATE", help="Name of the case; default today.")] = "",
    situation: Annotated[str, typer.Option("--situation", help="What the case shows.")] = "",
    folder: Annotated[Path, typer.Option("--folder", help="Folder of the cases.")] = Path("tests/outlets"),
    now: NowOption = None,
    home: HomeOption = None,
) -> None:
    """Write a regression case from a page: what is read now is what is expected from then on."""
    from crawlers.outlets import load_outlets
    from pipeline.extract.snapshot import write_case

    outlets = load_outlets(settings_for().config_dir)
    if slug not in outlets:
        raise ConfigError("no such outlet", about=slug, hint="see `diembao outlets list`")
    address, body = _page(page, url, home)
    found = _read(body, address, outlets)
    if found.article is None:
        raise ConfigError(f"not an article: {found.reason.value} {found.detail}", about=page)
    date_of_case = _day(day) or clock(now)().date()
    with writing(folder):
        print(write_case(folder, slug, date_of_case, body, found.article, situation))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigError(f"{text!r} is not a date", about="--date", hint="write it as 2026-11-12") from None


def drift(
    days: Annotated[int, days_option("--days", "How many days are new.")] = 3,
    now: NowOption = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Outlets whose newest articles lost their profile, lead, author or time: was the site redesigned?

    Compares with the thirty days before. Exits with 2 if there is an alarm.
    """
    from pipeline.extract.drift import drift as alarms_of
    from pipeline.store import open_store

    until = clock(now)()
    middle = until - timedelta(days=days)
    with open_store(settings_for(db, home).database, create=False) as store, store.reading() as connection:
        from pipeline.commands.reads import reads_between

        alarms = alarms_of(
            reads_between(connection, middle - timedelta(days=30), middle),
            reads_between(connection, middle, until),
        )
    out = console()
    for alarm in alarms:
        out.print(
            f"{alarm.outlet:20} {alarm.field:13} {alarm.before:5.0%} → {alarm.now:5.0%} "
            f"of {alarm.articles} articles",
            markup=False, soft_wrap=True,
        )  # fmt: skip
    if alarms:
        raise typer.Exit(2)
    out.print("no outlet drifts")
