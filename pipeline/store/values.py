"""What the store takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from models.correction import Correction
from models.document import Article
from models.outcome import Reason, Stage
from models.ports import EndpointState, Named
from models.tags import Tags
from pipeline.store.ready import Ready


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """An article to be stored, with what led to it.

    `asked_urls` are the addresses that were asked for it (before redirects), each of which gets the outcome;
    none means the article's own. `entry_hash` is a fingerprint of what the endpoint said of it. `backfill`
    marks an article of a run over old pages, which digests leave out. `ready` is what storing works out of
    article and tags, where that was done before. `canonical` is another article's address that the page
    gives as its own, empty if it gives none.
    """

    article: Article
    tags: Tags
    entry_hash: str = ""
    endpoint: str = ""
    asked_urls: tuple[str, ...] = ()
    detail: str = ""
    backfill: bool = False
    ready: Ready | None = None
    canonical: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a URL that was met before. `stored` tells that it leads to an article, `article_url`
    to which; `entry_hashes` are the fingerprints of what endpoints said of that article. `reason` is how
    the URL stands, `last_reason` how it ended the last time; `attempts` counts the fetches in a row that
    brought nothing new, `tried_at` is the moment of the latest one, and `not_before` when the host wants to
    be asked for it again at the earliest."""

    url: str
    stored: bool
    article_url: str = ""
    entry_hashes: tuple[str, ...] = ()
    reason: Reason
    last_reason: Reason
    tried_at: datetime
    attempts: int = 0
    not_before: datetime | None = None

    @property
    def entry_hash(self) -> str:
        """The latest fingerprint of what an endpoint said; empty if there is none."""
        return self.entry_hashes[0] if self.entry_hashes else ""


@dataclass(frozen=True, slots=True)
class EndpointRead:
    """That an endpoint was read at `at`: where it stands since, and of which kind it is and what it named,
    where that is to be remembered."""

    state: EndpointState
    at: datetime
    kind: str = ""
    named: Sequence[Named] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlOutcome:
    """How one URL stands (`reason` since `at`), how it was last met, and how often."""

    url: str
    outlet: str
    stage: Stage
    reason: Reason
    detail: str
    endpoint: str
    at: datetime
    first_at: datetime
    last_at: datetime
    last_reason: Reason
    last_detail: str
    times: int
    attempts: int
    tried_at: datetime | None
    not_before: datetime | None

    def as_dict(self) -> dict[str, object]:
        """The line of `diembao outcomes --jsonl`."""
        return {
            "url": self.url,
            "outlet": self.outlet,
            "outcome": self.reason.value,
            "reason": self.detail,
            "time": self.at.isoformat(),
            "stage": self.stage.value,
            "endpoint": self.endpoint,
            "last_outcome": self.last_reason.value,
            "last_reason": self.last_detail,
            "last_time": self.last_at.isoformat(),
            "times": self.times,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRevision:
    """An earlier version of an article."""

    number: int
    seen_at: datetime
    replaced_at: datetime
    title: str
    lead: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article as it stands in the database. `tags` are those that count, `corrections` applied."""

    id: int
    article: Article
    tags: Tags
    first_seen_at: datetime
    updated_at: datetime
    asked_url: str = ""
    endpoint: str = ""
    story: str = ""
    relation: str = ""
    origin: str = ""
    story_evidence: tuple[str, ...] = ()
    revisions: tuple[StoredRevision, ...] = ()
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What `check` found; `problems` is empty when all is well. `repaired` counts index rows written anew."""

    articles: int
    indexed: int
    problems: tuple[str, ...] = ()
    repaired: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """How much there is. `size_bytes` is of the whole database."""

    articles: int
    revisions: int
    stories: int
    urls: int
    endpoints: int
    outlets: int
    size_bytes: int
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    schema: str = ""
    by_language: dict[str, int] = field(default_factory=dict)
