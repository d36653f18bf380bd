"""`evaluate`, `bench`, `train`, `group`: the numbers behind the claims."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands.common import read_lines, settings_for, write_lines

if TYPE_CHECKING:
    from models.story import StoryDocument

DataOption = Annotated[Path, typer.Option("--data", help="Folder of the labelled sets.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("group")(group)


def group(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="JSON lines from standard input to standard output.")
    ] = True,
) -> None:
    """Group documents (id, outlet, lang, url, title, lead, body, published) into stories."""
    from pipeline.stories import load_grouper
    from pipeline.tag import load_tagger

    config = settings_for().config_dir
    tagger = load_tagger(config)
    records = [record for record in read_lines(sys.stdin) if "error" not in record]
    documents = [story_document(record, tagger) for record in records]
    write_lines(_grouped(records, load_grouper(config).group(documents)))


def _grouped(records: list[dict[str, Any]], links: list[Any]) -> Iterator[dict[str, Any]]:
    for record, link in zip(records, links, strict=True):
        yield {
            "id": record.get("id"),
            "story": link.story,
            "relation": link.relation.value,
            "origin": link.origin or None,
            "evidence": list(link.evidence),
        }


def story_document(record: dict[str, Any], tagger: Any) -> StoryDocument:
    """A document of the `group` contract, its places found by the tagger. A missing date is 1970."""
    from models.story import StoryDocument
    from models.tags import Role
    from pipeline.tag.records import read_record

    taggable = read_record(record)
    tags = tagger.tag(taggable)
    return StoryDocument(
        id=str(record.get("id")),
        outlet=taggable.outlet,
        language=tags.language,
        url=taggable.url or str(record.get("id")),
        title=taggable.title,
        lead=taggable.lead,
        text=taggable.body,
        published_at=taggable.published or datetime.fromtimestamp(0, UTC),
        provinces=tuple(tag.code for tag in tags.provinces if tag.role is Role.ABOUT),
        mentioned=tuple(tag.code for tag in tags.provinces if tag.role is Role.MENTIONED),
        topics=tuple(topic.id for topic in tags.topics),
    )
