"""Stories in the database: putting articles into them, and reading them back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from models.query import Node, SearchHit, StoryHit
from models.story import Relation, StoryLink
from models.tables import StoryAlias, StoryRow
from pipeline.store import reading
from pipeline.store.matching import matching_ids
from pipeline.store.sql import rows_in, table_of, upsert
from pipeline.store.sqltables import ARTICLE, BODY

STORY = table_of(StoryRow)
ALIAS = table_of(StoryAlias)
SUMMARY = 300  # characters


def set_stories(connection: Connection, links: Sequence[StoryLink]) -> None:
    """Put articles into stories and bring the stories concerned up to date. An id that loses its last
    article to another story becomes an alias of it."""
    before = stories_of(connection, [int(link.id) for link in links])
    changed = [link for link in links if int(link.id) in before]
    if not changed:
        return
    _write_links(connection, changed)
    moved = {old: link.story for link in changed if (old := before[int(link.id)]) and old != link.story}
    refresh(connection, [*moved, *(link.story for link in changed)])
    _alias_emptied(connection, moved)


def merge(connection: Connection, old: str, new: str) -> None:
    """Make all of one story part of another; its id becomes an alias."""
    connection.execute(update(ARTICLE).where(ARTICLE.c.story_id == old).values(story_id=new))
    refresh(connection, [old, new])
    _alias_emptied(connection, {old: new})


def stories_of(connection: Connection, numbers: Sequence[int]) -> dict[int, str | None]:
    """The story that each of these articles is in."""
    query = select(ARTICLE.c.id, ARTICLE.c.story_id)
    rows = rows_in(numbers, lambda piece: query.where(ARTICLE.c.id.in_(piece)), connection)
    return {row.id: row.story_id for row in rows}


def _write_links(connection: Connection, links: Sequence[StoryLink]) -> None:
    rows = [
        {
            "number": int(link.id),
            "story_id": link.story,
            "relation": link.relation.value,
            "origin": link.origin,
            "story_evidence": list(link.evidence),
        }
        for link in links
    ]
    placed: dict[str, Any] = {name: bindparam(name) for name in ("story_id", "relation", "origin")}
    connection.execute(update(ARTICLE).where(ARTICLE.c.id == bindparam("number")).values(**placed), rows)
    said = {"story_evidence": bindparam("story_evidence", type_=BODY.c.story_evidence.type)}
    connection.execute(update(BODY).where(BODY.c.article_id == bindparam("number")).values(**said), rows)
    connection.execute(delete(ALIAS).where(ALIAS.c.old_id.in_({link.story for link in links})))


def _alias_emptied(connection: Connection, moved: dict[str, str]) -> None:
    left = select(ARTICLE.c.story_id).distinct()
    alive = {
        row.story_id
        for row in rows_in(list(moved), lambda piece: left.where(ARTICLE.c.story_id.in_(piece)), connection)
    }
    gone = {old: new for old, new in moved.items() if old not in alive}
    for old, new in gone.items():
        connection.execute(update(ALIAS).where(ALIAS.c.story_id == old).values(story_id=new))
    upsert(connection, ALIAS, [{"old_id": old, "story_id": new} for old, new in gone.items()])


def refresh_of(connection: Connection, numbers: Sequence[int]) -> None:
    """Write the rows of the stories that these articles stand in anew."""
    refresh(connection, [story for story in stories_of(connection, numbers).values() if story])


def refresh(connection: Connection, ids: Sequence[str]) -> None:
    """Write the rows of stories anew from their articles; a story without articles is removed."""
    members = defaultdict(list)
    names = ("id", "story_id", "title", "lead", "outlet", "language", "relation", "first_seen_at")
    query = select(*(ARTICLE.c[name] for name in names)).order_by(ARTICLE.c.id)
    for row in rows_in(ids, lambda piece: query.where(ARTICLE.c.story_id.in_(piece)), connection):
        members[row.story_id].append(row)
    gone = [each for each in dict.fromkeys(ids) if each not in members]
    connection.execute(delete(STORY).where(STORY.c.id.in_(gone)))
    numbers = [row.id for rows in members.values() for row in rows]
    tags = reading.TagLists(connection, numbers)
    upsert(connection, STORY, [_story_row(story, rows, tags) for story, rows in members.items()])


def _story_row(story: str, members: Sequence[Any], tags: reading.TagLists) -> dict[str, Any]:
    best = min(members, key=lambda row: (row.relation != Relation.ORIGINAL, row.id))
    return {
        "id": story,
        "headline": best.title,
        "summary": best.lead[:SUMMARY],
        "first_seen_at": min(row.first_seen_at for row in members),
        "last_seen_at": max(row.first_seen_at for row in members),
        "articles": len(members),
        "outlets": _frequent([[row.outlet] for row in members]),
        "languages": _frequent([[row.language] for row in members]),
        "provinces": _frequent([tags.about[row.id] for row in members]),
        "topics": _frequent([tags.topics[row.id] for row in members]),
    }


def _frequent(lists: Sequence[Sequence[str]]) -> list[str]:
    """The values, the most frequent first, earlier ones first among equals."""
    return [value for value, _ in Counter(value for values in lists for value in values).most_common()]


def resolve(connection: Connection, story: str) -> str:
    """The id that a story has now, for one that it has or had."""
    found = connection.scalar(select(ALIAS.c.story_id).where(ALIAS.c.old_id == story))
    return str(found) if found else story


def matching(connection: Connection, where: Node, *, limit: int) -> list[StoryHit]:
    """The stories of the newest `limit` articles that fit, with those articles; the story whose newest
    article is the latest comes first."""
    numbers = matching_ids(connection, where, limit=limit)
    grouped: dict[str, list[SearchHit]] = {}
    for hit in reading.hits(connection, numbers, where):
        grouped.setdefault(hit.story or lone(hit.id), []).append(hit)
    rows = _rows(connection, list(grouped))
    return [_hit(story, rows.get(story), tuple(found)) for story, found in grouped.items()]


def lone(number: int) -> str:
    """The id under which an article stands that is in no story yet."""
    return f"article-{number}"


def story(connection: Connection, key: str) -> StoryHit | None:
    """A story with all its articles by an id that it has or had."""
    current = resolve(connection, key)
    query = select(ARTICLE.c.id).where(ARTICLE.c.story_id == current).order_by(ARTICLE.c.id.desc())
    numbers = [row.id for row in connection.execute(query)]
    row = _rows(connection, [current]).get(current)
    if row is None:
        return None
    return _hit(current, row, tuple(reading.hits(connection, numbers)))


def _rows(connection: Connection, ids: Sequence[str]) -> dict[str, Any]:
    rows = rows_in(ids, lambda piece: select(STORY).where(STORY.c.id.in_(piece)), connection)
    return {row.id: row for row in rows}


def _hit(story: str, row: Any | None, found: tuple[SearchHit, ...]) -> StoryHit:
    if row is None:
        return _unplaced(story, found)
    return StoryHit(
        id=story,
        headline=row.headline,
        summary=row.summary,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        articles=found,
        outlets=tuple(row.outlets),
        languages=tuple(row.languages),
        provinces=tuple(row.provinces),
        topics=tuple(row.topics),
        total=row.articles,
    )


def _unplaced(story: str, found: tuple[SearchHit, ...]) -> StoryHit:
    first = found[-1]
    return StoryHit(
        id=story,
        headline=first.title,
        summary=first.lead[:SUMMARY],
        first_seen_at=first.first_seen_at,
        last_seen_at=found[0].first_seen_at,
        articles=found,
        outlets=tuple(dict.fromkeys(hit.outlet for hit in found)),
        languages=tuple(dict.fromkeys(hit.language for hit in found)),
        provinces=first.provinces,
        topics=first.topics,
        total=len(found),
    )


def count(connection: Connection) -> int:
    """How many stories there are."""
    return int(connection.scalar(select(func.count()).select_from(STORY)) or 0)
