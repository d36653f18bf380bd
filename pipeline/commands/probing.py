"""`outlets probe`, `add`, `export`, `import`: outlets looked at closely, proposed, exchanged."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawlers.words import beneath, both, explained, labelled, say
from models.errors import ConfigError
from models.query import Note
from models.reasons import reason_words
from pipeline.commands.common import JsonOption, NowOption, clock, console, dump, settings_for
from pipeline.dates import VIETNAM
from pipeline.settings import Settings

if TYPE_CHECKING:
    from crawlers.crawl import CrawlOptions
    from crawlers.opml import ListedFeed
    from crawlers.probe import Probed, ProbeReport, Sample
    from models.document import RawDocument
    from models.outlet import Grade, Outlet, Profile

ReplayOption = Annotated[
    list[Path] | None,
    typer.Option("--replay", metavar="FILE", help="Answer every request from this WARC archive."),
]


def probe_outlets(
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[SLUG|URL]…", help="Default: every active outlet.")
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Write grade and date of each endpoint into the outlet's file.")
    ] = False,
    replay: ReplayOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """A close look: robots.txt, announced feeds, each endpoint's answer, one article read, the verdict.

    Exits with 2 if an outlet is not OK.
    """
    from crawlers.health import State

    settings = settings_for()
    options = options_for(settings, replay or [], now)
    outlets = wanted(settings, what or [])
    reports = asyncio.run(probe_all(settings, outlets, options))
    for report in reports:
        if json:
            print(dump(as_record(report)))
        else:
            show(report)
        if update and (settings.config_dir / "outlets" / f"{report.outlet.slug}.toml").is_file():
            checked = options.now().astimezone(VIETNAM).date()
            grades, left = update_file(settings, report, checked)
            file = f"config/outlets/{report.outlet.slug}.toml"
            if not json:
                print(f"    {both(say('graded', changed=len(grades) - len(left)))}: {file}")
            for url in left:  # written in a form that is not edited: TOML has many
                by_hand = say("ungraded", url=url, grade=grades[url].value, checked=checked.isoformat())
                sys.stderr.write("\n".join(beneath(by_hand)) + "\n")
    if any(report.verdict[0] is not State.OK for report in reports):
        raise typer.Exit(2)


def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="The outlet's home page, or a feed of it.")],
    save: Annotated[
        bool, typer.Option("--save", help="Write the file among the configured outlets.")
    ] = False,
    replay: ReplayOption = None,
    now: NowOption = None,
) -> None:
    """Propose an outlet file from a probe of a home page or feed, on standard output or with --save as a
    file."""
    from crawlers.outlet_edit import proposal, slug_from
    from models.outcome import Reason

    settings = settings_for()
    options = options_for(settings, replay or [], now)
    (outlet,) = wanted(settings, [url])
    if (settings.config_dir / "outlets" / f"{outlet.slug}.toml").is_file():
        raise ConfigError("is configured already", about=outlet.slug, hint="see `diembao outlets probe`")
    (report,) = asyncio.run(probe_all(settings, [outlet], options))
    if report.trouble and not report.endpoints:
        hint = "give the address of the home page or of a feed"
        if report.trouble.en.startswith(Reason.BLOCKED_ADDRESS):
            hint = "an intranet's addresses must be allowed: allow_networks in docs/settings.md"
        raise ConfigError(report.trouble.en, about=url, hint=hint)
    if not report.endpoints:
        sys.stderr.write(f"{both(say('none_announced'))}\n")
    family = report.sample.profile if report.sample else ""
    proposed = proposal(report, family, options.now().astimezone(VIETNAM).date())
    file = settings.config_dir / "outlets" / f"{slug_from(outlet.hosts[0])}.toml"
    if not save:
        print(proposed, end="")
        sys.stderr.write(f"{both(say('would_write'))}: {file}\n")
        return
    try:
        with file.open("x", encoding="utf-8") as written:
            written.write(proposed)
        _loaded_or_removed(settings, file)
    except OSError as error:
        raise ConfigError(
            "cannot write the outlet file", about=str(file), hint=str(error.strerror)
        ) from error
    print(f"{both(say('written'))}: {file}")


def _loaded_or_removed(settings: Settings, file: Path) -> None:
    """A file that cannot be loaded would stop every other command. Raises ConfigError for it."""
    from crawlers.outlets import load_outlets

    try:
        load_outlets(settings.config_dir)
    except ConfigError as error:
        file.unlink()
        why = f"the proposed file would not load: {error}"
        raise ConfigError(why, hint="see it without --save, and complete it by hand") from error


def export() -> None:
    """The enabled feeds of all active outlets as OPML, on standard output."""
    from crawlers.opml import to_opml
    from pipeline.jobs import chosen

    sys.stdout.write(to_opml(chosen(settings_for(), ())).decode())


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="Feeds listed by another reader.")],
    json: JsonOption = False,
) -> None:
    """Tell of the feeds of an OPML file which are configured, and propose the others as endpoints."""
    from crawlers.guard import AddressGuard
    from crawlers.opml import read_opml, unfit
    from crawlers.outlet_edit import endpoint_lines, slug_from
    from crawlers.outlets import load_outlets
    from models.outlet import Endpoint, EndpointKind, Grade
    from pipeline.extract import outlet_for
    from pipeline.urls import canonical_url, host_of

    if not file.is_file():
        raise ConfigError("no such file", about=str(file))
    settings = settings_for()
    guard = AddressGuard.of(settings.allow_networks)
    outlets = load_outlets(settings.config_dir)
    known = {canonical_url(e.url): o.slug for o in outlets.values() for e in o.endpoints if "{" not in e.url}
    feeds = read_opml(file.read_bytes(), str(file))
    for feed in feeds:
        if (why := unfit(feed.url, guard)) is not None:
            if json:
                print(dump(_listed(feed, "", configured=False, left_out=why.en)))
            else:
                sys.stderr.write(f"{both(say('left_out', url=feed.url, why=why))}\n")
            continue
        slug = known.get(canonical_url(feed.url), "")
        owner = outlet_for(feed.url, outlets)
        proposed = owner.slug if owner else slug_from(host_of(feed.homepage or feed.url))
        if json:
            print(dump(_listed(feed, slug or proposed, configured=bool(slug))))
        elif not slug:
            print(f"# config/outlets/{proposed}.toml{'' if owner else ' (new: see `diembao outlets add`)'}")
            endpoint = Endpoint(kind=EndpointKind.FEED, url=feed.url, grade=Grade.C)
            print("\n".join(endpoint_lines(endpoint, Grade.C)) + "\n")
    configured = sum(canonical_url(feed.url) in known for feed in feeds)
    sys.stderr.write(f"{both(say('configured', configured=configured, all=len(feeds)))}\n")


def _listed(feed: ListedFeed, outlet: str, *, configured: bool, left_out: str = "") -> dict[str, object]:
    """The JSON form of a feed of an OPML file; `left_out` tells why it is not proposed."""
    return {
        "url": feed.url,
        "title": feed.title,
        "outlet": outlet,
        "configured": configured,
        "left_out": left_out,
    }


def options_for(settings: Settings, replay: list[Path], now: str | None) -> CrawlOptions:
    """How a probe crawls. Raises ConfigError for an archive that is not there."""
    from crawlers.archive import ArchiveReader
    from pipeline.jobs import crawl_options

    for file in replay:
        if not file.is_file():
            raise ConfigError("no such archive", about=str(file), hint="give a .warc or .warc.gz file")
    recorded = ArchiveReader(replay) if replay else None
    options = crawl_options(settings, clock(now))
    return replace(options, replay=recorded, max_listing_pages=1, max_sitemaps=1)


def wanted(settings: Settings, what: list[str]) -> list[Outlet]:
    """The outlets named by slug, or by an address of theirs; an address of none makes an outlet that knows
    nothing yet. Raises ConfigError for anything else."""
    from crawlers.outlet_edit import host_and_twin, slug_from
    from models.outlet import Outlet
    from pipeline.extract import outlet_for
    from pipeline.jobs import chosen
    from pipeline.urls import asked_url

    found = {outlet.slug: outlet for outlet in chosen(settings, [each for each in what if "://" not in each])}
    if not what:
        return list(found.values())
    outlets = [found[each] for each in dict.fromkeys(what) if "://" not in each]
    configured = {outlet.slug: outlet for outlet in chosen(settings, ())}
    for given in (each for each in what if "://" in each):
        url = asked_url(given)
        if not url:
            hint = "write it as https://bao.example/"
            raise ConfigError("not an address that can be asked for", about=given, hint=hint)
        known = outlet_for(url, configured)
        hosts = host_and_twin(url)
        fresh = Outlet(
            slug=slug_from(hosts[0]) or "outlet",
            name=hosts[0],
            homepage=url,
            language="vi",
            hosts=hosts,
            endpoints=(),
        )
        outlets.append(known or fresh)
    return outlets


async def probe_all(settings: Settings, outlets: list[Outlet], options: CrawlOptions) -> list[ProbeReport]:
    """One probe after another; feeds, sitemaps and listings are parsed in a process that can be ended."""
    from crawlers.outlets import load_outlets
    from crawlers.parsing import build_parser
    from crawlers.probe import probe
    from pipeline.extract import families_of
    from pipeline.extract.pool import WorkerPool

    families = families_of(load_outlets(settings.config_dir).values())
    async with WorkerPool(build_parser, 1, settings.page_deadline) as pool:
        options = replace(options, read_feed=pool.run)
        return [await probe(outlet, reader(outlet, families), options) for outlet in outlets]


def reader(outlet: Outlet, families: tuple[Profile, ...]) -> Callable[[RawDocument], Sample]:
    """What reads the sample article of an outlet."""
    from crawlers.probe import Sample
    from models.outcome import Reason
    from pipeline.extract import extract

    def read(document: RawDocument) -> Sample:
        read = extract(document, outlet, families=families)
        article = read.article
        if article is None:
            return Sample(url=document.url, reason=read.reason, detail=read.detail)
        return Sample(
            url=document.url,
            reason=read.reason if read.reason is Reason.TEASER else Reason.STORED,
            title=article.title,
            published_at=article.published_at,
            words=len(article.text.split()),
            profile=article.profile,
        )

    return read


def update_file(
    settings: Settings, report: ProbeReport, checked: date
) -> tuple[dict[str, Grade], tuple[str, ...]]:
    """Write grades and dates into the outlet's file: the grades by address, and the addresses of which they
    could not be written. The file is left as it was if it could not be loaded afterwards. Raises ConfigError
    then."""
    from crawlers.outlet_edit import new_grade, not_written, with_grades
    from crawlers.outlets import load_outlets

    file = settings.config_dir / "outlets" / f"{report.outlet.slug}.toml"
    before = file.read_bytes().decode("utf-8-sig")
    given = ((each.endpoint.url, new_grade(each)) for each in report.endpoints if not each.announced)
    grades = {url: grade for url, grade in given if grade is not None}
    after = with_grades(before, grades, checked)
    file.write_bytes(after.encode("utf-8"))
    try:
        load_outlets(settings.config_dir)
    except ConfigError:
        with suppress(OSError):
            file.write_bytes(before.encode("utf-8"))
        raise
    return grades, not_written(after, grades, checked)


def show(report: ProbeReport) -> None:
    """A report for a person."""
    out = console()
    state, why = report.verdict
    lines = [f"{report.outlet.slug}: {labelled(state)}", *beneath(why)]
    lines.append(f"    robots.txt {both(report.robots)}")
    lines += [line for each in report.endpoints for line in _endpoint_lines(each)]
    if report.sample is None:
        lines.append(f"    {both(say('no_sample'))}")
    else:
        lines += _sample_lines(report.sample)
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)


def _sample_lines(sample: Sample) -> list[str]:
    from models.outcome import Reason

    stored = sample.reason is Reason.STORED  # as it would be if this were no probe
    reason = say("readable") if stored else Note(reason_words(sample.reason).vi, sample.reason.value)
    read = sample.detail
    if sample.title:
        time = sample.published_at
        when = f"{time.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if time else both(say("no_time"))
        read = f"{both(say('words', words=sample.words))}, {when}, “{sample.title}”"
    lines = [f"    {both(say('sample', reason=reason))}"]
    return lines + [f"        {told}" for told in (read, sample.url) if told]


def _endpoint_lines(probed: Probed) -> list[str]:
    """What an endpoint is worth; below it why, and whether it is news to us."""
    newest = f"{probed.newest.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if probed.newest else "-"
    head = f"    {probed.endpoint.kind.value:8}{probed.state.value:14}{probed.entries:5}  {newest:17}"
    lines = [f"{head} {probed.url}"]
    if probed.announced:
        lines += beneath(say("announced"), indent=8)
    return lines + beneath(explained(probed.state, probed.reason), indent=8)


def as_record(report: ProbeReport) -> dict[str, object]:
    """The JSON form of a report."""
    state, why = report.verdict
    sample = report.sample
    return {
        "outlet": report.outlet.slug,
        "verdict": state.value,
        "reason": why.en,
        "robots": report.robots.en,
        "endpoints": [
            {
                "kind": each.endpoint.kind.value,
                "url": each.url,
                "state": each.state.value,
                "reason": each.reason.en,
                "entries": each.entries,
                "newest": each.newest.isoformat() if each.newest else None,
                "announced": each.announced,
            }
            for each in report.endpoints
        ],
        "sample": None
        if sample is None
        else {
            "url": sample.url,
            "outcome": sample.reason.value,
            "reason": sample.detail,
            "title": sample.title,
            "published_at": sample.published_at.isoformat() if sample.published_at else None,
            "words": sample.words,
        },
    }
