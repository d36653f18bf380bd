"""Bringing a copy of a SQLite database back.

A copy knows nothing of the mails that were sent after it was made, so a restored database is marked: it
sends no digest until somebody confirms that it is the one to send from.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from models.errors import StoreError
from models.tables import MailNote
from pipeline.store import schema
from pipeline.store.care import check
from pipeline.store.engine import make_engine, read_url, reading, sqlite_file, writing
from pipeline.store.sql import table_of, upsert
from pipeline.store.values import CheckReport

_INSTANCE = "instance"  # the note by which delivery knows the database and sees that it was restored


def restore(url: str, file: Path, *, now: datetime) -> tuple[CheckReport, Path | None]:
    """Put the copy `file` in the place of the SQLite database at `url`, brought to the newest schema.

    Returns what a check of it found and where the database before is kept, if there was one. Nothing
    is touched unless the copy is whole and no other program uses the database. Raises StoreError.
    """
    target = sqlite_file(read_url(url))
    if target is None:
        raise StoreError("only SQLite files are restored", about=url.split("@")[-1], hint="use pg_restore")
    part = target.with_name(f".{target.name}.restoring")
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy(file, part)
    try:
        report = _prepare(part, now, said=file)
        kept = _set_aside(target, now)
        part.replace(target)
    finally:
        for left in part.parent.glob(f"{part.name}*"):
            left.unlink()
    return report, kept


def _copy(file: Path, part: Path) -> None:
    if not file.is_file():
        raise StoreError("no such file", about=str(file), hint="name a file made by `diembao db backup`")
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as origin:
            found = origin.execute("SELECT count(*) FROM sqlite_master WHERE name = 'article'").fetchone()
            if not found[0]:
                raise StoreError("not a copy of this program's database", about=str(file))
            with closing(sqlite3.connect(part)) as copy:
                origin.backup(copy)
    except sqlite3.DatabaseError as error:
        part.unlink(missing_ok=True)
        raise StoreError(
            f"not a sound SQLite file: {error}", about=str(file), hint="try another copy"
        ) from error


def _prepare(part: Path, now: datetime, *, said: Path) -> CheckReport:
    """Bring the copy to the newest schema, mark it as restored and check it."""
    engine = make_engine(URL.create("sqlite", database=str(part)))
    try:
        schema.upgrade_if_older(engine)
        schema.require_newest(engine)
        with writing(engine) as connection:
            note = {"name": _INSTANCE, "value": f"restored {now.isoformat()}", "at": now}
            upsert(connection, table_of(MailNote), [note])
        with reading(engine, seconds=0) as connection:  # it takes as long as the copy is large
            report = check(connection)
    except StoreError as error:
        raise StoreError(f"cannot use this copy: {error}", about=str(said), hint=error.hint) from error
    finally:
        engine.dispose()
    _one_file(part)
    return report


def _set_aside(target: Path, now: datetime) -> Path | None:
    """Rename the database that is there. Raises StoreError if another program has it open."""
    if not target.exists():
        return None
    try:
        _one_file(target)
    except sqlite3.OperationalError as error:
        raise StoreError(
            "the database is in use", about=str(target), hint="stop the service first"
        ) from error
    except sqlite3.DatabaseError:  # damaged: a reason to restore, not to stop
        for extra in ("-wal", "-shm"):
            target.with_name(target.name + extra).unlink(missing_ok=True)
    kept = target.with_name(f"{target.name}.before-{now:%Y%m%dT%H%M%S}")
    target.replace(kept)
    return kept


def _one_file(file: Path) -> None:
    """Take in what stands beside the file; possible only for its last user."""
    with closing(sqlite3.connect(file, timeout=1)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
