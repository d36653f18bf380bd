"""`evaluate`, `bench`, `train`, `group`: the numbers behind the claims, each printed by one command."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.errors import ConfigError
from pipeline.commands.common import read_lines, settings_for, write_lines, writing
from pipeline.commands.groups import group as command_group
from pipeline.files import whole

if TYPE_CHECKING:
    from models.outlet import Outlet
    from pipeline.stories_stored import Tagged
    from pipeline.tag import Tagger

NO_OUTLETS: Mapping[str, Outlet] = MappingProxyType({})

FileArgument = Annotated[Path, typer.Argument(help="A labelled file, one JSON object a line.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("group")(group)
    command_group(app, "evaluate").command("places")(evaluate_places)
    command_group(app, "evaluate").command("topics")(evaluate_topics)
    command_group(app, "evaluate").command("stories")(evaluate_stories)
    command_group(app, "evaluate").command("feeds")(evaluate_feeds)
    command_group(app, "bench").command("tag")(bench_tag)
    command_group(app, "bench").command("stories")(bench_stories)
    command_group(app, "train").command("topics")(train_topics)
    command_group(app, "train").command("choice")(train_choice)
    command_group(app, "train").command("stories")(train_stories)


def group(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="JSON lines from standard input to standard output.")
    ] = True,
) -> None:
    """Group documents (id, outlet, lang, url, title, lead, body, published) into stories."""
    from crawlers.outlets import load_outlets
    from pipeline.stories import load_grouper
    from pipeline.stories_stored import story_document
    from pipeline.tag import load_tagger

    config = settings_for().config_dir
    records = list(read_lines(sys.stdin.buffer))
    good = [record for record in records if set(record) != {"id", "error"}]
    found = tagged(good, load_tagger(config), load_outlets(config))
    links = iter(load_grouper(config).group([story_document(each) for each in found]))
    write_lines(_answers(records, links))


def _answers(records: list[dict[str, Any]], links: Iterator[Any]) -> Iterator[dict[str, Any]]:
    for record in records:
        if set(record) == {"id", "error"}:
            yield record
            continue
        link = next(links)
        yield {
            "id": record.get("id"),
            "story": link.story,
            "relation": link.relation.value,
            "origin": link.origin or None,
            "evidence": list(link.evidence),
        }


def tagged(
    records: Iterable[dict[str, Any]], tagger: Tagger, outlets: Mapping[str, Outlet] = NO_OUTLETS
) -> list[Tagged]:
    """Records of the `group` contract as the service tags articles, knowing the outlet's province."""
    from pipeline.tag.records import read_record, with_home

    read = [(str(record.get("id")), read_record(with_home(record, outlets))) for record in records]
    return [(key, article, tagger.tag(article)) for key, article in read]


def evaluate_places(
    file: FileArgument,
    wrong: Annotated[
        bool, typer.Option("--wrong", help="List the items that differ from their labels.")
    ] = False,
    crosscheck: Annotated[
        bool,
        typer.Option(
            "--crosscheck", help="Also the items moved to other provinces, long, and typed otherwise."
        ),
    ] = False,
) -> None:
    """Provinces on a labelled file: F1, all-right share, roles, former units, calibration, trap families.

    With --crosscheck also whether the rules are general: the items moved to other provinces, made long pages,
    typed otherwise, and sentence patterns over all names of units. Of articles that know only the province of
    their outlet (`province63_of_outlet`) it counts agreement and the kinds of disagreement.
    """
    from pipeline.tag import load_tagger, weak_labels
    from pipeline.tag.crosscheck import crosscheck_lines
    from pipeline.tag.evaluate import evaluate, lines, read_items, wrong_lines

    _need(file)
    tagger = load_tagger(settings_for().config_dir)
    items = read_items(file)
    if weak_labels.is_weak(items):
        print("\n".join(weak_labels.lines(weak_labels.compare(items, tagger.provinces), every=wrong)))
        return
    report = evaluate(items, lambda article: tagger.provinces.tag(article)[0])
    print("\n".join(lines(report)))
    if wrong:
        print("\n".join(wrong_lines(report)))
    if crosscheck:
        found = crosscheck_lines(items, tagger.gazetteer, lambda article: tagger.provinces.tag(article)[0])
        print("\n".join(found))


