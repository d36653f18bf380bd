"""The ticks of the service and its way down. Started by scheduler.py."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from models.errors import DiemBaoError
from models.mail import DeliveryReport
from models.outlet import Outlet
from pipeline.deadline import GRACE, ClockWatch, Hung, Overrun, Watchdog, give_up, within
from pipeline.digest.roster import in_force
from pipeline.files import Stamps, stamps
from pipeline.jobs import Collector, chosen
from pipeline.names import Names
from pipeline.sending import deliver_digests, plan_digests
from pipeline.settings import Settings
from pipeline.store import Store, open_store
from pipeline.watch import check_health

HEALTH_EVERY = 3600.0
"""Seconds between two checks of the outlets' health."""
WAITING_EVERY = 3600.0
"""Seconds after which mails that still wait are logged again."""
COLLECT_LIMIT = 6 * 3600.0
"""Seconds after which a pass is stopped; what it has not reached is due at once. A first pass over a feed of
a thousand entries takes an hour at three seconds a page."""
DIGEST_LIMIT = 1800.0
"""Seconds after which sending is stopped; what waits goes with the next tick."""
CLOCK_SECONDS = 10.0
"""Seconds between two looks at whether the clock was set."""
MAX_PASSES = 4
"""Passes side by side: outlets that are due need not wait for the slowest of an earlier pass."""


def configure_logs(*, json_logs: bool) -> None:
    """Structured logs on standard error, one line an event; libraries only from warnings up."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if json_logs
            else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def utc_now() -> datetime:
    """The system's clock, aware UTC."""
    return datetime.now(UTC)


class Ticks(Protocol):
    """What is asked every so often."""

    async def collect_tick(self) -> None:
        """Collect what is due."""
        ...

    async def digest_tick(self) -> None:
        """Send what is due."""
        ...


