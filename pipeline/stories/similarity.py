"""How likely two documents tell the same event. Pure.

Three signals are kept apart: copied text (runs of words in common), the same facts (names, numbers, dates,
concepts: the same in both languages), and, within a language, the same words. Their weights were fitted by
logistic regression on invented newswire and rounded; they are properties of news prose, not of any set.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from operator import mul

import numpy as np

from models.story import StoryDocument
from pipeline.stories.days import Day
from pipeline.stories.features import Features

PRIOR_DOCUMENTS = 400
"""So many documents of general news, with facts as common as they are there, are assumed on top of those at
hand, so that two documents alone are judged as sensibly as ten thousand."""
# In how many of them a fact of its class stands that the table of common facts does not list.
_PRIOR = {"c": 2.0, "n": 1.0, "d": 24.0}
_DIGITS_PRIOR = {1: 12.0, 2: 8.0, 3: 3.0}  # by significant digits: anything can number 50, 200 or 12
_LONG_NUMBER_PRIOR = 1.0
_SINGLE_NAME_PRIOR = 4.0  # one syllable of a name says less than two
_OFFICE_PRIOR = 24.0

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

NEAR_DAYS = 2.0
CONCEPTS_AT_HAND = 300  # so many concepts are what news chooses from, the more frequent ones more often
MOST_BY_CHANCE = 0.6
BY_CHANCE = 0.06  # share of the weight of names that long texts on one province have in common anyway
COPIED = 0.55  # share of the shorter text's runs that stand in the other: a reprint, however trimmed
VERBATIM = 0.8  # share from which it is one text, whatever else differs


@dataclass(frozen=True, slots=True)
class Known:
    """How many documents there are beyond those at hand, and how many of them have a fact, where it is
    known."""

    documents: int
    facts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Document frequencies of facts and words over the documents at hand, and what is common in the news."""

    documents: int
    facts: Mapping[str, int]
    words: Mapping[str, int]
    common: Mapping[str, float]
    known: Known | None = None

    def fact_weight(self, fact: str) -> float:
        """How much a shared fact says, in nats."""
        prior = self.common.get(fact, 0.0) * PRIOR_DOCUMENTS or _prior(fact)
        if self.known is None:
            return math.log((self.documents + PRIOR_DOCUMENTS) / (self.facts.get(fact, 0) + prior))
        count = self.known.facts.get(fact)
        if count is None:  # as common as it is in the news
            return math.log(PRIOR_DOCUMENTS / prior)
        return math.log((self.known.documents + PRIOR_DOCUMENTS) / (count + prior))

    def word_weight(self, word: str) -> float:
        """The inverse document frequency of a folded word."""
        return math.log((self.documents + 1) / (self.words.get(word, 0) + 0.5)) + 0.1


def _prior(fact: str) -> float:
    """In how many of the assumed documents a fact stands that is not known to be common."""
    if fact[0] == "#":
        return _DIGITS_PRIOR.get(len(fact[1:].rstrip("0").replace(".", "")), _LONG_NUMBER_PRIOR)
    if fact[0] != "n":
        return _PRIOR[fact[0]]
    words = fact[2:].replace("’", "'").removesuffix("'s").split()
    offices = sum(word in _OFFICES for word in words)
    if offices == len(words):
        return _OFFICE_PRIOR
    return _PRIOR["n"] if len(words) > 1 and not offices else _SINGLE_NAME_PRIOR


@dataclass(frozen=True, slots=True)
class Weighted:
    """A document's features with the weights that the corpus gives them."""

    features: Features
    classes: dict[str, dict[str, float]]
    head: dict[str, float]
    title: dict[str, float]
    title_words: dict[str, float]
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
        {fact: corpus.fact_weight(fact) for fact in features.title},
        {word: corpus.word_weight(word) for word in features.title_words},
        {word: value / length for word, value in vector.items()},
    )


def overlap(a: Mapping[str, float], b: Mapping[str, float]) -> tuple[float, float]:
    """Share of the weight that both have (0..1, by the geometric mean of the two), and the weight itself."""
    common = _told_once(a.keys() & b.keys())
    shared = math.fsum(map(a.__getitem__, common))
    if not shared:  # nothing, or only what stands everywhere: a headline that is the name of a province
        return 0.0, 0.0
    return shared / math.sqrt(math.fsum(a.values()) * math.fsum(b.values())), shared


