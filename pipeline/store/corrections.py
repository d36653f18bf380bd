"""What people corrected, in the database. Its effect on tags is models.correction's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from models.correction import Correction, TagKind, Verdict, said_in_all, taken_back
from pipeline.dates import VIETNAM
from pipeline.store.identity import storable
from pipeline.store.sql import rows_in, upsert
from pipeline.store.sqltables import CORRECTION

_TEXTS = ("value", "within", "label", "by", "note")
_ORDER = (CORRECTION.c.at, CORRECTION.c.place)


def write(connection: Connection, given: Sequence[Correction]) -> None:
    """Keep corrections beside those that still count; what they replace goes."""
    before = of_articles(connection, list({each.article for each in given}))
    for number, earlier in before.items():
        counting = said_in_all(earlier, [each for each in given if each.article == number])
        _delete(connection, [each for each in earlier if each not in counting])
        given = [each for each in given if each.article != number or each in counting]
    rows = [
        {name: storable(getattr(each, name)) for name in _TEXTS}
        | {"article_id": each.article, "kind": each.kind.value, "verdict": each.verdict.value}
        | {"at": each.at, "place": place}
        for place, each in enumerate(given)
    ]
    upsert(connection, CORRECTION, rows)


def of_articles(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[Correction, ...]]:
    """The corrections of these articles, oldest first; articles without any are left out."""
    found = defaultdict(list)
    query = select(CORRECTION).order_by(*_ORDER)
    for row in rows_in(numbers, lambda piece: query.where(CORRECTION.c.article_id.in_(piece)), connection):
        found[row.article_id].append(_value(row))
    return {number: tuple(said) for number, said in found.items()}


def everything(connection: Connection) -> list[Correction]:
    """All corrections, oldest first."""
    return [_value(row) for row in connection.execute(select(CORRECTION).order_by(*_ORDER))]


def forget(connection: Connection, number: int, values: Sequence[str] = ()) -> int:
    """Take back the corrections of an article, all or those of these values with what hangs on them; returns
    how many went."""
    gone = taken_back(of_articles(connection, [number]).get(number, ()), values)
    _delete(connection, gone)
    return len(gone)


def _delete(connection: Connection, said: Sequence[Correction]) -> None:
    for each in said:
        connection.execute(
            delete(CORRECTION).where(
                CORRECTION.c.article_id == each.article,
                CORRECTION.c.kind == each.kind.value,
                CORRECTION.c.value == each.value,
            )
        )


def _value(row: Row[Any]) -> Correction:
    return Correction(
        article=row.article_id,
        kind=TagKind(row.kind),
        verdict=Verdict(row.verdict),
        at=row.at.astimezone(VIETNAM),
        **{name: getattr(row, name) for name in _TEXTS},
    )
