"""What a long article is about and what it only names beside: background, helpers, hospitals, delegates."""

from __future__ import annotations

from tests.pipeline.tag.places import about, former, mentioned

_STORY = (
    "Cháy lớn thiêu rụi 40 ki-ốt ở chợ Hà Tiên, tỉnh An Giang lúc rạng sáng.\n"
    "Đám cháy bùng lên từ một sạp vải rồi lan nhanh vì gió. Tiểu thương chỉ kịp chạy ra ngoài.\n"
    "{aside}\n"
    "Ban quản lý chợ cho biết hệ thống chữa cháy vừa được kiểm tra tháng trước.\n"
    "Tiểu thương được bố trí bán tạm ở bến xe cũ trong lúc chờ xây lại."
)


def test_an_earlier_case_elsewhere_is_background_of_a_long_article() -> None:
    story = _STORY.format(aside="Năm ngoái, một vụ tương tự xảy ra ở chợ Biên Hòa, Đồng Nai.")
    assert about("Cháy chợ lúc rạng sáng", story) == ["91"]
    assert mentioned("Cháy chợ lúc rạng sáng", story) == ["75"]


def test_where_the_hurt_are_treated_is_only_mentioned() -> None:
    story = _STORY.format(aside="Hai người bỏng nặng được chuyển lên Bệnh viện Chợ Rẫy ở TP.HCM.")
    assert about("Cháy chợ lúc rạng sáng", story) == ["91"]
    assert mentioned("Cháy chợ lúc rạng sáng", story) == ["79"]


def test_a_place_that_three_paragraphs_tell_of_is_a_subject_though_the_head_leaves_it_out() -> None:
    story = (
        "Cháy lớn thiêu rụi 40 ki-ốt ở chợ Hà Tiên, tỉnh An Giang lúc rạng sáng hôm nay.\n"
        "Cùng lúc, chợ Ninh Kiều ở Cần Thơ cũng bốc cháy. Công an Cần Thơ điều 12 xe.\n"
        "Tại Cần Thơ, ba người bị thương nhẹ khi cứu hàng.\n"
        "Chính quyền Cần Thơ hỗ trợ mỗi sạp 10 triệu đồng."
    )
    assert about("Hai chợ cháy trong một đêm", story) == ["91", "92"]


def test_who_sends_help_after_a_flood_is_no_subject() -> None:
    body = (
        "Mưa lũ làm ngập 12.000 ngôi nhà ở Thái Nguyên. Hải Phòng gửi 40 xuồng máy và 15 tấn gạo hỗ trợ. "
        "Nước đang rút chậm."
    )
    assert about("Lũ lớn ở Thái Nguyên", body) == ["19"]
    assert mentioned("Lũ lớn ở Thái Nguyên", body) == ["31"]


def test_a_delegate_of_the_assembly_speaks_for_no_place() -> None:
    body = "Quốc hội bàn luật giáo viên. Đại biểu Lý Thị Bé (đoàn Cà Mau) đề nghị tăng phụ cấp vùng khó."
    assert about("Quốc hội thảo luận dự án luật", body) == []
    assert mentioned("Quốc hội thảo luận dự án luật", body) == ["96"]


def test_a_long_article_about_several_units_tells_former_ones_by_places_inside() -> None:
    body = (
        "Đêm qua, mưa lớn gây ngập ở Lâm Đồng và Khánh Hòa, hàng nghìn người phải chạy lũ trong đêm tối.\n"
        "Tại Phan Thiết, Lâm Đồng, nước tràn vào 600 căn nhà gần chợ.\n"
        "Ở Phan Rang, Khánh Hòa, hai cây cầu tạm bị cuốn trôi.\n"
        "Điện đã có lại ở phần lớn các phường vào buổi trưa."
    )
    assert sorted(former("Mưa lớn gây ngập hai tỉnh", body)) == ["58", "60"]


