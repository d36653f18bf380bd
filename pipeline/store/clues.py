"""The rows that lead from one article to others: bands of copied text, and rare facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection, delete, func, select, text

from models.tables import ArticleBand, ArticleClue
from pipeline.store.identity import first_id, moment_of
from pipeline.store.sql import chunks, insert_new, table_of
from pipeline.store.sqltables import ARTICLE

BAND = table_of(ArticleBand)
CLUE = table_of(ArticleClue)
CROWDED = 60
"""What so many articles have in common leads to the newest of them only."""
MOST_COUNTED = 50_000

Reach = tuple[int, int]
"""The lowest and the highest article id that is looked at."""

_HOLDERS = {
    "clue": "SELECT article_id FROM article_clue WHERE clue = :key AND article_id BETWEEN :low AND :high"
    " ORDER BY article_id DESC LIMIT :most",
    "band": "SELECT article_id FROM article_band WHERE band = :band AND value = :key"
    " AND article_id BETWEEN :low AND :high ORDER BY article_id DESC LIMIT :most",
}


def write(
    connection: Connection, bands: Mapping[int, Sequence[int]], facts: Mapping[int, Iterable[int]]
) -> None:
    """Keep the bands and the fact hashes of articles, by article id."""
    for table, numbers in ((BAND, bands), (CLUE, facts)):
        for piece in chunks(list(numbers)):
            connection.execute(delete(table).where(table.c.article_id.in_(piece)))
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


def holders(connection: Connection, clues: Iterable[int], reach: Reach) -> dict[int, list[int]]:
    """The newest articles within reach that have each clue, at most `CROWDED` + 1 of one."""
    query = text(_HOLDERS["clue"])
    given = {"low": reach[0], "high": reach[1], "most": CROWDED + 1}
    return {
        clue: [row[0] for row in connection.execute(query, {"key": clue, **given})]
        for clue in dict.fromkeys(clues)
    }


def copies(connection: Connection, bands: Sequence[int], reach: Reach) -> list[int]:
    """Articles within reach that share a band with a text."""
    query = text(_HOLDERS["band"])
    given = {"low": reach[0], "high": reach[1], "most": CROWDED}
    found = [
        row[0]
        for band, value in enumerate(bands)
        for row in connection.execute(query, {"band": band, "key": value, **given})
    ]
    return list(dict.fromkeys(found))


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
