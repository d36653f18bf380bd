"""Which network addresses may be contacted: public ones, and those that the operator allows.

The guard stands where a socket is made, so that it judges the address that is really dialled, however it was
written (`127.1`, `0x7f.1`, `2130706433`, `[::ffff:127.0.0.1]`), whatever name led to it, and at every hop of
a redirect. No outlet can make this program knock at a private door.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from models.errors import ConfigError

PORTS = frozenset({80, 443})
"""Ports of public hosts that may be contacted."""

# IPv6 ranges that carry an IPv4 address in them, with the number of bits to the right of it.
_EMBEDDED = (
    (IPv6Network("::ffff:0:0/96"), 0),  # mapped
    (IPv6Network("::ffff:0:0:0/96"), 0),  # translated, RFC 2765
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (IPv6Network("2002::/16"), 80),  # 6to4, RFC 3056
)
# `is_global` of Python 3.11 lets these through.
_NEVER = tuple(
    map(
        ip_network,
        (
            "::/96",  # IPv4-compatible, RFC 4291
            "64:ff9b:1::/48",  # local-use NAT64, RFC 8215
            "100::/64",  # discard, RFC 6666
            "2001::/23",  # protocol assignments, Teredo among them
            "3fff::/20",  # documentation, RFC 9637
            "5f00::/16",  # segment routing, RFC 9602
            "fec0::/10",  # site-local, RFC 3879
            "192.0.0.0/24",
            "192.88.99.0/24",  # 6to4 relays, RFC 7526
            "240.0.0.0/4",
        ),
    )
)


class BlockedAddressError(OSError):
    """The address may not be contacted."""


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Judges addresses. `allowed` are networks that may be contacted although they are not public, on any
    port."""

    allowed: tuple[Any, ...] = ()

    @classmethod
    def of(cls, networks: Iterable[str]) -> AddressGuard:
        """A guard that lets the given CIDR ranges through. Raises ConfigError for what is no range."""
        parsed = []
        for network in networks:
            try:
                parsed.append(ip_network(network, strict=False))
            except ValueError as error:
                raise ConfigError(
                    str(error), about="setting allow_networks", hint="write a range such as 10.0.0.0/8"
                ) from error
        return cls(tuple(parsed))

    def permits(self, host: str, port: int = 443) -> bool:
        """Whether the numeric address `host` may be contacted on `port`."""
        try:
            address = ip_address(host.partition("%")[0])
        except ValueError:
            return False
        if "%" in host:  # a zone index only makes sense on the local link
            return False
        if any(address in network for network in self.allowed if network.version == address.version):
            return True
        return port in PORTS and is_public(address)

    def check(self, sockaddr: Sequence[Any]) -> None:
        """Raise BlockedAddressError unless the socket address may be dialled."""
        host, port = str(sockaddr[0]), int(sockaddr[1])
        scope = sockaddr[3] if len(sockaddr) > 3 else 0
        if scope or not self.permits(host, port):
            raise BlockedAddressError(f"{host} port {port} is not a public address")

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for aiohttp to connect, if its address may be dialled (`socket_factory`)."""
        family, kind, protocol, _, sockaddr = info
        self.check(sockaddr)
        return socket.socket(family=family, type=kind, proto=protocol)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the open Internet, the IPv4 address inside an IPv6 one included."""
    if isinstance(address, IPv6Address):
        for network, shift in _EMBEDDED:
            if address in network:
                return is_public(IPv4Address((int(address) >> shift) & 0xFFFFFFFF))
    if any(address in network for network in _NEVER if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast


class GuardedResolver(AbstractResolver):
    """Resolves names and keeps only the addresses that may be dialled, so that a name with a private and
    a public address still works, and one with none is refused before any socket."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The permitted addresses of `host`. Raises BlockedAddressError if all are refused."""
        found = await self._inner.resolve(host, port, family)
        permitted = [result for result in found if self._guard.permits(result["host"], port or 443)]
        if found and not permitted:
            raise BlockedAddressError(f"{host} is {found[0]['host']} port {port}, not a public address")
        return permitted

    async def close(self) -> None:
        """Nothing is held open."""
        await self._inner.close()
