"""JSON lines in, JSON lines out: `extract`, `tag`, `feed`, `export`, `outcomes`. Contracts: docs/cli.md."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from models.errors import ConfigError
from pipeline.commands.common import DbOption, HomeOption, clock, dump, read_lines, settings_for, write_lines
from pipeline.dates import VIETNAM

if TYPE_CHECKING:
    from models.correction import Correction
    from models.outlet import Outlet
    from models.tags import Taggable
    from pipeline.extract.pool import WorkerPool
    from pipeline.settings import Settings

JsonlOption = Annotated[
    bool, typer.Option("--jsonl", help="JSON lines from standard input to standard output.")
]
Record = dict[str, Any]
_ADDRESS = re.compile(r"https?://")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("extract")(extract)
    app.command("tag")(tag)
    app.command("feed")(feed)
    app.command("export")(export)
    app.command("outcomes")(outcomes)


def answered(records: Iterator[Record], answer: Callable[[Record], Record]) -> Iterator[Record]:
    """Each record's answer; a line that could not be read answers with its error."""
    for record in records:
        yield record if set(record) == {"id", "error"} else answer(record)


def extract(
    file: Annotated[Path | None, typer.Argument(help="A saved page; without it, --jsonl.")] = None,
    jsonl: JsonlOption = False,
    url: Annotated[str, typer.Option("--url", help="The address of FILE.")] = "",
) -> None:
    """Read articles from saved pages."""
    settings = settings_for()
    if jsonl:
        asyncio.run(_extract_lines(settings))
        return
    if file is None:
        raise ConfigError(
            "nothing to read", about="extract", hint="give a FILE, or --jsonl and lines on stdin"
        )
    _need(file)
    record = record_reader(settings.config_dir)({"id": file.name, "url": url, "html_file": str(file)})
    for name, value in record.items():
        print(f"{name:13} {value if isinstance(value, str) else dump(value)}")


def record_reader(config_dir: Path) -> Callable[[Record], Record]:
    """Reads one record of `extract --jsonl` with the configured outlets, loaded once: what each worker builds
    for itself."""
    from crawlers.outlets import load_outlets
    from pipeline.extract import families_of
    from pipeline.extract.records import extract_record

    outlets = load_outlets(config_dir)
    return partial(extract_record, outlets=outlets, families=families_of(outlets.values()))


async def _extract_lines(settings: Settings) -> None:
    """Read each line's page in a worker, within the deadline; answer in the order of the lines, each as soon
    as it and those before it are there."""
    from pipeline.extract.pool import WorkerPool

    workers = settings.workers or os.cpu_count() or 1
    reader = partial(record_reader, settings.config_dir)
    under_way: asyncio.Queue[asyncio.Task[Record] | None] = asyncio.Queue(2 * workers)
    async with WorkerPool(reader, workers, settings.page_deadline) as pool:
        feeding = asyncio.create_task(_feed(read_lines(sys.stdin.buffer), pool, under_way))
        while (task := await under_way.get()) is not None:
            write_lines([await task])
        await feeding


async def _feed(
    records: Iterator[Record],
    pool: WorkerPool[Record, Record],
    under_way: asyncio.Queue[asyncio.Task[Record] | None],
) -> None:
    while (record := await asyncio.to_thread(next, records, None)) is not None:
        await under_way.put(asyncio.create_task(_in_worker(record, pool)))
    await under_way.put(None)


async def _in_worker(record: Record, pool: WorkerPool[Record, Record]) -> Record:
    """The answer to one line; a page that breaks its limits or its worker is an outcome."""
    from models.outcome import Reason
    from pipeline.extract.pool import DeadlineExceeded, WorkerDied, WorkFailed
    from pipeline.extract.records import failed_record

    if set(record) == {"id", "error"}:
        return record
    try:
        return await pool.run(record)
    except DeadlineExceeded as error:
        return failed_record(record, Reason.EXTRACT_TIMEOUT, str(error))
    except (WorkerDied, WorkFailed) as error:
        return failed_record(record, Reason.PARSE_ERROR, str(error))


