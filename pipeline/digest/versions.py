"""How the articles of one story stand to one another: which tells its latest state, which says the same as
another. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from models.digest import DigestArticle
from pipeline.digest.tolls import Figure, Harm, figures_in
from pipeline.vietnamese import clean, strip_marks

OVERTAKEN = 2
"""The rank of an article whose toll is no longer the latest."""
_TELLING = re.compile(r"\b(?:[A-Z]\w*|\d[\d.,]*\b)")  # words with a capital, numbers


def shown_time(article: DigestArticle) -> datetime:
    """What the outlet says of its time, unless it lies after the moment we saw the article."""
    if article.published_at is None or article.published_at > article.first_seen_at:
        return article.first_seen_at
    return article.published_at


def figures_told(articles: Iterable[DigestArticle]) -> frozenset[Figure]:
    """All figures of people that the headlines and leads state."""
    return frozenset(
        figure
        for article in articles
        for part in (article.title, article.lead)
        for figure in figures_in(part, article.language)
    )


class States:
    """The tolls that the articles of a story state: which of them is the latest, and whether they differ."""

    def __init__(self, articles: Sequence[DigestArticle]) -> None:
        self._latest: dict[Harm, frozenset[Figure]] = {}
        for article in sorted(articles, key=lambda a: (shown_time(a), a.first_seen_at, a.url)):
            self._latest |= _state(article)
        self._differ = any(self._overtaken(_state(article)) for article in articles)

    def rank(self, article: DigestArticle) -> int:
        """0 for an article that states the latest toll, 1 for one that states none, 2 for one whose toll
        another has overtaken; 0 for all when none has been."""
        state = _state(article) if self._differ else {}
        if self._overtaken(state):
            return OVERTAKEN
        return int(self._differ and not state)

    def _overtaken(self, state: Mapping[Harm, frozenset[Figure]]) -> bool:
        return any(figures.isdisjoint(self._latest[harm]) for harm, figures in state.items())


def nearest_first(
    articles: Iterable[DigestArticle], to: DigestArticle, states: States
) -> list[DigestArticle]:
    """The articles by how well they stand for the same report in another language: by the toll they state,
    the names and numbers shared, the time between them."""
    mine = _telling(to)

    def distance(article: DigestArticle) -> tuple[object, ...]:
        theirs = _telling(article)
        shared = len(mine & theirs) / max(1, len(mine | theirs))
        apart = abs(shown_time(article) - shown_time(to))
        return states.rank(article), -shared, apart, article.url

    return sorted(articles, key=distance)


def _telling(article: DigestArticle) -> frozenset[str]:
    """The names and numbers of headline and lead, in a form that survives translation."""
    found = _TELLING.findall(strip_marks(clean(f"{article.title}\n{article.lead}")))
    return frozenset(re.sub("[.,]", "", word.lower()) for word in found)


def _state(article: DigestArticle) -> dict[Harm, frozenset[Figure]]:
    """What the article says of each harm: its headline, else its lead, which may name the earlier toll."""
    found: dict[Harm, frozenset[Figure]] = {}
    for part in (article.lead, article.title):
        figures = figures_in(part, article.language)
        found |= {figure.harm: frozenset(f for f in figures if f.harm is figure.harm) for figure in figures}
    return found
