"""The rows that lead from one article to others: bands of copied text, and rare facts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import islice

from sqlalchemy import Connection, delete, func, select, text

from models.tables import ArticleBand, ArticleClue
from pipeline.store.identity import first_id, moment_of
from pipeline.store.sql import chunks, insert_new, table_of
from pipeline.store.sqltables import ARTICLE

BAND = table_of(ArticleBand)
CLUE = table_of(ArticleClue)
BANDS = 16  # of one article
CROWDED = 60
"""What so many articles have in common leads to the newest of them only."""
MOST_COUNTED = 50_000

Reach = tuple[int, int]
"""The lowest and the highest article id that is looked at."""

STALE = 0
"""A clue of no fact: its articles took other texts since their clues were written."""

# For each of many keys the newest rows only, however many there are, in one query.
_NEWEST = """SELECT asked.number, (SELECT {joined} FROM (
SELECT article_id FROM {table} WHERE {condition} AND article_id BETWEEN :low AND :high
ORDER BY article_id DESC LIMIT :most) AS held) FROM {asked}"""
_ASKED = {
    "sqlite": "(SELECT key AS number, value FROM json_each(:keys)) AS asked",
    "postgresql": "(SELECT number - 1 AS number, CAST(value AS bigint) AS value"
    " FROM json_array_elements_text(CAST(:keys AS json)) WITH ORDINALITY AS each(value, number)) AS asked",
}
_JOINED = {
    "sqlite": "group_concat(article_id)",
    "postgresql": "string_agg(CAST(article_id AS text), ',')",
}
_OF_CLUE = {"table": "article_clue", "condition": "clue = asked.value"}
_OF_BAND = {
    "table": "article_band",
    "condition": f"band = asked.number % {BANDS} AND value = asked.value",
}


def write(
    connection: Connection, bands: Mapping[int, Sequence[int]], facts: Mapping[int, Iterable[int]]
) -> None:
    """Keep the bands and the fact hashes of articles, by article id."""
    forget(connection, list(bands))
    insert_new(
        connection,
        BAND,
        [
            {"band": band, "value": value, "article_id": number}
            for number, values in bands.items()
            for band, value in enumerate(values)
        ],
    )
    rows = [{"clue": clue, "article_id": number} for number, clues in facts.items() for clue in clues]
    insert_new(connection, CLUE, rows)


def forget(connection: Connection, numbers: Sequence[int]) -> None:
    """Remove the bands and facts of articles."""
    for table in (BAND, CLUE):
        for piece in chunks(numbers):
            connection.execute(delete(table).where(table.c.article_id.in_(piece)))


def holders(connection: Connection, clues: Iterable[int], reach: Reach) -> dict[int, list[int]]:
    """The newest articles within reach that have each clue, at most `CROWDED` + 1 of one."""
    wanted = list(dict.fromkeys(clues))
    return dict(zip(wanted, _newest(connection, _OF_CLUE, wanted, reach), strict=True))


def copies(
    connection: Connection, bands: Mapping[int, Sequence[int]], reach: Reach
) -> dict[int, Counter[int]]:
    """For each article, given its bands, those within reach that share some, with how many they share."""
    banded = {number: values for number, values in bands.items() if values}
    found: dict[int, Counter[int]] = {number: Counter() for number in bands}
    held = iter(_newest(connection, _OF_BAND, [value for each in banded.values() for value in each], reach))
    for number, values in banded.items():
        for others in islice(held, len(values)):
            found[number].update(others)
    return found


def _newest(
    connection: Connection, kind: Mapping[str, str], keys: Sequence[int], reach: Reach
) -> list[list[int]]:
    """The article ids of each key, in the order of the keys."""
    engine = connection.dialect.name
    query = text(_NEWEST.format(joined=_JOINED[engine], asked=_ASKED[engine], **kind))
    given = {"keys": json.dumps(keys), "low": reach[0], "high": reach[1], "most": CROWDED + 1}
    found: dict[int, str | None] = {row[0]: row[1] for row in connection.execute(query, given)}
    return [
        sorted(map(int, ids.split(",")), reverse=True) if (ids := found[place]) else []
        for place in range(len(keys))
    ]


def mark_stale(connection: Connection, number: int) -> None:
    """An article takes another text: its bands and facts lead nowhere until they are written anew."""
    forget(connection, [number])
    insert_new(connection, CLUE, [{"clue": STALE, "article_id": number}])


def stale(connection: Connection, limit: int) -> list[int]:
    """Articles that took another text since their clues were written."""
    query = select(CLUE.c.article_id).where(CLUE.c.clue == STALE).order_by(CLUE.c.article_id).limit(limit)
    return [row.article_id for row in connection.execute(query)]


def waiting(connection: Connection, limit: int) -> list[int]:
    """Articles that no story has taken up yet, the oldest first."""
    query = select(ARTICLE.c.id).where(ARTICLE.c.story_id.is_(None)).order_by(ARTICLE.c.id).limit(limit)
    return [row.id for row in connection.execute(query)]


def within(connection: Connection, reach: Reach) -> int:
    """How many articles are within reach, at most `MOST_COUNTED`."""
    some = select(ARTICLE.c.id).where(ARTICLE.c.id.between(*reach)).limit(MOST_COUNTED).subquery()
    return int(connection.scalar(select(func.count()).select_from(some)) or 0)


def members(connection: Connection, story: str, most: int) -> list[int]:
    """The articles of a story, at most so many: the first ones and the last ones."""
    query = select(ARTICLE.c.id).where(ARTICLE.c.story_id == story)
    first = [row.id for row in connection.execute(query.order_by(ARTICLE.c.id).limit(most // 2))]
    last = [row.id for row in connection.execute(query.order_by(ARTICLE.c.id.desc()).limit(most // 2))]
    return sorted({*first, *last})


def forget_old(connection: Connection, kept: timedelta) -> None:
    """Remove the facts of articles older than the newest by more than `kept`: nothing that comes is compared
    with them any more. Bands stay."""
    newest = connection.scalar(select(func.max(ARTICLE.c.id)))
    if newest is not None:
        before = first_id(moment_of(newest) - kept)
        connection.execute(delete(CLUE).where(CLUE.c.article_id < before))
