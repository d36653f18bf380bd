"""How each article of a story stands to it: original, reprint, translation, independent, follow-up. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from models.story import Relation, StoryDocument
from pipeline.credit import WIRES, read_credit
from pipeline.stories.days import Day
from pipeline.stories.features import Features
from pipeline.stories.similarity import COPIED, Likeness
from pipeline.stories.wording import Phrases, form_of

# Shares of figures: of the translation's in the original, and of the original's in the translation. A second
# report on the event drops and adds more. Those for a text of another house must also keep the order.
_OWN_HOUSE = (0.5, 0.75)
_OTHER_HOUSE = (0.65, 0.9)
_NO_CREDIT = (0.95, 0.95)
_IN_ORDER = 0.7
_ALL_IN_ORDER = 0.9
_ORDER_FIGURES = 60
_MIN_FIGURES = 2

FOLLOW_UP_HOURS = 5.0  # what comes sooner is part of the first reporting
_FOLLOW_UP_SIGNS = 3
_LATE_HOURS = 9.0
_NEW_FIGURES = 0.6
# What the headline or lead of a later report says: how it went on, how it ended, what is known by now.
# Words with which a headline goes on with an event that is known: what came after it, its toll, cause,
# outcome and consequences.
_CLEAR = """sau khi, tính đến, đến chiều, đến sáng, đến trưa, tìm thấy, xuất viện, nguyên nhân, kết quả,
    tăng lên, trở lại, khởi tố, đình chỉ, khắc phục, hỗ trợ, danh tính, kết luận, xử phạt, khen thưởng,
    after, following, death toll, toll rises, rises to, so far, as of, found, cause, results?, discharged,
    recovered, suspended, charged, aftermath, resumes?, reopens?"""
# Without tones `sau vu` may be six of them (sáu vụ), and `them` a threshold (thềm).
_DEVELOPMENT = Phrases(f"sau vụ, sau trận, sau ca, đến tối, thêm, {_CLEAR}", _CLEAR)

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """One article's relation, the earlier article it was made from (an index) and why."""

    relation: Relation
    made_from: int | None
    why: str


def origin_of(document: StoryDocument) -> str:
    """Whom the text credits: the article's own credit, else the credit line read from its text."""
    if document.credit:
        return document.credit
    credit = read_credit(document.text) or read_credit(document.lead)
    return credit.code if credit and credit.counts_for(document.outlet) else ""


def standings(
    group: Sequence[int], documents: Mapping[int, Features], likes: Mapping[Pair, Likeness]
) -> dict[int, Standing]:
    """The relation of each article of one story, by index."""
    order = sorted(group, key=lambda i: when(documents[i]))
    found: dict[int, Standing] = {}
    told = _Told()
    for place, index in enumerate(order):
        found[index] = _standing(index, order[:place], documents, likes, told)
        told.add(documents[index])
    original = _original(order, found)
    if found[original].relation is not Relation.ORIGINAL:
        found[original] = Standing(Relation.ORIGINAL, None, "the text that others carry")
    for index in order:
        if found[index].relation is Relation.ORIGINAL and index != original:
            found[index] = Standing(Relation.INDEPENDENT, None, "own words, first on the event")
    return found


def when(item: Features) -> tuple[datetime, str]:
    """What orders the documents of a story in time."""
    return item.document.published_at, item.document.url


def tells(like: Likeness) -> bool:
    """Whether a likeness may say how one document stands to another; others need not be kept."""
    return like.copied >= COPIED or not like.same_language


@dataclass(slots=True)
class _Told:
    """The figures and days that the earlier articles of a story named."""

    figures: set[str] = field(default_factory=set)
    days: set[Day] = field(default_factory=set)

    def add(self, item: Features) -> None:
        self.figures.update(item.sequence)
        self.days.update(item.days)


