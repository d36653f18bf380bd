"""What looks like one event and is not: each family of look-alikes."""

from __future__ import annotations

import pytest

from models.story import StoryDocument
from pipeline.stories.features import features_of
from pipeline.stories.similarity import containment
from pipeline.stories.terms import load_terms
from pipeline.stories.vetoes import veto
from tests.pipeline.stories.documents import CONFIG, doc

TERMS = load_terms(CONFIG / "terms.tsv")


def said(a: StoryDocument, b: StoryDocument) -> str:
    one, two = features_of(a, TERMS), features_of(b, TERMS)
    assert veto(one, two, containment(one, two)) == veto(two, one, containment(two, one))
    return veto(one, two, containment(one, two))


def test_the_price_of_another_day_is_another_instalment() -> None:
    today = doc("Sáng 8/4, vàng SJC 156 triệu đồng.", title="Giá vàng hôm nay 8/4: Tăng nhẹ")
    tomorrow = doc("Sáng 9/4, vàng SJC 155 triệu đồng.", title="Giá vàng hôm nay 9/4: Giảm nhẹ", hours=24)
    assert said(today, tomorrow) == "series"


def test_two_outlets_on_the_price_of_one_day_are_not_kept_apart() -> None:
    one = doc("Sáng 8/4, vàng SJC 156 triệu đồng.", title="Giá vàng hôm nay 8/4: Tăng nhẹ")
    two = doc("Vàng miếng 156 triệu đồng ngày 8/4.", title="Giá vàng tăng", outlet="nld", hours=20)
    assert said(one, two) == ""


def test_a_bulletin_of_another_week_is_another_instalment() -> None:
    one = doc("Trong tuần từ 3 đến 9/4, mặn cao.", title="Bản tin xâm nhập mặn tuần từ 3 đến 9/4")
    two = doc(
        "Trong tuần từ 10 đến 16/4, mặn giảm.", title="Bản tin xâm nhập mặn tuần từ 10 đến 16/4", hours=90
    )
    assert said(one, two) == "series"


def test_weeks_by_number_differ_in_either_language() -> None:
    one = doc("412 ca", title="Số ca sốt xuất huyết tuần 14 tăng")
    two = doc("396 cases", title="Dengue cases down in week 15", language="en", hours=90)
    assert said(one, two) == "edition"


def test_a_series_is_apart_from_news_on_another_subject() -> None:
    prices = doc("Pepper in Dak Lak", title="Pepper prices on April 8", language="en")
    crash = doc("Two people died in Dak Lak", title="Bus plunge kills two in Dak Lak", language="en")
    assert said(prices, crash) == "series"


def test_series_about_other_things_on_one_day_differ() -> None:
    weather = doc("Ngày 8/4, Hà Nội 31 độ.", title="Thời tiết ngày 8/4: Bắc Bộ hửng nắng")
    lottery = doc("Tối 8/4, quay số tại Hà Nội.", title="Kết quả xổ số Vietlott ngày 8/4", hours=8)
    assert said(weather, lottery) == "series"


def test_what_a_central_bank_decides_on_its_rates_is_no_series() -> None:
    vietnamese = doc("ECB giữ lãi suất ở mức 2,15%.", title="ECB giữ nguyên lãi suất", hours=15)
    english = doc("The rate stays at 2.15% on Tuesday.", title="ECB holds rates steady", language="en")
    assert said(vietnamese, english) == ""
    table = [
        doc(f"Ngày {day}/4, kỳ hạn 12 tháng.", title=f"Lãi suất ngân hàng hôm nay {day}/4", hours=day * 24)
        for day in (8, 9)
    ]
    assert said(*table) == "series"


def test_rounds_of_a_league_differ() -> None:
    one = doc("Trận đấu thắng 2-1.", title="Viettel thắng ở vòng 20 V-League")
    two = doc("Trận đấu thắng 3-0.", title="Viettel thắng ở vòng 21 V-League", hours=90)
    assert said(one, two) == "edition"


def test_the_legs_of_a_tie_differ() -> None:
    one = doc("Bàn thắng phút 66.", title="Bán kết lượt đi: Ninh Bình thắng")
    two = doc("Two goals.", title="Hanoi win second leg of semi-final", language="en", hours=90)
    assert said(one, two) == "edition"


def test_matches_with_other_scores_differ() -> None:
    one = doc("Ba bàn trong trận đấu.", title="Viettel thắng Thanh Hóa 3-0")
    two = doc("Hai bàn trong trận đấu.", title="Viettel thắng Hà Tĩnh 2-1", hours=90)
    assert said(one, two) == "match"


