"""T5: SIGKILL anywhere between planning and sent. Nobody is skipped, nobody gets two different mails."""

from __future__ import annotations

import multiprocessing
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from models.digest import MailState
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


@pytest.mark.parametrize("point", POINTS)
def test_whoever_dies_between_planning_and_sent_every_subscriber_gets_one_mail(
    database: Store, server: MailServer, renderer: Renderer, tmp_path: Path, point: str
) -> None:
    process = PROCESSES.Process(target=live, args=(str(tmp_path / "diembao.sqlite3"), server.port, point))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    wanted = subscription(recipients=RECIPIENTS)
    plan(database, [wanted], sample_reader(), NOW + timedelta(minutes=1), renderer)
    send(database, SmtpChannel(server.address()), NOW + timedelta(minutes=10))
    assert len(runs(database)) == 1
    assert [mail.state for mail in mails(database)] == [MailState.SENT] * 3
    for recipient in RECIPIENTS:
        assert len(server.message_ids(recipient)) >= 1
        assert len(set(server.message_ids(recipient))) == 1
    assert len(server.received) <= 4
    assert len({data for _, data in server.received}) == 3
