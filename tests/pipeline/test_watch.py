"""The health of outlets over a real database."""

from __future__ import annotations

from datetime import timedelta

from crawlers.health import State
from models.outcome import Outcome, Reason, Stage
from models.ports import EndpointState, Named
from pipeline.store import Store, collection
from pipeline.watch import check_health, diagnose_all
from tests.pipeline.store.material import NOW, new
from tests.support.outlets import endpoint, outlet

FEED = "https://bao.example.vn/rss"
PAPER = outlet(endpoint(FEED), slug="bao-mot", hosts=("bao.example.vn",))


def state(**changes: object) -> EndpointState:
    fields = {"polls": 3, "last_success_at": NOW, "last_count": 5, **changes}
    return EndpointState(url=FEED, outlet="bao-mot", **fields)  # type: ignore[arg-type]


def test_figures_are_counted_by_day_from_what_was_named_and_stored(store: Store) -> None:
    store.save([new(1), new(2)], now=NOW - timedelta(hours=1))
    store.save([new(3)], now=NOW - timedelta(hours=30))
    store.record(
        [
            Outcome(
                url=f"{FEED}/{n}", outlet="bao-mot", stage=Stage.EXTRACT, reason=reason, at=NOW, endpoint=FEED
            )
            for n, reason in enumerate([Reason.TOO_SHORT, Reason.CHALLENGE])
        ]
    )
    with store.writing() as connection:
        for hours, url in ((1, "a"), (30, "b")):
            named = [Named(url, NOW - timedelta(hours=hours + 1)), Named("c", None)]
            collection.add_namings(connection, "bao-mot", FEED, "feed", named, NOW - timedelta(hours=hours))
    store.save_endpoint_state(state())
    (found,) = diagnose_all(store, [PAPER], NOW)
    figures = found.figures
    assert (figures.named[-2:], figures.stored[-2:]) == ((1, 2), (1, 2))
    assert (figures.tried, figures.kept, figures.refused) == (5, 3, 1)
    assert figures.newest == NOW - timedelta(hours=2)
    assert found.state is State.OK


def test_the_alarm_comes_with_the_second_check_and_the_recovery_with_the_next_good_one(store: Store) -> None:
    heard = []
    bad = state(failures=2, last_reason="timeout")
    for hour, each in enumerate((bad, bad, bad, state(), state())):
        store.save_endpoint_state(each)
        checked = check_health(store, [PAPER], NOW + timedelta(hours=hour))
        heard += [(hour, notice.recovered) for notice in checked.notices]
    assert heard == [(1, False), (3, True)]
