"""The full-text index: what of an article goes into it, on SQLite and on PostgreSQL.

Words are cut and folded here, by pipeline.vietnamese, so that both engines index the same words and find the
same articles. SQLite: a contentless FTS5 table with four columns. PostgreSQL: a `tsvector` built word by
word, `=` before the exact form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, text

from pipeline.vietnamese import exact, strip_marks, words

MAX_WORD = 64  # characters of a word that are indexed and compared
MAX_TITLE = 500  # words of a title
MAX_BODY = 15_500  # words of lead and text; a tsvector numbers no more than 16,383 places
_EXACT = "="

COLUMNS = ("title_exact", "body_exact", "title_fold", "body_fold")


@dataclass(frozen=True, slots=True)
class Indexed:
    """One article for the index, its words in order."""

    id: int
    title: str
    lead: str
    text: str

    def forms(self) -> tuple[list[str], list[str]]:
        """The exact words of the title and of the body."""
        return cut(exact(self.title), MAX_TITLE), cut(exact(body_of(self.lead, self.text)), MAX_BODY)


def body_of(lead: str, text: str) -> str:
    """What there is to read below the title, the lead once: most texts begin with it."""
    return text if text.startswith(lead) else f"{lead}\n{text}"


def cut(form: str, limit: int) -> list[str]:
    """The first `limit` words of a text in exact or folded form, each no longer than MAX_WORD."""
    return [word if len(word) <= MAX_WORD else word[:MAX_WORD] for word in words(form)[:limit]]


def add(connection: Connection, articles: Iterable[Indexed]) -> None:
    """Index articles that are not in the index."""
    ordered = sorted(articles, key=lambda each: each.id)  # FTS5 writes ascending rows in one go
    if not ordered:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_SQLITE_ADD, [(each.id, *_columns(each)) for each in ordered])
    else:
        rows = [{"id": each.id, "document": _document(each)} for each in ordered]
        connection.execute(text(_POSTGRES_ADD), rows)


def remove(connection: Connection, articles: Sequence[Indexed]) -> None:
    """Take articles out. They must be given as they were when they were added: a contentless table does not
    remember what it indexed."""
    if not articles:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_SQLITE_REMOVE, [(each.id, *_columns(each)) for each in articles])
    else:
        connection.execute(
            text("DELETE FROM article_search WHERE article_id = :id"), [{"id": each.id} for each in articles]
        )


# A text has few different words; folding each anew would be a third of the cost of indexing.
_folded = lru_cache(maxsize=1 << 15)(strip_marks)


def clear(connection: Connection) -> None:
    """Empty the whole index."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO article_search (article_search) VALUES ('delete-all')")
    else:
        connection.exec_driver_sql("DELETE FROM article_search")


_NAMES = ", ".join(COLUMNS)
_SQLITE_ADD = f"INSERT INTO article_search (rowid, {_NAMES}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608
_SQLITE_REMOVE = (
    f"INSERT INTO article_search (article_search, rowid, {_NAMES}) VALUES ('delete', ?, ?, ?, ?, ?)"  # noqa: S608
)
_POSTGRES_ADD = (
    "INSERT INTO article_search (article_id, document) VALUES (:id, CAST(:document AS tsvector)) "
    "ON CONFLICT (article_id) DO UPDATE SET document = excluded.document"
)


def _columns(article: Indexed) -> tuple[str, str, str, str]:
    title, body = article.forms()
    forms = (title, body, map(_folded, title), map(_folded, body))
    exact_title, exact_body, folded_title, folded_body = (" ".join(each) for each in forms)
    return exact_title, exact_body, folded_title, folded_body


def _document(article: Indexed) -> str:
    """The text form of the tsvector. A free place between title and body keeps phrases within one of them."""
    places: dict[str, list[str]] = {}
    for word, place in _places(*article.forms()):
        places.setdefault(_EXACT + word, []).append(place)
        places.setdefault(_folded(word), []).append(place)
    return " ".join(f"'{word}':{','.join(where)}" for word, where in places.items())


def _places(title: list[str], body: list[str]) -> Iterator[tuple[str, str]]:
    for number, word in enumerate(title, 1):
        yield word, f"{number}A"
    for number, word in enumerate(body, len(title) + 2):
        yield word, str(number)


def fts5_phrase(found: Sequence[str], *, exact_form: bool, prefix: bool, title: bool) -> str:
    """The FTS5 expression for words in a row. Words are letters and digits, so quoting is enough."""
    form = "exact" if exact_form else "fold"
    columns = f"title_{form}" if title else f"{{title_{form} body_{form}}}"
    star = " *" if prefix else ""
    return f'{columns} : "{" ".join(found)}"{star}'


def tsquery_phrase(found: Sequence[str], *, exact_form: bool, prefix: bool, title: bool) -> str:
    """The tsquery for words in a row."""
    mark = _EXACT if exact_form else ""
    last = len(found) - 1
    weight = "A" if title else ""
    lexemes = [
        f"'{mark}{word}'" + (f":{star}{weight}" if (star := "*" * (prefix and i == last)) or weight else "")
        for i, word in enumerate(found)
    ]
    return f"({' <-> '.join(lexemes)})"
