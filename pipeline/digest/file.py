"""The channel without a mail server: one .eml file for each mail, for any mail program to open."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from models.mail import MailSession, OutgoingMail, Reply, SendResult
from pipeline.files import write_whole


class FileChannel:
    """Writes mails into a folder. The name comes from the Message-ID, so a mail written twice is one file;
    the file appears whole or not at all."""

    name = "file"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fingerprint = f"file:{folder}"

    @asynccontextmanager
    async def session(self) -> AsyncIterator[MailSession]:
        yield self

    async def send(self, mail: OutgoingMail) -> SendResult:
        """Write the mail; a full or read-only disk is a reason to try again later."""
        path = self.path_of(mail)
        try:
            write_whole(path, mail.mime)
        except OSError as error:
            return SendResult(reply=Reply.TRANSIENT, text=f"{path}: {error.strerror}")
        return SendResult(reply=Reply.SENT, text=str(path))

    def path_of(self, mail: OutgoingMail) -> Path:
        """The file of a mail: only letters, digits and dashes of its Message-ID's left part."""
        stem = re.sub(r"[^A-Za-z0-9-]", "-", mail.message_id.strip("<>").partition("@")[0])
        return self.folder / f"{stem[:80]}.eml"
