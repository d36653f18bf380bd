"""OPML 2.0, http://opml.org/spec2.opml: outlets to other readers, and lists of feeds from them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from models.errors import ConfigError
from models.outlet import EndpointKind, Outlet

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


def read_opml(body: bytes) -> list[ListedFeed]:
    """The feeds of an OPML file, each address once.

    No entity is resolved and no other file or address is read. Raises ConfigError if it is not XML, declares
    entities, or holds no outline.
    """
    if len(body) > MAX_BYTES:
        raise ConfigError(f"larger than {MAX_BYTES >> 20} MiB", about="OPML")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ConfigError(f"not XML: {error}"[:200], about="OPML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ConfigError("declares a document type", about="OPML", hint="remove the DOCTYPE")
    found: dict[str, ListedFeed] = {}
    for node in root.iter("outline"):
        url = (node.get("xmlUrl") or "").strip()
        if url.startswith(("http://", "https://")) and len(found) < _MAX_FEEDS:
            parent = node.getparent()
            group = (parent.get("text") or "") if parent is not None else ""
            title = node.get("title") or node.get("text") or ""
            found.setdefault(url, ListedFeed(url, title, node.get("htmlUrl") or "", group))
    if not found:
        raise ConfigError("names no feed", about="OPML", hint="feeds are outlines with an xmlUrl")
    return list(found.values())
