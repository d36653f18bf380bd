"""Words that are others without their tones: what headlines are read to say, and what becomes of stories."""

from __future__ import annotations

import pytest

from models.story import Relation
from pipeline.stories.editions import editions_in
from pipeline.stories.features import features_of
from pipeline.stories.kinds import Kind
from pipeline.stories.numbers import numbers_in
from pipeline.stories.relations import standings
from pipeline.stories.terms import load_terms
from pipeline.vietnamese import strip_marks
from tests.pipeline.stories.documents import CONFIG, doc
from tests.support.tables import new_grouper

TERMS = load_terms(CONFIG / "terms.tsv")
FLOODED = (
    "Nước tràn qua đê ở xã Cửa Việt lúc 3h sáng, làm ngập 320 nhà dân. Ông Trần Văn Lực, chủ tịch xã, cho "
    "biết 2.100 bộ đội đắp 1,4 km đê tạm và đưa 5.300 người lên trường học. Điện lưới bị cắt ở 38 xã."
)
STORM = (
    "Chiều nay bão suy yếu khi đi qua thủ đô. Hơn 1.200 cây xanh bị đổ, 43 điểm ngập sâu, cầu Long Biên cấm "
    "xe máy từ 15h. Công ty Thoát nước huy động 2.500 người vận hành 14 trạm bơm. Chủ tịch thành phố yêu cầu "
    "các phường di dời 640 hộ ở chung cư cũ trước 18h."
)


def kind(title: str, text: str = "Chuyện xảy ra ở một xã vùng đồi.", language: str = "vi") -> Kind:
    return features_of(doc(text, title=title, language=language), TERMS).kind


@pytest.mark.parametrize(
    "title",
    [
        "Hà Nội: 1.200 cây đổ",
        "Chủ tịch thành phố nói về thiệt hại",
        "Nơi nước ngập sâu nhất",
        "Hai người tử vong vì cây đổ",
        "Hai nước ký 10 văn kiện",
        "Doanh nghiệp nợ 5 tỷ đồng tiền lương",
        "Nổ 3 bình khí nén",
        "Xưởng gỗ phát nổ 2 lần",
        "Đốt 3 lò gạch cũ",
        "Băng 4 tên trộm sa lưới",
        "Chuyển đổi số Việt Nam",
        "Trở lại ngôi đầu bảng V-League",
        "Xuất hiện trong vòng 24 giờ",
        "Trúng số 92 tỷ đồng",
        "Con số 500 hộ",
    ],
)
def test_what_is_no_edition_by_its_tones_is_read_as_none(title: str) -> None:
    assert kind(title).editions == frozenset()


@pytest.mark.parametrize(
    ("title", "edition"),
    [
        ("Chuyện làng đồi (kỳ 2)", ("ky", "2")),
        ("Kỳ II: Người về", ("ky", "2")),
        ("Cầu bạn đọc số 45", ("issue", "45")),
        ("Bão số 7 đổ bộ", ("issue", "7")),
        ("ĐẠI HỘI LẦN THỨ XIV", ("lan thu", "14")),
        ("Thanh Hóa thắng ở vòng 05", ("round", "5")),
        ("Quốc hội khóa XV", ("khoa", "15")),
        ("Quốc hội khoá 15", ("khoa", "15")),
        ("Hương vị tình thân tập 3", ("tap", "3")),
        ("Phần I Nguồn sinh kế", ("part", "1")),
        ("Hỗ trợ đợt 3", ("dot", "3")),
        ("Bán kết lượt về", ("leg", "2")),
        ("Festival Huế 2026", ("year", "2026")),
        ("The hill people, Part II", ("part", "2")),
        ("Issue 12 is out", ("issue", "12")),
        ("Wharf No 5 opens", ("issue", "5")),
        ("Dengue down in week 15", ("week", "15")),
    ],
)
def test_an_edition_is_read_in_either_language_and_in_roman_numerals(
    title: str, edition: tuple[str, str]
) -> None:
    language = "en" if title.isascii() and edition[0] != "year" else "vi"
    assert kind(title, language=language).editions == {edition}


