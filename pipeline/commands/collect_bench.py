"""`bench collect` and `bench memory`: articles a second, from the network to indexed rows, and the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.common import JsonOption, dump, settings_for
from pipeline.commands.groups import group

if TYPE_CHECKING:
    from pipeline.collect_bench import Measured

_MEMORY = ("run", "stored", "peak", "with workers", "after", "peak", "with workers")


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    group(app, "bench").command("collect")(bench_collect)
    group(app, "bench").command("memory")(bench_memory)


def bench_collect(
    pages: Annotated[int, typer.Option("--pages", min=10, help="Invented articles.")] = 2_000,
    outlets: Annotated[int, typer.Option("--outlets", min=1, help="Outlets that share them.")] = 30,
    json: JsonOption = False,
) -> None:
    """Articles collected a second over loopback to committed and indexed rows, beside a bare fetch, parse and
    insert of the same pages, and where the processor's time goes."""
    from pipeline.collect_bench import measure

    found = measure(settings_for(), pages=pages, outlets=outlets)
    print(dump(_record(found)) if json else _text(found))


def bench_memory(
    pages: Annotated[int, typer.Option("--pages", min=1, help="Invented articles of each run.")] = 10_000,
    outlets: Annotated[int, typer.Option("--outlets", min=1, help="Outlets that share them.")] = 500,
    runs: Annotated[int, typer.Option("--runs", min=1, help="Runs one after the other.")] = 1,
) -> None:
    """Peak memory of collecting over loopback, run by run, of the collecting process and with its workers."""
    from pipeline.memory_bench import measure

    print(f"{'':12} {'collecting, MB':>31} {'grouping, MB':>23}")
    print("{:>4} {:>7} {:>8} {:>13} {:>8} {:>9} {:>13}".format(*_MEMORY))
    for number, run in enumerate(measure(settings_for(), pages=pages, outlets=outlets, runs=runs), 1):
        sizes = (run.peak, run.peak_all, run.after, run.grouped, run.grouped_all)
        megabytes = (size / 1e6 for size in sizes)
        line = "{:4} {:7} {:8.0f} {:13.0f} {:8.0f} {:9.0f} {:13.0f}".format(number, run.stored, *megabytes)
        print(line, flush=True)


def _record(found: Measured) -> dict[str, object]:
    return {
        "articles": found.articles,
        "stored": found.stored,
        "page_bytes": found.page_bytes,
        "articles_per_second": round(found.rate, 1),
        "floor_per_second": round(found.floor, 1),
        "indexed_floor_per_second": round(found.indexed_floor, 1),
        "ratio": round(found.ratio, 3),
        "cpu_ms_collect": round(found.cpu / found.articles * 1000, 2),
        "cpu_ms_read": round(found.read_cpu / found.articles * 1000, 2),
        "cpu_ms_floor": round(found.floor_cpu / found.articles * 1000, 2),
        "loop_lag_p50_ms": round(found.lag_p50 * 1000, 2),
        "loop_lag_p99_ms": round(found.lag_p99 * 1000, 2),
        "collecting": {name: round(share, 3) for name, share in found.collecting},
        "reading": {name: round(share, 3) for name, share in found.reading},
    }


def _text(found: Measured) -> str:
    each = 1000 / found.articles
    lines = [
        f"pages      {found.articles} of {found.page_bytes / 1000:.0f} KB, gzipped on the wire",
        f"collected  {found.rate:8.1f} articles/s  ({found.stored} of {found.articles} stored)",
        f"floor      {found.floor:8.1f} pages/s     (fetch, one parse, batched insert)",
        f"           {found.indexed_floor:8.1f} pages/s     (the same into a text index)",
        f"ratio      {found.ratio:8.3f}",
        f"processor  {found.cpu * each:8.2f} ms an article to fetch and store",
        f"           {found.read_cpu * each:8.2f} ms to read and tag (in the workers)",
        f"           {found.floor_cpu * each:8.2f} ms for the floor",
        f"loop lag   p50 {found.lag_p50 * 1000:.2f} ms, p99 {found.lag_p99 * 1000:.2f} ms",
    ]
    for title, parts, cpu in (
        ("fetch and store", found.collecting, found.cpu),
        ("read and tag", found.reading, found.read_cpu),
    ):
        lines.append(f"{title}:")
        lines += [f"  {name:16} {share:6.1%}  {share * cpu * each:6.2f} ms" for name, share in parts]
    return "\n".join(lines)
