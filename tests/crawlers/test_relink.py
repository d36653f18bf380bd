"""Articles that come again under other addresses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.relink import Remembered, relinked
from models.document import Entry
from models.ports import Candidate

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def title(number: int) -> str:
    return f"Khởi công cây cầu mới số {number}"


def candidate(number: int, url: str = "", when: datetime | None = NOW, name: str = "") -> Candidate:
    entry = Entry(link=url, title=name or title(number), published_at=when and when - timedelta(hours=number))
    return Candidate(
        url=url or f"https://moi.vn/bai-{number}", outlet="bao", endpoint="https://moi.vn/rss", entry=entry
    )


def stored(number: int, shift: timedelta = timedelta(0)) -> Remembered:
    return Remembered(
        f"http://cu.vn/{number}.html", title(number).upper(), NOW - timedelta(hours=number) + shift
    )


def test_a_feed_whose_addresses_all_changed_form_is_linked_to_what_is_stored() -> None:
    """The pages' own times may lie some minutes from the feed's: the day is enough here."""
    shown = [candidate(number) for number in range(8)]
    kept = [stored(number, timedelta(minutes=9)) for number in range(7)]
    found = relinked(shown, [each.url for each in shown], kept)
    assert found == {f"https://moi.vn/bai-{n}": f"http://cu.vn/{n}.html" for n in range(7)}


def test_of_a_usual_feed_only_the_same_title_of_the_same_minute_is_the_same_article() -> None:
    shown = [candidate(number) for number in range(10)]
    unknown = [shown[0].url, shown[1].url]
    assert relinked(shown, unknown, [stored(0), stored(1, timedelta(minutes=9))]) == {
        shown[0].url: "http://cu.vn/0.html"
    }


@pytest.mark.parametrize(
    "shown",
    [
        candidate(0, when=None),
        candidate(0, when=NOW - timedelta(days=2)),
        candidate(0, name="Tin thế giới"),
        candidate(0, name="Khởi công cây cầu khác"),
    ],
    ids=["no date", "another day", "the name of a column", "another title"],
)
def test_what_may_be_another_article_is_not_linked(shown: Candidate) -> None:
    assert relinked([shown], [shown.url], [Remembered("http://cu.vn/1", shown.entry.title[:12], NOW)]) == {}
    assert relinked([shown], [shown.url], [stored(0)]) == {}


def test_two_articles_that_the_outlet_shows_side_by_side_are_two() -> None:
    old = candidate(0, url="http://cu.vn/0.html")
    new = candidate(0)
    assert relinked([old, new], [new.url], [stored(0)]) == {}


def test_an_entry_dated_at_the_end_of_the_calendar_is_no_known_article_and_no_error() -> None:
    shown = candidate(0, when=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    assert relinked([shown], [shown.url], [stored(0)]) == {}