def test_years_of_a_festival_differ_but_years_of_a_plan_do_not() -> None:
    festival = [
        doc("Lễ hội khai mạc bên sông.", title=f"Khai mạc Lễ hội Hoa Ban {year}", hours=year % 2)
        for year in (2025, 2026)
    ]
    assert said(*festival) == "edition"
    plan = [
        doc("Nhà máy ở Bắc Ninh.", title=f"Nhà máy chạy thử năm {year}", hours=year % 2)
        for year in (2026, 2027)
    ]
    assert said(*plan) == ""


def test_earthquakes_of_another_magnitude_or_minute_differ() -> None:
    first = doc("Lúc 6 giờ 12 phút ngày 8/4 tại Măng Đen.", title="Động đất 3,9 độ tại Măng Đen")
    stronger = doc(
        "It struck Mang Den at 2:35pm.", title="4.2-magnitude quake hits Mang Den", language="en", hours=3
    )
    again = doc("Lúc 14 giờ 35 phút ngày 8/4 tại Măng Đen.", title="Động đất 3,9 độ tại Măng Đen", hours=3)
    assert said(first, stronger) == "earthquake"
    assert said(first, again) == "earthquake"


def test_earthquakes_of_another_part_of_the_day_differ_where_no_magnitude_is_told() -> None:
    noon = doc("Người dân chạy ra sân.", title="Trưa nay lại rung chấn ở Măng Đen")
    afternoon = doc("Người dân chạy ra sân.", title="Chiều nay lại rung chấn ở Măng Đen", hours=4)
    measured = doc("Lúc 11h52 ngày 8/4 tại Măng Đen.", title="Động đất 4,1 độ ở Măng Đen")
    assert said(noon, afternoon) == said(measured, afternoon) == "earthquake"
    assert said(noon, measured) == ""


def test_a_round_up_is_not_the_event_it_mentions() -> None:
    event = doc("Lũ quét cuốn trôi 9 ngôi nhà.", title="Lũ quét ở Điện Biên")
    brief = doc(
        "Lũ quét cuốn trôi 9 nhà. Giá xăng giảm.", title="Điểm tin tối 8/4: Lũ quét ở Điện Biên", hours=3
    )
    assert said(event, brief) == "round-up"


TEMPLATE = (
    "Sáng 8/4, tại xã biên giới {0}, Ủy ban nhân dân tỉnh {1} khởi công trường nội trú liên cấp {0}. "
    "Trường có {2} phòng học, nhà ăn và sân thể thao, tổng mức đầu tư {3} tỷ đồng. Dự kiến công "
    "trình hoàn thành trước "
    "năm học mới."
)


def test_texts_from_one_template_with_other_names_and_figures_differ() -> None:
    one = doc(TEMPLATE.format("Lóng Sập", "Sơn La", 36, 214), title="Sơn La khởi công trường nội trú")
    two = doc(
        TEMPLATE.format("Na Ngoi", "Nghệ An", 40, 236), title="Nghệ An khởi công trường nội trú", hours=1
    )
    assert said(one, two) == "template"


def test_a_cut_reprint_with_another_headline_is_no_template() -> None:
    text = TEMPLATE.format("Lóng Sập", "Sơn La", 36, 214)
    one = doc(text, title="Sơn La khởi công trường nội trú")
    two = doc(text.rsplit(". ", 1)[0], title="36 phòng học cho trẻ em vùng biên", outlet="nhandan", hours=1)
    assert said(one, two) == ""


def test_releases_that_share_only_their_standing_text_differ() -> None:
    about = (
        "Nam Hai Retail is a chain of convenience stores founded in 2011 with 684 stores and 5,200 "
        "staff in 19 provinces."
    )
    one = doc(
        f"Nam Hai Retail has opened a chilled hub of 24,000 square metres.\n{about}",
        title="Hub",
        language="en",
    )
    two = doc(
        f"The firm gives 120 scholarships to its young workers.\n{about}",
        title="Fund",
        language="en",
        hours=9,
    )
    assert said(one, two) == "boilerplate"


BODY = (
    (
        "Trại đặt bên hồ Ea Nhái, rộng 14 ha, nuôi 6.200 con dê sữa giống Saanen nhập từ Hà Lan, mỗi ngày "
        "cho chừng 9 tấn sữa. Xưởng chế biến làm phô mai, sữa chua và sữa thanh trùng, dùng điện từ mái nhà."
    ),
    (
        "Ông Phan Quang Hiển, giám đốc hợp tác xã, nói 118 hộ quanh hồ trồng cỏ và bắp bán cho trại theo giá "
        "ký trước một năm. Nhà nào cũng có sổ ghi từng chuyến xe, cuối tháng nhận tiền một lần."
    ),
    (
        "Trạm thú y xã cử hai người ở lại trại trong sáu tháng đầu. Đàn dê được tiêm phòng trước khi về và "
        "cách ly ba tuần; nước thải qua bốn bể lắng rồi mới tưới cho đồng cỏ phía sau."
    ),
)


