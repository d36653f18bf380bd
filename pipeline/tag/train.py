"""Training the linear topic model from the labelled sets; scikit-learn is needed here and nowhere else.

Each class is a yes-or-no question, asked of the texts whose set can answer it (see topic_sets). Near copies
are taken out first. The chances of the model are fitted on texts that it did not see. Everything is fixed by
SEED: the same data gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.tag import topic_sets
from pipeline.tag.optional import sklearn
from pipeline.tag.topic_model import (
    SIGNED_SHARE,
    SLOT_BITS,
    TopicModel,
    features,
    is_signed,
    pack,
    unpack,
)
from pipeline.tag.topic_sets import Labelled
from pipeline.tag.topics import LONGEST
from pipeline.tag.topics_config import Topic
from pipeline.tag.topics_words import Vocabulary
from pipeline.tag.train_margins import Held, chances, evened

SEED = 20261122
FOLDS = 5
ROWS = 150_000  # features kept
RAREST = 3  # texts that a feature must stand in
MARGIN_COST = 3.0  # C of the support vector machine
ROUNDS = 5000  # of the machine at most
FEWEST = 20  # positive texts that a class needs
EVIDENCE = 0.35  # power of a word's log-odds by which it is stretched before the machine sees it
SET_WEIGHTS = {
    "five_outlets_2016": 0.1,  # ten years old, and sections of five outlets' making
    "danes_raw": 0.1,  # a folder of the address is a weaker word than an annotator's
    "danes": 0.8,  # several topics each, by other rules than the sections of outlets
    "corrections": 3.0,  # what readers of this very program said
}
"""How much a text of a set counts; 1 for the others."""
ENOUGH = 150  # positive texts of the sections of today that teach a class well
ENOUGH_WEIGHTS = {**SET_WEIGHTS, "five_outlets_2016": 0.02, "danes_raw": 0.02, "danes": 0.15}
"""The same for a class that today's sections teach well: there the other sets, which draw its borders by
other rules, have little to add and blur them."""
SECTION_SETS = ("vnexpress_dantri_2024/train", "unc_dantri", "vns_en")  # one section for each text
SEVERAL_SET = "danes"  # several topics for each text

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What was trained: texts per set after and near copies taken out, classes with their positive texts,
    size and SHA-256 of the file."""

    texts: dict[str, int]
    copies: dict[str, int]
    classes: dict[str, int]
    bytes: int
    sha256: str


@dataclass(slots=True)
class Corpus:
    """All texts as a sparse matrix of dampened counts, and the answers: 1 yes, -1 no, 0 cannot say."""

    texts: list[Labelled]
    keys: NDArray[np.uint32]
    plain: NDArray[np.uint32]  # keys of the folded form, in the order of `keys`
    counts: Any
    classes: list[str]
    answers: NDArray[np.int8]
    group: Rows  # near copies share a number
    weight: NDArray[np.float64]  # how much each text counts for each class

    def rows_of(self, *sets: str) -> Rows:
        """The rows of the texts of some sets."""
        return np.flatnonzero(np.isin([text.set for text in self.texts], sets))

    def distinct(self) -> Rows:
        """The rows without near copies: the first of each group."""
        return np.sort(np.unique(self.group, return_index=True)[1])


def read_sets(
    data_dir: Path, corrections: Path | None = None, topics: Mapping[str, Topic] | None = None
) -> list[Labelled]:
    """All labelled texts under `data_dir`, and those of a file of corrected articles, in a fixed order."""
    texts = [
        *topic_sets.read_vnexpress_dantri(data_dir, "test"),
        *topic_sets.read_vnexpress_dantri(data_dir, "train"),
        *topic_sets.read_unc_dantri(data_dir),
        *topic_sets.read_vns_en(data_dir),
        *topic_sets.read_danes(data_dir),
        *topic_sets.read_five_outlets(data_dir),
        *topic_sets.read_danes_raw(data_dir),
    ]
    if corrections is not None:
        known = frozenset(name for text in texts for name in text.known)
        texts += topic_sets.read_corrections(corrections, topics or {}, known)
    return texts


