"""Watch-lists: what is found in a text, what is passed over and why, and what a file may say."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ConfigError
from models.tags import Taggable
from pipeline.tag.watchlist_file import load_watchlists, read_watchlists, table_text, without
from pipeline.tag.watchlists import MOST, WatchlistTagger
from tests.conftest import ROOT

DAIRY = """
[sua]
label = "Sữa Ba Vì"
names = ["Sữa Ba Vì", "Bavimilk"]
exclude = ["cúp Bavimilk", "Sữa Ba Vì xanh"]
unless = ["giải bóng đá"]
patterns = ['bò sữa\\s+\\d+ con']
"""


def tagger(text: str = DAIRY) -> WatchlistTagger:
    return WatchlistTagger(read_watchlists(text, "watchlists.toml"))


def found(body: str, text: str = DAIRY) -> list[str]:
    """The words that met any list."""
    tags, _ = tagger(text).tag(Taggable(title="", body=body))
    return [evidence.text for tag in tags for evidence in tag.evidence]


def refused(body: str) -> list[tuple[str, str]]:
    _, rejected = tagger().tag(Taggable(title="", body=body))
    return [(each.evidence.text, each.reason) for each in rejected]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Công ty Sữa Ba Vì mở trại mới.", ["Sữa Ba Vì"]),
        ("CÔNG TY SỮA BA VÌ, BAVIMILK", ["SỮA BA VÌ", "BAVIMILK"]),
        ("công ty sua ba vi", []),  # typed with marks: exactly those
        ("Sửa Ba Vì", []),
        ("Bávimilk", ["Bávimilk"]),  # typed without: every tone
        ("Sữa  Ba\u00a0Vì", ["Sữa  Ba\u00a0Vì"]),
        ("Bavimilks, tiBavimilk", []),  # part of a longer word
        ("(Bavimilk)-Bavimilk", ["Bavimilk", "Bavimilk"]),
        ("Trại có bò sữa 300 con.", ["bò sữa 300 con"]),
        ("Trại có BÒ SỮA 300 CON.", ["BÒ SỮA 300 CON"]),
        ("bò sữa 300 conx", []),
    ],
)
def test_a_name_is_found_as_it_was_typed_where_words_begin_and_end(body: str, words: list[str]) -> None:
    assert found(body) == words


def test_half_an_emoji_hides_nothing_from_names_and_patterns() -> None:
    assert found("Sữa Ba Vì \ud83d nuôi bò sữa 300 con \ude00") == ["Sữa Ba Vì", "bò sữa 300 con"]


def test_a_name_goes_on_behind_a_separator_of_lines() -> None:
    assert found("Công ty Sữa\u2028Ba\vVì") == ["Sữa\u2028Ba\vVì"]


def test_a_name_typed_in_either_style_of_tone_placement_is_the_same() -> None:
    assert found("Hoà Phát và Hòa Phát", '[a]\nnames = ["Hòa Phát"]') == ["Hoà Phát", "Hòa Phát"]


def test_any_tones_finds_a_name_in_a_text_without_tones() -> None:
    assert found("tap doan hoa phat", '[a]\nnames = ["Hòa Phát"]\ntones = "any"') == ["hoa phat"]


def test_capitals_count_only_where_asked_and_never_in_a_text_of_capitals() -> None:
    case = '[a]\nnames = ["Be"]\ncase = true'
    assert found("Be thử xe, be bé", case) == ["Be"]
    assert found("BE THỬ XE", case) == ["BE"]
    assert found("be", '[a]\nnames = ["Be"]') == ["be"]


def test_a_longer_phrase_or_a_word_in_the_sentence_cancels_a_name() -> None:
    body = "Cúp Bavimilk khai mạc. cup bavimilk. Bavimilk tài trợ giải bóng đá. Bavimilk tăng giá."
    assert found(body) == ["Bavimilk"]
    assert refused(body) == [
        ("Bavimilk", "Sữa Ba Vì: within “Cúp Bavimilk”"),
        ("bavimilk", "Sữa Ba Vì: within “cup bavimilk”"),
        ("Bavimilk", "Sữa Ba Vì: “giải bóng đá” stands in the sentence"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "Bavimilk họp ở TP. Hồ Chí Minh bàn giải bóng đá.",
        "Bavimilk mời ThS. Nam nói về giải bóng đá.",
        "Bavimilk, theo PGS.TS. Lan và ông Trần B. Hùng, mở giải bóng đá.",
        "1. Bavimilk mở giải bóng đá.",
        "Bavimilk... và giải bóng đá.",
    ],
)
def test_abbreviations_initials_and_numbers_of_paragraphs_end_no_sentence(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "Bavimilk họp ở TP.HCM. Giải bóng đá mở màn.",
        "Bavimilk tăng giá năm 2024. Giải bóng đá mở màn.",
        "Bavimilk bán sữa, bơ v.v. Giải bóng đá mở màn.",
        "Bavimilk tăng giá; giải bóng đá mở màn.",
        "“Hãy uống Bavimilk!” Giải bóng đá mở màn.",
        "Bavimilk tăng giá\ngiải bóng đá mở màn.",
        "bavimilk tăng giá. giải bóng đá mở màn.",
    ],
)
def test_a_word_in_the_next_sentence_cancels_nothing(body: str) -> None:
    assert [text.lower() for text in found(body)] == ["bavimilk"]


def test_of_overlapping_names_the_longest_is_quoted_and_lists_do_not_disturb_each_other() -> None:
    lists = '[a]\nnames = ["Ba Vì", "Sữa Ba Vì"]\n[b]\nnames = ["Ba Vì"]\nexclude = ["Sữa Ba Vì"]'
    tags, rejected = tagger(lists).tag(Taggable(title="Sữa Ba Vì", body="Ba Vì"))
    assert [(tag.id, [(e.field, e.text) for e in tag.evidence]) for tag in tags] == [
        ("a", [("title", "Sữa Ba Vì"), ("body", "Ba Vì")]),
        ("b", [("body", "Ba Vì")]),
    ]
    assert [each.evidence.text for each in rejected] == ["Ba Vì"]


LETTERS = st.text("sữaBavimlkVì giảibóngđ cúp.\n0123456789\u0301\u0302\u00a0🐄ĐİỮ", max_size=60)
PIECES = st.sampled_from(["Sữa Ba Vì", "Bavimilk", "cúp Bavimilk", "giải bóng đá", ". ", " ", "bò sữa 3 con"])
TEXTS = st.lists(PIECES | LETTERS, max_size=8).map("".join)


@given(TEXTS)
def test_evidence_is_always_the_words_at_its_offsets(body: str) -> None:
    tags, rejected = tagger().tag(Taggable(title=body[::-1], body=body))
    fields = {"title": body[::-1], "body": body}
    for evidence in [e for tag in tags for e in tag.evidence] + [each.evidence for each in rejected]:
        assert evidence.text == fields[evidence.field][evidence.start : evidence.end]
        assert evidence.text.strip()


@given(TEXTS)
def test_composed_and_decomposed_text_give_the_same(body: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, body) for form in ("NFC", "NFD"))
    assert [unicodedata.normalize("NFC", text) for text in found(decomposed)] == found(composed)


@given(st.text(max_size=200))
def test_no_text_raises(body: str) -> None:
    tagger().tag(Taggable(title=body, body=body))


def test_what_is_kept_of_a_long_text_is_bounded() -> None:
    """Ten thousand places that count and as many that do not, with cancelling phrases everywhere."""
    tags, rejected = tagger().tag(
        Taggable(title="", body="cúp Bavimilk. Bavimilk giải bóng đá. Bavimilk bò sữa 3 con. " * 3000)
    )
    assert [len(tag.evidence) for tag in tags] == [MOST]
    assert len(rejected) == MOST


def test_a_place_that_counts_is_found_behind_many_that_do_not() -> None:
    lists = "[a]\npatterns = ['bavi\\w+']\nexclude = ['cúp Bavimilk']"
    assert found("cúp Bavimilk, " * 300 + "và Bavimilk", lists) == ["Bavimilk"]


@pytest.mark.parametrize(
    ("pattern", "body", "words"),
    [
        (r"\bđà nẵng\b", "Tin Đà Nẵng, đà nẵngx", ["Đà Nẵng"]),
        (r"(?:\bđà nẵng|\bhuế\b)", "Đà Nẵng và Huế", ["Đà Nẵng", "Huế"]),
        (r"(?:\bcông ty )?hòa phát(?: đỏ\b)?", "Công ty Hòa Phát đỏ", ["Công ty Hòa Phát đỏ"]),
        (r"đà nẵng\b, \bhuế", "Đà Nẵng, Huế", ["Đà Nẵng, Huế"]),
        (r"công ty \w+ phát", "công ty Hòa Phát", ["công ty Hòa Phát"]),
        (r"sữa[^\w]+đặc", "sữa – đặc, sữaôđặc", ["sữa – đặc"]),
        (r"sữa[\W]đặc", "sữa-đặc, sữađđặc", ["sữa-đặc"]),
        (r"đ\W*mới", "đ mới, đềmới", ["đ mới"]),
        (r"\Q\w\E đ", r"\w đ", [r"\w đ"]),
    ],
)
def test_patterns_know_words_with_marks(pattern: str, body: str, words: list[str]) -> None:
    assert found(body, f"[a]\npatterns = ['{pattern}']") == words


@pytest.mark.parametrize(
    "pattern", ["h[oòó]a phát", "hoà? phát", "h(?:oà|oá) phát", "[hH][Òò]a phát", "hò?a phát"]
)
def test_a_choice_of_tones_in_a_pattern_meets_either_style(pattern: str) -> None:
    assert found("Hoà Phát, Hòa Phát", f"[a]\npatterns = ['{pattern}']") == ["Hoà Phát", "Hòa Phát"]


def test_half_a_character_in_a_text_hides_no_match() -> None:
    tags, _ = tagger("[a]\npatterns = ['sữa']").tag(Taggable(title="", body="đ\ud800 sữa"))
    assert [(each.start, each.text) for tag in tags for each in tag.evidence] == [(3, "sữa")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a]\npatterns = ['đà\\b.*huế']", r"a.patterns\[0\]: .* \\b at character 3 would know only ASCII"),
        ("[a]\npatterns = ['(?:\\bđà )+x']", r"\\b at character 4 would know only ASCII"),
        ("[a]\npatterns = ['x\\Bđà']", r"\\B at character 2 would know only ASCII"),
        ("[a]\npatterns = ['thủ+y']", "“ủ\\+y” cannot meet its tones"),
        ("[a", "not TOML"),
        ("a = 1", "a: a list is a table"),
        ("[A]\nnames = ['x']", "A: a list is a table"),
        ("[a]\nname = ['x']", "a.name: no such key"),
        ("[a]\nnames = 'x'", "a.names: must be a list"),
        ("[a]\nnames = ['x', '!']", r"a.names\[1\]: must be a text"),
        ("[a]\nlabel = 'x'", "a: needs names or patterns"),
        ("[a]\nnames = ['x']\ntones = 'all'", "a.tones: one of exact, any"),
        ("[a]\npatterns = ['x(y']", r"a.patterns\[0\]: RE2 cannot read .* missing \) at character 1"),
        ("[a]\npatterns = ['ab(?=c)']", r"invalid perl operator at character 3: \(\?="),
        ("[a]\npatterns = ['(x)\\1']", "invalid escape sequence at character 4"),
        ("[a]\npatterns = ['x', '(x{90}){90}']", r"a.patterns\[1\]: RE2 cannot read"),
        ("[a]\npatterns = ['x*']", "matches the empty text"),
        ("[a]\npatterns = ['" + "\\pL{900}" * 60 + "']", "RE2 cannot read"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read_watchlists(text, "watchlists.toml")


def test_a_pattern_that_would_run_away_elsewhere_ends() -> None:
    """A backtracking engine would need 2^50000 steps; this returns."""
    lists = "[a]\npatterns = ['(x+x+)+y']"
    assert found("x" * 50_000, lists) == []
    assert found("x" * 50 + "y", lists) == ["x" * 50 + "y"]


def test_a_list_is_written_and_taken_out_again_and_comments_stay() -> None:
    before = '# Đầu tệp\n[a]\nnames = ["A"]\n\n# về b\n[b]\nnames = ["B"]\n'
    quoted = table_text(
        "c", 'Tên "C"', {"names": ["C\\d", "Sữa"], "patterns": None}, any_tones=True, case=True
    )
    after = before + "\n" + quoted
    (_, _, c) = read_watchlists(after, "f")
    assert (c.label, c.names, c.any_tones, c.case) == ('Tên "C"', ("C\\d", "Sữa"), True, True)
    assert without(after, "c").rstrip() == before.rstrip()
    assert without(before, "a") == '# Đầu tệp\n\n# về b\n[b]\nnames = ["B"]\n'
    assert without(before, "nope") == before


def test_the_shipped_file_can_be_read_and_its_example_too(tmp_path: Path) -> None:
    assert load_watchlists(ROOT / "config").lists == ()
    assert load_watchlists(tmp_path).lists == ()
    lines = (ROOT / "config" / "watchlists.toml").read_text("utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("# ["))
    example = "\n".join(line.removeprefix("# ") for line in lines[start:])
    assert [each.id for each in read_watchlists(example, "example")] == ["vinamilk"]
