"""Where something was announced, signed or shown: the scene of the news, or only the stage of an event."""

from __future__ import annotations

import pytest

from tests.pipeline.tag.places import about, mentioned

_SCENES = [
    ("en", "Police announced the arrest of 12 drug dealers in Hai Phong.", "31"),
    ("en", "The ministry announced an outbreak of bird flu in Can Tho.", "92"),
    ("en", "Rocket launch debris was found in Ca Mau.", "96"),
    ("en", "A reception desk clerk in Quang Ninh found a lost purse.", "22"),
    ("en", "The firm unveiled a statue of a whale in Ca Mau.", "96"),
    ("en", "The group signed a contract to grow 500 hectares of acacia in Quang Tri.", "44"),
    ("en", "Divers announced the discovery of a sunken ship in Khanh Hoa.", "56"),
    ("en", "A teacher presented bicycles to orphans in Dien Bien.", "11"),
    ("en", "A road sign in Lai Chau fell on a lorry.", "12"),
    ("vi", "Viện kiểm sát công bố cáo trạng vụ giết người ở Đắk Lắk.", "66"),
    ("vi", "Công ty ký hợp đồng trồng 500 ha rừng keo ở Quảng Trị.", "44"),
    ("vi", "Ra mắt tổ công nghệ số cộng đồng ở Quảng Ngãi.", "51"),
    ("vi", "Giới thiệu mô hình nuôi hàu ở Quảng Ninh.", "22"),
    ("vi", "Bộ Y tế công bố ổ bạch hầu mới ở Lai Châu.", "12"),
    ("vi", "Công an công bố kết quả điều tra vụ cháy nhà trọ ở Thái Nguyên.", "19"),
    ("vi", "Nhà khoa học công bố loài lan mới ở Lâm Đồng.", "68"),
]
_STAGES = [
    ("en", "Vietnam and Japan signed an agreement in Da Nang.", "48"),
    ("en", "The airline announced its annual results in Da Nang.", "48"),
    ("en", "A press conference on the national census took place in Hai Phong.", "31"),
    ("en", "Ministers held a signing ceremony in Can Tho for a free trade pact.", "92"),
    ("en", "The company unveiled its new electric car in Da Nang.", "48"),
    ("en", "The central bank announced new rules in Hanoi.", "01"),
    ("vi", "Việt Nam và Lào ký thỏa thuận hợp tác ở Đà Nẵng.", "48"),
    ("vi", "Hai bộ ký biên bản ghi nhớ tại Hà Nội.", "01"),
    ("vi", "Hãng xe ra mắt mẫu xe điện mới tại Đà Nẵng.", "48"),
    ("vi", "Nhà văn ra mắt tập thơ mới ở Huế.", "46"),
    ("vi", "Ca sĩ giới thiệu ca khúc về thời sinh viên tại Cần Thơ.", "92"),
    ("vi", "Lễ ký kết hợp tác giữa hai trường đại học diễn ra ở Cần Thơ.", "92"),
]


@pytest.mark.parametrize(("lang", "text", "code"), _SCENES)
def test_what_was_announced_of_the_only_place_is_there(lang: str, text: str, code: str) -> None:
    assert about("", text, lang=lang) == [code]


@pytest.mark.parametrize(("lang", "text", "code"), _STAGES)
def test_papers_and_goods_are_bound_to_no_place(lang: str, text: str, code: str) -> None:
    assert about("", text, lang=lang) == []
    assert mentioned("", text, lang=lang) == [code]


@pytest.mark.parametrize(
    ("lang", "title", "text"),
    [
        ("vi", "Nghệ An mời gọi đầu tư", "Nghệ An vừa công bố danh mục ưu tiên tại Đà Nẵng."),
        ("vi", "Nghệ An làm điện gió", "Tỉnh Nghệ An ký thỏa thuận mua tua bin tại Đà Nẵng."),
        ("en", "Nghe An courts investors", "Nghe An presented its list of priorities in Da Nang."),
        ("en", "Nghe An to get wind turbines", "Nghe An signed a deal for 40 turbines in Da Nang."),
    ],
)
def test_beside_another_place_the_town_was_only_the_stage(lang: str, title: str, text: str) -> None:
    assert about(title, text, lang=lang) == ["40"]
    assert mentioned(title, text, lang=lang) == ["48"]


@pytest.mark.parametrize(
    ("lang", "text", "code"),
    [
        ("vi", "Chuyên gia 20 nước trao đổi về an ninh mạng tại Quy Nhơn.", "52"),
        ("vi", "Chuyên gia mười nền kinh tế gặp nhau tại Quy Nhơn để bàn về thương mại số.", "52"),
        ("en", "Experts from seven countries discussed digital trade in Hai Phong this week.", "31"),
        ("en", "Officials of ten economies discussed digital trade in Hai Phong this week.", "31"),
    ],
)
def test_those_who_come_from_several_nations_only_meet_there(lang: str, text: str, code: str) -> None:
    assert about("", text, lang=lang) == []
    assert mentioned("", text, lang=lang) == [code]


