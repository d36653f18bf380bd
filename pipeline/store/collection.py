"""What collection asks of the database beyond outcomes: who named what, further addresses of articles, and
the figures of each outlet by day. Functions over a connection of `Store.reading` or `Store.writing`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, delete, func, or_, select

from models.outcome import Reason, Stage
from models.ports import MissingPage, Named
from models.tables import HealthRow, MissingPageRow, NamingRow, OutcomeRow
from pipeline.store.identity import aware, first_id, moment_of, storable, url_key
from pipeline.store.outcomes import storable_row
from pipeline.store.saving import owners
from pipeline.store.sql import chunks, insert_new, rows_in, table_of, upsert
from pipeline.store.sqltables import ALIAS, ARTICLE

NAMING = table_of(NamingRow)
HEALTH = table_of(HealthRow)
MISSING = table_of(MissingPageRow)
OUTCOME = table_of(OutcomeRow)

_TRIED = (Stage.FETCH.value, Stage.EXTRACT.value, Stage.STORE.value)
_REFUSED_US = (Reason.CHALLENGE.value, Reason.ROBOTS.value)


@dataclass(frozen=True, slots=True)
class Naming:
    """That an endpoint named an address."""

    url: str
    endpoint: str
    outlet: str
    kind: str
    first_at: datetime
    published_at: datetime | None


def add_namings(
    connection: Connection, outlet: str, endpoint: str, kind: str, named: Iterable[Named], now: datetime
) -> None:
    """Remember what an endpoint named; what it had named before keeps its time."""
    rows = [
        {
            "url": url_key(each.url),
            "endpoint": storable(endpoint)[:500],
            "outlet": outlet,
            "kind": kind,
            "first_at": aware(now),
            "published_at": aware(each.published_at),
        }
        for each in named
    ]
    for piece in chunks(rows):
        insert_new(connection, NAMING, piece)


def namings(connection: Connection, outlet: str, since: datetime, until: datetime) -> list[Naming]:
    """What the outlet's endpoints named of the time from `since` up to `until`, every address of a stored
    article as its own one.

    An article counts for its moment in lists (`identity.listed_at`), for a page's own time is surer than a
    sitemap's. An address that gave none counts for the earliest time that an entry said, else for when it
    was first named.
    """
    inside = and_(NAMING.c.published_at >= since, NAMING.c.published_at < until)
    met = and_(NAMING.c.first_at >= since, NAMING.c.first_at < until)
    own = NAMING.c.outlet == outlet
    asked = [row.url for row in connection.execute(select(NAMING.c.url).where(own, or_(inside, met)))]
    listed = ARTICLE.c.id.between(first_id(since), first_id(until) - 1)
    of_then = connection.scalars(select(ARTICLE.c.id).where(ARTICLE.c.outlet == outlet, listed))
    addresses = _addresses(connection, [*of_then, *owners(connection, asked).values()])
    rows = rows_in(
        [*asked, *addresses], lambda piece: select(NAMING).where(own, NAMING.c.url.in_(piece)), connection
    )
    by_article: dict[str, list[Naming]] = {}
    moments: dict[str, datetime] = {}
    for row in rows:
        url, moment = addresses.get(row.url, (row.url, None))
        by_article.setdefault(url, []).append(Naming(**dict(row._mapping) | {"url": url}))
        if moment is not None:
            moments[url] = moment
    return [
        each
        for url, found in by_article.items()
        if since <= (moments.get(url) or _said(found)) < until
        for each in found
    ]


def _addresses(connection: Connection, numbers: Sequence[int]) -> dict[str, tuple[str, datetime]]:
    """Of each address that leads to one of these articles: the article's own one, and its moment."""
    own = select(ARTICLE.c.id, ARTICLE.c.url)
    urls = {
        row.id: row.url
        for row in rows_in(numbers, lambda piece: own.where(ARTICLE.c.id.in_(piece)), connection)
    }
    others = select(ALIAS.c.article_id, ALIAS.c.url)
    aliases = rows_in(list(urls), lambda piece: others.where(ALIAS.c.article_id.in_(piece)), connection)
    found = {row.url: (urls[row.article_id], moment_of(row.article_id)) for row in aliases}
    return found | {url: (url, moment_of(number)) for number, url in urls.items()}


