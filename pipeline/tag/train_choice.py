"""Fitting the weights by which topics are chosen, on articles labelled with topics.

Every topic with enough points is an answer, right or wrong; a logistic regression tells its chance by what
speaks for giving it. What words say of it is learnt from the same articles (train_words); each is read by a
model that has not seen it. How often two topics go together is counted in the same articles, without the one
that is being asked about. Files of articles count alike, however long.

Where chances are true, F1 is highest when all is given whose chance is above half of that highest F1. So the
chance from which a further topic is given is not tried out, but follows from the F1 that is reached.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from models.tags import Taggable
from pipeline.tag.evaluate_topics import TopicReport, evaluate_items
from pipeline.tag.topic_model import TopicModel
from pipeline.tag.topics import TopicTagger
from pipeline.tag.topics_choice import FEATURES, Choice
from pipeline.tag.train_words import by_hand, fit_words, held_out

NEUTRAL = Choice(0.0, (0.0,) * len(FEATURES), 0.0, {}, {})
RIDGE = 2.0  # pull of each standardised weight towards 0, in articles
LEANING_RIDGE = 2.0  # pull of each topic's leaning towards 0, in articles
ROUNDS = 25  # of Newton's method
_FIRST = -1  # in the place of a topic's number: the first of an article has no leaning
WEAK = 0.15  # a smaller affinity is left out

Items = Sequence[tuple[Taggable, tuple[str, ...]]]
Floats = NDArray[np.float64]


def fit_choice(tagger: TopicTagger, files: Sequence[Items]) -> tuple[Choice, bytes]:
    """The choice that fits files of labelled articles best, and the file of the model of their words. The
    tagger's own choice and words are left aside, and put back."""
    kept, words = tagger.choice, tagger.hand_model
    tagger.choice = NEUTRAL
    try:
        every = [item for items in files for item in items]
        together = _Together(every)
        corpus = by_hand(every, list(tagger.topics))
        unseen = list(held_out(corpus))
        readers = iter([model for rows, model in unseen for _ in rows])
        answers = [_answers(tagger, items, together, readers) for items in files]
        mean = sum(map(len, files)) / len(files)
        trust = [one.trust * mean / len(items) for items, one in zip(files, answers, strict=True)]
        weights, leanings = _logistic(
            np.concatenate([one.features for one in answers]),
            np.concatenate([one.topics for one in answers]),
            np.concatenate([one.right for one in answers]),
            np.concatenate(trust),
        )
        choice = Choice(
            round(float(weights[-1]), 4),
            tuple(round(float(weight), 4) for weight in weights[:-1]),
            0.0,
            {pair: value for pair in together.pairs() if abs(value := together.affinity(*pair)) >= WEAK},
            {list(tagger.topics)[topic]: round(leaning, 3) for topic, leaning in leanings.items()},
        )
        tagger.choice = choice
        reports = []
        for rows, model in unseen:
            tagger.use_words(model)
            reports.append(evaluate_items(tagger, [every[row] for row in rows]))
        return replace(choice, least=round(_least(reports), 2)), fit_words(corpus)
    finally:
        tagger.choice = kept
        tagger.use_words(words)


def _least(reports: Sequence[TopicReport]) -> float:
    """The logit of half of the mean F1 of top levels and of exact topics."""
    f1 = sum(report.micro() + report.micro("fine") for report in reports) / (2 * len(reports))
    return math.log(f1 / (2 - f1)) if f1 else 0.0


class _Together:
    """How often articles have topics, and pairs of them."""

    def __init__(self, items: Items) -> None:
        self._articles = len(items)
        self._topics = Counter(name for _, gold in items for name in set(gold))
        self._pairs = Counter(pair for _, gold in items for pair in combinations(sorted(set(gold)), 2))

    def pairs(self) -> Iterable[tuple[str, str]]:
        """All pairs of topics that articles have."""
        return combinations(sorted(self._topics), 2)

    def affinity(self, one: str, other: str, without: Iterable[str] = ()) -> float:
        """The logarithm of how much more often than by chance articles have both, not counting one article
        of the topics `without`."""
        left = set(without)
        both = self._pairs[min(one, other), max(one, other)] - (one in left and other in left)
        by_chance = (
            (self._topics[one] - (one in left)) * (self._topics[other] - (other in left)) / self._articles
        )
        return round(math.log((both + 1) / (by_chance + 1)), 3)


@dataclass(frozen=True, slots=True)
class _Answers:
    """A row for each answer: what speaks for a topic, the number of a further topic (`_FIRST` for the first),
    whether it is right, how much the answer counts."""

    features: Floats
    topics: NDArray[np.int64]
    right: Floats
    trust: Floats


def _answers(
    tagger: TopicTagger, items: Items, together: _Together, readers: Iterator[TopicModel]
) -> _Answers:
    """The answers of articles, each read with the next of `readers`. A topic that is wrong of a top level
    that is right is half right, unless a stronger one is of it too."""
    ids, sister, at = list(tagger.topics), FEATURES.index("sister"), FEATURES.index("together")
    rows: list[tuple[float, ...]] = []
    topics: list[int] = []
    answers: list[tuple[bool, float]] = []
    for article, gold in items:
        tops = {tagger.topics[name].top for name in gold if name in tagger.topics}
        tagger.use_words(next(readers))
        found = tagger.candidates(article)
        for place, one in enumerate(found):
            name, features = ids[one.topic], list(one.features)
            if place:
                features[at] = together.affinity(ids[found[0].topic], name, without=gold)
            exact, above = name in gold, tagger.topics[name].top in tops
            given = ((exact, 1.0),) if features[sister] else ((exact, 0.5), (above, 0.5))
            rows += [tuple(features)] * len(given)
            topics += [one.topic if place else _FIRST] * len(given)
            answers += given
    right, trust = np.array(answers, dtype=np.float64).T
    return _Answers(np.array(rows), np.array(topics), right, trust)


def _logistic(
    features: Floats, topics: NDArray[np.int64], answers: Floats, trust: Floats
) -> tuple[Floats, dict[int, float]]:
    """The weights of a logistic regression, that of the bias last, and the leaning of each further topic, by
    Newton's method."""
    mean, deviation = features.mean(0), features.std(0) + 1e-9
    asked, which = np.unique(topics, return_inverse=True)
    count = features.shape[1]
    further = np.eye(len(asked))[which] * (topics != _FIRST)[:, None]
    rows = np.hstack([(features - mean) / deviation, further, np.ones((len(features), 1))])
    pull = np.array([RIDGE] * count + [LEANING_RIDGE] * len(asked) + [0.0])
    weights = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (trust * (chance - answers)) + pull * weights
        bend = (rows * (trust * chance * (1 - chance))[:, None]).T @ rows + np.diag(pull)
        weights -= np.linalg.solve(bend, slope)
    plain = weights[:count] / deviation
    leanings = dict(zip(asked.tolist(), weights[count:-1].tolist(), strict=True))
    leanings.pop(_FIRST, None)
    return np.append(plain, weights[-1] - plain @ mean), leanings
