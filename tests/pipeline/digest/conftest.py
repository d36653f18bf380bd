"""A real database and a real mail server for the digest's tests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from models.tables import digests  # noqa: F401  (registers the tables)
from pipeline.digest.render import Renderer
from pipeline.store import Store
from pipeline.store.engine import make_engine, read_url
from tests.pipeline.digest.mailserver import MailServer
from tests.pipeline.digest.support import open_database

TABLES = [
    SQLModel.metadata.tables[name]
    for name in (
        "digest_run",
        "digest_item",
        "digest_recipient",
        "outbox",
        "outbox_body",
        "mail_suppression",
        "mail_note",
        "subscription",
    )
]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Store]:
    made = open_database(tmp_path / "diembao.sqlite3")
    SQLModel.metadata.create_all(made.engine, tables=TABLES)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest) -> Iterator[Store]:
    """The digest's tables on each of the two databases."""
    if request.param == "sqlite":
        yield request.getfixturevalue("database")
        return
    with Store(make_engine(read_url(request.getfixturevalue("postgres_url")))) as made:
        SQLModel.metadata.drop_all(made.engine, tables=TABLES)
        SQLModel.metadata.create_all(made.engine, tables=TABLES)
        yield made
        SQLModel.metadata.drop_all(made.engine, tables=TABLES)


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_lost_tasks() -> Iterator[None]:
    yield
    asyncio.set_event_loop(None)
