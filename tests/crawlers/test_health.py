"""How an outlet's health is judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.health import Diagnosis, Figures, Placed, Standing, State, diagnose, follow, in_section
from crawlers.metrics import metrics_text
from crawlers.words import NOTHING
from models.outcome import Reason
from models.ports import EndpointState
from tests.support.outlets import endpoint, outlet

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
ECONOMY, SPORT = endpoint("https://bao.vn/kinh-te.rss", section="kinh-te"), "https://bao.vn/the-thao.rss"
PAPER = outlet(ECONOMY, endpoint(SPORT, section="the-thao"), hosts=("bao.vn",))
USUAL = Figures(
    named=[20] * 29, stored=[18] * 29, newest=NOW - timedelta(hours=2), tried=140, kept=130, refused=0
)


def polled(reason: str = "", detail: str = "", count: int = 30) -> list[EndpointState]:
    one = EndpointState(
        url=ECONOMY.url,
        outlet=PAPER.slug,
        polls=9,
        failures=3 if reason else 0,
        last_success_at=NOW - timedelta(hours=1),
        last_reason=reason,
        last_detail=detail,
        last_count=count,
    )
    return [one, replace(one, url=SPORT)]


def told(
    states: list[EndpointState] | None = None, figures: Figures = USUAL, placed: tuple[Placed, ...] = ()
) -> tuple[State, str]:
    found = diagnose(PAPER, polled() if states is None else states, figures, placed, NOW)
    assert found is not None
    return found.state, found.reason.en


def test_an_outlet_that_brings_what_it_always_brings_is_well() -> None:
    assert told() == (State.OK, "")


def test_a_feed_that_moved_for_good_is_well_and_its_new_address_is_named() -> None:
    states = polled(detail="moved permanently to https://bao.vn/moi.rss; not well-formed: x")
    why = f"{ECONOMY.url}: moved permanently to https://bao.vn/moi.rss; update the outlet file"
    assert told(states) == (State.OK, why)


def test_an_outlet_that_was_never_polled_has_no_health() -> None:
    assert diagnose(PAPER, [EndpointState(url=SPORT, outlet="bao-mau")], Figures(), (), NOW) is None


@pytest.mark.parametrize(
    ("reason", "detail", "state"),
    [
        (Reason.ROBOTS, "robots.txt forbids it", State.BLOCKED),
        (Reason.CHALLENGE, "403, bot check", State.BLOCKED),
        (Reason.HTTP_ERROR, "403", State.BLOCKED),
        (Reason.HTTP_ERROR, "500", State.FAILING),
        (Reason.TIMEOUT, "", State.FAILING),
        (Reason.MISSING, "410", State.MOVED),
        (Reason.OFFSITE, "led to bao-moi.vn", State.MOVED),
        (Reason.PARSE_ERROR, "a web page", State.FAILING),
    ],
)
def test_what_all_endpoints_fail_of_is_the_state(reason: Reason, detail: str, state: State) -> None:
    found, why = told(polled(reason.value, detail))
    assert found is state
    assert detail in why


def test_one_endpoint_that_fails_is_told_but_is_no_illness() -> None:
    states = [polled()[0], polled("timeout")[1]]
    state, why = told(states)
    assert state is State.OK
    assert SPORT in why


def test_feeds_that_answer_and_name_nothing_are_empty() -> None:
    assert told(polled(count=0), Figures())[0] is State.EMPTY


@pytest.mark.parametrize(
    ("usual", "age", "stale"),
    [(20, 47, False), (20, 49, True), (1, 24 * 7, False), (1, 24 * 9, True), (0, 24 * 13, False)],
    ids=["a busy weekend", "a busy paper stands still", "a slow one", "too slow", "hardly known"],
)
def test_how_old_the_newest_entry_may_be_follows_the_outlets_own_pace(
    usual: int, age: int, stale: bool
) -> None:
    figures = Figures(named=[usual] * 26 + [0] * 3, newest=NOW - timedelta(hours=age))
    assert (told(figures=figures)[0] is State.STALE) is stale


def test_entries_as_ever_but_half_the_articles_is_a_failure() -> None:
    state, why = told(figures=replace(USUAL, stored=[18] * 28 + [3]))
    assert state is State.FAILING
    assert "3 articles" in why
    quiet = replace(USUAL, stored=[18] * 28 + [3], named=[20] * 28 + [4])
    assert told(figures=quiet)[0] is State.OK, "a holiday"


def test_pages_that_mostly_give_nothing_are_a_failure_and_bot_checks_a_block() -> None:
    assert told(figures=replace(USUAL, kept=20))[0] is State.FAILING
    assert told(figures=replace(USUAL, kept=20, refused=100))[0] is State.BLOCKED


def test_a_feed_that_answers_with_another_section_is_seen() -> None:
    wrong = tuple(
        Placed(endpoint=ECONOMY.url, url=f"https://bao.vn/the-thao/tin-{n}.html", section="")
        for n in range(6)
    )
    state, why = told(placed=wrong)
    assert state is State.WRONG_SECTION
    assert ECONOMY.url in why
    assert told(placed=wrong[:4])[0] is State.OK, "four are chance"


@pytest.mark.parametrize(
    ("url", "section", "fits"),
    [
        ("https://bao.vn/kinh-te/chung-khoan/x-1.html", "", True),
        ("https://bao.vn/x-1.html", "Kinh tế", True),
        ("https://bao.vn/x-1.html", "Thể thao", False),
        ("https://bao.vn/x-1.html", "Chứng khoán", None),
    ],
)
def test_an_articles_section_is_told_by_address_or_page(url: str, section: str, fits: bool | None) -> None:
    assert in_section("kinh-te", {"kinh-te", "the-thao"}, url, section) is fits


def test_people_hear_of_the_second_bad_check_once_and_of_the_recovery_once() -> None:
    heard = []
    standing: Standing | None = None
    moments = [NOW + timedelta(hours=n) for n in range(8)]
    for moment, state in zip(
        moments,
        (State.OK, State.STALE, State.OK, State.STALE, State.FAILING, State.FAILING, State.OK, State.OK),
        strict=True,
    ):
        standing, notice = follow(standing, Diagnosis(outlet="bao", state=state, reason=NOTHING), moment)
        if notice:
            heard.append((moment, notice.recovered, notice.state))
    assert heard == [(moments[4], False, State.FAILING), (moments[6], True, State.OK)]
    assert standing is not None
    assert standing.since == moments[6]


def test_the_metrics_name_each_state_and_only_known_figures() -> None:
    found = diagnose(PAPER, polled(), USUAL, (), NOW)
    assert found is not None
    lines = metrics_text(
        [found, Diagnosis(outlet='a"b\\', state=State.EMPTY, reason=NOTHING)], NOW
    ).splitlines()
    assert 'diembao_outlet_state{outlet="bao-mau",state="OK"} 1' in lines
    assert 'diembao_outlet_state{outlet="a\\"b\\\\",state="EMPTY"} 1' in lines
    assert 'diembao_outlet_newest_entry_age_seconds{outlet="bao-mau"} 7200' in lines
    assert sum(line.startswith("diembao_outlet_newest_entry_age_seconds{") for line in lines) == 1
    assert sum(line.startswith("# TYPE") for line in lines) == 8
