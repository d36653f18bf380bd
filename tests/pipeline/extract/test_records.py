"""The records of `diembao extract --jsonl`, and the bench's table."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

from models.outlet import Outlet
from pipeline.extract.bench import BenchPage, run
from pipeline.extract.records import extract_record, unpacked
from pipeline.limits import MAX_BYTES
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


def test_a_small_file_that_unpacks_to_much_is_too_large(outlets: dict[str, Outlet], tmp_path: Path) -> None:
    packed = gzip.compress(b"<p>a</p>" * (MAX_BYTES // 2))
    (tmp_path / "bomb.html.gz").write_bytes(packed)
    assert len(unpacked(packed)) == MAX_BYTES + 1
    found = extract_record({"id": 1, "url": "", "html_file": "bomb.html.gz"}, outlets, folder=tmp_path)
    assert found["outcome"] == "too_large"


def test_each_line_has_its_answer_in_order_though_pages_break_the_deadline() -> None:
    slow = {"id": 1, "url": "https://unknown.example/a-1.html", "html": page(prose(*["Một câu dài."] * 3000))}
    lines = "\n".join([json.dumps(slow), "no json", json.dumps({"id": 3})])
    done = subprocess.run(
        [str(Path(sys.executable).with_name("diembao")), "extract", "--jsonl"],
        input=lines, text=True, check=True, capture_output=True, cwd=ROOT,
        env=os.environ | {"DIEMBAO_PAGE_DEADLINE": "0.01", "DIEMBAO_WORKERS": "1"},
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers[0]["outcome"] == "extract_timeout"
    assert "line 2 is not JSON" in answers[1]["error"]
    assert [answer["id"] for answer in answers] == [1, None, 3]
