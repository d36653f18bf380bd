"""What the links of a mail ask for: no more mails, or, of somebody who was asked, the first one. Looking at a
link changes nothing; only `unsubscribe` and `confirm` do, and doing it twice is doing it once."""

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
class Named:
    """The recipient whom a token names, by the `id` of its row; `pending` until it says yes."""

    id: int
    subscription: str
    address: str
    pending: bool
    unsubscribed: bool


def look(database: Database, keys: Sequence[str], token: str, salt: str = tokens.SALT) -> Named | None:
    """Whom the token names; None for a forged or outdated one, and for one of another purpose than that of
    `salt`. Changes nothing (a GET may call it)."""
    signed = tokens.read(keys, token, salt)
    if signed is None:
        return None
    columns = (Recipient.subscription, Recipient.address, Recipient.pending, Recipient.unsubscribed_at)
    number, generation = signed
    asked = select(*map(col, columns)).where(
        col(Recipient.id) == number, col(Recipient.generation) >= generation
    )
    with database.reading() as connection:
        row = connection.execute(asked).first()
    if row is None:
        return None
    return Named(
        id=number,
        subscription=row.subscription,
        address=row.address,
        pending=row.pending,
        unsubscribed=row.unsubscribed_at is not None,
    )


def unsubscribe(database: Database, keys: Sequence[str], token: str, now: datetime) -> Named | None:
    """Stop the mails that the token names, those that wait included; whom it names, as it stood before.

    None for a token that names nobody; a web page should answer the same for both.
    """
    found = look(database, keys, token)
    if found is not None:
        mine = (col(Recipient.id) == found.id, col(Recipient.unsubscribed_at).is_(None))
        with database.writing() as connection:
            connection.execute(update(Recipient).where(*mine).values(unsubscribed_at=now))
            cancel(connection, "unsubscribed", recipient=found.address, subscription=found.subscription)
    return found


def confirm(database: Database, keys: Sequence[str], token: str) -> Named | None:
    """Take on the address that the token names; whom it names, as it stood before. None for a token that
    names nobody."""
    found = look(database, keys, token, tokens.CONFIRM)
    if found is not None:
        with database.writing() as connection:
            connection.execute(update(Recipient).where(col(Recipient.id) == found.id).values(pending=False))
    return found
