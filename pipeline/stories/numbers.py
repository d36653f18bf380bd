"""Numbers of a text in one form for both languages: `3.200` and `3,200` are `#3200`, `76 triệu` and `76
million` are `#76000000`, `1,5 tỷ` and `1.5 billion` are `#1500000000`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.stories.wording import form_of

_ENGLISH_UNITS = {
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mn": 1e6, "mln": 1e6, "bn": 1e9,
    "tn": 1e12,
}  # fmt: skip
_UNITS = {
    "nghìn tỷ": 1e12, "nghìn tỉ": 1e12, "ngàn tỷ": 1e12, "ngàn tỉ": 1e12, "triệu tỷ": 1e15, "triệu tỉ": 1e15,
    "nghìn": 1e3, "ngàn": 1e3, "vạn": 1e4, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9, **_ENGLISH_UNITS,
}  # fmt: skip
# Without tones `ngan` may begin a bank (ngân hàng), and `van` a document (văn kiện).
_TONELESS_UNITS = {
    "nghin ty": 1e12, "ngan ty": 1e12, "trieu ty": 1e15, "nghin": 1e3, "trieu": 1e6, "ty": 1e9,
    **_ENGLISH_UNITS,
}  # fmt: skip


def _numbers_with(units: Iterable[str]) -> re.Pattern[str]:
    """Begins with a digit and looks back from it: so `re` goes from digit to digit."""
    return re.compile(
        r"(\d(?:(?<![\w/]\d)|(?<=vnd\d)(?<![\w/]vnd\d))\d*(?:[.,]\d+)*)(?:[ -]?("
        + "|".join(sorted(units, key=len, reverse=True))
        + r")\b)?"
    )


_NUMBER, _TONELESS_NUMBER = _numbers_with(_UNITS), _numbers_with(_TONELESS_UNITS)
_YEARS = range(1900, 2100)


def value_of(digits: str, language: str) -> float | None:
    """The value of a written number. In Vietnamese the point groups thousands and the comma marks decimals;
    in English the other way round; a form that only fits the other custom is read by that one."""
    group, decimal = (".", ",") if language == "vi" else (",", ".")
    for thousands, point in ((group, decimal), (decimal, group)):
        whole, *rest = digits.split(point)
        if len(rest) > 1 or (rest and thousands in rest[0]):
            continue
        parts = whole.split(thousands)
        if len(parts) > 1 and (len(parts[0]) > 3 or any(len(part) != 3 for part in parts[1:])):
            continue
        return float("".join(parts) + ("." + rest[0] if rest else ""))
    return None


_SCORE = re.compile(r"(\d)(?<![\d/.,-]\d)-(\d)(?![\d/.,-]*\d)")


def numbers_in(text: str, language: str, *, toneless: bool = False) -> list[str]:
    """Every number that could tell one event from another, in the order of the text: scores (`#2-1`), no
    years, no single digits. `toneless`: the text is Vietnamese typed without tones."""
    found = []
    form, units = (_TONELESS_NUMBER, _TONELESS_UNITS) if toneless else (_NUMBER, _UNITS)
    for match in form.finditer(form_of(text, toneless=toneless)):
        value = value_of(match[1], language)
        if value is None:
            continue
        if match[2]:
            value *= units[match[2]]
        elif (value < 10 and value == int(value)) or (value in _YEARS and match[1].isdigit()):
            continue
        found.append(f"#{value:.10g}")
    return found + [f"#{m[1]}-{m[2]}" for m in _SCORE.finditer(text)]
