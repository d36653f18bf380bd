"""What the body of an article tells in passing, behind its head: homes of people who speak, offices that
somebody held, voters who ask for something of the whole country.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.tag import cue_words as words
from pipeline.tag.background import DELEGATE, is_in_head
from pipeline.tag.matching import ENGLISH
from pipeline.tag.mention import UNIT_LEVELS, Mention
from pipeline.tag.settle import is_address
from pipeline.vietnamese import place_tones

CAREER = "career"
_REACH = 170  # characters before a name in which its sentence is read
_SHORTEST = 8  # characters of who speaks
_SPOKE = place_tones(
    r"(?:cũng |đã |từng |thường |vẫn |cung |da |tung )?"
    r"(?:cho biết|cho rằng|chia sẻ|kể(?! (?:từ|cả))|nói(?! (?:chung|riêng|trên))|cho hay|tâm sự|bày tỏ|"
    r"nhận xét|thắc mắc|hỏi|viết|bình luận|than(?= (?:thở|phiền|rằng|vãn|trời|lỗ|khổ|ế|khó|vì|giá)\b|:)|"
    r"lo ngại|"
    r"đề nghị|đồng tình|nhìn nhận|"
    r"cho biet|cho rang|chia se|cho hay|tam su|bay to|nhan xet|binh luan|(?:ke|noi|hoi|viet)(?= rang |:))"
)
_SPEAKS = re.compile(rf"[^.;:\n“\"”]{{0,40}}?\)?,? {_SPOKE}\b")
_SPEAKS_EN = re.compile(r"(?: province| city)?,? (?:said|says|told|added|adds|recalled|explained|noted)\b")
_SENTENCE_ENDS = re.compile(r"[.!?:\n“”\"]")
_SPEAKER_EN = re.compile(
    r"\b(?:director|head|dean|lecturer|professor|doctor|dr|researcher|expert|student|customer|shopper|"
    r"patient|manager)\b[^.;\n]{0,110}\b(?:in|from) $"
)
_OF_THE_PLACE = re.compile(
    place_tones(
        r"\b(?:chủ tịch|bí thư|giám đốc|trưởng|phó|lãnh đạo|đại diện|cán bộ|ubnd|công an|sở|chi cục|"
        r"cơ quan (?:điều tra|chức năng)|viện kiểm sát|kiểm lâm|hải quan|biên phòng|co quan|"
        r"ban quản lý|bộ đội|hợp tác xã|htx|nông dân|ngư dân|người dân|chủ hộ|hộ|chủ tàu|nạn nhân|"
        r"nhân chứng|"
        r"chu tich|bi thu|giam doc|truong|pho|lanh dao|dai dien|can bo|cong an|so|nong dan|ngu dan|"
        r"nguoi dan|"
        r"department|committee|authority|provincial|people's|police|court|customs|cooperative|farmers?|"
        r"growers?|fishermen|fisherman|residents?|villagers?|victims?|witness(?:es)?|commune|district|"
        r"village)\b"
    )
)
"""Who speaks for the place, or of what happened in it."""
_OF_A_FIRM = re.compile(
    place_tones(r"\b(?:công ty|doanh nghiệp|tập đoàn|ngân hàng|cong ty|doanh nghiep|tap doan|ngan hang)\b")
)
_AGED_WORKER = re.compile(
    place_tones(
        r"\d (?:tuổi|tuoi)\)?, (?:(?:một|là|đang|mot|la|dang) )*"
        r"(?:nhân viên|sinh viên|học sinh|kỹ sư|giáo viên|công nhân|kế toán|tài xế|lập trình viên|"
        r"người tiêu dùng|"
        r"nhan vien|sinh vien|hoc sinh|ky su|giao vien|cong nhan|ke toan)\b[^.;:()\n]{0,40} (?:ở|tại|o|tai) $"
    )
)
_HELD = re.compile(
    place_tones(
        r"(?:\b(?:giữ chức|giữ cương vị|từng là|từng làm|từng giữ|đảm nhiệm|rồi làm|sau đó làm|"
        r"(?<!chuyến )công tác (?:ở|tại|trong)|trải qua các chức vụ|"
        r"giu chuc|giu cuong vi|tung la|tung lam|tung giu|roi lam|(?<!chuyen )cong tac (?:o|tai)|"
        r"served as|worked as|former)\b[^.;\n]{0,60}|\b(?:nguyên|cựu|nguyen|cuu|ex-) ?)"
        r"(?:bí thư|chủ tịch|giám đốc|trưởng|phó|viện trưởng|công an|chánh văn phòng|thư ký|bi thu|chu tich|"
        r"giam doc|truong|pho|cong an|secretary|chairman|chairwoman|director|head)\b[^.;\n]{0,40}$"
    )
)
_OF_CAREERS = (
    *map(place_tones, ("giữ", "từng", "đảm nhiệm", " làm ", "công tác", "trải qua", "nguyên ", "cựu ")),
    *("giu c", "tung", " lam ", "cong tac", "nguyen ", "cuu ", "served", "worked", "former", "ex-"),
)
"""One of these stands in whatever `_HELD` finds."""
_VOTERS = re.compile(
    place_tones(
        r"\b(?:cử tri|cu tri)(?: (?:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|tinh|thanh pho|huyen|quan|"
        r"thi xa))? ?$|"
        r"\bvoters (?:in|of|from) $"
    )
)
_HINTS = (
    *(", ", "(", "ở ", "tại ", "o ", "tai ", "in ", "from "),
    *map(place_tones, ("quận ", "huyện ", "thị xã ", "thành phố ", "tỉnh ", "tp ", "quan ", "huyen ")),
)
"""With one of these ends what stands before the home of somebody who speaks."""


_LIVED = re.compile(
    place_tones(
        r"\b(?:(?:bỏ|nghỉ|thôi|rời) (?:việc|nghề|phố|công việc)|làm thuê|làm công nhân|làm việc|đi làm|"
        r"lập nghiệp|mưu sinh|(?:tốt nghiệp|học) đại học|"
        r"(?:bo|nghi) viec|lam thue|lam cong nhan|lam viec|di lam|lap nghiep|(?:tot nghiep|hoc) dai hoc|"
        r"quit \w+ jobs?|left \w+ jobs?|working|worked|studying|studied)\b[^.;:\n]{0,40} (?:ở|tại|o|tai|in) $"
    )
)
_CAME_HOME = re.compile(
    place_tones(
        r"[^.;:\n]{0,40}\b(?:về quê|trở về|quay về|hồi hương|về làng|về lại|"
        r"ve que|tro ve|quay ve|hoi huong|ve lang|"
        r"(?:came|come|moved|returned|went) (?:back|home)|returned to)\b"
    )
)
"""`bỏ việc kế toán ở Hà Nội về quê`: where somebody was before he came home."""


def settle_asides(mentions: Sequence[Mention], head: int) -> None:
    """Marks what stands behind the head: a home as such, an office held as a career, voters as delegates. A
    unit behind a place inside it is read as that place is."""
    marked: set[int] = set()
    for mention in mentions:
        if mention.reason or is_in_head(mention, head):
            continue
        cue = _aside(mention)
        if cue:
            mention.cue = cue
            marked.add(id(mention))
    for mention, following in pairwise(mentions) if marked else ():
        whole = not following.reason and mention.codes & following.codes and is_address(mention, following)
        if id(mention) in marked and whole:
            following.cue = mention.cue
            marked.add(id(following))


def _aside(mention: Mention) -> str:
    lower, start, end = mention.hit.field.lower, mention.start, mention.hit.end
    left = lower[max(0, start - _REACH) : start]
    if ("cử tri" in left or "cu tri" in left or "voters" in left) and _VOTERS.search(left):
        return DELEGATE
    if mention.before in words.ACTING and mention.level in UNIT_LEVELS:
        for word in _OF_CAREERS:
            if word in left:
                if _HELD.search(left):
                    return CAREER
                break
    if not left.endswith(_HINTS):
        return ""
    if _CAME_HOME.match(lower, end) and _LIVED.search(left):
        return CAREER
    if ("tuổi" in left or "tuoi" in left) and _AGED_WORKER.search(left):
        return words.HOME
    english = mention.hit.field.mode == ENGLISH
    if not (_SPEAKS_EN if english else _SPEAKS).match(lower, end):
        return ""
    sentence = _SENTENCE_ENDS.split(left)[-1]
    if not (_SPEAKER_EN.search(sentence) if english else len(sentence) > _SHORTEST):
        return ""
    local = _OF_THE_PLACE.search(sentence)
    return "" if local and not _OF_A_FIRM.search(sentence) else words.HOME
