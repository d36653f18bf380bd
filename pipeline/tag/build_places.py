"""Make the district and ward tables of config/places from a published data set.

    python -m pipeline.tag.build_places DATASET.db MAPPING.json.gz config/places

`DATASET.db` is `vietnamadminunits/data/dataset.db` of the wheel vietnamadminunits 1.0.4 (MIT): the units
before and after 2025-07-01. `MAPPING.json.gz` is underthesea's mapping of old to new wards (Apache-2.0),
which tells the former province of each new ward. Both notices stand in config/places/NOTICE.md. The other
tables of the folder are kept by hand. The program itself never reads these sources.
"""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

_KINDS = {"Xã": "x", "Phường": "p", "Thị trấn": "t", "Đặc khu": "s"}
_DISTRICT_KINDS = {"Huyện": "h", "Quận": "q", "Thị xã": "tx", "Thành phố": "tp"}
_NUMBERED = re.compile(r"\d+")


_KIND_BEHIND = re.compile(r"\s*\([^)]*\)")
"""The sources tell `Kỳ Anh (Huyện)` from `Kỳ Anh (Thị xã)`; a text says Kỳ Anh of both."""


def _name(text: str) -> str:
    return " ".join(_KIND_BEHIND.sub("", unicodedata.normalize("NFC", text)).split())


def district_rows(dataset: sqlite3.Connection) -> list[str]:
    """`name, kind, old code`, one line for each district of the 63 old units; numbered ones are left out."""
    query = "select distinct districtShort, districtType, provinceCode from admin_units_legacy"
    rows = {
        (_name(name), _DISTRICT_KINDS[kind], code)
        for name, kind, code in dataset.execute(query)
        if name and kind in _DISTRICT_KINDS and not _NUMBERED.fullmatch(name)
    }
    return ["\t".join(row) for row in sorted(rows)]


def _former_province(mapping: Path) -> dict[tuple[str, str], set[str]]:
    """(new province key, new ward key) → old codes of the provinces whose wards went into it."""
    with gzip.open(mapping, "rt", encoding="utf-8") as file:
        data = json.load(file)
    codes = {key: value["code"] for key, value in data["old_province_names"].items()}
    former: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in data["ward_mapping"]:
        former[row["new_province_key"], row["new_ward_key"]].add(codes[row["old_province_key"]])
    return former


def ward_rows(dataset: sqlite3.Connection, mapping: Path) -> list[str]:
    """`name, old wards, new wards`: kind letter and old code of each old ward (`x82`), kind letter, new code
    and old code of each new one (`x82:82`). Numbered wards are left out."""
    old: dict[str, set[str]] = defaultdict(set)
    for name, kind, code in dataset.execute(
        "select wardShort, wardType, provinceCode from admin_units_legacy"
    ):
        if name and kind in _KINDS and not _NUMBERED.fullmatch(name):
            old[_name(name)].add(_KINDS[kind] + code)
    new: dict[str, set[str]] = defaultdict(set)
    former = _former_province(mapping)
    query = "select wardShort, wardType, provinceCode, provinceKey, wardKey from admin_units"
    for name, kind, code, province_key, ward_key in dataset.execute(query):
        sources = former.get((province_key, ward_key), set())
        if name and kind in _KINDS and not _NUMBERED.fullmatch(name):
            new[_name(name)].add(f"{_KINDS[kind]}{code}:{'+'.join(sorted(sources))}")
    names = sorted(old.keys() | new.keys())
    return [f"{name}\t{','.join(sorted(old[name]))}\t{','.join(sorted(new[name]))}" for name in names]


def main(arguments: list[str]) -> int:
    """Write districts.tsv and wards.tsv; 2 when the arguments are wrong."""
    if len(arguments) != 3:
        print(__doc__)
        return 2
    dataset_path, mapping, target = (Path(argument) for argument in arguments)
    with sqlite3.connect(f"file:{dataset_path}?mode=ro", uri=True) as dataset:
        tables = {
            "districts.tsv": ("name\tkind\told_code", district_rows(dataset)),
            "wards.tsv": ("name\told\tnew", ward_rows(dataset, mapping)),
        }
    for name, (header, rows) in tables.items():
        (target / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        print(f"{name}: {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
