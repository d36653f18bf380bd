"""What worker processes take and give: a page becomes an article with its tags, a feed its entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crawlers.parsing import Parsed, Unparsed
from models.document import Article, RawDocument, body_of
from models.outcome import Reason
from models.outlet import Outlet
from models.tags import Taggable, Tags
from pipeline.store.ready import Ready


@dataclass(frozen=True, slots=True)
class Processed:
    """What the worker made of a page. `article`, `tags` and `ready` are None unless it can be stored;
    `canonical` is the other article address that the page gives as its own, empty if it gives none."""

    article: Article | None
    tags: Tags | None
    reason: Reason
    detail: str = ""
    ready: Ready | None = None
    canonical: str = ""


Work = RawDocument | Unparsed
Done = Processed | Parsed


def build_processor(config_dir: Path) -> Callable[[Work], Done]:
    """What a worker process runs, made there with all its tables. Raises ConfigError."""
    from pipeline.processor import Processor

    return Processor.build(config_dir)


def taggable(article: Article, outlet: Outlet | None) -> Taggable:
    """What the taggers read of an article. The text begins with the lead, which is given apart."""
    return Taggable(
        title=article.title,
        lead=article.lead,
        body=body_of(article.text, article.lead),
        language=article.language,
        published=article.published_at,
        outlet=article.outlet,
        section=article.section,
        url=article.url,
        home_province=outlet.province if outlet else "",
    )
