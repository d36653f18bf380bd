"""Measuring the topic tagger: F1 on written items, mapped accuracy on labelled sets, confusion, reliability.

Mapped accuracy: a set's class is a topic by the tables of topic_sets; of the topics that the set knows, the
one with the highest margin is the answer. Section and address are not shown to the tagger, since they are
the label.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.document import body_of
from models.errors import ConfigError
from models.tags import Taggable
from pipeline.tag.evaluate import not_labelled, some
from pipeline.tag.topic_model import TopicModel
from pipeline.tag.topic_sets import Labelled, read_vnexpress_dantri
from pipeline.tag.topics import LONGEST, TopicTagger, load_topics
from pipeline.tag.topics_words import Vocabulary


@dataclass(slots=True)
class Tally:
    """Right, wrong and missed tags."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 if there is nothing to find."""
        whole = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / whole if whole else 0.0


@dataclass(slots=True)
class TopicReport:
    """`top` and `fine` are per topic id. `reliability` holds for each tenth of the score the number of tags,
    their mean score and the share that is right. `confusion` counts (gold, given) of the first topics that
    differ, at the top level."""

    items: int = 0
    first_right: int = 0
    top: dict[str, Tally] = field(default_factory=dict)
    fine: dict[str, Tally] = field(default_factory=dict)
    confusion: dict[tuple[str, str], int] = field(default_factory=dict)
    reliability: list[tuple[int, float, float]] = field(default_factory=list)

    def micro(self, level: str = "top") -> float:
        """F1 over all tags of a level, `top` or `fine`."""
        whole = Tally()
        for tally in self._level(level).values():
            whole.right += tally.right
            whole.wrong += tally.wrong
            whole.missed += tally.missed
        return whole.f1

    def macro(self, level: str = "top") -> float:
        """Mean F1 over the topics of a level that are in the gold or were given."""
        tallies = self._level(level).values()
        return sum(tally.f1 for tally in tallies) / len(tallies) if tallies else 0.0

    def _level(self, level: str) -> dict[str, Tally]:
        return self.top if level == "top" else self.fine


def read_items(path: Path) -> list[tuple[Taggable, tuple[str, ...]]]:
    """Items of a labelled file: JSON lines with title, body (or text, as in an export) and topics. An item
    that names the lists a person went through, without the topics among them, is left out.

    Raises ConfigError naming the file if it is not such a file, or has no item.
    """
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        items = [
            (Taggable(title=row["title"], lead=row.get("lead", ""), body=_body(row)), _topics(row))
            for row in rows
            if "topics" in row.get("corrected", ("topics",))  # of corrections, only what a person looked at
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise not_labelled(path, error, "title, body and topics") from error
    return some(items, path)


def _body(row: Mapping[str, str]) -> str:
    return row["body"] if "body" in row else body_of(row["text"], row.get("lead", ""))


def _topics(row: Mapping[str, Sequence[object]]) -> tuple[str, ...]:
    topics = tuple(topic for topic in row["topics"] if isinstance(topic, str))
    if len(topics) < len(row["topics"]):
        raise TypeError('topics are ids, such as "medtop:04000000"')
    return topics


def evaluate_items(tagger: TopicTagger, items: Iterable[tuple[Taggable, Sequence[str]]]) -> TopicReport:
    """Compare what the tagger gives with the gold topics, at the top level and exactly."""
    report = TopicReport()
    scored: list[tuple[float, bool]] = []
    for article, gold in items:
        tags = tagger.tag(article)
        given = [tag.id for tag in tags]
        gold_tops, given_tops = _tops(tagger, gold), _tops(tagger, given)
        report.items += 1
        _count(report.fine, set(gold), set(given))
        _count(report.top, set(gold_tops), set(given_tops))
        first = given_tops[0] if given_tops else "none"
        report.first_right += first in gold_tops
        if first not in gold_tops:
            pair = (gold_tops[0] if gold_tops else "none", first)
            report.confusion[pair] = report.confusion.get(pair, 0) + 1
        scored += [(tag.score, _tops(tagger, [tag.id])[0] in gold_tops) for tag in tags]
    report.reliability = reliability(scored)
    return report


def _tops(tagger: TopicTagger, ids: Iterable[str]) -> list[str]:
    return [tagger.topics[name].top if name in tagger.topics else name for name in ids]


def _count(tallies: dict[str, Tally], gold: set[str], given: set[str]) -> None:
    for name in sorted(gold | given):
        tally = tallies.setdefault(name, Tally())
        tally.right += name in gold and name in given
        tally.wrong += name not in gold
        tally.missed += name not in given


def reliability(scored: Sequence[tuple[float, bool]]) -> list[tuple[int, float, float]]:
    """For each tenth of the score that holds tags: their number, mean score and share that is right."""
    table = []
    for tenth in range(10):
        inside = [pair for pair in scored if min(9, int(pair[0] * 10)) == tenth]
        if inside:
            mean = sum(score for score, _ in inside) / len(inside)
            table.append((len(inside), round(mean, 3), round(sum(ok for _, ok in inside) / len(inside), 3)))
    return table


@dataclass(slots=True)
class SetReport:
    """`confusion` counts the wrong answers: (gold class, answered topic). `tally` is over
    yes-or-no answers of a multi-label set, with the classes above the model's
    limit given and always the best. `labels` holds for each class of the set its texts and those answered
    right, `among_two` the texts of which one of the two best topics is right.
    """

    texts: int = 0
    right: int = 0
    among_two: int = 0
    labels: dict[str, tuple[int, int]] = field(default_factory=dict)
    confusion: dict[tuple[str, str], int] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)

    @property
    def accuracy(self) -> float:
        """Share of texts whose best topic is one of theirs."""
        return self.right / self.texts if self.texts else 0.0


