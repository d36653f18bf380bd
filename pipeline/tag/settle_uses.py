"""In what role a place is named, once the whole article is known: venue, market, club, origin, attendee."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.tag import cue_words as words
from pipeline.tag.events import ANNOUNCED
from pipeline.tag.mention import UNIT_LEVELS, Mention
from pipeline.tag.settle import PLACING, is_address, is_in_title
from pipeline.tag.uses import is_stretch, is_way
from pipeline.vietnamese import exact, place_tones

_NOWHERE = frozenset({ANNOUNCED, "dateline"})
"""Uses of a name that leave open what an article is about."""
_VENUE_TITLE = frozenset({"", words.AT, words.TOWARDS})

_ORIGINS = frozenset({words.HOME, words.FROM})

_ATTENDEE = re.compile(
    place_tones(
        r"(?:secretary of(?: the)?|bí thư|bi thu|chairman of(?: the)?|chủ tịch|phó bí thư|"
        r"deputy secretary of(?: the)?)"
        r"(?: (?:thành ủy|tỉnh ủy|ubnd|thanh uy|tinh uy|thành uỷ|tỉnh uỷ|ubnd tp|ubnd tỉnh|"
        r"ubnd thành phố|hđnd))?\s*$"
    )
)


def settle_ranges(mentions: Sequence[Mention], hazard: bool) -> None:
    """A storm from A to B hits both; a bus from A to B only goes there."""
    for previous, mention in pairwise(mentions):
        if hazard and previous.cue == words.FROM and is_stretch(previous, mention):
            previous.cue = mention.cue = words.AT
        elif previous.cue == words.FROM and mention.cue == words.TOWARDS and is_way(previous, mention):
            previous.cue, mention.cue = (words.AT, words.AT) if _links(previous) else (words.FROM, "leg")


def _links(mention: Mention) -> bool:
    """`nối tour từ Buôn Ma Thuột xuống Nha Trang`: a link belongs to both its ends."""
    return bool(_LINKING.search(mention.hit.field.lower[max(0, mention.start - 40) : mention.start]))


_LINKING = re.compile(r"\b(?:nối|noi|linking|links|connecting|connects)\b[^.;]*$")


def settle_origins(mentions: Sequence[Mention], *, abroad: bool) -> None:
    """`Thầy giáo Huế` in a title whose text says `quê Huế`: somebody's home, if another place is told, or one
    abroad."""
    homes = {c for m in mentions if m.cue in _ORIGINS and not m.reason for c in m.codes}
    if not homes:
        return
    lived_in = {c for m in mentions if not m.reason and m.cue == words.HOME for c in m.codes}
    rest = {c for m in mentions if not m.reason and m.cue not in _ORIGINS for c in m.codes}
    told = {
        c
        for m in mentions
        if not m.reason and m.cue not in _ORIGINS and not (is_in_title(m) and m.cue == "")
        for c in m.codes
    }
    for mention in mentions:
        bare = not mention.reason and mention.cue == "" and is_in_title(mention)
        came = mention.codes <= lived_in or _names_visitors(mention)
        if bare and came and mention.codes <= homes - told and (abroad or rest - mention.codes):
            mention.cue = words.HOME


_PERSON_BEFORE = re.compile(
    place_tones(
        r"(?:đầu bếp|nữ sinh|nam sinh|học sinh|sinh viên|chàng trai|cô gái|nghệ nhân|họa sĩ|nghệ sĩ|doanh "
        r"nhân|kỹ sư|"
        r"kiến trúc sư|nhà văn|nhà thơ|nhiếp ảnh gia|du học sinh|chang trai|co gai|nu sinh|hoc sinh|sinh "
        r"vien)"
        r"(?: \w+)? $"
    )
)
_VISITORS = re.compile(
    r" (?:chef|student|artist|poet|painter|singer|dancer|designer|architect|engineer|teacher|doctor|teen|"
    r"teenager|boy|girl|man|woman|couple|native|photographer|scientist|writer|musician|"
    r"runner|cyclist|swimmer|athlete|boxer|gymnast|wrestler|rower|climber|rider|farmer|worker|inventor|"
    r"fisherman|monk|nun|startup|"
    r"children|pupils|students|tourists|visitors|holidaymakers|travellers|investors|buyers|pilgrims|"
    r"fans)\b"
)


def _names_visitors(mention: Mention) -> bool:
    """`Thai Nguyen children visit ...`: people of the place, who may be elsewhere."""
    lower = mention.hit.field.lower
    return bool(
        _VISITORS.match(lower, mention.hit.end) or _PERSON_BEFORE.search(lower[: mention.start][-30:])
    )


def settle_clubs(mentions: Sequence[Mention]) -> None:
    """Where a club is named in full, the bare name of its home in the title is the club."""
    clubs = {c for m in mentions if m.level == "club" and not m.reason for c in m.codes}
    if not clubs:
        return
    titled = [m for m in mentions if not m.reason and m.level in UNIT_LEVELS and is_in_title(m)]
    for mention in titled:  # Hanoi Police, in an article that names Cong An Ha Noi
        police = _POLICE.match(mention.hit.field.lower, mention.hit.end)
        if mention.cue == words.GOVERNMENT and police and mention.codes <= clubs:
            mention.cue = words.CLUB
    told = {c for m in mentions if not m.reason and m.cue not in ("", words.CLUB) for c in m.codes}
    for mention in titled:
        if not mention.cue and mention.codes <= clubs - told:
            mention.cue = words.CLUB


_POLICE = re.compile(r" police\b")
_MARKETED = re.compile(
    place_tones(
        r"\b(?:quảng bá|giới thiệu|xúc tiến|tuần lễ|tuần hàng|chào hàng|mời gọi|bày bán|trưng bày|"
        r"promot\w+|pop-up|courts?|"
        r"courted|presents?|presented|pitche[sd]|showcases?|showcased|brings?|brought|sells?|sold|seeks?|"
        r"woos?|wooed|fair|quang ba|"
        r"gioi thieu|"
        r"xuc tien|tuan le|biểu diễn|lưu diễn|trình diễn|giao lưu|dự thi|tranh tài|perform\w*|sing|sings|"
        r"sang|tour|"
        r"tours|toured|staged|concerts?|compet\w+|bieu dien|luu dien)\b"
    )
)


def settle_markets(mentions: Sequence[Mention]) -> None:
    """`Điện Biên quảng bá cà phê tại Hà Nội`: a province shows its goods at another place, which hosts it."""
    titled = [m for m in mentions if not m.reason and is_in_title(m) and m.level in UNIT_LEVELS]
    for mention in titled[1:]:
        if mention.cue in _GOALS and _CARRIED.search(
            mention.hit.field.lower, titled[0].hit.end, mention.start
        ):
            mention.cue = words.VENUE
    _settle_carried(mentions)
    placed = [
        m
        for m in mentions
        if not m.reason and (m.cue == words.AT or (m.cue == words.TOWARDS and is_in_title(m)))
    ]
    if not placed:
        return
    subjects = {
        c
        for m in mentions
        if not m.reason and is_in_title(m) and m.cue in _SUBJECT_CUES
        if m.level in UNIT_LEVELS or (not m.weak and len(m.codes) == 1)
        for c in m.codes
    }
    if not subjects:
        return
    for mention in placed:
        lower = mention.hit.field.lower
        if mention.codes & subjects:
            continue
        if mention.cue == words.TOWARDS:
            if _BROUGHT.search(lower, 0, mention.start):
                mention.cue = words.VENUE
            continue
        if not lower.endswith(PLACING, 0, mention.start):
            continue
        sentence = max(lower.rfind(". ", 0, mention.start), lower.rfind("\n", 0, mention.start)) + 1
        if _MARKETED.search(lower, sentence, mention.start):
            mention.cue = words.VENUE


_SOLD = re.compile(
    place_tones(
        r"\b(?:mang|đưa|chở|đem|bring|brought|take|took|dua)\b[^.;:\n]{2,50}"
        r"\b(?:bán|giới thiệu|trưng bày|chào hàng|quảng bá|sell|sold|show|display|gioi thieu|trung bay)\b"
        r"[^.;:\n]{0,30} (?:ở|tại|in|at) (?:[^.;:\n]{2,45}, )?$"
    )
)


_WHERE_SOLD = frozenset({"", words.AT})


def _settle_carried(mentions: Sequence[Mention]) -> None:
    """`hộ nuôi cua từ Năm Căn, Cà Mau mang hàng lên bán ở TP.HCM`: the article is of those who come, and
    where they sell is their market."""
    came = [m for m in mentions if not m.reason and m.cue == words.FROM]
    for mention in mentions if came else ():
        if mention.reason or mention.cue not in _WHERE_SOLD:
            continue
        lower = mention.hit.field.lower
        for origin in came:
            behind = origin.hit.field is mention.hit.field and origin.start < mention.start
            if behind and _SOLD.search(lower, origin.hit.end, mention.start):
                origin.cue, mention.cue = words.GOVERNMENT, words.VENUE
    for previous, mention in pairwise(mentions) if came else ():
        whole = not mention.reason and mention.codes & previous.codes and is_address(previous, mention)
        if previous.cue == words.VENUE and whole:
            mention.cue = words.VENUE  # phố đi bộ Nguyễn Huệ, TP.HCM


_GOALS = frozenset({"", words.TOWARDS})
_CARRIED = re.compile(
    place_tones(
        r"\b(?:đưa|mang|dua) (?![^.;:]{0,25}\b(?:cứu trợ|cứu hộ|hỗ trợ|quà|gạo|thuốc|người|công dân|nạn nhân|"
        r"bác sĩ|bệnh nhân|lực lượng|quân|tàu|thuyền|xe|cuu tro|ho tro|qua|nguoi|luc luong|tau)\b)"
        r"[^.;:]{2,50} (?:xuống|ra|vào|lên|tới|đến|sang|xuong|vao|len|toi|den) "
        r"[^.;:]{0,25}$"
    )
)
"""`Lạng Sơn đưa hát then xuống phố đi bộ TP.HCM`."""
_SUBJECT_CUES = frozenset({"", words.UNIT, words.GOVERNMENT})
_BROUGHT = re.compile(
    place_tones(
        r"\b(?:đưa|mang|dua|brings?|takes?)\b[^.;:]{0,60}\b(?:di sản|đặc sản|văn hóa|ẩm thực|"
        r"sắc màu|"
        r"hương vị|sản phẩm|nông sản|di san|dac san|van hoa|am thuc|nong san|heritage|culture|specialties|"
        r"produce)\b"
        r"[^.;:]{0,60}$"
    )
)
"""`Đưa di sản Hội An ra Hà Nội`: shown to another place."""


def settle_venues(mentions: Sequence[Mention]) -> None:
    """A title says `in Hanoi` of what its text shows to be the venue of an event; what was announced in the
    only place of an article is there."""
    others = {c for m in mentions if not m.reason and m.cue not in _NOWHERE for c in m.codes}
    for mention in mentions:
        if mention.cue == ANNOUNCED:
            mention.cue = words.VENUE if others - mention.codes else words.AT
    venues = {code for m in mentions if m.cue == words.VENUE for code in m.codes}
    if not venues:
        return
    rest = {
        code
        for m in mentions
        if not m.reason
        and m.cue not in (words.VENUE, "dateline")
        and not (m.hit.field.name == "title" and m.cue in _VENUE_TITLE)
        for code in m.codes
    }
    for mention in mentions:
        if (
            mention.hit.field.name == "title"
            and mention.cue in _VENUE_TITLE
            and mention.codes <= venues - rest
            and not _is_subject(mention)
        ):
            mention.cue = words.VENUE


def _is_subject(mention: Mention) -> bool:
    """Whether a title begins with the name and says what the place does, not what was held there: `Bảo Lộc
    mặc áo tơ tằm`."""
    field, end = mention.hit.field, mention.hit.end
    if mention.start or mention.cue or field.caseless or not field.text[end + 1 : end + 2].islower():
        return False
    tokens = field.lower[end:].split()
    sizes = field.table.sizes_of_events
    return not any(
        " ".join(tokens[at : at + size]) in field.table.events
        for at, token in enumerate(tokens)
        for size in sizes.get(token, ())
    )


_ATTENDANCE = (
    "also attending",
    "also present",
    "were present",
    "attended",
    "cùng dự",
    "tham dự",
    "dự hội nghị",
    "dự lễ",
    "dự chương trình",
    "dự và phát biểu",
    "có mặt",
    "dự buổi",
)

_OFFICES = ("secretary of", "chairman of", *map(exact, ("bí thư", "chủ tịch")), "bi thu")
"""One of these stands in whatever `_ATTENDEE` finds."""


def _tells_attendance(text: str) -> bool:
    """Whether the text (comparable form) says anywhere who attended."""
    return any(phrase in text for phrase in _ATTENDANCE)


def is_attendee(mention: Mention) -> bool:
    """`also attending were ... the Secretary of the Hanoi City Party Committee`: an office, not a place."""
    lower, start = mention.hit.field.lower, mention.hit.start
    left = lower[start - 60 if start > 60 else 0 : start]
    for office in _OFFICES:
        if office in left:
            break
    else:
        return False
    if not _ATTENDEE.search(left):
        return False
    sentence = max(lower.rfind(". ", 0, mention.start), lower.rfind("\n", 0, mention.start)) + 1
    return _tells_attendance(lower[sentence : mention.start + 200])
