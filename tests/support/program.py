"""The command line, run in the process of the test. What every command would make anew and nothing changes is
made once: the commands themselves, and the tables of the project's own configuration."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from pipeline.cli import build_app
from pipeline.names import Names
from pipeline.settings import CONFIG_DIR
from pipeline.tag import Tagger, load_tagger
from tests.support import tables

_app, _command, _load_names = cache(build_app), cache(get_command), Names.load


def invoke(*words: str | Path, stdin: bytes | None = None) -> Result:
    """What `diembao` answers to these words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.testing._get_command", _command)
        patch.setattr(Names, "load", _names)
        patch.setattr("pipeline.tag.load_tagger", _tagger)
        return CliRunner().invoke(_app(), [*map(str, words)], input=stdin)


def _names(config_dir: Path) -> Names:
    return tables.names() if config_dir == CONFIG_DIR else _load_names(config_dir)


def _tagger(config_dir: Path) -> Tagger:
    return tables.tagger() if config_dir == CONFIG_DIR else load_tagger(config_dir)
