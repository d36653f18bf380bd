"""What may not change the topics of an article, and what must hold of their evidence, for any text."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from models.tags import Taggable
from pipeline.tag.topics import load_topics
from pipeline.vietnamese import place_tones
from tests.conftest import ROOT
from tests.support.tables import topics


@lru_cache(maxsize=1)
def sentences() -> tuple[str, ...]:
    lines = Path(__file__).with_name("test_topics_sentences.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(sentence for line in lines for sentence in line.split("\t")[1:3])


articles = st.lists(st.sampled_from(sentences()), min_size=1, max_size=5, unique=True)
OLD_TONES = {"òa": "oà", "óa": "oá", "ọa": "oạ", "ủy": "uỷ", "úy": "uý", "ỏe": "oẻ"}


def ids(title: str, body: str) -> list[str]:
    return [tag.id for tag in topics().tag(Taggable(title=title, body=body))]


def old_style(text: str) -> str:
    for new, old in OLD_TONES.items():
        text = text.replace(new, old)
    return text


@settings(max_examples=40)
@given(parts=articles)
def test_spelling_of_bytes_tones_and_spaces_changes_no_topic(parts: list[str]) -> None:
    title, body = parts[0], ". ".join(parts)
    given_ids = ids(title, body)
    for change in (
        lambda text: unicodedata.normalize("NFD", text),
        old_style,
        place_tones,
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "  \n"),
        lambda text: f"  {text}\t",
    ):
        assert ids(change(title), change(body)) == given_ids


@settings(max_examples=40)
@given(parts=articles)
def test_capitals_keep_most_of_what_an_article_is_about(parts: list[str]) -> None:
    body = ". ".join(parts)
    plain = ids(parts[0], body)
    assert not plain or set(plain) & set(ids(parts[0].upper(), body.upper()))


@settings(max_examples=60)
@given(parts=articles, noise=st.text(max_size=40), lead=st.text(max_size=60))
def test_evidence_is_the_text_at_its_place_between_any_characters(
    parts: list[str], noise: str, lead: str
) -> None:
    article = Taggable(title=parts[0] + noise, lead=lead, body=noise.join(parts))
    for tag in topics().tag(article):
        assert tag.evidence
        for quote in tag.evidence:
            field = {"title": article.title, "lead": article.lead, "body": article.body}[quote.field]
            assert quote.text
            assert field[quote.start : quote.end] == quote.text


@settings(max_examples=30)
@given(parts=articles)
def test_no_cue_is_quoted_twice_for_a_topic(parts: list[str]) -> None:
    for tag in topics().tag(Taggable(title=parts[0], body=". ".join(parts))):
        cues = [(quote.field, quote.start, quote.end) for quote in tag.evidence if quote.rule == "cue"]
        assert len(cues) == len(set(cues))


def test_reading_a_long_text_asks_no_more_words_than_its_opening() -> None:
    sentence = "Ngành y tế tiêm vắc xin phòng bệnh cho trẻ em tại trạm y tế xã. "
    long, longer = (
        load_topics(ROOT / "config", with_model=False).tag(Taggable(title="Tin", body=sentence * times))
        for times in (100, 400)
    )
    assert [(tag.id, tag.score) for tag in long] == [(tag.id, tag.score) for tag in longer]


def test_no_cue_stands_twice_in_a_topic() -> None:
    cues = [(topic.id, cue.language, cue.phrase) for topic in topics().topics.values() for cue in topic.cues]
    assert len(cues) == len(set(cues))
