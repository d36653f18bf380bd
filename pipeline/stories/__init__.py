"""From articles to stories: one event, however many articles tell it.

`Grouper.group` is pure and independent of the order of the documents. An event's id comes from its earliest
article, so that the same articles always make the same stories.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xxhash

from models.story import StoryDocument, StoryLink
from pipeline.stories.clusters import cluster
from pipeline.stories.features import features_of
from pipeline.stories.relations import origin_of, standings
from pipeline.stories.similarity import corpus_of, weigh
from pipeline.stories.terms import TermTable, load_terms


class Grouper:
    """Groups documents into stories. Holds the bilingual term table."""

    def __init__(self, terms: TermTable) -> None:
        self._terms = terms

    def group(self, documents: Sequence[StoryDocument]) -> list[StoryLink]:
        """One link for each document, in the order given.

        Documents more than five days apart are never compared; give a window, not the whole archive.
        """
        features = [features_of(document, self._terms) for document in documents]
        corpus = corpus_of(features)
        weighted = [weigh(item, corpus) for item in features]
        groups, likes = cluster(weighted)
        links: dict[int, StoryLink] = {}
        for members in groups:
            story = story_id([documents[i] for i in members])
            for index, standing in standings(members, weighted, likes).items():
                document = documents[index]
                source = standing.made_from
                evidence = (standing.why,) if source is None else (standing.why, documents[source].url)
                links[index] = StoryLink(
                    id=document.id,
                    story=story,
                    relation=standing.relation,
                    origin=origin_of(document),
                    evidence=evidence,
                )
        return [links[index] for index in range(len(documents))]


def story_id(documents: Sequence[StoryDocument]) -> str:
    """The id of a story: the one that its earliest document has already, else one from its address. A
    story that grows keeps its id, and of two that merge the older one's stays."""
    placed = [document for document in documents if document.story]
    if placed:
        return min(placed, key=lambda document: (document.published_at, document.url)).story
    first = min(documents, key=lambda document: (document.published_at, document.url))
    return "st" + xxhash.xxh3_64_hexdigest(first.url or first.id)


def load_grouper(config_dir: Path) -> Grouper:
    """The grouper with its table. Raises ConfigError."""
    return Grouper(load_terms(config_dir / "terms.tsv"))
