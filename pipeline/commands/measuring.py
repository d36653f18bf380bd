"""`bench store`, `bench search`, `evaluate search`: how fast and how alike the two databases are."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.groups import group

BenchDb = Annotated[
    str, typer.Option("--db", metavar="URL", help="An empty database; default a SQLite file that goes again.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group(app, "bench").command("store")(bench_store)
    group(app, "bench").command("search")(bench_search)
    group(app, "evaluate").command("search")(evaluate_search)


def bench_store(
    rows: Annotated[int, typer.Option("--rows", min=1, help="Invented articles.")] = 10_000,
    db: BenchDb = "",
) -> None:
    """Articles stored a second, beside the driver's bare executemany and COPY of the same rows."""
    from pipeline.store.bench import store_report

    for line in store_report(rows, db):
        print(line, flush=True)


def bench_search(
    rows: Annotated[
        list[int] | None, typer.Option("--rows", min=1, help="Invented articles; repeat to show growth.")
    ] = None,
    db: BenchDb = "",
) -> None:
    """Milliseconds of each kind of search, beside the bare query of the text index."""
    from pipeline.store.bench import search_report

    for line in search_report(rows or [10_000], db):
        print(line, flush=True)


def evaluate_search(
    db: Annotated[
        list[str] | None,
        typer.Option("--db", metavar="URL", help="An empty database beside the SQLite one; may be repeated."),
    ] = None,
    queries: Annotated[int, typer.Option("--queries", min=1, help="Typed as people do.")] = 500,
    random: Annotated[int, typer.Option("--random", min=0, help="Of random characters.")] = 20_000,
) -> None:
    """Whether all databases find the same, and what looking at every article finds. Exits with 1 if not."""
    from pipeline.parity import report

    lines, same = report(db or [], queries, random)
    print("\n".join(lines))
    if not same:
        raise typer.Exit(1)
