"""A cheap look settles most names; it may never hide what the pattern behind it would find."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.tag import abroad, background, battles, events, old_units, settle_uses, uses
from pipeline.tag.fields import Field
from pipeline.tag.gazetteer import Entry
from pipeline.tag.matching import Hit, read_field
from pipeline.tag.mention import Mention, Surroundings

_PLACE = "Huế"


def found_by(pattern: re.Pattern[str]) -> st.SearchStrategy[str]:
    """Texts in which a pattern finds something; a clause has no line break."""
    letters = st.characters(exclude_characters="\n", exclude_categories=["Cs"])
    return st.from_regex(pattern, alphabet=letters).filter(lambda text: "\n" not in text)


def around(clause: str) -> Surroundings:
    """The surroundings of a name behind a clause."""
    return Surroundings(clause.rsplit(None, 16)[-16:], [], clause, "", glued=False)


def hit_behind(text: str) -> Hit:
    """A name behind a text with tones."""
    field = read_field(Field("body", f"{text}{_PLACE} ở ngoài ấy"), "vi")
    end = field.text.rindex(" ở ngoài ấy")
    entry = Entry(_PLACE, (0,), ())
    return Hit(field, end - len(_PLACE), end, entry, field.lower[end - len(_PLACE) : end])


@given(found_by(uses._LEARNING))
def test_an_example_to_learn_from_is_found(clause: str) -> None:
    assert uses.is_model(around(clause))


@given(found_by(uses._REPLICA))
def test_the_model_of_a_sight_is_found(clause: str) -> None:
    assert uses.is_replica(around(clause))


@given(found_by(uses._COPIED))
def test_a_copied_sight_is_found(clause: str) -> None:
    assert uses.is_copied(around(clause))


@given(found_by(events._AT_FAIR))
def test_a_fair_named_after_its_place_is_found(clause: str) -> None:
    hit = hit_behind("")
    assert events.is_venue(hit, around(clause), hit.field.table)


@given(found_by(abroad.ABROAD_BEFORE))
def test_a_place_abroad_is_found(clause: str) -> None:
    assert abroad.stands_behind_abroad(around(clause))


@given(found_by(old_units._MAKING))
def test_the_making_of_a_unit_is_found(text: str) -> None:
    assert old_units._tells_of_making(text)


@settings(max_examples=50)
@given(found_by(battles._BATTLES).filter(lambda text: text.isprintable() and "  " not in text))
def test_a_list_of_battles_is_found(text: str) -> None:
    hit = hit_behind(text)
    known = battles._BATTLES.search(hit.field.text, max(0, hit.start - 80), hit.start)
    assert battles.is_of_battles(hit) == bool(known)


@given(found_by(background._TREATED))
def test_a_hospital_of_treatment_is_found(text: str) -> None:
    assert background._tells_of_treatment(text)


@pytest.mark.parametrize(
    "office", ["bí thư tỉnh ủy ", "chủ tịch ubnd tỉnh ", "phó bí thư ", "secretary of the "]
)
def test_an_office_is_found(office: str) -> None:
    hit = hit_behind(f"Cùng dự có {office}")
    assert settle_uses.is_attendee(Mention(hit, "province", ()))


@pytest.mark.parametrize("noun", uses._ROUTES)
def test_a_route_is_found(noun: str) -> None:
    assert uses.is_route(around(f"trên{noun} "))