def evaluate_topics(
    file: FileArgument,
    sets: Annotated[
        Path | None, typer.Option("--sets", help="Folder of all labelled sets: adds cross-validation.")
    ] = None,
) -> None:
    """Topics on a labelled file: micro and macro F1 at the top level and exactly, calibration, confusions.

    With --sets also the figures on the labelled sets; that trains the model anew several times.
    """
    from pipeline.tag.evaluate_topics import evaluate_items, read_items, report_topics
    from pipeline.tag.topics import load_topics

    _need(file)
    config = settings_for().config_dir
    report = evaluate_items(load_topics(config), read_items(file))
    print(f"items                    {report.items}")
    for name, level in (("top level", "top"), ("exact topic", "fine")):
        print(f"{name:16} micro F1 {report.micro(level):.3f}   macro F1 {report.macro(level):.3f}")
    print(f"first topic right        {report.first_right / max(report.items, 1):.3f}")
    print("tags  mean score  right")
    for count, mean, right in report.reliability:
        print(f"{count:4}  {mean:10.3f}  {right:.3f}")
    for (gold, given), count in sorted(report.confusion.items(), key=lambda pair: -pair[1]):
        print(f"{count:4}  {gold} taken for {given}")
    if sets is not None:
        print(report_topics(sets, config))


def evaluate_stories(file: FileArgument) -> None:
    """Stories on a labelled file: pairwise and B-cubed F1, relations, origins, look-alikes.

    First stored hour by hour, as the service does it, then grouped all at once, as `group` does it. Both read
    the articles as they are stored: tagged, the text beginning with the lead.
    """
    from crawlers.outlets import load_outlets
    from pipeline.stories import load_grouper
    from pipeline.stories.evaluate import report
    from pipeline.stories_stored import stored_links, story_document
    from pipeline.tag import load_tagger

    _need(file)
    config = settings_for().config_dir
    gold = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    found = tagged(gold, load_tagger(config), load_outlets(config))
    grouper = load_grouper(config)
    print(f"stored hour by hour, as the service does it\n{report(gold, stored_links(found, grouper))}\n")
    print(
        f"all at once, as `group` does it\n{report(gold, grouper.group([story_document(e) for e in found]))}"
    )


def evaluate_feeds(
    folder: Annotated[Path, typer.Argument(help="Folder of feedparser's test files.")],
) -> None:
    """Feeds on feedparser's own test files: what of their expectations holds, and why the rest does not."""
    from crawlers.feed_suite import evaluate, lines

    if not folder.is_dir():
        raise ConfigError("no such folder", about=str(folder), hint="check the path")
    print("\n".join(lines(evaluate(folder))))


def bench_tag() -> None:
    """Articles a second and core through each tagger and all of them, their load time and memory."""
    from pipeline.tag.bench import run

    print(run(config_dir=settings_for().config_dir))


def bench_stories(
    sizes: Annotated[
        list[int] | None, typer.Option("--stored", help="Articles stored; may be repeated.")
    ] = None,
) -> None:
    """Microseconds to place an article among those stored, beside datasketch and rensa where installed."""
    from pipeline.stories import load_grouper
    from pipeline.stories_bench import report

    for line in report(load_grouper(settings_for().config_dir), sizes or [10_000, 100_000, 1_000_000]):
        print(line)


