"""Read the newsroom's sources: articles, odd links and how each outlet builds its pages.

    load_articles() -> tuple[Article, ...]   by time of publication
    load_links() -> tuple[OddLink, ...]
    load_gold() -> list[Gold]                what a perfect run knows of every article

See README.md for the format of the TOML files.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
VIETNAM = timezone(timedelta(hours=7))
WEEK_START = datetime(2026, 11, 9, tzinfo=VIETNAM)
WIRE_TAIL = re.compile(r"\s*\(TTXVN/Vietnam\+\)\s*$")
DATELINE = re.compile(r"^[^\n()]{2,30} \(TTXVN\) - ")

STORY_KEYS = frozenset("key related provinces mentioned_only old_provinces topics article".split())
ARTICLE_KEYS = frozenset(
    "key outlet section at authors credit origin relation provinces mentioned_only old_provinces topics "
    "title lead body reprint_of keep revision robots_refused nfd old_tones teaser old_slug tracking".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What an article said from `at` on."""

    at: datetime
    title: str
    lead: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """The labels of one article. Codes are bare (`48`), as in the labelled sets; `outcome` is the reason
    (models.outcome.Reason) in which its address ends after one pass at the end of the week."""

    key: str
    url: str
    outlet: str
    lang: str
    title: str
    lead: str
    text: str
    published: datetime
    section: str
    authors: tuple[str, ...]
    provinces: tuple[str, ...]
    mentioned_only: tuple[str, ...]
    old_provinces: tuple[str, ...]
    topics: tuple[str, ...]
    story: str
    related: str
    relation: str
    origin: str
    copied_from: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article with all its versions, the oldest first."""

    gold: Gold
    versions: tuple[Version, ...]
    credit_line: str = ""
    teaser: str = ""
    nfd: bool = False
    old_tones: bool = False
    old_url: str = ""
    tracking: str = ""

    def at(self, moment: datetime) -> Version:
        """The version that stood on the page at `moment`; the first one if it was not yet published."""
        return next((v for v in reversed(self.versions) if v.at <= moment), self.versions[0])

    @property
    def link(self) -> str:
        """The address that feeds and listings name."""
        url = self.old_url or self.gold.url
        return f"{url}?{self.tracking}" if self.tracking else url


@dataclass(frozen=True, slots=True, kw_only=True)
class OddLink:
    """An entry that leads to no article: `kind` is robots, missing, offsite or section."""

    kind: str
    outlet: str
    section: str
    at: datetime
    title: str
    url: str


@cache
def load_sites() -> dict[str, dict[str, Any]]:
    """How each outlet builds pages, addresses and feeds, by slug."""
    return tomllib.loads((FOLDER / "sites.toml").read_text("utf-8"))


@cache
def load_articles() -> tuple[Article, ...]:
    """All articles, by time of publication. Raises ValueError for an unknown key or a missing original."""
    rows: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for file in _files():
        for story in file.get("story", []):
            _check(story, STORY_KEYS)
            for row in story["article"]:
                _check(row, ARTICLE_KEYS)
                if row["key"] in rows:
                    raise ValueError(f"two articles have the key {row['key']}")
                rows[row["key"]] = (story, row)
    articles = [_article(story, row, rows) for story, row in rows.values()]
    return tuple(sorted(articles, key=lambda article: (article.gold.published, article.gold.key)))


@cache
def load_links() -> tuple[OddLink, ...]:
    """All entries that lead to no article."""
    return tuple(OddLink(**row) for file in _files() for row in file.get("link", []))


def load_gold() -> list[Gold]:
    """The labels of every article, by time of publication, as the article stands at the end of the week."""
    return [
        replace(
            a.gold,
            title=a.versions[-1].title,
            lead=a.versions[-1].lead,
            text="\n".join(a.versions[-1].paragraphs),
        )
        for a in load_articles()
    ]


def slug_of(text: str) -> str:
    """The text as Vietnamese papers write it into addresses: no tones, hyphens between words."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f'’]", "", plain.lower())))


