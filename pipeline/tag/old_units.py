"""Which of the 63 former units an article is about, as far as its text decides.

Every former unit went whole into one current unit, so the way back needs the former name or a place inside.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.tag import cue_words as words
from pipeline.tag.background import is_in_head
from pipeline.tag.gazetteer import MERGER, Gazetteer
from pipeline.tag.mention import INNER, PASSING, Mention
from pipeline.vietnamese import fold, place_tones

# The subject is the making of the unit itself, or a figure of the whole unit.
_MAKING = re.compile(
    r"thanh lap thanh pho|truc thuoc trung uong|centrally[- ](?:run|governed)|after absorbing|"
    r"since (?:the |its )?merger|"
    r"sau sap nhap|sau hop nhat|sau khi sap nhap|sau khi hop nhat|\bmerged\b|one year (?:on|after)|"
    r"nam (?:sau )?(?:sap nhap|hop nhat)"
)
_ALL_OF_IT = tuple(
    map(
        place_tones,
        (
            "toàn tỉnh", "toàn thành phố", "toan tinh", "toan thanh pho", "province-wide", "provincewide",
            "city-wide", "citywide", "across the province", "across the city", "whole province",
        ),
    )
)  # fmt: skip
_OF_MAKING = ("sap nhap", "hop nhat", "merge", "thanh lap", "truc thuoc", "central", "absorbing", "one year ")
"""One of these stands in whatever `_MAKING` finds, and in few other texts."""
_MOST = 260  # characters of the opening in which the making of a unit is its subject
_PLACING = PASSING - {words.TOWARDS}
_PART, _FORMER, _UNIT = INNER | {"former"}, frozenset({"former"}), frozenset({"province"})
_WHOLE = re.compile(
    r"\b(?:ghi nhan|thu hut|grdp|kim ngach|tang truong|thu ngan sach|giai ngan|dan so|toan tinh|"
    r"toan thanh pho|"
    r"records?|reports? \d|attracts?|growth|budget revenue|disburse\w*|population|exports?)\b"
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What the article tells beside its mentions: its day, how many units it is about, title and opening in
    comparable form; of a long one, where the head of its body ends. A short notice about several units means
    each as a whole, a long one tells of places inside."""

    published: date | None
    about: int
    title: str
    opening: str
    head: int = 0


def _tells_of_making(folded: str) -> bool:
    for word in _OF_MAKING:
        if word in folded:
            return _MAKING.search(folded) is not None
    return False


def former_units(
    gazetteer: Gazetteer,
    code: str,
    mentions: Sequence[tuple[Mention, float]],
    scene: Scene,
    products: Sequence[Mention] = (),
) -> tuple[str, ...]:
    """The former codes, most central first; empty when the text leaves them open. `products` are mentions
    that only name a dish, product or organisation after a place: no evidence of the unit, but of the part
    of it."""
    relatives = gazetteer.current[code].relatives
    if len(relatives) == 1:
        return relatives
    before_merger = _before_merger(mentions, code, scene)
    if scene.head:
        mentions = _without_background(mentions, code, scene.head, today=not before_merger)
    if before_merger:
        return _strongest(_scores(mentions, code, levels=None))
    if scene.about > 1:
        return _strongest(_scores(mentions, code, levels=_PART if scene.head else _FORMER))
    titled = any(m.level == "former" and m.hit.field.name == "title" for m, _ in mentions)
    title = fold(scene.title)
    if (not titled and _tells_of_making(title)) or (
        _tells_of_making(fold(scene.opening[:_MOST])) and not _levels(mentions, 0.6) & _PART
    ):
        return ()
    inside = [*mentions, *((mention, 0.3) for mention in products)]
    inner = _strongest(_scores(inside, code, levels=_PART))
    if inner:
        return inner
    if _WHOLE.search(title) or any(phrase in scene.opening for phrase in _ALL_OF_IT):
        return ()
    return _strongest(_scores(mentions, code, levels=_UNIT))


def _without_background(
    mentions: Sequence[tuple[Mention, float]], code: str, head: int, *, today: bool
) -> Sequence[tuple[Mention, float]]:
    """Of a long article whose head names a former unit, the mentions of that one and of no other. On the map
    of `today` a unit of the same name is more than the former one."""
    whole = _UNIT if today else frozenset()
    olds = {
        place.old
        for mention, _ in mentions
        if mention.level not in whole and (_is_placed_in_head(mention, head) or mention.cue in words.ACTING)
        for place in mention.places
        if place.code == code
    }
    if not olds:
        return mentions
    return [pair for pair in mentions if any(p.old in olds for p in pair[0].places if p.code == code)]


def _is_placed_in_head(mention: Mention, head: int) -> bool:
    return is_in_head(mention, head) and mention.cue not in _PLACING


def _levels(mentions: Sequence[tuple[Mention, float]], least: float) -> set[str]:
    return {mention.level for mention, weight in mentions if weight >= least}


def _before_merger(mentions: Sequence[tuple[Mention, float]], code: str, scene: Scene) -> bool:
    """By the article's day; without one, by a former unit that is spoken of as one that exists."""
    if scene.published is not None:
        return scene.published < MERGER
    return any(
        mention.level == "former" and not mention.quoted_as_former and mention.cue in words.ACTING
        for mention, _ in mentions
        if code in mention.codes
    )


def _scores(
    mentions: Sequence[tuple[Mention, float]], code: str, *, levels: frozenset[str] | None
) -> dict[str, float]:
    scores: dict[str, float] = defaultdict(float)
    for mention, weight in mentions:
        if levels is not None and mention.level not in levels:
            continue
        if levels is not None and mention.cue in _PLACING:
            continue
        olds = {place.old for place in mention.places if place.code == code and place.old}
        if len(olds) == 1:
            scores[olds.pop()] += min(weight, 3.0)
    return scores


def _strongest(scores: dict[str, float]) -> tuple[str, ...]:
    if not scores:
        return ()
    top = max(scores.values())
    ordered = sorted(scores, key=lambda code: -scores[code])
    return tuple(code for code in ordered if scores[code] >= 0.3 * top)
