"""What storing an article needs that is worked out from the article alone. Pure, and without the database's
library, so that worker processes can do it while the writer has nothing left but to write."""

from __future__ import annotations

import json
from dataclasses import dataclass

from models.document import Article
from models.tags import Tags
from pipeline.store.forms import Forms, forms_of
from pipeline.store.identity import content_hash, storable
from pipeline.store.tagrows import tags_json


class Written(str):
    """JSON that is written already."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ready:
    """Of one article with its tags: the fingerprint of its content, its tags as JSON, its words as they are
    indexed."""

    content_hash: str
    tags: str
    forms: Forms


def ready_of(article: Article, tags: Tags) -> Ready:
    """Work it out. The article is storable."""
    forms = forms_of(article.title, article.lead, article.text)
    return Ready(content_hash(article), written_tags(tags), forms)


def written_tags(tags: Tags) -> Written:
    """The tags as the JSON that is stored."""
    value = tags_json(tags)
    text = json.dumps(value, ensure_ascii=False)
    if "\\u0000" in text or storable(text) != text:  # rare: only then is each text in it looked at
        text = json.dumps(storable(value), ensure_ascii=False)
    return Written(text)
