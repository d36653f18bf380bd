"""Pages as JSON records: the core of `diembao extract --jsonl`."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.document import Article, RawDocument
from models.outcome import Reason
from models.outlet import Outlet
from pipeline.extract.profiles import families_of, outlet_for
from pipeline.extract.read import Extraction, extract
from pipeline.extract.times import VIETNAM

_FIELDS = (
    "title",
    "lead",
    "text",
    "authors",
    "published_at",
    "section",
    "lang",
    "image",
    "credit",
    "profile",
)
_NO_CLOCK = datetime.max.replace(tzinfo=UTC)


def extract_record(
    record: Mapping[str, Any], outlets: Mapping[str, Outlet], *, folder: Path | None = None
) -> dict[str, Any]:
    """Read one record `{id, url, html_file | html}`; `html_file` is relative to `folder`, `.gz` is unpacked.

    Gives `{id, url, title, lead, text, authors, published_at, section, lang, image, credit, profile,
    outcome}`, with `detail` where there is one. `outcome` is a Reason; `published_at` is ISO 8601 at +07:00
    or null. A record that cannot be read gives the outcome `parse_error`; nothing is raised.
    """
    base: dict[str, Any] = {"id": record.get("id") if isinstance(record, Mapping) else None}
    try:
        url, body = _input(record, folder)
        found = _extracted(url, body, outlets)
    except Exception as error:  # noqa: BLE001 - one bad record must not end the stream
        base |= {"url": str(record.get("url") or "") if isinstance(record, Mapping) else ""}
        return (
            base
            | _empty()
            | {"outcome": Reason.PARSE_ERROR.value, "detail": f"{type(error).__name__}: {error}"[:300]}
        )
    return base | {"url": url} | as_record(found)


def as_record(found: Extraction) -> dict[str, Any]:
    """The fields of a record for what came of a page."""
    fields = _empty() if found.article is None else _fields(found.article)
    detail = {"detail": found.detail} if found.detail else {}
    return fields | {"outcome": found.reason.value} | detail


def _empty() -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys(_FIELDS, "")
    return blank | {"authors": [], "published_at": None}


def _fields(article: Article) -> dict[str, Any]:
    published = article.published_at.astimezone(VIETNAM).isoformat() if article.published_at else None
    return {
        "title": article.title, "lead": article.lead, "text": article.text, "authors": list(article.authors),
        "published_at": published, "section": article.section, "lang": article.language,
        "image": article.image_url, "credit": article.credit, "profile": article.profile,
    }  # fmt: skip


def _extracted(url: str, body: bytes, outlets: Mapping[str, Outlet]) -> Extraction:
    outlet = outlet_for(url, outlets)
    document = RawDocument(
        outlet=outlet.slug if outlet else "",
        url=url,
        final_url=url,
        fetched_at=_NO_CLOCK,
        status=200,
        body=body,
    )
    return extract(document, outlet, families=families_of(outlets.values()))


def _input(record: Mapping[str, Any], folder: Path | None) -> tuple[str, bytes]:
    """The URL and bytes of a record. Raises TypeError, ValueError or OSError naming what is wrong."""
    if not isinstance(record, Mapping):
        raise TypeError("a record is an object with url and html or html_file")
    url, html, name = record.get("url") or "", record.get("html"), record.get("html_file")
    if not isinstance(url, str):
        raise TypeError("url is a string")
    if isinstance(html, str):
        return url, html.encode("utf-8", "ignore")
    if not isinstance(name, str) or not name:
        raise ValueError("a record needs html or html_file")
    data = ((folder or Path()) / name).read_bytes()
    return url, gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
