"""Double opt-in: an address that no administrator vouches for is asked first, and gets nothing else before
it says yes. Looking at the link changes nothing; only `confirm` does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

from sqlalchemy import select, update
from sqlmodel import col

from models.digest import Subscription
from models.ports import Database
from models.tables.digests import Recipient
from pipeline.digest import tokens
from pipeline.digest.mailing import PlanOptions, confirm_way, new_mail
from pipeline.digest.message import Notice
from pipeline.digest.outbox import enqueue, insert_for
from pipeline.digest.words import WORDS, schedule_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whom and what a confirmation token names."""

    subscription: str
    address: str
    pending: bool


def ask(
    database: Database, subscription: Subscription, address: str, options: PlanOptions, now: datetime
) -> bool:
    """Put the question into the outbox, once; False when the address needs no asking or was asked before."""
    with database.writing() as connection:
        row = insert_for(connection, Recipient).values(
            subscription=subscription.slug, address=address, generation=1, pending=True
        )
        once = row.on_conflict_do_nothing(index_elements=["subscription", "address"])
        number = connection.execute(once.returning(col(Recipient.id))).scalar()
        if number is None:
            return False
        question = _question(subscription, confirm_way(options, number))
        key = f"confirm|{subscription.slug}|{number}"
        enqueue(connection, [new_mail(question, subscription, address, key, options, now)])
    return True


def look(database: Database, keys: tuple[str, ...], token: str) -> Asked | None:
    """What the token names; None for a forged one. Changes nothing (a GET may call it)."""
    signed = tokens.read(keys, token, tokens.CONFIRM)
    if signed is None:
        return None
    with database.reading() as connection:
        row = connection.execute(
            select(col(Recipient.subscription), col(Recipient.address), col(Recipient.pending)).where(
                col(Recipient.id) == signed[0]
            )
        ).first()
    return Asked(subscription=row[0], address=row[1], pending=row[2]) if row else None


def confirm(database: Database, keys: tuple[str, ...], token: str) -> Asked | None:
    """Take the address on. Doing it twice is doing it once; None for a token that names nothing."""
    found = look(database, keys, token)
    signed = tokens.read(keys, token, tokens.CONFIRM)
    if found is None or signed is None:
        return None
    with database.writing() as connection:
        connection.execute(update(Recipient).where(col(Recipient.id) == signed[0]).values(pending=False))
    return found


def _question(subscription: Subscription, link: str) -> Notice:
    """The mail that asks, in the subscription's language."""
    said = WORDS[subscription.language]
    title = " ".join(subscription.title.split())
    subject = said["confirm_subject"].format(title=title)
    lines = [
        said["confirm_why"].format(title=title, when=schedule_of(subscription)),
        said["confirm_do"],
        link,
        said["confirm_else"],
    ]
    anchor = f'<a href="{escape(link)}">{escape(said["confirm_link"])}</a>'
    body = "".join(f"<p>{anchor if line is link else escape(line)}</p>" for line in lines)
    page = (
        f'<!DOCTYPE html><html lang="{subscription.language}"><head><meta charset="utf-8">'
        f"<title>{escape(subject)}</title></head><body><main><h1>{escape(subject)}</h1>{body}</main></body></html>"
    )
    return Notice(subject=subject, text="\n\n".join(lines) + "\n", html=page)
