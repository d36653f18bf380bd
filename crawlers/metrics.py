"""The health of outlets in Prometheus' text format 0.0.4. Pure.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from crawlers.health import Diagnosis, State

Gauge = Callable[[Diagnosis, datetime], float | None]


def _last_success(found: Diagnosis, _: datetime) -> float | None:
    return found.last_success.timestamp() if found.last_success else None


def _age(found: Diagnosis, now: datetime) -> float | None:
    return (now - found.figures.newest).total_seconds() if found.figures.newest else None


def _entries(found: Diagnosis, _: datetime) -> float | None:
    return found.figures.named[-1] if found.figures.named else None


def _articles(found: Diagnosis, _: datetime) -> float | None:
    return found.figures.stored[-1] if found.figures.stored else None


_GAUGES: tuple[tuple[str, str, Gauge], ...] = (
    (
        "diembao_outlet_last_success_timestamp_seconds",
        "When an endpoint last answered well.",
        _last_success,
    ),
    ("diembao_outlet_newest_entry_age_seconds", "Age of the newest entry.", _age),
    ("diembao_outlet_entries_day", "Entries first named in the last 24 hours.", _entries),
    (
        "diembao_outlet_entries_day_usual",
        "Median of the 28 days before.",
        lambda found, _: found.figures.usual_named,
    ),
    ("diembao_outlet_articles_day", "Articles stored in the last 24 hours.", _articles),
    (
        "diembao_outlet_articles_day_usual",
        "Median of the 28 days before.",
        lambda found, _: found.figures.usual_stored,
    ),
    (
        "diembao_outlet_extraction_yield_ratio",
        "Share of the pages fetched in seven days that gave an article.",
        lambda found, _: found.figures.extraction_yield,
    ),
)


def metrics_text(found: Iterable[Diagnosis], now: datetime) -> str:
    """The diagnoses made at `now`, one sample a line."""
    each = list(found)
    out: list[str] = []
    _family(
        out,
        "diembao_outlet_state",
        "1 for the state that the outlet is in.",
        [
            (f'outlet="{_label(d.outlet)}",state="{_label(state.value)}"', float(d.state is state))
            for d in each
            for state in State
        ],
    )
    for name, meaning, value in _GAUGES:
        samples = [(f'outlet="{_label(d.outlet)}"', value(d, now)) for d in each]
        _family(out, name, meaning, [(labels, number) for labels, number in samples if number is not None])
    return "".join(out)


def _family(out: list[str], name: str, meaning: str, samples: Iterable[tuple[str, float]]) -> None:
    out.append(f"# HELP {name} {meaning}\n# TYPE {name} gauge\n")
    out += (f"{name}{{{labels}}} {value:.15g}\n" for labels, value in samples)


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
