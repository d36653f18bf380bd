"""`search`: articles by words, place, topic, outlet and time. `searches`: those kept under a name."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text
from typer.core import TyperCommand

from models.document import Completeness
from models.errors import ConfigError
from models.query import Facet, FacetCount, SearchHit
from pipeline.commands.common import (
    DbOption,
    HomeOption,
    JsonOption,
    NowOption,
    clock,
    console,
    dump,
    settings_for,
    tell,
    write_lines,
)
from pipeline.commands.correcting import correction_record, described
from pipeline.vietnamese import fold

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
    "completeness",
)
_SHOWN_FACETS = 8  # values of one facet on the terminal
_PLAIN = f"{__name__}.plain"  # in the context: how many of the words stand after `--`
_WHEN = 13  # columns before a result
_FACET_TITLES = {
    Facet.PROVINCE: "Tỉnh, thành · Province",
    Facet.TOPIC: "Chủ đề · Topic",
    Facet.OUTLET: "Báo · Outlet",
    Facet.LANGUAGE: "Ngôn ngữ · Language",
    Facet.DAY: "Ngày · Day",
    Facet.WATCHLIST: "Danh sách theo dõi · Watch-list",
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    # A word may begin with a minus: `diembao search bão -bóng`.
    app.command("search", cls=_Search, context_settings={"ignore_unknown_options": True})(search)
    group = typer.Typer(name="searches", help="Searches kept under a name.", no_args_is_help=True)
    group.command("save")(save_search)
    group.command("list")(list_searches)
    group.command("remove")(remove_search)
    app.add_typer(group)


class _Search(TyperCommand):
    """Remembers how many arguments stand after `--`, where no options are."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.meta[_PLAIN] = len(args) - args.index("--") - 1 if "--" in args else 0
        return super().parse_args(ctx, args)


