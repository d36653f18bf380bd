"""The five first articles that the service was asked for, through the path of `diembao tag FILE`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from models.tags import Role
from pipeline.commands.given import text_record
from pipeline.tag import Tagger, load_tagger
from pipeline.tag.records import read_record
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger(ROOT / "config")


@pytest.fixture(scope="module")
def seeds(shared_data: Path) -> list[tuple[dict[str, Any], str]]:
    """Each seed's labels and text."""
    gold = (shared_data / "challenge" / "seeds.gold.jsonl").read_text("utf-8").splitlines()
    folder = shared_data.parent / "seeds"
    labels = [json.loads(line) for line in gold if line.strip()]
    return [(label, (folder / label["file"]).read_text("utf-8")) for label in labels]


def test_each_seed_is_about_the_provinces_of_its_labels(
    seeds: list[tuple[dict[str, Any], str]], tagger: Tagger
) -> None:
    assert len(seeds) == 5
    for label, text in seeds:
        tags = tagger.tag(read_record(text_record(text)))
        about = [tag for tag in tags.provinces if tag.role is Role.ABOUT]
        assert {tag.code for tag in about} == {f"vn34:{code}" for code in label["provinces"]}, label["file"]
        old = {code for tag in about for code in tag.old_codes}
        assert old == {f"vn63:{code}" for code in label["old_provinces"]}, label["file"]


def test_every_piece_of_evidence_stands_where_it_says(
    seeds: list[tuple[dict[str, Any], str]], tagger: Tagger
) -> None:
    for _, text in seeds:
        taggable = read_record(text_record(text))
        tags = tagger.tag(taggable)
        evidence = [e for place in tags.provinces for e in place.evidence]
        evidence += [e for topic in tags.topics for e in topic.evidence]
        found = [e for e in evidence if e.field != "section"]
        assert found
        assert all(getattr(taggable, e.field)[e.start : e.end] == e.text for e in found)
