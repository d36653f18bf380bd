"""What the digest reads of the store: sections answered as searches, hits turned into stories to tell.

A briefing serves one tick. A thousand subscribers ask much the same of the same day, so each section is
searched once (for the numbers of its articles only), and each article is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import TypeVar, overload

from sqlalchemy import Connection, select
from sqlmodel import col

from models.digest import (
    DigestArticle,
    DigestProvince,
    DigestStory,
    DigestTopic,
    Match,
    Outage,
    Quote,
    Section,
)
from models.ports import EndpointState
from models.query import Among, AnyOf, Facet, Node, Not, Note, Query, Resolver, SeenBetween, Words
from models.story import Relation
from models.tables import ArticleRow
from models.tags import ProvinceTag, Role, TopicTag, WatchTag
from pipeline.digest.words import agency
from pipeline.names import Names
from pipeline.search import filtered, parse_query
from pipeline.store import Store, StoredArticle
from pipeline.store.conditions import Condition, Found, asked_in, labels_in, provinces_in
from pipeline.store.matching import matching_ids
from pipeline.vietnamese import fold

_T = TypeVar("_T")

SILENT = timedelta(hours=12)
"""After so long without one readable endpoint an outlet counts as out."""
EVERY = 1_000_000
"""More articles than a window ever holds: nothing that a section finds is left out here."""
STATEMENT = 500  # values in one statement
WIRE_NAMES = {"ttxvn": "TTXVN", "vov": "VOV", "chinhphu": "Báo Chính phủ"}

_TELLING = ("province", "topic", "keyword", "watchlist")
"""The kinds of reasons that say what a story is about, in the order in which they are told."""


@dataclass(frozen=True)
class _Known:
    """An article as it was read once: for the mail, for its tags, for why it was found."""

    told: DigestArticle
    stored: StoredArticle
    found: Found


@dataclass(frozen=True)
class _Matched:
    """A story by the articles of it that a search has found. `members` are all of its articles, which may
    be quoted; `matches` are the reasons looked up so far."""

    story: DigestStory
    speaking: tuple[_Known, ...]
    members: tuple[_Known, ...]
    matches: dict[Among, Match | None] = field(default_factory=dict)


class _Reasons(Sequence[Match]):
    """Why a story was found, looked up when it is first asked: of what sections find, mails show little."""

    def __init__(self, look: Callable[[], list[Match]]) -> None:
        self._look = look

    @cached_property
    def _found(self) -> list[Match]:
        return self._look()

    @overload
    def __getitem__(self, place: int) -> Match: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Match]: ...

    def __getitem__(self, place: int | slice) -> Match | Sequence[Match]:
        return self._found[place]

    def __len__(self) -> int:
        return len(self._found)


class Briefing:
    """The digest's StoryReader over the store. `now` is the run's moment, for relative dates in searches."""

    def __init__(self, store: Store, names: Names, now: datetime) -> None:
        self._store = store
        self._names = names
        self._now = now
        self._articles: dict[int, _Known] = {}
        self._members: dict[str, tuple[int, ...]] = {}
        self._story_of: dict[int, str] = {}
        self._matched: dict[tuple[str, tuple[int, ...], datetime], _Matched] = {}
        self._sections: dict[tuple[datetime, datetime, Section], list[DigestStory]] = {}
        self._queries: dict[Section, Query] = {}
        self._endpoints: list[EndpointState] | None = None

    @cached_property
    def _saved(self) -> Mapping[str, str]:
        return self._store.saved_searches()

    def stories(self, since: datetime, until: datetime, section: Section) -> Sequence[DigestStory]:
        """Stories with an article of the window that meets the section, each with all its articles."""
        asked = _bare(section)
        key = (since, until, asked)
        if key not in self._sections:
            self._sections[key] = self._read(since, until, asked)
        return self._sections[key]

    def faults(self, section: Section) -> Sequence[Note]:
        """What of the section's search cannot be understood."""
        return self._query(_bare(section)).notes

    def _query(self, section: Section) -> Query:
        """The section's search, read once."""
        if section not in self._queries:
            self._queries[section] = section_query(section, self._names, self._now, self._saved)
        return self._queries[section]

    def _read(self, since: datetime, until: datetime, section: Section) -> list[DigestStory]:
        query = self._query(section).narrowed(SeenBetween(since, until))
        with self._store.reading() as connection:
            found = matching_ids(connection, query.where, limit=EVERY)
            self._story_of |= _stories_of(connection, [n for n in found if n not in self._story_of])
            story_of = {number: self._story_of[number] for number in found}
            unread = {story for story in story_of.values() if story} - self._members.keys()
            members, backfilled = _members_of(connection, sorted(unread))
        self._members |= members
        self._load([*found, *(number for story in unread for number in members[story])], backfilled)
        matched: dict[str, list[int]] = {}
        for number, story in story_of.items():
            matched.setdefault(story or f"article-{number}", []).append(number)
        return [
            self._story(story, numbers, self._members.get(story, tuple(numbers)), section, until)
            for story, numbers in matched.items()
        ]

    def _load(self, numbers: Iterable[int], backfilled: frozenset[int]) -> None:
        missing = [number for number in dict.fromkeys(numbers) if number not in self._articles]
        for stored in self._store.articles(missing):
            self._articles[stored.id] = self._known(stored, stored.id in backfilled)

    def outages(self, since: datetime, until: datetime) -> Sequence[Outage]:
        """Outlets none of whose endpoints could be read for the last twelve hours of the window."""
        if self._endpoints is None:
            self._endpoints = self._store.endpoint_states()
        by_outlet: dict[str, list[EndpointState]] = {}
        for state in self._endpoints:
            by_outlet.setdefault(state.outlet, []).append(state)
        out = []
        for outlet, states in by_outlet.items():
            failing = [state for state in states if state.failures]
            if len(failing) < len(states):
                continue
            good = [state.last_success_at for state in states if state.last_success_at]
            quiet_since = max(good) if good else since
            if until - quiet_since >= SILENT:
                name = self._names.outlet_name(outlet)
                reason = failing[0].last_reason
                out.append(Outage(outlet=outlet, outlet_name=name, since=quiet_since, reason=reason))
        return sorted(out, key=lambda outage: (outage.since, outage.outlet))

    def _story(
        self, key: str, matched: Sequence[int], members: Sequence[int], section: Section, until: datetime
    ) -> DigestStory:
        """The story with the section's reasons; the rest is the same for all that found the same of it."""
        same = (key, tuple(matched), until)
        if same not in self._matched:
            speaking = tuple(self._articles[number] for number in matched)
            known = [self._articles[number] for number in members if number in self._articles]
            seen = tuple(each for each in known if each.told.first_seen_at <= until)
            story = DigestStory(
                id=key,
                articles=tuple(each.told for each in seen),
                provinces=tuple(self._provinces(speaking)),
                topics=tuple(self._topics(speaking)),
            )
            self._matched[same] = _Matched(story, speaking, seen)
        found = self._matched[same]
        return replace(found.story, why=_Reasons(lambda: self._why(section, found)))

    def _known(self, stored: StoredArticle, backfilled: bool) -> _Known:
        article = stored.article
        relation = Relation(stored.relation) if stored.relation else Relation.INDEPENDENT
        told = DigestArticle(
            url=article.url,
            title=article.title,
            outlet=article.outlet,
            outlet_name=self._names.outlet_name(article.outlet),
            language=article.language,
            first_seen_at=stored.first_seen_at,
            published_at=article.published_at,
            lead=article.lead,
            text=article.text,
            relation=relation,
            origin="" if relation is Relation.ORIGINAL else self._origin(stored.origin),
            backfilled=backfilled,
        )
        return _Known(told, stored, Found(stored))

    def _origin(self, code: str) -> str:
        return WIRE_NAMES.get(code) or self._names.outlet_name(code)

    def _provinces(self, articles: Sequence[_Known]) -> list[DigestProvince]:
        gazetteer = self._names.gazetteer
        best: dict[str, ProvinceTag] = {}
        old: dict[str, dict[str, None]] = {}
        for article in articles:
            for tag in article.stored.tags.provinces:
                if tag.role is Role.ABOUT:
                    best.setdefault(tag.code, tag)
                    old.setdefault(tag.code, {}).update(dict.fromkeys(tag.old_codes))
        return [
            DigestProvince(
                code=code,
                name_vi=gazetteer.name(code, "vi"),
                name_en=gazetteer.name(code, "en"),
                role=tag.role,
                old_codes=tuple(old[code]),
                old_names=tuple(gazetteer.name(each, "vi") for each in old[code]),
            )
            for code, tag in best.items()
        ]

    def _topics(self, articles: Sequence[_Known]) -> list[DigestTopic]:
        ids = dict.fromkeys(topic.id for article in articles for topic in article.stored.tags.topics)
        label = self._names.topics.label
        return [DigestTopic(id=each, label_vi=label(each, "vi"), label_en=label(each, "en")) for each in ids]

    def _why(self, section: Section, found: _Matched) -> list[Match]:
        """What of the section's search the story met: what it is about, else who tells it."""
        where = self._query(section).where
        met = [set(each.found.by(where) or ()) for each in found.speaking]
        some = frozenset(chain.from_iterable(met))
        wanted = [each for each in asked_in(where) if each in some]
        looked = [self._match(each, found) for each in wanted if isinstance(each, Among)]
        matches = [match for match in dict.fromkeys(looked) if match]
        matches += _words_said(found, met, [each for each in wanted if isinstance(each, Words)])
        telling = [match for match in matches if match.kind in _TELLING]
        return sorted(telling, key=lambda match: _TELLING.index(match.kind)) or matches

    def _match(self, asked: Among, found: _Matched) -> Match | None:
        """What of a filter the story met, looked up once; None for one that says nothing of the story."""
        if asked not in found.matches:
            look = {
                Facet.PROVINCE: self._province_match,
                Facet.TOPIC: self._topic_match,
                Facet.WATCHLIST: _watchlist_match,
                Facet.OUTLET: self._outlet_match,
                Facet.ORIGIN: self._origin_match,
            }.get(asked.facet)
            found.matches[asked] = look(asked, found) if look else None
        return found.matches[asked]

    def _province_match(self, asked: Among, found: _Matched) -> Match | None:
        """The province asked for, new or former, and the words that put the story there."""
        met = _province_tags(found.speaking, asked)
        if not met:
            return None
        tag = min((tag for _, tag in met), key=lambda tag: tag.role is Role.MENTIONED)
        former = "" if tag.code in asked.values else next(o for o in asked.old if o in tag.old_codes)
        name, unit = self._names.gazetteer.name, former or tag.code
        tags = _province_tags(found.members, asked)
        if former:
            tags = [(article, self._speaking_of(tag, former)) for article, tag in tags]
        vietnamese, english = name(unit, "vi"), name(unit, "en")
        if former:
            vietnamese, english = f"{vietnamese} cũ", f"former {english}"
        if tag.role is Role.MENTIONED:
            vietnamese, english = f"nhắc đến {vietnamese}", f"mentions {english}"
        return Match(
            kind="province",
            label_vi=vietnamese,
            label_en=english,
            quotes=_quotes(tags),
            value=tag.code,
        )

    def _speaking_of(self, tag: ProvinceTag, former: str) -> ProvinceTag:
        """The tag with that evidence alone which names the former unit or a place inside it: the name of the
        unit that took it in says nothing of it."""
        former_of = self._names.gazetteer.former_of
        return replace(tag, evidence=tuple(e for e in tag.evidence if former in former_of(e.text)))

    def _topic_match(self, asked: Among, found: _Matched) -> Match | None:
        met = _label_tags(found.speaking, asked)
        if not met:
            return None
        topic, label = met[0][1].id, self._names.topics.label
        return Match(
            kind="topic",
            label_vi=label(topic, "vi"),
            label_en=label(topic, "en"),
            quotes=_quotes(_label_tags(found.members, asked)),
            value=topic,
        )

    def _outlet_match(self, asked: Among, found: _Matched) -> Match | None:
        met = [each.told.outlet_name for each in found.speaking if each.told.outlet in asked.values]
        return Match(kind="outlet", label_vi=met[0], label_en=met[0]) if met else None

    def _origin_match(self, asked: Among, found: _Matched) -> Match | None:
        codes = [code for each in found.speaking for code in (each.stored.article.credit, each.stored.origin)]
        name = next((self._origin(code) for code in codes if code in asked.values), "")
        return Match(kind="origin", label_vi=name, label_en=agency(name, "en")) if name else None


