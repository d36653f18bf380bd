"""Documentation that lies fails here: commands, settings, outcomes and the README's commands."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from models.outcome import Reason
from pipeline.cli import build_app
from pipeline.settings import Settings
from tests.conftest import ROOT
from tests.readme import mail_texts, printed_for, renewed

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


def test_every_block_of_output_in_the_readme_is_what_the_demo_prints_and_mails(demo_home: Path) -> None:
    printed = printed_for(demo_home, (demo_home.parent / "output").read_text("utf-8"))
    shown = renewed(README, printed, mail_texts(demo_home))
    assert shown.splitlines() == README.splitlines(), "where the program is right: python -m tests.readme"


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
