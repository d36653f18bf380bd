"""What one unit has gathered in an article, and how likely the article is about it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from pipeline.tag import cue_words as words
from pipeline.tag.mention import INNER, UNIT_LEVELS, Mention


@dataclass(slots=True)
class Tally:
    """What one current unit has gathered: its mentions, and the weight of each."""

    code: str
    mentions: list[Mention]
    weights: list[float]
    score: float = field(init=False)
    """The four strongest mentions count in full, the others a quarter: length is not importance."""

    def __post_init__(self) -> None:
        ordered = sorted(self.weights, reverse=True)
        self.score = sum(ordered[:4]) + 0.25 * min(sum(ordered[4:]), 8.0)


_PROVING = frozenset({words.UNIT, words.GOVERNMENT, words.AT, words.SUBUNIT, words.HOST})

_SURE, _NAMED, _PLACED_ONCE, _BARE, _BARE_ONCE = 0.98, 0.94, 0.8, 0.9, 0.79
"""How often an article was about the unit in written cases when the rules first met them, by the evidence: a
place inside and the unit itself; a telling word beside it, in several fields or in one; its name alone."""

_MENTIONED = (0.01, 0.13)


def calibrated(tally: Tally, top: float, about: bool) -> float:
    """How likely the article is about the unit."""
    score = tally.score
    strength = score * math.sqrt(score / top) if top else 0.0
    rise = 1 / (1 + math.exp(-1.4 * (strength - 0.9)))
    if not about:
        low, high = _MENTIONED
        return round(low + (high - low) * rise, 3)
    levels = {mention.level for mention in tally.mentions}
    several = len({mention.hit.field.name for mention in tally.mentions}) > 1
    if levels & UNIT_LEVELS and levels & INNER:
        share = _SURE
    elif any(mention.cue in _PROVING for mention in tally.mentions):
        share = _NAMED if several else _PLACED_ONCE
    else:
        share = _BARE if several else _BARE_ONCE
    return round(share - 0.1 * (1 - rise), 3)
