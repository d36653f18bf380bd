"""T5: SIGKILL anywhere between planning and sent. Nobody is skipped, nobody gets two different mails."""

from __future__ import annotations

import multiprocessing
import signal
from datetime import timedelta

import pytest

from models.mail import MailState
from pipeline.digest.points import POINTS
from pipeline.digest.render import Renderer
from pipeline.digest.smtp import SmtpChannel
from pipeline.store import Store
from tests.pipeline.digest.killed import RECIPIENTS, live
from tests.pipeline.digest.mailserver import MailServer
from tests.pipeline.digest.sample import NOW, sample_reader, subscription
from tests.pipeline.digest.support import mails, plan, runs, send

# One interpreter imports everything once; each test takes a fork of it.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.pipeline.digest.killed"])


# Every point on SQLite; on PostgreSQL those where the two differ: transactions, claims, the answer.
DEATHS = [("sqlite", point) for point in POINTS] + [
    ("postgresql", point)
    for point in ("plan.mails_written", "deliver.claimed", "smtp.data_accepted", "deliver.answered")
]


@pytest.mark.parametrize(("either", "point"), DEATHS, indirect=["either"])
def test_whoever_dies_between_planning_and_sent_every_subscriber_gets_one_mail(
    either: Store, server: MailServer, renderer: Renderer, point: str
) -> None:
    url = either.engine.url.render_as_string(hide_password=False)
    process = PROCESSES.Process(target=live, args=(url, server.port, point))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    wanted = subscription(recipients=RECIPIENTS)
    plan(either, [wanted], sample_reader(), NOW + timedelta(minutes=1), renderer)
    send(either, SmtpChannel(server.address()), NOW + timedelta(minutes=10))
    assert len(runs(either)) == 1
    assert [mail.state for mail in mails(either)] == [MailState.SENT] * 3
    for recipient in RECIPIENTS:
        assert len(server.message_ids(recipient)) >= 1
        assert len(set(server.message_ids(recipient))) == 1
    assert len(server.received) <= 4
    assert len({data for _, data in server.received}) == 3
