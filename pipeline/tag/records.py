"""Articles as JSON records in, tags as JSON records out: the contract of `diembao tag --jsonl`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Protocol

from models.document import body_of
from models.outlet import Outlet
from models.tags import Evidence, Taggable, Tags

_LOCAL = timezone(timedelta(hours=7))


class _Tags(Protocol):
    def tag(self, article: Taggable) -> Tags: ...


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _time(value: object) -> datetime | None:
    """An ISO date or time; one without a zone is Vietnamese. None when it cannot be read."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    try:
        return (read if read.tzinfo else read.replace(tzinfo=_LOCAL)).astimezone(UTC)
    except OverflowError:
        return None


def _published(record: Mapping[str, Any]) -> object:
    return record.get("published") or record.get("published_at")


def with_home(record: dict[str, Any], outlets: Mapping[str, Outlet]) -> dict[str, Any]:
    """A record with the province of its outlet, unless it names one itself or its outlet is not known."""
    outlet = outlets.get(_text(record, "outlet"))
    if outlet is None or record.get("home_province"):
        return record
    return record | {"home_province": outlet.province}


def read_record(record: Mapping[str, Any]) -> Taggable:
    """The article of a record. `text` stands for a missing `body`; the lead that it may begin with is read
    once. Missing or ill-typed values become empty; never raises."""
    language, lead = _text(record, "lang"), _text(record, "lead")
    return Taggable(
        title=_text(record, "title"),
        lead=lead,
        body=_text(record, "body") or body_of(_text(record, "text"), lead),
        language=language if language in ("vi", "en") else "",
        published=_time(_published(record)),
        outlet=_text(record, "outlet"),
        section=_text(record, "section"),
        url=_text(record, "canonical_url") or _text(record, "url"),
        home_province=_text(record, "home_province"),
    )


def _evidence(evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
    return [
        {"field": e.field, "start": e.start, "end": e.end, "text": e.text, "rule": e.rule} for e in evidence
    ]


def tag_record(record: object, tagger: _Tags) -> dict[str, Any]:
    """Tag one record. A record that is no object gives empty tags and an `error`; a date that cannot be read
    counts as none, and a `note` says so. Never raises."""
    if not isinstance(record, Mapping):
        return {"id": None, "lang": "other", "provinces": [], "topics": [], "error": "not a JSON object"}
    article = read_record(record)
    tags = tagger.tag(article)
    given = _published(record)
    unread = bool(given) and article.published is None
    return {
        "id": record.get("id"),
        "lang": tags.language,
        "provinces": [
            {
                "code": tag.code,
                "old_codes": list(tag.old_codes),
                "role": str(tag.role),
                "score": tag.score,
                "evidence": _evidence(tag.evidence),
            }
            for tag in tags.provinces
        ],
        "topics": [
            {"id": tag.id, "label": tag.label, "score": tag.score, "evidence": _evidence(tag.evidence)}
            for tag in tags.topics
        ],
        "watched": [
            {"id": tag.id, "label": tag.label, "evidence": _evidence(tag.evidence)} for tag in tags.watched
        ],
    } | ({"note": f"{given!r} is no ISO date or time: tagged without one"} if unread else {})
