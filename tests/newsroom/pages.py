"""Turn the newsroom's sources into bytes: article pages, feeds, sitemaps, listings.

Everything is a pure function of the sources and a moment.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html.entities import codepoint2name
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader

from models.outlet import Endpoint, EndpointKind, Outlet
from tests.newsroom.sources import FOLDER, VIETNAM, Article, OddLink, load_sites, slug_of

FEED_LENGTH = 20
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
WORDS = {
    "vi": {
        "home": "Trang chủ",
        "related": "Tin cùng chuyên mục",
        "most_read": "Đọc nhiều",
        "print": "Bản in",
        "back": "Trở lại",
        "subscribe": "Đăng ký gói đọc",
        "photo": "Ảnh minh họa: ",
        "footer": "Giữ bản quyền nội dung. Ghi rõ nguồn khi phát hành lại thông tin từ trang này.",
    },
    "en": {
        "home": "Home",
        "related": "More from this section",
        "most_read": "Most read",
        "print": "Print",
        "back": "Back to",
        "subscribe": "Subscribe",
        "photo": "Illustration: ",
        "footer": "All rights reserved. Please name the source when reusing content of this website.",
    },
}
MENUS = {
    "vi": ("Chính trị", "Kinh tế", "Xã hội", "Văn hóa", "Thế giới"),
    "en": ("Politics", "Business", "Society", "World"),
}
CONTENT_TYPES = {
    EndpointKind.FEED: "application/rss+xml; charset=utf-8",
    EndpointKind.SITEMAP: "application/xml; charset=utf-8",
    EndpointKind.LISTING: "text/html; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry as an endpoint shows it at some moment."""

    link: str
    title: str
    lead: str
    at: datetime
    changed: datetime
    section: str
    nfd: bool = False


def items_at(entries: Sequence[Article | OddLink], moment: datetime) -> list[Item]:
    """What has been published by `moment`, newest (or newest changed) first."""
    known = [_item(entry, moment) for entry in entries if _published(entry) <= moment]
    return sorted(known, key=lambda item: (item.changed, item.link), reverse=True)


def article_page(outlet: Outlet, article: Article, siblings: Sequence[Article], moment: datetime) -> bytes:
    """The article's page as it stood at `moment`."""
    gold, version = article.gold, article.at(moment)
    related = [
        {"title": other.versions[0].title, "url": other.gold.url} for other in _neighbours(article, siblings)
    ]
    page = SimpleNamespace(
        url=gold.url,
        id=gold.published.strftime("%d%H%M"),
        title=version.title,
        lead=version.lead,
        paragraphs=version.paragraphs,
        authors=gold.authors,
        credit_line=article.credit_line,
        teaser=article.teaser,
        section=gold.section,
        section_slug=slug_of(gold.section),
        section_path=f"/{slug_of(gold.section)}",
        at=gold.published,
        modified=version.at,
        long_date=_long_date(gold.published),
        image=_image(gold.url, gold.published),
        caption=WORDS[gold.lang]["photo"] + outlet.name,
        keywords=[gold.section],
        related=related,
    )
    page.jsonld = _json(_news_article(outlet, article, page))
    page.crumbs_jsonld = _json(_crumbs(outlet, page))
    text = (
        _environment()
        .get_template(load_sites()[outlet.slug]["template"] + ".html")
        .render(page=page, site=_site(outlet))
    )
    return unicodedata.normalize("NFD" if article.nfd else "NFC", text).encode()


def endpoint_body(
    outlet: Outlet, endpoint: Endpoint, entries: Sequence[Article | OddLink], moment: datetime
) -> bytes:
    """The endpoint as it answered at `moment`; a section that has nothing yet is an empty channel."""
    known = items_at(entries, moment)
    items = [item for item in known if holds(endpoint, item.section)][:FEED_LENGTH]
    name = {
        EndpointKind.FEED: "feed.xml",
        EndpointKind.SITEMAP: "sitemap.xml",
        EndpointKind.LISTING: "listing.html",
    }
    quirks = load_sites()[outlet.slug]
    feed = SimpleNamespace(
        title=f"{outlet.name} - {endpoint.section or WORDS[outlet.language]['home']}",
        declaration=not quirks.get("no_declaration"),
        entries=[_shown(item, quirks) for item in items],
        most_read=[_shown(item, quirks) for item in known if item not in items][:3],
        most_read_title=WORDS[outlet.language]["most_read"],
        section_link=f"{outlet.homepage.rstrip('/')}/{slug_of(items[0].section) if items else 'tin-moi'}",
        section_name=items[0].section if items else WORDS[outlet.language]["home"],
    )
    text = _environment().get_template(name[endpoint.kind]).render(feed=feed, site=_site(outlet))
    if endpoint.kind is EndpointKind.FEED and quirks.get("one_line"):
        text = text.replace("\n", "")
    mark = b"\xef\xbb\xbf" if endpoint.kind is EndpointKind.FEED and quirks.get("byte_order_mark") else b""
    return mark + text.encode()


