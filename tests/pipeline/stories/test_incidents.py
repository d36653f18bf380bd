"""Incidents of one day are told apart by where and when they were, trials by the offence; what a storm
does is one event."""

from __future__ import annotations

from itertools import combinations

from models.story import StoryDocument
from pipeline.stories.features import features_of
from pipeline.stories.scenes import NOWHERE
from pipeline.stories.terms import load_terms
from tests.pipeline.stories.documents import CONFIG, by_story, doc
from tests.support.tables import new_grouper

TERMS = load_terms(CONFIG / "terms.tsv")
LAM_DONG, CA_MAU = ("vn34:68",), ("vn34:96",)


def stories(*documents: StoryDocument) -> int:
    return len(by_story(new_grouper().group(documents)))


HCM_CITY = ("vn34:79",)
DAWN = doc(
    "Lửa thiêu xưởng gỗ ép rộng 1.400 m2 ở phường Linh Chiểu, TP.HCM rạng sáng 8/4.\nĐám cháy bùng lên "
    "lúc 2h30 tại xưởng "
    "của Công ty Mộc An. Phòng Cảnh sát PCCC Công an TP.HCM điều 14 xe chữa cháy.\nĐám cháy được khống "
    "chế sau ba giờ.",
    title="Cháy xưởng gỗ ép ở TP.HCM, ba công nhân được cứu",
    lead="Lửa thiêu xưởng gỗ ép rộng 1.400 m2 ở phường Linh Chiểu, TP.HCM rạng sáng 8/4.",
    provinces=HCM_CITY,
)
NOON = doc(
    "Kho giày rộng 900 m2 ở phường Phú Định, TP.HCM bốc cháy trưa 8/4, ba công nhân được cứu.\nKhoảng "
    "12h, kho giày "
    "trên đường Lưu Hữu Phước bốc cháy. Ba người mắc kẹt được Phòng Cảnh sát PCCC Công an TP.HCM đưa "
    "xuống bằng xe "
    "thang; hơn một giờ sau lửa tắt.",
    title="Cháy kho giày ở TP.HCM, ba công nhân được cứu",
    lead="Kho giày rộng 900 m2 ở phường Phú Định, TP.HCM bốc cháy trưa 8/4, ba công nhân được cứu.",
    provinces=HCM_CITY,
    hours=9,
)


def test_two_fires_of_one_day_in_one_city_are_two_stories_told_by_ward_and_hour() -> None:
    assert stories(DAWN, NOON) == 2


def test_two_reports_on_one_fire_are_one_story() -> None:
    other = doc(
        "Khoảng 2 giờ 40, người dân phường Linh Chiểu thấy khói bốc lên từ xưởng gỗ của Công ty Mộc An. "
        "Lửa cháy lan "
        "1.400 m2, cảnh sát chữa cháy TP.HCM dập lửa đến gần sáng.",
        title="Xưởng gỗ ở Linh Chiểu cháy rụi rạng sáng",
        outlet="nld",
        provinces=HCM_CITY,
        hours=3,
    )
    assert stories(DAWN, other) == 1


def test_poisonings_in_two_provinces_are_two_stories_even_where_the_numbers_are_the_same() -> None:
    tourists = doc(
        "Các du khách đau bụng, nôn ói sau khi ăn tại quán Suối Mơ, Bảo Lộc.\nSở Y tế Lâm Đồng cho biết "
        "64 người trong "
        "đoàn từ Cà Mau nhập viện chiều 8/4. Quán bị đình chỉ.",
        title="64 du khách nghi ngộ độc sau bữa trưa ở Bảo Lộc",
        provinces=LAM_DONG,
        mentioned=CA_MAU,
    )
    workers = doc(
        "Các công nhân đau bụng, nôn ói sau khi ăn tại bếp ăn Công ty Tôm Đất Mũi.\nSở Y tế Cà Mau cho "
        "biết 64 người "
        "nhập viện chiều 8/4. Bếp ăn bị đình chỉ.",
        title="64 công nhân nghi ngộ độc sau bữa trưa ở Năm Căn",
        provinces=CA_MAU,
        hours=4,
    )
    assert stories(tourists, workers) == 2


def test_the_toll_of_a_day_later_stays_in_the_story_of_its_poisoning() -> None:
    first = doc(
        "Các thực khách đau bụng sau khi ăn ở quán Suối Mơ, phường 2 Bảo Lộc.\nSở Y tế Lâm Đồng cho "
        "biết 64 người "
        "nhập viện chiều 8/4. Quán bị đình chỉ.",
        title="64 thực khách nghi ngộ độc ở Bảo Lộc",
        provinces=LAM_DONG,
    )
    later = doc(
        "Nguyên nhân nghi do món nộm.\nĐến chiều 9/4 đã có 83 khách của quán Suối Mơ vào viện, 51 người "
        "xuất viện.",
        title="Vụ ngộ độc ở Bảo Lộc: số người nhập viện tăng lên 83",
        outlet="nld",
        provinces=LAM_DONG,
        hours=25,
    )
    assert stories(first, later) == 1


