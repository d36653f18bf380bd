"""Whether a place only hosted an event: a conference, fair or contest, by its clause or by its sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.tag import cues as words
from pipeline.tag.cues import Cues
from pipeline.tag.matching import Hit
from pipeline.tag.mention import Surroundings
from pipeline.vietnamese import exact, place_tones

_HOSTING = frozenset(("ở", "tại", "in", "at", "o", "tai"))
_MEETING = frozenset(("met", "meet", "meets"))
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
        r"^(?:(?:sáng|chiều|tối|trưa|ngày|hôm|tại|phát biểu|sang|chieu|"
        r"toi|tai|the|a|an|at|nay|\d[\d/.-]*),? )*"
    )
)
_CONTESTS = frozenset({"giải", "cúp", "kỳ", "vòng", "giai", "cup"})
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


def is_venue(hit: Hit, around: Surroundings, table: Cues, meaning: str) -> bool:
    """A conference, fair or ceremony stands before the preposition: the place only hosted it."""
    if meaning not in (words.AT, words.UNIT, ""):
        return False
    before = around.before
    if not _FAIR_ENDS.isdisjoint(before[-3:]) and _AT_FAIR.search(around.clause):
        return True
    if not before:  # tại Nhà hát Lớn, Hà Nội
        return hit.field.lower.endswith(", ", 0, hit.start) and _is_event_of_its_sentence(hit, table)
    if _HOSTING.isdisjoint(before):
        return False
    head = before[:-1]
    if head and head[-1] in _MEETING:
        return True  # ministers met in Da Nang; but a minister met voters in Hai Phong
    sizes = table.sizes_of_events
    for start, word in enumerate(head):
        for size in sizes.get(word, ()):
            phrase = " ".join(head[start : start + size])
            if phrase in table.events and not _is_no_event(phrase, head, start + size, table):
                return True
    if hit.key in _CAPITAL and _is_state_occasion(hit):
        return True
    return not _ENDS_OF_TAKING.isdisjoint(head) and _is_event_of_its_sentence(hit, table)


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
        r"\b(?:tiếp|hội kiến|hội đàm|chào xã giao|đón|tiep|hoi dam|receiv\w+|hosts?|hosted|reception|"
        r"talks|welcom\w+|"
        r"met with|meeting with|courtesy)\b"
    )
)


def _is_state_occasion(hit: Hit) -> bool:
    """`The Prime Minister received the ambassador in Hanoi`: the seat of the State is no place of its own."""
    left = hit.field.lower[max(0, hit.start - 300) : hit.start]
    sentence = left[max(left.rfind(". "), left.rfind("\n")) + 1 :]
    return bool(_STATE.search(sentence) and _RECEIVING.search(sentence))


def _is_no_event(phrase: str, head: Sequence[str], stop: int, table: Cues) -> bool:
    """`announced a plant in Hai Phong` tells of the plant; a sewing workshop is a place of work."""
    if phrase in table.event_verbs:
        return not table.buildings.isdisjoint(head[stop:])
    before = head[: stop - phrase.count(" ") - 1]
    if not table.buildings.isdisjoint(head[stop : stop + 1]) or before[-2:] in _CENTRES:
        return True  # a conference centre
    return phrase in ("workshop", "workshops") and not table.works.isdisjoint(head)


def _is_event_of_its_sentence(hit: Hit, table: Cues) -> bool:
    """`Hội nghị toàn quốc về ... diễn ra ngày 28/5 tại Quảng Ninh`: the sentence began with the event."""
    left = hit.field.lower[max(0, hit.start - 300) : hit.start]
    near = left[-80:]
    if not any(verb in near for verb in _TAKING_PLACE):
        return False
    sentence = left[max(left.rfind(". "), left.rfind("\n")) + 1 :].lstrip()
    tokens = _TOKENS.findall(_WHEN.sub("", sentence, count=1))
    for size in (1, 2, 3):
        if " ".join(tokens[:size]) in table.events:
            return table.buildings.isdisjoint(tokens[size : size + 1])  # not of a conference centre
    if not tokens or (tokens[0] not in _CONTESTS and table.contests.isdisjoint(tokens[:8])):
        return False
    return any(scope in sentence for scope in _SCOPES)
