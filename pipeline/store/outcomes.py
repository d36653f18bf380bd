"""How URLs end, and where endpoints stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from models.outcome import Outcome, Reason, Stage
from models.ports import EndpointState
from models.tables import EndpointRow, OutcomeRow
from pipeline.store.identity import aware, storable, url_key
from pipeline.store.sql import rows_in, table_of, upsert
from pipeline.store.sqltables import ALIAS, ARTICLE
from pipeline.store.values import Known, UrlOutcome

OUTCOME = table_of(OutcomeRow)
ENDPOINT = table_of(EndpointRow)

KEPT = frozenset({Reason.STORED, Reason.REVISED, Reason.TEASER})
_NO_NEWS = frozenset({Reason.KNOWN, Reason.UNCHANGED})
_REFUSED = frozenset(
    {
        Reason.DUPLICATE,
        Reason.NOT_AN_ARTICLE,
        Reason.OFFSITE,
        Reason.ROBOTS,
        Reason.BLOCKED_ADDRESS,
        Reason.NOT_IN_ARCHIVE,
    }
)


def stand(old: UrlOutcome | None, new: Outcome) -> UrlOutcome:
    """How a URL stands after one more outcome. Pure.

    What was kept stands until another version is kept; `known` and `unchanged` are no news of a URL that has
    an outcome; the same outcome again keeps its time.
    """
    keeps = old is not None and (
        new.reason in _NO_NEWS
        or (old.reason in KEPT and new.reason not in KEPT)
        or (old.reason, old.stage, old.detail) == (new.reason, new.stage, new.detail)
    )
    standing = old if keeps and old is not None else new
    tried = old if old is not None and new.reason is Reason.KNOWN else None
    return UrlOutcome(
        url=url_key(new.url),
        outlet=new.outlet or (old.outlet if old else ""),
        stage=standing.stage,
        reason=standing.reason,
        detail=standing.detail,
        endpoint=standing.endpoint,
        at=standing.at,
        first_at=old.first_at if old else new.at,
        last_at=new.at,
        last_reason=new.reason,
        last_detail=new.detail,
        times=(old.times if old else 0) + 1,
        attempts=_attempts(old.attempts if old else 0, new.reason),
        tried_at=tried.tried_at if tried else new.at,
        not_before=tried.not_before if tried else new.not_before,
    )


def _attempts(before: int, reason: Reason) -> int:
    """Fetches in a row that brought nothing new: one that was passed over is none."""
    if reason in KEPT:
        return 0
    return before if reason in _REFUSED or reason is Reason.KNOWN else before + 1


def record(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Record outcomes in order; the same URL may occur more than once."""
    if not outcomes:
        return
    clean = [_clean(outcome) for outcome in outcomes]
    standing = {row.url: row for row in standing_of(connection, [each.url for each in clean])}
    changed: dict[str, UrlOutcome] = {}
    for outcome in clean:
        standing[outcome.url] = changed[outcome.url] = stand(standing.get(outcome.url), outcome)
    upsert(connection, OUTCOME, [_row(each) for each in changed.values()])


def _clean(outcome: Outcome) -> Outcome:
    at = aware(outcome.at)
    assert at is not None
    return Outcome(
        url=url_key(outcome.url),
        outlet=outcome.outlet,
        stage=outcome.stage,
        reason=outcome.reason,
        at=at,
        detail=storable(outcome.detail),
        endpoint=storable(outcome.endpoint),
        not_before=aware(outcome.not_before),
    )


def _row(outcome: UrlOutcome) -> dict[str, Any]:
    return {column.name: getattr(outcome, column.name) for column in OUTCOME.columns} | {
        "stage": outcome.stage.value,
        "reason": outcome.reason.value,
        "last_reason": outcome.last_reason.value,
    }


def _value(row: Any) -> UrlOutcome:
    fields = dict(row._mapping)
    fields["stage"] = Stage(fields["stage"])
    fields["reason"] = Reason(fields["reason"])
    fields["last_reason"] = Reason(fields["last_reason"])
    return UrlOutcome(**fields)


def standing_of(connection: Connection, urls: Sequence[str]) -> Iterator[UrlOutcome]:
    """How the given URLs stand; those never met are left out."""
    for row in rows_in(urls, lambda piece: select(OUTCOME).where(OUTCOME.c.url.in_(piece)), connection):
        yield _value(row)


