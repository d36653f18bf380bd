"""Lists of feeds exchanged with other readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawlers.guard import AddressGuard
from crawlers.opml import read_opml, to_opml, unfit
from models.errors import ConfigError
from models.outlet import EndpointKind
from tests.support.outlets import endpoint, outlet


def test_what_was_exported_is_read_back() -> None:
    paper = outlet(
        endpoint("https://bao.vn/rss?a=1&b=2", section="Kinh tế"),
        endpoint("https://bao.vn/muc", EndpointKind.LISTING),
    )
    (feed,) = read_opml(to_opml([paper]))
    assert (feed.url, feed.title, feed.group) == ("https://bao.vn/rss?a=1&b=2", "Báo Mẫu: Kinh tế", "Báo Mẫu")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"hello", "not XML"),
        (b"<opml><body/></opml>", "names no feed"),
        (b'<!DOCTYPE o [<!ENTITY a "x">]><opml><outline xmlUrl="http://a.vn/"/></opml>', "document type"),
        (b"", "not XML"),
    ],
)
def test_what_is_no_list_of_feeds_is_refused_with_its_reason(body: bytes, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        read_opml(body)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://bao.vn/rss", "not http"),
        ("javascript:alert(1)", "not http"),
        ("file:///etc/passwd", "not http"),
        ("http://", "not http"),
        ("http://127.0.0.1/x.rss", "not a public address"),
        ("http://127.1/x.rss", "not a public address"),
        ("http://[::1]/x.rss", "not a public address"),
        ("http://localhost/x.rss", "not a public address"),
    ],
)
def test_a_listed_address_that_is_never_fetched_is_told_with_its_reason(url: str, why: str) -> None:
    (feed,) = read_opml(f'<opml><outline xmlUrl="{url}"/></opml>'.encode())
    found = unfit(feed.url, AddressGuard())
    assert found is not None
    assert why in found.en


@pytest.mark.parametrize("url", ["https://bao.vn/rss", "http://10.0.0.7:8080/rss", "http://8.8.8.8/rss"])
def test_a_public_address_and_one_that_the_operator_allows_may_be_proposed(url: str) -> None:
    assert unfit(url, AddressGuard.of(["10.0.0.0/8"])) is None


def test_no_file_is_read_for_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("http://bao.vn/secret")
    body = f'<!DOCTYPE o [<!ENTITY a SYSTEM "{secret.as_uri()}">]><opml><outline xmlUrl="&a;"/></opml>'
    with pytest.raises(ConfigError) as raised:
        read_opml(body.encode())
    assert "bao.vn" not in str(raised.value)
