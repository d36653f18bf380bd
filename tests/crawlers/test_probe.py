"""The probe of an outlet, and what is written into its file."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from crawlers.crawl import CrawlOptions
from crawlers.health import State
from crawlers.outlet_edit import new_grade, not_written, proposal, slug_from, with_grades
from crawlers.parsing import FeedReader, Parsed, Unparsed, parse
from crawlers.probe import Probed, ProbeReport, Sample, probe
from crawlers.words import NOTHING, failure, say
from models.document import RawDocument
from models.outcome import Reason
from models.outlet import EndpointKind, Grade, Outlet
from pipeline.extract.pool import DeadlineExceeded
from tests.crawlers.test_pace import timed
from tests.support.outlets import endpoint, outlet
from tests.support.server import Site, redirect, response, rss, site

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
DAY = date(2026, 11, 22)
FILE = """# Báo Mẫu, seen by hand
name = "Báo Mẫu"  # as printed

[[endpoint]]  # the main feed
kind = "feed"
url = "https://bao.vn/rss"
grade = "B" # from a configuration
note = "grade = \\"A\\" once"

[[endpoint]]
kind = "feed"
url = 'https://bao.vn/cu.rss'
enabled = true
checked = 2025-01-02   # long ago
grade = 'A'

[profile]
url = "https://bao.vn/rss"
"""


def read(document: RawDocument) -> Sample:
    good = b"article" in document.body
    reason = Reason.STORED if good else Reason.TOO_SHORT
    return Sample(url=document.url, reason=reason, title="Tin" if good else "")


async def look(paper: Outlet, read_feed: FeedReader | None = None) -> ProbeReport:
    options = CrawlOptions(
        now=lambda: NOW, allow_networks=("127.0.0.1/32",), download_timeout=5.0, read_feed=read_feed
    )
    return await probe(paper, read, options)


ARTICLES = (*(f"/tin/{n}" for n in (1, 2, 3)), *(f"/the-thao/tin-{n}.html" for n in range(4)))


def newspaper(server: Site) -> Outlet:
    """An outlet whose home page announces a feed that its file lacks, with feeds in every state."""
    server.pages["/"] = (
        '<html lang="vi-VN"><meta property="og:site_name" content="Báo Mẫu">'
        '<link rel="alternate" type="application/rss+xml" href="/moi.rss"><a href="/tin/1">Một</a>'
    )
    server.pages["/robots.txt"] = f"User-agent: *\nDisallow: /cam\nSitemap: {server.base}/sitemap.xml"
    server.feed("/moi.rss", "/tin/1", "/tin/2")
    server.feed("/rss", "/tin/1", "/tin/2", "/muc-luc")
    server.pages["/cu.rss"] = rss(f"{server.base}/tin/3", date="Sat, 21 Nov 2020 08:15:00 GMT+7")
    server.pages["/rong.rss"] = rss()
    server.pages["/hong.rss"] = response(status=500)
    links = [f"{server.base}/the-thao/tin-{n}.html" for n in range(4)]
    server.pages["/kinh-te.rss"] = rss(*links)
    for path in ARTICLES:  # whichever feed answers first
        server.pages[path] = "<article>Tin</article>"
    paths = ("/rss", "/cu.rss", "/rong.rss", "/hong.rss", "/mat.rss", "/cam.rss")
    found = outlet(
        *(endpoint(server.base + path) for path in paths),
        endpoint(f"{server.base}/kinh-te.rss", section="kinh-te"),
        endpoint(f"{server.base}/the-thao.rss", section="the-thao"),
    )
    return Outlet(
        **{name: getattr(found, name) for name in found.__slots__} | {"homepage": server.base + "/"}
    )


async def test_a_probe_tells_of_each_endpoint_what_it_is_worth_and_finds_those_announced() -> None:
    async with site() as server:
        report = await look(newspaper(server))
    told = {each.url.removeprefix(server.base): (each.state, each.announced) for each in report.endpoints}
    assert told == {
        "/rss": (State.OK, False),
        "/cu.rss": (State.STALE, False),
        "/rong.rss": (State.EMPTY, False),
        "/hong.rss": (State.FAILING, False),
        "/mat.rss": (State.MOVED, False),
        "/cam.rss": (State.BLOCKED, False),
        "/kinh-te.rss": (State.WRONG_SECTION, False),
        "/the-thao.rss": (State.MOVED, False),
        "/moi.rss": (State.OK, True),
        "/sitemap.xml": (State.MOVED, True),
    }
    assert report.robots.en == "forbids 1 of 9 endpoints"
    assert report.verdict[0] is State.OK
    assert report.sample is not None
    assert report.sample.reason is Reason.STORED
    assert sum(server.hits[path] for path in ARTICLES) == 1, "one article is enough"


@pytest.mark.parametrize(("status", "told"), [(301, True), (308, True), (302, False), (307, False)])
async def test_where_a_feed_moved_for_good_is_told_and_it_is_well(status: int, told: bool) -> None:
    """And it is told no further than the moves are for good."""
    async with site() as server:
        paper = replace(newspaper(server), endpoints=(endpoint(f"{server.base}/cu-hon.rss"),))
        server.pages["/cu-hon.rss"] = redirect(f"{server.base}/dich.rss", status=status)
        server.pages["/dich.rss"] = redirect(f"{server.base}/rss", status=302)
        report = await look(paper)
    (found,) = (each for each in report.endpoints if not each.announced)
    words = f"moved permanently to {server.base}/dich.rss; update the outlet file" if told else ""
    assert (found.state, found.reason.en) == (State.OK, words)
    assert (f"đã chuyển hẳn sang {server.base}/dich.rss" in found.reason.vi) is told


async def test_what_a_host_asks_for_holds_in_all_of_a_probe() -> None:
    """The announced endpoints are asked in a second crawl."""
    asked: list[float] = []
    async with site() as server:
        paper = newspaper(server)
        server.pages["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.3"
        for path in ("/", "/moi.rss", *ARTICLES):
            server.pages[path] = timed(asked, str(server.pages[path]))
        await look(replace(paper, endpoints=()))
    assert server.hits["/robots.txt"] == 1
    assert server.hits["/moi.rss"] == 1
    assert len(asked) == 3
    assert min(after - before for before, after in pairwise(asked)) > 0.15  # packets may be late, not early


async def test_addresses_that_cannot_be_asked_for_are_left_out_of_what_an_outlet_announces() -> None:
    async with site() as server:
        paper = newspaper(server)
        lines = ["http://[x", "http://x:99999999/", "mailto:x", "HTTP" + server.base[4:] + "/sitemap.xml", ""]
        server.pages["/robots.txt"] = "".join(f"Sitemap: {line}\n" for line in lines)
        links = "".join(f"<link rel=alternate type=application/rss+xml href='{line}'>" for line in lines[:3])
        server.pages["/"] = f"<html>{links}<link rel=alternate type=application/rss+xml href=' /moi.rss '>"
        report = await look(replace(paper, endpoints=()))
    announced = [each.url.removeprefix(server.base) for each in report.endpoints]
    assert announced == ["/moi.rss", "/sitemap.xml"]


async def test_an_article_that_cannot_be_read_is_the_verdict() -> None:
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.pages["/tin/1"] = "<p>?</p>"
        report = await look(outlet(endpoint(f"{server.base}/rss")))
    assert report.verdict[0] is State.FAILING
    assert "too_short" in report.verdict[1].en


async def test_an_unknown_address_becomes_a_proposed_file_that_toml_can_read() -> None:
    async with site() as server:
        known = newspaper(server)
        report = await look(replace(known, name="x", endpoints=()))
    proposed = tomllib.loads(proposal(report, "zce", DAY))
    assert (proposed["name"], proposed["language"], proposed["family"]) == ("Báo Mẫu", "vi", "zce")
    assert proposed["endpoint"] == [
        {"kind": "feed", "url": f"{server.base}/moi.rss", "grade": "A", "checked": DAY}
    ]


@pytest.mark.parametrize("given", ["/rss", "/cu.rss", "/"])
async def test_the_address_of_a_feed_or_one_that_leads_to_it_will_do(given: str) -> None:
    async with site() as server:
        server.feed("/rss", "/tin/1", "/tin/2")
        server.pages["/cu.rss"] = redirect("/rss", status=301)
        server.pages["/"] = redirect("/vi/")
        server.pages["/vi/"] = "<html><link rel=alternate type='application/rss+xml' href='/rss'>"
        server.pages["/tin/1"] = server.pages["/tin/2"] = "<article>Tin</article>"
        report = await look(replace(outlet(), homepage=server.base + given))
    proposed = tomllib.loads(proposal(report, "", DAY))
    assert report.verdict[0] is State.OK, (report.verdict, report.sample)
    assert proposed["homepage"] == f"{server.base}/"
    assert [each["url"] for each in proposed["endpoint"]] == [f"{server.base}/rss"]


async def test_a_home_page_that_cannot_be_had_is_the_verdict_with_its_reason() -> None:
    async with site() as server:
        gone = await look(replace(outlet(), homepage=f"{server.base}/cu"))
        server.pages["/"] = "<html><p>Không có kênh tin nào.</p>"
        bare = await look(replace(outlet(), homepage=f"{server.base}/"))
    dead = await look(replace(outlet(), homepage="http://127.0.0.1:1/"))
    assert gone.verdict == (State.FAILING, failure("missing", "404", f"{server.base}/cu"))
    assert dead.verdict[0] is State.FAILING
    assert dead.verdict[1].en.startswith("http://127.0.0.1:1/: unreachable")
    assert bare.verdict == (State.EMPTY, say("no_endpoint"))


def test_grades_and_dates_are_written_and_nothing_else_is_touched() -> None:
    changed = with_grades(FILE, {"https://bao.vn/rss": Grade.A, "https://bao.vn/cu.rss": Grade.C}, DAY)
    expected = (
        FILE.replace('grade = "B" # from', 'grade = "A" # from')
        .replace("# from a configuration\n", "# from a configuration\nchecked = 2026-11-22\n")
        .replace("2025-01-02 ", "2026-11-22 ")
        .replace("grade = 'A'", 'grade = "C"')
        .replace("enabled = true", "enabled = false")
    )
    assert changed == expected
    assert tomllib.loads(changed)
    assert with_grades(FILE, {"https://khac.vn/rss": Grade.A}, DAY) == FILE


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('[[endpoint]]\n  url = "{url}"\n  grade = "B"\n', '  grade = "A"\n  checked = 2026-11-22\n'),
        ('[[endpoint]]\r\nurl = "{url}"\r\ngrade = "B"\r\n', 'grade = "A"\r\nchecked = 2026-11-22\r\n'),
        ('[[ endpoint ]] # x\nurl = "{url}"\ngrade = "B"\n', 'grade = "A"\nchecked = 2026-11-22\n'),
        ('[[endpoint]]\nlinks = [\n  ["a"],\n]\nurl = "{url}"\ngrade = "B"', 'grade = "A"'),
    ],
    ids=["indented", "CRLF", "spaces", "an array over lines"],
)
def test_a_file_is_changed_in_the_style_that_it_is_written_in(written: str, expected: str) -> None:
    url = "https://bao.vn/rss"
    text = written.replace("{url}", url)
    changed = with_grades(text, {url: Grade.A}, DAY)
    assert changed.startswith(text.partition("grade")[0])
    assert expected in changed
    assert changed.count("\r\n") in (0, changed.count("\n"))
    assert not not_written(changed, {url: Grade.A}, DAY)


def test_what_is_written_in_a_form_that_is_not_edited_is_told() -> None:
    url, text = (
        "https://bao.vn/rss",
        'endpoint = [{kind = "feed", url = "https://bao.vn/rss", grade = "B"}]\n',
    )
    assert with_grades(text, {url: Grade.A}, DAY) == text
    assert not_written(text, {url: Grade.A}, DAY) == (url,)


@pytest.mark.parametrize(
    ("state", "grade"),
    [
        (State.OK, Grade.A),
        (State.MOVED, Grade.C),
        (State.EMPTY, Grade.C),
        (State.WRONG_SECTION, Grade.C),
        (State.FAILING, None),
        (State.BLOCKED, None),
        (State.STALE, None),
    ],
)
def test_what_may_pass_changes_no_grade(state: State, grade: Grade | None) -> None:
    feed = endpoint("https://bao.vn/rss", EndpointKind.FEED)
    probed = Probed(endpoint=feed, url=feed.url, state=state, reason=NOTHING, entries=0, newest=None)
    assert new_grade(probed) is grade


@pytest.mark.parametrize(
    ("host", "slug"),
    [
        ("www.baomau.com.vn", "baomau"),
        ("xn--bo-mu-xqa9944c.vn", "bao-mau"),
        ("tin.bao-mau.vn", "tin-bao-mau"),
        ("vn", "vn"),
    ],
)
def test_the_file_is_named_after_the_host(host: str, slug: str) -> None:
    assert slug_from(host) == slug


async def test_a_home_page_that_runs_its_parser_away_announces_nothing_and_the_probe_goes_on() -> None:
    """It is read where endpoints are: in a process that is ended at its deadline."""

    async def read_feed(unparsed: Unparsed) -> Parsed:
        if unparsed.kind is EndpointKind.FEED and b"catastrophe" in unparsed.body:
            raise DeadlineExceeded("took longer than 20 s")
        return parse(unparsed)

    async with site() as server:
        paper = replace(newspaper(server), homepage=f"{server.base}/")
        server.pages["/"] = "<html><title>catastrophe</title></html>"
        report = await look(paper, read_feed)
    assert report.title == ""
    assert {each.url for each in paper.endpoints} <= {each.url for each in report.endpoints}


async def test_a_home_page_nested_beyond_all_reason_is_not_parsed() -> None:
    async with site() as server:
        paper = replace(newspaper(server), homepage=f"{server.base}/")
        server.pages["/"] = f"<html><title>Báo</title>{'<div>' * 40_000}</html>"
        report = await look(paper)
    assert report.title == ""
