"""The whole path over real servers: outlets over HTTP, mail over SMTP, the service as its own process."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawlers.archive import ArchiveReader
from crawlers.outlets import load_outlets
from tests.conftest import ROOT
from tests.newsroom.build import ARCHIVE, LAST_MOMENT
from tests.newsroom.sources import load_gold
from tests.pipeline.digest.mailserver import MailServer
from tests.support.server import Site, response, site

pytestmark = pytest.mark.xdist_group("service")  # one worker, so that its fixtures are made once

SLUGS = ("vnexpress", "vietnamnews", "vov")


@dataclass(frozen=True)
class Local:
    """The newsroom's outlets on loopback: a configuration that points there, and where each host went."""

    config: Path
    bases: dict[str, str]

    def address(self, url: str) -> str:
        """Where an address of the newsroom is served."""
        return url.replace(f"https://{urlsplit(url).netloc}", self.bases[urlsplit(url).netloc])


@contextmanager
def served_newsroom(folder: Path) -> Iterator[Local]:
    """Serve the last recording of some outlets, each on a loopback address of its own."""
    outlets = load_outlets(ROOT / "config")
    recorded = ArchiveReader([ARCHIVE])
    ready, done = threading.Event(), threading.Event()
    bases: dict[str, str] = {}

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            sites: dict[str, Site] = {}
            for number, slug in enumerate(SLUGS, 2):
                up = await stack.enter_async_context(site(f"127.0.1.{number}"))
                for host in outlets[slug].hosts:
                    bases[host], sites[host] = up.base, up
            for url in recorded.urls():
                host = url.partition("/")[0]
                if host in sites:
                    put(sites[host], url, recorded, bases)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(30)
    try:
        yield Local(write_config(folder, bases), bases)
    finally:
        done.set()
        thread.join()


def put(up: Site, url: str, recorded: ArchiveReader, bases: dict[str, str]) -> None:
    """Serve one recorded answer, its links pointing to loopback."""
    found = recorded.lookup(f"https://{url}", LAST_MOMENT)
    assert found is not None
    headers = {name.lower(): value for name, value in found.headers}
    body = found.body
    for host, base in bases.items():
        body = body.replace(f"https://{host}".encode(), base.encode())
    kind = headers.get("content-type", "text/html")
    more = {"location": moved} if (moved := headers.get("location")) else {}
    up.pages["/" + url.partition("/")[2]] = response(body, status=found.status, kind=kind, **more)


def write_config(folder: Path, bases: dict[str, str]) -> Path:
    """The project's configuration with only these outlets, on loopback and without pauses."""
    config = folder / "config"
    shutil.copytree(ROOT / "config", config)
    for file in (config / "outlets").glob("*.toml"):
        if file.stem not in SLUGS:
            file.unlink()
            continue
        text = file.read_text("utf-8")
        for host, base in bases.items():
            text = text.replace(f"https://{host}", base).replace(f'"{host}"', f'"{urlsplit(base).hostname}"')
        text = re.sub(r"(?m)^delay = .*", "delay = 0", text)
        text = re.sub(r"(?m)^hosts = .*", lambda m: unique_hosts(m.group()), text)
        file.write_text(text if "delay = 0" in text else text + "\n[fetch]\ndelay = 0\n", "utf-8")
    shutil.copy(ROOT / "tests" / "newsroom" / "subscriptions.toml", config / "subscriptions.toml")
    return config


def unique_hosts(line: str) -> str:
    """The line `hosts = […]` with each host once."""
    hosts = re.findall(r'"([^"]+)"', line)
    return f"hosts = {json.dumps(list(dict.fromkeys(hosts)))}"


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    with served_newsroom(tmp_path_factory.mktemp("served")) as up:
        yield up


def environment(local: Local, home: Path, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "DIEMBAO_HOME": str(home),
        "DIEMBAO_CONFIG_DIR": str(local.config),
        "DIEMBAO_ALLOW_NETWORKS": '["127.0.1.0/24"]',
        "PYTHONIOENCODING": "utf-8",
        **more,
    }


def expected(local: Local) -> set[str]:
    """The addresses that a pass stores."""
    kept = ("stored", "revised", "teaser")
    return {local.address(gold.url) for gold in load_gold() if gold.outlet in SLUGS and gold.outcome in kept}


def stored(home: Path) -> set[str]:
    """The addresses in the database so far."""
    try:
        with sqlite3.connect(f"file:{home / 'diembao.sqlite3'}?mode=ro", uri=True) as connection:
            return {row[0] for row in connection.execute("SELECT url FROM article")}
    except sqlite3.Error:
        return set()


@pytest.fixture(scope="module")
def served(local: Local, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a service that ran until it had everything, and was then told to stop."""
    home = tmp_path_factory.mktemp("service")
    process = subprocess.Popen(
        [sys.executable, "scheduler.py"],
        cwd=ROOT,
        env=environment(local, home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wanted = expected(local)
    for _ in range(900):
        if stored(home) >= wanted or process.poll() is not None:
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=60)
    (home / "log").write_text(log, "utf-8")
    assert process.returncode == 0, log
    return home


def test_the_service_collects_what_real_servers_offer(served: Path, local: Local) -> None:
    assert len(expected(local)) > 12
    assert stored(served) == expected(local)


def test_a_stopped_service_leaves_a_sound_database_and_says_that_it_stopped(
    served: Path, local: Local
) -> None:
    check = subprocess.run(
        [sys.executable, "-m", "pipeline", "db", "check"],
        cwd=ROOT,
        env=environment(local, served),
        capture_output=True,
        text=True,
    )
    assert check.returncode == 0, check.stderr
    log = (served / "log").read_text("utf-8")
    assert "started" in log
    assert "stopped" in log
    assert "Traceback" not in log


@pytest.fixture(scope="module")
def replayed(served: Path, local: Local, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home filled from the responses that the service archived. To a replay nothing is old stock, however
    long ago the newsroom was recorded, so that its articles are news to a digest."""
    home = tmp_path_factory.mktemp("replayed")
    archives = sorted((served / "archive").glob("*.warc.gz"))
    assert archives
    replay = [word for file in archives for word in ("--replay", str(file))]
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "collect", *replay],
        cwd=ROOT,
        env=environment(local, home),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return home


def test_every_response_was_archived_and_plays_again(replayed: Path, local: Local) -> None:
    assert stored(replayed) == expected(local)


def test_a_digest_goes_once_through_a_real_mail_server(replayed: Path, local: Local) -> None:
    with MailServer() as server:
        mail = {
            "DIEMBAO_SMTP_HOST": "127.0.0.1",
            "DIEMBAO_SMTP_PORT": str(server.port),
            "DIEMBAO_SMTP_SECURITY": "none",
        }
        for _ in range(2):
            done = subprocess.run(
                [sys.executable, "-m", "pipeline", "digest", "send", "--now", next_morning()],
                cwd=ROOT,
                env=environment(local, replayed, **mail),
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
    assert server.received
    parsed = [message_from_bytes(content, policy=policy.default) for _, content in server.received]
    assert len({message["Message-ID"] for message in parsed}) == len(server.received)
    for message in parsed:
        assert {part.get_content_type() for part in message.iter_parts()} == {"text/plain", "text/html"}


def next_morning() -> str:
    """The next 06:35 in Vietnam whose cut-off, at 06:00, is still to come: all collected so far is in it."""
    day = datetime.now(UTC) + timedelta(hours=7 - 6 + 24)
    return f"{day:%Y-%m-%d}T06:35+07:00"
