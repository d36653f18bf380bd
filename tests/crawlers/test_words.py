"""What people read of outlets, in both languages."""

from __future__ import annotations

import re

import pytest

from crawlers.health import State
from crawlers.words import NOTHING, WORDS, beneath, both, explained, failure, labelled, say
from models.outcome import Reason
from models.outlet import EndpointKind
from models.query import Note
from models.reasons import REASON_WORDS, reason_words
from pipeline.vietnamese import has_marks

FIELD = re.compile(r"\{(\w+)")
SAME = {"RSS", "sitemap"}  # words that Vietnamese newsrooms write as they are


@pytest.mark.parametrize("words", [*WORDS.values(), *REASON_WORDS.values()], ids=lambda words: words.en)
def test_every_text_is_in_both_languages(words: Note) -> None:
    assert words.vi in SAME or has_marks(words.vi)
    assert words.en
    assert not has_marks(words.en)


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_tell_the_same_figures(key: str) -> None:
    vi, en = set(FIELD.findall(WORDS[key].vi)), set(FIELD.findall(WORDS[key].en))
    assert vi == en or key == "untidy"  # of which only English tells more


def test_every_state_kind_and_reason_has_its_words() -> None:
    assert {*State, *EndpointKind} <= set(WORDS)
    assert set(REASON_WORDS) == set(Reason)


def test_decimals_stand_behind_a_comma_in_vietnamese_and_behind_a_point_in_english() -> None:
    said = say("stale", age=3.14, limit=2.0)
    assert "đã 3,1 ngày, quá mức 2,0 ngày" in said.vi
    assert "3.1 days old, the limit for it is 2.0 days" in said.en
    assert "3 bài, thường là 17,5, dù" in say("few_stored", latest=3, usual=17.5).vi
    assert "3 bài, thường là 18, dù" in say("few_stored", latest=3, usual=18.0).vi


def test_what_stands_in_a_text_is_in_its_language_too() -> None:
    said = say(
        "failing", failing=1, polled=2, example=failure("timeout", "no complete answer", "https://a.vn/rss")
    )
    assert said == Note(
        "1/2 kênh không đọc được; https://a.vn/rss: quá thời gian chờ",
        "1 of 2 endpoints fail; https://a.vn/rss: timeout no complete answer",
    )


def test_of_an_outcomes_detail_vietnamese_takes_what_needs_no_words() -> None:
    assert failure("missing", "404") == Note("trang không còn (404)", "missing 404")
    assert failure("http_error", "503, retry after 60").vi == "máy chủ báo lỗi"
    assert failure("timeout", "") == Note("quá thời gian chờ", "timeout")


def test_a_reason_that_is_not_on_the_list_is_told_as_it_stands() -> None:
    assert reason_words("new_in_a_later_version") == Note("new in a later version", "new in a later version")


def test_braces_in_what_was_read_are_no_fields() -> None:
    assert say("untidy", problems="not well-formed: {x}").en == "not well-formed: {x}"


def test_a_reader_of_either_language_finds_the_words() -> None:
    assert both(say("no_time")) == "không rõ giờ · no time"
    assert both(say("sitemap")) == "sitemap"
    assert labelled("WRONG SECTION") == "WRONG SECTION · sai chuyên mục"


def test_each_language_has_its_line_beneath_and_one_that_says_nothing_has_none() -> None:
    why = failure("missing", "404")
    assert beneath(explained("MOVED", why)) == ["    đổi địa chỉ: trang không còn (404)", "    missing 404"]
    assert beneath(explained("OK", why), indent=0) == ["trang không còn (404)", "missing 404"]
    assert beneath(explained("EMPTY", NOTHING)) == ["    không có bài"]
    assert beneath(explained("OK", NOTHING)) == []


def test_one_word_means_one_thing() -> None:
    """`nguồn:` in a search is who wrote an article first, so no text takes it for an endpoint."""
    assert not [words.vi for words in WORDS.values() if "nguồn" in words.vi]
