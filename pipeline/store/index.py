"""The full-text index: what of an article goes into it, on SQLite and on PostgreSQL.

Words are cut and folded here, by pipeline.vietnamese, so that both engines index the same words and find the
same articles. SQLite: a contentless FTS5 table with four columns. PostgreSQL: a `tsvector` built word by
word, `=` before the exact form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from pipeline.store.forms import Forms, forms_of

_EXACT = "="

COLUMNS = ("title_exact", "body_exact", "title_fold", "body_fold")


@dataclass(frozen=True, slots=True)
class Indexed:
    """One article for the index; `ready` are its words, where they have been cut and folded before."""

    id: int
    title: str
    lead: str
    text: str
    ready: Forms | None = None

    @property
    def forms(self) -> Forms:
        """The words that are indexed."""
        return self.ready or forms_of(self.title, self.lead, self.text)


def add(connection: Connection, articles: Iterable[Indexed]) -> None:
    """Index articles that are not in the index."""
    ordered = sorted(articles, key=lambda each: each.id)  # FTS5 writes ascending rows in one go
    if not ordered:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_SQLITE_ADD, [(each.id, *each.forms) for each in ordered])
    else:
        rows = [{"id": each.id, "document": _document(each)} for each in ordered]
        connection.execute(text(_POSTGRES_ADD), rows)


def remove(connection: Connection, articles: Sequence[Indexed]) -> None:
    """Take articles out. They must be given as they were when they were added: a contentless table does not
    remember what it indexed."""
    if not articles:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_SQLITE_REMOVE, [(each.id, *each.forms) for each in articles])
    else:
        connection.execute(
            text("DELETE FROM article_search WHERE article_id = :id"), [{"id": each.id} for each in articles]
        )


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


def _document(article: Indexed) -> str:
    """The text form of the tsvector. A free place between title and body keeps phrases within one of them."""
    forms = article.forms
    places: dict[str, list[str]] = {}
    title = zip(forms.title.split(), forms.folded_title.split(), strict=True)
    body = zip(forms.body.split(), forms.folded_body.split(), strict=True)
    number = 0
    for number, (word, folded) in enumerate(title, 1):
        _note(places, word, folded, f"{number}A")
    for place, (word, folded) in enumerate(body, number + 2):
        _note(places, word, folded, str(place))
    return " ".join(f"'{word}':{','.join(where)}" for word, where in places.items())


def _note(places: dict[str, list[str]], word: str, folded: str, place: str) -> None:
    places.setdefault(_EXACT + word, []).append(place)
    places.setdefault(folded, []).append(place)


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
