"""The text of an article: the profile narrows, Trafilatura reads.

On a page of a known family only the article's container is read, without noise, captions and lists of related
links. Its blocks are its lines; where a block is neither clearly prose nor clearly furniture, Trafilatura,
given that subtree, decides. On any other page Trafilatura reads the whole page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import trafilatura
from lxml import etree
from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser, LexborNode

from models.outlet import Profile
from pipeline.extract.furniture import is_caption, without_furniture
from pipeline.extract.lines import Line, key, read_lines
from pipeline.extract.page import Page, has_text, line_of, one_line, select, select_any

_NOISE = (
    "nav, form, ins, aside, audio, .tags, .tag-list, .share, .social, .sharing, .ads, .comments, #comments",
    ".author-box, .box-author, .author-info, .c-box, .toc, #toc, .table-of-contents, [role=tooltip]",
    "[class*=relat i]:not([class*=relative i]), [id*=relat i]:not([id*=relative i]), [class*=kbwscwl]",
    "[class*=tinlienquan i], [class*=lienquan i], [class*=article__tag], [class*=box-tag i]",
    "[class*=newsletter i], [class*=subscri i], [class*=comment i], [class*=share i], [class*=social i]",
    "[class*=banner i], [class*=advert i], [class*=adzone i], [id*=adzone i], [class*=admzone i]",
    "[id*=admzone i], [class*=adsbygoogle], [class*=recommend i], [class*=breadcrumb i], [class*=popup i]",
    "[class*=modal i], [class*=read-more i], [class*=readmore i], [class*=doc-them i], [class*=docthem i]",
    "[class*=xem-them i], [class*=xemthem i], [class*=google-news i], [class*=googlenews i]",
    "[class*=audio-player i], [class*=vote-star i], [class*=emotion i], [class*=hotline i]",
    "[class*=link-inline], [class*=link-source], [class*=seo-suggest], [class*=minigame i]",
    "[type=RelatedNews], [type=RelatedOneNews], [type=RelatedNewsBox], [type=BoxRelated], [type=Vote]",
    '[type=audio], [data-type=related], [hidden], [style*="display:none" i], [style*="display: none" i]',
)
_CAPTIONS = (
    (
        "figcaption, [class*=caption i], .PhotoCMS_Caption, p.Image, .image-desc, .img-desc, .photo-desc, "
        ".expNoEdit, [class*=desc_photo], [class*=image_desc], [class*=chu-thich i], [class*=chuthich i]"
    ),
)
_HEADED = "h2 a, h3 a, h4 a, h5 a, a h2, a h3, a h4, a h5"
_CARD_CHARS = 700
_CARD_SHARE = 6  # a teaser is no longer than so many times its headline
_INLINE = frozenset("a span b strong i em u font mark sup sub".split())
_MEDIA = "img, video, iframe, picture, amp-img"
_MOST = 0.6  # of a container's text: what holds more is no noise, whatever its class says
_STRIPPED = ["meta", "link", "script", "style", "svg", "template", "iframe", "noscript"]
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
    return _read(containers, profile, outside, "profile") if containers else None


def _read(containers: list[LexborNode], profile: Profile, outside: Iterable[LexborNode], method: str) -> Body:
    """The lines of containers without noise, captions and what stands `outside`."""
    total = sum(len(container.text()) for container in containers)
    skip = {node.mem_id for node in outside}
    skip -= {node.mem_id for container in containers for node in _ancestry(container)}
    noise = _within(_nodes(containers, (*_NOISE, *profile.noise)), total) + _cards(containers)
    skip |= {node.mem_id for node in _nodes(containers, profile.section)}
    captions = _small(_nodes(containers, (*profile.captions, *_CAPTIONS)), total)
    captions += _pictures(containers, {node.mem_id for node in captions}, total)
    inner = {node.mem_id for node in containers}
    skip |= {node.mem_id for node in (*noise, *captions)} - inner
    pictured = _captions(captions, {node.mem_id for node in noise})
    boxes = [text for node in _outermost(noise) if (text := one_line(node.text()[:_SHOWN]))]
    lines = [line for container in containers for line in read_lines(container, skip)]
    kept, dropped = without_furniture(lines)
    kept = _judged(kept, containers, skip)
    shown = {id(line): line.text for line in kept if is_caption(line)}
    pictured = tuple(dict.fromkeys([*pictured, *shown.values()]))
    lines = [line for line in kept if id(line) not in shown]
    return Body(tuple(lines), pictured, (*boxes, *dropped), method)


_SHOWN = 300  # characters of a box that is thrown away


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    own = {node.mem_id for node in nodes}
    once = {node.mem_id: node for node in nodes}
    return [node for node in once.values() if own.isdisjoint(up.mem_id for up in list(_ancestry(node))[1:])]


def _within(nodes: list[LexborNode], total: int) -> list[LexborNode]:
    """The nodes that hold no more of the text than noise may. A link or span in the middle of a sentence is
    part of the sentence, whatever its class says."""
    most = max(_MOST * total, 200)
    return [
        node
        for node in nodes
        if len(text := node.text()) <= most and not (node.tag in _INLINE and _in_sentence(node, text))
    ]


def _in_sentence(node: LexborNode, text: str) -> bool:
    above = node.parent
    while above is not None and above.tag in _INLINE:
        above = above.parent
    return above is not None and len(above.text().strip()) > len(text.strip()) + 10


def _cards(containers: Sequence[LexborNode]) -> list[LexborNode]:
    """The small boxes around headings that are links: teasers of other articles."""
    found: dict[int, LexborNode] = {}
    for container in containers:
        for node in select(container, _HEADED):
            card, above = node, node.parent
            most = min(_CARD_CHARS, max(_CARD_SHARE * len(node.text()), 120))
            while (
                above is not None
                and above.mem_id != container.mem_id
                and above.tag not in {"body", "td"}
                and len(above.text()) <= most
            ):
                card, above = above, above.parent
            found[card.mem_id] = card
    return list(found.values())


def _pictures(containers: Sequence[LexborNode], captions: set[int], total: int) -> list[LexborNode]:
    """Figures, and tables that only frame a picture, whose text is the caption though no class says so."""
    found = []
    for node in _nodes(containers, ("figure, table",)):
        media, text = select(node, _MEDIA), node.text()
        if not media or not text.strip() or len(text) > max(400, total // 4):
            continue
        if any(inner.mem_id in captions for inner in node.css("*")):
            continue
        cells = [cell for cell in select(node, "td, th") if has_text(cell)]
        if node.tag == "table" and len(cells) > len(media):
            continue
        if node.tag == "figure" and cells:
            continue
        found.append(node)
    return found


def _nodes(containers: Sequence[LexborNode], selectors: Iterable[str]) -> list[LexborNode]:
    selectors = tuple(selectors)
    return [node for container in containers for node in select_any(container, selectors)]


def _ancestry(node: LexborNode) -> Iterable[LexborNode]:
    current: LexborNode | None = node
    while current is not None:
        yield current
        current = current.parent


def _small(captions: list[LexborNode], total: int) -> list[LexborNode]:
    """Captions proper: a class that says caption and holds most of the article is a wrapper."""
    return [node for node in captions if len(node.text()) <= max(200, total // 3)]


def _captions(nodes: list[LexborNode], noise: set[int]) -> tuple[str, ...]:
    """The texts of captions, once each, outermost only, without those inside noise."""
    own = {node.mem_id for node in nodes}
    found: dict[str, None] = {}
    for node in nodes:
        above = [up.mem_id for up in _ancestry(node)][1:]
        if noise.isdisjoint([node.mem_id, *above]) and own.isdisjoint(above) and (text := _said(node)):
            found.setdefault(text)
    return tuple(found)


def _said(caption: LexborNode) -> str:
    if not select(caption, "video, audio, script, style"):
        return line_of(caption)
    return " ".join(line.text for line in read_lines(caption))


def _is_doubtful(line: Line) -> bool:
    """Neither clearly prose nor clearly furniture: mostly links, yet not only one."""
    return line.linked > 0.6 * len(line.text) and line.tag not in {"h2", "h3", "h4", "tr"}


def _judged(lines: list[Line], containers: list[LexborNode], skip: set[int]) -> list[Line]:
    """The lines without the doubtful ones that Trafilatura leaves out too."""
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
        tree = lxml_html.document_fromstring(html, parser=_parser())
        text = trafilatura.extract(tree, fast=True, include_comments=False, include_tables=True)
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError, etree.LxmlError):
        return ""  # Trafilatura stumbles over some broken trees
    return text or ""


@cache
def _parser() -> etree.HTMLParser:
    """Trafilatura's parser with one class for all elements: lxml's own asks Python for the class of each node
    each time one is touched, which is a fifth of Trafilatura's time."""
    options: dict[str, Any] = {"collect_ids": False, "default_doctype": False, "encoding": "utf-8"}
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, **options)
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement))
    return parser