def waits(connection: Connection, now: datetime) -> list[UrlOutcome]:
    """The addresses that were last asked for in vain and whose hosts want to be asked again after `now` at
    the earliest."""
    asked = select(OUTCOME).where(OUTCOME.c.not_before > now)
    refused = asked.where(OUTCOME.c.last_reason == Reason.HTTP_ERROR.value).order_by(OUTCOME.c.url)
    return [_value(row) for row in connection.execute(refused)]


def listing(
    connection: Connection,
    *,
    after: str = "",
    limit: int,
    outlet: str = "",
    reason: Reason | None = None,
    since: datetime | None = None,
) -> list[UrlOutcome]:
    """A page of URLs in the order of their addresses, after `after`. `since` goes by the last meeting."""
    query = select(OUTCOME).where(OUTCOME.c.url > after).order_by(OUTCOME.c.url).limit(limit)
    if outlet:
        query = query.where(OUTCOME.c.outlet == outlet)
    if reason is not None:
        query = query.where(OUTCOME.c.reason == reason.value)
    if since is not None:
        query = query.where(OUTCOME.c.last_at >= since)
    return [_value(row) for row in connection.execute(query)]


def counts(connection: Connection, since: datetime | None) -> dict[Reason, int]:
    """How many URLs stand how; with `since`, how those met since then ended the last time."""
    column = OUTCOME.c.reason if since is None else OUTCOME.c.last_reason
    query = select(column, func.count()).group_by(column)
    if since is not None:
        query = query.where(OUTCOME.c.last_at >= since)
    found = {Reason(reason): number for reason, number in connection.execute(query)}
    return {reason: found[reason] for reason in Reason if reason in found}


def known(connection: Connection, urls: Sequence[str]) -> dict[str, Known]:
    """What is known of those of `urls` that were met before, under the addresses as given."""
    keys = {url: url_key(url) for url in urls}
    wanted = list(keys.values())
    articles = dict(_articles(connection, wanted))
    standing = {row.url: row for row in standing_of(connection, wanted)}
    found = {}
    for url, key in keys.items():
        if key in articles or key in standing:
            found[url] = _known(url, articles.get(key), standing.get(key))
    return found


def _articles(connection: Connection, urls: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Each URL that is an article's or leads to one, with the article's row."""
    columns = (ARTICLE.c.url, ARTICLE.c.entry_hashes, ARTICLE.c.first_seen_at, ARTICLE.c.completeness)
    aliases = select(ALIAS.c.url.label("asked"), *columns).join(ARTICLE, ARTICLE.c.id == ALIAS.c.article_id)
    for row in rows_in(urls, lambda piece: aliases.where(ALIAS.c.url.in_(piece)), connection):
        yield row.asked, row
    own = select(ARTICLE.c.url.label("asked"), *columns)
    for row in rows_in(urls, lambda piece: own.where(ARTICLE.c.url.in_(piece)), connection):
        yield row.asked, row


def _known(url: str, article: Any, outcome: UrlOutcome | None) -> Known:
    teaser = article is not None and article.completeness == "teaser"
    kept = Reason.TEASER if teaser else Reason.STORED
    return Known(
        url=url,
        stored=article is not None,
        article_url=article.url if article is not None else "",
        entry_hashes=tuple(article.entry_hashes) if article is not None else (),
        reason=outcome.reason if outcome else kept,
        last_reason=outcome.last_reason if outcome else kept,
        tried_at=(outcome.tried_at or outcome.last_at) if outcome else article.first_seen_at,
        attempts=outcome.attempts if outcome else 0,
        not_before=outcome.not_before if outcome else None,
    )


def endpoint_states(connection: Connection, *where: Any) -> list[EndpointState]:
    """The remembered endpoints, in the order of outlet and address."""
    query = select(ENDPOINT).where(*where).order_by(ENDPOINT.c.outlet, ENDPOINT.c.url)
    return [EndpointState(**dict(row._mapping)) for row in connection.execute(query)]


def save_endpoint_state(connection: Connection, state: EndpointState) -> None:
    """Remember where an endpoint stands."""
    row = {column.name: getattr(state, column.name) for column in ENDPOINT.columns}
    upsert(connection, ENDPOINT, [storable_row(row)])


def storable_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row with every text and time in the form that the database takes."""
    return {
        name: aware(value) if isinstance(value, datetime) else storable(value) for name, value in row.items()
    }
