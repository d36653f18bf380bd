"""Places that a text comes to late or on its way to something else: mentioned, not told of."""

from __future__ import annotations

import pytest

from tests.pipeline.tag.places import about, mentioned


def test_a_short_text_that_comes_to_a_place_in_its_third_sentence_only_mentions_it() -> None:
    text = (
        "Mô hình cuộn rơm ngay sau gặt giúp giảm 4,9 tấn CO2 mỗi héc-ta. Nông dân bớt 30% lượng giống. "
        "Sau khi thí điểm tại Cần Thơ, ngành nông nghiệp đàm phán bán tín chỉ carbon."
    )
    assert about("Thu gom rơm bằng máy", text) == []
    assert mentioned("Thu gom rơm bằng máy", text) == ["92"]


def test_a_last_sentence_that_tells_where_it_happened_makes_the_place_the_subject() -> None:
    text = (
        "Trinh sát bắt hai thanh niên vừa giật điện thoại của một du khách. Cả hai đã nhận tội. "
        "Vụ việc xảy ra chiều 27/6 ở TP.HCM."
    )
    assert about("Bắt hai kẻ cướp giật", text) == ["79"]


def test_flights_diverted_elsewhere_do_not_make_those_airports_the_subject() -> None:
    text = (
        "Tầm nhìn tại sân bay Vinh, Nghệ An có lúc chỉ còn 150 m khiến bảy chuyến bay phải chuyển hướng về "
        "Thọ Xuân (Thanh Hóa) và Nội Bài (Hà Nội)."
    )
    title = "Sương mù dày, sân bay Vinh phải chuyển hướng bảy chuyến bay"
    assert about(title, text) == ["40"]
    assert sorted(mentioned(title, text)) == ["01", "38"]


def test_temperatures_of_other_provinces_behind_the_struck_ones_are_only_mentioned() -> None:
    text = (
        "Frost covered grass across the highlands of Lai Chau and Son La at dawn. It will stay for two days. "
        "In Hanoi the morning low was 11 degrees."
    )
    assert sorted(about("Frost whitens two provinces", text, lang="en")) == ["12", "14"]


@pytest.mark.parametrize(
    ("title", "body", "lang", "codes"),
    [
        ("Fruit pickers cheated", "Now 140 villagers from Ha Tinh are out of pocket.", "en", ["42"]),
        (
            "Nữ đô vật Cao Bằng và đôi giày mượn",
            "Hoàng Thị Slao, 20 tuổi, lớn lên ở Bảo Lạc, Cao Bằng, giành huy chương bạc.",
            "vi",
            ["04"],
        ),
        (
            "Cụ ông Quy Nhơn lập kỷ lục",
            "Ông Trương Hữu Đức, 79 tuổi, ở Quy Nhơn, có 12.146 vỏ.",
            "vi",
            ["52"],
        ),
        ("Hai vạn suất cơm chay", "Bếp ăn Trai đường Tòa Thánh Tây Ninh bắc 60 chảo lớn.", "vi", ["80"]),
        ("Nghề thêu Ninh Hải vào áo dài", "Thợ thêu Ninh Hải, tỉnh Ninh Bình nay bận rộn.", "vi", ["37"]),
    ],
)
def test_people_and_houses_of_a_place_are_told_from_names_and_roads(
    title: str, body: str, lang: str, codes: list[str]
) -> None:
    assert about(title, body, lang=lang) == codes
