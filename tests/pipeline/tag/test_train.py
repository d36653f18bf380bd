"""Training from labelled sets and corrected articles, on sets made up here."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from models.errors import ConfigError
from models.tags import Taggable
from pipeline.tag.evaluate_topics import read_items
from pipeline.tag.topic_model import load_model
from pipeline.tag.topic_sets import read_corrections
from pipeline.tag.topics_config import load_topic_file
from pipeline.tag.topics_words import Vocabulary
from tests.conftest import ROOT

TOPICS = load_topic_file(ROOT / "config" / "topics.toml")
SPORT = "Đội bóng tỉnh thắng trận thứ {} nhờ bàn thắng muộn của tiền đạo, huấn luyện viên khen {}"
HEALTH = "Bác sĩ bệnh viện cứu bệnh nhân thứ {} sau ca mổ dài, người bệnh cảm ơn {}"
KARST = "Đoàn khảo sát đo hang đá vôi thứ {} với thạch nhũ dài, hang nối với suối ngầm {}"
NAMES = ("An", "Bình", "Chi", "Dũng", "Giang", "Hạnh", "Khôi", "Lan", "Minh", "Nga", "Oanh", "Phúc")


SYLLABLES = [
    first + rest for first in "b c d g h k l m n s t v".split() for rest in "a anh em inh o ong u y".split()
]


def texts(form: str, count: int = 24) -> list[str]:
    """Texts of one subject, each with forty words of its own: copies of one text are trained on once."""
    made = []
    for number in range(count):
        text = form.format(number, f"{NAMES[number % 12]} {NAMES[number * 5 % 7]}")
        made.append(f"{text}. {' '.join(random.Random(f'{form}{number}').choices(SYLLABLES, k=40))}")
    return made


def corrected(title: str, topics: list[str], **more: Any) -> dict[str, Any]:
    return {"id": "1", "url": "", "title": title, "lead": "", "text": title, "topics": topics, **more}


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A folder of labelled sets that knows sport and health alone."""
    rows = [
        {"label": label, "title": text, "text": text, "url": ""}
        for label, form in (("sports", SPORT), ("health", HEALTH))
        for text in texts(form)
    ]
    write_lines(tmp_path / "vnexpress_dantri_2024" / "train.jsonl.gz", rows)
    for name in ("vnexpress_dantri_2024/test", "unc_dantri/train", "vns_en/train", "five_outlets_2016/all"):
        write_lines(tmp_path / f"{name}.jsonl.gz", [])
    write_lines(tmp_path / "danes" / "dev.jsonl", [])
    write_lines(tmp_path / "danes" / "raw_unlabelled.jsonl.gz", [])
    return tmp_path


def test_the_same_data_trains_the_same_bytes(labelled: Path) -> None:
    from pipeline.tag.train import train

    first, second = labelled / "first.bin", labelled / "second.bin"
    assert train(labelled, first).sha256 == train(labelled, second).sha256
    assert first.read_bytes() == second.read_bytes()
    model = load_model(first)
    margins = model.read(Vocabulary().read([("title", SPORT.format(99, "Tú"))])).margins
    assert model.classes[int(margins.argmax())] == "medtop:15000000"


def test_weak_labels_say_less_of_a_class_that_todays_sections_teach_well(labelled: Path) -> None:
    from pipeline.tag.train import ENOUGH, build_corpus, read_sets

    rows = [{"label": "sports", "title": text, "text": text} for text in texts(SPORT, ENOUGH)]
    rows += [{"label": "health", "title": text, "text": text} for text in texts(HEALTH)]
    write_lines(labelled / "vnexpress_dantri_2024" / "train.jsonl.gz", rows)
    weak = [{"topics": ["Thể thao"], "title": text, "text": text, "url": ""} for text in texts(KARST)]
    write_lines(labelled / "danes" / "dev.jsonl", weak)
    corpus = build_corpus(read_sets(labelled))
    sport, health = (corpus.classes.index(f"medtop:{code}") for code in ("15000000", "07000000"))
    assert (corpus.weight[corpus.rows_of("vnexpress_dantri_2024/train")] == 1).all()
    danes = corpus.weight[corpus.rows_of("danes")]
    assert 0 < danes[:, sport].max() < danes[:, health].min() < 1


def test_corrected_articles_teach_a_topic_that_no_set_knows(labelled: Path) -> None:
    from pipeline.tag.train import train

    file = write_lines(
        labelled / "corrections.jsonl",
        [corrected(text, ["vn:caves"], corrected=["topics"]) for text in texts(KARST)],
    )
    report = train(labelled, labelled / "model.bin", file, TOPICS)
    assert report.classes["vn:caves"] >= 20
    model = load_model(labelled / "model.bin")
    margins = model.read(Vocabulary().read([("title", KARST.format(99, "Tú"))])).margins
    assert model.classes[int(margins.argmax())] == "vn:caves"


def test_a_corrected_topic_speaks_for_those_above_it(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "c.jsonl", [corrected("Tôm được giá", ["medtop:20000213"])])
    (text,) = read_corrections(file, TOPICS, frozenset({"medtop:15000000"}))
    assert {"medtop:20000213", "medtop:04000000"} <= text.topics
    assert "medtop:15000000" in text.known - text.topics


def test_articles_of_which_only_provinces_were_corrected_say_nothing_of_topics(tmp_path: Path) -> None:
    rows = [corrected("a", ["medtop:15000000"], corrected=[part]) for part in ("provinces", "topics")]
    file = write_lines(tmp_path / "c.jsonl", rows)
    assert len(read_corrections(file, TOPICS, frozenset())) == 1
    assert len(read_items(file)) == 1


def test_corrected_articles_can_be_evaluated_as_exported(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "c.jsonl", [corrected("Tôm được giá", ["medtop:20000213"])])
    assert read_items(file) == [(Taggable(title="Tôm được giá", body="Tôm được giá"), ("medtop:20000213",))]


@pytest.mark.parametrize("line", ['{"title": "x"}', "[1]", '{"title": "x", "topics": 3}'])
def test_a_line_that_is_no_corrected_article_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text(json.dumps(corrected("a", [])) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 2"):
        read_corrections(file, TOPICS, frozenset())
