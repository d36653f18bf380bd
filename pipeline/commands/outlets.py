"""`outlets`: what is configured, and how each endpoint fares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pipeline.commands.common import DbOption, HomeOption, JsonOption, console, dump, settings_for

if TYPE_CHECKING:
    from models.outlet import Outlet
    from models.ports import EndpointState


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(name="outlets", help="The configured outlets.", no_args_is_help=True)
    group.command("list")(list_outlets)
    group.command("health")(health)
    app.add_typer(group)


def list_outlets(json: JsonOption = False) -> None:
    """Every configured outlet with its endpoints. A wrong file is refused with key and reason."""
    from crawlers.outlets import load_outlets

    outlets = load_outlets(settings_for().config_dir)
    for outlet in outlets.values():
        print(dump(record(outlet)) if json else line(outlet))


def line(outlet: Outlet) -> str:
    """One outlet in one line."""
    enabled = sum(endpoint.enabled for endpoint in outlet.endpoints)
    home = outlet.province or "-"
    return (
        f"{outlet.slug:20} {outlet.language:3} {home:8} {enabled:3}/{len(outlet.endpoints):<3} {outlet.name}"
    )


def record(outlet: Outlet) -> dict[str, object]:
    """One outlet as JSON."""
    return {
        "slug": outlet.slug,
        "name": outlet.name,
        "homepage": outlet.homepage,
        "lang": outlet.language,
        "province": outlet.province,
        "family": outlet.profile.family,
        "active": outlet.active,
        "endpoints": [
            {
                "kind": endpoint.kind.value,
                "url": endpoint.url,
                "grade": endpoint.grade.value,
                "checked": endpoint.checked.isoformat() if endpoint.checked else None,
                "enabled": endpoint.enabled,
                "section": endpoint.section,
            }
            for endpoint in outlet.endpoints
        ],
    }


def health(json: JsonOption = False, db: DbOption = None, home: HomeOption = None) -> None:
    """How each polled endpoint fared the last time, failing ones first."""
    from pipeline.store import open_store

    with open_store(settings_for(db, home).database, create=False) as store:
        states = sorted(store.endpoint_states(), key=lambda state: (-state.failures, state.outlet, state.url))
    out = console()
    for state in states:
        if json:
            print(dump(state_record(state)))
        else:
            how = (
                f"{state.failures} failures: {state.last_reason} {state.last_detail}"
                if state.failures
                else "ok"
            )
            out.print(f"{state.outlet:20} {how:30} {state.url}", markup=False, soft_wrap=True)


def state_record(state: EndpointState) -> dict[str, object]:
    """One endpoint's state as JSON."""
    return {
        "outlet": state.outlet,
        "url": state.url,
        "polls": state.polls,
        "failures": state.failures,
        "last_reason": state.last_reason,
        "last_detail": state.last_detail,
        "last_polled_at": state.last_polled_at.isoformat() if state.last_polled_at else None,
        "last_success_at": state.last_success_at.isoformat() if state.last_success_at else None,
        "next_due_at": state.next_due_at.isoformat() if state.next_due_at else None,
    }
