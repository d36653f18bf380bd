"""Failures that are answered with status 200, and what only looks like one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest
from aiohttp import web

from crawlers.disguise import disguised
from crawlers.health import State, cause_of
from models.outcome import Reason
from pipeline.store import Store, open_store
from tests.conftest import Databases
from tests.crawlers.test_crawl import paper, run
from tests.pipeline.test_collecting import NOW, collect, feed, item, page, titles
from tests.support.server import site
from tests.support.sink import MemorySink

SORRY = (
    "Hệ thống đang được bảo trì và nâng cấp để phục vụ bạn đọc tốt hơn. Xin vui lòng quay lại sau ít phút. "
    "Chúng tôi xin lỗi vì sự bất tiện này."
)
COOKIE = '<script>document.cookie="D1N=ab12;path=/";window.location.reload(true);</script>'
THEME = "<script>function dark(){document.cookie='theme=dark';location.reload()}</script>"
ARTICLE = '<meta property="article:published_time" content="2026-11-22T08:00:00+07:00">'


def bare(title: str, body: str = "", head: str = "") -> str:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "html",
    [
        bare("Website đang bảo trì", f"<h1>Hệ thống đang bảo trì nâng cấp</h1><p>{SORRY}</p>"),
        bare("Báo Mẫu - Thông báo bảo trì", f"<div>{SORRY}</div>"),
        bare("Báo Mẫu", f"<h1>Máy chủ đang quá tải</h1>{SORRY}"),
        bare("Site under maintenance", "<p>We are working on it. Please try again later.</p>"),
        bare("We'll be right back", "<p>We apologise for the inconvenience, please check back soon.</p>"),
        bare("Service temporarily unavailable | The Sample", "<p>Sorry for the trouble.</p>"),
        bare("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>"),
        bare("Lỗi", "<h1>Server Error in '/' Application.</h1><h2>Object reference not set.</h2>"),
        bare("", "<h1>Error establishing a database connection</h1>"),
        "<br />\n<b>Warning</b>: mysqli_connect(): Connection refused in <b>/var/www/db.php</b> on line 12",
    ],
)
def test_a_notice_that_the_site_is_down_is_a_server_error(html: str) -> None:
    found = disguised(html.encode())
    assert found is not None
    assert found[0] is Reason.HTTP_ERROR


@pytest.mark.parametrize(
    "html",
    [
        f"<html>{COOKIE}</html>",
        COOKIE,
        bare("Báo Mẫu", f"<p>Trình duyệt của bạn chưa bật JavaScript.</p>{COOKIE}"),
        "<script src=/aes.js></script><script>document.cookie='__test='+slowAES.decrypt(c,2,a,b);</script>",
        bare("Just a moment...", "<script>window._cf_chl_opt={cType:'managed'};</script>"),
    ],
)
def test_a_page_that_only_sets_a_cookie_and_loads_itself_again_is_a_bot_check(html: str) -> None:
    assert disguised(html.encode()) == (Reason.CHALLENGE, "200, bot check")


@pytest.mark.parametrize(
    "html",
    [
        bare("Website đang bảo trì", f"<h1>Website đang bảo trì</h1><p>{SORRY}</p>", head=ARTICLE),
        bare("Website Cục Thuế đang bảo trì, người dân chưa thể nộp tờ khai", f"<p>{SORRY}</p>"),
        bare("Hệ thống đăng kiểm đang nâng cấp", "<p>Các trung tâm cho biết xe phải chờ đến thứ sáu.</p>"),
        bare("Website đang bảo trì", f"<p>{SORRY}</p>" + "<p>Mười chữ một câu cho đủ một bài báo.</p>" * 40),
        bare("Tin vắn", f"<h1>Mưa lớn ở Huế</h1><p>Sông Hương lên nhanh.</p>{THEME}", head=ARTICLE),
        bare("Chuyên mục", "".join(f'<a href="/tin/{n}">Tin {n}</a>' for n in range(4)) + THEME),
        bare("Tin", "<p>Một câu.</p><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"),
        bare(
            "Tin", "<p>Một câu.</p><script>document.cookie='seen=1';</script><script>location.host</script>"
        ),
        f"<rss><channel><item><title>Website đang bảo trì</title><description>{COOKIE}</description></item>",
        "",
    ],
)
def test_news_of_such_things_and_pages_with_harmless_scripts_are_what_they_are(html: str) -> None:
    assert disguised(html.encode()) is None


@pytest.mark.parametrize("part", ["<!-- ", "<script ", "<h1 ", "<a ", "document.cookie=", "<"])
def test_pages_of_beginnings_without_ends_are_judged_too(part: str) -> None:
    assert disguised((part * 40_000)[:40_000].encode()) is None


@pytest.fixture
def kept(sqlite_databases: Databases) -> Iterator[Store]:
    with open_store(sqlite_databases.ready()) as opened:
        yield opened


async def test_what_was_asked_for_while_the_site_was_down_is_asked_for_again(kept: Store) -> None:
    numbers = count()

    async def down(_: web.Request) -> web.StreamResponse:
        text = bare("Website đang bảo trì", f"<h1>Hệ thống đang bảo trì</h1><p>{SORRY}</p>{next(numbers)}")
        return web.Response(text=text, content_type="text/html")

    def at(minutes: int) -> datetime:
        return NOW + timedelta(minutes=minutes)

    names = [f"Tin số {number} về mùa gặt lúa" for number in range(5)]
    async with site() as server:
        feed(server, *(item(server, f"/tin/{n}", name, f"a{n}") for n, name in enumerate(names)))
        server.pages.update({f"/tin/{number}": down for number in range(5)})
        first = await collect(kept, server, at(0))
        for number, name in enumerate(names):
            page(server, f"/tin/{number}", name)
        await collect(kept, server, at(15))
    assert first.reasons == {Reason.HTTP_ERROR: 5}
    assert titles(kept) == names


async def test_an_outlet_that_answers_with_a_bot_check_is_blocked() -> None:
    sink = MemorySink()
    async with site() as server:
        server.pages["/rss"] = f"<html>{COOKIE}</html>"
        server.feed("/rss2", *(f"/tin/{number}" for number in range(4)))
        server.pages.update({f"/tin/{number}": f"<html>{COOKIE}</html>" for number in range(4)})
        report = await run(sink, paper(server, "/rss", "/rss2"))
    assert report.reasons == {Reason.CHALLENGE: 5}
    assert cause_of(sink.states[f"{server.base}/rss"]) is State.BLOCKED
    assert not sink.documents
