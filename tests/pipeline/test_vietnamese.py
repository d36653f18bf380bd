"""Folding and cleaning give the same letters whatever the text's length."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from pipeline.vietnamese import clean, fold, is_syllable, strip_marks

FOREIGN = "中"
VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
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


def test_every_vietnamese_letter_loses_its_marks_and_keeps_its_case() -> None:
    bare = [unicodedata.normalize("NFD", letter)[0].replace("đ", "d") for letter in VIETNAMESE]
    assert list(strip_marks(VIETNAMESE)) == bare
    assert strip_marks(VIETNAMESE.upper()) == "".join(bare).upper()


def test_a_text_folds_the_same_whatever_stands_beside_it() -> None:
    text = "“Thành phố Hồ Chí Minh” – ĐƯỜNG số 7,\nkhu phố 3 (Thủ Đức)…"
    assert fold(text) == "“thanh pho ho chi minh” – duong so 7,\nkhu pho 3 (thu duc)…"
    assert fold(text + FOREIGN) == fold(text) + FOREIGN


def test_every_character_folds_alone_as_it_folds_among_foreign_ones() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.combining(char) or unicodedata.category(char) in {"Cs", "Mn", "Mc", "Lo"}:
            continue  # which compose with their neighbours, or are no letters of this script
        assert fold(char + FOREIGN) == fold(char) + FOREIGN, hex(code)
        assert len(fold(char)) == len(clean(char)), hex(code)


@pytest.mark.parametrize("word", "thuy nghieng quoc khuya a uyen gia yeu xoai nguyet".split())
def test_a_syllable_has_its_shape(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", "market city police airport farmers town island beach lake hill was".split())
def test_an_english_word_seldom_has_it(word: str) -> None:
    assert not is_syllable(word)
