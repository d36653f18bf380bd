"""What the words around a name say: which of its meanings is meant, in what role, or that it is no place.

`read` gives one `Mention` for each hit. A mention with a `reason` was rejected; the others carry a `cue`
(how the name is used) and the places that it may stand for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from pipeline.tag import cues as words
from pipeline.tag.against import (
    ABROAD_AFTER,
    ROLES,
    is_brand,
    is_colour,
    is_dish,
    is_generic,
    is_in_foreign_sentence,
    is_kind_of_dish,
    is_longer_name,
    is_organisation,
    is_other_capital,
    is_person,
    is_personal,
    is_plural,
    is_shop_abroad,
    is_street,
    stands_behind_abroad,
)
from pipeline.tag.bearers import (
    is_birthplace,
    is_bracketed_home,
    is_called_after_title,
    is_firm_by_its_name,
    is_province_abroad,
    is_school_of_a_trade,
    is_street_of_a_house,
)
from pipeline.tag.cues import Cues
from pipeline.tag.events import venue_cue
from pipeline.tag.gazetteer import MERGER, Place, Sense
from pipeline.tag.lists import SMALLER, inherit, mark_venue_lists
from pipeline.tag.matching import ENGLISH, TONED, FieldText, Hit
from pipeline.tag.mention import (
    INNER,
    OTHER_UNIT,
    UNIT_LEVELS,
    Mention,
    Surroundings,
    longest_after,
    longest_before,
)
from pipeline.tag.signals import Signals
from pipeline.tag.uses import (
    MODELLED_ON,
    SOBRIQUET_STARTS,
    STAGES,
    WATERS,
    WATERS_AFTER,
    is_copied,
    is_home_of_kin,
    is_model,
    is_namesake,
    is_product,
    is_replica,
    is_route,
    is_scene_of_event,
    is_sobriquet,
    is_written,
    said_former,
    was_unit,
)
from pipeline.vietnamese import exact, fold, place_tones

DISH_REASON = "dish, product or style"
_LETTERS = {
    "huyện": "h", "huyện đảo": "h", "huyện miền núi": "h", "huyện biên giới": "h",
    "huyện vùng cao": "h", "h": "h",
    "quận": "q", "q": "q", "thị xã": "tx", "thị xã biển": "tx", "tx": "tx", "xã": "x", "xã biên giới": "x",
    "xã vùng cao": "x", "xã đảo": "x", "xã ven biển": "x", "xã miền núi": "x", "x": "x",
    "phường": "p", "p": "p",
    "thị trấn": "t", "tt": "t", "đặc khu": "s",
    "district": "d", "ward": "p", "wards": "p", "commune": "x", "communes": "x", "town": "tx",
    "township": "t", "the commune of": "x", "the ward of": "p", "the district of": "d",
}  # fmt: skip
_LETTERS = {exact(noun): letter for noun, letter in _LETTERS.items()}
_FOLDED_LETTERS = {fold(noun): letter for noun, letter in _LETTERS.items()}
_DISTRICT_LETTERS = frozenset({"h", "q", "tx", "d", "tp"})
_TOWN_LETTERS = frozenset({"tp", "tx"})
_JOINT_ALONE = frozenset(
    {"Hà Bắc", "Vĩnh Phú", "Nghệ Tĩnh", "Hải Hưng", "Sông Bé", "Bắc Thái", "Hà Tây", "Nghĩa Bình"}
)


class Reader:
    """Reads the hits of one article. `published` dates the map; `signals` tell what sort of article it is."""

    def __init__(self, published: date | None, signals: Signals) -> None:
        self.published = published
        self.sport = signals.sport
        self.foreign = signals.foreign
        self.abroad = signals.abroad
        self.company = signals.company

    def read(self, hits: Sequence[Hit]) -> list[Mention]:
        """One mention for each hit of one field, in order."""
        mentions: list[Mention] = []
        for hit in hits:
            mention = self._mention(hit)
            if self.company and not mention.reason and is_firm_by_its_name(hit):
                mention.reason = "organisation"
            if not mention.reason and is_province_abroad(hit, mentions[-1].hit.end if mentions else 0):
                mention.reason = "abroad"
            if mentions:
                inherit(mentions[-1], mention)
            mentions.append(mention)
        mark_venue_lists(mentions)
        return mentions

    def _mention(self, hit: Hit) -> Mention:
        first = hit.entry.senses[0]
        if first.kind == "other":
            if first.note == "club" and self.company and not self.sport:
                return Mention(hit, "other", (), reason="organisation")  # the firm that its name comes from
            if first.note == "club":
                return Mention(hit, "club", first.places, words.CLUB, "" if first.places else "club")
            return Mention(hit, "other", (), reason=first.note)
        around, table = Surroundings.of(hit), hit.field.table
        before, phrase = longest_before(around.before, table)
        if phrase == "ca" and not is_written(hit, "CA"):
            before = words.PRODUCT  # ca Huế, not CA (công an) Huế
        elif phrase == _PEPPER and around.before[-2:-1] in _AIMS:
            before = ""  # mục tiêu Đà Nẵng đặt ra
        elif hit.field.caseless and phrase in _SOMEBODY:
            before = ""  # TRẺ EM CẦN THƠ VÀ TRUYỆN
        if phrase in _VILLAGES and self._is_known_village(hit):
            before = words.AT
        after, after_phrase = longest_after(around.after, table)
        letter = _subunit_letter(before, phrase, after, after_phrase)
        if letter and first.kind in UNIT_LEVELS and is_plural(around.before, phrase, table):
            letter, before = "", words.AT  # các xã biên giới Cao Bằng
        mention = self._subunit(hit, letter) if letter else self._bare(hit, around, before, phrase)
        if mention.reason == OTHER_UNIT and after_phrase == "town":
            letter = ""  # Kon Tum Town was the seat of its province
            mention = self._bare(hit, around, before, phrase)
        mention.before = before
        mention.quoted_as_former = mention.level == "former" and said_former(around)
        if mention.level == "province" and was_unit(around):
            mention.level = "former"  # thành phố Cần Thơ cũ
        if not mention.reason:
            self._weigh(mention, around, table, (before, phrase), (after, after_phrase), bool(letter))
        return mention

    # --- which meaning

    def _is_known_village(self, hit: Hit) -> bool:
        """`làng Bát Tràng`: a sight in whose unit every place of the name lies, and no town or district."""
        senses = hit.entry.senses
        codes = {place.code for sense in senses if sense.kind == "landmark" for place in sense.places}
        codes |= {p.code for sense in senses if sense.kind == "ward" for p in self._ward_places(sense, "")}
        kinds = {sense.kind for sense in senses}
        return kinds == {"landmark", "ward"} and len(codes - {""}) == 1

    def _subunit(self, hit: Hit, letter: str) -> Mention:
        senses = hit.entry.senses
        named_unit = senses[0].kind in UNIT_LEVELS
        if letter in _DISTRICT_LETTERS:
            exactly = [s for s in senses if s.kind == "district" and (s.letter == letter or letter == "d")]
            found = exactly or [s for s in senses if s.kind == "district" and not named_unit]
            if found:
                return Mention(hit, "district", tuple(p for s in found for p in s.places), words.SUBUNIT)
        wards = tuple(p for s in senses if s.kind == "ward" for p in self._ward_places(s, letter))
        if wards:
            shared = any(s.kind == "ward" and _was_shared(s.note, letter) for s in senses)
            return Mention(hit, "ward", tuple(dict.fromkeys(wards)), words.SUBUNIT, weak=shared)
        fitting = [s for s in senses if s.kind in ("district", "landmark")]
        if fitting and not named_unit:
            return Mention(hit, "district", tuple(p for s in fitting for p in s.places), words.SUBUNIT)
        return Mention(hit, "ward", (), reason=OTHER_UNIT)

    def _ward_places(self, sense: Sense, letter: str) -> list[Place]:
        era = 0 if self.published is None else (1 if self.published >= MERGER else -1)
        return _wards(sense.note, letter, era)

    def _bare(self, hit: Hit, around: Surroundings, before: str, phrase: str) -> Mention:
        senses = hit.entry.senses
        if unit := hit.entry.unit:
            return Mention(hit, unit.kind, unit.places)
        if hit.entry.ward_only:
            return self._bare_ward(hit, before)
        joint = next((s for s in senses if s.kind == "joint"), None)
        if joint and (before == words.UNIT or len(joint.name.split()) > 2 or joint.name in _JOINT_ALONE):
            reason = "history" if "xô viết" in around.clause or "xo viet" in around.clause else ""
            return Mention(hit, "joint", joint.places, reason=reason)
        landmarks = [s for s in senses if s.kind == "landmark"]
        fitting = [s for s in landmarks if _noun_fits(s, around, hit.field)]
        if not fitting and len(landmarks) == 1 and hit.field.mode == TONED and not hit.field.caseless:
            fitting = landmarks if phrase in _PLACING else []
        if hit.field.mode != TONED and len(fitting) > 1:
            towns = {s.name for s in senses if s.kind == "district" and s.letter in _TOWN_LETTERS}
            fitting = [s for s in fitting if s.nouns or s.name in towns] or fitting  # Đồng Hới, Đông Hồi
        if fitting:
            closest = [s for s in fitting if s.nouns] or fitting
            wards = [p for s in senses if s.kind == "ward" for p in self._ward_places(s, "")]
            places = tuple(dict.fromkeys(p for s in closest for p in s.places))
            return Mention(hit, "landmark", places, namesakes=tuple(p for p in wards if p.code))
        districts = [s for s in senses if s.kind == "district"]
        wards = [p for s in senses if s.kind == "ward" for p in self._ward_places(s, "")]
        if districts:
            places = tuple(p for s in districts for p in s.places)
            if (
                before in (words.AT, words.TOWARDS)
                and len({p.code for p in places}) == 1
                and " " in hit.entry.name
            ):
                return Mention(hit, "district", places)
            several = (
                len({p.code for p in places}) > 1
                or not {p.old for p in wards} <= {p.old for p in places}
                or any(s.kind == "landmark" for s in senses)
            )
            return Mention(
                hit, "district", places, weak=several or " " not in hit.entry.name or _is_of_river(hit)
            )
        return self._bare_ward(hit, before)

    def _bare_ward(self, hit: Hit, before: str) -> Mention:
        wards = [p for s in hit.entry.senses if s.kind == "ward" for p in self._ward_places(s, "")]
        if wards:
            sure = hit.entry.lone and before == words.AT
            return Mention(hit, "ward", tuple(dict.fromkeys(wards)), weak=not sure)
        return Mention(hit, "landmark", (), reason="a place of this name elsewhere")

    # --- what speaks against, and in what role

    def _weigh(
        self,
        mention: Mention,
        around: Surroundings,
        table: Cues,
        before: tuple[str, str],
        after: tuple[str, str],
        subunit: bool,
    ) -> None:
        reason = self._against(mention, around, table, before, after, subunit)
        if reason:
            mention.reason = reason
            return
        if mention.cue == words.CLUB:
            return
        cue = before[0] if before[0] in ROLES else ""
        if is_birthplace(around, before[0], before[1], table):
            mention.cue = words.HOME
            return
        if cue == words.HOME and before[1] in _PEOPLE and around.clause.strip() == before[1]:
            cue = words.GOVERNMENT  # Người Huế đi bầu
        if cue in _BARE and after[0] in _RULED:
            cue = after[0]
        if cue in _BARE and (
            is_personal(mention.hit, bare=cue == "")
            or is_bracketed_home(mention.hit, table, sport=self.sport)
        ):
            cue = words.HOME
        elif mention.hit.key in STAGES or is_scene_of_event(mention.hit, around, table):
            cue = words.VENUE
        elif venue := venue_cue(mention.hit, around, table, before[0]):
            cue = venue
        elif around.after and around.after[0] in SOBRIQUET_STARTS and is_sobriquet(mention.hit, around):
            cue = "sobriquet"
        elif before[0] == words.HOST or (self.sport and after[0] == words.HOST):
            cue = words.HOST
        elif mention.level in UNIT_LEVELS and self._is_club(cue, after, before):
            cue = words.CLUB
        elif is_product(around, before[0], after):
            cue = words.PRODUCT
        elif is_route(around):
            cue = "route"
        elif before[1] in WATERS or (around.after and around.after[0] in WATERS_AFTER):
            cue = "river"
        elif around.clause.endswith(MODELLED_ON) and is_namesake(around):
            cue = "sobriquet"
        elif is_replica(around) if mention.level in INNER else after[1] == "'s" and is_copied(around):
            cue = "sobriquet"  # of a unit only `copies Hue's ...`: `copies of Hue` may be papers
        elif is_model(around):
            cue = words.LIKE
        if cue == words.AT and before[1] in _WHERE_KIN_LIVE and is_home_of_kin(around):
            cue = words.HOME
        mention.cue = cue or (words.SUBUNIT if subunit else "")
        mention.event_follows = not table.events.isdisjoint(around.after[:2])

    def _is_club(self, cue: str, after: tuple[str, str], before: tuple[str, str]) -> bool:
        named = before[1] in _CLUB_WORDS or after[1] in _CLUB_WORDS
        bare = cue == "" or before[0] == words.CLUB or before[1] in _CLUB_OWNERS
        return named or (self.sport and bare)

    def _against(
        self,
        mention: Mention,
        around: Surroundings,
        table: Cues,
        before: tuple[str, str],
        after: tuple[str, str],
        subunit: bool,
    ) -> str:
        hit, field = mention.hit, mention.hit.field
        meaning, phrase = before
        if not subunit and meaning not in _RULED:
            if is_person(hit, around, table, meaning) or is_called_after_title(hit, around, table):
                return "person"
            if meaning == words.STREET and is_street(around, phrase):
                return "street"
            if (after[0] == words.STREET and around.after[1:2] not in _OF_STREETS) or is_street_of_a_house(
                hit
            ):
                return "street"
            if meaning in _REJECTING_BEFORE and not is_generic(around, phrase, table):
                return _REJECTING_BEFORE[meaning]
            if (
                meaning == words.DISH
                or is_kind_of_dish(around)
                or is_dish(around, after, table)
                or around.rest.startswith("-style")
            ):
                return DISH_REASON
            if after[0] in (words.NEWSPAPER, words.HAMLET):
                return "newspaper" if after[0] == words.NEWSPAPER else "brand"
            if (meaning == words.HISTORY or after[0] == words.HISTORY) and mention.level != "province":
                return "history"
            if meaning == words.HISTORY or after[0] == words.HISTORY:
                return "history"
            if around.before and hit.field.mode == ENGLISH and _YEAR.fullmatch(around.before[-1]):
                return "history"
            if meaning == words.AT and hit.key in table.battlefields and self._is_of_battle(around):
                return "history"
            if self.company and _starts_with_trade(hit, table):
                return "organisation"
            if not self.sport and _is_of_battles(hit):
                return "history"
            if meaning not in _ORIGINS and "1" in around.rest and _PAST_YEAR.match(around.rest):
                return "history"
            if is_organisation(hit, around, table, company=self.company):
                return "organisation"
            if meaning == words.NAMED and hit.key in table.ordinary:
                return "ordinary word"
        if meaning == words.GOVERNMENT and is_school_of_a_trade(around, phrase):
            return "organisation"
        if self._is_abroad(mention, around, table):
            return "abroad"
        if mention.level in UNIT_LEVELS and is_longer_name(hit, meaning):
            return "inside a longer name"
        if hit.key == "hue" and meaning not in _PLACED and is_colour(hit):
            return "ordinary word"
        if (
            self.abroad
            and not subunit
            and hit.key in _BATTLES_FIRST
            and meaning not in _RULED
            and meaning != words.AT
            and _CENTURY.search(field.lower[:1500])
        ):
            return "history"
        if is_other_capital(hit, field):
            return "another capital"
        return ""

    def _is_of_battle(self, around: Surroundings) -> bool:
        """`fought at Dien Bien Phu`; abroad also what was `used at Dien Bien Phu` is of that time."""
        verb = around.before[-2] if len(around.before) > 1 else ""
        return verb in _FIGHTING or (self.abroad and not _OF_THAT_TIME.isdisjoint(around.before[-8:]))

    def _is_abroad(self, mention: Mention, around: Surroundings, table: Cues) -> bool:
        if self.abroad and is_brand(mention.hit, table):
            return True
        if not (self.foreign or self.abroad):
            return False
        if ABROAD_AFTER.match(around.rest) or stands_behind_abroad(around):
            return True
        if is_shop_abroad(around, table):
            return True
        return (
            self.foreign and mention.hit.key in table.namesakes and is_in_foreign_sentence(mention.hit, table)
        )


def _starts_with_trade(hit: Hit, table: Cues) -> bool:
    """`Gang thép Thái Nguyên`, in news of shares."""
    tokens = hit.key.split(" ", 2)
    return tokens[0] in table.trade_heads or " ".join(tokens[:2]) in table.trade_heads


def _is_of_river(hit: Hit) -> bool:
    """`Sông Mã` is a district, but first of all a river."""
    return hit.key.startswith(("sông ", "song "))


_FIGHTING = frozenset("fought defeat defeated defeats surrender surrendered wounded fell died".split())
_OF_THAT_TIME = frozenset("used captured taken drawn served made worn written filmed".split())
_WHERE_KIN_LIVE = frozenset({exact("ở"), exact("tại"), "tai", "in"})
_PEPPER = exact("tiêu")
_AIMS = (["mục"], [exact("chỉ")], ["chi"])
_SOMEBODY = frozenset(map(exact, ("trẻ em", "chị em", "anh em", "các em", "bà con", "đồng bào")))
_OF_STREETS = tuple(
    [word]
    for word in "stalls stall food foods vendors vendor sellers art artists life children musicians "
    "performers cafes traders fashion photography".split()
)
"""`Saigon street food` is of a city, not of a street."""
_VILLAGES = frozenset({exact("làng"), "lang", exact("làng nghề")})
_PEOPLE = frozenset({"người", "nguoi"})
_PLACING = frozenset({"ở", "tại", "qua", "về", "đến", "tới", "quanh", "gần"})
_PLACED = frozenset({words.UNIT, words.GOVERNMENT, words.AT, words.FROM, words.TOWARDS})
_CLUB_WORDS = frozenset(
    {"clb", "clb bóng đá", "câu lạc bộ bóng đá", "cau lac bo bong da", "fc", "football club"}
)
_CLUB_OWNERS = frozenset({"công an", "cong an", "ca", "thể công", "sl", "slna"})
_YEAR = re.compile(r"1[89][0-8]\d")
_BATTLES_FIRST = frozenset({exact("điện biên phủ"), "dien bien phu"})
"""Abroad, beside a year of its war, this name is of the battle; other battlefields are towns, too."""
_CENTURY = re.compile(r"\b19[4-7]\d\b")
_PAST_YEAR = re.compile(
    place_tones(
        r"^,?\s*(?:in|năm|nam|hồi năm|vào năm|mùa xuân|mùa hè|mùa đông)?\s*\(?(?:1[5-8]\d\d|19[0-7]\d)\b"
    )
)
_BATTLES = re.compile(
    r"\b(?:[Cc]ác|[Nn]hững|[Ll]oạt) (?:trận(?: đánh)?|chiến dịch|chiến thắng|cuộc khởi nghĩa) "
    r"(?=[A-ZĐÀ-Ỹ])[^.;:()]{0,50}$"
)
_OF_BATTLES = {
    True: (" trận", " chiến", " khởi nghĩa"),
    False: (" tran", " chien", " khoi nghia"),
}
"""One of these stands in whatever `_BATTLES` finds, as a text with tones (True) or another is compared."""
_RULED = frozenset({words.UNIT, words.GOVERNMENT})
_BARE = frozenset({"", words.AT})
_ORIGINS = frozenset({words.HOME, words.FROM})
_REJECTING_BEFORE = {words.NEWSPAPER: "newspaper", words.HAMLET: SMALLER}


def _is_of_battles(hit: Hit) -> bool:
    """`Những trận Đồng Xoài, Bình Giã`: one of a list of battles."""
    start = max(0, hit.start - 80)
    left = hit.field.lower[start : hit.start]
    for word in _OF_BATTLES[hit.field.mode == TONED]:
        if word in left:
            return _BATTLES.search(hit.field.text, start, hit.start) is not None
    return False


@lru_cache(maxsize=4096)
def _wards(note: str, letter: str, era: int) -> list[Place]:
    """The places of a ward's row in the table: on the map of the day (`era` 1 since the merger, -1 before),
    else on the other; 0 takes both."""
    old_text, _, new_text = note.partition("|")
    old = [Place("", part[1:]) for part in old_text.split(",") if part and letter in ("", part[0])]
    new = [
        Place(part[1:3], part[4:] if "+" not in part else "")
        for part in new_text.split(",")
        if part and letter in ("", part[0])
    ]
    if era == 0:
        return new + old
    return (new or old) if era > 0 else (old or new)


@lru_cache(maxsize=4096)
def _was_shared(note: str, letter: str) -> bool:
    """Whether units of three former provinces or more bore the name: it is still used of all of them."""
    old_text, _, _ = note.partition("|")
    return len({part[1:] for part in old_text.split(",") if part[:1] == letter}) >= _SHARED


_SHARED = 3


def _subunit_letter(before: str, phrase: str, after: str, after_phrase: str) -> str:
    if before == words.SUBUNIT:
        return _LETTERS.get(phrase) or _FOLDED_LETTERS.get(phrase, "") or "x"
    if after == words.SUBUNIT:
        return _LETTERS.get(after_phrase.removesuffix("'s"), "d")
    return ""


def _noun_fits(sense: Sense, around: Surroundings, field: FieldText) -> bool:
    """Whether a namesake landmark has one of its nouns beside it (or needs none)."""
    if not sense.nouns:
        return True
    left, right = f" {around.clause.strip()} ", f" {' '.join(around.after)} "
    nouns = _comparable(sense.nouns, field.mode == TONED)
    return any(left.endswith(f" {noun} ") or right.startswith(f" {noun} ") for noun in nouns)


@lru_cache(maxsize=1024)
def _comparable(nouns: tuple[str, ...], toned: bool) -> tuple[str, ...]:
    return tuple(map(exact if toned else fold, nouns))
