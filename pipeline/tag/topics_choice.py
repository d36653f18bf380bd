"""Which of the topics that something speaks for are given, and how surely.

Points tell how much speaks for a topic. Whether it is given also depends on what it stands beside: a second
topic is likelier where the two often go together (transport and infrastructure, farming and trade), where it
is no sister of the first, and where single words agree with the cues that were met. As a further topic some
are meant more often than the same points would say of others, which is their leaning. The weights of all that
are fitted on labelled articles (`diembao train choice`) and stand in `config/models/topic_choice.toml`; the
fitted chance is the tag's score.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from pathlib import Path
from typing import NamedTuple

from models.errors import ConfigError

FEATURES = ("points", "share", "first", "sister", "words", "together")
FAINT = -2.5  # logarithm of the share of the best's points below which no share is told from another
_HINT = "restore the file, or make it again with `diembao train choice`"


class Candidate(NamedTuple):
    """A topic that may be given, by its number, and what speaks for it: a value for each of FEATURES, and its
    leaning if it is not the first."""

    topic: int
    features: tuple[float, ...]
    leaning: float


@dataclass(frozen=True, slots=True)
class Choice:
    """`weights` are those of FEATURES; a candidate with a logit of `least` is given beside the first.
    `together` holds for pairs of topic ids, in their order, the logarithm of how much more often than by
    chance labelled articles have both; `leanings` what is added for a further topic, by its id."""

    bias: float
    weights: tuple[float, ...]
    least: float
    together: Mapping[tuple[str, str], float]
    leanings: Mapping[str, float]

    def logit(self, candidate: Candidate) -> float:
        """The logit of the chance that the topic is right."""
        more: float = sum(map(mul, self.weights, candidate.features))
        return self.bias + candidate.leaning + more

    def affinity(self, one: str, other: str) -> float:
        """How much likelier than by chance an article of one topic is of the other too: a logarithm."""
        return self.together.get((one, other) if one < other else (other, one), 0.0)


def score_of(logit: float) -> float:
    """A logit as a chance."""
    return round(1 / (1 + math.exp(-logit)), 3)


def candidates(
    ranked: Sequence[tuple[int, float]],
    ids: Sequence[str],
    tops: Sequence[int],
    words: Sequence[float],
    choice: Choice,
) -> list[Candidate]:
    """The topics of `ranked` (number and points, most points first) with what speaks for giving each. `ids`
    and `tops` are those of all topics, `words` what single words say of them."""
    found: list[Candidate] = []
    seen: set[int] = set()
    for topic, points in ranked:
        first, best = ranked[0]
        together = choice.affinity(ids[first], ids[topic]) if found else 0.0
        share = max(math.log(points / best), FAINT)
        sister, alone = float(tops[topic] in seen), float(not found)
        features = math.log(points), share, alone, sister, words[topic], together
        leaning = choice.leanings.get(ids[topic], 0.0) if found else 0.0
        found.append(Candidate(topic, features, leaning))
        seen.add(tops[topic])
    return found


def load_choice(path: Path) -> Choice:
    """The fitted weights of a file.

    Raises ConfigError naming the file if it cannot be read or a weight is missing.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        pairs = {tuple(key.split(" ")): float(value) for key, value in table["together"].items()}
        return Choice(
            float(table["bias"]),
            tuple(float(table["weights"][name]) for name in FEATURES),
            float(table["least"]),
            {(one, other): value for (one, other), value in pairs.items()},
            {name: float(value) for name, value in table["leanings"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"holds no weights for choosing topics: {error!r}", about=str(path), hint=_HINT
        ) from error


def choice_text(choice: Choice) -> str:
    """What `load_choice` reads."""
    lines = [
        "# How topics are chosen among those that something speaks for: fitted, not written by hand.",
        "# `diembao train choice` makes this file; docs/model-card.md tells from what.",
        f"bias = {choice.bias}",
        f"least = {choice.least}",
        "",
        "[weights]",
        *(f"{name} = {weight}" for name, weight in zip(FEATURES, choice.weights, strict=True)),
        "",
        "[leanings]",
        *(f'"{name}" = {value}' for name, value in sorted(choice.leanings.items())),
        "",
        "[together]",
        *(f'"{one} {other}" = {value}' for (one, other), value in sorted(choice.together.items())),
    ]
    return "\n".join(lines) + "\n"
