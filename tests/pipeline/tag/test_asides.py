"""What a long article tells in passing makes no subject; whoever speaks for a place is no aside."""

from __future__ import annotations

import pytest

from tests.pipeline.tag.places import about, mentioned

_ADVICE = (
    "Tiền điện tăng từ tháng sau khiến nhiều gia đình tính lại chi tiêu. Các chuyên gia khuyên thay đèn cũ, "
    "đặt máy lạnh ở 26 độ và rút sạc khi không dùng. Giá bán lẻ bình quân sẽ cao hơn gần 5%, áp dụng cho "
    "mọi bậc thang, trừ các hộ thuộc diện được hỗ trợ theo quy định hiện hành của Chính phủ.\n"
    "{aside}\n"
    "Theo các nhà bán lẻ, doanh số quạt và đèn tiết kiệm điện đã tăng gấp rưỡi so với tháng trước."
)
TITLE = "Tiền điện tăng, nhà nhà tìm cách tiết kiệm"


@pytest.mark.parametrize(
    "aside",
    [
        "Chị Trần Lam (quận Cầu Giấy, Hà Nội) cho biết hóa đơn của gia đình đã lên hai triệu đồng.",
        "Bích Ngọc, nhân viên một ngân hàng tại Hà Nội, chia sẻ cô đã thay hết bóng đèn.",
        "Bà Hà, phó giám đốc một công ty bán lẻ (quận Cầu Giấy, Hà Nội), cho rằng sức mua sẽ giảm.",
        "Ông Nam từng giữ chức Phó Chủ tịch UBND thành phố Hà Nội, nay tư vấn về năng lượng.",
        "Cử tri huyện Đông Anh (Hà Nội) đề nghị lùi thời điểm tăng giá.",
        "Địa chỉ: số 5 phố Huế, quận Hai Bà Trưng, Hà Nội.",
        "Bệnh nhân V.H.V (Hà Nội) kể phải dùng máy thở suốt ngày đêm.",
    ],
)
def test_homes_offices_voters_and_addresses_are_only_mentioned(aside: str) -> None:
    body = _ADVICE.format(aside=aside)
    assert about(TITLE, body) == []
    assert mentioned(TITLE, body) == ["01"]


@pytest.mark.parametrize(
    "told",
    [
        "Chủ tịch UBND thành phố Hà Nội cho biết hai triệu hộ trên địa bàn sẽ được giảm một phần.",
        "Công an thành phố Hà Nội bắt ba người câu trộm điện. Công an Hà Nội đang mở rộng vụ án.",
    ],
)
def test_authorities_that_act_make_a_subject(told: str) -> None:
    assert about(TITLE, _ADVICE.format(aside=told)) == ["01"]


def test_the_second_house_of_a_hospital_is_where_it_was_built() -> None:
    title = "Bệnh viện Bạch Mai cơ sở 2 sắp mở cửa"
    body = "Bệnh viện Bạch Mai cơ sở 2 tại Phủ Lý, tỉnh Hà Nam, sẽ đón người bệnh từ tháng 11."
    assert about(title, body) == ["37"]
    assert mentioned(title, body) == []


def test_ships_of_the_navy_bear_names_of_provinces_in_titles_too() -> None:
    title = "Tàu ngầm Hải Phòng và Đà Nẵng trở về Cam Ranh"
    body = "Hai tàu ngầm HQ-184 Hải Phòng và HQ-186 Đà Nẵng vừa về quân cảng Cam Ranh, Khánh Hòa."
    assert about(title, body) == ["56"]
    assert mentioned(title, body) == []


def test_the_capital_of_another_country_is_not_ours() -> None:
    body = "Mưa lớn làm ngập thủ đô Viêng Chăn (Lào). Chính quyền Thủ đô cho học sinh nghỉ hai ngày."
    assert about("Ngập lụt ở thủ đô Viêng Chăn", body) == []
    named = "Đoàn Hà Nội thăm thủ đô Viêng Chăn. Lãnh đạo Thủ đô trao học bổng cho sinh viên hai nước."
    assert about("Hà Nội trao học bổng cho sinh viên Lào", named) == ["01"]


def test_words_that_the_text_writes_small_are_no_name_in_a_title() -> None:
    body = "Long an afterthought for planners, night buses are drawing young workers."
    assert about("Long An Afterthought, Night Buses Win", body) == []
    body = "Long An night buses are drawing young workers of the province."
    assert about("Long An Night Buses Win", body) == ["80"]
