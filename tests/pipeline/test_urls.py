"""Canonical URLs: one identity for the many spellings of an article's address."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.outlet import Endpoint, EndpointKind, Grade, Outlet, Profile
from pipeline.urls import MAX_LENGTH, asked_url, canonical_url, host_of, on_outlet, outlet_url

ARTICLE = "https://vnexpress.net/mua-lon-o-mien-trung-4954454.html"

SPELLINGS = {
    "as it is": ARTICLE,
    "http": "http://vnexpress.net/mua-lon-o-mien-trung-4954454.html",
    "capitals in scheme and host": "HTTPS://VnExpress.NET/mua-lon-o-mien-trung-4954454.html",
    "default port": "http://vnexpress.net:80/mua-lon-o-mien-trung-4954454.html",
    "trailing dot of the host": "https://vnexpress.net./mua-lon-o-mien-trung-4954454.html",
    "user name": "https://user:word@vnexpress.net/mua-lon-o-mien-trung-4954454.html",
    "mobile host": "https://m.vnexpress.net/mua-lon-o-mien-trung-4954454.html",
    "AMP host": "https://amp.vnexpress.net/mua-lon-o-mien-trung-4954454.html",
    "AMP behind the path": "https://vnexpress.net/mua-lon-o-mien-trung-4954454.html/amp",
    "AMP before the path": "https://vnexpress.net/amp/mua-lon-o-mien-trung-4954454.html",
    "AMP ending": "https://vnexpress.net/mua-lon-o-mien-trung-4954454.html.amp",
    "AMP before the ending": "https://vnexpress.net/mua-lon-o-mien-trung-4954454.amp.html",
    "AMP parameter": ARTICLE + "?amp=1",
    "tracking": ARTICLE + "?utm_source=zalo&utm_medium=x&fbclid=1&gclid=2&zarsrc=30&mc_cid=3&ref=home",
    "tracking in capitals": ARTICLE + "?UTM_Source=rss",
    "the outlet's own tracking": ARTICLE + "?vn_source=Home&vn_campaign=Box",
    "fragment": ARTICLE + "#box_comment_vne",
    "empty query": ARTICLE + "?",
    "repeated slashes": "https://vnexpress.net//mua-lon-o-mien-trung-4954454.html",
    "dot segments": "https://vnexpress.net/thoi-su/../mua-lon-o-mien-trung-4954454.html",
    "escaped dot segments": "https://vnexpress.net/thoi-su/%2e%2E/mua-lon-o-mien-trung-4954454.html",
    "slash after the file": ARTICLE + "/",
    "dot of the sentence": ARTICLE + ".",
    "needless escapes": "https://vnexpress.net/mua%2Dlon%2do-mien-trung-4954454.html",
    "white space around": f" \n{ARTICLE}\t",
    "line break within": "https://vnexpress.net/mua-lon-o-\nmien-trung-4954454.html",
    "back slashes": "https:\\\\vnexpress.net\\mua-lon-o-mien-trung-4954454.html",
    "doubled host": "https://vnexpress.nethttps://vnexpress.net/mua-lon-o-mien-trung-4954454.html",
    "host doubled in the path": "https://vnexpress.net/https://vnexpress.net/mua-lon-o-mien-trung-4954454.html",
    "no scheme": "//vnexpress.net/mua-lon-o-mien-trung-4954454.html",
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_every_spelling_of_an_address_is_one_identity(spelling: str) -> None:
    assert canonical_url(spelling) == ARTICLE


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.vn/x.aspx?IID=7&utm_source=x", "https://a.vn/x.aspx?IID=7"),
        ("https://a.vn/detail?id=9&cat=2", "https://a.vn/detail?cat=2&id=9"),
        ("https://a.vn/detail?cat=2&amp;id=9", "https://a.vn/detail?cat=2&id=9"),
        ("https://a.vn/detail?id=1&id=2", "https://a.vn/detail?id=1&id=2"),
        ("https://a.vn/x?reference=5", "https://a.vn/x?reference=5"),
        ("https://a.vn/x?q=a%2Bb", "https://a.vn/x?q=a%2Bb"),
        ("https://a.vn/x?flag", "https://a.vn/x?flag"),
    ],
)
def test_a_parameter_that_may_name_the_article_stays(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    "pair",
    [
        ("https://a.vn/x?id=1", "https://a.vn/x?id=2"),
        ("https://a.vn/Thoi-su", "https://a.vn/thoi-su"),
        ("https://a.vn/x%2Fy", "https://a.vn/x/y"),
        ("https://a.vn/camp/x", "https://a.vn/x"),
        ("https://m.com.vn/x", "https://com.vn/x"),
        ("https://en.a.vn/x", "https://a.vn/x"),
        ("https://a.vn/x?q=a%2Bb", "https://a.vn/x?q=a+b"),
        ("http://a.vn:8080/x", "http://a.vn/x"),
    ],
)
def test_two_different_articles_never_become_one(pair: tuple[str, str]) -> None:
    assert canonical_url(pair[0]) != canonical_url(pair[1])


def test_vietnamese_letters_are_one_however_they_are_typed() -> None:
    composed, decomposed = "https://báo.vn/tin-tức.html", "https://ba\u0301o.vn/tin-tu\u031b\u0301c.html"
    escaped = "https://xn--bo-mia.vn/tin-t%e1%bb%a9c.html"
    assert canonical_url(composed) == canonical_url(decomposed) == canonical_url(escaped)
    assert canonical_url(composed) == "https://xn--bo-mia.vn/tin-t%E1%BB%A9c.html"


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("/a-1.html", "https://a.vn/kinh-te/", "https://a.vn/a-1.html"),
        ("b-2.html", "https://a.vn/kinh-te/x", "https://a.vn/kinh-te/b-2.html"),
        ("../c-3.html", "https://m.a.vn/kinh-te/x/", "https://a.vn/kinh-te/c-3.html"),
        ("//b.vn/d", "http://a.vn:8000/", "http://b.vn/d".replace("http:", "https:")),
        ("?id=4", "https://a.vn/doc", "https://a.vn/doc?id=4"),
        ("https://b.vn/e", "https://a.vn/", "https://b.vn/e"),
    ],
)
def test_a_relative_link_is_resolved_against_its_page(url: str, base: str, expected: str) -> None:
    assert canonical_url(url, base) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "a-1.html",
        "/a-1.html",
        "javascript:void(0)",
        "mailto:toasoan@a.vn",
        "tel:02437366491",
        "ftp://a.vn/x",
        "data:text/html,x",
        "https://",
        "https://a..vn/x",
        "https://a b.vn/x",
        "https://[::1/x",
        "https://a.vn:99999/x",
        "https://a.vn:port/x",
        "https://" + "a" * 300 + ".vn/",
        "https://a.vn/" + "x" * MAX_LENGTH,
        "https://a.vn/" + "ế" * (MAX_LENGTH // 2),
    ],
)
def test_what_is_no_web_address_gives_nothing(url: str) -> None:
    assert canonical_url(url) == ""


def test_a_port_of_its_own_keeps_its_scheme() -> None:
    """A port other than 80 and 443 speaks one scheme only, so https cannot be assumed there."""
    assert canonical_url("http://127.0.0.1:8081/a") == "http://127.0.0.1:8081/a"
    assert canonical_url("http://[::1]:8081/a") == "http://[::1]:8081/a"


_PIECES = st.sampled_from(
    """https:// http:// // / \\ a.vn vnanet.vn m. amp. www. /amp .amp .html ? & &amp; # = % %2e %2E%2e %C3 %a9
    é e\u0301 . .. /./ /../ @ : :80 :8080 báo.vn [::1] %20 + ß İ 。 ; com.vn utm_id=x amp=1""".split()
)


@settings(max_examples=1500, deadline=None)
@given(
    text=st.lists(st.one_of(_PIECES, st.text(max_size=3)), max_size=9).map("".join),
    start=st.sampled_from(["", "https://", "http://m.a.vn/"]),
    base=st.sampled_from(["", "https://x.vn/a/b?c"]),
)
@example(text="a.vn/./https://a.vn", start="https://", base="")
def test_applying_it_twice_is_applying_it_once(text: str, start: str, base: str) -> None:
    once = canonical_url(start + text, base)
    assert canonical_url(once) == once
    assert once == "" or (once.isascii() and once.startswith(("https://", "http://")))


def _outlet(hosts: tuple[str, ...], article_url: tuple[str, ...] = ()) -> Outlet:
    home = f"https://{hosts[0]}/"
    return Outlet(
        slug="bao",
        name="Báo",
        homepage=home,
        language="vi",
        hosts=hosts,
        endpoints=(Endpoint(kind=EndpointKind.LISTING, url=home, grade=Grade.B),),
        profile=Profile(article_url=article_url),
    )


@pytest.mark.parametrize(
    "host", ["www.bao.vn", "bao.vn", "m.bao.vn", "bao.com.vn", "www.bao.com.vn", "m.bao.com.vn", "BAO.VN"]
)
def test_an_outlets_hosts_old_and_new_lead_to_its_current_one(host: str) -> None:
    outlet = _outlet(("www.bao.vn", "bao.com.vn"))
    assert on_outlet(outlet, f"http://{host}/x-1.html")
    assert outlet_url(outlet, f"http://{host}/x-1.html?utm_source=a") == "https://www.bao.vn/x-1.html"


@pytest.mark.parametrize("host", ["bao.vn.evil.org", "xbao.vn", "en.bao.vn", "vn", "bao"])
def test_a_host_that_only_looks_like_the_outlets_is_left_alone(host: str) -> None:
    outlet = _outlet(("www.bao.vn", "bao.com.vn"))
    assert not on_outlet(outlet, f"https://{host}/x-1.html")
    assert outlet_url(outlet, f"https://{host}/x-1.html") == f"https://{host}/x-1.html"


def test_an_amp_address_without_its_ending_gets_it_back() -> None:
    outlet = _outlet(("bao.vn",), (r"-\d{9,20}\.(?:htm|chn)$", r"-post\d+\.html$"))
    assert outlet_url(outlet, "https://bao.vn/x-post12.amp") == "https://bao.vn/x-post12.html"
    ambiguous = "https://bao.vn/x-100260914003203375.amp"  # .htm or .chn: nobody can tell
    assert outlet_url(outlet, ambiguous) == "https://bao.vn/x-100260914003203375"
    assert outlet_url(outlet, "https://bao.vn/kinh-te.amp") == "https://bao.vn/kinh-te"


def test_the_host_of_an_address_is_read_as_it_stands() -> None:
    assert host_of("https://M.VnExpress.net.:443/x") == "m.vnexpress.net"
    assert host_of("//báo.vn/x") == "xn--bo-mia.vn"
    assert host_of("/x") == host_of("mailto:a@b.vn") == host_of("https://[") == ""


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("HTTP://Bao.example/Tin?b=2&a=1#top", "http://bao.example/Tin?b=2&a=1"),
        (" https://báo.example:8080/rss ", "https://xn--bo-mia.example:8080/rss"),
        ("http://ai:mat-khau@bao.example/", "http://bao.example/"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("http://[x", ""),
        ("http://bao.example:99999999/", ""),
        ("http://bao.example:cong/", ""),
        ("http://", ""),
        ("https://bao.example:0/x", ""),
        ("http:/bao.example/x", "http://bao.example/x"),
        ("file:///etc/passwd", ""),
        ("bao.example", ""),
    ],
)
def test_an_address_is_made_one_that_can_be_asked_for(given: str, asked: str) -> None:
    assert asked_url(given) == asked
