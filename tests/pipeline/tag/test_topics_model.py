"""The linear model: its file, its hashing, its training and the measures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.errors import ConfigError
from models.tags import Taggable
from pipeline.tag.evaluate_topics import evaluate_items, read_items, reliability
from pipeline.tag.topic_model import Hasher, load_model, pack, unpack
from pipeline.tag.topic_sets import read_vnexpress_dantri, url_topics
from pipeline.tag.topics import load_topics
from tests.conftest import ROOT

MODEL = ROOT / "config" / "models" / "topics.bin"


def tiny() -> bytes:
    """A model of two classes that knows `bong` and `da` alone."""
    keys = np.sort(Hasher.build().tokens("bong da")[0])
    arrays: dict[str, NDArray[Any]] = {
        "keys": keys,
        "weights": np.array([[100, -100]] * len(keys), dtype=np.int8),
        "idf": np.ones(len(keys), dtype=np.float16),
        **{n: np.ones(2, dtype=np.float32) for n in ("scale", "bias", "slope", "shift")},
    }
    return pack({"classes": ["vn:ball", "vn:rest"]}, arrays)


def test_the_shipped_file_is_small_and_holds_no_words() -> None:
    data = MODEL.read_bytes()
    assert len(data) < 3_000_000
    for word in ("bóng đá", "bong da", "chứng khoán", "football"):
        assert word.encode() not in data


@pytest.mark.parametrize("cut", [0, 5, 30, 200, -1])
def test_a_file_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "topics.bin"
    path.write_bytes(tiny()[:cut])
    with pytest.raises(ConfigError, match=r"topics\.bin"):
        load_model(path)


def test_a_damaged_file_is_refused() -> None:
    data = bytearray(tiny())
    data[-1] ^= 1
    with pytest.raises(ConfigError, match="checksum"):
        unpack(bytes(data))


def test_a_missing_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="train topics"):
        load_model(tmp_path / "none.bin")


def test_known_words_decide_and_are_named() -> None:
    model = unpack(tiny())
    reading = model.read([("hom nay bong da tro lai", 1)])
    assert reading.margins[0] > reading.margins[1]
    spans = model.heaviest(reading, 0)
    assert {"hom nay bong da tro lai"[start:end] for _, start, end in spans} <= {"bong da", "bong", "da"}
    assert spans


def test_unknown_words_leave_the_bias_alone() -> None:
    model = unpack(tiny())
    assert np.array_equal(model.read([("mot hai ba", 1)]).margins, model.bias)
    assert np.array_equal(model.read([]).margins, model.bias)


def test_words_hash_alike_wherever_they_stand() -> None:
    hasher = Hasher.build()
    near, far = hasher.tokens("bong")[0], hasher.tokens("x " * 500 + "bong")[0]
    assert near[0] in far
    assert hasher.tokens("nam 2019")[0].tolist() == hasher.tokens("nam 2026")[0].tolist()


def test_the_spans_of_features_are_words_and_pairs() -> None:
    _, starts, ends = Hasher.build().tokens("gia vang, tang")
    assert ["gia vang, tang"[a:b] for a, b in zip(starts, ends, strict=True)] == [
        "gia",
        "vang",
        "tang",
        "gia vang",
    ]


def test_the_folder_of_an_address_names_a_section() -> None:
    assert url_topics("https://bao.example/the-thao/bai-1.htm") == ("15000000",)
    assert url_topics("https://bao.example/bai-1.htm") == ()


def test_scores_are_counted_by_tenths() -> None:
    assert reliability([(0.95, True), (0.91, False), (0.15, False)]) == [(1, 0.15, 0.0), (2, 0.93, 0.5)]


def test_f1_counts_right_wrong_and_missed() -> None:
    tagger = load_topics(ROOT / "config")
    items = [
        (Taggable(title="Cháy lớn thiêu rụi kho hàng, dập lửa suốt đêm", body=""), ("medtop:20000150",)),
        (Taggable(title="Xin chào", body=""), ("medtop:15000000",)),
    ]
    report = evaluate_items(tagger, items)
    assert (report.items, report.first_right) == (2, 1)
    assert report.micro() == pytest.approx(2 / 3)
    assert report.macro() == pytest.approx(0.5)
    assert report.confusion == {("medtop:15000000", "none"): 1}


def test_a_file_that_is_no_set_of_items_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text('{"title": "x"}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"items\.jsonl"):
        read_items(path)


def test_written_items_keep_their_floor(shared_data: Path) -> None:
    report = evaluate_items(load_topics(ROOT / "config"), read_items(shared_data / "challenge" / "dev.jsonl"))
    assert report.micro() >= 0.89
    assert report.micro("fine") >= 0.83


def test_section_labels_of_a_held_out_set_keep_their_floor(shared_data: Path) -> None:
    from pipeline.tag.evaluate_topics import evaluate_set

    texts = read_vnexpress_dantri(shared_data / "topics", "test")[::3]
    assert evaluate_set(load_model(MODEL), texts).accuracy >= 0.89
