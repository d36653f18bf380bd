"""What a name is used for beside its own meaning: products, sobriquets, scenes of events, routes."""

from __future__ import annotations

import re

from pipeline.tag import cue_words as words
from pipeline.tag.cues import Cues
from pipeline.tag.matching import Hit
from pipeline.tag.mention import Mention, Surroundings
from pipeline.vietnamese import exact, place_tones

_SOBRIQUET = re.compile(
    place_tones(
        r"^\s*(?:bay)?\s*(?:trên cạn|tren can|thu nhỏ|thu nho|thứ hai|thu hai|on land|in miniature|"
        r"of the (?:north|south|west))"
    )
)

_ROUTES = tuple(
    f" {exact(noun)}"
    for noun in (
        "hành lang kinh tế|hành lang|hanh lang kinh te|cao tốc|cao toc|quốc lộ|quoc lo|tuyến bay|đường bay|"
        "đường sắt|duong sat|tuyến tàu|chuyến bay|"
        "chuyến|chuyen|expressway|flight|flights|tàu|chạy tuyến|chay tuyen|xe tuyến|xe khách tuyến|buýt tuyến"
    ).split("|")
)

STAGES = frozenset(
    map(
        exact,
        (
            "nhà quốc hội",
            "trung tâm hội nghị quốc gia",
            "national assembly house",
            "national convention center",
            "national convention centre",
        ),
    )
)
"""Houses in which things of the whole country are done."""
_ROUTE_ENDS = frozenset(noun.split()[-1] for noun in _ROUTES)


def is_route(around: Surroundings) -> bool:
    """`cao tốc Hà Nội - Lào Cai`: a road, line or flight that is called after its ends."""
    ends_so = bool(around.before) and around.before[-1] in _ROUTE_ENDS
    return ends_so and f" {around.clause.rstrip()}".endswith(_ROUTES)


SOBRIQUET_STARTS = frozenset(
    {"bay", "trên", "tren", "thu", "thứ", "on", "in", "of", "phiên", "phien", "giữa", "của", "cua"}
)

WATERS = frozenset(map(exact, ("sông", "song", "kênh", "kenh", "rạch", "rach")))

WATERS_AFTER = frozenset(("river", "canal", "stream"))

_RAISING = frozenset(map(exact, ("nuôi", "trồng", "nuoi", "trong")))
_PRODUCERS = frozenset(
    "trồng nuôi nông vườn hộ xã vùng phủ ngành giá làng nghề xứ vựa lò xưởng đồi ruộng trại "
    "thợ lang nghe trong nuoi nong vuon ho xa vung phu nganh gia".split()
)


def is_product(around: Surroundings, before: str, after: tuple[str, str], *, inner: bool) -> bool:
    """`xoài Cao Lãnh`, `Ha Dong silk`; but `người trồng cà phê Đắk Lắk`, `Daklak pepper growers` tell who
    makes it, and where. A breed or sort called after a place inside a unit (`inner`) is raised anywhere:
    `nuôi lợn Móng Cái`."""
    if before == words.PRODUCT:
        raised = inner and not _RAISING.isdisjoint(around.before[-3:-1])
        return raised or _PRODUCERS.isdisjoint(around.before[-6:-1])
    if after[0] != words.PRODUCT or (inner and after[1] in _WILDLIFE):
        return False
    size = len(after[1].split())
    return around.after[size : size + 1] not in _MAKERS


_WILDLIFE = frozenset(words.WILDLIFE.split("|"))
"""`Cat Ba langurs` live nowhere else; the Ha Tinh langur is also of other provinces."""
_MAKERS = [
    [word]
    for word in "growers farmers makers producers exporters traders festival farms season market prices "
    "villages village industry fields hub harvest crop output weavers sector".split()
]


_NEAR = 30
"""Kilometres from a town within which a place mostly lies in its province."""
_ITS_DISTANCE = re.compile(
    place_tones(
        r" (?:(?:khoảng|khoang|chừng|chung|gần|gan|hơn|hon|độ|do) )?(\d{1,3})(?:[.,]\d)? ?"
        r"(?:km|cây số|cay so)\b"
    )
)
_DISTANCE_BEFORE = re.compile(
    r"\b(\d{1,3})(?:\.\d)? ?(?:km|kilometers?|kilometres?) (?:\w+ )?(?:from|of) (?:\w+ ){0,2}$"
)


