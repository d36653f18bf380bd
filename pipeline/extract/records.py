"""Pages as JSON records: the core of `diembao extract --jsonl`."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.document import Article, RawDocument
from models.outcome import Reason
from models.outlet import Outlet, Profile
from pipeline.extract.profiles import families_of, outlet_for
from pipeline.extract.read import Extraction, extract
from pipeline.extract.times import VIETNAM
from pipeline.limits import MAX_BYTES

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
    "outlet",
)
_NO_CLOCK = datetime.max.replace(tzinfo=UTC)


def failed_record(record: Mapping[str, Any], reason: Reason, detail: str) -> dict[str, Any]:
    """The answer to a record that was not read: by an error, a limit or the deadline."""
    known = record if isinstance(record, Mapping) else {}
    base = {"id": known.get("id"), "url": str(known.get("url") or "")}
    return base | _empty() | {"outcome": reason.value, "detail": detail[:300]}


def extract_record(
    record: Mapping[str, Any],
    outlets: Mapping[str, Outlet],
    *,
    folder: Path | None = None,
    families: Sequence[Profile] | None = None,
) -> dict[str, Any]:
    """Read one record `{id, url, html_file | html}`; `html_file` is relative to `folder`, `.gz` is unpacked.

    Gives `{id, url, title, lead, text, authors, published_at, section, lang, image, credit, profile,
    outlet, outcome}`, with `detail` where there is one. `outcome` is a Reason; `published_at` is ISO 8601 at
    +07:00 or null; `outlet` is empty at an address of none that is configured. A record that cannot be read
    gives the outcome `parse_error`; nothing is raised. `families` are those of the outlets, for a caller with
    many records.
    """
    try:
        url, body = _input(record, folder)
        found = _extracted(
            url, body, outlets, families_of(outlets.values()) if families is None else families
        )
    except Exception as error:  # noqa: BLE001 - one bad record must not end the stream
        return failed_record(record, Reason.PARSE_ERROR, f"{type(error).__name__}: {error}")
    return {"id": record.get("id"), "url": url} | as_record(found)


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
        "outlet": article.outlet,
    }  # fmt: skip


def _extracted(
    url: str, body: bytes, outlets: Mapping[str, Outlet], families: Sequence[Profile]
) -> Extraction:
    outlet = outlet_for(url, outlets)
    document = RawDocument(
        outlet=outlet.slug if outlet else "",
        url=url,
        final_url=url,
        fetched_at=_NO_CLOCK,
        status=200,
        body=body,
    )
    return extract(document, outlet, families=families)


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
    with ((folder or Path()) / name).open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    return url, unpacked(data) if data[:2] == b"\x1f\x8b" else data


def unpacked(data: bytes) -> bytes:
    """The first member of gzip `data`, no more than just beyond the largest page that is read, so that a
    small file cannot fill the memory. Raises zlib.error, also for data that end too early."""
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    body = reader.decompress(data, MAX_BYTES + 1)
    if not reader.eof and len(body) <= MAX_BYTES:
        raise zlib.error("it ends too early")
    return body
