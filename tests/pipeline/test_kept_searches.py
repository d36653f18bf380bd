"""A section of a digest: a kept search as its condition, and why a story is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from models.digest import Section, Subscription
from models.query import Note
from models.story import Relation, StoryLink
from models.tags import Evidence, ProvinceTag, Role, TopicTag, WatchTag
from pipeline.briefing import Briefing
from pipeline.digest.plan import preview
from pipeline.digest.words import reasons_of
from pipeline.names import Names
from pipeline.settings import CONFIG_DIR
from pipeline.store import Store, open_store
from pipeline.tag.watchlists import Watchlist
from tests.conftest import Databases
from tests.pipeline.store.material import NOW, new
from tests.support.tables import names


def one_story(store: Store) -> None:
    """Put all that is stored into one story."""
    links = [
        StoryLink(id=str(number), story="st1", relation=Relation.ORIGINAL, origin="", evidence=())
        for number in store.all_ids()
    ]
    store.set_stories(links)


def test_a_section_that_names_a_kept_search_lists_what_the_search_finds(sqlite_databases: Databases) -> None:
    with open_store(sqlite_databases.ready()) as store:
        store.save([new(1, title="Bão số 14"), new(2, title="Giá vàng")], now=NOW)
        store.save_search("Mưa gió", "bão OR lũ", now=NOW)
        briefing = Briefing(store, names(), NOW)
        window = (NOW - timedelta(hours=1), NOW)

        def titles(query: str) -> list[str]:
            found = briefing.stories(*window, Section(title="Tin", query=query))
            return [article.title for story in found for article in story.articles]

        assert titles('saved:"mưa gió"') == ["Bão số 14"]


def faults_of_one_that_finds_nothing(databases: Databases, section: Section) -> Sequence[Note]:
    """What is to be mended of a section, of which an article that is there is no story."""
    with open_store(databases.ready()) as store:
        store.save([new(1, title="Bão số 14")], now=NOW)
        briefing = Briefing(store, names(), NOW)
        assert briefing.stories(NOW - timedelta(hours=1), NOW, section) == []
        return briefing.faults(section)


@pytest.mark.parametrize(
    "section",
    [
        Section(title="Tin", query="theo-dõi:hue"),
        Section(title="Tin", query="saved:nắng"),
        Section(title="Tin", query="AND"),
        Section(title="Tin", query="tỉnh:()"),
        Section(title="Tin", provinces=("Hếu",)),
    ],
)
def test_a_section_that_names_something_unknown_finds_nothing_and_says_so(
    sqlite_databases: Databases, section: Section
) -> None:
    assert len(faults_of_one_that_finds_nothing(sqlite_databases, section)) == 1


@pytest.mark.parametrize(
    "section", [Section(title="Tin", query="OR"), Section(title="Tin", keywords=("***",))]
)
def test_a_section_of_whose_search_nothing_is_left_finds_nothing_and_says_so(
    sqlite_databases: Databases, section: Section
) -> None:
    assert "matches nothing" in faults_of_one_that_finds_nothing(sqlite_databases, section)[-1].en


def test_a_section_that_mutes_something_unknown_mutes_nothing_and_says_so(
    sqlite_databases: Databases,
) -> None:
    muting = Section(title="Tin", mute_keywords=("***",), mute_outlets=("khong-co",))
    with open_store(sqlite_databases.ready()) as store:
        store.save([new(1, title="Bão số 14")], now=NOW)
        briefing = Briefing(store, names(), NOW)
        assert len(briefing.stories(NOW - timedelta(hours=1), NOW, muting)) == 1
        assert {'"***"', "khong-co"} <= {word for note in briefing.faults(muting) for word in note.en.split()}


def test_a_former_unit_is_shown_with_words_that_name_it_or_a_place_inside(
    sqlite_databases: Databases,
) -> None:
    words = [Evidence("title", 0, 2, text, "name") for text in ("Đà Nẵng", "Sơn Trà", "Hội An")]
    tag = ProvinceTag("vn34:48", ("vn63:48", "vn63:49"), Role.ABOUT, 0.9, tuple(words))
    with open_store(sqlite_databases.ready()) as store:
        store.save([new(1, title="Đà Nẵng sửa chùa Cầu", provinces=(tag,))], now=NOW)
        briefing = Briefing(store, names(), NOW)
        window = (NOW - timedelta(hours=1), NOW)

        def reasons(province: str) -> list[str]:
            (story,) = briefing.stories(*window, Section(title="Tin", provinces=(province,)))
            return reasons_of(story.why, story.articles[0], "vi")

        assert reasons("Quảng Nam") == ["Quảng Nam cũ (“Hội An”)"]
        assert reasons("Đà Nẵng") == ["Đà Nẵng"]


def test_a_reason_quotes_the_article_shown_though_another_one_of_its_story_met_the_search(
    sqlite_databases: Databases,
) -> None:
    def about(text: str) -> tuple[ProvinceTag, ...]:
        return (ProvinceTag("vn34:46", (), Role.ABOUT, 0.9, (Evidence("title", 0, 2, text, "place"),)),)

    before = NOW - timedelta(hours=30)
    with open_store(sqlite_databases.ready()) as store:
        shown = new(1, title="Cảng Chân Mây đón tàu", provinces=about("Chân Mây"))
        store.save([shown], now=before)
        store.save([new(2, title="Hue port opens", language="en", provinces=about("Lang Co"))], now=NOW)
        one_story(store)
        briefing = Briefing(store, names(), NOW)
        (story,) = briefing.stories(NOW - timedelta(hours=1), NOW, Section(title="Tin", provinces=("Huế",)))
        reasons = {a.language: reasons_of(story.why, a, "vi") for a in story.articles}
        assert reasons == {"vi": ["Huế (“Chân Mây”)"], "en": ["Huế (“Lang Co”)"]}


def test_evidence_that_only_an_article_in_another_language_has_is_named_as_such(
    sqlite_databases: Databases,
) -> None:
    weather = TopicTag("medtop:17000000", "weather", 0.9, (Evidence("title", 0, 9, "scorching", "word"),))
    with open_store(sqlite_databases.ready()) as store:
        store.save([new(1, title="Kỷ lục tiêu thụ điện")], now=NOW)
        store.save([new(2, title="Scorching heat", language="en", topics=(weather,))], now=NOW)
        one_story(store)
        briefing = Briefing(store, names(), NOW)
        (story,) = briefing.stories(
            NOW - timedelta(hours=1), NOW, Section(title="Tin", topics=("thời tiết",))
        )
        reasons = {a.language: reasons_of(story.why, a, "vi") for a in story.articles}
        assert reasons["vi"] == ["chủ đề Thời tiết (“scorching”, bằng tiếng Anh)"]
        assert reasons["en"] == ["chủ đề Thời tiết (“scorching”)"]


HEAT = TopicTag("medtop:17000000", "weather", 0.9, (Evidence("title", 0, 8, "Nắng nóng", "word"),))
DA_NANG = ProvinceTag("vn34:48", ("vn63:49",), Role.ABOUT, 0.9, (Evidence("lead", 0, 6, "Hội An", "place"),))
HUE = ProvinceTag("vn34:46", (), Role.MENTIONED, 0.9, (Evidence("text", 0, 3, "Huế", "name"),))


@pytest.mark.parametrize(
    ("query", "vietnamese", "english"),
    [
        ('tỉnh:(huế OR "đà nẵng")', ["Đà Nẵng (“Hội An”)"], ["Da Nang (“Hội An”)"]),
        ("tỉnh:vn34:48 chủ-đề:17000000", ["Đà Nẵng (“Hội An”)", "chủ đề Thời tiết (“Nắng nóng”)"], None),
        ('tỉnh:"Quảng Nam"', ["Quảng Nam cũ (“Hội An”)"], ["former Quang Nam (“Hội An”)"]),
        ("nhắc:huế", ["nhắc đến Huế"], ["mentions Hue"]),
        ("chủ-đề:17000000 OR chủ-đề:kinh-tế", None, ["topic weather (“Nắng nóng”)"]),
        ("cho que", ["từ khóa “Chợ quê”"], ["keyword “Chợ quê”"]),
        ('"nắng nóng" xe tải', ["từ khóa “Nắng nóng”", "từ khóa “Xe tải”"], None),
        ("nón* đóng cửa", ["từ khóa “nóng”", "từ khóa “đóng cửa”"], None),
        ("tiêu-đề:(lũ OR nắng)", ["từ khóa “Nắng”"], None),
        ("(nắng tỉnh:hà-nội) OR chợ", ["từ khóa “Chợ”"], None),
        ("chợ -bão từ:30d ngôn-ngữ:vi", ["từ khóa “Chợ”"], None),
        ("chợ báo:vnexpress", ["từ khóa “Chợ”"], None),
        ("báo:nhandan OR báo:vnexpress", ["báo VnExpress"], ["outlet VnExpress"]),
        ("nguồn:baochinhphu OR nguồn:ttxvn", ["dẫn TTXVN"], ["via VNA"]),
        ("theo-dõi:nhiệt", ["theo dõi Nhiệt (“Nắng nóng”)"], ["watch-list Nhiệt (“Nắng nóng”)"]),
        ("saved:chợ", ["từ khóa “Chợ”"], None),
    ],
)
def test_a_story_that_a_typed_search_found_is_explained_in_words_and_not_by_what_was_typed(
    sqlite_databases: Databases, query: str, vietnamese: list[str] | None, english: list[str] | None
) -> None:
    found = new(
        1,
        title="Nắng nóng, Chợ quê đóng cửa",
        lead="Phố cổ Hội An vắng khách.",
        text="Xe tải đi đường cũ ra Huế.",
        outlet="vnexpress",
        credit="ttxvn",
        provinces=(DA_NANG, HUE),
        topics=(HEAT,),
    )
    heat = WatchTag("nhiet", "Nhiệt", HEAT.evidence)
    with open_store(sqlite_databases.ready()) as store:
        store.save([replace(found, tags=replace(found.tags, watched=(heat,)))], now=NOW)
        store.save_search("chợ", "chợ OR bão", now=NOW)
        own = Names.load(CONFIG_DIR)
        own.watchlists = [Watchlist(id="nhiet", label="Nhiệt", names=("nắng nóng",))]
        briefing = Briefing(store, own, NOW)
        (story,) = briefing.stories(NOW - timedelta(hours=1), NOW, Section(title="Tin", query=query))
        for language, expected in (("vi", vietnamese), ("en", english)):
            if expected is not None:
                assert reasons_of(story.why, story.articles[0], language) == expected


def test_an_outlet_that_calls_itself_one_is_not_called_so_twice(sqlite_databases: Databases) -> None:
    with open_store(sqlite_databases.ready()) as store:
        store.save([new(1, outlet="baodanang")], now=NOW)
        briefing = Briefing(store, names(), NOW)
        section = Section(title="Tin", query="báo:baodanang")
        (story,) = briefing.stories(NOW - timedelta(hours=1), NOW, section)
        said = [reasons_of(story.why, story.articles[0], language) for language in ("vi", "en")]
        assert said == [["Báo Đà Nẵng"], ["outlet Báo Đà Nẵng"]]


def test_a_story_of_a_search_that_only_leaves_things_out_is_explained_by_the_title_of_its_section(
    sqlite_databases: Databases,
) -> None:
    section = Section(title="Không thể thao", query="-chủ-đề:medtop:15000000 từ:7d")
    wanted = Subscription(slug="tin", title="Tin", recipients=("a@example.org",), sections=(section,))
    with open_store(sqlite_databases.ready()) as store:
        store.save([new(1)], now=NOW)
        mail = preview(wanted, Briefing(store, names(), NOW), NOW)
    assert "Khớp: Không thể thao" in mail.text
    assert "medtop" not in mail.text + mail.html


def test_a_word_that_only_stands_within_another_is_no_reason(sqlite_databases: Databases) -> None:
    with open_store(sqlite_databases.ready()) as store:
        store.save([new(1, title="Hoang mang vì bão")], now=NOW)
        briefing = Briefing(store, names(), NOW)
        section = Section(title="Tin", keywords=("hoa", "bão"))
        (story,) = briefing.stories(NOW - timedelta(hours=1), NOW, section)
        assert reasons_of(story.why, story.articles[0], "vi") == ["từ khóa “bão”"]


def test_each_word_of_a_search_is_told_once_from_whichever_article_of_the_story_has_it(
    sqlite_databases: Databases,
) -> None:
    with open_store(sqlite_databases.ready()) as store:
        store.save([new(1, title="Điện gió ngoài khơi"), new(2, title="ĐIỆN GIÓ lên cao")], now=NOW)
        store.save([new(3, title="Wind farm", language="en")], now=NOW)
        one_story(store)
        briefing = Briefing(store, names(), NOW)
        section = Section(title="Tin", query='"điện gió" OR "wind farm"')
        (story,) = briefing.stories(NOW - timedelta(hours=1), NOW, section)
        said = reasons_of(story.why, story.articles[0], "vi")
        assert len(said) == 2
        assert [reason.casefold() for reason in said] == ["từ khóa “điện gió”", "từ khóa “wind farm”"]
