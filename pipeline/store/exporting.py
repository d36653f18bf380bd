"""Exports to a file: NDJSON, CSV, Parquet. One row for each article, the same fields in each."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any, Literal, get_args

from models.errors import StoreError
from pipeline.files import whole

ExportFormat = Literal["ndjson", "csv", "parquet"]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_ROWS = 1000  # rows of one Parquet row group
_TIMES = ("published_at", "modified_at", "first_seen_at")
# Columns of a `flat` line that hold several codes or names.
LIST_COLUMNS = ("authors", "provinces", "old_provinces", "mentioned", "topics", "watched")

Line = dict[str, Any]


def write_export(lines: Iterable[Line], file: Path, form: ExportFormat) -> int:
    """Write the lines of `Store.export` into a new file; returns how many. NDJSON keeps them as they are;
    CSV and Parquet have codes instead of tags with evidence, see `flat`.

    Raises StoreError if the file exists, cannot be written, or Parquet's library is missing. A file appears
    only when it is whole.
    """
    assert form in get_args(ExportFormat)
    if file.exists():
        raise StoreError("the file exists", about=str(file), hint="name a new file")
    writers = {"ndjson": _ndjson, "csv": _csv, "parquet": _parquet}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with whole(file) as part:
            return writers[form](lines, part)
    except OSError as error:
        raise StoreError(f"cannot write ({error.strerror or error})", about=str(file)) from error


def flat(line: Line) -> Line:
    """A line with plain values: provinces that it is about, those it mentions, former units, topics and
    watch-lists as lists of codes. Without evidence nobody needs `body`, which repeats most of `text`."""
    provinces = line["provinces"]
    about = [tag for tag in provinces if tag["role"] == "about"]
    kept = {name: value for name, value in line.items() if name != "body"}
    return kept | {
        "provinces": [tag["code"] for tag in about],
        "old_provinces": list(dict.fromkeys(code for tag in about for code in tag["old_codes"])),
        "mentioned": [tag["code"] for tag in provinces if tag["role"] != "about"],
        "topics": [tag["id"] for tag in line["topics"]],
        "watched": [tag["id"] for tag in line["watched"]],
    }


def _ndjson(lines: Iterable[Line], file: Path) -> int:
    count = 0
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for line in lines:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    return count


def _csv(lines: Iterable[Line], file: Path) -> int:
    """With the mark by which spreadsheets know UTF-8, and no cell that they would run as a formula."""
    count = 0
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        for line in map(flat, lines):
            if not count:
                writer.writerow(line)
            writer.writerow([csv_cell(value) for value in line.values()])
            count += 1
    return count


def csv_cell(value: object) -> str:
    """A cell's text; what a spreadsheet would run as a formula gets an apostrophe."""
    text = " ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _parquet(lines: Iterable[Line], file: Path) -> int:
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise StoreError(
            "Parquet needs the pyarrow package", hint="pip install 'diembao[parquet]'"
        ) from error
    rows = iter(lines)
    first = next(rows, None)
    if first is None:
        raise StoreError("there is nothing to export", about=str(file))
    count = 0
    schema = arrow.schema([(name, _arrow_type(arrow, name)) for name in flat(first)])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for piece in _pieces(chain([first], rows)):
            columns = [_timed(flat(line)) for line in piece]
            writer.write_table(arrow.Table.from_pylist(columns, schema=schema))
            count += len(piece)
    return count


def _pieces(lines: Iterable[Line]) -> Iterator[list[Line]]:
    piece: list[Line] = []
    for line in lines:
        piece.append(line)
        if len(piece) == _ROWS:
            yield piece
            piece = []
    if piece:
        yield piece


def _arrow_type(arrow: Any, name: str) -> Any:
    if name in _TIMES:
        return arrow.timestamp("us", tz="UTC")
    return arrow.list_(arrow.string()) if name in LIST_COLUMNS else arrow.string()


def _timed(line: Line) -> Line:
    return line | {name: datetime.fromisoformat(line[name]) for name in _TIMES if line[name]}
