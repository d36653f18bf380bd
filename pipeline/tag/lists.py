"""Names side by side: one in a list is used as the one before it, a place inside as its unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.tag import cue_words as words
from pipeline.tag.mention import INNER, PASSING, UNIT_LEVELS, Mention
from pipeline.vietnamese import exact, place_tones

SMALLER = "smaller than a ward, or a thing's name"
_LINK = re.compile(r"^\)?\s*(?:,|-|và|va|and|&|, and|, và|, va|hay|or|cùng|cung|/)\s*$")

_ASIDE = PASSING | {"example"}


def inherit(previous: Mention, mention: Mention) -> None:
    """A name in a list is used as the name before it: `to Hanoi and Hai Phong`."""
    if previous.hit.field is not mention.hit.field:
        return
    gap = mention.hit.field.lower[previous.hit.end : mention.start]
    if len(gap) > 6 or not _LINK.match(gap):
        passing = previous.cue in _ASIDE and not mention.reason
        known = mention.codes & previous.codes or "" in previous.codes  # a ward whose unit is not told yet
        if passing and len(gap) < 26 and known and _WITHIN.match(gap):
            mention.cue = previous.cue  # such as Bat Trang in Hanoi
        return
    if gap.strip() == "," and previous.cue == words.LIKE and _is_compared(previous, mention):
        return
    mention.listed = True
    if previous.level == "district" and previous.cue == words.SUBUNIT and mention.level in UNIT_LEVELS:
        _read_as_district(previous, mention)
    if previous.reason in _SPREADING and not mention.cue and _is_ordinary(mention):
        mention.reason = mention.reason or previous.reason  # khu phố Đoàn Kết, Hòa Bình
    if previous.reason == "ship" and not mention.cue:
        mention.reason = mention.reason or previous.reason  # the submarines Hanoi and Hai Phong
    if previous.reason == "street" and mention.hit.key in _PARALLEL:
        mention.reason = mention.reason or previous.reason
    if previous.reason == "street" and gap.strip() == "-" and not mention.cue:
        mention.reason = mention.reason or previous.reason  # ngã tư Điện Biên Phủ - Hai Bà Trưng
    if previous.cue == "route" and gap.strip() == "-":
        inner = previous.level in INNER  # cao tốc Nội Bài - Lào Cai
        mention.cue = "route" if mention.cue or inner else ""  # cao tốc Hà Nội - Hải Phòng cấm xe tải
    if previous.cue in _ASIDE and previous.level in INNER and mention.codes & previous.codes:
        mention.cue = previous.cue  # quê Nam Đàn, Nghệ An
        return
    if mention.reason or previous.reason or mention.cue:
        return
    if previous.level in INNER:
        if previous.cue in _ASIDE and mention.codes:
            mention.cue = previous.cue  # tới Nha Trang, Phú Quốc, Quy Nhơn
        return
    if gap.strip() == "," and previous.level not in UNIT_LEVELS:
        return
    mention.cue = previous.cue


def _is_compared(previous: Mention, mention: Mention) -> bool:
    """`Giống như Hà Nội, Ninh Bình thu phí`: a comparison opens the sentence, and what it is compared with
    follows; but `như Hà Nội, Đà Nẵng và Huế` is a list."""
    lower = mention.hit.field.lower
    start = max(lower.rfind(". ", 0, previous.start) + 2, lower.rfind("\n", 0, previous.start) + 1)
    opening = lower[start if start > 1 else 0 : previous.start].strip()
    return opening in _COMPARING and not lower.startswith(_GOES_ON, mention.hit.end)


_COMPARING = frozenset(
    map(exact, "như|giống|giống như|cũng như|tương tự|sau|like|unlike|nhu|giong nhu".split("|"))
)
_GOES_ON = (",", " and ", " va ", exact(" và "))


def _read_as_district(previous: Mention, mention: Mention) -> None:
    """`hai huyện Lệ Thủy, Quảng Ninh`: a district of the same former province that bears another one's
    name."""
    olds, own = {place.old for place in previous.places}, mention.codes
    for sense in mention.hit.entry.senses:
        found = [p for p in sense.places if sense.kind == "district" and p.old in olds and p.code not in own]
        if found:
            mention.level, mention.places, mention.cue = "district", tuple(found), words.SUBUNIT
            return


_WITHIN = re.compile(
    place_tones(
        r"^(?:'s)?(?: mới| cũ| moi| cu| gate| tower| bridge| temple| pagoda| market)?,? ?\(?"
        r"(?:in|of|on the outskirts of|outside|ngoại thành|ngoại ô|thuộc|ở|tại|của|thuoc|o|tai)? ?"
        r"(?:tỉnh|thành phố|tp\.?|tinh|thanh pho)? ?$"
    )
)
"""Between a place and the unit that it lies in."""


_PARALLEL = frozenset(map(exact, ("hoàng sa", "trường sa", "hoang sa", "truong sa")))
"""In several cities the two streets along a canal are called after the two archipelagos."""
_SPREADING = frozenset({"person", SMALLER, "several places bear this name"})


def _is_ordinary(mention: Mention) -> bool:
    return mention.hit.key in mention.hit.field.table.ordinary


def mark_venue_lists(mentions: Sequence[Mention]) -> None:
    """`at Hanoi, HCM City roadshows`: the event is named after the list of its places."""
    chain: list[Mention] = []
    for mention in mentions:
        chain = [*chain, mention] if mention.listed else [mention]
        if mention.event_follows and chain[0].cue == words.AT:
            for member in chain:
                member.cue = words.VENUE
