"""From mentions to the provinces of an article: which, in what role, in what order, how surely, which former
units. Pure: the same article gives the same tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta, timezone
from functools import cached_property

from models.tags import Evidence, ProvinceTag, Rejected, Role, Taggable
from pipeline.language import detect
from pipeline.tag import cue_words as words
from pipeline.tag.asides import settle_asides
from pipeline.tag.background import (
    head_of,
    is_long,
    is_paired,
    paragraphs,
    settle_delegates,
    settle_helpers,
    settle_treated,
    subjects_of_disaster,
    subjects_of_long,
)
from pipeline.tag.context import DISH_REASON, Reader
from pipeline.tag.examples import mark_examples
from pipeline.tag.fields import Field, read_fields
from pipeline.tag.furniture import Furniture, find_furniture
from pipeline.tag.gazetteer import Gazetteer
from pipeline.tag.home import own_province
from pipeline.tag.matching import FieldText, Hit, find, read_field
from pipeline.tag.mention import INNER, UNIT_LEVELS, Mention
from pipeline.tag.namesakes import settle_addresses, settle_lone_wards, settle_namesakes
from pipeline.tag.old_units import Scene, former_units
from pipeline.tag.settle import (
    is_in_title,
    settle_abroad,
    settle_dishes,
    settle_history,
    settle_landmarks,
    settle_organisations,
    settle_persons,
    settle_players,
    settle_small_namesakes,
    settle_streets,
    settle_subunits,
)
from pipeline.tag.settle_uses import (
    is_attendee,
    settle_clubs,
    settle_markets,
    settle_origins,
    settle_ranges,
    settle_venues,
)
from pipeline.tag.settle_words import settle_capitals, settle_ho_chi_minh, settle_ordinary, settle_titles
from pipeline.tag.signals import listen, opening_of
from pipeline.tag.tally import Tally, calibrated
from pipeline.tag.weights import NEVER_ALONE, NEVER_BESIDE, weigh
from pipeline.vietnamese import place_tones

_LOCAL = timezone(timedelta(hours=7))
_ABOUT = 0.75
_SHARE_OF_TOP = 0.3
_SHARE_IN_HAZARD = 0.12
_PLAIN_CUES = frozenset({"", words.UNIT, words.GOVERNMENT, words.AT})
_HINTS_AT_PART = frozenset({DISH_REASON, "organisation"})
"""No place is meant by these, but it is known where they are at home."""
_PRODUCTS = frozenset({words.PRODUCT})
_EVIDENCE_LIMIT = 12
_IN_PASSING = frozenset({"", words.AT})
_SENTENCE_ENDS = re.compile(r"[.!?…][\"”’)]*\s|\n")
_LATE_SENTENCE = 2
_HAPPENED = re.compile(
    place_tones(r"\b(?:xảy ra|xay ra|happened|occurred|took place|took effect|bị bắt|arrested|phát hiện)\b")
)
_NOT_IN_TITLE = 1_000_000
_LONG_LIST = 4  # units beside which one more is but one of many


class ProvinceTagger:
    """Tags articles with provinces. Holds the gazetteer and nothing that changes."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        gazetteer.make_spotters()

    def tag(
        self, article: Taggable, fields: Sequence[Field] | None = None
    ) -> tuple[tuple[ProvinceTag, ...], tuple[Rejected, ...]]:
        """The provinces, most central first, and the names that were seen and not counted. `fields` are the
        article's, if they were read before."""
        language = article.language or detect(f"{article.title}\n{article.lead}\n{article.body}")
        given = read_fields(article) if fields is None else fields
        texts = [read_field(field, language) for field in given]
        _trust_case(texts)
        published = article.published.astimezone(_LOCAL).date() if article.published else None
        return _Reading(self.gazetteer, texts, published, article.home_province).result()


def _trust_case(fields: Sequence[FieldText]) -> None:
    """A title without a capital in an article that has capitals simply names nothing."""
    if not all(text.caseless for text in fields):
        for text in fields:
            text.caseless = text.caseless and text.text.upper() == text.text


