"""What a person decided about the tags of an article, and what the tags are then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum

from models.tags import Evidence, ProvinceTag, Rejected, Role, Tags, TopicTag


class TagKind(StrEnum):
    """What a tag is about."""

    PROVINCE = "province"
    TOPIC = "topic"


class Verdict(StrEnum):
    """What the person said of a tag. Provinces are `about` or `mentioned`, topics `yes`; `no` is of both."""

    ABOUT = "about"
    MENTIONED = "mentioned"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One tag of one article, decided by a person: it wins over what the taggers say, now and later.

    `article` is the article's id in the store; `value` is `vn34:NN`, `vn63:NN` or a topic id; `within` is,
    for a former province, the current one that it lies in, and for a finer topic that was denied along with
    the one above it, that one; `label` is what to call a topic. `at` is aware; it is told as the day that it
    was in its zone. `by` and `note` (who and why) may be empty.
    """

    article: int
    kind: TagKind
    value: str
    verdict: Verdict
    at: datetime
    within: str = ""
    label: str = ""
    by: str = ""
    note: str = ""

    @property
    def implied(self) -> bool:
        """Whether it only follows from what was said of the topic above it."""
        return self.kind is TagKind.TOPIC and bool(self.within)

    @property
    def reason(self) -> str:
        """Who corrected it when and why, as far as was said."""
        who = f" by {self.by}" if self.by else ""
        return f"corrected{who} on {self.at:%Y-%m-%d}" + (f": {self.note}" if self.note else "")

    @property
    def evidence(self) -> Evidence:
        """The correction as the evidence of a tag: the field is `correction`, the text the note."""
        return Evidence("correction", 0, 0, self.note, self.reason)


def in_zone(said: Iterable[Correction], zone: tzinfo) -> list[Correction]:
    """The same corrections, told as days of that zone."""
    return [replace(each, at=each.at.astimezone(zone)) for each in said]


def said_in_all(before: Sequence[Correction], now: Sequence[Correction]) -> list[Correction]:
    """What counts of one article once `now` is said after `before`. What is said of a tag replaces what was
    said of it earlier, with all that this implied; what was denied for itself, too, stays denied for that."""
    denied = {(each.kind, each.value): each.within for each in before if each.verdict is Verdict.NO}
    new = {
        (each.kind, each.value): each
        for each in now
        if not each.implied or denied.get((each.kind, each.value), each.within) == each.within
    }
    kept = [
        each
        for each in before
        if (each.kind, each.value) not in new and not any(_undoes(said, each) for said in new.values())
    ]
    return [*kept, *new.values()]


def _undoes(said: Correction, before: Correction) -> bool:
    """Whether a correction does away with an earlier one of another tag."""
    if said.kind is not before.kind or said.implied:
        return False
    if said.kind is TagKind.TOPIC:
        return before.within == said.value
    if said.verdict is Verdict.NO:
        return brings(before) == said.value
    return brings(said) == before.value and before.verdict is Verdict.NO


def brings(said: Correction) -> str:
    """The current province that a former one which is added brings along; empty for other corrections."""
    return said.within if said.kind is TagKind.PROVINCE and said.verdict is not Verdict.NO else ""


def taken_back(said: Sequence[Correction], values: Sequence[str]) -> list[Correction]:
    """The corrections of these tags (all if none is named), what they implied and what brings them along."""
    return [
        each
        for each in said
        if not values
        or each.value in values
        or (each.implied and each.within in values)
        or brings(each) in values
    ]


def corrected(tags: Tags, corrections: Sequence[Correction]) -> Tags:
    """The tags with the corrections applied, in order. Applying them again changes nothing.

    What is confirmed or added gets the score 1 and the correction as its last evidence; what is denied
    stands among the rejected with the reason.
    """
    for each in corrections:
        if each.kind is TagKind.TOPIC:
            tags = _topic(tags, each)
        elif each.within:
            tags = _former(tags, each)
        else:
            tags = _province(tags, each)
    return tags


def _province(tags: Tags, said: Correction) -> Tags:
    before = next((tag for tag in tags.provinces if tag.code == said.value), None)
    if said.verdict is Verdict.NO:
        kept = tuple(tag for tag in tags.provinces if tag.code != said.value)
        return _denied(replace(tags, provinces=kept), said, before.evidence if before else ())
    old = before.old_codes if before else ()
    evidence = _with(before.evidence if before else (), said)
    role = Role(said.verdict.value)
    return _placed(tags, ProvinceTag(said.value, old, role, 1.0, evidence))


def _placed(tags: Tags, tag: ProvinceTag) -> Tags:
    """The tags with this one in the place of the one of its code, or last; those that it is about first."""
    codes = [each.code for each in tags.provinces]
    found = [tag if each.code == tag.code else each for each in tags.provinces]
    if tag.code not in codes:
        found.append(tag)
    return replace(tags, provinces=tuple(sorted(found, key=lambda each: each.role is not Role.ABOUT)))


def _former(tags: Tags, said: Correction) -> Tags:
    before = next((tag for tag in tags.provinces if tag.code == said.within), None)
    if said.verdict is Verdict.NO:
        if before is None or said.value not in before.old_codes:
            return tags
        left = tuple(code for code in before.old_codes if code != said.value)
        return _denied(_placed(tags, replace(before, old_codes=left)), said, ())
    codes = tuple(dict.fromkeys((*(before.old_codes if before else ()), said.value)))
    evidence = _with(before.evidence if before else (), said)
    return _placed(tags, ProvinceTag(said.within, codes, Role(said.verdict.value), 1.0, evidence))


def _topic(tags: Tags, said: Correction) -> Tags:
    before = next((tag for tag in tags.topics if tag.id == said.value), None)
    if said.verdict is Verdict.NO:
        kept = tuple(tag for tag in tags.topics if tag.id != said.value)
        return _denied(replace(tags, topics=kept), said, before.evidence if before else ())
    label = before.label if before else said.label or said.value
    now = TopicTag(said.value, label, 1.0, _with(before.evidence if before else (), said))
    others = [now if tag.id == now.id else tag for tag in tags.topics]
    return replace(tags, topics=tuple(others if before else [*others, now]))


def _with(evidence: Iterable[Evidence], said: Correction) -> tuple[Evidence, ...]:
    return (*(each for each in evidence if each.field != "correction"), said.evidence)


def _denied(tags: Tags, said: Correction, evidence: Sequence[Evidence]) -> Tags:
    """The tag's own words among the rejected, or its code where it had none."""
    words = [each for each in evidence if each.field != "correction"][:1]
    refused = Rejected(words[0] if words else replace(said.evidence, text=said.value), said.reason)
    return tags if refused in tags.rejected else replace(tags, rejected=(*tags.rejected, refused))
