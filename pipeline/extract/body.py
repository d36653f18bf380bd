"""The text of an article: the profile narrows, Trafilatura reads.

On a page of a known family only the article's container is read, without noise, captions and lists of related
links. Its blocks are its lines; where a block is neither clearly prose nor clearly furniture, Trafilatura,
given that subtree, decides. On any other page Trafilatura reads the whole page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import trafilatura
from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode

from models.outlet import Profile
from pipeline.extract.lines import Line, is_caption, key, read_lines, without_furniture
from pipeline.extract.page import Page, has_text, line_of, one_line, select, select_any

_NOISE = (
    (
        "nav, form, ins, .related, .related-news, .related-posts, .tags, .tag-list, "
        ".share, .social, .sharing, "
        ".social-share, .banner, .advertisement, .ads, .comment-box, .comments, #comments, .author-box, "
        "[class*=relate i], [class*=kbwscwl], [class*=box-tinlienquan], [class*=tinlienquan], "
        "[class*=article__tag], "
        "[class*=share-social], [class*=social-share], [class*=adzone], [id*=adzone], [type=RelatedNews], "
        "[type=RelatedOneNews], [type=RelatedNewsBox], [type=BoxRelated], [data-type=related]"
    ),
)
_CAPTIONS = (
    (
        "figcaption, [class*=caption i], .PhotoCMS_Caption, p.Image, .image-desc, .img-desc, .photo-desc, "
        ".expNoEdit, [class*=desc_photo]"
    ),
)
_STRIPPED = ["script", "style", "svg", "template", "iframe", "noscript"]
_MIN_CONTAINER = 12  # words


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of an article without its lead, the captions of its pictures, what was thrown away, and
    the way of reading: `profile` or `page`."""

    lines: tuple[Line, ...]
    captions: tuple[str, ...]
    dropped: tuple[str, ...]
    method: str


def find_containers(page: Page, profile: Profile) -> list[LexborNode]:
    """The nodes that hold the body: of the first selector that matches text, the one with most of it; all
    of them when the selector names paragraphs."""
    for selector in profile.body:
        nodes = [
            node for node in page.all((selector,)) if has_text(node) or select(node, "img, video, iframe")
        ]
        if nodes:
            if all(node.tag in {"p", "h2", "h3", "li"} for node in nodes):
                return nodes
            return nodes if len(nodes) == 1 else [max(nodes, key=lambda node: len(node.text()))]
    return []


def read_body(page: Page, profile: Profile, *, outside: Iterable[LexborNode] = ()) -> Body | None:
    """The body by the profile; None when none of its selectors finds a container. `outside` are nodes that
    are read elsewhere (title, lead, time, author) and may stand within the container."""
    containers = find_containers(page, profile)
    if not containers:
        return None
    skip = {node.mem_id for node in outside}
    skip -= {node.mem_id for container in containers for node in _ancestry(container)}
    noise = _nodes(containers, (*_NOISE, *profile.noise))
    skip |= {node.mem_id for node in _nodes(containers, profile.section)}
    captions = _nodes(containers, (*profile.captions, *_CAPTIONS))
    captions = _small(captions, containers) if captions else []
    inner = {node.mem_id for node in containers}
    skip |= {node.mem_id for node in (*noise, *captions)} - inner
    pictured = _captions(captions, {node.mem_id for node in noise})
    lines = [line for container in containers for line in read_lines(container, skip)]
    kept, dropped = without_furniture(lines)
    kept = _judged(kept, containers, skip)
    return Body(tuple(kept), pictured, tuple(dropped), "profile")


def _nodes(containers: Sequence[LexborNode], selectors: Iterable[str]) -> list[LexborNode]:
    selectors = tuple(selectors)
    return [node for container in containers for node in select_any(container, selectors)]


def _ancestry(node: LexborNode) -> Iterable[LexborNode]:
    current: LexborNode | None = node
    while current is not None:
        yield current
        current = current.parent


