"""Sitemaps of every shape."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.sitemaps import MAX_URLS, ChildSitemap, parse_sitemap, recent_children, recent_entries

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
URLSET = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://bao.example/cau-moi-1.html</loc><lastmod>2026-11-21T08:15:00+07:00</lastmod>
 <image:image><image:loc>https://img.example/1.jpg</image:loc>
 <image:title>Ảnh</image:title></image:image>
 <news:news><news:publication><news:name>Báo</news:name></news:publication>
 <news:publication_date>2026-11-21T07:00</news:publication_date>
 <news:title>Khánh thành cầu &amp;amp; đường</news:title>
 <news:keywords>cầu, Đà Nẵng</news:keywords></news:news></url>
<url><loc> /cau-moi-2.html </loc></url><url><lastmod>2026-11-21</lastmod></url>
</urlset>"""


def test_a_news_sitemap_gives_title_time_keywords_and_image() -> None:
    parsed = parse_sitemap(URLSET.encode(), url="https://bao.example/sitemap.xml")
    first, second = parsed.entries
    assert parsed.kind == "news"
    assert first.title == "Khánh thành cầu & đường"
    assert first.published_at == datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
    assert first.published_how == "iso +07"
    assert first.updated_at == datetime(2026, 11, 21, 1, 15, tzinfo=UTC)
    assert first.categories == ("cầu", "Đà Nẵng")
    assert first.image_url == "https://img.example/1.jpg"
    assert second.link == "https://bao.example/cau-moi-2.html"
    assert (second.title, second.published_at) == ("", None)


def test_when_a_file_was_written_is_not_when_an_article_was_published() -> None:
    """Some outlets build their sitemaps anew each night."""
    body = "<urlset><url><loc>https://a.vn/1</loc><lastmod>2026-11-21T02:00:00+07:00</lastmod></url></urlset>"
    (entry,) = parse_sitemap(body.encode()).entries
    assert (entry.published_at, entry.published_raw) == (None, "")
    assert entry.updated_at == datetime(2026, 11, 20, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(URLSET.encode()),
        gzip.compress(URLSET[:300].encode()) + gzip.compress(URLSET[300:].encode()),
        gzip.compress(URLSET.encode()) + b"\x00" * 512,
        URLSET.encode("utf-8-sig"),
        URLSET.encode("utf-16"),
        URLSET.replace("UTF-8", "utf-16").encode(),
        URLSET.replace(' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"', "").encode(),
        URLSET.replace("/cau-moi-2.html", "/cau-moi-2.html?a=1&b=2").encode(),
        URLSET.replace("</urlset>", "<url><loc>https://bao.exa").encode(),
    ],
    ids=[
        "gzip",
        "gzip in parts",
        "padded gzip",
        "byte-order mark",
        "UTF-16",
        "declared UTF-16",
        "no namespace",
        "bare ampersand",
        "torn",
    ],
)
def test_a_damaged_or_packed_sitemap_still_gives_its_entries(body: bytes) -> None:
    entries = parse_sitemap(body, url="https://bao.example/sitemap.xml").entries
    assert entries[0].link == "https://bao.example/cau-moi-1.html"
    assert len(entries) >= 2


def test_entities_and_external_files_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://bao.example/secret.html")
    body = (
        f'<!DOCTYPE x [<!ENTITY f SYSTEM "{secret.as_uri()}"><!ENTITY a "https://bao.example/1.html">]>'
        "<urlset><url><loc>&f;</loc></url><url><loc>&a;</loc></url>"
        "<url><loc>https://bao.example/2.html</loc></url></urlset>"
    )
    parsed = parse_sitemap(body.encode())
    assert [entry.link for entry in parsed.entries] == ["https://bao.example/2.html"]


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><body>404</body></html>", b"hello", b"\x1f\x8bbroken", b"<rss/>", b"<", b"\x00" * 50],
)
def test_what_is_no_sitemap_is_a_problem_and_no_entry(body: bytes) -> None:
    parsed = parse_sitemap(body)
    assert parsed.entries == ()
    assert parsed.problems


def test_a_list_of_addresses_is_a_sitemap() -> None:
    parsed = parse_sitemap(b"https://bao.example/1.html\nhttps://bao.example/2.html\n")
    assert [entry.link for entry in parsed.entries] == [
        "https://bao.example/1.html",
        "https://bao.example/2.html",
    ]


@given(st.binary(max_size=400) | st.text(alphabet="<>/&;!urlsetoc[]'\" ", max_size=200).map(str.encode))
def test_any_bytes_give_addresses_or_a_problem(body: bytes) -> None:
    sitemap = parse_sitemap(body, url="https://bao.example/")
    assert sitemap.entries or sitemap.children or sitemap.problems or sitemap.kind
    assert all(entry.link for entry in sitemap.entries)


def child(path: str, modified: datetime | None = None) -> ChildSitemap:
    return ChildSitemap(url=f"https://bao.example/{path}", modified_at=modified)


