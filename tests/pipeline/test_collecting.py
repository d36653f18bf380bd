"""From feeds on a real server to rows: what feeds do wrong must neither lose an article nor make two of one.
Pages are read in this process and get no tags; the rest is the program's own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

import pytest

from crawlers.crawl import CrawlOptions, CrawlReport, crawl
from crawlers.health import State
from models.document import Article, Completeness
from models.outcome import Reason
from models.outlet import EndpointKind, Outlet
from models.query import Query
from models.tags import Taggable, Tags
from pipeline.extract.pool import WorkerPool
from pipeline.flow import Flow
from pipeline.processing import Done, Work
from pipeline.processor import Processor
from pipeline.store import Store, open_store
from pipeline.tag import Tagger
from pipeline.watch import diagnose_all
from pipeline.writer import Writer
from tests.conftest import Databases
from tests.support.outlets import endpoint, outlet
from tests.support.server import Site, redirect, response, site

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
WORDS = "Sở Nông nghiệp cho biết vụ lúa năm nay đạt sản lượng cao hơn năm trước nhờ thời tiết thuận lợi."


class NoTags:
    """Tags nothing."""

    def tag(self, taggable: Taggable) -> Tags:
        return Tags(language="vi")


class Inline:
    """The worker's function without a process around it."""

    def __init__(self, paper: Outlet) -> None:
        self._read = Processor({paper.slug: paper}, cast(Tagger, NoTags()))

    async def run(self, item: Work) -> Done:
        return self._read(item)


@pytest.fixture
def kept(sqlite_databases: Databases) -> Iterator[Store]:
    with open_store(sqlite_databases.ready()) as opened:
        yield opened


async def collect(
    store: Store, server: Site, now: datetime = NOW, *, hosts: Sequence[str] = ()
) -> CrawlReport:
    map_ = endpoint(f"{server.base}/sitemap.xml", EndpointKind.SITEMAP)
    ends = [map_] if "/sitemap.xml" in server.pages else [endpoint(f"{server.base}/rss")]
    paper = outlet(*ends, hosts=(server.host, *hosts))
    async with Writer(store, lambda: now) as writer:
        flow = Flow(store, cast("WorkerPool[Work, Done]", Inline(paper)), writer, lambda: now)
        options = CrawlOptions(now=lambda: now, allow_networks=("127.0.0.0/24",))
        return await crawl([paper], flow, options=options)


def page(server: Site, path: str, title: str, hour: int = 1, *, canonical: str = "") -> None:
    data = {"@type": "NewsArticle", "headline": title, "datePublished": f"2026-11-22T{hour:02}:00:00+07:00"}
    link = f"<link rel=canonical href='{server.base}{canonical}'>" if canonical else ""
    server.pages[path] = (
        f"<html lang=vi><head><title>{title}</title>{link}"
        f"<script type='application/ld+json'>{json.dumps(data)}</script></head><body>"
        f"<article><h1>{title}</h1><p>{title}. {WORDS}</p><p>{WORDS} {path}</p>"
    )


def feed(server: Site, *items: Mapping[str, str]) -> None:
    body = "".join(
        "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in item.items()) + "</item>"
        for item in items
    )
    server.pages["/rss"] = f"<rss version='2.0'><channel><title>Báo</title>{body}</channel></rss>"


def item(server: Site, path: str, title: str, guid: str, hour: int = 1) -> dict[str, str]:
    when = f"Sun, 22 Nov 2026 {hour:02}:00:00 +0700"
    return {"title": title, "link": f"{server.base}{path}", "guid": guid, "pubDate": when}


def titles(store: Store) -> list[str]:
    return sorted(str(article["title"]) for article in store.export())


async def test_r18_ten_entries_with_one_guid_are_ten_articles(kept: Store) -> None:
    async with site() as server:
        for number in range(10):
            page(server, f"/tin/{number}", f"Tin số {number} về mùa gặt lúa")
        feed(
            server,
            *(item(server, f"/tin/{n}", f"Tin số {n} về mùa gặt lúa", "cùng-một-guid") for n in range(10)),
        )
        await collect(kept, server)
    assert len(titles(kept)) == 10


