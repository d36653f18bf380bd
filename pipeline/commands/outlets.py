"""`outlets`: what is configured, and how each endpoint fares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawlers.words import beneath, both, explained, labelled, say
from models.errors import ConfigError
from models.outlet import EndpointKind
from models.query import Note
from pipeline.commands import probing
from pipeline.commands.common import (
    DbOption,
    HomeOption,
    JsonOption,
    NowOption,
    OutletsOption,
    a_day,
    clock,
    console,
    dump,
    settings_for,
)
from pipeline.dates import VIETNAM

if TYPE_CHECKING:
    from crawlers.coverage import Coverage
    from crawlers.health import Diagnosis, Notice
    from models.outlet import Outlet
    from models.ports import EndpointState


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(name="outlets", help="The configured outlets.", no_args_is_help=True)
    group.command("list")(list_outlets)
    group.command("health")(health)
    group.command("coverage")(coverage)
    group.command("probe")(probing.probe_outlets)
    group.command("add")(probing.add)
    group.command("export")(probing.export)
    group.command("import")(probing.import_)
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


def health(
    outlet: OutletsOption = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Count this as a check: remember the states and print what is new."),
    ] = False,
    metrics: Annotated[bool, typer.Option("--metrics", help="Prometheus' text format.")] = False,
    now: NowOption = None,
    json: JsonOption = False,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """How each polled outlet fares and why, the worst first.

    With --check, exits with 3 if there is an alarm: an outlet that two checks in a row found not well.
    """
    from crawlers.metrics import metrics_text
    from pipeline.jobs import chosen
    from pipeline.store import open_store
    from pipeline.watch import check_health, diagnose_all, standings

    other = "--json" if json else "--check" if check else ""
    if metrics and other:
        raise ConfigError(f"does not go with {other}", about="--metrics", hint="give one of the two")
    settings, moment = settings_for(db, home), clock(now)()
    with open_store(settings.database, create=False) as store:
        outlets = chosen(settings, outlet or [])
        if check:
            checked = check_health(store, outlets, moment)
            show_notices(checked.notices, json=json)
            if any(not notice.recovered for notice in checked.notices):
                raise typer.Exit(3)
            return
        found = diagnose_all(store, outlets, moment)
        since = standings(store)
        states = store.endpoint_states()
    if metrics:
        print(metrics_text(found, moment), end="")
        return
    found.sort(key=lambda each: (list(type(each.state)).index(each.state), each.outlet))
    if json:
        for each in found:
            own = [state_record(state) for state in states if state.outlet == each.outlet]
            standing = since.get(each.outlet)
            print(dump(diagnosis_record(each, standing.since if standing else None) | {"endpoints": own}))
        return
    show_health(found, moment)


def coverage(
    outlet: OutletsOption = None,
    day: Annotated[
        str | None,
        typer.Option("--day", metavar="DAY", help="Day in Vietnam: 2026-11-21, today; default yesterday."),
    ] = None,
    now: NowOption = None,
    json: JsonOption = False,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """What feeds, sitemaps and listings named of one day, and what one of them missed."""
    from pipeline.jobs import chosen
    from pipeline.store import open_store
    from pipeline.watch import coverage_of, latest_naming

    settings = settings_for(db, home)
    moment = clock(now)()
    wanted = a_day(day or "yesterday", moment, "--day")
    with open_store(settings.database, create=False) as store:
        found = [coverage_of(store, each, wanted) for each in chosen(settings, outlet or [])]
        empty = [each.outlet for each in found if not each.total and not json]
        latest = {slug: latest_naming(store, slug, moment) for slug in empty}
    if json:
        for each in found:
            print(dump(coverage_record(each, wanted)))
        return
    shown = [each for each in found if each.total or outlet]
    print("\n".join(beneath(say("coverage", day=str(wanted)), indent=0)))
    if not shown:
        times = [time for time in latest.values() if time is not None]
        print("\n".join(beneath(nothing_named(max(times, default=None), wanted), indent=0)))
        return
    heads = [say("outlet"), say("all")]
    heads += [say(key) for kind in EndpointKind for key in (kind.value, "alone")]
    for row in ([head.vi for head in heads], [head.en for head in heads]):
        print(_coverage_row(*row))
    for each in shown:
        show_coverage(each, wanted, latest.get(each.outlet), details=bool(outlet))


def nothing_named(latest: datetime | None, day: date) -> Note:
    """Why there is nothing to compare."""
    if latest is None:
        return say("never_named")
    last = latest.astimezone(VIETNAM).date()
    return say("not_that_day") if last == day else say("latest_named", latest=str(last))


def coverage_record(found: Coverage, day: date) -> dict[str, object]:
    """One outlet's day as JSON."""
    return {
        "outlet": found.outlet,
        "day": day.isoformat(),
        "total": found.total,
        "named": {kind.value: number for kind, number in found.named.items()},
        "alone": {kind.value: number for kind, number in found.alone.items()},
        "missed": [
            {
                "url": each.url,
                "named_by": [kind.value for kind in each.named_by],
                "missed_by": [kind.value for kind in each.missed_by],
            }
            for each in found.missed
        ],
    }


