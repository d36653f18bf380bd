"""The crawl over a real local server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiohttp import web

from crawlers.archive import ArchiveReader, ArchiveWriter
from crawlers.crawl import CrawlOptions, CrawlReport, crawl
from crawlers.politeness import Politeness
from models.document import RawDocument
from models.errors import StoreError
from models.outcome import Reason
from models.outlet import EndpointKind, Outlet
from models.ports import Candidate, Choice
from tests.support.outlets import endpoint, outlet
from tests.support.server import Handler, Site, redirect, response, rss, site
from tests.support.sink import MemorySink

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


async def run(sink: MemorySink, *outlets: Outlet, **changes: Any) -> CrawlReport:
    options: dict[str, Any] = {
        "now": lambda: NOW,
        "allow_networks": ("127.0.0.1/32",),
        "download_timeout": 5.0,
        "rng": Random(1),
        **changes,
    }
    return await asyncio.wait_for(crawl(outlets, sink, options=CrawlOptions(**options)), 30)


def paper(server: Site, *paths: str, **changes: Any) -> Outlet:
    return outlet(*(endpoint(server.base + path) for path in paths or ("/rss",)), **changes)


async def test_a_feed_leads_to_its_articles() -> None:
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1", "/tin/2")
        server.articles("/tin/1", "/tin/2")
        report = await run(sink, paper(server))
    assert set(sink.documents) == {f"{server.base}/tin/1", f"{server.base}/tin/2"}
    document = sink.documents[f"{server.base}/tin/1"]
    assert document.entry is not None
    assert document.entry.title == "Tin 0"
    assert (document.status, document.content_type, document.charset) == (200, "text/html", "utf-8")
    assert report.reasons == {Reason.STORED: 2}
    assert sink.events[-1] == f"polled {server.base}/rss"


async def test_we_say_who_we_are_and_obey_robots() -> None:
    sink = MemorySink()
    async with site() as server:
        server.pages["/robots.txt"] = "User-agent: DiemBao\nDisallow: /tin/2\nUser-agent: *\nDisallow: /"
        server.feed("/rss", "/tin/1", "/tin/2")
        server.articles("/tin/1", "/tin/2")
        await run(sink, paper(server), user_agent="DiemBao/0.1 (+https://example.org/about)")
    assert sink.reason_of(f"{server.base}/tin/2") is Reason.ROBOTS
    assert server.hits["/tin/2"] == 0
    assert server.hits["/robots.txt"] == 1
    assert set(sink.documents) == {f"{server.base}/tin/1"}
    assert {headers["User-Agent"] for _, headers in server.asked} == {
        "DiemBao/0.1 (+https://example.org/about)"
    }


async def test_a_robots_file_that_fails_forbids_and_one_that_is_absent_does_not() -> None:
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.pages["/robots.txt"] = response(status=503)
        await run(sink, paper(server))
        assert sink.detail_of(f"{server.base}/rss") == "503 for robots.txt"
        assert server.hits["/rss"] == 0
        del server.pages["/robots.txt"]
        await run(sink, paper(server))
    assert sink.states[f"{server.base}/rss"].failures == 0


@pytest.mark.parametrize("status", [502, 503, 429])
async def test_a_robots_file_that_failed_once_is_asked_for_again_before_long(status: int) -> None:
    moment = [1000.0]
    politeness = Politeness(clock=lambda: moment[0])
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.articles("/tin/1")
        server.pages["/robots.txt"] = response(status=status)
        await run(sink, paper(server), politeness=politeness)
        server.pages["/robots.txt"] = "User-agent: *\nDisallow: /cam"
        asked = server.hits["/robots.txt"]
        moment[0] += 300
        await run(sink, paper(server), politeness=politeness)
        assert server.hits["/robots.txt"] == asked, "it is given time"
        moment[0] += 300
        await run(sink, paper(server), politeness=politeness)
    assert list(sink.documents) == [f"{server.base}/tin/1"]


@pytest.mark.parametrize("answer", [response(status=502), response(b"garbage", Content_Encoding="gzip")])
async def test_rules_that_are_known_hold_on_while_robots_cannot_be_had(answer: Handler) -> None:
    moment = [1000.0]
    politeness = Politeness(clock=lambda: moment[0])
    sink = MemorySink()
    async with site() as server:
        server.pages["/robots.txt"] = "User-agent: *\nDisallow: /tin/2"
        for number in (1, 2, 3):
            server.feed("/rss", *(f"/tin/{each}" for each in range(1, number + 1)))
            server.articles(f"/tin/{number}")
            await run(sink, paper(server), politeness=politeness)
            server.pages["/robots.txt"] = answer
            moment[0] += 25 * 3600
    assert set(sink.documents) == {f"{server.base}/tin/1", f"{server.base}/tin/3"}
    assert {outcome.reason for outcome in sink.outcomes} == {Reason.ROBOTS}


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (None, Reason.MISSING),
        (response(status=410), Reason.MISSING),
        (response(status=403), Reason.HTTP_ERROR),
        (response(b"<title>Just a moment...</title>", status=403), Reason.CHALLENGE),
        (response(status=503, cf_mitigated="challenge"), Reason.CHALLENGE),
        (response(b"%PDF-1.7", kind="application/pdf"), Reason.NOT_HTML),
        (response(b"\xff\xd8\xff", kind="image/jpeg"), Reason.NOT_HTML),
        (response(b"plain words", kind=""), Reason.NOT_HTML),
        (redirect("/tin/1"), Reason.REDIRECT_LOOP),
        (redirect("https://elsewhere.example/"), Reason.OFFSITE),
        (redirect("http://127.0.0.2/"), Reason.OFFSITE),
        (redirect("file:///etc/passwd"), Reason.FETCH_ERROR),
        (redirect("ftp://127.0.0.1/x"), Reason.FETCH_ERROR),
        (redirect("http://["), Reason.FETCH_ERROR),
        (redirect("/"), Reason.SOFT_404),
        (response(b"x" * 3_000_000), Reason.TOO_LARGE),
        (response(b"not gzip", Content_Encoding="gzip"), Reason.FETCH_ERROR),
        (response(b"x", Content_Encoding="zstd"), Reason.FETCH_ERROR),
        (response(X_Bomb="x" * 40_000), Reason.FETCH_ERROR),
    ],
)
async def test_a_page_that_cannot_be_had_ends_with_its_reason(page: Any, reason: Reason) -> None:
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1", "/tin/2")
        server.articles("/tin/2", "/")
        if page is not None:
            server.pages["/tin/1"] = page
        report = await run(sink, paper(server), max_page_bytes=2_000_000)
    assert sink.reason_of(f"{server.base}/tin/1") is reason
    assert list(sink.documents) == [f"{server.base}/tin/2"]
    assert report.reasons == {reason: 1, Reason.STORED: 1}
    assert f"{server.base}/rss" in sink.states


@pytest.mark.parametrize(
    "spell",
    [
        lambda url: url + "\u200b",
        lambda url: "\ufeff" + url,
        lambda url: url + "\u200e",
        lambda url: url.replace("://", ":/"),
        lambda url: url.replace("/", "\\"),
        lambda url: url.replace("127.0.0.1", "127.0.0.1."),
        lambda url: url.replace("bai-", "bai-\n   "),
        lambda url: url + "#binh-luan",
    ],
)
async def test_what_is_asked_for_is_the_address_that_the_article_is_known_by(spell: Any) -> None:
    sink = MemorySink()
    async with site() as server:
        address = f"{server.base}/tin/bai-1001.html"
        server.feed("/rss", spell(address))
        server.articles("/tin/bai-1001.html")
        await run(sink, paper(server))
    assert list(sink.documents) == [address]
    assert server.asked[-1][0] == "/tin/bai-1001.html"
    assert server.asked[-1][1]["Host"] == f"127.0.0.1:{server.port}"


async def test_redirects_beyond_five_are_a_loop_and_five_are_followed() -> None:
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/a0", "/tin/b0")
        for number in range(6):
            server.pages[f"/tin/a{number}"] = redirect(f"/tin/a{number + 1}")
            server.pages[f"/tin/b{number}"] = redirect(f"/tin/b{number + 1}")
        server.articles("/tin/a5", "/tin/a6")
        await run(sink, paper(server))
    assert sink.documents[f"{server.base}/tin/a0"].final_url == f"{server.base}/tin/a5"
    assert sink.reason_of(f"{server.base}/tin/b0") is Reason.REDIRECT_LOOP


async def test_what_several_addresses_lead_to_is_fetched_once() -> None:
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/a1", "/tin/a2", "/tin/a3", "/tin/1", "/tin/b1", "/tin/b2", "/tin/b3")
        for number in (1, 2, 3):
            server.pages[f"/tin/a{number}"] = redirect("/tin/1", 301)
            server.pages[f"/tin/b{number}"] = redirect("/tin/khong-ai-nhac", 301)
        server.articles("/tin/1", "/tin/khong-ai-nhac")
        report = await run(sink, paper(server, parallel=1))
    assert (server.hits["/tin/1"], server.hits["/tin/khong-ai-nhac"]) == (1, 1)
    assert report.reasons == {Reason.STORED: 2, Reason.DUPLICATE: 5}
    assert sink.reason_of(f"{server.base}/tin/a3") is Reason.DUPLICATE
    assert list(sink.documents) == [f"{server.base}/tin/1", f"{server.base}/tin/b1"]


async def test_two_addresses_that_lead_to_each_other_are_no_two_duplicates_of_nothing() -> None:
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1", "/tin/2")
        server.pages.update({"/tin/1": redirect("/tin/2"), "/tin/2": redirect("/tin/1")})
        report = await run(sink, paper(server, parallel=1))
    assert report.reasons == {Reason.DUPLICATE: 1, Reason.REDIRECT_LOOP: 1}


async def test_every_url_ends_once_however_often_it_is_named() -> None:
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1", "/tin/1?utm_source=rss", "/tin/1#top", "/chuyen-muc", "/tin/2")
        server.feed("/rss2", "/tin/1", "/chuyen-muc", "ftp://127.0.0.1/tin/9")
        server.articles("/tin/1", "/tin/2")
        outlet_ = outlet(endpoint(f"{server.base}/rss"), endpoint(f"{server.base}/rss2", section="Kinh tế"))
        report = await run(sink, outlet_)
    assert sink.twice() == []
    assert server.hits["/tin/1"] + server.hits["/tin/1?utm_source=rss"] == 1
    assert sink.reason_of(f"{server.base}/chuyen-muc") is Reason.NOT_AN_ARTICLE
    assert sink.reason_of("ftp://127.0.0.1/tin/9") is Reason.NOT_AN_ARTICLE
    assert report.reasons == {Reason.STORED: 2, Reason.NOT_AN_ARTICLE: 2}


async def test_a_failing_endpoint_is_an_outcome_of_its_own_and_forgets_nothing() -> None:
    sink = MemorySink()
    async with site() as server:
        server.pages["/rss"] = response(rss(f"{server.base}/tin/1").encode(), kind="text/xml", ETag='"v1"')
        server.articles("/tin/1")
        await run(sink, paper(server))
        server.pages["/rss"] = response(status=500)
        report = await run(sink, paper(server))
        state = sink.states[f"{server.base}/rss"]
        assert sink.reason_of(f"{server.base}/rss") is Reason.HTTP_ERROR
        assert (state.failures, state.etag) == (1, '"v1"')
        assert report.polls[0].reason is Reason.HTTP_ERROR
        server.pages["/rss"] = b"<html><body>Trang chu</body></html>"
        await run(sink, paper(server))
    assert sink.outcomes[-1].reason is Reason.PARSE_ERROR
    assert sink.states[f"{server.base}/rss"].failures == 2


async def test_an_unchanged_feed_is_answered_by_304_and_not_read() -> None:
    async def conditional(request: web.Request) -> web.StreamResponse:
        if request.headers.get("If-None-Match") == '"v1"':
            return web.Response(status=304)
        return web.Response(
            text=rss(f"{server.base}/tin/1"), content_type="text/xml", headers={"ETag": '"v1"'}
        )

    sink = MemorySink()
    async with site() as server:
        server.pages["/rss"] = conditional
        server.articles("/tin/1")
        await run(sink, paper(server))
        report = await run(sink, paper(server))
    assert report.polls[0].unchanged
    assert server.hits["/tin/1"] == 1
    assert sink.states[f"{server.base}/rss"].polls == 2
    assert report.reasons == {}


async def test_a_feed_is_read_again_when_a_page_failed_for_a_passing_cause() -> None:
    sink = MemorySink()
    async with site() as server:
        server.pages["/rss"] = response(rss(f"{server.base}/tin/1").encode(), kind="text/xml", ETag='"v1"')
        server.pages["/tin/1"] = response(status=503)
        await run(sink, paper(server))
        server.articles("/tin/1")
        await run(sink, paper(server))
    assert list(sink.documents) == [f"{server.base}/tin/1"]


@pytest.mark.parametrize("articles", [1, 30])
async def test_a_sink_that_fails_ends_the_crawl_with_its_error_and_no_state_is_written(articles: int) -> None:
    class Broken(MemorySink):
        async def document(self, document: RawDocument) -> Reason:
            raise OSError("disk full")

    sink = Broken()
    async with site() as server:
        server.feed("/rss", *(f"/tin/{number}" for number in range(articles)))
        server.articles(*(f"/tin/{number}" for number in range(articles)))
        with pytest.raises(OSError, match="disk full"):
            await run(sink, paper(server))
    assert sink.states == {}


@pytest.mark.parametrize("broken", ["before", "between"])
async def test_an_archive_that_cannot_be_written_ends_the_crawl_and_is_not_blamed_on_a_page(
    tmp_path: Path, broken: str
) -> None:
    """Else an address would be dropped for good after a few days with a full disk."""
    folder = tmp_path / "archive"

    class Breaking(MemorySink):
        async def choose(self, candidates: Sequence[Candidate]) -> Choice:
            for file in folder.iterdir():
                file.unlink()
            folder.rmdir()
            folder.write_text("in the way")
            return await super().choose(candidates)

    sink = Breaking()
    if broken == "before":
        folder.write_text("in the way")
    async with site() as server:
        server.feed("/rss", "/tin/1", "/tin/2")
        server.articles("/tin/1", "/tin/2")
        with ArchiveWriter(folder, max_bytes=1) as archive, pytest.raises(StoreError) as raised:
            await run(sink, paper(server), archive=archive)
    assert "cannot be archived" in str(raised.value)
    assert str(folder) in str(raised.value)
    assert "archive_keep_days" in str(raised.value)
    assert (sink.outcomes, sink.documents, sink.states) == ([], {}, {})


async def test_a_crawl_that_is_stopped_finishes_what_it_holds_and_writes_no_state() -> None:
    stop = asyncio.Event()

    class Stopping(MemorySink):
        async def document(self, document: RawDocument) -> Reason:
            stop.set()
            await asyncio.sleep(0.05)
            return await super().document(document)

    sink = Stopping()
    async with site() as server:
        server.feed("/rss", *(f"/tin/{number}" for number in range(40)))
        server.articles(*(f"/tin/{number}" for number in range(40)))
        report = await run(sink, paper(server, parallel=1), stop=stop)
    assert report.stopped
    assert 1 <= len(sink.documents) < 40
    assert sink.states == {}
    assert not report.polls[0].complete


async def test_an_outlet_that_cannot_be_reached_is_named() -> None:
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.articles("/tin/1")
        alive = paper(server)
        dead = outlet(endpoint("http://no-such-name.invalid/rss"), slug="xa", hosts=("no-such-name.invalid",))
        report = await run(sink, alive, dead)
    assert report.unreachable == ("xa",)
    assert sink.reason_of("http://no-such-name.invalid/rss") is Reason.UNREACHABLE
    assert len(sink.documents) == 1


async def test_sitemaps_lead_through_their_index_and_listings_to_the_next_page() -> None:
    sink = MemorySink()
    async with site() as server:
        server.pages["/sitemap.xml"] = (
            f"<sitemapindex><sitemap><loc>{server.base}/s-2026-11.xml</loc></sitemap>"
            f"<sitemap><loc>{server.base}/s-2011-01.xml</loc></sitemap></sitemapindex>"
        )
        server.pages["/s-2026-11.xml"] = (
            f"<urlset><url><loc>{server.base}/tin/1</loc><lastmod>2026-11-21T08:00+07:00</lastmod></url>"
            f"<url><loc>{server.base}/tin/cu</loc><lastmod>2024-01-01</lastmod></url></urlset>"
        )
        server.pages["/muc"] = (
            '<a href="/tin/2">Hai</a><a href="/gioi-thieu">x</a><a rel=next href="/muc?p=2">2</a>'
        )
        server.pages["/muc?p=2"] = (
            '<a href="/tin/2">Hai</a><a href="/tin/3">Ba</a><a rel=next href="/muc?p=3">3</a>'
        )
        server.pages["/muc?p=3"] = '<a href="/tin/3">Ba</a><a rel=next href="/muc?p=4">4</a>'
        server.articles("/tin/1", "/tin/2", "/tin/3")
        await run(
            sink,
            outlet(
                endpoint(f"{server.base}/sitemap.xml", EndpointKind.SITEMAP),
                endpoint(f"{server.base}/muc", EndpointKind.LISTING, section="Xã hội"),
            ),
        )
    assert set(sink.documents) == {f"{server.base}/tin/{number}" for number in (1, 2, 3)}
    assert server.hits["/s-2011-01.xml"] == 0
    assert server.hits["/muc?p=4"] == 0
    assert sink.documents[f"{server.base}/tin/3"].section == "Xã hội"
    assert sink.outcomes == []


async def test_what_was_crawled_live_is_replayed_without_the_network(tmp_path: Path) -> None:
    live, replayed = MemorySink(), MemorySink()
    async with site() as server:
        server.pages["/robots.txt"] = "User-agent: *\nDisallow: /tin/cam"
        server.feed("/rss", "/tin/1", "/tin/2", "/tin/cam", "/tin/mat")
        server.articles("/tin/1", "/tin/3")
        server.pages["/tin/2"] = redirect("/tin/3")
        shop = paper(server)
        with ArchiveWriter(tmp_path) as archive:
            first = await run(live, shop, archive=archive)
        hits = server.hits.total()
        second = await run(replayed, shop, replay=ArchiveReader([tmp_path]))
        assert server.hits.total() == hits
    assert second.reasons == first.reasons
    assert set(replayed.documents) == set(live.documents)
    assert replayed.documents[f"{server.base}/tin/2"].final_url == f"{server.base}/tin/3"


async def test_what_was_not_recorded_is_an_outcome_of_its_own(tmp_path: Path) -> None:
    live, sink = MemorySink(), MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.articles("/tin/1")
        await run(live, paper(server))
        with ArchiveWriter(tmp_path) as archive:
            await run(live, paper(server), archive=archive)  # of the feed alone, the article is known
        await run(sink, paper(server, "/rss", "/khac"), replay=ArchiveReader([tmp_path]))
    assert sink.reason_of(f"{server.base}/tin/1") is Reason.NOT_IN_ARCHIVE
    assert sink.reason_of(f"{server.base}/khac") is Reason.NOT_IN_ARCHIVE
    assert list(sink.states) == [f"{server.base}/rss"]


async def test_a_host_that_asks_for_fewer_requests_is_left_alone() -> None:
    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", *(f"/tin/{number}" for number in range(6)))
        for number in range(6):
            server.pages[f"/tin/{number}"] = response(status=429, Retry_After="120")
        report = await run(sink, paper(server, parallel=1))
    assert sum(server.hits[f"/tin/{number}"] for number in range(6)) == 1
    assert report.reasons == {Reason.HTTP_ERROR: 6}


async def test_an_empty_section_is_no_failure_and_a_page_instead_of_a_sitemap_is() -> None:
    sink = MemorySink()
    async with site() as server:
        server.pages["/muc"] = "<html><p>Chưa có bài</p></html>"
        server.pages["/rss"] = rss()
        server.pages["/sitemap.xml"] = "<html><p>Trang chủ</p></html>"
        report = await run(
            sink,
            outlet(
                endpoint(f"{server.base}/muc", EndpointKind.LISTING),
                endpoint(f"{server.base}/rss"),
                endpoint(f"{server.base}/sitemap.xml", EndpointKind.SITEMAP),
            ),
        )
    assert [poll.reason for poll in report.polls] == [None, None, Reason.PARSE_ERROR]
    assert sink.reason_of(f"{server.base}/sitemap.xml") is Reason.PARSE_ERROR


async def test_robots_and_crawl_delay_are_remembered_from_one_crawl_to_the_next() -> None:
    politeness = Politeness()
    async with site() as server:
        server.pages["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.05"
        server.feed("/rss", "/tin/1")
        server.articles("/tin/1")
        for _ in range(2):
            await run(MemorySink(), paper(server), politeness=politeness)
    assert server.hits["/robots.txt"] == 1
    assert politeness.crawl_delays == {"127.0.0.1": 0.05}
    assert "127.0.0.1" in politeness.last_asked


@pytest.mark.parametrize("parallel", [1, 3])
async def test_no_more_requests_are_under_way_at_a_host_than_its_outlet_allows(parallel: int) -> None:
    now = most = 0

    async def slow(request: web.Request) -> web.StreamResponse:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.03)
        now -= 1
        return web.Response(text=f"<p>{request.path}</p>", content_type="text/html")

    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", *(f"/tin/{number}" for number in range(12)))
        server.pages.update({f"/tin/{number}": slow for number in range(12)})
        await run(sink, paper(server, parallel=parallel))
    assert len(sink.documents) == 12
    assert most == parallel


async def test_a_host_that_never_answers_is_given_up_for_a_while() -> None:
    async def hang(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", *(f"/tin/{number}" for number in range(9)))
        server.pages.update({f"/tin/{number}": hang for number in range(9)})
        report = await run(sink, paper(server, parallel=1), download_timeout=0.3)
    assert report.reasons == {Reason.TIMEOUT: 3, Reason.UNREACHABLE: 6}
    assert sum(server.hits[f"/tin/{number}"] for number in range(9)) == 3
    assert sink.states[f"{server.base}/rss"].body_hash == ""  # so that the next poll names them again


def listening() -> int:
    """How many sockets of this process listen."""
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    inodes = {f"socket:[{row.split()[9]}]" for row in rows if row.split()[3] == "0A"}
    count = 0
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            count += str(link.readlink()) in inodes
    return count


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs /proc")
async def test_nothing_listens_while_a_crawl_runs() -> None:
    """Scrapy's telnet and remote-control consoles are off."""
    seen: list[int] = []

    class Looking(MemorySink):
        async def document(self, document: RawDocument) -> Reason:
            seen.append(listening())
            return await super().document(document)

    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.articles("/tin/1")
        before = listening()
        await run(Looking(), paper(server))
    assert seen == [before]