def _files() -> list[dict[str, Any]]:
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted((FOLDER / "articles").glob("*.toml"))]


def _check(table: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := set(table) - known:
        raise ValueError(f"{table.get('key')}: unknown keys {sorted(unknown)}")


def _article(story: dict[str, Any], row: dict[str, Any], rows: dict[str, Any]) -> Article:
    source = rows[row["reprint_of"]][1] if "reprint_of" in row else {}
    first = _reprint(row, source) if source else _version(row, row["at"])
    versions = (first, *(_version(revision, revision["at"]) for revision in row.get("revision", [])))
    outlet, at = row["outlet"], row["at"]
    url = address(outlet, slug_of(first.title), row["section"], at)
    gold = Gold(
        key=row["key"],
        url=url,
        outlet=outlet,
        lang=load_sites()[outlet].get("lang", "vi"),
        title=first.title,
        lead=first.lead,
        text="\n".join(first.paragraphs),
        published=at,
        section=row["section"],
        authors=tuple(row.get("authors", ())),
        **{name: tuple(row.get(name, source.get(name, story.get(name, ())))) for name in _LABELS},
        story=story["key"],
        related=story.get("related", ""),
        relation=row.get("relation", "original"),
        origin=row.get("origin", source.get("origin", _own_mark(first.lead))),
        copied_from=row.get("reprint_of", ""),
        outcome=_outcome(row),
    )
    return Article(
        gold=gold,
        versions=versions,
        credit_line=row.get("credit", "") if source or outlet == "baotintuc" else "",
        teaser=row.get("teaser", ""),
        nfd=row.get("nfd", False),
        old_tones=row.get("old_tones", False),
        old_url=address(outlet, row["old_slug"], row["section"], at) if "old_slug" in row else "",
        tracking=row.get("tracking", ""),
    )


_OWN_MARKS = {"VOV.VN - ": "vov", "(VOVWORLD) - ": "vov", "(Chinhphu.vn) - ": "chinhphu"}
_LABELS = ("provinces", "mentioned_only", "old_provinces", "topics")


def _own_mark(lead: str) -> str:
    """A broadcaster's or the Government's mark before the lead counts as its credit, as a wire's does."""
    return next((code for mark, code in _OWN_MARKS.items() if lead.startswith(mark)), "")


def _outcome(row: dict[str, Any]) -> str:
    return "robots" if row.get("robots_refused") else "teaser" if "teaser" in row else "stored"


def _version(row: dict[str, Any], at: datetime) -> Version:
    paragraphs = tuple(" ".join(part.split()) for part in row["body"].strip().split("\n\n"))
    return Version(at=at, title=row["title"], lead=row["lead"], paragraphs=paragraphs)


def _reprint(row: dict[str, Any], source: dict[str, Any]) -> Version:
    """The source's words under another paper's name: the agency's own mark gives way to a credit line, and
    a shortened reprint loses the dateline with its tail."""
    original = _version(source, row["at"])
    paragraphs = [WIRE_TAIL.sub("", part) for part in original.paragraphs]
    if "keep" in row:
        paragraphs = [DATELINE.sub("", part) for part in paragraphs[: row["keep"]]]
    title, lead = row.get("title", original.title), row.get("lead", original.lead)
    return Version(at=row["at"], title=title, lead=lead, paragraphs=tuple(paragraphs))


def address(outlet: str, slug: str, section: str, at: datetime) -> str:
    """The article's address in the form of its outlet, with id or time as its family encodes it."""
    site = load_sites()[outlet]
    seed = int.from_bytes(hashlib.sha256(slug.encode()).digest()[:4], "big")
    minutes = int((at - WEEK_START).total_seconds() // 60)
    digits = site.get("digits", 0)
    stamp = f"{at:{site['stamp']}}{seed % 10**digits:0{digits}}" if digits else ""
    number = site.get("first_id", 0) + minutes
    result: str = site["url"].format(slug=slug, id=number, stamp=stamp, section=slug_of(section))
    return result