async def test_a_feed_that_stamps_all_it_holds_anew_is_believed_less_and_a_new_version_is_found_still(
    kept: Store,
) -> None:
    def atom(stamp: datetime, title: str) -> str:
        return (
            f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Báo</title><entry><title>{title}</title>"
            f"<id>1</id><link href='{server.base}/tin/1'/><published>2026-11-22T01:00:00Z</published>"
            f"<updated>{stamp.isoformat()}</updated></entry></feed>"
        )

    names = "Mưa lớn ở Huế", "Mưa rất lớn ở Huế"
    async with site() as server:
        page(server, "/tin/1", names[0])
        for minutes in range(0, 120, 10):
            now = NOW + timedelta(minutes=minutes)
            server.pages["/rss"] = atom(now, names[0])
            await collect(kept, server, now)
        asked = server.hits["/tin/1"]
        page(server, "/tin/1", names[1])
        server.pages["/rss"] = atom(NOW, names[1])
        await collect(kept, server, NOW + timedelta(hours=3))
    assert asked == 3, "at first, after the first stamp, an hour later"
    assert titles(kept) == [names[1]]


def sitemap(server: Site, *stamped: tuple[str, datetime]) -> None:
    body = "".join(
        f"<url><loc>{server.base}{path}</loc><lastmod>{at.isoformat()}</lastmod></url>"
        for path, at in stamped
    )
    server.pages["/sitemap.xml"] = (
        f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{body}</urlset>"
    )


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
async def test_a_truncated_article_is_read_whole_once_its_time_is_renewed_and_then_left_alone(
    kept: Store, kind: str
) -> None:
    """A later pubDate or lastmod, with the title as it was."""
    name = "Lúa được mùa ở nhiều huyện"

    def tell(hour: int) -> None:
        if kind == "feed":
            feed(server, item(server, "/tin/1", name, "1", hour))
        else:
            sitemap(server, ("/tin/1", datetime(2026, 11, 22, hour, tzinfo=timezone(timedelta(hours=7)))))

    async with site() as server:
        page(server, "/tin/1", name)
        tell(hour=8)
        await collect(kept, server)  # at 10 o'clock there
        page(server, "/tin/1", name)
        server.pages["/tin/1"] = str(server.pages["/tin/1"]) + f"<p>{WORDS} Bản đầy đủ.</p>"
        for hours, hour in ((1, 9), (3, 12), (4, 12), (6, 23)):
            tell(hour)
            await collect(kept, server, NOW + timedelta(hours=hours))
            if hours == 1:
                assert server.hits["/tin/1"] == 1, "the time is before the first fetch"
        assert server.hits["/tin/1"] == 2, "and one in the future says nothing"
    assert "Bản đầy đủ." in the_article(kept).text


async def test_a_sitemap_that_stamps_all_it_holds_anew_has_no_page_asked_for_again(kept: Store) -> None:
    names = {f"/tin/{number}": f"Tin số {number} về mùa gặt lúa" for number in range(12)}
    async with site() as server:
        for path, name in names.items():
            page(server, path, name)
        for hours in range(5):
            now = NOW + timedelta(hours=hours)
            sitemap(server, *((path, now - timedelta(minutes=1)) for path in names))
            await collect(kept, server, now)
        one = NOW + timedelta(hours=6)
        sitemap(server, *((path, one if path == "/tin/7" else NOW - timedelta(minutes=1)) for path in names))
        await collect(kept, server, NOW + timedelta(hours=7))
        asked = Counter({path: server.hits[path] for path in names})
    assert asked == Counter(names.keys()) + Counter({"/tin/7": 1})


@pytest.mark.parametrize(("asked", "hours"), [("7200", 2), ("172800", 24)])
@pytest.mark.parametrize("status", [503, 429, 500])
async def test_an_article_whose_host_asks_for_a_wait_is_given_it_up_to_a_day(
    kept: Store, status: int, asked: str, hours: int
) -> None:
    async with site() as server:
        feed(server, *(item(server, f"/tin/{n}", f"Mưa lớn ở Huế {n}", str(n)) for n in (1, 2)))
        server.pages["/tin/1"] = response(status=status, Retry_After=asked)
        page(server, "/tin/2", "Mưa lớn ở Huế 2")
        await collect(kept, server)
        page(server, "/tin/1", "Mưa lớn ở Huế 1")
        for minutes in (20, hours * 60 - 1):
            await collect(kept, server, NOW + timedelta(minutes=minutes))
        before = server.hits["/tin/1"]
        await collect(kept, server, NOW + timedelta(hours=hours))
    assert before == 1
    assert len(titles(kept)) == 2


