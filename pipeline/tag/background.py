"""What an article names beside its subject: delegates, helpers, hospitals of treatment; and, in a long
article, whatever its head does not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline.tag import cue_words as words
from pipeline.tag.matching import FieldText
from pipeline.tag.mention import INNER, UNIT_LEVELS, Mention
from pipeline.vietnamese import exact, fold, place_tones

DELEGATE = "delegate"
HELPER = "helper"
TREATED = "treated"

_LONG = 450
"""From this many characters a body is long: it has a head, and paragraphs behind it."""
_HEAD = 450
_PARAGRAPH = 350
"""A text without line breaks is counted in stretches of this length."""
_SEVERAL = 3
"""In so many paragraphs a place must be told of to be a subject that the head of a long article leaves
out."""
_SCREENS, _FIRST_PART = 1400, 0.33
"""What only one paragraph tells of behind the first third of so many characters, and the head leaves out, is
an aside."""
_EXAMPLES = 3
"""So many places, each told of once behind a head that names none, are examples."""

_PASSED_BY = frozenset({words.HOME, words.FROM, words.LIKE, words.VENUE, "example", "career", "address"})
_PARLIAMENT = tuple(
    map(
        place_tones,
        (
            "quốc hội",
            "đbqh",
            "đại biểu",
            "quoc hoi",
            "dai bieu",
            "national assembly",
            "lawmaker",
            "legislat",
            "parliament",
        ),
    )
)
_DELEGATE_LEFT = re.compile(
    place_tones(
        r"(?:đại biểu|đbqh|dai bieu|dbqh|na deputy|assembly deputy|deputies|lawmakers?|delegates?)\b"
        r"[^.;\n]{0,60}"
        r"(?:\((?:thuộc )?(?:đoàn |doan )?(?:đbqh |dbqh )?|\([^().;\n]{2,50} |(?:đoàn|doan|"
        r"thuộc đoàn) (?:đbqh |dbqh |đại "
        r"biểu quốc hội )?|"
        r"(?:of|from|representing|for)(?: the)? )(?:tỉnh |thành phố |tp\.? ?|tinh |thanh pho )?$"
    )
)
_DELEGATE_RIGHT = re.compile(
    r"^(?:'s)?(?: province| city)?(?:'s)? (?:delegation|deputies|lawmakers?|delegates?)\b"
)
_OFFICER = re.compile(
    place_tones(
        r"\b(?:đại biểu|phó|trưởng|giám đốc|chủ tịch|bí thư|dai bieu|pho|truong|giam doc|chu tich)\b[^.;\n]*$"
    )
)
_TAKES_THE_FLOOR = re.compile(
    place_tones(
        r"\)?,? (?:nói|phát biểu|góp ý|đề nghị|kiến nghị|cho rằng|nêu ý kiến|tranh luận|noi|phat bieu|gop y|"
        r"de nghi|"
        r"cho rang)\b"
    )
)
"""Who speaks in the National Assembly is told with his office at home."""
_HELPING = re.compile(
    place_tones(
        r"^(?P<who>[^,.;\n]{0,45}?)\b(?:sent|sends|sending|pledged|pledges|donated|donates|dispatched|lent|"
        r"contributed|"
        r"gửi|hỗ trợ|ủng hộ|cử|chi viện|quyên góp|chia sẻ khó khăn|tặng|gui|ho tro|ung ho|chi vien|quyen "
        r"gop)\b(?P<whom>[^.;\n]*)"
    )
)
_OWN = re.compile(
    place_tones(
        r"\b(?:mỗi|moi|các|cac|từng|tung) (?:hộ|ho|gia đình|gia dinh|nhà|nha|nạn nhân|nan nhan)\b|"
        r"\beach (?:family|household|home)\b"
    )
)
"""Whom a province helps within it, if no other place is named."""
_ASKING = re.compile(
    place_tones(
        r"\b(?:xin|được|duoc|cần|can|nhận|nhan|kiến nghị|kien nghi|đề nghị|de nghi|đề xuất|de xuat|mong|"
        r"kêu gọi|keu goi|chờ|cho|was|were|been|be|ask\w*|received?|seeks?|needs?|sought|request\w*)\b"
    )
)
"""Before a verb of helping these words make a receiver of whoever stands before them."""
_HOSPITALS = tuple(map(place_tones, ("bệnh viện", "viện", "bv ", "benh vien", "hospital", "clinic")))
_CARE = (*_HOSPITALS, "bv", "vien")
"""One of these stands in whatever `_TREATED` finds."""
_TREATED = re.compile(
    place_tones(
        r"\b(?:chuyển|đưa|chở|điều trị|cấp cứu|chuyen|dua|dieu tri|cap cuu|airlifted|transferred|taken|"
        r"rushed|flown|"
        r"moved|treated|treatment|sent)\b[^.;\n]{0,90}\b(?:viện|bv|vien|hospital|hospitals|"
        r"clinic)\b[^.;\n]{0,60}$"
    )
)


def settle_delegates(mentions: Sequence[Mention], opening: str) -> None:
    """`đại biểu Lý Thị Bé (đoàn Cà Mau)`: whom somebody sits for in the National Assembly, if the opening of
    the article names it."""
    if not any(word in opening for word in _PARLIAMENT):
        return
    for mention in mentions:
        if mention.reason or mention.level not in UNIT_LEVELS or mention.hit.field.name == "title":
            continue
        lower, end = mention.hit.field.lower, mention.hit.end
        left = lower[max(0, mention.start - 110) : mention.start]
        right = lower[end : end + 60]
        speaks = _TAKES_THE_FLOOR.match(right) and _OFFICER.search(left)
        if _DELEGATE_LEFT.search(left) or _DELEGATE_RIGHT.match(right) or speaks:
            mention.cue = DELEGATE


def settle_helpers(mentions: Sequence[Mention], head: int) -> None:
    """`Hải Phòng sent 40 boats`, told of a flood in a place that the head of the text names."""
    helping = [m for m in mentions if not m.reason and m.level in UNIT_LEVELS and _sends_help(m, mentions)]
    if not helping:
        return
    subjects = _named_in_head([m for m in mentions if m not in helping], head)
    for mention in helping:
        if subjects and not mention.codes & subjects:
            mention.cue = HELPER


def _sends_help(mention: Mention, mentions: Sequence[Mention]) -> bool:
    """Whether it acts, not only lies where others do, and does not just help its own."""
    hit = mention.hit
    lower = hit.field.lower
    found = _HELPING.match(lower[hit.end : hit.end + 150])
    if found is None or _ASKING.search(found["who"]):
        return False
    if mention.cue == words.AT and not _AT_ONCE.fullmatch(found["who"]):
        return False  # In Bac Ninh the army sent boats
    acting = hit.end + found.end("who")
    if any(hit.end <= start < acting and "hazards" in sorts for start, _, sorts in hit.field.signals):
        return False  # water rose there, too
    if not _OWN.search(found["whom"]):
        return True
    stop = hit.end + found.end()
    return any(m.hit.field is hit.field and acting < m.start < stop for m in mentions)


_AT_ONCE = re.compile(
    place_tones(r"(?: (?:have|has|had|also|province|city|on|\w+day|đã|da|cũng|cung|vừa|vua))* ")
)
"""Between a name and its verb: `a charity in Hanoi has sent` tankers."""


def settle_treated(mentions: Sequence[Mention], head: int) -> None:
    """`chuyển lên Bệnh viện Chợ Rẫy ở TP.HCM`: where the hurt of another place are cared for."""
    fields = {m.hit.field.name: m.hit.field.lower for m in mentions if m.hit.field.name != "title"}
    cared = [name for name, lower in fields.items() if _tells_of_care(lower)]
    treated = [m for m in mentions if m.hit.field.name in cared and not m.reason and _is_of_treatment(m)]
    if treated:
        subjects = _named_in_head([m for m in mentions if m not in treated], head)
        for mention in treated:
            if subjects and not mention.codes & subjects:
                mention.cue = TREATED


def _tells_of_care(lower: str) -> bool:
    """Whether one of the words stands in it without which `_TREATED` finds nothing."""
    vietnamese = "viện" in lower or "vien" in lower or "bv" in lower
    return vietnamese or "hospital" in lower or "clinic" in lower


def _is_of_treatment(mention: Mention) -> bool:
    left = mention.hit.field.lower[max(0, mention.start - 160) : mention.start]
    return _tells_of_treatment(left) or (
        _is_hospital(mention) and _tells_of_treatment(left + mention.hit.key)
    )


def _tells_of_treatment(left: str) -> bool:
    return any(word in left for word in _CARE) and _TREATED.search(left) is not None


def _is_hospital(mention: Mention) -> bool:
    return mention.hit.key.startswith(_HOSPITALS)


def _named_in_head(mentions: Iterable[Mention], head: int) -> set[str]:
    return {code for m in mentions if not m.reason and is_in_head(m, head) for code in m.codes}


def is_in_head(mention: Mention, head: int) -> bool:
    """Whether the title, the lead or the first paragraph names it."""
    return mention.hit.field.name != "body" or mention.start < head


def head_of(body: FieldText | None, dateline: int) -> int:
    """Where the first paragraph of the body ends."""
    if body is None:
        return 0
    line = body.text.find("\n", dateline + 60)
    return min(line if line >= 0 else dateline + _PARAGRAPH, dateline + _HEAD)


def is_long(body: FieldText | None) -> bool:
    """Whether the article has more to tell than its subject."""
    return body is not None and (len(body.text) >= _LONG or body.text.count("\n") >= _SEVERAL)


def subjects_of_long(
    mentions: Mapping[str, Sequence[Mention]], about: set[str], head: int, passing: frozenset[str]
) -> set[str]:
    """Of the places that a long article may be about (code → mentions), its subjects: those that its head
    names and those that several paragraphs tell of; or, if the head names none, those that two tell of, or
    the only one that acts."""
    mere = passing - {"route", "river"}
    heads = {
        code
        for code, found in mentions.items()
        if any(is_in_head(m, head) and m.cue not in mere for m in found)
    }
    if about <= heads:
        return about
    counts = {code: paragraphs(found, passing) for code, found in mentions.items()}
    if heads & about:
        return about & (heads | {code for code, count in counts.items() if count >= _SEVERAL})
    if len(mentions) == 1 and _is_scene(*mentions.values()):
        return about
    about = {
        code
        for code in about
        if (counts[code] > 1 and len(about) == 1)
        or not (_is_faint(mentions[code]) or (counts[code] < 2 and _is_far_behind(mentions[code])))
    }
    if sum(map(bool, counts.values())) < _EXAMPLES:
        return about
    told_twice = {code for code in about if counts[code] > 1}
    if told_twice:
        return told_twice
    acting = {code for code in about if any(m.cue in words.ACTING for m in mentions[code])}
    return acting if len(acting) == 1 else set()


def _is_scene(mentions: Sequence[Mention]) -> bool:
    """Whether a place and its unit tell where it happens: `ở Mường Nhé, Điện Biên`."""
    return len(mentions) > 1 and any(m.level in INNER and m.cue == words.AT for m in mentions)


def _is_faint(mentions: Sequence[Mention]) -> bool:
    """Whether a text of several screens names it hardly more than twice, and never as a unit that acts."""
    told = [mention for mention in mentions if mention.cue not in _PASSED_BY]
    acts = any(mention.cue in words.ACTING for mention in told)
    return len(told) < _SEVERAL and not acts and len(mentions[0].hit.field.text) > _SCREENS


def _is_far_behind(mentions: Sequence[Mention]) -> bool:
    """Whether all uses stand behind the first third of a text of several screens."""
    first = min(mention.start for mention in mentions)
    size = len(mentions[0].hit.field.text)
    return size > _SCREENS and first > size * _FIRST_PART


def subjects_of_disaster(
    mentions: Mapping[str, Sequence[Mention]],
    about: set[str],
    head: int,
    passing: frozenset[str],
    year: int = 0,
) -> set[str]:
    """Of a long report of a storm or flood, the places that its head names and those that it tells of, not
    only prices or friends there, nor what happened there before the `year` of the report (0: not known); also
    every unit with which a sentence on the disaster begins."""
    hit: set[str] = set()
    for code, found in mentions.items():
        named = code in about
        for mention in found:
            if mention.cue in passing:
                continue
            if named:
                told = is_in_head(mention, head) or _is_told_of(mention, year)
            else:
                place = mention.hit.start
                opens = mention.hit.field.lower.endswith(_BEHIND_OPENING, 0, place)
                told = opens and mention.level in UNIT_LEVELS and _is_told_of(mention, year, both=True)
            if told:
                hit.add(code)
                break
    return hit or about


_OPENING_OF_SENTENCE = re.compile(
    place_tones(r"\W*(?:(?:riêng|còn|and|rieng|con) )?(?:tại|ở|in|tai|o)?(?: tỉnh| thành phố| tp| tinh)? ?")
)
_BEHIND_OPENING = (
    *(". ", "\n", "in ", "and "),
    *(f"{form(word)} " for word in "tại ở tỉnh phố tp riêng còn".split() for form in (exact, fold)),
)
"""With one of these ends whatever stands before a unit that begins its sentence."""
_LONGEST_OPENING, _LONGEST_SENTENCE = 32, 500
"""Characters from the start of a sentence to the place that it begins with; and of a whole sentence."""
_DAMAGE = re.compile(
    place_tones(
        r"sơ tán|di dời|cấm (?:biển|đường)|nghỉ học|chằng chống|neo đậu|evacuat|schools? (?:were |"
        r"was )?closed|"
        r"cô lập|chia cắt|tốc mái|mất điện|vùi lấp|cuốn trôi|trôi|co lap|chia cat|toc mai|mat dien|cut off|"
        r"swept away|without power|roofs"
    )
)
_SPARED = re.compile(
    place_tones(
        r"\b(?:(?<!không )chỉ có (?:mưa|gió)|(?:chưa|không) (?:có|ghi nhận|bị|gây|xảy ra)"
        r"(?: (?!thống kê|con số|số liệu|báo cáo)\w+){0,2} "
        r"(?:thiệt hại(?! về người)|ảnh hưởng)|"
        r"(?<!khong )chi co (?:mua|gio)|(?:chua|khong) (?:co|ghi nhan|bi|gay|xay ra)"
        r"(?: (?!thong ke|con so|so lieu|bao cao)\w+){0,2} "
        r"(?:thiet hai(?! ve nguoi)|anh huong)|"
        r"(?:no|not|without)(?: (?!estimates?|figures?|word|reports?)\w+){0,2} (?:damage|losses|affected)|"
        r"(?:was|were) spared|unaffected|"
        r"only (?:saw |had )?rain|only slightly|chỉ (?:tăng|lên|dâng) nhẹ|không đáng kể)\b"
    )
)
"""What is told of places that a disaster left alone."""


_YEAR = re.compile(r"(?<![/.\d-])(?:19|20)\d\d\b")
_EARLIER = re.compile(
    place_tones(
        r"\b(?:trước đây|năm ngoái|năm trước|năm kia|truoc day|nam ngoai|last year|previously|years ago)\b"
    )
)


def _is_told_of(mention: Mention, year: int, *, both: bool = False) -> bool:
    """Whether the sentence begins with the place, `Tại Bắc Ninh, nước sông lên nhanh`, or is on the disaster,
    or, if asked for, `both`; and of what happened in the `year` of the report."""
    hit, field = mention.hit, mention.hit.field
    lower, place = field.lower, hit.start
    first = place - _LONGEST_SENTENCE if place > _LONGEST_SENTENCE else 0
    start = max(lower.rfind(". ", first, place) + 1, lower.rfind("\n", first, place)) + 1
    begins = field.name == "body" and place - start < _LONGEST_OPENING
    begins = begins and _OPENING_OF_SENTENCE.fullmatch(lower, start, place) is not None
    if mention.level in INNER and mention.cue != words.AT:
        begins = False  # Hồ Thác Bà rộng hơn nhiều
    if begins != both:
        return begins
    stop, line = lower.find(". ", hit.end), lower.find("\n", hit.end)
    end = min(stop if stop >= 0 else len(lower), line if line >= 0 else len(lower))
    years = {int(found) for found in _YEAR.findall(lower, start, end)} if year else set()
    if years - {year} or _EARLIER.search(lower, start, end):
        return False
    if _DAMAGE.search(lower, start, end):
        return True
    spared = _SPARED.search(lower, start, end)  # Đà Nẵng chỉ có mưa, chưa ghi nhận thiệt hại lớn
    return spared is None and _names_a_hazard(field, start, end)


def _names_a_hazard(field: FieldText, start: int, end: int) -> bool:
    """Whether a word of hazards stands in a stretch of the field."""
    lower = field.lower
    for begin, stop, sorts in field.signals:
        if begin < start or stop > end or "hazards" not in sorts:
            continue
        if not lower[begin - 1 : begin].isalnum() and not lower[stop : stop + 1].isalnum():
            return True
    return False


_PAIRED = re.compile(
    place_tones(
        r"\b(?:hai (?:tỉnh|địa phương|thành phố|tinh|dia phuong)|"
        r"(?:two|both) (?:provinces|localities|cities))\b[^.;\n]{0,40}$"
    )
)


def is_paired(mention: Mention) -> bool:
    """`qua hai tỉnh An Giang và Cà Mau`: named with another unit as one of two."""
    place = mention.hit.start
    left = mention.hit.field.lower[place - 70 if place > 70 else 0 : place]
    if "hai " not in left and "two " not in left and "both " not in left:
        return False
    return _PAIRED.search(left) is not None


def subjects_among_examples(
    units: Sequence[Mention], mentions: Sequence[Mention], *, national: bool
) -> set[str]:
    """Of the units that a text lists, those that it is about all the same: several paragraphs tell of them
    (two, if nothing says that the text is national), or their authorities act and a place inside is named."""
    several = _SEVERAL if national else 2
    by_code: dict[str, list[Mention]] = {}
    for mention in units:
        for code in mention.codes:
            by_code.setdefault(code, []).append(mention)
    inside = {code for m in mentions if not m.reason and m.level in INNER for code in m.codes}
    acting = {c for m in units if m.cue in words.ACTING for c in m.codes} & inside
    return acting | {c for c, found in by_code.items() if paragraphs(found, frozenset()) >= several}


def paragraphs(mentions: Iterable[Mention], passing: frozenset[str]) -> int:
    """How many paragraphs of the body, or stretches of one that has few, tell of the place that
    these mentions name."""
    told: set[int] = set()
    for mention in mentions:
        if mention.cue in passing or mention.hit.field.name != "body":
            continue
        text = mention.hit.field.text
        broken = text.count("\n") * 2 * _PARAGRAPH > len(text)
        told.add(text.count("\n", 0, mention.start) if broken else mention.start // _PARAGRAPH)
    return len(told)