def a_verdict(who: str, trade: str, offence: str, how: str, hours: float = 0) -> StoryDocument:
    lead = f"Ngày 8/4, TAND TP Hà Nội tuyên phạt {who}, cựu giám đốc {trade}, 12 năm tù về tội {offence}."
    title = f"TAND TP Hà Nội tuyên phạt cựu giám đốc {trade} 12 năm tù"
    return doc(f"{lead}\n{how}", title=title, lead=lead, provinces=("vn34:01",), hours=hours)


LAND = a_verdict(
    "Đỗ Hữu Khiêm",
    "Công ty Đất Lành",
    "lừa đảo chiếm đoạt tài sản",
    "Khiêm bán 40 nền nhà không có thật ở Quốc Oai cho 52 người, lấy 61 tỷ đồng.",
)
BRIBES = a_verdict(
    "Tạ Duy Bách",
    "bến xe",
    "nhận hối lộ",
    "Bách và chín nhân viên lấy 7,3 tỷ đồng của chủ xe để xếp lượt chạy trong ba năm.",
    hours=4,
)


def test_two_verdicts_of_one_court_on_one_day_are_two_stories_told_by_the_offence() -> None:
    assert stories(LAND, BRIBES) == 2


def test_a_verdict_told_by_another_outlet_stays_in_its_story() -> None:
    other = doc(
        "52 người mất 61 tỷ đồng vì mua 40 nền nhà ở Quốc Oai của Đỗ Hữu Khiêm. Tòa tuyên bị cáo 12 năm "
        "tù về "
        "tội lừa đảo.",
        title="Bán nền nhà không có thật, giám đốc Đất Lành lĩnh 12 năm tù",
        outlet="nld",
        provinces=("vn34:01",),
        hours=2,
    )
    assert stories(LAND, other) == 1


def test_only_reports_on_incidents_have_a_scene() -> None:
    road = doc("Xã Tân Lập trồng rừng.", title="Lâm Đồng phủ xanh đồi trọc")
    storm = doc("Bão số 3 làm 2 người chết ở xã Tân Lập.", title="Bão số 3: 2 người chết")
    assert [features_of(item, TERMS).scene for item in (road, storm)] == [NOWHERE, NOWHERE]


def test_a_scene_is_the_same_in_both_languages() -> None:
    vietnamese = doc("Lúc 15h, ở xã Mường Giôn.", title="Cháy nhà sàn, 2 người chết")
    english = doc("At 3pm in Muong Gion commune.", title="Two killed in house fire", language="en")
    one, two = (features_of(item, TERMS).scene for item in (vietnamese, english))
    assert one == two
    assert (set(one.units), set(one.minutes)) == ({"n:muong gion"}, {15 * 60})


STORM = (
    doc(
        "Lúc 4h ngày 8/4, tâm bão ở khoảng 19,4 độ vĩ Bắc, sức gió mạnh nhất cấp 10, di chuyển hướng "
        "tây 20 km/h.",
        title="Bão số 2 hướng vào Cà Mau",
        lead="Bão Kalmari, cơn bão số 2 năm nay, cách bờ 310 km.",
        provinces=CA_MAU,
    ),
    doc(
        "Thống kê ban đầu có 260 nhà tốc mái, 9 tàu cá chìm, ngư dân Đoàn Văn Út mất tích. Điện đảo Hòn "
        "Khoai bị cắt.",
        title="Bão số 2 đổ bộ Cà Mau, một người mất tích",
        provinces=CA_MAU,
        hours=30,
    ),
    doc(
        "Boats were called ashore and pupils sent home before landfall expected on Thursday.",
        title="Southern tip braces for Storm Kalmari",
        lead="The second storm of the year nears Ca Mau.",
        language="en",
        outlet="vietnamnews",
        provinces=CA_MAU,
        hours=5,
    ),
)


def test_what_one_storm_does_from_warning_to_landfall_is_one_story_in_both_languages() -> None:
    assert stories(*STORM) == 1


def test_a_storm_is_known_by_its_number_or_its_name() -> None:
    named = [features_of(item, TERMS).storms for item in STORM]
    assert named == [{"2", "kalmari"}, {"2"}, {"kalmari", "2"}]
    paper = doc("", title="Theo báo Tuổi Trẻ, trời quang")
    assert not features_of(paper, TERMS).storms
    assert all(one & two for one, two in combinations(named, 2))


def test_a_sum_of_money_and_a_day_make_no_version_in_another_language() -> None:
    seller = doc(
        "Nhặt được túi tiền ở bến phà, bà Sáu Hiền ngồi chờ người mất suốt buổi sáng, quên bán vé số.\n"
        "Sáng 8/4, bà thấy chiếc túi vải cạnh gốc dừa. Bên trong có 140 triệu đồng và một toa thuốc.\n"
        "Gần 11h, một người đàn ông quay lại, mặt tái xanh. Đó là tiền anh vay để mổ tim cho con.",
        title="Bà bán vé số trả lại 140 triệu đồng và xin một ổ bánh mì",
    )
    proposal = doc(
        "Economies around the Pacific should recognise one another's electronic certificates for food, "
        "delegates were told on April 8.\nA certificate issued by one economy would be stored on a shared "
        "ledger and read by customs officers at the other end.\nThe change could save exporters about "
        "140 million USD a year.",
        title="Common e-certificate proposed for food trade",
        language="en",
        outlet="vietnamnews",
        hours=3,
    )
    assert stories(seller, proposal) == 2
