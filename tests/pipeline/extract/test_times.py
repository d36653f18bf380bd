"""When an article was published, out of statements that disagree."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.document import Article, Entry, RawDocument
from models.outlet import Profile
from pipeline.extract import extract
from pipeline.extract.times import from_url
from tests.pipeline.extract.pages import FETCHED, document, page, prose


def read(head: str = "", body: str = "", url: str = "https://unknown.example/bai-viet.html") -> Article:
    found = extract(document(page(body + prose(), head).encode(), url), None)
    assert found.article is not None
    return found.article


def jsonld(published: str, **more: str) -> str:
    node = {
        "@type": "NewsArticle",
        "headline": "Cầu gỗ mới ở bản vùng cao",
        "datePublished": published,
        **more,
    }
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def meta(published: str) -> str:
    return f'<meta property="article:published_time" content="{published}">'


def shown(text: str) -> str:
    return f'<div class="publish-date">{text}</div>'


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def test_a_naive_time_is_vietnamese() -> None:
    assert read(meta("2026-09-14T08:30:00")).published_at == at(2026, 9, 14, 1, 30)


def test_local_time_marked_as_utc_is_put_right_by_what_readers_see() -> None:
    assert read(jsonld("2026-09-14T08:30:00Z"), shown("14/09/2026 08:30")).published_at == at(
        2026, 9, 14, 1, 30
    )


def test_local_time_marked_as_utc_is_put_right_by_the_address() -> None:
    found = read(jsonld("2026-09-14T08:30:00Z"), url="https://unknown.example/cau-go-185260914081502219.htm")
    assert found.published_at == at(2026, 9, 14, 1, 30)


def test_true_utc_is_kept_when_readers_see_it_seven_hours_later() -> None:
    assert read(jsonld("2026-09-14T01:30:00Z"), shown("14/09/2026 08:30")).published_at == at(
        2026, 9, 14, 1, 30
    )


def test_utc_that_nothing_speaks_against_is_kept() -> None:
    assert read(jsonld("2026-09-14T01:30:00Z")).published_at == at(2026, 9, 14, 1, 30)


def test_a_date_loses_to_a_time_with_a_clock() -> None:
    found = read(jsonld("2026-09-14"), shown("14/09/2026 - 08:30"))
    assert (found.published_at, found.published_from) == (at(2026, 9, 14, 1, 30), "text")


def test_midnight_loses_to_a_clock_of_the_same_day() -> None:
    assert read(jsonld("2026-09-14T00:00:00+07:00"), shown("14/09/2026 08:30")).published_at == at(
        2026, 9, 14, 1, 30
    )


def test_two_statements_that_agree_beat_one_that_does_not() -> None:
    found = read(
        jsonld("2026-09-20T10:00:00+07:00") + meta("2026-09-14T08:30:00+07:00"), shown("14/09/2026 08:30")
    )
    assert (found.published_at, found.published_from) == (at(2026, 9, 14, 1, 30), "meta")


def test_a_time_after_fetching_is_not_believed() -> None:
    assert read(jsonld("2031-01-01T08:30:00+07:00"), shown("14/09/2026 08:30")).published_at == at(
        2026, 9, 14, 1, 30
    )


def test_the_time_of_fetching_never_stands_in() -> None:
    found = read()
    assert (found.published_at, found.published_from) == (None, "")


def test_the_feed_is_asked_last() -> None:
    entry = Entry(link="https://unknown.example/a.html", published_at=at(2026, 9, 14, 1, 30))
    bare = extract(document(page(prose()).encode()), None)
    fed = extract(_with_entry(entry, ""), None)
    stated = extract(_with_entry(entry, meta("2026-09-14T09:00:00+07:00")), None)
    assert bare.article is not None
    assert fed.article is not None
    assert stated.article is not None
    assert (bare.article.published_at, fed.article.published_from) == (None, "feed")
    assert (stated.article.published_at, stated.article.published_from) == (at(2026, 9, 14, 2, 0), "meta")


def _with_entry(entry: Entry, head: str) -> RawDocument:
    return replace(document(page(prose(), head).encode()), entry=entry, fetched_at=FETCHED)


def test_a_change_before_publication_is_no_change() -> None:
    found = read(jsonld("2026-09-14T08:30:00+07:00", dateModified="2026-09-14T07:00:00+07:00"))
    assert found.modified_at is None
    later = read(jsonld("2026-09-14T08:30:00+07:00", dateModified="2026-09-14T09:10:00+07:00"))
    assert later.modified_at == at(2026, 9, 14, 2, 10)


@pytest.mark.parametrize(
    ("url", "pattern", "expected"),
    [
        ("https://a.vn/x-10226080815310734.htm", "", at(2026, 8, 8, 8, 31, 7)),
        ("https://a.vn/x-20250321184619912.htm", "", at(2025, 3, 21, 11, 46, 19)),
        ("https://a.vn/x-4954454.html", "", None),
        ("https://a.vn/x-10226991315310734.htm", "", None),
        ("https://a.vn/202609/x/", r"/(?P<Y>\d{4})(?P<m>\d\d)/", None),
        ("https://a.vn/2026/09/14/x", r"/(?P<Y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/", at(2026, 9, 13, 17)),
    ],
)
def test_the_digits_of_an_address(url: str, pattern: str, expected: datetime | None) -> None:
    found = from_url(url, Profile(url_time=pattern).url_time)
    assert (found.at if found else None) == expected


CLOCK = "Chủ Nhật, 22/11/2026 10:00"  # the minute of fetching, as a masthead shows it


def read_bare(html: str, head: str = "", url: str = "https://unknown.example/bai-viet.html") -> Article:
    """The article of a page whose headline stands where `html` puts it."""
    whole = f'<html lang="vi"><head><title>Cầu gỗ mới</title>{head}</head><body>{html}</body></html>'
    found = extract(document(whole.encode(), url), None)
    assert found.article is not None
    return found.article


@pytest.mark.parametrize(
    "html",
    [
        "<div class=top><span>{}</span></div><div><h1>Cầu gỗ mới ở bản vùng cao</h1></div>",
        "<div class=top><span>{}</span></div><h1>Cầu gỗ mới ở bản vùng cao</h1>",
        "<div><div class=top><span>{}</span></div><div><h1>Cầu gỗ mới ở bản vùng cao</h1></div></div>",
    ],
)
def test_the_clock_of_a_masthead_is_no_time_of_publication(html: str) -> None:
    assert read_bare(html.format(CLOCK) + prose()).published_at is None
    dated = read_bare(html.format(CLOCK) + prose(), meta("2026-11-20"))
    assert dated.published_at == at(2026, 11, 19, 17)


def test_a_time_right_before_the_headline_is_that_of_publication() -> None:
    html = "<div><span>14/09/2026 08:30</span><h1>Cầu gỗ mới ở bản vùng cao</h1></div>"
    assert read_bare(html + prose()).published_at == at(2026, 9, 14, 1, 30)


def test_a_page_read_within_minutes_of_publication_keeps_its_time() -> None:
    """The address holds the time of the first draft; a teaser has a time of its own."""
    fresh = jsonld("2026-11-22T09:55:00+07:00") + meta("2026-11-22T09:55:00+07:00")
    drafted = read(fresh, url="https://unknown.example/cau-go-20261117090000123.htm")
    assert drafted.published_at == at(2026, 11, 22, 2, 55)
    teaser = '<aside><a>Đường mới</a> <time datetime="2026-11-12T08:00:00+07:00">12/11</time></aside>'
    assert read(fresh, teaser).published_at == at(2026, 11, 22, 2, 55)
    timed = teaser.replace(">12/11<", ">12/11/2026 08:00<")
    assert read(jsonld("2026-11-22T09:55:00+07:00"), timed).published_at == at(2026, 11, 22, 2, 55)
    created = read(jsonld("2026-11-22T09:55:00+07:00", dateCreated="2026-11-17T08:00:00+07:00"))
    assert created.published_at == at(2026, 11, 22, 2, 55)


def test_the_time_that_readers_see_beats_the_minute_in_which_the_page_was_put_together() -> None:
    rendered = jsonld("2026-11-22T09:59:00+07:00")
    assert read(rendered, shown("14/09/2026 08:30")).published_at == at(2026, 9, 14, 1, 30)
    beside = read_bare("<h1>Cầu gỗ mới</h1><div>14/09/2026 08:30</div>" + prose(), rendered)
    assert beside.published_at == at(2026, 9, 14, 1, 30)
