"""Which of the places that bear one name is meant: the one whose unit the article names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from pipeline.tag import cue_words as words
from pipeline.tag.gazetteer import Place
from pipeline.tag.matching import ENGLISH, FieldText, is_only_placed
from pipeline.tag.mention import INNER, UNIT_LEVELS, Mention, form
from pipeline.tag.senses import inner_places
from pipeline.tag.settle import is_address, is_listed_beside, narrow

ELSEWHERE = "in another unit than the table knows"
_HINTING = frozenset({"newspaper", "organisation"})
"""A paper or firm does not make a place, but its home tells which of several places of a name is meant."""


def settle_namesakes(
    mentions: Sequence[Mention], old_to_new: Mapping[str, str], home: str, passing: frozenset[str]
) -> None:
    """Several places bear the name: the unit named right after it, else the one that the article's other
    places agree on, else none. `chùa Keo`, of which there are two, is everywhere the one whose address is
    given first."""
    addressed: dict[str, frozenset[str]] = {}
    for mention in mentions:
        if mention.level in INNER:
            mention.places = tuple([_with_code(place, old_to_new) for place in mention.places])
    for i, mention in enumerate(mentions):
        if mention.level in ("province", "former"):
            continue
        if mention.reason or mention.level in ("joint", "club") or mention.cue == "sobriquet":
            continue
        following = mentions[i + 1] if i + 1 < len(mentions) else None
        if following and is_address(mention, following):
            sure = following.level in UNIT_LEVELS or len(following.codes) == 1
            beside = is_listed_beside(mention, following, mentions[i + 2 : i + 3])
            if sure and not beside and not mention.codes & following.codes:
                mention.reason = ELSEWHERE
            several = len(mention.codes) > 1
            narrow(mention, {p.code for p in following.places}, {p.old for p in following.places})
            if several and len(mention.codes) == 1:
                addressed.setdefault(form(mention), mention.codes)
    for mention in mentions:
        if mention.level in INNER and len(mention.codes) > 1:
            narrow(mention, addressed.get(form(mention), frozenset()), {p.old for p in mention.places})
    unknown = {form(m) for m in mentions if m.reason == ELSEWHERE}
    for mention in mentions:
        inside = mention.cue == words.SUBUNIT or (not mention.cue and mention.level in INNER)
        if inside and form(mention) in unknown:
            mention.reason = mention.reason or ELSEWHERE
    firm = _firm_codes(mentions, _HOMES) | ({home} if home else set())
    told = _firm_codes(mentions, passing)
    firm |= {c for m in mentions if m.reason in _HINTING and m.level in UNIT_LEVELS for c in m.codes}
    for mention in mentions:
        if mention.reason or mention.level in ("province", "former", "joint", "club"):
            continue
        if len(mention.codes) > 1 or mention.weak:
            agreed = mention.codes & firm
            if len(agreed) > 1:
                agreed = _agreed_with_units(agreed, mentions, passing)
            if len(agreed) == 1:
                narrow(mention, agreed, set())
            elif _has_first_home(mention):
                narrow(mention, mention.codes & told or {mention.places[0].code}, set())
            else:
                mention.reason = "several places bear this name"


def settle_addresses(mentions: Sequence[Mention], old_to_new: Mapping[str, str]) -> None:
    """`near Phu Yen, Son La` and `Hòa Bình (Bạc Liêu)`: a district or ward that bears the name of a unit,
    before the unit that it lies in."""
    for i, (mention, following) in enumerate(pairwise(mentions)):
        if mention.level not in UNIT_LEVELS or following.level not in UNIT_LEVELS:
            continue
        if (
            mention.reason
            or following.reason
            or mention.before in words.ACTING
            or mention.codes & following.codes
        ):
            continue
        if not _is_before_its_unit(mention, following, mentions[i + 2 : i + 3]):
            continue
        inner = [_with_code(place, old_to_new) for place in inner_places(mention.hit)]
        places = tuple(place for place in inner if place.code in following.codes)
        if places:
            mention.level, mention.places, mention.cue = "district", places, words.SUBUNIT
            following.listed = False


_PLACED = frozenset({words.AT, words.FROM, words.TOWARDS, words.HOME})


def _is_before_its_unit(mention: Mention, following: Mention, third: Sequence[Mention]) -> bool:
    """Whether the next name stands in brackets, or, in an English sentence, behind a comma that begins no
    list: there two provinces would have `and` between them."""
    field, end = mention.hit.field, following.hit.end
    if following.hit.field is not field:
        return False
    gap = field.lower[mention.hit.end : following.start]
    if gap == " (":
        return field.lower.startswith(")", end)
    if gap != ", " or field.mode != ENGLISH or field.name == "title" or mention.before not in _PLACED:
        return False
    goes_on = bool(third) and third[0].listed and third[0].hit.field is field
    return not (mention.listed or goes_on or field.lower.startswith((" and ", " or ", " & "), end))


def settle_lone_wards(mentions: Sequence[Mention], fields: Sequence[FieldText]) -> None:
    """A title says `tại Hòa Phát`, and the text shows it to be a firm."""
    for mention in mentions:
        if mention.hit.entry.lone and mention.cue == words.AT and not mention.reason:
            others = (field.lower for field in fields if field is not mention.hit.field)
            if not all(is_only_placed(lower, mention.hit.key) for lower in others):
                mention.reason = "a ward of this name elsewhere, or a firm"


def _with_code(place: Place, old_to_new: Mapping[str, str]) -> Place:
    return place if place.code else Place(old_to_new[place.old], place.old)


def _agreed_with_units(
    agreed: frozenset[str], mentions: Sequence[Mention], passing: frozenset[str]
) -> frozenset[str]:
    """Cúc Phương lies in three provinces: the one that the text tells of, if it is only one."""
    units = [m for m in mentions if m.level in UNIT_LEVELS and not m.reason and m.cue not in passing]
    told = agreed & {code for m in units for code in m.codes}
    return told if len(told) == 1 else agreed


_HOMES = frozenset({words.HOME})


def _firm_codes(mentions: Iterable[Mention], passing: frozenset[str]) -> set[str]:
    """The units that are named without doubt, in other ways than these."""
    return {
        code
        for mention in mentions
        if not mention.reason
        and not mention.weak
        and len(mention.codes) == 1
        and mention.cue != "dateline"
        and mention.cue not in passing
        for code in mention.codes
    }


def _has_first_home(mention: Mention) -> bool:
    """Whether it is a pass, bridge or lake with two homes, or the best known of those that share its name."""
    homes = {sense.places for sense in mention.hit.entry.senses if sense.kind == "landmark"}
    return mention.level == "landmark" and homes == {mention.places}
