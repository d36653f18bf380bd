"""By which of its conditions a query finds a stored article, as `matching` does. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TypeAlias

from models.query import All, Among, AnyOf, Between, Facet, Node, Not, Words
from models.tags import ProvinceTag, Role, Tags, TopicTag, WatchTag
from pipeline.store.forms import body_of
from pipeline.store.identity import first_id
from pipeline.store.snippets import pattern_of
from pipeline.store.values import StoredArticle
from pipeline.vietnamese import clean, exact_of_clean, strip_marks

Condition: TypeAlias = Words | Among
"""What a query asks of an article, besides its time."""


def asked_in(node: Node) -> list[Condition]:
    """The conditions that a query asks for, in order; not those that it excludes."""
    match node:
        case Words() | Among():
            return [node]
        case All(parts=parts) | AnyOf(parts=parts):
            return list(dict.fromkeys(condition for part in parts for condition in asked_in(part)))
        case _:
            return []


def provinces_in(tags: Tags, asked: Among) -> list[ProvinceTag]:
    """The tags of an article that meet a filter by province."""
    return [
        tag
        for tag in tags.provinces
        if (asked.mentioned or tag.role is Role.ABOUT)
        and (tag.code in asked.values or not set(tag.old_codes).isdisjoint(asked.old))
    ]


def labels_in(tags: Tags, asked: Among) -> list[TopicTag] | list[WatchTag]:
    """The tags of an article that meet a filter by topic or watch-list."""
    if asked.facet is Facet.TOPIC:
        return [topic for topic in tags.topics if topic.id in asked.values]
    return [watched for watched in tags.watched if watched.id in asked.values]


class Found:
    """An article as its conditions see it. Forms of its text are made when they are first asked for."""

    def __init__(self, stored: StoredArticle) -> None:
        self._stored = stored
        self._said: dict[Words, str] = {}

    @cached_property
    def _texts(self) -> tuple[str, str]:
        article = self._stored.article
        return clean(article.title), clean(body_of(article.lead, article.text))

    @cached_property
    def _exact(self) -> tuple[str, str]:
        title, body = self._texts
        return exact_of_clean(title), exact_of_clean(body)

    @cached_property
    def _folded(self) -> tuple[str, str]:
        title, body = self._exact
        return strip_marks(title), strip_marks(body)

    @cached_property
    def _held(self) -> dict[Facet, frozenset[str]]:
        """What filters may ask of the article."""
        article, tags = self._stored.article, self._stored.tags
        return {
            Facet.PROVINCE: _codes(tag for tag in tags.provinces if tag.role is Role.ABOUT),
            Facet.TOPIC: frozenset(topic.id for topic in tags.topics),
            Facet.WATCHLIST: frozenset(watched.id for watched in tags.watched),
            Facet.OUTLET: frozenset((article.outlet,)),
            Facet.LANGUAGE: frozenset((article.language,)),
            Facet.ORIGIN: frozenset((article.credit, self._stored.origin)),
        }

    def by(self, node: Node) -> list[Condition] | None:
        """The conditions by which the article fits `node`, of alternatives those that hold; None if it does
        not fit."""
        match node:
            case Among():
                return [node] if self._among(node) else None
            case Words():
                return [node] if self.said(node) else None
            case AnyOf(parts=parts):
                holding = [some for part in parts if (some := self.by(part)) is not None]
                return [one for some in holding for one in some] if holding else None
            case All(parts=parts):
                each = [self.by(part) for part in parts]
                return None if None in each else [one for some in each for one in some or ()]
            case Not(part=part):
                return [] if self.by(part) is None else None
            case Between():
                return [] if self._between(node) else None
        return []

    def _among(self, asked: Among) -> bool:
        held = _codes(self._stored.tags.provinces) if asked.mentioned else self._held[asked.facet]
        return not (held.isdisjoint(asked.values) and held.isdisjoint(asked.old))

    def _between(self, asked: Between) -> bool:
        number = self._stored.id
        begun = asked.since is None or number >= first_id(asked.since)
        return begun and (asked.until is None or number < first_id(asked.until))

    def said(self, words: Words) -> str:
        """The words as they first stand in the article; empty if they do not."""
        if words not in self._said:
            self._said[words] = self._look(words)
        return self._said[words]

    def _look(self, words: Words) -> str:
        pattern = pattern_of(words)
        forms = self._exact if words.exact else self._folded
        for form, text in zip(forms[: 1 if words.title else 2], self._texts, strict=False):
            # Most texts lack the words, which is seen at a tenth of the pattern's cost.
            if all(word in form for word in words.words) and (match := pattern.search(form)):
                return text[match.start() : match.end()]
        return ""

    def phrases(self, wanted: Sequence[Words]) -> list[str]:
        """Words that the article has as they stand in it, those that follow each other there too as one."""
        runs: list[Words] = []
        for words in wanted:
            longer = _joined(runs[-1], words) if runs else None
            if longer is not None and self.said(longer):
                runs[-1] = longer
            else:
                runs.append(words)
        return [self.said(run) for run in runs]


def _codes(tags: Iterable[ProvinceTag]) -> frozenset[str]:
    return frozenset(code for tag in tags for code in (tag.code, *tag.old_codes))


def _joined(first: Words, then: Words) -> Words | None:
    """Both as one phrase, compared with marks if both are; None behind a word that may go on."""
    if first.prefix:
        return None
    exact = first.exact and then.exact
    words = (*first.words, *then.words)
    return Words(
        words if exact else tuple(map(strip_marks, words)), exact, then.prefix, first.title or then.title
    )
