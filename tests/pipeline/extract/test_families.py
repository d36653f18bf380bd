# ruff: noqa: E501 - markup
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


def test_a_list_of_links_before_the_text_of_a_paper_of_its_own_make_is_left_out(
    outlets: dict[str, Outlet],
) -> None:
    html = (
        '<html lang="vi"><head><title>Cảng mới | Báo Đầu tư</title></head><body><div class="fs16 text-uppercase">'
        '<a>Đầu tư</a></div><div class="col630 ml-auto mb40"><h1 class="title-detail">Cảng mới đón tàu đầu tiên</h1>'
        '<a class="author cl_green">Hà Nhi</a><span class="post-time">- 21/09/2026 07:45</span><div class="sapo_detail">'
        "Bến cảng dài 750 mét ở Lạch Huyện đón con tàu container đầu tiên sau hai năm xây dựng.</div><ul><li>"
        '<a href="/x-d1.html">Luồng vào cảng được nạo vét sâu thêm hai mét</a></li></ul><div id="content_detail_news">'
        '<table class="MASTERCMS_TPL_TABLE"><tbody><tr><td><img src="a.jpg"></td></tr><tr><td>Tàu cập bến</td></tr>'
        "</tbody></table><p>Con tàu chở 1.400 container hàng dệt may đi thẳng sang bờ Tây nước Mỹ.</p><p>Chủ đầu tư "
        "cho biết sẽ có ba chuyến mỗi tuần từ tháng sau.</p></div></div></body></html>"
    )
    page = document(html.encode(), "https://baodautu.vn/cang-moi-d538858.html")
    article = extract(page, outlets["baodautu"]).article
    assert article is not None
    assert article.lead.startswith("Bến cảng dài 750 mét")
    assert len(article.text.split("\n")) == 3
    assert (article.authors, article.captions) == (("Hà Nhi",), ("Tàu cập bến",))
    assert (article.section, article.published_at) == ("Đầu tư", AT)
