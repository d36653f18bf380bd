"""`demo`: a recorded week of an invented newsroom, played day by day through the real program."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from crawlers.outlets import VIETNAM
from models.errors import ConfigError
from models.query import Facet, Query
from pipeline.commands.common import console, writing
from pipeline.interrupts import until_interrupted
from pipeline.settings import Settings, load_settings

if TYPE_CHECKING:
    import asyncio

    from models.mail import DeliveryReport
    from models.outcome import Reason
    from pipeline.names import Names
    from pipeline.store import Store

NEWSROOM = Path(__file__).resolve().parent.parent.parent / "tests" / "newsroom"
FIRST_MORNING = datetime(2026, 11, 10, 5, 50, tzinfo=VIETNAM)
TO_THE_MAIL = timedelta(minutes=40)
DAYS = 7
SEARCH = "đà nẵng cảng"
BAR = 24


def demo(
    home: Annotated[
        Path, typer.Option("--home", help="Folder for the demo's database and mails; emptied first.")
    ] = Path("demo"),
    newsroom: Annotated[Path, typer.Option("--newsroom", help="Folder of the recorded week.")] = NEWSROOM,
) -> None:
    """Play a recorded week of news: collect every morning, send the digest, then show what came of it."""
    archive = newsroom / "newsroom.warc.gz"
    if not archive.is_file():
        raise ConfigError(
            "no recorded newsroom", about=str(archive), hint="run the demo from a checkout of the project"
        )
    settings = fresh_settings(home)
    out = console()
    reasons, reports = until_interrupted(
        lambda stop: play(settings, archive, newsroom / "subscriptions.toml", out, stop)
    )
    show(settings, reasons, reports, out)


def fresh_settings(home: Path) -> Settings:
    """Settings for an empty folder, whatever the environment says: the demo neither sends mail nor touches
    another database. Raises ConfigError if the folder holds anything that a demo did not write."""
    home = Path(os.path.normpath(home))  # of `missing/..` no folder could be made
    marker = home / ".diembao-demo"
    if home.exists() and not home.is_dir():
        raise ConfigError("is a file, not a folder", about=str(home), hint="give another --home")
    if home.exists() and any(home.iterdir()) and not marker.exists():
        raise ConfigError("is not empty and not a demo's", about=str(home), hint="give another --home")
    shutil.rmtree(home, ignore_errors=True)
    with writing(home):
        home.mkdir(parents=True)
        marker.touch()
    return load_settings(
        home=home,
        database_url=f"sqlite:///{home / 'diembao.sqlite3'}",
        smtp_host="",
        workers=1,
        public_url="",
    )


async def play(
    settings: Settings, archive: Path, subscriptions: Path, out: Console, stop: asyncio.Event
) -> tuple[Counter[Reason], list[DeliveryReport]]:
    """Seven mornings: one pass over the newsroom's outlets as recorded by then, then the digests due. Ends
    early once `stop` is set."""
    from crawlers.archive import ArchiveReader
    from crawlers.outlets import load_outlets
    from pipeline.digest.roster import in_force
    from pipeline.jobs import Collector
    from pipeline.names import Names
    from pipeline.sending import deliver_digests, plan_digests
    from pipeline.store import open_store

    recorded = ArchiveReader([archive])
    outlets = [
        outlet
        for outlet in load_outlets(settings.config_dir).values()
        if any(recorded.lookup(endpoint.url) for endpoint in outlet.endpoints)
    ]
    names = Names.load(settings.config_dir)
    reasons: Counter[Reason] = Counter()
    reports = []
    moment = FIRST_MORNING
    with open_store(settings.database) as store:
        wanted = in_force(store, subscriptions, moment)
        async with Collector(settings, store, lambda: moment) as collector:
            for day in range(DAYS):
                moment = FIRST_MORNING + timedelta(days=day)
                done = await collector.collect_until(stop, outlets, replay=[archive])
                if stop.is_set():
                    break
                reasons += done.reasons
                mail_time = moment + TO_THE_MAIL
                planned = plan_digests(settings, store, names, wanted, mail_time)
                reports.append(await deliver_digests(settings, store, mail_time))
                new = sum(
                    number for reason, number in done.reasons.items() if reason.value in ("stored", "teaser")
                )
                subjects = " | ".join(each.subject for each in planned if each.subject)
                out.print(
                    f"{moment:%a %d/%m %H:%M}  {new:3} new articles   {subjects}",
                    markup=False,
                    no_wrap=True,
                    overflow="ellipsis",
                )
    return reasons, reports


def show(settings: Settings, reasons: Counter[Reason], reports: list[DeliveryReport], out: Console) -> None:
    """Counts by outcome, top stories, coverage by province, a search, where the mails are."""
    from pipeline.commands.searching import show as show_page
    from pipeline.names import Names
    from pipeline.search import parse_query
    from pipeline.store import open_store

    names = Names.load(settings.config_dir)
    now = FIRST_MORNING + timedelta(days=DAYS)
    with open_store(settings.database, create=False) as store:
        heading(out, "Outcomes of every address met in the week")
        for reason, number in store.outcome_counts().items():
            out.print(f"{number:6}  {reason.value}")
        heading(out, "Top stories")
        out.print(top_stories(store, names, now))
        heading(out, "Coverage by province")
        out.print(coverage(store, names))
        heading(out, f'diembao search "{SEARCH}"')
        show_page(store.search(parse_query(SEARCH, names, now=now), limit=5, total=True), {}, names, now, out)
    heading(out, "Digests")
    out.print(f"{sum(report.sent for report in reports)} mails in {settings.outbox_dir}", soft_wrap=True)
    out.print(
        f"Search on: diembao search --home {settings.home} --province 'Quảng Nam'",
        markup=False,
        soft_wrap=True,
    )


def heading(out: Console, text: str) -> None:
    """A line that says what follows."""
    out.print(f"\n{text}", style="bold", markup=False)


def top_stories(store: Store, names: Names, now: datetime, number: int = 6) -> Table:
    """The stories that most outlets carry."""
    stories = store.stories_between(now - timedelta(days=DAYS + 1), now)
    stories.sort(key=lambda story: (-len(story.outlets), -story.total, story.id))
    table = Table(box=None, show_header=False, pad_edge=False)
    for story in stories[:number]:
        places = ", ".join(names.gazetteer.name(code, "vi") for code in story.provinces[:3])
        languages = "+".join(sorted(story.languages))
        table.add_row(
            f"{story.total} articles", f"{len(story.outlets)} outlets", languages, story.headline, places
        )
    return table


def coverage(store: Store, names: Names) -> Table:
    """How many articles are about each province, most first, in two columns."""
    facets = store.facets(Query(), [Facet.PROVINCE])[Facet.PROVINCE]
    counts = [each for each in facets if each.value]  # the empty value counts articles of no province
    most = max((count.count for count in counts), default=1)
    cells = [
        (
            names.gazetteer.name(each.value, "vi"),
            str(each.count),
            "█" * max(1, round(BAR * each.count / most)),
        )
        for each in counts
    ]
    half = (len(cells) + 1) // 2
    table = Table(box=None, show_header=False, pad_edge=False)
    for left, right in zip(cells[:half], [*cells[half:], ("", "", "")], strict=False):
        table.add_row(*left, *right)
    return table
