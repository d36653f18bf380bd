"""A sink that remembers, for tests of the crawl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.document import RawDocument
from models.outcome import Outcome, Reason
from models.outlet import Endpoint
from models.ports import Candidate, Choice, EndpointState, Named


@dataclass
class MemorySink:
    """Stores documents by address and answers as the database would."""

    documents: dict[str, RawDocument] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    states: dict[str, EndpointState] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    named: dict[str, list[str]] = field(default_factory=dict)

    async def endpoint_state(self, outlet: str, endpoint: Endpoint, url: str) -> EndpointState | None:
        return self.states.get(url)

    async def choose(self, candidates: Sequence[Candidate]) -> Choice:
        wanted = [candidate for candidate in candidates if candidate.url not in self.documents]
        known = len(candidates) - len(wanted)
        return Choice(wanted, {Reason.KNOWN: known} if known else {})

    async def document(self, document: RawDocument) -> Reason:
        self.documents[document.url] = document
        self.events.append(f"document {document.url}")
        return Reason.STORED

    async def outcome(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    async def polled(self, state: EndpointState, named: Sequence[Named]) -> None:
        self.named[state.url] = [each.url for each in named]
        self.states[state.url] = state
        self.events.append(f"polled {state.url}")

    def reason_of(self, url: str) -> Reason:
        """The one reason recorded for a URL. Fails if there is none or more than one."""
        (found,) = [outcome for outcome in self.outcomes if outcome.url == url]
        return found.reason

    def detail_of(self, url: str) -> str:
        """The detail of the one outcome recorded for a URL."""
        (found,) = [outcome for outcome in self.outcomes if outcome.url == url]
        return found.detail

    def twice(self) -> list[str]:
        """URLs that ended more than once."""
        ends = Counter([*(outcome.url for outcome in self.outcomes), *self.documents])
        return [url for url, times in ends.items() if times > 1]