def _words_said(found: _Matched, met: Sequence[Set[Condition]], wanted: Sequence[Words]) -> list[Match]:
    """The words by which articles were found as they stand in the first that has them."""
    said: dict[str, str] = {}
    left = list(wanted)
    for article, conditions in zip(found.speaking, met, strict=True):
        for text in article.found.phrases([words for words in left if words in conditions]):
            said.setdefault(fold(text), text)
        left = [words for words in left if words not in conditions]
    return [Match(kind="keyword", label_vi=text, label_en=text) for text in said.values()]


def _watchlist_match(asked: Among, found: _Matched) -> Match | None:
    """The list asked for, with the words that met it."""
    met = _label_tags(found.speaking, asked)
    if not met:
        return None
    tag = met[0][1]
    quotes = _quotes(_label_tags(found.members, asked))
    return Match(kind="watchlist", label_vi=tag.label, label_en=tag.label, quotes=quotes, value=tag.id)


def _province_tags(articles: Iterable[_Known], asked: Among) -> list[tuple[_Known, ProvinceTag]]:
    return [(article, tag) for article in articles for tag in provinces_in(article.stored.tags, asked)]


def _label_tags(articles: Iterable[_Known], asked: Among) -> list[tuple[_Known, TopicTag | WatchTag]]:
    return [(article, tag) for article in articles for tag in labels_in(article.stored.tags, asked)]


