"""From a Query to SQL, for both engines from one tree.

Parts that only ask for words become one expression of the text index; everything else becomes conditions on
the article's number. Texts reach the database only as bound parameters; names of columns are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from models.query import All, Among, AnyOf, Between, Facet, Node, Not, SeenBetween, Words
from pipeline.store.forms import MAX_WORD
from pipeline.store.identity import first_id, moment_of
from pipeline.store.index import fts5_phrase, tsquery_phrase

_LABEL_TABLES = {Facet.TOPIC: ("article_topic", "topic"), Facet.WATCHLIST: ("article_watchlist", "watchlist")}
_PLAIN_COLUMNS = {Facet.OUTLET: "outlet", Facet.LANGUAGE: "language"}


def textual(node: Node, phrase: Callable[..., str], *, sqlite: bool) -> str | None:
    """The expression of the text index for `node`; None if the index alone cannot answer it: filters, and
    negations with nothing to take from."""
    join_all, join_any = (" AND ", " OR ") if sqlite else (" & ", " | ")
    match node:
        case Words():
            cut = [word[:MAX_WORD] for word in node.words]
            return phrase(cut, exact_form=node.exact, prefix=node.prefix, title=node.title)
        case AnyOf(parts=parts) if parts:
            either = [textual(part, phrase, sqlite=sqlite) for part in parts]
            return None if None in either else f"({join_any.join(map(str, either))})"
        case All(parts=parts):
            wanted = [textual(part, phrase, sqlite=sqlite) for part in parts if not isinstance(part, Not)]
            unwanted = [textual(part.part, phrase, sqlite=sqlite) for part in parts if isinstance(part, Not)]
            if not wanted or None in wanted or None in unwanted:
                return None
            built = f"({join_all.join(map(str, wanted))})"
            for each in unwanted:
                built = f"({built} NOT {each})" if sqlite else f"({built} & !({each}))"
            return built
        case _:
            return None


@dataclass(slots=True)
class Matcher:
    """Builds one statement: SQL pieces as text, values as parameters.

    Conditions on words gather all their matches from the text index, those below the number `floor` (SQL)
    left out. With `probing` they look each article up in it instead: right for few articles only, as each
    look costs as much as reading some thirty matches of a phrase.
    """

    sqlite: bool
    probing: bool = False
    floor: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any) -> str:
        """A placeholder for a value."""
        name = f"p{len(self.parameters)}"
        if self.sqlite and isinstance(value, datetime):  # as SQLAlchemy writes times there
            value = value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        self.parameters[name] = value
        return f":{name}" if self.sqlite else f"%({name})s"

    def run(self, connection: Connection, sql: str) -> list[tuple[Any, ...]]:
        """The rows of the statement with its values. The driver is asked directly: what SQLAlchemy does
        around a statement takes longer than most searches."""
        if not connection.in_transaction():
            connection.begin()
        driver: Any = connection.connection.driver_connection
        rows: list[tuple[Any, ...]] = driver.execute(sql, self.parameters).fetchall()
        return rows

    def expression(self, node: Node) -> str | None:
        """`textual` for this engine."""
        return textual(node, fts5_phrase if self.sqlite else tsquery_phrase, sqlite=self.sqlite)

    def found(self, expression: str) -> tuple[str, str]:
        """The `FROM` and `WHERE` of a search in the index; its number is `number`."""
        bound = self.bind(expression)
        if self.sqlite:
            return "article_search", f"article_search MATCH {bound}"
        return "article_search", f"document @@ CAST({bound} AS tsquery)"

    @property
    def number(self) -> str:
        """The column of `article_search` that is the article's number."""
        return "article_search.rowid" if self.sqlite else "article_search.article_id"

    def condition(self, node: Node, number: str) -> str:
        """SQL that is true where the article numbered by the SQL `number` fits `node`."""
        expression = self.expression(node)
        if expression is not None:
            source, match = self.found(expression)
            if self.probing:
                return f"EXISTS (SELECT 1 FROM {source} WHERE {match} AND {self.number} = {number})"  # noqa: S608
            if self.floor:
                match += f" AND {self.number} >= {self.floor}"
            return f"{number} IN (SELECT {self.number} FROM {source} WHERE {match})"  # noqa: S608
        match node:
            case All(parts=parts):
                return " AND ".join(f"({self.condition(part, number)})" for part in parts) or "1 = 1"
            case AnyOf(parts=parts):
                return " OR ".join(f"({self.condition(part, number)})" for part in parts) or "1 = 0"
            case Not(part=part):
                return f"NOT ({self.condition(part, number)})"
            case Between(since=since, until=until):
                return self.between(number, since, until)
            case SeenBetween():
                return self.seen(node, number)
            case Among():
                return self.among(node, number)
        raise AssertionError(node)

    def between(self, number: str, since: datetime | None, until: datetime | None) -> str:
        """The number holds the moment, so a span of time is a span of numbers."""
        parts = []
        if since is not None:
            parts.append(f"{number} >= {self.bind(first_id(since))}")
        if until is not None:
            parts.append(f"{number} < {self.bind(first_id(until))}")
        return " AND ".join(parts) or "1 = 1"

    def seen(self, node: SeenBetween, number: str) -> str:
        parts = ["NOT article.backfill"]
        if node.since is not None:
            parts.append(f"article.first_seen_at > {self.bind(node.since)}")
        if node.until is not None:
            parts.append(f"article.first_seen_at <= {self.bind(node.until)}")
        return self.of_article(" AND ".join(parts), number)

    def of_article(self, sql: str, number: str) -> str:
        """A condition on columns of `article`, looked up by number unless that is the table at hand."""
        if number == "article.id":
            return sql
        return f"EXISTS (SELECT 1 FROM article WHERE article.id = {number} AND {sql})"  # noqa: S608

    def one_of(self, column: str, values: Sequence[str]) -> str:
        """The column has one of the values."""
        return f"{column} IN ({', '.join(self.bind(value) for value in values)})" if values else "1 = 0"

    def among(self, node: Among, number: str) -> str:
        match node.facet:
            case Facet.PROVINCE:
                return self.provinces(node, number)
            case Facet.TOPIC | Facet.WATCHLIST:
                table, column = _LABEL_TABLES[node.facet]
                wanted = self.one_of(f"t.{column}", node.values)
                return f"EXISTS (SELECT 1 FROM {table} t WHERE t.article_id = {number} AND {wanted})"  # noqa: S608
            case Facet.ORIGIN:
                either = (self.one_of(f"article.{column}", node.values) for column in ("credit", "origin"))
                return self.of_article(f"({' OR '.join(either)})", number)
            case Facet.OUTLET | Facet.LANGUAGE:
                column = _PLAIN_COLUMNS[node.facet]
                return self.of_article(self.one_of(f"article.{column}", node.values), number)
            case Facet.DAY:
                raise AssertionError("days are asked for by Between")

    def provinces(self, node: Among, number: str) -> str:
        either = [
            f"EXISTS (SELECT 1 FROM {table} p WHERE p.article_id = {number} AND {wanted})"  # noqa: S608
            for table, wanted in self.province_tables(node)
        ]
        return f"({' OR '.join(either)})" if either else "1 = 0"

    def province_tables(self, node: Among) -> list[tuple[str, str]]:
        """The tables that a filter by province asks, each with its condition."""
        role = "" if node.mentioned else " AND p.role = 'about'"
        tables = (("article_province", node.values), ("article_old_province", node.old))
        return [(table, self.one_of("p.code", values) + role) for table, values in tables if values]

    def members(self, node: Among, *, once: bool = True) -> str:
        """SQL for the numbers, as `id`, of the articles that pass a filter, with `once` each only once; not
        for `Facet.ORIGIN`."""
        match node.facet:
            case Facet.PROVINCE:
                found = [
                    f"SELECT p.article_id AS id FROM {table} p WHERE {wanted}"  # noqa: S608
                    for table, wanted in self.province_tables(node)
                ]
                return (" UNION " if once else " UNION ALL ").join(
                    found
                ) or "SELECT id FROM article WHERE 1 = 0"
            case Facet.TOPIC | Facet.WATCHLIST:
                table, column = _LABEL_TABLES[node.facet]
                wanted = self.one_of(f"t.{column}", node.values)
                distinct = "DISTINCT " * (once and len(node.values) > 1)
                return f"SELECT {distinct}t.article_id AS id FROM {table} t WHERE {wanted}"  # noqa: S608
            case _:
                wanted = self.one_of(f"article.{_PLAIN_COLUMNS[node.facet]}", node.values)
                return f"SELECT article.id FROM article WHERE {wanted}"  # noqa: S608


