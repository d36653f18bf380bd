"""The groups of commands that several modules add to."""

from __future__ import annotations

import typer

HELP = {
    "evaluate": "Measure quality on labelled sets.",
    "bench": "Measure speed, as ratios within one run.",
    "train": "Make the models from labelled sets.",
}


def group(app: typer.Typer, name: str) -> typer.Typer:
    """The group of that name in `app`, made when it is first asked for."""
    for known in app.registered_groups:
        if known.typer_instance is not None and known.typer_instance.info.name == name:
            return known.typer_instance
    made = typer.Typer(name=name, help=HELP[name], no_args_is_help=True)
    app.add_typer(made)
    return made
