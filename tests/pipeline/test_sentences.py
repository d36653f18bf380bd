"""Where sentences end, in Vietnamese and English."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sentences import sentence_ends


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in pairwise([0, *sentence_ends(text), len(text)])]


@pytest.mark.parametrize(
    "text",
    [
        "Ở TP. Huế, TX. Sơn Tây, Q. 7, P. Bến Nghé và H. Củ Chi.",
        "PGS. TS. Lan, ThS. Nam, BS. Hoa, KS. Tú và GS.TS. Bình nói.",
        "Mr. Nam, Mrs. Lan and Dr. An met Gen. Hai of the U.S. Army at St. Paul.",
        "Quyết định No. 5 ngày Sept. 3.",
        "Ông Nguyễn Văn A. Hùng và bà B. nói.",
        "2. Học phí",
        "Họ nói... rồi thôi! và đi.",
    ],
)
def test_an_abbreviation_an_initial_and_a_small_letter_end_no_sentence(text: str) -> None:
    assert parts(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        ["Họp ở TP.HCM. ", "Mai nghỉ."],
        ["Năm 2024. ", "Mai nghỉ."],
        ["Sữa, bơ v.v. ", "Mai nghỉ."],
        ["Trẻ ăn no. ", "Mai nghỉ."],
        ["Chỉnh sửa gen. ", "Mai nghỉ."],
        ["“Đi!” ", "Mai nghỉ? ", "15 người."],
        ["Dòng một\n", "dòng hai"],
        ["viết thường. ", "mai nghỉ."],
    ],
)
def test_other_sentences_end_at_their_marks(text: list[str]) -> None:
    assert parts("".join(text)) == text


@given(st.text("aA1.!? …”)\n\u00a0TP", max_size=40))
def test_no_text_is_lost_or_told_twice(text: str) -> None:
    ends = sentence_ends(text)
    assert ends == sorted(set(ends))
    assert all(0 < end < len(text) for end in ends)
