"""The schema: forward, back, and the same as the tables say."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import SQLModel

from models.errors import StoreError
from pipeline.store import open_store, schema
from pipeline.store.engine import make_engine, read_url
from tests.conftest import Databases
from tests.pipeline.store.material import NOW, newsroom


def test_the_migrations_make_exactly_the_tables(databases: Databases) -> None:
    with open_store(databases.ready()) as store, store.reading() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": lambda _, name, *rest: (
                    not str(name).startswith(("article_search", "ix_article_search"))
                )
            },
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def test_articles_survive_a_step_back_and_forward(databases: Databases) -> None:
    with open_store(databases.ready()) as store:
        store.save(newsroom(20), now=NOW)
        before = list(store.export())
        schema.downgrade(store.engine, "0001")
        assert schema.current(store.engine) == "0001"
        schema.upgrade(store.engine)
        assert list(store.export()) == before
        assert store.check().ok


def test_going_all_the_way_back_leaves_no_table(databases: Databases) -> None:
    with open_store(databases.ready()) as store:
        store.save(newsroom(5), now=NOW)
        schema.downgrade(store.engine, "base")
        with store.reading() as connection:
            assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        schema.upgrade(store.engine)
        assert store.stats().articles == 0


def test_an_older_schema_is_brought_forward_on_opening(databases: Databases) -> None:
    url = databases.empty()
    engine = make_engine(read_url(url))
    schema.upgrade(engine, "0001")
    engine.dispose()
    with pytest.raises(StoreError, match="db upgrade"):
        open_store(url, create=False)
    with open_store(url) as store:
        assert schema.current(store.engine) == schema.newest()


def test_the_schema_of_a_newer_program_is_refused_and_left_alone(databases: Databases) -> None:
    url = databases.ready()
    with open_store(url) as store, store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for create in (True, False):
        with pytest.raises(StoreError, match="newer version"):
            open_store(url, create=create)
