"""What goes wrong over one page, entry or endpoint ends that one alone, whatever it is."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence

import pytest

from crawlers.parsing import Parsed, Unparsed
from models.document import RawDocument
from models.errors import StoreError
from models.outcome import Reason
from models.outlet import EndpointKind
from models.ports import Candidate, Choice, EndpointState, Named
from tests.support.crawling import run
from tests.support.outlets import endpoint, outlet
from tests.support.server import response, site
from tests.support.sink import MemorySink

SITEMAP, LISTING, FEED = EndpointKind.SITEMAP, EndpointKind.LISTING, EndpointKind.FEED
FUTURE = "9999-12-31T23:59:59Z"


def index(address: str, lastmod: str = "") -> str:
    return f"<sitemapindex><sitemap><loc>{address}</loc><lastmod>{lastmod}</lastmod></sitemap></sitemapindex>"


class Faulty(MemorySink):
    """A sink in which this program has an error over whatever names 13."""

    async def choose(self, candidates: Sequence[Candidate]) -> Choice:
        if any(candidate.entry.title == "Tin 13" for candidate in candidates):
            raise LookupError("an error of ours")
        return await super().choose(candidates)

    async def document(self, document: RawDocument) -> Reason:
        if document.url.endswith("/13"):
            raise LookupError("an error of ours")
        return await super().document(document)


@pytest.mark.parametrize(
    ("kind", "answer", "ended"),
    [
        (SITEMAP, index("mailto:a@b.vn"), "mailto:a@b.vn"),
        (SITEMAP, index("http://[::1"), "http://[::1"),
        (SITEMAP, index("http://h:99999999/"), "http://h:99999999/"),
        (SITEMAP, index("http://127.0.0.2:1/s-2026-11.xml", FUTURE), "http://127.0.0.2:1/s-2026-11.xml"),
        (
            FEED,
            json.dumps(
                {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "http://[/\ud800"}]}
            ),
            "http://[/\ufffd",
        ),
    ],
    ids=["mail address", "open bracket", "port", "end of the calendar", "half a character"],
)
async def test_an_address_that_is_none_ends_alone_with_its_reason(
    kind: EndpointKind, answer: str, ended: str
) -> None:
    sink = MemorySink()
    async with site("127.0.0.2") as bad, site() as good:
        bad.pages["/x"] = response(answer.encode(), kind="application/xml")
        good.feed("/rss", "/tin/1")
        good.articles("/tin/1")
        bad_paper = outlet(endpoint(f"{bad.base}/x", kind), slug="xau", hosts=("127.0.0.2",))
        await run(sink, bad_paper, outlet(endpoint(f"{good.base}/rss")))
    assert list(sink.documents) == [f"{good.base}/tin/1"]
    assert [outcome.url for outcome in sink.outcomes] == [ended]
    assert sink.states[f"{bad.base}/x"].polls == 1


async def test_a_listing_whose_base_cannot_be_read_is_resolved_against_its_own_address() -> None:
    sink = MemorySink()
    async with site() as server:
        server.pages["/muc"] = '<base href="http://[x"><a href="/tin/1">Một</a><a rel=next href="http://[z">'
        server.articles("/tin/1")
        report = await run(sink, outlet(endpoint(f"{server.base}/muc", LISTING)))
    assert (report.polls[0].reason, list(sink.documents)) == (None, [f"{server.base}/tin/1"])


async def test_what_two_endpoints_name_is_waited_for_by_both_however_late_it_is_known_to_be_wanted() -> None:
    """Else a run that dies in between would not meet it again where it counts as named."""

    class Slow(MemorySink):
        async def choose(self, candidates: Sequence[Candidate]) -> Choice:
            await asyncio.sleep(0.3)
            return await super().choose(candidates)

    sink = Slow()
    async with site() as server:
        server.feed("/a", "/tin/1")
        server.feed("/b", "/tin/1")
        server.articles("/tin/1")
        await run(sink, outlet(endpoint(f"{server.base}/a"), endpoint(f"{server.base}/b")))
    assert sink.events[0] == f"document {server.base}/tin/1"
    assert set(sink.events[1:]) == {f"polled {server.base}/a", f"polled {server.base}/b"}


async def test_an_endpoint_whose_entry_met_an_error_at_another_is_read_in_full_again() -> None:
    class Slow(Faulty):
        async def choose(self, candidates: Sequence[Candidate]) -> Choice:
            await asyncio.sleep(0.3)
            return await super().choose(candidates)

    sink = Slow()
    async with site() as server:
        server.feed("/a", *(f"/tin/{number}" for number in range(14)))
        server.feed("/b", "/tin/1")
        server.articles("/tin/1")
        feeds = [endpoint(f"{server.base}/{name}") for name in "ab"]
        for paper in (outlet(*feeds), outlet(feeds[1])):
            await run(sink, paper)
    assert list(sink.documents) == [f"{server.base}/tin/1"]


async def test_an_error_of_this_program_over_a_page_is_logged_and_ends_that_page_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sink = Faulty()
    with caplog.at_level(logging.ERROR):
        async with site() as server:
            server.feed("/rss", "/tin/13", "/tin/1")
            server.articles("/tin/13", "/tin/1")
            report = await run(sink, outlet(endpoint(f"{server.base}/rss")))
    assert report.reasons == {Reason.STORED: 1, Reason.FAULT: 1}
    assert sink.reason_of(f"{server.base}/tin/13") is Reason.FAULT
    (record,) = caplog.records
    assert f"{server.base}/tin/13" in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is LookupError


async def test_an_error_of_this_program_over_an_endpoint_backs_it_off_and_the_rest_goes_on() -> None:
    """What that endpoint alone had met can still be named by another."""
    sink = Faulty()
    async with site() as server:
        server.feed("/a", *(f"/tin/{number}" for number in range(14)))
        server.feed("/b", "/tin/1")
        server.articles("/tin/1")
        report = await run(
            sink, outlet(endpoint(f"{server.base}/a"), endpoint(f"{server.base}/b"), parallel=1)
        )
    assert [poll.reason for poll in report.polls] == [Reason.FAULT, None]
    assert sink.reason_of(f"{server.base}/a") is Reason.FAULT
    assert list(sink.documents) == [f"{server.base}/tin/1"]
    assert (sink.states[f"{server.base}/a"].failures, sink.states[f"{server.base}/b"].failures) == (1, 0)


async def test_an_error_over_what_an_endpoint_named_still_lets_it_be_remembered_as_failed() -> None:
    class Forgetful(MemorySink):
        async def polled(self, state: EndpointState, named: Sequence[Named]) -> None:
            if named:
                raise LookupError("an error of ours")
            await super().polled(state, named)

    sink = Forgetful()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        server.articles("/tin/1")
        await run(sink, outlet(endpoint(f"{server.base}/rss")))
    assert sink.states[f"{server.base}/rss"].failures == 1
    assert sink.reason_of(f"{server.base}/rss") is Reason.FAULT


async def test_an_error_in_reading_an_endpoint_is_a_fault_and_the_database_failing_ends_the_run() -> None:
    async def broken(unparsed: Unparsed) -> Parsed:
        raise LookupError("an error of ours")

    class Away(MemorySink):
        async def choose(self, candidates: Sequence[Candidate]) -> Choice:
            raise StoreError("the database is not there")

    sink, away = MemorySink(), Away()
    async with site() as server:
        server.feed("/rss", "/tin/1")
        paper = outlet(endpoint(f"{server.base}/rss"))
        await run(sink, paper, read_feed=broken)
        with pytest.raises(StoreError):
            await run(away, paper)
    assert sink.reason_of(f"{server.base}/rss") is Reason.FAULT
    assert away.states == {}
