"""The one loop that joins the stages: fetched page → article → tags → store.

    crawl ──document()──► WorkerPool (extract, tag) ──► Writer (batches, one transaction each) ──► Store

`Flow` is the `CrawlSink` that the crawl hands its findings to. It decides nothing itself: what is read is
decided by the stages, what is fetched again by `crawlers.refetch`. The call of `document` returns when its
article is committed, so that the crawl feels how fast the rest can go.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawlers.parsing import Parsed, Unparsed
from crawlers.refetch import due_at, is_put_off, stamped_since, stamps_all
from crawlers.relink import Remembered, relinked
from models.document import Article, Entry, RawDocument
from models.outcome import Outcome, Reason, Stage
from models.outlet import Endpoint
from models.ports import Candidate, Choice, EndpointState, MissingPage, Named
from models.tags import Tags
from pipeline.extract.pool import DeadlineExceeded, WorkerDied, WorkerPool, WorkFailed
from pipeline.processing import Done, Processed, Work
from pipeline.store import NewArticle, Store, collection
from pipeline.store.ready import Ready
from pipeline.store.values import Known
from pipeline.vietnamese import exact
from pipeline.writer import Unstorable, Writer

NEWS_AGE = timedelta(days=2)
RELINK_REACH = timedelta(days=30)
"""How far back an article under a new address is looked for by its title."""


def entry_hash(entry: Entry | None) -> str:
    """What an endpoint says of an article's state: digests of its title, of its update time and of the latest
    time it gives, dots between them. Empty where the entry says nothing (a bare link of a listing), which
    never counts as a change; a sitemap often gives a time alone."""
    if entry is None:
        return ""
    latest = stamp_of(entry)
    stamp = _digest(latest.isoformat()) if latest else ""
    if not entry.title or not (entry.guid or stamp):
        return f"..{stamp}" if stamp else ""
    updated = _digest(entry.updated_at.isoformat()) if entry.updated_at else ""
    return f"{_digest(exact(entry.title))}.{updated}.{stamp}"


def stamp_of(entry: Entry) -> datetime | None:
    """The latest time that an entry gives."""
    return max(filter(None, (entry.published_at, entry.updated_at)), default=None)


def _digest(text: str) -> str:
    return hashlib.blake2s(text.encode(), digest_size=8).hexdigest()


def retitled(told: str, known: Sequence[str]) -> bool:
    """Whether a feed gives an article another title than ever before, by `entry_hash`."""
    title = told.partition(".")[0]
    return bool(title) and title not in {each.partition(".")[0] for each in known}


def changed(told: str, known: Sequence[str]) -> bool:
    """Whether a feed gives an article another title or update time than ever before, by `entry_hash`. What
    first gives it one says no such thing."""
    before = {tuple(each.split(".")[:2]) for each in known if not each.startswith(".")}
    return bool(before) and not told.startswith(".") and tuple(told.split(".")[:2]) not in before


def stamped(candidate: Candidate, known: Known, now: datetime) -> bool:
    """Whether an entry gives a stored article a time that is after the latest fetch, and is not the time that
    led to it, as one of a wrong zone is."""
    told = entry_hash(candidate.entry).rpartition(".")[2]
    before = {each.rpartition(".")[2] for each in known.entry_hashes}
    since = stamped_since(stamp_of(candidate.entry), known.tried_at, now)
    return known.stored and since and told not in before


def new_article(
    document: RawDocument,
    article: Article,
    tags: Tags,
    *,
    backfill: bool = False,
    ready: Ready | None = None,
    canonical: str = "",
) -> NewArticle:
    """An article on its way to the store, with what led to it."""
    return NewArticle(
        article=article,
        tags=tags,
        entry_hash=entry_hash(document.entry),
        endpoint=document.endpoint,
        asked_urls=tuple(dict.fromkeys((document.url, document.final_url))),
        backfill=backfill,
        ready=ready,
        canonical=canonical,
    )


def is_backfill(article: Article, *, first_poll: bool, now: datetime) -> bool:
    """Whether an article is old stock that an endpoint showed when it was polled for the first time: it is
    stored and found, but no digest tells it as news."""
    return first_poll and article.published_at is not None and now - article.published_at > NEWS_AGE


@dataclass(slots=True)
class Flow:
    """The sink of a crawl: asks the store what is known, sends pages through the pool to the writer."""

    store: Store
    pool: WorkerPool[Work, Done]
    writer: Writer
    now: Callable[[], datetime]
    kinds: dict[str, str] = field(default_factory=dict)
    first_polls: set[str] = field(default_factory=set)
    replaying: bool = False

    async def endpoint_state(self, outlet: str, endpoint: Endpoint, url: str) -> EndpointState | None:
        self.kinds[url] = endpoint.kind.value
        state = await self.writer.call(self.store.endpoint_state, url)
        if state is None or state.last_success_at is None:
            self.first_polls.add(url)
        else:
            self.first_polls.discard(url)
        return state

    async def read_feed(self, unparsed: Unparsed) -> Parsed:
        """Parse a feed or sitemap in a worker. Raises DeadlineExceeded, WorkerDied or WorkFailed."""
        done = await self.pool.run(unparsed)
        assert not isinstance(done, Processed)
        return done

    async def choose(self, candidates: Sequence[Candidate]) -> Choice:
        known = await self.writer.call(self.store.known, [candidate.url for candidate in candidates])
        moved = await self._moved(candidates, [c.url for c in candidates if c.url not in known])
        stamps = self._stamped(candidates, known)
        wanted = []
        passed: Counter[Reason] = Counter()
        later, now = 0, self.now()
        for candidate in candidates:
            if candidate.url in moved:
                passed[Reason.DUPLICATE] += 1
                await self.outcome(
                    self._passed(candidate, Reason.DUPLICATE, f"moved from {moved[candidate.url]}")
                )
                continue
            memory = known.get(candidate.url)
            if memory is None:
                wanted.append(candidate)
                continue
            told = entry_hash(candidate.entry)
            due = due_at(
                stored=memory.stored,
                changed=candidate.url in stamps or bool(told and changed(told, memory.entry_hashes)),
                retitled=retitled(told, memory.entry_hashes),
                reason=memory.reason,
                attempts=memory.attempts,
                tried_at=memory.tried_at,
                not_before=memory.not_before,
            )
            if due is not None and due <= now:
                wanted.append(candidate)
            else:
                passed[Reason.KNOWN] += 1
                later += is_put_off(due, now, stored=memory.stored, reason=memory.reason)
                await self.outcome(self._passed(candidate, Reason.KNOWN))
        return Choice(wanted, passed, later)

    def _stamped(self, candidates: Sequence[Candidate], known: Mapping[str, Known]) -> set[str]:
        """The stored articles that an endpoint gives a new time, unless it does so with all that it holds."""
        stored = {each.url: each for each in candidates if each.url in known and known[each.url].stored}
        found = {url for url, each in stored.items() if stamped(each, known[url], self.now())}
        return set() if stamps_all(len(found), len(stored)) else found

    async def _moved(self, candidates: Sequence[Candidate], unknown: Sequence[str]) -> dict[str, str]:
        """Unknown addresses that are new ones of stored articles, and of which; remembered as such."""
        fresh = set(unknown)
        dated = [c.entry.published_at for c in candidates if c.url in fresh and c.entry.title]
        times = [when for when in dated if when is not None and when <= self.now()]
        if not times:
            return {}
        since = max(min(times), self.now() - RELINK_REACH) - timedelta(days=1)
        until = max(times) + timedelta(days=1)
        stored = await self.writer.call(self._titles, candidates[0].outlet, since, until)
        moved = relinked(candidates, unknown, stored)
        if moved:
            await self.writer.call(self._add_addresses, moved)
        return moved

    async def missing_page(self, host: str) -> MissingPage | None:
        return await self.writer.call(self._missing_page, host)

    def _missing_page(self, host: str) -> MissingPage | None:
        with self.store.reading() as connection:
            return collection.missing_page(connection, host)

    async def remember_missing(self, page: MissingPage) -> None:
        await self.writer.call(self._remember_missing, page)

    def _remember_missing(self, page: MissingPage) -> None:
        with self.store.writing() as connection:
            collection.save_missing_page(connection, page)

    def _titles(self, outlet: str, since: datetime, until: datetime) -> list[Remembered]:
        with self.store.reading() as connection:
            return [Remembered(*row) for row in collection.titles(connection, outlet, since, until)]

    def _add_addresses(self, moved: dict[str, str]) -> None:
        with self.store.writing() as connection:
            collection.add_addresses(connection, moved)

    def _passed(self, candidate: Candidate, reason: Reason, detail: str = "") -> Outcome:
        return Outcome(
            url=candidate.url,
            outlet=candidate.outlet,
            stage=Stage.DISCOVER,
            reason=reason,
            detail=detail,
            at=self.now(),
            endpoint=candidate.endpoint,
        )

    async def document(self, document: RawDocument) -> Reason:
        processed = await self._process(document)
        if processed.article is None or processed.tags is None:
            return await self._ended(document, Stage.EXTRACT, processed.reason, processed.detail)
        old_stock = is_backfill(
            processed.article,
            first_poll=document.endpoint in self.first_polls and not self.replaying,
            now=self.now(),
        )
        new = new_article(
            document,
            processed.article,
            processed.tags,
            backfill=old_stock,
            ready=processed.ready,
            canonical=processed.canonical,
        )
        try:
            return await self.writer.save(new)
        except Unstorable as error:
            return await self._ended(document, Stage.STORE, Reason.PARSE_ERROR, str(error))

    async def _ended(self, document: RawDocument, stage: Stage, reason: Reason, detail: str) -> Reason:
        await self.outcome(
            Outcome(
                url=document.url,
                outlet=document.outlet,
                stage=stage,
                reason=reason,
                at=self.now(),
                detail=detail,
                endpoint=document.endpoint,
            )
        )
        return reason

    async def _process(self, document: RawDocument) -> Processed:
        try:
            return await self._read(document)
        except WorkerDied:  # it may have been killed for reasons of its own: a signal, a lack of memory
            pass
        except DeadlineExceeded as error:
            return Processed(None, None, Reason.EXTRACT_TIMEOUT, str(error))
        except WorkFailed as error:
            return Processed(None, None, Reason.PARSE_ERROR, str(error))
        try:
            return await self._read(document)
        except (DeadlineExceeded, WorkerDied, WorkFailed) as error:
            return Processed(None, None, Reason.PARSE_ERROR, str(error))

    async def _read(self, document: RawDocument) -> Processed:
        done = await self.pool.run(document)
        assert isinstance(done, Processed)
        return done

    async def outcome(self, outcome: Outcome) -> None:
        await self.writer.record(outcome)

    async def polled(self, state: EndpointState, named: Sequence[Named]) -> None:
        await self.writer.polled(state, self.kinds.get(state.url, ""), named)
