"""The pages that collecting is measured with."""

from __future__ import annotations

from dataclasses import replace

from crawlers.outlets import load_outlets
from models.document import RawDocument
from models.outcome import Reason
from pipeline.collect_bench import FAMILY, newspapers, page
from pipeline.extract import extract
from pipeline.settings import CONFIG_DIR
from tests.pipeline.store.material import NOW


def test_the_pages_of_the_measurement_are_articles_of_a_profiled_outlet() -> None:
    known = next(each for each in load_outlets(CONFIG_DIR).values() if each.profile.family == FAMILY)
    (paper,) = newspapers(8080, 1, known)
    url = "http://127.0.0.1:8080/tin-4000001.html"
    document = RawDocument(
        outlet=paper.slug, url=url, final_url=url, fetched_at=NOW, status=200, body=page(1).encode()
    )
    found = extract(document, paper)
    assert found.reason is Reason.STORED
    assert found.article is not None
    assert found.article.method == "profile"
    assert len(found.article.text.split()) > 300
    assert extract(replace(document, body=page(2).encode()), paper).article != found.article
