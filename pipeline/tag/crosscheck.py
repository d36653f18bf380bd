"""Ways to ask of a labelled set whether the rules behind its figures are general.

`mutated` moves each item to other provinces, consistently; `lengthened` makes long articles of short ones by
adding what real pages carry: a byline, a list of related articles, a neutral tail; `respelled` types their
letters otherwise.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pipeline.tag.evaluate import TagProvinces, evaluate
from pipeline.tag.fields import Field
from pipeline.tag.gazetteer import Gazetteer, Sense, Unit
from pipeline.tag.matching import TONED, Hit, find, read_field
from pipeline.tag.patterns import try_all
from pipeline.vietnamese import clean, strip_marks

_UNITS = ("province", "former")
_TAIL_VI = (
    "Các đơn vị liên quan được giao theo dõi việc thực hiện và báo cáo định kỳ mỗi quý.",
    "Kế hoạch chi tiết sẽ được gửi tới từng cơ quan trước cuối tháng.",
    "Nhiều ý kiến cho rằng cần thêm thời gian để người dân làm quen với cách làm mới.",
    "Kinh phí được cân đối từ nhiều nguồn và công khai trên cổng thông tin.",
)
_TAIL_EN = (
    "The units concerned were told to follow the work and to report every quarter.",
    "A detailed plan will be sent to every office before the end of the month.",
    "Several people said that more time was needed to get used to the change.",
    "The money comes from several sources and the accounts will be open to all.",
)


def mutated(items: Iterable[Mapping[str, Any]], gazetteer: Gazetteer, seed: int) -> list[dict[str, Any]]:
    """Each item moved to other provinces: the names of units, former units, districts and landmarks replaced
    by ones of the same sort there, the labels with them. Left out are items with a place that has an alias'
    spelling or that several provinces share, for it would stay where it is."""
    chooser = random.Random(seed)
    pool = _inner_places(gazetteer)
    moved = (_moved(item, gazetteer, pool, chooser) for item in items)
    return [item for item in moved if item is not None]


_BOUND = frozenset(
    {"ho_chi_minh", "common_word", "foreign_homonym", "substring", "alias", "unit_named_province"}
)
"""Traps that lie in the very name: another name would not spring them."""
_TRAPS = frozenset(
    "Hòa Bình|Thái Bình|Hải Dương|Cao Bằng|Hà Nam|Thái Nguyên|Tây Ninh|Hồ Chí Minh|Huế".split("|")
)
"""Names that are ordinary words, or shared with a place abroad: they would bring a trap of their own."""
_Names = dict[str, str]


def _inner_places(gazetteer: Gazetteer) -> dict[str, list[str]]:
    """Current code → districts there whose names mean nothing else."""
    pool: dict[str, list[str]] = {}
    for entry in gazetteer.entries:
        sense = entry.senses[0]
        plain = sense.kind == "district" and len(entry.senses) == 1 and entry.name == sense.name
        if plain and " " in sense.name and len({place.code for place in sense.places}) == 1:
            pool.setdefault(sense.places[0].code, []).append(sense.name)
    return pool


def _moved(
    item: Mapping[str, Any], gazetteer: Gazetteer, pool: Mapping[str, list[str]], chooser: random.Random
) -> dict[str, Any] | None:
    negative = item.get("trap") in ("allcaps", "shared_unit") and item.get("trap_polarity") == "neg"
    if item.get("trap") in _BOUND or negative:
        return None
    fields = {name: clean(str(item.get(name) or "")) for name in ("title", "body")}
    hits = {name: _hits(name, text, item, gazetteer) for name, text in fields.items()}
    found = [hit for group in hits.values() for hit in group]
    if not found or any(_written_as(hit, gazetteer) is None for hit in found):
        return None
    names: dict[str, list[tuple[str, str]]] = {}
    for hit in found:
        sense = hit.entry.senses[0]
        names.setdefault(sense.places[0].code, []).append((sense.kind, sense.name))
    codes, swapped = _new_homes(names, gazetteer, pool, chooser)
    if swapped is None:
        return None
    texts = {name: _rewritten(text, hits[name], swapped, gazetteer) for name, text in fields.items()}
    labels = {
        key: [codes.get(code, code) for code in item.get(key, ())] for key in ("provinces", "mentioned_only")
    }
    return {**item, **texts, **labels, "old_provinces": []}


def _hits(name: str, text: str, item: Mapping[str, Any], gazetteer: Gazetteer) -> list[Hit]:
    found = find(read_field(Field(name, text), str(item.get("lang") or "vi")), gazetteer)
    return [hit for hit in found if hit.surface not in ("Việt Nam", "Vietnam", "Viet Nam")]


def _written_as(hit: Hit, gazetteer: Gazetteer) -> str | None:
    """How the name stands there: `vi`, `en`, `toneless`; None for an alias or a name that several share."""
    sense = hit.entry.senses[0]
    if sense.kind not in (*_UNITS, "district", "landmark") or len({p.code for p in sense.places}) != 1:
        return None
    if sense.kind not in _UNITS and len({p.code for s in hit.entry.senses for p in s.places}) != 1:
        return None
    english = _unit(sense, gazetteer).name_en if sense.kind in _UNITS else strip_marks(sense.name)
    forms = {"vi": sense.name, "en": english, "toneless": strip_marks(sense.name)}
    ordered = ("vi", "en", "toneless") if hit.field.mode == TONED else ("en", "toneless", "vi")
    return next((form for form in ordered if forms[form].lower() == hit.surface.lower()), None)


def _unit(sense: Sense, gazetteer: Gazetteer) -> Unit:
    place = sense.places[0]
    return gazetteer.former[place.old] if sense.kind == "former" else gazetteer.current[place.code]


def _new_homes(
    names: Mapping[str, Sequence[tuple[str, str]]],
    gazetteer: Gazetteer,
    pool: Mapping[str, list[str]],
    chooser: random.Random,
) -> tuple[dict[str, str], _Names | None]:
    """(old code → new code, old name → new name); no names when one of them has no counterpart there."""
    codes: dict[str, str] = {}
    swapped: _Names = {}
    free = [code for code in gazetteer.current if code not in names]
    chooser.shuffle(free)
    for code, used in names.items():
        wanted = list(dict.fromkeys(used))
        target = next((new for new in free if _counterparts(new, wanted, gazetteer, pool, chooser)), None)
        if target is None:
            return codes, None
        free.remove(target)
        codes[code] = target
        swapped.update(_counterparts(target, wanted, gazetteer, pool, chooser) or {})
    return codes, swapped


def _counterparts(
    code: str,
    wanted: Sequence[tuple[str, str]],
    gazetteer: Gazetteer,
    pool: Mapping[str, list[str]],
    chooser: random.Random,
) -> _Names | None:
    """A name in the unit `code` for each (kind, name) that is wanted."""
    unit = gazetteer.current[code]
    former = [gazetteer.former[old].name for old in unit.relatives if gazetteer.former[old].name != unit.name]
    inner = list(pool.get(code, ()))
    chooser.shuffle(inner)
    stock = {"province": [unit.name], "former": former, "district": inner, "landmark": inner}
    chosen: _Names = {}
    for kind, name in wanted:
        if not stock[kind] or stock[kind][0] in _TRAPS:
            return None
        chosen[name] = stock[kind].pop(0)
    return chosen


def _rewritten(text: str, hits: Sequence[Hit], swapped: _Names, gazetteer: Gazetteer) -> str:
    english = {unit.name: unit.name_en for unit in (*gazetteer.current.values(), *gazetteer.former.values())}
    for hit in reversed(hits):
        name = swapped[hit.entry.senses[0].name]
        form = _written_as(hit, gazetteer)
        shown = {"vi": name, "en": english.get(name, strip_marks(name))}.get(form or "", strip_marks(name))
        text = text[: hit.start] + (shown.upper() if hit.surface.isupper() else shown) + text[hit.end :]
    return text


_MOVED = {"òa": "oà", "óa": "oá", "ỏa": "oả", "ủy": "uỷ", "úy": "uý", "ùy": "uỳ", "ụy": "uỵ"}
_MOVED |= {new: old for old, new in _MOVED.items()}
_OLD_TONES = re.compile("|".join(_MOVED))
FORMS: dict[str, Callable[[str], str]] = {
    "decomposed letters": lambda text: unicodedata.normalize("NFD", text),
    "old tone placement": lambda text: _OLD_TONES.sub(lambda pair: _MOVED[pair.group()], text),
    "odd spaces": lambda text: text.replace(" ", "\u00a0"),
    "long dashes": lambda text: text.replace(" - ", " – "),
    "an Eth for Đ": lambda text: text.replace("Đ", "Ð"),
}


def respelled(items: Iterable[Mapping[str, Any]], form: str) -> list[dict[str, Any]]:
    """Each item with its letters typed otherwise; the labels stay."""
    change = FORMS[form]
    return [
        {**item, "title": change(str(item["title"])), "body": change(str(item["body"]))} for item in items
    ]


def crosscheck_lines(
    items: Sequence[Mapping[str, Any]],
    gazetteer: Gazetteer,
    tag_provinces: TagProvinces,
    seeds: Sequence[int] = tuple(range(5)),
) -> list[str]:
    """All-right shares of the items moved, lengthened and respelled, by kind, and of every pattern."""
    moved = [item for seed in seeds for item in mutated(items, gazetteer, seed)]
    sets = {"moved to other provinces": moved, "as long pages": lengthened(items, gazetteer, 7)}
    sets |= {form: respelled(items, form) for form in FORMS}
    reports = {name: evaluate(changed, tag_provinces) for name, changed in sets.items()}
    lines = [f"{name:34} {r.all_right():.3f} of {len(r.items)}" for name, r in reports.items()]
    lines += ["moved, by trap family"]
    lines += [
        f"  {name:32} {right}/{total}"
        for name, (right, total) in reports["moved to other provinces"].families().items()
    ]
    lines += ["sentence patterns over all names of units"]
    lines += [f"  {o.name:32} {o.right}/{o.total}" for o in try_all(gazetteer, tag_provinces)]
    return lines


def lengthened(items: Sequence[Mapping[str, Any]], gazetteer: Gazetteer, seed: int) -> list[dict[str, Any]]:
    """Each item as a page of about 3 KB: its text, a neutral tail, a byline with a paper's name, and related
    headlines about other provinces. The labels stay."""
    chooser = random.Random(seed)
    return [_long(item, gazetteer, chooser) for item in items]


def _long(item: Mapping[str, Any], gazetteer: Gazetteer, chooser: random.Random) -> dict[str, Any]:
    english = item.get("lang") == "en"
    units = chooser.sample(list(gazetteer.current.values()), 4)
    names = [unit.name_en if english else unit.name for unit in units]
    tail = [chooser.choice(_TAIL_EN if english else _TAIL_VI) for _ in range(24)]
    related = (
        ["Related news", f"{names[0]} opens new library", f"{names[1]}: farmers sell honey online"]
        if english
        else [
            "Tin liên quan",
            f"{names[0]} khánh thành thư viện mới",
            f"{names[1]}: nông dân bán mật ong qua mạng",
        ]
    )
    if str(item["body"]).isascii() and not english:
        related, tail = [strip_marks(line) for line in related], [strip_marks(line) for line in tail]
    source = f"Source: {names[2]} Newspaper" if english else f"Nguồn: Báo {names[2]}"
    body = "\n".join([str(item["body"]), " ".join(tail[:12]), " ".join(tail[12:]), *related, source])
    return {**item, "body": body}
