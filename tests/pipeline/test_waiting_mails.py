"""What the service logs of mails that it cannot deliver."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from structlog.testing import capture_logs

from pipeline.digest import confirming
from pipeline.sending import plan_options
from pipeline.service import WAITING_EVERY, Service, is_time, utc_now
from pipeline.settings import load_settings
from pipeline.store import open_store
from tests.conftest import ROOT
from tests.pipeline.digest.mailserver import MailServer
from tests.pipeline.digest.sample import subscription


async def test_a_mail_server_that_is_down_is_logged_once_with_its_words_and_not_at_every_tick(
    tmp_path: Path,
) -> None:
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    (config / "subscriptions.toml").unlink()
    with MailServer() as gone:
        port = gone.port
    settings = load_settings(
        home=tmp_path / "home",
        config_dir=config,
        workers=1,
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security="none",
    )

    with open_store(settings.database) as store:
        confirming.ask(store, subscription(), "an@example.org", plan_options(settings), utc_now())
    with capture_logs() as logged:
        async with Service(settings, asyncio.Event()) as service:
            await service.digest_tick()
            await service.digest_tick()
            told = [each for each in logged if each["event"] == "mails wait"]
            assert [(each["log_level"], each["mails"], each["recipient"]) for each in told] == [
                ("warning", 1, "an@example.org")
            ]
            assert str(port) in told[0]["why"]
    assert not [each for each in logged if each["event"] == "digest failed"]


def test_what_still_waits_is_logged_again_after_an_hour_and_not_before() -> None:
    assert is_time(None, 5.0, WAITING_EVERY)
    assert not is_time(5.0, 5.0 + WAITING_EVERY - 1, WAITING_EVERY)
    assert is_time(5.0, 5.0 + WAITING_EVERY, WAITING_EVERY)
