"""The fields of an article, each by its order of trust, each with where it came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from models.outlet import Outlet, Profile
from pipeline.extract.jsonld import names
from pipeline.extract.lines import key
from pipeline.extract.page import Page, has_text, line_of, one_line
from pipeline.extract.people import people
from pipeline.urls import host_of, split_url
from pipeline.vietnamese import fold, words

_AUTHOR_METAS = (
    "article:author",
    "author",
    "dc.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "cxenseparse:author",
)
_AUTHORS = (
    ".author_mail", "[itemprop=author] [itemprop=name]", "[itemprop=author]", "[rel=author]",
    "a.author", ".author-name", ".byline", ".post-author", ".article__author", ".article-author",
    ".author-detail", ".the-article-author", ".art-author", ".tac-gia", ".tacgia",
)  # fmt: skip
# Names that boxes of other articles use too.
_PLAIN_AUTHORS = (
    ".author", "[class*=author__] h4", "[class*=author__] .name", ".author-box h4", ".author-box .name",
    ".box-author .name", ".author-info .name",
)  # fmt: skip
_SOURCES = ("[data-field=source]", ".link-source-text-name", ".source", ".article__source")
_SUMMARY = ".summary"  # teasers have one, too
_LEADS = (
    "[data-role=sapo]", "[data-field=sapo]", "h2.sapo", ".article__sapo", ".detail-sapo",
    ".singular-sapo", ".content-detail-sapo", ".sapo_detail", ".news-sapo", "p.sapo", "div.sapo", "h3.sapo",
    "h4.sapo", "p.description", ".the-article-summary", ".article-sapo", ".article-summary", ".chappeau",
    ".post-summary", _SUMMARY, ".block-sc-sapo", ".detail__summary", ".article-content__lead",
    ".article-lead",
)  # fmt: skip
_HOME = frozenset("trang chu|home|homepage|trang nhat|trang chinh|tin tuc trang chu|首页".split("|"))
_SUFFIX = re.compile(r"\s+[|»–—-]\s+[^|»]{2,60}$")


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the origin it was read from, both empty when there is none."""

    value: str = ""
    origin: str = ""
    node: LexborNode | None = None


def _of_nodes(page: Page, selectors: tuple[str, ...], origin: str) -> Found:
    node = page.first(selectors)
    return Found(line_of(node), origin, node) if node else Found()


def find_title(page: Page, profile: Profile, papers: Iterable[str]) -> Found:
    """The headline: the profile's element, JSON-LD, Open Graph without the paper's name, `h1`, `title`."""
    if (found := _of_nodes(page, profile.title, "profile")).value:
        return found
    headline = page.data.text("headline") or (page.data.text("name") if page.data.kind else "")
    headline = one_line(headline)
    heading, og = _heading(page), page.meta("og:title", "twitter:title")
    if headline and not headline.endswith(("…", "...")) and not _belied(headline, heading.value, og):
        return Found(without_paper(headline, papers), "jsonld")
    if og:
        bare = without_paper(og, papers)
        if (
            heading.value
            and key(bare).startswith(key(heading.value))
            and len(heading.value) > 0.6 * len(bare)
        ):
            return heading
        return Found(bare, "meta")
    if heading.value:
        return heading
    title = page.tree.css_first("title")
    return Found(without_paper(line_of(title), papers), "title") if title else Found()


def _belied(headline: str, heading: str, og: str) -> bool:
    """Whether the page's only heading and its Open Graph title agree on one with hardly a word of this: some
    pages give the paper's name or slogan as the headline of every article."""
    if not heading or not og:
        return False
    shown = words(fold(heading))
    shared = set(shown).intersection(words(fold(headline)))
    return len(shared) <= len(shown) // 4 and key(og).startswith(key(heading))


def _heading(page: Page) -> Found:
    headings = [node for node in page.tree.css("h1") if line_of(node)]
    return Found(line_of(headings[0]), "h1", headings[0]) if len(headings) == 1 else Found()


def without_paper(title: str, papers: Iterable[str]) -> str:
    """A title without the name of the paper at its end: ` - VnExpress`, ` | Báo Nhân Dân`."""
    own = {k for paper in papers if (k := _paper_key(paper))}
    while match := _SUFFIX.search(title):
        tail = _paper_key(match.group())
        if not any(tail == k or (len(k) > 3 and (tail.startswith(k) or k.startswith(tail))) for k in own):
            return title
        title = title[: match.start()]
    return title


def _paper_key(text: str) -> str:
    text = re.sub(r"^\W*(?:the|bao(?: dien tu)?|trang tin)\s+", "", fold(text))
    return re.sub(r"(?:\.com)?\.(?:vn|net|com|org)\b|[\W_]+|\b(?:online|news)\b", "", text)


