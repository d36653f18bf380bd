"""Small helpers over SQLAlchemy Core that both engines share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlmodel import SQLModel

from pipeline.dialects import insert_for

T = TypeVar("T")
CHUNK = 500  # values in one IN list


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of a SQLModel class."""
    found = model.__table__  # type: ignore[attr-defined]
    assert isinstance(found, Table)
    return found


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The values in pieces of at most `size`."""
    each = iter(values)
    while piece := list(islice(each, size)):
        yield piece


def rows_in(
    values: Sequence[T], query: Callable[[Sequence[T]], Any], connection: Connection
) -> Iterator[Any]:
    """The rows of `query(piece)` for each piece of `values`, each value asked once."""
    for piece in chunks(list(dict.fromkeys(values))):
        yield from connection.execute(query(piece))


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows; where the primary key is there already, the row takes the new values."""
    if not rows:
        return
    statement = insert_for(connection, table)
    keys = [column.name for column in table.primary_key]
    others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    if others:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=others)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, list(rows))


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose primary key is not there."""
    if not rows:
        return
    connection.execute(insert_for(connection, table).on_conflict_do_nothing(), list(rows))


def sizes(connection: Connection) -> tuple[int, int]:
    """The bytes of the database, and how many of them earlier removals left free in a SQLite file. PostgreSQL
    does not say: 0."""
    if connection.dialect.name != "sqlite":
        size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar()
        return int(size or 0), 0
    pages, free, page = (
        int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)
        for name in ("page_count", "freelist_count", "page_size")
    )
    return pages * page, free * page
