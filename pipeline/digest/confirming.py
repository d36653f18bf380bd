"""Double opt-in: an address that no administrator vouches for is asked first, and gets nothing else before
it says yes (`pipeline.digest.links`)."""

from __future__ import annotations

from datetime import datetime
from html import escape

from sqlmodel import col

from models.digest import Subscription
from models.ports import Database
from models.tables.digests import Recipient
from pipeline.dialects import insert_for
from pipeline.digest.mailing import PlanOptions, confirm_way, new_mail
from pipeline.digest.message import Notice
from pipeline.digest.outbox import enqueue
from pipeline.digest.words import WORDS, schedule_of


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
