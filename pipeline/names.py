"""The names that people use in filters: provinces, topics, outlets, credits. The Resolver of search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from crawlers.outlets import load_outlets
from models.outlet import Outlet
from models.query import Meaning, Note
from pipeline.credit import WIRES, name_code
from pipeline.tag.gazetteer import Gazetteer, load_gazetteer
from pipeline.tag.place_query import PlaceQueries
from pipeline.tag.topics import TopicTagger, load_topics
from pipeline.tag.watchlist_file import load_watchlists
from pipeline.tag.watchlists import Watchlist
from pipeline.vietnamese import fold


class Names:
    """Looks names up in the gazetteer, the topics and the outlets."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        topics: TopicTagger,
        outlets: Mapping[str, Outlet],
        watchlists: Sequence[Watchlist] = (),
    ) -> None:
        self.gazetteer = gazetteer
        self.topics = topics
        self.outlets = outlets
        self.watchlists = watchlists
        self._places = PlaceQueries(gazetteer)
        self._outlet_names = {fold(outlet.name): slug for slug, outlet in outlets.items()}

    @classmethod
    def load(cls, config_dir: Path) -> Names:
        """All names of a configuration. Raises ConfigError."""
        return cls(
            load_gazetteer(config_dir),
            load_topics(config_dir, with_model=False),
            load_outlets(config_dir),
            load_watchlists(config_dir).lists,
        )

    def province(self, text: str) -> Meaning | None:
        """Provinces by new or old name, alias or code."""
        found = self._places.resolve(text)
        if not found.known:
            return None
        note = Note(found.explanation_vi, found.explanation_en) if found.explanation_vi else None
        return Meaning(values=tuple(sorted(found.new)), old=tuple(sorted(found.old)), note=note)

    def topic(self, text: str) -> Meaning | None:
        """Topics by label in either language or id, with the finer topics below them."""
        ids = self.topics.resolve(text)
        return Meaning(values=self.topics.with_finer(ids)) if ids else None

    def outlet(self, text: str) -> Meaning | None:
        """Outlets by slug or name, with or without "Báo" and tones."""
        wanted = fold(text).strip()
        if wanted in self.outlets:
            return Meaning(values=(wanted,))
        found = [
            slug
            for name, slug in self._outlet_names.items()
            if wanted in (name, name.removeprefix("bao "), name.replace(" ", ""))
        ]
        return Meaning(values=tuple(sorted(found))) if found else None

    def origin(self, text: str) -> Meaning | None:
        """Credit codes of agencies and outlets by name or code."""
        wanted = fold(text).strip()
        code = wanted if wanted in WIRES or wanted in self.outlets else name_code(text)
        if code:
            return Meaning(values=(code,))
        return self.outlet(text)

    def watchlist(self, text: str) -> Meaning | None:
        """Watch-lists by id, or by label with or without tones."""
        wanted = fold(" ".join(text.split()))
        found = [each.id for each in self.watchlists if wanted in (each.id, fold(each.label))]
        return Meaning(values=tuple(found)) if found else None

    def watchlist_label(self, name: str) -> str:
        """What a watch-list is called; its id if it is no longer configured."""
        return next((each.label for each in self.watchlists if each.id == name), name)

    def outlet_name(self, slug: str) -> str:
        """How an outlet calls itself; its slug if it is no longer configured."""
        outlet = self.outlets.get(slug)
        return outlet.name if outlet else slug
