"""The pages that collecting is measured with."""

from __future__ import annotations

import gzip
import time

import pytest

from crawlers.outlets import article_verdict
from models.document import RawDocument
from models.outcome import Reason
from pipeline.bench_pages import Family, Packer, families, page, page_parts, story
from pipeline.collect_bench import Press
from pipeline.extract import extract
from pipeline.sampling import sampled, shares
from pipeline.settings import CONFIG_DIR
from tests.pipeline.store.material import NOW

FAMILIES = families(CONFIG_DIR)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.profile.family)
def test_the_pages_of_the_measurement_are_articles_that_the_family_s_profile_reads(family: Family) -> None:
    press = Press((family,), 1, 10)
    (paper,) = press.newspapers(8080)
    url = press.address(7, 8080)
    body = page(family, 7, "127.0.0.1:8080")
    assert article_verdict(paper, url) is None
    found = extract(
        RawDocument(outlet=paper.slug, url=url, final_url=url, fetched_at=NOW, status=200, body=body), paper
    )
    assert found.reason is Reason.STORED
    assert found.article is not None
    assert found.article.method == "profile"
    assert found.article.title == story(7).title
    assert all(line in found.article.text for line in story(7).paragraphs)
    assert 110_000 < len(body) < 300_000
    assert page(family, 8, "127.0.0.1:8080") != body


def test_packed_pages_unpack_to_the_same_bytes() -> None:
    packer = Packer()
    for number in (1, 2):
        packed = packer.pack(page_parts(FAMILIES[0], number, "127.0.0.1"))
        assert gzip.decompress(packed) == page(FAMILIES[0], number, "127.0.0.1")
        assert len(packed) < 60_000


def test_every_article_stands_in_one_feed() -> None:
    press = Press(tuple(FAMILIES), 7, 40)
    feeds = [press.feed(outlet, 80) for outlet in range(7)]
    assert all(sum(press.address(number, 80) in feed for feed in feeds) == 1 for number in range(40))


def test_the_time_of_a_busy_function_is_counted_for_its_part() -> None:
    with sampled([("digests", ("test_collect_bench",))]) as parts:
        end = time.thread_time() + 0.1
        while time.thread_time() < end:
            story(1)
    (name, share), *_ = shares(parts)
    assert name == "digests"
    assert share > 0.5
