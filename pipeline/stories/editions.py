"""Which edition of what recurs a headline names: a round, a week, a part, an issue, a year. Pure."""

from __future__ import annotations

import re

from pipeline.vietnamese import clean, fold, place_tones


def _behind(word: str, *others: str) -> str:
    """A pattern of `word` where none of the others stands before it: `số` is no issue in `con số`."""
    return "".join(f"(?<!{other} )" for other in others) + word


# Words typed with tones, or English ones. `No` is a word of both languages unless a capital or a point tells.
_SORTED = "|".join((
    _behind("vòng", "trong"), _behind("số", *"con trong tổng trúng xổ tỷ tỉ chỉ dân doanh hệ".split()),
    _behind("kỳ|kì", "hoa", "định"), _behind("tuần", "một", "mỗi"), _behind("phần", "cổ"),
    "lượt", "kỳ họp thứ", "lần thứ", "khoá", "tập", "đợt", "mùa", "bảng", "ngày thi đấu thứ",
    "round", "matchday", "season", "part", "episode", "phase", "week", "issue", "day", "group",
))  # fmt: skip
# Of words without tones those that are no other word before a number: `ky 10` may be `ký 10` (to sign ten).
_SORTED_TONELESS = "|".join((
    _behind("vong", "trong", "tu", "hy", "hi"), "luot", "ky hop thu", "lan thu", "tap", "bao so",
    "ngay thi dau thu", "round", "matchday", "season", "part", "episode", "phase", "week", "issue", "group",
))  # fmt: skip
# What is counted is no edition: within 24 hours (trong vòng 24 giờ), a prize of 92 billion (số 92 tỷ).
_COUNTED = r"(?! ?%| (?:giây|phút|giờ|tỷ|tỉ|triệu|nghìn|ngàn|đồng|người|năm(?! \d))\b)"
_NUMBERED = (
    r"(?:(?:\. ?|[ -])?(?P<number>\d{1,4})"
    r"|(?:\. ?|[ -])(?=[IVXL]+\b)(?P<roman>(?:X[LC]|L?X{0,3})(?:I[XV]|V?I{0,3}))(?<=[IVXL]))"
    r"\b(?![.,/-]\d|-[^\W\d])"
)
_YEAR = r"\b(?P<year>20\d\d)\b"
_TURN = r"\b(?P<turn>(?i:first|second|return))[ -](?i:leg)\b"
_EDITION = re.compile(
    rf"\b(?P<sort>(?i:{_SORTED})|N[oO]|no(?=\.)){_NUMBERED}{_COUNTED}|{_YEAR}"
    rf"|\b(?i:lượt) (?P<leg>(?i:đi|về))\b|{_TURN}"
)
_EDITION_TONELESS = re.compile(
    rf"\b(?P<sort>(?i:{_SORTED_TONELESS})|[Nn]o(?=\.)){_NUMBERED}{fold(_COUNTED)}|{_YEAR}"
    rf"|\b(?i:luot) (?P<leg>(?i:di|ve))\b|{_TURN}"
)
# One word for the sorts that are the same in both languages, or a year in other clothes.
_SORTS = {
    "mua": "year", "season": "year", "vong": "round", "luot": "round", "matchday": "round", "tuan": "week",
    "bang": "group", "phan": "part", "so": "issue", "bao so": "issue", "no": "issue", "ki": "ky",
}  # fmt: skip
_LEGS = {"di": "1", "first": "1", "ve": "2", "second": "2", "return": "2"}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def editions_in(headline: str, *, toneless: bool) -> frozenset[tuple[str, str]]:
    """The editions that a headline names, as sort and number: `("round", "20")`, `("year", "2026")`. Roman
    numerals are read in capitals only."""
    found = set()
    form = _EDITION_TONELESS if toneless else _EDITION
    for match in form.finditer(place_tones(clean(headline))):
        if leg := match["leg"] or match["turn"]:
            found.add(("leg", _LEGS[fold(leg)]))
        elif match["year"]:
            found.add(("year", match["year"]))
        else:
            sort = fold(match["sort"])
            number = str(_value(match["roman"])) if match["roman"] else match["number"].lstrip("0")
            found.add((_SORTS.get(sort, sort), number))
    return frozenset(found)


def _value(roman: str) -> int:
    """The value of a well-formed Roman numeral."""
    values = [_ROMAN[digit] for digit in roman]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
