"""What the digest reads of the store: sections answered as searches, hits turned into stories to tell.

A briefing serves one tick. A thousand subscribers ask much the same of the same day, so each section is
searched once (for the numbers of its articles only), and each article is read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar

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
from models.query import All, Among, AnyOf, Facet, Meaning, Node, Not, Note, Query, Resolver, SeenBetween
from models.story import Relation
from models.tables import ArticleRow
from models.tags import ProvinceTag, Role, Tags, TopicTag, WatchTag
from pipeline.names import Names
from pipeline.search import filtered, parse_query
from pipeline.store import Store, StoredArticle
from pipeline.store.matching import matching_ids
from pipeline.vietnamese import exact, fold, has_marks

_T = TypeVar("_T")

SILENT = timedelta(hours=12)
"""After so long without one readable endpoint an outlet counts as out."""
EVERY = 1_000_000
"""More articles than a window ever holds: nothing that a section finds is left out here."""
STATEMENT = 500  # values in one statement
WIRE_NAMES = {"ttxvn": "TTXVN", "vov": "VOV", "chinhphu": "Báo Chính phủ"}


@dataclass(frozen=True)
class _Known:
    """An article as it was read once: for the mail, for its tags, for the words in it."""

    told: DigestArticle
    tags: Tags
    words: str

    @cached_property
    def exact(self) -> str:
        return exact(self.words)

    @cached_property
    def folded(self) -> str:
        return fold(self.words)

    def says(self, word: str) -> bool:
        """Whether the word stands in it; typed without tones it means any tones."""
        return exact(word) in self.exact if has_marks(word) else fold(word) in self.folded


@dataclass(frozen=True)
class _Matched:
    """A story by the articles of it that a search has found. `members` are all of its articles, which may
    be quoted; `matches` are the reasons looked up so far."""

    story: DigestStory
    speaking: tuple[_Known, ...]
    members: tuple[_Known, ...]
    matches: dict[tuple[str, str], Match | None] = field(default_factory=dict)


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
        self._meanings: dict[tuple[str, str], Meaning | None] = {}
        self._asked_lists: dict[str, list[str]] = {}
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
        return replace(found.story, why=tuple(self._why(section, found)))

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
        return _Known(told, stored.tags, f"{article.title}\n{article.lead}\n{article.text}")

    def _origin(self, code: str) -> str:
        return WIRE_NAMES.get(code) or self._names.outlet_name(code)

    def _provinces(self, articles: Sequence[_Known]) -> list[DigestProvince]:
        gazetteer = self._names.gazetteer
        best: dict[str, ProvinceTag] = {}
        old: dict[str, dict[str, None]] = {}
        for article in articles:
            for tag in article.tags.provinces:
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
        ids = dict.fromkeys(topic.id for article in articles for topic in article.tags.topics)
        label = self._names.topics.label
        return [DigestTopic(id=each, label_vi=label(each, "vi"), label_en=label(each, "en")) for each in ids]

    def _why(self, section: Section, found: _Matched) -> list[Match]:
        asked = [("province", name) for name in section.provinces]
        asked += [("topic", name) for name in section.topics]
        asked += [("keyword", word) for word in section.keywords]
        matches = [match for kind, name in asked if (match := self._match(kind, name, found))]
        if section.query:
            met = [self._match("watchlist", name, found) for name in self._watchlists(section.query)]
            query = Match(kind="query", label_vi=section.query, label_en=section.query)
            matches += [match for match in met if match] or [query]
        return list(dict.fromkeys(matches)) if len(matches) > 1 else matches

    def _watchlists(self, query: str) -> list[str]:
        """The watch-lists that a section's query asks for, looked up once."""
        if query not in self._asked_lists:
            parsed = parse_query(query, self._names, now=self._now, saved=self._saved)
            self._asked_lists[query] = watchlists_in(parsed.where)
        return self._asked_lists[query]

    def _match(self, kind: str, wanted: str, found: _Matched) -> Match | None:
        """What of a section's condition the story met, looked up once."""
        key = (kind, wanted)
        if key not in found.matches:
            look = {
                "province": self._province_match,
                "topic": self._topic_match,
                "keyword": _keyword_match,
                "watchlist": _watchlist_match,
            }[kind]
            found.matches[key] = look(wanted, found)
        return found.matches[key]

    def _meaning(self, kind: str, wanted: str) -> Meaning | None:
        key = (kind, wanted)
        if key not in self._meanings:
            look = self._names.province if kind == "province" else self._names.topic
            self._meanings[key] = look(wanted)
        return self._meanings[key]

    def _province_match(self, wanted: str, found: _Matched) -> Match | None:
        """The province asked for, new or former, and the words that put the story there."""
        meaning = self._meaning("province", wanted)
        if meaning is None:
            return None
        met = _province_tags(found.speaking, meaning)
        if not met:
            return None
        code = met[0][1].code
        former = code not in meaning.values
        name = self._names.gazetteer.name
        asked = meaning.old[0] if former else code
        tags = _province_tags(found.members, meaning)
        if former:
            tags = [(article, self._speaking_of(tag, asked)) for article, tag in tags]
        vietnamese, english = name(asked, "vi"), name(asked, "en")
        return Match(
            kind="province",
            label_vi=f"{vietnamese} cũ" if former else vietnamese,
            label_en=f"former {english}" if former else english,
            quotes=_quotes(tags),
            value=code,
        )

    def _speaking_of(self, tag: ProvinceTag, former: str) -> ProvinceTag:
        """The tag with that evidence alone which names the former unit or a place inside it: the name of the
        unit that took it in says nothing of it."""
        former_of = self._names.gazetteer.former_of
        return replace(tag, evidence=tuple(e for e in tag.evidence if former in former_of(e.text)))

    def _topic_match(self, wanted: str, found: _Matched) -> Match | None:
        meaning = self._meaning("topic", wanted)
        if meaning is None:
            return None
        met = _topic_tags(found.speaking, meaning)
        if not met:
            return None
        topic, label = met[0][1].id, self._names.topics.label
        return Match(
            kind="topic",
            label_vi=label(topic, "vi"),
            label_en=label(topic, "en"),
            quotes=_quotes(_topic_tags(found.members, meaning)),
            value=topic,
        )


