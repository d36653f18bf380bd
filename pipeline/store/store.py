"""The store: every question and order that other parts have for the database, in one place."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, select

from models.correction import Correction
from models.document import Article
from models.outcome import Outcome, Reason
from models.ports import EndpointState
from models.query import Facet, FacetCount, Node, Page, Query, SearchHit, SeenBetween, StoryHit
from models.story import StoryLink
from models.tables import SavedSearch
from models.tags import Tags
from pipeline.store import (
    care,
    collection,
    corrections,
    outcomes,
    reading,
    retention,
    saving,
    schema,
    searching,
    stories,
)
from pipeline.store import engine as connecting
from pipeline.store.matching import matching_ids
from pipeline.store.searching import FACETS, Order
from pipeline.store.sql import table_of, upsert
from pipeline.store.values import (
    CheckReport,
    EndpointRead,
    Known,
    NewArticle,
    Stats,
    StoredArticle,
    UrlOutcome,
)

_PAGE = 500  # rows read at a time by the endless iterators
_SAVED_SEARCH = table_of(SavedSearch)


class Store:
    """The database behind an engine. May be used from several threads: reads run beside each other, writes
    one after the other."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = threading.Lock()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one moment and changes nothing; for other parts' own tables."""
        return connecting.reading(self.engine)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write, the only one at its time; for other parts' own tables."""
        with self._writer, connecting.writing(self.engine) as connection:
            yield connection

    # Articles

    def known(self, urls: Sequence[str]) -> dict[str, Known]:
        """What is known of those of `urls` that were met before: as an article's address or by outcome."""
        with self.reading() as connection:
            return outcomes.known(connection, urls)

    def save(self, batch: Sequence[NewArticle], *, now: datetime) -> list[Reason]:
        """Store articles with their tags, index entries and outcomes in one transaction.

        The reasons come in the order of the batch: STORED or TEASER (new), REVISED (title, lead or text
        changed; the version before is kept), UNCHANGED, DUPLICATE (a further address of an article that
        says the same). `first_seen_at` is the `now` of the first time and stays.
        """
        if not batch:
            return []
        with self.writing() as connection:
            return saving.save(connection, batch, now)

    def rewrite(self, read: Sequence[tuple[StoredArticle, Article, Tags]]) -> list[bool]:
        """Put better readings of the same pages in the place of stored articles: text, index, tags, stories
        in one transaction; no revision, no outcome, times untouched. Tells for each whether it was done: an
        article that took another version meanwhile, or is gone, is left alone."""
        with self.writing() as connection:
            same = saving.still_same(connection, {each.id: each.updated_at for each, _, _ in read})
            present = saving.load_present(connection, list(same))
            for stored, article, tags in read:
                if stored.id in same:
                    saving.rewrite(connection, present[stored.id], article, tags)
            stories.refresh_of(connection, list(same))
        return [stored.id in same for stored, _, _ in read]

    def retag(self, tagged: Sequence[tuple[StoredArticle, Tags]]) -> list[bool]:
        """Give stored articles other tags, and their stories. Tells for each whether it was done, as
        `rewrite` does."""
        with self.writing() as connection:
            same = saving.still_same(connection, {each.id: each.updated_at for each, _ in tagged})
            for stored, tags in tagged:
                if stored.id in same:
                    saving.retag(connection, stored.id, tags)
            stories.refresh_of(connection, list(same))
        return [stored.id in same for stored, _ in tagged]

    def correct(self, given: Sequence[Correction]) -> None:
        """Keep what people said of the tags of stored articles; their tags and stories follow at once."""
        with self.writing() as connection:
            corrections.write(connection, given)
            _follow(connection, list(dict.fromkeys(each.article for each in given)))

    def forget_corrections(self, number: int, values: Sequence[str] = ()) -> int:
        """Take back the corrections of an article, all or those of these values: what the taggers said counts
        again. Returns how many went."""
        with self.writing() as connection:
            gone = corrections.forget(connection, number, values)
            _follow(connection, [number])
            return gone

    def corrections(self) -> list[Correction]:
        """All corrections, oldest first."""
        with self.reading() as connection:
            return corrections.everything(connection)

    def get(self, key: int | str) -> StoredArticle | None:
        """One article by id, URL or another address of it."""
        with self.reading() as connection:
            number = reading.number_of(connection, key)
            found = reading.articles(connection, [number]) if number is not None else []
            return found[0] if found else None

    def articles(self, ids: Sequence[int]) -> list[StoredArticle]:
        """Articles by id, in that order; those that are not there are left out."""
        with self.reading() as connection:
            return reading.articles(connection, ids)

    def matching(self, where: Node, *, limit: int, before: int | None = None) -> list[StoredArticle]:
        """The newest articles that fit, below the id `before`, whole."""
        with self.reading() as connection:
            return reading.articles(connection, matching_ids(connection, where, limit=limit, before=before))

    def hits(self, ids: Sequence[int]) -> list[SearchHit]:
        """Articles by id as search shows them."""
        with self.reading() as connection:
            return reading.hits(connection, ids)

    def all_ids(self) -> Iterator[int]:
        """The ids of all articles, newest first."""
        before: int | None = None
        while True:
            with self.reading() as connection:
                numbers = matching_ids(connection, Query().where, limit=_PAGE, before=before)
            yield from numbers
            if len(numbers) < _PAGE:
                return
            before = numbers[-1]

    def export(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        """Every article first seen in `[since, until)` as a line of `diembao export`, oldest first."""
        after: tuple[datetime, int] | None = None
        while True:
            with self.reading() as connection:
                lines, after = reading.export_page(
                    connection, after=after, since=since, until=until, limit=_PAGE
                )
            yield from lines
            if after is None:
                return

    # Outcomes and endpoints

    def record(self, ended: Sequence[Outcome], read: Sequence[EndpointRead] = ()) -> None:
        """Record how URLs ended and, in the same transaction, where the endpoints stand that were read and
        what they named."""
        if not ended and not read:
            return
        with self.writing() as connection:
            outcomes.record(connection, ended)
            for each in read:
                state = each.state
                collection.add_namings(connection, state.outlet, state.url, each.kind, each.named, each.at)
                outcomes.save_endpoint_state(connection, state)

    def outcomes(
        self, *, outlet: str = "", reason: Reason | None = None, since: datetime | None = None
    ) -> Iterator[UrlOutcome]:
        """Every URL met, by address; `since` keeps those met since then."""
        after = ""
        while True:
            with self.reading() as connection:
                page = outcomes.listing(
                    connection, after=after, limit=_PAGE, outlet=outlet, reason=reason, since=since
                )
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].url

    def outcome_counts(self, since: datetime | None = None) -> dict[Reason, int]:
        """How many URLs stand how; with `since`, how those met since then ended the last time."""
        with self.reading() as connection:
            return outcomes.counts(connection, since)

    def endpoint_state(self, url: str) -> EndpointState | None:
        """What is remembered of one endpoint."""
        with self.reading() as connection:
            found = outcomes.endpoint_states(connection, outcomes.ENDPOINT.c.url == url)
            return found[0] if found else None

    def waits(self, now: datetime) -> list[UrlOutcome]:
        """The addresses whose hosts asked to be asked again after `now` at the earliest."""
        with self.reading() as connection:
            return outcomes.waits(connection, now)

    def endpoint_states(self) -> list[EndpointState]:
        """What is remembered of all endpoints."""
        with self.reading() as connection:
            return outcomes.endpoint_states(connection)

    # Search

    def search(
        self,
        query: Query,
        *,
        limit: int = 20,
        cursor: str = "",
        order: Order = Order.NEWEST,
        total: bool = False,
    ) -> Page:
        """One page of results (at most 1,000); `cursor` is the `next_cursor` of the page before."""
        with self.reading() as connection:
            return searching.search(connection, query, limit=limit, cursor=cursor, order=order, total=total)

    def count(self, query: Query) -> int:
        """How many articles fit, counting no further than searching.COUNTED."""
        with self.reading() as connection:
            return searching.count(connection, query.where)

    def facets(
        self, query: Query, wanted: Sequence[Facet] = FACETS, *, limit: int = 100
    ) -> dict[Facet, list[FacetCount]]:
        """How many results have which province, topic, outlet, language and day."""
        with self.reading() as connection:
            return searching.facets(connection, query, wanted, limit)

    def save_search(self, name: str, query: str, *, now: datetime) -> None:
        """Keep a search under a name; the same name again replaces it."""
        with self.writing() as connection:
            there = select(_SAVED_SEARCH.c.created_at).where(_SAVED_SEARCH.c.name == name)
            created = connection.scalar(there) or now
            row = {"name": name, "query": query, "created_at": created, "updated_at": now}
            upsert(connection, _SAVED_SEARCH, [row])

    def saved_searches(self) -> dict[str, str]:
        """The kept searches, by name."""
        with self.reading() as connection:
            rows = connection.execute(select(_SAVED_SEARCH.c.name, _SAVED_SEARCH.c.query))
            return dict(sorted((row[0], row[1]) for row in rows))

    def forget_search(self, name: str) -> bool:
        """Remove a kept search; tells whether it was there."""
        with self.writing() as connection:
            return connection.execute(delete(_SAVED_SEARCH).where(_SAVED_SEARCH.c.name == name)).rowcount > 0

    # Stories

    def set_stories(self, links: Sequence[StoryLink]) -> None:
        """Put articles into stories; merged stories' ids stay valid."""
        if links:
            with self.writing() as connection:
                stories.set_stories(connection, links)

    def story(self, key: str) -> StoryHit | None:
        """A story with all its articles, by an id that it has or had."""
        with self.reading() as connection:
            return stories.story(connection, key)

    def resolve_story(self, key: str) -> str:
        """The id that a story has now."""
        with self.reading() as connection:
            return stories.resolve(connection, key)

    def stories_between(
        self, since: datetime, until: datetime, query: Query | None = None, *, limit: int = 5000
    ) -> list[StoryHit]:
        """The stories with articles that fit `query` and were first seen in `(since, until]`, with those
        articles; articles of back-fills are left out. This is what a digest of that window is made of."""
        where = (query or Query()).narrowed(SeenBetween(since, until)).where
        with self.reading() as connection:
            return stories.matching(connection, where, limit=limit)

    # Care

    def stats(self) -> Stats:
        """How much there is."""
        with self.reading() as connection:
            return care.stats(connection, schema.current(self.engine))

    def check(self, *, repair: bool = False) -> CheckReport:
        """Whether database and text index are sound; with `repair`, an index that is not is written anew."""
        with connecting.reading(self.engine, seconds=0) as connection:
            report = care.check(connection)
        if report.ok or not repair:
            return report
        with self.writing() as connection:
            written = care.reindex(connection)
        return replace(self.check(), repaired=written)

    def prune(self, *, now: datetime, before: datetime | None = None, keep_bytes: int | None = None) -> int:
        """Remove the articles first seen before `before`, and of the rest the oldest until the database
        should fit into `keep_bytes`; returns how many went. Their addresses stay known, so that nothing is
        collected twice. In batches, so that a service beside it goes on writing."""
        gone = 0
        if before is not None:
            while removed := self._remove_oldest(before, _PAGE, now):
                gone += removed
        if keep_bytes is not None:
            with self.reading() as connection:
                left = retention.too_many(connection, keep_bytes)
                average = retention.average_size(connection)
            while left > 0 and (removed := self._remove_oldest(None, min(left, _PAGE), now)):
                gone, left = gone + removed, left - removed
            with self.writing() as connection:
                retention.note_average(connection, average, now)
        return gone

    def _remove_oldest(self, before: datetime | None, limit: int, now: datetime) -> int:
        with self.writing() as connection:
            numbers = retention.oldest(connection, before=before, limit=limit)
            retention.remove(connection, numbers, now)
        return len(numbers)

    def vacuum(self) -> None:
        """Give the room of removed articles back to the system. Needs as much free room again and keeps
        writers waiting; PostgreSQL does it by itself."""
        if self.engine.dialect.name == "sqlite":
            with self.writing() as connection:
                retention.compact(connection)
            with self._writer, connecting.told(self.engine):
                care.vacuum(self.engine)

    def backup(self, file: Path) -> None:
        """Copy a SQLite database to a new file while it is in use."""
        with connecting.told(self.engine):
            care.backup(self.engine, file)


def _follow(connection: Connection, numbers: Sequence[int]) -> None:
    """Let tags and stories follow the corrections of these articles."""
    for number in numbers:
        saving.reapply(connection, number)
    stories.refresh_of(connection, numbers)
