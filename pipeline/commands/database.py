"""`db`: upgrade, check, stats, backup. `settings`: what is in force."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from models.errors import StoreError
from pipeline.commands.common import DbOption, HomeOption, JsonOption, dump, settings_for


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(name="db", help="The database.", no_args_is_help=True)
    group.command("upgrade")(upgrade)
    group.command("check")(check)
    group.command("stats")(stats)
    group.command("backup")(backup)
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

    with open_store(settings_for(db, home).database, create=False) as store:
        store.backup(file)
    print(file)


def show_settings(db: DbOption = None, home: HomeOption = None) -> None:
    """The settings in force, secrets masked."""
    settings = settings_for(db, home)
    for name in type(settings).model_fields:
        print(f"{name:20} {getattr(settings, name)}")
