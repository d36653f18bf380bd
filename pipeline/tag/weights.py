"""How much one use of a name speaks for an article about the place: by the words beside it and its place."""

from __future__ import annotations

from pipeline.tag import cue_words as words
from pipeline.tag.asides import CAREER
from pipeline.tag.background import DELEGATE, HELPER, TREATED
from pipeline.tag.furniture import Furniture
from pipeline.tag.mention import Mention

_OF_CUE = {
    words.UNIT: 1.3,
    words.GOVERNMENT: 1.3,
    words.AT: 1.15,
    words.SUBUNIT: 1.1,
    words.HOST: 1.3,
    words.FROM: 0.15,
    words.TOWARDS: 0.45,
    words.LIKE: 0.15,
    words.APART: 0.1,
    words.HOME: 0.12,
    words.CLUB: 0.15,
    words.VENUE: 0.2,
    "sobriquet": 0.1,
    "route": 0.2,
    "leg": 0.12,
    "river": 0.4,
    words.PRODUCT: 0.3,
    "attendee": 0.15,
    "example": 0.15,
    DELEGATE: 0.15,
    HELPER: 0.15,
    TREATED: 0.2,
    CAREER: 0.15,
    "dateline": 0.1,
    "address": 0.1,
    "joint": 0.2,
}
"""A use without a cue counts 1."""
_TITLE, _LEAD, _OPENING, _BODY, _LATER, _LAST = 3.0, 2.0, 1.6, 1.0, 0.6, 0.35
_SHORT, _AFTER_SHORT = 350, 0.62
"""Behind this many characters one bare use of a name does not make it a subject."""
_EARLY, _LATE = 1200, 3000  # characters of a text
LONGEST_TITLE = 250  # characters; what is longer was no title
NEVER_ALONE = frozenset(
    {
        words.VENUE,
        "sobriquet",
        "attendee",
        "example",
        "dateline",
        "caption",
        "address",
        words.APART,
        words.CLUB,
        DELEGATE,
        HELPER,
        TREATED,
    }
)
"""However often a place is named in these ways, the article is not about it."""
NEVER_BESIDE = NEVER_ALONE | {
    "route",
    "leg",
    CAREER,
    words.HOME,
    words.FROM,
    words.LIKE,
    words.PRODUCT,
    "river",
}
"""However often a place is named in these ways, the article is about the other places that it names."""


def weigh(mention: Mention, furniture: Furniture | None, *, has_lead: bool, elsewhere: bool) -> float:
    """What one use of a name counts. `furniture` is that of its field, if it has any; `has_lead` says whether
    the article has a lead of its own, else the first sentence of the body stands for it; `elsewhere` that the
    article is about another place than this and others like it (the other matches of a round)."""
    hit = mention.hit
    name = hit.field.name
    factor = _OF_CUE.get(mention.cue, 1.0) * (0.1 if mention.level == "joint" else 1.0)
    if hit.entry.nickname:
        factor *= 0.8
    if name == "title" and len(hit.field.text) < LONGEST_TITLE:
        return factor * _TITLE * (1.35 if mention.cue == words.TOWARDS else 1.0)
    if name == "lead":
        return factor * _LEAD
    start = hit.start - (furniture.dateline if furniture else 0)
    if furniture and hit.start < furniture.caption:
        return factor * _LAST
    if not has_lead and start < (furniture.opening if furniture else LONGEST_TITLE):
        return factor * _OPENING
    if elsewhere:
        factor *= 0.4
    if start < _EARLY:
        return factor * (_BODY if start < _SHORT else _AFTER_SHORT)
    return factor * (_LATER if start < _LATE else _LAST) * (0.3 if mention.listed else 1.0)