def paper_names(page: Page, outlet: Outlet | None) -> tuple[str, ...]:
    """The names by which the page's own paper may appear on it."""
    host = host_of(own_address(page)).removeprefix("www.") or host_of(page.url).removeprefix("www.")
    label = host.removesuffix(".com.vn").removesuffix(".org.vn").rsplit(".", 1)[0] if "." in host else host
    known = (outlet.name, outlet.slug) if outlet else ()
    publisher = page.data.article.get("publisher")
    said = publisher.get("name") if isinstance(publisher, dict) else ""
    stated = (*known, page.meta("og:site_name"), str(said or ""), host, label, label.split(".")[-1])
    return tuple(name for name in stated if 0 < len(name) < _NAME_CHARS)


_NAME_CHARS = 100


def own_address(page: Page) -> str:
    """The address that a page gives as its own, empty if it gives none."""
    return page.canonical or page.meta("og:url")


def own_addresses(page: Page) -> tuple[str, ...]:
    """What a page gives as its own address, as it stands there: its canonical link, then its data."""
    entity = page.data.article.get("mainEntityOfPage")
    if isinstance(entity, dict):
        entity = entity.get("@id")
    stated = (page.canonical, page.meta("og:url"), entity, page.data.article.get("url"))
    return tuple(dict.fromkeys(each for each in stated if isinstance(each, str) and each))


def find_lead(page: Page, profile: Profile) -> Found:
    """The lead (sapo) that the page itself sets apart: by the profile, else by its usual marks. Where a
    selector matches several elements, teasers of other articles among them, the one that begins as the
    page's own description does."""
    stated = _opening(description(page))
    for selector in profile.lead:
        nodes = [node for node in page.all((selector,)) if has_text(node) and not _in_box(node)]
        if nodes:
            node = next((n for n in nodes if _agrees(n, stated)), nodes[0])
            return Found(line_of(node), "profile", node)
    for selector in _LEADS:
        nodes = [node for node in page.all((selector,)) if has_text(node)]
        agreeing = [node for node in nodes if _agrees(node, stated)]
        if not agreeing and len(nodes) == 1 and not (profile.lead and page.first(profile.body)):
            agreeing = nodes if selector != _SUMMARY else _below_headline(page, nodes[0])
        if agreeing:
            return Found(line_of(agreeing[0]), "page", agreeing[0])
    return Found()


def _below_headline(page: Page, lead: LexborNode) -> list[LexborNode]:
    """The lead, if it stands between the headline and the first paragraph, below no other heading and in no
    box of another article."""
    below = False
    for node in page.any((*_HEADINGS, "p", _SUMMARY)):
        if node.mem_id == lead.mem_id:
            return [lead] if below and not _in_box(lead) else []
        if node.tag == "h1":
            below = True
        elif node.tag in _HEADINGS or len(node.text().strip()) >= _PARAGRAPH:
            below = False
    return []


_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_PARAGRAPH = 80  # characters
_AGREEING = 24  # letters


def _opening(text: str) -> str:
    """The first letters of a text, by which it is known again."""
    return key(text[: 8 * _AGREEING])[:_AGREEING]


_BOX = re.compile(r"relat|story|card|teaser|\bitem\b|c-box|lienquan", re.IGNORECASE)


def _in_box(node: LexborNode) -> bool:
    """Whether an element stands in a box of another article; what holds the headline is no such box."""
    above = node.parent
    while above is not None and above.tag not in {"body", "main"} and not above.css_first("h1"):
        if _BOX.search((above.attributes or {}).get("class") or ""):
            return True
        above = above.parent
    return False


def agrees(lead: str, stated: str) -> bool:
    """Whether a lead and the page's description begin alike."""
    wanted = _opening(stated)
    return len(wanted) >= _AGREEING // 2 and wanted in key(lead[:400])[: 3 * _AGREEING + 20]


def _agrees(node: LexborNode, stated: str) -> bool:
    """Whether an element begins as the page's description, or holds its beginning after a mark or place."""
    return len(stated) >= _AGREEING // 2 and stated in key(node.text()[:400])[: 3 * _AGREEING + 20]


def description(page: Page) -> str:
    """What the page says of itself in one sentence, which outlets take from the lead."""
    return one_line(page.data.text("description")) or page.meta("og:description", "description")


