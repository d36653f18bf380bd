"""Whom an article credits for its text, and the words that say so.

One vocabulary for all forms: `ttxvn` for TTXVN, VNA, Vietnam+ and VietnamPlus; `vov`; `chinhphu`; otherwise
the slug of the paper that is named ("Theo Báo Hưng Yên" is `baohungyen`).

Forms, in the order in which they are believed: a credit line at the end ("(TTXVN/Vietnam+)", "Theo TTXVN",
"Nguồn: VOV", "— VNA/VNS"), the same closing the last sentence, the agency of a dateline ("Hanoi (VNA) –"),
a sentence that opens with it ("According to VOV, …").
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.vietnamese import clean, fold

WIRES = frozenset({"ttxvn", "vov", "chinhphu"})
"""Credits that count on their owner's copy too: a wire marks what it sends out, a paper what it keeps."""


@dataclass(frozen=True, slots=True)
class Credit:
    """`code` is the normalised credit, `text` the words that say so, `start` and `end` their place in the
    text that was read. `furniture` tells that they stand apart from the prose and can be cut."""

    code: str
    text: str
    start: int
    end: int
    furniture: bool

    def counts_for(self, outlet: str, own: Container[str] = ()) -> bool:
        """Whether it credits anybody on a page of `outlet`, whose names have the codes `own`: its own mark
        on its own copy does not, unless it is a wire's."""
        return self.code in WIRES or not (self.code in _slugs(outlet) or self.code in own)


# Folded names and marks → code. Names of papers stand without the word "báo".
_NAMES: dict[str, str] = {}
for _code, _names in {
    "ttxvn": "ttxvn|vna|vietnam+|vietnamplus|vietnamplus.vn|ttx|thong tan xa viet nam|vietnam news agency|"
    "viet nam news agency|bnews|bnews/ttxvn|baotintuc/ttxvn|vnanet|vnanet.vn",
    "vov": "vov|vov.vn|vov5|vovworld|vov world|vov online|vov1|vov2|dai tieng noi viet nam|voice of vietnam|"
    "the voice of vietnam|radio the voice of vietnam|bao dien tu vov",
    "chinhphu": "chinh phu|chinhphu.vn|baochinhphu.vn|dien tu chinh phu|cong thong tin dien tu chinh phu|vgp|"
    "vgp news|government portal|government news|en.baochinhphu.vn|xaydungchinhsach.chinhphu.vn",
    "vietnamnews": "vns|viet nam news|vietnam news",
    "baotintuc": "tin tuc|tin tuc va dan toc",
    "tuoitre": "tuoi tre|tto|tuoi tre online|tuoi tre news",
    "thanhnien": "thanh nien",
    "nld": "nguoi lao dong|nldo|nld",
    "laodong": "lao dong",
    "nhandan": "nhan dan|nhan dan dien tu|ndo",
    "qdnd": "quan doi nhan dan|qdnd",
    "cand": "cong an nhan dan|cand",
    "hanoimoi": "ha noi moi|hanoimoi",
    "sggp": "sai gon giai phong|sggp",
    "tienphong": "tien phong|tpo",
    "plo": "phap luat tp.hcm|phap luat tphcm|phap luat thanh pho ho chi minh|plo",
    "dantri": "dan tri",
    "vietnamnet": "vietnamnet|vnn",
    "vnexpress": "vnexpress",
    "daibieunhandan": "dai bieu nhan dan",
    "congthuong": "cong thuong",
    "baodautu": "dau tu",
    "vir": "vir|vietnam investment review",
    "vccinews": "vcci|vccinews|vietnam business forum|vbf",
    "baoxaydung": "xay dung",
    "vtv": "vtv|vtv news|vtv.vn",
    "vtcnews": "vtc|vtc news",
    "suckhoedoisong": "suc khoe & doi song|suc khoe doi song|skds",
}.items():
    _NAMES |= dict.fromkeys(_names.split("|"), _code)
