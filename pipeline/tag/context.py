"""What the words around a name say: which of its meanings is meant, in what role, or that it is no place.

`read` gives one `Mention` for each hit. A mention with a `reason` was rejected; the others carry a `cue`
(how the name is used) and the places that it may stand for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from pipeline.tag import cue_words as words
from pipeline.tag.abroad import (
    ABROAD_AFTER,
    BELONGING,
    is_brand,
    is_governed_by_us,
    is_in_foreign_sentence,
    is_province_abroad,
    is_shop_abroad,
    is_told_to_be_abroad,
    stands_behind_abroad,
)
from pipeline.tag.against import (
    OTHER_CAPITAL,
    ROLES,
    is_campus,
    is_colour,
    is_common_house,
    is_dish,
    is_estate,
    is_firm_by_its_name,
    is_generic,
    is_kind_of_dish,
    is_longer_name,
    is_organisation,
    is_other_capital,
    is_plural,
    is_school_of_a_trade,
    is_seat,
    is_ship,
    is_storm,
    is_street,
    is_street_of_a_house,
    is_training_centre,
)
from pipeline.tag.battles import BATTLES_FIRST, is_of_battle, is_of_battles, is_remembered
from pipeline.tag.cues import Cues
from pipeline.tag.events import venue_cue
from pipeline.tag.lists import SMALLER, inherit, mark_venue_lists
from pipeline.tag.matching import ENGLISH, Hit
from pipeline.tag.mention import (
    INNER,
    OTHER_UNIT,
    UNIT_LEVELS,
    Mention,
    Surroundings,
    longest_after,
    longest_before,
)
from pipeline.tag.persons import (
    CREDITED,
    is_bracketed_home,
    is_credited,
    is_nobodys,
    is_origin,
    is_person,
    is_personal,
)
from pipeline.tag.senses import as_bare, as_subunit, era_of, is_known_village, subunit_letter
from pipeline.tag.signals import Signals
from pipeline.tag.uses import (
    MODELLED_ON,
    SOBRIQUET_STARTS,
    STAGES,
    WATERS,
    WATERS_AFTER,
    is_copied,
    is_home_of_kin,
    is_instance,
    is_left_struck,
    is_model,
    is_namesake,
    is_near,
    is_of_the_struck,
    is_product,
    is_quoted_price,
    is_replica,
    is_route,
    is_scene_of_event,
    is_sobriquet,
    is_source,
    is_written,
    said_former,
    was_unit,
)
from pipeline.vietnamese import exact, fold, place_tones

DISH_REASON = "dish, product or style"


class Reader:
    """Reads the hits of one article. `published` dates the map; `signals` tell what sort of article it is."""

    def __init__(self, published: date | None, signals: Signals) -> None:
        self.era = era_of(published)
        self.sport = signals.sport
        self.hazard = signals.hazard
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
        elif before == words.HOME and is_nobodys(around.before, phrase):
            before = words.AT
        elif phrase in _ABOUT and around.before[-2:-1] in _WORKS:
            before = ""  # phim về Huế
        elif phrase in _SPECIES and first.kind not in UNIT_LEVELS:
            before = ""  # voọc Cát Bà live nowhere else
        elif hit.field.caseless and phrase in _SOMEBODY:
            before = ""  # TRẺ EM CẦN THƠ VÀ TRUYỆN
        if phrase in _VILLAGES and is_known_village(hit, self.era):
            before = words.AT
        after, after_phrase = longest_after(around.after, table)
        letter = subunit_letter(before, phrase, after, after_phrase)
        if letter and first.kind in UNIT_LEVELS and is_plural(around.before, phrase, table):
            letter, before = "", words.AT  # các xã biên giới Cao Bằng
        elif letter and after == words.SUBUNIT and first.kind in UNIT_LEVELS and _is_one_of_many(around):
            letter, before = "", words.AT  # the last Lai Chau commune without a road
        era = self.era
        mention = as_subunit(hit, letter, era) if letter else as_bare(hit, around, before, phrase, era)
        if mention.reason == OTHER_UNIT and after_phrase == "town":
            letter = ""  # Kon Tum Town was the seat of its province
            mention = as_bare(hit, around, before, phrase, era)
        mention.before = before
        mention.quoted_as_former = mention.level == "former" and said_former(around)
        if mention.level == "province" and was_unit(around):
            mention.level = "former"  # thành phố Cần Thơ cũ
        if not mention.reason:
            self._weigh(mention, around, table, (before, phrase), (after, after_phrase), bool(letter))
        return mention

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
        if cue == words.APART and mention.level in INNER and is_near(around):
            cue = words.AT
        if self.hazard and is_of_the_struck(around):
            cue = words.AT  # Người dân rời thành phố Huế tránh lũ
        elif is_origin(around, before[0], before[1], table) or is_seat(around) or is_campus(mention.hit):
            mention.cue = words.HOME
            return
        if cue == words.HOME and before[1] in _PEOPLE and around.clause.strip() == before[1]:
            cue = words.GOVERNMENT  # Người Huế đi bầu
        if cue in _BARE and after[0] in words.ACTING:
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
        elif mention.level in UNIT_LEVELS and self._is_club(around, cue, after, before):
            cue = words.CLUB
        elif is_product(around, before[0], after, inner=mention.level in INNER):
            cue = words.PRODUCT
        elif is_route(around) or around.rest.startswith(_CORRIDORS):
            cue = "route"
        elif before[1] in WATERS or (around.after and around.after[0] in WATERS_AFTER):
            cue = "river"
        elif around.clause.endswith(MODELLED_ON) and is_namesake(around):
            cue = "sobriquet"
        elif is_replica(around) if mention.level in INNER else after[1] == "'s" and is_copied(around):
            cue = "sobriquet"  # of a unit only `copies Hue's ...`: `copies of Hue` may be papers
        elif is_model(around):
            cue = words.LIKE
        elif cue == words.AT and is_source(around):
            cue = words.FROM
        elif cue == words.FROM and not _LOCALS.isdisjoint(around.before[-2:-1]):
            cue = words.GOVERNMENT
        elif cue == words.AT and _TESTED_AT.search(around.clause):
            cue = words.TOWARDS
        elif is_instance(mention.hit, around):
            cue = words.AT if self.hazard else "example"  # nhiều nơi ngập sâu, như Huế: struck, too
        elif cue == words.AT and is_quoted_price(around):
            cue = "example"
        elif is_left_struck(around, before[1]):
            cue = words.AT
        if cue == words.AT and before[1] in _WHERE_KIN_LIVE and is_home_of_kin(around):
            cue = words.HOME
        mention.cue = cue or (words.SUBUNIT if subunit else "")
        mention.event_follows = not table.events.isdisjoint(around.after[:2])

    def _is_club(
        self, around: Surroundings, cue: str, after: tuple[str, str], before: tuple[str, str]
    ) -> bool:
        named = before[1] in _CLUB_WORDS or after[1] in _CLUB_WORDS
        if not named and around.rest.startswith(_TEAM_STARTS):
            named = _TEAM.match(around.rest) is not None
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
        if not subunit and meaning not in words.ACTING:
            bearer = self._bearer(hit, around, table, before, after)
            if bearer:
                return bearer
        if mention.level == "landmark" and _SECOND_SITE.match(around.rest):
            return "a second site, elsewhere"
        if meaning == words.GOVERNMENT and is_school_of_a_trade(around, phrase):
            return "organisation"
        if self._is_abroad(mention, around, table):
            return "abroad"
        if self.abroad and is_brand(hit, table):
            return "brand"
        if is_other_capital(hit, field):
            return OTHER_CAPITAL
        if mention.level in UNIT_LEVELS and is_longer_name(hit, meaning):
            return "inside a longer name"
        if hit.key.startswith(_VILLAGE) and hit.field.text[hit.end + 1 : hit.end + 2].isupper():
            return "inside a longer name"  # làng Vân Cù is not làng Vân
        if hit.key == "hue" and is_colour(hit, placed=meaning in _PLACED):
            return "ordinary word"
        if (
            self.abroad
            and not subunit
            and hit.key in BATTLES_FIRST
            and meaning not in words.ACTING
            and meaning != words.AT
            and _CENTURY.search(field.lower[:1500])
        ):
            return "history"
        return ""

    def _bearer(
        self,
        hit: Hit,
        around: Surroundings,
        table: Cues,
        before: tuple[str, str],
        after: tuple[str, str],
    ) -> str:
        """What else bears the name of the place: a person, a street, a dish, a battle; empty for none."""
        meaning, phrase = before
        if is_person(hit, around, table, meaning):
            return "person"
        if is_credited(hit):
            return CREDITED
        if is_ship(around):
            return "ship"
        if is_storm(hit, around):
            return "storm"
        if meaning == words.STREET and is_street(around, phrase):
            return "street"
        if (after[0] == words.STREET and around.after[1:2] not in _OF_STREETS) or is_street_of_a_house(hit):
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
        if after[0] == words.HAMLET and after[1] in _HOUSES and is_common_house(hit, around):
            return ""
        if after[0] in (words.NEWSPAPER, words.HAMLET):
            return "newspaper" if after[0] == words.NEWSPAPER else "brand"
        if meaning == words.HISTORY or after[0] == words.HISTORY:
            return "history"
        if around.before and hit.field.mode == ENGLISH and _YEAR.fullmatch(around.before[-1]):
            return "history"
        if (
            meaning == words.AT
            and hit.key in table.battlefields
            and is_of_battle(hit, around, abroad=self.abroad)
        ):
            return "history"
        if (self.company and _starts_with_trade(hit, table)) or is_estate(hit):
            return "organisation"
        if is_remembered(hit, around, meaning):
            return "history"
        if not self.sport and is_of_battles(hit):
            return "history"
        if meaning not in _ORIGINS and "1" in around.rest and _PAST_YEAR.match(around.rest):
            return "history"
        if is_organisation(hit, around, table, company=self.company) or is_training_centre(around):
            return "organisation"
        if meaning == words.NAMED and hit.key in table.ordinary:
            return "ordinary word"
        return ""

    def _is_abroad(self, mention: Mention, around: Surroundings, table: Cues) -> bool:
        if is_governed_by_us(mention.hit):
            return False
        belongs = around.rest.startswith(BELONGING) and ABROAD_AFTER.match(around.rest) is not None
        if belongs and mention.level in INNER:
            return True  # Biển Hồ của Campuchia
        if not (self.foreign or self.abroad):
            return False
        if is_told_to_be_abroad(mention.hit, mention.level, around, table) or stands_behind_abroad(around):
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


_WHERE_KIN_LIVE = frozenset({exact("ở"), exact("tại"), "tai", "in"})
_PEPPER = exact("tiêu")
_AIMS = (["mục"], [exact("chỉ")], ["chi"])
_ABOUT = frozenset({exact("về"), "ve"})
_WORKS = tuple(
    [exact(work)] for work in "phim sách truyện thơ tranh ảnh kịch vở ký hát khúc thuyết sach truyen".split()
)
_SPECIES = frozenset(form(noun) for noun in words.SPECIES.split("|") for form in (exact, fold))
_SOMEBODY = frozenset(map(exact, ("trẻ em", "chị em", "anh em", "các em", "bà con", "đồng bào")))
_OF_STREETS = tuple(
    [word]
    for word in "stalls stall food foods vendors vendor sellers art artists life children musicians "
    "performers cafes traders fashion photography".split()
)
"""`Saigon street food` is of a city, not of a street."""
_LOCALS = frozenset("villagers residents farmers fishermen households growers herders".split())
"""`140 villagers from Ha Tinh` are its people; tourists and workers may come from anywhere."""
_TESTED_AT = re.compile(
    place_tones(
        r"\b(?:sent|taken|gone|went|shipped|flown|delivered) to (?:an? |the )?(?:[\w-]+ ){0,2}"
        r"(?:laborator(?:y|ies)|labs?|institutes?) in $|"
        r"\b(?:gửi|đưa|chuyển)\b[^.;]{0,50} (?:phòng thí nghiệm|phòng xét nghiệm|viện|trung tâm xét nghiệm)"
        r"[^.;,]{0,30} (?:ở|tại) $"
    )
)
"""`Samples have gone to a laboratory in Hai Phong`."""
_VILLAGE = (exact("làng "), "lang ")
_VILLAGES = frozenset({exact("làng"), "lang", exact("làng nghề")})
_PEOPLE = frozenset({"người", "nguoi"})
_PLACED = frozenset({words.UNIT, words.GOVERNMENT, words.AT, words.FROM, words.TOWARDS})
_TEAM_STARTS = ("'s ", *(f" {word}" for word in "women men youth u foot police volley basket futsal".split()))
_TEAM = re.compile(
    r"(?:'s)? (?:(?:(?:women|men|youth|under-\d\d|u-?\d\d)(?:'s)? )?"
    r"(?:(?:women's )?(?:football|volleyball|basketball|futsal) (?:club|team|side)|(?:women|men)'s (?:side|"
    r"team))|"
    r"police (?:(?:lost|lose|beat|beaten|drew|draw|won|win|edged|held|stunned|defeated)\b[^.;\n]{0,40}?"
    r"\b(?:\d{1,2}[-–]\d|final|semi-?final|title|trophy|cup|league|penalties|shoot-?out)\b|"
    r"(?:lost|lose|beaten|drew|won|win|defeated) in |advance (?:to|into) |"
    r"(?:side|team|players?|coach|striker|midfielder|defender|goalkeeper|captain|fans|fc)\b))"
)
"""`Ho Chi Minh City's women's football club`, `Hanoi Police lost 2-0`."""
_CLUB_WORDS = frozenset(
    {"clb", "clb bóng đá", "câu lạc bộ bóng đá", "cau lac bo bong da", "fc", "football club"}
)
_CLUB_OWNERS = frozenset({"công an", "cong an", "ca", "thể công", "sl", "slna"})
_YEAR = re.compile(r"1[89][0-8]\d")
_SECOND_SITE = re.compile(
    place_tones(r" (?:(?:và|và bệnh viện) [^.;,]{3,20} )?(?:cơ sở|co so) (?:2|hai|ii|3|ba)\b")
)
"""`bệnh viện Bạch Mai cơ sở 2`."""
_CORRIDORS = (" economic corridor", " corridor")
_ONE_OF_MANY = frozenset(
    "last first remote poor poorest another one every each mountainous border coastal single only "
    "smallest".split()
)


def _is_one_of_many(around: Surroundings) -> bool:
    return bool(around.before) and around.before[-1] in _ONE_OF_MANY


_CENTURY = re.compile(r"\b19[4-7]\d\b")
_PAST_YEAR = re.compile(
    place_tones(
        r"^,?\s*(?:in|năm|nam|hồi năm|vào năm|mùa xuân|mùa hè|mùa đông)?\s*\(?(?:1[5-8]\d\d|19[0-7]\d)\b"
    )
)
_BARE = frozenset({"", words.AT})
_ORIGINS = frozenset({words.HOME, words.FROM})
_HOUSES = frozenset("restaurant hotel diner deli cafe grill".split())
_REJECTING_BEFORE = {words.NEWSPAPER: "newspaper", words.HAMLET: SMALLER}
