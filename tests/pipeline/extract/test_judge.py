"""What is told from an article: bot checks, error pages, fronts, teasers; and what must not be refused."""

from __future__ import annotations

import pytest

from models.document import Completeness
from models.outcome import Reason
from pipeline.extract import Extraction, extract
from tests.pipeline.extract.pages import SENTENCES, document, page, prose

ARTICLE = (
    '<meta property="article:published_time" content="2026-09-14T08:30:00+07:00">'
    '<meta property="og:type" content="article">'
)


def read(html: str, url: str = "https://unknown.example/bai-1234567.html") -> Extraction:
    return extract(document(html.encode(), url), None)


@pytest.mark.parametrize(
    "html",
    [
        "<html><title>Just a moment...</title><body><script>window._cf_chl_opt={}</script></body></html>",
        "<html><head><title>Attention Required! | Cloudflare</title></head><body>Access denied</body></html>",
        page("<p>Vui lòng xác minh bạn không phải là robot.</p>", title="Đang kiểm tra trình duyệt"),
        "<html><body><script>document.cookie='D1N=1';slowAES.decrypt(a)</script></body></html>",
    ],
)
def test_a_bot_check_is_told_from_an_article(html: str) -> None:
    assert read(html).reason is Reason.CHALLENGE


def test_an_article_about_bot_checks_is_an_article() -> None:
    text = "Dòng chữ “just a moment” và captcha khiến nhiều người đọc bỏ đi, khảo sát cho biết."
    assert read(page(prose(text), ARTICLE, title="Captcha và người đọc")).reason is Reason.STORED


@pytest.mark.parametrize(
    "title", ["404 - Không tìm thấy trang", "Page not found", "Bài viết không tồn tại hoặc đã bị xóa"]
)
def test_an_error_page_that_answers_200_is_a_soft_404(title: str) -> None:
    assert read(page(prose(), title=title)).reason is Reason.SOFT_404


def test_an_article_whose_headline_holds_the_number_404_is_stored() -> None:
    assert read(page(prose(), ARTICLE, title="Tàu 404 cập cảng")).reason is Reason.STORED


def test_a_front_page_in_place_of_an_article_is_refused() -> None:
    assert read(page(prose()), "https://unknown.example/").reason is Reason.NOT_AN_ARTICLE
    head = '<link rel="canonical" href="https://unknown.example/">'
    assert read(page(prose(), head)).reason is Reason.NOT_AN_ARTICLE


def test_a_page_without_words_is_too_short() -> None:
    assert read(page("<p>Đang tải</p>")).reason is Reason.TOO_SHORT


def test_a_page_without_headline_says_so() -> None:
    html = f"<html><body>{prose()}</body></html>"
    assert read(html).reason is Reason.NO_TITLE


def test_brief_news_that_says_it_is_an_article_is_stored() -> None:
    assert read(page(f"<article><p>{SENTENCES[0]}</p></article>", ARTICLE)).reason is Reason.STORED


def test_a_paywalled_beginning_is_kept_as_a_teaser() -> None:
    head = (
        ARTICLE + '<script type="application/ld+json">'
        '{"@type":"NewsArticle","headline":"Cầu gỗ","isAccessibleForFree":"False"}</script>'
    )
    found = read(page(prose(), head))
    assert found.reason is Reason.TEASER
    assert found.article is not None
    assert found.article.completeness is Completeness.TEASER
    assert SENTENCES[0] in found.article.text


@pytest.mark.parametrize(
    "mark",
    [
        'class="box-paywall"',
        'class="PayWall__box"',
        'id="paywall-box"',
        'class="premium-lock"',
        'class="article subscriber-only"',
        'class="box-premium-news"',
        'class="is-content-locked"',
        'class="vip-lock"',
    ],
)
def test_a_paywall_box_is_the_mark_of_a_teaser_too(mark: str) -> None:
    """If it says so in words: an empty one is a script's, and the words alone are any box for readers."""
    box = "<div {}>{}</div>"
    words = "Đăng nhập để đọc tiếp bài viết này"
    assert read(page(prose() + box.format(mark, words), ARTICLE)).reason is Reason.TEASER
    assert read(page(prose() + box.format(mark, ""), ARTICLE)).reason is Reason.STORED
    assert read(page(prose() + box.format('class="box-reader"', words), ARTICLE)).reason is Reason.STORED
    assert read(page(prose(), ARTICLE)).reason is Reason.STORED


@pytest.mark.parametrize(
    "body",
    [
        b"\x00" * 5000,
        b"<" * 5000,
        b"<div>" * 20000,
        b"\xff\xfe" + b"a" * 999,
        b'<script type="application/ld+json">' + b"[" * 50000 + b"</script><h1>x</h1>",
        b"<html><body><table>" + b"<tr><td>" * 3000,
    ],
)
def test_hostile_bytes_are_an_outcome(body: bytes) -> None:
    assert extract(document(body), None).reason in set(Reason)


def test_a_page_cut_off_anywhere_is_an_outcome() -> None:
    body = page(prose(), ARTICLE).encode()
    for end in range(0, len(body), 37):
        found = extract(document(body[:end]), None)
        assert (found.article is not None) == (found.reason in {Reason.STORED, Reason.TEASER})