def _said(found: Sequence[Naming]) -> datetime:
    """When an address is of, by those who named it."""
    times = [each.published_at for each in found if each.published_at]
    return min(times or [each.first_at for each in found])


def latest_naming(connection: Connection, outlet: str, now: datetime) -> datetime | None:
    """The latest time up to `now` of which the outlet's endpoints named anything; None if they never did."""
    said = func.coalesce(NAMING.c.published_at, NAMING.c.first_at)
    query = select(func.max(said)).where(NAMING.c.outlet == outlet, said <= now)
    found: datetime | None = connection.scalar(query)
    return found


def first_namings(connection: Connection, outlet: str) -> dict[str, datetime]:
    """When each endpoint of an outlet, by its address, is known to have named something first."""
    query = select(NAMING.c.endpoint, func.min(NAMING.c.first_at)).where(NAMING.c.outlet == outlet)
    rows = connection.execute(query.group_by(NAMING.c.endpoint))
    return {row[0]: at for row in rows if (at := aware(row[1])) is not None}


def forget_namings(connection: Connection, before: datetime) -> None:
    """Drop what was first named before a moment, but what an outlet named last: else one that fell silent for
    good would look as if it had never named anything."""
    last = (
        select(
            NAMING.c.outlet,
            func.max(NAMING.c.published_at).label("published_at"),
            func.max(NAMING.c.first_at).label("first_at"),
        )
        .group_by(NAMING.c.outlet)
        .subquery()
    )
    newest = or_(
        last.c.published_at == NAMING.c.published_at,
        and_(last.c.published_at.is_(None), last.c.first_at == NAMING.c.first_at),
    )
    kept = select(last.c.outlet).where(last.c.outlet == NAMING.c.outlet, newest).exists()
    connection.execute(delete(NAMING).where(NAMING.c.first_at < before, ~kept))


def titles(
    connection: Connection, outlet: str, since: datetime, until: datetime
) -> list[tuple[str, str, datetime]]:
    """Address, title and time of the outlet's articles that were published in between."""
    query = select(ARTICLE.c.url, ARTICLE.c.title, ARTICLE.c.published_at).where(
        ARTICLE.c.outlet == outlet,
        ARTICLE.c.id.between(first_id(since), first_id(until)),
        ARTICLE.c.published_at.is_not(None),
    )
    return [(row.url, row.title, row.published_at) for row in connection.execute(query)]


def add_addresses(connection: Connection, addresses: Mapping[str, str]) -> None:
    """Let further addresses (keys) lead to the articles whose own addresses are the values."""
    query = select(ARTICLE.c.url, ARTICLE.c.id)
    own = {
        row.url: row.id
        for row in rows_in(
            [url_key(url) for url in addresses.values()],
            lambda piece: query.where(ARTICLE.c.url.in_(piece)),
            connection,
        )
    }
    rows = [
        {"url": url_key(new), "article_id": own[url_key(old)]}
        for new, old in addresses.items()
        if url_key(old) in own
    ]
    insert_new(connection, ALIAS, rows)


@dataclass(frozen=True, slots=True)
class OutletFigures:
    """What one outlet brought. `named` and `stored` are the numbers of its latest days, oldest first, counted
    back from the moment asked for; `tried`, `kept` and `refused` count addresses of the last seven days that
    were fetched, gave an article, met a bot check. `newest` is the latest time that an entry gave;
    of an outlet whose entries give none, when one was last new."""

    named: tuple[int, ...]
    stored: tuple[int, ...]
    newest: datetime | None
    tried: int
    kept: int
    refused: int


