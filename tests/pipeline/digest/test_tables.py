"""The migration and the tables say the same."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine

from pipeline.store import Store, open_store, schema
from tests.conftest import Databases
from tests.pipeline.digest.sample import NOW, sample_reader, subscription
from tests.pipeline.digest.support import mails, plan

ROOT = Path(__file__).resolve().parents[3]


def shape(engine: Engine) -> dict[str, object]:
    """Columns, keys and indexes of every table, as the database has them."""
    look = sa.inspect(engine)
    return {
        name: (
            {c["name"]: (str(c["type"]), c["nullable"]) for c in look.get_columns(name)},
            look.get_pk_constraint(name)["constrained_columns"],
            sorted(tuple(u["column_names"]) for u in look.get_unique_constraints(name)),
            sorted((i["name"] or "", tuple(i["column_names"])) for i in look.get_indexes(name)),
        )
        for name in look.get_table_names()
    }


def migration(name: str) -> ModuleType:
    path = ROOT / "models" / "migrations" / "versions" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_migrations_make_the_tables_of_the_models_and_take_them_away(database: Store) -> None:
    steps = [migration(name) for name in ("0002_digests", "0004_subscriptions", "0007_outbox_bodies")]
    fresh = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with fresh.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        for step in steps:
            step.upgrade()
    assert shape(fresh) == shape(database.engine)
    with fresh.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        for step in reversed(steps):
            step.downgrade()
    assert shape(fresh) == {}


def test_waiting_mails_survive_a_step_back_and_forward(databases: Databases) -> None:
    with open_store(databases.ready()) as store:
        plan(store, [subscription()], sample_reader(), NOW)
        before = mails(store)
        schema.downgrade(store.engine, "0006")
        with store.reading() as connection:
            kept = connection.execute(sa.text("SELECT mime FROM outbox")).scalar_one()
        assert bytes(kept) == before[0].mime
        schema.upgrade(store.engine)
        assert mails(store) == before


def test_a_database_without_the_bytes_of_old_mails_steps_back(databases: Databases) -> None:
    with open_store(databases.ready()) as store:
        plan(store, [subscription()], sample_reader(), NOW)
        with store.writing() as connection:
            connection.execute(sa.text("DELETE FROM outbox_body"))
        schema.downgrade(store.engine, "0006")
        with store.reading() as connection:
            assert bytes(connection.execute(sa.text("SELECT mime FROM outbox")).scalar_one()) == b""
        schema.upgrade(store.engine)
