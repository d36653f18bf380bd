"""The search grammar: what a typed text is understood to ask for."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.query import All, Among, AnyOf, Between, Facet, Meaning, Node, Not, Note, Words
from pipeline.search import circle, parse_query
from pipeline.search.grammar import MAX_TERMS
from pipeline.vietnamese import fold

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # ten in the morning in Vietnam


class Names:
    """Knows two provinces, one of them old, and two topics."""

    def province(self, text: str) -> Meaning | None:
        known = {
            "da nang": Meaning(("vn34:48",)),
            "quang nam": Meaning((), ("vn63:49",), Note("tỉnh cũ", "former province")),
            "ba ria vung tau": Meaning((), ("vn63:77",)),
        }
        return known.get(fold(text).replace("-", " "))

    def topic(self, text: str) -> Meaning | None:
        known = {"kinh te": Meaning(("medtop:1", "medtop:11")), "kinh te so": Meaning(("medtop:2",))}
        return known.get(fold(text).replace("-", " "))

    def outlet(self, text: str) -> Meaning | None:
        return Meaning((text,)) if text.startswith("bao-") else None

    def origin(self, text: str) -> Meaning | None:
        return Meaning(("ttxvn",)) if fold(text) in ("ttxvn", "thong tan xa") else None

    def watchlist(self, text: str) -> Meaning | None:
        return Meaning((text,)) if text == "vinamilk" else None


def parts(text: str) -> tuple[Node, ...]:
    where = parse_query(text, Names(), now=NOW).where
    return where.parts if isinstance(where, All) else (where,)


def ignored(text: str) -> list[str]:
    return [note.en for note in parse_query(text, Names(), now=NOW).notes]


MARKED, PLAIN = Words(("bão",), exact=True), Words(("lu",), exact=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("bão lu", (MARKED, PLAIN)),
        ("BÃO  Lu", (MARKED, PLAIN)),
        ("bão AND lu", (MARKED, PLAIN)),
        ("bão -lu", (MARKED, Not(PLAIN))),
        ("bão OR lu", (AnyOf((MARKED, PLAIN)),)),
        ("bão HOẶC lu", (AnyOf((MARKED, PLAIN)),)),
        ("bão|lu", (AnyOf((MARKED, PLAIN)),)),
        ("lu bão OR lu", (PLAIN, AnyOf((MARKED, PLAIN)))),
        ("(bão lu) OR lu", (AnyOf((All((MARKED, PLAIN)), PLAIN)),)),
        ("-(bão OR lu)", (Not(AnyOf((MARKED, PLAIN))),)),
        ('"quang tri"', (Words(("quang", "tri"), exact=False),)),
        ("“quang tri”", (Words(("quang", "tri"), exact=False),)),
        ('"năm nay"', (Words(("năm", "nay"), exact=True),)),
        ("covid-19", (Words(("covid", "19"), exact=False),)),
        ("TP.HCM", (Words(("tp", "hcm"), exact=False),)),
        ("bã*", (Words(("bã",), exact=True, prefix=True),)),
        ("title:bão", (Words(("bão",), exact=True, title=True),)),
        ("tiêu-đề:lu", (Words(("lu",), exact=False, title=True),)),
        ("http://a.vn/b", (Words(("http", "a", "vn", "b"), exact=False),)),
    ],
)
def test_words_and_operators(text: str, expected: tuple[Node, ...]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize("typed", ["hòa", "hoà", "HÒA", unicodedata.normalize("NFD", "hòa"), "ho\u200bà"])
def test_a_word_is_the_same_however_its_tone_is_typed(typed: str) -> None:
    assert parts(typed) == (Words(("hoà",), exact=True),)


@pytest.mark.parametrize("typed", ["đà", "ðà", "Đà", "ĐÀ"])
def test_every_letter_that_looks_like_d_with_a_stroke_is_it(typed: str) -> None:
    assert parts(typed) == (Words(("đà",), exact=True),)


DA_NANG = Among(Facet.PROVINCE, ("vn34:48",))
QUANG_NAM = Among(Facet.PROVINCE, (), ("vn63:49",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('tỉnh:"Đà Nẵng"', (DA_NANG,)),
        ("tinh:da-nang", (DA_NANG,)),
        ("PROVINCE:Đà-Nẵng", (DA_NANG,)),
        (unicodedata.normalize("NFD", "tỉnh:đà-nẵng"), (DA_NANG,)),
        ("tỉnh: Đà Nẵng", (DA_NANG,)),
        ("tỉnh:Đà Nẵng bão", (DA_NANG, MARKED)),
        ("tỉnh:Bà Rịa Vũng Tàu lu", (Among(Facet.PROVINCE, (), ("vn63:77",)), PLAIN)),
        ("-tỉnh:quảng-nam", (Not(QUANG_NAM),)),
        ("tỉnh:da-nang OR tỉnh:quang-nam", (AnyOf((DA_NANG, QUANG_NAM)),)),
        ("nhắc:da-nang", (Among(Facet.PROVINCE, ("vn34:48",), mentioned=True),)),
        ("chủ-đề:kinh tế", (Among(Facet.TOPIC, ("medtop:1", "medtop:11")),)),
        ("theo-dõi:vinamilk", (Among(Facet.WATCHLIST, ("vinamilk",)),)),
        ("watch:vinamilk", (Among(Facet.WATCHLIST, ("vinamilk",)),)),
        ("chude:kinh tế số", (Among(Facet.TOPIC, ("medtop:2",)),)),
        (
            "topic:kinh-te báo:bao-mot",
            (Among(Facet.TOPIC, ("medtop:1", "medtop:11")), Among(Facet.OUTLET, ("bao-mot",))),
        ),
        ("ngôn-ngữ:tiếng anh", (Among(Facet.LANGUAGE, ("en",)),)),
        ("lang:vi", (Among(Facet.LANGUAGE, ("vi",)),)),
        ("nguồn:thông tấn xã", (Among(Facet.ORIGIN, ("ttxvn",)),)),
        ("từ:2026-11-01", (Between(since=datetime(2026, 10, 31, 17, tzinfo=UTC)),)),
        ("đến:2026-11-01", (Between(until=datetime(2026, 11, 1, 17, tzinfo=UTC)),)),
        ("từ:hôm qua lu", (Between(since=datetime(2026, 11, 20, 17, tzinfo=UTC)), PLAIN)),
    ],
)
def test_filters_in_both_languages_and_spellings(text: str, expected: tuple[Node, ...]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("spaced", "hyphened"),
    [
        ('chủ đề:"kinh tế"', "chủ-đề:kinh-tế"),
        ("lu CHỦ  ĐỀ: kinh tế", "lu chủ-đề:kinh-tế"),
        ("-chu de:kinh-te", "-chủ-đề:kinh-tế"),
        ("tỉnh:Đà Nẵng tiêu đề:bão", "tỉnh:Đà-Nẵng tiêu-đề:bão"),
        ("tieu de:(bão OR lu)", "tiêu-đề:(bão OR lu)"),
        ("ngôn ngữ:en", "ngôn-ngữ:en"),
        ("theo dõi:vinamilk", "theo-dõi:vinamilk"),
        ("từ ngày:1/11/2026 đến ngày:2/11/2026", "từ:1/11/2026 đến:2/11/2026"),
    ],
)
def test_a_field_of_two_words_may_be_typed_with_a_space(spaced: str, hyphened: str) -> None:
    assert parts(spaced) == parts(hyphened)
    assert ignored(spaced) == []


def test_two_words_before_a_colon_that_are_no_field_together_are_words_and_a_field() -> None:
    titled = replace(MARKED, title=True)
    assert parts("lu title:bão") == (PLAIN, titled)
    assert parts("in title:bão") == (Words(("in",), exact=False), titled)
    assert parts("chủ để:lu") == (Words(("chủ",), exact=True), Words(("để", "lu"), exact=True))


def test_an_old_name_is_explained() -> None:
    query = parse_query("tỉnh:Quảng Nam", Names(), now=NOW)
    assert query.explanations == (Note("tỉnh cũ", "former province"),)
    assert query.notes == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tittle:bão", "read as words: tittle:bão (tittle: is not a field)"),
        ('tittle:"bão lũ"', "read as words: tittle: (tittle: is not a field)"),
        ("tittle:(bão OR lũ)", "read as words: tittle: (tittle: is not a field)"),
        ("bão tiêu-đề:", "ignored: tiêu-đề: (no letter or digit in it)"),
        ("*** bão", "ignored: *** (no letter or digit in it)"),
        ('bão ""', 'ignored: "" (no letter or digit in it)'),
        ("b*", "the * of b* is ignored (it needs two letters)"),
        ("*ão", "the * of *ão is ignored (it can only end a word)"),
    ],
)
def test_what_is_ignored_is_named(text: str, said: str) -> None:
    assert ignored(text) == [said]


@pytest.mark.parametrize("text", ["Hà Nội: bão", "https://bao.vn/tin", "2:1", "bão:"])
def test_a_colon_in_plain_text_is_not_taken_for_a_field(text: str) -> None:
    assert ignored(text) == []


@pytest.mark.parametrize(
    ("typed", "noun"),
    [
        ("tỉnh:Atlantis", "province"),
        ("nhắc:Atlantis", "province"),
        ("chủ-đề:bóng-rổ", "topic"),
        ("báo:khong-co", "outlet"),
        ("ngôn-ngữ:klingon", "language"),
        ("nguồn:khong-co", "origin"),
        ("theo-dõi:hue", "watch-list"),
        ("từ:31/02/2026", ""),
        ("đến:hôm-nào", ""),
        ("đã-lưu:nắng", "saved search"),
        ("tỉnh:", "province"),
        ("tỉnh:()", "province"),
    ],
)
def test_a_name_that_is_not_known_matches_nothing_in_any_field_excluded_or_not_and_says_so(
    typed: str, noun: str
) -> None:
    why = f"no {noun} of that name" if noun else "not a valid date"
    for name in (typed, f"-{typed}"):
        assert parts(f"bão {name}") == (MARKED, AnyOf(()))
        assert ignored(f"bão {name}") == [f"matches nothing: {name} ({why})"]


@pytest.mark.parametrize(
    "text",
    ["-(lu tỉnh:Atlantis)", "-(lu OR -tỉnh:Atlantis)", "NOT (tỉnh:Atlantis)", "-saved:hỏng", "-saved:OR"],
)
def test_what_excludes_a_name_that_is_not_known_matches_nothing_however_deep_it_stands(text: str) -> None:
    query = parse_query(text, Names(), now=NOW, saved={"hỏng": "lu tỉnh:Atlantis", "OR": "OR"})
    assert query.where == All((AnyOf(()),))
    assert "matches nothing" in " ".join(note.en for note in query.notes)


@pytest.mark.parametrize(
    "text",
    [
        "OR",
        "AND",
        "HOẶC",
        "NOT",
        "|",
        "()",
        "(",
        ")",
        "-",
        "–",
        "-()",
        "tỉnh:()",
        "tiêu-đề:()",
        "***",
        '""',
        "-***",
    ],
)
def test_a_search_of_which_nothing_is_left_matches_nothing_and_says_so(text: str) -> None:
    query = parse_query(text, Names(), now=NOW)
    assert query.where == All((AnyOf(()),))
    assert "matches nothing" in query.notes[-1].en


@pytest.mark.parametrize(
    "text",
    [
        *("bão -lu", "bão –lu", "bão —lu", "bão −lu", "bão --lu", "bão (–lu)"),
        *("bão NOT lu", "bão KHÔNG lu", "bão AND NOT lu", "bão NOT NOT lu", "bão NOT -lu", "bão NOT(lu)"),
    ],
)
def test_every_dash_before_a_word_and_not_in_capitals_exclude_what_follows(text: str) -> None:
    assert parts(text) == (MARKED, Not(PLAIN))
    assert ignored(text) == []


def test_not_in_small_letters_is_a_word_as_in_a_headline() -> None:
    assert parts("bão not") == (MARKED, Words(("not",), exact=False))
    assert parts("bão không") == (MARKED, Words(("không",), exact=True))


@pytest.mark.parametrize("dash", ["-", "–", "—"])
def test_a_dash_alone_is_punctuation_that_changes_nothing_and_says_so(dash: str) -> None:
    said = [f"ignored: {dash} (a dash alone excludes nothing)"]
    assert parts(f"bão {dash} lu") == (MARKED, PLAIN)
    assert parts(f"bão OR {dash} lu") == (AnyOf((MARKED, PLAIN)),)
    assert parts(f"bão NOT {dash} lu") == (MARKED, Not(PLAIN))
    assert ignored(f"bão {dash} lu") == said
    assert ignored(f"tỉnh:Đà Nẵng {dash} bão") == said


@pytest.mark.parametrize("dash", ["-", "–"])
def test_a_dash_within_a_name_is_a_part_of_it(dash: str) -> None:
    typed = f"tỉnh:Bà Rịa {dash} Vũng Tàu lu"
    assert parts(typed) == (Among(Facet.PROVINCE, (), ("vn63:77",)), PLAIN)
    assert ignored(typed) == []


def test_a_dash_of_print_between_phrases_joins_them() -> None:
    assert parts('"bão"–"lu"') == (MARKED, PLAIN)


def test_one_known_name_of_several_suffices() -> None:
    assert parts("tỉnh:Atlantis OR tỉnh:da-nang") == (AnyOf((AnyOf(()), DA_NANG)),)


def test_a_field_before_parentheses_holds_for_all_in_them_that_has_none() -> None:
    bao, lu = (replace(word, title=True) for word in (MARKED, PLAIN))
    assert parts("tiêu-đề:(bão OR lu) lu") == (AnyOf((bao, lu)), PLAIN)
    assert parts("-title:(bão (lu tỉnh:da-nang))") == (Not(All((bao, All((lu, DA_NANG))))),)
    assert parts('tỉnh:(đà nẵng OR "quảng nam")') == (AnyOf((DA_NANG, QUANG_NAM)),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bão )", "ignored: ) (it closes nothing)"),
        ("( bão", "a parenthesis is not closed"),
        ("bão OR", "ignored: OR (one side is missing)"),
        ("OR bão", "ignored: OR (one side is missing)"),
        ("| | bão", "ignored: | (one side is missing)"),
        ("bão NOT", "ignored: NOT (one side is missing)"),
        ("bão -", "ignored: - (a dash alone excludes nothing)"),
        ("bão ()", "ignored: () (nothing in the parentheses)"),
        ("bão -title:()", "ignored: -title:() (nothing in the parentheses)"),
    ],
)
def test_operators_without_operands_are_passed_over_and_said(text: str, said: str) -> None:
    assert parts(text) == (MARKED,)
    assert ignored(text) == [said]


def test_a_very_long_search_is_cut_and_says_so() -> None:
    text = "bão " * 5000
    assert len(parts(text)) == MAX_TERMS
    assert len(ignored(text)) == 2


def test_a_thousand_parentheses_are_read() -> None:
    assert isinstance(parse_query("(" * 999 + "bão", now=NOW).where, All)


KEPT = {
    "Bão lũ": "bão OR lũ",
    "miền Trung": 'saved:"bão lũ" tỉnh:"Đà Nẵng"',
    "a": "saved:b",
    "b": "saved:a bão",
}


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ('saved:"Bão lũ" -lu', "(bão OR lũ) -lu"),
        ("da-luu:bao lu", "(bão OR lũ)"),  # as typed in a hurry, without quotes
        ('đã-lưu:"MIỀN TRUNG"', '((bão OR lũ) tỉnh:"Đà Nẵng")'),
    ],
)
def test_a_kept_search_stands_for_what_it_asks(short: str, long: str) -> None:
    named = parse_query(short, Names(), now=NOW, saved=KEPT)
    assert named.where == parse_query(long, Names(), now=NOW).where
    assert not named.notes


def test_a_kept_search_that_is_not_there_fits_nothing_and_says_so() -> None:
    query = parse_query("saved:gió bão", Names(), now=NOW, saved=KEPT)
    assert query.where == All((AnyOf(()), Words(("bão",), exact=True)))
    assert "saved:gió" in query.notes[0].en


def test_kept_searches_that_name_each_other_end() -> None:
    query = parse_query("saved:a", Names(), now=NOW, saved=KEPT)
    assert query.where == All((AnyOf(()), MARKED))
    assert "a → b → a" in query.notes[0].en
    assert circle("b", KEPT, now=NOW) == ("b", "a", "b")
    assert circle("miền Trung", KEPT, now=NOW) == ()


def test_of_kept_searches_whose_names_differ_in_case_or_tones_the_exact_one_is_meant() -> None:
    kept = {"Bão Lũ": "bão", "bão lũ": "lu", "BAO LU": "lu bão"}

    def meant(name: str) -> tuple[Node, ...]:
        where = parse_query(f'saved:"{name}"', Names(), now=NOW, saved=kept).where
        return where.parts if isinstance(where, All) else (where,)

    assert meant("Bão Lũ") == (MARKED,)
    assert meant("bão lũ") == (PLAIN,)
    assert meant("bao lu") == (PLAIN, MARKED)
