"""What is owed to each host, over all runs of this process: pauses, robots rules, waits asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from scrapy.core.downloader import Downloader, Slot

from crawlers.polling import doubled
from crawlers.refusal import Refused
from models.outcome import Reason
from models.outlet import Outlet

ROBOTS_SECONDS = 24 * 3600
"""How long a robots.txt is believed (RFC 9309, 2.4)."""
MAX_CRAWL_DELAY = 300.0
"""Longest Crawl-delay that is waited for, in seconds."""
_MAX_THROTTLE = 60.0
MAX_WAIT = 24 * 3600.0
"""Longest that a host is left alone because it asked for it, in seconds."""
_FAILURES = 3
_CLOSED_SECONDS = 120.0


class RobotRules(Protocol):
    """The rules of one robots.txt."""

    def allowed(self, url: str, user_agent: str) -> bool:
        """Whether `user_agent` may fetch `url`."""
        ...

    def crawl_delay(self, user_agent: str) -> float | None:
        """Seconds between two requests that the host asks for."""
        ...


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What a host's robots.txt came to: `rules`, or None with nothing forbidden, or all `refused` because it
    could not be had. `failures` counts how often in a row it could not, up to `read_at`."""

    rules: RobotRules | None
    refused: str
    read_at: float
    failures: int = 0

    @property
    def seconds(self) -> float:
        """How long it is believed: a day, and after a failure until it is time to ask again."""
        return doubled(self.failures).total_seconds() if self.failures else ROBOTS_SECONDS


def after_failure(old: RobotsAnswer | None, why: str, now: float) -> RobotsAnswer:
    """What holds when a robots.txt could not be had: the rules that were known, else nothing is allowed.
    Pure."""
    failures = old.failures + 1 if old else 1
    if old is None or old.refused:
        return RobotsAnswer(None, why, now, failures)
    return replace(old, read_at=now, failures=failures)


@dataclass(slots=True)
class Politeness:
    """Kept by whoever runs one crawl after another, so that pauses and rules outlive each of them.

    Times are of `clock`, monotonic seconds. `empty_pages` are the fingerprints of pages that a host served at
    many addresses.
    """

    clock: Callable[[], float] = time.monotonic
    robots: dict[str, RobotsAnswer] = field(default_factory=dict)
    crawl_delays: dict[str, float] = field(default_factory=dict)
    throttled: dict[str, float] = field(default_factory=dict)
    last_asked: dict[str, float] = field(default_factory=dict)
    waits: dict[str, tuple[float, str]] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    empty_pages: dict[str, set[bytes]] = field(default_factory=dict)

    def robots_of(self, origin: str) -> RobotsAnswer | None:
        """The answer of an origin (`https://host:port`) that is still believed."""
        answer = self.robots.get(origin)
        return answer if answer and self.clock() - answer.read_at < answer.seconds else None

    def check(self, host: str) -> None:
        """Raise Refused while a host has asked to be left alone (429), or has failed three times running."""
        until, why = self.waits.get(host, (0.0, ""))
        if self.clock() < until:
            reason = Reason.HTTP_ERROR if why.startswith("429") else Reason.UNREACHABLE
            left = until - self.clock()
            raise Refused(reason, f"{why}; not asked for another {left:.0f} s", wait=timedelta(seconds=left))

    def wait(self, host: str, seconds: float, why: str) -> None:
        """Leave a host alone for some time, or for as long as it was to be anyhow if that is longer."""
        new = self.clock() + min(seconds, MAX_WAIT), why
        self.waits[host] = max(new, self.waits.get(host, new), key=lambda wait: wait[0])

    def failed(self, host: str) -> None:
        """Count an unanswered request; after three in a row the host is left alone for two minutes, so
        that it cannot hold up the others."""
        self.failures[host] = self.failures.get(host, 0) + 1
        if self.failures[host] >= _FAILURES:
            self.failures[host] = 0
            self.wait(host, _CLOSED_SECONDS, f"{_FAILURES} requests in a row went unanswered")

    def answered(self, host: str) -> None:
        """A host answered, whatever it said."""
        self.failures.pop(host, None)


def limits(outlets: Iterable[Outlet]) -> dict[str, tuple[int, float]]:
    """Parallel requests and pause of each host: the kindest of the outlets that share it."""
    found: dict[str, tuple[int, float]] = {}
    for outlet in outlets:
        for host in outlet.hosts:
            for name in (host, host.removeprefix("www."), f"www.{host.removeprefix('www.')}"):
                parallel, delay = found.get(name, (outlet.fetch.parallel, outlet.fetch.delay))
                found[name] = (min(parallel, outlet.fetch.parallel), max(delay, outlet.fetch.delay))
    return found


def open_slots(downloader: Downloader, politeness: Politeness, limits: dict[str, tuple[int, float]]) -> None:
    """Give Scrapy's downloader the limits of each host, and the moment it was last asked."""
    for host, (parallel, delay) in limits.items():
        pause = max(delay, politeness.crawl_delays.get(host, 0.0), politeness.throttled.get(host, 0.0))
        downloader.per_slot_settings[host] = {"concurrency": parallel, "delay": pause, "jitter": 0.0}
        if host in politeness.last_asked:
            slot = Slot(parallel, pause, 0.0)
            slot.lastseen = politeness.last_asked[host]
            downloader.slots[host] = slot


def slow_down(downloader: Downloader, host: str, delay: float) -> None:
    """Let at least `delay` seconds pass between two requests to a host, from now on."""
    settings = downloader.per_slot_settings.setdefault(host, {})
    settings["delay"] = max(settings.get("delay", 0.0), delay)
    if host in downloader.slots:
        downloader.slots[host].delay = max(downloader.slots[host].delay, delay)


def throttled_delay(current: float, floor: float, latency: float, parallel: int, *, failed: bool) -> float:
    """The pause that suits a host that took `latency` seconds: as long as it needs for one answer, halfway
    from the current pause, never under `floor`, never shorter after a failure (Scrapy's AutoThrottle)."""
    target = latency / max(parallel, 1)
    new = min(max(target, (current + target) / 2, floor), max(_MAX_THROTTLE, floor))
    return max(new, current) if failed else new
