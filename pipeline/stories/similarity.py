"""How likely two documents tell the same event. Pure.

Three signals are kept apart: copied text (runs of words in common), the same facts (names, numbers, dates,
concepts: the same in both languages), and, within a language, the same words. Their weights were fitted by
logistic regression on invented newswire and rounded; they are properties of news prose, not of any set.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

import numpy as np

from models.story import StoryDocument
from pipeline.stories.features import Features

# A fact is worth what it is rare. These many documents, in which a fact of its class stands this often, are
# assumed on top of those at hand, so that two documents alone are judged as sensibly as ten thousand.
PRIOR_DOCUMENTS = 400
_PRIOR = {"c": 24.0, "n": 1.0, "#": 2.0, "d": 24.0}
_ROUND_PRIOR = 10.0  # 10, 50, 200: numbers that anything can have
_SINGLE_NAME_PRIOR = 8.0  # one syllable of a name says less than two

# Words of offices and bodies, which are written like names and stand in any political news.
_OFFICES = frozenset(
    """party committee general secretary congress national central prime minister chairman chairwoman
    people people's peoples assembly government state province provincial city vietnam viet nam
    vietnamese politburo resolution deputy vice ministry department president organization office
    council front fatherland union of the and commission bureau director head hanoi chief leader
    comrade member standing municipal secretariat political public security defense defence army
    finance planning investment agriculture environment industry trade culture sports tourism health
    education training construction transport home affairs foreign justice development socio
    economic uy ban nhan dan tinh thanh pho phuong xa bo so dang chinh phu quoc hoi tong bi thu chu
    tich tuong truong trung uong dong doan thuong vu chap hanh vien dai bieu lien minh mat tran to
    cong an quan doi cuc van phong giam doc lanh dao nghi quyet ket luan dinh""".split()
)

BY_CHANCE = 0.06  # share of the weight of names that long texts on one province have in common anyway
COPIED = 0.55  # share of the shorter text's runs that stand in the other: a reprint, however trimmed


@dataclass(frozen=True, slots=True)
class Corpus:
    """Document frequencies of facts and words over the documents at hand."""

    documents: int
    facts: Mapping[str, int]
    words: Mapping[str, int]

    def fact_weight(self, fact: str) -> float:
        """How much a shared fact says, in nats."""
        return math.log((self.documents + PRIOR_DOCUMENTS) / (self.facts.get(fact, 0) + _prior(fact)))

    def word_weight(self, word: str) -> float:
        """The inverse document frequency of a folded word."""
        return math.log((self.documents + 1) / (self.words.get(word, 0) + 0.5)) + 0.1


@lru_cache(maxsize=100_000)
def _prior(fact: str) -> float:
    """In how many of the assumed documents a fact stands."""
    if fact[0] == "#" and len(fact.rstrip("0")) <= 2:
        return _ROUND_PRIOR
    if fact[0] == "n":
        words = fact[2:].replace("’", "'").removesuffix("'s").split()
        if _OFFICES.issuperset(words):
            return _PRIOR["c"]
        return _PRIOR["n"] if len(words) > 1 else _SINGLE_NAME_PRIOR
    return _PRIOR[fact[0]]


@dataclass(frozen=True, slots=True)
class Weighted:
    """A document's features with the weights that the corpus gives them."""

    features: Features
    classes: dict[str, dict[str, float]]
    head: dict[str, float]
    vector: dict[str, float]


def weigh(features: Features, corpus: Corpus) -> Weighted:
    """Prepare one document for comparison."""
    classes: dict[str, dict[str, float]] = {"n": {}, "#": {}, "c": {}, "d": {}}
    for fact in features.facts:
        classes[fact[0]][fact] = corpus.fact_weight(fact)
    vector = {word: (1 + math.log(n)) * corpus.word_weight(word) for word, n in features.words.items()}
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return Weighted(
        features,
        classes,
        {fact: corpus.fact_weight(fact) for fact in features.head},
        {word: value / length for word, value in vector.items()},
    )


def overlap(a: Mapping[str, float], b: Mapping[str, float]) -> tuple[float, float]:
    """Share of the weight that both have (0..1, by the geometric mean of the two), and the weight itself."""
    common = _told_once(a.keys() & b.keys())
    if not common:
        return 0.0, 0.0
    shared = math.fsum(map(a.__getitem__, common))
    return shared / math.sqrt(math.fsum(a.values()) * math.fsum(b.values())), shared


