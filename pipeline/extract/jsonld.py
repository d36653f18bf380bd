"""What a page says of itself in JSON-LD: the article node and the breadcrumb, however they are wrapped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

_ARTICLE = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|Report)$")
MEDIA = frozenset({"VideoObject", "ImageGallery", "MediaGallery", "NewsMediaObject"})
"""Types of pages that are a film or a gallery."""
# What a script must hold to be worth reading: others tell of the site, its search and its publisher.
_TELLING = re.compile(
    "Article|BlogPosting|Report|VideoObject|Gallery|NewsMediaObject|BreadcrumbList|headline|datePublished"
)
_MAX_NODES = 2000
_MAX_SCRIPT = 2_000_000
_COMMENT = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>|^\s*//.*$|/\*.*?\*/", re.MULTILINE | re.DOTALL)
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_LOOSE = re.compile(
    r'"(?P<key>headline|datePublished|dateModified|dateCreated|articleSection|description)"\s*:\s*'
    r'"(?P<value>(?:[^"\\]|\\.)*)"'
)


@dataclass(frozen=True, slots=True)
class LinkedData:
    """`article` is the node of the article (empty if none), `kind` its type, `crumbs` the names of the
    breadcrumb from the home page down with their addresses, `restricted` a declared paywall."""

    article: dict[str, Any] = field(default_factory=dict)
    kind: str = ""
    crumbs: tuple[tuple[str, str], ...] = ()
    restricted: bool = False

    def text(self, key: str) -> str:
        """A text property of the article node, entities undone; empty if absent."""
        return as_text(self.article.get(key))


def read_jsonld(scripts: list[str]) -> LinkedData:
    """Read the bodies of all `application/ld+json` scripts of a page. Never raises."""
    found = (node for script in scripts if _TELLING.search(script) for node in _nodes(_parse(script)))
    nodes = [(kinds, node) for node in found if (kinds := _types(node))]
    kind, article = _article(nodes)
    return LinkedData(article, kind, _crumbs(nodes), _restricted(nodes))


def _parse(script: str) -> Any:
    text = script.strip().rstrip(";")
    if not text or len(text) > _MAX_SCRIPT:
        return None
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return _repaired(text)


def _repaired(text: str) -> Any:
    """JSON without its comments and trailing commas; failing that, what can be picked out of it."""
    try:
        return json.loads(_TRAILING_COMMA.sub("", _COMMENT.sub("", text)), strict=False)
    except (ValueError, RecursionError):
        return _salvage(text)


def _salvage(text: str) -> Any:
    """The plain properties of a node whose JSON is broken beyond repair."""
    found: dict[str, Any] = {}
    for match in _LOOSE.finditer(text):
        found.setdefault(match["key"], match["value"].replace('\\"', '"').replace("\\/", "/"))
    if "headline" in found or "datePublished" in found:
        return found | {"@type": "NewsArticle"}
    return None


def _nodes(root: Any) -> Iterator[dict[str, Any]]:
    """All objects below `root`, outermost first, at most `_MAX_NODES`."""
    queue = [root]
    for value in queue:  # which grows on the way
        if isinstance(value, dict):
            yield value
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if len(queue) < _MAX_NODES:
            queue += [item for item in inner if isinstance(item, dict | list)]


def _types(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type") or node.get("type") or []
    return [str(kind).rsplit("/", 1)[-1] for kind in (kinds if isinstance(kinds, list) else [kinds])]


_Nodes = list[tuple[list[str], dict[str, Any]]]


def _article(nodes: _Nodes) -> tuple[str, dict[str, Any]]:
    """The node that tells most of the article: an Article before a video or gallery, dated before undated."""
    best: tuple[int, str, dict[str, Any]] = (0, "", {})
    for kinds, node in nodes:
        for kind in kinds:
            rank = 2 if _ARTICLE.search(kind) else 1 if kind in MEDIA else 0
            worth = rank * 10 + 4 * ("datePublished" in node) + 2 * ("headline" in node) if rank else 0
            if worth > best[0]:
                best = (worth, kind, node)
    return best[1], best[2]


def _crumbs(nodes: _Nodes) -> tuple[tuple[str, str], ...]:
    """The longest breadcrumb of the page."""
    best: tuple[tuple[str, str], ...] = ()
    for kinds, node in nodes:
        if "BreadcrumbList" in kinds:
            trail = tuple(
                _crumb(item) for item in _flat(node.get("itemListElement")) if isinstance(item, dict)
            )
            best = max(best, tuple(crumb for crumb in trail if crumb[0]), key=len)
    return best


def _flat(value: Any) -> list[Any]:
    """Dân trí wraps each step of the breadcrumb in a list of its own."""
    if not isinstance(value, list):
        return [value]
    return [inner for item in value for inner in (item if isinstance(item, list) else [item])]


def _crumb(item: dict[str, Any]) -> tuple[str, str]:
    inner = item.get("item")
    target = inner if isinstance(inner, dict) else {}
    name = as_text(item.get("name")) or as_text(target.get("name"))
    return name, str(target.get("@id") or target.get("url") or (inner if isinstance(inner, str) else ""))


def _restricted(nodes: _Nodes) -> bool:
    """Whether an article node says that it is not free to read."""
    values = [node.get("isAccessibleForFree") for kinds, node in nodes if any(map(_ARTICLE.search, kinds))]
    return any(
        value is False or str(value).strip().lower() == "false" for value in values if value is not None
    )


def as_text(value: Any) -> str:
    """A JSON-LD value as one line of text: the first of a list, the `@value` or name of an object."""
    if isinstance(value, list):
        return next((text for item in value if (text := as_text(item))), "")
    if isinstance(value, dict):
        return as_text(value.get("@value") or value.get("name") or "")
    if isinstance(value, str):
        return " ".join((unescape(unescape(value)) if "&" in value else value).split())
    return ""


def names(value: Any) -> list[tuple[str, str]]:
    """The names in an `author` property, each with its type (`Person`, `Organization` or empty)."""
    found: list[tuple[str, str]] = []
    for item in _flat(value):
        if isinstance(item, dict):
            kind = next(iter(_types(item)), "")
            inner = item.get("name")
            found += [(as_text(name), kind) for name in (inner if isinstance(inner, list) else [inner])]
        else:
            found.append((as_text(item), ""))
    return [(name, kind) for name, kind in found if name]
