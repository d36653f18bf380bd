"""Training what the words of an article say of each topic, on articles with topics by hand.

The same machine as that of the topic model, over the same features without signatures, in a file of the same
form. The articles are few, some thousands: each topic is asked of every one, and few features are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from models.tags import Taggable
from pipeline.tag.topic_model import TopicModel, is_signed, unpack
from pipeline.tag.topic_sets import Labelled
from pipeline.tag.train import (
    Corpus,
    Rows,
    build_corpus,
    features_of,
    machines,
    model_file,
    rarity,
    scaled,
)

KEPT = 12_000  # features: with the topic model less than 5 MB
FEWEST = 12  # articles that a topic needs
FOLDS = 5

Items = Sequence[tuple[Taggable, tuple[str, ...]]]


def by_hand(items: Items, topics: Sequence[str]) -> Corpus:
    """The articles as a corpus; `topics` are the ids that they could have."""
    known = frozenset(topics)
    texts = [
        Labelled("hand", one.title, f"{one.lead}\n{one.body}".strip(), frozenset(gold) & known, known)
        for one, gold in items
    ]
    return build_corpus(texts, FEWEST)


def fit_words(corpus: Corpus, rows: Rows | None = None) -> bytes:
    """Train on the articles (those of `rows`) and give the bytes of a model file, without limits and
    chances."""
    rows = np.arange(len(corpus.texts)) if rows is None else rows
    kept = features_of(corpus, rows, KEPT)
    kept = kept[~is_signed(corpus.keys[kept])]
    counts = corpus.counts[rows][:, kept]
    idf = rarity(counts).astype(np.float16)
    texts = scaled(counts, idf, corpus.keys[kept])
    weights, bias = machines(texts, corpus.answers[rows], corpus.weight[rows])
    none = np.zeros(len(bias))
    return model_file(corpus, kept, idf, weights, bias, (none, none), none, len(rows))


def held_out(corpus: Corpus) -> Iterator[tuple[range, TopicModel]]:
    """Every article once, by its number, with a model that was trained without it. Articles that stand side
    by side in a file are held out together: they are of one hand."""
    count = len(corpus.texts)
    borders = [count * fold // FOLDS for fold in range(FOLDS + 1)]
    for begin, end in pairwise(borders):
        others = np.concatenate((np.arange(begin), np.arange(end, count)))
        yield range(begin, end), unpack(fit_words(corpus, others))
