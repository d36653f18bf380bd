"""What SQLite and PostgreSQL say each in its own way, for every part that writes tables."""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel


def insert_for(connection: Connection, table: type[SQLModel] | Table) -> sqlite.Insert | postgresql.Insert:
    """The dialect's INSERT, for `ON CONFLICT`."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
