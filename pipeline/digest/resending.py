"""A digest once more for who has lost it, and one to try the way with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import col

from models.digest import RenderedDigest, RunState, Subscription
from models.errors import ConfigError
from models.mail import MailChannel, NewMail, OutgoingMail, SendResult
from models.ports import Database
from models.tables.digests import DigestRun, OutboxRow, Recipient
from pipeline.digest import tokens
from pipeline.digest.forgetting import KEEP_BODIES
from pipeline.digest.mailing import PlanOptions, new_mail
from pipeline.digest.message import POLICY, sender_address
from pipeline.digest.outbox import body_of, enqueue, suppressed
from pipeline.digest.words import WORDS

_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]


def resend(
    database: Database, slug: str, key: str, options: PlanOptions, now: datetime, *, to: str = ""
) -> list[str]:
    """Queue the mails of a digest again, text unchanged, under a new Message-ID; returns the recipients.

    `key` is its local date, empty for the last one; `to` restricts to one recipient. Who has unsubscribed
    since, or is suppressed, gets nothing. Raises ConfigError when there is no such digest, or its mails
    are no longer kept.
    """
    with database.writing() as connection:
        run, slot = _run(connection, slug, key)
        asked = select(_OUTBOX).where(
            _OUTBOX.c.run_id == run, _OUTBOX.c.dedupe_key.like(f"{slug}|{slot}|0|%")
        )
        kept = connection.execute(asked).all()
        if not kept:
            raise _too_long_ago(slug, slot)
        mails = [mail for mail in kept if to in ("", mail.recipient)]
        stopped = _stopped(connection, slug, [mail.recipient for mail in mails], now)
        again = [mail for mail in mails if mail.recipient.lower() not in stopped]
        for mail in again:
            enqueue(connection, [_copy(connection, mail, slug, slot, options, now)], run)
    return [mail.recipient for mail in again]


def _run(connection: Connection, slug: str, key: str) -> tuple[int, str]:
    asked = select(col(DigestRun.id), col(DigestRun.slot)).where(
        col(DigestRun.subscription) == slug, col(DigestRun.state) == RunState.PLANNED
    )
    if key:
        asked = asked.where(col(DigestRun.slot) == key)
    run = connection.execute(asked.order_by(col(DigestRun.until).desc())).first()
    if run is None:
        about = f"{slug} {key}".strip()
        raise ConfigError("no such digest was planned", about=about, hint="see `diembao digest status`")
    return run[0] or 0, run[1]


def _stopped(connection: Connection, slug: str, addresses: Sequence[str], now: datetime) -> set[str]:
    unsubscribed = connection.execute(
        select(col(Recipient.address)).where(
            col(Recipient.subscription) == slug, col(Recipient.unsubscribed_at).is_not(None)
        )
    ).scalars()
    return {address.lower() for address in unsubscribed} | suppressed(connection, addresses, now)


def _copy(
    connection: Connection, mail: Any, slug: str, slot: str, options: PlanOptions, now: datetime
) -> NewMail:
    """A mail's next revision."""
    person = mail.dedupe_key.rpartition("|")[2]
    mine = _OUTBOX.c.dedupe_key.like(f"{slug}|{slot}|%|{person}")
    before = connection.execute(select(func.count()).select_from(_OUTBOX).where(mine)).scalar_one()
    key = f"{slug}|{slot}|{before}|{person}"
    body = body_of(connection, mail.dedupe_key)
    if body is None:
        raise _too_long_ago(slug, slot)
    message_id = tokens.message_id(options.keys[0], key, sender_address(options.sender).domain)
    return NewMail(
        dedupe_key=key,
        message_id=message_id,
        sender=mail.sender,
        recipient=mail.recipient,
        mime=_renamed(body, message_id),
        queued_at=now,
        due_at=now,
    )


def _too_long_ago(slug: str, slot: str) -> ConfigError:
    hint = f"mails are kept for {KEEP_BODIES.days} days"
    return ConfigError("too long ago to be sent again", about=f"{slug} {slot}", hint=hint)


def _renamed(mime: bytes, message_id: str) -> bytes:
    message = message_from_bytes(mime, policy=POLICY)
    message.replace_header("Message-ID", message_id)
    return message.as_bytes()


async def send_test(
    channel: MailChannel,
    rendered: RenderedDigest,
    address: str,
    options: PlanOptions,
    now: datetime,
) -> SendResult:
    """Hand a digest to one address at once, marked as a test; nothing is remembered, nothing retried."""
    subscription: Subscription = rendered.digest.subscription
    marked = replace(rendered, subject=WORDS[subscription.language]["test_subject"] + rendered.subject)
    key = f"test|{subscription.slug}|{address}|{now.isoformat()}"
    made = new_mail(marked, subscription, address, key, options, now)
    mail = OutgoingMail(message_id=made.message_id, sender=made.sender, recipient=address, mime=made.mime)
    async with channel.session() as session:
        return await session.send(mail)
