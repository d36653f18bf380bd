"""`subscriptions`: add, list, edit, pause, remove, import, export, confirm, unsubscribe, resubscribe,
unsuppress."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from models.errors import ConfigError
from pipeline.commands.common import (
    DbOption,
    HomeOption,
    JsonOption,
    NowOption,
    clock,
    counted,
    dump,
    settings_for,
    shown_time,
    tell,
)

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from models.digest import Subscription
    from pipeline.settings import Settings
    from pipeline.store import Store

SlugArgument = Annotated[str, typer.Argument(help="The subscription.")]
FileArgument = Annotated[Path | None, typer.Argument(help="TOML; default config/subscriptions.toml.")]
TokenArgument = Annotated[
    list[str], typer.Argument(metavar="TOKEN", help="Of the mail, or the whole subject of the answer to it.")
]
AddressArgument = Annotated[str, typer.Argument(help="As `subscriptions list` shows it.")]
Values = Annotated[list[str] | None, typer.Option(help="May be given several times.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(name="subscriptions", help="Who gets which digest when.", no_args_is_help=True)
    group.command("list")(show)
    group.command("add")(add)
    group.command("edit")(edit)
    group.command("pause")(pause)
    group.command("remove")(remove)
    group.command("import")(take_in)
    group.command("export")(export)
    group.command("confirm")(confirm)
    group.command("unsubscribe")(unsubscribe)
    group.command("resubscribe")(resubscribe)
    group.command("unsuppress")(unsuppress)
    app.add_typer(group)


@contextmanager
def opened(
    db: str | None, home: Path | None, now: str | None = None
) -> Iterator[tuple[Settings, Store, datetime]]:
    """Settings, the database with its subscriptions, and the moment. Raises ConfigError, StoreError."""
    from pipeline.digest.roster import in_force
    from pipeline.store import open_store

    settings = settings_for(db, home)
    moment = clock(now)()
    with open_store(settings.database) as store:
        in_force(store, settings.config_dir / "subscriptions.toml", moment)
        yield settings, store, moment


def show(
    now: NowOption = None, json: JsonOption = False, db: DbOption = None, home: HomeOption = None
) -> None:
    """Every subscription: its recipients, when it is sent next, whom it still waits for, who has left, and
    who gets no mail because the mail server refused the address."""
    from pipeline.digest.roster import differs, every, left, pending, suppressions
    from pipeline.digest.schedule import next_send
    from pipeline.digest.subscriptions import table_of

    with opened(db, home, now) as (settings, store, moment):
        subscriptions, waiting, gone = every(store), pending(store), left(store)
        refused = suppressions(store, moment)
    file, zone = settings.config_dir / "subscriptions.toml", ZoneInfo(settings.timezone)
    for each in subscriptions:
        unconfirmed = [address for address in each.recipients if (each.slug, address) in waiting]
        unsubscribed = [address for address in each.recipients if (each.slug, address) in gone]
        suppressed = {
            address: refused[address.lower()] for address in each.recipients if address.lower() in refused
        }
        due = next_send(each, moment)
        if json:
            stand = {
                "unconfirmed": unconfirmed,
                "unsubscribed": unsubscribed,
                "suppressed": [
                    {"address": address, "since": since.isoformat(), "reason": reason}
                    for address, (since, reason) in suppressed.items()
                ],
            }
            print(dump({**table_of(each), **stand, "next": due and due.isoformat()}))
            continue
        people = ", ".join(
            address + marked(address in unconfirmed, address in unsubscribed, suppressed.get(address), zone)
            for address in each.recipients
        )
        when = f"next {shown_time(due, zone)}" if due else "paused"
        print(f"{each.slug}: {each.title} [{each.language}, {each.frequency}], {when}, to {people}")
    if not json and differs(subscriptions, file):
        print(f"{file} says something else; `diembao subscriptions import` takes it over")


def marked(
    unconfirmed: bool, unsubscribed: bool, suppressed: tuple[datetime, str] | None, zone: tzinfo
) -> str:
    """Why a recipient gets no mail, to stand behind the address; empty for one who does. Pure."""
    why = [word for word, holds in (("unconfirmed", unconfirmed), ("unsubscribed", unsubscribed)) if holds]
    if suppressed is not None:
        since, reason = suppressed
        why.append(f"suppressed since {shown_time(since, zone)}: {reason}")
    return f" ({'; '.join(why)})" if why else ""


def add(
    slug: SlugArgument,
    to: Annotated[list[str], typer.Option("--to", help="Recipient; may be given several times.")],
    title: Annotated[str, typer.Option("--title", help="Stands in the subject.")],
    section: Annotated[str, typer.Option("--section", help="Heading of its section.")] = "",
    query: Annotated[str, typer.Option("--query", help="A search as on the command line.")] = "",
    province: Values = None,
    topic: Values = None,
    keyword: Values = None,
    outlet: Values = None,
    mute_keyword: Values = None,
    mute_outlet: Values = None,
    language: Annotated[str, typer.Option("--language", help="Of the mail: vi or en.")] = "vi",
    frequency: Annotated[str, typer.Option("--frequency", help="daily, weekly or hourly.")] = "daily",
    send_at: Annotated[str, typer.Option("--send-at", help="Local time.")] = "06:30",
    cutoff: Annotated[str, typer.Option("--cutoff", help="Local time.")] = "06:00",
    timezone: Annotated[str, typer.Option("--timezone", help="Of the two times.")] = "Asia/Ho_Chi_Minh",
    parts: Annotated[str, typer.Option("--format", help="both, or text to leave HTML out.")] = "both",
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask each recipient first; they get nothing else before a yes.")
    ] = False,
    now: NowOption = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Add a subscription of one section; `edit` gives it more. Its first digest is the next one due."""
    from pipeline.digest.roster import add as add_one
    from pipeline.digest.subscriptions import from_tables

    searched = {
        "title": section or title,
        "query": query,
        "provinces": province or [],
        "topics": topic or [],
        "keywords": keyword or [],
        "outlets": outlet or [],
        "mute_keywords": mute_keyword or [],
        "mute_outlets": mute_outlet or [],
    }
    table: dict[str, Any] = {
        "slug": slug,
        "title": title,
        "recipients": to,
        "language": language,
        "frequency": frequency,
        "send_at": send_at,
        "cutoff": cutoff,
        "timezone": timezone,
        "format": parts,
        "section": [searched],
    }
    (made,) = from_tables({"subscription": [table]}, "subscription")
    with opened(db, home, now) as (settings, store, moment):
        add_one(store, made, moment)
        tell_of([made], settings, store, moment)
        asked = ask_all(settings, store, made, made.recipients, moment) if ask else 0
    print(f"added {slug}{told_of(asked)}")


