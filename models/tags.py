"""Tags of an article, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self


class Sent:
    """Crosses processes as a call with its fields: unpickling a frozen class with slots takes five times as
    long otherwise, and an article has some fifty of these."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        names: tuple[str, ...] = self.__slots__
        return type(self), tuple(getattr(self, name) for name in names)


class Role(StrEnum):
    """`about`: it happens there or the unit is its subject. `mentioned`: named in passing."""

    ABOUT = "about"
    MENTIONED = "mentioned"


@dataclass(frozen=True, slots=True)
class Evidence(Sent):
    """The words that speak for a tag. `field` is `title`, `lead`, `body`, `section` or `outlet`; `start` and
    `end` are character offsets into that field as it was given, `text` the slice between them; `rule` names
    the rule that read them. Where a person decided, `field` is `correction`, `text` the note, and there are
    no offsets."""

    field: str
    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class ProvinceTag(Sent):
    """`code` is `vn34:NN`; `old_codes` are `vn63:NN` of the former units that the text decides, most
    central first; `score` is in 0..1."""

    code: str
    old_codes: tuple[str, ...]
    role: Role
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class TopicTag(Sent):
    """`id` is `medtop:NNNNNNNN` or a user's own topic id; `label` is English."""

    id: str
    label: str
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class WatchTag(Sent):
    """That an article meets a watch-list: `id` and `label` are the list's, the evidence its words."""

    id: str
    label: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Rejected(Sent):
    """A name that was seen and not counted, with the reason."""

    evidence: Evidence
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taggable:
    """What the taggers read. `language` empty means: find out. `published` dates the administrative map."""

    title: str
    body: str
    lead: str = ""
    language: str = ""
    published: datetime | None = None
    outlet: str = ""
    section: str = ""
    url: str = ""
    home_province: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """All tags of one article, each list most central first. `tagger` is the version of the tables and rules
    that found them."""

    language: str
    provinces: tuple[ProvinceTag, ...] = ()
    topics: tuple[TopicTag, ...] = ()
    watched: tuple[WatchTag, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    tagger: str = ""