def build_corpus(texts: list[Labelled], fewest: int = FEWEST) -> Corpus:
    """Count the features of all texts and find near copies. A topic of `fewest` texts is a class."""
    sparse = sklearn("scipy.sparse")
    exact, folded = Vocabulary(), Vocabulary(plain=True)
    keys, plain, values, lengths = [], [], [], []
    for text in texts:
        given = [("title", text.title), ("body", text.body[:LONGEST])]
        found, first, counts = np.unique(
            _keys(exact, given, text.body), return_index=True, return_counts=True
        )
        keys.append(found)
        plain.append(_keys(folded, given, text.body)[first])
        values.append(1 + np.log(counts))
        lengths.append(len(found))
    known, first, columns = np.unique(np.concatenate(keys), return_index=True, return_inverse=True)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    counts = sparse.csr_matrix((np.concatenate(values), columns, starts), shape=(len(texts), len(known)))
    classes, answers = _answers(texts, fewest)
    folds = np.concatenate(plain)[first]
    weight = _weights([text.set for text in texts], answers)
    return Corpus(texts, known, folds, counts, classes, answers, _near_copies(keys), weight)


def _keys(vocabulary: Vocabulary, given: Sequence[tuple[str, str]], body: str) -> NDArray[np.uint32]:
    return (features(vocabulary.read(given), body) >> np.uint64(32)).astype(np.uint32)


def _answers(texts: Sequence[Labelled], fewest: int) -> tuple[list[str], NDArray[np.int8]]:
    tally: dict[str, int] = {}
    for text in texts:
        for topic in text.topics:
            tally[topic] = tally.get(topic, 0) + 1
    classes = sorted(topic for topic, count in tally.items() if count >= fewest)
    rows = [[1 if c in text.topics else -1 if c in text.known else 0 for c in classes] for text in texts]
    return classes, np.array(rows, dtype=np.int8)


def _weights(sets: Sequence[str], answers: NDArray[np.int8]) -> NDArray[np.float64]:
    """How much each text counts for each class."""
    enough = (answers[np.isin(sets, SECTION_SETS)] == 1).sum(axis=0) >= ENOUGH
    few, many = ([table.get(name, 1.0) for name in sets] for table in (SET_WEIGHTS, ENOUGH_WEIGHTS))
    return np.where(enough, np.array(many)[:, None], np.array(few)[:, None])


def _near_copies(marks: Sequence[NDArray[np.uint32]], share: float = 0.6) -> Rows:
    """A number per text, the same for texts of which `share` of all features are common to both. Candidates
    share one of their sixteen smallest hashes, which must be rare."""
    group = np.arange(len(marks), dtype=np.int64)
    seen: dict[int, list[int]] = {}
    for number, own in enumerate(marks):
        mixed = np.sort((own.astype(np.uint64) * np.uint64(0x9E3779B1)) & np.uint64(0xFFFFFFFF))[:16]
        met = [seen.setdefault(key, []) for key in mixed.tolist()]
        candidates = sorted({other for others in met if len(others) <= 40 for other in others})
        for other in candidates:
            common = len(np.intersect1d(own, marks[other], assume_unique=True))
            if common >= share * (len(own) + len(marks[other]) - common):
                group[number] = group[other]
                break
        for others in met:
            others.append(number)
    return group


def folds(corpus: Corpus) -> Rows:
    """A fold number per text; near copies share one."""
    numbers = np.random.RandomState(SEED).permutation(len(corpus.texts)) % FOLDS
    return numbers[corpus.group]


def fit(corpus: Corpus, rows: Rows) -> bytes:
    """Train on `rows` and give the bytes of a model file."""
    kept = features_of(corpus, rows)
    train = corpus.counts[rows][:, kept]
    idf = rarity(train).astype(np.float16)
    weights, bias = machines(scaled(train, idf, corpus.keys[kept]), corpus.answers[rows], corpus.weight[rows])
    margins = _held_out_margins(corpus, rows, kept)
    added, limits = evened(_by_set(corpus, rows, margins), len(corpus.classes))
    slope, shift = chances(corpus.answers[rows], margins + added)
    return model_file(corpus, kept, idf, weights, bias + added, (slope, shift), limits, len(rows))


