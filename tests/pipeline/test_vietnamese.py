"""Folding and cleaning give the same letters whatever the text's length."""

from __future__ import annotations

import pytest

from pipeline.vietnamese import clean, fold, strip_marks

_LETTERS = "Đường Ẩm thực ở HỘI AN – “ngon” ① 東京 😀 ǰ İ Øre Ÿ\n"


@pytest.mark.parametrize("times", [1, 10, 400])
def test_a_long_text_folds_as_its_letters_do(times: int) -> None:
    assert strip_marks(_LETTERS * times) == "".join(map(strip_marks, _LETTERS)) * times


@pytest.mark.parametrize("times", [1, 400])
def test_halves_of_characters_survive_folding(times: int) -> None:
    text = "Đà \ud83d\ude00 Nẵng "
    assert fold(text * times) == "da \ud83d\ude00 nang " * times


def test_every_odd_space_and_lookalike_is_cleaned_wherever_it_stands() -> None:
    assert clean("\ufeffÐà\u00a0Nẵng\r\n\tTP\u2009Hue\u0302\u0301\u200b" * 3) == "Đà Nẵng\n\n TP Huế" * 3
