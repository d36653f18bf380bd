"""What stands in a digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.digest import Digest, DigestArticle, DigestStory, Section, Slot, Subscription, Told
from models.story import Relation
from pipeline.digest.excerpt import EXCERPT_LIMIT, excerpt_of, sentences
from pipeline.digest.select import fair_shares, select
from tests.pipeline.digest.sample import SINCE, UNTIL, article, story, subscription

SLOT = Slot(key="2026-11-22", local_date=UNTIL.date(), since=SINCE, until=UNTIL, send_at=UNTIL)
ONE = (Section(title="Tất cả", group_by="none"),)
TWO = (Section(title="A", group_by="none"), Section(title="B", group_by="none"))


def digest(
    *found: list[DigestStory], told: dict[str, Told] | None = None, wanted: Subscription | None = None
) -> Digest:
    wanted = wanted or subscription(sections=ONE if len(found) == 1 else TWO)
    return select(wanted, SLOT, found, told or {})


def titles(each: Digest) -> list[str]:
    return [item.headline.title for item in each.items]


def one(slug: str, hours: float = 3, outlet: str = "vov") -> DigestStory:
    return story(slug, [article(slug, outlet, f"Tin {slug}", hours=hours)])


def test_the_window_is_open_at_its_start_and_closed_at_its_end() -> None:
    found = [one("dau", 24), one("sau-dau", 23.99), one("cuoi", 0), one("mai", -0.01)]
    assert sorted(titles(digest(found))) == ["Tin cuoi", "Tin sau-dau"]


def test_what_the_outlet_says_of_its_time_decides_nothing() -> None:
    future = one("x")
    future = replace(
        future, articles=tuple(replace(a, published_at=UNTIL + timedelta(days=400)) for a in future.articles)
    )
    assert titles(digest([future])) == ["Tin x"]


def test_backfilled_articles_are_no_news() -> None:
    old = one("x")
    old = replace(old, articles=tuple(replace(a, backfilled=True) for a in old.articles))
    assert digest([old]).empty


def test_a_story_that_was_told_comes_back_only_when_it_has_grown() -> None:
    base = [article("x", "vov", "Tin", hours=30)]
    told = {"x": Told(story="x", until=SINCE)}
    plus_one = story("x", [*base, article("x", "nhandan", "Tin", hours=3)])
    plus_two = story("x", [*plus_one.articles, article("x", "tuoitre", "Tin", hours=2)])
    quiet = digest([plus_one], told=told)
    grown = digest([plus_two], told=told)
    assert (quiet.items, quiet.updates, quiet.quiet) == ((), (), 1)
    assert grown.items == ()
    assert len(grown.updates) == 1


def test_a_follow_up_makes_an_update_and_is_what_it_tells() -> None:
    told = {"x": Told(story="x", until=SINCE)}
    more = article("y", "vov", "Diễn biến", relation=Relation.FOLLOW_UP)
    update = digest([story("x", [article("x", "vov", "Tin", hours=30), more])], told=told).updates[0]
    assert (update.latest, update.development, update.new_outlets) == (more, True, ())


def test_an_update_tells_the_newest_article_that_joined_and_the_other_outlets_beside_its_own() -> None:
    base = article("x", "vov", "Nhận định trận derby", hours=30)
    told = {"x": Told(story="x", until=SINCE, headline_url=base.url)}
    joined = [
        article("a", "nhandan", "Derby: thắng 3-1", hours=4),
        article("b", "tuoitre", "Ngược dòng hạ đối thủ", hours=2),
        article("c", "vietnamnews", "Capital derby won", hours=1),
    ]
    update = digest([story("x", [base, *joined])], told=told).updates[0]
    assert (update.latest.title, update.development) == ("Ngược dòng hạ đối thủ", False)
    assert update.new_outlets == ("Nhân Dân", "Việt Nam News")
    assert update.item.headline == base


def test_an_update_is_told_in_the_mails_language_when_one_that_joined_is_in_it() -> None:
    base = article("x", "vietnamnews", "Three killed as bus overturns", hours=30)
    told = {"x": Told(story="x", until=SINCE, headline_url=base.url)}
    joined = [
        article("a", "vov", "Số người chết tăng lên 5", hours=4, relation=Relation.FOLLOW_UP),
        article("b", "vnexpress-en", "Bus crash death toll rises to five", hours=3),
    ]
    wanted = subscription("en", sections=ONE)
    update = digest([story("x", [base, *joined])], told=told, wanted=wanted).updates[0]
    assert (update.latest.title, update.development) == ("Bus crash death toll rises to five", True)


@pytest.mark.parametrize(
    ("title", "is_update"),
    [
        ("Năm học sinh chết đuối ở Quảng Ngãi", True),
        ("Quảng Ngãi: 3 học sinh tử vong khi tắm sông", False),
        ("Tìm thấy thêm hai thi thể ở sông Trà Khúc", True),
        ("Gần 5 người mất tích", False),
        ("Thăm gia đình các học sinh", False),
    ],
)
def test_a_headline_that_states_a_toll_not_told_yet_is_an_update_at_any_hour(
    title: str, is_update: bool
) -> None:
    told = {"x": Told(story="x", until=SINCE)}
    base = article("x", "vov", "Học sinh đuối nước trên sông", "Ba học sinh tử vong chiều nay.", hours=25)
    made = digest([story("x", [base, article("y", "nhandan", title, hours=23)])], told=told)
    assert [update.latest.title for update in made.updates] == ([title] if is_update else [])


def test_a_toll_that_was_overtaken_before_it_reached_us_is_no_update() -> None:
    told = {"x": Told(story="x", until=SINCE)}
    late = replace(
        article("y", "nhandan", "3 học sinh chết đuối", hours=3), published_at=UNTIL - timedelta(hours=40)
    )
    base = article("x", "vov", "Năm học sinh chết đuối", hours=30)
    assert digest([story("x", [base, late])], told=told).updates == ()


@pytest.mark.parametrize("relation", [Relation.INDEPENDENT, Relation.FOLLOW_UP, Relation.REPRINT])
def test_of_versions_with_different_tolls_the_latest_is_the_headline(relation: Relation) -> None:
    found = story(
        "x",
        [
            article("a", "vov", "Xe khách lật, 3 người chết", hours=20, relation=Relation.ORIGINAL),
            article("b", "nhandan", "Xe khách lật, ba người chết", hours=19),
            article("c", "tuoitre", "Số người chết vụ lật xe tăng lên 5", hours=4, relation=relation),
            article("d", "thanhnien", "Thăm nạn nhân vụ lật xe", hours=2),
        ],
    )
    assert titles(digest([found])) == ["Số người chết vụ lật xe tăng lên 5"]


def test_where_tolls_agree_the_original_stays_the_headline() -> None:
    found = story(
        "x",
        [
            article("a", "vov", "Xe khách lật, 3 người chết", hours=20, relation=Relation.ORIGINAL),
            article("b", "nhandan", "Ba người chết, 14 người bị thương vì lật xe", hours=19),
            article("c", "vietnamnews", "Bus crash leaves three dead", hours=4),
        ],
    )
    assert titles(digest([found])) == ["Xe khách lật, 3 người chết"]


def test_the_version_in_the_other_language_is_the_one_nearest_to_the_headline() -> None:
    def version(slug: str, *articles: DigestArticle) -> str:
        made = digest([story(slug, articles)], wanted=subscription("en", sections=ONE))
        return made.items[0].versions[0].title

    overtaken = article("a", "vov", "Ba học sinh đuối nước", hours=9)
    assert version(
        "toll",
        overtaken,
        article("b", "vov", "Năm học sinh chết đuối", hours=6),
        article("c", "vietnamnews", "Five students drown", hours=5),
    ) == ("Năm học sinh chết đuối")
    assert version(
        "names",
        article("a", "vov", "Chân dung tập đoàn", hours=6),
        article("b", "nhandan", "Dự án pin 520 triệu USD của Hanwon ở Hải Phòng", hours=9),
        article("c", "vietnamnews", "Hanwon to build 520-million-USD plant in Hai Phong", hours=5),
    ) == ("Dự án pin 520 triệu USD của Hanwon ở Hải Phòng")


def test_a_told_story_is_known_again_after_grouping_gave_it_another_id() -> None:
    moved = story(
        "new", [article("x", "vov", "Tin", hours=30), article("z", "nhandan", "Tin sớm hơn", hours=2)]
    )
    told = {"old": Told(story="old", until=SINCE, headline_url=moved.articles[0].url)}
    assert digest([moved], told=told).items == ()


def test_a_story_that_two_sections_found_stands_once_and_the_second_says_where() -> None:
    both = one("x")
    made = digest([both], [both, one("y")])
    assert titles(made) == ["Tin x", "Tin y"]
    assert [(e.title, e.section) for e in made.sections[1].elsewhere] == [("Tin x", "A")]


def test_highlights_are_the_stories_of_most_outlets_and_are_pointed_at_from_their_section() -> None:
    big = story("big", [article("b", outlet, "Lớn") for outlet in ("vov", "nhandan", "tuoitre")])
    made = digest([one(str(n)) for n in range(9)] + [big])
    assert next(item.headline.title for item in made.highlights) == "Lớn"
    assert len(made.highlights) == 3
    assert made.sections[0].elsewhere[0].title == "Lớn"
    assert len(titles(made)) == len(set(titles(made))) == 10


@pytest.mark.parametrize(
    ("limit", "section_limit", "on_top", "shown"),
    [(3, 12, 0, 3), (7, 12, 0, 7), (8, 12, 2, 8), (40, 7, 0, 7), (40, 9, 3, 12), (40, 40, 5, 20)],
)
def test_highlights_are_at_most_a_third_of_what_the_mail_may_hold(
    limit: int, section_limit: int, on_top: int, shown: int
) -> None:
    wanted = subscription(sections=(replace(ONE[0], limit=section_limit),), limit=limit)
    made = digest([one(str(n)) for n in range(20)], wanted=wanted)
    assert (len(made.highlights), made.stories) == (on_top, shown)


def test_provinces_are_counted_of_the_stories_in_the_mail() -> None:
    wanted = subscription(sections=(replace(ONE[0], limit=2),))
    found = [story(str(n), [article(str(n), "vov", f"Tin {n}", hours=n + 1)], ["da-nang"]) for n in range(6)]
    assert [(p.name, p.stories) for p in digest(found, wanted=wanted).provinces] == [("Đà Nẵng", 2)]


def test_limits_leave_out_the_least_and_count_them() -> None:
    wanted = subscription(sections=(replace(ONE[0], limit=4),), highlights=0)
    made = digest([one(str(n), hours=n + 1) for n in range(20)], wanted=wanted)
    assert titles(made) == ["Tin 0", "Tin 1", "Tin 2", "Tin 3"]
    assert (made.sections[0].more, made.stories, made.found) == (16, 4, 20)


def test_a_small_mail_is_shared_fairly_among_its_sections() -> None:
    assert fair_shares([50, 2, 50, 0], 12) == [5, 2, 5, 0]
    assert fair_shares([3, 3], 5) == [3, 2]
    assert fair_shares([1, 1], 9) == [1, 1]


def test_the_article_in_the_mails_language_stands_for_the_story() -> None:
    both = story(
        "x",
        [
            article("x", "vov", "Tiếng Việt", hours=5, relation=Relation.ORIGINAL),
            article("x", "vietnamnews", "English", hours=3, relation=Relation.TRANSLATION),
        ],
    )
    english = digest([both], wanted=subscription("en", sections=ONE)).items[0]
    assert (english.headline.title, english.versions[0].title) == ("English", "Tiếng Việt")
    assert digest([both]).items[0].headline.title == "Tiếng Việt"


def test_the_original_stands_before_its_reprints() -> None:
    found = story(
        "x",
        [
            article("x", "nhandan", "In lại", hours=5, relation=Relation.REPRINT),
            article("x", "vov", "Gốc", hours=4, relation=Relation.ORIGINAL),
        ],
    )
    assert titles(digest([found])) == ["Gốc"]


def test_counts_are_those_of_what_is_shown() -> None:
    pair = story(
        "x", [article("x", "vov", "A"), article("x", "nhandan", "B"), article("o", "tuoitre", "C", hours=40)]
    )
    made = digest([pair, one("y")])
    assert (made.stories, made.articles, made.outlets) == (2, 3, 2)


def test_stories_are_grouped_by_province_biggest_group_first() -> None:
    found = [
        story("a", [article("a", "vov", "A")], ["dak-lak"]),
        story("b", [article("b", "vov", "B")], ["da-nang"]),
        story("c", [article("c", "vov", "C")], ["da-nang"]),
        one("d"),
    ]
    made = digest(found, wanted=subscription(sections=(Section(title="Miền"),)))
    assert [group.label for group in made.sections[0].groups] == ["Đà Nẵng", "Đắk Lắk", ""]


def test_the_order_does_not_depend_on_the_readers_order() -> None:
    found = [one(str(n), hours=1 + n % 3, outlet=("vov", "nhandan")[n % 2]) for n in range(12)]
    assert titles(digest(found)) == titles(digest(found[::-1]))


def test_an_excerpt_is_whole_sentences_and_never_longer_than_allowed() -> None:
    text = (
        "TP. Hồ Chí Minh mở thêm ba tuyến buýt điện từ tháng sau. Giá vé giữ nguyên. " + "Chi tiết sau " * 60
    )
    made = excerpt_of(text)
    assert made == "TP. Hồ Chí Minh mở thêm ba tuyến buýt điện từ tháng sau. Giá vé giữ nguyên."
    assert len(excerpt_of("từ " * 500)) <= EXCERPT_LIMIT
    assert excerpt_of("từ " * 500).endswith("từ…")
    assert excerpt_of("Lặp lại tiêu đề.", "Lặp lại tiêu đề") == ""


def test_abbreviations_end_no_sentence() -> None:
    assert sentences("TS. An ở TP. Huế nói vậy. Bà B. về U.S. Army (PGS.TS. Lê).") == [
        "TS. An ở TP. Huế nói vậy.",
        "Bà B. về U.S. Army (PGS.TS. Lê).",
    ]


def grown(*outlets: str) -> tuple[DigestStory, dict[str, Told]]:
    """A story told the day before that has been told anew by these outlets."""
    base = article("x", "vov", "Bão hướng vào Quảng Trị", hours=30)
    lead = "Hai ngư dân Quảng Trị mất liên lạc từ tối qua. Bộ đội biên phòng đang tìm."
    joined = [article("y", outlet, "Bão vào đất liền, hai người mất tích", lead) for outlet in outlets]
    return story("x", [base, *joined], ["quang-tri"]), {"x": Told(story="x", until=SINCE)}


def test_a_section_that_found_an_update_knows_of_it_and_one_that_found_none_does_not() -> None:
    each, told = grown("nhandan", "tuoitre")
    made = digest([each], [], told=told)
    assert [section.updated for section in made.sections] == [True, False]


def test_an_update_has_an_excerpt_of_what_is_new() -> None:
    each, told = grown("nhandan", "tuoitre")
    assert digest([each], told=told).updates[0].excerpt.startswith("Hai ngư dân")


@pytest.mark.parametrize("news", [3, 12])
def test_an_update_that_more_outlets_tell_anew_than_any_story_stands_on_top_and_counts_as_a_story(
    news: int,
) -> None:
    each, told = grown("nhandan", "tuoitre", "thanhnien")
    made = digest([one(str(n)) for n in range(news)], [each], told=told)
    assert [update.item.story.id for update in made.leading] == ["x"]
    assert made.stories == news + 1
    assert [province.name for province in made.provinces] == ["Quảng Trị"]
    assert [(e.title, e.section) for e in made.sections[1].elsewhere] == [(made.leading[0].latest.title, "")]
    assert len(made.highlights) == (0 if news < 8 else 3)


def test_an_update_that_no_more_outlets_tell_anew_than_a_story_stays_below() -> None:
    each, told = grown("nhandan", "tuoitre")
    pair = story("p", [article("p", outlet, "Tin") for outlet in ("vov", "nhandan")])
    assert digest([pair], [each], told=told).leading == ()
    wanted = subscription(sections=TWO, highlights=0)
    assert digest([one("y")], [each], told=told, wanted=wanted).leading == ()
