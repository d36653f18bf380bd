"""The text of a page of no known family, as Trafilatura finds it.

Trafilatura's time grows with what it is given, so the page is narrowed first, to the smallest element that
holds nearly all of its prose. The element around the paragraphs that Trafilatura found is then read, as it
has the headings, lists and captions that Trafilatura loses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from models.outlet import Profile
from pipeline.extract.body import Body, ancestry, cards, marked_in, read_containers
from pipeline.extract.furniture import is_caption, without_furniture
from pipeline.extract.lines import Line, read_lines
from pipeline.extract.page import Page, line_of, one_line
from pipeline.extract.prose import read_prose

_STRIPPED = ["meta", "link", "script", "style", "svg", "template", "iframe", "noscript"]
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
_PARAGRAPH_CHARS = 80
_SIBLINGS = 3
_NEARLY_ALL = 0.8  # of the prose: the rest are teasers, comments and notices


def read_whole(
    page: Page, profile: Profile, *, outside: Iterable[LexborNode] = (), led: bool = False
) -> Body:
    """The body as Trafilatura finds it in the part of the page that holds its prose; then the element around
    the paragraphs that it found; or the page's `article` element where Trafilatura kept no more than a part
    of it. The tree is stripped of scripts. `led` tells that the page is an article with a lead of its own, so
    that it may hold nothing else but teasers of others."""
    tree: LexborHTMLParser = page.tree
    tree.strip_tags(_STRIPPED)
    teasers = cards(tree.css("h2, h3, h4, h5"), [tree.body] if tree.body else [])
    part, prose = _prose_part(tree, {node.mem_id for node in teasers})
    html = f"<html><body><article>{part.html}</article></body></html>" if part else tree.html or ""
    text = read_prose(_LONG_ATTRIBUTE.sub('=""', html) if len(html) > _LONG_PAGE else html)
    lines = [Line(cleaned, "p") for line in text.split("\n") if (cleaned := one_line(line))]
    if part and len(text) < _FOUND * prose:  # as where paragraphs are mere text between empty ones
        return read_containers([part], _fields(profile), outside, "page", prose=text)
    told = _words(lines)
    marked = _marked_article(tree, told)
    if _words(marked) > max(_PART * told, _PART_WORDS):
        lines = marked
    else:
        lines = _without_teasers(teasers, lines, at_all=led)
        if body := _around(part or tree.body, profile, lines, text, outside):
            return body
    captions = tuple(dict.fromkeys(filter(None, map(line_of, tree.css("figure figcaption")[:40]))))
    kept, dropped = without_furniture(lines)
    kept = [line for line in kept if not is_caption(line)]
    return Body(tuple(kept), captions, tuple(dropped), "page")


def _fields(profile: Profile) -> Profile:
    """A profile without its marks of noise, which are of another layout."""
    return Profile(time=profile.time, author=profile.author)


def _prose_part(tree: LexborHTMLParser, apart: set[int]) -> tuple[LexborNode | None, int]:
    """The smallest element that holds nearly all prose of the page, and the characters of it all; None when
    that is the page itself, or when no paragraphs of prose stand one below the other, as on a front of
    teasers. What stands in comments or in the elements `apart` is no prose of the page."""
    held: dict[int, int] = {}
    nodes: dict[int, LexborNode] = {}
    siblings: Counter[int] = Counter()
    apart = apart | {node.mem_id for node in tree.css("[class*=comment i], [id*=comment i]")}
    total = 0
    for node in tree.css("p, div, td"):
        if not (size := _prose_size(node)):
            continue
        texts = 1 if node.tag == "p" else _texts(node)
        outer = list(ancestry(node))[0 if texts > 1 else 1 :]
        if not apart.isdisjoint([above.mem_id for above in outer]):
            continue
        total += size
        siblings[outer[0].mem_id] += texts
        for above in outer:
            held[above.mem_id] = held.get(above.mem_id, 0) + size
            nodes.setdefault(above.mem_id, above)
    if max(siblings.values(), default=0) < _SIBLINGS:
        return None, total
    holding = [node for node in nodes.values() if held[node.mem_id] >= _NEARLY_ALL * total]
    above_others = {node.parent.mem_id for node in holding if node.parent}
    part = next((node for node in holding if node.mem_id not in above_others), None)
    return (None if part is None or part.tag in {"html", "body"} else part), total


def _texts(node: LexborNode) -> int:
    """How many of an element's own pieces of text are as long as paragraphs, at least one."""
    own = (child.text_content or "" for child in node.iter(include_text=True) if child.is_text_node)
    return max(sum(len(text) >= _PARAGRAPH_CHARS // 2 for text in own), 1)


def _prose_size(node: LexborNode) -> int:
    """The characters of a paragraph that is prose, 0 for any other. Of a `div` or cell its own text counts,
    not that of the elements in it."""
    size = len(node.text(deep=node.tag == "p").strip())
    if size < _PARAGRAPH_CHARS:
        return 0
    linked = sum(len(link.text()) for link in node.css("a"))
    return size if linked <= size // 2 else 0


def _around(
    within: LexborNode | None, profile: Profile, lines: list[Line], text: str, outside: Iterable[LexborNode]
) -> Body | None:
    """The body of the smallest element that holds most of the prose in `lines`, unless it holds much more
    or less than they do. `text` is all that Trafilatura read."""
    if within is None:
        return None
    lines = without_furniture(lines)[0]
    wanted = {"".join(line.text.split()): len(line.text) for line in lines if len(line.text) > _PROSE_CHARS}
    total = sum(wanted.values())
    longest = _SPREAD * max(wanted.values(), default=0) + _SPREAD_CHARS
    openings = {text[:_OPENING] for text in wanted}
    held: dict[int, int] = {}
    nodes: dict[int, LexborNode] = {}
    for node in within.css("p, li, td, blockquote, div"):
        said = node.text()
        if not _PROSE_CHARS < len(said) < longest:
            continue
        if "".join(said.lstrip()[: 4 * _OPENING].split())[:_OPENING] not in openings:
            continue
        size = wanted.get("".join(said.split()), 0)
        for above in ancestry(node) if size else ():
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
    body = read_containers([container], _fields(profile), outside, "page", prose=text)
    told = _words(body.lines) + sum(len(caption.split()) for caption in body.captions)
    return body if _LESS * _words(lines) <= told and _words(body.lines) <= _MORE * _words(lines) else None


def _without_teasers(teasers: Iterable[LexborNode], lines: list[Line], *, at_all: bool) -> list[Line]:
    """The lines that stand in no card of another article, unless hardly any would be left, `at_all` even
    then. Short ones must be whole lines there: a subheading's words may well stand within a headline."""
    nodes = list(teasers)
    held = "\n".join("".join(node.text().split()) for node in nodes)
    whole = {"".join(line.text.split()) for node in nodes for line in read_lines(node)}
    told = ((line, "".join(line.text.split())) for line in lines)
    own = [
        line for line, said in told if said not in whole and (len(said) < _PROSE_CHARS or said not in held)
    ]
    return own if at_all or _words(own) >= _FOUND * _words(lines) else lines


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
            marked = marked_in([node], Profile())
            skip = {n.mem_id for n in (*marked.noise, *marked.captions)} - {node.mem_id}
            lines, _ = without_furniture(read_lines(node, skip))
            return [
                line for line in lines if len(line.text.split()) >= 12 and line.linked < 0.5 * len(line.text)
            ]
    return []