class _Reading:
    """One article while it is read."""

    def __init__(
        self, gazetteer: Gazetteer, fields: Sequence[FieldText], published: date | None, home: str
    ) -> None:
        self.gazetteer = gazetteer
        self.fields = fields
        self.published = published
        self.home = home.removeprefix("vn34:")
        self.has_lead = any(f.name == "lead" for f in fields)
        self.furniture: dict[str, Furniture] = {}
        self.mentions: list[Mention] = []
        self.opening = opening_of(fields)
        self.head, self.long = 0, False
        hits = [find(text, gazetteer) for text in fields]
        if any(hits):
            bodies = [f for f, found in zip(fields, hits, strict=True) if found and f.name != "title"]
            self.furniture = {f.name: find_furniture(f) for f in bodies}
            body = fields[-1] if fields[-1].name == "body" and hits[-1] else None
            self.head = head_of(body, self.furniture["body"].dateline) if body else 0
            self.long = is_long(body)
            self.signals = listen(fields, self.opening)
            self.reader = Reader(published, self.signals)
            self.mentions = self._read(hits)

    def _read(self, hits: Iterable[Sequence[Hit]]) -> list[Mention]:
        mentions: list[Mention] = []
        for of_field, text in zip(hits, self.fields, strict=True):
            found = self.reader.read(of_field)
            self._apply_furniture(found, self.furniture.get(text.name))
            mentions.extend(found)
        settle_addresses(mentions, self.gazetteer.old_to_new)
        settle_ranges(mentions, self.signals.hazard)
        settle_landmarks(mentions)
        settle_small_namesakes(mentions)
        settle_lone_wards(mentions, self.fields)
        settle_namesakes(mentions, self.gazetteer.old_to_new, self.home, NEVER_BESIDE)
        settle_subunits(mentions)
        if self.signals.sport:
            settle_players(mentions)
        settle_persons(mentions)
        settle_abroad(mentions)
        settle_dishes(mentions)
        settle_organisations(mentions, company=self.reader.company)
        settle_history(mentions)
        settle_clubs(mentions)
        settle_streets(mentions)
        settle_markets(mentions)
        settle_venues(mentions)
        settle_origins(mentions, abroad=self.signals.abroad)
        settle_delegates(mentions, self.opening)
        settle_treated(mentions, self.head)
        settle_asides(mentions, self.head)
        if self.signals.hazard:
            settle_helpers(mentions, self.head)
        settle_capitals(mentions, self.fields)
        settle_titles(mentions, self.fields)
        settle_ordinary(mentions, self.fields)
        settle_ho_chi_minh(mentions)
        mark_examples(mentions, self.signals, self.head, long=self.long)
        return mentions

    def _apply_furniture(self, mentions: Sequence[Mention], furniture: Furniture | None) -> None:
        places = range(furniture.caption, furniture.dateline) if furniture and furniture.caption else range(0)
        captioned = any(mention.start in places for mention in mentions)
        for mention in mentions:
            if furniture and furniture.caption <= mention.start < furniture.dateline:
                if not mention.reason:
                    mention.cue = "dateline"
            elif captioned and furniture and mention.start < furniture.caption:
                mention.cue = mention.cue if mention.reason else "caption"
            elif furniture and furniture.skips(mention.start):
                mention.reason = "related links or byline"
            elif not mention.reason and furniture and furniture.is_address(mention.start):
                mention.cue = "address"
            elif not mention.reason and is_attendee(mention):
                mention.cue = "attendee"

    # --- roles

    def _weight(self, mention: Mention) -> float:
        furniture = self.furniture.get(mention.hit.field.name)
        of_the_title = mention.level in INNER and mention.codes & self.titled
        elsewhere = self.signals.sport and not of_the_title  # than the ground of a club that the title names
        return weigh(mention, furniture, has_lead=self.has_lead, elsewhere=elsewhere)

    @cached_property
    def titled(self) -> set[str]:
        """The units that the title names."""
        return {code for m in self.mentions if is_in_title(m) and not m.reason for code in m.codes}

    def _tallies(self) -> list[Tally]:
        gathered: dict[str, tuple[list[Mention], list[float]]] = {}
        for mention in self.mentions:
            if not mention.reason:
                weight = self._weight(mention)
                for code in dict.fromkeys([place.code for place in mention.places]):
                    mentions, weights = gathered.setdefault(code, ([], []))
                    mentions.append(mention)
                    weights.append(weight)
        tallies = [Tally(code, *found) for code, found in gathered.items()]
        return sorted(tallies, key=lambda tally: -tally.score)

    def result(self) -> tuple[tuple[ProvinceTag, ...], tuple[Rejected, ...]]:
        if not self.mentions:
            return tuple(self._home_tags(())), ()
        tallies = self._tallies()
        top = tallies[0].score if tallies else 0.0
        about = self._about(tallies, top)
        tallies.sort(
            key=lambda tally: self._place_in_title(tally) if tally.code in about else 3 * _NOT_IN_TITLE
        )
        products = [t for t in tallies if t.code not in about and _is_a_product(t)]
        for mention in (mention for tally in products for mention in tally.mentions):
            mention.reason = DISH_REASON
        tallies = [tally for tally in tallies if tally not in products]
        scene = self._scene(len(about))
        tags = [self._tag(tally, top, tally.code in about, scene) for tally in tallies]
        if not about:
            tags = [*self._home_tags(tallies), *tags]
        tags.sort(key=lambda tag: tag.role != Role.ABOUT)
        rejected = tuple(
            Rejected(_evidence(mention, "rejected"), mention.reason)
            for mention in self.mentions
            if mention.reason
        )
        return tuple(tags), rejected

    def _place_in_title(self, tally: Tally) -> int:
        """Where the title first names it, else where the opening does: the order of subjects is the order in
        which they are named there."""
        starts = [m.start for m in tally.mentions if m.hit.field.name == "title"]
        if not starts:
            starts = [_NOT_IN_TITLE + m.start for m in tally.mentions if self._is_opening(m)]
        return min(starts, default=2 * _NOT_IN_TITLE)

    def _is_opening(self, mention: Mention) -> bool:
        furniture = self.furniture.get(mention.hit.field.name)
        return furniture is not None and mention.start - furniture.dateline < furniture.opening

    def _about(self, tallies: Sequence[Tally], top: float) -> set[str]:
        share = _SHARE_IN_HAZARD if self.signals.hazard else _SHARE_OF_TOP
        passing = NEVER_ALONE | ({words.PRODUCT} if self.signals.abroad or self.signals.foreign else set())
        strong = [t for t in tallies if t.score >= _ABOUT and not _only(t, passing)]
        subjects = [t for t in strong if not _only(t, NEVER_BESIDE) and not _is_a_goal(t)]
        strong = subjects or strong
        about = {t.code for t in strong if t.score >= share * top}
        if self.long:
            told = {t.code: t.mentions for t in tallies}
            if self.signals.hazard:
                year = self.published.year if self.published else 0
                about = subjects_of_disaster(told, about, self.head, NEVER_BESIDE, year)
            else:
                about = subjects_of_long(told, about, self.head, NEVER_BESIDE)
        elif not self.signals.hazard:
            about = self._without_asides(strong, about)
        if not self.long:
            about -= {t.code for t in strong if len(t.mentions) == 1 and self._is_in_passing(t.mentions[0])}
        for tally in strong:
            if tally.code not in about and any(self._beside(mention, about) for mention in tally.mentions):
                about.add(tally.code)
        return about

    def _without_asides(self, strong: Sequence[Tally], about: set[str]) -> set[str]:
        """Of a short text whose title or first sentence names a subject, all but what it names once
        behind."""
        asides = {t.code for t in strong if len(t.mentions) == 1 and not self._is_in_front(t.mentions[0])}
        return about - asides or about

    def _is_in_passing(self, mention: Mention) -> bool:
        """Whether a short text comes to a place late, by its bare name or a preposition, and not to say that
        all this happened there."""
        name = mention.hit.field.name
        if name != "body" or mention.cue not in _IN_PASSING:
            return False
        furniture = self.furniture.get(name)
        ends = list(
            _SENTENCE_ENDS.finditer(
                mention.hit.field.text, furniture.dateline if furniture else 0, mention.start
            )
        )
        if len(ends) < _LATE_SENTENCE:
            return False
        return _HAPPENED.search(mention.hit.field.lower, ends[-1].end(), mention.start) is None

    def _is_in_front(self, mention: Mention) -> bool:
        return mention.hit.field.name != "body" or self._is_opening(mention)

    def _beside(self, mention: Mention, about: set[str]) -> bool:
        """Whether the opening names it in one breath with a unit that the article is about."""
        name = mention.hit.field.name
        furniture = self.furniture.get(name)
        if self._is_of_a_list(mention, about):
            return True
        if furniture and mention.start - furniture.dateline > furniture.opening:
            if not self.long or mention.level not in UNIT_LEVELS or not is_paired(mention):
                return False
            return mention.codes <= self._told_twice and bool(self._list_partners(mention) & about)
        plain = mention.level in UNIT_LEVELS and mention.cue in _PLAIN_CUES
        return plain and bool(self._list_partners(mention) & about)

    def _is_of_a_list(self, mention: Mention, about: set[str]) -> bool:
        """Whether it stands in a list of three or four units of which the article is about all others: what
        it tells of them, it tells of all. `ở ba địa phương Quảng Ninh, Bắc Ninh và Hải Phòng`."""
        if mention.level not in UNIT_LEVELS or mention.cue not in _PLAIN_CUES:
            return False
        first = last = self.mentions.index(mention)
        while first and self.mentions[first].listed:
            first -= 1
        while last + 1 < len(self.mentions) and self.mentions[last + 1].listed:
            last += 1
        others = [m for m in self.mentions[first : last + 1] if m is not mention]
        if not 2 <= len(others) < _LONG_LIST:
            return False
        return all(not m.reason and m.level in UNIT_LEVELS and m.codes <= about for m in others)

    @cached_property
    def _told_twice(self) -> set[str]:
        """The units of which two paragraphs or more tell."""
        codes = {code for m in self.mentions if not m.reason for code in m.codes}
        named = {c: [m for m in self.mentions if not m.reason and c in m.codes] for c in codes}
        return {code for code, found in named.items() if paragraphs(found, NEVER_BESIDE) > 1}

    def _list_partners(self, mention: Mention) -> set[str]:
        i = self.mentions.index(mention)
        partners = self.mentions[i - 1 : i] if mention.listed and i else []
        if i + 1 < len(self.mentions) and self.mentions[i + 1].listed:
            partners = [*partners, self.mentions[i + 1]]
        return {c for m in partners if not m.reason and m.level in UNIT_LEVELS for c in m.codes}

    def _scene(self, about: int) -> Scene:
        title = self.fields[0].lower if self.fields and self.fields[0].name == "title" else ""
        return Scene(self.published, about, title, self.opening, self.head if self.long else 0)

    def _tag(self, tally: Tally, top: float, about: bool, scene: Scene) -> ProvinceTag:
        pairs = list(zip(tally.mentions, tally.weights, strict=True))
        products = [m for m in self.mentions if m.reason in _HINTS_AT_PART] if about else []
        old = former_units(self.gazetteer, tally.code, pairs, scene, products) if about else ()
        ranked = sorted(pairs, key=lambda pair: -pair[1])[:_EVIDENCE_LIMIT] if len(pairs) > 1 else pairs
        evidence = tuple(_evidence(mention, _rule(mention)) for mention, _ in ranked)
        return ProvinceTag(
            f"vn34:{tally.code}",
            tuple(f"vn63:{code}" for code in old),
            Role.ABOUT if about else Role.MENTIONED,
            calibrated(tally, top, about),
            evidence,
        )

    def _home_tags(self, tallies: Sequence[Tally]) -> list[ProvinceTag]:
        """The paper's own province, if it speaks of it and names none. Weak."""
        if not self.home or any(tally.score >= 0.3 for tally in tallies):
            return []
        evidence = own_province(self.fields)
        return [ProvinceTag(f"vn34:{self.home}", (), Role.ABOUT, 0.6, (evidence,))] if evidence else []


def _only(tally: Tally, cues_of_passing: frozenset[str]) -> bool:
    return all(mention.cue in cues_of_passing for mention in tally.mentions)


def _is_a_goal(tally: Tally) -> bool:
    """Where something went, told in the text alone: flights were diverted there."""
    goals = NEVER_BESIDE | {words.TOWARDS}
    return all(m.cue in goals and m.hit.field.name != "title" for m in tally.mentions)


def _is_a_product(tally: Tally) -> bool:
    """`nước mắm Phú Quốc` alone is no more than a dish: the place is not even mentioned."""
    return tally.mentions[0].cue == words.PRODUCT and _only(tally, _PRODUCTS)


def _rule(mention: Mention) -> str:
    return f"{mention.level}:{mention.cue}" if mention.cue else mention.level


def _evidence(mention: Mention, rule: str) -> Evidence:
    text = mention.hit.field
    start, end = text.source(mention.start, mention.hit.end)
    return Evidence(text.name, start, end, text.raw[start:end], rule)
