"""What speaks against a name: persons, streets, organisations, brands, places abroad; and venues."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.tag import cue_words as words
from pipeline.tag.cues import Cues
from pipeline.tag.matching import ENGLISH, TONED, FieldText, Hit
from pipeline.tag.mention import Surroundings
from pipeline.vietnamese import exact, is_syllable, place_tones

ROLES = frozenset(
    {
        words.UNIT,
        words.GOVERNMENT,
        words.AT,
        words.FROM,
        words.TOWARDS,
        words.LIKE,
        words.APART,
        words.HOME,
        words.VENUE,
        words.CLUB,
    }
)
"""Cues that say how a name of a place is used."""
ABROAD_AFTER = re.compile(
    place_tones(
        r"^['’s]*\s*[,(-]?\s*(?:(?:của|cua|ở|o|in|of)?\s*(?:trung quốc|trung quoc|china|đài loan|taiwan|"
        r"california|hàn quốc|nhật bản|malaysia|germany|france|texas|orange county|indonesia|thái lan|"
        r"thailand|philippines|ấn độ|india|russia|hoa kỳ|australia|canada|laos|campuchia|cambodia|japan|"
        r"korea)|(?:ở|tại|in) (?:nga|đức|pháp|anh|mỹ|úc|lào|ý|áo))\b"
    )
)
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


_MIDDLES = frozenset(
    "van thi duc minh thanh quoc ngoc xuan huu dinh thu kim hoai quang trong hong anh".split()
)


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
        r"công ty|tập đoàn|đối tác)"
        r" trung (?:quốc|quoc)|chinese (?:invest|firm|compan|tourist|buyer|market|partner|goods|maker|"
        r"trader)|"
        r"(?:to|with|from) china"
    )
)


def is_plural(tokens: Sequence[str], phrase: str, table: Cues) -> bool:
    size = len(phrase.split())
    previous = tokens[-size - 1] if len(tokens) > size else ""
    return previous in table.plurals or previous.isdigit()


def is_person(hit: Hit, around: Surroundings, table: Cues, meaning: str) -> bool:
    if (
        meaning == words.PERSON
        and not hit.entry.nickname
        and not _is_of_a_calling(hit, around)
        and not _is_long_landmark(hit)
        and hit.key not in ("hà nội", "ha noi", "hanoi", "sài gòn", "huế")
    ):
        return True
    if hit.key == "huế" and around.before and around.before[-1] in _WOMEN:
        return True
    if hit.field.mode == ENGLISH and hit.entry.unit is None and _goes_on_as_a_name(hit, table):
        return True
    if around.glued or not around.before or not _may_follow_a_name(hit, around.before[-1]):
        return False
    original = hit.field.text[max(0, hit.start - _WINDOW) : hit.start].rsplit(None, 3)
    for position, word in enumerate(reversed(original[-3:])):
        if not word[0].isupper() or not word.isalpha():
            return False
        low = around.before[-1 - position] if position < len(around.before) else ""
        if low in table.weak_surnames and (
            hit.key.startswith(("van ", "thi ")) or _tells_a_person(around.before[: -1 - position], table)
        ):
            return True
        if low in table.surnames:
            return position == 0 or not hit.field.caseless
        if hit.field.caseless or (
            hit.field.mode == ENGLISH and position == 0 and low not in table.weak_surnames | _MIDDLES
        ):
            return False
    return False


_WOMEN = frozenset(map(exact, ("bà", "chị", "cô")))
"""Before `Huế` these make a woman of the city: `nghệ sĩ Huế` is an artist there."""


def _goes_on_as_a_name(hit: Hit, table: Cues) -> bool:
    """`Tran Yen Bai`: a surname at the start, and one more Vietnamese syllable with a capital; but not
    `Phan Thiet Market`, nor `Le Thuy Quang Binh`, a town and its province."""
    if hit.field.caseless or hit.in_unit or hit.key.split(" ", 1)[0] not in table.surnames:
        return False
    follower = _FOLLOWER.match(hit.field.text, hit.end)
    word = follower[1].lower() if follower else ""
    return is_syllable(word) and word not in _ENGLISH_SYLLABLES


_FOLLOWER = re.compile(r" ([A-Z][a-z]+)\b")
_ENGLISH_SYLLABLES = frozenset(
    "at ban bay but can cap cup cut dam gang get got gun hit hot in lot man map men met no not "
    "on pit put run set sit so sun tap tin to top up vet".split()
)
"""English words in the shape of a Vietnamese syllable that are nobody's name."""