def test_a_pass_on_a_boundary_lies_in_the_unit_that_the_article_names() -> None:
    assert about("Tai nạn trên đèo Hải Vân", "Xe tải lật trên đèo Hải Vân, thành phố Huế.") == ["46"]
    assert about("Tai nạn trên đèo Hải Vân", "Xe tải lật trên đèo Hải Vân, TP Đà Nẵng.") == ["48"]


def test_english_words_that_spell_vietnamese_cues_say_nothing() -> None:
    assert about("Ten Hai Phong firms cut power use", "Ten Hai Phong firms cut power use.", lang="en") == [
        "31"
    ]


def test_a_ward_of_one_province_counts_after_a_preposition_unless_it_names_a_firm_too() -> None:
    assert about("Ba thợ mỏ mắc kẹt ở Mông Dương được cứu") == ["22"]
    assert about("Lãnh đạo mới tại Hòa Phát", "Hòa Phát bổ nhiệm tổng giám đốc. Cổ phiếu tăng.") == []


def test_guests_of_the_state_make_the_capital_a_venue_only() -> None:
    body = "The Prime Minister received the ambassador of Laos in Hanoi on Monday."
    assert mentioned("Prime Minister receives ambassador", body, lang="en") == ["01"]


_FLOOD = (
    "Lũ trên sông Cầu dâng cao làm ngập trung tâm Thái Nguyên từ đêm qua, hàng nghìn nhà chìm trong nước.\n"
    "Bộ đội dùng xuồng đưa người già ra khỏi vùng ngập. Trường học đóng cửa hết tuần.\n"
    "{more}\n"
    "Dự báo mưa giảm từ ngày mai, nước rút chậm. Ngành y tế phát thuốc khử khuẩn cho từng nhà.\n"
    "Nhiều người chưa liên lạc được với gia đình vì mất điện kéo dài. Các tổ dân phố nấu cơm chung."
)


def test_a_flood_that_a_sentence_tells_of_elsewhere_makes_that_place_a_subject() -> None:
    story = _FLOOD.format(more="Tại Bắc Ninh, hàng chục thôn ven đê bị cô lập.")
    assert about("Lũ lớn, những ngày trắng đêm", story) == ["19", "24"]


def test_prices_in_another_city_make_it_no_subject_of_a_flood() -> None:
    story = _FLOOD.format(more="Rau ở các chợ đầu mối của TP.HCM tăng giá gấp đôi trong hai ngày.")
    assert about("Lũ lớn, những ngày trắng đêm", story) == ["19"]


def test_where_a_relative_works_is_no_subject() -> None:
    story = _STORY.format(aside="Bà Lan mất cả hai sạp. Con trai bà làm công nhân tại Đồng Nai.")
    assert about("Cháy chợ lúc rạng sáng", story) == ["91"]
    assert mentioned("Cháy chợ lúc rạng sáng", story) == ["75"]


def test_where_readers_may_send_gifts_is_no_part_of_the_story() -> None:
    story = _STORY.format(aside="Hội chữ thập đỏ phát gạo cho từng nhà.") + (
        "\nBạn đọc ủng hộ xin gửi về tòa soạn, 15 Hồ Xuân Hương, Hà Nội."
    )
    assert about("Cháy chợ lúc rạng sáng", story) == ["91"]
    assert mentioned("Cháy chợ lúc rạng sáng", story) == []


def test_of_two_provinces_that_a_thing_lies_in_both_are_subjects() -> None:
    story = (
        "Kiểm lâm trực cháy suốt đêm ở rừng U Minh Hạ khi than bùn khô nứt dưới chân tràm.\n"
        "Rừng trải qua hai tỉnh Cà Mau và An Giang, ngăn nhau bởi những con kênh thẳng.\n"
        "An Giang góp tám máy bơm nổi cho đội chữa cháy chung, đặt tại Vĩnh Thuận.\n"
        "Người dân vùng đệm được nhắc không đốt ong bằng đuốc."
    )
    assert about("Rừng tràm mùa khô", story) == ["96", "91"]
