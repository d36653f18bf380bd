"""What held-out margins teach, on margins made up here."""

from __future__ import annotations

import numpy as np

from pipeline.tag.train_margins import Held, chances, evened


def test_a_class_that_is_too_shy_is_helped_until_its_texts_get_it() -> None:
    margins = np.array([[-0.2, -0.4], [-0.2, -0.4], [0.5, -1.0], [0.5, -1.0]])
    answers = np.array([[-1, 1], [-1, 1], [1, -1], [1, -1]], dtype=np.int8)
    added, _ = evened([Held(margins, answers, several=False)], 2)
    assert list((margins + added).argmax(axis=1)) == [1, 1, 0, 0]


def test_one_text_among_thousands_moves_no_class() -> None:
    margins = np.tile([0.5, -1.0], (3000, 1))
    answers = np.tile(np.array([1, -1], dtype=np.int8), (3000, 1))
    margins[0], answers[0] = [-0.20, -0.24], [-1, 1]
    added, _ = evened([Held(margins, answers, several=False)], 2)
    assert list(added) == [0, 0]


def test_the_limit_lies_below_what_is_right_beside_the_best() -> None:
    margins = np.array([[0.5, -0.3, -0.8], [0.4, -0.8, -0.3]])
    answers = np.array([[1, 1, -1], [1, -1, 1]], dtype=np.int8)
    added, limits = evened([Held(margins, answers, several=True)], 3)
    assert np.array_equal(margins + added > limits, answers == 1)


def test_a_class_has_a_limit_of_its_own_where_no_addition_helps_it() -> None:
    """Beside the best the second class is right from -0.7 on and the third never; as the best neither may
    gain on the first."""
    margins = np.tile([[0.5, -0.65, -0.6], [0.5, -0.9, -0.6]], (20, 1))
    answers = np.tile(np.array([[1, 1, -1], [1, -1, -1]], dtype=np.int8), (20, 1))
    sections = Held(np.tile([0.5, 0.49, 0.49], (40, 1)), np.tile([1, -1, -1], (40, 1)), several=False)
    added, limits = evened([Held(margins, answers, several=True), sections], 3)
    assert np.array_equal(margins + added > limits, answers == 1)
    assert limits[1] < limits[2]


def test_a_class_that_a_set_does_not_know_is_never_its_answer() -> None:
    margins = np.array([[2.0, -0.5, -0.6], [2.0, -0.6, -0.5]])
    answers = np.array([[0, 1, -1], [0, -1, 1]], dtype=np.int8)
    added, _ = evened([Held(margins, answers, several=False)], 3)
    assert list(added) == [0, 0, 0]


def test_larger_margins_are_surer() -> None:
    margins = np.linspace(-1, 1, 40)[:, None]
    answers = np.where(margins > 0.1, 1, -1).astype(np.int8)
    slope, shift = chances(answers, margins)
    assert slope[0] > 0
    assert slope[0] * 1 + shift[0] > 0 > slope[0] * -1 + shift[0]
