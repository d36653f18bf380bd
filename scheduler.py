"""The service: one asyncio loop in which APScheduler asks every so often what is due.

Jobs are ticks: what they do is decided by due times in the database, so a tick that comes late, twice or
not at all loses nothing. The jobs themselves are in `pipeline.service`.
"""

from __future__ import annotations

import asyncio

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from pipeline.interrupts import stop_signals
from pipeline.service import Service, Ticks, configure_logs, keep_pace
from pipeline.settings import Settings, load_settings

TICK_SECONDS = 60
GRACE_SECONDS = 3600


def build_scheduler(service: Ticks, seconds: float = TICK_SECONDS) -> AsyncIOScheduler:
    """The ticks of a service. The default grace of one second would drop a tick that is late; in UTC no hour
    is missing or comes twice."""
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_SECONDS}
    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=defaults)
    scheduler.add_job(service.collect_tick, "interval", seconds=seconds, id="collect")
    scheduler.add_job(service.digest_tick, "interval", seconds=seconds, id="digest")
    return scheduler


async def serve(settings: Settings, *, json_logs: bool = False) -> None:
    """Run until SIGTERM or SIGINT, then let what is under way finish."""
    configure_logs(json_logs=json_logs)
    stop = stop_signals()
    async with Service(settings, stop) as service:
        scheduler = build_scheduler(service)
        scheduler.start()
        service.start_first_ticks()
        await keep_pace(scheduler, service.clock_was_set, stop)
        scheduler.pause()
        await service.finished()
        scheduler.shutdown(wait=False)  # only now: it cancels whatever still runs


def main() -> None:
    """Run the service with the settings in force."""
    asyncio.run(serve(load_settings()))


if __name__ == "__main__":
    main()