def is_near(around: Surroundings) -> bool:
    """`Trên ngọn đồi cách trung tâm Bảo Lộc 12 km`, `12 km from Bao Loc`: so few that it is in the same
    province."""
    told = _ITS_DISTANCE.match(around.rest) or _DISTANCE_BEFORE.search(around.clause)
    return told is not None and int(told[1]) <= _NEAR


def is_written(hit: Hit, word: str) -> bool:
    return hit.field.text[: hit.start].rstrip().endswith(word)


_SECOND = ("second ", "another ")


MODELLED_ON = (*_SECOND, "little ", "rue de ", "petit ", "petite ", *map(exact, ("tiểu ", "tieu ")))
"""With one of these ends a clause whose name may be of another place."""


def is_namesake(around: Surroundings) -> bool:
    """`Little Saigon`; `a second Da Lat`, but not the second Da Lat branch of a shop. The clause has one of
    the ends of `MODELLED_ON`."""
    return not around.clause.endswith(_SECOND) or around.rest[:1] in "'’\"”,.;)"


_LEARNING = re.compile(
    place_tones(
        r"\b(?:học hỏi|học tập|học|tham khảo|trao đổi) (?:kinh nghiệm|mô hình|cách|bài học)\b[^.;]{0,50}"
        r"\b(?:của|tại|ở|từ)(?: tỉnh| thành phố| tp)? $|\bhọc (?:theo|hỏi)(?: tỉnh| thành phố| tp)? $|"
        r"\b(?:hoc hoi|hoc tap|hoc|tham khao) (?:kinh nghiem|mo hinh|cach)\b[^.;]{0,50}"
        r"\b(?:cua|tai|o|tu)(?: tinh| thanh pho| tp)? $|"
        r"\b(?:learn|learns|learned|learnt|learning|lessons|borrow|borrows|borrowed|borrowing|copy|copies|"
        r"copied|copying) (?:\w+ ){0,4}from $"
    )
)


def is_model(around: Surroundings) -> bool:
    """`học kinh nghiệm làm phố đi bộ của Huế`, `learned from Hue`: a place whose example another follows."""
    return around.clause.endswith(_BEHIND_LEARNING) and bool(_LEARNING.search(around.clause))


_BEHIND_LEARNING = tuple(
    f"{exact(word)} " for word in "của tại ở từ tỉnh phố tp theo hỏi cua tai o tu tinh pho from".split()
)
"""With one of these ends whatever `_LEARNING` finds."""


_SOURCE = re.compile(
    place_tones(
        r"\b(?:comes?|came|sourced|bought|ordered|shipped|brought|supplied|imported) (?:from|"
        r"by) (?:\w+ ){0,4}in $|"
        r"\b(?:lấy|mua|nhập|đặt|chuyển|lay|nhap|dat|chuyen)(?: \w+){0,3} (?:từ|tu) (?:\w+ ){1,4}(?:ở|tại|o|"
        r"tai) $"
    )
)


def is_source(around: Surroundings) -> bool:
    """`Seedlings come from nurseries in Thai Binh`: where something is had from."""
    clause = around.clause
    told = " from " in clause or " by " in clause or " từ " in clause or " tu " in clause
    return told and _SOURCE.search(clause) is not None


_PRICED = re.compile(
    place_tones(r"\b(?:giá vàng|vàng sjc|tỷ giá|gia vang|gold prices?)\b[^.;:]{0,40} (?:ở|tại|o|tai|in) $")
)


def is_quoted_price(around: Surroundings) -> bool:
    """`Giá vàng SJC tại Hà Nội`: one of the markets that are quoted."""
    clause = around.clause
    told = "vàng" in clause or "giá" in clause or "gold" in clause or "gia vang" in clause
    return told and _PRICED.search(clause) is not None


_INSTANCE = re.compile(
    place_tones(
        r"\b(?:một số|nhiều|các|mot so|nhieu|cac) [^.;:,]{3,60}, (?:như|chẳng hạn|chẳng hạn như|ví dụ|"
        r"ví dụ như|nhu)"
        r"(?: (?:tỉnh|thành phố|tp|huyện|tinh|thanh pho))? $"
    )
)


def is_instance(hit: Hit, around: Surroundings) -> bool:
    """`một số tỉnh xuất hiện ổ dịch, như TP Bắc Kạn`: one of several, told for all."""
    if not around.clause.lstrip().startswith(_AS_IN):
        return False
    return _INSTANCE.search(hit.field.lower, max(0, hit.start - 110), hit.start) is not None


