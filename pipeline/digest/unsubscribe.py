"""Unsubscribing by the link of a mail. Looking at the link changes nothing; only `unsubscribe` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from models.ports import Database
from models.tables.digests import Recipient
from pipeline.digest import tokens
from pipeline.digest.outbox import cancel


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribable:
    """Whom and what a token names."""

    subscription: str
    address: str
    unsubscribed: bool


def look(database: Database, keys: Sequence[str], token: str) -> Unsubscribable | None:
    """What the token names; None for a forged or outdated one. Changes nothing (a GET may call it)."""
    signed = tokens.read(keys, token)
    if signed is None:
        return None
    with database.reading() as connection:
        row = connection.execute(
            select(col(Recipient.subscription), col(Recipient.address), col(Recipient.unsubscribed_at)).where(
                col(Recipient.id) == signed[0], col(Recipient.generation) >= signed[1]
            )
        ).first()
    if row is None:
        return None
    return Unsubscribable(subscription=row[0], address=row[1], unsubscribed=row[2] is not None)


def unsubscribe(database: Database, keys: Sequence[str], token: str, now: datetime) -> bool:
    """Stop the mails that the token names, those that wait included. Doing it twice is doing it once.

    False for a token that names nothing; a web page should answer the same for both.
    """
    found = look(database, keys, token)
    signed = tokens.read(keys, token)
    if found is None or signed is None:
        return False
    with database.writing() as connection:
        row = (col(Recipient.id) == signed[0], col(Recipient.unsubscribed_at).is_(None))
        connection.execute(update(Recipient).where(*row).values(unsubscribed_at=now))
        cancel(connection, "unsubscribed", recipient=found.address, subscription=found.subscription)
    return True
