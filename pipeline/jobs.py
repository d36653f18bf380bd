"""The jobs that the service and the commands run: collect and group; `pipeline.sending` has those of digests.

`Collector` holds what is costly to make (worker processes, the writer) for as long as it is entered; each
job is a call with its moment. The tables and libraries of extraction and tagging are in its workers alone,
those of stories are loaded with the first grouping.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crawlers.archive import ArchiveReader, ArchiveWriter
from crawlers.crawl import CrawlOptions, PollReport, crawl
from crawlers.outlets import endpoint_url, endpoint_urls, load_outlets
from crawlers.politeness import Politeness
from crawlers.polling import Due, Wait, always, is_due, left_alone_until
from models.errors import ConfigError, StoreError
from models.outcome import Reason
from models.outlet import Endpoint, Outlet
from models.ports import EndpointState
from pipeline.digest.doubt import notice
from pipeline.extract.pool import WorkerPool
from pipeline.files import Stamps, stamps
from pipeline.flow import Flow
from pipeline.memory import return_what_is_freed, spare_what_stays
from pipeline.processing import build_processor
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.engine import read_url, sqlite_file
from pipeline.store.sole import SoleCollector
from pipeline.writer import Writer

if TYPE_CHECKING:
    from pipeline.stories import Grouper

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one pass over the outlets came to. `reasons` counts outcomes; `unreachable` are slugs of outlets
    none of whose endpoints answered; `problems` tell what of a replayed archive could not be read;
    `left_alone` are endpoints that were not asked because their hosts want to be left alone, and until when.
    """

    outlets: int
    reasons: Counter[Reason]
    polls: tuple[PollReport, ...]
    unreachable: tuple[str, ...]
    stopped: bool
    stories: int
    problems: tuple[str, ...] = ()
    left_alone: Mapping[str, datetime] = field(default_factory=dict)


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
        self._sole = SoleCollector(store.engine)
        self._grouper: Grouper | None = None
        self._flow: Flow | None = None
        self._stamps: Stamps = ()
        self._passes: list[dict[str, Outlet]] = []  # under way, each with the outlets it has not finished

    async def __aenter__(self) -> Collector:
        return_what_is_freed()
        spare_what_stays()
        settings = self._settings
        pool = WorkerPool(
            partial(build_processor, settings.config_dir),
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
            self._sole.release()

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
        return await self._grouped(await self.gather(outlets, replay=replay, due_only=due_only, stop=stop))

    async def collect_until(
        self, stop: asyncio.Event, outlets: Sequence[Outlet], *, replay: Sequence[Path] = ()
    ) -> Collected:
        """As `collect`, for somebody who waits: once `stop` is set, grouping is left to the next pass too."""
        found = await self.gather(outlets, replay=replay, stop=stop)
        return found if stop.is_set() else await self._grouped(found)

    async def _grouped(self, found: Collected) -> Collected:
        assert self._flow is not None, "enter the collector first"
        return dataclasses.replace(found, stories=await self._flow.writer.call(self.group))

    async def gather(
        self,
        outlets: Sequence[Outlet],
        *,
        replay: Sequence[Path] = (),
        due_only: bool = False,
        stop: asyncio.Event | None = None,
    ) -> Collected:
        """As `collect`, without grouping: returns when every article is committed and indexed. Raises
        StoreError, before anything is asked for, if the disk is nearly full or another process collects."""
        assert self._flow is not None, "enter the collector first"
        unfinished = {outlet.slug: outlet for outlet in outlets}
        left_alone: dict[str, datetime] = {}
        self._passes.append(unfinished)
        try:
            if not replay:
                await self._flow.writer.call(self._may_ask)
                # Articles that come now may lie in a window that was closed while the clock ran ahead.
                await asyncio.to_thread(notice, self._store, self._clock())
            await self._heed_changes()
            recorded = ArchiveReader(replay) if replay else None
            self._flow.replaying = bool(replay)
            due = await self._whom_to_ask(due_only=due_only, replaying=bool(replay), left_alone=left_alone)
            options = self._options(recorded, unfinished, due, stop=stop)
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
            left_alone=left_alone,
        )

    async def _heed_changes(self) -> None:
        """Have pages read by new workers where the configuration changed: outlets, profiles, watch-lists."""
        assert self._flow is not None
        now = await asyncio.to_thread(stamps, self._settings.config_dir)
        if self._stamps not in ((), now):
            await self._flow.pool.renew()
        self._stamps = now

    def _may_ask(self) -> None:
        """Raise StoreError unless this is the one that collects and there is room for what comes."""
        self._sole.take()
        # By the real clock, as the files' times are; it may make the room that is wanted.
        forget_responses(self._settings.archive_dir, datetime.now(UTC) - self._keep)
        need_space(self._settings)

    def _options(
        self,
        recorded: ArchiveReader | None,
        unfinished: dict[str, Outlet],
        due: Due,
        *,
        stop: asyncio.Event | None,
    ) -> CrawlOptions:
        """How a pass crawls; outlets that it has finished leave `unfinished`."""
        return dataclasses.replace(
            crawl_options(self._settings, self._clock),
            archive=None if recorded else self._archive,
            replay=recorded,
            due=due,
            stop=stop,
            politeness=self._politeness,
            read_feed=self._flow.read_feed if self._flow else None,
            missing=None if recorded else self._flow,
            finished=lambda slug: unfinished.pop(slug, None),
        )

    async def _whom_to_ask(self, *, due_only: bool, replaying: bool, left_alone: dict[str, datetime]) -> Due:
        """Which endpoints a pass asks: those that are due; or all but those whose hosts said, perhaps to an
        earlier process, that they want to be left alone. These are added to `left_alone`."""
        if due_only:
            return self._due
        if replaying:
            return always
        assert self._flow is not None
        now = self._clock()
        waits = [
            Wait(each.url, each.not_before, each.last_detail.startswith("429"))
            for each in await self._flow.writer.call(self._store.waits, now)
            if each.not_before is not None
        ]

        def unless_asked_to_wait(outlet: Outlet, endpoint: Endpoint, state: EndpointState | None) -> bool:
            url = state.url if state else endpoint_url(endpoint, now)
            until = left_alone_until(url, waits, now)
            if until is not None:
                left_alone[url] = until
            return until is None

        return unless_asked_to_wait

    def _due(self, outlet: Outlet, endpoint: Endpoint, state: EndpointState | None) -> bool:
        return is_due(state, self._clock())

    async def free_and_due(self, outlets: Sequence[Outlet]) -> list[Outlet]:
        """Those with an endpoint that is due, without those that a pass under way has not finished and those
        that share a host with one of them."""
        assert self._flow is not None, "enter the collector first"
        # Before the states are read: what is finished meanwhile has a state that these do not show.
        taken = hosts_of(outlet for each in self._passes for outlet in each.values())
        await self._flow.writer.flush()
        found = await self._flow.writer.call(self._store.endpoint_states)
        states = {state.url: state for state in found}
        now = self._clock()
        taken |= hosts_of(outlet for each in self._passes for outlet in each.values())  # begun meanwhile
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
        from pipeline.placing import place_new
        from pipeline.stories import load_grouper

        if self._grouper is None:
            self._grouper = load_grouper(self._settings.config_dir)
        return place_new(self._store, self._grouper)


