"""Outbox → channel: claim, send, write down the answer, until nothing is due."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from models.digest import DeliveryReport, MailChannel, MailSession, MailState, OutgoingMail, Reply, SendResult
from models.errors import DeliveryError, StoreError
from pipeline.digest import outbox
from pipeline.digest.guard import InstanceGuard
from pipeline.digest.message import mark_late
from pipeline.digest.outbox import Claimed, DeliveryOptions
from pipeline.digest.points import Point, passing

STOPPED = "queue_stopped"
RESTING = "server_resting"
REST = timedelta(minutes=1)
"""How long a server that answered 421 is left alone."""


@dataclass
class _Pass:
    """One delivery pass: its clock, its counts and what stops it."""

    engine: Engine
    channel: MailChannel
    clock: Callable[[], datetime]
    options: DeliveryOptions
    at: Point
    counts: Counter[MailState] = field(default_factory=Counter)
    alerts: list[str] = field(default_factory=list)
    paused: str = ""


async def deliver(
    engine: Engine,
    channel: MailChannel,
    now: datetime,
    options: DeliveryOptions | None = None,
    *,
    guard: InstanceGuard | None = None,
    at: Point = passing,
) -> DeliveryReport:
    """Send every mail that is due at `now`; time within the call is measured from there.

    A queue stopped for its configuration stays stopped until the channel's fingerprint changes or
    `resume` is called. The guard's refusal is a report, not an error.

    Raises StoreError when the database fails; what was being sent is then recovered when its lease ends.
    """
    started = time.monotonic()
    options = options or DeliveryOptions()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    run = _Pass(engine, channel, clock, options, at)
    run.paused = await asyncio.to_thread(_obstacle, run, guard)
    if not run.paused:
        await asyncio.to_thread(outbox.recover, engine, now, options)
        at("deliver.recovered")
        await _work_all(run)
    return DeliveryReport(
        channel=channel.name,
        sent=run.counts[MailState.SENT],
        retry=run.counts[MailState.RETRY],
        bounced=run.counts[MailState.BOUNCED],
        dead=run.counts[MailState.DEAD],
        unknown=run.counts[MailState.UNKNOWN],
        cancelled=run.counts[MailState.CANCELLED],
        paused=run.paused,
        alerts=tuple(run.alerts),
    )


async def _work_all(run: _Pass) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(run.options.parallel):
                group.create_task(_work(run))
    except* DBAPIError as errors:
        words = str(errors.exceptions[0]).partition("\n")[0]
        raise StoreError(words, about="outbox", retry=True) from errors


def resume(engine: Engine, now: datetime) -> None:
    """Let a stopped queue go on."""
    for note in (STOPPED, RESTING):
        outbox.write_note(engine, note, "", now)


def _obstacle(run: _Pass, guard: InstanceGuard | None) -> str:
    """Why nothing may be sent now; empty when it may."""
    now = run.clock()
    if stopped := outbox.read_note(run.engine, STOPPED):
        mark, _, why = stopped[0].partition(" ")
        if mark == run.channel.fingerprint:
            return why
    if (resting := outbox.read_note(run.engine, RESTING)) and resting[1] > now:
        mark, _, why = resting[0].partition(" ")
        if mark == run.channel.fingerprint:
            return why
    if guard is not None:
        try:
            guard.check(run.engine)
        except DeliveryError as error:
            run.alerts.append(str(error))
            return str(error)
        guard.advance(run.engine, now)
    return ""


async def _work(run: _Pass) -> None:
    """Send one mail after the other until none is due or the queue is stopped."""
    async with run.channel.session() as session:
        while not run.paused:
            claimed = await asyncio.to_thread(outbox.claim, run.engine, run.clock(), run.options)
            if claimed is None:
                return
            run.at("deliver.claimed")
            await _send(run, session, claimed)


async def _send(run: _Pass, session: MailSession, claimed: Claimed) -> None:
    late = claimed.attempts == 1 and run.clock() - claimed.due_at > run.options.stale_after
    if late and run.options.stale == "drop":
        await asyncio.to_thread(outbox.cancel_claimed, run.engine, claimed, "too late to be sent")
        run.counts[MailState.CANCELLED] += 1
        due = f"{claimed.due_at:%F %H:%M} UTC"
        run.alerts.append(f"{claimed.mail.recipient}: dropped, its send time was {due}")
        return
    mail = claimed.mail
    if late:
        mail = _late(claimed)
        await asyncio.to_thread(outbox.refreeze, run.engine, claimed, mail.mime)

    async def before_data() -> None:
        await asyncio.to_thread(outbox.note_data, run.engine, claimed, run.clock())

    noted = before_data if run.options.unknown == "at_most_once" else None
    result = await session.send(mail, noted)
    run.at("deliver.answered")
    state = await asyncio.to_thread(
        outbox.finish, run.engine, claimed, result, run.clock(), run.options, random.random()
    )
    run.at("deliver.finished")
    await asyncio.to_thread(_note, run, claimed, result, state)


def _late(claimed: Claimed) -> OutgoingMail:
    mail = claimed.mail
    return OutgoingMail(
        message_id=mail.message_id,
        sender=mail.sender,
        recipient=mail.recipient,
        mime=mark_late(mail.mime),
    )


def _note(run: _Pass, claimed: Claimed, result: SendResult, state: MailState | None) -> None:
    """Count the answer, and stop where it says that going on is useless."""
    about = f"{claimed.mail.recipient}: {result.code or ''} {result.text}".replace("  ", " ")
    if state is None:
        run.alerts.append(f"{about} (another sender had taken the mail over)")
        return
    run.counts[state] += 1
    if result.reply is Reply.CONFIG:
        run.paused = f"the mail server refuses us: {result.code or ''} {result.text}".replace("  ", " ")
        run.alerts.append(run.paused)
        outbox.write_note(run.engine, STOPPED, f"{run.channel.fingerprint} {run.paused}", run.clock())
    elif result.reply is Reply.BUSY:
        run.paused = f"the mail server asks for a pause: {result.text}"
        note = f"{run.channel.fingerprint} {run.paused}"
        outbox.write_note(run.engine, RESTING, note, run.clock() + REST)
    elif state in (MailState.DEAD, MailState.BOUNCED):
        run.alerts.append(about)
