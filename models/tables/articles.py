"""Articles, their earlier versions, their other addresses and their tags.

Times are aware UTC. `ArticleRow` holds what lists, filters and counts read; what only a reader of the whole
article needs stands in `ArticleBody`, so that walking a million rows does not pull their texts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer
from sqlmodel import Field, SQLModel

# INTEGER, not BIGINT, is what makes a SQLite primary key the row's own number.
ArticleId = BigInteger().with_variant(Integer(), "sqlite")
NO_ROWID = {"sqlite_with_rowid": False}


class ArticleRow(SQLModel, table=True):
    """One article, identified to the world by `url`, its canonical URL, which changes only when the outlet
    moves the article; then the former one is among its other addresses.

    `id` is also its place in every newest-first list: the second it counts for (when it was published, or
    when we first saw it if that is unknown or earlier), shifted left by 20 bits, plus 20 bits taken from the
    URL. It is given once and never changes. `first_seen_at` is ours and never changes either; `updated_at`
    is when the row last took a new version. `asked_url` is the address by which the article was first met,
    `endpoint` who named it, `entry_hashes` the last few fingerprints of what endpoints said of it, newest
    first. `backfill` marks articles of a run over old pages, which no digest reports. `story_id`, `relation`
    and `origin` are written by the grouping of stories.
    """

    __tablename__ = "article"
    __table_args__ = (
        Index("ix_article_seen", "first_seen_at", "id"),
        Index("ix_article_outlet", "outlet", "id"),
        Index("ix_article_language", "language", "id"),
        Index("ix_article_credit", "credit", "id"),
    )

    id: int = Field(primary_key=True, sa_type=ArticleId, sa_column_kwargs={"autoincrement": False})
    url: str = Field(unique=True)
    asked_url: str = ""
    outlet: str
    title: str
    lead: str = ""
    authors: list[str] = Field(default_factory=list, sa_type=JSON)
    published_at: datetime | None = None
    published_from: str = ""
    modified_at: datetime | None = None
    first_seen_at: datetime
    updated_at: datetime
    section: str = ""
    language: str = ""
    image_url: str = ""
    credit: str = ""
    method: str = ""
    profile: str = ""
    completeness: str = "full"
    content_hash: str
    entry_hashes: list[str] = Field(default_factory=list, sa_type=JSON)
    endpoint: str = ""
    revisions: int = 0
    backfill: bool = False
    story_id: str | None = Field(default=None, index=True)
    relation: str = ""
    origin: str = ""


class ArticleBody(SQLModel, table=True):
    """The text of an article and what was noted on reading and tagging it. `tags` is the whole answer of
    the taggers with its evidence, before any correction, and `tagged_by` their version; `story_evidence` says
    why the article stands in its story."""

    __tablename__ = "article_body"

    article_id: int = Field(
        primary_key=True,
        foreign_key="article.id",
        ondelete="CASCADE",
        sa_type=ArticleId,
        sa_column_kwargs={"autoincrement": False},
    )
    text: str = ""
    credit_text: str = ""
    dateline: str = ""
    captions: list[str] = Field(default_factory=list, sa_type=JSON)
    keywords: list[str] = Field(default_factory=list, sa_type=JSON)
    origins: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    tags: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    tagged_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    story_evidence: list[str] = Field(default_factory=list, sa_type=JSON)


class ArticleAlias(SQLModel, table=True):
    """Another address that led to an article: a redirect, a mobile page, a moved page."""

    __tablename__ = "article_alias"

    url: str = Field(primary_key=True)
    article_id: int = Field(foreign_key="article.id", ondelete="CASCADE", index=True, sa_type=ArticleId)


class Revision(SQLModel, table=True):
    """A version that an article had before the one it has now. `seen_at` is when that version was first
    seen, `replaced_at` when the next one was."""

    __tablename__ = "revision"

    article_id: int = Field(primary_key=True, foreign_key="article.id", ondelete="CASCADE", sa_type=ArticleId)
    number: int = Field(primary_key=True)
    seen_at: datetime
    replaced_at: datetime
    title: str
    lead: str
    text: str
    content_hash: str


class ArticleProvince(SQLModel, table=True):
    """A province tag: `code` is `vn34:NN`, `role` `about` or `mentioned`, `rank` 0 the most central."""

    __tablename__ = "article_province"
    __table_args__ = (Index("ix_article_province_code", "code", "role", "article_id"), NO_ROWID)

    article_id: int = Field(primary_key=True, foreign_key="article.id", ondelete="CASCADE", sa_type=ArticleId)
    code: str = Field(primary_key=True)
    role: str
    rank: int
    score: float


class ArticleOldProvince(SQLModel, table=True):
    """A unit of before 2025-07-01 that the text decides: `code` is `vn63:NN`, never mixed with the new."""

    __tablename__ = "article_old_province"
    __table_args__ = (Index("ix_article_old_province_code", "code", "role", "article_id"), NO_ROWID)

    article_id: int = Field(primary_key=True, foreign_key="article.id", ondelete="CASCADE", sa_type=ArticleId)
    code: str = Field(primary_key=True)
    role: str


class ArticleTopic(SQLModel, table=True):
    """A topic tag: `topic` is `medtop:NNNNNNNN` or a user's own id."""

    __tablename__ = "article_topic"
    __table_args__ = (Index("ix_article_topic_topic", "topic", "article_id"), NO_ROWID)

    article_id: int = Field(primary_key=True, foreign_key="article.id", ondelete="CASCADE", sa_type=ArticleId)
    topic: str = Field(primary_key=True)
    rank: int
    score: float


class ArticleWatchlist(SQLModel, table=True):
    """That an article meets the watch-list of this id."""

    __tablename__ = "article_watchlist"
    __table_args__ = (Index("ix_article_watchlist_watchlist", "watchlist", "article_id"), NO_ROWID)

    article_id: int = Field(primary_key=True, foreign_key="article.id", ondelete="CASCADE", sa_type=ArticleId)
    watchlist: str = Field(primary_key=True)


class CorrectionRow(SQLModel, table=True):
    """What a person said of one tag of an article; see models.correction. `place` is its position among
    those said at once. The tag tables hold what counts: the taggers' answer with the corrections applied."""

    __tablename__ = "correction"

    article_id: int = Field(primary_key=True, foreign_key="article.id", ondelete="CASCADE", sa_type=ArticleId)
    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    verdict: str
    within: str = ""
    label: str = ""
    by: str = ""
    note: str = ""
    at: datetime
    place: int = 0
