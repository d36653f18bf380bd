"""What the province tags say of articles of which only the outlet's province is known: agreement and the
kinds of disagreement, to be read by a person.

A provincial outlet writes mostly of its own province, but also of the nation, the world and its neighbours.
So the outlet's province is a weak label: where the tags differ, either may be right, and no figure here is a
score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from models.tags import Role, Taggable
from pipeline.tag.provinces import ProvinceTagger
from pipeline.tag.records import read_record
from pipeline.vietnamese import fold

LABEL = "province63_of_outlet"
"""The key of a record that holds the name of the outlet's province before the merger."""

KINDS = {
    "home": "about the outlet's province",
    "beside": "about the outlet's province and others",
    "former": "about the unit that the outlet's province became part of, by another former unit",
    "mentioned": "the outlet's province is only mentioned",
    "other": "about other provinces, the outlet's not named",
    "rejected": "the outlet's province is named, and the name not counted",
    "unread": "the outlet's province is named, and no tag or rejection says so",
    "elsewhere": "no province found; other places are mentioned",
    "silent": "no place of any province is named",
}
"""Each kind of answer, from agreement to silence."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One article: the kind of answer, alone and with the outlet's province as a hint, and what to read."""

    kind: str
    hinted: str
    home: str
    title: str
    found: str


def is_weak(items: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the records know only their outlet's province."""
    return bool(items) and all(LABEL in item and "provinces" not in item for item in items)


def compare(items: Iterable[Mapping[str, Any]], tagger: ProvinceTagger) -> list[Compared]:
    """Tag each record, without and with its outlet's province as a hint. A record whose label names no
    province is left out."""
    codes = {fold(unit.name): unit.code for unit in tagger.gazetteer.former.values()}
    compared = []
    for item in items:
        old = codes.get(fold(str(item[LABEL])))
        if old is None:
            continue
        home = tagger.gazetteer.old_to_new[old]
        article = read_record({"body": item.get("description", ""), "published": None, **item})
        kind, found = _kind(article, f"vn63:{old}", home, tagger)
        hinted, _ = _kind(replace(article, home_province=f"vn34:{home}"), f"vn63:{old}", home, tagger)
        compared.append(Compared(kind, hinted, str(item[LABEL]), article.title, found))
    return compared


def _kind(article: Taggable, old: str, home: str, tagger: ProvinceTagger) -> tuple[str, str]:
    tags, rejected = tagger.tag(article)
    about = [tag for tag in tags if tag.role is Role.ABOUT]
    mine = [tag for tag in about if tag.code == f"vn34:{home}"]
    name = fold(tagger.gazetteer.name(old))
    found = ", ".join(tagger.gazetteer.name(tag.code) for tag in about)
    if mine:
        if mine[0].old_codes and old not in mine[0].old_codes:
            return "former", found
        return ("beside" if len(about) > 1 else "home"), found
    if any(tag.code == f"vn34:{home}" for tag in tags):
        return "mentioned", found
    reasons = [each.reason for each in rejected if fold(each.evidence.text) == name]
    if reasons:
        return "rejected", f"{found or '-'} ({', '.join(dict.fromkeys(reasons))})"
    if about:
        return "other", found
    if f" {name} " in f" {fold(f'{article.title} {article.lead} {article.body}')} ":
        return "unread", "-"
    return ("elsewhere" if tags or rejected else "silent"), "-"


def lines(compared: Sequence[Compared], *, every: bool = False) -> list[str]:
    """How many articles are of each kind; with `every` also each article that is not simply at home."""
    head = [f"{len(compared)} articles of which only the outlet's province is known", "alone  hinted"]
    rows = [
        f"{sum(c.kind == kind for c in compared):5}  {sum(c.hinted == kind for c in compared):6}  {text}"
        for kind, text in KINDS.items()
    ]
    listed = [
        f"{kind:10} {c.home}: {c.title} → {c.found}"
        for kind in KINDS
        for c in compared
        if every and kind != "home" and c.kind == kind
    ]
    return [*head, *rows, *listed]
