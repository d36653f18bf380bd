"""The stories of labelled articles as the service makes them: an hour stored, its articles placed.

Grouping all at once sees every article beside every other; the service looks up what leads to an article.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from models.document import Article, Completeness, text_of
from models.story import Relation, StoryDocument, StoryLink
from models.tags import Role, Taggable, Tags
from pipeline.credit import read_credit
from pipeline.placing import place_new
from pipeline.store import NewArticle, Store, open_store
from pipeline.stories import Grouper

Tagged = tuple[str, Taggable, Tags]
"""The id of a record, what the taggers read of it, and what they said."""

NO_DATE = datetime.fromtimestamp(0, UTC)


def story_document(tagged: Tagged) -> StoryDocument:
    """The document that grouping reads of a stored article. A missing date is 1970."""
    key, article, tags = tagged
    return StoryDocument(
        id=key,
        outlet=article.outlet,
        language=tags.language,
        url=article.url or key,
        title=article.title,
        lead=article.lead,
        text=text_of(article.lead, article.body),
        published_at=article.published or NO_DATE,
        provinces=tuple(tag.code for tag in tags.provinces if tag.role is Role.ABOUT),
        mentioned=tuple(tag.code for tag in tags.provinces if tag.role is Role.MENTIONED),
        topics=tuple(topic.id for topic in tags.topics),
        credit=_credit(article),
    )


def _credit(article: Taggable) -> str:
    """Whom the text credits, read as on a page: before the lead is put in front of a dateline."""
    credit = read_credit(article.body) or read_credit(article.lead)
    return credit.code if credit and credit.counts_for(article.outlet) else ""


def new_article(tagged: Tagged) -> NewArticle:
    """What would be stored of it."""
    document = story_document(tagged)
    article = Article(
        url=document.url,
        outlet=document.outlet,
        title=document.title,
        lead=document.lead,
        text=document.text,
        language=document.language,
        published_at=document.published_at,
        completeness=Completeness.FULL,
        credit=document.credit,
    )
    return NewArticle(article=article, tags=tagged[2])


def stored_links(found: Sequence[Tagged], grouper: Grouper) -> list[StoryLink]:
    """Store articles in a database of their own and place them. One link for each, in the order given."""
    with (
        tempfile.TemporaryDirectory(prefix="diembao-stories-") as folder,
        open_store(f"sqlite:///{folder}/stories.sqlite3") as store,
    ):
        for hour, articles in groupby(sorted(map(new_article, found), key=_rank), key=_hour):
            store.save(list(articles), now=hour + timedelta(hours=1))
            place_new(store, grouper)
        return [_link(store, story_document(tagged)) for tagged in found]


def _rank(new: NewArticle) -> tuple[datetime, str]:
    return _published(new), new.article.url


def _hour(new: NewArticle) -> datetime:
    return _published(new).replace(minute=0, second=0, microsecond=0)


def _published(new: NewArticle) -> datetime:
    return new.article.published_at or NO_DATE


def _link(store: Store, document: StoryDocument) -> StoryLink:
    stored = store.get(document.url)
    if stored is None:  # it has neither headline nor text
        return StoryLink(
            id=document.id, story=document.id, relation=Relation.ORIGINAL, origin="", evidence=()
        )
    return StoryLink(
        id=document.id,
        story=stored.story,
        relation=Relation(stored.relation),
        origin=stored.origin,
        evidence=tuple(stored.story_evidence),
    )
