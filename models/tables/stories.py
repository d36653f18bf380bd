"""Stories, the ids that merged into others, what leads from article to article, and saved searches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field, SQLModel

from models.tables.articles import NO_ROWID, ArticleId


class StoryRow(SQLModel, table=True):
    """One event. `articles` counts its articles, `outlets` and `languages` those that carry it, `provinces`
    and `topics` are of the whole, most frequent first."""

    __tablename__ = "story"
    __table_args__ = (Index("ix_story_seen", "last_seen_at"),)

    id: str = Field(primary_key=True)
    headline: str = ""
    summary: str = ""
    first_seen_at: datetime
    last_seen_at: datetime
    articles: int = 0
    outlets: list[str] = Field(default_factory=list, sa_type=JSON)
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    provinces: list[str] = Field(default_factory=list, sa_type=JSON)
    topics: list[str] = Field(default_factory=list, sa_type=JSON)


class StoryAlias(SQLModel, table=True):
    """The id of a story that was merged into another; it stays valid in links and sent digests."""

    __tablename__ = "story_alias"

    old_id: str = Field(primary_key=True)
    story_id: str = Field(index=True)


class ArticleBand(SQLModel, table=True):
    """A band of the MinHash signature of an article's text: articles that share one may be copies."""

    __tablename__ = "article_band"
    __table_args__ = (Index("ix_article_band_article", "article_id"), NO_ROWID)

    band: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    value: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    article_id: int = Field(primary_key=True, foreign_key="article.id", ondelete="CASCADE", sa_type=ArticleId)


class ArticleClue(SQLModel, table=True):
    """A rare fact of an article, by its hash: articles that share several may tell of one event."""

    __tablename__ = "article_clue"
    __table_args__ = (Index("ix_article_clue_article", "article_id"), NO_ROWID)

    clue: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    article_id: int = Field(primary_key=True, foreign_key="article.id", ondelete="CASCADE", sa_type=ArticleId)


class SavedSearch(SQLModel, table=True):
    """A search under a name. The text is kept, so that `từ:7d` stays relative."""

    __tablename__ = "saved_search"

    name: str = Field(primary_key=True)
    query: str
    created_at: datetime
    updated_at: datetime
