"""What people see of an extraction: the explained page, the regression case, the alarm of a redesign."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from models.errors import ConfigError
from models.outlet import Outlet
from pipeline.extract import Extraction, explain, extract, families_of
from pipeline.extract.drift import Read, drift
from pipeline.extract.snapshot import write_case
from tests.conftest import ROOT
from tests.pipeline.extract.pages import document, page, prose
from tests.support.chromium import Chromium, browser

CASE = ROOT / "tests" / "outlets" / "vietnamplus" / "2026-09-12"


def read(outlets: dict[str, Outlet]) -> Extraction:
    url = json.loads((CASE / "meta.json").read_text("utf-8"))["url"]
    body = gzip.decompress((CASE / "input.html.gz").read_bytes())
    return extract(document(body, url), outlets["vietnamplus"], families=families_of(outlets.values()))


def test_every_field_is_shown_with_where_it_was_read(outlets: dict[str, Outlet]) -> None:
    rows = {row.name: row for row in explain.fields_of(read(outlets))}
    assert (rows["title"].origin, rows["published_at"].origin) == ("profile", "jsonld")
    assert rows["published_at"].value == "2026-09-12 06:45+07:00"
    assert rows["credit"].value == "ttxvn"


def test_what_was_thrown_away_stands_below_the_text(outlets: dict[str, Outlet]) -> None:
    text = explain.as_text(read(outlets), "https://x.example/")
    kept, _, dropped = text.partition("thrown away:")
    assert "(TTXVN/Vietnam+)" in dropped
    assert "outcome: stored" in kept


def test_markup_of_the_outlet_is_escaped_in_the_view() -> None:
    found = extract(document(page(prose("a &lt;script&gt;x()&lt;/script&gt; b")).encode()), None)
    html = explain.as_html(found, "https://x.example/?a=<b>")
    assert "&lt;script&gt;x()" in html
    assert "<script>" not in html
    assert "<b>" not in html


@pytest.mark.xdist_group("chromium")
@pytest.mark.parametrize("width", [320, 1200])
def test_the_view_fits_a_phone_and_a_desk_and_reads_aloud(outlets: dict[str, Outlet], width: int) -> None:
    program = browser()
    if program is None:
        pytest.skip("needs Chromium")
    html = explain.as_html(read(outlets), f"https://x.example/{'bai-rat-dai-' * 20}.html")
    with Chromium(program) as chromium:
        chromium.show(html, width=width)
        assert chromium.violations() == []
        assert chromium.evaluate("document.documentElement.scrollWidth") == width


def test_a_page_without_an_article_says_why() -> None:
    found = extract(document(b"<html><body></body></html>"), None)
    assert found.reason.value in explain.as_text(found, "u")
    assert found.reason.value in explain.as_html(found, "u")


def test_a_case_holds_the_page_and_what_is_expected_and_is_never_overwritten(
    outlets: dict[str, Outlet], tmp_path: Path
) -> None:
    article = read(outlets).article
    assert article is not None
    body = gzip.decompress((CASE / "input.html.gz").read_bytes())
    case = write_case(tmp_path, "vietnamplus", date(2026, 9, 12), body, article, "a situation")
    for name in ("expected.json",):
        assert json.loads((case / name).read_text("utf-8")).items() >= {"credit": "ttxvn"}.items()
    assert gzip.decompress((case / "input.html.gz").read_bytes()) == body
    with pytest.raises(ConfigError, match="case of that day"):
        write_case(tmp_path, "vietnamplus", date(2026, 9, 12), body, article, "again")


def reads(outlet: str, count: int, *, without: str = "", lacking: int = 0) -> list[Read]:
    whole = frozenset({"profile", "lead", "authors", "published_at"})
    return [Read(outlet, whole - ({without} if i < lacking else set())) for i in range(count)]


def test_a_field_that_an_outlet_lost_is_named() -> None:
    before = reads("a", 100, without="authors", lacking=10) + reads("b", 100)
    found = drift(before, reads("a", 20, without="authors", lacking=18) + reads("b", 20))
    assert [(alarm.outlet, alarm.field) for alarm in found] == [("a", "authors")]
    assert (round(found[0].before, 2), round(found[0].now, 2)) == (0.9, 0.1)


@pytest.mark.parametrize("lacking", [0, 3, 5])
def test_an_ordinary_day_alarms_nobody(lacking: int) -> None:
    before = reads("a", 100, without="lead", lacking=15)
    assert drift(before, reads("a", 20, without="lead", lacking=lacking)) == []


def test_too_few_articles_alarm_nobody() -> None:
    assert drift(reads("a", 100), reads("a", 5, without="lead", lacking=5)) == []
    assert drift(reads("a", 10), reads("a", 50, without="lead", lacking=50)) == []
