"""What the README shows of the demo, and the README renewed from a demo that is played for it.

python -m tests.readme
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
_BLOCK = re.compile(r"^(```\w*\n)(.*?)(^```$)", re.MULTILINE | re.DOTALL)
_COMMANDS = re.compile(r"(?:diembao [^\n]*\n)+")


def play(home: Path) -> str:
    """Play the demo into a folder; what it prints. Raises CalledProcessError."""
    demo = [sys.executable, "-m", "pipeline", "demo", "--home", str(home)]
    return subprocess.run(demo, cwd=ROOT, check=True, capture_output=True, timeout=300).stdout.decode("utf-8")


def renewed(readme: str, printed: str, texts: Iterable[str]) -> str:
    """The README with each block of output as the demo has it: what it `printed`, and of the `texts` of its
    mails the story that the README shows. Raises ValueError for a block that is neither output nor commands,
    and for a story that no mail tells."""
    mails = [plain(text) for text in texts]

    def block(found: re.Match[str]) -> str:
        return found[1] + _shown(found[2], plain(printed), mails) + found[3]

    return _BLOCK.sub(block, readme)


def _shown(block: str, printed: str, mails: list[str]) -> str:
    if _COMMANDS.fullmatch(block):
        return block
    if "new articles" in block:
        return printed
    headline = block.partition("\n")[0]
    if not headline.startswith("* "):
        raise ValueError(f"no run makes what the README shows: {headline}")
    for mail in mails:
        _, found, after = mail.partition(f"\n{headline}\n")
        if found:
            return headline + "\n" + after.partition("\n\n")[0].rstrip() + "\n"
    raise ValueError(f"no mail tells this story of the README, show another one: {headline}")


def plain(text: str) -> str:
    """A text as the README can hold it: without spaces at the ends of lines, or spaces that do not break."""
    lines = text.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def printed_for(home: Path, output: str) -> str:
    """What the demo prints where it runs in `demo`, as `make demo` does."""
    return output.replace(str(home), "demo")


def mail_texts(home: Path) -> list[str]:
    """The text parts of the mails that the demo wrote."""
    files = sorted((home / "outbox").glob("*.eml"))
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    return [body.get_content() for mail in mails if (body := mail.get_body(("plain",)))]


def main() -> None:
    """Play the demo and renew the README."""
    with TemporaryDirectory() as folder:
        home = Path(folder) / "demo"
        printed = printed_for(home, play(home))
        README.write_text(renewed(README.read_text("utf-8"), printed, mail_texts(home)), "utf-8")


if __name__ == "__main__":
    main()
