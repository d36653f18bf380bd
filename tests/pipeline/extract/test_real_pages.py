"""Real pages beside the checkout: their gold, their own statements, the English benchmark."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from models.document import Article
from models.outcome import Reason
from models.outlet import Outlet
from pipeline.dates import read_time
from pipeline.extract import extract, families_of, outlet_for
from pipeline.extract.evaluate import load_benchmark, score
from pipeline.extract.lines import key
from pipeline.extract.page import parse
from tests.pipeline.extract.pages import document

FURNITURE = re.compile(
    r"^(?:đọc thêm|xem thêm|tin liên quan|chia sẻ|bình luận|từ khóa|tags?\b|>>|#)", re.IGNORECASE
)


def pages(shared_data: Path) -> dict[str, tuple[bytes, dict[str, object]]]:
    folder = shared_data / "pages" / "vi"
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    return {name: ((folder / f"{name}.html").read_bytes(), facts) for name, facts in gold.items()}


def read(body: bytes, url: str, outlets: dict[str, Outlet]) -> Article:
    found = extract(document(body, url), outlet_for(url, outlets), families=families_of(outlets.values()))
    assert found.reason is Reason.STORED, found.detail
    assert found.article is not None
    return found.article


def test_the_gold_of_every_vietnamese_page_is_met(shared_data: Path, outlets: dict[str, Outlet]) -> None:
    for name, (body, gold) in pages(shared_data).items():
        article = read(body, str(gold["url"]), outlets)
        published = read_time(str(gold["published_at"]))
        assert published is not None
        assert article.published_at is not None
        assert article.published_at.replace(second=0) == published.at.replace(second=0), name
        assert article.section == gold["category"], name
        assert article.title == gold.get("title", article.title), name
        wanted = gold["contains"]
        assert isinstance(wanted, list)
        assert all(text in article.text for text in wanted), name


def test_the_stated_lead_stands_first_and_once_and_no_line_is_furniture(
    shared_data: Path, outlets: dict[str, Outlet]
) -> None:
    for name, (body, gold) in pages(shared_data).items():
        url = str(gold["url"])
        article = read(body, url, outlets)
        stated = parse(body, url).meta("og:description", "description")
        lead = key(re.sub(r"^\([^)]*\)\s*-\s*", "", stated))
        text = key(article.text)
        assert text.startswith(lead), name
        assert text.count(lead) == 1, name
        assert article.text.startswith(article.lead), name
        assert key(article.title) not in map(key, article.text.split("\n")), name
        assert not [line for line in article.text.split("\n") if FURNITURE.match(line)], name


def test_section_fronts_are_not_articles(shared_data: Path, outlets: dict[str, Outlet]) -> None:
    stored = []
    for path in sorted((shared_data / "pages" / "vi_lists").glob("*.html")):
        found = extract(document(path.read_bytes(), "https://unknown.example/kinh-doanh.htm"), None)
        if found.article is not None:
            stored.append(path.stem)
    assert len(stored) <= 1, stored


@pytest.mark.slow
def test_unknown_english_pages_reach_the_goal_of_the_benchmark(shared_data: Path) -> None:
    labelled = load_benchmark(shared_data / "pages" / "scrapinghub")
    found = {page.id: extract(document(page.html, page.url), None) for page in labelled}
    texts = {name: result.article.text for name, result in found.items() if result.article}
    assert score({page.id: page.text for page in labelled}, texts).f1 >= 0.960
    assert len(texts) >= len(labelled) - 1