def split(matcher: Matcher, where: Node) -> tuple[str | None, list[Node]]:
    """The part of a query that drives it through the text index, and the conditions that are left."""
    parts = where.parts if isinstance(where, All) else (where,)
    driving = tuple(part for part in parts if matcher.expression(part) is not None)
    if not driving:
        return None, list(parts)
    taken = [part for part in parts if isinstance(part, Not) and matcher.expression(part.part) is not None]
    rest = [part for part in parts if part not in driving and part not in taken]
    return matcher.expression(All((*driving, *taken))), rest


SCARCE = 2000  # articles of a filter that are few enough for each to be looked at
SCARCE_IN_TEXT = 100  # the same where words are asked for too: each is then looked up in the text index
COMMON = 5000  # matches of words from which on PostgreSQL is asked for the newest days first
_SPANS = tuple(timedelta(days=days) for days in (1, 8, 64, 512))


def matching_ids(connection: Connection, where: Node, *, limit: int, before: int | None = None) -> list[int]:
    """The numbers of the newest articles that fit, below `before`.

    Where the database would have to gather all that fits to sort out the newest, it is asked for the newest
    day first, then for eight, and so on.
    """
    for since in _beginnings(connection, where, before):
        matcher, sql = numbers_sql(connection, where, limit=limit, before=before, since=since)
        numbers = [row[0] for row in matcher.run(connection, sql)]
        if len(numbers) == limit:
            break
    return numbers


