"""Choosing topics: what stands beside a topic, single words, the fitted weights and their file."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import pytest

from models.errors import ConfigError
from models.tags import Taggable
from pipeline.tag.evaluate_topics import read_items
from pipeline.tag.topics import TopicTagger, load_topics
from pipeline.tag.topics_choice import FEATURES, Choice, candidates, choice_text, load_choice, score_of
from pipeline.tag.train_choice import NEUTRAL, fit_choice
from tests.conftest import ROOT

TRANSPORT, WORKS, FARMING = "medtop:20000337", "medtop:20001245", "medtop:20000210"
IDS = ("a", "b", "c")
PAIRS = {("a", "b"): 1.5}


@lru_cache(maxsize=1)
def tagger() -> TopicTagger:
    return load_topics(ROOT / "config")


def features(ranked: list[tuple[int, float]], tops: tuple[int, ...] = (0, 1, 2)) -> list[dict[str, float]]:
    choice = Choice(0.0, (0.0,) * len(FEATURES), 0.0, PAIRS, {})
    found = candidates(ranked, IDS, tops, [0.0] * 3, choice)
    return [dict(zip(FEATURES, one.features, strict=True)) for one in found]


def test_the_first_topic_stands_beside_nothing() -> None:
    first, *_ = features([(1, 8.0), (0, 4.0)])
    assert (first["first"], first["share"], first["together"], first["sister"]) == (1, 0, 0, 0)


def test_a_further_topic_is_told_by_its_share_and_by_what_it_goes_with() -> None:
    _, usual, seldom = features([(1, 8.0), (0, 4.0), (2, 4.0)])
    assert usual["share"] == pytest.approx(math.log(0.5))
    assert (usual["together"], seldom["together"]) == (1.5, 0)


def test_a_topic_of_the_same_top_level_as_a_stronger_one_is_its_sister() -> None:
    *_, last = features([(0, 8.0), (1, 6.0), (2, 4.0)], tops=(0, 1, 0))
    assert last["sister"] == 1


def test_words_of_cues_speak_in_a_phrase_that_is_no_cue() -> None:
    """The title is no cue as it stands; *hành chính* is in many of government's."""
    cues = {cue.phrase for topic in tagger().topics.values() for cue in topic.cues}
    title = "hành chính phục vụ tận thôn"
    assert title not in cues
    read = tagger().candidates(Taggable(title=title, body="Cán bộ hành chính tới tận nhà."))
    words = {tagger().label(list(tagger().topics)[one.topic]): one.features[-2] for one in read}
    assert words["government"] > 2


def test_single_words_say_nothing_of_a_long_article() -> None:
    long = "Cán bộ xã làm thủ tục hành chính cho người dân tại trụ sở. " * 60
    assert all(one.features[-2] == 0 for one in tagger().candidates(Taggable(title="Tin", body=long)))


def test_topics_that_go_together_are_given_together_and_others_not() -> None:
    ids = tagger().choice
    assert ids.affinity(TRANSPORT, WORKS) == ids.affinity(WORKS, TRANSPORT) > 0.5
    assert ids.affinity(FARMING, "medtop:15000000") < 0


def test_a_further_topic_leans_and_the_first_does_not() -> None:
    choice = Choice(0.0, (0.0,) * len(FEATURES), 0.0, PAIRS, {IDS[0]: 2.0, IDS[1]: -3.0})
    first, further = candidates([(0, 4.0), (1, 2.0)], IDS, (0, 1, 2), [0.0] * 3, choice)
    assert (choice.logit(first), choice.logit(further)) == (0.0, -3.0)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "topic_choice.toml"
    path.write_text(choice_text(tagger().choice), encoding="utf-8")
    assert load_choice(path) == tagger().choice


@pytest.mark.parametrize(
    "text", ["", "bias = 1", "[weights", 'bias = 1\nleast = 0\nweights = 3\ntogether = ""']
)
def test_a_file_without_weights_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "topic_choice.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="no weights") as refusal:
        load_choice(path)
    assert "topic_choice.toml" in str(refusal.value)


def test_a_missing_file_of_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no weights"):
        load_choice(tmp_path / "topic_choice.toml")


def test_fitting_finds_the_same_weights_again_and_leaves_the_tagger_as_it_was() -> None:
    items = read_items(Path(__file__).with_name("topic_more.jsonl"))[:60]
    before = tagger().choice
    one, other = fit_choice(tagger(), [items]), fit_choice(tagger(), [items])
    assert one == other
    assert tagger().choice is before
    assert one.weights[FEATURES.index("points")] > 0
    assert one.weights[FEATURES.index("words")] > 0


def test_a_fitted_choice_answers_better_than_one_that_weighs_nothing() -> None:
    items = read_items(Path(__file__).with_name("topic_more.jsonl"))
    neutral, fitted = load_topics(ROOT / "config", choice=NEUTRAL), tagger()
    right = [
        sum({tag.id for tag in one.tag(article)} == set(gold) for article, gold in items)
        for one in (neutral, fitted)
    ]
    assert right[1] > right[0]


def test_scores_are_chances() -> None:
    assert (score_of(0), score_of(30), score_of(-30)) == (0.5, 1, 0)