async def test_an_article_that_failed_is_tried_again_though_its_feed_is_read_more_often(kept: Store) -> None:
    async with site() as server:
        feed(server, item(server, "/tin/1", "Mưa lớn ở Huế", "1"))
        server.pages["/tin/1"] = response(status=500)
        await collect(kept, server)
        page(server, "/tin/1", "Mưa lớn ở Huế")
        for minutes in (5, 10):
            await collect(kept, server, NOW + timedelta(minutes=minutes))
    assert titles(kept) == ["Mưa lớn ở Huế"]


async def test_r19_a_feed_whose_addresses_and_guids_all_changed_brings_nothing_new(kept: Store) -> None:
    """And each of its addresses is counted as what it is: another one of a known article."""
    async with site() as server:
        names = [f"Tin số {number} về mùa gặt lúa" for number in range(6)]
        for number, name in enumerate(names):
            page(server, f"/tin/{number}", name, number)
        feed(server, *(item(server, f"/tin/{n}", name, f"a{n}", n) for n, name in enumerate(names)))
        first = await collect(kept, server)
        feed(server, *(item(server, f"/tin/moi/{n}", name, f"b{n}", n) for n, name in enumerate(names)))
        second = await collect(kept, server, NOW + timedelta(hours=1))
        server.pages["/rss"] = str(server.pages["/rss"]).replace("Báo", "Báo mới")
        third = await collect(kept, server, NOW + timedelta(hours=26))
        asked = sum(server.hits[f"/tin/moi/{n}"] for n in range(6))
    assert first.reasons == {Reason.STORED: 6}
    assert second.reasons == {Reason.DUPLICATE: 6}
    assert third.reasons == {Reason.KNOWN: 6}
    assert (titles(kept), asked) == (sorted(names), 0)
    by_new = [kept.get(f"{server.base}/tin/moi/{number}") for number in range(6)]
    assert [each and each.article.title for each in by_new] == names


@pytest.mark.parametrize("how", ["relinked", "redirected", "redirected and edited", "gone"])
async def test_an_article_is_linked_where_it_was_moved_once_it_was_read_there(kept: Store, how: str) -> None:
    """And it is the same article, so that nobody gets it twice."""
    names = [f"Tin số {number} về mùa gặt lúa" for number in range(6)]
    async with site() as server:
        for number, name in enumerate(names):
            page(server, f"/tin/{number}", name, number)
        feed(server, *(item(server, f"/tin/{n}", name, f"a{n}", n) for n, name in enumerate(names)))
        await collect(kept, server)
        before = list(kept.all_ids())
        if how in ("relinked", "gone"):
            feed(server, *(item(server, f"/tin/moi/{n}", name, f"b{n}", n) for n, name in enumerate(names)))
            server.pages["/tin/0"] = response(status=410)
            await collect(kept, server, NOW + timedelta(hours=1))
        else:
            server.pages["/tin/0"] = redirect(f"{server.base}/tin/moi/0", status=301)
        if how == "gone":  # and the sitemap of the day still names it
            feed(server, item(server, "/tin/0", f"{names[0]}!", "a0", 0))
            await collect(kept, server, NOW + timedelta(hours=2))
        edited = names[0] if how == "redirected" else f"{names[0]}, thêm hai xã"
        page(server, "/tin/moi/0", edited, 0)
        path = "/tin/0" if how.startswith("redirected") else "/tin/moi/0"
        feed(server, item(server, path, f"{names[0]}, thêm hai xã", "c0", 0))
        await collect(kept, server, NOW + timedelta(hours=4))
        linked = {str(each["title"]): str(each["canonical_url"]) for each in kept.export()}
        old, new = (kept.get(f"{server.base}{path}") for path in ("/tin/0", "/tin/moi/0"))
    assert linked[edited] == f"{server.base}/tin/moi/0"
    assert linked[names[1]] == f"{server.base}/tin/1"
    assert sorted(kept.all_ids()) == sorted(before)
    assert old == new is not None


def outcomes_of(store: Store, server: Site) -> dict[str, Reason]:
    """How each address stands, by its path."""
    return {each.url.removeprefix(server.base): each.reason for each in store.outcomes()}