_CALLINGS = tuple(
    f"{exact(calling)} "
    for calling in (
        "thầy giáo|cô giáo|bác sĩ|nữ sinh|võ sĩ|kỹ sư|đạo diễn|họa sĩ|nhà văn|nhà thơ|luật sư|cụ bà|cụ ông"
    ).split("|")
)
_ALSO_GIVEN = frozenset(
    map(
        exact,
        "hòa bình|thái bình|hà giang|hải dương|bình dương|hà nam|vĩnh phúc|an giang|thái nguyên|bình thuận|"
        "bình định|ninh bình|phú yên|long an|vĩnh long|tuyên quang|kiên giang|bình phước".split("|"),
    )
)
"""Units whose names are given to people, too."""


def _is_of_a_calling(hit: Hit, around: Surroundings) -> bool:
    """`Cô giáo Nghệ An`: a teacher there; but `cô giáo Hà Giang` may be her name."""
    field = hit.field
    if hit.entry.unit is None or field.mode != TONED or field.caseless or hit.key in _ALSO_GIVEN:
        return False
    return f" {around.clause}".endswith(_CALLINGS)


def _is_long_landmark(hit: Hit) -> bool:
    """`bác sĩ Bệnh viện Trung ương Huế`: somebody of a place whose name says what it is."""
    return hit.entry.senses[0].kind == "landmark" and hit.entry.name.count(" ") > 1


def _may_follow_a_name(hit: Hit, previous: str) -> bool:
    """Whether the word before may be part of a name: has a capital, as far as that is told at one look."""
    text, end = hit.field.text, hit.start - 1
    if text[end] != " " or text[end - 1] == "." or not 0 < len(previous) < min(end + 1, _WINDOW):
        return True
    return text[end - len(previous)].isupper()


_WINDOW = 40  # characters before a name in which its surname is looked for


def _tells_a_person(tokens: Sequence[str], table: Cues) -> bool:
    """Whether one of the last five words is a title or calling: `nghệ sĩ violin Kim ...`."""
    near = tokens[-5:]
    return any(
        table.before.get(" ".join(near[i : i + size])) == words.PERSON
        for i in range(len(near))
        for size in (1, 2)
    )


_AGED = re.compile(
    place_tones(r"(?:\d tuổi|\d tuoi|aged \d+|sn \d{4})\s*,\s*(?:(?:ở|tại|tp\.?|from|in)\s+)?$")
)
_EXPERT = re.compile(
    place_tones(
        r"(?:\b(?:ths|bs|ts|pgs|gs|bscki|bsckii|bác sĩ|thạc sĩ|tiến sĩ|giáo sư|giảng viên|giáo viên|"
        r"trưởng khoa|phó trưởng khoa|chuyên gia|sinh viên)\b[^\n;]{0,120})"
        r"\b(?:bệnh viện|bv|phòng khám|trung tâm|viện|hệ thống|trường|đại học)\b[^,;()\n]{0,60}(?: \()?$"
    )
)


def is_personal(hit: Hit, *, bare: bool) -> bool:
    """Where somebody lives or works: `chị Hoa (35 tuổi, Hà Nội)`, and, of a name without a preposition
    (`bare`), `theo BS Tâm, Bệnh viện Nhân dân Hà Nội`."""
    lower = hit.field.lower
    if hit.entry.name.startswith(_HOSPITALS) and _EXPERT_OF.search(
        lower[max(0, hit.start - 120) : hit.start]
    ):
        return True
    near = lower[max(0, hit.start - 14) : hit.start]
    aged = "tu" in near or "aged" in near
    if not aged and (not bare or hit.field.name == "title"):
        return False
    left = lower[max(0, hit.start - 170) : hit.start]
    if aged and _AGED.search(left):
        return True
    if not bare or hit.field.name == "title":
        return False
    for head in _INSTITUTES:
        if head in left:
            return bool(_EXPERT.search(left[left.rfind(". ") + 1 :]))
    return False


