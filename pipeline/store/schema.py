"""Bringing the database to the newest schema, or back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

import models
from models.errors import StoreError
from pipeline.store.engine import reading, told

MIGRATIONS = Path(models.__file__).parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision that this program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(engine: Engine) -> str:
    """The revision that the database has; empty if it has none of our tables."""
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema forward, in one transaction."""
    with told(engine), engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def upgrade_if_older(engine: Engine) -> None:
    """Bring the schema forward unless a newer program wrote it. Two programs starting at once take turns:
    the second finds nothing left to do."""
    if current(engine) in ("", *_revisions()):
        upgrade(engine)


def _revisions() -> set[str]:
    return {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to `revision` (`base` is none), in one transaction."""
    with told(engine), engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def require_newest(engine: Engine) -> None:
    """Raise StoreError unless the schema is the one that this program needs."""
    have, need = current(engine), newest()
    if have == need:
        return
    about = engine.url.render_as_string(hide_password=True)
    if have and have not in {
        each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()
    }:
        raise StoreError(
            f"the database was written by a newer version of this program (schema {have})",
            about=about,
            hint="upgrade the program",
        )
    raise StoreError(f"schema {have or 'none'}, need {need}", about=about, hint="run: diembao db upgrade")
