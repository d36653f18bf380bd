"""The places of Vietnam: units of both schemes, former names, districts, wards, landmarks.

Two schemes of codes live side by side and never mix: `vn34:NN` are the 34 units since 2025-07-01, `vn63:NN`
the 63 before. Inside the tables and senses the bare two digits are used, and the field says which scheme.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from models.errors import ConfigError
from pipeline.memory import making_what_stays
from pipeline.tag.cues import SURNAMES, WEAK_SURNAMES, cues
from pipeline.tag.spotter import Spotter
from pipeline.vietnamese import DASHES, exact, fold, strip_marks

MERGER = date(2025, 7, 1)
"""The day on which 63 units became 34 and the districts ceased."""

UNIT_KINDS = frozenset({"province", "former"})
_PLAIN = (*((dash, "-") for dash in DASHES), ("’", "'"))
_WORD_START = re.compile(r"(?<![^\s.\-])[^\W_]+")
_ROMAN = re.compile(r"[IVX]+")
"""Wards of this name are written as `quý III` is."""
_DIRECTIONS = frozenset(map(exact, "đông tây nam bắc trung".split()))
"""`Trung Đông`, `Tây An` are abroad."""
_NOT_LONE = SURNAMES | WEAK_SURNAMES | _DIRECTIONS
_VOWEL_I = {
    "Mỹ": "Mĩ",
    "Lý": "Lí",
    "Kỳ": "Kì",
    "Quy": "Qui",
    "Vỹ": "Vĩ",
    "Sỹ": "Sĩ",
    "Quý": "Quí",
    "Quỳ": "Quì",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One unit's share in a sense: the current code and, when the name decides it, the former one."""

    code: str
    old: str = ""


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing that a name can mean.

    `kind` is province (a current unit), former (a unit until 2025-06-30), joint (a unit of 1962-2008 that
    was split), district, ward, landmark, or other (something that is no place of ours: `note` says what).
    `nouns` are words of which one must stand beside a namesake; `letter` is the sort of ward or district.
    """

    kind: str
    name: str
    places: tuple[Place, ...] = ()
    nouns: tuple[str, ...] = ()
    letter: str = ""
    note: str = ""


@dataclass(slots=True)
class Entry:
    """A name as it is looked up: offsets that must be capitals, and its senses, strongest first."""

    name: str
    caps: tuple[int, ...]
    senses: tuple[Sense, ...]
    nickname: bool = False
    ward_only: bool = False
    lone: bool = False
    """A mere ward whose name no ward elsewhere has, and that is no person's."""
    unit: Sense | None = field(init=False)
    """The first sense that is a unit."""

    def __post_init__(self) -> None:
        self.unit = None
        for sense in self.senses:
            if sense.kind in UNIT_KINDS:
                self.unit = sense
                break


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of either scheme. `kinds` are (first day it no longer holds or None, kind), in order."""

    code: str
    name: str
    name_en: str
    kinds: tuple[tuple[date | None, str], ...]
    aliases: tuple[str, ...]
    relatives: tuple[str, ...]
    """For a current unit its former ones; for a former one the current unit it is in."""

    def kind_at(self, day: date) -> str:
        """`province` or `city` on that day."""
        return next(kind for until, kind in self.kinds if until is None or day < until)


def normal_dashes(text: str) -> str:
    """`text` of the same length in which every dash and apostrophe is the plain one."""
    if not text.isascii():
        for odd, plain in _PLAIN:
            text = text.replace(odd, plain)
    return text.replace("_", " ")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise ConfigError(
            "cannot read a table of places", about=str(path), hint="restore config/places"
        ) from error
    header = lines[0].split("\t")
    blank = [""] * len(header)
    for line in lines[1:]:
        if line:
            yield dict(zip(header, [*line.split("\t"), *blank], strict=False))


def _kinds(text: str) -> tuple[tuple[date | None, str], ...]:
    parts = (part.partition("<") for part in text.split(";"))
    return tuple((date.fromisoformat(until) if until else None, kind) for kind, _, until in parts)


def _unit(row: dict[str, str], code: str, relatives: str) -> Unit:
    try:
        aliases = tuple(filter(None, row["aliases"].split("|")))
        kinds = _kinds(row["kinds"])
        return Unit(row[code], row["name"], row["name_en"], kinds, aliases, tuple(row[relatives].split(",")))
    except (KeyError, ValueError, AttributeError) as error:
        raise ConfigError("a row of the units is malformed", about=str(row)) from error


def _spellings(name: str) -> Iterator[str]:
    """`name` and the ways in which its syllables are joined or its i and y are written."""
    yield name
    if " - " in name:
        yield name.replace(" - ", "-")
    for y, i in _VOWEL_I.items():
        if y in name.split():
            yield " ".join(i if part == y else part for part in name.split())


def _capitals(name: str) -> tuple[int, ...]:
    """Where words of a name begin with a capital."""
    if name.istitle() and name.replace(" ", "").isalpha():  # most names
        return tuple(accumulate([len(word) + 1 for word in name.split(" ")[:-1]], initial=0))
    return tuple([m.start() for m in _WORD_START.finditer(name) if name[m.start()].isupper()])


class Gazetteer:
    """All names, to be found as typed (`exact`) or without tones (`folded`). Never changes once built."""

    def __init__(self, folder: Path) -> None:
        self.current = {
            u.code: u for u in (_unit(r, "code", "old_codes") for r in _rows(folder / "provinces.tsv"))
        }
        former = (_unit(r, "old_code", "code") for r in _rows(folder / "former_provinces.tsv"))
        self.former = {unit.code: unit for unit in former}
        self.old_to_new = {unit.code: unit.relatives[0] for unit in self.former.values()}
        self._exact: dict[str, list[tuple[Sense, bool]]] = {}
        self._names: dict[str, str] = {}
        self._add_units()
        self._add_others(folder)
        self._add_joint(folder)
        self._add_landmarks(folder)
        self._add_districts(folder)
        self._add_wards(folder)
        self.entries: list[Entry] = []
        self._typed, self._folded = self._build()

    def _add(self, spelling: str, sense: Sense, *, nickname: bool = False) -> None:
        self._add_at(normal_dashes(exact(spelling)), spelling, sense, nickname)

    def _add_at(self, key: str, spelling: str, sense: Sense, nickname: bool) -> None:
        senses = self._exact.setdefault(key, [])
        if all(known != sense for known, _ in senses):
            senses.append((sense, nickname))
            self._names.setdefault(key, spelling)

    def _add_unit(self, unit: Unit, sense: Sense) -> None:
        for spelling in (*_spellings(unit.name), unit.name.replace(" ", "-")):
            self._add(spelling, sense)
        if " " in unit.name:
            for spelling in (unit.name_en, strip_marks(unit.name), strip_marks(unit.name).replace(" ", "-")):
                self._add(spelling, sense)
        for alias in unit.aliases:
            self._add(alias.removeprefix("~"), sense, nickname=alias.startswith("~"))

    def _add_units(self) -> None:
        for unit in self.current.values():
            same = next((old for old in unit.relatives if self.former[old].name == unit.name), "")
            self._add_unit(unit, Sense("province", unit.name, (Place(unit.code, same),)))
        names = {unit.name for unit in self.current.values()}
        for unit in self.former.values():
            place = (Place(unit.relatives[0], unit.code),)
            kind = "province" if unit.name in names else "former"
            self._add_unit(unit, Sense(kind, unit.name, place))

    def _add_others(self, folder: Path) -> None:
        for row in _rows(folder / "others.tsv"):
            places = self._home_of(row["name"]) if row["reason"] == "club" else ()
            if row["old_code"]:  # an abbreviation, from which no name can be read
                places = (Place(self.old_to_new[row["old_code"]], row["old_code"]),)
            self._add(row["name"], Sense("other", row["name"], places, note=row["reason"]))

    def _home_of(self, club: str) -> tuple[Place, ...]:
        """The unit whose name stands in the name of a club."""
        parts = club.split()
        for size in range(len(parts), 0, -1):
            for start in range(len(parts) - size + 1):
                known = self._exact.get(normal_dashes(exact(" ".join(parts[start : start + size]))), [])
                if known and known[0][0].kind in ("province", "former"):
                    return known[0][0].places
        return ()

    def _add_joint(self, folder: Path) -> None:
        for row in _rows(folder / "joint_provinces.tsv"):
            places = tuple(Place(self.old_to_new[old], old) for old in row["old_codes"].split(","))
            note = f"{row['from']}-{row['to']}"
            for spelling in (*_spellings(row["name"]), row["name"].replace(" - ", " ")):
                self._add(spelling, Sense("joint", row["name"], places, note=note))

    def _add_landmarks(self, folder: Path) -> None:
        for row in _rows(folder / "landmarks.tsv"):
            nouns = tuple(filter(None, row["nouns"].split(",")))
            homes = zip(row["code"].split(","), row["old_code"].split(","), strict=True)
            places = tuple([Place(code, old) for code, old in homes])  # of a pass, or of a lesser bearer, too
            for spelling in _spellings(row["name"]):
                self._add(spelling, Sense("landmark", row["name"], places, nouns))

    def _add_districts(self, folder: Path) -> None:
        for row in _rows(folder / "districts.tsv"):
            place = (Place(self.old_to_new[row["old_code"]], row["old_code"]),)
            for spelling in _spellings(row["name"]):
                self._add(spelling, Sense("district", row["name"], place, letter=row["kind"]))

    def _add_wards(self, folder: Path) -> None:
        rows = [
            r for r in _rows(folder / "wards.tsv") if len(r["name"]) > 2 and not _ROMAN.fullmatch(r["name"])
        ]
        keys = normal_dashes(exact("\n".join([row["name"] for row in rows]))).split("\n")  # all in one go
        for key, row in zip(keys, rows, strict=True):
            name = row["name"]
            self._add_at(key, name, Sense("ward", name, note=f"{row['old']}|{row['new']}"), nickname=False)

    def _build(self) -> tuple[dict[str, int], dict[str, int]]:
        """Number the entries. Returns the number of each name as it is typed, and folded."""
        typed: dict[str, int] = {}
        merged: dict[str, list[int]] = {}
        for key, senses in self._exact.items():
            entry = self._entry(self._names[key], [s for s, _ in senses], any(n for _, n in senses))
            typed[key] = len(self.entries)
            merged.setdefault(strip_marks(key), []).append(len(self.entries))
            self.entries.append(entry)
        self._exact = {}
        self._names = {}
        return typed, {key: self._merge(indices) for key, indices in merged.items()}

    def _entry(self, name: str, senses: Iterable[Sense], nickname: bool) -> Entry:
        caps = _capitals(name)
        found = tuple(senses)
        if " " in name and found[0].kind == "landmark" and exact(name.split()[0]) in _LANDMARK_NOUNS:
            caps = tuple(offset for offset in caps if offset)  # núi Bà Đen beside Núi Bà Đen
        ward_only = {sense.kind for sense in found} == {"ward"}
        return Entry(name, caps, found, nickname, ward_only, ward_only and self._is_lone(name, found))

    def _is_lone(self, name: str, wards: Iterable[Sense]) -> bool:
        """Whether all wards of the name lie in one current unit, and it does not start as a person's does."""
        first, _, rest = exact(name).partition(" ")
        if not rest or first in _NOT_LONE:
            return False
        codes: set[str] = set()
        for ward in wards:
            old, _, new = ward.note.partition("|")
            codes.update(self.old_to_new[part[1:3]] for part in old.split(",") if part)
            codes.update(part[1:3] for part in new.split(",") if part)
        return len(codes) == 1

    def _merge(self, indices: list[int]) -> int:
        """The entry of a toneless key that several toned names share: all their senses, units first."""
        if len(indices) == 1:
            return indices[0]
        found = [self.entries[i] for i in indices]
        senses = dict.fromkeys(sense for entry in found for sense in entry.senses)
        ordered = sorted(senses, key=lambda sense: _RANK[sense.kind])
        caps = min((entry.caps for entry in found), key=len)
        ward_only = all(entry.ward_only for entry in found)
        self.entries.append(Entry(found[0].name, caps, tuple(ordered), found[0].nickname, ward_only))
        return len(self.entries) - 1

    @cached_property
    def exact(self) -> Spotter:
        """Finds names as they are typed. Made when first asked for: queries need none."""
        return Spotter(self._typed, self.entries, cues("exact").signals)

    @cached_property
    def folded(self) -> Spotter:
        """Finds names without tones."""
        return Spotter(self._folded, self.entries, cues("folded").signals)

    def as_typed(self, surface: str) -> Entry | None:
        """What a name means as it is typed: `Lệ Thanh` and `Lê Thanh` are one without their marks."""
        index = self._typed.get(normal_dashes(exact(surface)))
        return None if index is None else self.entries[index]

    def make_spotters(self) -> None:
        """Make both now, so that processes forked later share them."""
        _ = self.exact, self.folded

    def name(self, code: str, lang: str = "vi") -> str:
        """The name of `vn34:NN` or `vn63:NN`, in `vi` or `en`; KeyError for an unknown code."""
        scheme, _, digits = code.partition(":")
        unit = (self.former if scheme == "vn63" else self.current)[digits]
        return unit.name_en if lang == "en" else unit.name

    def senses_of(self, name: str) -> tuple[Sense, ...]:
        """All that a name, with or without tones, can mean; empty for one that is not known."""
        index = self._folded.get(fold(normal_dashes(name)))
        return self.entries[index].senses if index is not None else ()

    def former_of(self, name: str) -> frozenset[str]:
        """The former units (`vn63:NN`) that bear the name, or in which a town or sight of that name lies."""
        senses = self.senses_of(name)
        return frozenset(f"vn63:{place.old}" for sense in senses for place in sense.places if place.old)


_RANK = {"province": 0, "former": 1, "other": 2, "joint": 3, "landmark": 4, "district": 5, "ward": 6}
_LANDMARK_NOUNS = frozenset(
    map(
        exact,
        "núi hồ đèo cầu chùa đền vịnh suối thác động hang đảo bãi chợ làng sân ga cảng vườn rừng mũi "
        "hòn cồn đầm phá "
        "tháp lăng bến đồi hầm nút kênh rạch đập thủy nhiệt quảng bán quần cù phố cửa đình miếu địa nhà "
        "dinh".split(),
    )
)


def load_gazetteer(config_dir: Path) -> Gazetteer:
    """Read `config_dir`/places. ConfigError when a table is missing or malformed."""
    with making_what_stays():
        return Gazetteer(config_dir / "places")
