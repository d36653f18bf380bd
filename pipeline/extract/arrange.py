"""Lead and lines put in order: the lead first and once, no title, no dateline, no byline, no credit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.credit import Credit, name_code, own_codes, read_credit
from pipeline.extract.dateline import cut_dateline
from pipeline.extract.furniture import is_byline
from pipeline.extract.lines import Line, join, key
from pipeline.extract.people import is_person, names_place_or_section, people

_LEAD_WORDS = 5


@dataclass(slots=True)
class Draft:
    """Lead and lines while they are being put in order."""

    lead: str
    lines: list[Line]
    authors: tuple[str, ...]
    captions: tuple[str, ...]
    dateline: str = ""
    credit: Credit | None = None
    dropped: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lead and the lines below it, as the article's text has them; empty parts leave no line."""
        return "\n".join(filter(None, (self.lead, join(self.lines))))


def arrange(
    draft: Draft,
    title: str,
    outlet: str,
    raw_authors: list[str],
    papers: tuple[str, ...],
    stated: str,
    section: str,
) -> None:
    """Put lead and lines in order: the lead first and once, no title, no dateline, no byline, no credit.
    `stated` is the page's description of itself, `section` the name of the section it stands in."""
    dateline, draft.lead = cut_dateline(_DASHED.sub("", draft.lead))
    if not dateline:
        dateline, draft.lead = _unmarked(draft.lead, papers, stated)
    draft.dateline = draft.dateline or dateline
    same_title = key(title)
    most = 2 * len(title) + 20
    if len(draft.lead) <= most and key(draft.lead) == same_title:
        draft.lead = ""
    draft.lines = [
        line for line in draft.lines[:3] if len(line.text) > most or key(line.text) != same_title
    ] + draft.lines[3:]
    if draft.lines:
        first = draft.lines[0]
        dateline, first.text = cut_dateline(first.text)
        if not draft.lead and not dateline:
            dateline, first.text = _unmarked(first.text, papers, stated)
        draft.dateline = draft.dateline or dateline
    _lead_once(draft)
    _cut_head(draft, section)
    if not draft.lead and draft.lines and _is_stated(draft.lines[0].text, stated):
        draft.lead = draft.lines.pop(0).text
    _cut_byline(draft)
    _cut_left_bylines(draft)
    _cut_credit(draft, outlet, raw_authors, papers)
    _cut_byline(draft)
    _cut_left_bylines(draft)
    if (
        not draft.lead
        and draft.lines
        and draft.lines[0].is_stressed
        and len(draft.lines[0].text.split()) > 14
    ):
        draft.lead = draft.lines.pop(0).text


def _lead_once(draft: Draft) -> None:
    """The lead stands first and once: the body's own copy of it, whole or as its opening, is taken out."""
    lead = key(draft.lead)
    if len(draft.lead.split()) < _LEAD_WORDS:
        draft.lead = ""
        return
    for i, line in enumerate(draft.lines[:4]):
        if not lead.startswith(key(cut_dateline(line.text[:160])[1][:60])[:25]):
            continue
        own = key(cut_dateline(line.text)[1])
        if own == lead or (len(own) > 30 and lead.startswith(own) and len(own) > 0.9 * len(lead)):
            del draft.lines[i]
            return
        if own.startswith(lead):
            draft.lead = line.text if i == 0 else draft.lead
            if i == 0 and len(own) < 2 * len(lead):
                del draft.lines[i]
            elif i == 0:
                draft.lead = ""
            return


_STAMP = re.compile(
    r"^(?:(?:thứ|chủ|t[2-7]|cn|mon|tue|wed|thu|fri|sat|sun|ngày|cập nhật|đăng|xuất bản|published|updated)\b"
    r".{0,40})?"
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}.{0,30}$|^\d{1,2}:\d{2}.{0,25}\d{1,2}[/.-]\d{1,2}[/.-]\d{4}.{0,12}$",
    re.IGNORECASE,
)  # fmt: skip


# A name and a time that stand side by side: `Minh An21/09/2026 07:45`, `21/09/2026 07:45 | Minh An`.
_WHEN = r"(?:(?:thứ \w+|chủ nhật),? )?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:[ ,|-]+\d{1,2}:\d{2})?"
_STAMPED_NAME = re.compile(
    rf"^(?:(?P<name>[^\d|]{{3,40}}?)[ |,-]*{_WHEN}|{_WHEN}[ |,-]+(?P<after>[^\d|]{{3,40}}))$", re.IGNORECASE
)


def _cut_head(draft: Draft, section: str) -> None:
    """Take the author's name and the time of publication from the head of the text."""
    known = {key(author) for author in draft.authors}
    for line in draft.lines[:3]:
        text = line.text
        named = people([text]) if known and len(text.split()) <= 8 else ()
        stamped = len(text) < 60 and _STAMP.match(text) and text[-1:] not in "!?;:"
        if not stamped and (match := _STAMPED_NAME.match(text)):
            name = match["name"] or match["after"]
            stamped = is_person(name)
            if stamped and not names_place_or_section(name) and key(name) != key(section):
                draft.authors = draft.authors or people([name])
        if stamped or (named and {key(name) for name in named} <= known):
            draft.dropped.append(text)
            draft.lines.remove(line)


