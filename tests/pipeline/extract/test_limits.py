"""Damaged, deep and wide pages: each ends in an outcome, none raises or is parsed beyond the limits."""

from __future__ import annotations

import gzip

from models.outcome import Reason
from models.outlet import Outlet
from pipeline.extract import extract, fuzz
from pipeline.extract.pool import WorkerPool
from pipeline.limits import MAX_BYTES, MAX_DEPTH, MAX_TAGS, beyond_limits
from tests.conftest import ROOT
from tests.pipeline.extract.pages import document, page, prose
from tests.pipeline.extract.work import damaging

CASES = sorted((ROOT / "tests" / "outlets").glob("*/*/input.html.gz"))


def test_damaged_pages_of_every_family_end_in_an_outcome(outlets: dict[str, Outlet]) -> None:
    for case in CASES[::4]:
        sound = gzip.decompress(case.read_bytes())
        found = fuzz.survey(fuzz.damaged(sound, cuts=8, flips=3), outlets)
        assert found.errors == []
        assert found.outcomes.total() == 8 + 3 + len(fuzz.CHARSETS)
        assert sum(count for (_, reason), count in found.outcomes.items() if reason == "stored") >= 3, case


async def test_a_page_that_ends_its_worker_is_named_and_the_rest_is_read() -> None:
    pages = [fuzz.Damaged(kind, b"a") for kind in ("sound one", "deadly", "slow", "sound two")]
    async with WorkerPool(damaging, 1, 3.0) as pool:
        found = await fuzz.survey_in_workers(pages, pool, 1)
    assert found.outcomes == {("sound", "stored"): 2, ("slow", "extract_timeout"): 1}
    assert [error.split(":")[0] for error in found.errors] == ["deadly"]
    assert "1 errors" in fuzz.table(found)


def test_pages_nested_deep_are_refused_unparsed(outlets: dict[str, Outlet]) -> None:
    found = fuzz.survey(list(fuzz.deep()), outlets)
    assert found.errors == []
    assert ("deep", "stored") not in found.outcomes
    assert found.outcomes["deep", "too_large"] + found.outcomes["deep", "parse_error"] == 5


def test_a_page_beyond_the_size_limit_is_too_large() -> None:
    found = extract(document(b"<p>" + b"a " * (MAX_BYTES // 2)), None)
    assert found.reason is Reason.TOO_LARGE
    assert str(MAX_BYTES) in found.detail


def test_unclosed_paragraphs_and_void_elements_do_not_count_as_depth() -> None:
    body = b"<p>a<br><img src=x><li>b" * (MAX_DEPTH + 500)
    assert beyond_limits(body) is None
    assert beyond_limits(b"<div>" * (MAX_DEPTH + 500) + b"</x>" * 3000) is not None


def test_closed_elements_side_by_side_are_not_deep() -> None:
    assert beyond_limits(b"<div><b>a</b></div>" * (MAX_TAGS // 5)) is None


def test_a_long_live_page_is_read() -> None:
    body = page(prose(*(f"Lúc {i} giờ, nước sông lên thêm {i} cm." for i in range(1500)))).encode()
    assert beyond_limits(body) is None
    assert extract(document(body), None).reason is Reason.STORED
