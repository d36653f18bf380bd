"""A name of ours beside a foreign country: whom a province deals with, and what bears its name abroad."""

from __future__ import annotations

import pytest

from tests.pipeline.tag.places import about, mentioned, tag


@pytest.mark.parametrize(
    "aside",
    [
        "Hợp tác Lai Châu - Nhật Bản được mở rộng.",
        "Hội đồng hương Lai Châu tại Đức ủng hộ 1 tỷ đồng.",
        "Trong số này có 3 người Trung Quốc.",
        "Đây là dự án lớn nhất Đông Nam Á.",
        "Sản phẩm bán sang Bắc Mỹ.",
    ],
)
def test_a_province_stays_ours_whatever_country_its_article_names(aside: str) -> None:
    text = f"Sáng 1/12, UBND tỉnh Lai Châu khởi công bệnh viện 500 giường. {aside}"
    assert about("Lai Châu: Khởi công bệnh viện 500 giường", text) == ["12"]


def test_a_chairman_of_the_city_beside_an_ambassador_is_no_foreign_brand() -> None:
    text = "Chiều 1/12, Chủ tịch UBND TP Hà Nội Trần Sỹ Thanh tiếp Đại sứ Mỹ. Thành phố Hà Nội muốn hợp tác."
    assert about("Chủ tịch Hà Nội tiếp Đại sứ Mỹ", text) == ["01"]
    english = "Da Nang Deputy Chairman Tran Chi Cuong received officers of the American aircraft carrier."
    assert about("Da Nang leaders receive naval officers", english, lang="en") == ["48"]


def test_districts_of_a_province_keep_its_name_from_being_that_of_a_namesake_in_china() -> None:
    text = (
        "Nghi phạm khai định đưa nạn nhân sang Trung Quốc. Công an tỉnh Lai Châu bắt người này ở huyện "
        "Sìn Hồ sau nhiều năm lẩn trốn tại huyện Phong Thổ."
    )
    assert about("Bắt nghi phạm trốn truy nã", text) == ["12"]


def test_a_chinese_city_that_bears_the_name_of_a_ward_makes_its_province_none_of_ours() -> None:
    text = "Mưa lớn ở tỉnh Hà Nam, Trung Quốc, theo Tân Hoa xã. Tại thành phố Nam Dương, mực nước lên 3 m."
    assert about("Mưa kỷ lục ở tỉnh Hà Nam, Trung Quốc", text) == []


@pytest.mark.parametrize(
    ("title", "body", "codes"),
    [
        ("Làng phở mừng tin vui", "Làng Vân Cù ở huyện Nam Trực, tỉnh Nam Định rộn ràng như hội.", ["37"]),
        (
            "UNESCO ghi danh quần thể Yên Tử - Côn Sơn, Kiếp Bạc",
            (
                "UNESCO đã ghi danh quần thể Yên Tử - Côn Sơn, Kiếp Bạc. Các điểm di sản nằm ở ba địa phương "
                "Quảng Ninh, Bắc Ninh và Hải Phòng. Ba nơi sẽ lập chung một ban quản lý."
            ),
            ["22", "31", "24"],
        ),
        (
            "Bảo Lộc mặc áo tơ tằm cho phố trà",
            "Tuần lễ trà và tơ lụa khai mạc tối 5/12 tại Bảo Lộc, tỉnh Lâm Đồng. Hai bên phố treo lụa.",
            ["68"],
        ),
        ("Dược Hậu Giang vào Philippines", "Dược Hậu Giang ký hợp đồng ba năm cung ứng thuốc ho.", []),
        (
            "Mưa lũ dâng nhanh",
            "Lũ lên nhanh trong đêm.\nTheo dõi tình hình mưa lũ, UBND tỉnh Hà Tĩnh yêu cầu sơ tán dân.",
            ["42"],
        ),
    ],
)
def test_a_name_is_read_as_far_as_it_goes_and_for_what_is_told_of_it(
    title: str, body: str, codes: list[str]
) -> None:
    assert about(title, body) == codes


def test_who_is_called_by_the_last_name_further_down_bears_the_whole_name() -> None:
    text = "Chemist Do Kien Giang has won an award for work on batteries. Dr Giang moved to Oslo in 2009."
    assert about("Chemist Do Kien Giang wins science award", text, lang="en") == []


def test_a_house_of_somebody_in_a_city_is_there_and_one_of_that_name_is_not() -> None:
    assert about("Slow coffee", "Ten people sat in his Hanoi cafe, phones switched off.", lang="en") == ["01"]
    tags, rejected = tag("Noodles abroad", "Guests queue at Hanoi Restaurant in Oslo for noodles.", lang="en")
    assert not tags
    assert [each.evidence.text for each in rejected] == ["Hanoi"]


def test_a_police_team_on_the_pitch_is_a_club() -> None:
    text = (
        "A brave Hanoi Police side lost the final on penalties after the goalkeeper saved the first kick. "
        "The match drew 32,000 fans."
    )
    assert about("Hanoi Police lose continental final on penalties", text, lang="en") == []


@pytest.mark.parametrize(
    "scene",
    [
        "tại sân bay Nội Bài (Hà Nội), Bộ Quốc phòng tổ chức lễ tiễn 63 quân nhân đi gìn giữ hòa bình.",
        (
            "Bộ Nội vụ phối hợp tổ chức hội thảo quốc gia về mở rộng diện bao phủ bảo hiểm xã hội cho lao "
            "động tự do tại một khách sạn ở Hà Nội, với 250 đại biểu."
        ),
    ],
)
def test_where_an_event_of_the_whole_country_was_held_is_only_mentioned(scene: str) -> None:
    text = f"Sáng 24/9, {scene} Chương trình kéo dài ba năm."
    assert about("Ba năm cho một chương trình", text) == []
    assert mentioned("Ba năm cho một chương trình", text) == ["01"]


def test_samples_that_went_to_a_laboratory_elsewhere_do_not_make_it_a_subject() -> None:
    text = (
        "Clam farmers in Tien Hai, on the Hung Yen coast, found their shellfish dead. "
        "Samples have gone to a laboratory in Hai Phong."
    )
    assert about("Dead clams pile up on Tien Hai mudflats", text, lang="en") == ["33"]
