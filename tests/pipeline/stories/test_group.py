"""Stories: invariants of grouping, ids that last, windows that grow."""

from __future__ import annotations

import random
import unicodedata
from collections import defaultdict
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.story import Relation, StoryDocument
from pipeline.commands.given import text_record
from pipeline.stories import load_agencies
from pipeline.stories.evaluate import SCOPES, plain_relation, score, trap_pairs
from pipeline.stories.features import features_of
from pipeline.stories.similarity import containment
from pipeline.stories.terms import load_terms
from pipeline.stories.vetoes import veto
from pipeline.stories.window import CROWDED
from tests.conftest import ROOT
from tests.pipeline.stories.documents import CONFIG, by_story, doc, documents, documents_of, records
from tests.support.tables import new_grouper

FLOOD = (
    "Khoảng 2 giờ sáng 8/4, lũ quét tràn qua bản Nậm Pố, xã Mường Toong, tỉnh Điện Biên, cuốn trôi 19 "
    "ngôi nhà, làm 23 người mất tích. Lượng mưa đo được trong đêm là 184 mm. Đường vào bản bị sạt lở "
    "khoảng 4.500 m3 đất đá."
)
FLOOD_ENGLISH = (
    "A flash flood swept through Nam Po village in Muong Toong commune, Dien Bien province, on April 8, "
    "washing away 19 houses and leaving 23 people missing. Rainfall of 184 mm was recorded. Landslides of "
    "some 4,500 cu.m cut the road."
)


DIEN_BIEN = ("vn34:11",)


def flood(**more: Any) -> StoryDocument:
    title = "Lũ quét tại Mường Toong, 23 người mất tích"
    return doc(FLOOD, title=title, provinces=DIEN_BIEN, **more)


def flood_english(**more: Any) -> StoryDocument:
    title = "Flash flood leaves 23 missing in Dien Bien"
    return doc(
        FLOOD_ENGLISH, title=title, language="en", outlet="en-vietnamplus", provinces=DIEN_BIEN, **more
    )


def test_an_event_in_two_languages_is_one_story_even_when_it_is_all_there_is() -> None:
    assert len(by_story(new_grouper().group([flood(), flood_english(hours=2)]))) == 1


def test_nothing_gives_nothing() -> None:
    assert new_grouper().group([]) == []


def test_empty_articles_are_each_their_own_story() -> None:
    links = new_grouper().group([doc(id="a"), doc(id="b"), doc("  \n", id="c")])
    assert len(by_story(links)) == 3


def test_headlines_that_say_nothing_but_a_province_are_no_reason_to_join() -> None:
    found = new_grouper().place(
        [
            doc("Đê sông Bồ được đắp cao thêm một mét ở Huế.", title="Chuyện ở Huế", outlet="nld"),
            doc("Trại nuôi hươu vùng đồi ở Huế có thêm khách.", title="Thế là về Huế", outlet="vov"),
        ]
    )
    assert len(by_story(found)) == 2


def test_articles_a_week_apart_are_never_one_story() -> None:
    assert len(by_story(new_grouper().group([flood(), flood(hours=24 * 7, outlet="nld")]))) == 2


def test_a_text_in_decomposed_unicode_is_the_same_text() -> None:
    decomposed = replace(flood(outlet="laodong", hours=1), text=unicodedata.normalize("NFD", FLOOD))
    first, second = new_grouper().group([flood(), decomposed])
    assert (first.story, second.relation) == (second.story, Relation.REPRINT)


def test_a_text_that_more_outlets_carry_than_the_index_lists_is_one_story() -> None:
    copies = [flood(outlet=f"bao{n}", hours=n / 60, id=f"copy{n}") for n in range(CROWDED * 3)]
    assert len(by_story(new_grouper().group(copies))) == 1


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False))
def test_grouping_does_not_depend_on_the_order_of_the_documents(chance: random.Random) -> None:
    some = chance.sample(documents(), 30)
    shuffled = chance.sample(some, len(some))
    assert {link.id: link for link in new_grouper().group(some)} == {
        link.id: link for link in new_grouper().group(shuffled)
    }


