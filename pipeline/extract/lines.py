"""The lines of an article: blocks of a subtree in reading order, and which of them are furniture."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from pipeline.extract.page import needs_cleaning, one_line
from pipeline.vietnamese import fold

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 "
    "h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_SKIPPED = frozenset(
    "script style noscript template iframe svg button select head title input textarea".split()
)
_STRESS = frozenset("strong b em i".split())
_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
_TELLING = _HEADINGS | {"li", "blockquote", "tr"}
_CELLS = frozenset({"td", "th"})
_PARAGRAPHS = frozenset({"p", "div"})
_RIGHT = re.compile(r"text-align:\s*right|\balign-?right\b|\btext-right\b", re.IGNORECASE)


@dataclass(slots=True)
class Line:
    """One line of a subtree: its text, the tag of its block, how many of its characters are in links and in
    stressed words, and whether it is set to the right, as bylines are."""

    text: str
    tag: str
    linked: int = 0
    stressed: int = 0
    right: bool = False

    @property
    def is_link(self) -> bool:
        """Whether (almost) all of it is a link."""
        return self.linked >= 0.9 * max(len(self.text), 1)

    @property
    def is_stressed(self) -> bool:
        """Whether (almost) all of it is bold or italic, or a heading."""
        return self.tag in _HEADINGS or self.stressed >= 0.9 * max(len(self.text), 1)


@dataclass(slots=True)
class _Reader:
    """Collects inline text into the current line and closes it at every border of a block. `tidy` makes the
    text of a line; `blocks` holds the open blocks and whether each is set to the right."""

    tidy: Callable[[str], str]
    lines: list[Line] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    stressed: int = 0
    blocks: list[tuple[str, bool]] = field(default_factory=lambda: [("div", False)])
    links: int = 0
    stress: int = 0

    def close(self) -> None:
        if self.parts:
            if text := self.tidy("".join(self.parts)):
                tag = next((t for t, _ in reversed(self.blocks) if t in _TELLING), self.blocks[-1][0])
                right = any(right for _, right in self.blocks)
                self.lines.append(Line(text, tag, self.linked, self.stressed, right))
            self.parts = []
        self.linked = self.stressed = 0

    def add(self, text: str) -> None:
        self.parts.append(text)
        if self.links or self.stress:
            size = len(" ".join(text.split()))
            self.linked += size if self.links else 0
            self.stressed += size if self.stress else 0

    def enter(self, node: LexborNode, tag: str) -> None:
        if tag in _BLOCKS:
            if tag in _CELLS:
                if one_line("".join(self.parts)):
                    self.parts.append(" | ")
            elif tag in _PARAGRAPHS and self.blocks[-1][0] in _CELLS:
                if self.parts:
                    self.parts.append(" ")
            else:
                self.close()
            self.blocks.append((tag, _is_right(node)))
        elif tag == "br":
            self.close()
        elif tag == "a":
            self.links += 1
        elif tag in _STRESS:
            self.stress += 1

    def leave(self, tag: str) -> None:
        if tag in _BLOCKS:
            if tag not in _CELLS and not (tag in _PARAGRAPHS and any(t == "tr" for t, _ in self.blocks[-3:])):
                self.close()
            self.blocks.pop()
        elif tag == "a":
            self.links -= 1
        elif tag in _STRESS:
            self.stress -= 1


def _tidier(text: str) -> Callable[[str], str]:
    """The cheapest way to tidy the lines of a subtree with this text: looked at once, not line by line."""
    flat = " ".join(text.split())
    if needs_cleaning(flat):
        return _tidied
    return _spaced_flat if any(gap in flat for gap in _GAPS) else _flat


def _flat(text: str) -> str:
    return " ".join(text.split())


def _spaced_flat(text: str) -> str:
    return _spaced(" ".join(text.split()))


def _tidied(text: str) -> str:
    return _spaced(one_line(text))


def _spaced(text: str) -> str:
    """The text without the spaces that markup leaves inside quotation marks and before commas and stops."""
    return _SPACE_AFTER.sub(r"\1", _SPACE_BEFORE.sub(r"\1", text))


_GAPS = tuple(" ”| ’| )| ]| ,| .| ;| !| ?|“ |‘ |( |[ ".split("|"))
_SPACE_BEFORE = re.compile(r" ([”’)\]]|[,.;!?](?=\s|$))")
_SPACE_AFTER = re.compile(r"([“‘(\[]) ")


def _is_right(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    said = f"{attributes.get('style') or ''} {attributes.get('class') or ''} {attributes.get('align') or ''}"
    return "right" in said.lower() and bool(_RIGHT.search(said))


def read_lines(root: LexborNode, skip: Container[int] = ()) -> list[Line]:
    """The lines of a subtree in reading order; list items begin with `- `, cells are parted by `|`. Nodes
    whose `mem_id` is in `skip` are left out."""
    reader = _Reader(_tidier(root.text()))
    stack: list[tuple[LexborNode | None, str]] = [(root, "")]
    while stack:
        node, tag = stack.pop()
        if node is None:
            reader.leave(tag)
            continue
        tag = node.tag or ""
        if tag == "-text":
            reader.add(node.text_content or "")
        elif tag[:1] not in "-_!" and tag not in _SKIPPED and node.mem_id not in skip:
            reader.enter(node, tag)
            stack.append((None, tag))
            stack.extend([(child, "") for child in node.iter(include_text=True)][::-1])
    reader.close()
    return [_marked(line) for line in reader.lines]


def _marked(line: Line) -> Line:
    if line.tag == "li" and not line.text.startswith(("- ", "– ", "• ")):
        line.text = f"- {line.text}"
    return line


_RELATED = re.compile(
    r"^[^\w]*(?:đọc (?:thêm|tiếp|nhiều|ngay)|xem (?:thêm|tiếp|ngay|tất cả)|(?:các )?(?:tin|bài)(?: viết| "
    r"báo| tức| bài)? liên quan|"
    r"nội dung liên quan|chủ đề liên quan|có thể bạn quan tâm|tham khảo thêm|tin cùng (?:chuyên )?mục|"
    r"cùng chuyên mục|"
    r"bài (?:đọc tiếp|viết cùng)|tin mới(?: nhất)?|tin nổi bật|tin khác|tin đọc nhiều|đừng bỏ lỡ|mời "
    r"(?:quý )?(?:bạn|độc) ?(?:giả|đọc)? ?(?:xem|đọc|đón)|"
    r"từ khóa|tags?\b|chủ đề|thẻ|related (?:news|stories|articles|posts|topics|content)|related$|read "
    r"(?:more|also|next)|see (?:also|more)|also read|"
    r"more (?:from|on this|stories)|you may also|most read|recommended)\s*[:.…>»]*",
    re.IGNORECASE,
)  # fmt: skip
_FURNITURE = re.compile(
    r"^[^\w]*(?:chia sẻ(?: bài viết)?|bình luận|gửi bình luận|ý kiến|in bài(?: viết)?|lưu bài(?: viết)?|"
    r"sao chép liên kết|copy link|link bài gốc|lấy link!?|"
    r"quảng cáo|advertisement|sponsored|theo dõi .{0,60}(?:google news|facebook|zalo|trên)|follow "
    r".{0,60}(?:google news|facebook|twitter)|"
    r"facebook|twitter|zalo|email|print|share|share this.{0,30}|subscribe.{0,60}|sign up.{0,60}|trở lại|"
    r"về trang chủ|nghe đọc bài|"
    r"\(?(?:[\w ]{0,30}\s)?tổng hợp\)?|click (?:vào )?đây.{0,40}|xem các bài viết của tác giả|trình "
    r"duyệt.{0,40}không hỗ trợ.{0,40}|your browser.{0,60}|đang tải.{0,20}|loading.{0,5}|"
    r"thích|like|\+?\s*aa?\s*-?|0|cỡ chữ.{0,20})[\s:.…!>»|]*$",
    re.IGNORECASE,
)  # fmt: skip
_HASHTAGS = re.compile(r"^(?:#[\w.-]+[\s,;]*)+$")
_CAPTION_MARK = re.compile(
    r"^[(\[]?\s*(?:ảnh|video|clip|đồ họa|infographic|photo|illustration|nguồn ảnh|photo courtesy)(?: "
    r"minh họa| tư liệu)?\s*[:/].{0,80}$",
    re.IGNORECASE,
)


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
    match = _RELATED.match(line.text) if len(line.text) <= 200 else None
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
    if (len(text) < 200 and _FURNITURE.match(text)) or (text[0] == "#" and _HASHTAGS.match(text)):
        return True
    if text.startswith((">>", "»", "&gt;")) and line.linked > 0.5 * len(text):
        return True
    return (
        line.is_link
        and len(text.split()) >= 4
        and line.tag not in {"tr", "blockquote"}
        and text[-1:] not in ".:;"
    )


def is_caption(text: str) -> bool:
    """Whether a line is no more than the credit of a picture: `Ảnh: Minh An`."""
    return len(text) < 130 and bool(_CAPTION_MARK.match(text))


def key(text: str) -> str:
    """What two spellings of one line have in common: letters and digits, folded."""
    return _BETWEEN.sub("", fold(text))


_BETWEEN = re.compile(r"[\W_]+")


def join(lines: Iterable[Line]) -> str:
    """The lines as text."""
    return "\n".join(line.text for line in lines)
