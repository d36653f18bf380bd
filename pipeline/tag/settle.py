"""One sense per article: what one mention of a name teaches about the others."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import pairwise, zip_longest

from pipeline.tag import cue_words as words
from pipeline.tag.abroad import is_governed_by_us
from pipeline.tag.context import DISH_REASON
from pipeline.tag.mention import INNER, OTHER_UNIT, UNIT_LEVELS, Mention, form
from pipeline.vietnamese import place_tones

_BARE_CUES = frozenset({"", words.LIKE, words.FROM})
_ADDRESS_GAP = re.compile(
    place_tones(
        r"^\s*(?:district|ward|commune|town|city|township)?\s*[,(]?\s*(?:thuộc|thuoc|của|of|in|ở|tại)?\s*"
        r"(?:tỉnh|thành phố|tp\.?|huyện|thị xã|quận|tx\.?|xã|phường|thị trấn|"
        r"tinh|thanh pho|huyen|thi xa|quan|xa|phuong|thi tran)?\s*$"
    )
)


PLACING = ("ở ", "tại ", " in ", "in ", " o ", " tai ")


def is_address(mention: Mention, following: Mention) -> bool:
    if following.hit.field is not mention.hit.field or not following.places:
        return False
    gap = mention.hit.field.lower[mention.hit.end : following.start]
    return len(gap) < 24 and bool(_ADDRESS_GAP.match(gap))


def is_listed_beside(mention: Mention, following: Mention, third: Sequence[Mention]) -> bool:
    """`Nha Trang, Đà Nẵng và Hải Phòng`: well-known places side by side, not one inside the next. A place
    of a name that no other bears stands before a comma; the next is such a place too, or the list goes on."""
    if mention.weak or len(mention.codes) != 1 or mention.codes & following.codes:
        return False
    towns = {sense.letter for sense in mention.hit.entry.senses if sense.kind == "district"}
    known = mention.level == "landmark" or (mention.level == "district" and towns == {"tp"})
    if not known or _gap(mention, following).strip() != ",":
        return False
    goes_on = bool(third) and third[0].listed and third[0].hit.field is mention.hit.field
    return following.level in INNER or mention.listed or goes_on


def narrow(mention: Mention, codes: Set[str], olds: Set[str]) -> None:
    exactly = tuple(p for p in mention.places if p.code in codes and p.old in olds)
    found = exactly or tuple(p for p in mention.places if p.code in codes)
    if found:
        mention.places = found
        mention.weak = False


def settle_landmarks(mentions: Sequence[Mention]) -> None:
    """`Tam Giang` is a lagoon in Huế, but a commune in an article that names Bắc Ninh and not Huế."""
    shared = [m for m in mentions if m.namesakes and not m.reason]
    if not shared:
        return
    named = {c for m in mentions if not m.reason and m.level in UNIT_LEVELS for c in m.codes}
    for mention in shared:
        if not mention.codes & named:
            found = tuple(place for place in mention.namesakes if place.code in named)
            if len({place.code for place in found}) == 1:
                mention.places, mention.level = found, "ward"


_SMALL = re.compile(
    place_tones(
        r"(?:^|\W)(?:đảo|cù lao|cồn|núi|đồi|chợ|cầu|đền|chùa|đình|hồ|đèo|bãi|bến|khu du lịch|dao|nui|cho|"
        r"cau|chua|ho|"
        r"island|islet|hill|mountain|market|bridge|temple|pagoda|lake|pass|beach)\s*$"
    )
)
_SMALL_AFTER = (
    " island",
    " islet",
    " hill",
    " mountain",
    " market",
    " bridge",
    " temple",
    " pagoda",
    " lake",
)


def settle_small_namesakes(mentions: Sequence[Mention]) -> None:
    """`đảo Hà Nam ở thị xã Quảng Yên, tỉnh Quảng Ninh`: an island, hill or market named like a unit lies
    in the unit that follows it, or in a numbered quarter."""
    named: set[str] = set()
    for mention, following in zip_longest(mentions, mentions[1:]):
        if mention.reason or mention.level not in UNIT_LEVELS:
            continue
        lies_elsewhere = _IN_A_QUARTER.match(mention.hit.field.lower, mention.hit.end) or (
            following is not None and _lies_in(mention, following)
        )
        if lies_elsewhere and _is_of_something_small(mention):
            named.add(form(mention))
    for mention in mentions:
        placed = mention.cue in words.ACTING
        if named and form(mention) in named and not mention.reason and not placed:
            mention.reason = "a smaller place of this name"


def _lies_in(mention: Mention, following: Mention) -> bool:
    """Whether it is told to lie in the other unit that follows."""
    end, start = mention.hit.end, following.start
    other = bool(following.codes) and not following.reason and not mention.codes & following.codes
    if not other or mention.cue not in ("", words.AT) or not end <= start < end + 40:
        return False
    return _LIES_IN.match(mention.hit.field.lower[end:start]) is not None


def _is_of_something_small(mention: Mention) -> bool:
    lower = mention.hit.field.lower
    before = lower[max(0, mention.start - 16) : mention.start]
    return _SMALL.search(before) is not None or lower.startswith(_SMALL_AFTER, mention.hit.end)


_IN_A_QUARTER = re.compile(
    place_tones(
        r"(?: \w+)?,? ?(?:in |at |ở |tại |thuộc |o |tai )?(?:district|quận|quan|q\.|ward|phường|phuong) ?\d"
    )
)
"""`Thai Binh Market in District 1`: numbered quarters are of the cities."""
_LIES_IN = re.compile(
    place_tones(
        r"^(?: \w+)?,? ?(?:ở|thuộc|tại|of|in|o|thuoc|tai) (?:huyện|thị xã|xã|phường|tỉnh|thành phố|tp\.?|"
        r"huyen|thi xa|"
        r"xa|phuong|tinh|thanh pho)? ?$"
    )
)


def settle_persons(mentions: Sequence[Mention]) -> None:
    """Once a name was a person's, another bare use of it is too."""
    taken = {form(m): m.reason for m in mentions if m.reason in _TAKEN}
    if not taken:
        return
    taken |= {form(m): "" for m in mentions if taken.get(form(m)) == "abroad" and is_governed_by_us(m.hit)}
    abroad = [name for name, reason in taken.items() if reason == "abroad"]
    ours = {c for m in mentions if m.level in INNER and not m.weak and not m.reason for c in m.codes}
    for mention in mentions:
        reason = taken.get(form(mention), "")
        if reason == "abroad" and mention.level in UNIT_LEVELS and mention.codes & ours:
            continue  # Móng Cái in Quảng Ninh is none of China's
        if abroad and not reason and any(_ends_with(name, form(mention)) for name in abroad):
            reason = "abroad"  # Little Saigon, then Saigon alone
        if reason and not mention.reason and (reason == "abroad" or mention.cue in _BARE_CUES):
            mention.reason = reason


