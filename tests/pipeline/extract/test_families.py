"""Every family in every situation: each field of our own pages in its markup, and no line of furniture."""

from __future__ import annotations

import pytest

from models.document import Article
from models.outcome import Reason
from models.outlet import Outlet
from pipeline.extract import extract, families_of
from tests.pipeline.extract.families import AT, FAMILIES, NO_ENGLISH, SITUATIONS, Family, Story
from tests.pipeline.extract.pages import document

CASES = [(family, *case) for family in FAMILIES for case in family.cases()]
NAMES = [f"{family.name}-{situation}" for family, situation, *_ in CASES]


def read(family: Family, url: str, story: Story, outlets: dict[str, Outlet], outlet: str = "") -> Article:
    page = document(family.page(story).encode(), url)
    found = extract(page, outlets.get(outlet), families=families_of(outlets.values()))
    assert found.reason is Reason.STORED, found.detail
    assert found.article is not None
    return found.article


@pytest.mark.parametrize(("family", "situation", "outlet", "url", "story"), CASES, ids=NAMES)
def test_every_field_is_read_and_no_line_of_furniture(
    family: Family, situation: str, outlet: str, url: str, story: Story, outlets: dict[str, Outlet]
) -> None:
    article = read(family, url, story, outlets, outlet)
    assert article.text.split("\n") == story.lines
    assert (article.title, article.lead) == (story.title, story.lead)
    assert article.authors == ((story.author,) if story.author else ())
    assert (article.section, article.language) == (story.section, story.language)
    assert article.published_at == AT
    assert [caption for caption in article.captions if caption != "Đàn voọc trên vách núi"] == story.captions
    assert article.profile == family.name


@pytest.mark.parametrize("family", FAMILIES, ids=[family.name for family in FAMILIES])
def test_a_page_at_an_unknown_address_is_read_the_same(family: Family, outlets: dict[str, Outlet]) -> None:
    _, outlet, url, story = family.cases()[0]
    known = read(family, url, story, outlets, outlet)
    unknown = read(family, "https://paper.example.vn/bai-viet-1234567.html", story, outlets)
    assert (unknown.title, unknown.text, unknown.authors) == (known.title, known.text, known.authors)
    assert (unknown.published_at, unknown.section) == (known.published_at, known.section)


def test_each_family_has_a_page_of_each_situation(outlets: dict[str, Outlet]) -> None:
    assert {family.name for family in FAMILIES} == {p.family for p in families_of(outlets.values())}
    for family in FAMILIES:
        lacking = set(SITUATIONS) - {situation for situation, *_ in family.cases()}
        assert lacking == ({"English edition"} if family.name in NO_ENGLISH else set()), family.name
