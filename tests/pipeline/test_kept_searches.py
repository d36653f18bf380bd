"""A kept search is the section of a digest."""

from __future__ import annotations

from datetime import timedelta

from models.digest import Section
from pipeline.briefing import Briefing
from pipeline.names import Names
from pipeline.settings import CONFIG_DIR
from pipeline.store import open_store
from tests.conftest import Databases
from tests.pipeline.store.material import NOW, new


def test_a_section_that_names_a_kept_search_lists_what_the_search_finds(sqlite_databases: Databases) -> None:
    with open_store(sqlite_databases.ready()) as store:
        store.save([new(1, title="Bão số 14"), new(2, title="Giá vàng")], now=NOW)
        store.save_search("Mưa gió", "bão OR lũ", now=NOW)
        briefing = Briefing(store, Names.load(CONFIG_DIR), NOW)
        window = (NOW - timedelta(hours=1), NOW)

        def titles(query: str) -> list[str]:
            found = briefing.stories(*window, Section(title="Tin", query=query))
            return [article.title for story in found for article in story.articles]

        assert titles('saved:"mưa gió"') == ["Bão số 14"]
        assert titles("saved:nắng") == []
