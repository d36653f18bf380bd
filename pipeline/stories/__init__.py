"""From articles to stories: one event, however many articles tell it.

`Grouper.group` is pure and independent of the order of the documents. An event's id comes from its earliest
article, so that the same articles always make the same stories. `Grouper.place` does the same for a window
that grows: it keeps what it has computed of the window and returns only what changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xxhash

from models.story import StoryDocument, StoryLink
from pipeline.stories.clusters import Pair
from pipeline.stories.commonness import COMMON_FACTS, Commonness, load_commonness
from pipeline.stories.relations import origin_of, standings
from pipeline.stories.similarity import Likeness
from pipeline.stories.terms import TermTable, load_terms
from pipeline.stories.window import Window


class Grouper:
    """Groups documents into stories. Holds the bilingual term table and, for `place`, the window."""

    def __init__(self, terms: TermTable, common: Commonness) -> None:
        self._terms = terms
        self._common = common
        self._window = Window(terms, common)
        self._places: dict[str, int] = {}

    def group(self, documents: Sequence[StoryDocument]) -> list[StoryLink]:
        """One link for each document, in the order given. Documents that have a story stay together.

        Documents more than five days apart are never compared.
        """
        order = sorted(range(len(documents)), key=lambda i: _rank(documents[i]))
        window = Window(self._terms, self._common)
        places = window.add([documents[i] for i in order])
        placed = window.place(places, _standing(window, places))
        links: dict[int, StoryLink] = {}
        for group in placed.groups:
            for place, link in _links(window, group, placed.likes).items():
                links[order[place]] = link
        return [links[index] for index in range(len(documents))]

    def place(self, documents: Iterable[StoryDocument]) -> list[StoryLink]:
        """The links of the stories that documents without a story join, make or merge.

        `documents` is the whole window; ids must differ. What was in the window at the last call and has not
        changed costs next to nothing.
        """
        given = {document.id: document for document in documents}
        self._refresh(given)
        places = [self._places[document.id] for document in sorted(given.values(), key=_rank)]
        new = [place for place in places if not self._window.features[place].document.story]
        placed = self._window.place(new, _standing(self._window, places))
        return [
            link for group in placed.groups for link in _links(self._window, group, placed.likes).values()
        ]

    def _refresh(self, given: Mapping[str, StoryDocument]) -> None:
        for key, place in list(self._places.items()):
            if key not in given or not self._window.unchanged(place, given[key]):
                self._window.remove(place)
                del self._places[key]
        added = sorted((d for d in given.values() if d.id not in self._places), key=_rank)
        places = self._window.add(added)
        self._places |= {document.id: place for document, place in zip(added, places, strict=True)}


def _rank(document: StoryDocument) -> tuple[object, ...]:
    """What orders documents whatever the order in which they came."""
    return document.published_at, document.url, document.id, document.title, document.text


def _standing(window: Window, places: Iterable[int]) -> dict[str, list[int]]:
    """The stories that stand already, with their places in the order given."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for place in places:
        if story := window.features[place].document.story:
            members[story].append(place)
    return members


def _links(window: Window, group: Sequence[int], likes: Mapping[Pair, Likeness]) -> dict[int, StoryLink]:
    documents = {place: window.features[place].document for place in group}
    story = story_id(list(documents.values()))
    links = {}
    for place, standing in standings(group, window.features, likes).items():
        source = standing.made_from
        links[place] = StoryLink(
            id=documents[place].id,
            story=story,
            relation=standing.relation,
            origin=origin_of(documents[place]),
            evidence=(standing.why,) if source is None else (standing.why, documents[source].url),
        )
    return links


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
    return Grouper(
        load_terms(config_dir / "terms.tsv"), load_commonness(config_dir / "models" / COMMON_FACTS)
    )
