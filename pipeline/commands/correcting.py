"""`correct`: what a person says of an article's tags, which wins over the program."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

import typer

from models.correction import Correction, TagKind, Verdict, in_zone
from models.errors import ConfigError
from models.tags import Role
from pipeline.commands.common import (
    DbOption,
    HomeOption,
    JsonOption,
    NowOption,
    clock,
    console,
    dump,
    settings_for,
    write_lines,
    writing,
)
from pipeline.commands.signed import SignedCommand, read_signed
from pipeline.files import whole

if TYPE_CHECKING:
    from pipeline.corrections import Writing
    from pipeline.names import Names
    from pipeline.store import Store, StoredArticle

_SIGNS = {Verdict.NO: "−", Verdict.MENTIONED: "(+)"}


class _Signed(NamedTuple):
    """Names as they were typed, each with whether it is added."""

    provinces: list[tuple[bool, str]]
    topics: list[tuple[bool, str]]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("correct", cls=SignedCommand)(correct)


def correct(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Its id or address.")] = "",
    province: Annotated[
        list[str] | None,
        typer.Option("--province", metavar="+NAME|-NAME…", help="By any name or code; several may follow."),
    ] = None,
    topic: Annotated[
        list[str] | None,
        typer.Option("--topic", metavar="+NAME|-NAME…", help="By label or id; several may follow."),
    ] = None,
    about: Annotated[
        bool, typer.Option("--about/--mentioned", help="What the article does with the added provinces.")
    ] = True,
    note: Annotated[str, typer.Option("--note", help="Why; shown with the tag.")] = "",
    by: Annotated[str | None, typer.Option("--by", help="Who; default the login name.")] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take the corrections back: all, or those of the named tags.")
    ] = False,
    listing: Annotated[bool, typer.Option("--list", help="Show the corrections, of ARTICLE or all.")] = False,
    export: Annotated[
        Path | None,
        typer.Option("--export", metavar="FILE", help="Write the corrected articles as labelled items."),
    ] = None,
    json: JsonOption = False,
    now: NowOption = None,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Correct the provinces and topics of an article, for good: `correct URL --province +48 -79`."""
    from pipeline.corrections import Writing
    from pipeline.names import Names
    from pipeline.store import open_store

    asked = [option for option, given in (("--list", listing), ("--export", export is not None)) if given]
    if len(asked) > 1 or (asked and (province or topic or undo)):
        raise ConfigError(
            "shows corrections and makes none", about=asked[0], hint="give it in a command of its own"
        )
    settings = settings_for(db, home)
    names, zone = Names.load(settings.config_dir), ZoneInfo(settings.timezone)
    with open_store(settings.database, create=False) as store:
        if export is not None:
            print(f"{_export(store, names, export)} articles → {export}")
            return
        stored = find_article(store, article) if article else None
        if listing:
            _show(_listed(store, stored), store, names, zone, as_json=json)
            return
        if stored is None:
            raise ConfigError("no article named", about="correct", hint="give its id or address, or --list")
        signed = _Signed(
            read_signed("--province", province or [], bare=undo),
            read_signed("--topic", topic or [], bare=undo),
        )
        if undo:
            gone = _taken_back(store, stored, signed, names)
            if not gone:
                raise ConfigError("no such correction", about=article, hint="see: diembao correct --list")
            print(f"đã bỏ: {gone}\ntaken back: {gone}")
        else:
            who = _login() if by is None else by.strip()
            shared = Writing(article=stored.id, at=clock(now)(), by=who, note=note.strip())
            _correct(store, signed, Role.ABOUT if about else Role.MENTIONED, names, shared)
        _show_article(store, stored.id, names, zone, as_json=json)


def _taken_back(store: Store, stored: StoredArticle, signed: _Signed, names: Names) -> int:
    """Take back the corrections of the named tags, or all; how many there were."""
    from pipeline.corrections import values_named

    provinces, topics = ([name for _, name in some] for some in (signed.provinces, signed.topics))
    return store.forget_corrections(stored.id, values_named(provinces, topics, stored.corrections, names))


def _correct(store: Store, signed: _Signed, role: Role, names: Names, shared: Writing) -> None:
    """Keep what was said of an article. Raises ConfigError if that is nothing."""
    from pipeline.corrections import province_corrections, topic_corrections

    said = province_corrections(signed.provinces, role, names, shared)
    said += topic_corrections(signed.topics, names, shared)
    if not said:
        hint = "say --province +48 or --topic -economy"
        raise ConfigError("nothing to correct", about="correct", hint=hint)
    store.correct(said)


