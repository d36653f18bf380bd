"""Looking after the database: figures, checks, repair, backup."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Set
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, select, text

from models.errors import StoreError
from models.tables import ArticleRow, EndpointRow, OutcomeRow, Revision, StoryRow
from pipeline.files import whole
from pipeline.store import index
from pipeline.store.engine import sqlite_file
from pipeline.store.index import Indexed, fts5_phrase, tsquery_phrase
from pipeline.store.sql import sizes, table_of
from pipeline.store.sqltables import ARTICLE, BODY
from pipeline.store.values import CheckReport, Stats

_BATCH = 500
ASKED = 3000
"""Articles of a SQLite database that a check looks for by their words. The text index goes through all older
articles to find one, so that looking for each would take time by the square of their number: 30,000 took
minutes. An index that is wrong is seldom so for one article alone."""


def stats(connection: Connection, schema: str) -> Stats:
    """How much there is."""
    # Each asked by itself, so that an index answers it; together they would read the whole table.
    seen = ARTICLE.c.first_seen_at
    first, last = (connection.scalar(select(end(seen))) for end in (func.min, func.max))
    outlets = select(ARTICLE.c.outlet).distinct().subquery()
    languages = connection.execute(select(ARTICLE.c.language, func.count()).group_by(ARTICLE.c.language))
    return Stats(
        articles=_count(connection, ArticleRow),
        revisions=_count(connection, Revision),
        stories=_count(connection, StoryRow),
        urls=_count(connection, OutcomeRow),
        endpoints=_count(connection, EndpointRow),
        outlets=int(connection.scalar(select(func.count()).select_from(outlets)) or 0),
        size_bytes=sizes(connection)[0],
        first_seen_at=first,
        last_seen_at=last,
        schema=schema,
        by_language=dict(sorted((row[0], row[1]) for row in languages)),
    )


def _count(connection: Connection, model: Any) -> int:
    return int(connection.scalar(select(func.count()).select_from(table_of(model))) or 0)


def integrity(connection: Connection) -> list[str]:
    """What is wrong with the files and references of the database itself."""
    if connection.dialect.name != "sqlite":
        return []
    problems = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(20)") if row[0] != "ok"]
    loose = Counter((row[0], row[2]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check"))
    return problems + [
        f"{number} × row of {table} that refers to a missing row of {other}"
        for (table, other), number in sorted(loose.items())
    ]


def check(connection: Connection) -> CheckReport:
    """Whether the database is sound, the text index has an entry for every article and none besides, and says
    what it should: of every article on PostgreSQL, of ASKED of them, spread evenly, on SQLite."""
    problems = integrity(connection)
    missing = unindexed(connection)
    groups = {
        "article without text and tags": bodiless(connection),
        "article not in the text index": missing,
        "text index entry without an article": orphaned(connection),
        "article that the text index does not find by its words": misindexed(connection, set(missing)),
    }
    for what, numbers in groups.items():
        if numbers:
            shown = ", ".join(map(str, numbers[:5])) + (", …" if len(numbers) > 5 else "")
            problems.append(f"{len(numbers)} × {what}: {shown}")
    indexed = connection.scalar(text("SELECT count(*) FROM article_search"))
    return CheckReport(
        articles=_count(connection, ArticleRow), indexed=int(indexed or 0), problems=tuple(problems)
    )


def unindexed(connection: Connection) -> list[int]:
    """The articles whose index entry is missing."""
    key = "rowid" if connection.dialect.name == "sqlite" else "article_id"
    missing = text(f"SELECT id FROM article EXCEPT SELECT {key} FROM article_search")  # noqa: S608
    return sorted(row[0] for row in connection.execute(missing))


def orphaned(connection: Connection) -> list[int]:
    """The index entries without an article."""
    key = "rowid" if connection.dialect.name == "sqlite" else "article_id"
    extra = text(f"SELECT {key} FROM article_search EXCEPT SELECT id FROM article")  # noqa: S608
    return sorted(row[0] for row in connection.execute(extra))


def bodiless(connection: Connection) -> list[int]:
    """The articles without text and tags."""
    query = select(ARTICLE.c.id).outerjoin(BODY, BODY.c.article_id == ARTICLE.c.id)
    return [row.id for row in connection.execute(query.where(BODY.c.article_id.is_(None)))]


def misindexed(connection: Connection, missing: Set[int]) -> list[int]:
    """The articles that the index does not find by the beginnings of their own title and text, among those
    that are looked for; those known to be missing from it are not."""
    sqlite = connection.dialect.name == "sqlite"
    every = 1 + _count(connection, ArticleRow) // ASKED if sqlite else 1
    return [
        each.id
        for each in indexable(connection, every)
        if each.id not in missing and not all(_finds(connection, each))
    ]


def _finds(connection: Connection, article: Indexed) -> Iterator[bool]:
    forms = article.forms
    title, body = forms.title.split(), forms.body.split()
    for words, in_title in ((title[:8], True), (body[:8], False), (body[-4:], False)):
        if words:
            yield _stands(connection, article.id, words, title=in_title)


def _stands(connection: Connection, number: int, words: list[str], *, title: bool) -> bool:
    if connection.dialect.name == "sqlite":
        match = fts5_phrase(words, exact_form=True, prefix=False, title=title)
        sql = "SELECT 1 FROM article_search WHERE article_search MATCH :match AND rowid = :number"
    else:
        match = tsquery_phrase(words, exact_form=True, prefix=False, title=title)
        sql = (
            "SELECT 1 FROM article_search WHERE article_id = :number AND document @@ CAST(:match AS tsquery)"
        )
    return connection.execute(text(sql), {"match": match, "number": number}).first() is not None


def indexable(connection: Connection, every: int = 1) -> Iterator[Indexed]:
    """The articles as they belong into the index, in the order of their ids: all, or about one in `every`."""
    last = -1
    columns = (ARTICLE.c.id, ARTICLE.c.title, ARTICLE.c.lead, BODY.c.text)
    query = (
        select(*columns)
        .join(BODY, BODY.c.article_id == ARTICLE.c.id)
        .where(ARTICLE.c.id % every == 0)
        .order_by(ARTICLE.c.id)
        .limit(_BATCH)
    )
    while rows := connection.execute(query.where(ARTICLE.c.id > last)).all():
        for row in rows:
            yield Indexed(row.id, row.title, row.lead, row.text)
        last = rows[-1].id


def reindex(connection: Connection) -> int:
    """Write the whole text index anew; returns the number of articles."""
    index.clear(connection)
    written = 0
    batch: list[Indexed] = []
    for article in indexable(connection):
        batch.append(article)
        if len(batch) == _BATCH:
            index.add(connection, batch)
            written, batch = written + len(batch), []
    index.add(connection, batch)
    return written + len(batch)


def vacuum(engine: Engine) -> None:
    """Write a SQLite file anew without its free pages."""
    file = sqlite_file(engine.url)
    if file is not None:
        connection = sqlite3.connect(file, timeout=30, isolation_level=None)
        try:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def backup(engine: Engine, file: Path) -> None:
    """Copy a SQLite database into `file` while it is in use; the copy is of one moment.

    Raises StoreError for PostgreSQL, which has its own tool, and if `file` exists; OSError when it cannot be
    written.
    """
    source = sqlite_file(engine.url)
    if source is None:
        raise StoreError(
            "only SQLite files are copied",
            about=engine.url.render_as_string(),
            hint="use pg_dump for PostgreSQL",
        )
    if file.exists():
        raise StoreError("the file exists", about=str(file), hint="name a new file")
    file.parent.mkdir(parents=True, exist_ok=True)
    with (
        whole(file) as part,
        closing(sqlite3.connect(source, timeout=30)) as origin,
        closing(sqlite3.connect(part)) as copy,
    ):
        origin.backup(copy, pages=2000)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, no -wal beside it
