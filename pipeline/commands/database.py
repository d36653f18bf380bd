"""`db`: upgrade, check, stats, backup, restore, prune, export. `settings`: what is in force."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from models.errors import ConfigError, StoreError
from pipeline.commands.common import (
    DbOption,
    HomeOption,
    JsonOption,
    NowOption,
    clock,
    counted,
    days_option,
    dump,
    settings_for,
    writing,
)

ExportFormat = Literal["ndjson", "csv", "parquet"]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(name="db", help="The database.", no_args_is_help=True)
    group.command("upgrade")(upgrade)
    group.command("check")(check)
    group.command("stats")(stats)
    group.command("backup")(backup)
    group.command("restore")(restore)
    group.command("prune")(prune)
    group.command("export")(export)
    app.add_typer(group)
    app.command("settings")(show_settings)


def upgrade(db: DbOption = None, home: HomeOption = None) -> None:
    """Create the database, or bring its schema up to date."""
    from pipeline.store import open_store

    with open_store(settings_for(db, home).database) as store:
        print(f"schema {store.stats().schema}")


def check(
    repair: Annotated[bool, typer.Option("--repair", help="Write a text index that is wrong anew.")] = False,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Whether the database and its text index are sound. Exits with 1 if not."""
    from pipeline.store import open_store

    with open_store(settings_for(db, home).database, create=False) as store:
        report = store.check(repair=repair)
    print(f"{report.articles} articles, {report.indexed} indexed, {report.repaired} repaired")
    if not report.ok:
        raise StoreError("; ".join(report.problems), about="database", hint="try `diembao db check --repair`")


def stats(json: JsonOption = False, db: DbOption = None, home: HomeOption = None) -> None:
    """How much there is."""
    from pipeline.store import open_store

    with open_store(settings_for(db, home).database, create=False) as store:
        values = asdict(store.stats())
    if json:
        print(dump(values))
        return
    for name, value in values.items():
        print(f"{name:15} {value}")


def backup(
    file: Annotated[Path, typer.Argument(help="The new file.")], db: DbOption = None, home: HomeOption = None
) -> None:
    """Copy a SQLite database to a new file while it is in use."""
    from pipeline.store import open_store

    with open_store(settings_for(db, home).database, create=False) as store, writing(file):
        store.backup(file)
    print(file)


def restore(
    file: Annotated[Path, typer.Argument(help="A file made by `db backup`.")],
    now: NowOption = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Put a copy in the place of a SQLite database; the one before is kept beside it. Stop the service
    first. No digest is sent from it until `digest confirm`."""
    from pipeline.store import restore as restore_copy

    url = settings_for(db, home).database
    report, kept = restore_copy(url, file, now=clock(now)())
    print(f"restored {report.articles} articles from {file}")
    if kept:
        print(f"the database before is {kept}")
    print("digests wait: run `diembao digest confirm` when this is the database to send from")
    if not report.ok:
        raise StoreError("; ".join(report.problems), about="database", hint="try `diembao db check --repair`")


def prune(
    older_than: Annotated[int | None, days_option("--older-than", "First seen longer ago.")] = None,
    max_size: Annotated[
        str, typer.Option("--max-size", metavar="SIZE", help="Oldest first until it should fit: 500MB, 20GB.")
    ] = "",
    vacuum: Annotated[
        bool, typer.Option("--vacuum", help="Also shrink a SQLite file; writers wait meanwhile.")
    ] = False,
    now: NowOption = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Remove old articles. Their addresses stay known: nothing is collected twice. Old mails of the outbox
    go, too; which digests were sent stays known."""
    from pipeline.digest.forgetting import forget_mails, kept_for
    from pipeline.store import open_store

    if older_than is None and not max_size:
        raise ConfigError("what may go?", about="db prune", hint="give --older-than DAYS or --max-size SIZE")
    moment = clock(now)()
    keep_bytes = read_size(max_size) if max_size else None
    age = timedelta(days=older_than) if older_than is not None else None
    before = moment - age if age is not None else None
    with open_store(settings_for(db, home).database, create=False) as store:
        gone = store.prune(now=moment, before=before, keep_bytes=keep_bytes)
        mails = forget_mails(store, moment - kept_for(age))
        if vacuum:
            store.vacuum()
        left = store.stats()
    print(f"removed {gone} articles; {left.articles} left, {left.size_bytes} bytes")
    print(f"removed {counted(mails, 'mail')} from the outbox")


_LARGEST = float(1 << 62)  # bytes that a database counts with
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([kmgt]?)i?b?", re.IGNORECASE)


def read_size(text: str) -> int:
    """Bytes of a size like `500MB`. Raises ConfigError for what is none, and for less than 1 MB: 0 elsewhere
    means no bound, and 20 lacks its unit; here they would leave nothing."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ConfigError(f"{text!r} is not a size", about="--max-size", hint="write it as 500MB or 20GB")
    size = min(float(match[1]) * 1024 ** " kmgt".index(match[2].lower() or " "), _LARGEST)
    if size < 1024**2:
        raise ConfigError(
            f"{text} would leave no article", about="--max-size", hint="give a size to keep: 500MB"
        )
    return int(size)


def export(
    file: Annotated[Path, typer.Argument(help="The new file.")],
    format: Annotated[ExportFormat, typer.Option("--format", help="Form of the file.")] = "ndjson",  # noqa: A002
    since: Annotated[str | None, typer.Option("--since", help="First seen at or after this time.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="First seen before this time.")] = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Write every stored article to a file, oldest first."""
    from pipeline.commands.filters import moment
    from pipeline.store import open_store, write_export

    first, end = moment(since, "--since"), moment(until, "--until")
    with open_store(settings_for(db, home).database, create=False) as store:
        count = write_export(store.export(since=first, until=end), file, format)
    print(f"{count} articles in {file}")


def show_settings(db: DbOption = None, home: HomeOption = None) -> None:
    """The settings in force, secrets masked."""
    settings = settings_for(db, home)
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        print(f"{name:20} {masked(value) if name == 'database_url' else value}")


def masked(url: str) -> str:
    """A database URL without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True) if url else ""
    except ArgumentError:
        return "(not a database URL)"
