"""What the margins of held-out texts teach: which classes are too shy, from which margin on a topic is
given, and how surely a margin is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.tag.optional import sklearn

EVENING = [step / 20 for step in range(-6, 7)]  # steps tried for the margin of a class
LEAST_GAIN = 0.01  # of goodness that moving a class by one must bring, lest chance in few texts moves it
LIMITS = [step / 20 for step in range(-20, 1)]  # tried for the margin above which a topic is given

Margins = NDArray[np.float64]
Answers = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Held:
    """The margins of a set's texts, held out from what they are measured with, and its answers: 1 yes, -1 no,
    0 cannot say. `several` is true of a set whose texts may have several topics."""

    margins: Margins
    answers: Answers
    several: bool


def evened(sets: Sequence[Held], classes: int) -> tuple[Margins, Margins]:
    """What is added to the margins of each class so that the sets are answered best, and the limits that go
    with it: machines trained one by one leave classes with few texts too shy. One addition for all sets; a
    limit of its own for a class where that gains more than chance would."""
    added = np.zeros(classes)
    limit = np.full(classes, _limit(sets, added))
    for _ in range(2):
        for column in range(classes):
            tried = []
            for step in EVENING:
                added[column] += step
                cost = LEAST_GAIN * abs(added[column])
                tried.append((_goodness(sets, added, limit) - cost, -abs(step), step))
                added[column] -= step
            added[column] += max(tried)[2]
        limit[:] = _limit(sets, added)
    return added, _limits(sets, added, limit)


def _limit(sets: Sequence[Held], added: Margins) -> float:
    return max(LIMITS, key=lambda limit: _goodness([held for held in sets if held.several], added, limit))


def _limits(sets: Sequence[Held], added: Margins, limit: Margins) -> Margins:
    several = [held for held in sets if held.several]
    limits, usual = limit.copy(), limit[0] if len(limit) else 0.0
    for column in list(range(len(limits))) * 2 if several else ():
        tried = []
        for value in LIMITS:
            limits[column] = value
            cost = LEAST_GAIN * abs(value - usual)
            tried.append((_goodness(several, added, limits) - cost, -abs(value - usual), value))
        limits[column] = max(tried)[2]
    return limits


def _goodness(sets: Sequence[Held], added: Margins, limit: Margins | float) -> float:
    """Mean over the sets: of one with a topic for each text the share of texts whose best class is right, of
    one with several the F1 of the classes above their limits and the best."""
    found = []
    for held in sets:
        asked = np.where(held.answers != 0, held.margins + added, -np.inf)
        best = asked.argmax(axis=1)
        if held.several:
            told = asked > limit
            told[np.arange(len(best)), best] = True
            right = held.answers == 1
            found.append(2 * (told & right).sum() / max(told.sum() + right.sum(), 1))
        else:
            found.append((held.answers[np.arange(len(best)), best] == 1).mean())
    return float(np.mean(found)) if found else 0.0


def chances(answers: Answers, margins: Margins) -> tuple[Margins, Margins]:
    """Slope and shift per class that turn margins of held-out texts into chances."""
    regression = sklearn("sklearn.linear_model").LogisticRegression
    slope, shift = np.ones(answers.shape[1]), np.zeros(answers.shape[1])
    for column in range(answers.shape[1]):
        asked = np.flatnonzero(answers[:, column])
        yes = answers[asked, column] == 1
        if yes.any() and not yes.all():
            fitted = regression(C=10.0).fit(margins[asked, column : column + 1], yes)
            slope[column], shift[column] = fitted.coef_[0, 0], fitted.intercept_[0]
    return slope, shift