def test_of_a_headline_typed_without_tones_only_editions_that_can_be_nothing_else_are_read() -> None:
    for title in (
        "Ha Noi: 3 nguoi chet",
        "Ky 10 van kien",
        "No 5 ty dong",
        "Tu vong 3 nguoi",
        "Dot 3 lo gach",
    ):
        assert editions_in(title, toneless=True) == frozenset()
    assert editions_in("Bao so 7 do bo", toneless=True) == {("issue", "7")}
    assert editions_in("Thanh Hoa thang o vong 5", toneless=True) == {("round", "5")}


@pytest.mark.parametrize(
    "headline", ["Hà Nội: 1.200 cây đổ", "Chủ tịch thành phố nói về bão", "Nơi ngập nhất"]
)
def test_a_reprint_whose_headline_names_hanoi_stands_in_the_story_of_a_numbered_storm(headline: str) -> None:
    carried = [
        doc(STORM, title="Bão số 3 quật đổ 1.200 cây xanh ở thủ đô"),
        doc(STORM, title=headline, outlet="nld", hours=1),
    ]
    first, second = new_grouper().group(carried)
    assert (second.story, second.relation) == (first.story, Relation.REPRINT)


@pytest.mark.parametrize(
    "text",
    [
        FLOODED,
        FLOODED.replace("Nước tràn", "Sét đánh gãy cột, nước tràn"),
        FLOODED.replace("Nước tràn", "Sau trận lũ, nước tràn"),
        FLOODED.replace("chủ tịch xã", "chủ tịch Mặt trận xã"),
        FLOODED.replace("chủ tịch xã", "chủ tịch Hiệp hội Nghề cá"),
        strip_marks(FLOODED),
    ],
)
def test_the_force_of_the_wind_in_a_report_on_a_flood_is_no_score(text: str) -> None:
    title = "Đê vỡ, gió cấp 7-8"
    assert kind(title if text != strip_marks(text) else strip_marks(title), text).scores == frozenset()


@pytest.mark.parametrize("text", ["Trận đấu có ba bàn thắng.", "Hiệp hai chủ nhà dẫn trước.", "Bong da nam"])
def test_the_score_of_a_match_is_read(text: str) -> None:
    assert kind("Viettel 2-1 Sabah", text).scores == {"1-2"}


def test_a_contract_that_reaches_a_sum_is_no_earthquake() -> None:
    assert kind("Hợp đồng đạt 1,2 tỷ USD").magnitudes == frozenset()
    assert kind("Hop dong dat 1,2 ty USD", "Hai ben ky tai Ha Noi.").magnitudes == frozenset()
    assert kind("Động đất 3,9 độ tại Măng Đen").magnitudes == {"3.9"}
    assert kind("Dong dat 3,9 do tai Mang Den", "Nguoi dan chay ra san.").magnitudes == {"3.9"}


@pytest.mark.parametrize(
    "title", ["Bắt nhóm làm giả vàng", "Gia đình được hỗ trợ giá lớn", "Nhịn lại cơn đói"]
)
def test_words_that_are_a_series_or_a_round_up_with_other_tones_make_none(title: str) -> None:
    found = kind(title)
    assert (found.series, found.round_up) == ("", False)


def test_a_document_or_a_bank_behind_a_number_does_not_multiply_it() -> None:
    assert numbers_in("ký 12 văn kiện với 15 ngân hàng", "vi") == ["#12", "#15"]
    assert numbers_in("ky 12 van kien voi 15 ngan hang", "vi", toneless=True) == ["#12", "#15"]
    assert numbers_in("12 vạn người, 15 ngàn xe, 2 tỉ đồng", "vi") == ["#120000", "#15000", "#2000000000"]


@pytest.mark.parametrize(
    ("title", "relation"),
    [("Sau vụ cây đổ ở thủ đô", Relation.FOLLOW_UP), ("Sáu vụ cây đổ ở thủ đô", Relation.INDEPENDENT)],
)
def test_six_accidents_in_a_headline_do_not_say_that_an_event_goes_on(title: str, relation: Relation) -> None:
    first = features_of(doc(STORM, title="Bão quật đổ 1.200 cây xanh"), TERMS)
    text = "Có 57 ô tô bẹp nóc, 31 cột điện gãy, thiệt hại 112 tỷ đồng."
    later = features_of(doc(text, title=title, outlet="nld", hours=10), TERMS)
    assert standings([0, 1], {0: first, 1: later}, {})[1].relation is relation
