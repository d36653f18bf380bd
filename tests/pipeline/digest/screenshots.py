"""The pictures and the sample text of the documentation, made from the demo's own mails.

python -m tests.pipeline.digest.screenshots HOME [DOCS]

HOME is the folder that `diembao demo --home HOME` has filled, DOCS where the files go (default `docs`).
Needs Chromium and the Noto fonts (on Debian: chromium, fonts-noto-core).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.support.chromium import Chromium, browser


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: which mail of which subscription, how wide, how much of it, and in which scheme."""

    name: str
    subscription: str
    day: str
    width: int
    height: int
    scale: float
    dark: bool = False


SHOTS = (
    Shot("digest-vi-phone", "ban-tin-sang", "10 Nov", 360, 940, 1.25),
    Shot("digest-vi-phone-dark", "ban-tin-sang", "13 Nov", 360, 940, 1.25, dark=True),
    Shot("digest-en-desktop", "investment-monitor", "13 Nov", 800, 960, 1),
)
TEXT = ("digest-sample", "ban-tin-sang", "10 Nov")


def mails(outbox: Path) -> list[EmailMessage]:
    """The mails of an outbox folder, oldest first."""
    read = [message_from_bytes(file.read_bytes(), policy=default) for file in outbox.glob("*.eml")]
    return sorted(read, key=lambda mail: (mail["Date"].datetime, str(mail["List-Id"])))


def part(mail: EmailMessage, kind: str) -> str:
    """The `html` or `plain` part."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def choose(sent: list[EmailMessage], subscription: str, day: str) -> EmailMessage:
    """The mail of that subscription and day. Raises SystemExit when there is none."""
    for mail in sent:
        if str(mail["List-Id"]).startswith(f"<{subscription}.") and day in str(mail["Date"]):
            return mail
    raise SystemExit(f"no mail of {subscription} on {day}: play the demo into that folder first")


def main(home: Path, docs: Path) -> None:
    """Write the pictures and the text."""
    program = browser()
    if program is None:
        raise SystemExit("needs Chromium")
    sent = mails(home / "outbox")
    with Chromium(program) as chromium:
        for shot in SHOTS:
            page = part(choose(sent, shot.subscription, shot.day), "html")
            height = chromium.show(page, width=shot.width, dark=shot.dark, scale=shot.scale)
            file = docs / f"{shot.name}.png"
            chromium.screenshot(file, width=shot.width, height=min(shot.height, height))
            print(f"{file} {file.stat().st_size // 1024} KiB")
    name, subscription, day = TEXT
    mail = choose(sent, subscription, day)
    (docs / f"{name}.txt").write_text(f"Subject: {mail['Subject']}\n\n{part(mail, 'plain')}", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path("docs"))
