"""What is remembered of collecting: how every URL ended, and where each endpoint stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class OutcomeRow(SQLModel, table=True):
    """How one URL stands, and how it was last met.

    `reason`, `stage`, `detail` and `at` are its standing outcome: once an article was kept from it, only
    another version of the article replaces that. `last_reason` and `last_at` tell of the latest meeting,
    whatever it was (`known` on a poll that brought nothing, `timeout` on a re-read that failed). `attempts`
    counts the fetches in a row that brought nothing new, `tried_at` is the moment of the latest one, and
    `not_before` when the host wants to be asked for it again at the earliest.
    """

    __tablename__ = "outcome"
    __table_args__ = (
        Index("ix_outcome_at", "at"),
        Index("ix_outcome_outlet", "outlet", "reason"),
    )

    url: str = Field(primary_key=True)
    outlet: str
    stage: str
    reason: str
    detail: str = ""
    endpoint: str = ""
    at: datetime
    first_at: datetime
    last_at: datetime
    last_reason: str
    last_detail: str = ""
    times: int = 1
    attempts: int = 0
    tried_at: datetime | None = None
    not_before: datetime | None = None


class EndpointRow(SQLModel, table=True):
    """What models.ports.EndpointState says, kept."""

    __tablename__ = "endpoint"
    __table_args__ = (Index("ix_endpoint_due", "next_due_at"),)

    url: str = Field(primary_key=True)
    outlet: str = Field(index=True)
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


class NamingRow(SQLModel, table=True):
    """That an endpoint named an address, since `first_at`; `published_at` is what its entry said of when.
    `kind` is feed, sitemap or listing."""

    __tablename__ = "naming"
    __table_args__ = (Index("ix_naming_outlet", "outlet", "first_at"),)

    url: str = Field(primary_key=True)
    endpoint: str = Field(primary_key=True)
    outlet: str
    kind: str
    first_at: datetime
    published_at: datetime | None = None


class MissingPageRow(SQLModel, table=True):
    """What models.ports.MissingPage says, kept."""

    __tablename__ = "missing_page"

    host: str = Field(primary_key=True)
    url: str
    status: int
    final_url: str
    title: str
    fingerprint: str
    asked_at: datetime


class HealthRow(SQLModel, table=True):
    """How an outlet fared at the latest check. `since` is when it came into its state, `runs` the number of
    checks in a row that found it not OK; `alarmed` tells that people were told and not yet of recovery."""

    __tablename__ = "outlet_health"

    outlet: str = Field(primary_key=True)
    state: str
    reason: str = ""
    since: datetime
    checked_at: datetime
    runs: int = 0
    alarmed: bool = False
