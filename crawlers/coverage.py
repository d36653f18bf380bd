"""What feed, sitemap and listing named of one day, and what one of them missed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.outlet import EndpointKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """An address that some kinds of endpoints named and others did not."""

    url: str
    named_by: tuple[EndpointKind, ...]
    missed_by: tuple[EndpointKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One outlet's day: the addresses that each kind named, of all; `alone` are those that only that kind
    named. A kind that the outlet does not have misses nothing."""

    outlet: str
    total: int
    named: Mapping[EndpointKind, int]
    alone: Mapping[EndpointKind, int]
    missed: tuple[Missed, ...]


def cover(
    outlet: str, namings: Iterable[tuple[str, EndpointKind]], polled: Iterable[EndpointKind] = ()
) -> Coverage:
    """Compare the kinds of endpoints by the addresses that they named. Those that are `polled` are compared
    even if they named nothing: then they missed everything."""
    kinds: dict[str, set[EndpointKind]] = {}
    had = set(polled)
    for url, kind in namings:
        kinds.setdefault(url, set()).add(kind)
        had.add(kind)
    present = [kind for kind in EndpointKind if kind in had]
    missed = tuple(
        Missed(
            url=url,
            named_by=tuple(kind for kind in present if kind in named),
            missed_by=tuple(kind for kind in present if kind not in named),
        )
        for url, named in sorted(kinds.items())
        if len(named) < len(present)
    )
    return Coverage(
        outlet=outlet,
        total=len(kinds),
        named={kind: sum(kind in named for named in kinds.values()) for kind in present},
        alone={kind: sum(named == {kind} for named in kinds.values()) for kind in present},
        missed=missed,
    )
