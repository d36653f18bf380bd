"""A stage run again over what is stored: after a change of rules, tables or profiles, without the network.

    store ──batch──► (archive → extract) → tag ──► one transaction: text index, tags, stories

What is written is what collecting the article anew would have given, under its old identity: no revision, no
outcome, no time of ours changes, so that no digest tells it again. Corrections stay. Each batch is committed
as a whole; a run that was killed is run again, and leaves alone what the present taggers tagged already.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from urllib.parse import urljoin

from crawlers.archive import ArchiveReader, Recorded
from crawlers.decoding import charset_of
from models.correction import corrected
from models.document import Article, Completeness, Entry, RawDocument
from models.outlet import Outlet
from models.query import All, Among, Between, Facet, Node
from models.tags import Tags
from pipeline.extract.pool import DeadlineExceeded, WorkerDied, WorkerPool, WorkFailed
from pipeline.processing import Done, Processed, Work, taggable
from pipeline.store import Store, StoredArticle
from pipeline.tag import Tagger

BATCH = 100
EXAMPLES = 10
_REDIRECTS = 5
_READ = ("title", "lead", "text", "authors", "published_at", "section", "language", "credit", "image_url")


class Left(StrEnum):
    """Why an article was left as it was."""

    CURRENT = "tagged by the present version already"
    NOT_RECORDED = "its page is not in the archive"
    OLDER = "the archive has only an older version of its page"
    TEASER = "the archive has only the beginning of it"
    UNREADABLE = "its page is not read as an article now"
    REVISED = "took a new version meanwhile"


@dataclass(frozen=True, slots=True)
class Change:
    """What became different of one article: tags that came and went, by code, and fields read otherwise."""

    id: int
    url: str
    title: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    fields: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.fields)


@dataclass(slots=True)
class Summary:
    """What a run came to. `added` and `removed` count articles by tag: `about vn34:48`, `medtop:…`."""

    seen: int = 0
    changed: int = 0
    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    left: Counter[Left] = field(default_factory=Counter)
    examples: list[Change] = field(default_factory=list)

    def note(self, change: Change) -> None:
        """Count the change of one article."""
        if not change:
            return
        self.changed += 1
        self.added.update(change.added)
        self.removed.update(change.removed)
        self.fields.update(change.fields)
        if len(self.examples) < EXAMPLES:
            self.examples.append(change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which articles: those that count for a moment in `[since, until)`, of these outlets; all if empty.
    `again` takes those too that the present taggers tagged."""

    since: datetime | None = None
    until: datetime | None = None
    outlets: tuple[str, ...] = ()
    again: bool = False

    @property
    def where(self) -> Node:
        """The choice as a search."""
        parts: list[Node] = []
        if self.since or self.until:
            parts.append(Between(self.since, self.until))
        if self.outlets:
            parts.append(Among(Facet.OUTLET, self.outlets))
        return All(tuple(parts))


def retag(
    store: Store, tagger: Tagger, outlets: Mapping[str, Outlet], choice: Choice, *, dry_run: bool = False
) -> Summary:
    """Tag the stored texts again."""
    summary = Summary()
    for batch in batches(store, choice.where):
        summary.seen += len(batch)
        due = [each for each in batch if choice.again or each.tags.tagger != tagger.version]
        summary.left[Left.CURRENT] += len(batch) - len(due)
        tagged = [
            (each, tagger.tag(taggable(each.article, outlets.get(each.article.outlet)))) for each in due
        ]
        done = [True] * len(tagged) if dry_run else store.retag(tagged)
        for (stored, tags), written in zip(tagged, done, strict=True):
            _note(summary, written, change_of(stored, tags))
    return summary


async def reread(
    store: Store,
    pool: WorkerPool[Work, Done],
    archive: ArchiveReader,
    choice: Choice,
    *,
    dry_run: bool = False,
) -> Summary:
    """Read the archived pages again, and tag what was read."""
    summary = Summary()
    for batch in batches(store, choice.where):
        summary.seen += len(batch)
        readings = await asyncio.gather(*(_reading(stored, pool, archive) for stored in batch))
        read: list[tuple[StoredArticle, Article, Tags]] = []
        for stored, reading in zip(batch, readings, strict=True):
            if isinstance(reading, Left):
                summary.left[reading] += 1
            else:
                read.append((stored, *reading))
        done = [True] * len(read) if dry_run else store.rewrite(read)
        for (stored, article, tags), written in zip(read, done, strict=True):
            _note(summary, written, change_of(stored, tags, article))
    return summary