def test_of_an_index_the_current_months_and_undated_files_are_read() -> None:
    """A lastmod may be the time of a rebuild, so the month in the address counts for more."""
    children = [
        child("sitemaps/news-2026-11.xml"),
        child("sitemaps/news-2026-10.xml", NOW),
        child("sitemaps/news-2011-06.xml", NOW),
        child("latest-news-sitemap.xml"),
        child("categories.xml", datetime(2020, 1, 1, tzinfo=UTC)),
    ]
    kept = recent_children(children, NOW, days=7)
    assert {url.rsplit("/", 1)[1] for url in kept} == {"latest-news-sitemap.xml", "news-2026-11.xml"}


@pytest.mark.parametrize(
    ("form", "spans", "kept"),
    [
        # VTV and Tuổi Trẻ: five days a file
        (
            "sitemaps-2026-11-{0}-{1}.xml",
            [(1, 5), (6, 10), (11, 15), (16, 20), (21, 25)],
            [(21, 25), (16, 20)],
        ),
        # vietnam.vn: a file a day
        ("sitemap-post/2026-11-{0:02}.xml", [(day, 0) for day in range(1, 23)], [(22, 0), (21, 0)]),
        ("sitemap-202611{0:02}.xml", [(day, 0) for day in range(1, 23)], [(22, 0), (21, 0)]),
    ],
    ids=["five days", "a day", "a day without hyphens"],
)
@pytest.mark.parametrize("order", [1, -1], ids=["oldest first", "newest first"])
def test_of_files_of_some_days_the_newest_are_read_whatever_their_order(
    form: str, spans: list[tuple[int, int]], kept: list[tuple[int, int]], order: int
) -> None:
    children = [child(form.format(*span), NOW) for span in spans][::order]
    read = recent_children(children, NOW, days=30)[:2]
    assert read == [f"https://bao.example/{form.format(*span)}" for span in kept]


def test_of_a_months_parts_the_one_that_changed_last_is_read_first() -> None:
    parts = [child("news-2026-11.xml?part=1", NOW - timedelta(days=2)), child("news-2026-11.xml?part=2", NOW)]
    assert recent_children(parts, NOW, days=7)[:1] == [parts[1].url]


def test_of_numbered_parts_of_a_month_the_one_that_changed_last_is_read() -> None:
    parts = [child(f"news-2026-11-{part}.xml", NOW - timedelta(days=part - 1)) for part in range(1, 9)]
    assert recent_children(parts, NOW, days=30)[:1] == [parts[0].url]


def test_of_numbered_parts_of_a_day_the_day_counts() -> None:
    today = [child(f"2026-11-22-{part}.xml") for part in (1, 2, 3)]
    before = [child(f"2026-11-21-{part}.xml") for part in range(4, 9)]
    read = recent_children([*before, *today], NOW, days=30)[:3]
    assert set(read) == {each.url for each in today}


def test_of_an_old_index_the_newest_file_is_read() -> None:
    children = [child("news-2019-01.xml"), child("news-2019-03.xml"), child("news-2019-02.xml")]
    assert recent_children(children, NOW, days=7) == ["https://bao.example/news-2019-03.xml"]


def test_the_window_counts_from_the_newest_entry_of_an_old_file() -> None:
    dated = "<url><loc>https://b.example/{0}</loc><lastmod>2020-05-{0:02}T00:00Z</lastmod></url>"
    body = "<urlset>" + "".join(dated.format(day) for day in range(1, 31)) + "</urlset>"
    kept = recent_entries(parse_sitemap(body.encode()).entries, NOW, days=5)
    assert [entry.link.rsplit("/", 1)[1] for entry in kept] == ["25", "26", "27", "28", "29", "30"]


def test_of_an_index_without_dates_both_ends_are_read_first() -> None:
    """Outlets append, or put the newest first; the numbers in the names do not tell which."""
    children = [child(f"sitemap-{number}.xml") for number in range(1, 13)]
    read = recent_children(children, NOW, days=30)
    assert [url.rpartition("-")[2] for url in read[:5]] == ["12.xml", "1.xml", "11.xml", "2.xml", "10.xml"]
    assert len(read) == 12


def test_sitemaps_without_dates_do_not_crowd_out_the_current_month() -> None:
    children = [*(child(f"sitemap-{number}.xml") for number in range(9)), child("news-2026-11.xml")]
    assert recent_children(children, NOW, days=30)[0] == "https://bao.example/news-2026-11.xml"


def test_a_change_at_the_end_of_the_calendar_is_a_change() -> None:
    far = child("news-2026-11.xml", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert recent_children([far], NOW, days=30) == [far.url]


@pytest.mark.parametrize("form", ["<urlset>{}</urlset>", "{}"], ids=["XML", "text"])
def test_of_a_file_beyond_the_bound_both_ends_are_read_and_it_is_told(form: str) -> None:
    mark = "<url><loc>https://b.example/{}</loc></url>" if "urlset" in form else "https://b.example/{}\n"
    body = form.format("".join(mark.format(number) for number in range(MAX_URLS + 10)))
    parsed = parse_sitemap(body.encode())
    read = [entry.link.rpartition("/")[2] for entry in parsed.entries]
    assert (len(read), read[0], read[-1]) == (MAX_URLS, "0", str(MAX_URLS + 9))
    assert any(f"of {MAX_URLS + 10} addresses" in problem for problem in parsed.problems)
