"""What the form of a document says of it: an instalment of a series, a round-up, an edition, a quake, a
match. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.story import StoryDocument
from pipeline.stories.days import LOCAL, Day, clocks_in, days_in
from pipeline.vietnamese import clean, fold


def _phrases(listed: str) -> re.Pattern[str]:
    """A pattern that finds any of the listed phrases as whole words."""
    return re.compile(r"\b(?:" + "|".join(phrase.strip() for phrase in listed.split(",")) + r")\b")


# Reports that come out every day or week about the same thing, by their folded headline. What a central bank
# decides on interest rates is an event; what banks pay on deposits is told every day.
_SERIES = {
    subject: _phrases(listed)
    for subject, listed in {
        "gold": "gia vang, gia bac, gold prices?, silver prices?",
        "fuel": "gia xang, gia xang dau, gia dau, oil prices?, fuel prices?, petrol prices?",
        "farming": """gia ca phe, gia tieu, gia ho tieu, gia heo, gia lon, gia lua, gia gao, gia cao su,
            coffee prices?, pepper prices?, rice prices?, rubber prices?, hog prices?""",
        "goods": "gia thep, gia dien, steel prices?",
        "money": """gia usd, ty gia, exchange rates?, reference rate, central rate, interest rates? today,
            lai suat (?:hom nay|ngay|tuan|moi nhat|cao nhat), lai suat (?:tiet kiem|huy dong|lien ngan hang),
            lai suat ngan hang(?! nha nuoc| trung uong), (?:deposit|savings) (?:interest )?rates?""",
        "shares": """vn-?index, chung khoan, thi truong chung khoan, shares, stocks, stock market,
            benchmark index, market watch""",
        "weather": """thoi tiet, du bao thoi tiet, chat luong khong khi, weather, weather forecast,
            air quality, xam nhap man""",
        "lottery": "ket qua xo so, xo so, xsm[bnt], vietlott, lottery",
        "dates": "lich thi dau, lich cup dien, lich nghi, diem chuan",
    }.items()
}
_PERIODIC = _phrases(
    """weekly, week'?s, monthly, daily, ban tin, trong tuan, hang tuan, hang ngay, tuan qua, tuan nay,
    tuan toi, thi truong tuan, this week, last week, bulletin, thong bao hang"""
)
_ROUND_UP = _phrases(
    """news in brief, in brief, brief news, news briefs?, round-?up, digest, headlines, top news, today in,
    week in review, diem tin, diem bao, tin van, tin nhanh, tin nong, su kien trong ngay, su kien noi bat,
    su kien trong tuan, tin tuc trong ngay, tin trong ngay, tin chinh, tin trong nuoc, tin noi bat, nhin lai,
    doc bao, chum tin"""
)
_BULLETIN = re.compile(r"^(?:diem tin|tin)\b.*\b(?:ngay|sang|trua|chieu|toi|tuan|so)\b")
_BULLET = re.compile(r"^\s*(?:[*•▪■+–-]|\d+[.)])\s+\S.{40,}", re.MULTILINE)
_EDITION = re.compile(
    r"\b(?P<sort>vong|luot|ky hop thu|lan thu|khoa|tap|phan|dot|ky|so|nam|mua|round|matchday|season|part"
    r"|episode|phase|tuan|week|issue|no|day|bang|group|ngay thi dau thu)"
    r"[ .-]*(?P<number>\d{1,4}|[ivxlc]+)\b(?![./-]\d)|\b(?P<year>20\d\d)\b"
    r"|\bluot (?P<leg>di|ve)\b|\b(?P<turn>first|second|return)[ -]leg\b"
)
# One word for the sorts that are the same in both languages, or a year in other clothes.
_SORTS = {
    "nam": "year", "mua": "year", "season": "year", "vong": "round", "luot": "round", "matchday": "round",
    "tuan": "week", "bang": "group", "phan": "part", "so": "issue", "no": "issue",
}  # fmt: skip
_LEGS = {"di": "1", "first": "1", "ve": "2", "second": "2", "return": "2"}
_QUAKE = _phrases("dong dat, du chan, rung chan, earthquakes?, quakes?, tremors?, aftershocks?")
_MAGNITUDE = re.compile(r"(?<![\d.,])(\d[.,]\d)(?![\d.,]*\d)")
# The parts of a day with the hours that may be called so.
_PARTS = {
    "sang": range(12), "trua": range(11, 13), "chieu": range(13, 19), "toi": range(18, 24),
    "morning": range(12), "noon": range(11, 14), "afternoon": range(12, 19), "evening": range(17, 24),
}  # fmt: skip
_PART = re.compile(r"\b(" + "|".join(_PARTS) + r")\b")
_SCORE = re.compile(r"(?<![\d/.,-])(\d)\s?[-–]\s?(\d)(?![\d/.,-]*\d)")
_MATCH = _phrases(
    """tran, tran dau, ban thang, ghi ban, hiep, bong da, bong chuyen, bong ro, v-?league, v\\.league, clb,
    cup, match, goals?, scored?, half, beat, win, wins, draw, club, championship, set"""
)
_HEAD_LETTERS = 700
_BULLETS = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """`series` is the series that the headline names and `subjects` what it is about; `periodic` that it is
    one of weeks or longer; `round_up` that it tells many events; `editions` the years, rounds, weeks of the
    headline; `day` the day it is about as far as its form tells: the first day named (`day_named`), else that
    of publication; `magnitudes` and `clocks` those of a report on an earthquake, `hours` those at which it
    may have been as far as clocks and headline tell; `scores` those of a report on a match."""

    series: str
    subjects: frozenset[str]
    periodic: bool
    round_up: bool
    editions: frozenset[tuple[str, str]]
    day: Day
    day_named: bool
    magnitudes: frozenset[str]
    clocks: frozenset[str]
    hours: frozenset[int]
    scores: frozenset[str]


def kind_of(document: StoryDocument, body: str, head: str, days: Sequence[Day]) -> Kind:
    """Read the form of a document from its headline and text. `body` and `head` (headline and lead) are
    clean; `days` those of the text in order."""
    title = fold(document.title)
    folded_head = fold(head)
    opening = f"{head}\n{body[:_HEAD_LETTERS]}"
    named_series = {subject: found for subject, form in _SERIES.items() if (found := form.search(title))}
    match = min(named_series.values(), key=lambda found: found.start(), default=None)
    periodic = _PERIODIC.search(title)
    editions = _editions(title)
    local = document.published_at.astimezone(LOCAL)
    named = days_in(clean(document.title), document.published_at) or days
    quake = _QUAKE.search(title) is not None
    clocks = clocks_in(opening) if quake else frozenset()
    return Kind(
        series=match.group() if match else periodic.group() if periodic else "",
        subjects=frozenset(named_series),
        periodic=periodic is not None or any(sort == "week" for sort, _ in editions),
        round_up=bool(_ROUND_UP.search(title) or _BULLETIN.search(title))
        or len(_BULLET.findall(body)) >= _BULLETS,
        editions=editions,
        day=named[0] if named else (local.month, local.day),
        day_named=bool(named),
        magnitudes=_values(folded_head) if quake else frozenset(),
        clocks=clocks,
        hours=_hours(title, clocks) if quake else frozenset(),
        scores=_scores(folded_head) if _MATCH.search(fold(opening)) else frozenset(),
    )


def _editions(title: str) -> frozenset[tuple[str, str]]:
    found = set()
    for match in _EDITION.finditer(title):
        if leg := match["leg"] or match["turn"]:
            found.add(("leg", _LEGS[leg]))
        elif match["year"]:
            found.add(("year", match["year"]))
        else:
            found.add((_SORTS.get(match["sort"], match["sort"]), match["number"].lstrip("0")))
    return frozenset(found)


def _hours(title: str, clocks: frozenset[str]) -> frozenset[int]:
    """The hours of a day that the clocks of a text or the part of the day in its headline tell."""
    told = {hour for part in _PART.findall(title) for hour in _PARTS[part]}
    return frozenset(told | {int(clock[:2]) for clock in clocks})


def _values(text: str) -> frozenset[str]:
    return frozenset(match.replace(",", ".") for match in _MAGNITUDE.findall(text))


def _scores(text: str) -> frozenset[str]:
    """Scores without regard to who is named first."""
    return frozenset("-".join(sorted(match.groups())) for match in _SCORE.finditer(text))
