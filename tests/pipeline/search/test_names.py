"""Filters given as options beside the text."""

from __future__ import annotations

from datetime import UTC, datetime

from models.query import Among, AnyOf, Between, Facet, Words
from pipeline.search import CodesOnly, filtered, parse_query

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CODES = CodesOnly()


def test_options_narrow_the_text_and_several_values_are_alternatives() -> None:
    query = filtered(
        parse_query("lu", now=NOW),
        CODES,
        now=NOW,
        provinces=["vn34:48", "VN63:49"],
        languages=["english"],
        since="2026-11-20T00:00Z",
    )
    assert (
        query.narrowed().where
        == parse_query("lu", now=NOW)
        .narrowed(
            AnyOf((Among(Facet.PROVINCE, ("vn34:48",)), Among(Facet.PROVINCE, (), ("vn63:49",)))),
            Among(Facet.LANGUAGE, ("en",)),
            Between(since=datetime(2026, 11, 20, tzinfo=UTC)),
        )
        .where
    )
    assert (query.text, query.notes) == ("lu", ())


def test_an_option_of_which_no_value_is_known_matches_nothing_and_says_why() -> None:
    query = filtered(parse_query("", now=NOW), CODES, now=NOW, provinces=["Atlantis"])
    assert query.where == parse_query("", now=NOW).narrowed(AnyOf(())).where
    assert [note.en for note in query.notes] == ["matches nothing: Atlantis (no province of that name)"]


def test_an_option_without_a_value_matches_nothing_and_says_why() -> None:
    query = filtered(parse_query("", now=NOW), CODES, now=NOW, since="", languages=[""])
    assert query.where == parse_query("", now=NOW).narrowed(AnyOf(()), AnyOf(())).where
    assert [note.en for note in query.notes] == [
        'matches nothing: "" (no language of that name)',
        'matches nothing: "" (not a valid date)',
    ]


def test_without_options_the_query_is_the_same() -> None:
    query = parse_query("lu", now=NOW)
    assert filtered(query, CODES, now=NOW) == query
    assert query.narrowed().where.parts == (Words(("lu",), exact=False),)  # type: ignore[union-attr]


def test_codes_stand_for_themselves_and_nothing_else_does() -> None:
    assert CODES.province("48") is None
    assert CODES.province("vn34:4x") is None
    assert CODES.topic("weather") is None
    assert CODES.outlet("Báo Một") is None
