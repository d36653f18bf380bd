"""Lead and lines in order: what is cut from the head and end of a text, and what stays."""

from __future__ import annotations

import pytest

from pipeline.extract.arrange import Draft, arrange
from pipeline.extract.lines import Line
from tests.pipeline.extract.pages import SENTENCES

TITLE = "Cầu gỗ mới ở bản vùng cao"


def arranged(
    *texts: str, lead: str = "", stated: str = "", papers: tuple[str, ...] = (), section: str = "",
    right: bool = False,
) -> Draft:  # fmt: skip
    """A draft of these lines, put in order; with `right` the last is set to the right."""
    lines = [Line(text, "p") for text in texts]
    if right:
        lines[-1].right = True
    draft = Draft(lead, lines, (), ())
    arrange(draft, TITLE, "", [], papers, stated)
    return draft


@pytest.mark.parametrize(
    "byline", ["Tin, ảnh: CTV", "Bài và ảnh: Nhóm PV", "Tin, ảnh: BBT", "Bài và ảnh: Minh An"]
)
def test_a_byline_is_no_line_of_the_text_whether_it_names_a_person_or_an_office(byline: str) -> None:
    assert arranged(*SENTENCES, byline).text == "\n".join(SENTENCES)
    assert arranged(byline, *SENTENCES).text == "\n".join(SENTENCES)


@pytest.mark.parametrize("at_end", [True, False])
def test_a_byline_names_the_author_at_either_end(at_end: bool) -> None:
    texts = [*SENTENCES, "Bài, ảnh: Minh An"] if at_end else ["Bài, ảnh: Minh An", *SENTENCES]
    assert arranged(*texts).authors == ("Minh An",)


def test_a_byline_of_an_office_below_which_an_agency_is_credited_leaves_the_credit() -> None:
    draft = arranged(*SENTENCES, "Tin, ảnh: CTV", "Theo TTXVN")
    assert draft.text == "\n".join(SENTENCES)
    assert draft.credit is not None
    assert draft.credit.code == "ttxvn"


def test_a_sentence_that_opens_as_a_byline_does_is_text() -> None:
    sentence = "Bài và ảnh: hai thứ ấy là tất cả những gì ông để lại cho làng sau bốn mươi năm cầm máy."
    assert sentence in arranged(*SENTENCES, sentence).text
