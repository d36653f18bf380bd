"""Folding and cleaning give the same letters whatever the text's length."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from pipeline.vietnamese import align, clean, fold, is_syllable, strip_marks

FOREIGN = "中"
VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
_LETTERS = "Đường Ẩm thực ở HỘI AN – “ngon” ① 東京 😀 ǰ İ Øre Ÿ\n"


@pytest.mark.parametrize("times", [1, 10, 400])
def test_a_long_text_folds_as_its_letters_do(times: int) -> None:
    assert strip_marks(_LETTERS * times) == "".join(map(strip_marks, _LETTERS)) * times


@pytest.mark.parametrize("times", [1, 400])
def test_halves_of_characters_are_left_out(times: int) -> None:
    text = "Đà \ud83d\ude00 Nẵng "
    assert fold(text * times) == "da  nang " * times


@pytest.mark.parametrize(
    "mark", [*"\u00ad\u061c\u180e\u200b\u200f\u202a\u202e\u2060\u2061\u2064\u2066\u2069\ufeff", "\udfff"]
)
def test_a_name_is_the_same_with_an_invisible_mark_in_and_around_it(mark: str) -> None:
    aligned = align(f"ở {mark}Đà{mark} Nẵng{mark}, vào")
    start = aligned.text.index("Đà Nẵng")
    assert aligned.text == "ở Đà Nẵng, vào"
    assert aligned.span(start, start + 7) == (3, 12)


@pytest.mark.parametrize("sign", "\v\f\x85\u2028")
def test_a_line_broken_for_its_looks_goes_on_behind_a_space(sign: str) -> None:
    for text in (f"Hòa{sign}Phát", f"Hoa{sign}Phat"):
        aligned = align(text)
        assert aligned.text == text.replace(sign, " ")
        assert list(aligned.offsets) == list(range(len(text) + 1))


def test_a_name_behind_korean_in_single_letters_stands_where_it_says() -> None:
    text = unicodedata.normalize("NFD", "한국 관광객 ở Đà Nẵng")
    aligned = align(text)
    start, end = aligned.span(aligned.text.index("Đà"), len(aligned.text))
    assert aligned.text == clean(text)
    assert clean(text[start:end]) == "Đà Nẵng"


def test_a_separator_of_paragraphs_ends_a_line() -> None:
    assert clean("Mưa lớn\u2029Hà Nội ngập") == "Mưa lớn\nHà Nội ngập"


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
