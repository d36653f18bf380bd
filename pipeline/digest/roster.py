"""Subscriptions in the database: read, added, changed, removed; taken from and written to the TOML form.

The table holds each subscription as the keys of its TOML table and reads it through the same checks, so
that nothing comes to stand in the database that the file could not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, func, select, update
from sqlmodel import col

from models.digest import Subscription
from models.errors import ConfigError
from models.ports import Database
from models.tables.digests import Recipient, SubscriptionRow, Suppression
from pipeline.dialects import insert_for
from pipeline.digest.outbox import cancel, read_note, suppressing, write_note
from pipeline.digest.subscriptions import from_tables, load_subscriptions, table_of

SEEDED = "subscriptions_seeded"


def in_force(database: Database, file: Path, now: datetime) -> list[Subscription]:
    """The subscriptions of the database; at the first run those of `file` are taken in before.

    Raises ConfigError when the file cannot be read.
    """
    if read_note(database, SEEDED) is None:
        take_in(database, load_subscriptions(file), now)
    return every(database)


def every(database: Database) -> list[Subscription]:
    """All subscriptions, in the order in which they were added."""
    with database.reading() as connection:
        asked = select(col(SubscriptionRow.definition)).order_by(col(SubscriptionRow.place))
        tables = list(connection.execute(asked).scalars())
    return from_tables({"subscription": tables}, "database")


def one(database: Database, slug: str) -> Subscription:
    """The subscription of that name. Raises ConfigError when there is none."""
    for subscription in every(database):
        if subscription.slug == slug:
            return subscription
    raise ConfigError("no such subscription", about=slug, hint="see `diembao subscriptions list`")


def take_in(database: Database, subscriptions: Iterable[Subscription], now: datetime) -> tuple[int, int]:
    """Add what is new and replace what has the same name, as `change` does; how many were added and
    replaced."""
    known = {subscription.slug: subscription for subscription in every(database)}
    taken = list(subscriptions)
    with database.writing() as connection:
        for subscription in taken:
            _write(connection, subscription, now)
            if before := known.get(subscription.slug):
                _take_back(connection, before, subscription)
    if read_note(database, SEEDED) is None:
        write_note(database, SEEDED, "yes", now)
    replaced = sum(subscription.slug in known for subscription in taken)
    return len(taken) - replaced, replaced


def add(database: Database, subscription: Subscription, now: datetime) -> None:
    """Add a subscription. Raises ConfigError when its name is taken."""
    with database.writing() as connection:
        if _known(connection, subscription.slug):
            raise ConfigError(
                "there is a subscription of this name", about=subscription.slug, hint="use `edit`, or another"
            )
        _write(connection, subscription, now)


def change(database: Database, subscription: Subscription, now: datetime) -> None:
    """Put a subscription in the place of the one of its name. Recipients who are dropped get nothing that
    still waits. Raises ConfigError when there is none."""
    before = one(database, subscription.slug)
    with database.writing() as connection:
        _write(connection, subscription, now)
        _take_back(connection, before, subscription)


def pause(database: Database, slug: str, now: datetime, *, active: bool = False) -> None:
    """Stop a subscription, or let it go on: the next digest then reaches back to the last one, at most 14
    days. Raises ConfigError when there is none."""
    change(database, replace(one(database, slug), active=active), now)


def remove(database: Database, slug: str) -> int:
    """Remove a subscription; how many waiting mails were taken back. What it was told stays known, so that
    one of the same name does not tell it again. Raises ConfigError when there is none."""
    one(database, slug)
    with database.writing() as connection:
        connection.execute(delete(SubscriptionRow).where(col(SubscriptionRow.slug) == slug))
        return cancel(connection, "the subscription was removed", subscription=slug)


def pending(database: Database) -> set[tuple[str, str]]:
    """(subscription, address) of the recipients who have not confirmed yet."""
    with database.reading() as connection:
        rows = connection.execute(
            select(col(Recipient.subscription), col(Recipient.address)).where(col(Recipient.pending))
        )
        return {(row[0], row[1]) for row in rows}


def left(database: Database) -> set[tuple[str, str]]:
    """(subscription, address) of the recipients who have unsubscribed."""
    with database.reading() as connection:
        rows = connection.execute(
            select(col(Recipient.subscription), col(Recipient.address)).where(
                col(Recipient.unsubscribed_at).is_not(None)
            )
        )
        return {(row[0], row[1]) for row in rows}


def suppressions(database: Database, now: datetime) -> dict[str, tuple[datetime, str]]:
    """The addresses (in lower case) that get no mail now, each with since when and the server's words."""
    asked = select(col(Suppression.address), col(Suppression.since), col(Suppression.reason))
    with database.reading() as connection:
        rows = connection.execute(asked.where(*suppressing(now)).order_by(col(Suppression.address)))
        return {row[0]: (row[1], row[2]) for row in rows}


def resubscribe(database: Database, slug: str, address: str) -> bool:
    """Take a recipient back on who had unsubscribed, at their own wish; whether they had. Raises ConfigError
    when there is no such subscription or it does not name the address."""
    if address.lower() not in {each.lower() for each in one(database, slug).recipients}:
        hint = f"add it with `diembao subscriptions edit {slug}`"
        raise ConfigError("no recipient of this subscription", about=address, hint=hint)
    mine = col(Recipient.subscription) == slug, func.lower(col(Recipient.address)) == address.lower()
    gone = update(Recipient).where(*mine, col(Recipient.unsubscribed_at).is_not(None))
    back = gone.values(unsubscribed_at=None, generation=col(Recipient.generation) + 1)
    with database.writing() as connection:
        return connection.execute(back).rowcount > 0


def unsuppress(database: Database, address: str, now: datetime) -> bool:
    """Let an address get mails again; whether it was suppressed. What was taken back stays so."""
    mine = col(Suppression.address) == address.lower()
    with database.writing() as connection:
        return connection.execute(delete(Suppression).where(mine, *suppressing(now))).rowcount > 0


def differs(subscriptions: Sequence[Subscription], file: Path) -> bool:
    """Whether the file says something else than what is in force. Raises ConfigError."""
    return load_subscriptions(file) != list(subscriptions)


def _known(connection: Connection, slug: str) -> bool:
    mine = select(col(SubscriptionRow.slug)).where(col(SubscriptionRow.slug) == slug)
    return connection.execute(mine).first() is not None


def _write(connection: Connection, subscription: Subscription, now: datetime) -> None:
    last = connection.execute(select(func.max(col(SubscriptionRow.place)))).scalar()
    values = {"definition": table_of(subscription), "changed_at": now}
    row = insert_for(connection, SubscriptionRow).values(
        slug=subscription.slug, place=(last or 0) + 1, **values
    )
    connection.execute(row.on_conflict_do_update(index_elements=["slug"], set_=values))


def _take_back(connection: Connection, before: Subscription, after: Subscription) -> None:
    """Take back what waits for the recipients whom a change dropped."""
    kept = {address.lower() for address in after.recipients}
    for address in before.recipients:
        if address.lower() not in kept:
            cancel(connection, "no longer a recipient", recipient=address, subscription=after.slug)
