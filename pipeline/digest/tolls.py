"""How many people a headline or lead says are dead, injured, missing or ill, in one form for both languages.
Pure.

`Số người chết tăng lên 5` and `death toll rises to five` state the same figure. What is rounded (`hơn 90`,
`nearly 100`) states none: it cannot be told from a correction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from pipeline.vietnamese import clean, exact


class Harm(StrEnum):
    """What has become of the people counted. Casualties are the dead and the injured."""

    DEAD = "dead"
    INJURED = "injured"
    MISSING = "missing"
    ILL = "ill"
    CASUALTIES = "casualties"


class Figure(NamedTuple):
    """A number of people. `further`: that many more than before (`thêm hai người chết`, `two more die`)."""

    harm: Harm
    number: int
    further: bool = False


_REMEMBERED = 20_000  # texts: a headline is looked at for each subscriber
_DIGITS = r"\d{1,3}(?:[.,]\d{3})+|\d{1,6}"
_WORDS = {
    word: number
    for language in (
        "một hai ba bốn năm sáu bảy tám chín mười",
        "one two three four five six seven eight nine ten eleven twelve",
    )
    for number, word in enumerate(language.split(), 1)
}
_SPELLED = "|".join(_WORDS)
# No part of a date, a road or a share; not the `năm` (year) before a date.
_NO_COUNT = r"(?![\w/%-]|[.,]\d| %| per ?cent| \d| tuổi| ngày| năm\b| years?\b)"
_NUMBER = rf"(?<![\w.,/%$-])(?P<number>{_DIGITS}|{_SPELLED}){_NO_COUNT}"
_ANY = r"(?: [^\W\d]+)"


def _harms(**words: str) -> str:
    """A group for each harm that any of its words makes."""
    return "(?:" + "|".join(rf"\b(?P<{harm}>{listed})\b" for harm, listed in words.items()) + ")"


_VI_HARM = _harms(
    casualties="thương vong",
    dead="chết|tử vong|thiệt mạng|tử nạn|đuối nước|không qua khỏi|thi thể",
    injured="bị thương|trọng thương|thương nặng|thương nhẹ",
    missing="mất tích",
    ill="ngộ độc|nhập viện|cấp cứu|mắc bệnh|mắc(?! kẹt| nợ| lừa| bẫy| cạn)|nhiễm bệnh",
)
_VI_PEOPLE = (
    r"(?:người|nạn nhân|hành khách|du khách|khách|học sinh|học viên|sinh viên|giáo viên|công nhân|lao động"
    r"|trẻ|em|cháu|bé|phụ nữ|đàn ông|thanh niên|thiếu niên|thiếu nữ|ngư dân|thuyền viên|chiến sĩ|cán bộ"
    r"|tài xế|bệnh nhân|mẹ con|cha con|bố con|vợ chồng|anh em|chị em|bà cháu|ông cháu|ca|trường hợp)"
)
# Between the people and what became of them: nothing that makes it another's fate, or none.
_VI_WORD = (
    rf"(?: (?!(?:và|thoát|suýt|được|cứu|không|chưa|vụ|làm|khiến|gây|khi|sau|vì|do|tù|bắt|{_SPELLED})\b)"
    r"(?:lớp \d{1,2}|[^\W\d]+))"
)
_VI_ROUND = r"(?P<round>(?:hơn|gần|khoảng|trên|hàng) )?"
_VI_RISES = r"(?:lên(?: tới| đến| thành)?|là|còn|tới)"
_VI_BEFORE = r"(?:^|[,;:–(-] ?|\b(?:làm|khiến|nhất|có|và|thấy|vớt) )"
_VI_TAKES = rf"\b(?:làm|gây|cướp|cướp đi)(?: {_VI_HARM}| (?P<lives>sinh mạng|mạng sống|tính mạng)(?: của)?)"
_VI = (
    rf"{_VI_ROUND}(?P<further>thêm )?{_NUMBER} {_VI_PEOPLE}{_VI_WORD}{{0,5}}? {_VI_HARM}",
    rf"{_VI_BEFORE}(?P<further>thêm )?{_NUMBER} {_VI_HARM}",
    rf"\bsố{_ANY}{{0,3}}? {_VI_HARM}{_ANY}{{0,10}}? {_VI_RISES} {_VI_ROUND}{_NUMBER}",
    rf"{_VI_TAKES} {_VI_ROUND}{_NUMBER} {_VI_PEOPLE}\b",
)
_EN_HARM = _harms(
    casualties="casualties",
    dead="dead|killed|die|dies|died|drown|drowns|drowned|deaths|bodies|perished",
    injured="injured|hurt|wounded|injuries",
    missing="missing|unaccounted",
    ill="ill|sick|sickened|hospitali[sz]ed|poisoned|infected",
)
_EN_PEOPLE = (
    r"(?:people|persons?|m[ae]n|wom[ae]n|boys?|girls?|child(?:ren)?|kids|students?|pupils?|graders?|teachers?"
    r"|tourists?|visitors?|passengers?|workers?|miners?|fisherm[ae]n|sailors?|soldiers?|officers?|drivers?"
    r"|victims?|patients?|residents?|villagers?|locals|others|foreigners?|nationals?|members?|migrants?)"
)
_EN_WORD = (
    r"(?: (?!(?:and|rescued|arrested|after|survived?|escaped?|not|no|who|charged|jailed|over|for|as|in|from"
    rf"|{_SPELLED})\b)[^\W\d]+)"
)
_EN_ROUND = r"(?P<round>(?:over|nearly|about|almost|around|some|than) )?"
_EN_RISES = (
    r"(?:ris(?:es?|ing)|rose|climb(?:s|ed|ing)?|hits?|reach(?:es|ed)?|increase[sd]?|up|jump(?:s|ed)?"
    r"|surge[sd]?|pass(?:es|ed)?|stands?)"
)
_EN_MORE = r"(?P<further> more)?"
_EN_BEFORE = r"(?:^|[,;:–(-] ?|\b(?:leaves?|leaving|least|and|with|sees?|find|found|kills?) )"
_EN_COUNT = rf"(?:\b(?P<toll>toll)\b|\b(?P<cases>cases|infections)\b|{_EN_HARM})"
_EN_TAKES = (
    r"\b(?:(?P<kills>kills?|killing|killed|claim(?:s|ed|ing)?(?= [\w.,]+ lives))"
    r"|(?P<injures>injures?|injuring)|(?P<sickens>sickens?|sickening|hospitali[sz](?:es|ing)))"
)
_EN = (
    rf"{_EN_ROUND}{_NUMBER}{_EN_MORE}{_EN_WORD}{{0,2}}? {_EN_PEOPLE}{_EN_WORD}{{0,3}}? {_EN_HARM}",
    rf"{_EN_BEFORE}{_NUMBER}{_EN_MORE} {_EN_HARM}",
    rf"{_EN_COUNT}{_ANY}{{0,6}}? {_EN_RISES}(?: from [\w.,]+)?(?: to| at)? {_EN_ROUND}{_NUMBER}",
    rf"\b(?P<toll>toll) (?:to|at|of) {_EN_ROUND}{_NUMBER}",
    rf"{_EN_TAKES}(?: at least)? {_EN_ROUND}{_NUMBER}",
)
_FORMS = {
    language: tuple(re.compile(form) for form in forms) for language, forms in (("vi", _VI), ("en", _EN))
}
_GROUPS = {
    **{harm.value: harm for harm in Harm},
    "lives": Harm.DEAD,
    "toll": Harm.DEAD,
    "kills": Harm.DEAD,
    "injures": Harm.INJURED,
    "cases": Harm.ILL,
    "sickens": Harm.ILL,
}


@lru_cache(_REMEMBERED)
def figures_in(text: str, language: str) -> frozenset[Figure]:
    """The figures that a headline or a lead states; dead and injured make a figure of casualties, too."""
    found = frozenset(_read(exact(clean(text)), language))
    totals = {figure.harm: figure.number for figure in found if not figure.further}
    if Harm.DEAD in totals and Harm.INJURED in totals:
        found |= {Figure(Harm.CASUALTIES, totals[Harm.DEAD] + totals[Harm.INJURED])}
    return found


def _read(text: str, language: str) -> Iterator[Figure]:
    for form in _FORMS.get(language, ()):
        for match in form.finditer(text):
            groups = match.groupdict()
            if groups.get("round"):
                continue
            harm = next(harm for name, harm in _GROUPS.items() if groups.get(name))
            written = match["number"]
            number = _WORDS.get(written) or int(re.sub(r"[.,]", "", written))
            yield Figure(harm, number, bool(groups.get("further")))
