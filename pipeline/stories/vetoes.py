"""What keeps two documents apart however alike they are. Pure.

Of a look-alike's headline: another edition, instalment, quake or score, a round-up. Of its text: that only
standing text is common, or that both are cast from one template. Outlets write headlines of their own over a
text that they carry: where one is a copy of the other with all of its figures, what the headlines say parts
them no longer, for another edition, quake or match has other figures in its text. What the texts say still
parts them, and so do the days of two instalments of a series: prices and forecasts are told in the same
words and figures on a day when nothing changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from models.story import StoryDocument
from pipeline.stories.days import without_days
from pipeline.stories.features import Features, body_of
from pipeline.stories.kinds import Kind
from pipeline.stories.similarity import VERBATIM
from pipeline.vietnamese import exact, strip_marks

_TEMPLATE_COPIED = 0.2  # texts that share less are not cast from one mould
_TEMPLATE_SLOTS = 3  # so many places where only a number or a name differs: another event, same words
_SLOT_WORDS = 6
_STANDING_SHARE = 1 / 3  # of the shorter text, up to which any paragraph that ends both may be standing text
_OWN_COPIED = 0.25
_OWN_RUNS = 4  # a text that is all closing paragraph has none of its own
_COPY_RUNS = 30  # a shorter text is no proof that it is a copy
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_DIGITS = re.compile(r"\d+")
# Events that come back every year or in rounds. A year in the headline of others says nothing.
_RECURRING = frozenset(
    {"c:festival", "c:fair", "c:exhibition", "c:exam", "c:competition", "c:cup", "c:award", "c:tet",
     "c:olympic", "c:film", "c:athletics", "c:culture", "c:sport"}
)  # fmt: skip


def veto(a: Features, b: Features, copied: float) -> str:
    """Why two documents cannot be one story, empty if nothing speaks against it. `copied` is the share of
    the shorter text that stands in the other."""
    named = _apart_by_headlines(a, b, copied)
    of_other_days = named == "series" and _apart({*a.days}, {*b.days})
    if named and (of_other_days or not _one_text(a, b, copied)):
        return named
    if _only_standing_text(a, b, copied):
        return "boilerplate"
    if copied >= _TEMPLATE_COPIED and _one_template(a, b):
        return "template"
    return ""


def _apart_by_headlines(a: Features, b: Features, copied: float) -> str:
    one, two = a.kind, b.kind
    if one.round_up != two.round_up and copied < VERBATIM:
        return "round-up"
    if _other_edition(a, b):
        return "edition"
    if _other_instalment(a, b):
        return "series"
    if _other_quake(one, two):
        return "earthquake"
    return "match" if _apart(one.scores, two.scores) else ""


def _one_text(a: Features, b: Features, copied: float) -> bool:
    """Whether one text stands in the other nearly word for word, and with all of its figures."""
    if copied < VERBATIM or min(len(a.copied), len(b.copied)) < _COPY_RUNS:
        return False
    one, two = _figures(a.document), _figures(b.document)
    return one <= two or two <= one


def _figures(document: StoryDocument) -> Counter[str]:
    """The runs of digits of a text, each as often as it stands there."""
    return Counter(_DIGITS.findall(body_of(document)))


def _apart(a: AbstractSet[Any], b: AbstractSet[Any]) -> bool:
    """Whether both speak and have nothing in common."""
    return bool(a and b and not a & b)


def _other_quake(one: Kind, two: Kind) -> bool:
    """Whether two reports on earthquakes differ in magnitude or hour: one follows the other within hours."""
    return (
        _apart(one.magnitudes, two.magnitudes)
        or bool(one.magnitudes and _apart(one.clocks, two.clocks))
        or (one.day == two.day and _apart(one.hours, two.hours))
    )


def _other_edition(a: Features, b: Features) -> bool:
    """Whether both name an edition of one sort (a round, a week, a year of what recurs) and not the same."""
    one, two = a.kind.editions, b.kind.editions
    shared = {sort for sort, _ in one} & {sort for sort, _ in two}
    if "year" in shared and not a.facts & b.facts & _RECURRING:
        shared.discard("year")
    return any(
        _apart(frozenset(n for s, n in one if s == sort), frozenset(n for s, n in two if s == sort))
        for sort in shared
    )


def _other_instalment(a: Features, b: Features) -> bool:
    one, two = a.kind, b.kind
    if one.series and two.series:
        return _apart(one.subjects, two.subjects) or _other_day(one, two, a, b)
    if one.series or two.series:
        if not {f for f in a.head & b.head if f[0] in "c#"}:
            return True  # a series and something that is not about its subject
        return _other_day(one, two, a, b) and not set(a.days) & set(b.days)
    return _same_frame(a, b) and _other_day(one, two, a, b)


def _other_day(one: Kind, two: Kind, a: Features, b: Features) -> bool:
    """Whether two instalments are of different days or weeks."""
    if one.day == two.day:
        return False
    if one.day_named and two.day_named:
        if one.periodic or two.periodic:
            return not set(a.days) & set(b.days)
        return True
    return a.document.published_at.date() != b.document.published_at.date()


def _same_frame(a: Features, b: Features) -> bool:
    """Whether two headlines of one outlet are the same but for their numbers."""
    if a.document.outlet != b.document.outlet:
        return False
    frame = [re.sub(r"[\W\d_]+", " ", exact(item.document.title)).strip() for item in (a, b)]
    return frame[0] == frame[1] and a.document.title != b.document.title


def _only_standing_text(a: Features, b: Features, copied: float) -> bool:
    """Whether two texts end with the same paragraph about a company or a series and share little else.

    What ends both and is most of the shorter is standing text only where it tells what a company is: a report
    that another outlet carries under a first paragraph of its own ends with the same lines too.
    """
    ends = a.closing.keys() & b.closing.keys()
    shorter = min(len(a.copied), len(b.copied))
    runs = {key: min(a.closing[key].runs, b.closing[key].runs) for key in ends}
    if sum(runs.values()) > _STANDING_SHARE * shorter:
        runs = {
            key: count
            for key, count in runs.items()
            if a.closing[key].of_company or b.closing[key].of_company
        }
    return bool(runs) and _little_else(sum(runs.values()), shorter, copied)


def _little_else(runs: int, shorter: int, copied: float) -> bool:
    own = shorter - runs
    return own >= _OWN_RUNS and copied * shorter - runs < _OWN_COPIED * own


def _one_template(a: Features, b: Features) -> bool:
    """Whether the texts run alike and differ only in what is filled in: figures and names."""
    if min(len(set(x.sequence) - set(y.sequence)) for x, y in ((a, b), (b, a))) < 1:
        return False
    one, two = (_words_of(item.document) for item in (a, b))
    slots = 0
    for tag, i, j, k, m in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if tag == "replace" and j - i <= _SLOT_WORDS and m - k <= _SLOT_WORDS:
            slots += _filled(one[i:j]) and _filled(two[k:m])
    return slots >= _TEMPLATE_SLOTS


@lru_cache(maxsize=8)  # one text is held against many, one after the other
def _words_of(document: StoryDocument) -> tuple[str, ...]:
    return tuple(_WORD.findall(strip_marks(without_days(body_of(document)))))


def _filled(words: Sequence[str]) -> bool:
    """Whether a stretch holds a figure or a name."""
    return any(word[0].isdigit() or word[0].isupper() for word in words)
