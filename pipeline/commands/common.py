"""What the commands share: options, reading and writing JSON lines, the clock, errors for people."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from models.errors import ConfigError
from models.query import Query
from pipeline.dates import VIETNAM, read_time
from pipeline.settings import Settings, load_settings

DbOption = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="Database; default DIEMBAO_DATABASE_URL or a file under home."),
]
HomeOption = Annotated[
    Path | None, typer.Option("--home", metavar="FOLDER", help="Folder of database, archive and outbox.")
]
NowOption = Annotated[
    str | None,
    typer.Option("--now", metavar="ISO", help="The run's clock, for example 2026-11-12T06:00+07:00."),
]
OutletsOption = Annotated[
    list[str] | None, typer.Option("--outlet", metavar="SLUG", help="Only this outlet; may be repeated.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
MOST_DAYS = 36_500
"""Of an option that counts days; more would lead out of the calendar."""

Clock = Callable[[], datetime]


def settings_for(db: str | None = None, home: Path | None = None) -> Settings:
    """The settings with a command's own options on top. Raises ConfigError."""
    return load_settings(database_url=db, home=home)


def clock(now: str | None, option: str = "--now") -> Clock:
    """The clock of a run: fixed at `now` if given, else the system's. A time without zone is +07:00.

    Raises ConfigError naming the option if the time cannot be read.
    """
    if now is None:
        return lambda: datetime.now(UTC)
    read = read_time(now)
    if read is None:
        raise ConfigError(f"{now!r} is not a time", about=option, hint="write it as 2026-11-12T06:00+07:00")
    return lambda: read.at


def days_option(name: str, help: str) -> Any:  # noqa: A002  as Typer's own
    """An option that counts days."""
    return typer.Option(name, metavar="DAYS", min=1, max=MOST_DAYS, help=help)


def a_day(text: str, now: datetime, option: str) -> date:
    """A day in Vietnam as people type it: 2026-11-21, 21/11, today, hôm qua. Raises ConfigError."""
    from pipeline.search.dates import read_span

    span = read_span(text, now, VIETNAM)
    if span is None or span[1] - span[0] > timedelta(days=1):
        hint = "write it as 2026-11-21, 21/11/2026, today or hôm qua"
        raise ConfigError(f"{text!r} is not a day", about=option, hint=hint)
    return span[0].astimezone(VIETNAM).date()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What the block cannot write below or at this path is told in one line. Raises ConfigError."""
    try:
        yield
    except OSError as error:
        about = str(error.filename or path)
        raise ConfigError(
            f"cannot be written ({error.strerror or error})", about=about, hint="name another place"
        ) from error


def console() -> Console:
    """A console on standard output as wide as the terminal, or 110 columns when piped."""
    return Console(width=None if sys.stdout.isatty() else 110, highlight=False)


def counted(number: int, noun: str) -> str:
    """`1 mail`, `2 mails`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def tell(query: Query, about: str = "") -> None:
    """Say on standard error what of a search was not understood, and how its names were, in a line for each
    language."""
    for note in (*query.notes, *query.explanations):
        for words in (note.vi, note.en):
            print(f"{about}{words}", file=sys.stderr)


def shown_time(at: datetime, zone: tzinfo) -> str:
    """A moment as people read it: `2026-11-22 06:30 +07`."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def dump(value: Any) -> str:
    """One line of JSON, Vietnamese letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "), default=str)


def write_lines(records: Iterable[dict[str, Any]]) -> None:
    """Each record as one JSON line on standard output as soon as it is there; quiet when the reader has
    gone."""
    try:
        for record in records:
            sys.stdout.write(dump(record) + "\n")
            sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered would fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def read_lines(stream: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The JSON objects of a stream of lines in UTF-8. A line that is none gives `{"id": None, "error": why}`,
    so that each line in has its line out."""
    for number, line in enumerate(stream, 1):
        if not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        try:
            record = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
        except (ValueError, RecursionError) as error:
            yield {"id": None, "error": f"line {number} is not JSON: {error}"}
            continue
        if isinstance(record, dict):
            yield record
        else:
            yield {"id": None, "error": f"line {number} is not a JSON object"}
