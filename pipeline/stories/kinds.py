"""What the form of a document says of it: an instalment of a series, a round-up, an edition, a quake, a
match. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.story import StoryDocument
from pipeline.stories.days import LOCAL, Day, clocks_in, days_in
from pipeline.stories.editions import editions_in
from pipeline.stories.wording import Phrases, form_of
from pipeline.vietnamese import clean, fold

# Reports that come out every day or week about the same thing, by their headline. What a central bank
# decides on interest rates is an event; what banks pay on deposits is told every day.
_SERIES = {
    subject: Phrases(listed)
    for subject, listed in {
        "gold": "giá vàng, giá bạc, gold prices?, silver prices?",
        "fuel": "giá xăng, giá xăng dầu, giá dầu, oil prices?, fuel prices?, petrol prices?",
        "farming": """giá cà phê, giá tiêu, giá hồ tiêu, giá heo, giá lợn, giá lúa, giá gạo, giá cao su,
            coffee prices?, pepper prices?, rice prices?, rubber prices?, hog prices?""",
        "goods": "giá thép, giá điện, steel prices?",
        "money": """giá usd, tỷ giá, tỉ giá, exchange rates?, reference rate, central rate,
            interest rates? today, lãi suất (?:hôm nay|ngày|tuần|mới nhất|cao nhất),
            lãi suất (?:tiết kiệm|huy động|liên ngân hàng), lãi suất ngân hàng(?! nhà nước| trung ương),
            (?:deposit|savings) (?:interest )?rates?""",
        "shares": """vn-?index, chứng khoán, thị trường chứng khoán, shares, stocks, stock market,
            benchmark index, market watch""",
        "weather": """thời tiết, dự báo thời tiết, chất lượng không khí, weather, weather forecast,
            air quality, xâm nhập mặn""",
        "lottery": "kết quả xổ số, xổ số, xsm[bnt], vietlott, lottery",
        "dates": "lịch thi đấu, lịch cúp điện, lịch nghỉ, điểm chuẩn",
    }.items()
}
_PERIODIC = Phrases(
    """weekly, week'?s, monthly, daily, bản tin, trong tuần, hàng tuần, hằng tuần, hàng ngày, hằng ngày,
    tuần qua, tuần này, tuần tới, thị trường tuần, this week, last week, bulletin, thông báo hàng"""
)
_ROUND_UP = Phrases(
    """news in brief, in brief, brief news, news briefs?, round-?up, digest, headlines, top news, today in,
    week in review, điểm tin, điểm báo, tin vắn, tin nhanh, tin nóng, sự kiện trong ngày, sự kiện nổi bật,
    sự kiện trong tuần, tin tức trong ngày, tin trong ngày, tin chính, tin trong nước, tin nổi bật, nhìn lại,
    đọc báo, chùm tin"""
)
_BULLETIN = Phrases(r"(?<!.)(?:điểm tin|tin)\b.*\b(?:ngày|sáng|trưa|chiều|tối|tuần|số)", "điểm tin")
_BULLET = re.compile(r"^\s*(?:[*•▪■+–-]|\d+[.)])\s+\S.{40,}", re.MULTILINE)
_QUAKE = Phrases(
    "động đất, dư chấn, rung chấn, earthquakes?, quakes?, tremors?, aftershocks?",
    # `hop dong dat 1,2 ty` is `hợp đồng đạt 1,2 tỷ`
    "trận động đất, (?<!.)động đất, dư chấn, rung chấn, earthquakes?, quakes?, tremors?, aftershocks?",
)
_MAGNITUDE = re.compile(r"(?<![\d.,])(\d[.,]\d)(?![\d.,]*\d)")
# The parts of a day with the hours that may be called so.
_PARTS = {
    "sang": range(12), "trua": range(11, 13), "chieu": range(13, 19), "toi": range(18, 24),
    "morning": range(12), "noon": range(11, 14), "afternoon": range(12, 19), "evening": range(17, 24),
}  # fmt: skip
_PART = Phrases(
    "sáng, trưa, chiều, tối, morning, noon, afternoon, evening",
    "sáng(?= nay), trưa, chiều(?= nay), morning, noon, afternoon, evening",
)
_SCORE = re.compile(r"(?<![\d/.,-])(\d)\s?[-–]\s?(\d)(?![\d/.,-]*\d)")
_CALAMITIES = """lũ|lụt|bão|mưa|ngập|gió|lốc|dông|giông|sạt|sóng|triều|hạn|rét|nắng|tuyết|động|địa|cháy|hoả
    |dịch|không kích|pháo kích|chiến|đánh|đòn""".replace("\n    ", "")
_SPORTS = """bóng đá, bóng chuyền, bóng rổ, bàn thắng, ghi bàn, v-?league, v\\.league, clb, match, goals?,
    scored?, half, beat, win, wins, draw, club, championship"""
_MATCH = Phrases(
    rf"(?<!mặt )trận(?! (?:{_CALAMITIES})\b), hiệp(?= (?:một|hai|ba|đầu|phụ|đấu|\d)\b), cup, set, {_SPORTS}",
    _SPORTS,
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


def kind_of(document: StoryDocument, body: str, head: str, days: Sequence[Day], *, toneless: bool) -> Kind:
    """Read the form of a document from its headline and text. `body` and `head` (headline and lead) are
    clean; `days` those of the text in order; `toneless`: it is Vietnamese typed without tones."""
    title, folded_head = form_of(document.title, toneless=toneless), fold(head)
    opening = f"{head}\n{body[:_HEAD_LETTERS]}"
    named_series = {
        subject: found
        for subject, form in _SERIES.items()
        if (found := form.search(title, toneless=toneless))
    }
    match = min(named_series.values(), key=lambda found: found.start(), default=None)
    periodic = _PERIODIC.search(title, toneless=toneless)
    editions = editions_in(document.title, toneless=toneless)
    local = document.published_at.astimezone(LOCAL)
    named = days_in(clean(document.title), document.published_at) or days
    quake = _QUAKE.search(title, toneless=toneless) is not None
    clocks = clocks_in(opening) if quake else frozenset()
    in_match = _MATCH.search(form_of(opening, toneless=toneless), toneless=toneless)
    return Kind(
        series=match.group() if match else periodic.group() if periodic else "",
        subjects=frozenset(named_series),
        periodic=periodic is not None or any(sort == "week" for sort, _ in editions),
        round_up=any(form.search(title, toneless=toneless) for form in (_ROUND_UP, _BULLETIN))
        or len(_BULLET.findall(body)) >= _BULLETS,
        editions=editions,
        day=named[0] if named else (local.month, local.day),
        day_named=bool(named),
        magnitudes=_values(folded_head) if quake else frozenset(),
        clocks=clocks,
        hours=_hours(_PART.findall(title, toneless=toneless), clocks) if quake else frozenset(),
        scores=_scores(folded_head) if in_match else frozenset(),
    )


def _hours(parts: Iterable[str], clocks: frozenset[str]) -> frozenset[int]:
    """The hours of a day that the clocks of a text or the parts of the day in its headline tell."""
    told = {hour for part in parts for hour in _PARTS[fold(part)]}
    return frozenset(told | {int(clock[:2]) for clock in clocks})


def _values(text: str) -> frozenset[str]:
    return frozenset(match.replace(",", ".") for match in _MAGNITUDE.findall(text))


def _scores(text: str) -> frozenset[str]:
    """Scores without regard to who is named first."""
    return frozenset("-".join(sorted(match.groups())) for match in _SCORE.finditer(text))
