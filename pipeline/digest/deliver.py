"""Outbox → channel: claim, send, write down the answer, until nothing is due."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from models.errors import DeliveryError, StoreError
from models.mail import DeliveryReport, MailChannel, MailSession, MailState, Reply, SendResult
from models.ports import Database
from pipeline.digest import outbox
from pipeline.digest.guard import InstanceGuard
from pipeline.digest.message import mark_late
from pipeline.digest.outbox import Claimed, DeliveryOptions
from pipeline.digest.points import Point, passing

STOPPED = "queue_stopped"
RESTING = "server_resting"
REST = timedelta(minutes=1)
"""How long a server that answered 421 is left alone."""
TRY_AGAIN = timedelta(hours=1)
"""How long after a refusal a stopped queue tries with one mail whether it is still refused."""
NOTE_AGAIN = (0.2, 1.0, 3.0)
"""Seconds before each further try to write down an answer while the database is busy: a mail whose answer is
lost goes out twice. Far below a lease even when every try waits as long as a writer may."""


@dataclass
class _Answer:
    """What the server said of a mail; `noted` once it is in the database, with the `state` it came to."""

    claimed: Claimed
    result: SendResult
    noted: bool = False
    state: MailState | None = None


@dataclass
class _Pass:
    """One delivery pass: its clock, its counts and what stops it. `refused` is why the queue was stopped,
    until the one mail that tries again is taken; `taken` are mails that are claimed and not tried yet,
    `answers` those of the server that are not in the database yet."""

    database: Database
    channel: MailChannel
    clock: Callable[[], datetime]
    options: DeliveryOptions
    at: Point
    stop: asyncio.Event | None = None
    counts: Counter[MailState] = field(default_factory=Counter)
    alerts: list[str] = field(default_factory=list)
    paused: str = ""
    refused: str = ""
    failed: StoreError | None = None
    taken: deque[Claimed] = field(default_factory=deque)
    answers: list[_Answer] = field(default_factory=list)
    claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    noting: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0.0

    @property
    def going(self) -> bool:
        """Whether a further mail may be taken."""
        stopped = self.stop is not None and self.stop.is_set()
        return not (self.paused or self.failed or stopped)


async def deliver(
    database: Database,
    channel: MailChannel,
    now: datetime,
    options: DeliveryOptions | None = None,
    *,
    guard: InstanceGuard | None = None,
    stop: asyncio.Event | None = None,
    at: Point = passing,
) -> DeliveryReport:
    """Send every mail that is due at `now`; time within the call is measured from there.

    A queue stopped for its configuration stays stopped until the channel's fingerprint changes, `resume` is
    called, or one mail that is tried every TRY_AGAIN is not refused. The guard's refusal is a report, not an
    error. Once `stop` is set no further mail is taken; those under way are finished.

    Raises StoreError when the database fails, after the mails under way are finished; one whose answer could
    not be written down is recovered when its lease ends.
    """
    started = time.monotonic()
    options = options or DeliveryOptions()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    run = _Pass(database, channel, clock, options, at, stop)
    run.paused = await asyncio.to_thread(_obstacle, run, guard)
    if run.going:
        await asyncio.to_thread(outbox.recover, database, now)
        at("deliver.recovered")
        await _work_all(run)
    return DeliveryReport(
        channel=channel.name,
        sent=run.counts[MailState.SENT],
        retry=run.counts[MailState.RETRY],
        bounced=run.counts[MailState.BOUNCED],
        dead=run.counts[MailState.DEAD],
        unknown=run.counts[MailState.UNKNOWN],
        paused=run.paused,
        alerts=tuple(run.alerts),
        waiting=await asyncio.to_thread(outbox.waiting, database),
    )


async def _work_all(run: _Pass) -> None:
    if run.refused:
        await _work(run, once=True)
        if run.refused and not run.paused:
            _pause(run, run.refused)
    async with asyncio.TaskGroup() as group:
        for _ in range(run.options.parallel):
            group.create_task(_work(run))
    if run.taken:
        try:
            await asyncio.to_thread(outbox.release, run.database, run.taken)
        except StoreError as error:  # their leases run out
            run.failed = run.failed or error
    if run.failed is not None:
        raise run.failed


def stopped(database: Database) -> tuple[str, datetime] | None:
    """Why the queue is stopped, and when it was last refused; None when it is not."""
    note = outbox.read_note(database, STOPPED)
    return (note[0].partition(" ")[2], note[1]) if note else None


def resume(database: Database, now: datetime) -> None:
    """Let a stopped queue go on, and one that leaves a busy server alone."""
    for note in (STOPPED, RESTING):
        outbox.write_note(database, note, "", now)


def _obstacle(run: _Pass, guard: InstanceGuard | None) -> str:
    """Why nothing may be sent now; empty when it may."""
    now = run.clock()
    if refused := outbox.read_note(run.database, STOPPED):
        mark, _, run.refused = refused[0].partition(" ")
        if mark != run.channel.fingerprint:
            run.refused = ""
            outbox.write_note(run.database, STOPPED, "", now)
        elif timedelta() <= now - refused[1] < TRY_AGAIN:  # a time ahead is one of a clock that was wrong
            _pause(run, run.refused)
            return run.paused
    if (resting := outbox.read_note(run.database, RESTING)) and resting[1] > now:
        mark, _, why = resting[0].partition(" ")
        if mark == run.channel.fingerprint:
            return why
    if guard is not None:
        try:
            guard.check(run.database)
        except DeliveryError as error:
            run.alerts.append(str(error))
            return str(error)
        guard.advance(run.database, now)
    return ""


async def _work(run: _Pass, *, once: bool = False) -> None:
    """Send one mail after the other, or `once` a single one, until none is due, the queue is stopped or the
    database fails. A failure is kept, not raised: it must not end the other workers between a server's answer
    and its note."""
    try:
        async with run.channel.session() as session:
            while run.going:
                claimed = await _next(run)
                if claimed is None:
                    return
                await _send(run, session, claimed)
                if once:
                    return
    except StoreError as error:
        run.failed = run.failed or error


async def _next(run: _Pass) -> Claimed | None:
    """A mail that is ours to send, in its turn; None when none is due or none may be sent any more."""
    while run.going:
        async with run.claiming:
            if not run.taken:
                run.taken.extend(
                    await asyncio.to_thread(outbox.claim, run.database, run.clock(), run.options)
                )
                run.at("deliver.claimed")
        if not run.taken:
            return None
        await _turn(run)
        if not run.going or not run.taken:
            continue
        claimed = run.taken.popleft()
        old = run.clock() > claimed.until - run.options.lease / 2
        if not old or await asyncio.to_thread(outbox.renew, run.database, claimed, run.clock(), run.options):
            return claimed
    return None


async def _turn(run: _Pass) -> None:
    """Wait until the server may get another mail, or delivery is asked to stop."""
    if not run.options.per_minute:
        return
    now = time.monotonic()
    wait, run.next_at = pace(now, run.next_at, run.options.per_minute)
    stop = run.stop or asyncio.Event()
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), wait)


def pace(now: float, next_at: float, per_minute: int) -> tuple[float, float]:
    """Seconds to wait before a mail when one may go at `next_at`, and when the one after it may. Pure."""
    start = max(now, next_at)
    return start - now, start + 60 / per_minute


async def _send(run: _Pass, session: MailSession, claimed: Claimed) -> None:
    mail = claimed.mail
    if claimed.attempts == 1 and run.clock() - claimed.due_at > run.options.stale_after:
        mail = replace(mail, mime=mark_late(mail.mime))
        await asyncio.to_thread(outbox.refreeze, run.database, claimed, mail.mime)
    result = await session.send(mail)
    run.at("deliver.answered")
    state = await _finish(run, claimed, result)
    run.at("deliver.finished")
    await asyncio.to_thread(_note, run, claimed, result, state)


async def _finish(run: _Pass, claimed: Claimed, result: SendResult) -> MailState | None:
    """Write the answer down, with those that came while the one before was being written. Raises StoreError
    when the database stays busy or is broken."""
    answer = _Answer(claimed, result)
    run.answers.append(answer)
    async with run.noting:
        if not answer.noted:
            await _note_answers(run)
    return answer.state


async def _note_answers(run: _Pass) -> None:
    """Write down every answer there is, patiently."""
    for wait in (*NOTE_AGAIN, None):
        answers = list(run.answers)
        try:
            states = await asyncio.to_thread(_write_answers, run, answers)
        except StoreError as error:
            if wait is None or not error.retry:
                raise
            await asyncio.sleep(wait)
            continue
        for answer, state in zip(answers, states, strict=True):
            answer.noted, answer.state = True, state
        del run.answers[: len(answers)]
        return


def _write_answers(run: _Pass, answers: Sequence[_Answer]) -> list[MailState | None]:
    given = [(answer.claimed, answer.result) for answer in answers]
    return outbox.finish(run.database, given, run.clock(), run.options, random.random())


def _note(run: _Pass, claimed: Claimed, result: SendResult, state: MailState | None) -> None:
    """Count the answer, and stop where it says that going on is useless."""
    about = f"{claimed.mail.recipient}: {result.code or ''} {result.text}".replace("  ", " ")
    if state is None:
        run.alerts.append(f"{about} (another sender had taken the mail over)")
        return
    run.counts[state] += 1
    if result.reply is Reply.CONFIG:
        _stop(run, f"the mail server refuses us: {result.code or ''} {result.text}".replace("  ", " "))
    elif run.refused and result.reply is Reply.TRANSIENT:  # says nothing of what had been refused
        _stop(run, run.refused)
    elif run.refused and result.reply is not Reply.BUSY:
        run.refused = ""
        outbox.write_note(run.database, STOPPED, "", run.clock())
    if result.reply is Reply.BUSY:
        run.paused = f"the mail server asks for a pause: {result.text}"
        note = f"{run.channel.fingerprint} {run.paused}"
        outbox.write_note(run.database, RESTING, note, run.clock() + REST)
    elif state in (MailState.DEAD, MailState.BOUNCED):
        run.alerts.append(about)


def _stop(run: _Pass, why: str) -> None:
    """Send nothing more, and remember why."""
    outbox.write_note(run.database, STOPPED, f"{run.channel.fingerprint} {why}", run.clock())
    _pause(run, why)


def _pause(run: _Pass, why: str) -> None:
    """Let this pass send nothing more, and say why and what can be done."""
    run.paused = f"{why} (one mail an hour is tried; `diembao digest resume` tries at once)"
    run.alerts.append(run.paused)