def outlet_figures(connection: Connection, now: datetime, days: int = 29) -> dict[str, OutletFigures]:
    """The figures of every outlet that was met in the last `days` days, each day the 24 hours that end at
    the same time of day as `now`."""
    since = now - timedelta(days=days)
    named = _by_day(connection, _first_named(since), now, days)
    stored = _by_day(
        connection,
        select(ARTICLE.c.outlet, ARTICLE.c.first_seen_at.label("at")).where(ARTICLE.c.first_seen_at >= since),
        now,
        days,
    )
    past = case((NAMING.c.published_at <= now, NAMING.c.published_at))
    latest = select(
        NAMING.c.outlet, func.max(past).label("newest"), func.max(NAMING.c.first_at).label("seen")
    )
    latest = latest.where(NAMING.c.first_at <= now).group_by(NAMING.c.outlet)
    newest = {row.outlet: row.newest or row.seen for row in connection.execute(latest)}
    tried = _tried(connection, now - timedelta(days=7))
    none = (0,) * days
    return {
        slug: OutletFigures(
            named.get(slug, none), stored.get(slug, none), newest.get(slug), *tried.get(slug, (0, 0, 0))
        )
        for slug in {*named, *stored, *newest, *tried}
    }


def _first_named(since: datetime) -> Any:
    first = func.min(NAMING.c.first_at)
    return (
        select(NAMING.c.outlet, first.label("at"))
        .group_by(NAMING.c.outlet, NAMING.c.url)
        .having(first >= since)
    )


def _by_day(connection: Connection, query: Any, now: datetime, days: int) -> dict[str, tuple[int, ...]]:
    counts: dict[str, list[int]] = {}
    for outlet, at in connection.execute(query):
        back = (now - at) // timedelta(days=1)
        if 0 <= back < days:
            counts.setdefault(outlet, [0] * days)[days - 1 - back] += 1
    return {outlet: tuple(each) for outlet, each in counts.items()}


def _tried(connection: Connection, since: datetime) -> dict[str, tuple[int, int, int]]:
    query = (
        select(OUTCOME.c.outlet, OUTCOME.c.reason, func.count())
        .where(OUTCOME.c.at >= since, OUTCOME.c.stage.in_(_TRIED), OUTCOME.c.endpoint != "")
        .group_by(OUTCOME.c.outlet, OUTCOME.c.reason)
    )
    found: dict[str, list[int]] = {}
    kept = {Reason.STORED.value, Reason.REVISED.value, Reason.UNCHANGED.value, Reason.TEASER.value}
    kept.add(Reason.DUPLICATE.value)
    for outlet, reason, number in connection.execute(query):
        figures = found.setdefault(outlet, [0, 0, 0])
        figures[0] += number
        figures[1] += number if reason in kept else 0
        figures[2] += number if reason in _REFUSED_US else 0
    return {outlet: (each[0], each[1], each[2]) for outlet, each in found.items()}


def sections(connection: Connection, since: datetime) -> list[tuple[str, str, str, str]]:
    """Outlet, endpoint, address and the page's section of the articles first seen since a moment."""
    query = select(ARTICLE.c.outlet, ARTICLE.c.endpoint, ARTICLE.c.url, ARTICLE.c.section).where(
        ARTICLE.c.first_seen_at >= since, ARTICLE.c.endpoint != ""
    )
    return [tuple(row) for row in connection.execute(query)]


def missing_page(connection: Connection, host: str) -> MissingPage | None:
    """What a host answered when it was asked for a page that does not exist."""
    row = connection.execute(select(MISSING).where(MISSING.c.host == host)).one_or_none()
    return MissingPage(**dict(row._mapping)) if row else None


def save_missing_page(connection: Connection, page: MissingPage) -> None:
    """Remember what a host answered."""
    upsert(connection, MISSING, [storable_row(asdict(page))])


def health_rows(connection: Connection) -> list[dict[str, Any]]:
    """How each outlet fared at the latest check."""
    return [dict(row._mapping) for row in connection.execute(select(HEALTH).order_by(HEALTH.c.outlet))]


def save_health(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Remember how outlets fare."""
    upsert(connection, HEALTH, rows)