_TAKEN = frozenset({"person", "street", "abroad", "brand", "ship", "storm"})


def settle_abroad(mentions: Sequence[Mention]) -> None:
    """Where one name was that of a Chinese place, the other names that both countries have are too, unless a
    place of ours is named, be it by a province and what lies in it."""
    if not any(m.reason == "abroad" for m in mentions) or any(is_governed_by_us(m.hit) for m in mentions):
        return
    provinces = [m for m in mentions if m.level in UNIT_LEVELS and _is_namesake(m)]
    inner = [m for m in mentions if m.level in ("district", "landmark") and not _is_namesake(m)]
    if any(m.codes & province.codes for m in inner for province in provinces):
        return
    shared = [m for m in mentions if not m.reason and (_is_namesake(m) or m.level in ("ward", "district"))]
    if len(shared) == sum(not m.reason and m.cue != "dateline" for m in mentions):
        for mention in shared:
            mention.reason = "abroad"


def _is_namesake(mention: Mention) -> bool:
    return mention.hit.key in mention.hit.field.table.namesakes


def settle_dishes(mentions: Sequence[Mention]) -> None:
    """A title that names the place of a dish, `Saigon bread`, where the text tells no more of it."""
    dishes = {form(m) for m in mentions if m.reason == DISH_REASON}
    if not dishes:
        return
    told = {c for m in mentions if not m.reason and not is_in_title(m) for c in m.codes}
    for mention in mentions:
        bare = not mention.reason and not mention.cue and is_in_title(mention)
        if bare and form(mention) in dishes and not mention.codes & told:
            mention.reason = DISH_REASON