def _beyond_chance(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """The overlap of concepts beyond what texts with so many of them have in common anyway, 0..1."""
    chance = min(MOST_BY_CHANCE, math.sqrt(len(a) * len(b)) / CONCEPTS_AT_HAND)
    return max(0.0, (overlap(a, b)[0] - chance) / (1 - chance))


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
    days: float
    words: float
    provinces: float
    hours: float
    same_language: bool
    clash: float = 0.0
    title: float = 0.0
    elsewhere: float = 0.0
    storm: float = 0.0

    @property
    def only_numbers(self) -> bool:
        """Whether nothing but numbers and days is in both: a sum of money that is told twice on one day."""
        return not (self.copied or self.names or self.concepts or self.head or self.words)

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
            self.days,
            self.words,
            self.provinces,
            min(self.hours, 120.0) / 24,
            self.clash,
            self.title,
            self.elsewhere,
            self.storm,
        ]


def likeness(a: Weighted, b: Weighted) -> Likeness:
    """Compare two documents."""
    names, name_mass = overlap(a.classes["n"], b.classes["n"])
    numbers, number_mass = overlap(a.classes["#"], b.classes["#"])
    chance = BY_CHANCE * math.sqrt(math.fsum(a.classes["n"].values()) * math.fsum(b.classes["n"].values()))
    concepts = _beyond_chance(a.classes["c"], b.classes["c"])
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
        days=_days(a.features.days, b.features.days),
        words=_cosine(a.vector, b.vector) if same else 0.0,
        provinces=_places(one, two),
        hours=abs((one.published_at - two.published_at).total_seconds()) / 3600,
        same_language=same,
        clash=_clash(a.classes["#"], b.classes["#"]),
        title=_told(a, b, same_language=same),
        elsewhere=_elsewhere(a.features, b.features),
        storm=float(not a.features.storms.isdisjoint(b.features.storms)),
    )


def _days(a: Collection[Day], b: Collection[Day]) -> float:
    """1 where two texts name a common day, 0 where one names none or they go on a day or two later, -1 where
    their days are far apart."""
    if not a or not b:
        return 0.0
    if not set(a).isdisjoint(b):
        return 1.0
    apart = min(abs((x[0] - y[0]) * 30.4 + x[1] - y[1]) for x in a for y in b)
    return 0.0 if apart <= NEAR_DAYS else -1.0


def _told(a: Weighted, b: Weighted, *, same_language: bool) -> float:
    """0..1, how much of their headlines the two texts tell of each other: of its words within a language, of
    its facts across languages."""
    if same_language:
        return (_covered(a.title_words, b.vector) + _covered(b.title_words, a.vector)) / 2
    return (_covered(a.title, b.features.facts) + _covered(b.title, a.features.facts)) / 2


def _covered(weights: Mapping[str, float], by: Container[str]) -> float:
    total = math.fsum(weights.values())
    return math.fsum(w for key, w in weights.items() if key in by) / total if total else 0.0


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


def _elsewhere(a: Features, b: Features) -> float:
    """How much speaks for two incidents or trials and not one, 0..2. Incidents: 1 where they are in other
    provinces or each text names a commune or district and the other's nowhere, 2 where the times of day named
    are apart too. Trials: 2 where none of the offences named is the same."""
    one, two = a.scene, b.scene
    if one.offences and two.offences and not one.offences & two.offences:
        return 2.0
    if not (one.incident and two.incident):
        return 0.0
    units = one.units and two.units and not (one.units & b.facts or two.units & a.facts)
    if not units and _places(a.document, b.document) >= 0:
        return 0.0
    return 2.0 if one.far_in_time(two) else 1.0


def _cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    common = a.keys() & b.keys()
    return math.fsum(map(mul, map(a.__getitem__, common), map(b.__getitem__, common)))


WEIGHTS: dict[bool, tuple[float, ...]] = {
    # bias, copied, names, numbers, concepts, head, mass, days, words, provinces, hours, clash, title,
    # elsewhere, storm
    # same language: a text's own words count; copied text is judged by `COPIED`, not here
    True: (-4.8, 0.0, 0.9, 0.9, 3.7, 3.5, 1.1, 0.9, 3.0, 1.8, -1.0, -1.2, 1.5, -3.5, 2.5),
    # two languages: only facts can be compared
    False: (-4.2, 0.0, 0.8, 1.3, 4.7, 3.4, 2.2, 1.1, 0.0, 1.8, -1.7, -1.4, 2.3, -3.5, 2.5),
}
COPIED_BONUS = 8.0


def logit(like: Likeness) -> float:
    """The log-odds that two documents tell one event."""
    score = sum(w * v for w, v in zip(WEIGHTS[like.same_language], like.values(), strict=True))
    return score + (COPIED_BONUS if like.copied >= COPIED else 0.0)
