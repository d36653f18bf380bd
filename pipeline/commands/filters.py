"""JSON lines in, JSON lines out: `extract`, `tag`, `feed`, `export`, `outcomes`. Contracts: docs/cli.md."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from models.errors import ConfigError
from pipeline.commands.common import DbOption, HomeOption, clock, dump, read_lines, settings_for, write_lines

JsonlOption = Annotated[
    bool, typer.Option("--jsonl", help="JSON lines from standard input to standard output.")
]
Record = dict[str, Any]
TITLE_LENGTH = 200


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
    from crawlers.outlets import load_outlets
    from pipeline.extract.records import extract_record

    outlets = load_outlets(settings_for().config_dir)
    if jsonl:
        write_lines(answered(read_lines(sys.stdin.buffer), lambda record: extract_record(record, outlets)))
        return
    if file is None:
        raise ConfigError(
            "nothing to read", about="extract", hint="give a FILE, or --jsonl and lines on stdin"
        )
    _need(file)
    record = extract_record({"id": file.name, "url": url, "html_file": str(file)}, outlets)
    for name, value in record.items():
        print(f"{name:13} {value if isinstance(value, str) else dump(value)}")


def tag(
    file: Annotated[Path | None, typer.Argument(help="A text: title, blank line, body.")] = None,
    jsonl: JsonlOption = False,
    published: Annotated[str, typer.Option("--published", help="Date of FILE; it decides the map.")] = "",
) -> None:
    """Tag texts with provinces and topics, and show the evidence."""
    from pipeline.commands.show_tags import show_tags
    from pipeline.tag import load_tagger
    from pipeline.tag.records import read_record, tag_record

    tagger = load_tagger(settings_for().config_dir)
    if jsonl:
        write_lines(answered(read_lines(sys.stdin.buffer), lambda record: tag_record(record, tagger)))
        return
    if file is None:
        raise ConfigError("nothing to tag", about="tag", hint="give a FILE, or --jsonl and lines on stdin")
    _need(file)
    show_tags(
        read_record(text_record(file.read_text("utf-8", errors="replace")) | {"published": published}), tagger
    )


def text_record(text: str) -> Record:
    """A plain text as a record of `tag`: a short first line is the title, all else the body."""
    first, _, rest = text.strip().partition("\n")
    if rest.strip() and len(first) <= TITLE_LENGTH and not first.rstrip().endswith((".", ":", ";")):
        return {"title": first.strip(), "body": rest.strip()}
    return {"title": "", "body": text.strip()}


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
        return
    for problem in parsed.problems:
        print(f"! {problem}", file=sys.stderr)
    for entry in parsed.entries:
        print(
            f"{entry.published_at:%Y-%m-%d %H:%M}" if entry.published_at else "-" * 16,
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
