"""Digests: what was planned, what each subscription was told, and the mails that wait or went.

`digest_run` makes planning happen once for a subscription and slot; `outbox` holds each mail's way, and
`outbox_body` the frozen bytes that every attempt sends: apart, because a database that changes one field of a
row writes the whole row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, UniqueConstraint, false
from sqlmodel import Field, SQLModel


class SubscriptionRow(SQLModel, table=True):
    """Who gets which digest when: `definition` holds the keys of a `[[subscription]]` of the TOML form."""

    __tablename__ = "subscription"

    slug: str = Field(primary_key=True)
    place: int
    definition: dict[str, Any] = Field(sa_type=JSON)
    changed_at: datetime


class DigestRun(SQLModel, table=True):
    """One slot of one subscription, planned or skipped. `state` is a `RunState`; the window is
    `(since, until]`; `articles` is what later digests compare with."""

    __tablename__ = "digest_run"
    __table_args__ = (
        UniqueConstraint("subscription", "slot"),
        Index("ix_digest_run_planned", "planned_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    subscription: str
    slot: str
    state: str
    reason: str = ""
    since: datetime
    until: datetime
    send_at: datetime
    planned_at: datetime
    subject: str = ""
    stories: int = 0
    articles: int = 0
    late: bool = False


class DigestItemRow(SQLModel, table=True):
    """A story that a subscription was told. `told_until` is the cut-off of the last digest that told of it;
    `headline_url` finds it again after grouping has given the story another id."""

    __tablename__ = "digest_item"
    __table_args__ = (Index("ix_digest_item_headline", "subscription", "headline_url"),)

    subscription: str = Field(primary_key=True)
    story: str = Field(primary_key=True)
    run_id: int = Field(foreign_key="digest_run.id", index=True)
    headline_url: str = ""
    told_until: datetime


class Recipient(SQLModel, table=True):
    """An address of a subscription. Its id and `generation` stand in unsubscribe links, so that those hold
    neither address nor slug. A `pending` one has been asked whether it wants the mail and gets nothing else
    before it says yes."""

    __tablename__ = "digest_recipient"
    __table_args__ = (UniqueConstraint("subscription", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    subscription: str
    address: str
    generation: int = 1
    unsubscribed_at: datetime | None = None
    pending: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class OutboxRow(SQLModel, table=True):
    """One mail to one recipient; those of old digests are gone. `dedupe_key` is subscription, slot, revision
    and recipient; `lease_owner` is the fencing token of the sender that holds it; `due_at` is the send time
    of its digest."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "state", "next_try_at"),)

    id: int | None = Field(default=None, primary_key=True)
    run_id: int | None = Field(default=None, foreign_key="digest_run.id", index=True)
    dedupe_key: str = Field(unique=True)
    message_id: str
    sender: str
    recipient: str = Field(index=True)
    state: str
    attempts: int = 0
    queued_at: datetime
    due_at: datetime
    next_try_at: datetime
    lease_until: datetime | None = None
    lease_owner: str = ""
    data_at: datetime | None = None
    sent_at: datetime | None = None
    last_code: int | None = None
    last_text: str = ""


class OutboxBody(SQLModel, table=True):
    """The bytes of a mail of the outbox, of the same `dedupe_key`; those of old mails are gone."""

    __tablename__ = "outbox_body"

    dedupe_key: str = Field(primary_key=True, foreign_key="outbox.dedupe_key")
    mime: bytes = Field(sa_type=LargeBinary)


class Suppression(SQLModel, table=True):
    """An address that gets no mail until `until` (None: for good), or one that is being watched:
    `soft_bounces` counts full mailboxes in a row."""

    __tablename__ = "mail_suppression"

    address: str = Field(primary_key=True)
    reason: str = ""
    active: bool = True
    soft_bounces: int = 0
    since: datetime
    until: datetime | None = None


class MailNote(SQLModel, table=True):
    """What is remembered between passes: why the queue is stopped, until when the server is left alone, which
    instance sends and how far it has got; which runs a clock that ran ahead has planned; how far stories were
    told before a digest updated them; when old mails were last let go of; and how large articles were when
    old ones were removed."""

    __tablename__ = "mail_note"

    name: str = Field(primary_key=True)
    value: str = ""
    at: datetime
