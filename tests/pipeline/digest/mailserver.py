"""A scripted mail server: real SMTP on 127.0.0.1, with the replies a test wants."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pipeline.digest.smtp import SmtpServer

SILENCE = 20
"""Seconds: far more than the client of a test waits."""


@dataclass
class MailServer:
    """`rcpt` and `data` map a recipient to the reply of that command, `mail` is the reply to any sender,
    `senders` to some.
    A recipient in `drop_after_data` has its mail taken and the connection cut without an answer; at the
    command `silent_at` (rcpt, data) the answer takes longer than anybody waits. `tls` begins after
    STARTTLS, or with the connection when `implicit`."""

    rcpt: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    mail: str = ""
    senders: dict[str, str] = field(default_factory=dict)
    password: str = ""
    drop_after_data: set[str] = field(default_factory=set)
    silent_at: str = ""
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    received: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _controller: Controller | None = None

    def __enter__(self) -> MailServer:
        self._controller = _OnFreePort(
            _Handler(self),
            hostname="127.0.0.1",
            port=self.port,
            ready_timeout=10,
            ssl_context=self.tls if self.implicit else None,
            tls_context=None if self.implicit else self.tls,
            require_starttls=self.tls is not None and not self.implicit,
            authenticator=self._authenticate if self.password else None,
            auth_required=bool(self.password),
            auth_require_tls=False,
        )
        self._controller.start()
        self.port = self._controller.port
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._controller is not None:
            self._controller.stop(no_assert=True)

    def address(self, **changes: Any) -> SmtpServer:
        """How to reach it."""
        values: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.port,
            "security": "none",
            "timeout": 5,
        }
        return SmtpServer(**{**values, **changes})

    def message_ids(self, recipient: str) -> list[str]:
        """The Message-ID of each mail that arrived for a recipient."""
        return [
            str(message_from_bytes(data, policy=default)["Message-ID"])
            for to, data in self.received
            if to == recipient
        ]

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        known = isinstance(data, LoginPassword) and data.password.decode() == self.password
        return AuthResult(success=known, handled=False) if not known else AuthResult(success=True)


class _OnFreePort(Controller):
    """Lets the system choose the port: the self-test of the base class connects to port 0 otherwise."""

    def _trigger_server(self) -> None:
        bound: Any = self.server
        self.port = self.port or bound.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def _silence(self, command: str) -> None:
        if self._server.silent_at == command:
            await asyncio.sleep(SILENCE)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self._server.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self._server.mail or self._server.senders.get(address, ""):
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._silence("rcpt")
        reply = self._server.rcpt.get(address, "250 OK")
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await self._silence("data")
        recipient = envelope.rcpt_tos[0]
        content = envelope.content
        assert isinstance(content, bytes)
        reply = self._server.data.get(recipient, "250 OK taken")
        if reply.startswith("2"):
            self._server.received.append((recipient, content))
        if recipient in self._server.drop_after_data:
            self._server.drop_after_data.discard(recipient)
            transport: Any = server.transport
            transport.abort()
        return reply
