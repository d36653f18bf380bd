"""That only one process at a time collects into a database.

How long each host was left alone, what it asked for and what it is answering just now is known to the process
that asks it. Two of them would ask every host twice as often, for the same pages. The operating system or the
database server lets go of the claim when its process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from models.errors import StoreError
from pipeline.store.engine import sqlite_file, told

_COLLECTING = 0x0D1E_B0A1  # PostgreSQL advisory lock of a session


class SoleCollector:
    """The claim to be the one that collects. A database in memory has no other process that could."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file: int | None = None
        self._session: Any = None  # a connection of the driver

    def take(self) -> None:
        """Claim, unless it is ours already. Raises StoreError while another process has it."""
        if self._engine.dialect.name == "postgresql":
            with told(self._engine):
                free = self._take_session()
        else:
            free = self._take_file()
        if not free:
            raise StoreError(
                "another process is collecting",
                about=self._engine.url.render_as_string(hide_password=True),
                hint="wait until it is done, or stop the service that collects",
                retry=True,
            )

    def release(self) -> None:
        """Let go."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._session is not None:
            with suppress(Exception):  # at once; the server hears of the end of a session after a moment
                self._session.execute(f"SELECT pg_advisory_unlock({_COLLECTING})")
            self._session.close()
            self._session = None

    def _take_file(self) -> bool:
        database = sqlite_file(self._engine.url)
        if self._file is not None or database is None:
            return True
        beside = Path(f"{database.resolve()}.collecting")  # one, whatever links lead to the database
        try:
            self._file = _locked(beside)
        except OSError as error:
            raise StoreError(
                f"cannot be locked ({error.strerror})",
                about=str(beside),
                hint="it must be a file on a disk of this machine that whoever collects may make or read",
            ) from error
        return self._file is not None

    def _take_session(self) -> bool:
        if self._session is not None:
            with suppress(Exception):  # the server was started anew, and the lock went with the session
                self._session.execute("SELECT 1")
                return True
            self.release()
        pooled = self._engine.raw_connection()
        session: Any = pooled.driver_connection
        pooled.detach()  # the lock is the session's, which ends with it instead of going back
        session.autocommit = True
        if session.execute(f"SELECT pg_try_advisory_lock({_COLLECTING})").fetchone()[0]:
            self._session = session
            return True
        session.close()
        return False


def _locked(file: Path) -> int | None:
    """The file, open and locked; None while another process has it. It is only read, so that it shuts nobody
    out who may collect: made by root one day, it serves the service's own user the next."""
    opened = os.open(file, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(opened)
        if isinstance(error, BlockingIOError):
            return None
        raise
    return opened
