"""Refuse to send from a restored or copied database: its outbox holds mails that may have gone long ago.

The database and a small file beside it both remember which instance sends and how often it has. A database
that is older than the file, or that meets another file or another host, is a copy until somebody confirms.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from models.errors import DeliveryError
from models.ports import Database
from pipeline.digest.outbox import read_note, take_back, write_note
from pipeline.files import write_whole

_NOTE = "instance"
_RESTORED = "restored"
"""How the note of a database begins that `db restore` has brought back."""


@dataclass(frozen=True, slots=True)
class _Mark:
    instance: str
    host: str
    passes: int


class InstanceGuard:
    """`path` is the file, outside of what a restore of the database brings back; `host` this machine."""

    def __init__(self, path: Path, host: str) -> None:
        self._path = path
        self._host = host

    def check(self, database: Database) -> None:
        """Raise DeliveryError when this database may be a copy; write nothing."""
        kept, stored = self._kept(), self._stored(database)
        if kept is None and stored is None:
            return
        if stored is not None and stored.instance == _RESTORED:
            raise self._refusal("the database was restored from a copy")
        if kept is None or stored is None:
            raise self._refusal("the database and this folder do not belong together")
        if kept.instance != stored.instance:
            raise self._refusal("the database belongs to another instance")
        if self._host not in (kept.host, "") or kept.host != stored.host:
            raise self._refusal(f"mails were last sent from {stored.host}, this is {self._host}")
        if stored.passes < kept.passes:
            raise self._refusal("the database is older than the last delivery: it was restored")

    def advance(self, database: Database, now: datetime) -> None:
        """Count a delivery pass, in the database first: a crash in between leaves it ahead, never behind."""
        stored = self._stored(database) or _Mark(uuid4().hex, self._host, 0)
        self._write(database, _Mark(stored.instance, self._host, stored.passes + 1), now)

    def confirm(self, database: Database, now: datetime, *, drop_waiting: bool) -> int:
        """Make this database the one that sends. `drop_waiting` takes back the digests in its outbox, which
        may have gone from where the copy was made, and returns how many mails that were; their stories are
        news again."""
        dropped = 0
        if drop_waiting:
            with database.writing() as connection:
                dropped = take_back(connection, "taken back after a restore")
        kept, stored = self._kept(), self._stored(database)
        passes = max([0, *(mark.passes for mark in (kept, stored) if mark)])
        self._write(database, _Mark(uuid4().hex, self._host, passes + 1), now)
        return dropped

    def _write(self, database: Database, mark: _Mark, now: datetime) -> None:
        text = json.dumps({"instance": mark.instance, "host": mark.host, "passes": mark.passes})
        write_note(database, _NOTE, text, now)
        write_whole(self._path, text.encode())

    def _kept(self) -> _Mark | None:
        try:
            return _read(self._path.read_text(encoding="utf-8", errors="replace"))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DeliveryError(
                f"nothing is sent: cannot be read ({error.strerror})",
                about=str(self._path),
                hint="make it a file that this program may read and write",
            ) from error

    def _stored(self, database: Database) -> _Mark | None:
        note = read_note(database, _NOTE)
        return _read(note[0]) if note else None

    def _refusal(self, what: str) -> DeliveryError:
        return DeliveryError(
            f"nothing is sent: {what}",
            about=str(self._path),
            hint="if this is the database to send from, run `diembao digest confirm`",
        )


def _read(text: str) -> _Mark:
    try:
        values = json.loads(text)
        return _Mark(str(values["instance"]), str(values["host"]), int(values["passes"]))
    except (ValueError, KeyError, TypeError, OverflowError):
        return _Mark(_RESTORED if text.startswith(_RESTORED) else "unreadable", "", 0)
