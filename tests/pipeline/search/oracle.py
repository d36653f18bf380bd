"""What a query should find, decided by looking at every article: slow, plain and independent of SQL."""

from __future__ import annotations

from functools import cache

from models.document import Article
from models.query import All, Among, AnyOf, Between, Facet, Node, Not, SeenBetween, Words
from models.tags import ProvinceTag, Role
from pipeline.store import StoredArticle
from pipeline.vietnamese import exact, fold, words


def fits(node: Node, stored: StoredArticle) -> bool:
    """Whether an article fits a query."""
    match node:
        case All(parts=parts):
            return all(fits(part, stored) for part in parts)
        case AnyOf(parts=parts):
            return any(fits(part, stored) for part in parts)
        case Not(part=part):
            return not fits(part, stored)
        case Words():
            return _has_words(node, stored.article)
        case Between(since=since, until=until):
            at = stored.article.published_at or stored.first_seen_at
            return (since is None or at >= since) and (until is None or at < until)
        case SeenBetween(since=since, until=until):
            at = stored.first_seen_at
            return (since is None or at > since) and (until is None or at <= until)
        case Among():
            return _among(node, stored)


def _has_words(node: Words, article: Article) -> bool:
    fields = [article.title] if node.title else [article.title, f"{article.lead}\n{article.text}"]
    return any(_stand_in(node, _words(text, exact_form=node.exact)) for text in fields)


@cache
def _words(text: str, *, exact_form: bool) -> list[str]:
    return words(exact(text) if exact_form else fold(text))


def _stand_in(node: Words, text: list[str]) -> bool:
    length = len(node.words)
    for start in range(len(text) - length + 1):
        run = tuple(text[start : start + length])
        if run == node.words:
            return True
        if node.prefix and run[:-1] == node.words[:-1] and run[-1].startswith(node.words[-1]):
            return True
    return False


def _among(node: Among, stored: StoredArticle) -> bool:
    article = stored.article
    match node.facet:
        case Facet.PROVINCE:
            return any(_of_province(node, tag) for tag in stored.tags.provinces)
        case Facet.TOPIC:
            return any(tag.id in node.values for tag in stored.tags.topics)
        case Facet.ORIGIN:
            return article.credit in node.values or stored.origin in node.values
        case Facet.OUTLET:
            return article.outlet in node.values
        case Facet.LANGUAGE:
            return article.language in node.values
        case Facet.DAY:
            raise AssertionError


def _of_province(node: Among, tag: ProvinceTag) -> bool:
    counts = node.mentioned or tag.role is Role.ABOUT
    return counts and (tag.code in node.values or bool(set(tag.old_codes) & set(node.old)))
