"""Choosing topics: what stands beside a topic, single words, the fitted weights and their file."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import ConfigError
from models.tags import Taggable
from pipeline.tag.evaluate_topics import read_items
from pipeline.tag.topic_model import unpack
from pipeline.tag.topics import TopicTagger, load_topics
from pipeline.tag.topics_choice import FEATURES, USUAL, Choice, candidates, choice_text, load_choice, score_of
from pipeline.tag.topics_config import Cue, Sections, Topic, load_sections
from pipeline.tag.train_choice import NEUTRAL, fit_choice
from tests.conftest import ROOT
from tests.support.tables import topics

TRANSPORT, WORKS, FARMING = "medtop:20000337", "medtop:20001245", "medtop:20000210"
IDS = ("a", "b", "c")
PAIRS = {("a", "b"): 1.5}


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


def test_words_say_more_of_the_topics_of_an_article_than_of_others_that_it_has_cues_for() -> None:
    ids, at = list(topics().topics), FEATURES.index("words")
    said: dict[bool, list[float]] = {True: [], False: []}
    for article, gold in read_items(Path(__file__).with_name("unseen.jsonl")):
        for one in topics().candidates(article):
            said[ids[one.topic] in gold].append(one.features[at])
    right, wrong = (sum(said[each]) / len(said[each]) for each in (True, False))
    assert right > wrong + 0.3


def test_without_their_model_words_say_as_little_of_every_topic() -> None:
    mute = load_topics(ROOT / "config", choice=topics().choice)
    for article in ARTICLES[:20]:
        assert {one.features[FEATURES.index("words")] for one in mute.candidates(article)} <= {USUAL}


def test_topics_that_go_together_are_given_together_and_others_not() -> None:
    ids = topics().choice
    assert ids.affinity(TRANSPORT, WORKS) == ids.affinity(WORKS, TRANSPORT) > 0.5
    assert ids.affinity(FARMING, "medtop:15000000") < 0


def test_a_further_topic_leans_and_the_first_does_not() -> None:
    choice = Choice(0.0, (0.0,) * len(FEATURES), 0.0, PAIRS, {IDS[0]: 2.0, IDS[1]: -3.0})
    first, further = candidates([(0, 4.0), (1, 2.0)], IDS, (0, 1, 2), [0.0] * 3, choice)
    assert (choice.logit(first), choice.logit(further)) == (0.0, -3.0)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "topic_choice.toml"
    path.write_text(choice_text(topics().choice), encoding="utf-8")
    assert load_choice(path) == topics().choice


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
    names = ("topic_more.jsonl", "blind.jsonl")
    files = [read_items(Path(__file__).with_name(name))[:200] for name in names]
    tagger = load_topics(ROOT / "config")
    before = tagger.choice, tagger.hand_model
    one, other = fit_choice(tagger, files), fit_choice(tagger, files)
    assert one == other
    assert (tagger.choice, tagger.hand_model) == before
    choice, model = one
    assert choice.weights[FEATURES.index("points")] > 0
    assert choice.weights[FEATURES.index("words")] > 0
    assert unpack(model).classes


def test_a_fitted_choice_answers_better_than_one_that_weighs_nothing() -> None:
    items = read_items(Path(__file__).with_name("topic_more.jsonl"))
    neutral, fitted = load_topics(ROOT / "config", choice=NEUTRAL), topics()
    right = [
        sum({tag.id for tag in one.tag(article)} == set(gold) for article, gold in items)
        for one in (neutral, fitted)
    ]
    assert right[1] > right[0]


def test_scores_are_chances() -> None:
    assert (score_of(0), score_of(30), score_of(-30)) == (0.5, 1, 0)


OWN = "vn:x"
ARTICLES = [
    article
    for name in ("topic_more.jsonl", "unseen.jsonl")
    for article, _ in read_items(Path(__file__).with_name(name))
]


def with_own(*cues: tuple[str, float, str], top: str = OWN) -> TopicTagger:
    """The shipped topics and one that a user wrote."""
    shipped = topics()
    own = Topic(OWN, "x", "x", top, top, (), tuple(Cue(*cue) for cue in cues))
    sections = load_sections(ROOT / "config" / "sections.tsv", shipped.topics)
    all_topics = {**shipped.topics, OWN: own}
    return TopicTagger(all_topics, sections, shipped.model, shipped.choice, hand_model=shipped.hand_model)


@pytest.mark.parametrize("top", [OWN, "medtop:04000000"])
def test_a_topic_whose_cues_are_never_met_changes_no_answer(top: str) -> None:
    cues = ("kinh tế qqqzzz", 3.0, "vi"), ("economicsqqq*", 3.0, "vi"), ("rice qqqzzz", 1.5, "en")
    never = with_own(*cues, top=top)
    changed = [article.title for article in ARTICLES if never.tag(article) != topics().tag(article)]
    assert changed == []


@pytest.mark.parametrize("field", ["title", "lead"])
def test_a_strong_cue_of_an_own_topic_in_title_or_lead_gives_it_whatever_else_is_given(field: str) -> None:
    own = with_own(("xóm qqz", 3.0, "vi"), ("xóm qqz", 3.0, "en"))
    for article in ARTICLES[::4]:
        text = f"Chuyện xóm qqz. {article.title if field == 'title' else article.lead}"
        told = replace(article, title=text) if field == "title" else replace(article, lead=text)
        tags = {tag.id: tag for tag in own.tag(told)}
        assert 0.4 <= tags[OWN].score <= 0.95
        assert "xóm qqz" in [each.text for each in tags.pop(OWN).evidence]
        assert list(tags.values()) == list(topics().tag(told)), "an own topic takes no place of another"


def test_a_strong_cue_of_an_own_topic_deep_in_the_text_does_not_prove_it() -> None:
    body = "Nông dân trồng lúa, bón phân, thu hoạch lúa chất lượng cao trên cánh đồng mẫu lớn. " * 5
    told = Taggable(title="Nông dân trồng lúa được mùa", body=f"{body}Rồi tới xóm qqz.", language="vi")
    assert OWN not in [tag.id for tag in with_own(("xóm qqz", 3.0, "vi")).tag(told)]


def test_an_own_topic_stands_for_its_top_level_and_no_faint_topic_takes_the_place() -> None:
    told = Taggable(
        title="TP HCM thí điểm kinh tế đêm",
        body="UBND thành phố thí điểm mô hình kinh tế đêm tại quận 1. Các quán ăn được mở cửa đến sáng.",
        language="vi",
    )
    own = with_own(("kinh tế đêm", 3.0, "vi"), top="medtop:04000000")
    assert [tag.id for tag in own.tag(told)] == [OWN]


def test_a_user_may_have_own_topics_alone() -> None:
    own = Topic(OWN, "x", "x", OWN, OWN, (), (Cue("làng nghề", 1.5, "vi"),))
    alone = TopicTagger({OWN: own}, Sections({}), None, topics().choice)
    assert [tag.id for tag in alone.tag(Taggable(title="Làng nghề", body="Làng nghề."))] == [OWN]
    assert alone.tag(Taggable(title="Tin", body="Tin.")) == ()


@pytest.mark.parametrize("some", [topics(), with_own(("xóm qqz", 3.0, "vi"))])
def test_the_section_speaks_where_there_is_no_text(some: TopicTagger) -> None:
    assert [tag.id for tag in some.tag(Taggable(title="", body="", section="Thể thao"))] == [
        "medtop:15000000"
    ]


def test_a_word_is_met_by_a_stem_of_its_language_beside_a_longer_one_of_another() -> None:
    own = with_own(("night-time econom*", 3.0, "en"), ("economie*", 3.0, "vi"))
    told = Taggable(title="Night-time economies grow", body="They grow.", language="en")
    assert OWN in [tag.id for tag in own.tag(told)]
