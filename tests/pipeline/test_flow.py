"""The sink of the crawl over a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from models.document import Entry
from models.outcome import Reason
from models.outlet import Endpoint, EndpointKind, Grade
from models.ports import Candidate, EndpointState, Named
from pipeline.extract.pool import WorkerPool
from pipeline.flow import Flow, Writer
from pipeline.store import Store, collection
from tests.pipeline.store.material import NOW, new

FEED = "https://bao.example.vn/rss"


def never() -> Callable[[Any], Any]:
    raise AssertionError("no page is read here")


def with_flow(store: Store, act: Callable[[Flow], Any]) -> Any:
    async def run() -> Any:
        pool: WorkerPool[Any, Any] = WorkerPool(never, 1, 1.0)
        async with Writer(store, lambda: NOW) as writer:
            return await act(Flow(store, pool, writer, lambda: NOW))

    return asyncio.run(run())


def test_a_feed_whose_addresses_changed_form_floods_nothing(store: Store) -> None:
    old = [new(number) for number in range(1, 9)]
    store.save(old, now=NOW)
    moved = [
        Candidate(
            url=f"https://bao.example.vn/tin/{number}",
            outlet="bao-mot",
            endpoint=FEED,
            entry=Entry(link="", title=each.article.title, published_at=each.article.published_at),
        )
        for number, each in enumerate(old, 1)
    ]
    assert with_flow(store, lambda flow: flow.wanted(moved)) == []
    assert store.outcome_counts()[Reason.DUPLICATE] == 8
    assert store.stats().articles == 8
    found = store.get("https://bao.example.vn/tin/3")
    assert found is not None
    assert found.article.url == "https://bao.example.vn/bai-3.html"
    assert with_flow(store, lambda flow: flow.wanted(moved)) == [], "known the next time"


def test_who_named_what_is_kept_with_the_state_of_the_endpoint(store: Store) -> None:
    async def poll(flow: Flow) -> None:
        await flow.endpoint_state("bao-mot", Endpoint(kind=EndpointKind.FEED, url=FEED, grade=Grade.A), FEED)
        named = [Named("https://bao.example.vn/1", NOW), Named("https://bao.example.vn/2", None)]
        await flow.polled(EndpointState(url=FEED, outlet="bao-mot"), named)

    with_flow(store, poll)
    with_flow(store, poll)
    with store.reading() as connection:
        rows = connection.execute(collection.NAMING.select().order_by(collection.NAMING.c.url)).all()
    assert [(row.url[-1], row.kind, row.published_at) for row in rows] == [
        ("1", "feed", NOW),
        ("2", "feed", None),
    ]
