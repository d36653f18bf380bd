"""Which language a text is in: with tones, without them, in English, in another."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from pipeline.language import ENGLISH, OTHER, VIETNAMESE, detect
from pipeline.vietnamese import clean, strip_marks
from tests.conftest import ROOT

TEXTS = ROOT / "tests" / "pipeline" / "tag"


def labelled(language: str) -> Iterator[tuple[str, str]]:
    """Title and text of the articles in a language that the taggers are tested on."""
    for name in ("unseen", "blind", "topic_cases", "topic_more", "cases"):
        for line in (TEXTS / f"{name}.jsonl").read_text("utf-8").splitlines():
            record = json.loads(line)
            if record["lang"] == language:
                title = record["title"]
                yield title, f"{title}\n{record.get('body') or record.get('text')}"


def toneless(text: str) -> str:
    return strip_marks(clean(text))


def share(texts: list[str], language: str) -> float:
    return sum(detect(text) == language for text in texts) / len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "Nut giao My Thuy thong xe cau vuot, xe container bot cho",
        "SLNA hoa Hoang Anh Gia Lai tren san Vinh",
        "HOC SINH HA NOI NGHI HOC VI BAO",
        "Hai quan Tay Ninh bat 20 kg vang lau",
        "Tai nan tren quoc lo 1, hai nguoi chet",
    ],
)
def test_vietnamese_without_tones_is_vietnamese(text: str) -> None:
    assert detect(text) == VIETNAMESE


@pytest.mark.parametrize(
    "text",
    [
        "Lam Dong approves cold store for Ham Thuan Nam dragon fruit",
        "Quang Nam ginseng thieves target highland gardens",
        "Nam Dinh Salt Makers Revive Clean-Salt Fields",
        "Hai Phong edge Binh Dinh at Lach Tray",
        "Thanh Hoa coach resigns",
        "HOI AN LIGHTS UP FOR BUI XUAN PHAI",
    ],
)
def test_vietnamese_names_make_no_english_headline_vietnamese(text: str) -> None:
    assert detect(text) != VIETNAMESE


@pytest.mark.parametrize(
    "text",
    [
        "Harga emas naik hari ini di Jakarta",
        "La casa de mi madre tiene un gato que no come pan",
        "Che cosa ti piace di me, mi ha detto la mia amica e io non so che dire",
        "Wo men jin tian qu Bei jing kan peng you",
        "Ele me deu um pão com manteiga e um copo de leite",
        "Watoto wa shule wanacheza na mama yao nyumbani",
        "Nws hais tias peb yuav tsum mus rau tom tsev kho mob",
        "越南胡志明市地铁二号线开工建设",
        "Le Monde",
        "2-1 (90+4)",
        "",
    ],
)
def test_another_language_is_neither(text: str) -> None:
    assert detect(text) == OTHER


def test_articles_are_told_with_their_tones_and_without() -> None:
    vietnamese = [text for _, text in labelled("vi")]
    assert share(vietnamese, VIETNAMESE) == 1
    assert share([toneless(text) for text in vietnamese], VIETNAMESE) >= 0.999
    assert share([text for _, text in labelled("en")], ENGLISH) == 1


def test_headlines_alone_are_told_as_well() -> None:
    vietnamese = [title for title, _ in labelled("vi")]
    assert share(vietnamese, VIETNAMESE) >= 0.99
    assert share([toneless(title) for title in vietnamese], VIETNAMESE) >= 0.98
    assert share([title for title, _ in labelled("en")], VIETNAMESE) <= 0.002
