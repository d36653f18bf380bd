"""The topic tagger on sentences written for it: each topic in both languages, evidence, users' own topics."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ConfigError
from models.tags import Taggable, TopicTag
from pipeline.tag.topics import TopicTagger, load_topics
from pipeline.vietnamese import clean, strip_marks
from tests.conftest import ROOT
from tests.support.tables import topics

CONFIG = ROOT / "config"
OWN_TOPIC = """
[topic."vn:night-economy"]
label_en = "night economy"
label_vi = "Kinh tế đêm"
parent = "medtop:20000331"
strong_vi = ["kinh tế đêm", "phố đêm"]
strong_en = ["night economy", "night-time econom*"]
"""


def sentences() -> list[tuple[str, str]]:
    """`(topic id, sentence)`: two in Vietnamese and two in English for each topic."""
    path = Path(__file__).with_name("test_topics_sentences.tsv")
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [(f"medtop:{row[0]}", sentence) for row in rows for sentence in row[1:]]


@pytest.fixture(scope="module")
def tagger() -> TopicTagger:
    return topics()


def tags(tagger: TopicTagger, title: str, body: str = "", **more: str) -> tuple[TopicTag, ...]:
    return tagger.tag(Taggable(title=title, body=body, **more))  # type: ignore[arg-type]


def ids(tagger: TopicTagger, title: str, body: str = "", **more: str) -> list[str]:
    return [tag.id for tag in tags(tagger, title, body, **more)]


def test_every_topic_has_two_sentences_in_each_language(tagger: TopicTagger) -> None:
    counts = dict.fromkeys(tagger.topics, 0)
    for name, _ in sentences():
        counts[name] += 1
    assert set(counts.values()) == {4}
    assert len(counts) == 57


def test_sentences_of_a_topic_get_it_first(tagger: TopicTagger) -> None:
    first = [ids(tagger, sentence)[:1] == [name] for name, sentence in sentences()]
    assert sum(first) / len(first) >= 0.97


def test_sentences_of_a_topic_get_it_among_their_topics(tagger: TopicTagger) -> None:
    missed = [sentence for name, sentence in sentences() if name not in ids(tagger, sentence)]
    assert len(missed) <= 4, missed


def test_cues_alone_find_most_sentences_without_the_model() -> None:
    bare = load_topics(CONFIG, with_model=False)
    found = [name in ids(bare, sentence) for name, sentence in sentences()]
    assert sum(found) / len(found) >= 0.95


def test_vietnamese_without_tones_is_still_tagged(tagger: TopicTagger) -> None:
    bare = "Khoi cong khu cong nghiep moi, du an thu hut von dau tu nuoc ngoai"
    assert set(ids(tagger, bare)) & {"medtop:20000294", "medtop:20000183"}


def test_toneless_sentences_mostly_keep_their_topic(tagger: TopicTagger) -> None:
    vietnamese = [
        (n, s) for n, s in sentences() if strip_marks(s) != s and tagger.tag(Taggable(title=s, body=""))
    ]
    found = [name in ids(tagger, strip_marks(sentence)) for name, sentence in vietnamese]
    assert sum(found) / len(found) >= 0.6


@pytest.mark.parametrize(
    ("title", "wrong"),
    [
        ("Tỉnh yêu cầu các xã báo cáo trước thứ sáu", "medtop:20000337"),  # cầu, bridge
        ("Giá cà phê ở quán tăng vì nhu cầu toàn cầu", "medtop:20001245"),
        ("Ai sẽ là người trông trẻ khi mẹ đi vắng", "medtop:20000756"),  # ai, who
        ("Sân bay Hòa Bình dời ngày khai trương", "medtop:16000000"),  # hòa bình, peace
        ("Điều kiện mới để tham gia hội thảo", "medtop:20000210"),  # điều, cashew
    ],
)
def test_words_inside_longer_words_are_no_cues(tagger: TopicTagger, title: str, wrong: str) -> None:
    assert wrong not in ids(tagger, title)


@pytest.mark.parametrize(
    ("title", "wrong"),
    [
        ("Hoa đăng trôi dưới chân cầu Hiền Lương", "medtop:09000000"),  # lương, wages
        ("Chợ quê bán thêm hàng Hải Phòng", "medtop:20000337"),  # hàng hải, shipping
        ("Kỷ niệm cũ ở phường Ba Đình và xã Lúa Nương", "medtop:20000044"),  # đình, communal house
    ],
)
def test_a_common_word_is_not_met_in_a_name(tagger: TopicTagger, title: str, wrong: str) -> None:
    assert wrong not in ids(tagger, title)


@pytest.mark.parametrize("title", ["Lương tăng 7% từ tháng sau", "LƯƠNG TĂNG", "Lương Tăng Từ Tháng Sau"])
def test_a_capital_that_is_no_names_hides_no_cue(tagger: TopicTagger, title: str) -> None:
    assert "medtop:09000000" in ids(tagger, title)


def test_a_word_counts_less_inside_a_cue_of_another_topic(tagger: TopicTagger) -> None:
    apart = tagger.points(Taggable(title="", body="Farmers wait for the clam season", language="en"))
    inside = tagger.points(Taggable(title="", body="The clam farmers wait for the season", language="en"))
    assert inside["medtop:20000210"] < apart["medtop:20000210"]
    assert ids(tagger, "Clam farmers open the season")[0] == "medtop:20000213"


@pytest.mark.parametrize("title", ["", "   ", "1 2 3", "Xin chào", "Hello there"])
def test_a_text_that_says_nothing_gets_no_topic(tagger: TopicTagger, title: str) -> None:
    assert ids(tagger, title) == []


def test_at_most_three_topics_are_given_and_scores_fall(tagger: TopicTagger) -> None:
    everything = " ".join(sentence for _, sentence in sentences())
    found = tags(tagger, "Tổng hợp tin", everything)
    assert len(found) <= 3
    scores = [tag.score for tag in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_title_outweighs_the_tail(tagger: TopicTagger) -> None:
    tail = "Người dân quanh vùng kể lại nhiều chuyện cũ. " * 40 + "Bệnh viện huyện ở gần đó."
    assert ids(tagger, "Cháy lớn thiêu rụi kho hàng", tail)[:1] == ["medtop:20000150"]


def test_a_section_decides_where_the_words_say_little(tagger: TopicTagger) -> None:
    title = "Chuyện hôm qua và hôm nay"
    assert ids(tagger, title) == []
    found = tags(tagger, title, section="Giáo dục")
    assert [tag.id for tag in found] == ["medtop:05000000"]
    assert found[0].evidence[-1].text == "Giáo dục"
    assert found[0].evidence[-1].rule == "section"


def test_a_folder_of_the_address_is_a_section(tagger: TopicTagger) -> None:
    assert ids(tagger, "Chuyện hôm qua", url="https://bao.example/the-thao/chuyen.htm") == ["medtop:15000000"]


def test_a_weak_section_alone_decides_nothing(tagger: TopicTagger) -> None:
    assert ids(tagger, "Chuyện hôm qua và hôm nay", section="Xã hội") == []


def test_evidence_quotes_the_fields_as_given_even_decomposed(tagger: TopicTagger) -> None:
    for name, sentence in sentences():
        body = unicodedata.normalize("NFD", sentence) + "\u200b tin\u00a0thêm"
        given_fields = {"title": sentence, "body": body}
        for tag in tags(tagger, sentence, body):
            assert tag.evidence, name
            for quote in tag.evidence:
                assert given_fields[quote.field][quote.start : quote.end] == quote.text
                assert quote.text


def test_composed_and_decomposed_texts_get_the_same_tags(tagger: TopicTagger) -> None:
    for _, sentence in sentences():
        composed, apart = (unicodedata.normalize(form, sentence) for form in ("NFC", "NFD"))
        one, other = tags(tagger, composed, composed), tags(tagger, apart, apart)
        assert [(tag.id, tag.score) for tag in one] == [(tag.id, tag.score) for tag in other]


def test_two_taggers_agree(tagger: TopicTagger) -> None:
    again = load_topics(CONFIG)
    for _, sentence in sentences()[:60]:
        assert tags(tagger, sentence) == tags(again, sentence)


@settings(max_examples=60, deadline=None)
@given(title=st.text(max_size=60), body=st.text(max_size=300), url=st.text(max_size=30))
def test_no_text_raises_and_quotes_hold(title: str, body: str, url: str) -> None:
    article = Taggable(title=title, body=body, section=title[:10], url=url)
    given_fields = {"title": title, "body": body, "section": title[:10], "lead": ""}
    for tag in topics().tag(article):
        for quote in tag.evidence:
            assert given_fields[quote.field][quote.start : quote.end] == quote.text


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("medtop:20000183", "medtop:20000183"),
        ("20000183", "medtop:20000183"),
        ("vn:investment", "medtop:20000183"),
        ("FDI", "medtop:20000183"),
        ("Nông nghiệp", "medtop:20000210"),
        ("nong nghiep", "medtop:20000210"),
        ("NÔNG NGHIỆP", "medtop:20000210"),
        ("agriculture", "medtop:20000210"),
        ("the thao", "medtop:15000000"),
    ],
)
def test_a_query_finds_its_topic(tagger: TopicTagger, query: str, meant: str) -> None:
    assert meant in tagger.resolve(query)


def test_an_unknown_query_means_nothing(tagger: TopicTagger) -> None:
    assert tagger.resolve("chuyện không có") == ()


def test_every_label_leads_back_to_its_topic(tagger: TopicTagger) -> None:
    for name in tagger.topics:
        for language in ("vi", "en"):
            label = tagger.label(name, language)
            assert name in tagger.resolve(label)
            assert name in tagger.resolve(strip_marks(clean(label)))


def config_with(folder: Path, extra: str) -> Path:
    """A copy of the configuration whose topics.toml has `extra` at its end."""
    folder.mkdir(exist_ok=True)
    shutil.copytree(CONFIG / "models", folder / "models", dirs_exist_ok=True)
    shutil.copy(CONFIG / "sections.tsv", folder)
    text = (CONFIG / "topics.toml").read_text(encoding="utf-8")
    (folder / "topics.toml").write_text(text + extra, encoding="utf-8")
    return folder


def test_a_user_adds_a_topic_by_cues_alone(tmp_path: Path) -> None:
    own = load_topics(config_with(tmp_path, OWN_TOPIC))
    found = own.tag(Taggable(title="Thành phố mở phố đêm, thử nghiệm kinh tế đêm", body=""))
    assert found[0].id == "vn:night-economy"
    assert own.topics["vn:night-economy"].top == "medtop:04000000"
    assert own.resolve("kinh te dem") == ("vn:night-economy",)
    assert "vn:night-economy" in [
        t.id for t in own.tag(Taggable(title="Hanoi tests night-time economics", body=""))
    ]


@pytest.mark.parametrize("between", [*"-‐‑‒–—―/|", " \u200b ", "\u2060 \u200b\u200d ", "\u2028"])
def test_a_cue_is_met_whatever_joins_or_parts_its_words(tagger: TopicTagger, between: str) -> None:
    title = f"Lâm Đồng trồng cà{between}phê tái canh"
    (tag,) = (tag for tag in tags(tagger, title) if tag.id == "medtop:20000210")
    quoted = [title[each.start : each.end] for each in tag.evidence]
    assert quoted == [each.text for each in tag.evidence]
    assert any(f"cà{between}phê" in quote for quote in quoted)


def test_half_an_emoji_within_a_word_hides_no_topic(tagger: TopicTagger) -> None:
    assert ids(tagger, "Đội tu\ud83dyển bóng đ\ude00á Việt Nam vô địch") == ["medtop:15000000"]


@pytest.mark.parametrize(
    ("extra", "key"),
    [
        ('colour = "red"\n', "colour"),
        ('[topic."vn:x"]\nlabel_en = "x"\nlabel_vi = "x"\nstrnog_vi = ["a"]\n', "strnog_vi"),
        ('[topic."Night Economy"]\nlabel_en = "x"\nlabel_vi = "x"\n', "Night Economy"),
        ('[topic."vn:x"]\nlabel_en = "x"\n', "vn:x"),
        ('[topic."vn:x"]\nlabel_en = "x"\nlabel_vi = "x"\ncues_vi = "a"\n', "cues_vi"),
        ('[topic."vn:x"]\nlabel_en = "x"\nlabel_vi = "x"\ncues_vi = ["a*b"]\n', "cues_vi"),
        ('[topic."vn:x"]\nlabel_en = "x"\nlabel_vi = "x"\nparent = "vn:y"\n', "parent"),
        ('[topic."vn:x"]\nlabel_en = "x"\nlabel_vi = "x"\ntop = "vn:y"\n', "top"),
        ("[broken\n", "TOML"),
    ],
)
def test_a_wrong_topic_file_is_refused_by_file_and_key(tmp_path: Path, extra: str, key: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        load_topics(config_with(tmp_path, extra))
    assert "topics.toml" in str(refusal.value)
    assert key in str(refusal.value)


@pytest.mark.parametrize("line", ["*\tx\tmedtop:1\tstrong", "*\tx", "*\tx\tmedtop:15000000\thuge"])
def test_a_wrong_section_line_is_refused_by_its_number(tmp_path: Path, line: str) -> None:
    folder = config_with(tmp_path, "")
    (folder / "sections.tsv").write_text(f"outlet\tsection\ttopic\tstrength\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 2"):
        load_topics(folder)
