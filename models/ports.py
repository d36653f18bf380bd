"""The protocols at the edges: what one part needs of another, without importing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from models.document import Entry, RawDocument
from models.outcome import Outcome, Reason
from models.outlet import Endpoint

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointState:
    """What is remembered of an endpoint between polls: HTTP validators, the hash of the last body, the
    count of polls and of failures in a row, and when it is next due."""

    url: str
    outlet: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    polls: int = 0
    failures: int = 0
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    next_due_at: datetime | None = None
    last_reason: str = ""
    last_detail: str = ""
    last_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One entry that an endpoint named, with its canonical URL."""

    url: str
    outlet: str
    endpoint: str
    entry: Entry
    section: str = ""


class Named(NamedTuple):
    """An article's canonical address as an endpoint named it, with the time that its entry gave."""

    url: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPage:
    """What a host (with its port) answered when it was asked for `url`, which does not exist: the status, 0
    if the question was refused; where it led to; title (with heading) and a digest of what it served with a
    200."""

    host: str
    url: str
    status: int
    final_url: str = ""
    title: str = ""
    fingerprint: str = ""
    asked_at: datetime


class MissingPages(Protocol):
    """Where it is remembered what hosts answer for pages that do not exist."""

    async def missing_page(self, host: str) -> MissingPage | None:
        """What the host answered when it was last asked; None if it never was."""
        ...

    async def remember_missing(self, page: MissingPage) -> None:
        """Remember what a host answered."""
        ...


class Choice(NamedTuple):
    """What a sink wants of an endpoint's candidates, how many of the others ended how, and how many of them
    failed before and will be wanted in time, so that the endpoint has to be read in full until then."""

    wanted: Sequence[Candidate]
    passed: Mapping[Reason, int]
    later: int = 0


class CrawlSink(Protocol):
    """What the crawl hands its findings to, and asks. Implemented by pipeline.flow over the store."""

    async def endpoint_state(self, outlet: str, endpoint: Endpoint, url: str) -> EndpointState | None:
        """What is remembered of the endpoint polled at `url`; None on the first poll."""
        ...

    async def choose(self, candidates: Sequence[Candidate]) -> Choice:
        """Which should be fetched now: new ones and those whose entry says that they changed. The sink
        itself records the outcome of the others (KNOWN, DUPLICATE)."""
        ...

    async def document(self, document: RawDocument) -> Reason:
        """Take a fetched page through extraction, tags, stories and store; return its outcome. The sink
        records the outcome itself."""
        ...

    async def outcome(self, outcome: Outcome) -> None:
        """Record how a URL ended, for everything that did not reach `document` or `choose`."""
        ...

    async def polled(self, state: EndpointState, named: Sequence[Named]) -> None:
        """Remember the endpoint's new state, and which addresses it `named`. Called after all documents that
        it named have been stored, so that a crash in between means that the endpoint is read again in full.
        """
        ...


class Database(Protocol):
    """The store as a stage with tables of its own uses it. Implemented by pipeline.store.Store.

    Both raise StoreError for what the database answers; `retry` says whether a later try may succeed.
    """

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one moment and changes nothing. It never waits for a writer."""
        ...

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that may write, the only one at its time: all of it is committed at the end, or
        nothing on an error. Never to be held while a mail server or a web server is waited for."""
        ...
