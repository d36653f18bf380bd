"""A fetched page to an article: decode, parse once, read the fields, read the text, judge it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.document import Article, Completeness, RawDocument
from models.outcome import Reason
from models.outlet import Outlet, Profile
from pipeline.extract import fields, judge
from pipeline.extract.arrange import Draft, arrange
from pipeline.extract.body import Body, enough, read_body
from pipeline.extract.decode import decode
from pipeline.extract.jsonld import MEDIA
from pipeline.extract.lines import Line, key, read_lines
from pipeline.extract.page import Page, line_of, parse, select, select_any
from pipeline.extract.profiles import detect_family
from pipeline.extract.times import read_times
from pipeline.extract.whole import read_whole
from pipeline.language import detect
from pipeline.limits import beyond_limits
from pipeline.urls import canonical_url

# Letters that hardly any other language has; Vietnamese has them in every second word.
_VIETNAMESE = re.compile("[\u1ea0-\u1ef9ăđơư]")


@dataclass(frozen=True, slots=True)
class Extraction:
    """What came of a page. `reason` is STORED for a readable article, TEASER for the beginning of one; for
    every other reason there is no article. `detail` is the evidence, `dropped` what was thrown away;
    `own_addresses` is what the page gives as its own address, as it stands there."""

    article: Article | None
    reason: Reason
    detail: str = ""
    dropped: tuple[str, ...] = ()
    own_addresses: tuple[str, ...] = ()


def extract(document: RawDocument, outlet: Outlet | None, *, families: Sequence[Profile] = ()) -> Extraction:
    """Read the article of a page. Pure over the bytes; a page that holds none is a reason, never an error.

    `families` are the profiles to try by their marks when the outlet is unknown, or when its own profile no
    longer finds a body.
    """
    if beyond := beyond_limits(document.body):
        return Extraction(None, *beyond)
    decoded = decode(document.body, document.charset)
    if decoded.garbled:
        return Extraction(None, Reason.GARBLED, f"legacy or broken encoding ({decoded.encoding})")
    if not decoded.body.strip():
        return Extraction(None, Reason.TOO_SHORT, "empty page")
    url = document.final_url or document.url
    page = parse(decoded.body, url)
    if refusal := judge.unreadable(page, url):
        return Extraction(None, *refusal)
    return _read(page, document, outlet, families)


def _read(
    page: Page, document: RawDocument, outlet: Outlet | None, families: Sequence[Profile]
) -> Extraction:
    profile, body_found = _profile(page, outlet, families)
    papers = fields.paper_names(page, outlet)
    title = fields.find_title(page, profile, papers)
    if not title.value:
        return Extraction(None, Reason.NO_TITLE, "no headline in the page or its data")
    lead = fields.find_lead(page, profile)
    authors, author_from = fields.find_authors(page, profile, papers)
    section = fields.find_section(page, profile, title.value)
    image = fields.find_image(page, page.url)
    times = read_times(page, profile, document)
    raw_authors = fields.author_texts(page, profile)
    if raw_authors:
        raw_authors = [text for text in raw_authors if key(text) not in _keys_of(papers)]
    stated = fields.description(page)
    shown_stated = _shown(page, stated) if not lead.value else ""
    cards = judge.cards_of(page)
    body = _body(page, profile, title, lead, body_found)
    if shown_stated and _holds(body, shown_stated):
        shown_stated = ""
    lead_text, place = _lead_text(lead, profile) if lead.node else (shown_stated, "")
    draft = Draft(
        lead_text, list(body.lines), authors, body.captions, dropped=list(body.dropped), dateline=place
    )
    arrange(draft, title.value, outlet.slug if outlet else "", raw_authors, papers, stated, section.value)
    told_in = (draft.lead, *(line.text for line in draft.lines), *draft.captions)
    words = sum(text.count(" ") + 1 for text in told_in if text)
    told = bool(draft.authors) or fields.agrees(draft.lead, stated)
    dated = times.published_at is not None
    if judge.is_listing(cards, [line.text for line in body.lines], dated=dated, told=told):
        return Extraction(None, Reason.NOT_AN_ARTICLE, "a list of links, with no data of an article")
    if refusal := _too_little(page, words, body, dated):
        return Extraction(None, *refusal, dropped=tuple(draft.dropped))
    if not draft.lines and draft.captions:
        draft.lines = [Line(text, "figcaption") for text in draft.captions]
    partial = judge.teaser(page, words)
    origins = {
        "title": title.origin, "lead": (lead.origin if lead.value else "description") if draft.lead else "",
        "text": body.method, "authors": author_from or ("text" if draft.authors else ""),
        "section": section.origin,
        "image_url": image.origin, "published_at": times.published_from, "modified_at": times.modified_from,
        "credit": "text" if draft.credit else "",
    }  # fmt: skip
    article = Article(
        url=_identity(page, document), outlet=document.outlet or (outlet.slug if outlet else ""),
        title=title.value, text=draft.text, lead=draft.lead, authors=draft.authors,
        published_at=times.published_at, published_from=times.published_from, modified_at=times.modified_at,
        section=section.value or document.section, language=_language(page, outlet, title.value, draft.text),
        image_url=image.value, credit=draft.credit.code if draft.credit else "",
        credit_text=draft.credit.text if draft.credit else "", dateline=draft.dateline,
        captions=draft.captions,
        keywords=fields.find_keywords(page), profile=profile.family if body.method == "profile" else "",
        method=body.method, completeness=Completeness.TEASER if partial else Completeness.FULL,
        origins={name: origin for name, origin in origins.items() if origin},
    )  # fmt: skip
    reason = Reason.TEASER if partial else Reason.STORED
    return Extraction(article, reason, partial, tuple(draft.dropped), fields.own_addresses(page))


@lru_cache(maxsize=256)
def _keys_of(papers: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(key, papers))


def _profile(page: Page, outlet: Outlet | None, families: Sequence[Profile]) -> tuple[Profile, bool]:
    """The profile to read by, and whether its body stands on the page."""
    if outlet and outlet.profile.body and page.first(outlet.profile.body):
        return outlet.profile, True
    family = detect_family(page, families)
    if family:
        return family, True
    return (outlet.profile if outlet else Profile()), bool(outlet and page.all(outlet.profile.body))


def _body(page: Page, profile: Profile, title: fields.Found, lead: fields.Found, expected: bool) -> Body:
    outside = [node for node in (title.node, lead.node) if node is not None]
    if expected:
        body = read_body(page, profile, outside=outside)
        if body and (enough(body) or lead.value):
            return body
    elif lead.origin == "profile" and _is_media(page):
        return Body((), (), (), "profile")
    led = bool(lead.value) and judge.says_article(page)
    return read_whole(page, profile, outside=outside, led=led)


def _is_media(page: Page) -> bool:
    """Whether the page says that it is a film or a gallery, which has no more text than its lead."""
    return page.data.kind in MEDIA or page.meta("og:type").startswith("video") or bool(page.meta("og:video"))


def _holds(body: Body, stated: str) -> bool:
    """Whether the body has the stated paragraph in another place than first: then it is no lead."""
    lines = [key(line.text) for line in body.lines]
    return key(stated) in "".join(lines) and not (lines and lines[0].startswith(key(stated)))


def _lead_text(lead: fields.Found, profile: Profile) -> tuple[str, str]:
    """The lead without what the family sets into it as a stamp, and the place that such a stamp names."""
    if lead.node is None:
        return "", ""
    stamps = [
        node
        for node in select_any(lead.node, (".location-stamp", *profile.noise))
        if node.mem_id != lead.node.mem_id
    ]
    lines = read_lines(lead.node, {node.mem_id for node in stamps})
    place = next((line_of(node) for node in stamps if "location" in (node.attributes.get("class") or "")), "")
    return " ".join(line.text for line in lines if not line.is_link or len(lines) == 1), place


def _shown(page: Page, stated: str) -> str:
    """The paragraph of the page that the page's own description was taken from, empty if there is none."""
    wanted = key(stated.rstrip(".… "))[:60]
    if len(wanted) < 30:
        return ""
    most = 3 * len(stated) + 100
    nodes = (node for node in select(page.tree, _LEAD_LIKE) if _begins(node.text(), wanted))
    return min((text for node in nodes if len(text := line_of(node)) < most), key=len, default="")


