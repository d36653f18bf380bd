"""`run`: the service. `demo`: a recorded week of news through the whole program."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from pipeline.commands.common import DbOption, HomeOption, settings_for


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    from pipeline.commands.demo import demo

    app.command("run")(run)
    app.command("demo")(demo)


def run(
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Logs as JSON lines.")] = False,
    db: DbOption = None,
    home: HomeOption = None,
) -> None:
    """Collect and send digests until SIGTERM or Ctrl-C."""
    from scheduler import serve

    asyncio.run(serve(settings_for(db, home), json_logs=json_logs))
