"""`diembao`: the command line. The commands themselves are in `pipeline.commands`."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from models.errors import DiemBaoError
from pipeline.interrupts import heeding_interrupts

if TYPE_CHECKING:
    import typer

EPILOG = "Tài liệu / documentation: docs/cli.md"


def build_app() -> typer.Typer:
    """The application with every command."""
    import typer

    from pipeline.commands import (
        collect_bench,
        collecting,
        correcting,
        database,
        digests,
        extraction,
        filters,
        measuring,
        outlets,
        quality,
        reprocessing,
        searching,
        service,
        watchlists,
    )

    app = typer.Typer(
        name="diembao",
        help="Điểm Báo: what the press wrote about Vietnam's provinces and subjects.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        epilog=EPILOG,
    )
    for module in (
        collecting,
        collect_bench,
        filters,
        searching,
        correcting,
        reprocessing,
        watchlists,
        digests,
        outlets,
        extraction,
        database,
        measuring,
        quality,
        service,
    ):
        module.register(app)
    return app


def main() -> None:
    """Run the command line; an error raised on purpose becomes one line on standard error and exit code 1."""
    with heeding_interrupts():  # before anything is imported that takes time
        for stream in (sys.stdout, sys.stderr):
            # Vietnamese must reach pipes and files whatever the locale; a lone surrogate becomes an escape.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        try:
            build_app()()
        except DiemBaoError as error:
            print(f"diembao: {error}", file=sys.stderr)
            sys.exit(1)