def tag(
    article: Annotated[
        str,
        typer.Argument(
            metavar="FILE|URL|TEXT", help="A text (title, blank line, body), a page, a stored article, or -."
        ),
    ] = "",
    jsonl: JsonlOption = False,
    published: Annotated[str, typer.Option("--published", help="Date of a text; it decides the map.")] = "",
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Tag texts with provinces, topics and watch-lists, and show the evidence."""
    from crawlers.outlets import load_outlets
    from pipeline.commands.given import given_text, is_page, text_record
    from pipeline.commands.show_tags import show_tags
    from pipeline.tag import load_tagger
    from pipeline.tag.records import read_record, tag_record, with_home

    settings = settings_for(db, home)
    at = moment(published, "--published")
    tagger, outlets = load_tagger(settings.config_dir), load_outlets(settings.config_dir)
    if jsonl:
        records = read_lines(sys.stdin.buffer)
        write_lines(answered(records, lambda record: tag_record(with_home(record, outlets), tagger)))
        return
    if not article:
        raise ConfigError(
            "nothing to tag", about="tag", hint="give a FILE, URL or text, or --jsonl and lines"
        )
    if _ADDRESS.match(article) or article.isdecimal():
        show_tags(*_stored(article, settings, outlets), tagger=tagger)
        return
    text = given_text(article, sys.stdin.buffer)
    record = _page_record(article, text, outlets) if is_page(text) else text_record(text)
    dated = record | ({"published": at.isoformat()} if at else {})
    show_tags(read_record(with_home(dated, outlets)), tagger=tagger)


def _stored(key: str, settings: Settings, outlets: Mapping[str, Outlet]) -> tuple[Taggable, list[Correction]]:
    """A stored article as the taggers read it, with its corrections. Raises ConfigError."""
    from models.correction import in_zone
    from pipeline.commands.correcting import find_article
    from pipeline.processing import taggable
    from pipeline.store import open_store

    with open_store(settings.database, create=False) as store:
        stored = find_article(store, key)
    read = taggable(stored.article, outlets.get(stored.article.outlet))
    return read, in_zone(stored.corrections, ZoneInfo(settings.timezone))


def _page_record(name: str, text: str, outlets: Mapping[str, Outlet]) -> Record:
    """A saved page read as an article. Raises ConfigError if it is none."""
    from pipeline.commands.extraction import own_address
    from pipeline.extract.records import extract_record

    record = extract_record({"id": name, "url": own_address(text.encode()), "html": text}, outlets)
    if not record.get("title") or not record.get("text"):
        raise ConfigError(f"not an article: {record.get('outcome')}", about=name)
    return record


def feed(
    file: Annotated[str, typer.Argument(help="A feed, or - for standard input.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Read the entries of a feed as the collector does."""
    from crawlers.feeds import parse_feed

    if file == "-":
        body = sys.stdin.buffer.read()
    else:
        _need(Path(file))
        body = Path(file).read_bytes()
    parsed = parse_feed(body)
    if json:
        print(
            dump(
                {
                    "title": parsed.title,
                    "entries": [_entry(asdict(e)) for e in parsed.entries],
                    "problems": parsed.problems,
                }
            )
        )
    if not parsed.entries and parsed.kind in ("", "html"):
        raise ConfigError("; ".join(parsed.problems), about=file, hint="give RSS, Atom or JSON Feed")
    if json:
        return
    for problem in parsed.problems:
        print(f"! {problem}", file=sys.stderr)
    for entry in parsed.entries:
        print(
            f"{entry.published_at.astimezone(VIETNAM):%Y-%m-%d %H:%M}" if entry.published_at else "-" * 16,
            entry.title,
            entry.link,
            sep="\t",
        )


def _entry(entry: Record) -> Record:
    for name in ("published_at", "updated_at"):
        if isinstance(entry[name], datetime):
            entry[name] = entry[name].isoformat()
    return entry


def export(
    jsonl: JsonlOption = True,
    since: Annotated[str | None, typer.Option("--since", help="First seen at or after this time.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="First seen before this time.")] = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Every stored article as a JSON line, oldest first."""
    from pipeline.store import open_store

    store = open_store(settings_for(db, home).database, create=False)
    write_lines(store.export(since=moment(since, "--since"), until=moment(until, "--until")))


def moment(text: str | None, option: str) -> datetime | None:
    """The time that an option names, if it is given. Raises ConfigError."""
    return clock(text, option)() if text else None


def outcomes(
    jsonl: JsonlOption = False,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Every URL met, with how it ended; without --jsonl, the counts."""
    from pipeline.store import open_store

    store = open_store(settings_for(db, home).database, create=False)
    if jsonl:
        write_lines(outcome.as_dict() for outcome in store.outcomes())
        return
    for reason, count in store.outcome_counts().items():
        print(f"{count:8} {reason}")


def _need(file: Path) -> None:
    if not file.is_file():
        raise ConfigError("no such file", about=str(file), hint="check the path")
