"""Names of our places that are borne abroad: towns of the same name, shops, quarters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.tag import cue_words as words
from pipeline.tag.cues import Cues
from pipeline.tag.matching import Hit
from pipeline.tag.mention import UNIT_LEVELS, Surroundings, longest_before
from pipeline.vietnamese import place_tones

ABROAD_AFTER = re.compile(
    place_tones(
        r"^['’s]*\s*[,(]?\s*(?:(?:của|cua|ở|o|in|of)?\s*(?:trung quốc|trung quoc|china|đài loan|taiwan|"
        r"california|hàn quốc|nhật bản|malaysia|germany|france|texas|orange county|indonesia|thái lan|"
        r"thailand|philippines|ấn độ|india|russia|hoa kỳ|australia|canada|laos|campuchia|cambodia|japan|"
        r"korea)|(?:ở|tại|in) (?:nga|đức|pháp|anh|mỹ|úc|lào|ý|áo))\b"
    )
)
_NAMESAKE_AFTER = re.compile(
    place_tones(
        r"^['’s]*\s*[,(]?\s*(?:(?:của|cua|ở|o|in|of)\s+)?(?:trung quốc|trung quoc|china|đài loan|taiwan)\b"
    )
)
"""Provinces of ours have namesakes in China alone."""
_EMIGRANTS_AFTER = re.compile(r"^['’s]*\s*(?:[,(]\s*|in )(?:california|texas|orange county)\b")
"""Quarters that emigrants called after a city of ours. `Hà Nội, Nhật Bản` are two that do something."""
_OURS_BEFORE = re.compile(
    place_tones(
        r"\b(?:ubnd|hđnd|hdnd|mttq|bđbp|ubmttq|uỷ ban nhân dân|ủy ban nhân dân|uy ban nhan dan|"
        r"hội đồng nhân dân|hoi dong nhan dan|bộ đội biên phòng|bo doi bien phong|đoàn đbqh|doan dbqh|"
        r"đoàn đại biểu quốc hội|bộ chqs|bộ chỉ huy quân sự|thành ủy|thanh uy)"
        r"(?: (?:tỉnh|thành phố|tinh|thanh pho|tp\.?))? ?$"
    )
)
_OURS_AFTER = re.compile(
    r"^(?:['’]s)?(?: (?:city|province|provincial|municipal))? people['’]s (?:committee|council)\b"
)


def is_governed_by_us(hit: Hit) -> bool:
    """Whether it is named with an authority that only our units have: `UBND tỉnh An Giang`."""
    lower = hit.field.lower
    if _OURS_BEFORE.search(lower, max(0, hit.start - 50), hit.start):
        return True
    return _OURS_AFTER.match(lower[hit.end : hit.end + 50]) is not None


def is_told_to_be_abroad(hit: Hit, level: str, around: Surroundings, table: Cues) -> bool:
    """Whether what follows puts the name abroad: `Hà Nam (Trung Quốc)`, `Biển Hồ của Campuchia`. Of a unit of
    ours that is not placed the same words tell whom it deals with: `Đồng Nai, Nhật Bản`."""
    if level not in UNIT_LEVELS:
        return ABROAD_AFTER.match(around.rest) is not None
    placed = longest_before(around.before, table)[0] in (words.AT, words.UNIT)
    pattern = _NAMESAKE_AFTER if placed or hit.key in table.namesakes else _EMIGRANTS_AFTER
    return pattern.match(around.rest) is not None


BELONGING = (*map(place_tones, (" của ", " ở ")), " cua ", " in ", " of ")
"""With one of these begins what says in which country a namesake is."""
ABROAD_BEFORE = re.compile(
    place_tones(
        r"\b(?:little|rue de|petit|petite|tiểu|tieu)\s+$|(?:china's|chinese)\s+(?:\w+\s+){0,3}$|"
        r"trung quốc\s+(?:là|ở|tại)\s+$"
    )
)
_CALLED_AFTER = ("little", "rue de", "petit", "petite", "tiểu", "tieu")


def stands_behind_abroad(around: Surroundings) -> bool:
    """`Little Saigon`, `China's Hoa Binh`: what stands before makes it a place abroad."""
    clause = around.clause
    # whatever the pattern finds has one of these in it
    if "chin" in clause or "trung quốc" in clause or clause.rstrip().endswith(_CALLED_AFTER):
        return ABROAD_BEFORE.search(clause) is not None
    return False


_SHOPS = frozenset(
    "market mall bakery cafe restaurant restaurants diner deli alley plaza street supermarket grill".split()
)
_SHOP_NOUNS = frozenset(
    map(place_tones, ("chợ", "phố", "quán", "cho", "pho", "quan", "nhà hàng", "nha hang"))
)
_WHERE = frozenset(("in", "near", "outside", "of", "ở", "tại", "o", "tai"))


def is_shop_abroad(around: Surroundings, table: Cues) -> bool:
    """`the Sapa market in Prague`, `Prague's Sapa market`, `chợ Sapa ở Praha`: Vietnamese trade there."""
    before, after = around.before, around.after
    if after and after[0] in _SHOPS:
        if before and before[-1] == "'s" and _ends_abroad(before[:-1], table):
            return True
        owner = before[-1] if before else ""
        if owner.endswith(("'s", "’s")) and _ends_abroad([*before[:-1], owner[:-2]], table):
            return True
        after = after[1:]
    elif not before or (before[-1] not in _SHOP_NOUNS and " ".join(before[-2:]) not in _SHOP_NOUNS):
        return False
    if len(after) < 2 or after[0] not in _WHERE:
        return False
    return after[1] in table.abroad or " ".join(after[1:3]) in table.abroad


def _ends_abroad(tokens: Sequence[str], table: Cues) -> bool:
    return any(" ".join(tokens[-size:]) in table.abroad for size in (1, 2))


_BRANDABLE = frozenset(
    {
        "hanoi",
        "ha noi",
        "saigon",
        "sai gon",
        "hue",
        "hà nội",
        "sài gòn",
        "huế",
        "danang",
        "da nang",
        "mekong",
        "hoi an",
        "hội an",
        "ha long",
        "halong",
        "da lat",
        "dalat",
        "đà lạt",
        "nha trang",
        "sapa",
        "sa pa",
    }
)


_TRADE = re.compile(
    place_tones(
        r"(?:đầu tư|dau tu|nghiệp|nghiep|khách|khach|thị trường|thi truong|sang|với|voi|biên giới|hàng|"
        r"công ty|tập đoàn|đối tác|người|nguoi|công dân|du khách|tiếng)"
        r" trung (?:quốc|quoc)|chinese (?:invest|firm|compan|tourist|buyer|market|partner|goods|maker|"
        r"trader|national|citizen|suspect)|"
        r"(?:to|with|from) china"
    )
)


_PUBLIC = frozenset(
    "people hospital university college museum station railway citadel maternity children women medical "
    "general deputy vice chairman chairwoman mayor secretary governor party municipal department customs "
    "court airport port metro opera".split()
)
"""Words of the names of what stands in the place itself, and of its offices: `Đà Nẵng Hospital for Women and
Children`."""
_CAPITALISED = re.compile(r" ([A-Z][a-z]+)(?![^\W_])")
"""A word without marks: what follows with marks is who holds an office there, `TP Hà Nội Trần Sỹ Thanh`."""


def is_brand(hit: Hit, table: Cues) -> bool:
    """`Saigon Alley` in an article from abroad: a well-known name and another capitalised word."""
    if hit.key not in _BRANDABLE or hit.field.caseless:
        return False
    follower = _CAPITALISED.match(hit.field.text, hit.end)
    word = follower[1].lower() if follower else ""
    return word != "" and word not in table.after and word not in _PUBLIC


def is_in_foreign_sentence(hit: Hit, table: Cues) -> bool:
    lower = hit.field.lower
    start = max(lower.rfind(". ", 0, hit.start), lower.rfind("\n", 0, hit.start)) + 1
    end = lower.find(". ", hit.end)
    sentence = lower[start : end if end > 0 else len(lower)]
    return any(word in sentence for word in table.foreign) and not _TRADE.search(sentence)


_CITY_OF = re.compile(
    place_tones(r"\b(?:thành phố|thanh pho) (?P<city>[^\W\d]+(?: [^\W\d]+){0,2}), (?:tỉnh|tinh) $")
)


def is_province_abroad(hit: Hit, known_from: int) -> bool:
    """`thành phố Thương Khâu, tỉnh Hà Nam`: of a province that has a namesake in China, a city that the
    gazetteer does not know. `known_from` is where the last name before it ends."""
    if hit.key not in hit.field.table.namesakes:
        return False
    found = _CITY_OF.search(hit.field.lower, max(0, hit.start - 50), hit.start)
    if found is None or known_from > found.start("city"):
        return False
    return all(word[0].isupper() for word in hit.field.text[slice(*found.span("city"))].split())
