"""Numbers, days, times, names and terms are the same facts in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.errors import ConfigError
from pipeline.stories.days import clocks_in, days_in, without_days
from pipeline.stories.features import names_in
from pipeline.stories.numbers import numbers_in
from pipeline.stories.terms import NOTHING, load_terms
from tests.pipeline.stories.documents import CONFIG

WEDNESDAY = datetime(2026, 4, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("vietnamese", "english"),
    [
        ("hơn 3.200 khách", "over 3,200 visitors"),
        ("76 triệu đồng", "76 million VND"),
        ("1,5 tỷ USD", "US$1.5 billion"),
        ("3.680 tỷ đồng", "3.68 trillion VND"),
        ("tăng 12,6%", "up 12.6%"),
        ("thắng 2-1", "won 2-1"),
        ("50.000 tấn", "50,000 tonnes"),
    ],
)
def test_a_number_is_the_same_in_both_languages(vietnamese: str, english: str) -> None:
    assert numbers_in(vietnamese, "vi") == numbers_in(english, "en") != []


@pytest.mark.parametrize("text", ["năm 2025", "7 người", "không có số nào", ""])
def test_years_and_single_digits_tell_no_event_from_another(text: str) -> None:
    assert numbers_in(text, "vi") == []


def test_numbers_keep_the_order_of_the_text() -> None:
    assert numbers_in("285 m, rộng 22 ha, 60% vốn", "vi") == ["#285", "#22", "#60"]


@pytest.mark.parametrize(
    "text",
    ["ngày 7/4", "sáng 7-4", "ngày 7 tháng 4", "(7/4/2026)", "April 7", "7 April", "on Tuesday", "Apr. 7"],
)
def test_a_day_is_read_in_every_style(text: str) -> None:
    assert days_in(text, WEDNESDAY) == [(4, 7)]


def test_today_is_the_day_of_publication_in_vietnam() -> None:
    late = datetime(2026, 4, 8, 18, tzinfo=UTC)
    assert days_in("sáng nay", late) == [(4, 9)]


@pytest.mark.parametrize("text", ["thắng 2-1 trên sân nhà", "24/7", "1/13/2", "45-50 người"])
def test_scores_and_fractions_are_no_days(text: str) -> None:
    assert days_in(text, WEDNESDAY) == []


@pytest.mark.parametrize(
    ("vietnamese", "english"),
    [
        ("14 giờ 35 phút", "2:35pm"),
        ("4h30", "4:30 am"),
        ("2 giờ 35 chiều", "14:35"),
        ("15h", "3pm"),
        ("11 giờ 3 phút", "11.03am"),
    ],
)
def test_a_time_of_day_is_the_same_in_both_languages(vietnamese: str, english: str) -> None:
    assert clocks_in(vietnamese) == clocks_in(english) != frozenset()


def test_the_digits_of_days_and_times_are_not_read_as_numbers() -> None:
    assert numbers_in(without_days("Lúc 16 giờ 12 phút ngày 17/4, 184 mm"), "vi") == ["#184"]


def test_a_name_is_the_same_with_and_without_tones() -> None:
    assert names_in("tại Mường Toong, tỉnh Điện Biên") & names_in("in Muong Toong, Dien Bien") >= {
        "n:muong toong",
        "n:dien bien",
    }


def test_the_first_word_of_a_sentence_alone_is_no_name() -> None:
    assert names_in("Lũ quét tràn qua bản. Mưa lớn.") == frozenset()


def test_the_table_knows_enough_concepts_and_each_in_both_languages() -> None:
    rows = [
        line.split("\t") for line in (CONFIG / "terms.tsv").read_text("utf-8").splitlines() if line[0] != "#"
    ]
    concepts = [row for row in rows if row[0] != NOTHING]
    assert len(concepts) >= 1300
    assert len({row[0] for row in concepts}) == len(concepts)
    assert all(row[1].strip() and row[2].strip() for row in concepts)


@pytest.mark.parametrize(
    ("vietnamese", "english", "concept"),
    [
        ("Lũ quét làm ba người mất tích", "Flash floods leave three missing", "c:missing"),
        ("khởi công bến cảng", "ground-breaking of a wharf", "c:groundbreaking"),
        ("ca ghép gan đầu tiên", "the first liver transplant", "c:liver"),
    ],
)
def test_a_concept_is_found_in_both_languages_and_without_tones(
    vietnamese: str, english: str, concept: str
) -> None:
    terms = load_terms(CONFIG / "terms.tsv")
    assert concept in terms.facts(vietnamese, "vi")
    assert concept in terms.facts(english, "en")


def test_a_term_is_found_as_a_whole_word_only() -> None:
    terms = load_terms(CONFIG / "terms.tsv")
    assert "c:art" not in terms.facts("The party started apart", "en")


@pytest.mark.parametrize(
    ("vietnamese", "absent"),
    [
        ("đội tuyển Hà Lan", "c:orchid"),
        ("nhu cầu tăng", "c:bridge"),
        ("tại Phú Mỹ và Mỹ Tho", "c:unitedstates"),
        ("anh Đình Hoa nói", "c:flower"),
        ("Thủ tướng phát biểu", "c:minister"),
    ],
)
def test_a_word_inside_a_longer_term_or_name_means_nothing_by_itself(vietnamese: str, absent: str) -> None:
    assert absent not in load_terms(CONFIG / "terms.tsv").facts(vietnamese, "vi")


@pytest.mark.parametrize(
    ("vietnamese", "english", "fact"),
    [
        ("Giá hàng bán sang Mỹ, Trung Quốc", "Exports to the US and China", "c:unitedstates"),
        ("hội đàm tại Viêng Chăn", "talks in Vientiane", "n:vientiane"),
        ("bầu trời Bắc Kinh", "the skies of Beijing", "n:beijing"),
    ],
)
def test_a_place_with_another_name_abroad_is_one_fact(vietnamese: str, english: str, fact: str) -> None:
    terms = load_terms(CONFIG / "terms.tsv")
    assert fact in terms.facts(vietnamese, "vi") & terms.facts(english, "en")


def test_us_the_pronoun_is_no_country() -> None:
    assert "c:unitedstates" not in load_terms(CONFIG / "terms.tsv").facts("it told us US$5", "en")


def test_a_broken_table_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "terms.tsv").write_text("flood\tlũ\n", "utf-8")
    with pytest.raises(ConfigError, match="line 1"):
        load_terms(tmp_path / "terms.tsv")
