"""Listing pages to entries: the links to articles of a section page, with the words they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from crawlers.decoding import charset_of, decode
from crawlers.plain import one_line
from models.document import Entry
from pipeline.limits import beyond_limits
from pipeline.urls import web_url

MAX_LINKS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedListing:
    """What a listing page linked to. `next_url` is the next page of it, empty if there is none; `readable`
    tells whether the page could be read at all."""

    title: str = ""
    entries: tuple[Entry, ...] = ()
    next_url: str = ""
    problems: tuple[str, ...] = ()
    readable: bool = True


def parse_listing(
    body: bytes,
    *,
    url: str,
    selectors: Sequence[str] = (),
    next_page: Sequence[str] = (),
    is_article: Callable[[str], bool] = lambda _: True,
    content_type: str = "",
    charset: str = "",
) -> ParsedListing:
    """The article links of a page, in its order, each address once with its longest words.

    `selectors` are tried as CSS of `<a>` elements (or of elements that hold one); if none of them finds an
    article, every link of the page counts for which `is_article` holds. Never raises.
    """
    text, _ = decode(body, charset=charset or charset_of(content_type))
    # Selectors look through all elements around each match: time goes with the square of the depth.
    if beyond := beyond_limits(text.encode("utf-8", "replace")):
        return ParsedListing(problems=(beyond[1],), readable=False)
    tree = LexborHTMLParser(text)
    base = _base(tree, url)
    problems: list[str] = []
    found = _entries(_selected(tree, selectors, problems), base, is_article)
    if not found:
        if selectors:
            problems.append("no link at the declared selectors; all links were read")
        found = _entries(tree.css("a[href]"), base, is_article)
    title = tree.css_first("title")
    return ParsedListing(
        title=one_line(title.text()) if title else "",
        entries=tuple(found.values()),
        next_url=_next(tree, next_page, base, problems),
        problems=tuple(problems),
    )


def _base(tree: LexborHTMLParser, url: str) -> str:
    """What the page's links are resolved against; its own address if it says nothing that can be used."""
    node = tree.css_first("base[href]")
    return web_url((node.attributes.get("href") if node else "") or "", url) or url


def _selected(tree: LexborHTMLParser, selectors: Iterable[str], problems: list[str]) -> list[LexborNode]:
    nodes: list[LexborNode] = []
    for selector in selectors:
        try:
            nodes += tree.css(selector)
        except (SelectolaxError, ValueError):
            problems.append(f"selector not understood: {selector}"[:200])
    return nodes


def _entries(nodes: Iterable[LexborNode], base: str, is_article: Callable[[str], bool]) -> dict[str, Entry]:
    """By address without its fragment, in the order of the page."""
    found: dict[str, Entry] = {}
    for node in nodes:
        link = node if node.tag == "a" else node.css_first("a[href]")
        address = web_url((link.attributes.get("href") or "") if link else "", base).partition("#")[0]
        if not link or not address or not is_article(address):
            continue
        title = one_line(link.text(deep=True, separator=" ")) or one_line(link.attributes.get("title") or "")
        known = found.get(address)
        if known is None or len(title) > len(known.title):
            found[address] = Entry(link=address, title=title)
        if len(found) >= MAX_LINKS:
            break
    return found


def _next(tree: LexborHTMLParser, selectors: Sequence[str], base: str, problems: list[str]) -> str:
    """The next page's address: at the profile's selectors, or where the page itself says `rel=next`."""
    for node in (*_selected(tree, selectors, problems), *tree.css("link[rel=next][href], a[rel=next][href]")):
        address = web_url(node.attributes.get("href") or "", base)
        if address and address != base and urlsplit(address).hostname == urlsplit(base).hostname:
            return address
    return ""