def find_authors(page: Page, profile: Profile, papers: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The people who wrote it and the origin: the profile's element, JSON-LD, meta tags, usual marks."""
    for texts, origin in _author_texts(page, profile):
        if found := people(texts, papers):
            return found, origin
    return (), ""


def _author_texts(page: Page, profile: Profile) -> Iterator[tuple[Iterable[str], str]]:
    """The texts that may name authors with their origins, in order of trust, each looked for when asked."""
    yield [line_of(node) for node in page.any(profile.author)[:8]], "profile"
    yield [name for name, kind in names(page.data.article.get("author")) if kind != "Organization"], "jsonld"
    yield [value for name in _AUTHOR_METAS for value in page.meta_all(name)], "meta"
    if profile.author and page.data.kind:
        return
    yield [text for node in page.any(_AUTHORS)[:12] if len(text := line_of(node)) < 120], "page"
    plain = [node for node in page.any(_PLAIN_AUTHORS)[:8] if not _in_box(node)]
    yield [text for node in plain[:2] if len(text := line_of(node)) < 60], "page"
    if not profile.author:
        yield [text for node in _short_paragraphs(page) if _BY.match(text := line_of(node))], "text"


def _short_paragraphs(page: Page) -> list[LexborNode]:
    return [node for node in page.all(("p",)) if 5 < len(node.text()) < 80]


# A paragraph that is a byline and nothing else: `By Le Hien, Vietnam Business Forum`.
_BY = re.compile(r"^(?:By|BY)\s+[A-ZĐ][\w.'’-]+(?:\s+[A-ZĐ][\w.'’-]+){0,3}(?:\s*[,|].{0,40})?$")


def author_texts(page: Page, profile: Profile) -> list[str]:
    """Raw author fields and source lines, in which agencies hide."""
    nodes = [line_of(n) for n in (*page.any(profile.author)[:8], *page.any(_SOURCES)[:4])]
    said = [name for name, _ in names(page.data.article.get("author"))]
    return [text for text in (*nodes, *said, page.meta("article:author", "author")) if 0 < len(text) < 90]


def find_section(page: Page, profile: Profile, title: str) -> Found:
    """The deepest section: of the JSON-LD breadcrumb, the profile's element, JSON-LD, meta tags."""
    trail = [name for name, link in page.data.crumbs if _is_section(page, name, link, title)]
    if trail:
        return Found(one_line(trail[-1]), "jsonld")
    for selector in profile.section:
        shown = [line_of(node) for node in page.all((selector,))]
        shown = [text for text in shown if 1 < len(text) < 60 and _is_section(page, text, "", title)]
        if shown:
            return Found(shown[-1], "profile")
    said = page.data.article.get("articleSection")
    sections = (
        [str(s) for s in said]
        if isinstance(said, list)
        else re.split(r"\s*[,;>]\s*", page.data.text("articleSection"))
    )
    if sections and sections[-1]:
        return Found(one_line(sections[-1]), "jsonld")
    if meta := page.meta("articlesection", "article:section", "section", "category"):
        return Found(re.split(r"\s*[,;>]\s*", meta)[-1], "meta")
    if profile.section:
        return Found()
    shown = [line_of(node) for node in page.all(("[class*=breadcrumb i] a",))[:_TRAIL]]
    shown = [text for text in shown if 1 < len(text) < 40 and _is_section(page, text, "", title)]
    return Found(shown[-1], "page") if shown else Found()


_TRAIL = 5


def _is_section(page: Page, name: str, link: str, title: str) -> bool:
    if len(name) < 30 and fold(one_line(name)) in _HOME:
        return False
    if len(name) > 0.6 * len(title) and key(name) == key(title):
        return False
    path = split_url(link).path.strip("/")
    return not (link and path and path == split_url(page.url).path.strip("/"))


def find_image(page: Page, base: str) -> Found:
    """The address of the article's picture: Open Graph, JSON-LD."""
    if image := page.meta("og:image", "og:image:url", "twitter:image", "image"):
        return Found(_absolute(base, image), "meta")
    said = page.data.article.get("image") or page.data.article.get("thumbnailUrl")
    while isinstance(said, list):
        said = said[0] if said else ""
    if isinstance(said, dict):
        said = said.get("url") or said.get("@id") or ""
    return Found(_absolute(base, str(said)), "jsonld") if said else Found()


def _absolute(base: str, address: str) -> str:
    try:
        found = urljoin(base, address.strip())
    except ValueError:
        return ""
    return found if found.startswith(("http://", "https://")) else ""


def find_keywords(page: Page) -> tuple[str, ...]:
    """The page's own keywords, once each."""
    said = page.data.article.get("keywords")
    texts = said if isinstance(said, list) else [page.data.text("keywords")]
    texts = [str(text) for text in texts if text] or [page.meta("news_keywords", "keywords")]
    parts = [one_line(part) for text in texts for part in re.split(r"[,;]", text)]
    return tuple(dict.fromkeys(part for part in parts if part))[:40]
