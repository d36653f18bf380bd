"""Which provinces an article is about, which it only mentions, and why a name was not counted."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from models.tags import Role
from pipeline.tag.evaluate import Report, evaluate, read_items, wrong_lines
from tests.pipeline.tag.places import (
    BEFORE_MERGER,
    about,
    former,
    mentioned,
    tag,
    tagger,
)


@lru_cache(maxsize=1)
def _report(path: Path) -> Report:
    return evaluate(read_items(path), lambda article: tagger().tag(article)[0])


def test_the_shared_challenge_stays_above_its_floor(shared_data: Path) -> None:
    report = _report(shared_data / "challenge" / "dev.jsonl")
    explained = "\n".join(wrong_lines(report))
    assert report.f1 >= 0.98, explained
    assert report.all_right() >= 0.97, explained
    assert report.roles_right >= 0.96, explained
    assert report.old_right >= 0.96, explained


def test_the_seed_articles_get_their_labels(shared_data: Path) -> None:
    for item in read_items(shared_data / "challenge" / "seeds.gold.jsonl"):
        text = (shared_data.parent / "seeds" / item["file"]).read_text(encoding="utf-8")
        tags, _ = tag("", text, lang="", published=None)
        found = [t for t in tags if t.role == Role.ABOUT]
        assert [t.code[5:] for t in found] == item["provinces"], item["file"]
        assert sorted(c[5:] for t in found for c in t.old_codes) == sorted(item["old_provinces"]), item[
            "file"
        ]
        assert [t.code[5:] for t in tags if t.role == Role.MENTIONED] == item["mentioned_only"], item["file"]


def test_before_the_merger_the_old_name_decides_the_former_unit() -> None:
    assert former("Bắc Ninh mở cụm công nghiệp", "Tỉnh Bắc Ninh mở cụm.", published=BEFORE_MERGER) == ["27"]


@pytest.mark.parametrize(
    ("title", "body", "named"),
    [
        ("Hue smart lamps recalled", "The Hue smart bulbs may overheat. Hue lights are sold worldwide.", []),
        ("Long An Afterthought", "Long an afterthought, the canal was dug at last.", []),
        ("Điện Biên Phủ trong ký ức người lính già", "Ông kể về 56 ngày đêm khoét núi ngủ hầm.", []),
        ("Nghệ An tri ân", "Đoàn cựu binh Điện Biên Phủ thăm Nghệ An, được tỉnh tặng quà.", ["40"]),
    ],
)
def test_a_make_of_lamps_words_and_a_battle_are_no_place(title: str, body: str, named: list[str]) -> None:
    assert [t.code[5:] for t in tag(title, body, lang="")[0]] == named


def test_a_professor_of_a_hospital_is_told_with_his_home() -> None:
    body = "Giáo sư Trần A, Trưởng khoa Tim mạch Bệnh viện Bạch Mai, khuyên người dân ăn nhạt."
    assert mentioned("Bác sĩ kể chuyện", body) == ["01"]
    assert about("Bác sĩ kể chuyện", body) == []


def test_a_place_behind_a_long_row_of_hosts_is_read() -> None:
    """Each `do` may begin the hosts of the event: trying all ways to part them would not end."""
    hosts = " do đài" * 30
    body = f"Bản tin sáng nay. Trong buổi lễ trao quà{hosts} tổ chức vào ở nơi tại Hà Nội."
    assert "01" in [*about("Tin mới", body), *mentioned("Tin mới", body)]


def test_after_the_merger_a_place_inside_decides_the_former_unit() -> None:
    assert former("Cần Thơ làm cầu mới", "TP Cần Thơ làm cầu ở Trần Đề trong năm nay.") == ["94"]


def test_after_the_merger_a_figure_of_the_whole_unit_leaves_the_former_unit_open() -> None:
    assert former("Đồng Nai thu hút 2 tỷ USD", "Đồng Nai thu hút 2 tỷ USD vốn đầu tư.") == []


def test_two_provinces_in_one_breath_are_both_subjects_in_the_order_named() -> None:
    assert about("Lai Châu, Sơn La chung tay trồng rừng", "Hai tỉnh Lai Châu và Sơn La trồng rừng.") == [
        "12",
        "14",
    ]


def test_a_rejected_name_says_why() -> None:
    _, rejected = tag("Đại tướng Phan Văn Giang tiếp khách", "Đại tướng Phan Văn Giang tiếp khách quốc tế.")
    assert {r.reason for r in rejected} == {"person"}
    assert all(r.evidence.text in ("Văn Giang", "Giang") for r in rejected)


@pytest.mark.parametrize("noun", ["City", "Airport", "Market", "Police", "Island", "Beach", "residents"])
def test_an_english_noun_behind_a_town_makes_no_person_of_it(noun: str) -> None:
    towns = {"Phan Thiet": "68", "Phan Rang": "56", "Ly Son": "51", "Le Thuy": "44", "Cu Chi": "79"}
    for town, code in towns.items():
        assert about(f"{town} {noun} will build a park next year.", lang="en") == [code], town


def test_a_unit_behind_a_town_is_where_it_lies() -> None:
    assert about("Le Thuy Quang Binh residents want a bridge.", lang="en") == ["44"]
    assert about("Phan Rang Ninh Thuan farmers plant grapes.", lang="en") == ["56"]


@pytest.mark.parametrize("person", ["Tran Yen Bai", "Le Thuy Linh", "Cu Chi Lan"])
def test_one_more_vietnamese_syllable_makes_a_town_a_person(person: str) -> None:
    assert about(f"{person} won the race.", lang="en") == []


def test_a_provincial_paper_that_says_the_province_means_its_own() -> None:
    tags, _ = tag("Kiểm tra phòng cháy chợ", "UBND tỉnh yêu cầu kiểm tra các chợ.", home="vn34:20")
    assert [(t.code, t.role) for t in tags] == [("vn34:20", Role.ABOUT)]
    assert tags[0].score < 0.7
    assert not tag("Kiểm tra phòng cháy chợ", "UBND tỉnh yêu cầu kiểm tra các chợ.")[0]


def test_a_named_province_outweighs_the_home_of_the_paper() -> None:
    tags, _ = tag("Cà Mau kiểm tra chợ", "UBND tỉnh Cà Mau kiểm tra các chợ.", home="vn34:20")
    assert [t.code for t in tags if t.role == Role.ABOUT] == ["vn34:96"]


def test_a_thành_phố_bắc_ninh_of_any_year_is_in_bắc_ninh() -> None:
    body = "Thành phố Bắc Ninh lắp đèn mới trên các tuyến phố."
    for year in (2023, 2026):
        published = datetime(year, 10, 10, tzinfo=UTC)
        assert about("Thành phố Bắc Ninh lắp đèn mới", body, published=published) == ["24"]


def test_related_links_and_bylines_are_not_the_story() -> None:
    body = "Tỉnh Cà Mau mở lớp dạy bơi.\nTin liên quan\nQuảng Trị mở hội đua thuyền\nSơn La có cầu mới"
    assert about("Cà Mau mở lớp dạy bơi", body) == ["96"]
    assert mentioned("Cà Mau mở lớp dạy bơi", body) == []


@pytest.mark.parametrize("first", ["\u202a", "\u2068", "\u200f", "\ufeff"])
def test_a_dateline_behind_a_mark_of_direction_is_no_subject(first: str) -> None:
    body = "HÀ NỘI – Xuất khẩu rau quả vượt 4 tỷ USD sau bảy tháng, theo Bộ Nông nghiệp và Môi trường."
    assert about("Xuất khẩu rau quả vượt 4 tỷ USD", first + body) == []


@pytest.mark.parametrize("dash", "-‐‑‒–—―")
def test_a_dateline_ends_with_any_dash(dash: str) -> None:
    body = f"HÀ NỘI {dash} Xuất khẩu rau quả vượt 4 tỷ USD sau bảy tháng, theo Bộ Nông nghiệp và Môi trường."
    assert about("Xuất khẩu rau quả vượt 4 tỷ USD", body) == []


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "Huế", "HUẾ", "huế", "\ud800", "İ" * 50, "a\u0301" * 99, "Hà\u00a0Nội"]
)
def test_odd_texts_are_tagged_without_an_error(text: str) -> None:
    tags, rejected = tag(text, text, lang="")
    assert isinstance(tags, tuple)
    assert isinstance(rejected, tuple)
