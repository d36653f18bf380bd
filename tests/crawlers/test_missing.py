"""R23: what a host serves for articles that do not exist is learnt once and known again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from aiohttp import web

from crawlers.crawl import CrawlOptions, crawl
from crawlers.missing import made_up
from models.outcome import Reason
from models.ports import MissingPage
from pipeline.store import Store, collection
from tests.support.outlets import endpoint, outlet
from tests.support.server import Site, response, site
from tests.support.sink import MemorySink

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Kept:
    """Remembers in a dictionary."""

    def __init__(self) -> None:
        self.pages: dict[str, MissingPage] = {}

    async def missing_page(self, host: str) -> MissingPage | None:
        return self.pages.get(host)

    async def remember_missing(self, page: MissingPage) -> None:
        self.pages[page.host] = page


async def run(server: Site, kept: Kept, now: datetime = NOW) -> MemorySink:
    sink = MemorySink()
    options = CrawlOptions(now=lambda: now, allow_networks=("127.0.0.1/32",), missing=kept)
    await crawl([outlet(endpoint(f"{server.base}/rss"))], sink, options=options)
    return sink


@pytest.mark.parametrize(
    ("url", "made"),
    [
        (
            "https://a.vn/kinh-te/gia-gao-tang-post123456.html",
            "https://a.vn/kinh-te/bai-viet-khong-co-that-post999999.html",
        ),
        (
            "https://a.vn/gia-gao-20250321184619912.htm",
            "https://a.vn/bai-viet-khong-co-that-99999999999999999.htm",
        ),
        (
            "https://a.vn/kinh-te/202611/gia-gao-ab12/",
            "https://a.vn/kinh-te/202611/bai-viet-khong-co-that-ab99/",
        ),
        ("https://a.vn/gia-gao", "https://a.vn/bai-viet-khong-co-that"),
        ("https://a.vn/xem.aspx?id=120", "https://a.vn/bai-viet-khong-co-that.aspx?id=999"),
    ],
)
def test_a_made_up_address_has_the_form_of_an_article_and_a_number_never_given(url: str, made: str) -> None:
    assert made_up(url) == made


def notice(server: Site) -> Answer:
    """A page in the style of a portal's notice: 200, links that change with every answer."""
    turn = count()

    async def answer(_: web.Request) -> web.StreamResponse:
        links = "".join(f'<a href="/tin/{n}-{next(turn)}">Tin mới {next(turn)}</a>' for n in range(9))
        text = f"<html><head><title>Báo Mẫu\n - Tin tức</title></head><body>Rất tiếc…{links}</body></html>"
        return web.Response(text=text, content_type="text/html")

    return answer


def to_the_section(server: Site) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "/tin/moi-nhat"})

    server.pages["/tin/moi-nhat"] = "<title>Tin mới nhất</title><a href='/tin/1'>Một</a>"
    return answer


@pytest.mark.parametrize("gone", [notice, to_the_section], ids=["a notice", "a section"])
async def test_r23_a_page_that_is_gone_is_told_at_its_first_address_by_what_the_host_says_of_nothing(
    gone: Callable[[Site], Answer],
) -> None:
    kept = Kept()
    async with site() as server:
        server.feed("/rss", "/tin/con-1", "/tin/mat-2")
        server.articles("/tin/con-1")
        server.pages["/tin/mat-2"] = server.pages["/tin/bai-viet-khong-co-that-9"] = gone(server)
        first = await run(server, kept)
        await run(server, kept, NOW + timedelta(days=29))
        asked = server.hits["/tin/bai-viet-khong-co-that-9"]
        await run(server, kept, NOW + timedelta(days=31))
    assert first.reason_of(f"{server.base}/tin/mat-2") is Reason.SOFT_404
    assert list(first.documents) == [f"{server.base}/tin/con-1"]
    assert (asked, server.hits["/tin/bai-viet-khong-co-that-9"]) == (1, 2)


async def test_an_article_that_shares_a_title_with_the_notice_is_kept_if_it_says_what_it_is() -> None:
    """Some outlets give every page the title of the front."""
    async with site() as server:
        server.feed("/rss", "/tin/con-1")
        page = '<title>Báo Mẫu</title><meta property="article:published_time" content="2026-11-21"><p>x</p>'
        server.pages["/tin/con-1"] = page
        server.pages["/tin/bai-viet-khong-co-that-9"] = "<title>Báo Mẫu</title><p>Không có gì</p>"
        sink = await run(server, Kept())
    assert list(sink.documents) == [f"{server.base}/tin/con-1"]


@pytest.mark.parametrize(
    "names", ["<h1>Mưa lớn ở Huế</h1>", "<meta property='og:title' content='Mưa lớn ở Huế'>"]
)
async def test_of_an_outlet_whose_pages_have_one_title_those_with_names_of_their_own_are_kept(
    names: str,
) -> None:
    async with site() as server:
        server.feed("/rss", "/tin/con-1", "/tin/mat-2")
        server.pages["/tin/con-1"] = f"<title>Báo Mẫu</title>{names}<p>Sông Hương lên nhanh.</p>"
        server.pages["/tin/mat-2"] = (
            "<title>Báo Mẫu</title><h1>Rất tiếc</h1><p>Không có gì, mời đọc tin 2</p>"
        )
        server.pages["/tin/bai-viet-khong-co-that-9"] = "<title>Báo Mẫu</title><h1>Rất <b>tiếc</b></h1>"
        sink = await run(server, Kept())
    assert list(sink.documents) == [f"{server.base}/tin/con-1"]
    assert sink.reason_of(f"{server.base}/tin/mat-2") is Reason.SOFT_404


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_is_too_busy_to_answer_the_question_is_asked_again_at_the_next_pass(
    status: int,
) -> None:
    kept = Kept()
    async with site() as server:
        server.feed("/rss", "/tin/con-1", "/tin/mat-2")
        server.articles("/tin/con-1")
        server.pages["/tin/mat-2"] = notice(server)
        server.pages["/tin/bai-viet-khong-co-that-9"] = response(status=status)
        await run(server, kept)
        assert not kept.pages
        server.pages["/tin/bai-viet-khong-co-that-9"] = notice(server)
        later = await run(server, kept, NOW + timedelta(hours=1))
    assert later.reason_of(f"{server.base}/tin/mat-2") is Reason.SOFT_404


async def test_a_host_that_says_404_or_forbids_the_question_is_asked_once_and_believed() -> None:
    for robots, asked in (("", 1), ("User-agent: *\nDisallow: /tin/bai-viet", 0)):
        kept = Kept()
        async with site() as server:
            server.pages["/robots.txt"] = robots
            server.feed("/rss", "/tin/con-1", "/tin/con-2")
            server.articles("/tin/con-1", "/tin/con-2")
            sink = await run(server, kept)
            await run(server, kept)
        assert len(sink.documents) == 2
        assert server.hits["/tin/bai-viet-khong-co-that-9"] == asked
        assert [page.status for page in kept.pages.values()] == [404 if asked else 0]


def test_what_a_host_answers_is_kept_in_the_database(store: Store) -> None:
    page = MissingPage(host="a.vn", url="https://a.vn/x", status=200, title="Báo", asked_at=NOW)
    with store.writing() as connection:
        collection.save_missing_page(connection, page)
        collection.save_missing_page(connection, MissingPage(host="a.vn", url="u", status=404, asked_at=NOW))
        assert collection.missing_page(connection, "a.vn") == MissingPage(
            host="a.vn", url="u", status=404, asked_at=NOW
        )
        assert collection.missing_page(connection, "b.vn") is None
