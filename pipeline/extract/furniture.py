"""Which lines of a page are its furniture and which belong to a picture, by words, links and place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.lines import HEADINGS, Line


def _any_of(phrases: str) -> str:
    """A regular expression for any of the phrases, one a line."""
    return "|".join(phrase.strip() for phrase in phrases.strip().splitlines())


# Headings of lists of other articles.
_RELATED_WORDS = _any_of(
    r"""
    (?:quý |bạn |độc giả )?(?:đọc|xem) (?:thêm|tiếp|nhiều|ngay|tất cả|lại)
    (?:các |những )?(?:tin|bài|video|ảnh|clip)(?:[, /]+bài)?(?: viết| báo| tức| bài)? (?:liên quan|khác)
    (?:các |những )?(?:tin|bài|video)(?: viết| tức)? cùng (?:chủ đề|chuyên mục|tác giả|mục)
    những tin (?:mới|cũ) hơn
    (?:tin|bài) (?:mới|cũ) hơn
    (?:nội dung|chủ đề) liên quan
    có thể (?:bạn )?(?:quan tâm|chưa biết)
    bạn có thể quan tâm
    tham khảo thêm
    tin cùng (?:chuyên )?mục
    cùng (?:chuyên mục|chủ đề|sự kiện)
    (?:theo )?dòng sự kiện
    bài (?:đọc tiếp|viết cùng)
    tin mới(?: nhất)?
    tin (?:nổi bật|đọc nhiều|đáng đọc|tài trợ)
    đọc nhiều nhất
    (?:tin|bài|video) được xem nhiều
    gợi ý (?:dành )?cho bạn
    đừng bỏ lỡ
    đón đọc
    mời (?:quý )?(?:bạn|độc|khán|quý)(?: (?:giả|đọc|vị|cùng|hãy|nhấn|bấm))* (?:xem|đọc|đón)(?: thêm| tiếp)?
    từ khóa
    tags?\b
    chủ đề
    thẻ
    related (?:news|stories|articles|posts|topics|content|links?)
    related$
    read (?:more|also|next)
    see (?:also|more)
    also read
    recommended(?: for you| articles)?
    don.t miss
    more (?:from|on this|stories|news)
    you (?:may|might) also
    most read
    trending(?: now)?
    """
)
_RELATED = re.compile(rf"^[^\w]*(?:{_RELATED_WORDS})\s*[:.…>»]*", re.IGNORECASE)
# Whole lines: buttons, boxes of comments and newsletters, players, signs of the house.
_FURNITURE_LINES = _any_of(
    r"""
    chia sẻ(?: (?:bài viết|lên|qua|trên).{0,30})?
    bình luận(?: ?\(?\d*\)?)?
    ý kiến(?: của bạn| bạn đọc| \(\d+\))?
    (?:in|lưu) bài(?: viết)?
    (?:đã )?sao chép(?: liên kết| link)?
    copy link
    link bài gốc
    lấy link!?
    quảng cáo
    tin tài trợ
    advertisement
    sponsored(?: content)?
    theo dõi .{0,80}(?:google news|facebook|zalo|trên|youtube|tiktok)(?: .{0,40})?
    follow .{0,60}(?:google news|facebook|twitter|telegram)(?: .{0,40})?
    facebook|twitter|zalo|linkedin|pinterest|email|print|share
    (?:share this|subscribe|sign up).{0,60}
    trở lại|quay lại|về trang chủ
    (?:nghe|phát) (?:đọc )?(?:bài|audio|tin)(?: viết)?
    giọng (?:nam|nữ|đọc).{0,20}
    \(?(?:[\w ]{0,30}\s)?tổng hợp\)?
    click (?:vào )?đây.{0,40}
    (?:nhấn|bấm|nhấp|click) (?:vào )?(?:đây|nút).{0,90}
    tại trang vừa mở.{0,90}
    xem các bài viết của tác giả
    trình duyệt.{0,40}không hỗ trợ.{0,40}
    your browser.{0,60}
    video player is loading.{0,20}
    this is a modal window.{0,10}
    (?:current time|duration|remaining time|stream type|playback rate|tốc độ)\b[\s\d:.x/-]{0,20}
    (?:play|pause|mute|unmute|fullscreen|loaded|chapters|descriptions off|captions off)(?: video)?
    \d{1,2}:\d{2} ?/ ?\d{1,2}:\d{2}
    đang tải.{0,20}
    loading.{0,5}
    (?:thích|like)(?: \d+)?
    \+?\s*aa?\s*-?
    0
    cỡ chữ.{0,20}|mặc định
    tặng sao.{0,40}
    (?:hãy là|(?:hãy )?trở thành) người đầu tiên.{0,60}
    (?:hiện )?chưa có bình luận.{0,90}
    vui lòng (?:đăng nhập|nhập).{0,80}
    đăng nhập (?:để|bằng|hoặc).{0,60}
    nhập (?:nội dung|thông tin|email|họ tên|mã)\b.{0,40}
    tối đa: \d+ ký tự
    đăng ký (?:nhận|theo dõi|kênh).{0,90}
    .{0,30}\bnewsletters?\b.{0,40}
    tải ứng dụng.{0,60}
    mời (?:quý |các )?(?:bạn|độc|khán|quý).{0,60}(?:theo dõi|đăng ký|tham gia|gửi|tải).{0,90}
    (?:ảnh|hình|video|clip) (?:minh họa|minh hoạ|tư liệu|cắt từ clip|chụp màn hình)
    ảnh (?:có )?(?:tính )?minh họa
    (?:®|©|bản quyền thuộc|ghi rõ nguồn).{0,80}
    (?:đường dây nóng|hotline)\s*[:.].{0,60}
    all rights reserved.{0,40}
    """
)
# A button that sends what readers write to the paper. A sentence goes on after these words or has others.
_SENDING = (
    r"(?:(?:hãy|mời|vui lòng) )?gửi (?:bình luận|ý kiến|câu hỏi|bài viết|thông tin)"
    r"(?: của (?:bạn|bạn đọc|độc giả|quý vị|quý độc giả))?"
    r"(?: (?:cho|về|đến|tới) (?:chúng tôi|(?:tòa|toà) soạn|ban biên tập|chuyên (?:gia|mục)|luật sư|bác sĩ|"
    r"chương trình(?: này)?|bài viết(?: này)?|"
    r"(?:báo|tạp chí)(?-i:(?: [A-ZĐ]\w*){0,4})))?"
)
_FURNITURE = re.compile(rf"^[^\w®©]*(?:{_FURNITURE_LINES}|{_SENDING})[\s:.…!>»|]*$", re.IGNORECASE)
_HASHTAGS = re.compile(r"^(?:#[\w.-]+[\s,;]*)+$")
_CAPTION_MARK = re.compile(
    r"^[(\[]?\s*(?:ảnh|video|clip|đồ họa|infographic|photo|illustration|nguồn ảnh|photo courtesy)(?: "
    r"minh họa| tư liệu)?\s*[:/].{0,80}$",
    re.IGNORECASE,
)


# What a paper asks of its reader about itself. News of such things speaks of others, of their users, or tells
# who said it.
_PAGE = r"(?:trang|báo|website|site)(?: web| tin| báo| điện tử)?"
_OURS = rf"(?:(?:{_PAGE} )?(?:của )?chúng tôi|{_PAGE} này)"
_PARTNERS = r"(?: và (?:các |những )?đối tác(?: của (?:chúng tôi|mình))?)?"
_READER = r"(?:bạn(?: đọc)?|quý (?:vị|khách|độc giả|bạn đọc)|độc giả)"
_TERMS = r"(?:cookies?|chính sách (?:cookie|bảo mật|(?:quyền )?riêng tư)|điều khoản (?:sử dụng|dịch vụ))"
_CONSENT = re.compile(
    rf"^{_OURS}{_PARTNERS} (?:có (?:thể )?|đang |sẽ )?(?:sử dụng|dùng|lưu trữ)\b.{{0,80}}?\bcookies?\b"
    r"|^(?:we|(?:this|our) (?:web)?site)(?: and our (?:\d+ )?partners)?(?: may)? "
    r"(?:uses?|stores?\b.{0,20}? information)\b.{0,80}?\bcookies?\b"
    rf"|\b{_READER}(?: \w+){{0,4}} (?:đồng ý|chấp nhận)\b"
    rf"(?:.{{0,80}}?\b{_TERMS}\b.{{0,60}}?\b{_OURS}|.{{0,40}}?\b{_OURS}\b.{{0,60}}?\bcookies?\b)"
    r"|\byou(?: \w+){0,2} (?:agree|consent|accept)\b.{0,60}?\bour\b.{0,60}?"
    r"\b(?:cookies?|privacy policy|terms of (?:use|service))\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:nói|cho (?:biết|hay)|khẳng định|giải thích|trả lời|(?<!bài )viết|said|says|told|wrote)\b"
)
_CONSENT_SIGNS = ("cookie", "đồng ý", "chấp nhận", "you ")
_NOTICE = 600  # characters of a paragraph that asks for consent


def asks_consent(text: str) -> bool:
    """Whether a paragraph asks the reader to agree to cookies or to the terms of the page."""
    if len(text) > _NOTICE or text.startswith(("“", '"', "'", "‘")):
        return False
    lower = text.lower()
    if not any(sign in lower for sign in _CONSENT_SIGNS):
        return False
    return _CONSENT.search(text) is not None and _SAID.search(lower) is None


def without_furniture(lines: Sequence[Line]) -> tuple[list[Line], list[str]]:
    """The lines that belong to the article, and the texts of those that do not: headings of related links
    with the links below them, lines that are only a link, hashtags, buttons."""
    kept: list[Line] = []
    dropped: list[str] = []
    in_related = False
    for line in lines:
        heading = _related_heading(line)
        if heading:
            in_related = True
        elif not line.is_link and not _looks_like_link_item(line, in_related):
            in_related = False
        if heading or in_related or _is_furniture(line):
            dropped.append(line.text)
        else:
            kept.append(line)
    return kept, dropped


def _related_heading(line: Line) -> bool:
    text = line.text
    if len(text) > 200 or not (line.linked or len(text) <= 60 or any(sign in text[:60] for sign in ":»>")):
        return False
    match = _RELATED.match(text)
    if not match:
        return False
    rest = line.text[match.end() :].strip()
    return (
        not rest
        or line.is_link
        or (line.linked >= 0.6 * len(rest) > 0)
        or match.group().rstrip()[-1:] in ":»>"
    )


def _looks_like_link_item(line: Line, in_related: bool) -> bool:
    """Within a list of related links an item may have lost its link: short, no full stop, a bullet."""
    return (
        in_related
        and line.text.startswith(("- ", "• ", "+ ", "* ", "> ", ">> "))
        and line.text[-1:] not in '.!?”"'
    )


def _is_furniture(line: Line) -> bool:
    text = line.text
    if len(text) < _SIGNS and not any(map(str.isalnum, text)):
        return True
    short = len(text) < _INVITATION and (len(text) < _BUTTON or "mời" in text[:20].lower())
    if (short and _FURNITURE.match(text)) or (text[0] == "#" and _HASHTAGS.match(text)):
        return True
    if text.startswith((">>", "»", "&gt;")) and line.linked > 0.5 * len(text):
        return True
    if asks_consent(text):
        return True
    return (
        line.is_link
        and len(text.split()) >= 4
        and line.tag not in {"tr", "blockquote"}
        and text[-1:] not in ".:;"
    )


_BUTTON = 130  # characters: furniture is shorter, but for invitations to a channel
_INVITATION = 200
_SIGNS = 10  # characters: a line of so many may hold no letter (`***`, `..>>`)
_CREDITED = re.compile(
    r"(?:^|[\s.(–—/|-])(?:ảnh|nguồn ảnh|đồ họa|photo|video|clip|infographic)"
    r"(?: (?:minh họa|tư liệu|by|courtesy of))?\s*[:/]\s*[^.:!?]{2,60}[).]?\s*$",
    re.IGNORECASE,
)  # fmt: skip
_BYLINE = re.compile(
    r"^(?:tin|bài|tin bài|story|text)\s*(?:,|và|-|–|/|&|and)\s*(?:ảnh|clip|video|photos?)\s*:", re.IGNORECASE
)
_CAPTION_WORDS = 60
_LOOSE_CAPTION_WORDS = 40


def is_byline(text: str) -> bool:
    """Whether a text says who wrote and who photographed: `Bài, ảnh: Minh An`."""
    return _BYLINE.match(text) is not None


def is_caption(line: Line) -> bool:
    """Whether a line is about a picture: no more than its credit (`Ảnh: Minh An`); a line that ends in one;
    or the slanted or centred line right below a picture."""
    text = line.text
    if not (line.pictured or ":" in text or "/" in text):
        return False
    if len(text) < 130 and _CAPTION_MARK.match(text):
        return True
    if is_byline(text):
        return False
    words = text.count(" ") + 1
    if words > _CAPTION_WORDS or line.tag in {"li", "tr", "blockquote"}:
        return False
    if (line.pictured or words <= _LOOSE_CAPTION_WORDS) and _CREDITED.search(text):
        return True
    if not line.pictured or line.tag in HEADINGS:
        return False
    slanted = line.slanted >= 0.9 * len(text)
    return slanted or (line.centered and not line.is_stressed)
