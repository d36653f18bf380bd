"""The dateline: place, agency or paper's mark set before the first sentence, kept apart as a field.

`HÀ NỘI (TTXVN) –`, `Hanoi (VNA) –`, `HÀ NỘI — `, `(Chinhphu.vn) -`, `(Dân trí) -`, `TTO -`.
"""

from __future__ import annotations

import re

from pipeline.credit import name_code

_DASH = r"\s*[-–—]{1,2}\s*"
_CAP = r"[A-ZĐÀ-Ỹ][\w.’'-]*"
_PLACE = rf"{_CAP}(?:[ ,]+(?:{_CAP}|ngày|of|the|\d{{1,2}}(?:[/-]\d{{1,2}})*)){{0,6}}"
_WITH_MARK = re.compile(rf"^(?:{_PLACE}[,:]?\s*)?\((?P<mark>[^()\n]{{2,30}})\){_DASH}(?=\S)")
_MARK_ONLY = re.compile(r"^\((?P<mark>[^()\n]{2,30})\)\s*:?\s+(?=[A-ZĐÀ-Ỹ\"“])")
_BARE_MARK = re.compile(
    r"^(?P<mark>[A-ZĐ]{2,6}(?:&[A-ZĐ]{1,4})?O?|[A-Za-z]+\.(?:VN|vn))\s*[-–—]\s+(?P<rest>(?=\S)[^\n]{0,150})"
)
_CAPS = r"[A-ZĐÀ-ỸẠ-Ỵ][A-ZĐÀ-ỸẠ-Ỵ.’'-]*"
_CAPS_PLACE = re.compile(
    rf"^{_CAPS}(?: {_CAPS}){{0,5}}(?:, [A-Z][a-z]+ \d{{1,2}}(?:, \d{{4}})?)?\s+(?P<dash>[—–-])\s+(?=\S)"
)


def cut_dateline(text: str) -> tuple[str, str]:
    """The dateline (without its dash) and the text after it; an empty dateline when there is none."""
    match = _WITH_MARK.match(text)
    if match and not _is_mark(match["mark"]):
        match = None
    if not match and (only := _MARK_ONLY.match(text)) and (name_code(only["mark"]) or _is_caps(only["mark"])):
        match = only
    if not match and (bare := _BARE_MARK.match(text)) and _is_paper_mark(bare["mark"], bare["rest"]):
        return bare["mark"], text[bare.start("rest") :]
    if not match and (caps := _CAPS_PLACE.match(text)) and _is_place_line(caps):
        match = caps
    if not match:
        return "", text
    return match.group().strip().rstrip("-–— "), text[match.end() :]


def _is_mark(mark: str) -> bool:
    """An agency or a paper: a known name, an abbreviation in capitals, an address."""
    return (
        bool(name_code(mark))
        or mark.replace("&", "").replace(" ", "").isupper()
        or bool(re.search(r"\.vn$|^Báo ", mark, re.I))
    )


def _is_caps(mark: str) -> bool:
    """The abbreviation of a paper: `ĐTCK`, `GD&TĐ`."""
    return 3 <= len(mark) <= 6 and mark.replace("&", "").isalpha() and mark.isupper()


def _is_paper_mark(mark: str, rest: str) -> bool:
    """A known mark, or the abbreviation of any paper: capitals before a new sentence. `UNESCO - Tổ chức … - `
    has a second dash and is a noun with its apposition."""
    if name_code(mark) or (mark.endswith("O") and len(mark) <= 5) or mark.lower().endswith(".vn"):
        return True
    return not re.search(r"\s[-–—]\s", rest) and bool(re.match(r"[A-ZĐÀ-Ỹ\"“‘]", rest))


def _is_place_line(match: re.Match[str]) -> bool:
    """A place in capitals with nothing else needs the long dash of the agencies, or a date."""
    return match["dash"] == "—" or "," in match.group()
