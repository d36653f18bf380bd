"""How each article of a story stands to it: original, reprint, translation, independent, follow-up. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.story import Relation, StoryDocument
from pipeline.credit import read_credit
from pipeline.stories.similarity import COPIED, Likeness, Weighted

TRANSLATED_NUMBERS = (
    0.5  # share of weight of the numbers that a translation keeps; a second report keeps fewer
)
TRANSLATED_FACTS = 0.42
FOLLOW_UP_HOURS = 9.0  # what comes later and brings its own facts goes on with the story
FOLLOW_UP_FACTS = 0.62

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
    group: Sequence[int], documents: Sequence[Weighted], likes: Mapping[Pair, Likeness]
) -> dict[int, Standing]:
    """The relation of each article of one story, by index."""
    order = sorted(group, key=lambda i: _when(documents[i]))
    found: dict[int, Standing] = {}
    for place, index in enumerate(order):
        found[index] = _standing(index, order[:place], documents, likes)
    original = _original(order, found)
    if found[original].relation is not Relation.ORIGINAL:
        found[original] = Standing(Relation.ORIGINAL, None, "the text that others carry")
    for index in order:
        if found[index].relation is Relation.ORIGINAL and index != original:
            found[index] = Standing(Relation.INDEPENDENT, None, "own words, first on the event")
    return found


def _when(item: Weighted) -> tuple[object, str]:
    return item.features.document.published_at, item.features.document.url


def _standing(
    index: int, earlier: Sequence[int], documents: Sequence[Weighted], likes: Mapping[Pair, Likeness]
) -> Standing:
    if not earlier:
        return Standing(Relation.ORIGINAL, None, "first on the event")
    known = {other: like for other in earlier if (like := likes.get((min(index, other), max(index, other))))}
    copied, source = max(((like.copied, -other) for other, like in known.items()), default=(0.0, 0))
    if copied >= COPIED:
        return Standing(Relation.REPRINT, -source, f"{copied:.0%} of its text stands in an earlier article")
    foreign = {other: like for other, like in known.items() if not like.same_language}
    if foreign:
        other, like = max(foreign.items(), key=lambda pair: (pair[1].numbers + pair[1].names, -pair[0]))
        if like.numbers >= TRANSLATED_NUMBERS and like.numbers + like.names >= 2 * TRANSLATED_FACTS:
            return Standing(
                Relation.TRANSLATION, other, "the same facts as an earlier article in the other language"
            )
    late = min((like.hours for like in known.values()), default=0.0) if known else 0.0
    nearest = max((like.names + like.numbers for like in known.values()), default=0.0)
    first = _hours(documents[earlier[0]], documents[index])
    if first >= FOLLOW_UP_HOURS and nearest < FOLLOW_UP_FACTS and late >= 2:
        return Standing(Relation.FOLLOW_UP, None, "later, with facts of its own")
    return Standing(Relation.INDEPENDENT, None, "own words on the same event")


def _hours(a: Weighted, b: Weighted) -> float:
    return (b.features.document.published_at - a.features.document.published_at).total_seconds() / 3600


def _original(order: Sequence[int], found: Mapping[int, Standing]) -> int:
    """The text that most others were made from, else the first."""
    roots: dict[int, int] = {}
    for index in order:
        source = found[index].made_from
        while source is not None and (above := found[source].made_from) is not None:
            source = above
        if source is not None:
            roots[source] = roots.get(source, 0) + 1
    if not roots:
        return order[0]
    return max(roots, key=lambda index: (roots[index], -order.index(index)))
