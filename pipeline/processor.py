"""The function that worker processes run, with its tables.

Every worker has what is imported here in its memory, so the database's library is not; the collecting process
imports none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from crawlers.outlets import article_verdict, load_outlets
from crawlers.parsing import Unparsed, parse
from models.document import RawDocument
from models.outlet import Outlet
from pipeline.extract import extract, families_of
from pipeline.files import Stamps, stamps
from pipeline.processing import Done, Processed, Work, taggable
from pipeline.store.identity import storable
from pipeline.store.ready import ready_of
from pipeline.tag import Tagger, load_tagger
from pipeline.tag.version import version_of
from pipeline.urls import outlet_url


class Processor:
    """Extraction and tagging of one page, or the parsing of one feed; what a worker process runs. Built once
    in each worker."""

    def __init__(self, outlets: dict[str, Outlet], tagger: Tagger) -> None:
        self._outlets = outlets
        self._families = families_of(outlets.values())
        self._tagger = tagger

    @classmethod
    def build(cls, config_dir: Path) -> Processor:
        """The processor with all its tables loaded. Raises ConfigError."""
        outlets = _outlets(config_dir, stamps(config_dir / "outlets") + stamps(config_dir / "profiles"))
        return cls(outlets, _tagger(config_dir, version_of(config_dir)))

    def __call__(self, item: Work) -> Done:
        return parse(item) if isinstance(item, Unparsed) else self.process(item)

    def process(self, document: RawDocument) -> Processed:
        """Read and tag one page."""
        outlet = self._outlets.get(document.outlet)
        extraction = extract(document, outlet, families=self._families)
        if extraction.article is None:
            return Processed(None, None, extraction.reason, extraction.detail)
        article = storable(extraction.article)
        tags = self._tagger.tag(taggable(article, outlet))
        article = replace(article, language=article.language or tags.language)
        named = named_elsewhere(outlet, document.final_url or document.url, extraction.own_addresses)
        return Processed(article, tags, extraction.reason, extraction.detail, ready_of(article, tags), named)


def named_elsewhere(outlet: Outlet | None, url: str, stated: Sequence[str]) -> str:
    """The other article of the outlet that a page at `url` says it is, by the first of the addresses `stated`
    that is an article's; empty if that is its own. Home pages, sections and other hosts are left aside. Pure.
    """
    if outlet is None:
        return ""
    addresses = (outlet_url(outlet, each, url) for each in stated)
    named = next((each for each in addresses if article_verdict(outlet, each) is None), "")
    return "" if named == outlet_url(outlet, url) else named


@lru_cache(maxsize=1)
def _tagger(config_dir: Path, version: str) -> Tagger:
    """Kept, so that workers have the one that was read before they were forked while its version is that of
    the files."""
    return load_tagger(config_dir)


@lru_cache(maxsize=1)
def _outlets(config_dir: Path, of: Stamps) -> dict[str, Outlet]:
    """Kept likewise, while no file of theirs has changed."""
    return load_outlets(config_dir)