def _quotes(tags: Iterable[tuple[_Known, ProvinceTag | TopicTag | WatchTag]]) -> tuple[Quote, ...]:
    """The first words in each article that spoke for one of its tags."""
    found: dict[str, Quote] = {}
    for article, tag in tags:
        told = article.told
        if tag.evidence and told.url not in found:
            found[told.url] = Quote(words=tag.evidence[0].text, language=told.language, url=told.url)
    return tuple(found.values())


def _stories_of(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """The story of each article, empty for one that none has taken up, in the order of `numbers`."""
    asked = select(col(ArticleRow.id), col(ArticleRow.story_id))
    found = dict.fromkeys(numbers, "")
    for part in _parts(numbers):
        found |= {
            row[0]: row[1] or "" for row in connection.execute(asked.where(col(ArticleRow.id).in_(part)))
        }
    return found


def _members_of(
    connection: Connection, stories: Sequence[str]
) -> tuple[dict[str, tuple[int, ...]], frozenset[int]]:
    """All articles of the stories, newest first, and which of them come from a back-fill."""
    asked = select(col(ArticleRow.id), col(ArticleRow.story_id), col(ArticleRow.backfill))
    members: dict[str, list[int]] = {}
    backfilled = set()
    for part in _parts(stories):
        rows = connection.execute(
            asked.where(col(ArticleRow.story_id).in_(part)).order_by(col(ArticleRow.id).desc())
        )
        for number, story, is_backfill in rows:
            members.setdefault(story or "", []).append(number)
            if is_backfill:
                backfilled.add(number)
    return {story: tuple(numbers) for story, numbers in members.items()}, frozenset(backfilled)


def _parts(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), STATEMENT):
        yield values[start : start + STATEMENT]