def _ends_with(longer: str, name: str) -> bool:
    return longer.replace(" ", "").endswith(name.replace(" ", "")) and " " in longer


def settle_players(mentions: Sequence[Mention]) -> None:
    """In sport a bare place inside a list of other names is a player: `Văn Trường, Đông Triều, Đức Lễ`."""
    for mention in mentions:
        if mention.reason or mention.level not in INNER or mention.cue not in ("", words.LIKE):
            continue
        hit = mention.hit
        left, right = (
            hit.field.lower[max(0, hit.start - 2) : hit.start],
            hit.field.lower[hit.end : hit.end + 2],
        )
        if left == ", " and (right == ", " or right[:1] in ".)") and not mention.listed:
            mention.reason = "person"


def is_in_title(mention: Mention) -> bool:
    return mention.hit.field.name == "title"


def settle_history(mentions: Sequence[Mention]) -> None:
    """`người lính Điện Biên` beside `chiến dịch Điện Biên Phủ`: the battle, unless a use is clear."""
    battles = [form(m) for m in mentions if m.reason == "history"]
    if not battles:
        return
    bare = [
        m
        for m in mentions
        if not m.reason and _is_bare(m) and (_within(form(m), battles) or _is_after_battle(m))
    ]
    placed = {c for m in mentions if not m.reason and not _is_bare(m) for c in m.codes}
    for mention in bare:
        if not mention.codes & placed:
            mention.reason = "history"


def _is_bare(mention: Mention) -> bool:
    """Without a cue, behind `of`, or a city of old: `the diary of Quang Tri nurse`, `Sài Gòn xưa`."""
    lower = mention.hit.field.lower
    behind = mention.cue == words.AT and lower.endswith(" of ", 0, mention.start)
    return mention.cue in _BARE_CUES or behind or lower.startswith(_OF_OLD, mention.hit.end)


_OF_OLD = tuple(map(place_tones, (" xưa", " xua")))


def _is_after_battle(mention: Mention) -> bool:
    """`chiến thắng mở cửa Sài Gòn`: a victory is told of just before the name."""
    left = mention.hit.field.lower[max(0, mention.start - 40) : mention.start]
    return any(word in left for word in _BATTLES)


_BATTLES = tuple(map(place_tones, ("chiến thắng ", "chiến dịch ", "kháng chiến ", "battle ", "campaign ")))


def _within(name: str, longer: Sequence[str]) -> bool:
    return any(name == other or other.startswith(f"{name} ") for other in longer)


def settle_organisations(mentions: Sequence[Mention], *, company: bool) -> None:
    """`Nhiệt điện Hải Phòng` in a title is the company that the text spells out, if nothing else names
    the place."""
    if company:
        _settle_shares(mentions)
    companies = {form(m) for m in mentions if m.reason in ("organisation", "newspaper")}
    if not companies:
        return
    named = {form(m) for m in mentions if not m.reason and not _is_named_thing(m)}
    for mention in mentions:
        if not mention.reason and _is_named_thing(mention) and form(mention) in companies - named:
            mention.reason = "organisation"
    for mention, following in pairwise(mentions):
        beside = following.reason == "organisation" and not mention.reason and not mention.cue
        if beside and _gap(mention, following) in (" ", "-", " - "):
            mention.reason = "organisation"  # Saigon Hanoi Securities
    elsewhere = {form(m) for m in mentions if not m.reason and not is_in_title(m)}
    for mention in mentions:
        acts = mention.hit.entry.nickname and mention.cue == words.GOVERNMENT and not mention.before
        bare = not mention.reason and (not mention.cue or acts) and is_in_title(mention)
        if bare and form(mention) in companies - elsewhere:
            mention.reason = "organisation"
    for previous, mention in pairwise(mentions):
        beside = previous.reason == "organisation" and mention.listed and not mention.reason
        if beside and is_in_title(mention) and form(mention) not in elsewhere:
            mention.reason = "organisation"  # Nhiệt điện Hải Phòng và Phả Lại


