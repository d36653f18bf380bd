"""`bench collect`: articles a second, from the network to committed and indexed rows."""

from __future__ import annotations

from typing import Annotated

import typer

from models.errors import ConfigError
from pipeline.commands.common import JsonOption, dump, settings_for
from pipeline.commands.groups import group


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    group(app, "bench").command("collect")(bench_collect)


def bench_collect(
    pages: Annotated[int, typer.Option("--pages", min=10, help="Invented articles.")] = 2_000,
    outlets: Annotated[int, typer.Option("--outlets", min=1, help="Outlets that share them.")] = 20,
    json: JsonOption = False,
) -> None:
    """Articles collected a second over loopback to committed and indexed rows, beside a bare fetch, parse and
    insert of the same pages."""
    from crawlers.outlets import load_outlets
    from pipeline.collect_bench import FAMILY, measure

    settings = settings_for()
    profile = next(
        (o for o in load_outlets(settings.config_dir).values() if o.profile.family == FAMILY), None
    )
    if profile is None:
        raise ConfigError("no outlet of this family is configured", about=FAMILY)
    found = measure(settings, profile, pages=pages, outlets=outlets)
    if json:
        record = {
            "articles": found.articles,
            "stored": found.stored,
            "articles_per_second": round(found.rate, 1),
            "floor_per_second": round(found.floor, 1),
            "ratio": round(found.ratio, 3),
            "cpu_ms_collect": round(found.cpu / found.articles * 1000, 2),
            "cpu_ms_read": round(found.read_cpu / found.articles * 1000, 2),
            "cpu_ms_floor": round(found.floor_cpu / found.articles * 1000, 2),
            "loop_lag_p50_ms": round(found.lag_p50 * 1000, 2),
            "loop_lag_p99_ms": round(found.lag_p99 * 1000, 2),
        }
        print(dump(record))
        return
    print(f"collected  {found.rate:8.1f} articles/s  ({found.stored} of {found.articles} stored)")
    print(f"floor      {found.floor:8.1f} pages/s     (fetch, one parse, batched insert)")
    print(f"ratio      {found.ratio:8.3f}")
    each = 1000 / found.articles
    print(
        f"processor  {found.cpu * each:.2f} ms an article to fetch and store, "
        f"{found.read_cpu * each:.2f} ms to read and tag (in the workers), "
        f"floor {found.floor_cpu * each:.2f} ms"
    )
    print(f"loop lag   p50 {found.lag_p50 * 1000:.2f} ms, p99 {found.lag_p99 * 1000:.2f} ms")