def holds(endpoint: Endpoint, section: str) -> bool:
    """Whether entries of the section stand in the endpoint; one without section holds everything."""
    wanted = endpoint.section.rsplit("/", 1)[-1]
    return not wanted or slug_of(wanted).replace("-", "") == slug_of(section).replace("-", "")


def robots_txt(outlet: Outlet) -> bytes:
    """The robots.txt of the outlet's hosts."""
    refused = ["/tim-kiem", *load_sites()[outlet.slug].get("disallow", [])]
    return "\n".join(["User-agent: *", *(f"Disallow: {path}" for path in refused), "Allow: /", ""]).encode()


def _published(entry: Article | OddLink) -> datetime:
    return entry.at if isinstance(entry, OddLink) else entry.gold.published


def _item(entry: Article | OddLink, moment: datetime) -> Item:
    if isinstance(entry, OddLink):
        return Item(
            link=entry.url,
            title=entry.title,
            lead=entry.title,
            at=entry.at,
            changed=entry.at,
            section=entry.section,
        )
    version = entry.at(moment)
    return Item(
        link=entry.link,
        title=version.title,
        lead=version.lead,
        at=entry.gold.published,
        changed=version.at,
        section=entry.gold.section,
        nfd=entry.nfd,
    )


def _shown(item: Item, quirks: dict[str, Any]) -> dict[str, Any]:
    title, lead = item.title, item.lead
    if item.nfd:
        title, lead = unicodedata.normalize("NFD", title), unicodedata.normalize("NFD", lead)
    if quirks.get("double_encoded"):
        title = _entities(title)
    return {
        "title": title,
        "lead": lead,
        "link": item.link,
        "guid": item.link.split("?")[0],
        "date": _feed_date(item.changed, quirks.get("feed_date", "")),
        "at": item.at,
        "changed": item.changed,
        "image": _image(item.link, item.at),
    }


def _entities(text: str) -> str:
    """Letters as named entities where Latin-1 has them, as an old CMS writes them before the feed escapes
    them again."""
    return "".join(f"&{codepoint2name[ord(c)]};" if 0xC0 <= ord(c) <= 0xFF else c for c in text)


def _feed_date(at: datetime, form: str) -> str:
    local = at.astimezone(VIETNAM)
    if form == "us":
        return f"{local.month}/{local.day}/{local.year} {local:%I:%M:%S %p}".replace(" 0", " ")
    if form == "vietnamese":
        return _long_date(local)
    if form == "short-year":
        return f"{local:%a, %d %b %y %H:%M:%S} +0700"
    if form == "gmt":
        return f"{local:%a, %d %b %Y %H:%M:%S} GMT+7"
    return f"{local:%a, %d %b %Y %H:%M:%S} +0700"


def _long_date(at: datetime) -> str:
    return f"{WEEKDAYS[at.weekday()]}, {at:%d/%m/%Y - %H:%M}"


def _image(url: str, at: datetime) -> str:
    parts = urlsplit(url)
    name = parts.path.rstrip("/").rsplit("/", 1)[-1].split(".")[0][:40].strip("-")
    return f"https://{parts.hostname}/images/{at:%Y/%m/%d}/{name}.jpg"


def _neighbours(article: Article, siblings: Sequence[Article]) -> list[Article]:
    """Up to three articles of the same outlet that were there before, else that came next."""
    others = [other for other in siblings if other is not article]
    before = [other for other in others if other.gold.published < article.gold.published]
    return (before[::-1] + [other for other in others if other not in before])[:3]


def _news_article(outlet: Outlet, article: Article, page: SimpleNamespace) -> dict[str, Any]:
    return {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": page.url},
        "headline": page.title,
        "description": page.lead,
        "image": {"@type": "ImageObject", "url": page.image, "width": 1200, "height": 675},
        "datePublished": page.at.isoformat(),
        "dateModified": page.modified.isoformat(),
        "author": {"@type": "Person", "name": " - ".join(page.authors) or outlet.name},
        "publisher": {"@type": "Organization", "name": outlet.name},
        "articleSection": page.section,
        **({"isAccessibleForFree": False} if article.teaser else {}),
    }


def _crumbs(outlet: Outlet, page: SimpleNamespace) -> dict[str, Any]:
    home = outlet.homepage.rstrip("/")
    steps = [(WORDS[outlet.language]["home"], home), (page.section, home + page.section_path)]
    return {
        "@context": "http://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": link}
            for number, (name, link) in enumerate(steps, 1)
        ],
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def _site(outlet: Outlet) -> SimpleNamespace:
    words = WORDS[outlet.language]
    return SimpleNamespace(
        name=outlet.name,
        homepage=outlet.homepage,
        lang=outlet.language,
        title_tail=f" | {outlet.name}",
        words=SimpleNamespace(**words),
        footer=f"© {outlet.name}. {words['footer']}",
        menu=[(name, f"/{slug_of(name)}") for name in MENUS[outlet.language]],
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=lambda name: name is not None,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def utc(at: datetime) -> datetime:
    """The same moment in UTC."""
    return at.astimezone(UTC)
