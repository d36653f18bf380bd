"""The function that worker processes run, with its tables.

Every worker has what is imported here in its memory, so the database's library is not; the collecting process
imports none of it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from crawlers.outlets import load_outlets
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
        return Processed(article, tags, extraction.reason, extraction.detail, ready_of(article, tags))


@lru_cache(maxsize=1)
def _tagger(config_dir: Path, version: str) -> Tagger:
    """Kept, so that workers have the one that was read before they were forked while its version is that of
    the files."""
    return load_tagger(config_dir)


@lru_cache(maxsize=1)
def _outlets(config_dir: Path, of: Stamps) -> dict[str, Outlet]:
    """Kept likewise, while no file of theirs has changed."""
    return load_outlets(config_dir)