_HOSPITALS = ("Bệnh viện", "bệnh viện", "Trung tâm", "Viện")
_EXPERT_OF = re.compile(
    place_tones(r"\b(?:ths|bs|ts|pgs|gs|bscki|bsckii|bác sĩ|thạc sĩ|tiến sĩ|giáo sư)\b[^;\n]{2,90}[,(–-] ?$")
)
_INSTITUTES = tuple(exact(head) for head in ("viện", "bv ", "phòng khám", "trung tâm", "trường", "đại học"))


def is_street(around: Surroundings, phrase: str) -> bool:
    tokens = around.before
    if phrase in ("phố", "pho") and len(tokens) > 1 and tokens[-2] in ("thành", "thanh", "khu"):
        return False
    return not (phrase in ("đường", "duong") and len(tokens) > 1 and tokens[-2] in ("lên", "len"))


_COOPERATIVES = frozenset({"htx", "hợp tác xã", "hop tac xa"})
_COMMON_HEADS = frozenset("dự cảnh thông họp du canh thong hop".split())


def is_generic(around: Surroundings, phrase: str, table: Cues) -> bool:
    """`các báo Hà Nội`, `dự báo Hà Nội`: not the name of one newspaper, band or hotel."""
    size = len(phrase.split())
    previous = around.before[-size - 1] if len(around.before) > size else ""
    counted = phrase in _COOPERATIVES and previous.isdigit()
    return counted or previous in table.plurals or previous in _COMMON_HEADS


_NOT_A_HEAD = frozenset({"bệnh", "benh", "nhà", "nha"})
"""`bệnh viện` is where things happen, `nhà sàn` is a house."""


def is_organisation(hit: Hit, around: Surroundings, table: Cues, *, company: bool) -> bool:
    """The name ends the name of a company, bank or school: `Công ty cổ phần Xi măng Bỉm Sơn`. `company`
    tells that the article is about shares or profits."""
    if table.heads.isdisjoint(around.before):
        return _organisation_after(hit, around, table)
    tokens = around.before
    if tokens[-1] in table.sizes_of_trades and _is_firm_of_a_trade(hit, tokens, table, company=company):
        return True
    capitals: list[bool] | None = None
    for size in range(1, min(9, len(tokens)) + 1):
        word = tokens[-size]
        pair = " ".join(tokens[-size : len(tokens) - size + 2]) if size > 1 else word
        if pair in table.organisations or (
            word in table.organisations and pair not in table.organisation_stops
        ):
            previous = tokens[-size - 1] if len(tokens) > size else ""
            return previous not in table.plurals and previous not in _NOT_A_HEAD
        if word in table.organisation_stops:
            break
        if word not in table.company_words:
            capitals = _capitals(hit, len(tokens)) if capitals is None else capitals
            if capitals and not capitals[-size]:
                break
    return _organisation_after(hit, around, table)


def _is_firm_of_a_trade(hit: Hit, tokens: Sequence[str], table: Cues, *, company: bool) -> bool:
    """`Nhựa Đồng Nai`, `Xổ số Vĩnh Long`: a trade with a capital amid its sentence, or in news of shares."""
    for size in range(min(3, len(tokens)), 0, -1):
        if " ".join(tokens[-size:]) in table.trade_heads:
            capitals = _capitals(hit, len(tokens))
            return company or (len(tokens) > size and bool(capitals) and capitals[-size])
    return False


def _capitals(hit: Hit, size: int) -> list[bool]:
    """Whether each of the last `size` words before the name starts with a capital; empty when case tells
    nothing."""
    if hit.field.mode == ENGLISH or hit.field.caseless or not size:
        return []
    original = hit.field.text[max(0, hit.start - 110) : hit.start].split()[-size:]
    return [word[0].isupper() for word in original] if len(original) == size else []