def model_file(
    corpus: Corpus,
    kept: Rows,
    idf: NDArray[np.float16],
    weights: NDArray[np.float64],
    bias: NDArray[np.float64],
    chance: tuple[NDArray[np.float64], NDArray[np.float64]],
    limits: NDArray[np.float64],
    texts: int,
) -> bytes:
    """The bytes of a model of the columns `kept`, trained on so many texts; `chance` is the slope and the
    shift by which margins become chances."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    arrays: dict[str, NDArray[Any]] = {
        "keys": corpus.keys[kept],
        "plain": corpus.plain[kept],
        "weights": np.round(weights / scale).astype(np.int8),
        "idf": idf,
        "scale": scale.astype(np.float32),
        "bias": bias.astype(np.float32),
        "slope": chance[0].astype(np.float32),
        "shift": chance[1].astype(np.float32),
    }
    header = {
        "classes": corpus.classes,
        "limits": np.round(limits, 2).tolist(),
        "about": {"seed": SEED, "texts": texts},
    }
    return pack(header, arrays)


def rarity(counts: Any) -> NDArray[np.float64]:
    """Inverse document frequency of each feature."""
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + seen)) + 1)


def features_of(corpus: Corpus, rows: Rows, most: int = ROWS) -> Rows:
    """The columns that tell most about some class (chi squared), `most` at most, one for each slot of the
    model's table."""
    present = corpus.counts[rows].copy()
    present.data[:] = 1
    frequent = np.flatnonzero(np.bincount(present.indices, minlength=present.shape[1]) >= RAREST)
    answers = corpus.answers[rows]
    told = present[:, frequent].T @ (answers != 0).astype(np.float64)
    yes = present[:, frequent].T @ (answers == 1).astype(np.float64)
    expected = told * ((answers == 1).sum(axis=0) / np.maximum((answers != 0).sum(axis=0), 1))
    worth = ((yes - expected) ** 2 / np.maximum(expected, 1e-9)).max(axis=1)
    best = np.argsort(-worth, kind="stable")[:most]
    slots = corpus.keys[frequent[best]] >> np.uint32(32 - SLOT_BITS)
    return np.sort(frequent[best[np.unique(slots, return_index=True)[1]]])


def scaled(counts: Any, idf: NDArray[Any], keys: NDArray[np.uint32]) -> Any:
    """Texts of length one, with the share of their signatures."""
    normalize = sklearn("sklearn.preprocessing").normalize
    rare, signed = idf.astype(np.float64), is_signed(keys)
    text, signature = (normalize(counts.multiply(rare * kind).tocsr()) for kind in (~signed, signed))
    whole = normalize(text + signature * SIGNED_SHARE**0.5)
    whole.eliminate_zeros()
    return whole


