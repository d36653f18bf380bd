"""One mail to one recipient: who sends, its identity, its envelope, its bytes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models.digest import RenderedDigest, Subscription
from models.mail import NewMail
from pipeline.digest import tokens
from pipeline.digest.message import Envelope, Notice, build, sender_address
from pipeline.digest.schedule import STALE_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """Who sends, with which keys (the first signs), and the address of the service in links, if any."""

    sender: str
    keys: tuple[str, ...]
    public_url: str = ""
    stale_after: timedelta = STALE_AFTER


def new_mail(
    content: RenderedDigest | Notice,
    subscription: Subscription,
    recipient: str,
    key: str,
    options: PlanOptions,
    date: datetime,
    *,
    due_at: datetime | None = None,
    unsubscribe: tuple[str, str] = ("", ""),
) -> NewMail:
    """The mail with its frozen bytes. `key` tells it from all others and makes its Message-ID; `unsubscribe`
    is a URL and a mailto address, as from `unsubscribe_ways`. Raises ConfigError, DeliveryError."""
    sender = sender_address(options.sender)
    message_id = tokens.message_id(options.keys[0], key, sender.domain)
    envelope = Envelope(
        sender=options.sender,
        recipient=recipient,
        message_id=message_id,
        date=date,
        language=subscription.language,
        list_id=f"{subscription.slug}.{sender.domain}",
        subscription=subscription.slug,
        unsubscribe=unsubscribe[0],
        unsubscribe_mail=unsubscribe[1],
        parts=subscription.format,
    )
    return NewMail(
        dedupe_key=key,
        message_id=message_id,
        sender=sender.addr_spec,
        recipient=recipient,
        mime=build(content, envelope),
        queued_at=date.astimezone(UTC),
        due_at=due_at or date.astimezone(UTC),
    )


def unsubscribe_ways(options: PlanOptions, recipient: int, generation: int) -> tuple[str, str]:
    """A recipient's unsubscribe URL (empty without a public address) and mailto address."""
    return _ways(options, "u", "unsubscribe", tokens.sign(options.keys, recipient, generation))


def confirm_way(options: PlanOptions, recipient: int) -> str:
    """Where a recipient says yes: a URL, or a mailto address without a public one."""
    url, mailto = _ways(options, "c", "confirm", tokens.sign(options.keys, recipient, 1, tokens.CONFIRM))
    return url or mailto


def _ways(options: PlanOptions, path: str, word: str, token: str) -> tuple[str, str]:
    base = options.public_url.rstrip("/")
    address = sender_address(options.sender).addr_spec
    return (f"{base}/{path}/{token}" if base else ""), f"mailto:{address}?subject={word}%20{token}"