def test_a_market_day_is_of_its_own_place() -> None:
    text = "Hơn 400 con trâu được đưa tới phiên chợ cuối năm ở Nghi Sơn, Thanh Hóa."
    assert about("Chợ trâu họp phiên cuối năm", text) == ["38"]


@pytest.mark.parametrize("start", ["(Đà Nẵng, ngày 6/10) –", "(Đà Nẵng, 6/10)", "(Đà Nẵng) -"])
def test_a_place_in_brackets_before_a_text_is_a_dateline(start: str) -> None:
    text = f"{start} Cục Kiểm lâm cho biết đám cháy rừng ở Nghệ An đã tắt. Không ai bị thương."
    assert about("Tắt đám cháy rừng thông", text) == ["40"]
    assert mentioned("Tắt đám cháy rừng thông", text) == ["48"]


@pytest.mark.parametrize(
    "text",
    [
        "Nghệ nhân Cao Lãnh làm mô hình tháp Bà Ponagar từ vỏ dừa trong ba năm.",
        "Nghệ nhân Cao Lãnh không muốn nơi đây thành một Đà Lạt thứ hai.",
    ],
)
def test_a_likeness_of_another_sight_is_not_where_things_happen(text: str) -> None:
    assert about("Chuyện nghề ở Cao Lãnh", text) == ["82"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A grower in Moc Chau has clipped his tea into a copy of the Ngo Mon gate in Hue.", "46"),
        ("Hoteliers in Moc Chau no longer want a second Da Lat.", "68"),
    ],
)
def test_a_sight_that_is_copied_is_only_mentioned(text: str, code: str) -> None:
    assert about("Moc Chau goes its own way", text, lang="en") == ["14"]
    assert mentioned("Moc Chau goes its own way", text, lang="en") == [code]


def test_a_year_of_war_and_a_foreign_fund_make_no_history_of_todays_province() -> None:
    text = "Quảng Trị trồng 500 ha rừng trên những quả đồi bị bom cày năm 1972. Một quỹ của Đức tài trợ."
    assert about("Quảng Trị trồng rừng trên đồi bom", text) == ["44"]
    text = "Hà Nội bắt đầu cải tạo khu nhà xây từ năm 1960. Ông Đức cho biết có nhiều biện pháp giữ cây."
    assert about("Hà Nội cải tạo khu tập thể cũ", text) == ["01"]


@pytest.mark.parametrize("word", ["nhiều biện pháp", "Pháp luật cho phép", "ông Lê Minh Đức", "xã Mỹ Đức"])
def test_a_syllable_of_another_word_sets_no_article_abroad(word: str) -> None:
    text = f"Vải Lục Ngạn chín sớm, {word} nên giá tăng. Mã vùng trồng được cấp mới. Thương lái đặt cọc."
    assert about("Vải Lục Ngạn được giá", text) == ["24"]


def test_a_product_at_a_shop_abroad_names_no_place() -> None:
    assert about("Vải Lục Ngạn lên kệ", "Ở Pháp, vải Lục Ngạn lên kệ một chuỗi siêu thị.") == []


@pytest.mark.parametrize("people", ["Trẻ em", "Bà con", "Cô giáo", "Bác sĩ", "Già làng", "Nữ sinh"])
def test_people_of_a_province_are_told_from_a_person_of_its_name(people: str) -> None:
    text = "được tặng sách. Thư viện mở cửa cả tuần."
    assert about(f"{people} Lạng Sơn nhận sách", f"{people} Lạng Sơn {text}") == ["20"]
    assert about(f"{people} Trần Hà Giang nhận sách", f"{people} Trần Hà Giang {text}") == []


def test_goals_and_visitors_are_no_game() -> None:
    text = "Khanh Hoa set goals for growth. It wants six million visitors. Leaders met investors."
    assert about("Khanh Hoa sets goals for growth", text, lang="en") == ["56"]


def test_the_town_that_bears_the_name_of_its_province_is_in_it() -> None:
    text = "Kon Tum Town is restoring its wooden church. Carpenters use old joints."
    assert about("Kon Tum Town restores wooden church", text, lang="en") == ["51"]


def test_what_is_compared_at_the_start_of_a_sentence_is_not_its_subject() -> None:
    text = "Giống như Hà Nội, Ninh Bình thu phí rác theo cân. Hộ nghèo được miễn."
    assert about("Giống như Hà Nội, Ninh Bình thu phí rác", text) == ["37"]
    assert mentioned("Giống như Hà Nội, Ninh Bình thu phí rác", text) == ["01"]
