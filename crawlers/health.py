"""How an outlet fares, judged from what its endpoints said and what was stored. Pure functions.

    figures (store) + endpoint states ──diagnose──► Diagnosis ──follow──► Standing, and perhaps a Notice

A state says what to look at first; its reason says why in words. One bad check may be chance: people are told
after two in a row, and once more when the outlet is well again.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from urllib.parse import urlsplit

from crawlers.words import NOTHING, failure, say
from models.outcome import Reason
from models.outlet import Outlet
from models.ports import EndpointState
from models.query import Note
from pipeline.vietnamese import fold, words

ALARM_RUNS = 2
MIN_STALE = timedelta(days=2)
"""A paper that rests over a weekend is not stale."""
_STALE_GAPS = 8  # times the usual gap between two entries
_YIELD = 0.5  # share of its usual numbers, below which something is wrong (paperboy, R26)
_USUAL_DAYS = 3  # days of history before an outlet has something usual
_ENOUGH = 5  # numbers below this are chance
_FOREIGN = 0.5
_DAY = timedelta(days=1)
_BLOCKED = {Reason.ROBOTS.value, Reason.CHALLENGE.value}
_BLOCKED_STATUS = ("401", "403", "429")
MOVED_TO = "moved permanently to "
"""How an endpoint's detail begins that was read after a permanent redirect (301, 308)."""
_MOVED = {Reason.MISSING.value, Reason.OFFSITE.value, Reason.REDIRECT_LOOP.value}


class State(StrEnum):
    """In the order in which a state is reported when several hold."""

    BLOCKED = "BLOCKED"
    MOVED = "MOVED"
    FAILING = "FAILING"
    EMPTY = "EMPTY"
    STALE = "STALE"
    WRONG_SECTION = "WRONG SECTION"
    OK = "OK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What an outlet brought: entries first named and articles stored on each of the latest days (24 hours
    back from the check), oldest first; over the last seven days the addresses fetched, those that gave an
    article and those refused by a bot check; the newest time that an entry gave."""

    named: Sequence[int] = ()
    stored: Sequence[int] = ()
    newest: datetime | None = None
    tried: int = 0
    kept: int = 0
    refused: int = 0

    @property
    def usual_named(self) -> float:
        """Median of the days before the latest, from the first day with any entry; 0 if too few."""
        return _usual(self.named)

    @property
    def usual_stored(self) -> float:
        """The same of stored articles."""
        return _usual(self.stored)

    @property
    def extraction_yield(self) -> float | None:
        """The share of fetched addresses that gave an article; None if too few were fetched."""
        return self.kept / self.tried if self.tried >= _ENOUGH else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A stored article: who named it, its address, the section that its page gives."""

    endpoint: str
    url: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """An outlet's state at one check and why."""

    outlet: str
    state: State
    reason: Note
    last_success: datetime | None = None
    figures: Figures = Figures()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An outlet's state over checks; see models.tables.HealthRow."""

    outlet: str
    state: State
    reason: str
    since: datetime
    checked_at: datetime
    runs: int = 0
    alarmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What people should hear: an alarm, or that an outlet of which they were warned is well again."""

    outlet: str
    recovered: bool
    state: State
    reason: Note


def diagnose(
    outlet: Outlet,
    states: Sequence[EndpointState],
    figures: Figures,
    placed: Iterable[Placed],
    now: datetime,
) -> Diagnosis | None:
    """How an outlet fares at `now`; None if none of its endpoints was ever polled."""
    polled = [state for state in states if state.polls]
    if not polled:
        return None
    successes = [state.last_success_at for state in polled if state.last_success_at]
    found = (
        _unreachable(polled)
        or _refused(figures)
        or _empty(polled, figures)
        or _stale(figures, now)
        or _low_yield(figures)
        or _wrong_section(outlet, placed)
        or _partly(polled)
    )
    return Diagnosis(
        outlet=outlet.slug,
        state=found[0],
        reason=found[1],
        last_success=max(successes, default=None),
        figures=figures,
    )


Found = tuple[State, Note]


def _unreachable(polled: Sequence[EndpointState]) -> Found | None:
    """Every endpoint failed: what most of them failed of."""
    failing = [state for state in polled if state.failures]
    if len(failing) < len(polled):
        return None
    causes = Counter(cause_of(state) for state in failing)
    cause = min(causes, key=lambda each: (-causes[each], list(State).index(each)))
    example = next(state for state in failing if cause_of(state) is cause)
    return cause, say("failing", failing=len(failing), polled=len(polled), example=_words(example))


def cause_of(state: EndpointState) -> State:
    """What the latest failure of an endpoint means."""
    status = state.last_detail[:3]
    if state.last_reason in _BLOCKED or (
        state.last_reason == Reason.HTTP_ERROR.value and status in _BLOCKED_STATUS
    ):
        return State.BLOCKED
    return State.MOVED if state.last_reason in _MOVED else State.FAILING


def _words(state: EndpointState) -> Note:
    return failure(state.last_reason, state.last_detail, state.url)


def _refused(figures: Figures) -> Found | None:
    if figures.tried >= _ENOUGH and figures.refused > figures.tried / 2:
        return State.BLOCKED, say("refused", refused=figures.refused, tried=figures.tried)
    return None


def _empty(polled: Sequence[EndpointState], figures: Figures) -> Found | None:
    if any(figures.named) or any(state.last_count for state in polled):
        return None
    return State.EMPTY, say("empty")


def _stale(figures: Figures, now: datetime) -> Found | None:
    """By the newest entry's age. An outlet that names ten a day is late sooner than one with two a week."""
    if figures.newest is None:
        if any(figures.named[-2:]) or not any(figures.named) or figures.usual_named < 1:
            return None
        return State.STALE, say("silent")
    usual = figures.usual_named
    limit = max(MIN_STALE, timedelta(days=min(_STALE_GAPS / usual, 28)) if usual else MIN_STALE * 7)
    age = now - figures.newest
    if age <= limit or (any(figures.named[-2:]) and age <= limit * 2):
        return None
    return State.STALE, say("stale", age=age / _DAY, limit=limit / _DAY)


