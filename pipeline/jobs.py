"""The jobs that the service and the commands run: collect, group, plan and deliver digests.

`Collector` holds what is costly to make (worker processes, the writer) for as long as it is entered; each
job is a call with its moment.
"""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from socket import gethostname

from sqlalchemy import make_url

from crawlers.archive import ArchiveReader, ArchiveWriter
from crawlers.crawl import CrawlOptions, PollReport, crawl
from crawlers.outlets import endpoint_urls, load_outlets
from crawlers.politeness import Politeness
from crawlers.polling import is_due
from models.digest import DeliveryReport, MailChannel, Planned, Subscription
from models.errors import ConfigError
from models.outcome import Reason
from models.outlet import Endpoint, Outlet
from models.ports import EndpointState
from pipeline.briefing import Briefing
from pipeline.digest.deliver import deliver
from pipeline.digest.file import FileChannel
from pipeline.digest.guard import InstanceGuard
from pipeline.digest.mailing import PlanOptions
from pipeline.digest.outbox import DeliveryOptions
from pipeline.digest.plan import plan_due
from pipeline.digest.smtp import SmtpChannel, SmtpServer
from pipeline.extract.pool import WorkerPool
from pipeline.flow import Flow
from pipeline.names import Names
from pipeline.placing import place_new
from pipeline.processing import Processor
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.stories import Grouper, load_grouper
from pipeline.writer import Writer

Clock = Callable[[], datetime]

SECRET_BYTES = 32
GARBAGE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one pass over the outlets came to. `reasons` counts outcomes; `unreachable` are slugs of outlets
    none of whose endpoints answered; `problems` tell what of a replayed archive could not be read."""

    outlets: int
    reasons: Counter[Reason]
    polls: tuple[PollReport, ...]
    unreachable: tuple[str, ...]
    stopped: bool
    stories: int
    problems: tuple[str, ...] = ()


class Collector:
    """Collects into a store. Enter it to start the worker processes and the writer."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._stack = AsyncExitStack()
        self._keep = timedelta(days=settings.archive_keep_days)
        self._archive = ArchiveWriter(settings.archive_dir, settings.archive_max_bytes)
        self._politeness = Politeness()
        self._grouper: Grouper | None = None
        self._flow: Flow | None = None
        self._passes: list[dict[str, Outlet]] = []  # under way, each with the outlets it has not finished

    async def __aenter__(self) -> Collector:
        spare_what_stays()
        settings = self._settings
        pool = WorkerPool(
            partial(Processor.build, settings.config_dir),
            settings.workers or os.cpu_count() or 1,
            settings.page_deadline,
        )
        await self._stack.enter_async_context(pool)
        writer = await self._stack.enter_async_context(Writer(self._store, self._clock))
        self._flow = Flow(self._store, pool, writer, self._clock)
        return self

    async def __aexit__(self, *error: object) -> None:
        try:
            await self._stack.aclose()
        finally:
            self._archive.close()

    async def collect(
        self,
        outlets: Sequence[Outlet],
        *,
        replay: Sequence[Path] = (),
        due_only: bool = False,
        stop: asyncio.Event | None = None,
    ) -> Collected:
        """One pass over the endpoints of the outlets (all, or those that are due), then grouping. Passes may
        run side by side over outlets that `free_and_due` gave."""
        assert self._flow is not None, "enter the collector first"
        found = await self.gather(outlets, replay=replay, due_only=due_only, stop=stop)
        return dataclasses.replace(found, stories=await self._flow.writer.call(self.group))

    async def gather(
        self,
        outlets: Sequence[Outlet],
        *,
        replay: Sequence[Path] = (),
        due_only: bool = False,
        stop: asyncio.Event | None = None,
    ) -> Collected:
        """As `collect`, without grouping: returns when every article is committed and indexed."""
        assert self._flow is not None, "enter the collector first"
        self._flow.replaying = bool(replay)
        recorded = ArchiveReader(replay) if replay else None
        unfinished = {outlet.slug: outlet for outlet in outlets}
        options = CrawlOptions(
            user_agent=self._settings.user_agent,
            now=self._clock,
            parallel=self._settings.parallel,
            download_timeout=self._settings.download_timeout,
            max_page_bytes=self._settings.max_page_bytes,
            max_feed_bytes=self._settings.max_feed_bytes,
            allow_networks=tuple(self._settings.allow_networks),
            archive=None if replay else self._archive,
            replay=recorded,
            due=self._due if due_only else _always,
            stop=stop,
            politeness=self._politeness,
            read_feed=self._flow.read_feed,
            missing=None if replay else self._flow,
            finished=lambda slug: unfinished.pop(slug, None),
        )
        if not replay:  # by the real clock, as the files' times are
            forget_responses(self._settings.archive_dir, datetime.now(UTC) - self._keep)
        self._passes.append(unfinished)
        try:
            report = await crawl(outlets, self._flow, options=options)
        finally:
            self._passes.remove(unfinished)
            await self._flow.writer.flush()
        return Collected(
            outlets=len(outlets),
            reasons=report.reasons,
            polls=report.polls,
            unreachable=report.unreachable,
            stopped=report.stopped,
            stories=0,
            problems=tuple(recorded.problems) if recorded else (),
        )

    def _due(self, outlet: Outlet, endpoint: Endpoint, state: EndpointState | None) -> bool:
        return is_due(state, self._clock())

    async def free_and_due(self, outlets: Sequence[Outlet]) -> list[Outlet]:
        """Those with an endpoint that is due, without those that a pass under way has not finished and those
        that share a host with one of them."""
        assert self._flow is not None, "enter the collector first"
        await self._flow.writer.flush()
        found = await self._flow.writer.call(self._store.endpoint_states)
        states = {state.url: state for state in found}
        now = self._clock()
        taken = hosts_of(outlet for each in self._passes for outlet in each.values())
        return [
            outlet
            for outlet in outlets
            if not hosts_of([outlet]) & taken
            and any(
                is_due(states.get(url), now)
                for endpoint in outlet.endpoints
                if endpoint.enabled
                for url in endpoint_urls(endpoint, now)
            )
        ]

    def group(self) -> int:
        """Put articles that have no story yet into stories; returns how many stories were touched."""
        if self._grouper is None:
            self._grouper = load_grouper(self._settings.config_dir)
        return place_new(self._store, self._grouper)