def crawl_options(settings: Settings, clock: Clock) -> CrawlOptions:
    """How to crawl as the settings say."""
    return CrawlOptions(
        user_agent=settings.user_agent,
        now=clock,
        parallel=settings.parallel,
        download_timeout=settings.download_timeout,
        max_page_bytes=settings.max_page_bytes,
        max_feed_bytes=settings.max_feed_bytes,
        allow_networks=tuple(settings.allow_networks),
    )


def need_space(settings: Settings) -> None:
    """Raise StoreError unless the disks of home and of a SQLite database have the room that is wanted: what
    is left then is for digests, searches and the database's own care (FreshRSS#2474)."""
    file = sqlite_file(read_url(settings.database))
    for folder in {settings.home, file.parent if file else settings.home}:
        there = next((each for each in (folder, *folder.absolute().parents) if each.exists()), None)
        free = shutil.disk_usage(there).free if there is not None else settings.min_free_bytes
        if free < settings.min_free_bytes:
            raise StoreError(
                f"only {free >> 20} MB are free, nothing is collected below {settings.min_free_bytes >> 20}",
                about=str(folder),
                hint="diembao db prune --older-than DAYS --vacuum, or a lower DIEMBAO_MIN_FREE_BYTES",
            )


def hosts_of(outlets: Iterable[Outlet]) -> set[str]:
    """Their hosts, each with and without `www.` as one."""
    return {host.removeprefix("www.") for outlet in outlets for host in outlet.hosts}


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