def _low_yield(figures: Figures) -> Found | None:
    """Entries come as ever, articles do not: most often a redesign."""
    usual, latest = figures.usual_stored, figures.stored[-1] if figures.stored else 0
    share = figures.extraction_yield
    coming = bool(figures.named) and figures.named[-1] >= _YIELD * figures.usual_named
    if usual >= _ENOUGH and latest < _YIELD * usual and coming:
        return State.FAILING, say("few_stored", latest=latest, usual=usual)
    if share is not None and share < _YIELD:
        return State.FAILING, say("low_yield", kept=figures.kept, tried=figures.tried)
    return None


def _wrong_section(outlet: Outlet, placed: Iterable[Placed]) -> Found | None:
    """An endpoint of one section whose articles stand in others that the outlet also has (nhandan, sggp and
    tienphong answer a wrong number with another section)."""
    sections = {endpoint.url: endpoint.section for endpoint in outlet.endpoints if endpoint.section}
    counts: dict[str, Counter[bool]] = {}
    for article in placed:
        own = sections.get(article.endpoint)
        if own is not None:
            fits = in_section(own, set(sections.values()), article.url, article.section)
            if fits is not None:
                counts.setdefault(article.endpoint, Counter())[fits] += 1
    for url, fit in counts.items():
        if fit.total() >= _ENOUGH and fit[False] > _FOREIGN * fit.total():
            own, foreign = sections[url], fit[False]
            return State.WRONG_SECTION, say(
                "wrong_section", foreign=foreign, all=fit.total(), url=url, section=own
            )
    return None


def in_section(own: str, known: Iterable[str], url: str, section: str = "") -> bool | None:
    """Whether an article belongs to the section `own`, by its address's path and its page's section; None
    if neither names a section `known` to the outlet, so that nothing can be said."""
    told = {slug_of(part) for part in urlsplit(url).path.split("/")[:-1] if part} | {slug_of(section)}
    if slug_of(own) in told:
        return True
    return False if told & {slug_of(name) for name in known} else None


def slug_of(section: str) -> str:
    """A section's name as it stands in addresses: `Kinh tế` is `kinh-te`."""
    return "-".join(words(fold(unicodedata.normalize("NFC", section).replace("-", " "))))


def _partly(polled: Sequence[EndpointState]) -> Found:
    failing = [state for state in polled if state.failures >= ALARM_RUNS]
    if not failing:
        moved = next((state for state in polled if moved_to(state.last_detail)), None)
        if moved is None:
            return State.OK, NOTHING
        told = say("moved_for_good", to=moved_to(moved.last_detail))
        return State.OK, Note(f"{moved.url}: {told.vi}", f"{moved.url}: {told.en}")
    example = _words(failing[0])
    return State.OK, say("failing", failing=len(failing), polled=len(polled), example=example)


def moved_to(detail: str) -> str:
    """Where an endpoint that could be read has moved for good, by what is noted of its poll; empty if it has
    not."""
    return detail[len(MOVED_TO) :].partition("; ")[0] if detail.startswith(MOVED_TO) else ""


def follow(old: Standing | None, found: Diagnosis, now: datetime) -> tuple[Standing, Notice | None]:
    """The outlet's standing after one more check, and what people should hear of it: an alarm at the second
    check in a row that is not OK, once, and one recovery notice."""
    well = found.state is State.OK
    changed = old is None or old.state is not found.state
    standing = Standing(
        outlet=found.outlet,
        state=found.state,
        reason=found.reason.en,
        since=now if changed or old is None else old.since,
        checked_at=now,
        runs=0 if well else (old.runs if old else 0) + 1,
        alarmed=old.alarmed if old else False,
    )
    if well and standing.alarmed:
        notice = Notice(outlet=found.outlet, recovered=True, state=found.state, reason=found.reason)
        return replace(standing, alarmed=False), notice
    if standing.runs >= ALARM_RUNS and not standing.alarmed:
        notice = Notice(outlet=found.outlet, recovered=False, state=found.state, reason=found.reason)
        return replace(standing, alarmed=True), notice
    return standing, None


def _usual(numbers: Sequence[int]) -> float:
    """Median of the days before the latest one, counted from the first that brought anything."""
    before = list(numbers[:-1])
    while before and not before[0]:
        before.pop(0)
    return float(median(before)) if len(before) >= _USUAL_DAYS else 0.0
