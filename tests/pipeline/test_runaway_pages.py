"""R15: pages on a real server that make a reader run away, read in a real worker: each costs itself."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from crawlers.crawl import CrawlOptions, crawl
from models.outcome import Reason
from models.tags import Taggable, Tags
from pipeline.extract.pool import WorkerPool
from pipeline.flow import Flow
from pipeline.processing import Done, Work
from pipeline.processor import Processor
from pipeline.store import Store, open_store
from pipeline.tag import Tagger
from pipeline.writer import Writer
from tests.conftest import Databases
from tests.support.outlets import endpoint, outlet
from tests.support.server import Site, site

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
HEAD = (
    "<html lang=vi><head><title>Lúa được mùa</title>"
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Lúa được mùa",'
    '"datePublished":"2026-11-22T01:00:00+07:00"}</script></head><body><article><h1>Lúa được mùa</h1>'
)
WORDS = "Sở Nông nghiệp cho biết vụ lúa năm nay đạt sản lượng cao hơn năm trước nhờ thời tiết thuận lợi. "
LIMIT = 8 << 20
FIRST = re.compile(rb"kills the first reader at (\S+)")


class NoTags:
    """Tags nothing."""

    def tag(self, taggable: Taggable) -> Tags:
        return Tags(language="vi")


def reader() -> Callable[[Work], Done]:
    """The worker's function; a page that says so takes all day, or has each or the first reader killed."""
    read = Processor({}, cast(Tagger, NoTags()))

    def work(item: Work) -> Done:
        if b"takes all day" in item.body:
            time.sleep(86_400)
        mark = FIRST.search(item.body)
        if b"kills each reader" in item.body or (mark and is_first(mark[1])):
            os.kill(os.getpid(), signal.SIGKILL)
        return read(item)

    return work


def is_first(mark: bytes) -> bool:
    """Whether nobody has left this mark yet, a file; it is left."""
    with suppress(FileExistsError):
        Path(mark.decode()).touch(exist_ok=False)
        return True
    return False


@pytest.fixture
def kept(sqlite_databases: Databases) -> Iterator[Store]:
    with open_store(sqlite_databases.ready()) as opened:
        yield opened


async def reasons(store: Store, pages: dict[str, str], deadline: float) -> dict[str, Reason]:
    """How each of the pages ended."""
    async with site() as server:
        server.pages.update({f"/tin/{name}": body for name, body in pages.items()})
        server.feed("/rss", *(f"/tin/{name}" for name in pages))
        await asyncio.wait_for(_collect(store, server, deadline), 120)
        base = server.base
    return {each.url.removeprefix(f"{base}/tin/"): each.reason for each in store.outcomes()}


async def _collect(store: Store, server: Site, deadline: float) -> None:
    paper = outlet(endpoint(f"{server.base}/rss"))
    async with WorkerPool(reader, 1, deadline) as pool, Writer(store, lambda: NOW) as writer:
        flow = Flow(store, pool, writer, lambda: NOW)
        options = CrawlOptions(
            now=lambda: NOW, allow_networks=("127.0.0.1/32",), max_page_bytes=LIMIT, read_feed=flow.read_feed
        )
        await crawl([paper], flow, options=options)


async def test_r15_deep_wide_and_large_pages_are_refused_by_their_own_limits_and_the_next_is_read(
    kept: Store,
) -> None:
    pages = {
        "deep": HEAD + "<div>" * 200_000,
        "wide": HEAD + f"<p>{WORDS}</p>" + "<b>a</b>" * 30_000,
        "large": f"{HEAD}<p>{WORDS * (LIMIT // 100)}</p>",
        "good": f"{HEAD}<p>{WORDS}</p><p>{WORDS}</p>",
    }
    assert await reasons(kept, pages, deadline=60.0) == {
        "deep": Reason.TOO_LARGE,
        "wide": Reason.TOO_LARGE,
        "large": Reason.TOO_LARGE,
        "good": Reason.STORED,
    }


async def test_r15_a_table_whose_cells_span_nine_thousand_billion_columns_is_read_as_it_stands(
    kept: Store,
) -> None:
    cells = "<td colspan=9000000000000000 rowspan=9000000000000000>Lúa</td><td colspan=9e15>7 tấn/ha</td>"
    table = f"<table><tr>{cells}</tr><tr><td>Ngô</td><td>5 tấn/ha</td></tr></table>"
    pages = {"spans": f"{HEAD}<p>{WORDS}</p>{table}<p>{WORDS}</p>"}
    assert await reasons(kept, pages, deadline=10.0) == {"spans": Reason.STORED}
    (article,) = kept.export()
    text = str(article["text"])
    assert "7 tấn/ha" in text
    assert "Ngô | 5 tấn/ha" in text
    assert len(text) < 1000  # at most a hundred empty cells are filled in


async def test_r15_a_page_that_takes_all_day_is_given_up_and_those_behind_it_are_read(kept: Store) -> None:
    good = f"{HEAD}<p>{WORDS}</p><p>{WORDS}</p>"
    pages = {"slow": "<!-- takes all day -->" + good, "good": good, "better": good + "<p>Hết vụ.</p>"}
    assert await reasons(kept, pages, deadline=2.0) == {
        "slow": Reason.EXTRACT_TIMEOUT,
        "good": Reason.STORED,
        "better": Reason.STORED,
    }


async def test_r15_a_page_whose_reader_was_killed_is_read_by_another_and_one_that_kills_both_is_given_up(
    kept: Store, tmp_path: Path
) -> None:
    """A reader is killed over a good page too, as for a lack of memory that others caused."""
    good = f"{HEAD}<p>{WORDS}</p><p>{WORDS}</p>"
    pages = {
        "unlucky": f"<!-- kills the first reader at {tmp_path / 'mark'} -->{good}",
        "deadly": f"<!-- kills each reader -->{good}",
        "good": f"{good}<p>Hết vụ.</p>",
    }
    assert await reasons(kept, pages, deadline=60.0) == {
        "unlucky": Reason.STORED,
        "deadly": Reason.PARSE_ERROR,
        "good": Reason.STORED,
    }
