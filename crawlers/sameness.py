"""Pages that a host serves whatever it is asked for: soft 404s, front pages, notices of maintenance."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import xxhash

from crawlers.outlets import article_verdict
from models.outlet import Outlet
from pipeline.urls import host_of, outlet_url

ADDRESSES = 3
"""Addresses of one host that give the same page, from which on the page is no article of any of them."""
_SCHEMES = (b"https", b"http")
_QUOTES = (b'"', b"'")
_CANONICAL = re.compile(
    rb"<link\b(?=[^>]{0,600}?\brel\s*=\s*[\"']?canonical\b)[^>]{0,600}?\bhref\s*=\s*[\"']?([^\"'\s>]{1,2000})",
    re.IGNORECASE,
)


class Bodies:
    """What each host answered, by fingerprint. `empty_pages` outlives the run: a page once seen through is
    known at its first address the next time."""

    def __init__(self, empty_pages: dict[str, set[bytes]]) -> None:
        self._empty = empty_pages
        self._first: dict[bytes, tuple[str, int]] = {}

    def same_page(self, url: str, body: bytes) -> str:
        """The first address that gave the same page, if by now `ADDRESSES` of this host did, else empty. The
        page may repeat the address that it was asked for."""
        host = host_of(url)
        print_ = fingerprint(url, body)
        if print_ in self._empty.get(host, ()):
            return self._first.get(print_, ("many others", 0))[0]
        first, number = self._first.get(print_, (url, 0))
        self._first[print_] = (first, number + 1)
        if number + 1 < ADDRESSES:
            return ""
        self._empty.setdefault(host, set()).add(print_)
        return first


def fingerprint(url: str, body: bytes) -> bytes:
    """A digest of a host's page without the address asked for, where it stands in quotes (its own canonical
    link, the buttons for sharing it)."""
    parts = urlsplit(url)
    path, done = parts.path.encode(), 0
    digest, view = xxhash.xxh3_128(f"{host_of(url)}\n"), memoryview(body)
    if len(path) > 1:
        host = parts.netloc.removeprefix("www.").encode()
        heads = (b"", *(b"%b://%b%b" % (scheme, www, host) for scheme in _SCHEMES for www in (b"", b"www.")))
        at = body.find(path)
        while at >= 0:  # a few times in a page: cheaper than to replace each form
            end = at + len(path)
            quote = body[end : end + 1]
            for head in heads if quote in _QUOTES else ():
                start = at - len(head) - 1
                if start >= done and body[start:at] == quote + head:
                    digest.update(view[done:start])
                    done = end + 1
                    break
            at = body.find(path, end)
    digest.update(view[done:])
    return digest.digest()


def own_article(outlet: Outlet, url: str, body: bytes) -> bool:
    """Whether the page names, as its own address, an article other than `url`: then the outlet shows one
    article under several sections, and the store will see that they are one."""
    found = _CANONICAL.search(body[:262_144])
    if found is None:
        return False
    named = outlet_url(outlet, unescape(found[1].decode("utf-8", "replace")), url)
    return bool(named) and named != url and article_verdict(outlet, named) is None
