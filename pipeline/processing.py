"""What worker processes do: a page becomes an article with its tags, a feed its entries.

Every worker has what is imported here in its memory, so the database's library is not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from crawlers.outlets import load_outlets
from crawlers.parsing import Parsed, Unparsed, parse
from models.document import Article, RawDocument
from models.outcome import Reason
from models.outlet import Outlet
from models.tags import Taggable, Tags
from pipeline.extract import extract, families_of
from pipeline.store.ready import Ready, ready_of
from pipeline.tag import Tagger, load_tagger
from pipeline.tag.version import version_of


@dataclass(frozen=True, slots=True)
class Processed:
    """What the worker made of a page. `article`, `tags` and `ready` are None unless it can be stored."""

    article: Article | None
    tags: Tags | None
    reason: Reason
    detail: str = ""
    ready: Ready | None = None


Work = RawDocument | Unparsed
Done = Processed | Parsed


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
        return cls(load_outlets(config_dir), _tagger(config_dir, version_of(config_dir)))

    def __call__(self, item: Work) -> Done:
        return parse(item) if isinstance(item, Unparsed) else self.process(item)

    def process(self, document: RawDocument) -> Processed:
        """Read and tag one page."""
        outlet = self._outlets.get(document.outlet)
        extraction = extract(document, outlet, families=self._families)
        if extraction.article is None:
            return Processed(None, None, extraction.reason, extraction.detail)
        tags = self._tagger.tag(taggable(extraction.article, outlet))
        article = replace(extraction.article, language=extraction.article.language or tags.language)
        return Processed(article, tags, extraction.reason, extraction.detail, ready_of(article, tags))


@lru_cache(maxsize=1)
def _tagger(config_dir: Path, version: str) -> Tagger:
    """Kept, so that workers have the one that was read before they were forked while its version is that of
    the files."""
    return load_tagger(config_dir)


def taggable(article: Article, outlet: Outlet | None) -> Taggable:
    """What the taggers read of an article. The text begins with the lead, which is given apart."""
    body = article.text
    if article.lead and body.startswith(article.lead):
        body = body[len(article.lead) :].lstrip("\n")
    return Taggable(
        title=article.title,
        lead=article.lead,
        body=body,
        language=article.language,
        published=article.published_at,
        outlet=article.outlet,
        section=article.section,
        url=article.url,
        home_province=outlet.province if outlet else "",
    )
