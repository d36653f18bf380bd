"""From what a person typed to corrections, and from corrections to labelled data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.correction import Correction, TagKind, Verdict, brings
from models.errors import ConfigError
from models.outlet import Outlet
from models.query import Meaning
from models.tags import Role
from pipeline.names import Names
from pipeline.processing import taggable
from pipeline.store import Store, StoredArticle
from pipeline.vietnamese import fold

_LIST = {TagKind.PROVINCE: "provinces", TagKind.TOPIC: "topics"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What the corrections of one command share."""

    article: int
    at: datetime
    by: str = ""
    note: str = ""

    def of(
        self, kind: TagKind, value: str, verdict: Verdict, within: str = "", label: str = ""
    ) -> Correction:
        return Correction(
            article=self.article, kind=kind, value=value, verdict=verdict, within=within, label=label,
            at=self.at, by=self.by, note=self.note,
        )  # fmt: skip


def province_corrections(
    signed: list[tuple[bool, str]], role: Role, names: Names, writing: Writing
) -> list[Correction]:
    """Corrections of provinces named by any name or code. A former province that is added brings the current
    one that it lies in along; one that is taken away leaves it.

    Raises ConfigError for a name that is not known, or that is added and taken away.
    """
    found: dict[str, Correction] = {}
    for added, name in signed:
        meaning = _known(names.province(name), "--province", name)
        verdict = Verdict(role.value) if added else Verdict.NO
        for code in meaning.values:
            _enter(found, writing.of(TagKind.PROVINCE, code, verdict), name)
        for code in meaning.old:
            _enter(found, writing.of(TagKind.PROVINCE, code, verdict, within=_home(code, names)), name)
    for each in found.values():
        home = found.get(brings(each))
        if home is not None and home.verdict is Verdict.NO:
            raise _both(home.value, names.gazetteer.name(each.value))
    return list(found.values())


def _home(old: str, names: Names) -> str:
    """The current province that a former one (`vn63:NN`) lies in."""
    return f"vn34:{names.gazetteer.former[old.removeprefix('vn63:')].relatives[0]}"


def topic_corrections(signed: list[tuple[bool, str]], names: Names, writing: Writing) -> list[Correction]:
    """Corrections of topics by label in either language or id. One that is taken away takes the finer ones
    below it along.

    Raises ConfigError for a name that is not known, that means several topics, or is added and taken away.
    """
    found: dict[str, Correction] = {}
    for added, name in signed:
        values = _topics_called(name, names).values
        if added and len(values) > 1:
            labels = "; ".join(f"{each} {names.topics.label(each)}" for each in values)
            raise ConfigError(f"{name!r} means several topics", about="--topic", hint=f"one of: {labels}")
        for value, within in dict.fromkeys(values, "").items() if added else _with_finer(values, names):
            verdict = Verdict.YES if added else Verdict.NO
            if within and value in found:  # `+tourism -economy` keeps the finer one
                continue
            if value in found and found[value].within:
                del found[value]
            label = names.topics.label(value)
            _enter(found, writing.of(TagKind.TOPIC, value, verdict, within=within, label=label), name)
    return list(found.values())


def _topics_called(name: str, names: Names) -> Meaning:
    """The topics of that label or id, without those below them. Raises ConfigError if there is none."""
    ids = names.topics.resolve(name)
    return _known(Meaning(values=ids) if ids else None, "--topic", name)


def _with_finer(values: tuple[str, ...], names: Names) -> list[tuple[str, str]]:
    """Topics and those below them, each of these with the one of `values` that is nearest above it."""
    below = [
        (each.id, next(above for above in (each.parent, each.top) if above in values))
        for each in names.topics.topics.values()
        if each.id not in values and {each.parent, each.top} & set(values)
    ]
    return [*((value, "") for value in values), *below]


def values_named(
    provinces: Sequence[str], topics: Sequence[str], said: Sequence[Correction], names: Names
) -> list[str]:
    """The tags that these names mean where corrections are taken back: also topics that were corrected and
    are configured no more. Raises ConfigError for a name that is not known."""
    values: list[str] = []
    for name in provinces:
        meaning = _known(names.province(name), "--province", name)
        values += [*meaning.values, *meaning.old]
    for name in topics:
        ids = names.topics.resolve(name) or _called(name, said)
        values += _known(Meaning(values=ids) if ids else None, "--topic", name).values
    return values


def _called(name: str, said: Sequence[Correction]) -> tuple[str, ...]:
    """The topics of that id or label among those that were corrected."""
    wanted = fold(" ".join(name.split()))
    topics = [each for each in said if each.kind is TagKind.TOPIC]
    return tuple(each.value for each in topics if wanted in (fold(each.value), fold(each.label)))


def _known(meaning: Meaning | None, option: str, name: str) -> Meaning:
    if meaning is None or not (meaning.values or meaning.old):
        noun = "province" if option == "--province" else "topic"
        raise ConfigError(f"no {noun} is known as {name!r}", about=option, hint="a name in use, or its code")
    return meaning


def _enter(found: dict[str, Correction], said: Correction, name: str) -> None:
    before = found.get(said.value)
    if before is not None and (before.verdict is Verdict.NO) is not (said.verdict is Verdict.NO):
        raise _both(said.value, name)
    found[said.value] = said


def _both(value: str, name: str) -> ConfigError:
    return ConfigError(f"{value} is both added and taken away", about=name, hint="say one of the two")


def labelled(store: Store, outlets: Mapping[str, Outlet]) -> Iterator[dict[str, Any]]:
    """Each corrected article as a labelled item that `evaluate` and `train` read. `corrected` names the lists
    of tags that a person went through; only those are gold."""
    kinds: dict[int, list[str]] = {}
    for each in store.corrections():
        kinds.setdefault(each.article, []).append(_LIST[each.kind])
    for number, named in kinds.items():
        for stored in store.articles([number]):
            yield labelled_item(stored, outlets.get(stored.article.outlet)) | {
                "corrected": sorted(set(named))
            }


def labelled_item(stored: StoredArticle, outlet: Outlet | None) -> dict[str, Any]:
    """An article with the tags that count, in the form of the labelled sets: provinces are bare codes."""
    read, tags = taggable(stored.article, outlet), stored.tags
    return {
        "id": str(stored.id),
        "url": read.url,
        "outlet": read.outlet,
        "home_province": read.home_province,
        "section": read.section,
        "lang": read.language,
        "published": read.published.isoformat() if read.published else None,
        "title": read.title,
        "lead": read.lead,
        "text": read.body,
        "provinces": [tag.code[5:] for tag in tags.provinces if tag.role is Role.ABOUT],
        "mentioned_only": [tag.code[5:] for tag in tags.provinces if tag.role is Role.MENTIONED],
        "old_provinces": [code[5:] for tag in tags.provinces for code in tag.old_codes],
        "topics": [topic.id for topic in tags.topics],
    }
