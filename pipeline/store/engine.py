"""The connection: engines for SQLite and PostgreSQL set so that writes never meet half-way.

SQLite runs in WAL mode: readers never wait for the writer. A transaction that reads first and writes later
fails at once when another has written in between, whatever the busy timeout; so every transaction that may
write begins with BEGIN IMMEDIATE, and only those declared as reading do not.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from models.errors import StoreError, ValueRefused
from pipeline.store.ready import Written

READING = "diembao_reading"  # execution option of a connection that will not write: seconds that it may take
BUSY_SECONDS = 10.0  # how long a writer waits for another process's transaction
READ_SECONDS = 20.0  # how long one read may take where nothing else is said
_WRITER_LOCK = 0x0D1E_B0A0  # PostgreSQL advisory lock: one writer at a time, over all processes
_STEPS_BETWEEN_LOOKS = 50_000  # SQLite virtual machine steps between two looks at the clock


def read_url(url: str) -> URL:
    """The database URL, with `postgresql://` meaning psycopg 3.

    Raises StoreError for an address that is none, or of another database.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError("not a database URL", about=_without_password(url), hint=_URL_HINT) from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        return parsed
    raise StoreError(f"cannot use {parsed.drivername}", about=_without_password(url), hint=_URL_HINT)


_URL_HINT = "use sqlite:////absolute/path.sqlite3 or postgresql+psycopg://user@host/name"


def _without_password(url: str) -> str:
    return url.split("@")[-1]


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL and for a database in memory."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def make_engine(url: URL) -> Engine:
    """An engine for `url`. Nothing is connected yet."""
    options: dict[str, Any] = {"json_serializer": _json}
    if url.get_backend_name() == "sqlite":
        if sqlite_file(url) is None:
            options |= {"poolclass": StaticPool}
        engine = create_engine(
            url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, **options
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        engine = create_engine(url, pool_pre_ping=True, **options)
    except (ImportError, NoSuchModuleError) as error:
        raise StoreError(
            "PostgreSQL needs the psycopg package",
            about=url.host or "",
            hint="pip install 'diembao[postgres]'",
        ) from error
    event.listen(engine, "begin", _begin_postgres)
    return engine


def _json(value: Any) -> str:
    return value if isinstance(value, Written) else json.dumps(value, ensure_ascii=False)


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # the begin event says BEGIN, not the driver
    # FULL: a commit survives a power cut. It costs little, as writes come in batches.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-8192"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING)
    driver: Any = connection.connection.driver_connection  # the shortest way: every read begins here
    driver.execute("BEGIN" if reading is not None else "BEGIN IMMEDIATE")


def _begin_postgres(connection: Connection) -> None:
    """What a transaction begins with, in one message.

    Reads go by index: the planner does not count what it costs to bring in the words of an article, which
    PostgreSQL keeps apart from the row, and would rather look at every one.
    """
    seconds = connection.get_execution_options().get(READING)
    if seconds is not None:
        first = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL enable_seqscan = off"
        limit = f"SET LOCAL statement_timeout = {int(seconds * 1000)}"
    else:
        first = f"SET LOCAL lock_timeout = {int(BUSY_SECONDS * 1000)}"
        limit = f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})"
    connection.exec_driver_sql(f"{first}; {limit}")


@contextmanager
def reading(engine: Engine, seconds: float | None = None) -> Iterator[Connection]:
    """A transaction that sees one moment of the database and changes nothing. A statement is broken off with
    a StoreError after `seconds` (default READ_SECONDS; 0: never), so that no search holds up a service."""
    seconds = READ_SECONDS if seconds is None else seconds
    with told(engine), engine.connect().execution_options(**{READING: seconds}) as connection:
        if engine.dialect.name == "sqlite":
            with _limited(connection, seconds):
                yield connection
                connection.rollback()
        else:
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write: all of it is committed at the end, or nothing on an error."""
    with told(engine), engine.begin() as connection:
        yield connection


@contextmanager
def _limited(connection: Connection, seconds: float) -> Iterator[None]:
    """Stop a SQLite statement that runs beyond `seconds`, if they are not 0."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    end = time.monotonic() + seconds
    if seconds:
        driver.set_progress_handler(lambda: time.monotonic() > end, _STEPS_BETWEEN_LOOKS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Turn errors of the driver into StoreError, with whether a later try may succeed; ValueRefused where
    what was to be written is at fault."""
    driver: Any = engine.dialect.loaded_dbapi
    try:
        yield
    except (DBAPIError, driver.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        about = engine.url.render_as_string(hide_password=True)
        words = " ".join(str(cause).split())
        if isinstance(cause, driver.DataError) or _is_beyond_a_limit(cause):
            raise ValueRefused(words, about=about) from error
        passing = isinstance(cause, driver.OperationalError) and _passing(words)
        raise StoreError(words, about=about, hint=_hint(words), retry=passing) from error


def _is_beyond_a_limit(error: BaseException | None) -> bool:
    """Whether PostgreSQL says that a value is too large for it (its class 54), such as a text for its index.
    To the driver that is an operational error, like a server that is away."""
    return str(getattr(error, "sqlstate", None) or "").startswith("54")


def _passing(words: str) -> bool:
    return not any(
        lasting in words
        for lasting in ("no such", "unable to open", "malformed", "not a database", "readonly")
    )


def _hint(words: str) -> str:
    hints = {
        "locked": "another process is writing; try again",
        "lock timeout": "another process is writing; try again",
        "interrupted": "the search took too long; make it narrower",
        "statement timeout": "the search took too long; make it narrower",
        "full": "free some disk space",
        "no such table": "run: diembao db upgrade",
        'role "': "check the user in the database's URL",
        'database "': "check the name in the database's URL, or create it",
        "does not exist": "run: diembao db upgrade",
        "malformed": "the file is damaged; restore a backup",
        "not a database": "the file is no database; restore a backup or name another",
        "unable to open": "check that the folder exists and may be written",
        "connection": "check that the database server runs and the URL is right",
    }
    return next((hint for part, hint in hints.items() if part in words), "")
