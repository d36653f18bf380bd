"""A process that plans and delivers, and is killed at a named point."""

from __future__ import annotations

import asyncio
import os
import signal

from pipeline.digest.deliver import deliver
from pipeline.digest.outbox import DeliveryOptions
from pipeline.digest.plan import plan_due
from pipeline.digest.smtp import SmtpChannel, SmtpServer
from pipeline.store import Store
from pipeline.store.engine import make_engine, read_url
from tests.pipeline.digest.sample import NOW, sample_reader, subscription
from tests.pipeline.digest.support import OPTIONS

RECIPIENTS = ("an@example.org", "binh@example.org", "chi@example.org")


def live(database: str, port: int, deadly: str) -> None:
    """Plan, deliver, and die on the way. `database` is a URL."""

    def at(point: str) -> None:
        if point == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    opened = Store(make_engine(read_url(database)))
    plan_due(opened, [subscription(recipients=RECIPIENTS)], sample_reader(), NOW, OPTIONS, at=at)
    server = SmtpServer(host="127.0.0.1", port=port, security="none", timeout=5)
    asyncio.run(deliver(opened, SmtpChannel(server, at=at), NOW, DeliveryOptions(parallel=1), at=at))