def train_topics(
    data: Annotated[Path, typer.Option("--data", help="Folder of the labelled sets.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="The new model file; default the shipped one.")
    ] = None,
    corrections: Annotated[
        Path | None,
        typer.Option(
            "--corrections", metavar="FILE", help="Corrected articles, as `correct --export` writes."
        ),
    ] = None,
) -> None:
    """Train the topic model from labelled sets. Needs the extra `train` (scikit-learn)."""
    from pipeline.tag.topics_config import load_topic_file
    from pipeline.tag.train import train

    config = settings_for().config_dir
    target = out or config / "models" / "topics.bin"
    with writing(target), whole(target) as part:
        part.touch()  # training takes a minute, so the place is tried before
        report = train(data, part, corrections, load_topic_file(config / "topics.toml"))
    for name, count in report.texts.items():
        print(f"{name:28} {count:6} texts, {report.copies.get(name, 0)} near copies left out")
    for name, count in report.classes.items():
        print(f"{name:28} {count:6} texts for it")
    print(f"{target} {report.bytes} bytes, {len(report.classes)} classes, sha256 {report.sha256}")


def train_choice(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Labelled files, one JSON object a line.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="The new file of weights; default the shipped one.")
    ] = None,
) -> None:
    """Fit how topics are chosen among those that something speaks for, and what words say of them, to
    articles with topics by hand. Writes `topic_words.bin` beside the weights. Needs the extra `train`."""
    from pipeline.tag.evaluate_topics import read_items
    from pipeline.tag.topics import load_topics
    from pipeline.tag.topics_choice import FEATURES, choice_text
    from pipeline.tag.train_choice import NEUTRAL, fit_choice

    config = settings_for().config_dir
    target = out or config / "models" / "topic_choice.toml"
    for file in files:
        _need(file)
    labelled = [read_items(file) for file in files]
    for file, items in zip(files, labelled, strict=True):
        if not any(topics for _, topics in items):
            raise ConfigError("no article in it has a topic", about=str(file), hint="give labelled articles")
    words = target.with_name("topic_words.bin")
    choice, model = fit_choice(load_topics(config, choice=NEUTRAL), labelled)
    with writing(target), whole(target) as part:
        part.write_text(choice_text(choice), encoding="utf-8")
    with writing(words), whole(words) as part:
        part.write_bytes(model)
    for name, weight in zip(FEATURES, choice.weights, strict=True):
        print(f"{name:10} {weight:8.4f}")
    print(f"{target} {len(choice.together)} pairs of topics, given from a logit of {choice.least} on")
    print(f"{words} {len(model)} bytes, sha256 {sha256(model).hexdigest()}")


def train_stories(
    data: Annotated[Path, typer.Option("--data", help="Folder of the labelled sets.")],
    out: Annotated[Path | None, typer.Option("--out", help="The new table; default the shipped one.")] = None,
) -> None:
    """Count how common names and concepts are in the news, by which grouping weighs what articles share."""
    from pipeline.language import ENGLISH, VIETNAMESE, detect
    from pipeline.stories.commonness import COMMON_FACTS, measure, province_facts, write_commonness
    from pipeline.stories.terms import load_terms
    from pipeline.tag.train import read_sets

    config = settings_for().config_dir
    texts = ((detect(text.body), f"{text.title}\n{text.body}") for text in read_sets(data))
    articles = ((language, text) for language, text in texts if language in (VIETNAMESE, ENGLISH))
    measured = measure(articles, load_terms(config / "terms.tsv")) | province_facts(config)
    target = out or config / "models" / COMMON_FACTS
    with writing(target), whole(target) as part:
        write_commonness(part, measured)
    print(f"{target} {len(measured)} facts")


def _need(file: Path) -> None:
    """Raises ConfigError unless the file is there and holds one JSON object a line."""
    if not file.is_file():
        raise ConfigError("no such file", about=str(file), hint="check the path")
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        try:
            record = json.loads(line) if line.strip() else {}
        except (ValueError, RecursionError) as error:
            raise ConfigError(f"line {number} is not JSON: {error}", about=str(file)) from error
        if not isinstance(record, dict):
            raise ConfigError(f"line {number} is not a JSON object", about=str(file))
