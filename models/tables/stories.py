"""Stories, the ids that merged into others, and saved searches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel


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


class SavedSearch(SQLModel, table=True):
    """A search under a name. The text is kept, so that `từ:7d` stays relative."""

    __tablename__ = "saved_search"

    name: str = Field(primary_key=True)
    query: str
    created_at: datetime
    updated_at: datetime
