"""Articles as JSON records in, tags as JSON records out: the contract of `diembao tag --jsonl`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Protocol

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


def read_record(record: Mapping[str, Any]) -> Taggable:
    """The article of a record. Missing or ill-typed values become empty; never raises."""
    language = _text(record, "lang")
    return Taggable(
        title=_text(record, "title"),
        lead=_text(record, "lead"),
        body=_text(record, "body") or _text(record, "text"),
        language=language if language in ("vi", "en") else "",
        published=_time(record.get("published") or record.get("published_at")),
        outlet=_text(record, "outlet"),
        section=_text(record, "section"),
        url=_text(record, "url"),
        home_province=_text(record, "home_province"),
    )


def _evidence(evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
    return [
        {"field": e.field, "start": e.start, "end": e.end, "text": e.text, "rule": e.rule} for e in evidence
    ]


def tag_record(record: object, tagger: _Tags) -> dict[str, Any]:
    """Tag one record. A record that is no object gives empty tags and an `error`; never raises."""
    if not isinstance(record, Mapping):
        return {"id": None, "lang": "other", "provinces": [], "topics": [], "error": "not a JSON object"}
    tags = tagger.tag(read_record(record))
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
    }
