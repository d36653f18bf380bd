"""Regression cases of extraction: `<slug>/<date>/{input.html.gz, expected.json, meta.json}`."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

from models.document import Article
from models.errors import ConfigError
from pipeline.extract.times import VIETNAM


def expected(article: Article) -> dict[str, Any]:
    """What a case expects of an article, as `expected.json` has it."""
    at = article.published_at
    return {
        "title": article.title,
        "lead": article.lead,
        "text": article.text.split("\n"),
        "authors": list(article.authors),
        "published_at": at.astimezone(VIETNAM).isoformat(timespec="minutes") if at else None,
        "section": article.section,
        "language": article.language,
        "credit": article.credit,
        "dateline": article.dateline,
        "captions": list(article.captions),
    }


def write_case(folder: Path, slug: str, day: date, page: bytes, article: Article, situation: str) -> Path:
    """Write a case below `folder` and return its own folder. A case is never overwritten, as old layouts
    stay: raises ConfigError when there is one of that day."""
    case = folder / slug / day.isoformat()
    if case.exists():
        raise ConfigError("there is a case of that day", about=str(case), hint="give another --date")
    case.mkdir(parents=True)
    (case / "input.html.gz").write_bytes(gzip.compress(page, mtime=0))
    _write(case / "expected.json", expected(article))
    _write(case / "meta.json", {"url": article.url, "situation": situation})
    return case


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