def read_whole(page: Page, *, outside: Iterable[LexborNode] = ()) -> Body:
    """The body as Trafilatura finds it on the whole page; then the element around the paragraphs that it
    found, which has the headings, lists and captions that it loses; or the page's `article` element where
    Trafilatura kept no more than a part of it. The tree is stripped of scripts."""
    tree: LexborHTMLParser = page.tree
    captions = tuple(dict.fromkeys(filter(None, map(line_of, tree.css("figure figcaption")[:40]))))
    tree.strip_tags(_STRIPPED)
    html = tree.html or ""
    text = _trafilatura(_LONG_ATTRIBUTE.sub('=""', html) if len(html) > _LONG_PAGE else html)
    lines = [Line(cleaned, "p") for line in text.split("\n") if (cleaned := one_line(line))]
    told = _words(lines)
    marked = _marked_article(tree, told)
    if _words(marked) > max(_PART * told, _PART_WORDS):
        lines = marked
    elif body := _around(tree, lines, outside):
        return body
    kept, dropped = without_furniture(lines)
    kept = [line for line in kept if not is_caption(line)]
    return Body(tuple(kept), captions, tuple(dropped), "page")


def _around(tree: LexborHTMLParser, lines: list[Line], outside: Iterable[LexborNode]) -> Body | None:
    """The body of the smallest element that holds most of the prose in `lines`, unless it holds much more
    or less than they do."""
    lines = _without_teasers(tree, without_furniture(lines)[0])
    wanted = {"".join(line.text.split()): len(line.text) for line in lines if len(line.text) > _PROSE_CHARS}
    total = sum(wanted.values())
    longest = _SPREAD * max(wanted.values(), default=0) + _SPREAD_CHARS
    openings = {text[:_OPENING] for text in wanted}
    held: dict[int, int] = {}
    nodes: dict[int, LexborNode] = {}
    for node in tree.css("p, li, td, blockquote, div"):
        text = node.text()
        if not _PROSE_CHARS < len(text) < longest:
            continue
        if "".join(text.lstrip()[: 4 * _OPENING].split())[:_OPENING] not in openings:
            continue
        size = wanted.get("".join(text.split()), 0)
        for above in _ancestry(node) if size else ():
            held[above.mem_id] = held.get(above.mem_id, 0) + size
            nodes[above.mem_id] = above
    most = max(held.values(), default=0)
    if not total or most < _FOUND * total:
        return None
    holding = [node for key_, node in nodes.items() if held[key_] >= _HELD * most]  # one within the other
    outer = {node.parent.mem_id for node in holding if node.parent}
    container = next(node for node in holding if node.mem_id not in outer)
    if container.tag in {"p", "li", "td", "blockquote", "html", "body"}:
        return None
    body = _read([container], Profile(), outside, "page")
    told = _words(body.lines) + sum(len(caption.split()) for caption in body.captions)
    return body if _LESS * _words(lines) <= told and _words(body.lines) <= _MORE * _words(lines) else None


def _without_teasers(tree: LexborHTMLParser, lines: list[Line]) -> list[Line]:
    """The lines that stand in no card of another article, unless hardly any would be left."""
    cards = "\n".join("".join(node.text().split()) for node in _cards([tree.body] if tree.body else []))
    own = [line for line in lines if "".join(line.text.split()) not in cards]
    return own if _words(own) >= _FOUND * _words(lines) else lines


_PROSE_CHARS = 60
# White space that markup may add to a paragraph: an element with more text is not compared.
_SPREAD, _SPREAD_CHARS = 2, 2000
_OPENING = 16  # characters by which paragraphs are told apart before they are compared
_FOUND = 0.5  # of Trafilatura's prose must be found in elements again
_HELD = 0.85  # of what was found stands in the container
_LESS, _MORE = 0.85, 1.25  # of Trafilatura's words, as told by the container
# Trafilatura takes seconds over an attribute of megabytes.
_LONG_ATTRIBUTE = re.compile(r'="[^"]{20000,}"')
_LONG_PAGE = 1_000_000
_PART = 1.4
_PART_WORDS = 150


def _words(lines: Iterable[Line]) -> int:
    """The words of lines, which are parted by single spaces."""
    return sum(line.text.count(" ") + 1 for line in lines)


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
