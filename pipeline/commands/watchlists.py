"""`watchlists`: names, organisations and phrases to be told of."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from models.errors import ConfigError
from pipeline.commands.common import JsonOption, console, dump, settings_for, writing
from pipeline.files import whole

_AFTER = "để áp dụng cho bài đã lưu: diembao reprocess --stage tag"
_AFTER_EN = "for stored articles: diembao reprocess --stage tag"
_Texts = list[str] | None


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(
        name="watchlists", help="Names and phrases to be told of, whatever the topic.", no_args_is_help=True
    )
    group.command("list")(list_watchlists)
    group.command("add")(add)
    group.command("remove")(remove)
    group.command("test")(try_out)
    app.add_typer(group)


def list_watchlists(json: JsonOption = False) -> None:
    """The lists of config/watchlists.toml, with what is watched for."""
    from pipeline.tag.watchlist_file import load_watchlists

    lists = load_watchlists(settings_for().config_dir).lists
    if json:
        shown = ("id", "label", "names", "exclude", "unless", "any_tones", "case")
        records = [{name: getattr(each, name) for name in shown} for each in lists]
        print(dump([record | {"patterns": each.typed} for record, each in zip(records, lists, strict=True)]))
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for each in lists:
        patterns = f"{len(each.patterns)} regex" if each.patterns else ""
        names = ", ".join(
            [*each.names, *([patterns] if patterns else []), *(f"−{no}" for no in each.exclude)]
        )
        table.add_row(Text(each.id, style="bold"), Text(each.label), Text(names))
    console().print(table if lists else "chưa có danh sách nào · no watch-list yet")


def add(
    name: Annotated[str, typer.Argument(metavar="ID", help="Small letters, digits, hyphens.")],
    names: Annotated[_Texts, typer.Option("--name", help="A name or phrase; may be repeated.")] = None,
    label: Annotated[str, typer.Option("--label", help="What to call it; default the id.")] = "",
    exclude: Annotated[
        _Texts, typer.Option("--exclude", help="A longer phrase in which it does not count; may be repeated.")
    ] = None,
    unless: Annotated[
        _Texts, typer.Option("--unless", help="A word that cancels it in its sentence; may be repeated.")
    ] = None,
    pattern: Annotated[
        _Texts, typer.Option("--pattern", help="A regular expression (RE2); may be repeated.")
    ] = None,
    any_tones: Annotated[
        bool, typer.Option("--any-tones", help="Names typed with tones are found without them too.")
    ] = False,
    case: Annotated[bool, typer.Option("--case", help="Capitals count.")] = False,
) -> None:
    """Add a list to config/watchlists.toml."""
    from pipeline.tag.watchlist_file import table_text, without

    file, before = _file()
    if without(before, name) != before:
        raise ConfigError("there is a watch-list of this id", about=name, hint="edit the file, or remove it")
    lists = {"names": names, "exclude": exclude, "unless": unless, "patterns": pattern}
    table = table_text(name, label, lists, any_tones=any_tones, case=case)
    _write(file, before, before.rstrip("\n") + "\n" * 2 * bool(before.strip()) + table)
    print(f"{table}\n{_AFTER}\n{_AFTER_EN}")


def remove(name: Annotated[str, typer.Argument(metavar="ID", help="Its id.")]) -> None:
    """Take a list out of config/watchlists.toml."""
    from pipeline.tag.watchlist_file import without

    file, before = _file()
    after = without(before, name)
    if after == before:
        raise ConfigError("no such watch-list", about=name, hint="see: diembao watchlists list")
    _write(file, before, after)
    print(f"đã bỏ {name}; {_AFTER}\nremoved {name}; {_AFTER_EN}")


def _file() -> tuple[Path, str]:
    """Where the lists stand, and the text there now. Raises ConfigError."""
    from pipeline.tag.watchlist_file import FILE, watchlists_text

    file = settings_for().config_dir / FILE
    return file, watchlists_text(file)


def _write(file: Path, before: str, after: str) -> None:
    """Write the file if it can be loaded afterwards. Raises ConfigError."""
    from pipeline.tag.watchlist_file import read_watchlists

    read_watchlists(after, str(file))
    with writing(file), whole(file) as part:
        part.write_text(after, "utf-8")


def try_out(
    text: Annotated[str, typer.Argument(metavar="TEXT|FILE|-", help="A text, a file of it, or -.")],
    only: Annotated[str, typer.Option("--list", metavar="ID", help="Only this list.")] = "",
) -> None:
    """What the lists find in a text, and what they pass over and why."""
    from pipeline.commands.given import given_text, text_record
    from pipeline.commands.show_tags import bracketed, coloured, quoted
    from pipeline.tag.records import read_record
    from pipeline.tag.watchlist_file import load_watchlists
    from pipeline.tag.watchlists import WatchlistTagger

    tagger = load_watchlists(settings_for().config_dir)
    if only:
        tagger = WatchlistTagger([each for each in tagger.lists if each.id == only])
    if not tagger.lists:
        raise ConfigError(
            "no such watch-list", about=only or "watchlists.toml", hint="diembao watchlists list"
        )
    article = read_record(text_record(given_text(text, sys.stdin.buffer)))
    tags, rejected = tagger.tag(article)
    out = console()
    for field in ("title", "body"):
        marks = [(e, "watched") for tag in tags for e in tag.evidence if e.field == field]
        whole = getattr(article, field)
        if marks:
            shown = coloured(whole, marks) if out.is_terminal else Text(bracketed(whole, marks))
            out.print(shown, soft_wrap=not out.is_terminal)
    for tag in tags:
        out.print(f"watched   {tag.id} {tag.label}  {quoted(tag.evidence)}", markup=False, soft_wrap=True)
    for each in rejected:
        out.print(
            f"rejected  “{each.evidence.text}”: {each.reason}", markup=False, style="dim", soft_wrap=True
        )
    if not (tags or rejected):
        out.print("không thấy gì\nnothing found")
