"""A mail: what is handed over, to what, and what became of it.

All times are aware UTC.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class MailState(StrEnum):
    """Where a mail of the outbox stands. `cancelled`: taken back before any attempt."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    BOUNCED = "bounced"
    DEAD = "dead"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class Reply(StrEnum):
    """What a mail server's answer means for us (classes of RFC 5321 replies and RFC 3463 codes)."""

    SENT = "sent"
    TRANSIENT = "transient"  # try again later
    BUSY = "busy"  # 421: leave this server alone for a while
    HARD = "hard"  # the address does not exist
    SOFT = "soft"  # the mailbox is full
    SENDER = "sender"  # refused for what we are or what we sent
    CONFIG = "config"  # our login or sender address: nothing can be sent
    UNKNOWN = "unknown"  # the connection broke after the last dot


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """The answer to one mail. `code` is the SMTP reply code, None without a reply."""

    reply: Reply
    code: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """One frozen mail to one recipient; `mime` is sent as it is."""

    message_id: str
    sender: str
    recipient: str
    mime: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMail:
    """A mail for the outbox. `dedupe_key` is subscription, slot, revision and recipient; `due_at` the send
    time of its digest."""

    dedupe_key: str
    message_id: str
    sender: str
    recipient: str
    mime: bytes
    queued_at: datetime
    due_at: datetime


class MailSession(Protocol):
    """An open way to hand over mails, one after the other."""

    async def send(self, mail: OutgoingMail) -> SendResult:
        """Hand over one mail. Never raises for what a server or a network can do."""
        ...


class MailChannel(Protocol):
    """Where mails go. `fingerprint` changes when the configuration does, so that a queue stopped for a
    wrong password starts again with a new one."""

    name: str
    fingerprint: str

    def session(self) -> AbstractAsyncContextManager[MailSession]:
        """Open lazily: an unreachable server is an answer of `send`, not an error here."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Mails of the outbox that wait for the same reason: `why` is the server's last words, empty for mails
    that were not tried yet; `recipient` is one of theirs, `next_try_at` the earliest next try."""

    mails: int
    recipient: str
    why: str
    next_try_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What one delivery pass did. `paused` says why nothing (more) may be sent, `alerts` what an operator
    should know, `waiting` what the outbox holds after it, by reason."""

    channel: str
    sent: int = 0
    retry: int = 0
    bounced: int = 0
    dead: int = 0
    unknown: int = 0
    paused: str = ""
    alerts: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
