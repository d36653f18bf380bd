"""The address guard: what may be dialled, in every notation, by every way that leads there."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
import yarl

from crawlers.crawl import CrawlOptions, crawl
from crawlers.guard import AddressGuard, BlockedAddressError, GuardedResolver
from models.errors import ConfigError
from models.outcome import Reason
from tests.support.outlets import endpoint, outlet
from tests.support.server import redirect, site
from tests.support.sink import MemorySink

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",  # the metadata service of clouds
    "100.64.0.1",  # carrier-grade NAT
    "192.0.0.8",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "192.88.99.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:5ef5:79fb::1",  # Teredo
    "2001:db8::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",  # no public address has a zone
    "fec0::1",
    "ff02::1",
    "100::1",
    "3fff::1",
    "not an address",
    "",
]
PUBLIC = ["8.8.8.8", "113.160.0.1", "2001:ee0::1", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]

# Spellings of loopback, private and unroutable addresses that some resolver or parser understands.
SPELLINGS = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "127.000.000.001",
    "0",
    "0.0.0.0",
    "0x0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "10.1",
    "0xa.1",
    "192.168.257",
    "0xa9fea9fe",
    "169.254.169.254",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:0:0:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1%251]",
    "[::127.0.0.1]",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not AddressGuard().permits(address, 80)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_permitted_on_the_ports_of_the_web_only(address: str) -> None:
    assert AddressGuard().permits(address, 443)
    assert AddressGuard().permits(address, 80)
    assert not AddressGuard().permits(address, 22)
    assert not AddressGuard().permits(address, 6379)


def test_an_allowed_network_is_permitted_on_any_port_and_nothing_beside_it() -> None:
    guard = AddressGuard.of(["127.0.0.1/32", "10.1.0.0/16"])
    assert guard.permits("127.0.0.1", 8080)
    assert guard.permits("10.1.2.3", 80)
    assert not guard.permits("127.0.0.2", 80)
    assert not guard.permits("10.2.0.1", 80)
    with pytest.raises(ConfigError, match="allow_networks"):
        AddressGuard.of(["10.1.0.0/99"])


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_no_spelling_of_a_private_address_reaches_a_socket(spelling: str) -> None:
    dialled: list[Any] = []
    guard = AddressGuard()

    def factory(info: Any) -> socket.socket:
        made = guard.socket(info)
        dialled.append(info)
        return made

    connector = aiohttp.TCPConnector(resolver=GuardedResolver(guard), socket_factory=factory)
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises((aiohttp.ClientError, ValueError, OSError)):
            async with session.get(
                yarl.URL(f"http://{spelling}/", encoded=True), timeout=aiohttp.ClientTimeout(3)
            ):
                pass
    assert dialled == []


async def test_the_guard_judges_what_is_dialled_not_what_was_resolved() -> None:
    """A name that answers with a public address first and a private one at the connection is caught."""
    guard = AddressGuard()
    with pytest.raises(BlockedAddressError):
        guard.socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80)))
    with pytest.raises(BlockedAddressError):
        guard.socket((socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fe80::1", 80, 0, 2)))
    with pytest.raises(BlockedAddressError):
        guard.check(("2606:4700::1111", 80, 0, 2))  # with an index of a local link


async def test_of_a_names_addresses_only_those_that_may_be_dialled_are_tried() -> None:
    """`localhost` is mostly 127.0.0.1 and ::1."""
    some = GuardedResolver(AddressGuard.of(["127.0.0.1/32"]))
    found = await some.resolve("localhost", 8080, socket.AF_UNSPEC)
    assert {each["host"] for each in found} == {"127.0.0.1"}
    with pytest.raises(BlockedAddressError, match="localhost is "):
        await GuardedResolver(AddressGuard()).resolve("localhost", 80, socket.AF_UNSPEC)


@pytest.mark.parametrize(
    "target",
    ["127.0.0.2", "127.2", "2130706434", "0x7f.2", "127.0.0.2.", "[::ffff:127.0.0.2]", "[::ffff:7f00:2]"],
)
async def test_no_feed_redirect_or_link_reaches_a_private_canary(target: str) -> None:
    """The test server's own address is allowed; the canary listens on the same port of the one beside it."""
    sink = MemorySink()
    async with site("127.0.0.1") as server, site("127.0.0.2", port=server.port) as canary:
        there = f"http://{target}:{server.port}"
        server.feed("/rss", f"{there}/tin/1", "/tin/2")
        server.pages["/tin/2"] = redirect(f"{there}/tin/2")
        paper = outlet(
            endpoint(f"{server.base}/rss"),
            endpoint(f"{there}/rss"),
            hosts=("127.0.0.1", "127.0.0.2", target.strip("[].")),
        )
        await asyncio.wait_for(
            crawl(
                [paper],
                sink,
                options=CrawlOptions(
                    now=lambda: datetime(2026, 11, 22, tzinfo=UTC),
                    allow_networks=("127.0.0.1/32",),
                    download_timeout=5,
                ),
            ),
            30,
        )
    assert canary.hits == {}
    assert sink.documents == {}
    # aiohttp itself refuses to read the shortened and numeric spellings as addresses
    plain = target in ("127.0.0.2", "[::ffff:127.0.0.2]", "[::ffff:7f00:2]")
    allowed = {Reason.BLOCKED_ADDRESS} if plain else {Reason.BLOCKED_ADDRESS, Reason.FETCH_ERROR}
    assert sink.reason_of(f"{there}/rss") in allowed


async def test_the_refusal_of_a_name_says_what_the_name_stands_for() -> None:
    """Before any socket is made: the resolver judges too, so that people see where a name leads."""
    sink = MemorySink()
    async with site("127.0.0.1") as server:
        url = f"http://localhost:{server.port}/rss"
        options = CrawlOptions(download_timeout=5)
        await crawl([outlet(endpoint(url), hosts=("localhost",))], sink, options=options)
    assert sink.reason_of(url) is Reason.BLOCKED_ADDRESS
    assert sink.detail_of(url).startswith("robots.txt: localhost is ")
    assert server.hits == {}


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    sink = MemorySink()
    async with site("127.0.0.1") as server, site("127.0.0.2") as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.base)
        monkeypatch.delenv("no_proxy", raising=False)
        server.feed("/rss", "/tin/1")
        server.articles("/tin/1")
        options = CrawlOptions(allow_networks=("127.0.0.0/8",), download_timeout=5)
        await crawl([outlet(endpoint(f"{server.base}/rss"))], sink, options=options)
    assert len(sink.documents) == 1
    assert proxy.hits == {}
