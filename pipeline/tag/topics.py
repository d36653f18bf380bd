"""What an article is about: topics with scores and the words that speak for them.

Three witnesses are heard. Cues (config/topics.toml) speak for any topic, most in title and lead. The section
that the outlet put the article in (config/sections.tsv; its name and the folders of the address) speaks for
one topic, weakly where outlets use it for everything. The linear model (config/models/topics.bin) speaks for
the topics that it was trained on. Their points are added; which topics are given, and how surely, is weighed
by them, by what topics stand beside and by what a second model (config/models/topic_words.bin), trained on
articles with topics by hand, says of the words (topics_choice). Where only a top
level is sure, the top level is given. Where nothing is, nothing is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from models.tags import Evidence, Taggable, TopicTag
from pipeline.language import VIETNAMESE, detect
from pipeline.memory import making_what_stays
from pipeline.tag.fields import Field, read_fields
from pipeline.tag.topic_model import Reading, TopicModel, load_model
from pipeline.tag.topics_choice import USUAL, Candidate, Choice, candidates, load_choice, own_topics, score_of
from pipeline.tag.topics_config import WEIGHTS, Sections, Topic, load_sections, load_topic_file, slug
from pipeline.tag.topics_cues import CueTable, Hits, Ints, stems
from pipeline.tag.topics_words import Vocabulary, Words
from pipeline.vietnamese import exact, fold

Floats = NDArray[np.float64]

MOST = 3  # topics of one article, of those that the choice knows
AMONG = 6  # topics with most points among which they are chosen
LONGEST = 12_000  # characters of the body that are read
UNLIKELY = -1.1  # logit of the model up to which it says nothing
_HEAD = 2  # the number of the head among title, lead, head and tail
QUOTES = 6  # cues quoted for a topic
TONELESS = 0.06  # share of words with marks below which Vietnamese counts as typed without them


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """How the witnesses are weighed. All points are in the unit of one plain cue in the body being 1.5."""

    title: float = 2.2
    lead: float = 1.5
    tail: float = 0.5
    lead_words: int = 46  # of the body, read as its lead when the article has none
    head_words: int = 210  # of the body; what follows is the tail
    read_words: int = 320  # of the article in which cues are looked for
    again: float = 0.35  # what each further meeting of the same words counts
    length: int = 110  # words above which points of cues are thinned, by the square root
    model: float = 2.6  # points of a sure model on a short text, which it reads badly
    model_long: float = 8.0  # what a long text adds to that
    short: int = 125  # words up to which a text is short
    long: int = 420  # words from which a text is long
    model_up: float = 0.45  # share of a top level's points that its finer topics with cues of their own get
    enough: float = 2.2  # points that a topic needs


@dataclass(slots=True)
class _Heard:
    """One article while it is weighed: the points of each witness for each topic, in the order of the file.

    `said` is what the second model says of each, a margin; `hits` are the cues
    met, each with the points that it gives; `proven` the topics of which a strong cue stands in title or
    lead; `section` is the topic that the section speaks for (-1 for none)."""

    article: Taggable
    fields: Sequence[Field]
    words: Words
    cues: Floats
    model: Floats
    sections: Floats
    said: Floats
    proven: frozenset[int] = frozenset()
    hits: list[tuple[Floats, Hits, Ints]] = field(default_factory=list)
    reading: Reading | None = None
    section: int = -1

    def length(self, weigh: Weighing) -> float:
        """0 for a short text, 1 for a long one, and between them a share."""
        return min(1.0, max(0.0, (len(self.words) - weigh.short) / (weigh.long - weigh.short)))

    def places(self, weigh: Weighing) -> tuple[int, int, int]:
        """The places at which title, lead and head end."""
        ends = {name: (begin, end) for name, _, begin, end in self.words.fields}
        title = ends.get("title", (0, 0))[1]
        begin, end = ends.get("body", (len(self.words), len(self.words)))
        lead = ends["lead"][1] if "lead" in ends else min(begin + weigh.lead_words, end)
        return title, lead, begin + weigh.head_words

    def evidence(self, quotes: Sequence[Sequence[tuple[str, int, int]]]) -> list[list[Evidence]]:
        """The words at these places, quoted as they were given."""
        fields = {field.name: field for field in self.fields}
        return [
            [fields[name].quote(start, end, rule) for rule, name, start, end in some]
            for some in self.words.spans(quotes)
        ]


class TopicTagger:
    """Tags articles with topics. Holds all tables; make one with `load_topics` and keep it."""

    def __init__(
        self,
        topics: Mapping[str, Topic],
        sections: Sections,
        model: TopicModel | None,
        choice: Choice,
        weighing: Weighing | None = None,
        hand_model: TopicModel | None = None,
    ) -> None:
        self.topics = dict(topics)
        self.model = model
        self.choice = choice
        self.weighing = weighing or Weighing()
        self._sections = sections
        self._ordered = list(self.topics.values())
        self._number = {topic.id: number for number, topic in enumerate(self._ordered)}
        self._top = np.array([self._number[topic.top] for topic in self._ordered])
        self._ids, self._tops = list(self.topics), self._top.tolist()
        self._known = [at for at, name in enumerate(self._ids) if choice.knows(name)]
        self._own = frozenset(range(len(self._ids))).difference(self._known)
        self._unheard = np.full(len(self._ordered), USUAL)
        self._is_finer = self._top != np.arange(len(self._ordered))
        self._class_of = {
            self._number[name]: at for at, name in enumerate(model.classes if model else ()) if name in topics
        }
        self._classes, self._asked = list(self._class_of), list(self._class_of.values())
        self._cues = {"vi": CueTable(self._ordered, "vi")}
        self._words = Vocabulary(stems(cue for topic in self._ordered for cue in topic.cues))
        self._plain_words = Vocabulary(plain=True)
        self.use_words(hand_model)

    def use_words(self, model: TopicModel | None) -> None:
        """Have this model tell what words say of each topic; without one they say nothing."""
        self.hand_model = model
        classes = model.classes if model else ()
        by_hand = {self._number[name]: at for at, name in enumerate(classes) if name in self._number}
        self._said, self._said_at = list(by_hand), list(by_hand.values())

    def tag(self, article: Taggable, fields: Sequence[Field] | None = None) -> tuple[TopicTag, ...]:
        """The topics of an article, most central first: none, or up to three, and the own topics that
        the choice was not fitted to. `fields` are the article's, if they were read before. Never raises on
        any text."""
        heard = self._hear(article, fields)
        logits = self._choose(heard)
        chosen = list(logits)
        evidence = heard.evidence([self._quotes(number, heard) for number in chosen])
        if heard.section in chosen:
            text = article.section
            evidence[chosen.index(heard.section)].append(Evidence("section", 0, len(text), text, "section"))
        return tuple(
            TopicTag(
                self._ordered[number].id,
                self._ordered[number].label_en,
                score_of(logits[number]),
                tuple(of),
            )
            for number, of in zip(chosen, evidence, strict=True)
        )

    def points(self, article: Taggable) -> dict[str, float]:
        """The points of every topic that anything speaks for, before choosing."""
        points = self._points(self._hear(article)).tolist()
        return {name: value for name, value in zip(self._ids, points, strict=True) if value}

    @cached_property
    def _names(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """What queries call the topics. Made when first asked for: tagging needs none of it."""
        return _names(self._ordered)

    def resolve(self, query: str) -> tuple[str, ...]:
        """The topic ids that a query means: an id, a Vietnamese or English label, or an alias, with or
        without tones. Empty if it means none."""
        if query in self.topics:
            return (query,)
        text = " ".join(query.split())
        for names, key in ((self._names[0], exact(text)), (self._names[1], fold(text))):
            if key in names:
                return tuple(names[key])
        return ()

    def with_finer(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Topics, and behind them all that lie below them at any depth."""
        found = dict.fromkeys(ids)
        grown = 0
        while grown < len(found):
            grown = len(found)
            found |= dict.fromkeys(
                each.id for each in self._ordered if {each.parent, each.top} & found.keys()
            )
        return tuple(found)

    def label(self, topic_id: str, language: str = "en") -> str:
        """The topic's label in `vi` or `en`; the id itself for an unknown topic."""
        topic = self.topics.get(topic_id)
        if topic is None:
            return topic_id
        return topic.label_vi if language == "vi" else topic.label_en

    def _hear(self, article: Taggable, fields: Sequence[Field] | None = None) -> _Heard:
        """What every witness says of an article."""
        fields = read_fields(article) if fields is None else fields
        given = [(each.name, each.text[:LONGEST] if each.name == "body" else each.text) for each in fields]
        cues, model, section = np.zeros((3, len(self._ordered)))
        heard = _Heard(article, fields, self._words.read(given), cues, model, section, self._unheard)
        kinds = self._kinds(article.language, heard.words)
        if kinds == ("toneless",):
            heard.words = self._plain_words.read(given)
        if len(heard.words):
            self._hear_cues(heard, kinds)
            self._hear_model(heard)
            self._hear_hand_model(heard)
        self._hear_section(heard)
        return heard

    def _kinds(self, language: str, words: Words) -> tuple[str, ...]:
        """Which cues read the text: by its language, and whether it carries tones at all."""
        language = language or detect(" ".join(text[:600] for _, text, _, _ in words.fields))
        if language == VIETNAMESE:
            return ("toneless",) if words.marked_share() < TONELESS else ("vi",)
        return ("en",) if language == "en" else ("en", "vi")

    def _cues_of(self, kind: str) -> CueTable:
        """The cues for a kind of text; those for other than Vietnamese with its tones on first use."""
        if kind not in self._cues:
            plain = kind == "toneless"
            self._cues[kind] = CueTable(self._ordered, "vi" if plain else kind, plain=plain)
        return self._cues[kind]

    def _hear_cues(self, heard: _Heard, kinds: Sequence[str]) -> None:
        weigh, words = self.weighing, heard.words
        shouting = frozenset(name for name, text, _, _ in words.fields if text.isupper())
        size = min(len(words), weigh.read_words)
        thin = 1 / math.sqrt(max(1.0, size / weigh.length))
        by_place = np.array([weigh.title, weigh.lead * thin, thin, weigh.tail * thin])
        for kind in kinds:
            table = self._cues_of(kind)
            hits = table.find(words, size, shouting)
            if not len(hits.topic):
                continue
            field_of = np.array(heard.places(weigh)).searchsorted(hits.place, side="right")
            if self._own:
                proves = (hits.weight >= WEIGHTS["strong"]) & (field_of < _HEAD)
                heard.proven |= frozenset(hits.topic[proves].tolist())
            again = hits.again()
            worth = hits.weight * by_place[field_of] * weigh.again**again
            heard.cues += np.bincount(hits.topic, worth, minlength=len(self._ordered))
            heard.hits.append((worth, hits, again))

    def _hear_model(self, heard: _Heard) -> None:
        if self.model is None:
            return
        heard.reading = self.model.read(heard.words, heard.article.body)
        weigh = self.weighing
        share = heard.length(weigh)
        full = weigh.model + weigh.model_long * share
        logits = self.model.logits(heard.reading)
        points = full / (1 + np.exp(-logits))
        points[logits <= UNLIKELY] = 0
        heard.model[self._classes] = points[self._asked]

    def _hear_hand_model(self, heard: _Heard) -> None:
        if self.hand_model is not None:
            heard.said = self._unheard.copy()
            heard.said[self._said] = self.hand_model.read(heard.words).margins[self._said_at]

    def _hear_section(self, heard: _Heard) -> None:
        article = heard.article
        for one in _sections(article.section, article.url):
            found = self._sections.find(article.outlet, one)
            if found and found[0] in self._number:
                heard.section = self._number[found[0]]
                heard.sections[heard.section] = found[1]
                return

    def _points(self, heard: _Heard) -> Floats:
        """The points of all topics, where what speaks for a top level also helps its finer topics that have
        cues."""
        own = heard.model + heard.sections
        help_of_top = np.minimum(heard.cues, self.weighing.model_up * own[self._top]) * self._is_finer
        points: Floats = heard.cues + own + help_of_top
        return points

    def candidates(self, article: Taggable) -> list[Candidate]:
        """The topics with enough points that the choice knows, most points first, with what speaks for giving
        each."""
        return self._weigh(self._hear(article))[1]

    def _weigh(self, heard: _Heard) -> tuple[list[tuple[int, float]], list[Candidate]]:
        """All topics with enough points, most points first, and the first that the choice knows with what
        speaks for giving each."""
        points = self._points(heard)
        enough = (points >= self.weighing.enough).nonzero()[0]
        strengths = dict(zip(enough.tolist(), points[enough].tolist(), strict=True))
        ranked = sorted(strengths.items(), key=lambda pair: (-pair[1], pair[0]))
        known = [one for one in ranked if one[0] not in self._own] if self._own else ranked
        said = heard.said.tolist()
        return ranked, candidates(known[:AMONG], self._ids, self._tops, said, self.choice)

    def _choose(self, heard: _Heard) -> dict[int, float]:
        """The topics that are given, the likeliest first, with the logits of their chances."""
        ranked, found = self._weigh(heard)
        own: dict[int, float] = {}
        if self._own:
            own = own_topics(ranked, self._own, heard.proven, self._ids, self._tops, self.choice)
            ranked = [one for one in ranked if one[0] not in self._own or one[0] in own]
        strengths = dict(ranked)
        logits = sorted((-self.choice.logit(one), one.topic) for one in found)
        chosen: dict[int, float] = {}
        told = False  # whether an own topic tells the same as the first
        for minus, number in logits:
            if len(chosen) == MOST or ((chosen or told) and -minus < self.choice.least):
                break
            if not self._implied(number, strengths):
                chosen[number] = -minus
            else:
                told |= any(self._tops[one] == number for one in own)
        if own:
            return dict(sorted((chosen | own).items(), key=lambda one: (-one[1], one[0])))
        return chosen

    def _implied(self, number: int, strengths: Mapping[int, float]) -> bool:
        """Whether a top level says nothing beside a finer topic of it that is about as strong."""
        if self._tops[number] != number:
            return False
        least = 0.6 * strengths[number]
        return any(
            points >= least and self._tops[other] == number
            for other, points in strengths.items()
            if other != number
        )

    def _quotes(self, number: int, heard: _Heard) -> list[tuple[str, int, int]]:
        """Rule, first place and number of words of what speaks most for a topic."""
        quotes = [("cue", at, size) for at, size in _heaviest_cues(heard.hits, number)]
        if self.model is not None and heard.reading and heard.model[number] >= self.weighing.enough / 2:
            index = self._class_of[number]
            quotes += [("model", at, size) for at, size in self.model.heaviest(heard.reading, index)]
        return quotes