_AGENCIES = frozenset(
    "reuters afp ap bloomberg xinhua kyodo yonhap tass sputnik bbc cnn cnbc guardian rt dpa efe nhk".split()
)
_NAMES |= {name: name for name in _AGENCIES} | {
    "tan hoa xa": "xinhua",
    "thx": "xinhua",
    "the guardian": "guardian",
}

_PAPER = re.compile(r"(?:Báo|BÁO|Bao|báo)\s+(?:[A-ZĐÀ-Ỹ][\w.-]*\s?)+$")
_LETTER = r"[^\W\d_]"
_NAME = rf"{_LETTER}[\w.+&'’-]*(?:\s+(?:[\w.+&'’-]+)){{0,6}}"
_MARKED = re.compile(
    r"^(?:theo|nguồn(?:\s+tin)?|source|according\s+to|credit|lược dịch theo|tổng hợp "
    r"từ)\s*:?\s+(?P<name>.+)$",
    re.IGNORECASE,
)
_END_PARENS = re.compile(r"[(\[](?P<inner>[^()\[\]\n]{2,80})[)\]]\s*\.?/?\.?\s*$")
_END_DASH = re.compile(r"[.!?…”\"/]\s*(?P<mark>[—–-]{1,2}\s*(?P<name>[A-Z][A-Z+/ ]{1,20}))\s*$")
_DATELINE_AGENCY = re.compile(r"^(?P<place>[^\n(]{0,60})\((?P<name>[^()\n]{2,40})\)\s*[—–-]{1,2}\s")
_BARE_MARK = re.compile(r"^(?P<name>[A-Z]{3,4})\s*[—–-]{1,2}\s")
_OPENING = re.compile(rf"(?:According to|Theo)\s+(?:phóng viên\s+)?(?P<name>{_NAME}?)\s*,")
_BYLINE_AGENCY = re.compile(rf"^(?P<who>{_NAME})\s*(?:/|-|–|,|\()\s*(?P<name>(?:[Tt]heo\s+)?[^()\n]+?)\)?$")
_TAIL_LINKS = re.compile(
    r"^(?:[-–•*+>]\s*)|^(?:tin|bài(?: viết)?|tin bài|nội dung) liên quan|^(?:đọc|xem) thêm|^related|"
    r"^read more|"
    r"^see also|^(?:ảnh|photo|video)\s*:|^#",
    re.IGNORECASE,
)
_WRAPPING = re.compile(r"^[(\[]\s*|\s*[)\]]\s*\.?$|^[—–-]+\s*")
_LINES_BACK = 8


def name_code(name: str, *, known: bool = True) -> str:
    """The code of an agency or paper by its name, empty if it is none.

    With `known` false any name of a "Theo …" or "Nguồn: …" line gets a slug.
    """
    folded = re.sub(r"\s+", " ", fold(name)).strip(" .:;–—-/()\"“”'")
    if not folded:
        return ""
    whole = re.sub(r"\s+", " ", clean(name)).strip(" .:;–—-/()\"“”'")
    for part in (whole, *re.split(r"\s*(?:/|,|;|&| - | – | và | and )\s*", whole)):
        if code := _one_name(part):
            return code
    slug = re.sub(r"[^a-z0-9]", "", folded)
    return "" if known or not 2 < len(slug) < 40 else slug


def _one_name(name: str) -> str:
    folded = fold(name)
    bare = re.sub(r"^(?:bao|dai|trang|thong tin tu|ban tin|the)\s+(?:dien tu\s+)?", "", folded)
    if code := _NAMES.get(folded) or _NAMES.get(bare) or _NAMES.get(re.sub(r"\.(?:com\.)?vn$", "", bare)):
        return code
    if _PAPER.match(name) and len(name.split()) <= 7:
        return re.sub(r"[^a-z0-9]", "", folded)  # a provincial paper: Báo Hưng Yên
    return ""


@lru_cache(maxsize=256)
def own_codes(papers: tuple[str, ...]) -> frozenset[str]:
    """The codes of a paper's own names."""
    return frozenset(filter(None, (name_code(paper) for paper in papers)))


def _slugs(outlet: str) -> set[str]:
    bare = outlet.removeprefix("en-").removesuffix("-en")
    return {outlet, bare, f"bao{bare}", bare.removeprefix("bao")}


