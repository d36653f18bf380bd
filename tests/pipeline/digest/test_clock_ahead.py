"""A clock that ran ahead and was set right: nothing is lost, no date gets two mails."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from models.digest import DigestStory, RunState
from pipeline.digest import doubt
from pipeline.digest.render import Renderer
from pipeline.jobs import Collector
from pipeline.settings import load_settings
from pipeline.store import Store, open_store
from tests.pipeline.digest.sample import NOW, ListReader, article, story, subscription
from tests.pipeline.digest.support import plan, runs, told_stories

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WANTED = subscription(recipients=("an@example.org",))
AHEAD = 26 * HOUR


def news(*stories: DigestStory) -> ListReader:
    return ListReader({WANTED.sections[0].title: list(stories)})


FIRST = story("first", [article("first", "vov", "Tin đầu", hours=2)])
AHEAD_TOLD = story("ahead", [article("ahead", "vov", "Tin lúc đồng hồ sai", hours=-26)])
LATER = story("later", [article("later", "vov", "Tin sau khi chỉnh giờ", hours=-5)])


@pytest.mark.parametrize("passes", [(5 * MINUTE,), (DAY - 10 * MINUTE,), (6 * HOUR, 20 * HOUR)])
@pytest.mark.parametrize("days", [1, 3])
def test_a_date_skipped_by_a_clock_that_ran_ahead_is_planned_when_its_time_comes(
    database: Store, renderer: Renderer, days: int, passes: tuple[timedelta, ...]
) -> None:
    plan(database, [WANTED], news(FIRST), NOW, renderer)
    for day in range(1, days + 1):
        (skipped,) = plan(database, [WANTED], news(FIRST), NOW + day * DAY + 2 * HOUR, renderer)
        assert skipped.state is RunState.SKIPPED_EMPTY
    for since in passes:
        assert plan(database, [WANTED], news(FIRST, LATER), NOW + since, renderer) == []
    (told,) = plan(database, [WANTED], news(FIRST, LATER), NOW + DAY + 3 * HOUR, renderer)
    assert (told.key, told.state, told.stories) == (runs(database)[-1].slot, RunState.PLANNED, 1)
    assert told_stories(database, WANTED.slug) == ["first", "later"]
    assert runs(database)[-1].since == runs(database)[0].until
    assert plan(database, [WANTED], news(FIRST, LATER), NOW + DAY + 4 * HOUR, renderer) == []


def test_the_first_pass_since_may_be_that_of_the_date_itself_while_it_is_before_the_wrong_moment(
    either: Store, renderer: Renderer
) -> None:
    plan(either, [WANTED], news(FIRST), NOW, renderer)
    plan(either, [WANTED], news(FIRST), NOW + AHEAD, renderer)
    (told,) = plan(either, [WANTED], news(FIRST, LATER), NOW + DAY + MINUTE, renderer)
    assert told.stories == 1


def test_a_date_mailed_by_a_clock_that_ran_ahead_gets_no_second_mail_and_its_news_come_the_day_after(
    either: Store, renderer: Renderer
) -> None:
    plan(either, [WANTED], news(FIRST), NOW, renderer)
    (ahead,) = plan(either, [WANTED], news(FIRST, AHEAD_TOLD), NOW + AHEAD + DAY, renderer)
    assert ahead.stories == 1
    everything = news(FIRST, AHEAD_TOLD, LATER)
    assert plan(either, [WANTED], everything, NOW + HOUR, renderer) == []
    (between,) = plan(either, [WANTED], everything, NOW + DAY, renderer)
    assert (between.state, between.stories) == (RunState.PLANNED, 1)  # the story seen before its cut-off
    assert plan(either, [WANTED], everything, NOW + 2 * DAY + HOUR, renderer) == []
    (after,) = plan(either, [WANTED], everything, NOW + 3 * DAY, renderer)
    assert after.state is RunState.SKIPPED_EMPTY
    assert told_stories(either, WANTED.slug) == ["ahead", "first", "later"]


def test_a_story_that_grouping_renamed_since_is_not_told_again_where_the_window_reaches_back(
    database: Store, renderer: Renderer
) -> None:
    plan(database, [WANTED], news(FIRST), NOW, renderer)
    told = story("told", [article("told", "vov", "Tin", hours=-1)])
    plan(database, [WANTED], news(told), NOW + AHEAD, renderer)
    renamed = story("renamed", list(told.articles))
    assert plan(database, [WANTED], news(renamed), NOW + 2 * HOUR, renderer) == []
    (after,) = plan(database, [WANTED], news(renamed, LATER), NOW + 2 * DAY, renderer)
    assert after.stories == 1
    assert told_stories(database, WANTED.slug) == ["first", "later", "told"]


def test_a_clock_that_was_behind_for_a_while_makes_no_second_mail_and_repeats_nothing(
    database: Store, renderer: Renderer
) -> None:
    plan(database, [WANTED], news(FIRST), NOW, renderer)
    plan(database, [WANTED], news(FIRST, LATER), NOW + DAY, renderer)
    assert plan(database, [], news(), NOW - 2000 * DAY, renderer) == []
    assert plan(database, [WANTED], news(FIRST, LATER), NOW + DAY + HOUR, renderer) == []
    (next_day,) = plan(database, [WANTED], news(FIRST, LATER), NOW + 2 * DAY, renderer)
    assert next_day.state is RunState.SKIPPED_EMPTY


async def test_collecting_notices_a_clock_that_ran_ahead_when_nothing_is_planned_before_that_time_comes(
    tmp_path: Path, renderer: Renderer
) -> None:
    settings = load_settings(home=tmp_path, workers=1, min_free_bytes=1)
    with open_store(settings.database) as database:
        plan(database, [WANTED], news(FIRST), NOW, renderer)
        plan(database, [WANTED], news(FIRST), NOW + AHEAD, renderer)
        async with Collector(settings, database, lambda: NOW + 5 * HOUR) as collector:
            await collector.collect([])
        (told,) = plan(database, [WANTED], news(FIRST, LATER), NOW + AHEAD + HOUR, renderer)
        assert told.stories == 1


def test_a_clock_set_back_by_seconds_doubts_no_digest_that_ended_before(
    database: Store, renderer: Renderer
) -> None:
    plan(database, [WANTED], news(FIRST), NOW, renderer)
    doubt.notice(database, NOW - timedelta(seconds=3))
    with database.reading() as connection:
        assert doubt.doubt_of(connection, WANTED.slug) is None