def machines(
    texts: Any, answers: NDArray[np.int8], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One linear support vector machine per class, over features stretched by what they alone say of it;
    `weight` is per text and class. The stretching is taken into the weights, so that reading a text knows
    nothing of it."""
    machine = sklearn("sklearn.svm").LinearSVC
    weights = np.zeros((texts.shape[1], answers.shape[1]))
    bias = np.full(answers.shape[1], -1.0)
    for column in range(answers.shape[1]):
        asked = np.flatnonzero(answers[:, column])
        yes = answers[asked, column] == 1
        if yes.any() and not yes.all():
            stretch = _log_odds(texts[asked], yes) ** EVIDENCE
            stretched = texts[asked].multiply(stretch).tocsr()
            stretch /= np.sqrt(stretched.multiply(stretched).sum(axis=1).mean())
            stretched = texts[asked].multiply(stretch).tocsr()
            fitted = machine(C=MARGIN_COST, loss="hinge", max_iter=ROUNDS, random_state=SEED)
            fitted.fit(stretched, yes, weight[asked, column])
            weights[:, column], bias[column] = fitted.coef_[0] * stretch, fitted.intercept_[0]
    return weights, bias


def _log_odds(texts: Any, yes: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How far the share of texts that hold a feature differs between yes and no, as a logarithm (Wang and
    Manning 2012, Baselines and bigrams)."""
    present = texts.astype(bool).astype(np.float64)
    held, held_not = present.T @ yes.astype(np.float64), present.T @ (~yes).astype(np.float64)
    odds = (held + 1) / (yes.sum() + 2) / ((held_not + 1) / ((~yes).sum() + 2))
    return np.asarray(np.abs(np.log(odds)))


def _held_out_margins(corpus: Corpus, rows: Rows, kept: Rows) -> NDArray[np.float64]:
    """The margins of the texts of `rows`, held out in turn."""
    number = folds(corpus)[rows]
    margins = np.zeros((len(rows), len(corpus.classes)))
    for held in np.unique(number):
        train, test = rows[number != held], number == held
        counts, keys = corpus.counts[train][:, kept], corpus.keys[kept]
        idf = rarity(counts)
        weights, bias = machines(scaled(counts, idf, keys), corpus.answers[train], corpus.weight[train])
        margins[test] = scaled(corpus.counts[rows[test]][:, kept], idf, keys) @ weights + bias
    return margins


def _by_set(corpus: Corpus, rows: Rows, margins: NDArray[np.float64]) -> list[Held]:
    """The margins of the texts of `rows` whose sets the model is judged by."""
    names = np.array([corpus.texts[row].set for row in rows])
    owns = [(np.flatnonzero(names == name), name) for name in (*SECTION_SETS, SEVERAL_SET)]
    return [
        Held(margins[own], corpus.answers[rows[own]], several=name == SEVERAL_SET)
        for own, name in owns
        if len(own)
    ]


def train(
    data_dir: Path,
    out: Path,
    corrections: Path | None = None,
    topics: Mapping[str, Topic] | None = None,
) -> TrainReport:
    """Train the shipped model from the labelled sets under `data_dir` and write it to `out`.

    `corrections` is a file of corrected articles (`diembao correct --export`), `topics` those of topics.toml,
    by which a corrected topic also speaks for the topics above it; one with FEWEST articles becomes a class.
    `vnexpress_dantri_2024/test` is left out, so that the shipped model can be measured on it. Raises
    ConfigError if a set is missing, the corrections are none, or scikit-learn is not installed.
    """
    corpus = build_corpus(read_sets(data_dir, corrections, topics))
    held = corpus.rows_of("vnexpress_dantri_2024/test")
    rows = np.setdiff1d(corpus.distinct(), held)
    rows = rows[~np.isin(corpus.group[rows], corpus.group[held])]
    data = fit(corpus, rows)
    unpack(data, str(out))
    out.write_bytes(data)
    return TrainReport(
        _tally(corpus.texts[row].set for row in rows),
        _tally(corpus.texts[row].set for row in np.flatnonzero(corpus.group != np.arange(len(corpus.texts)))),
        {name: int((corpus.answers[rows, at] == 1).sum()) for at, name in enumerate(corpus.classes)},
        len(data),
        hashlib.sha256(data).hexdigest(),
    )


def _tally(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


def cross_validated(corpus: Corpus, sets: Sequence[str]) -> Iterable[tuple[TopicModel, Rows]]:
    """For each fold, a model trained without it by the shipped model's procedure, and the rows of `sets` that
    it has not seen. Near copies stand in one fold, and only the first of them is tested."""
    number, distinct = folds(corpus), corpus.distinct()
    left_out = np.concatenate((corpus.rows_of(*sets),))
    for held in range(FOLDS):
        test = np.intersect1d(left_out[number[left_out] == held], distinct)
        rows = distinct[(number[distinct] != held) & ~np.isin(corpus.group[distinct], corpus.group[test])]
        rows = np.setdiff1d(rows, corpus.rows_of("vnexpress_dantri_2024/test"))
        yield unpack(fit(corpus, rows)), test