def test_no_story_holds_two_documents_that_cannot_be_one() -> None:
    terms = load_terms(CONFIG / "terms.tsv")
    features = {document.id: features_of(document, terms) for document in documents()}
    for story in by_story(new_grouper().group(documents())):
        for a, b in combinations(sorted(story), 2):
            one, two = features[a], features[b]
            assert not veto(one, two, containment(one, two)), (one.document.title, two.document.title)


def test_the_id_of_a_story_is_that_of_its_earliest_article() -> None:
    alone = new_grouper().group([flood()])[0].story
    assert {link.story for link in new_grouper().group([flood_english(hours=2), flood()])} == {alone}


# A window that grows


def test_a_new_article_joins_the_story_that_stands() -> None:
    found = new_grouper().place([flood(story="st-old"), flood_english(hours=2)])
    assert {(link.story, link.id) for link in found} == {
        ("st-old", flood().id),
        ("st-old", flood_english(hours=2).id),
    }


def test_an_article_that_belongs_nowhere_leaves_other_stories_alone() -> None:
    other = doc("Vườn quốc gia Cát Bà có thêm hai voọc con.", title="Voọc Cát Bà sinh con")
    [link] = new_grouper().place([flood(story="st-old"), other])
    assert link.id == other.id


def test_two_stories_that_a_new_article_joins_keep_the_id_of_the_older() -> None:
    early, late = flood(story="st-early"), flood(outlet="nld", hours=3, story="st-late")
    found = new_grouper().place([late, early, flood_english(hours=4)])
    assert {link.story for link in found} == {"st-early"}
    assert len(found) == 3


def test_what_a_story_holds_stays_in_it_whatever_it_looks_like() -> None:
    stranger = doc("Voọc con màu cam ở Cát Bà.", title="Voọc Cát Bà sinh con", story="st-old")
    found = new_grouper().place([flood(story="st-old"), stranger, flood_english(hours=2)])
    assert {link.story for link in found} == {"st-old"}
    assert len(found) == 3


def test_articles_placed_one_after_another_make_the_stories_of_all_at_once() -> None:
    placing = new_grouper()
    known: dict[str, StoryDocument] = {}
    ordered = sorted(documents(), key=lambda document: (document.published_at, document.url))
    for start in range(0, len(ordered), 20):
        known |= {document.id: document for document in ordered[start : start + 20]}
        for link in placing.place(known.values()):
            known[link.id] = replace(known[link.id], story=link.story)
    stories = defaultdict(set)
    for document in known.values():
        stories[document.story].add(document.id)
    at_once = by_story(new_grouper().group(documents()))
    same = sum(frozenset(story) in at_once for story in stories.values())
    assert same >= 0.9 * len(at_once)


def test_a_corrected_text_is_read_again() -> None:
    placing = new_grouper()
    other = doc("Voọc con màu cam ở Cát Bà.", title="Voọc Cát Bà sinh con", id="x")
    placing.place([flood(story="st-old"), other])
    corrected = replace(flood_english(hours=2), id="x")
    assert {link.story for link in placing.place([flood(story="st-old"), corrected])} == {"st-old"}


# Relations


def relations(*group: StoryDocument) -> list[Relation]:
    return [link.relation for link in new_grouper().group(group)]


def test_a_cut_copy_is_a_reprint_and_says_of_what() -> None:
    cut = doc(FLOOD.rsplit(". ", 1)[0], title="Lũ cuốn 19 nhà", outlet="laodong", hours=1)
    link = new_grouper().group([flood(), cut])[1]
    assert link.relation is Relation.REPRINT
    assert flood().url in link.evidence


def test_the_same_figures_in_the_same_order_from_the_same_house_are_a_translation() -> None:
    vietnamese = flood(credit="ttxvn", outlet="vietnamplus")
    assert relations(vietnamese, flood_english(credit="ttxvn", hours=2))[1] is Relation.TRANSLATION


def test_the_outlets_of_an_agency_are_one_house_without_a_credit() -> None:
    assert relations(flood(outlet="baotintuc"), flood_english(hours=2))[1] is Relation.TRANSLATION
    agencies = load_agencies(CONFIG / "outlets")
    assert (agencies["baotintuc"], agencies["vovworld-en"], agencies.get("tuoitre")) == ("ttxvn", "vov", None)


