"""Pages in the markup of each family, written for this project, with what must be read from them.

A case is a folder `tests/outlets/<slug>/<date>/` of `input.html.gz`, `expected.json` and `meta.json`; old
layouts stay as cases of an older date.
"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.document import Article
from models.outcome import Reason
from models.outlet import Outlet
from pipeline.extract import extract, families_of, outlet_for
from tests.pipeline.extract.pages import document

CASES = sorted((Path(__file__).resolve().parents[2] / "outlets").glob("*/*/input.html.gz"))
FIELDS = ("title", "lead", "authors", "section", "language", "credit", "dateline", "captions")


def load(case: Path) -> tuple[bytes, dict[str, Any], dict[str, str]]:
    expected, meta = (
        json.loads((case.parent / f"{name}.json").read_text("utf-8")) for name in ("expected", "meta")
    )
    return gzip.decompress(case.read_bytes()), expected, meta


def names(case: Path) -> str:
    return f"{case.parent.parent.name}-{case.parent.name}"


def read(case: Path, outlets: dict[str, Outlet], *, known: bool = True) -> Article:
    body, _, meta = load(case)
    outlet = outlets[case.parent.parent.name] if known else None
    found = extract(document(body, meta["url"]), outlet, families=families_of(outlets.values()))
    assert found.reason is Reason.STORED, found.detail
    assert found.article is not None
    return found.article


@pytest.mark.parametrize("case", CASES, ids=names)
def test_every_field_of_the_page_is_read(case: Path, outlets: dict[str, Outlet]) -> None:
    _, expected, _ = load(case)
    article = read(case, outlets)
    found = {name: getattr(article, name) for name in FIELDS}
    found = {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}
    assert found == {name: expected[name] for name in FIELDS}
    assert article.text.split("\n") == expected["text"]


@pytest.mark.parametrize("case", CASES, ids=names)
def test_the_time_is_right_to_the_minute(case: Path, outlets: dict[str, Outlet]) -> None:
    _, expected, _ = load(case)
    at = read(case, outlets).published_at
    assert at is not None
    assert f"{at:%Y-%m-%dT%H:%M}" == f"{_utc(expected['published_at']):%Y-%m-%dT%H:%M}"


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize("case", CASES, ids=names)
def test_the_address_belongs_to_the_outlet_of_the_case(case: Path, outlets: dict[str, Outlet]) -> None:
    _, _, meta = load(case)
    found = outlet_for(meta["url"], outlets)
    assert found is not None
    assert found.slug == case.parent.parent.name


def test_an_unknown_outlet_of_a_known_family_is_read_by_that_family(outlets: dict[str, Outlet]) -> None:
    case = next(case for case in CASES if case.parent.parent.name == "vietnamplus")
    article = read(case, outlets, known=False)
    _, expected, _ = load(case)
    assert article.profile == "zce"
    assert article.text.split("\n") == expected["text"]


def test_a_redesigned_page_is_read_whole_and_says_so(outlets: dict[str, Outlet]) -> None:
    case = next(case for case in CASES if case.parent.parent.name == "baolangson")
    body, expected, meta = load(case)
    changed = body.replace(b"content-detail", b"new-layout").replace(b'class="', b'class="n-')
    found = extract(document(changed, meta["url"]), outlets["baolangson"])
    assert found.article is not None
    assert found.article.method == "page"
    assert found.article.text.startswith(expected["lead"])
    assert found.article.text.count(expected["lead"]) == 1


def test_the_outlets_own_profile_comes_before_other_families(outlets: dict[str, Outlet]) -> None:
    case = next(case for case in CASES if case.parent.parent.name == "dantri")
    body, _, meta = load(case)
    found = extract(document(body, meta["url"]), outlets["dantri"], families=families_of(outlets.values()))
    assert found.article is not None
    assert found.article.profile == "dantri"