@pytest.mark.parametrize("order", ["12", "21"])
@pytest.mark.parametrize("polls", [1, 2])
async def test_two_addresses_whose_pages_name_one_of_them_are_one_article_there_in_whatever_order(
    kept: Store, order: str, polls: int
) -> None:
    name = "Lúa được mùa ở nhiều huyện"
    async with site() as server:
        for path in ("/tin/1", "/tin/2"):
            page(server, path, name, canonical="/tin/1")
        items = [item(server, f"/tin/{number}", name, number) for number in order]
        for number in range(polls):
            feed(server, *(items if polls == 1 else items[: number + 1]))
            await collect(kept, server, NOW + timedelta(hours=number))
        await collect(kept, server, NOW + timedelta(hours=26))
        ended = outcomes_of(kept, server)
        asked = server.hits["/tin/1"], server.hits["/tin/2"]
        urls = [str(each["canonical_url"]).removeprefix(server.base) for each in kept.export()]
    assert urls == ["/tin/1"]
    assert asked == (1, 1)
    assert sorted(ended.values()) == [Reason.DUPLICATE, Reason.STORED]


async def test_sections_that_name_an_address_which_nothing_else_names_are_one_article(kept: Store) -> None:
    name = "Lúa được mùa ở nhiều huyện"
    async with site() as server:
        for path in ("/tin/a/1", "/tin/b/1"):
            page(server, path, name, canonical="/tin/1")
        feed(server, *(item(server, path, name, path) for path in ("/tin/a/1", "/tin/b/1")))
        report = await collect(kept, server)
    assert report.reasons == {Reason.STORED: 1, Reason.DUPLICATE: 1}
    assert titles(kept) == [name]


@pytest.mark.parametrize("lie", ["/", "/tin/0", "/tin/9", "/chuyen-muc", "//other.example/tin/1"])
async def test_a_template_that_names_one_address_on_all_pages_hides_no_article(kept: Store, lie: str) -> None:
    """The front page, the first article, one that comes later, a section, another host."""
    async with site() as server:
        names = {f"/tin/{number}": f"Tin số {number} về mùa gặt lúa" for number in range(10)}
        for path, name in names.items():
            page(server, path, name)
            link = lie if lie.startswith("//") else f"{server.base}{lie}"
            server.pages[path] = str(server.pages[path]).replace(
                "<script", f"<link rel=canonical href='{link}'><script"
            )
        items = [item(server, path, name, path) for path, name in names.items()]
        feed(server, *items[:6])
        await collect(kept, server)
        feed(server, *items)
        await collect(kept, server, NOW + timedelta(hours=1))
        await collect(kept, server, NOW + timedelta(hours=26))
        stored = {str(each["canonical_url"]): str(each["title"]) for each in kept.export()}
    assert stored == {f"{server.base}{path}": name for path, name in names.items()}


async def test_r20_a_title_edited_three_times_is_one_article_with_its_versions(kept: Store) -> None:
    async with site() as server:
        for number in range(4):
            name = f"Bão số {number} vào bờ, dân di dời"
            page(server, "/tin/1", name)
            feed(server, item(server, "/tin/1", name, "g1"))
            await collect(kept, server, NOW + timedelta(hours=number))
    assert titles(kept) == ["Bão số 3 vào bờ, dân di dời"]
    (article,) = kept.export()
    stored = kept.get(str(article["canonical_url"]))
    assert stored is not None
    assert [version.title for version in stored.revisions] == [
        f"Bão số {number} vào bờ, dân di dời" for number in range(3)
    ]


async def test_r21_a_guid_that_is_used_again_for_another_article_hides_neither(kept: Store) -> None:
    async with site() as server:
        for number, name in enumerate(["Lúa được mùa ở nhiều huyện", "Cầu mới thông xe sáng nay"]):
            page(server, f"/tin/{number}", name)
            feed(server, item(server, f"/tin/{number}", name, "dùng-lại"))
            await collect(kept, server, NOW + timedelta(hours=number))
    assert titles(kept) == ["Cầu mới thông xe sáng nay", "Lúa được mùa ở nhiều huyện"]
    assert not any(stored.revisions for stored in kept.articles(list(kept.all_ids())))
    ended = {outcome.url.removeprefix(server.base): outcome.reason for outcome in kept.outcomes()}
    assert ended == {"/tin/0": Reason.STORED, "/tin/1": Reason.STORED}


async def test_r28_entries_that_cannot_be_used_cost_only_themselves(kept: Store) -> None:
    async with site() as server:
        page(server, "/tin/1", "Lúa được mùa ở nhiều huyện")
        bad = [
            {},
            {"title": "Không có địa chỉ"},
            {"title": "Hỏng", "link": "http://["},
            {"title": "Tệp", "link": "file:///etc/passwd"},
            {"title": "&#0;\x0c", "link": "&#1114112;", "pubDate": "99/99/9999"},
        ]
        feed(server, *bad, item(server, "/tin/1", "Lúa được mùa ở nhiều huyện", "g"), *bad)
        report = await collect(kept, server)
    assert titles(kept) == ["Lúa được mùa ở nhiều huyện"]
    assert report.polls[0].entries == 11
    assert report.polls[0].reason is None
    assert "entry without an address" in report.polls[0].problems


