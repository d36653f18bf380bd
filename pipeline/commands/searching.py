"""`search`: articles by words, place, topic, outlet and time."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from models.query import SearchHit
from pipeline.commands.common import DbOption, HomeOption, NowOption, clock, console, dump, settings_for

if TYPE_CHECKING:
    from models.query import Page
    from pipeline.names import Names

Format = Literal["table", "json", "ndjson", "csv"]
COLUMNS = (
    "published_at",
    "outlet",
    "language",
    "title",
    "url",
    "provinces",
    "old_provinces",
    "topics",
    "story",
    "snippet",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("search")(search)


def search(
    query: Annotated[
        str, typer.Argument(help='Words, "phrases", -not, OR, tỉnh:…, topic:…; docs/search.md')
    ] = "",
    province: Annotated[
        list[str] | None, typer.Option("--province", help="New or old name, or code; may be repeated.")
    ] = None,
    topic: Annotated[
        list[str] | None, typer.Option("--topic", help="Label or medtop id; may be repeated.")
    ] = None,
    outlet: Annotated[
        list[str] | None, typer.Option("--outlet", help="Slug or name; may be repeated.")
    ] = None,
    since: Annotated[str, typer.Option("--since", help="2026-11-10, 10/11/2026, 7d, hôm qua.")] = "",
    until: Annotated[str, typer.Option("--until", help="That day included.")] = "",
    lang: Annotated[list[str] | None, typer.Option("--lang", help="vi or en.")] = None,
    format: Annotated[Format, typer.Option("--format", help="Form of the answer.")] = "table",  # noqa: A002
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Results on a page.")] = 20,
    cursor: Annotated[str, typer.Option("--cursor", help="The next_cursor of the page before.")] = "",
    now: NowOption = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Find articles, newest first."""
    from pipeline.names import Names
    from pipeline.search import filtered, parse_query
    from pipeline.store import open_store

    settings = settings_for(db, home)
    moment = clock(now)()
    names = Names.load(settings.config_dir)
    asked = filtered(
        parse_query(query, names, now=moment),
        names,
        now=moment,
        provinces=province or [],
        topics=topic or [],
        outlets=outlet or [],
        languages=lang or [],
        since=since,
        until=until,
    )
    with open_store(settings.database, create=False) as store:
        page = store.search(asked, limit=limit, cursor=cursor, total=True)
    if format == "json":
        print(dump(page_record(page)))
    elif format == "ndjson":
        for hit in page.hits:
            print(dump(hit_record(hit)))
    elif format == "csv":
        write_csv(page.hits)
    else:
        show(page, names, ZoneInfo(settings.timezone))
    for note in (*page.notes, *page.explanations) if format != "table" else ():
        print(f"{note.vi} / {note.en}", file=sys.stderr)


def hit_record(hit: SearchHit) -> dict[str, object]:
    """The JSON form of a result."""
    return {
        "url": hit.url,
        "outlet": hit.outlet,
        "title": hit.title,
        "lead": hit.lead,
        "lang": hit.language,
        "section": hit.section,
        "published_at": _iso(hit.published_at),
        "first_seen_at": _iso(hit.first_seen_at),
        "provinces": list(hit.provinces),
        "old_provinces": list(hit.old_provinces),
        "mentioned": list(hit.mentioned),
        "topics": list(hit.topics),
        "story": hit.story,
        "relation": hit.relation,
        "origin": hit.origin,
        "snippet": hit.snippet,
    }


def page_record(page: Page) -> dict[str, object]:
    """The JSON form of a page of results."""
    return {
        "total": page.total,
        "next_cursor": page.next_cursor,
        "notes": [{"vi": note.vi, "en": note.en} for note in page.notes],
        "explanations": [{"vi": note.vi, "en": note.en} for note in page.explanations],
        "results": [hit_record(hit) for hit in page.hits],
    }


def write_csv(hits: Sequence[SearchHit]) -> None:
    """The results as CSV on standard output, texts safe to open in a spreadsheet."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for hit in hits:
        record = hit_record(hit) | {"language": hit.language}
        writer.writerow([_cell(record[name]) for name in COLUMNS])


def _cell(value: object) -> str:
    """A cell's text; what a spreadsheet would run as a formula gets an apostrophe."""
    text = " ".join(value) if isinstance(value, list) else str(value or "")
    text = text.replace("\n", " ")
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def show(page: Page, names: Names, zone: ZoneInfo) -> None:
    """The results for a person, with what was understood and what was ignored."""
    out = console()
    for note in (*page.explanations, *page.notes):
        out.print(f"{note.vi} · {note.en}", style="dim", markup=False)
    table = Table(box=None, pad_edge=False, show_header=False)
    for width in (11, 16, None):
        table.add_column(width=width, no_wrap=width is not None, overflow="ellipsis")
    for hit in page.hits:
        title = Text(hit.title, style="bold")
        for start, end in hit.title_marks:
            title.stylize("underline", start, end)
        places = ", ".join(names.gazetteer.name(code, hit.language) for code in hit.provinces)
        topics = ", ".join(names.topics.label(each, hit.language) for each in hit.topics)
        about = " · ".join(filter(None, (places, topics)))
        table.add_row(f"{hit.at.astimezone(zone):%d/%m %H:%M}", names.outlet_name(hit.outlet), title)
        if about:
            table.add_row("", "", Text(about, style="dim"))
    out.print(table)
    shown = len(page.hits)
    total = "" if page.total is None else f" of {page.total}"
    out.print(f"{shown}{total} articles" if shown else "nothing found / không tìm thấy bài nào")
    if page.next_cursor:
        out.print(f"more: --cursor {page.next_cursor}", style="dim", markup=False)