def _keyword_match(word: str, found: _Matched) -> Match | None:
    if not any(article.says(word) for article in found.speaking):
        return None
    return Match(kind="keyword", label_vi=word, label_en=word)


def _watchlist_match(wanted: str, found: _Matched) -> Match | None:
    """The list asked for, with the words that met it."""
    met = _watch_tags(found.speaking, wanted)
    if not met:
        return None
    label = met[0][1].label
    quotes = _quotes(_watch_tags(found.members, wanted))
    return Match(kind="watchlist", label_vi=label, label_en=label, quotes=quotes, value=wanted)


def _province_tags(articles: Iterable[_Known], meaning: Meaning) -> list[tuple[_Known, ProvinceTag]]:
    old = set(meaning.old)
    return [
        (article, tag)
        for article in articles
        for tag in article.tags.provinces
        if tag.role is Role.ABOUT and (tag.code in meaning.values or old & set(tag.old_codes))
    ]


def _topic_tags(articles: Iterable[_Known], meaning: Meaning) -> list[tuple[_Known, TopicTag]]:
    return [(article, tag) for article in articles for tag in article.tags.topics if tag.id in meaning.values]


def _watch_tags(articles: Iterable[_Known], wanted: str) -> list[tuple[_Known, WatchTag]]:
    return [(article, tag) for article in articles for tag in article.tags.watched if tag.id == wanted]


def watchlists_in(node: Node) -> list[str]:
    """The watch-lists that a search asks for, not those that it excludes."""
    match node:
        case Among(facet=Facet.WATCHLIST, values=values):
            return list(values)
        case All(parts=parts) | AnyOf(parts=parts):
            return list(dict.fromkeys(name for part in parts for name in watchlists_in(part)))
        case _:
            return []


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