def _heaviest_cues(hits: Sequence[tuple[Floats, Hits, Ints]], topic: int) -> list[tuple[int, int]]:
    """First place and number of words of the cues that gave a topic most points, each where it was met
    first."""
    met: list[tuple[float, int, int]] = []
    for worth, (topics, places, sizes, _, _), again in hits:
        begin, end = topics.searchsorted((topic, topic + 1)).tolist()
        met += [
            (-points, place, size)
            for points, place, size, before in zip(
                worth[begin:end].tolist(),
                places[begin:end].tolist(),
                sizes[begin:end].tolist(),
                again[begin:end].tolist(),
                strict=True,
            )
            if not before
        ]
    return [(place, size) for _, place, size in sorted(met)[:QUOTES]]


@lru_cache(maxsize=4096)
def _sections(section: str, url: str) -> tuple[str, ...]:
    """The slugs of an article's section and of the folders of its address, the innermost first."""
    name = section.replace(">", "/").replace("|", "/")
    slugs = [slug(part) for part in reversed(name.split("/"))]
    return tuple(one for one in slugs + _folders(url.rpartition("/")[0]) if one)


def _folders(path: str) -> list[str]:
    """The slugs of the folders of an address without its file, the innermost first."""
    try:
        return [slug(part) for part in reversed(urlsplit(path).path.split("/"))]
    except ValueError:
        return []


