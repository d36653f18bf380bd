"""Pages that a host serves whatever it is asked for."""

from __future__ import annotations

import pytest

from crawlers.politeness import Politeness
from models.outcome import Reason
from tests.crawlers.test_crawl import paper, run
from tests.support.server import site
from tests.support.sink import MemorySink

NOTICE = (
    "<html><title>Báo Mẫu</title><p>Chuyên trang đang được nâng cấp. <a href='{path}'>Thử lại</a></p></html>"
)


async def test_a_page_that_three_addresses_give_is_an_article_of_none_from_then_on() -> None:
    paths = [f"/tin/{number}" for number in range(5)]
    politeness = Politeness()
    first, second = MemorySink(), MemorySink()
    async with site() as server:
        server.feed("/rss", *paths, "/tin/that")
        server.articles("/tin/that")
        server.pages.update({path: NOTICE.format(path=path) for path in paths})
        report = await run(first, paper(server, parallel=1), politeness=politeness)
        server.feed("/rss", "/tin/9", "/tin/that")
        server.pages["/tin/9"] = NOTICE.format(path="/tin/9")
        await run(second, paper(server, parallel=1), politeness=politeness)
    assert report.reasons[Reason.SOFT_404] == 3
    assert f"{server.base}/tin/that" in first.documents
    assert "the same page as" in first.detail_of(f"{server.base}/tin/4")
    assert set(second.documents) == {f"{server.base}/tin/that"}, "the page is known by now"


@pytest.mark.parametrize(
    ("canonical", "reasons"),
    [("/tin/1", {Reason.STORED: 4}), ("/", {Reason.STORED: 2, Reason.SOFT_404: 2})],
)
async def test_one_article_under_several_sections_is_told_by_its_own_address(
    canonical: str, reasons: dict[Reason, int]
) -> None:
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/a/tin-1.html", "/b/tin-1.html", "/c/tin-1.html", "/d/tin-1.html")
        for section in "abcd":
            server.pages[f"/{section}/tin-1.html"] = (
                f'<link href="{server.base}{canonical}" rel="canonical"><p>Một bài báo.</p>'
            )
        report = await run(sink, paper(server, parallel=1))
    assert report.reasons == reasons
