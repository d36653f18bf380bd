"""What a user means by the name or code of a place: the units of which scheme, with a word of explanation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.tag.gazetteer import Gazetteer, Sense, Unit, normal_dashes
from pipeline.vietnamese import exact, fold, strip_marks

_KIND_VI = {"province": "tỉnh", "city": "thành phố"}
_KIND_EN = {"province": "province", "city": "city"}
# What people type for a unit and what in running text may be something else.
_TYPED = {
    "Hồ Chí Minh": ("hcm", "sg"),
    "Hà Nội": ("hn",),
    "Huế": ("thừa thiên", "thua thien", "tth"),
    "Bà Rịa - Vũng Tàu": ("bà rịa", "ba ria", "vũng tàu", "vung tau"),
}
_CODE = re.compile(r"(?:(vn34|vn63):)?(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a query for a place means: an article matches when it has one of `new` (`vn34:NN`) among its
    codes or one of `old` (`vn63:NN`) among its former codes. Both empty: the place is not known."""

    query: str
    new: frozenset[str]
    old: frozenset[str]
    explanation_vi: str
    explanation_en: str

    @property
    def known(self) -> bool:
        """Whether the query named any unit."""
        return bool(self.new or self.old)


@dataclass(frozen=True, slots=True)
class _Codes:
    """Codes of current and of former units, in the order in which they are explained; `joint` is the unit of
    1962-2008 by whose name they were asked for."""

    new: tuple[str, ...] = ()
    old: tuple[str, ...] = ()
    joint: Sense | None = None

    def __bool__(self) -> bool:
        return bool(self.new or self.old)


class PlaceQueries:
    """Resolves queries for places against a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._named = _index(gazetteer)

    def resolve(self, query: str) -> Resolution:
        """What a user means by a name (old or new, with or without tones, alias) or a code (`48`,
        `vn34:48`, `vn63:49`). A bare number is a current code if there is one, else a former one."""
        text = " ".join(query.split())
        code = _CODE.fullmatch(text.lower())
        found = self._by_code(code[1], code[2].zfill(2)) if code else self._by_name(text)
        new, old = (frozenset(f"vn34:{c}" for c in found.new), frozenset(f"vn63:{c}" for c in found.old))
        return Resolution(query, new, old, *self._explain(text, found))

    def _by_code(self, scheme: str | None, digits: str) -> _Codes:
        if scheme != "vn63" and digits in self._gazetteer.current:
            return _Codes(new=(digits,))
        if scheme != "vn34" and digits in self._gazetteer.former:
            return _Codes(old=(digits,))
        return _Codes()

    def _by_name(self, text: str) -> _Codes:
        """A name with tones means units so spelt, if there are any; else its toneless form decides."""
        for form in (exact(text), fold(text)):
            for key in (_key(form), _key(_without_noun(form))):
                if key in self._named:
                    return self._named[key]
        return self._by_joint_name(text)

    def _by_joint_name(self, text: str) -> _Codes:
        senses = self._gazetteer.senses_of(text)
        joint = next((sense for sense in senses if sense.kind == "joint"), None)
        return _Codes(old=tuple(place.old for place in joint.places), joint=joint) if joint else _Codes()

    def _explain(self, text: str, found: _Codes) -> tuple[str, str]:
        """In Vietnamese and in English."""
        if not found:
            return f"{text}: không rõ là tỉnh, thành nào", f"{text}: not a known province or city"
        current, former = self._gazetteer.current, self._gazetteer.former
        if found.joint is not None:
            first, last = found.joint.note.split("-")
            units = [former[code] for code in found.old]
            vi_names, en_names = ", ".join(u.name for u in units), ", ".join(u.name_en for u in units)
            name = found.joint.name
            return (
                f"{name}: tỉnh trong khoảng {first}–{last}, tìm theo {vi_names}",
                f"{strip_marks(name)}: a province between {first} and {last}, sought as {en_names}",
            )
        vi = [self._explain_current(current[code], "vi") for code in found.new]
        en = [self._explain_current(current[code], "en") for code in found.new]
        for unit in (former[code] for code in found.old):
            into, kind = current[unit.relatives[0]], unit.kinds[-1][1]
            if into.relatives == (unit.code,):
                vi.append(f"{unit.name}: {_KIND_VI[kind]}, không đổi năm 2025")
                en.append(f"{unit.name_en}: {_KIND_EN[kind]}, unchanged in 2025")
                continue
            vi.append(f"{unit.name}: {_KIND_VI[kind]} cũ, nay thuộc {into.name} (từ 1/7/2025)")
            en.append(f"{unit.name_en}: former {_KIND_EN[kind]}, part of {into.name_en} since 1 July 2025")
        return "; ".join(vi), "; ".join(en)

    def _explain_current(self, unit: Unit, lang: str) -> str:
        kind = unit.kinds[-1][1]
        others = [
            old for old in map(self._gazetteer.former.__getitem__, unit.relatives) if old.name != unit.name
        ]
        if lang == "en":
            names = ", ".join(other.name_en for other in others)
            return f"{unit.name_en}: {_KIND_EN[kind]}" + (f", includes former {names}" if names else "")
        names = ", ".join(other.name for other in others)
        return f"{unit.name}: {_KIND_VI[kind]}" + (f", gồm cả {names} cũ" if names else "")


def _index(gazetteer: Gazetteer) -> dict[str, _Codes]:
    """What each name means, with its tones and without. A name that a current unit bears means that unit."""
    current_names = {unit.name for unit in gazetteer.current.values()}
    former = [unit for unit in gazetteer.former.values() if unit.name not in current_names]
    new: dict[str, dict[str, None]] = {}
    old: dict[str, dict[str, None]] = {}
    for units, codes in ((gazetteer.current.values(), new), (former, old)):
        for unit in units:
            for spelling in (unit.name, unit.name_en, *(alias.removeprefix("~") for alias in unit.aliases)):
                for form in (exact(spelling), fold(spelling)):
                    codes.setdefault(_key(form), {})[unit.code] = None
    named = {key: _Codes(tuple(new.get(key, ())), tuple(old.get(key, ()))) for key in new | old}
    for unit_name, shorts in _TYPED.items():
        for short in shorts:
            named.setdefault(_key(short), named[_key(exact(unit_name))])
    return named


def _key(text: str) -> str:
    return re.sub(r"[\s.\-]+", "", normal_dashes(text))


def _without_noun(form: str) -> str:
    stripped = re.sub(r"^(?:tỉnh|thành phố|tp\.?|tinh|thanh pho)\s+", "", form)
    return re.sub(r"\s+(?:province|city)$", "", stripped)
