"""Whether a place only hosted an event: a conference, fair or contest, by its clause or by its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.tag import cue_words as words
from pipeline.tag.cues import Cues
from pipeline.tag.matching import Hit
from pipeline.tag.mention import Surroundings
from pipeline.vietnamese import exact, fold, place_tones

_HOSTING = frozenset(("ở", "tại", "in", "at", "o", "tai"))
_MEETING = frozenset(("met", "meet", "meets"))
_COME_TOGETHER = tuple(phrase.split() for phrase in map(exact, ("họp mặt", "tề tựu", "hop mat")))
_FAIRS = (
    "hội chợ",
    "triển lãm",
    "hội sách",
    "tuần hàng",
    "phiên chợ",
    "hoi cho",
    "trien lam",
    "hoi sach",
)
_AT_FAIR = re.compile(
    place_tones(
        r"\b(?:tới|đến|tại|ở|dự|sang|vào|tham gia|toi|den|tai|du|tham gia)"
        rf" (?:{'|'.join(_FAIRS)})(?: \w+){{0,2}} $"
    )
)
_FAIR_ENDS = frozenset(exact(fair).split()[-1] for fair in _FAIRS)
"""`tới hội chợ OCOP Đà Nẵng`: goods or guests came to a fair that bears its place."""
_CENTRES = (["trung", "tâm"], ["trung", "tam"])
_TAKING_PLACE = tuple(
    map(
        place_tones,
        (
            "diễn ra", "tổ chức", "khai mạc", "bế mạc", "khép lại", "kết thúc", "đăng cai", "dien ra",
            "to chuc", "khai mac", "be mac", "khep lai", "ket thuc", "held", "took place", "taking place",
            "takes place", "opened", "opens", "convened", "wrapped up", "closed", "closes", "ended", "ends",
            "concluded",
            "kicked off", "got under way", "hạ màn", "khởi tranh", "tranh tài", "ha man", "khoi tranh",
            "begins", "began", "runs",
        ),
    )
)  # fmt: skip
_ENDS_OF_TAKING = frozenset(exact(verb).split()[-1] for verb in _TAKING_PLACE)
_WHEN = re.compile(
    place_tones(
        r"^(?:(?:sáng|chiều|tối|trưa|ngày|hôm|tại|họp|phát biểu|bên lề|trong khuôn khổ|on the sidelines of|"
        r"ben le|sang|"
        r"chieu|"
        r"toi|tai|the|a|an|at|nay|\d[\d/.-]*),? )*"
    )
)
_CONTESTS = frozenset({"giải", "cúp", "kỳ", "vòng", "trại", "giai", "cup"})
_SCOPES = tuple(
    map(
        place_tones,
        (
            "châu á", "thế giới", "đông nam á", "quốc tế", "quốc gia", "toàn quốc", "châu lục", "chau a",
            "the gioi", "dong nam a", "quoc te", "quoc gia", "toan quoc", "asian", "world", "international",
            "national", "asean", "continental", "regional", "global",
        ),
    )
)  # fmt: skip
"""Contests of this reach are only held somewhere: `Giải cờ vua trẻ Đông Nam Á khép lại tại Hạ Long`."""
_TOKENS = re.compile(r"\w+")


ANNOUNCED = "announced"
"""The cue of a place behind a verb of events, until the whole article tells whether it only hosted one."""


def _any_of(phrases: str) -> re.Pattern[str]:
    """Finds any of the phrases as whole words, those of several words typed without tones, too."""
    forms = [form for p in phrases.split("|") for form in ((exact(p), fold(p)) if " " in p else (exact(p),))]
    return re.compile(rf"\b(?:{'|'.join(dict.fromkeys(forms))})\b")


_MARKET_DAY = (place_tones("phiên chợ"), "phien cho")
"""A market day draws goods from elsewhere, but first of all it is one of its own place."""
_SHOWN = _any_of(
    "agreement|agreements|deal|deals|memorandum|memorandums|mou|pact|accord|treaty|contract|contracts|report|"
    "reports|results|index|findings|strategy|book|books|album|film|novel|collection|product|products|model|"
    "models|car|cars|phone|phones|app|brand|song|songs|scooter|scooters|motorbike|motorbikes|service|"
    "services|decree|decrees|award|awards|prize|prizes|"
    "thỏa thuận|biên bản|ghi nhớ|hợp đồng|hợp tác|báo cáo|kết quả|chỉ số|sách|tập thơ|tiểu thuyết|phim|mẫu|"
    "sản phẩm|dòng|bộ sưu tập|ứng dụng|thương hiệu|chiến lược|giải thưởng|ca khúc"
)
"""What is signed or shown wherever people come together: papers, works, goods, prizes."""
_HAPPENING = _any_of(
    "vụ|ổ|trồng|nuôi|bắt|giết|chết|cháy|mắc|nhiễm|tai nạn|gặp nạn|nạn nhân|mô hình|hộ dân|hộ nghèo|ngư dân|"
    "nông dân|tổ công nghệ|tổ hợp tác|tổ dân phố|tổ tự quản|arrest|arrests|outbreak|outbreaks|case|cases|"
    "death|deaths|killing|murder|seizure|discovery|victims|suspects|farmers|fishermen|residents|families|"
    "children|grow|build|rescue"
)
"""What happens, grows or lives somewhere: `announced the arrest of two men in Hai Phong`."""
_DUTY = re.compile(place_tones(r"\b(?:nhiệm|phục|nghĩa|nghiệp) vụ\b"))
"""`vụ` within other words."""
_WORKING_VISIT = (["công", "tác"], ["cong", "tac"])
"""`chương trình công tác tại tỉnh Lâm Đồng` is a visit there."""
_OF_NATURE = frozenset(
    "rain rainfall weather flood flooding heat heatwave storm drought landslide extreme seismic earthquake "
    "pollution climate bleaching erosion".split()
)
"""Before `event`, these tell of no gathering: `an extreme rainfall event in Hue`."""
_DESKS = (["desk"], ["desks"], ["clerk"])
"""`a reception desk` is furniture."""
_SIGNS = frozenset({"sign", "signs"})


def venue_cue(hit: Hit, around: Surroundings, table: Cues, meaning: str) -> str:
    """`venue` where the place only hosted what stands before the preposition, `announced` where the clause
    leaves that open, else empty."""
    if meaning not in (words.AT, words.UNIT, ""):
        return ""
    if is_venue(hit, around, table):
        return ANNOUNCED if any(day in around.clause for day in _MARKET_DAY) else words.VENUE
    return ANNOUNCED if _announces(around.before, table) else ""


def is_venue(hit: Hit, around: Surroundings, table: Cues) -> bool:
    """A conference, fair or ceremony stands before the preposition: the place only hosted it."""
    before = around.before
    if not _FAIR_ENDS.isdisjoint(before[-3:]) and _AT_FAIR.search(around.clause):
        return True
    if len(before) < 5 and _is_event_with_a_title(hit, table):
        return True
    if len(before) < 2 and _is_event_before_a_comma(hit, table):
        return True
    if not before:  # tại Nhà hát Lớn, Hà Nội
        return hit.field.lower.endswith(", ", 0, hit.start) and _is_event_of_its_sentence(hit, table)
    if _HOSTING.isdisjoint(before):
        return False
    head = before[:-1]
    if head and (head[-1] in _MEETING or head[-2:] in _COME_TOGETHER):
        return True  # ministers met in Da Nang; but a minister met voters in Hai Phong
    for phrase, stop in _events_in(head, table):
        if phrase in table.event_verbs:
            if _is_gathering(phrase, head, head[stop:], table, capital=hit.key in _CAPITAL):
                return True
        elif not _is_no_event(hit, phrase, head, stop, table):
            return True
    if " show" in around.clause and _SHOW.search(around.clause):
        return True
    if hit.key in _CAPITAL and _is_state_occasion(hit):
        return True
    if _is_meeting_of_nations(hit):
        return True
    if _is_event_at_a_hotel(hit, table):
        return True
    if _ENDS_OF_TAKING.isdisjoint(head):
        return False
    if len(head) < 5 and _event_follows(hit, table):
        return True
    if _is_event_of_its_sentence(hit, table) or _is_dated_event(hit, table):
        return True
    return _is_event_before_brackets(hit, table)


_WORKSHOPS = frozenset({"workshop", "workshops"})
_OF_TALK = re.compile(
    r"\b(?:attend\w*|discuss\w*|heard|hears|told|held|organi[sz]\w*|host\w*|speak\w*|focus\w*|review\w*|"
    r"consult\w*|train\w*|experts?|delegates?|participants?|officials|scientists|lawyers|policy\w*|"
    r"international|national|regional|provincial|technical|scientific|seminars?|conference|forum|session|"
    r"\w+-day|titled|themed|took place|takes place|opened|closed|wrapped|concluded|ended|gather\w*|drew|"
    r"address\w*|learn\w*|lectur\w*)\b"
)


def _is_workshop_of_talk(hit: Hit) -> bool:
    """`attended a workshop in Hue`; but `A workshop in Hue has recovered the colours` is where things are
    made. Its sentence tells."""
    lower = hit.field.lower
    stop = lower.find(". ", hit.end)
    right = lower[hit.end : stop if stop >= 0 else hit.end + 160]
    return (
        right.startswith(" on ") or _OF_TALK.search(f"{_sentence_before(hit, 200)} {right[:160]}") is not None
    )


_SHOW = re.compile(
    r"\b(?:an?|the|this|its|their|his|her)(?: [\w'-]+){0,3} shows? "
    r"(?:(?:at|in) (?:an?|the) [\w' -]{2,40} )?(?:at|in) $"
)
"""`a month-long indigo show at a museum in Hanoi`."""
_DATED = re.compile(
    place_tones(
        r"(?P<event>[^.;:\n]{3,140}?),?(?: (?:được|sẽ|vừa|đã)){0,3}(?: do [^,.;]{2,70}?)? (?:tổ chức|diễn ra)"
        r"(?: (?:vào|trong|lúc|từ|đến|và|hai|ba|sáng|chiều|tối|trưa|ngày|hôm|nay|qua|\d[\d/.h-]*))+ (?:ở|tại)"
        r"(?: (?:tỉnh|thành phố|tp))? $"
    )
)


def _is_dated_event(hit: Hit, table: Cues) -> bool:
    """`trong buổi lễ nhận giải diễn ra ngày 8/10 tại TP.HCM`: amid a sentence, an event with its day."""
    if hit.field.name == "title":
        return False
    found = _DATED.search(_sentence_before(hit, 220))
    tokens = _TOKENS.findall(found["event"])[-16:] if found else []
    return any(event not in table.event_verbs for event, _ in _events_in(tokens, table))


_HOTEL = re.compile(
    place_tones(
        r"\b(?:tại|ở|tai|o|at)(?: (?:một|các|mot|an?|the))?(?: [\w-]+)?"
        r" (?:khách sạn|khu nghỉ dưỡng|trung tâm hội nghị|khach san|hotel|resort|convention centre|"
        r"convention center)"
        r"(?: (?:[^\W\d_]+|\d sao)){0,4} (?:ở|tại|o|tai|in)(?: (?:tỉnh|thành phố|tp))? $"
    )
)


def _is_event_at_a_hotel(hit: Hit, table: Cues) -> bool:
    """`tổ chức hội thảo quốc gia về ... tại một khách sạn ở Đà Nẵng`: however long its title is."""
    sentence = _sentence_before(hit, 300)
    if _HOTEL.search(sentence) is None:
        return False
    return any(event not in table.event_verbs for event, _ in _events_in(_TOKENS.findall(sentence), table))


_BRACKETS = re.compile(r" ?\([^()]{1,40}\)")


def _is_event_before_brackets(hit: Hit, table: Cues) -> bool:
    """`the session of the National Assembly (NA) Standing Committee ended in Hà Nội`: what stands in brackets
    does not end the clause of the event."""
    sentence = _sentence_before(hit, 220)
    if ")" not in sentence:
        return False
    head = _TOKENS.findall(_CLAUSES.split(_BRACKETS.sub("", sentence))[-1])[-16:-1]
    return any(
        phrase not in table.event_verbs and not _is_no_event(hit, phrase, head, stop, table)
        for phrase, stop in _events_in(head, table)
    )


_CLAUSES = re.compile(r"[,;:]")
_FOLLOWS = re.compile(r"[^.;:\n,]{0,30}, (?P<event>[^.;:\n]{4,60})")


def _event_follows(hit: Hit, table: Cues) -> bool:
    """`Khai mạc tại Huế ngày 22/11, hội nghị nhi khoa toàn quốc ...`: the place and day before the event."""
    found = _FOLLOWS.match(hit.field.lower, hit.end)
    tokens = _TOKENS.findall(found["event"]) if found else []
    return any(" ".join(tokens[:size]) in table.events for size in (1, 2, 3))


_COMMA = re.compile(place_tones(r", (?:ở|tại|o|tai)(?: (?:tỉnh|thành phố|tp))? $"))


def _is_event_before_a_comma(hit: Hit, table: Cues) -> bool:
    """`tổ chức đại hội đồng cổ đông (ĐHĐCĐ) thường niên, tại TP.HCM`: held is said before the event."""
    lower, start = hit.field.lower, hit.start
    if lower.rfind(", ", max(0, start - 20), start) < 0:
        return False
    left = lower[max(0, start - 120) : start]
    found = _COMMA.search(left)
    if found is None:
        return False
    clause = left[max(left.rfind(". ", 0, found.start()), left.rfind("\n")) + 1 : found.start()]
    held = max(clause.rfind(verb) for verb in _HOLDING)
    tokens = _TOKENS.findall(clause[held:])[:8] if held >= 0 else []
    return any(_events_in(tokens, table))


_HOLDING = tuple(map(place_tones, ("tổ chức ", "khai mạc ", "to chuc ", "khai mac ")))
_TITLED = re.compile(
    place_tones(
        r"(?P<event>\w+(?: \w+){0,5}):? [\"“'‘][^\"”’\n]{3,160}[\"”'’],?(?: (?:được|diễn ra|tổ chức|duoc|"
        r"dien ra|to chuc|"
        r"was|is|held|took place))* (?:ở|tại|o|tai|in|at)(?: (?:tỉnh|thành phố|tp))? $"
    )
)


def _is_event_with_a_title(hit: Hit, table: Cues) -> bool:
    """`hội thảo khoa học "Đàn bầu" tại Hà Nội`: the title of the event stands before the preposition."""
    lower, start = hit.field.lower, hit.start
    near = lower[start - 40 if start > 40 else 0 : start]
    if not ('"' in near or "”" in near or "'" in near or "’" in near):
        return False
    found = _TITLED.search(lower[max(0, start - 260) : start])
    if found is None:
        return False
    return any(_events_in(found["event"].split(), table))


_CAPITAL = frozenset({"hà nội", "ha noi", "hanoi", "thủ đô", "thu do"})
_STATE = re.compile(
    place_tones(
        r"\b(?:thủ tướng|chủ tịch nước|tổng bí thư|chủ tịch quốc hội|bộ trưởng|đại sứ|thu tuong|bo truong|"
        r"dai su|"
        r"prime minister|president|minister|general secretary|ambassador|national assembly|na chair\w*|"
        r"\bpm\b)\b"
    )
)
_RECEIVING = re.compile(
    place_tones(
        r"\b(?:tiếp|hội kiến|hội đàm|chào xã giao|đón|tiep|hoi dam|shakes hands|receiv\w+|hosts?|hosted|"
        r"reception|"
        r"talks|welcom\w+|"
        r"met with|meeting with|courtesy)\b"
    )
)


def _is_state_occasion(hit: Hit) -> bool:
    """`The Prime Minister received the ambassador in Hanoi`: the seat of the State is no place of its own."""
    sentence = _sentence_before(hit, 300)
    right = hit.field.lower[hit.end : hit.end + 60]
    return bool(_RECEIVING.search(sentence) and (_STATE.search(sentence) or _STATE.search(right)))


_NATIONS = re.compile(
    place_tones(
        r"\b(?:\d+|hai|ba|bốn|sáu|bảy|tám|chín|mười) (?:nước(?! (?:lũ|sạch|ngọt|mặn|thải|mưa))|quốc gia|"
        r"nền kinh tế)\b|"
        r"\bnăm (?:quốc gia|nền kinh tế)\b|"
        r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve) (?:\w+ ){0,2}?"
        r"(?:countries|nations|economies)\b"
    )
)
_TALKING = re.compile(
    place_tones(
        r"\b(?:họp|gặp(?! (?:nạn|khó|mưa|sự cố|lũ|bão|gỡ (?!ở|tại|nhau)))|"
        r"(?<!địa )bàn|trao đổi|thảo luận|diễn tập|tập huấn|"
        r"met|meet|meeting|gather\w*|conven\w+|"
        r"discuss\w*|"
        r"exercise|drill|training|workshop)\b"
    )
)


def _is_meeting_of_nations(hit: Hit) -> bool:
    """`Chuyên gia 20 nước họp tại Quy Nhơn`: those who talk come from abroad, and only meet there."""
    sentence = _sentence_before(hit, 220)
    if not any(
        word in sentence for word in ("nước", "quốc gia", "kinh tế", "countries", "nations", "economies")
    ):
        return False
    return _NATIONS.search(sentence) is not None and _TALKING.search(sentence) is not None


def _sentence_before(hit: Hit, reach: int) -> str:
    """What the sentence of a place says before it, of at most `reach` characters."""
    left = hit.field.lower[max(0, hit.start - reach) : hit.start]
    return left[max(left.rfind(". "), left.rfind("\n")) + 1 :]


def _events_in(head: Sequence[str], table: Cues) -> Iterator[tuple[str, int]]:
    """Words of events among those before a preposition, and where each stops."""
    for start, word in enumerate(head):
        for size in table.sizes_of_events.get(word, ()):
            phrase = " ".join(head[start : start + size])
            if phrase in table.events:
                yield phrase, start + size


def _is_gathering(
    verb: str, head: Sequence[str], shown: Sequence[str], table: Cues, *, capital: bool
) -> bool:
    """`ký thỏa thuận hợp tác ở Đà Nẵng`: what was announced, signed or shown is bound to no place."""
    if not shown:
        return verb not in _SIGNS  # a road sign in Ca Mau
    if not _is_open(shown, table):
        return False
    return capital or ("to" not in shown and _SHOWN.search(" ".join(head)) is not None)


def _is_open(shown: Sequence[str], table: Cues) -> bool:
    """Whether nothing that was announced is sure to be at the place."""
    if not table.buildings.isdisjoint(shown):
        return False
    return _HAPPENING.search(_DUTY.sub("", " ".join(shown))) is None


def _announces(before: Sequence[str], table: Cues) -> bool:
    """Whether a verb of events stands before the preposition with something that may be bound to the place:
    `unveiled a statue in Ca Mau`."""
    if _HOSTING.isdisjoint(before):
        return False
    head = before[:-1]
    return any(
        verb in table.event_verbs and head[stop:] and _is_open(head[stop:], table)
        for verb, stop in _events_in(head, table)
    )


def _is_no_event(hit: Hit, phrase: str, head: Sequence[str], stop: int, table: Cues) -> bool:
    """A conference centre is no event; a workshop may be a place of work."""
    before = head[: stop - phrase.count(" ") - 1]
    if head[stop : stop + 2] in _WORKING_VISIT:
        return True
    if not table.buildings.isdisjoint(head[stop : stop + 1]) or before[-2:] in _CENTRES:
        return True  # a conference centre
    if head[stop : stop + 1] in _DESKS:
        return True
    if phrase == "event" and not _OF_NATURE.isdisjoint(before[-1:]):
        return True
    return phrase in _WORKSHOPS and not (table.works.isdisjoint(head) and _is_workshop_of_talk(hit))


_AGENCY = re.compile(r"^\([^()\n]{2,40}\) ?[-–—:]? ?")
"""`(TTXVN) - `, before the first sentence."""


def _is_event_of_its_sentence(hit: Hit, table: Cues) -> bool:
    """`Hội nghị toàn quốc về ... diễn ra ngày 28/5 tại Quảng Ninh`: the sentence began with the event."""
    near = hit.field.lower[max(0, hit.start - 80) : hit.start]
    if not any(verb in near for verb in _TAKING_PLACE):
        return False
    sentence = _AGENCY.sub("", _sentence_before(hit, 300).lstrip())
    tokens = _TOKENS.findall(_WHEN.sub("", sentence, count=1))
    for size in (1, 2, 3):
        if " ".join(tokens[:size]) in table.events:
            return table.buildings.isdisjoint(tokens[size : size + 1])  # not of a conference centre
    if not tokens or (tokens[0] not in _CONTESTS and table.contests.isdisjoint(tokens[:8])):
        return False
    return any(scope in sentence for scope in _SCOPES)
