"""An article with its tags for a person to read, the evidence underlined where it stands."""

from __future__ import annotations

from rich.text import Text

from models.tags import Evidence, Taggable
from pipeline.commands.common import console
from pipeline.tag import Tagger

STYLES = {"about": "bold underline", "mentioned": "underline", "topic": "italic underline"}


def show_tags(taggable: Taggable, tagger: Tagger) -> None:
    """Print the article, its provinces and topics with scores, and each rejected name with the reason."""
    tags = tagger.tag(taggable)
    out = console()
    marks = [(e, STYLES[tag.role]) for tag in tags.provinces for e in tag.evidence]
    marks += [(e, STYLES["topic"]) for topic in tags.topics for e in topic.evidence]
    for field in ("title", "lead", "body"):
        text = getattr(taggable, field)
        if text:
            out.print(marked(text, [(e, style) for e, style in marks if e.field == field]))
            out.print()
    for tag in tags.provinces:
        old = (
            f" ({', '.join(tagger.gazetteer.name(code, tags.language) for code in tag.old_codes)})"
            if tag.old_codes
            else ""
        )
        name = tagger.gazetteer.name(tag.code, tags.language)
        out.print(
            f"{tag.role:9} {tag.code} {name}{old}  {tag.score:.2f}  {quoted(tag.evidence)}", markup=False
        )
    for topic in tags.topics:
        out.print(
            f"topic     {topic.id} {topic.label}  {topic.score:.2f}  {quoted(topic.evidence)}", markup=False
        )
    for rejected in tags.rejected:
        out.print(f"rejected  “{rejected.evidence.text}”: {rejected.reason}", markup=False, style="dim")
    if not (tags.provinces or tags.topics):
        out.print("no province and no topic found / không có tỉnh, chủ đề nào")


def marked(text: str, marks: list[tuple[Evidence, str]]) -> Text:
    """The text with its evidence styled."""
    styled = Text(text)
    for evidence, style in marks:
        styled.stylize(style, evidence.start, evidence.end)
    return styled


def quoted(evidence: tuple[Evidence, ...]) -> str:
    """The distinct words of evidence with their rules, at most four."""
    words = dict.fromkeys(f"“{e.text}” ({e.rule})" for e in evidence)
    return ", ".join(list(words)[:4])
