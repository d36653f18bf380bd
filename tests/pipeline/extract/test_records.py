"""The records of `diembao extract --jsonl`, and the bench's table."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from models.outlet import Outlet
from pipeline.extract.bench import BenchPage, run
from pipeline.extract.records import extract_record
from tests.conftest import ROOT
from tests.pipeline.extract.pages import SENTENCES, page, prose

CASE = ROOT / "tests" / "outlets" / "vietnamplus" / "2026-09-12"


def test_a_record_of_a_known_outlet_has_every_field(outlets: dict[str, Outlet]) -> None:
    expected = json.loads((CASE / "expected.json").read_text("utf-8"))
    url = json.loads((CASE / "meta.json").read_text("utf-8"))["url"]
    found = extract_record({"id": 7, "url": url, "html_file": "input.html.gz"}, outlets, folder=CASE)
    assert found["outcome"] == "stored"
    assert (found["id"], found["url"], found["profile"], found["lang"]) == (7, url, "zce", "vi")
    assert found["published_at"] == "2026-09-12T06:45:00+07:00"
    assert found["text"].split("\n") == expected["text"]
    assert (found["authors"], found["credit"]) == (expected["authors"], "ttxvn")


def test_html_may_stand_in_the_record(outlets: dict[str, Outlet], tmp_path: Path) -> None:
    html = page(prose())
    (tmp_path / "a.html").write_text(html, "utf-8")
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(html.encode()))
    url = "https://unknown.example/a-1.html"
    direct = extract_record({"id": "x", "url": url, "html": html}, outlets)
    assert SENTENCES[0] in direct["text"]
    for name in ("a.html", "b.html.gz"):
        assert extract_record({"id": "x", "url": url, "html_file": name}, outlets, folder=tmp_path) == direct


def test_a_record_that_cannot_be_read_is_a_parse_error(outlets: dict[str, Outlet], tmp_path: Path) -> None:
    bad: list[object] = [
        {},
        {"url": 5, "html": "x"},
        {"html_file": "absent.html"},
        {"html": 5},
        [],
        None,
        "text",
    ]
    for record in bad:
        found = extract_record(record, outlets, folder=tmp_path)  # type: ignore[arg-type]
        assert found["outcome"] == "parse_error"
        assert found["detail"]
        assert found["text"] == ""


def test_the_bench_tells_known_outlets_and_other_pages_apart(outlets: dict[str, Outlet]) -> None:
    known = BenchPage(
        "https://www.vietnamplus.vn/a-post1.vnp", gzip.decompress((CASE / "input.html.gz").read_bytes())
    )
    other = BenchPage("https://unknown.example/a-1.html", page(prose()).encode())
    text = run([known, other], outlets, rounds=1)
    assert "1 pages of known outlets" in text
    assert "1 other pages" in text
    assert text.count("ours") == 2
