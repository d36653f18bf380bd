"""What the words around a name say: which of its meanings is meant, in what role, or that it is no place.

`read` gives one `Mention` for each hit. A mention with a `reason` was rejected; the others carry a `cue`
(how the name is used) and the places that it may stand for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.tag import cues as words
from pipeline.tag.cues import Cues, cues
from pipeline.tag.gazetteer import MERGER, Place, Sense
from pipeline.tag.matching import ENGLISH, TONED, FieldText, Hit
from pipeline.vietnamese import exact, place_tones

_CLAUSE_END = re.compile(r'[,.;:()!?\n"“”|…/]')
_ABBREVIATED = re.compile(r"\b(tp|tx|tt|h|q|p|x|mr|mrs|ms|dr)\.\s*", re.IGNORECASE)
_LETTERS = {
    "huyện": "h", "huyện đảo": "h", "huyện miền núi": "h", "huyện biên giới": "h", "huyện vùng cao": "h", "h": "h",
    "quận": "q", "q": "q", "thị xã": "tx", "thị xã biển": "tx", "tx": "tx", "xã": "x", "xã biên giới": "x",
    "xã vùng cao": "x", "xã đảo": "x", "xã ven biển": "x", "xã miền núi": "x", "x": "x", "phường": "p", "p": "p",
    "thị trấn": "t", "tt": "t", "đặc khu": "s",
    "district": "d", "ward": "p", "wards": "p", "commune": "x", "communes": "x", "town": "tx", "township": "t",
}  # fmt: skip
_LETTERS = {exact(noun): letter for noun, letter in _LETTERS.items()}
_FOLDED_LETTERS = {words.fold(noun): letter for noun, letter in _LETTERS.items()}
_DISTRICT_LETTERS = frozenset({"h", "q", "tx", "d", "tp"})
_JOINT_ALONE = frozenset(
    {"Hà Bắc", "Vĩnh Phú", "Nghệ Tĩnh", "Hải Hưng", "Sông Bé", "Bắc Thái", "Hà Tây", "Nghĩa Bình"}
)
_SOBRIQUET = re.compile(
    place_tones(
        r"^\s*(?:bay)?\s*(?:trên cạn|tren can|thu nhỏ|thu nho|thứ hai|thu hai|on land|in miniature|of the (?:north|south|west))"
    )
)
_ABROAD_AFTER = re.compile(
    place_tones(
        r"^['’s]*\s*[,(-]?\s*(?:của|cua|ở|o|in|of)?\s*(?:trung quốc|trung quoc|china|đài loan|taiwan|california|"
        r"hàn quốc|nhật bản|malaysia|germany|france|texas|orange county)\b"
    )
)
_ABROAD_BEFORE = re.compile(
    place_tones(r"(?:china's|chinese)\s+(?:\w+\s+){0,3}$|trung quốc\s+(?:là|ở|tại)\s+$")
)
_ROUTE_NOUNS = tuple(
    f" {exact(noun)}"
    for noun in (
        "cao tốc|cao toc|quốc lộ|quoc lo|tuyến bay|đường bay|đường sắt|duong sat|tuyến tàu|chuyến bay|expressway|flight|flights|tàu"
    ).split("|")
)
_SOBRIQUET_STARTS = frozenset({"bay", "trên", "tren", "thu", "thứ", "on", "in", "of"})


@dataclass(slots=True)
class Mention:
    """One hit, understood. `cue` is a word of `pipeline.tag.cues` or empty; `level` is the kind of sense."""

    hit: Hit
    level: str
    places: tuple[Place, ...]
    cue: str = ""
    reason: str = ""
    listed: bool = False
    weak: bool = False
    event_follows: bool = False
    quoted_as_former: bool = False

    @property
    def start(self) -> int:
        """Where the name starts in the cleaned field."""
        return self.hit.start

    @property
    def codes(self) -> set[str]:
        """The current units it may stand for."""
        return {place.code for place in self.places}


@dataclass(slots=True)
class Surroundings:
    """The words around a hit, up to the ends of its clause, in comparable form."""

    before: list[str]
    after: list[str]
    clause: str
    rest: str
    glued: bool

    @classmethod
    def of(cls, hit: Hit) -> Surroundings:
        lower = hit.field.lower
        left = lower[max(0, hit.start - 110) : hit.start]
        if "." in left:
            left = _ABBREVIATED.sub(r"\1 ", left)
        cut = 0
        for mark in _CLAUSE_END.finditer(left):
            cut = mark.end()
        clause = left[cut:]
        rest = lower[hit.end : hit.end + 60]
        end = _CLAUSE_END.search(rest)
        after = (rest[: end.start()] if end else rest).replace("'s ", " 's ").split()[:5]
        glued = bool(clause) and clause[-1] != " "
        return cls(clause.split()[-16:], after, clause, rest, glued)


def _longest_before(tokens: Sequence[str], table: dict[str, str]) -> tuple[str, str]:
    """The longest phrase of at most five words that ends right before the name: (meaning, phrase)."""
    for size in range(min(5, len(tokens)), 0, -1):
        phrase = " ".join(tokens[-size:])
        meaning = table.get(phrase)
        if meaning:
            return meaning, phrase
    return "", ""


def _longest_after(tokens: Sequence[str], table: dict[str, str]) -> tuple[str, str]:
    for size in range(min(2, len(tokens)), 0, -1):
        phrase = " ".join(tokens[:size])
        meaning = table.get(phrase)
        if meaning:
            return meaning, phrase
    return "", ""


class Reader:
    """Reads the hits of one article. `published` dates the map; `sport` tells that clubs are
    played for, `foreign` that a Chinese and `abroad` that another foreign place is named."""

    def __init__(self, published: date | None, *, sport: bool, foreign: bool, abroad: bool) -> None:
        self.published = published
        self.sport = sport
        self.foreign = foreign
        self.abroad = abroad

    def read(self, hits: Sequence[Hit]) -> list[Mention]:
        """One mention for each hit of one field, in order."""
        mentions: list[Mention] = []
        for hit in hits:
            mention = self._mention(hit)
            if mentions:
                _inherit(mentions[-1], mention)
            mentions.append(mention)
        _venue_lists(mentions)
        return mentions

    def _mention(self, hit: Hit) -> Mention:
        around = Surroundings.of(hit)
        table = cues("exact" if hit.field.mode == TONED else "folded")
        first = hit.entry.senses[0]
        if first.kind == "other":
            if first.note == "club":
                return Mention(hit, "club", first.places, words.CLUB, "" if first.places else "club")
            return Mention(hit, "other", (), reason=first.note)
        before, phrase = _longest_before(around.before, table.before)
        after, after_phrase = _longest_after(around.after, table.after)
        letter = _subunit_letter(before, phrase, after, after_phrase)
        if letter and first.kind in ("province", "former") and _is_plural(around.before, phrase, table):
            letter, before = "", words.AT  # các xã biên giới Cao Bằng
        mention = self._subunit(hit, letter) if letter else self._bare(hit, around, before, phrase)
        mention.quoted_as_former = mention.level == "former" and _said_former(around)
        if not mention.reason:
            self._weigh(mention, around, table, (before, phrase), (after, after_phrase), bool(letter))
        return mention

    # --- which meaning

    def _subunit(self, hit: Hit, letter: str) -> Mention:
        senses = hit.entry.senses
        named_unit = senses[0].kind in ("province", "former")
        if letter in _DISTRICT_LETTERS:
            exactly = [s for s in senses if s.kind == "district" and (s.letter == letter or letter == "d")]
            found = exactly or [s for s in senses if s.kind == "district" and not named_unit]
            if found:
                return Mention(hit, "district", tuple(p for s in found for p in s.places), words.SUBUNIT)
        wards = tuple(p for s in senses if s.kind == "ward" for p in self._ward_places(s, letter))
        if wards:
            return Mention(hit, "ward", tuple(dict.fromkeys(wards)), words.SUBUNIT)
        fitting = [s for s in senses if s.kind in ("district", "landmark")]
        if fitting and not named_unit:
            return Mention(hit, "district", tuple(p for s in fitting for p in s.places), words.SUBUNIT)
        return Mention(hit, "ward", (), reason=OTHER_UNIT)

    def _ward_places(self, sense: Sense, letter: str) -> list[Place]:
        old_text, _, new_text = sense.note.partition("|")
        old = [Place("", part[1:]) for part in old_text.split(",") if part and letter in ("", part[0])]
        new = [
            Place(part[1:3], part[4:] if "+" not in part else "")
            for part in new_text.split(",")
            if part and letter in ("", part[0])
        ]
        if self.published is None:
            return new + old
        return (new or old) if self.published >= MERGER else (old or new)

    def _bare(self, hit: Hit, around: Surroundings, before: str, phrase: str) -> Mention:
        senses = hit.entry.senses
        units = [s for s in senses if s.kind in ("province", "former")]
        if units:
            return self._unit(hit, units)
        joint = next((s for s in senses if s.kind == "joint"), None)
        if joint and (before == words.UNIT or len(joint.name.split()) > 2 or joint.name in _JOINT_ALONE):
            reason = "history" if "xô viết" in around.clause or "xo viet" in around.clause else ""
            return Mention(hit, "joint", joint.places, reason=reason)
        fitting = [s for s in senses if s.kind == "landmark" and _noun_fits(s, around, hit.field)]
        landmark = max(fitting, key=lambda sense: bool(sense.nouns), default=None)
        if landmark:
            return Mention(hit, "landmark", landmark.places)
        districts = [s for s in senses if s.kind == "district"]
        wards = [p for s in senses if s.kind == "ward" for p in self._ward_places(s, "")]
        if districts:
            places = tuple(p for s in districts for p in s.places)
            several = (
                len({p.code for p in places}) > 1 or bool(wards) or any(s.kind == "landmark" for s in senses)
            )
            return Mention(hit, "district", places, weak=several or " " not in hit.entry.name)
        if wards:
            return Mention(hit, "ward", tuple(dict.fromkeys(wards)), weak=True)
        return Mention(hit, "landmark", (), reason="a place of this name elsewhere")

    def _unit(self, hit: Hit, units: Sequence[Sense]) -> Mention:
        """A province by name. On the map of its day the name of a merged unit is that of the former one."""
        kind = units[0].kind
        return Mention(hit, kind, tuple(dict.fromkeys(p for s in units[:1] for p in s.places)))

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
        cue = before[0] if before[0] in _ROLES else ""
        if cue in ("", words.AT) and after[0] in (words.UNIT, words.GOVERNMENT):
            cue = after[0]
        if _is_venue(around, table, before[0]):
            cue = "venue"
        elif around.after and around.after[0] in _SOBRIQUET_STARTS and _SOBRIQUET.match(around.rest):
            cue = "sobriquet"
        elif before[0] == words.HOST or (self.sport and after[0] == words.HOST):
            cue = words.HOST
        elif mention.level in ("province", "former") and self._is_club(cue, after, before):
            cue = words.CLUB
        elif f" {around.clause.rstrip()}".endswith(_ROUTE_NOUNS):
            cue = "route"
        elif around.after[:1] == ["river"]:
            cue = "river"
        mention.cue = cue or (words.SUBUNIT if subunit else "")
        mention.event_follows = any(token in table.events for token in around.after[:2])

    def _is_club(self, cue: str, after: tuple[str, str], before: tuple[str, str]) -> bool:
        return self.sport and (cue == "" or before[0] == words.CLUB)

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
        if not subunit and meaning not in (words.UNIT, words.GOVERNMENT):
            if _is_person(hit, around, table, meaning):
                return "person"
            if meaning == words.STREET and _is_street(around, phrase):
                return "street"
            if after[0] == words.STREET:
                return "street"
            if meaning in _REJECTING_BEFORE and not _is_generic(around, phrase, table):
                return _REJECTING_BEFORE[meaning]
            if meaning == words.DISH or after[0] == words.DISH or around.rest.startswith("-style"):
                return "dish or style"
            if after[0] in (words.NEWSPAPER, words.HAMLET):
                return "newspaper" if after[0] == words.NEWSPAPER else "brand"
            if (meaning == words.HISTORY or after[0] == words.HISTORY) and mention.level != "province":
                return "history"
            if meaning == words.HISTORY or after[0] == words.HISTORY:
                return "history"
            if _is_organisation(hit, around, table):
                return "organisation"
            if meaning == words.NAMED and _key(hit) in table.ordinary:
                return "ordinary word"
        if self._is_abroad(mention, around, table):
            return "abroad"
        if mention.level in ("province", "former") and _is_longer_name(hit, meaning):
            return "inside a longer name"
        if _key(hit) == "hue" and _is_colour(hit):
            return "ordinary word"
        if _is_hanoi_nickname_misread(hit, field):
            return "another capital"
        return ""

    def _is_abroad(self, mention: Mention, around: Surroundings, table: Cues) -> bool:
        if self.abroad and _is_brand(mention.hit, table):
            return True
        if not (self.foreign or self.abroad):
            return False
        if _ABROAD_AFTER.match(around.rest) or _ABROAD_BEFORE.search(around.clause):
            return True
        return self.foreign and _key(mention.hit) in table.namesakes and _foreign_sentence(mention.hit, table)


_ROLES = frozenset(
    {
        words.UNIT,
        words.GOVERNMENT,
        words.AT,
        words.FROM,
        words.TOWARDS,
        words.LIKE,
        words.APART,
        words.HOME,
        words.CLUB,
    }
)
_REJECTING_BEFORE = {words.NEWSPAPER: "newspaper", words.HAMLET: "smaller than a ward, or a thing's name"}


def _key(hit: Hit) -> str:
    return hit.field.lower[hit.start : hit.end]


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
    nouns = map(exact, sense.nouns) if field.mode == TONED else map(words.fold, sense.nouns)
    return any(left.endswith(f" {noun} ") or right.startswith(f" {noun} ") for noun in nouns)


def _is_plural(tokens: Sequence[str], phrase: str, table: Cues) -> bool:
    size = len(phrase.split())
    previous = tokens[-size - 1] if len(tokens) > size else ""
    return previous in table.plurals or previous.isdigit()


_FORMERLY = frozenset("former formerly old cũ cu xưa trước truoc".split())


def _said_former(around: Surroundings) -> bool:
    """`former Ha Nam`, `Nam Định cũ`, `trước đây là tỉnh ...`: spoken of as a unit that is no more."""
    return not _FORMERLY.isdisjoint(around.after[:3]) or not _FORMERLY.isdisjoint(around.before[-4:])


def _is_person(hit: Hit, around: Surroundings, table: Cues, meaning: str) -> bool:
    if meaning == words.PERSON and _key(hit) not in ("hà nội", "ha noi", "hanoi", "sài gòn", "huế"):
        return True
    if around.glued or not around.before:
        return False
    original = hit.field.text[max(0, hit.start - 40) : hit.start].split()
    for position, word in enumerate(reversed(original[-3:])):
        if not word[0].isupper() or not word.isalpha():
            return False
        low = around.before[-1 - position] if position < len(around.before) else ""
        if low in table.surnames:
            return position == 0 or not hit.field.caseless
        if (
            hit.field.caseless
            or hit.field.mode == ENGLISH
            and position == 0
            and low not in table.weak_surnames | _MIDDLES
        ):
            return False
    return False


_MIDDLES = frozenset(
    "van thi duc minh thanh quoc ngoc xuan huu dinh thu kim hoai quang trong hong anh".split()
)


def _is_street(around: Surroundings, phrase: str) -> bool:
    tokens = around.before
    if phrase in ("phố", "pho") and len(tokens) > 1 and tokens[-2] in ("thành", "thanh", "khu"):
        return False
    return not (
        phrase in ("đường", "duong") and len(tokens) > 1 and tokens[-2] in ("lên", "len", "trên", "tren")
    )


def _is_generic(around: Surroundings, phrase: str, table: Cues) -> bool:
    """`các báo Hà Nội`, `dự báo Hà Nội`: not the name of one newspaper, band or hotel."""
    size = len(phrase.split())
    previous = around.before[-size - 1] if len(around.before) > size else ""
    return previous in table.plurals or previous in (
        "dự",
        "cảnh",
        "thông",
        "họp",
        "du",
        "canh",
        "thong",
        "hop",
    )


def _is_organisation(hit: Hit, around: Surroundings, table: Cues) -> bool:
    tokens = around.before
    for size in range(1, min(9, len(tokens)) + 1):
        word = tokens[-size]
        pair = " ".join(tokens[-size : len(tokens) - size + 2]) if size > 1 else word
        if pair in table.organisations or (
            word in table.organisations and pair not in table.organisation_stops
        ):
            previous = tokens[-size - 1] if len(tokens) > size else ""
            return previous not in table.plurals
        if word in table.organisation_stops:
            break
    return _organisation_after(around, table)


def _organisation_after(around: Surroundings, table: Cues) -> bool:
    tokens = around.after
    for position, word in enumerate(tokens[:5]):
        pair = " ".join(tokens[position : position + 2])
        if word in table.organisation_after or pair in table.organisation_after:
            return True
        if word not in table.organisation_modifiers:
            return False
    return False


def _is_venue(around: Surroundings, table: Cues, meaning: str) -> bool:
    """A conference, fair or ceremony stands before the preposition: the place only hosted it."""
    if meaning not in (words.AT, words.UNIT):
        return False
    text = f" {' '.join(around.before)} "
    if not any(f" {p} " in text for p in ("ở", "tại", "in", "at", "o", "tai")):
        return False
    head = around.before[:-1]
    for start in range(len(head)):
        for size in (1, 2, 3):
            if " ".join(head[start : start + size]) in table.events:
                return True
    return False


def _is_longer_name(hit: Hit, meaning: str) -> bool:
    """`Hòa Bình Xanh`: a capitalised Vietnamese syllable follows with only a space between."""
    field = hit.field
    if field.mode != TONED or field.caseless or meaning in _ROLES:
        return False
    rest = field.text[hit.end : hit.end + 14]
    if not rest.startswith(" ") or len(rest) < 3 or not rest[1].isupper() or not rest[2].islower():
        return False
    word = re.match(r" (\w+)", rest)
    return word is not None and not word[1].isascii() and word[1].lower() not in ("đã", "để", "ở")


def _is_hanoi_nickname_misread(hit: Hit, field: FieldText) -> bool:
    if _key(hit) not in ("thủ đô", "thu do"):
        return False
    rest = field.text[hit.end : hit.end + 3]
    return len(rest) > 1 and rest[0] == " " and rest[1].isupper()


_BRANDABLE = frozenset(
    {"hanoi", "ha noi", "saigon", "sai gon", "hue", "hà nội", "sài gòn", "huế", "danang", "da nang", "mekong"}
)


def _is_brand(hit: Hit, table: Cues) -> bool:
    """`Saigon Alley` in an article from abroad: a well-known name and another capitalised word."""
    if _key(hit) not in _BRANDABLE or hit.field.caseless:
        return False
    follower = re.match(r" ([A-Z][a-z]+)", hit.field.text[hit.end : hit.end + 20])
    return follower is not None and follower[1].lower() not in table.after


def _is_colour(hit: Hit) -> bool:
    """`Hue, saturation and brightness`, `a Hue and cry`: the English word at the start of a sentence."""
    return hit.field.mode == ENGLISH and bool(
        re.match(r"(?:,? saturation| and cry|s\b)", hit.field.lower[hit.end : hit.end + 14])
    )


def _foreign_sentence(hit: Hit, table: Cues) -> bool:
    lower = hit.field.lower
    start = max(lower.rfind(". ", 0, hit.start), lower.rfind("\n", 0, hit.start)) + 1
    end = lower.find(". ", hit.end)
    sentence = lower[start : end if end > 0 else len(lower)]
    return any(word in sentence for word in table.foreign)


OTHER_UNIT = "a district or ward of this name, not the province"
PASSING = frozenset({words.FROM, words.TOWARDS, words.LIKE, words.APART, words.HOME, "venue", "sobriquet"})
"""Uses that name a place without being about it."""
_INNER = frozenset({"district", "ward", "landmark"})

_LINK = re.compile(r"^\s*(?:,|-|và|va|and|&|, and|, và|, va|hay|or|cùng|cung|/)\s*$")
_RANGE = re.compile(r"^\s*(?:đến|den|tới|toi|to|-)\s*$")


def _inherit(previous: Mention, mention: Mention) -> None:
    """A name in a list is used as the name before it: `to Hanoi and Hai Phong`."""
    if previous.hit.field is not mention.hit.field:
        return
    gap = mention.hit.field.lower[previous.hit.end : mention.start]
    if len(gap) > 6 or not _LINK.match(gap):
        return
    mention.listed = True
    if previous.cue in PASSING and previous.level in _INNER and mention.codes & previous.codes:
        mention.cue = previous.cue  # quê Nam Đàn, Nghệ An
        return
    if mention.reason or previous.reason or mention.cue or previous.level in _INNER:
        return
    if gap.strip() == "," and previous.level not in ("province", "former"):
        return
    mention.cue = previous.cue


def _venue_lists(mentions: Sequence[Mention]) -> None:
    """`at Hanoi, HCM City roadshows`: the event is named after the list of its places."""
    chain: list[Mention] = []
    for mention in mentions:
        chain = [*chain, mention] if mention.listed else [mention]
        if mention.event_follows and chain[0].cue == words.AT:
            for member in chain:
                member.cue = "venue"


def is_range(previous: Mention, mention: Mention) -> bool:
    """`từ Thanh Hóa đến Quảng Trị`: two ends of a stretch of country."""
    gap = mention.hit.field.lower[previous.hit.end : mention.start]
    return previous.hit.field is mention.hit.field and len(gap) < 8 and bool(_RANGE.match(gap))
