"""Outlets of a family differ from its table in small things, and papers of no family have none: the fields of
pages with such differences, at the outlet's own address and at an unknown one."""

from __future__ import annotations

import pytest

from models.document import Article
from models.outcome import Reason
from models.outlet import Outlet
from pipeline.extract import extract, families_of, outlet_for
from tests.pipeline.extract.pages import document
from tests.pipeline.extract.variants import LEAD, TITLE, UNKNOWN, VARIANTS, Variant

EVERYWHERE = [variant for variant in VARIANTS if variant.everywhere]


def read(variant: Variant, url: str, outlets: dict[str, Outlet]) -> Article:
    page = document(variant.html.encode(), url)
    found = extract(page, outlet_for(url, outlets), families=families_of(outlets.values()))
    assert found.reason is Reason.STORED, found.detail
    assert found.article is not None
    return found.article


def assert_read(article: Article, variant: Variant) -> None:
    assert article.text.split("\n") == list(variant.lines)
    assert (article.title, article.lead) == (TITLE, LEAD)
    assert (article.authors, article.captions) == (variant.authors, variant.captions)
    assert article.published_at == variant.published_at


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_a_page_of_an_outlet_that_differs_from_its_family_is_read(
    variant: Variant, outlets: dict[str, Outlet]
) -> None:
    article = read(variant, variant.url, outlets)
    assert_read(article, variant)
    assert article.credit == variant.credit


@pytest.mark.parametrize("variant", EVERYWHERE, ids=lambda variant: variant.name)
def test_the_page_of_an_unknown_outlet_is_read_the_same(variant: Variant, outlets: dict[str, Outlet]) -> None:
    assert_read(read(variant, UNKNOWN, outlets), variant)