class Service:
    """Store, collector and names for as long as the service runs, and the ticks over them."""

    def __init__(
        self,
        settings: Settings,
        stop: asyncio.Event,
        *,
        collect_limit: float = COLLECT_LIMIT,
        digest_limit: float = DIGEST_LIMIT,
        grace: float = GRACE,
    ) -> None:
        self._settings = settings
        self._limits = {"collect": collect_limit, "digest": digest_limit}
        self._grace = grace
        self._log = structlog.get_logger()
        self._stack = AsyncExitStack()
        self._stop = stop
        self._running: set[asyncio.Task[None]] = set()
        self._choosing = asyncio.Lock()
        self._sending = asyncio.Lock()
        self._store: Store | None = None
        self._collector: Collector | None = None
        self._names: Names | None = None
        self._named_by: Stamps = ()
        self._passes = 0
        self._health_at: float | None = None
        self._waiting_at: float | None = None
        self._clock = ClockWatch(utc_now)

    async def __aenter__(self) -> Service:
        settings = self._settings
        self._store = self._stack.enter_context(open_store(settings.database))
        names = await asyncio.to_thread(self._current_names)
        self._collector = await self._stack.enter_async_context(Collector(settings, self._store, utc_now))
        await self._stack.enter_async_context(Watchdog())
        self._log.info("started", outlets=len(names.outlets))
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()
        self._log.info("stopped")

    def start_first_ticks(self) -> None:
        """Do what is due at once, without waiting for the first interval to pass."""
        self._start(self.collect_tick())
        self._start(self.digest_tick())

    def _start(self, tick: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(tick)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finished(self) -> None:
        """Wait, once stopping, for what is under way: a crawl stops asking and stores what it has, delivery
        finishes the mails that it has begun."""
        async with self._choosing, self._sending:
            pass  # a tick under way may have begun a pass
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    def clock_was_set(self) -> bool:
        """Whether the system's clock jumped since the last call; logged with by how much."""
        step = self._clock.jumped()
        if step is not None:
            self._log.warning("the clock was set", seconds=round(step.total_seconds()))
        return step is not None

    async def _guarded(self, name: str, job: Callable[[asyncio.Event], Awaitable[None]]) -> None:
        """Run a job within its limit. Its failure is logged and does not end the service; a job that cannot
        even be cancelled does, because it would hold what the next one needs."""
        try:
            await within(job, limit=self._limits[name], stop=self._stop, grace=self._grace)
        except Hung as error:
            give_up(f"{name} {error}")
        except (DiemBaoError, OSError, Overrun) as error:
            self._log.error(f"{name} failed", error=str(error))
        except Exception:  # noqa: BLE001  a fault of ours must not end the service
            self._log.exception(f"{name} failed")

    async def collect_tick(self) -> None:
        """Begin a pass over the outlets that are due and not under way."""
        if self._stop.is_set() or self._choosing.locked() or self._passes >= MAX_PASSES:
            return
        async with self._choosing:
            await self._guarded("collect", self._begin_pass)

    async def _begin_pass(self, stop: asyncio.Event) -> None:
        assert self._collector is not None
        outlets = chosen(self._settings, ())
        due = await self._collector.free_and_due(outlets)
        if due and not stop.is_set():
            self._passes += 1
            self._start(self._guarded("collect", lambda stop: self._pass(due, stop)))
        await self._health_tick(outlets)

    async def _pass(self, outlets: Sequence[Outlet], stop: asyncio.Event) -> None:
        assert self._collector is not None
        try:
            done = await self._collector.collect(outlets, due_only=True, stop=stop)
        finally:
            self._passes -= 1
        counts = {reason.value: count for reason, count in done.reasons.most_common()}
        self._log.info(
            "collected", polls=len(done.polls), unreachable=list(done.unreachable), outcomes=counts
        )
        if done.stopped and not self._stop.is_set():
            self._log.warning("the pass was stopped at its limit", seconds=self._limits["collect"])

    async def _health_tick(self, outlets: Sequence[Outlet]) -> None:
        """Once an hour, log of which outlets people should hear."""
        assert self._store is not None
        if not is_time(self._health_at, time.monotonic(), HEALTH_EVERY):
            return
        self._health_at = time.monotonic()
        try:
            checked = await asyncio.to_thread(check_health, self._store, outlets, utc_now())
        except DiemBaoError as error:
            self._log.error("health check failed", error=str(error))
            return
        for notice in checked.notices:
            log = self._log.info if notice.recovered else self._log.warning
            event = "outlet is well again" if notice.recovered else "outlet is not well"
            log(event, outlet=notice.outlet, state=notice.state.value, reason=notice.reason.en)

    async def digest_tick(self) -> None:
        """Plan the digests that are due and send what waits."""
        if self._sending.locked() or self._stop.is_set():
            return
        async with self._sending:
            await self._guarded("digest", self._digest)

    def _current_names(self) -> Names:
        """The names of outlets, topics, places and watch-lists, read anew where a file changed. Raises
        ConfigError."""
        now = stamps(self._settings.config_dir)
        if self._names is None or now != self._named_by:
            self._names, self._named_by = Names.load(self._settings.config_dir), now
        return self._names

    async def _digest(self, stop: asyncio.Event) -> None:
        assert self._store is not None
        file = self._settings.config_dir / "subscriptions.toml"
        names = await asyncio.to_thread(self._current_names)
        subscriptions = await asyncio.to_thread(in_force, self._store, file, utc_now())
        planned = await asyncio.to_thread(
            plan_digests, self._settings, self._store, names, subscriptions, utc_now()
        )
        for each in planned:
            self._log.info(
                "digest",
                subscription=each.subscription,
                key=each.key,
                state=each.state.value,
                reason=each.reason,
            )
            for fault in each.faults:
                self._log.warning("section has to be mended", subscription=each.subscription, fault=fault)
        report = await deliver_digests(self._settings, self._store, utc_now(), stop=stop)
        if report.sent or report.paused or report.alerts:
            log = self._log.warning if report.alerts else self._log.info
            log(
                "delivered",
                channel=report.channel,
                sent=report.sent,
                retry=report.retry,
                paused=report.paused,
                alerts=list(report.alerts),
            )
        self._log_waiting(report)

    def _log_waiting(self, report: DeliveryReport) -> None:
        """Log what could not be delivered, with the server's words: when it begins and once an hour. What
        was not tried yet has none, and waits for a reason that is logged elsewhere."""
        held = [each for each in report.waiting if each.why]
        if not held:
            self._waiting_at = None
        elif is_time(self._waiting_at, time.monotonic(), WAITING_EVERY):
            self._waiting_at = time.monotonic()
            for each in held:
                self._log.warning(
                    "mails wait",
                    mails=each.mails,
                    recipient=each.recipient,
                    why=each.why,
                    next_try=each.next_try_at.isoformat(),
                )


def is_time(last: float | None, now: float, every: float) -> bool:
    """Whether what was last done at `last` (None: never) is due again at `now`, in seconds. Pure."""
    return last is None or now - last >= every


async def keep_pace(
    scheduler: AsyncIOScheduler,
    clock_was_set: Callable[[], bool],
    stop: asyncio.Event,
    every: float = CLOCK_SECONDS,
) -> None:
    """Until `stop`: when the clock was set, let every job run at once. APScheduler reckons the next run by
    that clock and would otherwise wait as long as it was set back."""
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every)
        if clock_was_set():
            for job in scheduler.get_jobs():
                job.modify(next_run_time=utc_now())