def tell_of(subscriptions: Sequence[Subscription], settings: Settings, store: Store, now: datetime) -> None:
    """Say on standard error what of the sections' searches is not understood."""
    from pipeline.briefing import section_query
    from pipeline.names import Names

    names, kept = Names.load(settings.config_dir), store.saved_searches()
    for subscription in subscriptions:
        for section in subscription.sections:
            tell(section_query(section, names, now, kept), f"{subscription.slug}, {section.title}: ")


def told_of(asked: int) -> str:
    """That so many recipients are asked, if any are."""
    be = "is" if asked == 1 else "are"
    return f"; {counted(asked, 'recipient')} {be} asked with the next `digest send`" if asked else ""


def ask_all(
    settings: Settings, store: Store, subscription: Subscription, people: tuple[str, ...], now: datetime
) -> int:
    """Queue the question to those who have not been asked; how many."""
    from pipeline.digest.confirming import ask
    from pipeline.sending import plan_options

    options = plan_options(settings)
    return sum(ask(store, subscription, address, options, now) for address in people)


def edit(
    slug: SlugArgument,
    file: Annotated[
        Path | None, typer.Option("--file", help="TOML with the new form, - for standard input.")
    ] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask recipients who are new.")] = False,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Change a subscription as TOML: in $EDITOR, or from a file."""
    from pipeline.digest.roster import change, one
    from pipeline.digest.subscriptions import read_subscriptions, toml_of

    with opened(db, home) as (settings, store, now):
        before = one(store, slug)
        text = edited(toml_of([before])) if file is None else form_in(file)
        if text is None:
            print("nothing changed")
            return
        found = read_subscriptions(text, str(file or slug))
        if [each.slug for each in found] != [slug]:
            raise ConfigError("must hold this subscription and no other", about=slug)
        new = tuple(address for address in found[0].recipients if address not in before.recipients)
        change(store, found[0], now)
        tell_of(found, settings, store, now)
        asked = ask_all(settings, store, found[0], new, now) if ask else 0
    print(f"changed {slug}{told_of(asked)}")


def form_in(file: Path) -> str:
    """The text of a file, `-` being standard input. Raises ConfigError."""
    try:
        body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return body.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(
            f"cannot be read ({why})", about=str(file), hint="give a file as `subscriptions export` writes it"
        ) from error


def edited(text: str) -> str | None:
    """The text as $VISUAL or $EDITOR leaves it; None when it was left as it was. Raises ConfigError."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="diembao-") as folder:
        file = Path(folder) / "subscription.toml"
        file.write_text(text, "utf-8")
        try:
            subprocess.run([*shlex.split(editor), str(file)], check=True)  # noqa: S603  the user's own
        except (OSError, subprocess.CalledProcessError, ValueError) as error:
            raise ConfigError("the editor failed", about=editor, hint="set EDITOR, or use --file") from error
        after = form_in(file)
    return after if after != text else None


def pause(
    slug: SlugArgument,
    resume: Annotated[bool, typer.Option("--resume", help="Let it go on.")] = False,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Stop a subscription; with --resume its next digest reaches back to the last one, at most 14 days."""
    from pipeline.digest import roster

    with opened(db, home) as (_, store, now):
        roster.pause(store, slug, now, active=resume)
    print(f"{'resumed' if resume else 'paused'} {slug}")


def remove(slug: SlugArgument, db: DbOption = None, home: HomeOption = None) -> None:
    """Remove a subscription and take back its mails that still wait."""
    from pipeline.digest import roster

    with opened(db, home) as (_, store, _now):
        taken = roster.remove(store, slug)
    print(f"removed {slug}; {counted(taken, 'waiting mail')} taken back")


def take_in(file: FileArgument = None, db: DbOption = None, home: HomeOption = None) -> None:
    """Take subscriptions over from a TOML file: new ones are added, those of the same name replaced."""
    from pipeline.digest import roster
    from pipeline.digest.subscriptions import load_subscriptions

    with opened(db, home) as (settings, store, now):
        path = file or settings.config_dir / "subscriptions.toml"
        if not path.is_file():
            raise ConfigError("no such file", about=str(path))
        subscriptions = load_subscriptions(path)
        added, replaced = roster.take_in(store, subscriptions, now)
        tell_of(subscriptions, settings, store, now)
    print(f"{added} added, {replaced} replaced")


def export(db: DbOption = None, home: HomeOption = None) -> None:
    """Write every subscription as TOML to standard output; `import` reads it."""
    from pipeline.digest.roster import every
    from pipeline.digest.subscriptions import toml_of

    with opened(db, home) as (_, store, _now):
        sys.stdout.write(toml_of(every(store)))


def confirm(
    token: TokenArgument,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Take a recipient on who has answered a confirmation mail."""
    from pipeline.digest.links import confirm as take_on
    from pipeline.digest.tokens import token_in
    from pipeline.sending import plan_options

    with opened(db, home) as (settings, store, _now):
        found = take_on(store, plan_options(settings).keys, token_in(" ".join(token)))
    if found is None:
        raise not_ours(token)
    print(f"{found.address} gets {found.subscription}")


def unsubscribe(token: TokenArgument, db: DbOption = None, home: HomeOption = None) -> None:
    """Stop the mails of a recipient who has answered the unsubscribe link, those that wait included."""
    from pipeline.digest.links import unsubscribe as stop
    from pipeline.digest.tokens import token_in
    from pipeline.sending import plan_options

    with opened(db, home) as (settings, store, now):
        found = stop(store, plan_options(settings).keys, token_in(" ".join(token)), now)
    if found is None:
        raise not_ours(token)
    print(f"{found.address} gets {found.subscription} no more")


def resubscribe(
    slug: SlugArgument, address: AddressArgument, db: DbOption = None, home: HomeOption = None
) -> None:
    """Take a recipient who had unsubscribed back on, at their own wish, from the next digest on."""
    from pipeline.digest import roster

    recipient = given_address(address)
    with opened(db, home) as (_, store, _now):
        back = roster.resubscribe(store, slug, recipient)
    said = f"is a recipient of {slug} again" if back else f"had not unsubscribed from {slug}"
    print(f"{recipient} {said}")


def unsuppress(
    address: AddressArgument,
    now: NowOption = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Let an address that the mail server refused get mails again, from the next digest on."""
    from pipeline.digest import roster

    recipient = given_address(address)
    with opened(db, home, now) as (_, store, moment):
        lifted = roster.unsuppress(store, recipient, moment)
    said = (
        "is no longer suppressed: mails go to it from the next digest on" if lifted else "is not suppressed"
    )
    print(f"{recipient} {said}")


def given_address(text: str) -> str:
    """A mail address as it was typed, normalised. Raises ConfigError when it is none."""
    from pipeline.digest.subscriptions import address_of

    try:
        return address_of(text)
    except ValueError as error:
        raise ConfigError(str(error), about=text) from error


def not_ours(words: list[str]) -> ConfigError:
    return ConfigError(
        "holds no token of ours", about=" ".join(words)[:60], hint="give the subject of the answer as it came"
    )