def evaluate_set(model: TopicModel, texts: Iterable[Labelled]) -> SetReport:
    """The linear model alone on a labelled set, restricted to the topics that the set knows."""
    report, words = SetReport(), Vocabulary()
    for text in texts:
        fields = [("title", text.title), ("body", text.body[:LONGEST])]
        margins = model.read(words.read(fields), text.body).margins
        known = [at for at, name in enumerate(model.classes) if name in text.known]
        best, *others = sorted(known, key=lambda at: -float(margins[at]))
        right = model.classes[best] in text.topics
        report.texts += 1
        report.right += right
        report.among_two += any(model.classes[at] in text.topics for at in (best, *others[:1]))
        texts_of, right_of = report.labels.get(text.label, (0, 0))
        report.labels[text.label] = (texts_of + 1, right_of + right)
        if not right:
            pair = (text.label, model.classes[best])
            report.confusion[pair] = report.confusion.get(pair, 0) + 1
        given = {model.classes[at] for at in known if margins[at] > model.limits[at] or at == best}
        report.tally.right += len(given & text.topics)
        report.tally.wrong += len(given - text.topics)
        report.tally.missed += len(text.topics - given)
    return report


def evaluate_set_whole(tagger: TopicTagger, texts: Iterable[Labelled]) -> SetReport:
    """The whole tagger (cues and model) on a labelled set: the known topic with most points is the answer."""
    report = SetReport()
    for text in texts:
        points = _known_points(tagger, text)
        best = max(sorted(points), key=lambda name: points[name]) if points else "none"
        report.texts += 1
        report.right += best in text.topics
        if best not in text.topics:
            pair = (text.label, best)
            report.confusion[pair] = report.confusion.get(pair, 0) + 1
    return report


def _known_points(tagger: TopicTagger, text: Labelled) -> Mapping[str, float]:
    """Points of the topics that the text's set knows; a finer topic speaks for its top level."""
    points: dict[str, float] = {}
    for name, value in tagger.points(Taggable(title=text.title, body=text.body)).items():
        known = name if name in text.known else tagger.topics[name].top
        if known in text.known:
            points[known] = max(points.get(known, 0.0), value)
    return points


def merge(reports: Iterable[SetReport]) -> SetReport:
    """The reports of several folds as one."""
    whole = SetReport()
    for report in reports:
        whole.texts += report.texts
        whole.right += report.right
        whole.among_two += report.among_two
        for label, (count, right) in report.labels.items():
            texts_of, right_of = whole.labels.get(label, (0, 0))
            whole.labels[label] = (texts_of + count, right_of + right)
        for pair, count in report.confusion.items():
            whole.confusion[pair] = whole.confusion.get(pair, 0) + count
        for name in ("right", "wrong", "missed"):
            setattr(whole.tally, name, getattr(whole.tally, name) + getattr(report.tally, name))
    return whole


def report_topics(data_dir: Path, config_dir: Path) -> str:
    """All figures of topic tagging on the labelled sets under `data_dir`, as lines of text: the shipped model
    and the whole tagger on the held-out set, and models of its making by five folds on the others. Trains
    five models, so it takes minutes and needs the extra `train`. Raises ConfigError if a set is missing."""
    from pipeline.tag.train import build_corpus, cross_validated, read_sets

    tagger = load_topics(config_dir)
    if tagger.model is None:
        raise ConfigError("no model is loaded", about=str(config_dir), hint="run `diembao train topics`")
    held = read_vnexpress_dantri(data_dir, "test")
    alone, whole = evaluate_set(tagger.model, held), evaluate_set_whole(tagger, held)
    lines = [
        f"vnexpress_dantri_2024/test  model alone {alone.accuracy:.3f}, whole tagger {whole.accuracy:.3f}",
        *_by_class(alone),
        *_confused(alone),
    ]
    corpus = build_corpus(read_sets(data_dir))
    parts: dict[str, list[SetReport]] = {name: [] for name in ("unc_dantri", "vns_en", "danes")}
    for model, rows in cross_validated(corpus, list(parts)):
        texts = [corpus.texts[row] for row in rows]
        for name, reports in parts.items():
            reports.append(evaluate_set(model, (text for text in texts if text.set == name)))
    for name, reports in parts.items():
        together = merge(reports)
        figure = (
            f"micro F1 {together.tally.f1:.3f}" if name == "danes" else f"accuracy {together.accuracy:.3f}"
        )
        of_classes = [] if name == "danes" else _by_class(together)
        lines += [f"{name:26}  {figure}, 5 folds", *of_classes, *_confused(together)]
    return "\n".join(lines)


def _by_class(report: SetReport) -> list[str]:
    """The share answered right of each class of a set, and how often the right one is among the best two."""
    shares = ", ".join(
        f"{label} {right / count:.2f}" for label, (count, right) in sorted(report.labels.items())
    )
    return [f"        {shares}", f"        among the two best {report.among_two / max(report.texts, 1):.3f}"]


def _confused(report: SetReport, most: int = 8) -> list[str]:
    """The commonest pairs of the set's own label and the topic answered."""
    pairs = sorted(report.confusion.items(), key=lambda pair: -pair[1])
    return [f"{count:6}  {label} → {answer}" for (label, answer), count in pairs[:most]]
