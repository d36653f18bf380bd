"""Days and spans as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.search.dates import read_span
from pipeline.search.names import HANOI

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)  # half past one in the night of the 22nd in Vietnam


def day(year: int, month: int, number: int) -> tuple[datetime, datetime]:
    start = datetime(year, month, number, tzinfo=UTC) - timedelta(hours=7)
    return start, start + timedelta(days=1)


@pytest.mark.parametrize(
    "text", ["today", "hôm nay", "hom nay", "HÔM-NAY", "homnay", "22/11/2026", "22-11-2026"]
)
def test_a_day_is_one_of_vietnam(text: str) -> None:
    assert read_span(text, NOW, HANOI) == day(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("hôm qua", day(2026, 11, 21)),
        ("2026-11-05", day(2026, 11, 5)),
        ("5/11", day(2026, 11, 5)),
        ("23/11", day(2025, 11, 23)),
        ("2026-02", (day(2026, 2, 1)[0], day(2026, 2, 28)[1])),
        ("2026-12", (day(2026, 12, 1)[0], day(2026, 12, 31)[1])),
        ("2025", (day(2025, 1, 1)[0], day(2025, 12, 31)[1])),
    ],
)
def test_days_months_and_years(text: str, span: tuple[datetime, datetime]) -> None:
    assert read_span(text, NOW, HANOI) == span


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("7d", timedelta(days=7)),
        ("7 ngày", timedelta(days=7)),
        ("2 tuần trước", timedelta(weeks=2)),
        ("36h", timedelta(hours=36)),
        ("1 week ago", timedelta(weeks=1)),
    ],
)
def test_spans_are_counted_back_from_now(text: str, back: timedelta) -> None:
    assert read_span(text, NOW, HANOI) == (NOW - back, NOW - back)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-05T06:00", datetime(2026, 11, 4, 23, tzinfo=UTC)),
        ("2026-11-05T06:00:30Z", datetime(2026, 11, 5, 6, 0, 30, tzinfo=UTC)),
        ("2026-11-05T06:00+09:00", datetime(2026, 11, 4, 21, tzinfo=UTC)),
    ],
)
def test_moments(text: str, moment: datetime) -> None:
    assert read_span(text, NOW, HANOI) == (moment, moment)


@pytest.mark.parametrize(
    "text",
    ["", "bão", "31/02/2026", "2026-13-01", "0000-01-01", "9999-12-31", "99999d", "9999y", "1/1/1", "12"],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_span(text, NOW, HANOI) is None
