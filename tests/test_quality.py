"""Quality is pinned: figures on cases of our own may rise, not fall unnoticed."""

from __future__ import annotations

from functools import lru_cache

from models.story import StoryLink
from pipeline.commands.quality import story_document
from pipeline.stories.evaluate import SCOPES, plain_relation, score, trap_pairs
from tests.pipeline.stories.documents import grouper, more_records, tagger


@lru_cache(maxsize=1)
def story_links() -> dict[str, StoryLink]:
    return {link.id: link for link in grouper().group([story_document(r, tagger()) for r in more_records()])}


def test_stories_of_events_told_in_other_words_reach_the_floors() -> None:
    story_of = {key: link.story for key, link in story_links().items()}
    whole, _, across = (score(more_records(), story_of, scope) for scope in SCOPES.values())
    assert (whole.bcubed_precision, whole.bcubed > 0.97, across.f1 > 0.95) == (1.0, True, True)


def test_look_alikes_of_every_family_are_kept_apart() -> None:
    pairs = trap_pairs(more_records())
    assert len(pairs) >= 60
    assert not [pair for pair in pairs if story_links()[pair[0]].story == story_links()[pair[1]].story]


def test_relations_and_origins_of_stories_reach_the_floors() -> None:
    right = sum(plain_relation(r["relation"]) is story_links()[r["id"]].relation for r in more_records())
    origins = sum((r["origin"] or "") == story_links()[r["id"]].origin for r in more_records())
    assert right >= 0.9 * len(more_records())
    assert origins >= 0.99 * len(more_records())
