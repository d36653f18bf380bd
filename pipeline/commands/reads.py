"""Which fields the stored articles have: what `outlets drift` compares."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from models.tables.articles import ArticleRow
from pipeline.extract.drift import Read


def reads_between(connection: Connection, since: datetime, until: datetime) -> list[Read]:
    """The articles first seen from `since` up to `until`, each with the watched fields that it has."""
    row = ArticleRow.__table__.c  # type: ignore[attr-defined]
    query = select(row.outlet, row.profile, row.lead, row.authors, row.published_from).where(
        row.first_seen_at >= since, row.first_seen_at < until
    )
    return [
        Read(
            outlet,
            frozenset(
                name
                for name, value in (
                    ("profile", profile),
                    ("lead", lead),
                    ("authors", authors),
                    ("published_at", at),
                )
                if value
            ),
        )
        for outlet, profile, lead, authors, at in connection.execute(query)
    ]
