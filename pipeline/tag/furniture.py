"""The parts of a text that are not its story: dateline, byline, source line, lists of related articles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.tag.matching import FieldText
from pipeline.vietnamese import UPPER, place_tones

_DATELINE = re.compile(
    r"^\s*(?:\((?P<agency0>[^()\n]{2,30})\)\s*[-:]?\s*)?"
    r"(?P<place>[^\W\d_][\w.'\- ]{1,38}?)"
    r"(?P<date>,\s*(?:ngày\s+|on\s+)?[\w./ ]{3,18}?(?:,\s\d{4})?)?\s*"
    r"(?P<agency>\((?:[^()\n]{2,40})\))?\s*[-:](?P<dash>[- ])"
)
_BRACKETED = re.compile(
    r"^\s*\((?:ttxvn|vna|vns)?[/, ]{0,2}[^\W\d_][\w.' ]{1,30}?(?:\)\s?[-:] |(?:,| -) ?(?:ngày |ngay |on )?"
    r"(?:\d{1,2}[\d/. -]*|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d{1,2}(?:, \d{4})?)\)"
    r"\s*[-:]?\s*)"
)
"""`(Hà Nội, ngày 6/10) – `, `(Đà Nẵng) - `: the place in brackets, maybe with the day."""
_MARKER = re.compile(
    place_tones(
        r"^\W*(?:tin liên quan|tin tức liên quan|bài liên quan|xem thêm|đọc thêm|"
        r"có thể bạn quan tâm|(?:tin |bài )?cùng (?:chuyên mục|chủ đề|tác giả)\s*(?:[:(]|$)|"
        r"tin khác|tin mới|mời (?:bạn )?(?:đọc|xem)|đọc tiếp|từ khóa|từ khoá|tags?\b|nguồn:|"
        r"theo dõi (?:chúng tôi|báo|kênh|trang|fanpage|bản tin|chúng mình|[^\n]{0,40} trên "
        r"(?:google|facebook|zalo|youtube|tiktok))|"
        r"related(?: news| stories| articles| links| topics)?\s*(?::|$)|read more|see also|more from|"
        r"you may also|also read|most read|"
        r"source:|photo:|ảnh:|(?:bình luận|comments?)\s*(?:[:(\d]|$)|tin lien quan|xem them|doc them|>>|»)"
    )
)
_HEADING = re.compile(
    place_tones(
        r"^\W*(?:tin|bài|cùng|related|xem thêm|đọc thêm|có thể|read more|see also|more|also|mời|most|"
        r"you may|doc them|xem them)"
    )
)
_IMPRINT = re.compile(
    place_tones(
        r"(?:đài (?:phát thanh|pt)[^.\n]{2,50}?|báo (?!cáo)[^.,\n]{2,30}?),? (?:là )?"
        r"(?:đơn vị sự nghiệp|cơ quan (?:của|ngôn luận)|tiếng nói của)[^\n]*"
    )
)
"""What a paper or station says of itself below its texts: `Báo ..., cơ quan ngôn luận của ...`."""
_CREDIT = re.compile(
    place_tones(
        r"(?:^|[.!?”\"\n] ?)(?:bài và ảnh|bài, ảnh|tin, ảnh|tin và ảnh|ảnh|bài|tin|thực hiện|nguồn|bai va "
        r"anh|tin, anh|"
        r"photos?|text and photos|story and photos|source|by)\s?: [^.:\n]{2,40}\.?\s*$"
    )
)
"""Who wrote or photographed, at the end of the last line."""
_CONTACT = re.compile(
    place_tones(
        r"^\W*(?:(?:quý )?(?:độc giả|bạn đọc|nhà hảo tâm)|"
        r"mọi (?:sự |ý kiến )?(?:đóng góp|ủng hộ|giúp đỡ|chia sẻ)|"
        r"doc gia|ban doc|readers|donations|contributions)\b[^\n]{0,90}"
        r"\b(?:gửi về|liên hệ|qua tài khoản|tòa soạn|gui ve|lien he|toa soan|(?:can|may|should) be sent to|"
        r"contact|care of)\b"
    )
)
"""Where readers may send gifts or word, in the last lines."""
_ADDRESS = re.compile(
    place_tones(
        r"\b(?:(?:địa chỉ|đ/c|dia chi|trụ sở(?: chính| công ty)?|showroom|address|"
        r"head office)\s?:(?:(?!(?<!\btp)(?<! [qph])\. )[^\n]){0,160}|"
        r"(?:theo|về|ve) (?:địa chỉ(?! đỏ)|dia chi(?! do)) [^\n.;]{0,100})"
    )
)
"""Where a firm, clinic or shop is to be found."""
_PLACE = rf"\s(?P<place>[{UPPER}]{{2,}}(?:[ .][{UPPER}]{{2,}}){{0,3}})(?:\s*\([^()\n]{{2,40}}\))?"
_AFTER_CAPTION = (
    re.compile(r"(?:[Pp]hoto|PHOTO)[^\n]{0,60}?" + _PLACE + rf"(?:\s*[-–—]+\s|\s+(?=[{UPPER}][a-zà-ỹ]))"),
    re.compile(r"(?:(?:Ảnh|VNS|VNA|TTXVN)[^\n]{0,60}?|(?=\n))" + _PLACE + r"\s*[–—]+\s"),
)
"""A dateline behind the caption of a photograph: `... VNA/VNS Photo HÀ NỘI — The ...`."""
_CAPTION_SIGNS = ("—", "–", "hoto", "PHOTO")
_ENDED = (".", "!", "?", "…", '"', "”", ")")


@dataclass(frozen=True, slots=True)
class Furniture:
    """`dateline` is where the text proper starts, `opening` the length of its first sentence from there,
    `skipped` the stretches that are no part of the story. `caption` is the length of a photograph's caption
    before the dateline."""

    dateline: int
    opening: int
    skipped: tuple[tuple[int, int], ...]
    caption: int = 0
    addresses: tuple[tuple[int, int], ...] = ()
    """Where a firm or shop says where it is to be found."""

    def is_address(self, place: int) -> bool:
        """Whether a place lies in such an address."""
        return bool(self.addresses) and any(start <= place < end for start, end in self.addresses)

    def skips(self, place: int) -> bool:
        """Whether a place lies in a stretch that is no part of the story."""
        return bool(self.skipped) and any(start <= place < end for start, end in self.skipped)


def find_furniture(field: FieldText) -> Furniture:
    """What to set aside in a lead or body."""
    lower = field.lower
    start, caption = _dateline_end(field), 0
    if not start and not field.caseless and any(sign in field.text[:900] for sign in _CAPTION_SIGNS):
        matches = (pattern.search(field.text, 0, 900) for pattern in _AFTER_CAPTION)
        found = next(filter(None, matches), None)
        if found:
            caption, start = found.start("place"), found.end()
    stop = _first_sentence(field.text, start)
    addresses = (
        tuple(found.span() for found in _ADDRESS.finditer(lower)) if _may_tell_an_address(lower) else ()
    )
    return Furniture(start, stop - start, tuple(_skipped(field)), caption, addresses)


def _may_tell_an_address(lower: str) -> bool:
    """Whether one of the words stands in it without which `_ADDRESS` finds nothing."""
    vietnamese = "địa chỉ" in lower or "đ/c" in lower or "trụ sở" in lower or "dia chi" in lower
    return vietnamese or "address" in lower or "showroom" in lower or "head office" in lower


def _dateline_end(field: FieldText) -> int:
    """The end of `HÀ NỘI (TTXVN) –` or `HO CHI MINH CITY —` at the start; 0 without one. A place in small
    letters needs an agency beside it, for `Hà Nội - Hải Phòng` is a road."""
    head = field.lower[:110]
    bracketed = _BRACKETED.match(head) if head.lstrip()[:1] == "(" else None
    if bracketed:
        return bracketed.end()
    if "(" not in head[:70] and not field.text.lstrip()[:2].isupper():
        return 0
    found = _DATELINE.match(head)
    if found is None or found["dash"] not in " -":
        return 0
    place = field.text[found.start("place") : found.end("place")]
    spaced = (
        head[found.end() - 2 : found.end() - 1] in "-:" and head[found.end() - 3 : found.end() - 2] in " )"
    )
    if found["agency"] or (found["agency0"] and len(place.split()) < 5):
        return found.end()
    return found.end() if place.replace(".", "").isupper() and spaced and len(place.split()) < 6 else 0


def _first_sentence(text: str, start: int) -> int:
    """Where the first sentence ends: at least 60 and at most 350 characters on."""
    position = start + 60
    while True:
        found = text.find(". ", position)
        line = text.find("\n", position)
        ends = [end for end in (found, line) if end >= 0]
        if not ends or min(ends) > start + 350:
            return min(len(text), start + 350)
        end = min(ends)
        if text[max(0, end - 2) : end].lower() not in ("tp", "st", "mr", "dr"):
            return end + 1
        position = end + 1


_OFFICES = tuple(map(place_tones, ("đơn vị sự nghiệp", "cơ quan của", "cơ quan ngôn luận", "tiếng nói của")))


def _skipped(field: FieldText) -> list[tuple[int, int]]:
    imprint = _IMPRINT.search(field.lower) if any(word in field.lower for word in _OFFICES) else None
    skipped = [imprint.span()] if imprint else []
    credit = _CREDIT.search(field.lower, max(0, len(field.lower) - 80)) if ":" in field.lower[-60:] else None
    if credit:
        skipped.append((credit.start(), len(field.lower)))
    if "\n" not in field.lower:
        return skipped
    position, in_list = 0, False
    lines = field.lower.split("\n")
    last = max((i for i, line in enumerate(lines) if line.strip()), default=0)
    for number, line in enumerate(lines):
        end = position + len(line) + 1
        stripped = line.strip()
        if _MARKER.match(line):
            skipped.append((position, end))
            in_list = bool(_HEADING.match(stripped)) and len(stripped) < 50
        elif in_list and stripped and len(stripped) < 160 and not stripped.endswith((".", "…")):
            skipped.append((position, end))
        elif stripped:
            in_list = False
            if number > 0 and number >= last - 2 and _CONTACT.match(line):
                skipped.append((position, end))
            if number == last and number > 0 and len(stripped) < 60 and not stripped.endswith(_ENDED):
                skipped.append((position, end))
        position = end
    return skipped