def _cut_byline(draft: Draft) -> None:
    """Take a byline from the end of the text; it names the author where no field did."""
    while draft.lines and len(draft.lines) > 1:
        last = draft.lines[-1]
        named = people([last.text]) if len(last.text.split()) <= _BYLINE_WORDS else ()
        known = {key(author) for author in draft.authors}
        marked = last.right or last.is_stressed or last.text.isupper() or is_byline(last.text)
        if not named or last.text[-1:] in ".!?" or not (marked or {key(n) for n in named} <= known):
            return
        if not all(is_person(name) for name in named) or last.tag in {"tr", "li", "h2", "h3"}:
            return
        if is_byline(last.text) or not all(map(names_place_or_section, named)):
            draft.authors = draft.authors or named
        draft.dropped.append(draft.lines.pop().text)


def _cut_left_bylines(draft: Draft) -> None:
    """Take the bylines that name an office and no person (`Tin, ảnh: CTV`) from the end of the text, and all
    from its head. One that credits an agency waits until the credit is read."""
    ends = {id(line) for line in (*draft.lines[:_HEAD_LINES], *draft.lines[-_HEAD_LINES:])}
    for line in [line for line in draft.lines if id(line) in ends]:
        text = line.text
        if not is_byline(text) or len(text.split()) > _BYLINE_WORDS or read_credit(text):
            continue
        draft.authors = draft.authors or people([text])
        draft.dropped.append(text)
        draft.lines.remove(line)


_HEAD_LINES = 3
_BYLINE_WORDS = 12


def _cut_credit(draft: Draft, outlet: str, raw_authors: list[str], papers: tuple[str, ...]) -> None:
    """Read whom the article credits: its end, its dateline, its author fields; cut what is furniture. A
    paper's mark on its own page, by its names, credits nobody."""
    text = join(draft.lines)
    credit = read_credit(text)
    if credit and credit.furniture:
        _drop_span(draft, text, credit)
        if "/" in credit.text:  # the writer's name before the agency's
            draft.authors = draft.authors or people([credit.text], papers)
    if credit and not credit.counts_for(outlet, own_codes(papers)):
        credit = None
    for other in dict.fromkeys([f"{draft.dateline} - "] * bool(draft.dateline) + raw_authors):
        if credit and credit.furniture:
            break
        found = read_credit(other)
        if found and found.counts_for(outlet, own_codes(papers)):
            credit = Credit(found.code, found.text, 0, 0, furniture=True)
    draft.credit = credit


def _drop_span(draft: Draft, text: str, credit: Credit) -> None:
    """Cut the credit's words; a line that is left empty goes."""
    draft.dropped.append(credit.text)
    before, after = text[: credit.start].rstrip(" "), text[credit.end :]
    index = before.count("\n")
    line = draft.lines[index]
    offset = credit.start - (text.rfind("\n", 0, credit.start) + 1)
    line.text = (line.text[:offset] + after.split("\n", 1)[0]).rstrip()
    if not line.text:
        del draft.lines[index]


def _unmarked(text: str, papers: tuple[str, ...], stated: str) -> tuple[str, str]:
    """The paper's mark that stands before the first sentence without a dash (`BNEWS Từ …`), empty if none
    does, and the text after it. The mark is the paper's name in capitals, or the few words after which the
    page's own description begins as a new sentence, if they are in capitals, name a paper or are set off by a
    dash: a description may leave out the first words of a sentence, too."""
    for paper in papers:
        mark, rest = text[: len(paper)], text[len(paper) :]
        if mark.isupper() and mark == paper.upper() and rest[:1] == " " and rest[1:2].isupper():
            return mark, rest[1:]
    wanted = key(stated[:60])
    if len(wanted) >= _STATED_LETTERS and not wanted.startswith(key(text[:40])):
        words = text[:200].split(" ")
        for count in range(1, _MARK_WORDS + 1):
            begun = key(" ".join(words[count:])[:40])
            if len(begun) >= _STATED_LETTERS // 2 and wanted.startswith(begun):
                rest = text.split(" ", count)[count]
                mark, after = text[: -len(rest)].rstrip(), _DASHED.sub("", rest)
                bare = mark.rstrip(" -–—")
                dashed = bare != mark or after != rest
                if not after[:1].islower() and (dashed or _is_papers(bare, papers)):
                    return bare, after
    return "", text


def _is_papers(mark: str, papers: tuple[str, ...]) -> bool:
    """Whether words before a new sentence are the mark of a paper."""
    if mark[-1:] == ",":
        return False
    return (len(mark) > 1 and mark.isupper()) or bool(name_code(mark)) or key(mark) in map(key, papers)


def _is_stated(line: str, stated: str) -> bool:
    """Whether a line is the page's description of itself, or that and a few words more."""
    wanted = key(stated.rstrip(".… "))
    return len(wanted) >= _STATED_LETTERS and len(line) < 2 * len(stated) and key(line).startswith(wanted)


_DASHED = re.compile(r"^[-–—]+\s+")
_STATED_LETTERS = 30
_MARK_WORDS = 3