def test_another_papers_report_with_other_figures_is_independent() -> None:
    own = doc(
        "Residents of Nam Po village in Muong Toong, Dien Bien, spent the night on a hill after the flood. "
        '"We lost 12 buffaloes", one of 23 families said on April 8. Some 300 pupils stay home.',
        title="Dien Bien villagers tell of flash flood",
        language="en",
        outlet="tuoitrenews",
        hours=4,
    )
    assert relations(flood(), own) == [Relation.ORIGINAL, Relation.INDEPENDENT]


def test_what_was_found_the_next_day_is_a_follow_up() -> None:
    later = doc(
        "Chiều 9/4, thi thể 11 nạn nhân vụ lũ quét ở bản Nậm Pố, xã Mường Toong, tỉnh Điện Biên "
        "được tìm thấy, 19 ngôi nhà bị cuốn trôi. Thiệt hại ước 112 tỷ đồng. Lượng mưa đo được "
        "đêm qua là 31 mm.",
        title="Tìm thấy 11 nạn nhân lũ quét Mường Toong",
        outlet="baodienbienphu",
        hours=30,
        provinces=DIEN_BIEN,
    )
    assert relations(flood(), later) == [Relation.ORIGINAL, Relation.FOLLOW_UP]


def test_the_text_that_others_carry_is_the_original_even_if_a_report_came_first() -> None:
    early = doc(
        "Nước dâng lên lúc 2 giờ sáng 8/4 ở bản Nậm Pố, Mường Toong, Điện Biên; 19 ngôi nhà trôi, "
        "23 người mất tích.",
        title="Lũ quét cuốn trôi 19 nhà ở Mường Toong",
        outlet="vnexpress",
        hours=-1,
        provinces=DIEN_BIEN,
    )
    wire = [
        flood(outlet=name, hours=n, id=name) for n, name in enumerate(("vietnamplus", "laodong", "nhandan"))
    ]
    assert relations(early, *wire) == [
        Relation.INDEPENDENT,
        Relation.ORIGINAL,
        Relation.REPRINT,
        Relation.REPRINT,
    ]


@pytest.mark.parametrize(
    ("outlet", "text", "origin"),
    [
        ("laodong", "Lũ quét ở Mường Toong.\nTheo TTXVN", "ttxvn"),
        ("vietnamplus", "Lũ quét ở Mường Toong.\n(TTXVN/Vietnam+)", "ttxvn"),
        ("nhandan", "Lũ quét ở Mường Toong.", ""),
    ],
)
def test_the_origin_is_whom_the_text_credits(outlet: str, text: str, origin: str) -> None:
    assert new_grouper().group([doc(text, title="Lũ quét", outlet=outlet)])[0].origin == origin


# The labelled events


def test_the_labelled_events_reach_the_floors() -> None:
    links = new_grouper().group(documents())
    story_of = {link.id: link.story for link in links}
    whole = score(records(), story_of, SCOPES["all"])
    across = score(records(), story_of, SCOPES["cross-language"])
    assert whole.bcubed >= 0.97
    assert across.f1 >= 0.93


def test_the_labelled_look_alikes_are_kept_apart() -> None:
    story_of = {link.id: link.story for link in new_grouper().group(documents())}
    pairs = trap_pairs(records())
    assert len(pairs) >= 50
    assert sum(story_of[a] == story_of[b] for a, b in pairs) <= 1


def test_relations_and_origins_of_the_labelled_events_reach_the_floors() -> None:
    links = {link.id: link for link in new_grouper().group(documents())}
    relation = sum(plain_relation(r["relation"]) is links[r["id"]].relation for r in records())
    origin = sum((r["origin"] or "") == links[r["id"]].origin for r in records())
    assert relation >= 0.92 * len(links)
    assert origin >= 0.97 * len(links)


def test_the_seeds_of_one_event_are_one_story_with_two_origins() -> None:
    folder = ROOT.parent / "shared" / "seeds"
    files = sorted(folder.glob("00[0-4]_*.txt")) if folder.is_dir() else []
    if len(files) < 5:
        pytest.skip("needs ../shared/seeds")
    read = [{**text_record(file.read_text("utf-8")), "id": file.name} for file in files]
    links = new_grouper().group(documents_of(read))
    assert links[0].story == links[1].story
    assert [link.origin for link in links[:2]] == ["ttxvn", "vov"]
    assert len({link.story for link in links}) == 4
