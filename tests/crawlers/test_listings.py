"""Listing pages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawlers.listings import parse_listing

PAGE = """<html><head><title> Xã hội </title></head><body>
<nav><a href="/">Trang chủ</a><a href="/gioi-thieu">Giới thiệu</a></nav>
<h3 class="t"><a href="/cau-moi-1001.html#binh-luan"><img src=x></a></h3>
<h3 class="t"><a href="cau-moi-1001.html">Khánh thành <b>cầu mới</b></a></h3>
<div class="t"><a href="//bao.example/mua-lu-1002.html" title="Mưa lũ"></a></div>
<aside><a href="/quang-cao-1003.html">Khác</a>
<a href="javascript:void(0)">x</a><a href="mailto:a@b.c">y</a></aside>
<a class="next" href="?trang=2">Sau</a></body></html>"""


def links(**changes: object) -> list[tuple[str, str]]:
    parsed = parse_listing(PAGE.encode(), url="https://bao.example/xa-hoi/", **changes)  # type: ignore[arg-type]
    return [(entry.link.removeprefix("https://bao.example/"), entry.title) for entry in parsed.entries]


def test_the_declared_selectors_find_each_article_once_with_its_words() -> None:
    found = links(selectors=["h3.t a", "div.t"])
    assert found == [
        ("cau-moi-1001.html", ""),
        ("xa-hoi/cau-moi-1001.html", "Khánh thành cầu mới"),
        ("mua-lu-1002.html", "Mưa lũ"),
    ]


def test_without_selectors_every_link_of_article_form_counts() -> None:
    found = links(is_article=lambda url: url.endswith(".html"))
    assert [link for link, _ in found] == [
        "cau-moi-1001.html",
        "xa-hoi/cau-moi-1001.html",
        "mua-lu-1002.html",
        "quang-cao-1003.html",
    ]


def test_selectors_that_find_nothing_any_more_fall_back_and_say_so() -> None:
    parsed = parse_listing(
        PAGE.encode(),
        url="https://bao.example/",
        selectors=["a.gone", "a[["],
        is_article=lambda url: "10" in url,
    )
    assert len(parsed.entries) == 3
    assert any("declared selectors" in problem for problem in parsed.problems)
    assert any("not understood" in problem for problem in parsed.problems)


def test_the_next_page_is_resolved_and_never_the_page_itself_or_another_host() -> None:
    def following(href: str) -> str:
        page = f'<a class="next" href="{href}">x</a>'
        return parse_listing(page.encode(), url="https://bao.example/muc", next_page=["a.next"]).next_url

    assert following("?trang=2") == "https://bao.example/muc?trang=2"
    assert following("/muc") == ""
    assert following("https://elsewhere.example/") == ""


def test_a_page_nested_beyond_all_reason_is_refused_before_it_is_parsed() -> None:
    """A selector looks through all elements around each match: time goes with the square of the depth."""
    page = "<div>" * 40_000 + '<a href="/tin-1001.html">x</a>' * 40_000
    parsed = parse_listing(page.encode(), url="https://bao.example/", selectors=["article a, h3 a"])
    assert (parsed.readable, parsed.entries) == (False, ())
    assert parsed.problems


@given(st.binary(max_size=300) | st.text(alphabet="<>a href=\"'/h3:[]", max_size=200).map(str.encode))
def test_any_bytes_give_web_addresses_or_none(body: bytes) -> None:
    listing = parse_listing(body, url="https://bao.example/", selectors=["h3 a"])
    assert all(entry.link.startswith(("http://", "https://")) for entry in listing.entries)
