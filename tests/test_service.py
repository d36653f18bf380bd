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
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from crawlers.archive import ArchiveReader
from crawlers.outlets import load_outlets
from tests.conftest import ROOT
from tests.newsroom.build import ARCHIVE, LAST_MOMENT
from tests.newsroom.sources import load_gold
from tests.pipeline.digest.mailserver import MailServer
from tests.support.server import Site, response, site

pytestmark = pytest.mark.xdist_group("service")  # one worker, so that its fixtures are made once

SLUGS = ("vnexpress", "vietnamnews", "vov")
HANGING = "vnexpress.net"  # the host that a test lets hang


class Gate:
    """Lets a host answer so many requests, and holds the others until it is opened."""

    def __init__(self) -> None:
        self.host = ""
        self.left = 0
        self.held = 0

    def close(self, host: str, after: int) -> None:
        self.host, self.left, self.held = host, after, 0

    def open(self) -> None:
        self.host = ""

    async def passed(self, host: str) -> None:
        if host != self.host:
            return
        self.left -= 1
        if self.left < 0:
            self.held += 1
            while host == self.host:  # noqa: ASYNC110  it is opened from another thread
                await asyncio.sleep(0.02)


@dataclass(frozen=True)
class Local:
    """The newsroom's outlets on loopback: a configuration that points there, and where each host went."""

    config: Path
    bases: dict[str, str]
    gate: Gate

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
    gate = Gate()

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
                    put(sites[host], url, recorded, bases, gate)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(30)
    try:
        yield Local(write_config(folder, bases), bases, gate)
    finally:
        gate.open()
        done.set()
        thread.join()


def put(up: Site, url: str, recorded: ArchiveReader, bases: dict[str, str], gate: Gate) -> None:
    """Serve one recorded answer, its links pointing to loopback, as the gate lets it through."""
    found = recorded.lookup(f"https://{url}", LAST_MOMENT)
    assert found is not None
    headers = {name.lower(): value for name, value in found.headers}
    body = found.body
    for host, base in bases.items():
        body = body.replace(f"https://{host}".encode(), base.encode())
    kind = headers.get("content-type", "text/html")
    more = {"location": moved} if (moved := headers.get("location")) else {}
    answer = response(body, status=found.status, kind=kind, **more)

    async def gated(request: web.Request) -> web.StreamResponse:
        await gate.passed(up.host)
        return await answer(request)

    up.pages["/" + url.partition("/")[2]] = gated


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
        "DIEMBAO_WORKERS": "1",
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
        with closing(sqlite3.connect(f"file:{home / 'diembao.sqlite3'}?mode=ro", uri=True)) as connection:
            return {row[0] for row in connection.execute("SELECT url FROM article")}
    except sqlite3.Error:
        return set()


@pytest.fixture(scope="module")
def half_served(local: Local, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """The home of a service that was told to stop while one host, having answered six requests, let every
    further one hang; and what it had stored then."""
    home = tmp_path_factory.mktemp("service")
    others = {url for url in expected(local) if not url.startswith(local.bases[HANGING])}
    local.gate.close(urlsplit(local.bases[HANGING]).hostname or "", after=6)
    try:
        serve_until(local, home, lambda: local.gate.held > 0 and stored(home) >= others)
    finally:
        local.gate.open()
    assert local.gate.held
    return home, stored(home)


@pytest.fixture(scope="module")
def served(local: Local, half_served: tuple[Path, set[str]]) -> Path:
    """That home after the service was started again, ran until it had everything, and was told to stop."""
    home, _ = half_served
    serve_until(local, home, lambda: stored(home) >= expected(local))
    return home


def serve_until(local: Local, home: Path, done: Callable[[], bool]) -> None:
    """Run the service until `done` or some minutes have passed, then tell it to stop; its log is kept."""
    process = subprocess.Popen(
        [sys.executable, "scheduler.py"],
        cwd=ROOT,
        env=environment(local, home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(2400):
        if done() or process.poll() is not None:
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=60)
    assert process.returncode == 0, log
    with (home / "log").open("a", encoding="utf-8") as file:
        file.write(log)


def test_a_pass_that_reaches_no_outlet_is_logged_with_its_outlets_and_outcomes(tmp_path: Path) -> None:
    outlets = load_outlets(ROOT / "config")
    closed = {
        host: f"http://127.0.1.{number}:9"
        for number, slug in enumerate(SLUGS, 2)
        for host in outlets[slug].hosts
    }
    config = write_config(tmp_path, closed)
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", "--json-logs"],
        cwd=ROOT,
        env=environment(Local(config, closed, Gate()), tmp_path / "home"),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process.stderr:
        lines = (json.loads(line) for line in process.stderr if line.startswith("{"))
        logged = next(each for each in lines if each["event"].startswith("collect"))
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
    assert process.wait(60) == 0
    assert sorted(logged["unreachable"]) == sorted(SLUGS)
    assert logged["outcomes"] == {"unreachable": logged["polls"]}


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
    assert log.count("started") == log.count("stopped") == 2
    assert "Traceback" not in log


def test_a_service_stopped_in_the_middle_of_a_pass_keeps_what_it_has_and_goes_on_from_there(
    half_served: tuple[Path, set[str]], served: Path, local: Local
) -> None:
    """The endpoints that named what hung are due at once: where they stand was not written."""
    wanted = expected(local)
    others = {url for url in wanted if not url.startswith(local.bases[HANGING])}
    assert others <= half_served[1] < wanted
    assert stored(served) == wanted


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
        # The subscriptions are taken from the file before their first digest is due.
        for moment in (next_morning("05:00"), next_morning(), next_morning()):
            done = subprocess.run(
                [sys.executable, "-m", "pipeline", "digest", "send", "--now", moment],
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


def next_morning(at: str = "06:35") -> str:
    """The next morning in Vietnam whose cut-off, 06:00, is still to come: all collected so far is in it."""
    day = datetime.now(UTC) + timedelta(hours=7 - 6 + 24)
    return f"{day:%Y-%m-%d}T{at}+07:00"