_AS_IN = tuple(map(place_tones, ("như ", "chẳng hạn ", "ví dụ ", "nhu ")))


_OF_THE_STRUCK = re.compile(
    place_tones(
        r"\b(?:rời|rời khỏi|roi|roi khoi|(?:trú|ngụ)(?: tại| ở)?)"
        r"(?: (?:tỉnh|thành phố|tp|thị xã|huyện|xã|tinh|thanh pho|huyen|xa))? $"
    )
)
_STRUCK = re.compile(
    r"(?: province| city)? (?:without|under|flooded|submerged|isolated|cut off|reeling|in (?:ruins|darkness|"
    r"the dark)|short of|paralysed|paralyzed|soaked|damaged)\b"
)


def is_of_the_struck(around: Surroundings) -> bool:
    """`Người dân rời thành phố Huế tránh lũ`, `nạn nhân trú tại thị xã Hương Trà`: in news of a disaster, the
    place that it strikes."""
    return _OF_THE_STRUCK.search(around.clause) is not None


def is_left_struck(around: Surroundings, before: str) -> bool:
    """`Floods left Quang Tri without power`: what they left it in follows."""
    return before in ("left", "leaving") and _STRUCK.match(around.rest) is not None


_REPLICA = re.compile(
    place_tones(
        r"\b(?:mô hình|bản sao|phiên bản|mô phỏng|phỏng theo|mo hinh|ban sao|mo phong|"
        r"replicas? of|models? of|miniatures? of|cop(?:y|ies) of|modell?ed (?:on|after))"
        r"(?: thu nhỏ| của| về| the| a)* $"
    )
)
_REPLICA_ENDS = frozenset(
    map(exact, "hình sao bản phỏng theo nhỏ của về hinh ban phong of on after the a".split())
)


_COPIED = re.compile(
    r"\b(?:copies|copied|copying|recreat\w+|replicat\w+|imitat\w+) (?:the )?(?:[\w ]{2,14}(?:'s| 's) )?$"
)


def is_copied(around: Surroundings) -> bool:
    """`copies Hue's Ngo Mon gate`: a sight that is built again elsewhere."""
    clause = around.clause
    if "cop" in clause or "replicat" in clause or "recreat" in clause or "imitat" in clause:
        return _COPIED.search(clause) is not None
    return False


def is_replica(around: Surroundings) -> bool:
    """`làm mô hình chùa Một Cột`, `a replica of the Citadel`: a likeness of a sight that is elsewhere."""
    if around.before and around.before[-1] in _REPLICA_ENDS and _REPLICA.search(around.clause):
        return True
    return is_copied(around)


_KIN = frozenset(
    map(
        exact,
        "trai gái cái cháu vợ chồng bố mẹ cha gai chau vo chong me son sons daughter daughters wife husband "
        "brother sister parents children".split(),
    )
)
_KIN_ELSEWHERE = re.compile(
    place_tones(
        r"\b(?:con (?:trai|gái|cái|cháu|gai|chau)|vợ(?! chồng)|(?<!vợ )chồng|(?:em|anh|chị) (?:trai|gái|gai)|"
        r"vo(?! chong)|(?<!vo )chong) (?:cả |út |lớn |đầu |thứ \w+ )?"
        r"(?:ông|bà|anh|chị|cô|chú|cụ|em|tôi|họ|mình|ong|ba|chi|co|chu|cu|toi|ho|minh)\b[^.;:]{0,40}"
        r"\b(?:làm|học|sống|công tác|định cư|lập nghiệp|lam|hoc|song|cong tac)\b[^.;:]{0,40} "
        r"(?:ở|tại|o|tai)(?: tỉnh| thành phố| tp| tinh)? $|"
        r"\b(?:his|her|their|whose) (?:\w+ )?"
        r"(?:sons?|daughters?|wife|husband|brother|sister|parents|children) "
        r"(?:\w+ ){0,2}?(?:works?|worked|lives?|lived|stud(?:y|ies|ied)) (?:\w+ ){0,4}in $"
    )
)


def is_home_of_kin(around: Surroundings) -> bool:
    """`Con trai ông làm kỹ sư tại TP.HCM`: where a relative of somebody in the story lives, if one is named
    among the last words before the place."""
    return not _KIN.isdisjoint(around.before) and _KIN_ELSEWHERE.search(around.clause) is not None


