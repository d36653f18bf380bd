"""`collect`: one pass over the outlets, live or from an archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import ConfigError
from models.outcome import Reason
from pipeline.commands.common import (
    Clock,
    DbOption,
    HomeOption,
    JsonOption,
    NowOption,
    OutletsOption,
    clock,
    console,
    dump,
    settings_for,
)
from pipeline.dates import VIETNAM
from pipeline.interrupts import until_interrupted
from pipeline.settings import Settings

if TYPE_CHECKING:
    import asyncio

    from pipeline.jobs import Collected


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("collect")(collect)


def collect(
    outlet: OutletsOption = None,
    replay: Annotated[
        list[Path] | None,
        typer.Option(
            "--replay", metavar="FILE", help="Answer every request from this WARC archive; may be repeated."
        ),
    ] = None,
    now: NowOption = None,
    json: JsonOption = False,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """One pass over every enabled feed, sitemap and listing.

    Exits with 1 after an error of this program, which ends one page or endpoint, and with 2 if an outlet
    could not be reached at all.
    """
    settings = settings_for(db, home)
    for file in replay or []:
        if not file.is_file():
            raise ConfigError("no such archive", about=str(file), hint="give a .warc or .warc.gz file")
    collected = until_interrupted(
        lambda stop: collect_once(settings, outlet or [], replay or [], clock(now), stop)
    )
    if json:
        print(dump(as_record(collected)))
    else:
        show(collected)
    if collected.reasons[Reason.FAULT]:
        raise typer.Exit(1)
    if collected.unreachable and not replay:
        raise typer.Exit(2)


async def collect_once(
    settings: Settings, slugs: list[str], replay: list[Path], now: Clock, stop: asyncio.Event
) -> Collected:
    """Open the store, make one pass, close."""
    from pipeline.jobs import Collector, chosen
    from pipeline.store import open_store

    outlets = chosen(settings, slugs)
    with open_store(settings.database) as store:
        async with Collector(settings, store, now) as collector:
            return await collector.collect_until(stop, outlets, replay=replay)


def as_record(collected: Collected) -> dict[str, object]:
    """The JSON form of a pass."""
    return {
        "outlets": collected.outlets,
        "outcomes": {reason.value: count for reason, count in collected.reasons.most_common()},
        "stories": collected.stories,
        "archive_problems": list(collected.problems),
        "unreachable": list(collected.unreachable),
        "left_alone": [
            {"url": url, "until": until.isoformat()} for url, until in collected.left_alone.items()
        ],
        "endpoints": [
            {
                "outlet": poll.outlet,
                "url": poll.url,
                "kind": poll.kind.value,
                "reason": poll.reason.value if poll.reason else None,
                "detail": poll.detail,
                "entries": poll.entries,
                "wanted": poll.wanted,
                "problems": list(poll.problems),
            }
            for poll in collected.polls
        ],
    }


def show(collected: Collected) -> None:
    """Counts by outcome, then who was left alone, what could not be read and what to do."""
    out = console()
    read = sum(poll.reason is None for poll in collected.polls)
    out.print(f"{read} of {len(collected.polls)} endpoints of {collected.outlets} outlets read")
    for reason, count in collected.reasons.most_common():
        out.print(f"{count:7}  {reason.value}")
    for url, until in collected.left_alone.items():
        when = until.astimezone(VIETNAM).strftime("%H:%M %d/%m")
        out.print(f"left alone until {when}, as its host asked: {url}", markup=False, soft_wrap=True)
    for problem in collected.problems:
        out.print(problem, style="bold", markup=False)
    if faults := collected.reasons[Reason.FAULT]:
        out.print(
            f"{faults} ended by an error of this program; please report what it wrote above", style="bold"
        )
    if collected.unreachable:
        out.print(f"could not be reached: {', '.join(collected.unreachable)}", style="bold")
        out.print(
            "Nothing stored is lost; the next pass asks again. Check the network or `diembao outcomes`."
        )
