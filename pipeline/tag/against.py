"""What speaks against a name: streets, firms and schools, dishes, longer names, ordinary words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.tag import cue_words as words
from pipeline.tag.cues import Cues
from pipeline.tag.matching import ENGLISH, TONED, FieldText, Hit
from pipeline.tag.mention import INNER, Surroundings, longest_before
from pipeline.vietnamese import exact, fold, is_syllable, place_tones

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


def is_plural(tokens: Sequence[str], phrase: str, table: Cues) -> bool:
    size = len(phrase.split())
    previous = tokens[-size - 1] if len(tokens) > size else ""
    return previous in table.plurals or previous.isdigit()


def is_street(around: Surroundings, phrase: str) -> bool:
    tokens = around.before
    if phrase in ("phố", "pho") and len(tokens) > 1 and tokens[-2] in ("thành", "thanh", "khu"):
        return False
    return not (phrase in ("đường", "duong") and len(tokens) > 1 and tokens[-2] in _NO_ROADS)


_NO_ROADS = frozenset(
    form(word) for word in "lên thánh giáo trai giảng mía thiên học".split() for form in (exact, fold)
)
"""Before `đường` these make a way up, a church, a refectory, a lecture hall, sugar cane, heaven, schools."""


_SOMEBODYS = frozenset("his her their its our my your a an one another this that each every".split())


def is_common_house(hit: Hit, around: Surroundings) -> bool:
    """`in his Hanoi cafe`, with a small letter: a house there, not one of that name."""
    owned = bool(around.before) and around.before[-1] in _SOMEBODYS
    return owned and hit.field.text[hit.end + 1 : hit.end + 2].islower()


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
        if word in table.organisation_stops and not _is_open_university(tokens[:-size], word):
            break
        if word not in table.company_words:
            capitals = _capitals(hit, len(tokens)) if capitals is None else capitals
            if capitals and not capitals[-size]:
                break
    return _organisation_after(hit, around, table)


def _is_open_university(before: Sequence[str], word: str) -> bool:
    """`Đại học Mở TP HCM`."""
    return word in ("mở", "mo") and bool(before) and before[-1] in _LEARNED


_LEARNED = frozenset(map(exact, ("học", "đh", "hoc", "dh")))


_ONLY_FIRMS = ([exact("dược")], ["duoc"])
"""Trades whose word, of one syllable, begins a sentence in names of firms alone."""


def _is_firm_of_a_trade(hit: Hit, tokens: Sequence[str], table: Cues, *, company: bool) -> bool:
    """`Nhựa Đồng Nai`, `Xổ số Vĩnh Long`: a trade with a capital amid its sentence, or in news of shares."""
    for size in range(min(3, len(tokens)), 0, -1):
        if " ".join(tokens[-size:]) in table.trade_heads:
            capitals = _capitals(hit, len(tokens))
            if tokens[-size:] in _ONLY_FIRMS and tokens == tokens[-size:]:
                return bool(capitals)  # Dược Hậu Giang ký hợp đồng
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


OTHER_CAPITAL = "another capital"


def is_other_capital(hit: Hit, field: FieldText) -> bool:
    if hit.key not in ("thủ đô", "thu do"):
        return False
    rest = field.text[hit.end : hit.end + 3]
    if len(rest) < 2 or rest[0] != " " or not rest[1].isupper():
        return False
    return not field.lower.startswith(EPITHETS, hit.end + 1)


EPITHETS = tuple(
    map(place_tones, ("anh hùng", "ngàn năm", "nghìn năm", "văn hiến", "anh hung", "ngan nam", "nghin nam"))
)
"""Behind `Thủ đô` with a capital these praise our own: `Thủ đô Anh hùng`."""


def is_colour(hit: Hit, *, placed: bool) -> bool:
    """`Hue, saturation and brightness`, `a Hue and cry`: the English word at the start of a sentence; also a
    make of lamps, even behind a preposition (`placed`)."""
    if hit.field.mode != ENGLISH:
        return False
    lower = hit.field.lower
    if _HUES.match(lower, hit.end) or lower.endswith("philips ", 0, hit.start):
        return True
    return not placed and _COLOUR.search(lower, max(0, hit.start - 40), hit.end + 60) is not None


_HUES = re.compile(
    r"(?:,? saturation| and cry|s\b| (?:smart )?(?:lamps?|bulbs?)\b| smart lights?\b|"
    r" lights(?: (?:are|were|can|from|sold)\b|[,.]))"
)
"""But `Hue lights up the river`."""
_COLOUR = re.compile(r"\b(?:colou?rs?|saturation|brightness|shades?|paints?|palettes?)\b")


_HOUSE = re.compile(r"\b(?!(?:19|20)\d\d )\d+[a-z]?(?:[-/]\d+[a-z]?)* $")
_QUARTER = re.compile(place_tones(r"(?:,| -) ?(?:(?:phường|phuong|quận|quan|ward|district)\b|[pq]\.? ?\d)"))


def is_street_of_a_house(hit: Hit) -> bool:
    """`số 21-23 Đồng Nai, phường 15`: a number before the name, a quarter of a city behind it."""
    lower = hit.field.lower
    near = lower[max(0, hit.start - 14) : hit.start]
    if not (near[-2:-1].isdigit() or near[-3:-2].isdigit()):
        return False
    return bool(_HOUSE.search(near) and _QUARTER.match(lower, hit.end))


def is_firm_by_its_name(hit: Hit) -> bool:
    """`cổ phiếu Quốc Cường Gia Lai`: in news of shares, two syllables with capitals before a province that
    nothing parts from it, amid a sentence."""
    field = hit.field
    if field.mode != TONED or field.caseless or hit.entry.unit is None:
        return False
    after = field.text[hit.end : hit.end + 2]
    if len(after) == 2 and after[0] == " " and after[1].isupper():
        return False  # a headline with capitals throughout
    left = field.text[max(0, hit.start - 60) : hit.start].split()
    pair = left[-2:]
    if len(left) < 3 or field.text[hit.start - 1] != " ":
        return False
    if not all(word.istitle() and is_syllable(fold(word)) for word in pair) or left[-3][-1] in ".:!?":
        return False
    return not any(longest_before([exact(w) for w in left[:stop]], field.table)[0] for stop in (-2, -1, None))


_SEAT = re.compile(
    place_tones(
        r"\b(?:(?:có|đặt) trụ sở|trụ sở chính|"
        r"trụ sở(?: của)? (?:công ty|doanh nghiệp|tập đoàn|ngân hàng|hãng)[^,;]{0,20} đặt)"
        r"(?: chính)? (?:tại|ở) (?:\w+ ){0,2}$|"
        r"\b(?:(?:co|dat) tru so|tru so chinh)(?: chinh)? (?:tai|o) (?:\w+ ){0,2}$|"
        r"\b(?:headquartered|headquarters|head office) in $|"
        r"\b(?:tòa án(?: nhân dân)?|toà án(?: nhân dân)?|tand|viện kiểm sát(?: nhân dân)?|viện ksnd|vksnd|"
        r"vks) cấp cao (?:tại|ở) $|"
        r"(?<!phiên )\b(?:tòa|toà|toa) (?:cấp cao|cap cao|phúc thẩm|phuc tham)"
        r"(?: (?:tand|tòa án nhân dân|toà án nhân dân|toa an nhan dan) (?:tối cao|toi cao))?"
        r" (?:tại|ở|tai|o) $"
    )
)


_CAMPUSES = tuple(f" {kind} in " for kind in ("University", "College", "Academy", "Institute"))


def is_campus(hit: Hit) -> bool:
    """`Tôn Đức Thắng University in HCM City` outside titles, `a Hà Nội-based firm`: where it is at home."""
    if hit.field.mode != ENGLISH:
        return False
    text = hit.field.text
    based = text.startswith("-based ", hit.end)
    return based or (hit.field.name != "title" and text.endswith(_CAMPUSES, 0, hit.start))


_OF_SEATS = (exact("trụ sở"), "tru so", "head", exact("cấp cao"), "cap cao", exact("phúc thẩm"), "phuc tham")
"""One of these stands in whatever `_SEAT` finds."""


def is_seat(around: Surroundings) -> bool:
    """`có trụ sở tại quận Hoàn Kiếm`, `headquartered in Hue`: where a firm sits, not where things happen; and
    `TAND cấp cao tại Đà Nẵng`, `Tòa Phúc thẩm TAND tối cao tại TP.HCM`: courts of a dozen provinces."""
    clause = around.clause
    return any(word in clause for word in _OF_SEATS) and _SEAT.search(clause) is not None


_SCHOOLS = tuple(
    f" {form(head)} "
    for head in ("cao đẳng", "đại học", "học viện", "trung cấp", "ngân hàng")
    for form in (exact, fold)
)


_ESTATE = re.compile(r" (?:City|Gardens?|Towers?|Plaza|Residences?|Riverside|Homes?)\b")


def is_estate(hit: Hit) -> bool:
    """`An Bình City`, in Vietnamese: a housing estate takes a name of good omen, which a ward bears, too."""
    return (
        hit.field.mode == TONED
        and hit.entry.senses[0].kind in INNER
        and _ESTATE.match(hit.field.text, hit.end) is not None
    )


_HULL = re.compile(r"\bhq[ -]?\d{2,3} $")
_SHIPS = tuple(f"{form(noun)} " for noun in words.SHIPS.split("|") for form in (exact, fold))


_NUMBERED = re.compile(
    r" \d{1,3}(?=[,.;:)\n]|$| (?:và|va|vừa|vua|đã|da|đang|dang|sẽ|se|bị|bi|rời|roi|cập|cap|and|was) )"
)
_NUMBERED_SHIP = re.compile(
    place_tones(r"\b(?:(?:tàu|tau)(?! (?:cá|ca|hỏa|hoả|hoa)\b)(?: \w+){0,2}|ship|vessel|ferry) $")
)


def is_ship(around: Surroundings) -> bool:
    """`tàu HQ-184 Hải Phòng`, `the submarine Hanoi`: ships of the navy bear the names of provinces, and
    others with a number: `tàu nghiên cứu Bến Tre 19`."""
    if around.clause.endswith(_SHIPS):
        return True
    if _NUMBERED.match(around.rest) and _NUMBERED_SHIP.search(around.clause):
        return True
    return "hq" in around.clause and _HULL.search(around.clause) is not None


_CYCLONES = "typhoon|hurricane|cyclone|storm|siêu bão|cơn bão"
_STORMS = tuple(f"{form(noun)} " for noun in _CYCLONES.split("|") for form in (exact, fold))


def is_storm(hit: Hit, around: Surroundings) -> bool:
    """`Typhoon Halong`: storms are called after sights of many countries, not after provinces."""
    return hit.entry.unit is None and around.clause.endswith(_STORMS)


_TRAINING = re.compile(
    place_tones(
        r"\b(?:trung tâm huấn luyện|trung tam huan luyen|tthltt(?:qg)?)\b"
        r"(?:(?! (?:ở|tại|o|tai|thuộc|thuoc) )[^.,;]){0,30}$"
    )
)


def is_training_centre(around: Surroundings) -> bool:
    """`Trung tâm Huấn luyện thể thao quốc gia Hà Nội`: one of the whole country, called after its seat."""
    clause = around.clause
    return ("hu" in clause or "tthl" in clause) and _TRAINING.search(clause) is not None


def is_school_of_a_trade(around: Surroundings, phrase: str) -> bool:
    """`Trường Cao đẳng Y tế Đồng Nai`: what would be an office of the province is the trade of a school or
    bank."""
    return f" {around.clause.rstrip().removesuffix(phrase)}".endswith(_SCHOOLS)
