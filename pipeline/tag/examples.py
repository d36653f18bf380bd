"""Places that an article only lists: those of a national text, of a table in words, behind `among them`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.tag import cue_words as words
from pipeline.tag.background import subjects_among_examples
from pipeline.tag.mention import INNER, UNIT_LEVELS, Mention
from pipeline.tag.namesakes import ELSEWHERE
from pipeline.tag.settle import is_address, is_in_title
from pipeline.tag.signals import OPENING, Signals
from pipeline.vietnamese import place_tones

_FIGURE = re.compile(r"(?: \w+)? \d")
"""Each place with its figure, `Hà Nội 9, Hải Phòng 8`: a table in words."""
_AMONG = re.compile(
    place_tones(
        r"\b(?:among them|trong đó có|trong do co|tiêu biểu|điển hình|chẳng hạn)\b(?: là| như| có)? $"
    )
)


def mark_examples(mentions: Sequence[Mention], signals: Signals, head: int, *, long: bool) -> None:
    """A list of units in the body of a national text, none of them in the title: examples."""
    if not signals.hazard:
        _mark_lists(mentions)
    if any(is_in_title(m) and (not m.reason or m.reason == ELSEWHERE) for m in mentions):
        return
    plain = [m for m in mentions if not m.reason and m.level in UNIT_LEVELS and m.cue != "dateline"]
    if signals.national and not signals.hazard:
        chained = dict.fromkeys(m for pair in pairwise(mentions) if pair[1].listed for m in pair)
        plain += [m for m in chained if not m.reason and m.level in INNER and m.cue != words.SUBUNIT]
    codes = {code for m in plain for code in m.codes}
    statistics = sum(_FIGURE.match(m.hit.field.lower, m.hit.end) is not None for m in plain) >= 3
    national = signals.national or (statistics and not signals.hazard)
    if len(codes) >= (3 if national else 5) and (national or not signals.hazard):
        in_head = {code for m in plain if m.start < head for code in m.codes}
        subjects = in_head if long and not national and 0 < len(in_head) < 5 else set()
        subjects |= subjects_among_examples(plain, mentions, national=national)
        for mention in plain:
            if not mention.codes & subjects:
                mention.cue = "example"
        for mention, following in pairwise(mentions):
            if not mention.reason and following.cue == "example" and is_address(mention, following):
                mention.cue = "example"
        for mention in mentions:
            if not mention.reason and _FIGURE.match(mention.hit.field.lower, mention.hit.end):
                mention.cue = "example"


def _mark_lists(mentions: Sequence[Mention]) -> None:
    """Four units or more in one breath after the opening, or three places behind `among them`."""
    titled = {code for m in mentions if not m.reason and is_in_title(m) for code in m.codes}
    chain: list[Mention] = []
    for mention in (*mentions, None):
        if mention is not None and mention.listed:
            chain.append(mention)
            continue
        codes = {code for m in chain for code in m.codes}
        named = len(codes) >= 3 and not codes & titled and _follows(_AMONG, chain[0])
        if named or (len(codes) >= 4 and chain[0].start > OPENING):
            for member in chain:
                if not member.reason and (named or member.level in UNIT_LEVELS):
                    member.cue = "example"
        chain = [mention] if mention is not None else []


def _follows(phrase: re.Pattern[str], mention: Mention) -> bool:
    return bool(phrase.search(mention.hit.field.lower[max(0, mention.start - 40) : mention.start]))