def _names(topics: Sequence[Topic]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Labels, aliases and bare codes → ids, in the exact and in the folded form."""
    exact_names: dict[str, list[str]] = {}
    folded_names: dict[str, list[str]] = {}
    for kind in range(2):  # labels before aliases: a label means its own topic alone
        for topic in topics:
            code = topic.id.rpartition(":")[2]
            names = topic.aliases if kind else (topic.label_vi, topic.label_en, code, topic.id)
            for name in names:
                for table, key in ((exact_names, exact(name)), (folded_names, fold(name))):
                    ids = table.setdefault(key, [])
                    if topic.id not in ids and not (kind and any(_labelled(topics, i, key) for i in ids)):
                        ids.append(topic.id)
    return exact_names, folded_names


def _labelled(topics: Sequence[Topic], topic_id: str, key: str) -> bool:
    return any(t.id == topic_id and key in (exact(t.label_vi), exact(t.label_en)) for t in topics)


def load_topics(config_dir: Path, *, with_model: bool = True, choice: Choice | None = None) -> TopicTagger:
    """The topic tagger of a configuration folder: `topics.toml`, `sections.tsv`, `models/topics.bin`,
    `models/topic_words.bin` and `models/topic_choice.toml` (or another choice, that is given; the words
    belong to that of the file).

    Raises ConfigError naming the file, the key and the reason.
    """
    with making_what_stays():
        topics = load_topic_file(config_dir / "topics.toml")
        sections = load_sections(config_dir / "sections.tsv", topics)
        models = config_dir / "models"
        model = load_model(models / "topics.bin") if with_model else None
        hand_model = load_model(models / "topic_words.bin") if with_model and choice is None else None
        choice = choice or load_choice(models / "topic_choice.toml")
        return TopicTagger(topics, sections, model, choice, hand_model=hand_model)
