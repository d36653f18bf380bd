"""What a worker makes of a page whose texts hold what no database takes."""

from __future__ import annotations

import json
from functools import lru_cache

import pytest

from models.outcome import Reason
from pipeline.processing import Processed
from pipeline.processor import Processor
from pipeline.store import NewArticle, Store
from tests.conftest import ROOT
from tests.pipeline.extract.pages import document, page, prose
from tests.pipeline.store.material import NOW

PLACE = "Huyện Đồng Xuân thuộc tỉnh Đắk Lắk làm cầu mới."


@lru_cache(maxsize=1)
def processor() -> Processor:
    return Processor.build(ROOT / "config")


def processed(headline: str) -> Processed:
    """The page with this headline in its data, where JSON can spell any character."""
    data = {"@type": "NewsArticle", "headline": headline, "articleSection": "Xã\0 hội\ud83d"}
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    body = page(prose(PLACE), head).replace("<h1>Cầu gỗ mới ở bản vùng cao</h1>", "")
    return processor().process(document(body.encode()))


@pytest.mark.parametrize(
    "headline",
    [
        "\ud83d Khởi công cầu Nhơn Trạch ở Đồng Nai",
        "Khởi\ud83dcông cầu Nhơn Trạch ở Đồng Nai",
        "Tin\0 vui: Đồng\0 Nai khởi công cầu \ude00Nhơn Trạch",
    ],
)
def test_evidence_stands_where_it_says_in_what_is_stored(store: Store, headline: str) -> None:
    done = processed(headline)
    assert done.reason is Reason.STORED
    assert done.article
    assert done.tags
    store.save([NewArticle(article=done.article, tags=done.tags, ready=done.ready)], now=NOW)
    (stored,) = store.articles(list(store.all_ids()))
    assert stored.article == done.article
    assert stored.tags == done.tags
    fields = {"title": stored.article.title, "lead": stored.article.lead, "section": stored.article.section}
    quotes = [quote for place in stored.tags.provinces for quote in place.evidence]
    quotes += [quote for topic in stored.tags.topics for quote in topic.evidence]
    shown = [quote for quote in quotes if quote.field in fields]
    assert shown
    assert all(fields[quote.field][quote.start : quote.end] == quote.text for quote in shown)
    assert "vn34:75" in [tag.code for tag in stored.tags.provinces]