def _told_once(facts: set[str]) -> set[str]:
    """Without the single words of names of which a pair is there too: "quang ninh" is one fact, not three."""
    covered = {f"n:{word}" for fact in facts if fact[0] == "n" and " " in fact for word in fact[2:].split()}
    return facts - covered if covered else facts


def containment(a: Features, b: Features) -> float:
    """The share of the shorter text's runs of words that the other has too, 0..1."""
    small, large = sorted((a.copied, b.copied), key=len)
    if not len(small):
        return 0.0
    places = np.minimum(np.searchsorted(large, small), len(large) - 1)
    return float(np.count_nonzero(large[places] == small)) / len(small)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two documents have in common. `logit` > 0: more likely one event than not."""

    copied: float
    names: float
    numbers: float
    concepts: float
    head: float
    mass: float
    days: int
    words: float
    provinces: float
    hours: float
    same_language: bool
    clash: float = 0.0

    def values(self) -> list[float]:
        """The terms of the score, in the order of `WEIGHTS`."""
        return [
            1.0,
            self.copied,
            self.names,
            self.numbers,
            self.concepts,
            self.head,
            math.log1p(self.mass),
            float(self.days),
            self.words,
            self.provinces,
            min(self.hours, 120.0) / 24,
            self.clash,
        ]


def likeness(a: Weighted, b: Weighted) -> Likeness:
    """Compare two documents."""
    names, name_mass = overlap(a.classes["n"], b.classes["n"])
    numbers, number_mass = overlap(a.classes["#"], b.classes["#"])
    chance = BY_CHANCE * math.sqrt(math.fsum(a.classes["n"].values()) * math.fsum(b.classes["n"].values()))
    concepts, _ = overlap(a.classes["c"], b.classes["c"])
    head, _ = overlap(a.head, b.head)
    one, two = a.features.document, b.features.document
    same = one.language == two.language
    return Likeness(
        copied=containment(a.features, b.features) if same else 0.0,
        names=names,
        numbers=numbers,
        concepts=concepts,
        head=head,
        mass=max(0.0, name_mass + number_mass - chance),
        days=_agreement(frozenset(a.features.days), frozenset(b.features.days)),
        words=_cosine(a.vector, b.vector) if same else 0.0,
        provinces=_places(one, two),
        hours=abs((one.published_at - two.published_at).total_seconds()) / 3600,
        same_language=same,
        clash=_clash(a.classes["#"], b.classes["#"]),
    )


def _agreement(a: frozenset[object], b: frozenset[object]) -> int:
    """1 where two sets meet, -1 where both speak and do not meet, 0 where one is silent."""
    if not a or not b:
        return 0
    return 1 if a & b else -1


def _places(a: StoryDocument, b: StoryDocument) -> float:
    """1 where two documents are about a common province, -1 where one only mentions the other's, -2 where
    neither knows of the other's, 0 where one is about none."""
    mine, yours = set(a.provinces), set(b.provinces)
    if not mine or not yours:
        return 0.0
    if mine & yours:
        return 1.0
    return -1.0 if mine & set(b.mentioned) or yours & set(a.mentioned) else -2.0


def _clash(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """0..1, how much two texts that are full of figures have none in common."""
    if not a or not b or a.keys() & b.keys():
        return 0.0
    return min(len(a), len(b), 6) / 6


def _cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    common = a.keys() & b.keys()
    return math.fsum(map(mul, map(a.__getitem__, common), map(b.__getitem__, common)))


_TERMS = (
    "bias",
    "copied",
    "names",
    "numbers",
    "concepts",
    "head",
    "mass",
    "days",
    "words",
    "provinces",
    "hours",
    "clash",
)
WEIGHTS: dict[bool, tuple[float, ...]] = {
    # same language: a text's own words count; copied text is judged by `COPIED`, not here
    True: (-5.6, 0.0, 0.6, 1.4, 1.6, 2.1, 1.2, 1.4, 2.1, 1.8, -0.5, -1.5),
    # two languages: only facts can be compared
    False: (-3.9, 0.0, 0.5, 1.4, 2.7, 2.0, 1.6, 1.3, 0.0, 1.8, -1.1, -1.1),
}
COPIED_BONUS = 8.0


def logit(like: Likeness) -> float:
    """The log-odds that two documents tell one event."""
    score = sum(w * v for w, v in zip(WEIGHTS[like.same_language], like.values(), strict=True))
    return score + (COPIED_BONUS if like.copied >= COPIED else 0.0)
