"""An article with its tags for a person to read, the evidence marked where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from models.correction import Correction, corrected
from models.tags import Evidence, Rejected, Taggable, Tags, WatchTag
from pipeline.commands.common import console
from pipeline.tag import Tagger

STYLES = {
    "about": "bold green underline",
    "mentioned": "green underline",
    "topic": "italic cyan underline",
    "watched": "bold magenta underline",
    "rejected": "dim strike",
}
_BRACKETS = {"about": "⟦⟧", "mentioned": "⟦⟧", "topic": "‹›", "watched": "«»"}
"""What marks the words where nothing can be coloured."""
_QUOTED = 4  # pieces of evidence behind a tag

Mark = tuple[Evidence, str]
Row = tuple[str, str]


def show_tags(taggable: Taggable, corrections: Sequence[Correction] = (), *, tagger: Tagger) -> None:
    """Print the article, its provinces, topics and watch-lists with their reasons, what people corrected, and
    each name that was not counted with the reason."""
    tags = corrected(tagger.tag(taggable), corrections)
    out = console()
    marks = _marks(tags)
    for field in ("title", "lead", "body"):
        text = getattr(taggable, field)
        if text:
            mine = [mark for mark in marks if mark[0].field == field]
            print_marked(text, mine, out, style="bold" if field == "title" else "")
            out.print()
    _print_tags(tags, tagger, out)


def _marks(tags: Tags) -> list[Mark]:
    """The words to be marked and the kinds of marks; those that count lie over the others."""
    marks = [(each.evidence, "rejected") for each in tags.rejected]
    marks += [(e, "topic") for topic in tags.topics for e in topic.evidence]
    marks += [(e, tag.role.value) for tag in tags.provinces for e in tag.evidence]
    return marks + [(e, "watched") for tag in tags.watched for e in tag.evidence]


def _print_tags(tags: Tags, tagger: Tagger, out: Console) -> None:
    print_rows([*_place_rows(tags, tagger), *_topic_rows(tags), *watched_rows(tags.watched)], out)
    if not (tags.provinces or tags.topics or tags.watched):
        out.print("không có tỉnh, chủ đề, danh sách theo dõi nào\nno province, topic or watch-list found")
    print_rows(rejected_rows(tags.rejected), out)


def _place_rows(tags: Tags, tagger: Tagger) -> Iterator[Row]:
    name = tagger.gazetteer.name
    for tag in tags.provinces:
        former = ", ".join(name(code, tags.language) for code in tag.old_codes)
        former = former if former != name(tag.code, tags.language) else ""
        shown = f"{tag.code} {name(tag.code, tags.language)}" + (f" ({former})" if former else "")
        yield tag.role.value, f"{shown}  {tag.score:.2f}  {quoted(tag.evidence)}"


def _topic_rows(tags: Tags) -> Iterator[Row]:
    for tag in tags.topics:
        yield "topic", f"{tag.id} {tag.label}  {tag.score:.2f}  {quoted(tag.evidence)}"


def watched_rows(tags: Iterable[WatchTag]) -> Iterator[Row]:
    """The watch-lists that were met."""
    for tag in tags:
        yield "watched", f"{tag.id} {tag.label}  {quoted(tag.evidence)}"


def rejected_rows(rejected: Iterable[Rejected]) -> Iterator[Row]:
    """The names that were not counted, with the reasons and how often each stands there."""
    for (name, reason), times in Counter((each.evidence.text, each.reason) for each in rejected).items():
        yield "rejected", f"“{name}”{f' ×{times}' if times > 1 else ''}: {reason}"


def print_rows(rows: Iterable[Row], out: Console) -> None:
    """Each row with its kind before it."""
    for kind, line in rows:
        style = "dim" if kind == "rejected" else STYLES[kind].removesuffix(" underline")
        out.print(Text.assemble((f"{kind:10}", style), line), soft_wrap=True)


def print_marked(text: str, marks: Sequence[Mark], out: Console, style: str = "") -> None:
    """The text with its evidence coloured, or in brackets where nothing can be coloured."""
    if out.is_terminal:
        out.print(coloured(text, marks), style=style)
    else:
        out.print(bracketed(text, marks), markup=False, soft_wrap=True)


def coloured(text: str, marks: Sequence[Mark]) -> Text:
    """The text with its evidence styled."""
    styled = Text(text)
    for evidence, kind in marks:
        styled.stylize(STYLES[kind], evidence.start, evidence.end)
    return styled


def bracketed(text: str, marks: Sequence[Mark]) -> str:
    """The text with brackets around its evidence: ⟦places⟧, ‹topics›, «watch-lists»."""
    insertions: list[tuple[int, bool, int, int, str]] = []
    for rank, kind in enumerate(dict.fromkeys(_BRACKETS.values())):
        for start, end in _merged([e for e, mark in marks if _BRACKETS.get(mark) == kind]):
            # At one place all that ends there closes first; the shorter piece closes first and opens last.
            insertions += [
                (start, True, start - end, rank, kind[0]),
                (end, False, end - start, -rank, kind[1]),
            ]
    pieces, position = [], 0
    for place, *_, bracket in sorted(insertions):
        pieces += [text[position:place], bracket]
        position = place
    return "".join([*pieces, text[position:]])


def _merged(evidence: Iterable[Evidence]) -> Iterator[tuple[int, int]]:
    """Spans from left to right, those that touch made one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted((each.start, each.end) for each in evidence if each.end > each.start):
        if spans and start <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return iter(spans)


def quoted(evidence: tuple[Evidence, ...]) -> str:
    """The distinct words of evidence with their rules, at most four; of a correction who made it and why."""
    words = dict.fromkeys(e.rule if e.field == "correction" else f"“{e.text}” ({e.rule})" for e in evidence)
    shown = list(words)[:_QUOTED]
    shown += [e.rule for e in evidence[-1:] if e.field == "correction" and e.rule not in shown]
    return ", ".join(shown)
