"""`digest`: preview, plan, send, status, resume, resend, test, confirm."""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import asdict
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from models.errors import ConfigError
from models.mail import Reply
from pipeline.commands import groups, subscriptions
from pipeline.commands.common import (
    DbOption,
    HomeOption,
    JsonOption,
    NowOption,
    a_day,
    clock,
    console,
    counted,
    days_option,
    dump,
    settings_for,
    shown_time,
    writing,
)
from pipeline.settings import Settings

if TYPE_CHECKING:
    from models.digest import Planned, RenderedDigest, Subscription
    from models.mail import DeliveryReport, Waiting
    from pipeline.store import Store


def register(app: typer.Typer) -> None:
    """Add the commands of this module, and those of the subscriptions."""
    group = typer.Typer(name="digest", help="The daily mail.", no_args_is_help=True)
    group.command("preview")(preview)
    group.command("plan")(plan)
    group.command("send")(send)
    group.command("status")(status)
    group.command("resume")(resume)
    group.command("resend")(resend)
    group.command("test")(send_one)
    group.command("confirm")(confirm)
    app.add_typer(group)
    subscriptions.register(app)
    groups.group(app, "bench").command("digest")(bench_digest)
    groups.group(app, "evaluate").command("digest")(evaluate_digest)


def subscriptions_of(settings: Settings, store: Store, now: datetime) -> list[Subscription]:
    """The subscriptions in force: those of the database, at the first run taken from the configuration.
    Raises ConfigError."""
    from pipeline.digest.roster import in_force

    return in_force(store, settings.config_dir / "subscriptions.toml", now)


