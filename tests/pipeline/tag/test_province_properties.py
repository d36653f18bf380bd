"""What holds for every article, however its letters are typed."""

from __future__ import annotations

from typing import Literal
from unicodedata import normalize

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.tags import Taggable
from pipeline.tag.evaluate import read_items
from pipeline.tag.fields import Field
from pipeline.tag.matching import find, read_field
from pipeline.tag.records import read_record
from tests.pipeline.tag.places import CASES, gazetteer, tagger

_FORMS: tuple[Literal["NFC"], Literal["NFD"]] = ("NFC", "NFD")
_ITEMS = read_items(CASES)
_FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_OLD_TONES = {
    "oà": "òa",
    "oá": "óa",
    "oả": "ỏa",
    "oã": "õa",
    "oạ": "ọa",
    "uỷ": "ủy",
    "uỳ": "ùy",
    "uý": "úy",
    "uỵ": "ụy",
}

items = st.sampled_from(_ITEMS)


def _found(title: str, body: str, lang: str) -> list[tuple[str, str, tuple[str, ...]]]:
    tags, _ = tagger().tag(Taggable(title=title, body=body, language=lang, published=None))
    return [(tag.code, str(tag.role), tag.old_codes) for tag in tags]


@_FEW
@given(items)
def test_composed_and_decomposed_letters_give_the_same_tags(item: dict[str, str]) -> None:
    composed, decomposed = (
        _found(normalize(form, item["title"]), normalize(form, item["body"]), item["lang"]) for form in _FORMS
    )
    assert composed == decomposed


@_FEW
@given(items)
def test_either_placement_of_tones_gives_the_same_tags(item: dict[str, str]) -> None:
    title, body = item["title"], item["body"]
    moved = [title, body]
    for new, old in _OLD_TONES.items():
        moved = [text.replace(old, new) for text in moved]
    back = moved
    for new, old in _OLD_TONES.items():
        back = [text.replace(new, old) if "quý" not in text.lower() else text for text in back]
    assert _found(moved[0], moved[1], item["lang"]) == _found(back[0], back[1], item["lang"])


@_FEW
@given(items, st.sampled_from(["  ", "\u00a0", "\u2009", " \u200b", "   "]))
def test_odd_spaces_give_the_same_tags(item: dict[str, str], space: str) -> None:
    changed = [item[key].replace(" ", space) for key in ("title", "body")]
    assert _found(changed[0], changed[1], item["lang"]) == _found(item["title"], item["body"], item["lang"])


@_FEW
@given(st.sampled_from([unit.name for unit in gazetteer().current.values() if unit.name != "Hồ Chí Minh"]))
def test_capitals_throughout_give_the_same_provinces(name: str) -> None:
    title, body = (
        f"Tỉnh {name} trồng rừng",
        f"Tỉnh {name} trồng 500 ha rừng. Người dân ở {name} được giao đất.",
    )
    assert _found(title.upper(), body.upper(), "vi") == _found(title, body, "vi")


@_FEW
@given(items, st.sampled_from(_FORMS), st.sampled_from([" ", "  ", "\u00a0"]))
def test_evidence_quotes_the_article_as_it_was_given(
    item: dict[str, str], form: Literal["NFC", "NFD"], space: str
) -> None:
    given_item = {
        **item,
        "title": normalize(form, item["title"]).replace(" ", space),
        "body": normalize(form, item["body"]).replace(" ", space),
    }
    article = read_record(given_item)
    tags, rejected = tagger().tag(article)
    evidence = [e for tag in tags for e in tag.evidence] + [r.evidence for r in rejected]
    for quoted in evidence:
        field = getattr(article, quoted.field)
        assert quoted.text == field[quoted.start : quoted.end]
        assert quoted.text.strip() == quoted.text != ""


@_FEW
@given(st.text(), st.text(), st.text())
def test_no_text_raises(title: str, lead: str, body: str) -> None:
    tags, _ = tagger().tag(Taggable(title=title, lead=lead, body=body))
    assert all(0 <= tag.score <= 1 and tag.evidence for tag in tags)


@_FEW
@given(
    st.lists(
        st.sampled_from(
            "Hà Nội|Hồ|Chí|Minh|tỉnh|TP.|Bình|Định|,| - |(TTXVN)|xã|\n|Quảng|Nam|từ|ở|.".split("|")
        )
    )
)
def test_no_jumble_of_place_words_raises(parts: list[str]) -> None:
    tagger().tag(Taggable(title=" ".join(parts[:5]), body=" ".join(parts)))


def test_the_work_grows_with_the_length_and_not_faster() -> None:
    """Hits are what costs; a name repeated for ever is read a fixed number of times."""
    sentence = "Tỉnh Cà Mau và tỉnh Sơn La trồng rừng. "
    sizes = [
        len(find(read_field(Field("body", sentence * times), "vi"), gazetteer())) for times in (10, 100, 1000)
    ]
    assert sizes[0] == sizes[1] == sizes[2]
