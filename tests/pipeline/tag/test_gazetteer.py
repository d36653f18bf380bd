"""The places and what a user's query for one means."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.errors import ConfigError
from pipeline.tag.gazetteer import load_gazetteer
from pipeline.tag.place_query import PlaceQueries
from tests.pipeline.tag.places import gazetteer


def test_every_former_unit_went_into_one_of_34_and_none_is_left_without_former_units() -> None:
    places = gazetteer()
    assert len(places.current) == 34
    assert len(places.former) == 63
    assert set(places.old_to_new.values()) == set(places.current)
    assert {old for unit in places.current.values() for old in unit.relatives} == set(places.former)


@pytest.mark.parametrize(
    ("query", "new", "old"),
    [
        ("Đà Nẵng", {"vn34:48"}, set()),
        ("da nang", {"vn34:48"}, set()),
        ("Quảng Nam", set(), {"vn63:49"}),
        ("tỉnh quang nam", set(), {"vn63:49"}),
        ("TP.HCM", {"vn34:79"}, set()),
        ("Sài Gòn", {"vn34:79"}, set()),
        ("BR-VT", set(), {"vn63:77"}),
        ("Thừa Thiên Huế", {"vn34:46"}, set()),
        ("Hung Yen province", {"vn34:33"}, set()),
        ("48", {"vn34:48"}, set()),
        ("49", set(), {"vn63:49"}),
        ("vn34:91", {"vn34:91"}, set()),
        ("vn63:91", set(), {"vn63:91"}),
        ("hcm", {"vn34:79"}, set()),
        ("SG", {"vn34:79"}, set()),
        ("HN", {"vn34:01"}, set()),
        ("thừa thiên", {"vn34:46"}, set()),
        ("Thua Thien", {"vn34:46"}, set()),
        ("Vũng Tàu", set(), {"vn63:77"}),
        ("Hà Nam Ninh", set(), {"vn63:35", "vn63:36", "vn63:37"}),
    ],
)
def test_a_query_finds_the_units_of_the_scheme_it_names(query: str, new: set[str], old: set[str]) -> None:
    found = PlaceQueries(gazetteer()).resolve(query)
    assert found.known
    assert (set(found.new), set(found.old)) == (new, old)


@pytest.mark.parametrize("query", ["", "Atlantis", "99", "vn34:49", "vn63:99", "vn12:01"])
def test_an_unknown_place_is_said_to_be_unknown(query: str) -> None:
    found = PlaceQueries(gazetteer()).resolve(query)
    assert not found.known
    assert "không rõ" in found.explanation_vi
    assert "not a known" in found.explanation_en


def test_a_former_province_is_explained_in_both_languages() -> None:
    found = PlaceQueries(gazetteer()).resolve("quang nam")
    assert found.explanation_vi == "Quảng Nam: tỉnh cũ, nay thuộc Đà Nẵng (từ 1/7/2025)"
    assert found.explanation_en == "Quang Nam: former province, part of Da Nang since 1 July 2025"


@pytest.mark.parametrize(
    ("query", "vi", "en"),
    [
        (
            "ha tay",
            "Hà Tây: tỉnh trong khoảng 1965–2008, tìm theo Hà Nội",
            "Ha Tay: a province between 1965 and 2008, sought as Hanoi",
        ),
        (
            "bình trị thiên",
            "Bình Trị Thiên: tỉnh trong khoảng 1976–1989, tìm theo Quảng Bình, Quảng Trị, Huế",
            "Binh Tri Thien: a province between 1976 and 1989, sought as Quang Binh, Quang Tri, Hue",
        ),
        ("vn63:01", "Hà Nội: thành phố, không đổi năm 2025", "Hanoi: city, unchanged in 2025"),
    ],
)
def test_an_earlier_province_is_explained_by_its_years_and_an_unchanged_one_as_such(
    query: str, vi: str, en: str
) -> None:
    found = PlaceQueries(gazetteer()).resolve(query)
    assert (found.explanation_vi, found.explanation_en) == (vi, en)


def test_every_name_and_its_toneless_spelling_resolve_to_the_same_unit() -> None:
    places = gazetteer()
    queries = PlaceQueries(places)
    for unit in [*places.current.values(), *places.former.values()]:
        exact, folded = queries.resolve(unit.name), queries.resolve(unit.name_en)
        assert exact.known
        assert (exact.new, exact.old) == (folded.new, folded.old), unit.name


def test_the_kind_of_a_unit_depends_on_the_day() -> None:
    bac_ninh = gazetteer().current["24"]
    assert bac_ninh.kind_at(date(2026, 9, 19)) == "province"
    assert bac_ninh.kind_at(date(2026, 9, 20)) == "city"


def test_names_are_given_in_both_languages_and_schemes() -> None:
    places = gazetteer()
    assert places.name("vn34:91", "vi") == "An Giang"
    assert places.name("vn63:91", "vi") == "Kiên Giang"
    assert places.name("vn34:79", "en") == "Ho Chi Minh City"


def test_a_missing_table_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"provinces\.tsv"):
        load_gazetteer(tmp_path)