def show_coverage(found: Coverage, day: date, latest: datetime | None, *, details: bool) -> None:
    """One line for an outlet; with details, one for each address that a kind missed. `latest` is when it was
    last heard of, for a day of which it was not."""
    out = console()
    cells = [cell for kind in EndpointKind for cell in _cells(found, kind)]
    lines = [_coverage_row(found.outlet, str(found.total), *cells)]
    lines += [] if found.total else beneath(nothing_named(latest, day))
    out.print("\n".join(lines), markup=False, soft_wrap=True)
    for each in found.missed if details else ():
        kinds_of = [say(kind.value) for kind in each.missed_by]
        missed = Note(", ".join(kind.vi for kind in kinds_of), ", ".join(kind.en for kind in kinds_of))
        out.print(f"    {both(say('not_in', kinds=missed))}: {each.url}", markup=False, soft_wrap=True)


def _cells(found: Coverage, kind: EndpointKind) -> tuple[str, str]:
    """How many articles a kind named and how many it alone, if the outlet has one of it."""
    if kind not in found.named:
        return "-", "-"
    number = found.named[kind]
    share = f" ({number / found.total:.0%})" if found.total else ""
    return f"{number}{share}", str(found.alone[kind])


def _coverage_row(outlet: str, total: str, *kinds: str) -> str:
    cells = "".join(f" {cell:>{5 if place % 2 else 10}}" for place, cell in enumerate(kinds))
    return f"{outlet:20} {total:>6}{cells}"


def show_notices(notices: Sequence[Notice], *, json: bool) -> None:
    """What people should hear: what is the matter, and below it why."""
    for notice in notices:
        if json:
            print(
                dump(
                    {
                        "outlet": notice.outlet,
                        "recovered": notice.recovered,
                        "state": notice.state.value,
                        "reason": notice.reason.en,
                    }
                )
            )
        else:
            state = both(say("well_again")) if notice.recovered else labelled(notice.state)
            print("\n".join([f"{notice.outlet}: {state}", *beneath(notice.reason)]))


def diagnosis_record(found: Diagnosis, since: datetime | None) -> dict[str, object]:
    """One outlet's health as JSON."""
    figures = found.figures
    return {
        "outlet": found.outlet,
        "state": found.state.value,
        "reason": found.reason.en,
        "since": since.isoformat() if since else None,
        "last_success_at": found.last_success.isoformat() if found.last_success else None,
        "newest_entry_at": figures.newest.isoformat() if figures.newest else None,
        "entries_day": figures.named[-1] if figures.named else 0,
        "entries_day_usual": figures.usual_named,
        "articles_day": figures.stored[-1] if figures.stored else 0,
        "articles_day_usual": figures.usual_stored,
        "extraction_yield": figures.extraction_yield,
    }


def show_health(found: Sequence[Diagnosis], now: datetime) -> None:
    """A table of 80 columns: state, hours since the last success and since the newest entry, entries and
    articles of the last day against the median of the 28 days before, extraction yield; below an outlet why
    it is not well."""
    out = console()
    keys = ("outlet", "state", "hours_ok", "hours_newest", "entries", "articles", "yield")
    heads = [say(key) for key in keys]
    lines = [_row(*(head.vi for head in heads)), _row(*(head.en for head in heads))]
    for each in found:
        figures = each.figures
        well, age = _hours(each.last_success, now), _hours(figures.newest, now)
        entries = _against_usual(figures.named, figures.usual_named)
        articles = _against_usual(figures.stored, figures.usual_stored)
        share = "-" if figures.extraction_yield is None else f"{figures.extraction_yield:.0%}"
        lines.append(_row(each.outlet, each.state.value, well, age, entries, articles, share))
        lines += beneath(explained(each.state, each.reason))
    out.print("\n".join(lines), markup=False, soft_wrap=True)


def _row(outlet: str, state: str, well: str, age: str, entries: str, articles: str, share: str) -> str:
    return f"{outlet:20} {state:13} {well:>7} {age:>7} {entries:>10} {articles:>10} {share:>6}"


def _hours(since: datetime | None, now: datetime) -> str:
    return "-" if since is None else f"{(now - since).total_seconds() / 3600:.1f}"


def _against_usual(numbers: Sequence[int], usual: float) -> str:
    """The latest day's number and the usual one, which is not known in the first days."""
    return f"{numbers[-1] if numbers else 0}/{f'{usual:g}' if usual else '-'}"


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
