"""Whom a text credits, in the forms of the Vietnamese press."""

from __future__ import annotations

import pytest

from pipeline.credit import name_code, read_credit

BODY = "Sáng nay, chợ nổi mở lại sau ba tuần nước lớn.\nThương hồ các nơi đã về đông đủ.\n"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("(TTXVN/Vietnam+)", "ttxvn"),
        ("(TTXVN)", "ttxvn"),
        ("TTXVN", "ttxvn"),
        ("VNA", "ttxvn"),
        ("— VNA/VNS", "ttxvn"),
        ("Theo TTXVN", "ttxvn"),
        ("Theo VietnamPlus", "ttxvn"),
        ("(Theo Vietnam+)", "ttxvn"),
        ("Source: VNA", "ttxvn"),
        ("Theo Thông tấn xã Việt Nam", "ttxvn"),
        ("Minh An (Theo TTXVN)", "ttxvn"),
        ("Nguồn: VOV", "vov"),
        ("Theo VOV.VN", "vov"),
        ("According to VOV", "vov"),
        ("Theo Đài Tiếng nói Việt Nam", "vov"),
        ("Nguồn: Báo Điện tử Chính phủ", "chinhphu"),
        ("Theo Chinhphu.vn", "chinhphu"),
        ("Theo Báo Hưng Yên", "baohungyen"),
        ("Theo Báo Quân đội nhân dân", "qdnd"),
        ("Theo Báo Tuổi Trẻ", "tuoitre"),
        ("Theo Dân trí", "dantri"),
        ("Theo Reuters", "reuters"),
    ],
)
def test_a_credit_line_at_the_end_is_furniture_of_one_vocabulary(line: str, code: str) -> None:
    credit = read_credit(BODY + line)
    assert credit is not None
    assert (credit.code, credit.furniture) == (code, True)
    assert (BODY + line)[credit.start : credit.end] == line


@pytest.mark.parametrize(
    "line",
    [
        "Theo kế hoạch, cầu sẽ thông xe vào cuối năm.",
        "Theo bà Lan, giá trái cây năm nay cao hơn năm ngoái.",
        "Bảo Ngọc",
        "Hải Đăng",
        "Tin tức mới nhất sẽ được cập nhật.",
        "Người lao động được nghỉ ba ngày.",
        "Báo cáo của Sở cho thấy mực nước giảm.",
    ],
)
def test_prose_and_names_of_people_credit_nobody(line: str) -> None:
    assert read_credit(BODY + line) is None


def test_a_credit_that_closes_the_last_sentence_leaves_the_sentence() -> None:
    text = BODY + "Chợ họp đến trưa. (TTXVN)"
    credit = read_credit(text)
    assert credit is not None
    assert text[: credit.start].endswith("Chợ họp đến trưa. ")


def test_a_credit_before_a_tail_of_related_links_is_found() -> None:
    credit = read_credit(BODY + "Theo TTXVN\nTin liên quan:\n- Lịch cắt điện tuần này\n- Món ngon ngày mưa")
    assert credit is not None
    assert credit.code == "ttxvn"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hanoi (VNA) – The market reopened on Monday.", "ttxvn"),
        ("(Chinhphu.vn) - Chợ mở lại từ thứ hai.", "chinhphu"),
        ("According to VOV, the market drew twice its usual crowd.", "vov"),
        ("Theo TTXVN, chợ đã mở lại.", "ttxvn"),
    ],
)
def test_a_dateline_or_opening_credits_without_being_cut(text: str, code: str) -> None:
    credit = read_credit(text)
    assert credit is not None
    assert (credit.code, credit.furniture) == (code, False)


def test_a_wires_mark_counts_on_its_own_copy_and_a_papers_does_not() -> None:
    wire, paper = read_credit(BODY + "(TTXVN/Vietnam+)"), read_credit("(Dân trí) - Chợ mở lại.")
    assert wire is not None
    assert paper is not None
    assert wire.counts_for("vietnamplus")
    assert not paper.counts_for("dantri")
    assert paper.counts_for("baocantho")


def test_an_unknown_paper_gets_a_code_from_its_name() -> None:
    assert name_code("Báo Bạc Liêu") == "baobaclieu"
    assert name_code("Bảo Ngọc") == ""