def spare_what_stays() -> None:
    """Have Python look for unreachable cycles not among what is there by now, modules and tables, and look
    only after `GARBAGE` new objects, not 700: of what an article costs the collecting process it was a
    seventh. Once in a process; what was frozen is never looked at again."""
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()
        gc.set_threshold(GARBAGE, 20, 100)


def hosts_of(outlets: Iterable[Outlet]) -> set[str]:
    """Their hosts, each with and without `www.` as one."""
    return {host.removeprefix("www.") for outlet in outlets for host in outlet.hosts}


def _always(outlet: Outlet, endpoint: Endpoint, state: EndpointState | None) -> bool:
    return True


def forget_responses(folder: Path, before: datetime) -> int:
    """Remove the archive files that were last written before then; returns how many."""
    old = [file for file in folder.glob("*.warc.gz") if file.stat().st_mtime < before.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def chosen(settings: Settings, slugs: Iterable[str]) -> list[Outlet]:
    """The outlets named, or all active ones.

    Raises ConfigError for a slug that is not configured.
    """
    outlets = load_outlets(settings.config_dir)
    wanted = list(slugs)
    for slug in wanted:
        if slug not in outlets:
            raise ConfigError("no such outlet", about=slug, hint="see `diembao outlets list`")
    return [outlets[slug] for slug in dict.fromkeys(wanted)] or [o for o in outlets.values() if o.active]


def plan_options(settings: Settings) -> PlanOptions:
    """Who sends the digests and with which keys."""
    return PlanOptions(sender=settings.mail_from, keys=(secret_of(settings),), public_url=settings.public_url)


def secret_of(settings: Settings) -> str:
    """The key of Message-IDs and unsubscribe links: the setting, else one kept under home (mode 0600)."""
    if given := settings.secret.get_secret_value():
        return given
    file = settings.home / "secret"
    settings.home.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_hex(SECRET_BYTES))
    except FileExistsError:
        pass
    return file.read_text("ascii").strip()


def mail_channel(settings: Settings) -> MailChannel:
    """Where mails go: the configured mail server, else .eml files in the outbox folder."""
    if not settings.smtp_host:
        return FileChannel(settings.outbox_dir)
    return SmtpChannel(
        SmtpServer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=smtp_password(settings),
        )
    )


def smtp_password(settings: Settings) -> str:
    """The password at the mail server: the setting, else what the named file holds. Raises ConfigError for a
    file that others may read or that cannot be read."""
    file = settings.smtp_password_file
    if file is None or settings.smtp_password.get_secret_value():
        return settings.smtp_password.get_secret_value()
    try:
        mode = file.stat().st_mode
        if mode & 0o077:
            raise ConfigError("others may read the password", about=str(file), hint=f"run: chmod 600 {file}")
        return file.read_text("utf-8").strip()
    except OSError as error:
        raise ConfigError(
            error.strerror or "cannot be read", about=str(file), hint="set DIEMBAO_SMTP_PASSWORD_FILE"
        ) from error


def plan_digests(
    settings: Settings, store: Store, names: Names, subscriptions: Sequence[Subscription], now: datetime
) -> list[Planned]:
    """Plan every digest that is due at `now` into the outbox."""
    return plan_due(store, subscriptions, Briefing(store, names, now), now, plan_options(settings))


async def deliver_digests(
    settings: Settings, store: Store, now: datetime, *, stop: asyncio.Event | None = None
) -> DeliveryReport:
    """Hand over the mails that wait in the outbox. Once `stop` is set, only those under way are finished."""
    guard = instance_guard(settings) if settings.smtp_host else None
    options = DeliveryOptions(per_minute=settings.smtp_per_minute if settings.smtp_host else 0)
    return await deliver(store, mail_channel(settings), now, options, guard=guard, stop=stop)


def instance_guard(settings: Settings) -> InstanceGuard:
    """The guard against mailing from a copied or restored database. Its file stands beside a SQLite
    database, else under home."""
    path = make_url(settings.database).database if settings.database.startswith("sqlite") else None
    file = Path(f"{path}.instance") if path and path != ":memory:" else settings.home / "instance"
    return InstanceGuard(file, gethostname())
