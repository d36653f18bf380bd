"""Documentation that lies fails here: commands, settings, outcomes and the README's commands."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from models.outcome import Reason
from pipeline.cli import build_app
from pipeline.settings import Settings
from tests.conftest import ROOT

pytestmark = pytest.mark.xdist_group("demo")  # one worker, so that its fixtures are made once

CLI = (ROOT / "docs" / "cli.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def command_names() -> list[str]:
    """Every command of the program, `group command` for those of a group."""
    names = []
    app = build_app()
    names += [
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    ]
    for group in app.registered_groups:
        assert group.typer_instance is not None
        for command in group.typer_instance.registered_commands:
            names.append(f"{group.typer_instance.info.name} {command.name}")
    return names


@pytest.mark.parametrize("name", command_names())
def test_every_command_is_in_the_documentation_of_the_command_line(name: str) -> None:
    assert re.search(rf"`(?:diembao )?{re.escape(name)}[`\s]", CLI), (
        f"docs/cli.md does not name `diembao {name}`"
    )


def test_the_documentation_names_no_command_that_is_not_there() -> None:
    known = set(command_names())
    table = CLI.split("## collect")[0]
    for row in re.findall(r"^\| `diembao .*?\|", table, re.MULTILINE):
        for name in re.findall(r"`(?:diembao )?([a-z ]+?)`", row):
            assert name in known, f"docs/cli.md names `{name}`"


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_documented_with_its_meaning(name: str) -> None:
    line = next(
        (
            line
            for line in (ROOT / "docs" / "settings.md").read_text("utf-8").splitlines()
            if f"| `{name}` |" in line
        ),
        "",
    )
    meaning = Settings.model_fields[name].description
    assert meaning
    assert meaning in line


@pytest.mark.parametrize("reason", list(Reason))
def test_every_outcome_is_explained(reason: Reason) -> None:
    assert f"`{reason.value}`" in CLI


def test_every_link_between_documents_leads_somewhere() -> None:
    for file in [
        ROOT / "README.md",
        *sorted((ROOT / "docs").glob("*.md")),
        ROOT / ".github" / "CONTRIBUTING.md",
    ]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", file.read_text("utf-8")):
            assert (file.parent / target).exists(), f"{file.name} links to {target}"


def test_the_readme_shows_what_the_demo_prints() -> None:
    """The stable part: one line for each morning, and the counts."""
    block = README.split("```\n")[1]
    assert "@@" not in README
    mornings = [line for line in block.splitlines() if "new articles" in line]
    assert len(mornings) == 7
    assert "Coverage by province" in block


def test_the_demo_prints_the_numbers_of_the_readme(demo_home: Path) -> None:
    printed = (demo_home.parent / "output").read_text("utf-8")
    shown = README.split("```\n")[1]
    for part in ("Outcomes of every address met in the week", "Coverage by province"):
        assert paragraph(shown, part) == paragraph(printed, part)


def test_the_readme_shows_a_story_of_a_digest_as_the_demo_writes_it(demo_home: Path) -> None:
    shown = README.split("```text\n")[1].partition("```")[0].strip()
    mails = [
        message_from_bytes(file.read_bytes(), policy=default) for file in (demo_home / "outbox").glob("*.eml")
    ]
    texts = [body.get_content() for mail in mails if (body := mail.get_body(("plain",)))]
    assert any(shown in text.replace("\r\n", "\n").replace("\N{NO-BREAK SPACE}", " ") for text in texts)


def paragraph(text: str, heading: str) -> list[str]:
    """The lines below a heading, up to an empty one."""
    lines = [line.rstrip() for line in text.splitlines()]
    start = lines.index(heading) + 1
    return lines[start : lines.index("", start)]


def readme_commands() -> list[str]:
    """The `diembao` commands that the README shows at the start of a line, without those that never end."""
    found = re.findall(r"^(?:\$ )?(diembao [^\n]*)$", README, re.MULTILINE)
    return [command for command in found if not command.startswith(("diembao run", "diembao demo"))]


@pytest.mark.parametrize("command", readme_commands())
def test_the_commands_of_the_readme_run(command: str, demo_home: Path) -> None:
    words = shlex.split(command.split(" | ")[0].split(" > ")[0].replace("--home demo", f"--home {demo_home}"))
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *words[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        env={"PATH": "", "DIEMBAO_HOME": str(demo_home), "PYTHONIOENCODING": "utf-8", "LANG": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_every_test_in_the_list_of_faults_is_there() -> None:
    """By the name under which pytest runs it."""
    named = re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", (ROOT / "docs" / "faults.md").read_text("utf-8"))
    assert len(named) > 40
    for file, test in named:
        body = ast.parse((ROOT / file).read_text("utf-8")).body
        for name in test.split("::"):
            found = next((each for each in body if getattr(each, "name", "") == name), None)
            assert found is not None, f"{file} has no {test}"
            body = getattr(found, "body", [])
