"""From articles to stories: one event, however many articles tell it.

`Grouper.group` is pure and independent of the order of the documents. An event's id comes from its earliest
article, so that the same articles always make the same stories. `Grouper.join` does the same for a few new
articles out of very many, of which the caller has found those worth comparing (`Grouper.clues`); it returns
only what changes.
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

import xxhash

from models.errors import ConfigError
from models.story import StoryDocument, StoryLink
from pipeline.credit import WIRES
from pipeline.stories.clues import Clues, clues_of
from pipeline.stories.clusters import Pair
from pipeline.stories.commonness import COMMON_FACTS, Commonness, load_commonness
from pipeline.stories.features import Features, features_of
from pipeline.stories.relations import origin_of, standings
from pipeline.stories.similarity import Known, Likeness
from pipeline.stories.terms import TermTable, load_terms
from pipeline.stories.window import MOST_MEMBERS, Members, Placed, Window

MOST_MET = 200  # documents whose features are kept, some 60 KB each


class Grouper:
    """Groups documents into stories. Holds the bilingual term table, how common facts are, and the features
    of the documents that it met last."""

    def __init__(self, terms: TermTable, common: Commonness, agencies: Mapping[str, str]) -> None:
        self._terms = terms
        self._common = common
        self._agencies = agencies
        self._met: dict[tuple[str, int], Features] = {}

    def group(self, documents: Sequence[StoryDocument]) -> list[StoryLink]:
        """One link for each document, in the order given. Documents that have a story stay together.

        Documents more than five days apart are never compared.
        """
        order = sorted(range(len(documents)), key=lambda i: _rank(documents[i]))
        window = Window(self._common)
        places = window.add([features_of(documents[i], self._terms, self._agencies) for i in order])
        placed = window.place(places, _standing(window, places))
        links: dict[int, StoryLink] = {}
        for group in placed.groups:
            for place, link in _links(window, group, placed.likes).items():
                links[order[place]] = link
        return [links[index] for index in range(len(documents))]

    def place(self, documents: Iterable[StoryDocument]) -> list[StoryLink]:
        """The links of the stories that documents without a story join, make or merge. Ids must differ."""
        window = Window(self._common)
        places = window.add([self._features(document) for document in sorted(documents, key=_rank)])
        new = [place for place in places if not window.features[place].document.story]
        placed = window.place(new, _standing(window, places))
        return _all_links(window, placed)

    def clues(self, document: StoryDocument) -> Clues:
        """What leads from a document to those worth comparing with it."""
        return clues_of(self._features(document), self._common)

    def join(
        self,
        new: Sequence[StoryDocument],
        others: Iterable[StoryDocument],
        near: Mapping[str, Sequence[str]],
        *,
        total: int,
        holders: Mapping[str, Sequence[str]],
        members: Callable[[Sequence[str]], Iterable[StoryDocument]],
    ) -> list[StoryLink]:
        """As `place`, for a few new documents out of very many.

        `near` has the ids of the documents worth comparing with each new one, which are new themselves or of
        `others`; `holders` the ids of those that have a fact of the new ones, of `total` documents;
        `members` gives the documents of stories.
        """
        window = Window(self._common)
        at: dict[str, int] = {}
        read: Counter[str] = Counter()  # members by story

        def take(documents: Iterable[StoryDocument]) -> None:
            fresh = {document.id: document for document in documents if document.id not in at}
            ordered = sorted(fresh.values(), key=_rank)
            places = window.add([self._features(document) for document in ordered])
            at.update({document.id: place for document, place in zip(ordered, places, strict=True)})

        def standing(stories: Collection[str]) -> dict[str, list[int]]:
            found = list(members(sorted(stories)))
            read.update(Counter(document.story for document in found) - read)
            take(found)
            ordered = sorted(at.values(), key=lambda place: _rank(window.features[place].document))
            return {
                story: [place for place in ordered if window.features[place].document.story == story]
                for story in stories
            }

        take([*new, *others])
        texts = {id_: window.features[place].text_key for id_, place in at.items()}
        window.known = Known(
            total, {fact: len({texts.get(i, i) for i in ids}) for fact, ids in holders.items()}
        )
        compared = {at[id_]: [at[other] for other in ids if other in at] for id_, ids in near.items()}
        links = _all_links(window, window.place([at[document.id] for document in new], standing, compared))
        stood = {id_: window.features[place].document.story for id_, place in at.items()}
        # Where not all of a story was read, its members were told apart before with more in hand.
        crowded = {story for story, count in read.items() if count >= MOST_MEMBERS}
        unread = {id_ for id_, story in stood.items() if story in crowded} - {document.id for document in new}
        return [link for link in links if link.id not in unread or stood[link.id] != link.story]

    def _features(self, document: StoryDocument) -> Features:
        key = (document.id, fingerprint(document))
        found = self._met.pop(key, None) or features_of(document, self._terms, self._agencies)
        if len(self._met) >= MOST_MET:
            del self._met[next(iter(self._met))]
        self._met[key] = found.of(document)
        return self._met[key]


def _all_links(window: Window, placed: Placed) -> list[StoryLink]:
    return [link for group in placed.groups for link in _links(window, group, placed.likes).values()]


def fingerprint(document: StoryDocument) -> int:
    """A hash of what grouping reads of a document, but for its story."""
    parts = (
        document.title, document.lead, document.text, document.outlet, document.credit,
        *document.provinces, *document.mentioned, document.published_at.isoformat(),
    )  # fmt: skip
    return xxhash.xxh3_64_intdigest("\x1f".join(parts))


def _rank(document: StoryDocument) -> tuple[object, ...]:
    """What orders documents whatever the order in which they came."""
    return document.published_at, document.url, document.id, document.title, document.text


def _standing(window: Window, places: Iterable[int]) -> Members:
    """The stories that stand already, with their places in the order given."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place in places:
        if story := window.features[place].document.story:
            found[story].append(place)
    return lambda stories: {story: found[story] for story in stories}


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
    """The grouper with its tables. Raises ConfigError."""
    return Grouper(
        load_terms(config_dir / "terms.tsv"),
        load_commonness(config_dir / "models" / COMMON_FACTS),
        load_agencies(config_dir / "outlets"),
    )


def load_agencies(folder: Path) -> dict[str, str]:
    """The credit codes of the outlets that belong to an agency, by slug. The agencies are their own."""
    found = {code: code for code in WIRES}
    for file in sorted(folder.glob("*.toml")):
        try:
            agency = tomllib.loads(file.read_text("utf-8-sig")).get("agency", "")
        except (OSError, ValueError) as error:
            raise ConfigError(str(error), about=str(file)) from error
        if agency:
            found[file.stem] = agency
    return found