def _note(summary: Summary, written: bool, change: Change) -> None:
    if written:
        summary.note(change)
    else:
        summary.left[Left.REVISED] += 1


def batches(store: Store, where: Node) -> Iterator[list[StoredArticle]]:
    """The articles that fit, newest first; those that come while the run goes on are not among them."""
    before: int | None = None
    while found := store.matching(where, limit=BATCH, before=before):
        yield found
        before = found[-1].id


async def _reading(
    stored: StoredArticle, pool: WorkerPool[Work, Done], archive: ArchiveReader
) -> tuple[Article, Tags] | Left:
    """The archived page of an article, read and tagged anew under the article's own identity."""
    recorded = page_in(archive, stored)
    if recorded is None:
        return Left.NOT_RECORDED
    if stored.revisions and recorded.recorded_at <= stored.revisions[-1].seen_at:
        return Left.OLDER
    document = document_of(stored, recorded)
    try:
        done = await pool.run(document)
    except (DeadlineExceeded, WorkerDied, WorkFailed):
        return Left.UNREADABLE
    assert isinstance(done, Processed)
    if done.article is None or done.tags is None:
        return Left.UNREADABLE
    if done.article.completeness is Completeness.TEASER and stored.article.completeness is Completeness.FULL:
        return Left.TEASER  # as in collecting: a paywall that came later takes no text away
    return replace(done.article, url=stored.article.url), done.tags


def page_in(archive: ArchiveReader, stored: StoredArticle) -> Recorded | None:
    """The newest recorded page of an article, at the address that was asked or its own, through redirects."""
    for start in dict.fromkeys((stored.asked_url or stored.article.url, stored.article.url)):
        url = start
        for _ in range(_REDIRECTS):
            recorded = archive.lookup(url)
            if recorded is None or recorded.status == 200:
                break
            url = urljoin(recorded.url, _header(recorded, "location"))
        if recorded is not None and recorded.status == 200:
            return recorded
    return None


def document_of(stored: StoredArticle, recorded: Recorded) -> RawDocument:
    """The page as it came, with what is still known of the entry that named it."""
    article = stored.article
    content_type = _header(recorded, "content-type")
    return RawDocument(
        outlet=article.outlet,
        url=stored.asked_url or article.url,
        final_url=recorded.url,
        fetched_at=recorded.recorded_at,
        status=recorded.status,
        body=recorded.body,
        content_type=content_type.partition(";")[0].strip().lower(),
        charset=charset_of(content_type),
        entry=Entry(
            link=article.url,
            title=article.title,
            published_at=article.published_at if article.published_from == "feed" else None,
        ),
        endpoint=stored.endpoint,
        section=article.section,
    )


def _header(recorded: Recorded, name: str) -> str:
    return next((value for key, value in recorded.headers if key.lower() == name), "")


def change_of(stored: StoredArticle, tags: Tags, article: Article | None = None) -> Change:
    """What the new answer of the taggers, corrected as before, changes; and a new reading of the page."""
    before, after = tag_names(stored.tags), tag_names(corrected(tags, stored.corrections))
    fields = [
        name
        for name in _READ
        if article is not None and getattr(article, name) != getattr(stored.article, name)
    ]
    return Change(
        id=stored.id,
        url=stored.article.url,
        title=stored.article.title,
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        fields=tuple(fields),
    )


def tag_names(tags: Tags) -> list[str]:
    """The tags of an article as names: `about vn34:48`, `mentioned vn34:46`, `vn63:49`, `medtop:…`,
    `watched vinamilk`."""
    names = [f"{tag.role.value} {tag.code}" for tag in tags.provinces]
    names += [code for tag in tags.provinces for code in tag.old_codes]
    names += [topic.id for topic in tags.topics]
    return list(dict.fromkeys([*names, *(f"watched {tag.id}" for tag in tags.watched)]))
