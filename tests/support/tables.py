"""The tables of the project's own configuration, read once for all the tests of a process. Nothing changes
them; a test of reading them, or one that changes what it has read, reads its own."""

from __future__ import annotations

from functools import cache

from pipeline.names import Names
from pipeline.settings import CONFIG_DIR
from pipeline.stories import Grouper, load_agencies
from pipeline.stories.commonness import COMMON_FACTS, Commonness, load_commonness
from pipeline.stories.terms import TermTable, load_terms
from pipeline.tag import Tagger, load_tagger
from pipeline.tag.topics import TopicTagger

_load_names = Names.load


@cache
def tagger() -> Tagger:
    """The tagger of places, topics and watch-lists."""
    return load_tagger(CONFIG_DIR)


def topics() -> TopicTagger:
    """The tagger of topics."""
    return tagger().topics


@cache
def names() -> Names:
    """What people call places, topics and outlets."""
    return _load_names(CONFIG_DIR)


def new_grouper() -> Grouper:
    """A grouper that has met no document."""
    return Grouper(*_grouping())


@cache
def _grouping() -> tuple[TermTable, Commonness, dict[str, str]]:
    return (
        load_terms(CONFIG_DIR / "terms.tsv"),
        load_commonness(CONFIG_DIR / "models" / COMMON_FACTS),
        load_agencies(CONFIG_DIR / "outlets"),
    )