def the_article(store: Store) -> Article:
    """The only one that is stored."""
    (stored,) = store.articles(list(store.all_ids()))
    return stored.article


@pytest.mark.parametrize("mark", ["data", "tier", "box"])
async def test_r24_what_stands_before_a_paywall_is_kept_as_a_teaser_until_the_text_is_shown(
    kept: Store, mark: str
) -> None:
    """And a wall that comes later takes no text away."""
    async with site() as server:
        page(server, "/tin/1", "Lúa được mùa ở nhiều huyện")
        whole = str(server.pages["/tin/1"]).replace(WORDS, WORDS * 3)
        wall = str(server.pages["/tin/1"]).replace(
            *{
                "data": ('"@type"', '"isAccessibleForFree": "False", "@type"'),
                "tier": ("</head>", '<meta property="article:content_tier" content="locked"></head>'),
                "box": (
                    "<article>",
                    "<div class=box-paywall>Đăng nhập để đọc tiếp bài viết này</div><article>",
                ),
            }[mark]
        )
        server.pages["/tin/1"] = wall
        feed(server, item(server, "/tin/1", "Lúa được mùa ở nhiều huyện", "g"))
        behind = await collect(kept, server)
        first = the_article(kept)
        server.pages["/tin/1"] = whole
        feed(server, item(server, "/tin/1", "Lúa được mùa ở nhiều huyện!", "g"))
        shown = await collect(kept, server, NOW + timedelta(hours=1))
        second = the_article(kept)
        server.pages["/tin/1"] = wall
        feed(server, item(server, "/tin/1", "Lúa được mùa ở nhiều huyện!!", "g"))
        again = await collect(kept, server, NOW + timedelta(hours=2))
        third = the_article(kept)
    assert [sum(each.reasons.values()) for each in (behind, shown, again)] == [1, 1, 1]
    assert (behind.reasons[Reason.TEASER], first.completeness) == (1, Completeness.TEASER)
    assert (shown.reasons[Reason.REVISED], second.completeness) == (1, Completeness.FULL)
    assert (again.reasons[Reason.UNCHANGED], third.completeness) == (1, Completeness.FULL)
    assert third.text == second.text != first.text
    (outcome,) = (each for each in kept.outcomes() if each.url.endswith("/tin/1"))
    assert outcome.reason is Reason.REVISED


CONSENT = (
    "Chúng tôi sử dụng cookie để cải thiện trải nghiệm của bạn, đo lượng truy cập và hiển thị quảng cáo.",
    "Bằng việc tiếp tục đọc, bạn đồng ý với chính sách bảo mật và điều khoản sử dụng của chúng tôi.",
)


async def test_r27_what_a_page_asks_of_its_reader_is_no_article_and_no_part_of_one(kept: Store) -> None:
    """Six pages of a host hold the notice alone, as where a script brings the text; six both."""
    notice = "".join(f"<p>{text}</p>" for text in CONSENT)
    async with site() as server:
        names = {f"/tin/{number}": f"Tin số {number} về mùa gặt lúa" for number in range(12)}
        for number, (path, name) in enumerate(names.items()):
            page(server, path, name)
            head, article, text = str(server.pages[path]).partition("<article>")
            server.pages[path] = head + article + notice + (text if number >= 6 else "")
        feed(server, *(item(server, path, name, path) for path, name in names.items()))
        report = await collect(kept, server)
    assert report.reasons == {Reason.TOO_SHORT: 6, Reason.STORED: 6}
    assert titles(kept) == sorted(list(names.values())[6:])
    for stored in kept.articles(list(kept.all_ids())):
        assert WORDS in stored.article.text
        assert "cookie" not in stored.article.text + stored.article.lead
        assert "chính sách" not in stored.article.text + stored.article.lead