async def test_cookies_are_kept_only_where_an_outlet_declares_a_page_that_gives_them() -> None:
    def opened(request: web.Request) -> bool:
        return request.headers.get("Cookie") == "visit=7"

    async def page(request: web.Request) -> web.StreamResponse:
        if not opened(request):
            return web.Response(status=302, headers={"Location": request.path})
        body = rss(f"{server.base}/tin/1") if request.path == "/feed" else "<p>x</p>"
        return web.Response(text=body, content_type="text/xml" if request.path == "/feed" else "text/html")

    async with site() as server:
        server.pages.update({"/feed": page, "/tin/1": page})
        server.pages["/rss"] = response(Set_Cookie="visit=7; Path=/; HttpOnly")
        plain, declared = MemorySink(), MemorySink()
        await run(plain, paper(server, "/feed"))
        shop = paper(server, "/feed")
        shop = replace(shop, fetch=replace(shop.fetch, cookies_from=f"{server.base}/rss"))
        await run(declared, shop)
    assert plain.reason_of(f"{server.base}/feed") is Reason.REDIRECT_LOOP
    assert list(declared.documents) == [f"{server.base}/tin/1"]
    assert server.hits["/rss"] == 1


async def test_a_crawl_that_is_cancelled_ends_at_once_and_writes_no_state() -> None:
    started = asyncio.Event()

    async def hang(_: web.Request) -> web.StreamResponse:
        started.set()
        await asyncio.sleep(30)
        return web.Response()

    sink = MemorySink()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.pages["/tin/1"] = hang
        task = asyncio.ensure_future(run(sink, paper(server), download_timeout=25.0))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 10)
    assert (sink.states, sink.outcomes, sink.documents) == ({}, [], {})


@pytest.mark.parametrize("cancelled", [True, False], ids=["cancelled", "stopped"])
async def test_a_crawl_that_is_ended_while_it_starts_asks_for_nothing_more_and_ends(cancelled: bool) -> None:
    """Whatever it is at: its start takes some turns of the loop."""
    async with site() as server:
        server.feed("/rss")
        for turns in range(12):
            stop = asyncio.Event()
            task = asyncio.ensure_future(run(MemorySink(), paper(server), stop=stop))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel() if cancelled else stop.set()
            done, _ = await asyncio.wait({task}, timeout=10)
            assert done, f"after {turns} turns"
            assert task.cancelled() if cancelled else task.result().stopped


async def test_crawls_run_side_by_side_in_one_loop() -> None:
    sinks = [MemorySink(), MemorySink()]
    async with site("127.0.0.1") as one, site("127.0.0.1") as two:
        for server in (one, two):
            server.feed("/rss", "/tin/1")
            server.articles("/tin/1")
        await asyncio.gather(
            *(run(sink, paper(server)) for sink, server in zip(sinks, (one, two), strict=True))
        )
    assert [len(sink.documents) for sink in sinks] == [1, 1]
