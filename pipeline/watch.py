"""The health of the outlets, from what the store remembers: one check, its standing, its notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta

from crawlers.coverage import Coverage, cover
from crawlers.health import Diagnosis, Figures, Notice, Placed, Standing, State, diagnose, follow
from crawlers.outlets import endpoint_urls
from models.outlet import EndpointKind, Outlet
from models.ports import EndpointState
from pipeline.dates import VIETNAM
from pipeline.store import Store, collection, outcomes

_SECTION_DAYS = timedelta(days=7)
KEEP_NAMINGS = timedelta(days=35)
"""How long it is remembered who named what; the health of an outlet looks back 29 days."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One check of all outlets: how each fares, its standing over checks, and what people should hear."""

    diagnoses: tuple[Diagnosis, ...]
    standings: dict[str, Standing]
    notices: tuple[Notice, ...]


def diagnose_all(store: Store, outlets: Iterable[Outlet], now: datetime) -> list[Diagnosis]:
    """How each outlet that was ever polled fares at `now`. Writes nothing."""
    states: dict[str, list[EndpointState]] = {}
    for state in store.endpoint_states():
        states.setdefault(state.outlet, []).append(state)
    with store.reading() as connection:
        figures = collection.outlet_figures(connection, now)
        placed: dict[str, list[Placed]] = {}
        for slug, endpoint, url, section in collection.sections(connection, now - _SECTION_DAYS):
            placed.setdefault(slug, []).append(Placed(endpoint=endpoint, url=url, section=section))
    found = (
        diagnose(
            outlet,
            states.get(outlet.slug, []),
            Figures(**asdict(figures[outlet.slug])) if outlet.slug in figures else Figures(),
            placed.get(outlet.slug, []),
            now,
        )
        for outlet in outlets
        if outlet.active
    )
    return [each for each in found if each is not None]


def check_health(store: Store, outlets: Iterable[Outlet], now: datetime) -> Checked:
    """Diagnose all outlets and remember how they stand; the notices are given once."""
    diagnoses = diagnose_all(store, outlets, now)
    old = standings(store)
    new: dict[str, Standing] = {}
    notices: list[Notice] = []
    for diagnosis in diagnoses:
        new[diagnosis.outlet], notice = follow(old.get(diagnosis.outlet), diagnosis, now)
        if notice is not None:
            notices.append(notice)
    with store.writing() as connection:
        collection.save_health(
            connection, [asdict(each) | {"state": each.state.value} for each in new.values()]
        )
        collection.forget_namings(connection, now - KEEP_NAMINGS)
    return Checked(tuple(diagnoses), {**old, **new}, tuple(notices))


_TOLD_OF = timedelta(days=2)
"""What an endpoint named when it was first asked reaches so far back; of days before, it was not asked."""


def coverage_of(store: Store, outlet: Outlet, day: date) -> Coverage:
    """What the kinds of endpoints of an outlet named of a day in Vietnam."""
    start = datetime.combine(day, time(), VIETNAM).astimezone(UTC)
    with store.reading() as connection:
        named = collection.namings(connection, outlet.slug, start, start + timedelta(days=1))
        states = outcomes.endpoint_states(connection, outcomes.ENDPOINT.c.outlet == outlet.slug)
        firsts = collection.first_namings(connection, outlet.slug)
    asked = {
        state.url
        for state in states
        if state.polls and (since := firsts.get(state.url, state.last_success_at)) is not None
        if since - _TOLD_OF < start + timedelta(days=1)
    }
    return cover(
        outlet.slug,
        [(each.url, EndpointKind(each.kind)) for each in named if each.kind],
        polled=[
            endpoint.kind
            for endpoint in outlet.endpoints
            if endpoint.enabled and not asked.isdisjoint(endpoint_urls(endpoint, start))
        ],
    )


def latest_naming(store: Store, outlet: str, now: datetime) -> datetime | None:
    """The latest time of which the outlet's endpoints named anything; None if they never did."""
    with store.reading() as connection:
        return collection.latest_naming(connection, outlet, now)


def standings(store: Store) -> dict[str, Standing]:
    """How each outlet stood at its latest check."""
    with store.reading() as connection:
        rows = collection.health_rows(connection)
    return {row["outlet"]: Standing(**row | {"state": State(row["state"])}) for row in rows}
