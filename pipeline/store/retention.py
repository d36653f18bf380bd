"""Letting go of old articles while remembering that they were collected."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from models.outcome import Reason, Stage
from models.tables import MailNote
from pipeline.store import index, outcomes, stories
from pipeline.store.identity import claim_key
from pipeline.store.sql import chunks, insert_new, rows_in, sizes, table_of, upsert
from pipeline.store.sqltables import ALIAS, ARTICLE, BODY

NOTE = table_of(MailNote)
_LAST_REMOVAL = "last removal"
_GROWN = 1.05  # times the size at the last removal from which the room that it left is taken to be filled
PRUNED = "pruned"  # the detail of an outcome that only pruning has written


def used_bytes(connection: Connection) -> int:
    """The bytes that the database fills, without the room that earlier removals left in a SQLite file."""
    taken, free = sizes(connection)
    return taken - free


def too_many(connection: Connection, keep_bytes: int) -> int:
    """How many articles must go for the rest to fit into `keep_bytes`, all being of average size."""
    average = average_size(connection)
    return max(0, _articles(connection) - int(keep_bytes / average))


def _articles(connection: Connection) -> int:
    return int(connection.scalar(select(func.count()).select_from(ARTICLE)) or 0)


def average_size(connection: Connection) -> float:
    """The bytes that an article takes. What a removal frees shows late (once SQLite has merged its
    index) or never (files of PostgreSQL do not shrink); so until the database has grown beyond what it was at
    the last removal, articles are taken to be as large as they were then."""
    used = used_bytes(connection)
    average = used / max(_articles(connection), 1)
    row = connection.execute(select(NOTE.c.value).where(NOTE.c.name == _LAST_REMOVAL)).first()
    if row is not None:
        then = json.loads(row.value)
        if used <= then["used"] * _GROWN:
            average = min(average, then["average"])
    return average


def note_average(connection: Connection, average: float, now: datetime) -> None:
    """Remember, after a removal, how large an article was before it, and what the database fills since."""
    value = json.dumps({"used": used_bytes(connection), "average": average})
    upsert(connection, NOTE, [{"name": _LAST_REMOVAL, "value": value, "at": now}])


def oldest(connection: Connection, *, before: datetime | None, limit: int) -> list[int]:
    """The articles that we have had the longest, of those first seen before `before`."""
    query = select(ARTICLE.c.id).order_by(ARTICLE.c.first_seen_at, ARTICLE.c.id).limit(limit)
    if before is not None:
        query = query.where(ARTICLE.c.first_seen_at < before)
    return [row.id for row in connection.execute(query)]


def remove(connection: Connection, numbers: Sequence[int], now: datetime) -> None:
    """Take articles out with their text, index entries, tags and revisions. Every address of theirs keeps
    an outcome, so that no endpoint brings them back; stories are told anew from what is left of them."""
    columns = (ARTICLE.c.id, ARTICLE.c.url, ARTICLE.c.asked_url, ARTICLE.c.outlet, ARTICLE.c.title)
    query = select(*columns, ARTICLE.c.lead, ARTICLE.c.first_seen_at, ARTICLE.c.story_id, BODY.c.text)
    query = query.outerjoin(BODY, BODY.c.article_id == ARTICLE.c.id)
    rows = {
        row.id: row
        for row in rows_in(numbers, lambda piece: query.where(ARTICLE.c.id.in_(piece)), connection)
    }
    aliases = select(ALIAS.c.url, ALIAS.c.article_id).where(~ALIAS.c.url.startswith(claim_key("")))
    others = rows_in(numbers, lambda piece: aliases.where(ALIAS.c.article_id.in_(piece)), connection)
    addresses = {alias.url: rows[alias.article_id] for alias in others} | {
        row.url: row for row in rows.values()
    }
    remembered = [_remembered(url, row.outlet, row.first_seen_at, now) for url, row in addresses.items()]
    insert_new(connection, outcomes.OUTCOME, remembered)
    entries = [index.Indexed(row.id, row.title, row.lead, row.text or "") for row in rows.values()]
    index.remove(connection, entries)
    for piece in chunks(list(rows)):
        connection.execute(delete(ARTICLE).where(ARTICLE.c.id.in_(piece)))
    stories.refresh(connection, [row.story_id for row in rows.values() if row.story_id])


def _remembered(url: str, outlet: str, first_seen_at: datetime, now: datetime) -> dict[str, object]:
    """The outcome of an address that has none, for `due_at` to say never."""
    return {
        "url": url,
        "outlet": outlet,
        "stage": Stage.STORE.value,
        "reason": Reason.STORED.value,
        "detail": PRUNED,
        "endpoint": "",
        "at": first_seen_at,
        "first_at": first_seen_at,
        "last_at": now,
        "last_reason": Reason.STORED.value,
        "last_detail": PRUNED,
        "times": 1,
        "attempts": 0,
        "tried_at": first_seen_at,
        "not_before": None,
    }


def compact(connection: Connection) -> None:
    """Merge the text index, so that the words of removed articles leave it. SQLite only."""
    connection.exec_driver_sql("INSERT INTO article_search (article_search) VALUES ('optimize')")