_QUOTED = re.compile(
    place_tones(
        r"^(?: bay)? (?:on|of|in|trên|tren|thu nhỏ|thứ hai|của|giữa|phiên bản)\b[^'\"”’]{0,30}['\"”’]"
    )
)


def is_sobriquet(hit: Hit, around: Surroundings) -> bool:
    """`'Hạ Long trên cạn'`, `'Da Lat of the North'`: another place that is called after this one."""
    if _SOBRIQUET.match(around.rest):
        return True
    return hit.field.lower[hit.start - 1 : hit.start] in ("'", '"', "“", "‘") and bool(
        _QUOTED.match(around.rest)
    )


_SCENE = re.compile(
    place_tones(r"(?:tại|ở|tai)(?: (?:tỉnh|thành phố|tp|tinh|thanh pho|sân bay|nhà ga|ga|cảng))? $")
)
_HALL = re.compile(place_tones(r"(?:^|[,:] )(?:tại|ở) [^,.:;()]{3,50} \($"))
"""`tại Nhà hát Lớn (`"""
_SCENE_ENDS = re.compile(
    place_tones(
        r"(?: ?(?:cũ|trước đây))?(?:, [^,.;]{3,24}| \([^()]{3,24}\)|\))?, (?P<actor>[^\W\d_]+(?: \w+)?)"
    )
)
_OWN_OFFICES = frozenset(
    map(
        exact,
        "ubnd|sở|công an|hđnd|tỉnh|tỉnh ủy|thành ủy|thành phố|đảng ủy|bộ chqs|bộ chỉ|tand|toà|tòa".split("|"),
    )
)
"""Who holds an event at a place of its own."""


def is_scene_of_event(hit: Hit, around: Surroundings, table: Cues) -> bool:
    """`Sáng 11/6, tại Hà Nội, Hội ... trao giải`: where somebody's event was held."""
    if hit.start > 90:
        return False
    in_brackets = hit.field.lower.endswith("(", 0, hit.start) and _HALL.search(hit.field.lower, 0, hit.start)
    if not in_brackets and (hit.start > 60 or not _SCENE.match(around.clause.lstrip())):
        return False
    ends = _SCENE_ENDS.match(around.rest)
    if ends is None or not _OWN_OFFICES.isdisjoint((ends["actor"], ends["actor"].split(" ", 1)[0])):
        return False
    tokens = _TOKENS.findall(hit.field.lower[hit.end : hit.end + 120])
    return any(" ".join(tokens[i : i + size]) in table.events for i in range(len(tokens)) for size in (1, 2))


_TOKENS = re.compile(r"\w+")

_FORMERLY = frozenset("former formerly old cũ cu xưa trước truoc".split())


def said_former(around: Surroundings) -> bool:
    """`former Ha Nam`, `Nam Định cũ`, `trước đây là tỉnh ...`: spoken of as a unit that is no more."""
    return not _FORMERLY.isdisjoint(around.after[:3]) or not _FORMERLY.isdisjoint(around.before[-4:])


_WAS_AFTER = frozenset({"cũ", "cu"})
_WAS_BEFORE = frozenset({"former", "formerly"})


def was_unit(around: Surroundings) -> bool:
    """`thành phố Cần Thơ cũ`, `the former Khanh Hoa province`: the unit before it took in others."""
    before = not _WAS_BEFORE.isdisjoint(around.before[-2:])
    return before or (bool(around.after) and around.after[0] in _WAS_AFTER)


_STRETCH = re.compile(r"^\s*(?:đến|den|tới|toi|to|-)\s*$")

_WAY = re.compile(r"^\s*(?:đến|den|tới|toi|về|ve|đi|sang|xuống|xuong|lên|len|ra|to|-)\s*$")


def is_stretch(previous: Mention, mention: Mention) -> bool:
    """`từ Thanh Hóa đến Quảng Trị`: two ends of a stretch of country."""
    return _joined_by(_STRETCH, previous, mention)


def is_way(previous: Mention, mention: Mention) -> bool:
    """`từ Ninh Bình về Hà Nội`: start and goal of a journey."""
    return _joined_by(_WAY, previous, mention)


def _joined_by(link: re.Pattern[str], previous: Mention, mention: Mention) -> bool:
    gap = mention.hit.field.lower[previous.hit.end : mention.start]
    return previous.hit.field is mention.hit.field and len(gap) < 8 and bool(link.match(gap))
