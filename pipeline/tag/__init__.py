"""Articles → tags: the provinces they are about or mention, their topics, and the watch-lists that they meet,
each with its evidence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from models.tags import Taggable, Tags
from pipeline.language import detect
from pipeline.tag.fields import read_fields
from pipeline.tag.gazetteer import Gazetteer, load_gazetteer
from pipeline.tag.provinces import ProvinceTagger
from pipeline.tag.topics import TopicTagger, load_topics
from pipeline.tag.version import version_of
from pipeline.tag.watchlist_file import load_watchlists
from pipeline.tag.watchlists import WatchlistTagger


class Tagger:
    """All taggers over one article. Holds tables only, so it may be shared between threads. `version` names
    the tables and rules; it stands in every answer."""

    def __init__(
        self,
        provinces: ProvinceTagger,
        topics: TopicTagger,
        watchlists: WatchlistTagger | None = None,
        version: str = "",
    ) -> None:
        self.provinces = provinces
        self.topics = topics
        self.watchlists = watchlists or WatchlistTagger()
        self.version = version

    @property
    def gazetteer(self) -> Gazetteer:
        """The places behind the province tags, for names and queries."""
        return self.provinces.gazetteer

    def tag(self, article: Taggable) -> Tags:
        """All tags of one article, each list most central first. Never raises on any text."""
        if not article.language:
            found = detect(f"{article.title}\n{article.lead}\n{article.body}")
            article = replace(article, language=found)
        fields = read_fields(article)
        provinces, rejected = self.provinces.tag(article, fields)
        watched, cancelled = self.watchlists.tag(article, fields)
        topics = self.topics.tag(article, fields)
        return Tags(
            language=article.language,
            provinces=provinces,
            topics=topics,
            watched=watched,
            rejected=(*rejected, *cancelled),
            tagger=self.version,
        )


def load_tagger(config_dir: Path) -> Tagger:
    """Read the tables under `config_dir`. ConfigError when one is missing or wrong."""
    provinces = ProvinceTagger(load_gazetteer(config_dir))
    return Tagger(provinces, load_topics(config_dir), load_watchlists(config_dir), version_of(config_dir))
