"""OPML 2.0, http://opml.org/spec2.opml: outlets to other readers, and lists of feeds from them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult

from lxml import etree

from crawlers.guard import AddressGuard
from crawlers.words import say
from models.errors import ConfigError
from models.outlet import EndpointKind, Outlet
from models.query import Note
from pipeline.urls import host_of, split_url

MAX_BYTES = 15 << 20
_MAX_FEEDS = 10_000


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed in an OPML file; `group` is the outline that holds it."""

    url: str
    title: str
    homepage: str
    group: str


def to_opml(outlets: Iterable[Outlet]) -> bytes:
    """The enabled feeds of the outlets, one outline for each outlet."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Điểm Báo"
    body = etree.SubElement(root, "body")
    for outlet in outlets:
        feeds = [each for each in outlet.endpoints if each.kind is EndpointKind.FEED and each.enabled]
        if feeds:
            held = etree.SubElement(body, "outline", text=outlet.name, title=outlet.name)
            for feed in feeds:
                name = f"{outlet.name}: {feed.section}" if feed.section else outlet.name
                etree.SubElement(
                    held,
                    "outline",
                    type="rss",
                    text=name,
                    title=name,
                    xmlUrl=feed.url,
                    htmlUrl=outlet.homepage,
                    language=outlet.language,
                )
    out: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return out


def read_opml(body: bytes, name: str = "OPML") -> list[ListedFeed]:
    """The feeds of an OPML file, each address once, those included that `unfit` says not to fetch.

    No entity is resolved and no other file or address is read. Raises ConfigError, which calls the file by
    `name`, if it is not XML, declares entities, or holds no feed.
    """
    if len(body) > MAX_BYTES:
        raise ConfigError(f"larger than {MAX_BYTES >> 20} MiB", about=name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ConfigError(f"not XML: {error}"[:200], about=name) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ConfigError("declares a document type", about=name, hint="remove the DOCTYPE")
    found: dict[str, ListedFeed] = {}
    for node in root.iter("outline"):
        url = (node.get("xmlUrl") or "").strip()
        if url and len(found) < _MAX_FEEDS:
            parent = node.getparent()
            group = (parent.get("text") or "") if parent is not None else ""
            title = node.get("title") or node.get("text") or ""
            found.setdefault(url, ListedFeed(url, title, node.get("htmlUrl") or "", group))
    if not found:
        raise ConfigError("names no feed", about=name, hint="feeds are outlines with an xmlUrl")
    return list(found.values())


def unfit(url: str, guard: AddressGuard) -> Note | None:
    """Why a listed feed cannot be one of ours, whatever it holds; None if it can. A name is not looked up:
    what it leads to is judged when it is asked."""
    parts = split_url(url)
    host = host_of(url)
    if parts.scheme not in ("http", "https") or not host:
        return say("not_http")
    last = host.rpartition(".")[2]
    numeric = ":" in host or last[:1].isdigit()  # `127.1` and `0x7f.1` are addresses, too
    private = not guard.permits(host, _port(parts)) if numeric else "." not in host
    return say("not_public") if private else None


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or 443
    except ValueError:
        return 0
