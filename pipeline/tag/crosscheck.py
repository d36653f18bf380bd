"""Two ways to ask of a labelled set whether the rules behind its figures are general.

`mutated` moves each item to other provinces, consistently; `lengthened` makes long articles of short ones by
adding what real pages carry: a byline, a list of related articles, a neutral tail.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.tag.gazetteer import Gazetteer, Sense, Unit
from pipeline.tag.matching import TONED, Hit, find, read_field
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
    """Each item with its province names replaced by others, labels with them. Left out are items whose text
    also has districts, wards or landmarks, for these would stay where they are."""
    chooser = random.Random(seed)
    moved = (_moved(item, gazetteer, chooser) for item in items)
    return [item for item in moved if item is not None]


_BOUND = frozenset({"ho_chi_minh", "common_word", "foreign_homonym", "pre_merger", "substring", "allcaps"})
"""Traps that lie in the very name: another name would not spring them."""


def _moved(item: Mapping[str, Any], gazetteer: Gazetteer, chooser: random.Random) -> dict[str, Any] | None:
    if item.get("trap") in _BOUND:
        return None
    fields = {name: clean(str(item.get(name) or "")) for name in ("title", "body")}
    hits = {name: _hits(name, text, item, gazetteer) for name, text in fields.items()}
    senses = [hit.entry.senses[0] for found in hits.values() for hit in found]
    if not senses or any(sense.kind not in _UNITS for sense in senses):
        return None
    if any(_plain_name(hit, gazetteer) is None for found in hits.values() for hit in found):
        return None
    if len({sense.places[0].code for sense in senses}) != len(set(senses)):
        return None  # a former unit and the one it went into: no other pair would fit
    swap = _swap(senses, gazetteer, chooser)
    codes = {old.places[0].code: new.places[0].code for old, new in swap.items()}
    texts = {name: _rewritten(text, hits[name], swap, gazetteer) for name, text in fields.items()}
    labels = {
        key: [codes.get(code, code) for code in item.get(key, ())] for key in ("provinces", "mentioned_only")
    }
    return {**item, **texts, **labels, "old_provinces": []}


def _hits(name: str, text: str, item: Mapping[str, Any], gazetteer: Gazetteer) -> list[Hit]:
    found = find(read_field(name, text, str(item.get("lang") or "vi")), gazetteer)
    return [hit for hit in found if hit.surface not in ("Việt Nam", "Vietnam", "Viet Nam")]


def _plain_name(hit: Hit, gazetteer: Gazetteer) -> str | None:
    """Which form of the unit's name stands there: `vi`, `en`, `toneless`; None for an alias."""
    unit = _unit(hit.entry.senses[0], gazetteer)
    forms = {"vi": unit.name, "en": unit.name_en, "toneless": strip_marks(unit.name)}
    ordered = ("vi", "en", "toneless") if hit.field.mode == TONED else ("en", "toneless", "vi")
    return next((form for form in ordered if forms[form].lower() == hit.surface.lower()), None)


def _unit(sense: Sense, gazetteer: Gazetteer) -> Unit:
    place = sense.places[0]
    return gazetteer.former[place.old] if sense.kind == "former" else gazetteer.current[place.code]


def _swap(senses: Sequence[Sense], gazetteer: Gazetteer, chooser: random.Random) -> dict[Sense, Sense]:
    """Another unit of the same sort for each, no current unit twice; never one that is an ordinary word or a
    place abroad, for the item's trap would change with it."""
    found = dict.fromkeys(senses)
    used = {sense.places[0].code for sense in found}
    swap: dict[Sense, Sense] = {}
    for sense in found:
        pool = [
            entry.senses[0]
            for entry in gazetteer.entries
            if entry.senses[0].kind == sense.kind
            and entry.name == entry.senses[0].name
            and entry.senses[0].places[0].code not in used
            and entry.name not in _TRAPS
        ]
        swap[sense] = chooser.choice(pool)
        used.add(swap[sense].places[0].code)
    return swap


_TRAPS = frozenset(
    {
        "Hòa Bình",
        "Thái Bình",
        "Hải Dương",
        "Cao Bằng",
        "Hà Nam",
        "Thái Nguyên",
        "Tây Ninh",
        "Hồ Chí Minh",
        "Huế",
    }
)


def _rewritten(text: str, hits: Sequence[Hit], swap: Mapping[Sense, Sense], gazetteer: Gazetteer) -> str:
    for hit in reversed(hits):
        unit = _unit(swap[hit.entry.senses[0]], gazetteer)
        form = _plain_name(hit, gazetteer)
        name = {"vi": unit.name, "en": unit.name_en}.get(form or "", strip_marks(unit.name))
        text = text[: hit.start] + (name.upper() if hit.surface.isupper() else name) + text[hit.end :]
    return text


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
