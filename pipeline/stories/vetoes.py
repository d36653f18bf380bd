"""What keeps two documents apart however alike they are: series, editions, rounds, round-ups. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.stories.features import LOCAL, Features
from pipeline.vietnamese import clean, fold


def _phrases(listed: str) -> re.Pattern[str]:
    """A pattern that finds any of the listed phrases as whole words."""
    return re.compile(r"\b(?:" + "|".join(phrase.strip() for phrase in listed.split(",")) + r")\b")


# Reports that come out every day or week about the same thing, by their folded headline.
_SERIES = _phrases(
    """gia vang, gia xang, gia xang dau, gia ca phe, gia tieu, gia heo, gia lua, gia gao, gia usd, ty gia,
    vn-?index, chung khoan, thoi tiet, du bao thoi tiet, ket qua xo so, xo so, lich thi dau, lich cup dien,
    lich nghi, diem chuan, gold prices?, fuel prices?, petrol prices?, coffee prices?, pepper prices?,
    rice prices?, exchange rates?, reference rate, shares, stocks, stock market, weather forecast, lottery"""
)
_ROUND_UP = _phrases(
    """news in brief, in brief, brief news, round-?up, digest, headlines, this week, week in review, diem tin,
    diem bao, tin van, tin nhanh, su kien trong ngay, su kien noi bat, tin tuc trong ngay, tin trong ngay,
    nhin lai, tuan qua"""
)
_BULLETIN = re.compile(r"^(?:ban tin|diem tin|tin)\b.*\b(?:ngay|sang|trua|chieu|toi|tuan|so)\b")
_BULLET = re.compile(r"^\s*(?:[*•▪■+-]|\d+[.)])\s+\S.{40,}", re.MULTILINE)
_EDITION = re.compile(
    r"\b(?P<sort>vong|ky hop thu|lan thu|khoa|tap|phan|dot|nam|mua|round|matchday|leg|season|part|episode|tuan)"
    r"[ -]?(?P<number>\d{1,4}|[ivxlc]+)\b|\b(?P<year>20\d\d)\b"
)

# One word for the sorts that are the same in both languages, or a year in other clothes.
_SORTS = {"nam": "year", "mua": "year", "season": "year", "vong": "round", "matchday": "round"}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a document's form says of it: an instalment of a series, a round-up of many events, and the
    editions (years, rounds) that its headline names."""

    series: str
    round_up: bool
    editions: frozenset[tuple[str, str]]
    day: tuple[int, int]


def kind_of(features: Features) -> Kind:
    """Read the form of a document from its headline and text."""
    document = features.document
    title = fold(document.title)
    match = _SERIES.search(title)
    bullets = len(_BULLET.findall(clean(document.text)))
    local = document.published_at.astimezone(LOCAL)
    return Kind(
        series=match.group() if match else "",
        round_up=bool(_ROUND_UP.search(title) or _BULLETIN.search(title)) or bullets >= 4,
        editions=frozenset(
            ("year", m["year"]) if m["year"] else (_SORTS.get(m["sort"], m["sort"]), m["number"])
            for m in _EDITION.finditer(title)
        ),
        day=(local.month, local.day),
    )


def veto(a: Features, b: Features, one: Kind, two: Kind, copied: float) -> str:
    """Why two documents cannot be one story, empty if nothing speaks against it."""
    if one.round_up != two.round_up and copied < 0.8:
        return "round-up"
    if _differ(one.editions, two.editions):
        return "edition"
    if (one.series or two.series) and _other_day(a, b, one, two):
        return "series"
    if _same_frame(a, b) and _other_day(a, b, one, two):
        return "series"
    return ""


def _differ(a: frozenset[tuple[str, str]], b: frozenset[tuple[str, str]]) -> bool:
    """Whether both name an edition of one sort (a year, a round) and not the same one."""
    shared = {sort for sort, _ in a} & {sort for sort, _ in b}
    return any(not {e for e in a if e[0] == sort} & {e for e in b if e[0] == sort} for sort in shared)


def _other_day(a: Features, b: Features, one: Kind, two: Kind) -> bool:
    """Whether the two speak of different days: those their texts name, else those of publication."""
    if a.dates and b.dates:
        return not a.dates & b.dates or one.day != two.day
    return one.day != two.day


def _same_frame(a: Features, b: Features) -> bool:
    """Whether two headlines of one outlet are the same but for their numbers."""
    if a.document.outlet != b.document.outlet:
        return False
    frame = [re.sub(r"[\W\d_]+", " ", fold(item.document.title)).strip() for item in (a, b)]
    return frame[0] == frame[1] and a.document.title != b.document.title
