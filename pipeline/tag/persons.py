"""People who bear the name of a place, and people of a place, told by surnames, titles and ages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.tag import cue_words as words
from pipeline.tag.cues import SURNAMES, Cues
from pipeline.tag.matching import ENGLISH, TONED, Hit
from pipeline.tag.mention import Surroundings, longest_before
from pipeline.vietnamese import UPPER, exact, fold, is_syllable, place_tones

_MIDDLES = frozenset(
    "van thi duc minh thanh quoc ngoc xuan huu dinh thu kim hoai quang trong hong anh".split()
)


CREDITED = "who took the picture"


def is_credited(hit: Hit) -> bool:
    """`(Ảnh: An Bình)`: who took the picture."""
    credit = hit.field.lower.endswith(_CREDITS, 0, hit.start)
    return credit and _ENDS_CREDIT.match(hit.field.text, hit.end) is not None


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
    if hit.field.mode == ENGLISH and _is_called_by_the_last(hit):
        return True
    original = hit.field.text[max(0, hit.start - _WINDOW) : hit.start].rsplit(None, 3)
    if hit.surface.isupper() and not original[-1].isupper():
        return False  # Photo Lê Mai HÀ NỘI —
    for position, word in enumerate(reversed(original[-3:])):
        if not word[0].isupper() or not word.isalpha():
            return False
        low = around.before[-1 - position] if position < len(around.before) else ""
        if low in table.weak_surnames and (
            hit.key.startswith(("van ", "thi ")) or _tells_a_person(around.before[: -1 - position], table)
        ):
            return True
        if low in table.surnames or (not word.isascii() and exact(word) in SURNAMES):  # Đỗ, not English do
            return position == 0 or not hit.field.caseless
        if not position and _is_entitled(hit, word, around.before[:-1], table):
            return True
        if hit.field.caseless or (
            hit.field.mode == ENGLISH and position == 0 and low not in table.weak_surnames | _MIDDLES
        ):
            return False
    return False


def _is_entitled(hit: Hit, word: str, before: Sequence[str], table: Cues) -> bool:
    """`Trung tướng Đồng Đại Lộc`: one word with a capital between a title and the name, so that the surname
    need not be a known one. Titles are small letters amid a sentence: not `núi Bà Đen Tây Ninh`."""
    if hit.field.mode != TONED or hit.field.caseless or not word.istitle():
        return False
    if longest_before(before, table)[0] != words.PERSON:
        return False
    title = hit.field.text[max(0, hit.start - _WINDOW) : hit.start].split()[-2:-1]
    return bool(title) and title[0].islower()


_LAST_NAMES = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor)\.? ([A-Z][a-z]+)\b(?! [A-Z])")


def _is_called_by_the_last(hit: Hit) -> bool:
    """`Do Kien Giang`, of whom the text goes on as `Dr Giang`. English papers call people by their last
    name."""
    if hit.field.caseless or " " not in hit.key:
        return False
    return hit.surface.rsplit(" ", 1)[1] in _called(hit.field.text)


@lru_cache(maxsize=8)
def _called(text: str) -> frozenset[str]:
    return frozenset(_LAST_NAMES.findall(text))


_CREDITS = tuple(
    map(place_tones, ("ảnh: ", "ảnh:", "clip: ", "video: ", "đồ họa: ", "photo: ", "photo by ", "anh: "))
)
_ENDS_CREDIT = re.compile(r"\s*(?:[)\n/.]|$)")
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
        "thầy giáo|cô giáo|bác sĩ|nữ sinh|võ sĩ|kỹ sư|đạo diễn|họa sĩ|nhà văn|nhà thơ|luật sư|cụ bà|cụ ông|"
        "đô vật|vận động viên|kình ngư|lực sĩ|tay đua|nghệ nhân|cựu binh|thí sinh"
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


_CITIES = frozenset(
    map(
        exact,
        "quy nhơn|đà lạt|nha trang|hội an|vũng tàu|buôn ma thuột|hạ long|móng cái|sa pa|biên hòa|"
        "mỹ tho|rạch giá|phú quốc|cam ranh|việt trì|tam kỳ".split("|"),
    )
)
"""Former cities whose names nobody bears."""


def _is_of_a_calling(hit: Hit, around: Surroundings) -> bool:
    """`Cô giáo Nghệ An`: a teacher there; but `cô giáo Hà Giang` may be her name."""
    field = hit.field
    known = hit.entry.unit is not None or hit.key in _CITIES
    if not known or field.mode != TONED or field.caseless or hit.key in _ALSO_GIVEN:
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
        r"trưởng khoa|phó trưởng khoa|chuyên gia|sinh viên)\b(?:(?! (?:đã|đang|từng|vừa|"
        r"gắn bó) )[^\n;]){0,120})"
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
        return not _tells_a_case(lower)
    near = lower[max(0, hit.start - 14) : hit.start]
    aged = "tu" in near or "aged" in near
    if not aged and (not bare or hit.field.name == "title"):
        return False
    left = lower[max(0, hit.start - 170) : hit.start]
    if aged and _AGED.search(left):
        return True
    if not bare or hit.field.name == "title":
        return False
    if _TOLD_OF_THE_HOUSE.match(lower, hit.end):
        return False
    for head in _INSTITUTES:
        if head in left:
            return bool(_EXPERT.search(left[left.rfind(". ") + 1 :])) and not _tells_a_case(lower)
    return False


_CASE = re.compile(
    place_tones(
        r"\b(?:nhập viện|cấp cứu|tiếp nhận (?:một |điều trị )?(?:bệnh nhân|bệnh nhi|trường hợp|ca|sản phụ|"
        r"nam|nữ|bé)|"
        r"phẫu thuật cho|ca (?:mổ|phẫu thuật|ghép)|xuất viện|hội chẩn|ê kíp|êkíp|ekip)\b"
    )
)


@lru_cache(maxsize=32)
def _tells_a_case(text: str) -> bool:
    """Whether it is of somebody in hospital: then the house of the doctor who tells it is the scene."""
    return len(set(_CASE.findall(text))) > 1


_TOLD_OF_THE_HOUSE = re.compile(
    place_tones(
        r"\)?,? (?:cho biết|cho hay|cho biet|thông tin|thong tin),? (?:tại đây|nơi này|bệnh viện|bv|đơn vị|"
        r"khoa|trung tâm|"
        r"tai day|benh vien|don vi)\b"
    )
)
"""`Bệnh viện Trưng Vương, TP.HCM cho biết, tại đây vừa tiếp nhận`: it happened there."""


_HOSPITALS = ("Bệnh viện", "bệnh viện", "Trung tâm", "Viện")
_EXPERT_OF = re.compile(
    place_tones(
        r"\b(?:ths|bs|ts|pgs|gs|bscki|bsckii|bác sĩ|thạc sĩ|tiến sĩ|giáo sư)\b[^;\n]{2,90}"
        r"(?:[,(–-] ?|khoa [^,;\n()]{2,40} )$"
    )
)
_INSTITUTES = tuple(exact(head) for head in ("viện", "bv ", "phòng khám", "trung tâm", "trường", "đại học"))


_REACH = 90  # characters before a name in which its bearer is looked for
_INSIDE = 24  # characters of a bracket before the name, of which the number of a shirt is one
_LONGEST_BRACKET = 60
_PLACES_OF_STUDY = tuple(map(exact, ("trường ", "thpt ", "thcs ", "lớp ", "đh ", "đại học ", "học viện ")))
_LONGEST_NAME = 4
_CALLED_AFTER_PEOPLE = frozenset(
    map(exact, "đấu sân phố đường trường học viện thpt thcs cầu chợ đài hồ giải cúp".split())
)
_INITIALS = re.compile(rf"(?:[{UPPER}]\.){{1,4}}[{UPPER}]?")
_AGES = frozenset({"tuổi", "tuoi"})


def is_bracketed_home(hit: Hit, table: Cues, *, sport: bool) -> bool:
    """`ông Huỳnh Quốc Cường (TPHCM)`, and of players without a title, too: `Bùi Thị Khỏe (Cần Thơ)`. Streets
    and schools are called after people: elsewhere than in sports a title must tell that one is meant."""
    text, start = hit.field.text, hit.start
    if text.find("(", max(0, start - _LONGEST_BRACKET), start) < 0:
        return False
    left = text[max(0, start - _REACH) : start]
    outside, bracket, inside = left.rpartition("(")
    schooled = inside.lower().startswith(_PLACES_OF_STUDY) and inside.endswith((", ", " "))
    if not bracket or ")" in inside or not (schooled or len(inside) <= _INSIDE):
        return False
    if inside and not inside.endswith(", ") and not schooled:
        return False
    tokens = outside.split()
    if tokens and (tokens[-1] in _AGES or _INITIALS.fullmatch(tokens[-1])):
        return True  # người phụ nữ 29 tuổi (Hà Nội), bệnh nhân V.H.V (Hà Nội)
    name = _capitalised(tokens, table)
    if not name:
        return False
    left_over = tokens[: len(tokens) - len(name)]
    before = [exact(token) for token in left_over[-4:]]
    meaning, _ = longest_before(before, table)
    if meaning == words.PERSON:
        begins = len(left_over) < 2 or left_over[-2][-1] in ".:!?”"
        return begins or left_over[-1].islower()  # not phố Bà Triệu, chùa Bà Thiên Hậu
    signs = len(name) > 2 and (not left_over or left_over[-1][-1] in ".!?…”")
    if signs and exact(name[0]) in table.surnames and _ENDS_BRACKET.match(text, hit.end):
        return True  # a reader's letter: ... tư vấn giúp tôi. Bùi Thị Phương (Thanh Hóa)
    if schooled and len(name) > 2 and exact(name[0]) in table.surnames:
        return True  # Nguyễn Trần Khôi Nguyên (Trường THPT chuyên Lê Quý Đôn, Khánh Hòa)
    if meaning or not sport or len(name) < 2 or (before and before[-1] in _CALLED_AFTER_PEOPLE):
        return False
    return exact(name[0]) in table.surnames


_ENDS_BRACKET = re.compile(r"\)\s*(?:\n|$)")


def _capitalised(tokens: Sequence[str], table: Cues) -> list[str]:
    """The last words as far as they are of a person's name; `L.` is one, too, a title that begins a sentence
    is none."""
    name: list[str] = []
    for token in reversed(tokens[-_LONGEST_NAME:]):
        if not token[0].isupper() or not token.removesuffix(".").isalpha():
            break
        if table.before.get(exact(token)) == words.PERSON:
            break
        name.insert(0, token)
    return name


_ORIGINS = (
    "quê|quê ở|quê tại|quê gốc|quê quán|quê quán tại|quê quán ở|nguyên quán|nguyên quán ở|sinh ra ở|"
    "sinh ra tại|gốc|trú|trú tại|trú ở|thường trú|thường trú tại|ngụ|ngụ tại|ngụ ở|đến từ|xuất phát từ|rời|"
    "hailing from|hails from|native of|leaving|left"
)
_ORIGIN_PHRASES = frozenset(form(phrase) for phrase in _ORIGINS.split("|") for form in (exact, fold))
_ENDS_OF_ORIGIN = frozenset(phrase.rsplit(" ", 1)[-1] for phrase in _ORIGIN_PHRASES)
_BORN = re.compile(
    place_tones(
        r"\b(?:sinh ra|lớn lên|sinh (?:năm|ngày) [\d/-]+) (?:tại|ở)"
        r"(?: (?:tỉnh|thành phố|tp|huyện|quận|thị xã|xã|phường|thị trấn|làng|thôn))? $|"
        r"\b(?:sinh ra|lon len|sinh (?:nam|ngay) [\d/-]+) (?:tai|o)"
        r"(?: (?:tinh|thanh pho|tp|huyen|quan|thi xa|xa|phuong|thi tran|lang|thon))? $|"
        r"\bborn (?:on|in) [\w ,]{4,20} in $"
    )
)


_COUNTRYSIDE = frozenset(
    map(exact, "chợ làng đồng miền thôn vùng món cho lang dong mien thon vung mon".split())
)


def is_nobodys(tokens: Sequence[str], phrase: str) -> bool:
    """`chợ quê ở Kon Tum`, `trường bán trú ở Tuyên Hóa`: of the countryside, a boarding school, nobody's
    home. `phrase` ends the tokens."""
    size = phrase.count(" ") + 1
    previous = tokens[-size - 1] if len(tokens) > size else ""
    return previous in (_COUNTRYSIDE if phrase.startswith(_QUE) else _BOARDING)


_QUE = (exact("quê"), "que")
_BOARDING = frozenset(map(exact, ("bán", "nội", "ban", "noi")))


def is_origin(around: Surroundings, meaning: str, phrase: str, table: Cues) -> bool:
    """`quê ở thị xã Duy Tiên`, `ngụ tại tỉnh Đồng Tháp`, `rời thủ đô Hà Nội`, `sinh năm 2000 tại Hà Tĩnh`:
    the word for the unit stands between the name and what it is used for."""
    clause, size = around.clause, phrase.count(" ") + 1
    if meaning in (words.UNIT, words.SUBUNIT) and len(around.before) > size:
        before = around.before[:-size]
        origin = longest_before(before, table)[1] if before[-1] in _ENDS_OF_ORIGIN else ""
        if origin in _ORIGIN_PHRASES:
            return not is_nobodys(before, origin)
    told = "sinh" in clause or "born" in clause or "lớn lên" in clause or "lon len" in clause
    return told and _BORN.search(clause) is not None
