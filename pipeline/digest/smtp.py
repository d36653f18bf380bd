"""The SMTP channel, and what a server's reply means.

The commands are given one by one, so that it is always known how far a broken transaction had come: before
the text went out it can be tried again, after the last dot it may have arrived.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPResponseException,
)

from models.mail import MailSession, OutgoingMail, Reply, SendResult
from pipeline.digest.points import Point, passing

Stage = Literal["connect", "login", "mail", "rcpt", "data"]
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_AUTH_CODES = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where and how to hand mails over. `security` as in the settings; `sender` is the address that mails are
    sent from now, empty if that may be any; `timeout` in seconds for each command; `tls` replaces the default
    context (system trust store, host name checked)."""

    host: str
    port: int = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    timeout: float = 60
    tls: ssl.SSLContext | None = None


def classify(code: int, text: str, stage: Stage) -> Reply:
    """The meaning of a reply at a stage of the transaction. Pure."""
    enhanced = _ENHANCED.search(text)
    subject = int(enhanced[2]) if enhanced else None
    if code in _AUTH_CODES or (stage == "login" and code >= 500):
        return Reply.CONFIG
    if code == 421:
        return Reply.BUSY
    if code < 500:
        return Reply.SENT if 200 <= code < 400 else Reply.TRANSIENT
    if stage == "mail":
        return Reply.CONFIG
    if stage == "connect":
        return Reply.TRANSIENT
    if code == 552 and (subject is None or enhanced is None or enhanced[0].endswith("2.2")):
        return Reply.SOFT if stage == "rcpt" or enhanced is not None else Reply.SENDER
    if stage == "rcpt" and subject != 7 and (code in (550, 551, 553) or subject == 1):
        return Reply.HARD
    return Reply.HARD if subject == 1 and stage == "data" else Reply.SENDER


class SmtpChannel:
    """Opens sessions with one server. Nothing is connected before the first mail."""

    name = "smtp"

    def __init__(self, server: SmtpServer, *, at: Point = passing) -> None:
        self.server = server
        self._at = at
        parts = (server.host, server.port, server.security, server.user, server.password, server.sender)
        self.fingerprint = hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @asynccontextmanager
    async def session(self) -> AsyncIterator[MailSession]:
        session = SmtpSession(self.server, self._at)
        try:
            yield session
        finally:
            await session.close()


class SmtpSession:
    """One connection, opened when needed and opened again after it broke."""

    def __init__(self, server: SmtpServer, at: Point = passing) -> None:
        self._server = server
        self._at = at
        self._client: SMTP | None = None

    async def send(self, mail: OutgoingMail) -> SendResult:
        """Hand over one mail; whatever happens is an answer."""
        stage: Stage = "connect"
        try:
            if self._client is None:
                self._client = await self._connect()
            client = self._client
            self._at("smtp.connected")
            stage = "mail"
            await client.mail(mail.sender)
            stage = "rcpt"
            await client.rcpt(mail.recipient)
            self._at("smtp.recipient_accepted")
            stage = "data"
            answer = await client.data(mail.mime)
            self._at("smtp.data_accepted")
        except asyncio.CancelledError:
            self._drop()
            raise
        except SMTPResponseException as error:
            return await self._refused(error, stage, mail)
        except (SMTPException, OSError, ValueError, RuntimeError) as error:
            self._drop()
            return _broken(error, stage)
        return SendResult(reply=Reply.SENT, code=answer.code, text=answer.message)

    async def close(self) -> None:
        """Say goodbye; a server that does not answer is left."""
        client, self._client = self._client, None
        if client is not None and client.is_connected:
            try:
                await client.quit(timeout=5)
            except (SMTPException, OSError):
                client.close()

    async def _connect(self) -> SMTP:
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            timeout=server.timeout,
            tls_context=server.tls,
        )
        try:
            await client.connect()
            if server.user:
                await client.login(server.user, server.password)
        except BaseException:
            client.close()
            raise
        return client

    async def _refused(self, error: SMTPResponseException, stage: Stage, mail: OutgoingMail) -> SendResult:
        """A reply that is no: keep the connection for the next mail unless the server has closed it."""
        if isinstance(error, SMTPDataError):
            stage = "data"
        if isinstance(error, SMTPAuthenticationError):
            stage = "login"
        text = " ".join(error.message.split())
        reply = classify(error.code, text, stage)
        if stage == "mail" and error.code not in _AUTH_CODES and self._is_outdated(mail):
            reply = Reply.SENDER if reply is Reply.CONFIG else reply
        if stage in ("connect", "login") or reply is Reply.BUSY or not await self._reset():
            self._drop()
        return SendResult(reply=reply, code=error.code, text=text)

    def _is_outdated(self, mail: OutgoingMail) -> bool:
        """Whether the mail was written before the sender was changed: that it is refused says nothing of the
        others."""
        return self._server.sender not in ("", mail.sender)

    async def _reset(self) -> bool:
        try:
            assert self._client is not None
            await self._client.rset()
        except (SMTPException, OSError):
            return False
        return True

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _broken(error: Exception, stage: Stage) -> SendResult:
    """An answer for a transaction that broke without a reply."""
    text = f"{stage}: {type(error).__name__}: {error}"
    if stage == "data":
        return SendResult(reply=Reply.UNKNOWN, text=text)
    if isinstance(error, UnicodeError) or (isinstance(error, ValueError) and stage == "rcpt"):
        return SendResult(reply=Reply.HARD, text=f"{text} (the server cannot take this address)")
    if isinstance(error, SMTPNotSupported):
        return SendResult(reply=Reply.CONFIG, text=text)
    return SendResult(reply=Reply.TRANSIENT, text=text)
