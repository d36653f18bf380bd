"""What an article is about: topics with scores and the words that speak for them.

Three witnesses are heard. Cues (config/topics.toml) speak for any topic, most in title and lead. The section
that the outlet put the article in (config/sections.tsv; its name and the folders of the address) speaks for
one topic, weakly where outlets use it for everything. The linear model (config/models/topics.bin) speaks for
the topics that it was trained on. Their points are added; a topic is given when it has enough of them, alone
and beside the best. Where only a top level is sure, the top level is given. Where nothing is, nothing is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from models.tags import Evidence, Taggable, TopicTag
from pipeline.language import VIETNAMESE, detect
from pipeline.tag.topic_model import TopicModel, load_model
from pipeline.tag.topics_config import Sections, Topic, load_sections, load_topic_file, slug
from pipeline.tag.topics_cues import CueFinder, Hit
from pipeline.vietnamese import Aligned, align, exact, fold, marked_share, strip_marks

MOST = 3  # topics of one article
LONGEST = 12_000  # characters of the body that are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """How the witnesses are weighed. All points are in the unit of one plain cue in the body being 1.5."""

    title: float = 2.2
    lead: float = 1.5
    tail: float = 0.5
    lead_chars: int = 220  # of the body, read as its lead when the article has none
    head_chars: int = 1000  # of the body; what follows is the tail
    again: float = 0.35  # what each further meeting of the same words counts
    length: int = 700  # characters above which points of cues are thinned, by the square root
    model: float = 3.5  # points of a sure model on a short text, which it reads badly
    model_long: float = 16.0  # what a text of 2,000 characters and more adds to that
    model_up: float = 0.45  # share of a top level's points that its finer topics with cues of their own get
    enough: float = 3.8
    second: float = 0.46  # share of the best topic's points that a second needs
    third: float = 0.7
    centre: float = 5.2  # points at which a topic is as likely right as wrong
    slope: float = 1.55


@dataclass(slots=True)
class _Field:
    """One field of the article, cleaned."""

    name: str
    aligned: Aligned
    form: str

    def evidence(self, start: int, end: int, given: str, rule: str) -> Evidence:
        first, last = self.aligned.span(start, end)
        return Evidence(self.name, first, last, given[first:last], rule)


@dataclass(slots=True)
class _Case:
    """What speaks for one topic of one article."""

    cues: float = 0.0
    model: float = 0.0
    section: float = 0.0
    quotes: list[tuple[float, str, int, int]] = field(default_factory=list)

    @property
    def points(self) -> float:
        return self.cues + self.model + self.section


class TopicTagger:
    """Tags articles with topics. Holds all tables; make one with `load_topics` and keep it."""

    def __init__(
        self,
        topics: Mapping[str, Topic],
        sections: Sections,
        model: TopicModel | None,
        weighing: Weighing | None = None,
    ) -> None:
        self.topics = dict(topics)
        self.model = model
        self.weighing = weighing or Weighing()
        self._sections = sections
        self._ordered = list(self.topics.values())
        self._number = {topic.id: number for number, topic in enumerate(self._ordered)}
        self._finders = {
            "vi": CueFinder.build(self._ordered, ["vi"]),
            "en": CueFinder.build(self._ordered, ["en"]),
        }
        self._names = _names(self._ordered)

    def tag(self, article: Taggable) -> tuple[TopicTag, ...]:
        """The topics of an article, most central first: none, or up to three. Never raises on any text."""
        given = {"title": article.title, "lead": article.lead, "body": article.body[:LONGEST]}
        fields, cases, section = self._hear(article, given)
        strengths = self._strengths(cases)
        chosen = self._choose(strengths)
        return tuple(
            self._tag(number, cases[number], strengths[number], strengths[chosen[0]], fields, given, section)
            for number in chosen
        )

    def margins(self, article: Taggable) -> dict[str, float]:
        """What the linear model alone says: topic id → logit of its probability."""
        if self.model is None:
            return {}
        texts = [(fold(article.title), 3), (fold(article.lead), 1), (fold(article.body[:LONGEST]), 1)]
        reading = self.model.read(texts)
        logits = self.model.slope * reading.margins + self.model.shift
        return {name: float(value) for name, value in zip(self.model.classes, logits, strict=True)}

    def points(self, article: Taggable) -> dict[str, float]:
        """The points of every topic that anything speaks for, before choosing."""
        given = {"title": article.title, "lead": article.lead, "body": article.body[:LONGEST]}
        _, cases, _ = self._hear(article, given)
        return {self._ordered[number].id: points for number, points in self._strengths(cases).items()}

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

    def label(self, topic_id: str, language: str = "en") -> str:
        """The topic's label in `vi` or `en`; the id itself for an unknown topic."""
        topic = self.topics.get(topic_id)
        if topic is None:
            return topic_id
        return topic.label_vi if language == "vi" else topic.label_en

    def _hear(
        self, article: Taggable, given: Mapping[str, str]
    ) -> tuple[list[_Field], dict[int, _Case], tuple[int, Evidence] | None]:
        """The cleaned fields, what every witness says, and the section's own word."""
        fields = [self._field(name, text) for name, text in given.items() if text.strip()]
        cases: dict[int, _Case] = {}
        if fields:
            self._hear_cues(fields, self._kinds(article.language, fields), cases)
            self._hear_model(fields, cases)
        return fields, cases, self._hear_section(article, cases)

    def _field(self, name: str, text: str) -> _Field:
        aligned = align(text)
        return _Field(name, aligned, exact(aligned.text))

    def _kinds(self, language: str, fields: Sequence[_Field]) -> list[str]:
        """Which automatons read the text: by its language, and whether it carries tones at all."""
        sample = " ".join(part.aligned.text[:600] for part in fields)
        language = language or detect(sample)
        if language == VIETNAMESE:
            return ["toneless"] if marked_share(sample) < 0.06 else ["vi"]
        return ["en"] if language == "en" else ["en", "vi"]

    def _finder_of(self, name: str) -> CueFinder:
        """The automaton of a kind of text; the one for toneless text, seldom met, is made on first use."""
        if name not in self._finders:
            self._finders[name] = CueFinder.build(self._ordered, ["vi"], folded=True)
        return self._finders[name]

    def _hear_cues(self, fields: Sequence[_Field], finders: Sequence[str], cases: dict[int, _Case]) -> None:
        weigh = self.weighing
        has_lead = any(part.name == "lead" for part in fields)
        total = sum(len(part.form) for part in fields)
        thin = 1 / math.sqrt(max(1.0, total / weigh.length))
        met: dict[tuple[int, str], int] = {}
        for part in fields:
            for name in finders:
                form = strip_marks(part.form) if name == "toneless" else part.form
                for hit in self._finder_of(name).find(form, part.aligned.text):
                    key = (hit.topic, form[hit.start : hit.end])
                    times = met[key] = met.get(key, 0) + 1
                    worth = hit.weight * self._place(part.name, hit, has_lead) * weigh.again ** (times - 1)
                    case = cases.setdefault(hit.topic, _Case())
                    case.cues += worth * (1.0 if part.name == "title" else thin)
                    case.quotes.append((worth, part.name, hit.start, hit.end))

    def _place(self, name: str, hit: Hit, has_lead: bool) -> float:
        weigh = self.weighing
        if name == "title":
            return weigh.title
        if name == "lead" or (not has_lead and hit.start < weigh.lead_chars):
            return weigh.lead
        return 1.0 if hit.start < weigh.head_chars else weigh.tail

    def _hear_model(self, fields: Sequence[_Field], cases: dict[int, _Case]) -> None:
        if self.model is None:
            return
        texts = [(strip_marks(part.form), 3 if part.name == "title" else 1) for part in fields]
        reading = self.model.read(texts)
        size = sum(len(part.form) for part in fields)
        full = self.weighing.model + self.weighing.model_long * min(1.0, max(0.0, (size - 600) / 1400))
        for index, chance in enumerate(self.model.probabilities(reading).tolist()):
            number = self._number.get(self.model.classes[index])
            if number is not None and chance > 0.25:
                case = cases.setdefault(number, _Case())
                case.model = full * chance
                if case.model >= self.weighing.enough / 2:
                    for at, start, end in self.model.heaviest(reading, index):
                        case.quotes.append((-1.0, fields[at].name, start, end))

    def _hear_section(self, article: Taggable, cases: dict[int, _Case]) -> tuple[int, Evidence] | None:
        name = article.section.replace(">", "/").replace("|", "/")
        slugs = [slug(part) for part in reversed(name.split("/"))]
        slugs += [slug(part) for part in reversed(_folders(article.url))]
        for one in slugs:
            found = self._sections.find(article.outlet, one) if one else None
            if found and found[0] in self._number:
                number = self._number[found[0]]
                cases.setdefault(number, _Case()).section = found[1]
                text = article.section
                return number, Evidence("section", 0, len(text), text, "section")
        return None

    def _strengths(self, cases: Mapping[int, _Case]) -> dict[int, float]:
        """Points per topic, where what speaks for a top level also helps its finer topics that have cues."""
        strengths = {}
        for number, case in cases.items():
            topic = self._ordered[number]
            points = case.points
            if topic.top != topic.id and case.cues:
                top = cases.get(self._number.get(topic.top, -1))
                if top is not None:
                    points += min(case.cues, self.weighing.model_up * (top.model + top.section))
            strengths[number] = points
        return strengths

    def _choose(self, strengths: Mapping[int, float]) -> list[int]:
        weigh = self.weighing
        ranked = sorted(strengths, key=lambda number: (-strengths[number], number))
        chosen: list[int] = []
        for number in ranked:
            share = (0.0, weigh.second, weigh.third)[len(chosen)]
            if strengths[number] < weigh.enough or strengths[number] < share * strengths[ranked[0]]:
                continue
            if self._implied(number, chosen, strengths):
                continue
            chosen.append(number)
            if len(chosen) == MOST:
                break
        return chosen

    def _implied(self, number: int, chosen: Sequence[int], strengths: Mapping[int, float]) -> bool:
        """Whether a top level says nothing beside a finer topic of it that is given, or about to be."""
        topic = self._ordered[number]
        if topic.top != topic.id:
            return False
        finer = [n for n in strengths if n != number and self._ordered[n].top == topic.id]
        likely = any(strengths[n] >= max(self.weighing.enough, 0.6 * strengths[number]) for n in finer)
        return likely or any(self._ordered[n].top == topic.id for n in chosen)

    def _tag(
        self,
        number: int,
        case: _Case,
        points: float,
        best: float,
        fields: Sequence[_Field],
        given: Mapping[str, str],
        section: tuple[int, Evidence] | None,
    ) -> TopicTag:
        topic = self._ordered[number]
        by_name = {part.name: part for part in fields}
        evidence = []
        for worth, name, start, end in sorted(case.quotes, key=lambda quote: -quote[0])[:8]:
            rule = "cue" if worth >= 0 else "model"
            evidence.append(by_name[name].evidence(start, end, given[name], rule))
        if section is not None and section[0] == number:
            evidence.append(section[1])
        score = self._score(points, best)
        return TopicTag(topic.id, topic.label_en, score, tuple(evidence))

    def _score(self, points: float, best: float) -> float:
        """Points as the chance of being right: by the logarithm of the points and the share of the best."""
        weigh = self.weighing
        logit = weigh.slope * math.log(points / weigh.centre) + 1.2 * (points / best) - 0.6
        return round(1 / (1 + math.exp(-logit)), 3)


def _folders(url: str) -> list[str]:
    """The folders of an address, the file's name left out."""
    try:
        return [part for part in urlsplit(url).path.split("/")[:-1] if part]
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


def load_topics(config_dir: Path, *, with_model: bool = True) -> TopicTagger:
    """The topic tagger of a configuration folder: `topics.toml`, `sections.tsv`, `models/topics.bin`.

    Raises ConfigError naming the file, the key and the reason.
    """
    topics = load_topic_file(config_dir / "topics.toml")
    sections = load_sections(config_dir / "sections.tsv", topics)
    path = config_dir / "models" / "topics.bin"
    return TopicTagger(topics, sections, load_model(path) if with_model else None)