def _small(captions: list[LexborNode], containers: list[LexborNode]) -> list[LexborNode]:
    """Captions proper: a class that says caption and holds most of the article is a wrapper."""
    total = sum(len(container.text()) for container in containers)
    return [node for node in captions if len(node.text()) <= max(200, total // 3)]


def _captions(nodes: list[LexborNode], noise: set[int]) -> tuple[str, ...]:
    """The texts of captions, once each, outermost only, without those inside noise."""
    own = {node.mem_id for node in nodes}
    found: dict[str, None] = {}
    for node in nodes:
        above = [up.mem_id for up in _ancestry(node)][1:]
        if noise.isdisjoint([node.mem_id, *above]) and own.isdisjoint(above) and (text := line_of(node)):
            found.setdefault(text)
    return tuple(found)


def _is_doubtful(line: Line) -> bool:
    """Neither clearly prose nor clearly furniture: mostly links, yet not only one."""
    return line.linked > 0.6 * len(line.text) and line.tag not in {"h2", "h3", "h4", "tr"}


def _judged(lines: list[Line], containers: list[LexborNode], skip: set[int]) -> list[Line]:
    """The lines without the doubtful ones that Trafilatura leaves out too, and without bare credits of
    pictures."""
    lines = [line for line in lines if not is_caption(line.text)]
    if not any(map(_is_doubtful, lines)):
        return lines
    read = key(_trafilatura("".join(_pruned(container, skip) for container in containers)))
    return [line for line in lines if not _is_doubtful(line) or key(line.text) in read]


def _pruned(container: LexborNode, skip: set[int]) -> str:
    """The HTML of a container without the nodes to skip. The container is changed."""
    doomed = [node for node in container.css("*") if node.mem_id in skip]
    for node in doomed:
        if not any(up.mem_id in skip for up in list(_ancestry(node))[1:]):
            node.remove()
    return container.html or ""


def _trafilatura(html: str) -> str:
    if not html.lstrip()[:6].lower().startswith(("<html", "<!doct")):
        html = f"<html><body><article>{html}</article></body></html>"
    try:
        text = trafilatura.extract(html, fast=True, include_comments=False, include_tables=True)
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError, etree.LxmlError):
        return ""  # Trafilatura stumbles over some broken trees
    return text or ""


def read_whole(page: Page) -> Body:
    """The body as Trafilatura finds it on the whole page; where it kept no more than a part of what the
    page's `article` element holds, that element. The tree is stripped of scripts."""
    tree: LexborHTMLParser = page.tree
    captions = tuple(dict.fromkeys(filter(None, map(line_of, tree.css("figure figcaption")[:40]))))
    tree.strip_tags(_STRIPPED)
    text = _trafilatura(tree.html or "")
    lines = [Line(cleaned, "p") for line in text.split("\n") if (cleaned := one_line(line))]
    marked = _marked_article(tree, _words(lines))
    if _words(marked) > _PART * _words(lines) and _words(marked) > _PART_WORDS:
        lines = marked
    kept, dropped = without_furniture(lines)
    kept = [line for line in kept if not is_caption(line.text)]
    return Body(tuple(kept), captions, tuple(dropped), "page")


_PART = 1.4
_PART_WORDS = 150


def _words(lines: Iterable[Line]) -> int:
    return sum(len(line.text.split()) for line in lines)


def _marked_article(tree: LexborHTMLParser, known: int) -> list[Line]:
    """The prose of the longest element that is marked as an article's text, read only if it holds more
    words than the `known` ones by enough."""
    for selector in ("[itemprop=articleBody]", "article"):
        if nodes := tree.css(selector):
            node = max(nodes, key=lambda n: len(n.text()))
            if len(node.text().split()) <= _PART * known:
                return []
            skip = {n.mem_id for n in _nodes([node], (*_NOISE, *_CAPTIONS))} - {node.mem_id}
            lines, _ = without_furniture(read_lines(node, skip))
            return [
                line for line in lines if len(line.text.split()) >= 12 and line.linked < 0.5 * len(line.text)
            ]
    return []


def enough(body: Body) -> bool:
    """Whether a body read by a profile holds anything: words, or pictures with captions."""
    words = 0
    for line in body.lines:
        words += len(line.text.split())
        if words >= _MIN_CONTAINER:
            return True
    return bool(body.captions)