def _standing(
    index: int,
    earlier: Sequence[int],
    documents: Mapping[int, Features],
    likes: Mapping[Pair, Likeness],
    told: _Told,
) -> Standing:
    if not earlier:
        return Standing(Relation.ORIGINAL, None, "first on the event")
    known = {other: like for other in earlier if (like := likes.get((min(index, other), max(index, other))))}
    copied, source = max(((like.copied, -other) for other, like in known.items()), default=(0.0, 0))
    if copied >= COPIED:
        return Standing(Relation.REPRINT, -source, f"{copied:.0%} of its text stands in an earlier article")
    mine = documents[index]
    foreign = [other for other, like in known.items() if not like.same_language]
    made = [other for other in foreign if _translates(mine, documents[other])]
    if made:
        other = max(made, key=lambda o: (sum(_kept(mine, documents[o])), -o))
        return Standing(Relation.TRANSLATION, other, "the same facts as an article in the other language")
    if _follows_up(mine, documents[earlier[0]], told):
        return Standing(Relation.FOLLOW_UP, None, "later, on how the event went on")
    return Standing(Relation.INDEPENDENT, None, "own words on the same event")


def _kept(mine: Features, theirs: Features) -> tuple[float, float]:
    """The share of our figures that they have, and of theirs that we have."""
    ours, others = set(mine.sequence), set(theirs.sequence)
    shared = len(ours & others)
    return shared / max(1, len(ours)), shared / max(1, len(others))


def _translates(mine: Features, theirs: Features) -> bool:
    """Whether we are made from an earlier text in the other language: nearly all of its figures and, if it
    is not one of the same house, in its order."""
    if min(len(mine.sequence), len(theirs.sequence)) < _MIN_FIGURES:
        return False
    given, taken = _kept(mine, theirs)
    if _house(mine) and _house(mine) == _house(theirs):
        return given >= _OWN_HOUSE[0] and taken >= _OWN_HOUSE[1]
    ordered = _in_order(mine.sequence, theirs.sequence)
    if _house(mine):
        return given >= _OTHER_HOUSE[0] and taken >= _OTHER_HOUSE[1] and ordered >= _IN_ORDER
    return given >= _NO_CREDIT[0] and taken >= _NO_CREDIT[1] and ordered >= _ALL_IN_ORDER


def _house(item: Features) -> str:
    """The agency that a text is from: the one it credits, else the one its outlet belongs to. The outlets of
    one house translate one another."""
    origin = origin_of(item.document)
    return origin if origin in WIRES else item.agency


def _in_order(mine: Sequence[str], theirs: Sequence[str]) -> float:
    """The longest common subsequence of figures, as a share of the longer of the two."""
    a, b = mine[:_ORDER_FIGURES], theirs[:_ORDER_FIGURES]
    row = [0] * (len(b) + 1)
    for figure in a:
        above, row = row, [0]
        for j, other in enumerate(b):
            row.append(max(above[j] + 1 if figure == other else 0, above[j + 1], row[j]))
    return row[-1] / max(1, len(a), len(b))


def _follows_up(mine: Features, first: Features, told: _Told) -> bool:
    """Whether an article tells how the event went on: late, of a later day, new figures, in its words."""
    hours = _hours(first, mine)
    if hours < FOLLOW_UP_HOURS:
        return False
    new = sum(figure not in told.figures for figure in mine.sequence) / max(1, len(mine.sequence))
    head = form_of(f"{mine.document.title}\n{mine.document.lead}", toneless=mine.toneless)
    signs = (
        hours >= _LATE_HOURS,
        new >= _NEW_FIGURES,
        mine.kind.day_named and mine.kind.day not in told.days and mine.kind.day > first.kind.day,
        _DEVELOPMENT.search(head, toneless=mine.toneless) is not None,
    )
    return sum(signs) >= _FOLLOW_UP_SIGNS


def _hours(a: Features, b: Features) -> float:
    return (b.document.published_at - a.document.published_at).total_seconds() / 3600


def _original(order: Sequence[int], found: Mapping[int, Standing]) -> int:
    """The first text, unless at least two others and more than from the first were made from another."""
    made: dict[int, int] = {}
    for index in order:
        source = found[index].made_from
        while source is not None and (above := found[source].made_from) is not None:
            source = above
        if source is not None:
            made[source] = made.get(source, 0) + 1
    first = order[0]
    texts = [i for i in order if found[i].relation is not Relation.FOLLOW_UP and made.get(i, 0) >= 2]
    best = max(texts, key=lambda i: (made[i], -order.index(i)), default=first)
    return best if made.get(best, 0) > made.get(first, 0) + 1 else first
