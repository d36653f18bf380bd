"""Which outlet or family a page is of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from models.outlet import Outlet, Profile
from pipeline.extract.page import Page
from pipeline.urls import host_of, split_url

_MIN_WORDS = 30


def outlet_for(url: str, outlets: Mapping[str, Outlet]) -> Outlet | None:
    """The outlet on whose hosts an address stands: the exact host first, then with or without `www.` and
    `m.`; None when there is none."""
    host = host_of(url)
    if not host:
        return None
    bare = host.removeprefix("www.").removeprefix("m.")
    for wanted in (host, bare, f"www.{bare}"):
        if found := [outlet for outlet in outlets.values() if wanted in outlet.hosts]:
            return max(found, key=lambda outlet: _fits(outlet, url))
    return None


def _fits(outlet: Outlet, url: str) -> tuple[int, bool]:
    """How well an address fits one of the editions that share a host: by the path of its front page, then
    by its form of article addresses."""
    path, home = split_url(url).path, split_url(outlet.homepage).path.rstrip("/")
    shared = len(home) if path.startswith(f"{home}/") else -1
    return shared, any(re.search(pattern, path) for pattern in outlet.profile.article_url)


def families_of(outlets: Iterable[Outlet]) -> tuple[Profile, ...]:
    """The profiles of all families that the outlets use, once each."""
    found: dict[str, Profile] = {}
    for outlet in outlets:
        if outlet.profile.family and outlet.profile.body:
            found.setdefault(outlet.profile.family, outlet.profile)
    return tuple(found.values())


def detect_family(page: Page, families: Sequence[Profile]) -> Profile | None:
    """The family whose marks stand on the page: its body with text, and its title, lead or time, all by
    selectors that no other make of page is likely to use. Of several the one with most marks.

    Only pages that say they are Vietnamese, by their host or language, are asked.
    """
    if not _is_vietnamese(page):
        return None
    best: tuple[int, Profile] | None = None
    for profile in families:
        body = page.first(_distinctive(profile.body))
        if body is None:
            continue
        marks = sum(
            1
            for field in (profile.title, profile.lead, profile.time, profile.section, profile.author)
            if page.first(_distinctive(field))
        )
        long = len(body.text().split()) >= _MIN_WORDS
        if marks and (best is None or marks * 2 + long > best[0]):
            best = (marks * 2 + long, profile)
    return best[1] if best else None


def _is_vietnamese(page: Page) -> bool:
    root = page.tree.css_first("html")
    stated = (root.attributes.get("lang") or "") if root else ""
    return host_of(page.url).endswith(".vn") or f"{stated} {page.meta('og:locale')}".lower().find("vi") >= 0


# Names that any content system may use.
_COMMON = frozenset(
    "content article main body post entry title sapo summary date time author breadcrumb breadcrumbs "
    "lead detail "
    "description desc headline post-title post-content entry-content article-body article-content "
    "article-title "
    "datetime caption author-name article-author article-date post-summary contents".split()
)
_NAME = re.compile(r"[.#]([\w-]+)|\[(?:data-role|data-field|class\*?)=[\"']?([\w-]+)")


def _distinctive(selectors: tuple[str, ...]) -> tuple[str, ...]:
    """The selectors that name something of their own."""
    return tuple(
        selector
        for selector in selectors
        if any(name not in _COMMON for pair in _NAME.findall(selector) for name in pair if name)
    )
