"""Records in, records out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crawlers.outlets import load_outlets
from models.errors import ConfigError
from models.tags import Taggable, Tags
from pipeline.tag.evaluate import Report, evaluate, lines, read_items
from pipeline.tag.evaluate_topics import read_items as read_topic_items
from pipeline.tag.records import read_record, tag_record, with_home
from tests.conftest import ROOT
from tests.pipeline.tag.places import tagger


class _PlacesOnly:
    def tag(self, article: Taggable) -> Tags:
        provinces, rejected = tagger().tag(article)
        return Tags(language=article.language, provinces=provinces, rejected=rejected)


def test_a_record_gives_codes_of_both_schemes_with_evidence_that_quotes_it() -> None:
    record: dict[str, str | int] = {
        "id": 7,
        "title": "Hội An thêm phố đi bộ",
        "body": "Hội An, Đà Nẵng thêm phố đi bộ.",
        "lang": "vi",
    }
    out = tag_record({**record, "published": "2026-02-01"}, _PlacesOnly())
    assert out["id"] == 7
    (province,) = out["provinces"]
    assert (province["code"], province["old_codes"], province["role"]) == ("vn34:48", ["vn63:49"], "about")
    for evidence in province["evidence"]:
        assert str(record[evidence["field"]])[evidence["start"] : evidence["end"]] == evidence["text"]
    json.dumps(out)


@pytest.mark.parametrize(
    "record",
    [None, 3, "text", [], {}, {"title": None},
     {"title": 5, "body": ["x"]}, {"title": "a", "published": "never"},
     {"title": "Huế \ud800", "lang": 9}, {"title": "x", "published": "9999-12-31T23:59:59-14:00"}],
)  # fmt: skip
def test_a_bad_record_never_raises(record: object) -> None:
    out = tag_record(record, _PlacesOnly())
    assert out["provinces"] == [] or isinstance(record, dict)
    json.dumps(out)


def test_a_date_without_a_zone_is_vietnamese() -> None:
    article = read_record({"title": "x", "published": "2025-07-01"})
    assert article.published is not None
    assert article.published.isoformat() == "2025-06-30T17:00:00+00:00"


def test_a_date_that_cannot_be_read_is_told_and_counts_as_none() -> None:
    record = {"title": "Huế mưa lớn", "published": "2023-99-99"}
    assert "'2023-99-99' is no ISO date" in tag_record(record, _PlacesOnly())["note"]
    assert "note" not in tag_record({**record, "published": "2023-09-09"}, _PlacesOnly())
    assert "note" not in tag_record({"title": "Huế mưa lớn"}, _PlacesOnly())


def test_the_lead_that_a_text_begins_with_is_read_once() -> None:
    """As the records of `extract` and `export` have it."""
    lead, body = "Mưa lớn ở Huế.", "Đường ngập ở Vinh."
    for record in ({"text": f"{lead}\n{body}"}, {"text": f"{lead}\n{body}", "body": body}, {"text": body}):
        assert read_record({"lead": lead, **record}).body == body
    assert read_record({"lead": lead, "text": lead, "body": ""}).body == ""
    assert read_record({"text": lead}).body == lead


def test_a_record_gets_the_province_of_its_outlet_unless_it_names_one() -> None:
    outlets = load_outlets(ROOT / "config")
    quangninh = {"outlet": "baoquangninh"}
    assert read_record(with_home(quangninh, outlets)).home_province == "vn34:22"
    named = with_home({**quangninh, "home_province": "vn34:01"}, outlets)
    assert read_record(named).home_province == "vn34:01"
    assert read_record(with_home({"outlet": "khac"}, outlets)).home_province == ""


@pytest.mark.parametrize("read", [read_items, read_topic_items])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no labelled item in it"),
        ('{"title": "x", "body": "y"}', "an item has no '"),
        ("[1]", "not a file of labelled items"),
        (
            '{"title": "x", "body": "y", "provinces": [{"code": "vn34:48"}], "topics": [{"id": "a"}]}',
            "such as",
        ),
        ('{"title": "x", "body": "y", "provinces": [], "topics": [], "corrected": []}', "no labelled item"),
    ],
)
def test_a_file_without_labelled_items_gets_no_figures(
    tmp_path: Path, read: Callable[[Path], object], text: str, said: str
) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=said):
        read(file)


def test_items_that_know_only_the_province_of_their_outlet_are_read(tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text('{"title": "x", "province63_of_outlet": "Cà Mau"}', "utf-8")
    assert len(read_items(file)) == 1


def test_the_evaluation_counts_what_it_says(tmp_path: Path) -> None:
    items = [
        {"id": "a", "title": "Cà Mau trồng rừng", "body": "", "provinces": ["96"], "old_provinces": ["96"]},
        {
            "id": "b",
            "title": "Cà Mau trồng rừng",
            "body": "",
            "provinces": ["14"],
            "trap": "t",
            "trap_polarity": "pos",
        },
    ]
    report = evaluate(items, lambda article: tagger().tag(article)[0])
    assert (report.precision, report.recall, report.all_right()) == (0.5, 0.5, 0.5)
    assert report.families() == {"t pos": (0, 1)}
    assert report.all_right(lambda item: not item.trap) == 1.0
    assert any("all right, all" in line for line in lines(report))
    assert Report(()).f1 == 1.0
