"""What became of the digests: planned, sent, skipped and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from models.digest import DigestStatus, RunState
from models.mail import MailState
from models.ports import Database
from models.tables.digests import DigestRun, OutboxRow

_PROBLEMS = (MailState.RETRY, MailState.BOUNCED, MailState.DEAD, MailState.UNKNOWN, MailState.CANCELLED)


def status(database: Database, since: datetime) -> list[DigestStatus]:
    """Every slot planned or skipped since then, newest first, with its mails by state."""
    with database.reading() as connection:
        table = DigestRun.__table__  # type: ignore[attr-defined]
        recent = select(table).where(col(DigestRun.planned_at) >= since)
        runs = connection.execute(
            recent.order_by(col(DigestRun.planned_at).desc(), col(DigestRun.id).desc())
        ).mappings()
        known = list(runs)
        chosen = select(col(DigestRun.id)).where(col(DigestRun.planned_at) >= since)
        mine = col(OutboxRow.run_id).in_(chosen)
        counts: dict[int, dict[MailState, int]] = {}
        for run, state, n in connection.execute(
            select(col(OutboxRow.run_id), col(OutboxRow.state), func.count())
            .where(mine)
            .group_by(col(OutboxRow.run_id), col(OutboxRow.state))
        ):
            counts.setdefault(run or 0, {})[MailState(state)] = n
        problems: dict[int, list[str]] = {}
        for run, recipient, code, text in connection.execute(
            select(
                col(OutboxRow.run_id),
                col(OutboxRow.recipient),
                col(OutboxRow.last_code),
                col(OutboxRow.last_text),
            ).where(mine, col(OutboxRow.state).in_(_PROBLEMS))
        ):
            problems.setdefault(run or 0, []).append(" ".join(f"{recipient}: {code or ''} {text}".split()))
    return [
        DigestStatus(
            subscription=run["subscription"],
            key=run["slot"],
            state=RunState(run["state"]),
            reason=run["reason"],
            since=run["since"],
            until=run["until"],
            planned_at=run["planned_at"],
            subject=run["subject"],
            stories=run["stories"],
            articles=run["articles"],
            late=run["late"],
            mails=counts.get(run["id"], {}),
            problems=tuple(problems.get(run["id"], ())),
        )
        for run in known
    ]
