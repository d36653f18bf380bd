"""The home that the demo leaves is one like any other: later commands know all that it did."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.xdist_group("demo")  # one worker, so that its fixtures are made once


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """A demo's home of which a test may change what it likes."""
    return shutil.copytree(demo_home, tmp_path / "home")


def diembao(*words: str, home: Path) -> str:
    """What a command prints on standard output."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *words, "--home", str(home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def a_mail_to(address: str, home: Path) -> EmailMessage:
    mails = [
        message_from_bytes(file.read_bytes(), policy=default) for file in (home / "outbox").glob("*.eml")
    ]
    return next(mail for mail in mails if mail["To"] == address)


def test_the_subscriptions_whose_digests_the_demo_sent_are_known_afterwards_and_can_be_previewed(
    home: Path, tmp_path: Path
) -> None:
    assert {line.split(":")[0] for line in diembao("subscriptions", "list", home=home).splitlines()} >= {
        "ban-tin-sang",
        "investment-monitor",
    }
    at = "2026-11-15T06:00"
    diembao("digest", "preview", "investment-monitor", "--now", at, "--out", str(tmp_path), home=home)
    assert "Matched:" in (tmp_path / "investment-monitor.txt").read_text("utf-8")


def test_a_digest_that_the_demo_planned_is_not_planned_again_and_the_next_one_is(home: Path) -> None:
    assert "no digest is due" in diembao("digest", "plan", "--now", "2026-11-16T07:00", home=home)
    assert "2026-11-17: " in diembao("digest", "plan", "--now", "2026-11-17T07:00", home=home)


def test_the_unsubscribe_link_of_a_mail_that_the_demo_sent_is_accepted(home: Path) -> None:
    link = a_mail_to("desk@example.org", home)["List-Unsubscribe"]
    token = re.search(r"subject=unsubscribe%20([^>&]+)", link)
    assert token is not None
    said = diembao("subscriptions", "unsubscribe", token[1], home=home)
    assert said == "desk@example.org gets investment-monitor no more\n"
