"""Reading articles back: whole, as hits of a search, as lines of an export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from models.correction import Correction, corrected
from models.document import Article, Completeness, body_of
from models.query import All, Node, SearchHit
from models.story import StoryDocument
from pipeline.store import corrections
from pipeline.store.identity import moment_of, url_key
from pipeline.store.snippets import Finder, snippet
from pipeline.store.sql import rows_in
from pipeline.store.sqltables import ALIAS, ARTICLE, BODY, OLD_PROVINCE, PROVINCE, REVISION, TOPIC, WATCHLIST
from pipeline.store.tagrows import tags_json, tags_value
from pipeline.store.values import StoredArticle, StoredRevision

_BODY_COLUMNS = [column for column in BODY.columns if column.name != "article_id"]
_WHOLE = select(ARTICLE, *_BODY_COLUMNS).join(BODY, BODY.c.article_id == ARTICLE.c.id)
_LARGEST = (1 << 63) - 1  # of the whole numbers that a column holds
_GROUPED = select(
    *(ARTICLE.c[name] for name in ("id", "outlet", "language", "url", "title", "lead", "credit", "story_id")),
    BODY.c.text,
).join(BODY, BODY.c.article_id == ARTICLE.c.id)
_AS_THEY_ARE = (
    *("url", "outlet", "title", "text", "lead", "published_at", "published_from", "modified_at", "section"),
    *("language", "image_url", "credit", "credit_text", "dateline", "profile", "method"),
)


def number_of(connection: Connection, key: int | str) -> int | None:
    """The id of an article given its id, its URL or another address of it; None if none can have that id."""
    if isinstance(key, int) or (key.isdecimal() and len(key) < 20):
        return int(key) if int(key) <= _LARGEST else None
    url = url_key(key)
    own = connection.scalar(select(ARTICLE.c.id).where(ARTICLE.c.url == url))
    return own or connection.scalar(select(ALIAS.c.article_id).where(ALIAS.c.url == url))


def articles(connection: Connection, numbers: Sequence[int]) -> list[StoredArticle]:
    """The articles with these ids, in their order; those that are not there are left out."""
    found: dict[int, Row[Any]] = {
        row.id: row
        for row in rows_in(numbers, lambda piece: _WHOLE.where(ARTICLE.c.id.in_(piece)), connection)
    }
    revisions = _revisions(connection, [number for number, row in found.items() if row.revisions])
    said = corrections.of_articles(connection, list(found))
    return [
        _stored(found[number], tuple(revisions.get(number, ())), said.get(number, ()))
        for number in numbers
        if number in found
    ]


def _revisions(connection: Connection, numbers: Sequence[int]) -> dict[int, list[StoredRevision]]:
    query = select(REVISION).order_by(REVISION.c.article_id, REVISION.c.number)
    found = defaultdict(list)
    for row in rows_in(numbers, lambda piece: query.where(REVISION.c.article_id.in_(piece)), connection):
        found[row.article_id].append(
            StoredRevision(
                number=row.number,
                seen_at=row.seen_at,
                replaced_at=row.replaced_at,
                title=row.title,
                lead=row.lead,
                text=row.text,
            )
        )
    return found


def article_value(row: Any) -> Article:
    """The article of a row of `article` joined with `article_body`."""
    return Article(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        authors=tuple(row.authors),
        captions=tuple(row.captions),
        keywords=tuple(row.keywords),
        completeness=Completeness(row.completeness),
        origins=dict(row.origins),
    )


def _stored(row: Any, revisions: tuple[StoredRevision, ...], said: tuple[Correction, ...]) -> StoredArticle:
    return StoredArticle(
        id=row.id,
        article=article_value(row),
        tags=corrected(tags_value(row.tags, row.tagged_by), said),
        first_seen_at=row.first_seen_at,
        updated_at=row.updated_at,
        asked_url=row.asked_url,
        endpoint=row.endpoint,
        story=row.story_id or "",
        relation=row.relation,
        origin=row.origin,
        story_evidence=tuple(row.story_evidence),
        revisions=revisions,
        corrections=said,
    )


def hits(connection: Connection, numbers: Sequence[int], where: Node | None = None) -> list[SearchHit]:
    """Hits for these ids in their order, with the words of `where` marked."""
    finder = Finder.of(where if where is not None else All())
    columns = [*ARTICLE.columns, BODY.c.text]
    query = select(*columns).join(BODY, BODY.c.article_id == ARTICLE.c.id)
    found = {
        row.id: row
        for row in rows_in(numbers, lambda piece: query.where(ARTICLE.c.id.in_(piece)), connection)
    }
    tags = TagLists(connection, list(found))
    return [_hit(found[number], tags, finder) for number in numbers if number in found]


class TagLists:
    """The tags of some articles, most central first, read at once."""

    def __init__(self, connection: Connection, numbers: Sequence[int]) -> None:
        self.about: dict[int, list[str]] = defaultdict(list)
        self.mentioned: dict[int, list[str]] = defaultdict(list)
        self.old: dict[int, list[str]] = defaultdict(list)
        self.topics: dict[int, list[str]] = defaultdict(list)
        self.watched: dict[int, list[str]] = defaultdict(list)
        self.corrections = corrections.of_articles(connection, numbers)
        for row in _of(connection, PROVINCE, numbers, PROVINCE.c.rank):
            (self.about if row.role == "about" else self.mentioned)[row.article_id].append(row.code)
        for row in _of(connection, OLD_PROVINCE, numbers, OLD_PROVINCE.c.code):
            if row.role == "about":
                self.old[row.article_id].append(row.code)
        for row in _of(connection, TOPIC, numbers, TOPIC.c.rank):
            self.topics[row.article_id].append(row.topic)
        for row in _of(connection, WATCHLIST, numbers, WATCHLIST.c.watchlist):
            self.watched[row.article_id].append(row.watchlist)


def _of(connection: Connection, table: Any, numbers: Sequence[int], order: Any) -> Iterable[Any]:
    query = select(table).order_by(table.c.article_id, order)
    return rows_in(numbers, lambda piece: query.where(table.c.article_id.in_(piece)), connection)


def _hit(row: Any, tags: TagLists, finder: Finder) -> SearchHit:
    passage, marks = snippet(finder, row.lead, row.text)
    return SearchHit(
        id=row.id,
        url=row.url,
        outlet=row.outlet,
        title=row.title,
        lead=row.lead,
        language=row.language,
        section=row.section,
        at=moment_of(row.id),
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        image_url=row.image_url,
        authors=tuple(row.authors),
        credit=row.credit,
        origin=row.origin,
        relation=row.relation,
        story=row.story_id or "",
        completeness=row.completeness,
        revisions=row.revisions,
        provinces=tuple(tags.about[row.id]),
        old_provinces=tuple(tags.old[row.id]),
        mentioned=tuple(tags.mentioned[row.id]),
        topics=tuple(tags.topics[row.id]),
        watched=tuple(tags.watched[row.id]),
        corrections=tags.corrections.get(row.id, ()),
        snippet=passage,
        marks=marks,
        title_marks=tuple(finder.spans(row.title, title=True)),
    )


def story_documents(connection: Connection, numbers: Sequence[int]) -> list[StoryDocument]:
    """What the grouping of stories reads, for these ids in their order."""
    found = {
        row.id: row
        for row in rows_in(numbers, lambda piece: _GROUPED.where(ARTICLE.c.id.in_(piece)), connection)
    }
    tags = TagLists(connection, list(found))
    return [_document(found[number], tags) for number in numbers if number in found]


def _document(row: Any, tags: TagLists) -> StoryDocument:
    return StoryDocument(
        id=str(row.id),
        outlet=row.outlet,
        language=row.language,
        url=row.url,
        title=row.title,
        lead=row.lead,
        text=row.text,
        published_at=moment_of(row.id),
        provinces=tuple(tags.about[row.id]),
        mentioned=tuple(tags.mentioned[row.id]),
        topics=tuple(tags.topics[row.id]),
        credit=row.credit,
        story=row.story_id or "",
    )


def export_page(
    connection: Connection,
    *,
    after: tuple[datetime, int] | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> tuple[list[dict[str, Any]], tuple[datetime, int] | None]:
    """A page of the export in the order in which articles were first seen, and where the next one starts."""
    seen, number = ARTICLE.c.first_seen_at, ARTICLE.c.id
    query = _WHOLE.order_by(seen, number).limit(limit)
    if after is not None:
        query = query.where(or_(seen > after[0], and_(seen == after[0], number > after[1])))
    if since is not None:
        query = query.where(seen >= since)
    if until is not None:
        query = query.where(seen < until)
    rows = connection.execute(query).all()
    following = (rows[-1].first_seen_at, rows[-1].id) if len(rows) == limit else None
    said = corrections.of_articles(connection, [row.id for row in rows])
    return [export_line(row, said.get(row.id, ())) for row in rows], following


def export_line(row: Any, said: Sequence[Correction] = ()) -> dict[str, Any]:
    """One line of `diembao export --jsonl`; the contract is docs/cli.md."""
    tags = tags_json(corrected(tags_value(row.tags), said)) if said else row.tags
    return {
        "url": row.asked_url or row.url,
        "canonical_url": row.url,
        "outlet": row.outlet,
        "title": row.title,
        "lead": row.lead,
        "text": row.text,
        "body": body_of(row.text, row.lead),
        "published_at": _iso(row.published_at),
        "modified_at": _iso(row.modified_at),
        "first_seen_at": _iso(row.first_seen_at),
        "completeness": row.completeness,
        "authors": list(row.authors),
        "credit": row.credit,
        "section": row.section,
        "lang": row.language,
        "provinces": tags.get("provinces", []),
        "topics": tags.get("topics", []),
        "watched": tags.get("watched", []),
        "story": row.story_id,
        "discovered_by": row.endpoint,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