def _bare(section: Section) -> Section:
    """The section as far as its search goes."""
    return replace(section, title="", limit=1, group_by="none")


def section_query(
    section: Section, resolver: Resolver, now: datetime, saved: Mapping[str, str] | None = None
) -> Query:
    """The search that a section stands for; `saved` are the kept searches that it may name."""
    query = filtered(
        parse_query(section.query, resolver, now=now, saved=saved),
        resolver,
        now=now,
        provinces=section.provinces,
        topics=section.topics,
        outlets=section.outlets,
        languages=section.languages,
    )
    wanted = [_phrase(word, resolver, now) for word in section.keywords]
    muted = [_phrase(word, resolver, now) for word in section.mute_keywords]
    if section.mute_outlets:
        muted.append(filtered(Query(), resolver, now=now, outlets=section.mute_outlets))
    parts: list[Node] = [AnyOf(tuple(each.where for each in wanted))] if wanted else []
    parts += [Not(each.where) for each in muted]
    notes = [note for each in (query, *wanted, *muted) for note in each.notes]
    return replace(query.narrowed(*parts) if parts else query, notes=tuple(dict.fromkeys(notes)))


def _phrase(words: str, resolver: Resolver, now: datetime) -> Query:
    quoted = words if words.startswith('"') else '"' + words.replace('"', " ") + '"'
    return parse_query(quoted, resolver, now=now)
