"""Corrections in the database, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.correction import Correction, TagKind, Verdict
from models.story import Relation, StoryLink
from pipeline.search import parse_query
from pipeline.store import NewArticle, Store, StoredArticle
from tests.pipeline.store.material import NOW, new, province, topic

HUE, DANANG = "vn34:46", "vn34:48"


def stored(store: Store, number: int = 1) -> StoredArticle:
    found = store.get(new(number).article.url)
    assert found is not None
    return found


def say(store: Store, verdict: Verdict, value: str, *, within: str = "", note: str = "nhầm") -> None:
    kind = TagKind.PROVINCE if value.startswith("vn") else TagKind.TOPIC
    number = stored(store).id
    store.correct(
        [
            Correction(
                article=number, kind=kind, value=value, verdict=verdict, within=within, at=NOW, note=note
            )
        ]
    )


def about(store: Store, code: str) -> bool:
    """Whether a search by province finds the article."""
    return bool(store.search(parse_query(f"tỉnh:{code}", now=NOW)).hits)


@pytest.fixture
def article(store: Store) -> NewArticle:
    """An article that the program took to be about Đà Nẵng and two topics; it stands in a story."""
    made = new(provinces=(province(DANANG, "vn63:49"),), topics=(topic("1"), topic("2")))
    store.save([made], now=NOW)
    link = StoryLink(id=str(stored(store).id), story="s", relation=Relation.ORIGINAL, origin="", evidence=())
    store.set_stories([link])
    return made


def test_a_correction_wins_in_search_article_export_and_story(store: Store, article: NewArticle) -> None:
    say(store, Verdict.ABOUT, HUE)
    say(store, Verdict.NO, DANANG)
    say(store, Verdict.NO, "medtop:1")
    assert (about(store, HUE), about(store, DANANG)) == (True, False)
    tags = stored(store).tags
    assert [(tag.code, tag.score) for tag in tags.provinces] == [(HUE, 1.0)]
    assert [(each.evidence.text, each.reason) for each in tags.rejected] == [
        ("Đà", "corrected on 2026-11-22: nhầm"),
        ("medtop:1", "corrected on 2026-11-22: nhầm"),
    ]
    (line,) = store.export()
    assert [tag["code"] for tag in line["provinces"]] == [HUE]
    story = store.story("s")
    assert story is not None
    assert (story.provinces, story.topics) == ((HUE,), ("medtop:2",))
    (hit,) = story.articles
    assert [each.value for each in hit.corrections] == [HUE, DANANG, "medtop:1"]


def test_a_correction_outlives_a_new_version_another_reading_and_other_tags(
    store: Store, article: NewArticle
) -> None:
    say(store, Verdict.NO, DANANG)
    later = NOW + timedelta(hours=1)
    store.save([replace(article, article=replace(article.article, title="Tít mới"))], now=later)
    assert (stored(store).article.title, about(store, DANANG)) == ("Tít mới", False)
    store.rewrite([(stored(store), replace(article.article, title="Tít khác"), article.tags)])
    assert (stored(store).article.title, about(store, DANANG)) == ("Tít khác", False)
    store.retag([(stored(store), article.tags)])
    assert not about(store, DANANG)


def test_taking_a_correction_back_brings_the_answer_of_the_program_back(
    store: Store, article: NewArticle
) -> None:
    before = stored(store).tags
    say(store, Verdict.MENTIONED, HUE)
    say(store, Verdict.NO, DANANG)
    assert store.forget_corrections(stored(store).id, [DANANG]) == 1
    assert [(tag.code, tag.role.value) for tag in stored(store).tags.provinces] == [
        (DANANG, "about"),
        (HUE, "mentioned"),
    ]
    assert store.forget_corrections(stored(store).id) == 1
    assert stored(store).tags == before
    assert about(store, DANANG)


def test_a_former_province_is_added_to_the_current_one_and_taken_from_it(
    store: Store, article: NewArticle
) -> None:
    say(store, Verdict.NO, "vn63:49", within=DANANG)
    assert (about(store, "vn63:49"), about(store, DANANG)) == (False, True)
    say(store, Verdict.ABOUT, "vn63:45", within="vn34:44")
    assert (about(store, "vn63:45"), about(store, "vn34:44")) == (True, True)


def test_what_is_said_later_of_the_same_tag_counts(store: Store, article: NewArticle) -> None:
    say(store, Verdict.NO, DANANG)
    say(store, Verdict.ABOUT, DANANG, note="đúng rồi")
    (said,) = store.corrections()
    assert (said.verdict, said.note) == (Verdict.ABOUT, "đúng rồi")
    (tag,) = stored(store).tags.provinces
    assert [each.field for each in tag.evidence] == ["title", "correction"]
    assert tag.evidence[-1].text == "đúng rồi"


def test_a_pruned_article_takes_its_corrections_along(store: Store, article: NewArticle) -> None:
    say(store, Verdict.NO, DANANG)
    store.prune(now=NOW, before=NOW + timedelta(days=1))
    assert store.corrections() == []
