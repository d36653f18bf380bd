"""Which fields of an article are read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.tags import Taggable
from pipeline.tag import load_tagger
from pipeline.tag.fields import read_fields
from tests.conftest import ROOT

FLOOD = Taggable(
    title="Mưa lớn gây ngập ở Huế",
    body="Nước sông Hương lên nhanh, nhiều tuyến phố của thành phố Huế ngập sâu.\nHọc sinh được nghỉ học.",
)
UNSEEN = [" ", "\n\t", "\u200b", "\ufeff \u2069", "\ud83d", "\u2028"]


@pytest.mark.parametrize("nothing", UNSEEN)
def test_a_field_in_which_nothing_can_be_seen_is_absent(nothing: str) -> None:
    assert [field.name for field in read_fields(replace(FLOOD, lead=nothing))] == ["title", "body"]
    assert read_fields(Taggable(title=nothing, lead=nothing, body=nothing)) == ()


def test_a_blank_lead_changes_no_answer() -> None:
    tagger = load_tagger(ROOT / "config")
    answers = [tagger.tag(replace(FLOOD, lead=lead)) for lead in ("", *UNSEEN)]
    points = [tagger.topics.points(replace(FLOOD, lead=lead)) for lead in ("", *UNSEEN)]
    assert answers[0].provinces
    assert answers[0].topics
    assert all(answer == answers[0] for answer in answers)
    assert all(given == points[0] for given in points)
