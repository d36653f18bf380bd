"""The ticks of the service and its way down. Started by scheduler.py."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from models.errors import DiemBaoError
from models.outlet import Outlet
from pipeline.digest.roster import in_force
from pipeline.jobs import Collector, chosen, deliver_digests, plan_digests
from pipeline.names import Names
from pipeline.settings import Settings
from pipeline.store import Store, open_store
from pipeline.watch import check_health

HEALTH_EVERY = timedelta(hours=1)


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


def stop_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set, from now on."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def utc_now() -> datetime:
    """The system's clock, aware UTC."""
    return datetime.now(UTC)


class Service:
    """Store, collector and names for as long as the service runs, and the ticks over them."""

    def __init__(self, settings: Settings, stop: asyncio.Event) -> None:
        self._settings = settings
        self._log = structlog.get_logger()
        self._stack = AsyncExitStack()
        self._stop = stop
        self._running: set[asyncio.Task[None]] = set()
        self._collecting = asyncio.Lock()
        self._sending = asyncio.Lock()
        self._store: Store | None = None
        self._collector: Collector | None = None
        self._names: Names | None = None
        self._health_at: datetime | None = None

    async def __aenter__(self) -> Service:
        settings = self._settings
        self._store = self._stack.enter_context(open_store(settings.database))
        self._names = Names.load(settings.config_dir)
        self._collector = await self._stack.enter_async_context(Collector(settings, self._store, utc_now))
        self._log.info("started", outlets=len(self._names.outlets))
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
        async with self._collecting, self._sending:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def collect_tick(self) -> None:
        """Poll the endpoints that are due. A failure is logged and does not end the service."""
        if self._collecting.locked() or self._stop.is_set():
            return
        async with self._collecting:
            assert self._collector is not None
            try:
                outlets = chosen(self._settings, ())
                done = await self._collector.collect(outlets, due_only=True, stop=self._stop)
            except (DiemBaoError, OSError) as error:
                self._log.error("collect failed", error=str(error))
                return
            except Exception:  # noqa: BLE001  a fault of ours must not end the service
                self._log.exception("collect failed")
                return
            if done.polls:
                counts = {reason.value: count for reason, count in done.reasons.most_common()}
                self._log.info(
                    "collected", polls=len(done.polls), unreachable=len(done.unreachable), **counts
                )
            await self._health_tick(outlets)

    async def _health_tick(self, outlets: Sequence[Outlet]) -> None:
        """Once an hour, log of which outlets people should hear."""
        assert self._store is not None
        now = utc_now()
        if self._health_at is not None and now - self._health_at < HEALTH_EVERY:
            return
        self._health_at = now
        try:
            checked = await asyncio.to_thread(check_health, self._store, outlets, now)
        except DiemBaoError as error:
            self._log.error("health check failed", error=str(error))
            return
        for notice in checked.notices:
            log = self._log.info if notice.recovered else self._log.warning
            event = "outlet is well again" if notice.recovered else "outlet is not well"
            log(event, outlet=notice.outlet, state=notice.state.value, reason=notice.reason)

    async def digest_tick(self) -> None:
        """Plan the digests that are due and send what waits."""
        if self._sending.locked() or self._stop.is_set():
            return
        async with self._sending:
            assert self._store is not None
            assert self._names is not None
            try:
                file = self._settings.config_dir / "subscriptions.toml"
                subscriptions = await asyncio.to_thread(in_force, self._store, file, utc_now())
                planned = await asyncio.to_thread(
                    plan_digests, self._settings, self._store, self._names, subscriptions, utc_now()
                )
                report = await deliver_digests(self._settings, self._store, utc_now(), stop=self._stop)
            except (DiemBaoError, OSError) as error:
                self._log.error("digest failed", error=str(error))
                return
            except Exception:  # noqa: BLE001  a fault of ours must not end the service
                self._log.exception("digest failed")
                return
            for each in planned:
                self._log.info("digest", subscription=each.subscription, key=each.key, state=each.state.value)
            if report.sent or report.paused or report.alerts:
                self._log.info(
                    "delivered",
                    channel=report.channel,
                    sent=report.sent,
                    retry=report.retry,
                    paused=report.paused,
                    alerts=list(report.alerts),
                )