def find_article(store: Store, key: str) -> StoredArticle:
    """A stored article by id or address. Raises ConfigError."""
    from pipeline.urls import canonical_url

    stored = store.get(key) or store.get(canonical_url(key) or key)
    if stored is None:
        raise ConfigError("no such article", about=key, hint="`diembao search … --format json` lists ids")
    return stored


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a service account without a name
        return ""


def _listed(store: Store, stored: StoredArticle | None) -> list[Correction]:
    return list(stored.corrections) if stored is not None else store.corrections()


def _show(said: Sequence[Correction], store: Store, names: Names, zone: tzinfo, *, as_json: bool) -> None:
    """The corrections, article by article."""
    if as_json:
        write_lines(correction_record(each) for each in said)
        return
    out = console()
    if not said:
        out.print("chưa sửa gì · nothing corrected")
    for stored in store.articles(list(dict.fromkeys(each.article for each in said))):
        out.print(f"{stored.id}  {stored.article.title}", style="bold", markup=False, soft_wrap=True)
        out.print(stored.article.url, style="blue", markup=False, soft_wrap=True)
        for line in described(stored.corrections, names, zone, stored.article.language):
            out.print(f"  {line}", markup=False, soft_wrap=True)


def _show_article(store: Store, number: int, names: Names, zone: tzinfo, *, as_json: bool) -> None:
    """The tags that an article has now, and what was corrected."""
    from pipeline.store.tagrows import tags_json

    (stored,) = store.articles([number])
    if as_json:
        record = tags_json(stored.tags) | {"corrections": [correction_record(c) for c in stored.corrections]}
        print(dump({"id": stored.id, "url": stored.article.url} | record))
        return
    out, language = console(), stored.article.language
    out.print(stored.article.title, style="bold", markup=False)
    for tag in stored.tags.provinces:
        former = ", ".join(names.gazetteer.name(code, language) for code in tag.old_codes)
        name = names.gazetteer.name(tag.code, language) + (f" ({former})" if former else "")
        out.print(f"{tag.role:9} {tag.code} {name}  {tag.score:.2f}", markup=False)
    for topic in stored.tags.topics:
        out.print(
            f"topic     {topic.id} {names.topics.label(topic.id, language)}  {topic.score:.2f}", markup=False
        )
    for line in described(stored.corrections, names, zone, language):
        out.print(line, markup=False, soft_wrap=True, style="yellow")


def described(said: Iterable[Correction], names: Names, zone: tzinfo, language: str) -> list[str]:
    """Corrections in lines in the article's language, those of one day of the zone together:
    `+Đà Nẵng, −Huế · lan sửa ngày 22/11/2026: why`."""
    together: dict[str, list[str]] = {}
    for each in in_zone(said, zone):
        if not each.implied:
            together.setdefault(_said_by(each, language), []).append(_signed(each, names, language))
    return [f"{', '.join(tags)} · {reason}" for reason, tags in together.items()]


def _said_by(said: Correction, language: str) -> str:
    if language != "vi":
        return said.reason
    who = f"{said.by} sửa" if said.by else "đã sửa"
    return f"{who} ngày {said.at:%d/%m/%Y}" + (f": {said.note}" if said.note else "")


def _signed(said: Correction, names: Names, language: str) -> str:
    if said.kind is TagKind.TOPIC:
        known = said.value in names.topics.topics
        name = names.topics.label(said.value, language) if known else said.label
    else:
        name = names.gazetteer.name(said.value, language)
        if said.within:
            name = f"{name} cũ" if language == "vi" else f"former {name}"
    return f"{_SIGNS.get(said.verdict, '+')}{name}"


def correction_record(said: Correction) -> dict[str, Any]:
    """The JSON form of a correction."""
    return {
        "article": said.article,
        "kind": said.kind.value,
        "value": said.value,
        "verdict": said.verdict.value,
        "by": said.by,
        "at": said.at.isoformat(),
        "note": said.note,
    }


def _export(store: Store, names: Names, file: Path) -> int:
    from pipeline.corrections import labelled

    items = [json.dumps(item, ensure_ascii=False) for item in labelled(store, names.outlets)]
    with writing(file), whole(file) as part:
        part.write_text("".join(f"{item}\n" for item in items), "utf-8")
    return len(items)