def _settle_shares(mentions: Sequence[Mention]) -> None:
    """`Cổ phiếu của Hòa Bình`: in news of shares the bare end of a company's name is the company, unless the
    place itself is told of."""
    firms = [form(m) for m in mentions if m.reason in ("company", "organisation", "brand")]
    told = {c for m in mentions if not m.reason and m.cue for c in m.codes} if firms else set()
    for mention in mentions:
        bare = not mention.reason and not mention.cue and mention.level in UNIT_LEVELS
        if bare and not mention.codes & told and any(_ends_with(firm, form(mention)) for firm in firms):
            mention.reason = "organisation"


def _gap(mention: Mention, following: Mention) -> str:
    if mention.hit.field is not following.hit.field:
        return ""
    return mention.hit.field.lower[mention.hit.end : following.start]


_STREETS = re.compile(
    place_tones(r"\b(?:đường|phố|các tuyến|duong|cac tuyen)\s+\w[^.;:()\n]{1,70}(?:,| và| va)\s*$")
)


_CITIES = frozenset({"01", "31", "48", "79", "92"})
"""Hà Nội, Hải Phòng, Đà Nẵng, Hồ Chí Minh City, Cần Thơ: behind a street these are where it lies."""


def settle_streets(mentions: Sequence[Mention]) -> None:
    """`đường Tây Thạnh, Cao Bằng` in an article about another place is a list of streets, no address."""
    bare = [
        m
        for m in mentions
        if not m.reason and not m.cue and m.level in UNIT_LEVELS and not m.codes <= _CITIES
    ]
    if not bare:
        return
    firm = {c for m in mentions if not m.reason and m.cue not in ("", "dateline") for c in m.codes}
    firm |= {c for m in mentions if not m.reason and m.start < 20 for c in m.codes}
    for mention in bare:
        lower, others = mention.hit.field.lower, firm - mention.codes
        if (
            others
            and not mention.codes & firm
            and _STREETS.search(lower[max(0, mention.start - 90) : mention.start])
        ):
            mention.reason = "street"


_PREPOSITIONS = (
    "ở ",
    "tại ",
    "qua ",
    "trên ",
    "trong ",
    "thuộc ",
    "in ",
    "at ",
    "near ",
    "off ",
    "o ",
    "tai ",
)


def _is_named_thing(mention: Mention) -> bool:
    """In the title, after the noun of a trade, plant, port or the like, not after a preposition."""
    hit = mention.hit
    if hit.field.name == "title" and _follows_trade(mention):
        return True
    before = hit.field.lower[max(0, hit.start - 8) : hit.start]
    return hit.field.name == "title" and mention.before == words.AT and not before.endswith(_PREPOSITIONS)


def _follows_trade(mention: Mention) -> bool:
    tokens = mention.hit.field.lower[max(0, mention.start - 30) : mention.start].split()
    heads = mention.hit.field.table.trade_heads
    return any(" ".join(tokens[-size:]) in heads for size in range(1, min(4, len(tokens) + 1)))


def settle_subunits(mentions: Sequence[Mention]) -> None:
    """`huyện Phù Yên, tỉnh Sơn La` explains a bare `Phu Yen` elsewhere, unless the province is named too."""
    meant = {
        form(m): m.places for m in mentions if m.cue == words.SUBUNIT and len(m.codes) == 1 and not m.reason
    }
    unknown = {form(m) for m in mentions if m.reason == OTHER_UNIT}
    if not meant and not unknown:
        return
    for mention in mentions:
        if mention.level in UNIT_LEVELS and mention.cue in words.ACTING:
            meant.pop(form(mention), None)
            unknown.discard(form(mention))
    for mention in mentions:
        places = meant.get(form(mention), ())
        if form(mention) in unknown:
            mention.reason = OTHER_UNIT
        if not mention.reason and mention.level in UNIT_LEVELS and {p.code for p in places} - mention.codes:
            mention.places, mention.level = places, "district"
