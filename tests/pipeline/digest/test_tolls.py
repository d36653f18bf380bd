"""How many people a headline says are dead, injured, missing or ill."""

from __future__ import annotations

import pytest

from pipeline.digest.tolls import Figure, Harm, figures_in

DEAD, INJURED, MISSING, ILL, CASUALTIES = Harm


@pytest.mark.parametrize(
    ("title", "language", "figures"),
    [
        ("Xe khách lật ở Đắk Lắk, 3 người chết", "vi", {(DEAD, 3)}),
        ("Năm học sinh chết đuối ở Quảng Ngãi", "vi", {(DEAD, 5)}),
        ("Số người chết vụ lật xe khách ở Đắk Lắk tăng lên 5", "vi", {(DEAD, 5)}),
        ("Số học sinh tử vong chiều nay là năm, không phải ba", "vi", {(DEAD, 5)}),
        ("Vụ ngộ độc ở Đà Lạt: số người nhập viện tăng lên 117", "vi", {(ILL, 117)}),
        ("Ghi nhận 4.120 ca mắc trong tuần", "vi", {(ILL, 4120)}),
        ("Lũ quét làm chết 7 người, 2 người mất tích", "vi", {(DEAD, 7), (MISSING, 2)}),
        ("Cháy nhà: 1 người chết, 2 người bị thương", "vi", {(DEAD, 1), (INJURED, 2), (CASUALTIES, 3)}),
        ("17 người thương vong vì lật xe", "vi", {(CASUALTIES, 17)}),
        ("Three killed as sleeper bus overturns", "en", {(DEAD, 3)}),
        ("Bus crash kills 3, injures 14", "en", {(DEAD, 3), (INJURED, 14), (CASUALTIES, 17)}),
        ("Dak Lak bus crash death toll rises to five", "en", {(DEAD, 5)}),
        ("Toll rises from three to five", "en", {(DEAD, 5)}),
        ("Food poisoning cases climb to 1,117", "en", {(ILL, 1117)}),
        ("Dengue cases rise to 640", "en", {(ILL, 640)}),
        ("Five students drown in central Vietnam river", "en", {(DEAD, 5)}),
        ("Two fishermen missing after storm", "en", {(MISSING, 2)}),
    ],
)
def test_a_toll_is_read_alike_in_words_and_digits_and_in_both_languages(
    title: str, language: str, figures: set[tuple[Harm, int]]
) -> None:
    assert figures_in(title, language) == {Figure(harm, number) for harm, number in figures}


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Hơn 90 người ngộ độc", "vi"),
        ("Hai người thoát chết", "vi"),
        ("Hai công nhân mắc kẹt được cứu", "vi"),
        ("Học sinh lớp 8 tử vong dưới hồ", "vi"),
        ("Bé trai 3 tuổi tử vong", "vi"),
        ("3 năm tù vì làm chết người", "vi"),
        ("Tai nạn trên quốc lộ 14, nhiều người chết", "vi"),
        ("Số người chết tăng 35% trong năm 2025", "vi"),
        ("Nearly 100 people injured", "en"),
        ("Man, 83, dies", "en"),
        ("Five people rescued after boat sinks, none dead", "en"),
        ("Dengue cases rise 35 per cent", "en"),
    ],
)
def test_what_is_rounded_averted_or_no_count_of_people_is_no_toll(title: str, language: str) -> None:
    assert figures_in(title, language) == frozenset()


def test_so_many_more_is_not_the_toll() -> None:
    assert figures_in("Tìm thấy thêm hai thi thể", "vi") == {Figure(DEAD, 2, further=True)}
    assert figures_in("Two more passengers have died", "en") == {Figure(DEAD, 2, further=True)}
