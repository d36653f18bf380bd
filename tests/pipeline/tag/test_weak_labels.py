"""Articles that know only their outlet's province: each answer is of the kind that a reader would call it."""

from __future__ import annotations

import pytest

from pipeline.tag.weak_labels import LABEL, compare, is_weak, lines
from tests.pipeline.tag.places import tagger

ARTICLES = {
    "home": ("Bến Tre", "Bến Tre: Khởi công hồ chứa nước ngọt", "Sáng 4/3, tỉnh Bến Tre khởi công hồ chứa."),
    "beside": ("Bến Tre", "Bến Tre và Tiền Giang nối bờ bằng cầu", "Cầu nối tỉnh Bến Tre với Tiền Giang."),
    "former": ("Gia Lai", "Quy Nhơn mở phố đi bộ ven biển", "Tỉnh Bình Định mở phố đi bộ ở Quy Nhơn."),
    "other": ("Nghệ An", "Cà Mau trồng thêm 200 ha rừng", "Tỉnh Cà Mau trồng rừng ở huyện Năm Căn."),
    "rejected": ("Hà Nam", "Honda tăng giá xe tay ga", "(Báo Hà Nam) Hãng xe tăng giá từ tháng sau."),
    "silent": ("Hà Nam", "Tỉnh họp về ngân sách", "Tỉnh giao chỉ tiêu thu cho các sở."),
}


@pytest.mark.parametrize("kind", ARTICLES)
def test_an_article_beside_its_outlets_province(kind: str) -> None:
    home, title, text = ARTICLES[kind]
    (compared,) = compare([{LABEL: home, "title": title, "description": text}], tagger())
    assert compared.kind == kind


def test_the_outlets_province_as_a_hint_settles_a_name_that_two_provinces_have() -> None:
    record = {LABEL: "Cần Thơ", "title": "Huyện ủy Phong Điền sơ kết 9 tháng", "description": ""}
    (compared,) = compare([record], tagger())
    assert (compared.kind, compared.hinted) == ("elsewhere", "home")


def test_every_article_is_counted_once_and_listed_on_request() -> None:
    records = [{LABEL: home, "title": title, "description": text} for home, title, text in ARTICLES.values()]
    assert is_weak(records)
    compared = compare([*records, {LABEL: "Atlantis", "title": "x"}], tagger())
    counts = [int(line.split()[0]) for line in lines(compared)[2:]]
    assert sum(counts) == len(ARTICLES)
    listed = lines(compared, every=True)[len(lines(compared)) :]
    assert len(listed) == len(ARTICLES) - 1
    assert any("Cà Mau trồng thêm" in line for line in listed)


def test_labelled_records_are_not_weak() -> None:
    assert not is_weak([{LABEL: "Cà Mau", "provinces": ["96"]}])