def _begins(text: str, wanted: str) -> bool:
    """Whether a text begins with the `wanted` key; its first word is asked first."""
    return wanted.startswith(key(text.lstrip()[:12])) and key(text[:400]).startswith(wanted)


_LEAD_LIKE = (
    "h2, p, strong, [class*=sapo i], [class*=lead i], [class*=summary i], [class*=desc i], [class*=intro i], "
    ".excerpt, .standfirst"
)


def _too_little(page: Page, words: int, body: Body, dated: bool) -> tuple[Reason, str] | None:
    said = judge.says_article(page)
    least = judge.MIN_WORDS if said or (dated and body.method == "profile") else judge.MIN_WORDS_UNSAID
    if words < least:
        return Reason.TOO_SHORT, f"{words} words of {least}"
    return None


def _identity(page: Page, document: RawDocument) -> str:
    return canonical_url(document.final_url or document.url) or document.url


def _language(page: Page, outlet: Outlet | None, title: str, text: str) -> str:
    """By the words; where they say too little, by the outlet or the page's own statement."""
    start = f"{title}\n{text[:400]}"
    if len(_VIETNAMESE.findall(start)) > 0.06 * len(start):
        return "vi"
    found = detect(f"{title}\n{text}", limit=1000)
    if len(text.split()) >= 20 or found != "other":
        return found
    root = page.tree.css_first("html")
    stated = (root.attributes.get("lang") or "")[:2].lower() if root else ""
    return (outlet.language if outlet else "") or (stated if stated in {"vi", "en"} else found)
