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
    arrange(draft, TITLE, "", [], papers, stated, section)
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


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("No evidence that dengue spreads by air, the ministry said on Monday.",
         "evidence that dengue spreads by air, the ministry said"),
        ("A Vietnamese court sentenced ten people over the loss of forests.",
         "Vietnamese court sentenced ten people over the loss of forests."),
        ("Chiều 30/11, UBND tỉnh An Giang họp về việc đón dân về từ vùng ngập nước.",
         "UBND tỉnh An Giang họp về việc đón dân về từ vùng ngập nước."),
        ("Theo đó, từ ngày 1/12 phà qua sông chạy đến 24 giờ mỗi ngày.",
         "Từ ngày 1/12 phà qua sông chạy đến 24 giờ mỗi ngày."),
        ("Không phải UBND xã mà chính người dân đã góp tiền làm cầu.",
         "UBND xã mà chính người dân đã góp tiền làm cầu."),
        ("UBND tỉnh An Giang họp về việc đón dân về từ vùng ngập nước.",
         "tỉnh An Giang họp về việc đón dân về từ vùng ngập nước."),
    ],
)  # fmt: skip
def test_the_first_words_of_a_sentence_are_no_mark_though_the_description_starts_after_them(
    text: str, stated: str
) -> None:
    for draft in (arranged(text, *SENTENCES, stated=stated), arranged(*SENTENCES, lead=text, stated=stated)):
        assert draft.text.startswith(text)
        assert draft.dateline == ""


@pytest.mark.parametrize("mark", ["BNEWS", "Dân trí", "NDO -", "Bản Tin Núi", "Quê Ta -"])
def test_a_papers_mark_before_what_the_description_says_is_cut(mark: str) -> None:
    lead = "Từ ngày 1/12 phà qua sông chạy đến 24 giờ mỗi ngày, sớm hơn dự tính."
    draft = arranged(*SENTENCES, lead=f"{mark} {lead}", stated=lead, papers=("Bản tin núi",))
    assert (draft.lead, draft.dateline) == (lead, mark.removesuffix(" -"))


@pytest.mark.parametrize(
    "head",
    ["Hà Nội, 21/09/2026", "Quảng Ninh 21/09/2026 07:45", "Hồ Chí Minh, 21/09/2026",
     "Xã Hội - 21/09/2026 07:45", "TP Đà Nẵng, 21/09/2026", "Nhịp Cầu - 21/09/2026"],
)  # fmt: skip
def test_a_place_or_section_beside_the_time_is_no_author(head: str) -> None:
    draft = arranged(head, *SENTENCES, section="Nhịp cầu")
    assert (draft.text, draft.authors) == ("\n".join(SENTENCES), ())


def test_a_name_beside_the_time_is_the_author() -> None:
    for head in ("Minh An21/09/2026 07:45", "Minh An - 21/09/2026"):
        draft = arranged(head, *SENTENCES)
        assert (draft.text, draft.authors) == ("\n".join(SENTENCES), ("Minh An",))


def test_a_place_set_to_the_right_below_the_text_is_no_author() -> None:
    draft = arranged(*SENTENCES, "Quảng Ninh", right=True)
    assert (draft.text, draft.authors) == ("\n".join(SENTENCES), ())


def test_a_byline_may_name_a_person_who_is_called_as_a_province_is() -> None:
    assert arranged(*SENTENCES, "Bài, ảnh: Thái Bình").authors == ("Thái Bình",)