def _organisation_after(hit: Hit, around: Surroundings, table: Cues) -> bool:
    tokens = around.after
    if not tokens:
        return False
    beside = hit.field.text[hit.end + 1 : hit.end + 2]
    if tokens[:2] == ["thermal", "power"] and tokens[2:3] not in _POWER_PLANTS:
        return beside.isupper()  # Hai Phong Thermal Power
    if tokens[0] in table.trades and not hit.field.caseless:
        return beside.isupper()  # Da Nang Rubber
    if tokens[0] not in table.organisation_heads and (hit.field.name == "title" or beside.islower()):
        return False
    following: list[str] = []
    for position, word in enumerate(tokens[:5]):
        pair = " ".join(tokens[position : position + 2])
        if word in table.organisation_after or pair in table.organisation_after:
            return True
        if word in table.organisation_modifiers:
            continue
        following = following or hit.field.text[hit.end : hit.end + 60].split()
        if hit.field.name == "title" or not following[position : position + 1]:
            return False
        if not following[position][0].isupper():
            return False
    return False


_POWER_PLANTS = (["plant"], ["plants"], ["station"], ["centre"], ["center"], ["complex"], ["project"])


def is_dish(around: Surroundings, after: tuple[str, str], table: Cues) -> bool:
    """A dish follows, at once or after one ingredient: `Hue beef soup`, `Hue salt coffee`."""
    if after[0] == words.DISH:
        return True
    tokens = around.after[1:] if around.after[:1] == ["'s"] else around.after
    return len(tokens) > 1 and tokens[0] in table.ingredients and tokens[1] in table.dishes


_KINDS_OF_DISH = frozenset("bánh bún mì phở chè cơm nem chả giò gỏi lẩu xôi mắm kẹo banh bun pho nem".split())


def is_kind_of_dish(around: Surroundings) -> bool:
    """`bánh căn Phan Rang`, `bún nước Cà Mau`: the word for a dish, another word, the place."""
    tokens = around.before
    return len(tokens) > 1 and tokens[-2] in _KINDS_OF_DISH and tokens[-1] not in _AFTER_DISHES


_AFTER_DISHES = frozenset(
    "ở tại của từ và với đến về trên o tai cua tu va voi den ve tren hà nhà quán phố".split()
)


def is_longer_name(hit: Hit, meaning: str) -> bool:
    """`Hòa Bình Xanh`: a capitalised Vietnamese syllable follows with only a space between."""
    field = hit.field
    if field.mode != TONED or field.caseless or meaning in ROLES:
        return False
    rest = field.text[hit.end : hit.end + 14]
    if not rest.startswith(" ") or len(rest) < 3 or not rest[1].isupper() or not rest[2].islower():
        return False
    word = re.match(r" (\w+)", rest)
    return word is not None and not word[1].isascii() and word[1].lower() not in ("đã", "để", "ở")


def is_other_capital(hit: Hit, field: FieldText) -> bool:
    if hit.key not in ("thủ đô", "thu do"):
        return False
    rest = field.text[hit.end : hit.end + 3]
    return len(rest) > 1 and rest[0] == " " and rest[1].isupper()


def is_brand(hit: Hit, table: Cues) -> bool:
    """`Saigon Alley` in an article from abroad: a well-known name and another capitalised word."""
    if hit.key not in _BRANDABLE or hit.field.caseless:
        return False
    follower = re.match(r" ([A-Z][a-z]+)", hit.field.text[hit.end : hit.end + 20])
    return follower is not None and follower[1].lower() not in table.after


def is_colour(hit: Hit) -> bool:
    """`Hue, saturation and brightness`, `a Hue and cry`: the English word at the start of a sentence."""
    if hit.field.mode != ENGLISH:
        return False
    lower = hit.field.lower
    if re.match(r"(?:,? saturation| and cry|s\b)", lower[hit.end : hit.end + 14]):
        return True
    return _COLOUR.search(lower, max(0, hit.start - 40), hit.end + 60) is not None


_COLOUR = re.compile(r"\b(?:colou?rs?|saturation|brightness|shades?|paints?|palettes?)\b")


def is_in_foreign_sentence(hit: Hit, table: Cues) -> bool:
    lower = hit.field.lower
    start = max(lower.rfind(". ", 0, hit.start), lower.rfind("\n", 0, hit.start)) + 1
    end = lower.find(". ", hit.end)
    sentence = lower[start : end if end > 0 else len(lower)]
    return any(word in sentence for word in table.foreign) and not _TRADE.search(sentence)