def _beginnings(connection: Connection, where: Node, before: int | None) -> Iterator[int | None]:
    """The smallest numbers to ask for, one after the other as long as too few are found; None is all."""
    if _gathers_much(connection, where):
        matcher = Matcher(connection.dialect.name == "sqlite")
        newest = before or matcher.run(connection, "SELECT max(id) FROM article")[0][0]
        for span in _SPANS if newest else ():
            yield first_id(moment_of(newest) - span)
    yield None


def _gathers_much(connection: Connection, where: Node) -> bool:
    """Whether what fits may be very much and does not come newest first by itself."""
    matcher = Matcher(connection.dialect.name == "sqlite")
    parts = where.parts if isinstance(where, All) else (where,)
    if any(isinstance(part, SeenBetween) for part in parts):
        return False
    expression, rest = split(matcher, where)
    if expression is None:
        return any(_has_words(part) for part in rest)
    if matcher.sqlite:
        return False
    source, match = matcher.found(expression)
    plan = matcher.run(connection, f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {source} WHERE {match}")  # noqa: S608
    return bool(plan[0][0][0]["Plan"]["Plan Rows"] > COMMON)


def _has_words(node: Node) -> bool:
    match node:
        case All(parts=parts) | AnyOf(parts=parts):
            return any(map(_has_words, parts))
        case Not(part=part):
            return _has_words(part)
        case _:
            return isinstance(node, Words)


def numbers_sql(
    connection: Connection, where: Node, *, limit: int, before: int | None = None, since: int | None = None
) -> tuple[Matcher, str]:
    """SQL giving the column `id` of the newest articles that fit, newest first, with its values.

    Four ways lead to them. A digest's window holds few articles, whatever else is asked: they come from its
    index, and each is looked at. So do those of a filter that few articles pass, as walking everything for
    them could take the whole table. Words are driven by the text index. For all else the articles are walked
    from the newest.
    """
    matcher = Matcher(connection.dialect.name == "sqlite")
    parts = list(where.parts if isinstance(where, All) else (where,))
    window = next((part for part in parts if isinstance(part, SeenBetween)), None)
    expression, rest = (None, parts) if window else split(matcher, where)
    few = None if window else scarce(connection, rest, SCARCE if expression is None else SCARCE_IN_TEXT)
    gathered, source, number, match = "", "article", "article.id", ""
    if window is not None:
        gathered = f"SELECT article.id FROM article WHERE {matcher.seen(window, number)}"  # noqa: S608
        rest = [part for part in parts if part is not window]
        matcher.probing = not matcher.sqlite
        matcher.floor = "(SELECT min(id) FROM found)"
    elif few is not None:
        gathered = matcher.members(few)
        rest = [part for part in parts if part is not few]
        matcher.probing = True
    elif expression is not None:
        source, match = matcher.found(expression)
        number = matcher.number
        if not matcher.sqlite and since is None:
            # Asked for the newest twenty at once, PostgreSQL's planner would walk all articles from the
            # newest and look into each.
            gathered = f"SELECT {number} AS id FROM {source} WHERE {match}"  # noqa: S608
    if gathered:
        gathered, source, number, match = f"WITH found AS MATERIALIZED ({gathered}) ", "found", "found.id", ""
    bounds = []
    if since is not None:
        matcher.floor = matcher.bind(since)
        bounds.append(f"{number} >= {matcher.floor}")
    if before is not None:
        bounds.append(f"{number} < {matcher.bind(before)}")
    conditions = [match, *bounds, *(matcher.condition(part, number) for part in rest)]
    where_sql = " AND ".join(f"({each})" for each in conditions if each) or "1 = 1"
    # FTS5 gives its rows in the order asked only for its own rowid.
    order = f"{number} DESC LIMIT {matcher.bind(limit)}"
    return matcher, f"{gathered}SELECT {number} AS id FROM {source} WHERE {where_sql} ORDER BY {order}"  # noqa: S608


def scarce(connection: Connection, parts: Sequence[Node], most: int) -> Among | None:
    """The first of the filters that no more than `most` articles pass; None if there is none."""
    for part in parts:
        if isinstance(part, Among) and part.facet is not Facet.ORIGIN:
            matcher = Matcher(connection.dialect.name == "sqlite")
            members = matcher.members(part, once=False)
            counted = f"SELECT count(*) FROM (SELECT 1 FROM ({members}) AS members LIMIT {most + 1}) AS first"  # noqa: S608
            if matcher.run(connection, counted)[0][0] <= most:
                return part
    return None
