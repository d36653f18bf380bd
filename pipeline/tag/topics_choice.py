"""Which of the topics that something speaks for are given, and how surely.

Points tell how much speaks for a topic. Whether it is given also depends on what it stands beside: a second
topic is likelier where the two often go together (transport and infrastructure, farming and trade), where it
is no sister of the first, and where the words of articles with topics by hand agree. As a further topic some
are meant more often than the same points would say of others, which is their leaning. The weights of all that
are fitted on labelled articles (`diembao train choice`) and stand in `config/models/topic_choice.toml`; the
fitted chance is the tag's score.

A topic that they were not fitted to, a user's own, is weighed apart, so that it changes no answer about the
others: words are not known to say anything of it. A strong cue of it in title
or lead proves it: it is given, as likely as if nothing else were.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from pathlib import Path
from typing import NamedTuple

from models.errors import ConfigError

FEATURES = ("points", "share", "first", "sister", "words", "together")
USUAL = -0.7  # what words say of a topic of which they are not known to say anything: as of most candidates
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
    chance labelled articles have both; `leanings` what is added for a further topic, by its id, for each
    topic of those articles."""

    bias: float
    weights: tuple[float, ...]
    least: float
    together: Mapping[tuple[str, str], float]
    leanings: Mapping[str, float]

    def logit(self, candidate: Candidate) -> float:
        """The logit of the chance that the topic is right."""
        more: float = sum(map(mul, self.weights, candidate.features))
        return self.bias + candidate.leaning + more

    def knows(self, topic: str) -> bool:
        """Whether a topic was among those that the weights were fitted to; weights fitted to nothing know all
        alike."""
        return not self.leanings or topic in self.leanings

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
    and `tops` are those of all topics, `words` what words say of them."""
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


def own_topics(
    ranked: Sequence[tuple[int, float]],
    own: Collection[int],
    proven: Collection[int],
    ids: Sequence[str],
    tops: Sequence[int],
    choice: Choice,
) -> dict[int, float]:
    """The topics of `ranked` that are given of `own`, those that the choice does not know, with the logits of
    their chances: the `proven` as if they stood alone, others if they are likely beside the rest."""
    silent = [USUAL] * len(ids)
    least = -math.inf if all(topic in own for topic, _ in ranked) else choice.least
    given: dict[int, float] = {}
    for one, beside in zip(ranked, candidates(ranked, ids, tops, silent, choice), strict=True):
        topic = one[0]
        if topic in proven and topic in own:
            given[topic] = choice.logit(candidates([one], ids, tops, silent, choice)[0])
        elif topic in own and choice.logit(beside) >= least:
            given[topic] = choice.logit(beside)
    return given


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
            f"holds no weights for choosing topics: {type(error).__name__}: {error}",
            about=str(path),
            hint=_HINT,
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
