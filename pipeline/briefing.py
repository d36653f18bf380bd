"""What the digest reads of the store: sections answered as searches, hits turned into stories to tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.digest import (
    DigestArticle,
    DigestProvince,
    DigestStory,
    DigestTopic,
    Match,
    Outage,
    Section,
)
from models.ports import EndpointState
from models.query import AnyOf, Node, Not, Query, Resolver, StoryHit
from models.story import Relation
from models.tags import ProvinceTag, Role, Tags
from pipeline.names import Names
from pipeline.search import filtered, parse_query
from pipeline.store import Store, StoredArticle

SILENT = timedelta(hours=12)
"""After so long without one readable endpoint an outlet counts as out."""


class Briefing:
    """The digest's StoryReader over the store. `now` is the run's moment, for relative dates in searches."""

    def __init__(self, store: Store, names: Names, now: datetime) -> None:
        self._store = store
        self._names = names
        self._now = now

    def stories(self, since: datetime, until: datetime, section: Section) -> Sequence[DigestStory]:
        """Stories with an article of the window that meets the section, each with all its articles."""
        query = section_query(section, self._names, self._now)
        found = self._store.stories_between(since, until, query)
        return [self._story(hit, section, until) for hit in found]

    def outages(self, since: datetime, until: datetime) -> Sequence[Outage]:
        """Outlets none of whose endpoints could be read for the last twelve hours of the window."""
        by_outlet: dict[str, list[EndpointState]] = {}
        for state in self._store.endpoint_states():
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

    def _story(self, found: StoryHit, section: Section, until: datetime) -> DigestStory:
        whole = self._store.story(found.id) or found
        hits = [hit for hit in whole.articles if hit.first_seen_at <= until]
        matched = {hit.id for hit in found.articles}
        stored = self._store.articles([hit.id for hit in hits])
        speaking = [article for article in stored if article.id in matched] or stored
        return DigestStory(
            id=found.id,
            articles=tuple(self._article(article) for article in stored),
            provinces=tuple(self._provinces(speaking)),
            topics=tuple(self._topics(speaking)),
            why=tuple(self._why(section, speaking)),
        )

    def _article(self, stored: StoredArticle) -> DigestArticle:
        article = stored.article
        return DigestArticle(
            url=article.url,
            title=article.title,
            outlet=article.outlet,
            outlet_name=self._names.outlet_name(article.outlet),
            language=article.language,
            first_seen_at=stored.first_seen_at,
            published_at=article.published_at,
            lead=article.lead,
            text=article.text,
            relation=Relation(stored.relation) if stored.relation else Relation.INDEPENDENT,
            origin=stored.origin,
        )

    def _provinces(self, articles: Sequence[StoredArticle]) -> list[DigestProvince]:
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

    def _topics(self, articles: Sequence[StoredArticle]) -> list[DigestTopic]:
        ids = dict.fromkeys(topic.id for article in articles for topic in article.tags.topics)
        label = self._names.topics.label
        return [DigestTopic(id=each, label_vi=label(each, "vi"), label_en=label(each, "en")) for each in ids]

    def _why(self, section: Section, articles: Sequence[StoredArticle]) -> list[Match]:
        matches: list[Match] = []
        tags = [article.tags for article in articles]
        matches += [match for name in section.provinces if (match := self._province_match(name, tags))]
        matches += [match for name in section.topics if (match := self._topic_match(name, tags))]
        text = " ".join(f"{a.article.title} {a.article.text}" for a in articles).casefold()
        found = [word for word in section.keywords if word.casefold() in text]
        matches += [Match(kind="keyword", label_vi=word, label_en=word) for word in found]
        if section.query:
            matches.append(Match(kind="query", label_vi=section.query, label_en=section.query))
        return matches

    def _province_match(self, wanted: str, tags: Sequence[Tags]) -> Match | None:
        meaning = self._names.province(wanted)
        for each in tags:
            for tag in each.provinces:
                if (
                    meaning
                    and tag.role is Role.ABOUT
                    and (tag.code in meaning.values or set(tag.old_codes) & set(meaning.old))
                ):
                    name = self._names.gazetteer.name
                    words = tag.evidence[0].text if tag.evidence else ""
                    code = meaning.values[0] if tag.code in meaning.values else meaning.old[0]
                    return Match(
                        kind="province", label_vi=name(code, "vi"), label_en=name(code, "en"), evidence=words
                    )
        return None

    def _topic_match(self, wanted: str, tags: Sequence[Tags]) -> Match | None:
        meaning = self._names.topic(wanted)
        for each in tags:
            for topic in each.topics:
                if meaning and topic.id in meaning.values:
                    label = self._names.topics.label
                    words = topic.evidence[0].text if topic.evidence else ""
                    return Match(
                        kind="topic",
                        label_vi=label(topic.id, "vi"),
                        label_en=label(topic.id, "en"),
                        evidence=words,
                    )
        return None


def section_query(section: Section, resolver: Resolver, now: datetime) -> Query:
    """The search that a section stands for."""
    query = filtered(
        parse_query(section.query, resolver, now=now),
        resolver,
        now=now,
        provinces=section.provinces,
        topics=section.topics,
        outlets=section.outlets,
        languages=section.languages,
    )
    parts: list[Node] = []
    if section.keywords:
        parts.append(AnyOf(tuple(_phrase(word, resolver, now) for word in section.keywords)))
    parts += [Not(_phrase(word, resolver, now)) for word in section.mute_keywords]
    if section.mute_outlets:
        muted = filtered(Query(), resolver, now=now, outlets=section.mute_outlets)
        parts.append(Not(muted.where))
    return query.narrowed(*parts) if parts else query


def _phrase(words: str, resolver: Resolver, now: datetime) -> Node:
    quoted = words if words.startswith('"') else '"' + words.replace('"', " ") + '"'
    return parse_query(quoted, resolver, now=now).where
