"""Tags as rows and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.tags import Evidence, ProvinceTag, Rejected, Role, Tags, TopicTag, WatchTag


def tags_json(tags: Tags) -> dict[str, Any]:
    """The tags as `diembao tag --jsonl` writes them, and what was rejected."""
    return {
        "language": tags.language,
        "provinces": [
            {
                "code": tag.code,
                "old_codes": list(tag.old_codes),
                "role": tag.role.value,
                "score": tag.score,
                "evidence": _evidence_json(tag.evidence),
            }
            for tag in tags.provinces
        ],
        "topics": [
            {
                "id": tag.id,
                "label": tag.label,
                "score": tag.score,
                "evidence": _evidence_json(tag.evidence),
            }
            for tag in tags.topics
        ],
        "watched": [
            {"id": tag.id, "label": tag.label, "evidence": _evidence_json(tag.evidence)}
            for tag in tags.watched
        ],
        "rejected": [
            {"reason": each.reason, "evidence": _evidence_json([each.evidence])[0]} for each in tags.rejected
        ],
    }


def tags_value(stored: dict[str, Any], tagger: str = "") -> Tags:
    """The tags from their JSON, found by that version of the taggers."""
    return Tags(
        tagger=tagger,
        language=stored.get("language", ""),
        provinces=tuple(
            ProvinceTag(
                tag["code"],
                tuple(tag["old_codes"]),
                Role(tag["role"]),
                tag["score"],
                _evidence(tag["evidence"]),
            )
            for tag in stored.get("provinces", ())
        ),
        topics=tuple(
            TopicTag(tag["id"], tag["label"], tag["score"], _evidence(tag["evidence"]))
            for tag in stored.get("topics", ())
        ),
        watched=tuple(
            WatchTag(tag["id"], tag["label"], _evidence(tag["evidence"])) for tag in stored.get("watched", ())
        ),
        rejected=tuple(
            Rejected(_evidence([each["evidence"]])[0], each["reason"]) for each in stored.get("rejected", ())
        ),
    )


def _evidence_json(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    return [
        {"field": each.field, "start": each.start, "end": each.end, "text": each.text, "rule": each.rule}
        for each in evidence
    ]


def _evidence(stored: Iterable[dict[str, Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**each) for each in stored)


def province_rows(article: int, tags: Tags) -> list[dict[str, Any]]:
    """One row for each province; `about` wins where a province is tagged twice."""
    rows: dict[str, dict[str, Any]] = {}
    for rank, tag in enumerate(sorted(tags.provinces, key=lambda tag: tag.role is not Role.ABOUT)):
        row = {
            "article_id": article,
            "code": tag.code,
            "role": tag.role.value,
            "rank": rank,
            "score": tag.score,
        }
        rows.setdefault(tag.code, row)
    return list(rows.values())


def old_province_rows(article: int, tags: Tags) -> list[dict[str, Any]]:
    """One row for each former unit, with the role of the province that it belongs to."""
    rows: dict[str, dict[str, Any]] = {}
    for tag in sorted(tags.provinces, key=lambda tag: tag.role is not Role.ABOUT):
        for code in tag.old_codes:
            rows.setdefault(code, {"article_id": article, "code": code, "role": tag.role.value})
    return list(rows.values())


def topic_rows(article: int, tags: Tags) -> list[dict[str, Any]]:
    """One row for each topic."""
    rows: dict[str, dict[str, Any]] = {}
    for rank, tag in enumerate(tags.topics):
        rows.setdefault(tag.id, {"article_id": article, "topic": tag.id, "rank": rank, "score": tag.score})
    return list(rows.values())


def watchlist_rows(article: int, tags: Tags) -> list[dict[str, Any]]:
    """One row for each watch-list."""
    return [
        {"article_id": article, "watchlist": each} for each in dict.fromkeys(tag.id for tag in tags.watched)
    ]