def search(
    context: typer.Context,
    query: Annotated[
        list[str] | None, typer.Argument(help='Words, "phrases", -not, OR, tỉnh:…, topic:…; docs/search.md')
    ] = None,
    province: Annotated[
        list[str] | None, typer.Option("--province", help="New or old name, or code; may be repeated.")
    ] = None,
    topic: Annotated[
        list[str] | None, typer.Option("--topic", help="Label or medtop id; may be repeated.")
    ] = None,
    outlet: Annotated[
        list[str] | None, typer.Option("--outlet", help="Slug or name; may be repeated.")
    ] = None,
    since: Annotated[str | None, typer.Option("--since", help="2026-11-10, 10/11/2026, 7d, hôm qua.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="That day included.")] = None,
    lang: Annotated[list[str] | None, typer.Option("--lang", help="vi or en.")] = None,
    saved: Annotated[
        str | None, typer.Option("--saved", metavar="NAME", help="A saved search, narrowed by the rest.")
    ] = None,
    best: Annotated[
        bool, typer.Option("--best", help="Best of the newest 300 first, not newest first.")
    ] = False,
    facets: Annotated[
        bool, typer.Option("--facets", help="Also count by province, topic, outlet, day, watch-list.")
    ] = False,
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
    from pipeline.store import Order, open_store

    refuse_options(context, query or [])
    if facets and format in ("csv", "ndjson"):
        raise ConfigError(
            f"{format} has no place for counts", about="--facets", hint="use --format table or json"
        )
    settings = settings_for(db, home)
    moment = clock(now)()
    names = Names.load(settings.config_dir)
    with open_store(settings.database, create=False) as store:
        kept = store.saved_searches()
        text = " ".join([*([] if saved is None else [_kept(kept, saved)]), *(query or [])])
        asked = filtered(
            parse_query(text, names, now=moment, saved=kept),
            names,
            now=moment,
            provinces=province or [],
            topics=topic or [],
            outlets=outlet or [],
            languages=lang or [],
            since=since,
            until=until,
        )
        order = Order.BEST if best else Order.NEWEST
        page = store.search(asked, limit=limit, cursor=cursor, order=order, total=True)
        counted = store.facets(asked, _facets(names)) if facets else {}
    if format == "table":
        show(page, counted, names, moment.astimezone(ZoneInfo(settings.timezone)), console())
        return
    if format == "json":
        print(dump(page_record(page, counted)))
    elif format == "ndjson":
        write_lines(hit_record(hit) for hit in page.hits)
    else:
        write_csv(page.hits)
    tell(asked)


def refuse_options(context: typer.Context, words: Sequence[str]) -> None:
    """A word may begin with one dash, for exclusion; one with two is a mistyped option, unless `--` stands
    before it. Ends with exit code 2 and a usage line, as a wrong option of any other command."""
    known = [option for parameter in context.command.params for option in parameter.opts]
    for word in words[: len(words) - context.meta[_PLAIN]]:
        if word.startswith("--"):
            near = get_close_matches(word.partition("=")[0], known, n=1, cutoff=0.75)
            meant = f" (did you mean {near[0]}?)" if near else ""
            context.fail(f"No such option: {word}{meant}")


def _facets(names: Names) -> tuple[Facet, ...]:
    """What is counted: watch-lists too where there are any."""
    from pipeline.store.searching import FACETS

    return (*FACETS, Facet.WATCHLIST) if names.watchlists else FACETS


def _kept(searches: Mapping[str, str], name: str) -> str:
    """How a saved search is named in a search. Raises ConfigError if there is none."""
    if name not in searches:
        known = ", ".join(searches) or "none is kept yet"
        raise ConfigError("no such saved search", about=name, hint=f"diembao searches list: {known}")
    return f'saved:"{name}"'


def save_search(
    name: Annotated[str, typer.Argument(help="A name of your own; the same name again replaces it.")],
    query: Annotated[str, typer.Argument(help="The search, as typed after `diembao search`.")],
    now: NowOption = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Keep a search under a name."""
    from pipeline.names import Names
    from pipeline.search import circle, parse_query
    from pipeline.store import open_store

    settings = settings_for(db, home)
    moment = clock(now)()
    name = " ".join(name.replace('"', " ").split())
    if not name or not query.strip():
        raise ConfigError("a saved search needs a name and words", about=name or "searches save")
    with open_store(settings.database) as store:
        known = store.saved_searches()
        after = {**known, name: query}
        if path := circle(name, after, now=moment):
            raise ConfigError(
                "a saved search cannot ask for itself", about=" → ".join(path), hint="name another in it"
            )
        read = parse_query(query, Names.load(settings.config_dir), now=moment, saved=after)
        store.save_search(name, query, now=moment)
    tell(read)
    if known.get(name, query) != query:
        print(f"thay cho · replaces: {known[name]}", file=sys.stderr)
    for other in known:
        if other != name and fold(other) == fold(name):
            print(f"cũng có: {other}; tên viết đúng được chọn", file=sys.stderr)
            print(f"also kept: {other}; the exact name wins", file=sys.stderr)
    print(f"{name}  {query}")


def list_searches(json: JsonOption = False, db: DbOption = None, home: HomeOption = None) -> None:
    """The saved searches."""
    from pipeline.store import open_store

    with open_store(settings_for(db, home).database, create=False) as store:
        kept = store.saved_searches()
    if json:
        print(dump(kept))
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, query in kept.items():
        table.add_row(Text(name, style="bold"), Text(query))
    console().print(table)


def remove_search(
    name: Annotated[str, typer.Argument(help="Its name.")], db: DbOption = None, home: HomeOption = None
) -> None:
    """Forget a saved search."""
    from pipeline.store import open_store

    with open_store(settings_for(db, home).database, create=False) as store:
        if not store.forget_search(name):
            raise ConfigError("no such saved search", about=name, hint="see: diembao searches list")
    print(f"đã bỏ {name}\nremoved {name}")


def hit_record(hit: SearchHit) -> dict[str, object]:
    """The JSON form of a result."""
    return {
        "id": hit.id,
        "url": hit.url,
        "outlet": hit.outlet,
        "title": hit.title,
        "lead": hit.lead,
        "lang": hit.language,
        "section": hit.section,
        "published_at": _iso(hit.published_at),
        "first_seen_at": _iso(hit.first_seen_at),
        "completeness": hit.completeness,
        "provinces": list(hit.provinces),
        "old_provinces": list(hit.old_provinces),
        "mentioned": list(hit.mentioned),
        "topics": list(hit.topics),
        "watched": list(hit.watched),
        "corrections": [correction_record(each) for each in hit.corrections],
        "story": hit.story,
        "relation": hit.relation,
        "origin": hit.origin,
        "snippet": hit.snippet,
    }


def page_record(page: Page, counted: Mapping[Facet, Sequence[FacetCount]]) -> dict[str, object]:
    """The JSON form of a page of results; `facets` only where they were asked for."""
    record: dict[str, object] = {
        "total": page.total,
        "next_cursor": page.next_cursor,
        "notes": [{"vi": note.vi, "en": note.en} for note in page.notes],
        "explanations": [{"vi": note.vi, "en": note.en} for note in page.explanations],
        "results": [hit_record(hit) for hit in page.hits],
    }
    if counted:
        record["facets"] = {
            facet.value: [{"value": each.value, "count": each.count} for each in values]
            for facet, values in counted.items()
        }
    return record


def write_csv(hits: Sequence[SearchHit]) -> None:
    """The results as CSV on standard output, texts safe to open in a spreadsheet."""
    from pipeline.store.exporting import csv_cell

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for hit in hits:
        record = hit_record(hit) | {"language": hit.language}
        writer.writerow([csv_cell(record[name]).replace("\n", " ") for name in COLUMNS])


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def show(
    page: Page,
    counted: Mapping[Facet, Sequence[FacetCount]],
    names: Names,
    now: datetime,
    out: Console,
) -> None:
    """The results for a person, with what was understood and what was ignored; times are in the zone of
    `now`, of which the year is not repeated."""
    zone = now.tzinfo
    assert zone is not None
    for note in (*page.explanations, *page.notes):
        for words in (note.vi, note.en):
            out.print(words, style="yellow", markup=False)
    if page.explanations or page.notes:
        out.print()
    for hit in page.hits:
        at = hit.at.astimezone(zone)
        row = Table.grid(Column(width=_WHEN), Column(ratio=1), expand=True)
        row.add_row(
            f"{at:%d/%m %H:%M}" if at.year == now.year else f"{at:%d/%m/%Y}", _entry(hit, names, zone)
        )
        out.print(row)
        # Never folded: an address is there to be opened.
        out.print(Text(" " * _WHEN + hit.url, style="blue"), soft_wrap=True)
        out.print()
    for facet, values in counted.items() if page.hits else ():
        out.print(_facet(facet, values, names))
    shown = len(page.hits)
    total = "" if page.total is None else f"/{page.total}"
    out.print(f"{shown}{total} bài · articles" if shown else "không tìm thấy bài nào · nothing found")
    if page.next_cursor:
        out.print(f"tiếp · more: --cursor {page.next_cursor}", style="dim", markup=False)


def _entry(hit: SearchHit, names: Names, zone: tzinfo) -> Text:
    """One result: headline, outlet and tags, the passage with the words found."""
    title = _marked(hit.title, hit.title_marks, "bold")
    places = ", ".join(names.gazetteer.name(code, hit.language) for code in hit.provinces)
    topics = "; ".join(_short(names.topics.label(each, hit.language)) for each in hit.topics)
    watched = ", ".join(map(names.watchlist_label, hit.watched))
    about = [Text(names.outlet_name(hit.outlet), style="cyan")]
    tags = ((places, "green"), (topics, "dim"), (watched, "magenta"))
    about += [Text(part, style=style) for part, style in tags if part]
    if hit.completeness == Completeness.TEASER:
        about.append(Text("chỉ phần mở đầu · teaser", style="yellow"))
    lines = [title, Text(" · ").join(about)]
    corrections = described(hit.corrections, names, zone, hit.language)
    lines += [Text(line, style="yellow") for line in corrections]
    if hit.marks:
        lines.append(_marked(hit.snippet, hit.marks, ""))
    return Text("\n").join(lines)


def _short(label: str) -> str:
    """A topic's label without what stands in parentheses or after its first comma."""
    return label.split(" (")[0].split(", ")[0]


def _marked(text: str, marks: Sequence[tuple[int, int]], style: str) -> Text:
    shown = Text(text, style=style)
    for start, end in marks:
        shown.stylize("bold underline", start, end)
    return shown


def _facet(facet: Facet, values: Sequence[FacetCount], names: Names) -> Text:
    """The most frequent values of one facet in a line."""
    parts = [f"{_facet_name(facet, each.value, names)} {each.count}" for each in values[:_SHOWN_FACETS]]
    more = f" · … +{len(values) - _SHOWN_FACETS}" if len(values) > _SHOWN_FACETS else ""
    return Text.assemble((f"{_FACET_TITLES[facet]}  ", "bold"), " · ".join(parts) + more)


def _facet_name(facet: Facet, value: str, names: Names) -> str:
    if not value:
        return "(không · none)"
    if facet is Facet.PROVINCE:
        return names.gazetteer.name(value, "vi")
    if facet is Facet.TOPIC:
        return _short(names.topics.label(value, "vi"))
    if facet is Facet.WATCHLIST:
        return names.watchlist_label(value)
    return names.outlet_name(value) if facet is Facet.OUTLET else value