@pytest.mark.parametrize("paragraphs", [1, 2, 3])
def test_a_report_carried_under_another_headline_and_first_paragraph_is_no_standing_text(
    paragraphs: int,
) -> None:
    first = doc(
        "\n".join(("Sáng 8/4, trại dê sữa lớn nhất Đắk Lắk mở cửa ở xã Ea Nhái.", *BODY[:paragraphs])),
        title="Đắk Lắk mở trại dê sữa 6.200 con",
    )
    second = doc(
        "\n".join(("Vùng cao nguyên có thêm một nghề mới cho người trồng cỏ.", *BODY[:paragraphs])),
        title="Bên hồ có nghề mới",
        outlet="nhandan",
        hours=2,
    )
    assert said(first, second) == ""


def test_a_paragraph_that_ends_reports_on_two_events_and_is_a_small_part_of_them_is_standing_text() -> None:
    closing = "Quỹ Hạt Giống tặng sách cho trẻ em vùng cao từ nhiều năm nay, bạn đọc có thể góp sách cũ."
    one = doc(f"{BODY[0]} {BODY[1]}\n{BODY[2]}\n{closing}", title="Trại dê")
    two = doc(
        "Đội ghe ngo của chùa Som Rong về nhất sau ba lượt bơi trên sông Maspero, trước hàng nghìn người xem."
        " Ghe làm từ một thân gỗ sao dài hai mươi bảy mét, năm mươi tay chèo đều là người trong phum.\n"
        f"Đội về nhì đến từ Vĩnh Châu, kém nửa thân ghe.\n{closing}",
        title="Đua ghe ngo",
        hours=3,
    )
    assert said(one, two) == "boilerplate"


CARRIED = "\n".join(BODY)
QUAKE_REGION = (
    "Viện Vật lý Địa cầu cho biết khu vực này thường có rung chấn nhẹ do hồ chứa tích nước, người dân cần "
    "bình tĩnh, ra khỏi nhà khi đất rung, tránh xa cột điện và tường cũ, không tin lời đồn trên mạng xã hội."
)


@pytest.mark.parametrize(
    ("headline", "other"),
    [
        ("Trại dê mở cửa năm 2026 tại lễ hội", "Lễ hội bên hồ hướng tới năm 2030"),
        ("Kỳ 2: Người nuôi dê", "Kỳ 3: Người trồng cỏ"),
        ("Nghị quyết số 12 về tới hồ Ea Nhái", "Trại số 4 bên hồ Ea Nhái"),
        ("Giá sữa và giá heo bên hồ", "Bên hồ có nghề mới"),
        ("Cup dê sữa: đội chủ nhà thắng 3-1", "Trận chung kết bên hồ: 2-2"),
    ],
)
def test_a_copy_of_a_text_is_not_kept_apart_by_the_headline_that_another_outlet_gave_it(
    headline: str, other: str
) -> None:
    carried = f"Lễ hội bên hồ. {CARRIED}"
    assert said(doc(carried, title=headline), doc(carried, title=other, outlet="nld", hours=20)) == ""


def test_a_text_with_other_figures_is_no_copy_and_its_headline_counts() -> None:
    one = doc(CARRIED, title="Kỳ 2: Người nuôi dê")
    two = doc(CARRIED.replace("118 hộ", "119 hộ").replace("14 ha", "15 ha"), title="Kỳ 3: Người trồng cỏ")
    assert said(one, two) == "edition"


def test_a_price_that_is_told_in_the_same_words_the_next_day_is_another_instalment() -> None:
    days = [
        doc(CARRIED, title=f"Giá heo hôm nay {day}/4: Đi ngang", hours=24 * (day - 8), outlet=outlet)
        for day, outlet in ((8, "nld"), (9, "tuoitre"))
    ]
    assert said(*days) == "series"


def test_two_quakes_whose_reports_end_with_the_same_advice_differ() -> None:
    one = doc(
        f"Lúc 6 giờ 12 phút ngày 8/4 động đất 3,9 độ. {QUAKE_REGION}", title="Động đất 3,9 độ ở Măng Đen"
    )
    two = doc(
        f"Lúc 9 giờ 35 phút ngày 8/4 động đất 4,1 độ. {QUAKE_REGION}",
        title="Động đất 4,1 độ ở Măng Đen",
        hours=3,
    )
    assert said(one, two) == "earthquake"
