"""`reprocess`: a stage run again over what is stored."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from models.errors import ConfigError
from pipeline.commands.common import (
    DbOption,
    HomeOption,
    JsonOption,
    NowOption,
    OutletsOption,
    clock,
    console,
    dump,
    settings_for,
)

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.names import Names
    from pipeline.reprocess import Change, Choice, Summary
    from pipeline.settings import Settings
    from pipeline.store import Store

Stage = Literal["tag", "extract"]
_SHOWN = 12  # most frequent changes of one kind


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("reprocess")(reprocess)


def reprocess(
    stage: Annotated[
        Stage, typer.Option("--stage", help="Tag the stored texts, or read the archived pages and tag.")
    ],
    since: Annotated[str, typer.Option("--since", help="2026-11-10, 10/11/2026, 7d, hôm qua.")] = "",
    until: Annotated[str, typer.Option("--until", help="That day included.")] = "",
    outlet: OutletsOption = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also what the present version of the taggers tagged.")
    ] = False,
    archive: Annotated[
        list[Path] | None,
        typer.Option("--archive", metavar="FILE", help="Pages from this WARC; default the archive of home."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing, tell what would.")] = False,
    now: NowOption = None,
    json: JsonOption = False,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Tag or read the stored articles again after a change of rules, and tell what changed."""
    from pipeline.names import Names
    from pipeline.store import open_store

    settings = settings_for(db, home)
    names = Names.load(settings.config_dir)
    choice = _choice(since, until, outlet or [], names, clock(now)(), again=again)
    with open_store(settings.database, create=False) as store:
        if stage == "tag":
            summary = _retag(settings, store, names, choice, dry_run=dry_run)
        else:
            summary = asyncio.run(_reread(settings, store, choice, archive or [], dry_run=dry_run))
    if json:
        print(dump(as_record(summary)))
    else:
        show(summary, names, dry_run=dry_run)


def _choice(
    since: str, until: str, outlets: list[str], names: Names, now: datetime, *, again: bool
) -> Choice:
    from pipeline.reprocess import Choice
    from pipeline.search.dates import read_span
    from pipeline.search.names import HANOI

    moments = []
    for option, text in (("--since", since), ("--until", until)):
        span = read_span(text, now, HANOI) if text else None
        if text and span is None:
            raise ConfigError(f"{text!r} is not a date", about=option, hint="write it as 2026-11-12 or 7d")
        moments.append(span)
    for slug in outlets:
        if slug not in names.outlets:
            raise ConfigError("no such outlet", about=slug, hint="see `diembao outlets list`")
    first, last = moments
    return Choice(
        since=first[0] if first else None,
        until=last[1] if last else None,
        outlets=tuple(outlets),
        again=again,
    )


def _retag(settings: Settings, store: Store, names: Names, choice: Choice, *, dry_run: bool) -> Summary:
    from pipeline.reprocess import retag
    from pipeline.tag import load_tagger

    return retag(store, load_tagger(settings.config_dir), names.outlets, choice, dry_run=dry_run)


async def _reread(
    settings: Settings, store: Store, choice: Choice, files: list[Path], *, dry_run: bool
) -> Summary:
    from crawlers.archive import ArchiveReader
    from pipeline.extract.pool import WorkerPool
    from pipeline.processing import Done, Work, build_processor
    from pipeline.reprocess import reread

    folder = settings.archive_dir
    if not files and not folder.is_dir():
        raise ConfigError("there is no archive", about=str(folder), hint="give a WARC file with --archive")
    pool: WorkerPool[Work, Done] = WorkerPool(
        partial(build_processor, settings.config_dir),
        settings.workers or os.cpu_count() or 1,
        settings.page_deadline,
    )
    async with pool:
        archive = ArchiveReader(files or [folder])
        for problem in archive.problems:
            print(problem, file=sys.stderr)
        return await reread(store, pool, archive, choice, dry_run=dry_run)


def as_record(summary: Summary) -> dict[str, object]:
    """The JSON form of a summary."""
    return {
        "seen": summary.seen,
        "changed": summary.changed,
        "added": dict(summary.added.most_common()),
        "removed": dict(summary.removed.most_common()),
        "fields": dict(summary.fields.most_common()),
        "left": {left.name.lower(): count for left, count in summary.left.items() if count},
        "examples": [
            {
                "id": each.id,
                "url": each.url,
                "title": each.title,
                "added": list(each.added),
                "removed": list(each.removed),
                "fields": list(each.fields),
            }
            for each in summary.examples
        ],
    }


def show(summary: Summary, names: Names, *, dry_run: bool) -> None:
    """The summary for a person: counts, tags by name, examples."""
    out = console()
    would = "would change" if dry_run else "changed"
    out.print(f"{summary.seen} articles, {summary.changed} {would}")
    for left, count in summary.left.most_common():
        if count:
            out.print(f"{count:7}  {left}", style="dim")
    for title, counts in (("added", summary.added), ("removed", summary.removed), ("read", summary.fields)):
        if counts:
            out.print(f"{title:8} {_counts(counts, names)}", markup=False)
    for change in summary.examples:
        out.print(f"\n{change.title}", style="bold", markup=False, soft_wrap=True)
        out.print(f"  {_change(change, names)}", markup=False, soft_wrap=True)
        out.print(f"  {change.url}", style="blue", markup=False, soft_wrap=True)


def _counts(counts: Counter[str], names: Names) -> str:
    parts = [f"{tag_name(name, names)} {count}" for name, count in counts.most_common(_SHOWN)]
    more = f" · … +{len(counts) - _SHOWN}" if len(counts) > _SHOWN else ""
    return " · ".join(parts) + more


def _change(change: Change, names: Names) -> str:
    parts = [f"+{tag_name(name, names)}" for name in change.added]
    parts += [f"−{tag_name(name, names)}" for name in change.removed]
    return ", ".join([*parts, *change.fields])


def tag_name(name: str, names: Names) -> str:
    """A tag of a summary by name: `Đà Nẵng`, `Huế (mentioned)`, `Quảng Nam cũ`, a topic's label."""
    role, _, code = name.rpartition(" ")
    if code.startswith("vn34:"):
        return names.gazetteer.name(code, "vi") + (f" ({role})" if role == "mentioned" else "")
    if code.startswith("vn63:"):
        return f"{names.gazetteer.name(code, 'vi')} cũ"
    return names.topics.label(code, "vi") if code in names.topics.topics else name
