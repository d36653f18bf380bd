"""The linear model: its file, its hashing, its training and the measures."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.errors import ConfigError
from models.tags import Taggable
from pipeline.tag import topics_words
from pipeline.tag.evaluate_topics import evaluate_items, evaluate_set, merge, read_items, reliability
from pipeline.tag.topic_model import features, is_signed, load_model, pack, signature, unpack
from pipeline.tag.topic_sets import Labelled, read_vnexpress_dantri, url_topics
from pipeline.tag.topics_words import Vocabulary, Words
from tests.conftest import ROOT
from tests.support.tables import topics

MODEL = ROOT / "config" / "models" / "topics.bin"


def read(text: str, *, plain: bool = False) -> Words:
    return Vocabulary(plain=plain).read([("body", text)])


def tiny() -> bytes:
    """A model of two classes that knows `bóng`, `đá` and `bóng đá` alone."""
    known = read("bóng đá")
    folded = read("bóng đá", plain=True)
    plain = np.concatenate((folded.grams()[0][:2], folded.grams()[1][:1]))
    words = np.concatenate((known.grams()[0][:2], known.grams()[1][:1]))
    order = np.argsort(words)
    arrays: dict[str, NDArray[Any]] = {
        "keys": (words[order] >> np.uint64(32)).astype(np.uint32),
        "plain": (plain[order] >> np.uint64(32)).astype(np.uint32),
        "weights": np.array([[100, -100]] * 3, dtype=np.int8),
        "idf": np.ones(3, dtype=np.float16),
        **{n: np.ones(2, dtype=np.float32) for n in ("scale", "bias", "slope", "shift")},
    }
    return pack({"classes": ["vn:ball", "vn:rest"], "limits": [0.0, 0.0]}, arrays)


def test_the_shipped_file_is_small_and_holds_no_words() -> None:
    data = MODEL.read_bytes()
    assert len(data) < 5_000_000
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


@pytest.mark.parametrize("text", ["hôm nay bóng đá trở lại", "hom nay bong da tro lai"])
def test_known_words_decide_and_are_named_with_and_without_tones(text: str) -> None:
    model = unpack(tiny())
    words = read(text, plain=text.isascii())
    reading = model.read(words)
    assert reading.margins[0] > reading.margins[1]
    assert set(model.heaviest(reading, 0)) <= {(2, 1), (3, 1), (2, 2)}
    assert model.heaviest(reading, 0)


def test_words_that_a_sign_parts_are_no_pair() -> None:
    words = read("bóng, đá")
    assert words.grams()[1][0] != read("bóng đá").grams()[1][0]
    assert words.grams()[0][0] == read("bóng đá").grams()[0][0]


def test_unknown_words_leave_the_bias_alone() -> None:
    model = unpack(tiny())
    assert np.array_equal(model.read(read("một hai ba")).margins, model.bias)
    assert np.array_equal(model.read(read("")).margins, model.bias)


STORY = "Đoàn công tác đã đi qua nhiều xã vùng cao trong tuần. " * 10


def test_who_signed_is_read_behind_the_last_full_stop_and_without_a_space() -> None:
    signed = signature(STORY.strip() + " Mai Chi(tổng hợp)", plain=False)
    assert set(signature(STORY.strip() + "Mai Chi (Tổng hợp).\n", plain=False)) == set(signed)
    assert set(signature(unicodedata.normalize("NFD", STORY) + "Mai Chi (tổng hợp)", plain=False)) == set(
        signed
    )
    assert set(signature(STORY + "Chi Mai (tổng hợp)", plain=False)) != set(signed)


def test_the_signature_is_told_apart_from_the_same_words_in_the_text() -> None:
    keys = (features(read("Mai Chi " + STORY), STORY + "Mai Chi") >> np.uint64(32)).astype(np.uint32)
    assert len(keys[is_signed(keys)]) == len(signature(STORY + "Mai Chi", plain=False))
    assert not set(keys[is_signed(keys)]) & set(keys[~is_signed(keys)])


@pytest.mark.parametrize("body", ["", "Mai Chi", "." * 500])
def test_a_short_text_or_one_without_words_is_not_signed(body: str) -> None:
    assert len(signature(body, plain=False)) == 0


def test_a_signature_without_tones_is_that_of_the_folded_words() -> None:
    assert np.array_equal(signature(STORY + "Mài Chí", plain=True), signature(STORY + "Mai Chi", plain=True))


def test_words_hash_alike_wherever_they_stand_and_however_they_are_typed() -> None:
    near = read("hòa").grams()[0][0]
    assert read("x " * 500 + "“HOÀ”,").grams()[0][500] == near
    assert read(unicodedata.normalize("NFD", "hòa")).grams()[0][0] == near
    assert read("năm 2019").grams()[1][0] == read("năm 2026").grams()[1][0]


def test_spans_lead_back_to_the_text_as_given() -> None:
    text = "Giá  vàng,\u00a0tăng (mạnh) ở Bắc-Nam"
    words = read(text)
    (quotes,) = words.spans([[("cue", 0, 2), ("cue", 3, 1), ("cue", 5, 2)]])
    found = [text[a:b] for _, _, a, b in quotes]
    assert found == ["Giá  vàng", "mạnh", "Bắc-Nam"]


def test_a_pair_of_a_gap_and_a_word_leads_to_the_word() -> None:
    fields = [("title", "Bóng đá"), ("body", "Nam giới")]
    words = Vocabulary().read(fields)
    gap_first, gap_last = words.spans([[("model", 2, 2)], [("model", 1, 2)]])
    assert gap_first == [("model", "body", 0, 3)]
    assert gap_last == [("model", "title", 5, 7)]


def test_a_full_table_of_words_is_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics_words, "KEPT", 3)
    vocabulary = Vocabulary()
    first = vocabulary.read([("body", "một hai ba bốn năm")]).grams()[0].tolist()
    assert vocabulary.read([("body", "một hai ba bốn năm")]).grams()[0].tolist() == first


def test_the_folder_of_an_address_names_a_section() -> None:
    assert url_topics("https://bao.example/the-thao/bai-1.htm") == ("15000000",)
    assert url_topics("https://bao.example/bai-1.htm") == ()


def test_scores_are_counted_by_tenths() -> None:
    assert reliability([(0.95, True), (0.91, False), (0.15, False)]) == [(1, 0.15, 0.0), (2, 0.93, 0.5)]


def test_f1_counts_right_wrong_and_missed() -> None:
    items = [
        (Taggable(title="Cháy lớn thiêu rụi kho hàng, dập lửa suốt đêm", body=""), ("medtop:20000150",)),
        (Taggable(title="Xin chào", body=""), ("medtop:15000000",)),
    ]
    report = evaluate_items(topics(), items)
    assert (report.items, report.first_right) == (2, 1)
    assert report.micro() == pytest.approx(2 / 3)
    assert report.macro() == pytest.approx(0.5)
    assert report.confusion == {("medtop:15000000", "none"): 1}


def test_each_class_of_a_set_is_counted_and_folds_add_up() -> None:
    known = frozenset({"vn:ball", "vn:rest"})
    texts = [
        Labelled("made", "bóng đá", "", frozenset({topic}), known, label)
        for topic, label in (("vn:ball", "sport"), ("vn:rest", "others"))
    ]
    report = merge([evaluate_set(unpack(tiny()), [text]) for text in texts])
    assert report.labels == {"sport": (1, 1), "others": (1, 0)}
    assert (report.accuracy, report.among_two) == (0.5, 2)
    assert report.confusion == {("others", "vn:ball"): 1}


def test_a_file_that_is_no_set_of_items_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text('{"title": "x"}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"items\.jsonl"):
        read_items(path)


def test_written_items_keep_their_floor(shared_data: Path) -> None:
    report = evaluate_items(topics(), read_items(shared_data / "challenge" / "dev.jsonl"))
    assert report.micro() >= 0.89
    assert report.micro("fine") >= 0.83


def test_section_labels_of_a_held_out_set_keep_their_floor(shared_data: Path) -> None:
    texts = read_vnexpress_dantri(shared_data / "topics", "test")[::3]
    assert evaluate_set(load_model(MODEL), texts).accuracy >= 0.89