async def test_what_an_outlet_had_before_it_was_first_asked_is_stored_and_is_no_news(kept: Store) -> None:
    """VTV's feed goes back 25 days: no digest tells them. What is named late by a known feed is news."""
    async with site() as server:
        for number, name in enumerate(["Cầu mới thông xe", "Lúa được mùa", "Chợ nổi đông khách"]):
            page(server, f"/tin/{number}", f"{name} ở nhiều huyện miền Tây")
            if number != 1:
                server.pages[f"/tin/{number}"] = str(server.pages[f"/tin/{number}"]).replace(
                    "11-22T", "11-01T"
                )
        items = [{"title": f"Tin {n}", "link": f"{server.base}/tin/{n}"} for n in range(3)]
        feed(server, *items[:2])
        await collect(kept, server)
        feed(server, *items)
        await collect(kept, server, NOW + timedelta(hours=1))
    told = kept.stories_between(NOW - timedelta(hours=1), NOW + timedelta(hours=1), Query())
    assert len(titles(kept)) == 3
    assert sorted(hit.title for story in told for hit in story.articles) == [
        "Chợ nổi đông khách ở nhiều huyện miền Tây",
        "Lúa được mùa ở nhiều huyện miền Tây",
    ]


async def test_an_old_article_that_a_feed_names_at_a_later_poll_of_the_same_process_is_news(
    kept: Store,
) -> None:
    """An article of weeks ago that an outlet brings back, or tells of late."""
    moment = NOW
    async with site() as server, Writer(kept, lambda: moment) as writer:
        paper = outlet(endpoint(f"{server.base}/rss"), hosts=(server.host,))
        flow = Flow(kept, cast("WorkerPool[Work, Done]", Inline(paper)), writer, lambda: moment)
        options = CrawlOptions(now=lambda: moment, allow_networks=("127.0.0.0/24",))
        items = [{"title": f"Tin {n}", "link": f"{server.base}/tin/{n}"} for n in range(2)]
        for number, name in enumerate(["Cầu mới thông xe", "Chợ nổi đông khách"]):
            page(server, f"/tin/{number}", f"{name} ở nhiều huyện miền Tây")
            server.pages[f"/tin/{number}"] = str(server.pages[f"/tin/{number}"]).replace("11-22T", "11-01T")
            feed(server, *items[: number + 1])
            await crawl([paper], flow, options=options)
            await writer.flush()
            moment += timedelta(hours=1)
    told = kept.stories_between(NOW - timedelta(hours=1), moment, Query())
    assert len(titles(kept)) == 2
    assert [hit.title for story in told for hit in story.articles] == [
        "Chợ nổi đông khách ở nhiều huyện miền Tây"
    ]


async def test_an_outlet_that_moved_brings_each_article_once_from_where_it_is_now(kept: Store) -> None:
    """Its feed names the old host one day and the new one the next; only the new one is asked for pages."""
    async with site("127.0.0.1") as server, site("127.0.0.2", port=server.port) as old:
        for number in range(2):
            page(server, f"/tin/{number}", f"Tin số {number} về mùa gặt lúa")
            page(old, f"/tin/{number}", f"Bản cũ của tin số {number}")
        feed(server, *(item(old, f"/tin/{n}", f"Tin số {n} về mùa gặt lúa", f"a{n}") for n in range(2)))
        first = await collect(kept, server, hosts=[old.host])
        feed(server, *(item(server, f"/tin/{n}", f"Tin số {n} về mùa gặt lúa", f"b{n}") for n in range(2)))
        second = await collect(kept, server, NOW + timedelta(hours=1), hosts=[old.host])
        assert (first.reasons, second.reasons) == ({Reason.STORED: 2}, {Reason.KNOWN: 2})
        assert {str(each["canonical_url"]) for each in kept.export()} == {
            f"{server.base}/tin/{n}" for n in range(2)
        }
        assert old.hits.total() == 0
    assert titles(kept) == ["Tin số 0 về mùa gặt lúa", "Tin số 1 về mùa gặt lúa"]


async def test_an_outlet_that_leads_to_another_papers_host_has_moved_and_brings_nothing_of_it(
    kept: Store,
) -> None:
    """As nld.com.vn leads to tuoitre.vn: the other paper's articles are not told under this one's name."""
    async with site("127.0.0.1") as server, site("127.0.0.3", port=server.port) as other:
        server.pages["/rss"] = redirect(f"{other.base}/rss", status=301)
        page(other, "/tin/1", "Tin của báo khác")
        other.feed("/rss", "/tin/1")
        report = await collect(kept, server)
        paper = outlet(endpoint(f"{server.base}/rss"))
    assert report.reasons == {Reason.OFFSITE: 1}
    assert other.hits.total() == 0
    (found,) = diagnose_all(kept, [paper], NOW)
    assert found.state is State.MOVED
    assert "127.0.0.3" in found.reason.en