def preview(
    slug: Annotated[str, typer.Argument(help="The subscription.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the two files.")] = Path(),
    now: NowOption = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Write a subscription's digest of the last 24 hours as HTML and text; nothing is sent or remembered."""
    html, text, subject = write_preview(settings_for(db, home), slug, out, now)
    print(subject)
    print(html)
    print(text)


def write_preview(settings: Settings, slug: str, folder: Path, now: str | None) -> tuple[Path, Path, str]:
    """Render a digest into `folder`; the two files and the subject. Raises ConfigError."""
    rendered = rendered_now(settings, slug, clock(now)())
    html, text = folder / f"{slug}.html", folder / f"{slug}.txt"
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        html.write_text(rendered.html, "utf-8")
        text.write_text(rendered.text, "utf-8")
    return html, text, rendered.subject


def rendered_now(settings: Settings, slug: str, moment: datetime) -> RenderedDigest:
    """The digest of the last 24 hours. Raises ConfigError when there is no such subscription."""
    from pipeline.briefing import Briefing
    from pipeline.digest.plan import preview as rendered_preview
    from pipeline.names import Names
    from pipeline.sending import plan_options
    from pipeline.store import open_store

    with open_store(settings.database, create=False) as store:
        wanted = [each for each in subscriptions_of(settings, store, moment) if slug in ("", each.slug)]
        if not wanted:
            raise ConfigError("no such subscription", about=slug, hint="see `diembao subscriptions list`")
        reader = Briefing(store, Names.load(settings.config_dir), moment)
        return rendered_preview(wanted[0], reader, moment, options=plan_options(settings))


def plan(
    now: NowOption = None, json: JsonOption = False, db: DbOption = None, home: HomeOption = None
) -> None:
    """Put every digest that is due into the outbox, once per subscription and local date. A copied or
    restored database is refused."""
    settings = settings_for(db, home)
    show_planned(plan_all(settings, now), json)


def plan_all(settings: Settings, now: str | None) -> list[Planned]:
    """Plan what is due. Raises ConfigError, StoreError, DeliveryError."""
    from pipeline.names import Names
    from pipeline.sending import plan_digests
    from pipeline.store import open_store

    with open_store(settings.database) as store:
        names = Names.load(settings.config_dir)
        moment = clock(now)()
        return plan_digests(settings, store, names, subscriptions_of(settings, store, moment), moment)


def send(
    now: NowOption = None, json: JsonOption = False, db: DbOption = None, home: HomeOption = None
) -> None:
    """Plan what is due and hand over what waits: to the mail server, or as .eml files without one."""
    settings = settings_for(db, home)
    show_planned(plan_all(settings, now), json)
    report = deliver_all(settings, now)
    if json:
        waiting = [
            {
                "mails": each.mails,
                "recipient": each.recipient,
                "why": each.why,
                "next": each.next_try_at.isoformat(),
            }
            for each in report.waiting
        ]
        print(dump(asdict(report) | {"waiting": waiting}))
    else:
        show_delivery(report, settings)
    exit_for(report)


def exit_for(report: DeliveryReport) -> None:
    """Exit with 2 if a mail waits or was given up."""
    if report.paused or report.waiting or report.dead or report.bounced:
        raise typer.Exit(2)


def deliver_all(settings: Settings, now: str | None) -> DeliveryReport:
    """Hand over the mails that wait; asked to stop (SIGTERM, Ctrl-C) it finishes those under way."""
    from pipeline.interrupts import stop_signals
    from pipeline.sending import deliver_digests
    from pipeline.store import open_store

    async def run(store: Store) -> DeliveryReport:
        return await deliver_digests(settings, store, clock(now)(), stop=stop_signals())

    with open_store(settings.database) as store:
        return asyncio.run(run(store))


def show_planned(planned: list[Planned], as_json: bool) -> None:
    """What planning did."""
    for each in planned:
        if as_json:
            print(dump(asdict(each)))
        else:
            print(f"{each.subscription} {each.key}: {each.state.value} {each.subject or each.reason}")
            for fault in each.faults:
                print(f"  to mend: {fault}")
    if not planned and not as_json:
        print("no digest is due")


def show_delivery(report: DeliveryReport, settings: Settings) -> None:
    """What delivery did, and where the mails are if no server is set."""
    out = console()
    if report.channel == "file":
        out.print(
            f"{counted(report.sent, 'mail')} written to {settings.outbox_dir}; "
            "to send by mail set DIEMBAO_SMTP_HOST",
            soft_wrap=True,
        )
    else:
        out.print(f"{counted(report.sent, 'mail')} sent to {settings.smtp_host}")
    for name in ("retry", "bounced", "dead", "unknown"):
        if number := getattr(report, name):
            out.print(f"{number} {name}")
    for line in dict.fromkeys(filter(None, (report.paused, *report.alerts))):
        out.print(line, style="bold", markup=False)
    for each in report.waiting:
        out.print(waits(each, ZoneInfo(settings.timezone)), markup=False, soft_wrap=True)


def waits(waiting: Waiting, zone: tzinfo) -> str:
    """Which mails wait, why and until when, as a line. Pure."""
    people = waiting.recipient
    if waiting.mails > 1:
        people += f" and {waiting.mails - 1} more"
    be = "waits" if waiting.mails == 1 else "wait"
    why, again = waiting.why or "not tried yet", shown_time(waiting.next_try_at, zone)
    return f"{counted(waiting.mails, 'mail')} {be} ({people}): {why}; next try {again}"


_STATUS = ("subscription", "key", "state", "reason", "stories", "mails", "problems")
"""What `digest status --json` says of each."""


def status(
    days: Annotated[int, days_option("--days", "How many days back.")] = 7,
    now: NowOption = None,
    json: JsonOption = False,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Every digest of the last days: planned, sent, skipped and why. That sending is stopped, and which mails
    wait why, is said on standard error."""
    from pipeline.digest.deliver import stopped
    from pipeline.digest.outbox import waiting
    from pipeline.digest.status import status as digest_status
    from pipeline.store import open_store

    settings = settings_for(db, home)
    zone = ZoneInfo(settings.timezone)
    with open_store(settings.database, create=False) as store:
        rows = digest_status(store, clock(now)() - timedelta(days=days))
        refused, held = stopped(store), waiting(store)
    for each in held:
        print(waits(each, zone), file=sys.stderr)
    if refused is not None:
        why, at = refused
        last = f"last tried {shown_time(at, zone)}"
        print(f"sending is stopped: {why} ({last}; try at once: diembao digest resume)", file=sys.stderr)
    for row in rows:
        if json:
            print(dump({name: getattr(row, name) for name in _STATUS}))
        else:
            counts = ", ".join(f"{number} {state}" for state, number in row.mails.items())
            said = "; ".join(filter(None, (row.subject, row.reason)))
            counts = counts or ("its mails are no longer listed" if row.forgotten else "no mail")
            print(f"{row.key} {row.subscription}: {row.state.value} {said} ({counts})")
    if not rows and not json:
        print("no digest was planned in these days")


def resume(now: NowOption = None, db: DbOption = None, home: HomeOption = None) -> None:
    """Let sending go on after the mail server refused login or sender, without waiting for the next try: run
    `digest send` then, or leave it to the service."""
    from pipeline.digest.deliver import resume as let_go_on
    from pipeline.digest.deliver import stopped
    from pipeline.store import open_store

    with open_store(settings_for(db, home).database, create=False) as store:
        refused = stopped(store)
        let_go_on(store, clock(now)())
    print("sending goes on" if refused else "sending was not stopped")


_HOUR = re.compile(r"\d{4}-\d\d-\d\dT")


def resend(
    slug: Annotated[str, typer.Argument(help="The subscription.")],
    date: Annotated[str, typer.Option("--date", help="Its local date; default the last one.")] = "",
    to: Annotated[str, typer.Option("--to", help="Only to this recipient.")] = "",
    now: NowOption = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Send a digest that was sent before once more, text unchanged."""
    from pipeline.digest.resending import resend as queue_again
    from pipeline.sending import instance_guard, plan_options
    from pipeline.store import open_store

    settings, moment = settings_for(db, home), clock(now)()
    # An hourly digest goes by its hour as `digest status` shows it, 2026-11-12T06Z.
    key = a_day(date, moment, "--date").isoformat() if date and not _HOUR.match(date) else date
    with open_store(settings.database, create=False) as store:
        instance_guard(settings).check(store)
        people = queue_again(store, slug, key, plan_options(settings), moment, to=to)
    if not people:
        raise ConfigError("nobody to send it to", about=slug, hint="unsubscribed, suppressed or misspelt")
    report = deliver_all(settings, now)
    show_delivery(report, settings)
    exit_for(report)


def send_one(
    address: Annotated[str, typer.Argument(help="Where to send it.")],
    slug: Annotated[str, typer.Option("--subscription", help="Whose digest; default the first.")] = "",
    now: NowOption = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Send the digest of the last 24 hours to one address at once; nothing is remembered."""
    from pipeline.digest.resending import send_test
    from pipeline.sending import mail_channel, plan_options

    settings = settings_for(db, home)
    recipient = subscriptions.given_address(address)
    moment = clock(now)()
    rendered = rendered_now(settings, slug, moment)
    channel = mail_channel(settings)
    result = asyncio.run(send_test(channel, rendered, recipient, plan_options(settings), moment))
    print(f"{result.reply.value}: {result.code or ''} {result.text}".replace("  ", " "))
    if result.reply is not Reply.SENT:
        raise typer.Exit(1)


def confirm(
    keep_waiting: Annotated[
        bool, typer.Option("--keep-waiting", help="Send what waits in the outbox, at the risk of twice.")
    ] = False,
    now: NowOption = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Make this database the one that digests are sent from, after it was copied, moved or restored. Those
    that wait in it are taken back, and their stories come with the next ones."""
    from pipeline.sending import instance_guard
    from pipeline.store import open_store

    settings = settings_for(db, home)
    with open_store(settings.database, create=False) as store:
        guard = instance_guard(settings)
        dropped = guard.confirm(store, clock(now)(), drop_waiting=not keep_waiting)
    print(f"confirmed; {counted(dropped, 'waiting mail')} taken back")
    if dropped:
        print("their stories come with the next digest")


def bench_digest(
    subscriptions: Annotated[int, typer.Option("--subscriptions", min=1, help="Of one morning.")] = 1000,
    articles: Annotated[int, typer.Option("--articles", min=1, help="Invented, of one day.")] = 5000,
) -> None:
    """Select and render a morning's digests, and deliver them beside a bare loop of the same client."""
    from pipeline.morning import report

    for line in report(subscriptions, articles):
        print(line, flush=True)


def evaluate_digest(
    subscriptions: Annotated[int, typer.Option("--subscriptions", min=1, help="In eight time zones.")] = 50,
    days: Annotated[int, days_option("--days", "From 3 October 2026 on.")] = 30,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Whether a month of digests, made of the database's articles over and over, misses or repeats anything.

    Clocks go forward and back in it. Exits with 1 if a story is told twice, an article missed or a digest
    skipped.
    """
    from pipeline.digest_month import report
    from pipeline.names import Names
    from pipeline.store import open_store

    settings = settings_for(db, home)
    with open_store(settings.database, create=False) as store:
        lines, good = report(store, Names.load(settings.config_dir), subscriptions, days)
    print("\n".join(lines))
    if not good:
        raise typer.Exit(1)
