"""The text of an article: the profile narrows, Trafilatura reads.

On a page of a known family only the article's container is read, without noise, captions and lists of related
links. Its blocks are its lines; where a block is neither clearly prose nor clearly furniture, Trafilatura,
given that subtree, decides. On any other page Trafilatura reads the whole page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from models.outlet import Profile
from pipeline.extract.furniture import is_caption, without_furniture
from pipeline.extract.lines import Line, key, read_lines
from pipeline.extract.marks import Mark, mark_of
from pipeline.extract.page import Page, has_text, line_of, one_line, select, select_any
from pipeline.extract.prose import read_prose

_CARD_CHARS = 700
_CARD_SHARE = 6  # a teaser is no longer than so many times its headline
_INLINE = frozenset("a span b strong i em u font mark sup sub".split())
_MEDIA = "img, video, iframe, picture, amp-img"
_MOST = 0.6  # of a container's text: what holds more is no noise, whatever its class says
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
    are read elsewhere (title, lead) and may stand within the container."""
    containers = find_containers(page, profile)
    return read_containers(containers, profile, outside, "profile") if containers else None


def read_containers(
    containers: list[LexborNode],
    profile: Profile,
    outside: Iterable[LexborNode],
    method: str,
    prose: str | None = None,
) -> Body:
    """The lines of containers without noise, captions, the profile's other fields and what stands `outside`.
    `prose` is what Trafilatura read of them, if it was asked already."""
    total = sum(len(container.text()) for container in containers)
    skip = {node.mem_id for node in outside}
    skip |= {node.mem_id for node in nodes_in(containers, (*profile.time, *profile.author, *profile.section))}
    skip -= {node.mem_id for container in containers for node in ancestry(container)}
    marked = marked_in(containers, profile)
    noise = _within(marked.noise, total) + cards(marked.headings, containers)
    captions = _small(marked.captions, total)
    captions += _pictures(marked.frames, {node.mem_id for node in captions}, total)
    inner = {node.mem_id for node in containers}
    skip |= {node.mem_id for node in (*noise, *captions)} - inner
    pictured = _captions(captions, {node.mem_id for node in noise})
    boxes = [text for node in _outermost(noise) if (text := one_line(node.text()[:_SHOWN]))]
    lines = [line for container in containers for line in read_lines(container, skip)]
    kept, dropped = without_furniture(lines)
    kept = _judged(kept, containers, skip, prose)
    shown = {id(line): line.text for line in kept if is_caption(line)}
    pictured = tuple(dict.fromkeys([*pictured, *shown.values()]))
    lines = [line for line in kept if id(line) not in shown]
    return Body(tuple(lines), pictured, (*boxes, *dropped), method)


_SHOWN = 300  # characters of a box that is thrown away


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    own = {node.mem_id for node in nodes}
    once = {node.mem_id: node for node in nodes}
    return [node for node in once.values() if own.isdisjoint(up.mem_id for up in list(ancestry(node))[1:])]


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


@dataclass(frozen=True, slots=True)
class Marked:
    """The elements of containers that are more than text, each kind in the order of the page: what is marked
    as noise and as captions, frames of pictures, headings."""

    noise: list[LexborNode]
    captions: list[LexborNode]
    frames: list[LexborNode]
    headings: list[LexborNode]


def marked_in(containers: Sequence[LexborNode], profile: Profile) -> Marked:
    """The elements that the profile names and those that are marked so on pages of any make."""
    noise = {node.mem_id for node in nodes_in(containers, profile.noise)}
    captions = {node.mem_id for node in nodes_in(containers, profile.captions)}
    found = Marked([], [], [], [])
    for node in (node for container in containers for node in container.css("*")):
        mark, tag = mark_of(node), node.tag
        if mark in _NOISY or node.mem_id in noise:
            found.noise.append(node)
        if mark in _CAPTIONING or node.mem_id in captions:
            found.captions.append(node)
        if tag == "figure" or tag == "table":
            found.frames.append(node)
        elif tag in _HEADINGS:
            found.headings.append(node)
    return found


_NOISY, _CAPTIONING = (Mark.NOISE, Mark.BOTH), (Mark.CAPTION, Mark.BOTH)
_HEADINGS = frozenset("h2 h3 h4 h5".split())


def cards(headings: Iterable[LexborNode], containers: Sequence[LexborNode]) -> list[LexborNode]:
    """The small boxes around headings that are links: teasers of other articles."""
    outermost = {container.mem_id for container in containers}
    found: dict[int, LexborNode] = {}
    for node in (linked for heading in headings for linked in _linked(heading)):
        card, above = node, node.parent
        most = min(_CARD_CHARS, max(_CARD_SHARE * len(node.text()), 120))
        while (
            above is not None
            and above.mem_id not in outermost
            and above.tag not in {"body", "td"}
            and len(above.text()) <= most
        ):
            card, above = above, above.parent
        found[card.mem_id] = card
    return list(found.values())


def _linked(heading: LexborNode) -> list[LexborNode]:
    """The links in a heading, or the heading itself if it stands in a link."""
    links = heading.css("a")
    return links or ([heading] if any(up.tag == "a" for up in ancestry(heading)) else [])


def _pictures(frames: Iterable[LexborNode], captions: set[int], total: int) -> list[LexborNode]:
    """Figures, and tables that only frame a picture, whose text is the caption though no class says so."""
    found = []
    for node in frames:
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


def nodes_in(containers: Sequence[LexborNode], selectors: Iterable[str]) -> list[LexborNode]:
    """The nodes within containers that any of the selectors matches, container by container."""
    selectors = tuple(selectors)
    return [node for container in containers for node in select_any(container, selectors)]


def ancestry(node: LexborNode) -> Iterable[LexborNode]:
    """A node and all that it stands in, from the node itself outwards to the root."""
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
        above = [up.mem_id for up in ancestry(node)][1:]
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


def _judged(lines: list[Line], containers: list[LexborNode], skip: set[int], prose: str | None) -> list[Line]:
    """The lines without the doubtful ones that Trafilatura leaves out too."""
    if not any(map(_is_doubtful, lines)):
        return lines
    if prose is None:
        inner = "".join(_pruned(container, skip) for container in containers)
        prose = read_prose(f"<html><body><article>{inner}</article></body></html>")
    read = key(prose)
    return [line for line in lines if not _is_doubtful(line) or key(line.text) in read]


def _pruned(container: LexborNode, skip: set[int]) -> str:
    """The HTML of a container without the nodes to skip. The container is changed."""
    doomed = [node for node in container.css("*") if node.mem_id in skip]
    for node in doomed:
        if not any(up.mem_id in skip for up in list(ancestry(node))[1:]):
            node.remove()
    return container.html or ""


def enough(body: Body) -> bool:
    """Whether a body read by a profile holds anything: words, or pictures with captions."""
    words = 0
    for line in body.lines:
        words += len(line.text.split())
        if words >= _MIN_CONTAINER:
            return True
    return bool(body.captions)
