"""Where and when an incident was, what a trial is for: what tells two of one day apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pipeline.stories.days import clocks_in
from pipeline.vietnamese import strip_marks

OPENING = 700  # letters of the text in which the time of an incident stands
_NEAR = 90  # minutes
_DAY = 24 * 60

# What happens at one place and moment, and its victims.
_INCIDENTS = frozenset(
    {"c:accident", "c:trafficaccident", "c:labouraccident", "c:pileup", "c:stabbing", "c:hit", "c:sink",
     "c:capsize", "c:plunge", "c:fire", "c:burn", "c:explosion", "c:collapse", "c:drown", "c:murder",
     "c:robbery", "c:shoot", "c:lightning", "c:kitchen", "c:dead", "c:injure", "c:seriouslyinjured",
     "c:hospitalise"}
)  # fmt: skip
# What comes over many places in one event, with its victims in each.
_WIDESPREAD = frozenset(
    {"c:storm", "c:stormno", "c:flood", "c:rain", "c:earthquake", "c:landslide", "c:hail", "c:disease",
     "c:epidemic", "c:war"}
)  # fmt: skip
_IN_COURT = frozenset({"c:court", "c:convict", "c:yearsinprison", "c:prison"})
_OFFENCES = frozenset(
    {"c:fraud", "c:appropriate", "c:corruption", "c:embezzle", "c:abuseofpower", "c:murder", "c:robbery",
     "c:kidnap", "c:drug", "c:smuggle", "c:counterfeit", "c:taxevasion", "c:moneylaundering", "c:casino",
     "c:abuse"}
)  # fmt: skip
_UNIT = re.compile(
    r"(?:\b[Xx]ã|\b[Pp]hường|\b[Tt]hị trấn|\b[Tt]hị xã|\b[Đđ]ặc khu|\b[Hh]uyện|\b[Qq]uận) "
    r"(?P<name>[^\W\d_]+(?:['’][^\W\d_]+)?(?: [^\W\d_]+(?:['’][^\W\d_]+)?)?)"
)
_ENGLISH_UNIT = re.compile(
    r"(?P<name>[A-Z][\w'’]*(?: [A-Z][\w'’]*)?) (?:[Cc]ommune|[Ww]ard|[Tt]ownship|[Dd]istrict|[Tt]own)\b"
)


@dataclass(frozen=True, slots=True)
class Scene:
    """Whether a text is a report on an `incident`; if so, `units` are the communes and districts that it
    names, as facts, and `minutes` the times of day of its opening. `offences` are those that a report on a
    trial names, as facts."""

    incident: bool = False
    units: frozenset[str] = frozenset()
    minutes: frozenset[int] = frozenset()
    offences: frozenset[str] = frozenset()

    def far_in_time(self, other: Scene) -> bool:
        """Whether both name times of day and none of one is near one of the other."""
        apart = [abs(a - b) for a in self.minutes for b in other.minutes]
        return bool(apart) and min(min(gap, _DAY - gap) for gap in apart) > _NEAR


NOWHERE = Scene()


def scene_of(text: str, language: str, head: AbstractSet[str], facts: AbstractSet[str]) -> Scene:
    """The scene of a clean text that begins with its headline. `facts` are those of the text, `head` those of
    headline and lead."""
    offences: frozenset[str] = frozenset() if head.isdisjoint(_IN_COURT) else _OFFENCES.intersection(facts)
    if head.isdisjoint(_INCIDENTS) or not head.isdisjoint(_WIDESPREAD):
        return Scene(offences=offences) if offences else NOWHERE
    form = _UNIT if language == "vi" else _ENGLISH_UNIT
    units = {unit for match in form.finditer(text) if (unit := _fact(match["name"]))}
    minutes = {int(clock[:2]) * 60 + int(clock[3:]) for clock in clocks_in(text[:OPENING])}
    return Scene(True, frozenset(units), frozenset(minutes), offences)


def _fact(name: str) -> str:
    """The name as the fact that names in texts are, empty if it has no capital."""
    words = [word for word in strip_marks(name).split(" ") if word[:1].isupper()]
    return f"n:{' '.join(words).lower()}" if words and name[0].isupper() else ""
