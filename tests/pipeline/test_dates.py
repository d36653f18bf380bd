"""Dates as Vietnamese feeds and pages write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import read_time


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


SATURDAY = "2026-11-21T01:15"  # 08:15 in Vietnam

FORMS = [
    ("Sat, 21 Nov 2026 08:15:00 +0700", SATURDAY, "rfc822"),
    ("Sat, 21 Nov 2026 08:15:00 +07", SATURDAY, "rfc822"),
    ("Sat, 21 Nov 2026 08:15:00 +07:00", SATURDAY, "rfc822"),
    ("Sat, 21 Nov 2026 08:15:00 GMT+7", SATURDAY, "rfc822"),
    ("Sat, 21 Nov 26 08:15:00 GMT+7", SATURDAY, "rfc822"),
    ("Sat, 21 Nov 26 08:15:00 +0700", SATURDAY, "rfc822"),
    ("Sat, 21 Nov 2026 01:15:00 GMT", SATURDAY, "rfc822"),
    ("Sat, 21 Nov 2026 01:15:00 Z", SATURDAY, "rfc822"),
    ("Fri, 20 Nov 2026 20:15:00 EST", SATURDAY, "rfc822"),
    ("Sat, 21 Nov 2026 08:15:00", SATURDAY, "rfc822 +07"),
    ("Sat,21 Nov 2026 08:15:00 ICT", SATURDAY, "rfc822"),
    ("21-Nov-2026 08:15", SATURDAY, "rfc822 +07"),
    ("Sat Nov 21 08:15:00 2026", SATURDAY, "rfc822 +07"),
    ("Fri Nov 20 20:15:00 EST 2026", SATURDAY, "rfc822"),
    ("2026-11-21T08:15:00+07:00", SATURDAY, "iso"),
    ("2026-11-21T01:15:00Z", SATURDAY, "iso"),
    ("2026-11-21T01:15:00.123Z", SATURDAY, "iso"),
    ("2026-11-21T08:15:00.123 +07:00", SATURDAY, "iso"),
    ("2026-11-21 08:15:00", SATURDAY, "iso +07"),
    ("2026-11-21T08:15", SATURDAY, "iso +07"),
    ("2026-11-21 08:15:00 +0700", SATURDAY, "iso"),
    ("2026/11/21 08:15", SATURDAY, "iso +07"),
    ("20261121T081500+0700", SATURDAY, "compact"),
    ("11/21/2026 8:15:00 AM", SATURDAY, "us-local +07"),
    ("11/21/2026 08:15 AM (GMT+7)", SATURDAY, "us-local"),
    ("9/14/2026 6:44:00 PM", "2026-09-14T11:44", "us-local +07"),
    ("9/4/2026 12:05:00 AM", "2026-09-03T17:05", "us-local +07"),
    ("9/4/2026 12:05:00 PM", "2026-09-04T05:05", "us-local +07"),
    ("9/14/2026 18:44", "2026-09-14T11:44", "us-local +07"),
    ("Thứ Năm, 05/11/2026 08:15 AM", "2026-11-05T01:15", "vn-text +07"),  # a Vietnamese weekday
    ("Chủ Nhật ngày 01/11/2026 10:20 PM", "2026-11-01T15:20", "vn-text +07"),
    ("08:15 AM, thứ 5, 05/11/2026", "2026-11-05T01:15", "vn-text +07"),
    ("Thứ Ba, 11/24/2026 8:15:00 AM", "2026-11-24T01:15", "us-local +07"),  # there is no other reading
    ("05/11/2026 20:15 PM", "2026-11-05T13:15", "vn-text +07"),  # a clock of 24 hours
    ("12/11/2026 00:15 AM", "2026-11-11T17:15", "vn-text +07"),
    ("21/11/2026 8:15:00 SA", SATURDAY, "vn-text +07"),
    ("4/9/2026 6:44:00 CH", "2026-09-04T11:44", "vn-text +07"),  # the Vietnamese locale: day first
    ("4/9/2026 12:05:00 SA", "2026-09-03T17:05", "vn-text +07"),
    ("4/9/2026 12:05:00 CH", "2026-09-04T05:05", "vn-text +07"),
    ("21/11/2026 08:15", SATURDAY, "vn-text +07"),
    ("21/11/2026, 08:15", SATURDAY, "vn-text +07"),
    ("21/11/2026 - 08:15", SATURDAY, "vn-text +07"),
    ("21-11-2026 08:15", SATURDAY, "vn-text +07"),
    ("21.11.2026 08:15", SATURDAY, "vn-text +07"),
    ("Thứ bảy, 21/11/2026 08:15 GMT+7", SATURDAY, "vn-text"),
    ("Thứ bảy, 21/11/2026, 08:15 (GMT+7)", SATURDAY, "vn-text"),
    ("Thứ Bảy, ngày 21/11/2026 - 08:15", SATURDAY, "vn-text +07"),
    ("Chủ Nhật, 22/11/2026 | 08:15", "2026-11-22T01:15", "vn-text +07"),
    ("Thứ 7, 21/11/2026 | 08:15:42 [GMT +7]", "2026-11-21T01:15:42", "vn-text +07"),
    ("08:15 | 21/11/2026", SATURDAY, "vn-text +07"),
    ("08:15 ngày 21/11/2026", SATURDAY, "vn-text +07"),
    ("08h15 ngày 21/11/2026", SATURDAY, "vn-text +07"),
    ("08:15' - 21/11/2026", SATURDAY, "vn-text +07"),
    ("08:15, Thứ Bảy, 21/11/2026", SATURDAY, "vn-text +07"),
    ("Cập nhật lúc 08:15, 21/11/2026", SATURDAY, "vn-text +07"),
    ("Ngày 21 tháng 11 năm 2026, 08:15", SATURDAY, "vn-text +07"),
    ("21/11/26 08:15", SATURDAY, "vn-text +07"),
    ("Nov 21, 2026, 08:15 (GMT+7)", SATURDAY, "en-text"),
    ("November 21, 2026 - 08:15", SATURDAY, "en-text +07"),
    ("November 21, 2026 | 08:15:00", SATURDAY, "en-text +07"),
    ("Saturday, November 21, 2026 08:15 AM", SATURDAY, "en-text +07"),
    ("08:15 AM, November 21, 2026", SATURDAY, "en-text +07"),
    ("2026年11月21日 08:15:00", SATURDAY, "zh-text +07"),
    ("1795223700", SATURDAY, "epoch"),
]


@pytest.mark.parametrize(("text", "expected", "how"), FORMS, ids=[form[0] for form in FORMS])
def test_a_date_of_the_field_is_read_to_the_minute(text: str, expected: str, how: str) -> None:
    read = read_time(text)
    assert read is not None
    assert (read.at, read.how, read.has_clock) == (at(expected), how, True)


@pytest.mark.parametrize(
    "text", ["21/11/2026", "2026-11-21", "Nov 21, 2026", "21 Nov 2026", "2026年11月21日", "20261121"]
)
def test_a_bare_date_is_local_midnight_and_says_that_it_has_no_clock(text: str) -> None:
    read = read_time(text)
    assert read is not None
    assert (read.at, read.has_clock) == (at("2026-11-20T17:00"), False)


def test_day_and_month_are_swapped_only_on_request_or_by_an_american_clock() -> None:
    vietnamese, american, requested = (
        read_time("4/9/2026 06:44"),
        read_time("4/9/2026 6:44 AM"),
        read_time("4/9/2026 06:44", month_first=True),
    )
    assert vietnamese is not None
    assert american is not None
    assert requested is not None
    assert vietnamese.at.month == 9
    assert american.at.month == requested.at.month == 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hôm nay",
        "31/02/2026 08:15",
        "2026-13-01",
        "45/45/2026 10:00",
        "21/11/2026 25:61",
        "12345",
        "99999999999999999999",
        "v1.2.3",
        "0000-00-00T00:00:00",
        "0001-01-01T00:00:00",
        "call 0903-123-4567",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_time(text) is None


@given(
    st.text(alphabet=st.characters(), max_size=80) | st.from_regex(r"[0-9/:\-+ TZAPMapmhngày,|年月日.]{0,40}")
)
def test_no_text_raises(text: str) -> None:
    read = read_time(text)
    assert read is None or read.at.tzinfo is UTC


@given(st.datetimes(datetime(1990, 1, 1), datetime(2069, 12, 31)))
def test_the_written_forms_of_any_minute_are_read_back(moment: datetime) -> None:
    expected = moment.replace(second=0, microsecond=0)
    for form in ("%d/%m/%Y %H:%M", "%H:%M | %d/%m/%Y", "%Y-%m-%dT%H:%M:00+07:00", "%m/%d/%Y %I:%M %p"):
        read = read_time(expected.strftime(form))
        assert read is not None, form
        assert read.at.replace(tzinfo=None) == expected - (datetime(2000, 1, 1, 7) - datetime(2000, 1, 1))
