"""Bringing the database to the newest schema, or back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect

import models
from models.errors import StoreError
from pipeline.store.engine import reading, told

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(models.__file__).parent / "migrations"
_REVISION = re.compile(r"""^(revision|down_revision)\b[^=\n]*= *["'](\w+)["']""", re.MULTILINE)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def revisions() -> dict[str, str]:
    """Each revision with the one before it (empty for the first).

    Read from the text of the migrations: importing Alembic takes longer than answering most commands, and
    only an upgrade needs it.
    """
    found = {}
    for file in (MIGRATIONS / "versions").glob("*.py"):
        said = dict(_REVISION.findall(file.read_text("utf-8")))
        if "revision" in said:
            found[said["revision"]] = said.get("down_revision", "")
    return found


def newest() -> str:
    """The revision that this program needs."""
    found = revisions()
    return next((each for each in found if each not in found.values()), "")


def current(engine: Engine) -> str:
    """The revision that the database has; empty if it has none of our tables."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "")


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema forward, in one transaction."""
    from alembic import command

    with told(engine), engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def upgrade_if_older(engine: Engine) -> None:
    """Bring the schema forward unless a newer program wrote it. Two programs starting at once take turns:
    the second finds nothing left to do."""
    if current(engine) in ("", *revisions()):
        upgrade(engine)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to `revision` (`base` is none), in one transaction."""
    from alembic import command

    with told(engine), engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def require_newest(engine: Engine) -> None:
    """Raise StoreError unless the schema is the one that this program needs."""
    have, need = current(engine), newest()
    if have == need:
        return
    about = engine.url.render_as_string(hide_password=True)
    if have and have not in revisions():
        raise StoreError(
            f"the database was written by a newer version of this program (schema {have})",
            about=about,
            hint="upgrade the program",
        )
    raise StoreError(f"schema {have or 'none'}, need {need}", about=about, hint="run: diembao db upgrade")