def read_credit(text: str) -> Credit | None:
    """The credit of an article's text (lines separated by newlines), or None.

    Pure; the text may be the whole article, its last lines, or a dateline.
    """
    for start, line in _last_lines(text):
        credit = _whole_line(line, start) or _closing(line, start)
        if credit:
            return credit
    return _opening(text)


def _last_lines(text: str) -> Iterator[tuple[int, str]]:
    """The last non-empty lines with their offsets, last first, without tails of related links."""
    end, seen = len(text), 0
    while end > 0 and seen < _LINES_BACK:
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end]
        if stripped := line.strip():
            seen += 1
            if not _TAIL_LINKS.match(stripped) or read_line(stripped):
                yield start + len(line) - len(line.lstrip()), stripped
        end = start - 1


def read_line(line: str) -> str:
    """The code that a line credits when it is a credit line and nothing else, else empty."""
    if len(line) > 110:
        return ""
    inner = _WRAPPING.sub("", line.strip()).strip()
    if not inner or len(inner) > 90 or len(inner.split()) > 12:
        return ""
    if marked := _MARKED.match(inner):
        name = marked["name"]
        if len(name.split()) > 8 or re.search(r"[.,!?;]\s+\S", name):
            return _exact_names(name)
        return name_code(name, known=not name[:1].isupper())
    if code := _exact_names(inner):
        return code
    byline = _BYLINE_AGENCY.match(inner)
    if (
        byline
        and len(byline["who"].split()) <= 5
        and all(word[:1].isupper() for word in byline["who"].split())
    ):
        return _exact_names(re.sub(r"^theo\s+", "", byline["name"].strip(), flags=re.IGNORECASE))
    return ""


def _exact_names(inner: str) -> str:
    """The code of a run of names such as `TTXVN/Vietnam+` with no other word; the first that is known.
    A paper's name alone is a credit only with its capitals, as `tin tức` and `lao động` are words."""
    parts = [part.strip() for part in re.split(r"[/,;]|\s[-–]\s", inner) if part.strip()]
    codes = [_one_name(part) for part in parts]
    if (
        not parts
        or not all(codes)
        or not all(part[:1].isupper() or part[:1] == "e" or part.endswith(".vn") for part in parts)
    ):
        return ""
    return next((code for code in codes if code in WIRES), codes[0])


def _whole_line(line: str, start: int) -> Credit | None:
    code = read_line(line)
    return Credit(code, line, start, start + len(line), furniture=True) if code else None


def _closing(line: str, start: int) -> Credit | None:
    """A credit that closes a sentence: `… (TTXVN)`, `… — VNS`."""
    tail = max(len(line) - 100, 0)
    if (match := _END_PARENS.search(line, tail)) and (code := read_line(match["inner"])):
        return Credit(code, match.group().strip(), start + match.start(), start + len(line), furniture=True)
    tail = max(len(line) - 60, 0)
    if (match := _END_DASH.search(line, tail)) and (code := _exact_names(match["name"].strip())):
        return Credit(
            code, match["mark"].strip(), start + match.start("mark"), start + len(line), furniture=True
        )
    return None


def _opening(text: str) -> Credit | None:
    """The agency of a dateline, or of a sentence that opens a paragraph with it."""
    for pattern in (_DATELINE_AGENCY, _BARE_MARK):
        if (match := pattern.match(text)) and (code := _exact_names(match["name"].strip())):
            return Credit(code, match.group().strip(" -–—"), match.start(), match.end(), furniture=False)
    for match in filter(None, (_OPENING.match(text, at) for at in _openings(text))):
        name = match["name"]
        if name[:1].isupper() and (code := _exact_names(name) or name_code(name)):
            return Credit(code, match.group().rstrip(","), match.start(), match.end(), furniture=False)
    return None


def _openings(text: str) -> Iterator[int]:
    """Where lines begin that may open with a credit."""
    at = 0
    while True:
        if text.startswith(("Theo", "According to"), at):
            yield at
        at = text.find("\n", at) + 1
        if not at:
            return
