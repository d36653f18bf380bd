"""Sentence patterns over all 34 + 63 names: what holds for one province holds for every one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.tags import Role
from pipeline.tag.patterns import MENTIONED, PATTERNS, Pattern, instances, try_pattern, unit_names
from tests.pipeline.tag.places import gazetteer, tagger


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_a_pattern_is_read_alike_with_every_name(pattern: Pattern) -> None:
    """One of its sentences with each name; `diembao evaluate places --crosscheck` tries all of them."""
    wrong: list[str] = []
    total = 0
    for number, text in enumerate(pattern.texts):
        one = replace(pattern, texts=(text,))
        names = unit_names(gazetteer())[number :: len(pattern.texts)]
        outcome = try_pattern(one, gazetteer(), lambda article: tagger().tag(article)[0], names)
        total, wrong = total + outcome.total, [*wrong, *outcome.wrong]
    assert total == len(unit_names(gazetteer()))
    assert len(wrong) <= 1, wrong[:8]


def test_there_are_three_hundred_sentences_of_every_pattern() -> None:
    units = unit_names(gazetteer())
    assert len(PATTERNS) >= 30
    for pattern in PATTERNS:
        assert sum(1 for _ in instances(pattern, units)) >= 300, pattern.name


def test_a_province_that_is_only_mentioned_tells_no_former_units() -> None:
    for pattern in PATTERNS:
        if pattern.expected == MENTIONED:
            for article, _ in list(instances(pattern, unit_names(gazetteer())))[:12]:
                tags, _ = tagger().tag(article)
                assert not any(t.old_codes for t in tags if t.role != Role.ABOUT)
