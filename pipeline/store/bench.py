"""How fast articles are stored and found: `diembao bench store` and `diembao bench search`.

Each figure stands beside a floor measured in the same run and on the same engine: the driver's bare
`executemany` (and PostgreSQL's `COPY`) of the same rows without an index, and the bare query of the text
index. Texts are made of invented words whose frequencies fall as those of a language
do (Zipf), so that rare and common words are as rare and as common as in news.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate, islice
from pathlib import Path
from statistics import median
from typing import Any

from models.document import Article
from models.errors import StoreError
from models.query import Among, Facet, Node, Not, Query, Words
from models.tags import ProvinceTag, Role, Tags, TopicTag
from pipeline.store.index import fts5_phrase, tsquery_phrase
from pipeline.store.matching import matching_ids
from pipeline.store.opening import open_store
from pipeline.store.searching import COUNTED
from pipeline.store.store import Store
from pipeline.store.values import NewArticle
from pipeline.vietnamese import exact, fold

FIRST = datetime(2023, 11, 22, tzinfo=UTC)  # a million articles, 94 seconds apart, make three years
NOW = datetime(2026, 11, 22, tzinfo=UTC)
BATCH = 500
WORDS = 120  # words of one article
PROVINCES = tuple(f"vn34:{number:02}" for number in range(1, 35))  # the first the most frequent
OUTLETS = 40
_ABOUT = (25, 60, 15)  # per cent of the articles that are about no, one, two provinces
_SYLLABLES = (
    "an bảo cà chiều đà đêm gió hoà hương khánh lâm mưa nẵng ngọc phố quảng sông thuỷ trà vân".split()
)


def vocabulary(size: int = 20_000) -> list[str]:
    """Invented words of one to three syllables, all different."""
    chance = random.Random(1)
    made: dict[str, None] = dict.fromkeys(_SYLLABLES)
    while len(made) < size:
        made["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))] = None
    return list(made)


def articles(count: int) -> Iterator[NewArticle]:
    """Articles of three years, the same every time; a smaller count gives the first of them."""
    chance = random.Random(2)
    words = vocabulary()
    weights, places, outlets = (_zipf(size) for size in (len(words), len(PROVINCES), OUTLETS))
    for number in range(count):
        text = chance.choices(words, cum_weights=weights, k=WORDS)
        about = chance.choices(PROVINCES, cum_weights=places, k=chance.choices(range(3), _ABOUT)[0])
        outlet = chance.choices(range(OUTLETS), cum_weights=outlets)[0]
        article = Article(
            url=f"https://bao-{outlet}.example.vn/{number}.html",
            outlet=f"bao-{outlet}",
            title=" ".join(text[:9]),
            lead=" ".join(text[9:35]),
            text=" ".join(text[9:]),
            language="en" if number % 9 == 0 else "vi",
            published_at=FIRST + timedelta(seconds=94 * number),
        )
        tags = Tags(
            language=article.language,
            provinces=tuple(ProvinceTag(code, (), Role.ABOUT, 0.9, ()) for code in dict.fromkeys(about)),
            topics=(TopicTag(f"medtop:{chance.randint(1, 57)}", "", 0.8, ()),),
        )
        yield NewArticle(article=article, tags=tags)


def _zipf(size: int) -> list[float]:
    """Cumulative weights of `size` things, the n-th a n-th as frequent as the first."""
    return list(accumulate(1 / rank for rank in range(1, size + 1)))


def batches(found: Iterator[NewArticle]) -> Iterator[list[NewArticle]]:
    """The articles in batches."""
    while batch := list(islice(found, BATCH)):
        yield batch


def fill(store: Store, found: Iterator[NewArticle]) -> float:
    """Store articles; returns the seconds that storing took, without making them."""
    spent = 0.0
    for batch in batches(found):
        start = time.perf_counter()
        store.save(batch, now=NOW)
        spent += time.perf_counter() - start
    return spent


@contextmanager
def bench_store(url: str = "") -> Iterator[Store]:
    """An empty store to be filled: at `url`, or in a SQLite file that is gone afterwards. Raises StoreError
    if there are articles in it: invented ones must not get among them."""
    with (
        tempfile.TemporaryDirectory(prefix="diembao-bench-") as folder,
        open_store(url or f"sqlite:///{folder}/bench.sqlite3") as store,
    ):
        if store.stats().articles:
            raise StoreError("the database has articles", about="--db", hint="name an empty one")
        yield store


_TABLE = "bench_floor (id integer primary key, url text, title text, lead text, text text)"
_INSERT = "INSERT INTO bench_floor VALUES ({})"


def floors(store: Store, count: int) -> dict[str, float]:
    """Seconds that the bare driver takes for the same texts in the same batches, without any index."""
    if store.engine.dialect.name == "sqlite":
        return {"bare executemany": _sqlite_floor(count)}
    return {"bare executemany": _postgres_floor(store, count), "bare COPY": _copy_floor(store, count)}


def _rows(count: int) -> Iterator[list[tuple[int, str, str, str, str]]]:
    number = 0
    for batch in batches(articles(count)):
        yield [
            (number + i, new.article.url, new.article.title, new.article.lead, new.article.text)
            for i, new in enumerate(batch)
        ]
        number += len(batch)


def _sqlite_floor(count: int) -> float:
    spent = 0.0
    with (
        tempfile.TemporaryDirectory(prefix="diembao-bench-") as folder,
        closing(sqlite3.connect(Path(folder) / "floor.sqlite3")) as connection,
    ):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"CREATE TABLE {_TABLE}")
        for rows in _rows(count):
            start = time.perf_counter()
            with connection:
                connection.executemany(_INSERT.format("?, ?, ?, ?, ?"), rows)
            spent += time.perf_counter() - start
    return spent


def _postgres_floor(store: Store, count: int) -> float:
    def put(cursor: Any, rows: Sequence[tuple[Any, ...]]) -> None:
        cursor.executemany(_INSERT.format("%s, %s, %s, %s, %s"), rows)

    return _on_postgres(store, count, put)


def _copy_floor(store: Store, count: int) -> float:
    def put(cursor: Any, rows: Sequence[tuple[Any, ...]]) -> None:
        with cursor.copy("COPY bench_floor FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    return _on_postgres(store, count, put)


def _on_postgres(store: Store, count: int, put: Callable[[Any, Sequence[tuple[Any, ...]]], None]) -> float:
    spent = 0.0
    with store.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        cursor = driver.cursor()
        cursor.execute(f"CREATE TEMPORARY TABLE {_TABLE}")
        for rows in _rows(count):
            start = time.perf_counter()
            put(cursor, rows)
            driver.commit()
            spent += time.perf_counter() - start
        cursor.execute("DROP TABLE bench_floor")
        driver.commit()
    return spent


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one measurement repeated."""

    low: float
    middle: float
    high: float


def timed(work: Callable[[], object], times: int = 15) -> Timing:
    """Run `work` several times."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return Timing(min(spent), median(spent), max(spent))


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of search: the numbers of its newest 20 articles within an open read, the driver's bare query
    of the index for its words down to the oldest of them (None without words), the whole page with passages
    and tags."""

    name: str
    listed: Timing
    bare: Timing | None
    page: Timing


def searches(store: Store) -> Iterator[Measured]:
    """Each kind of search, measured."""
    words = vocabulary()
    phrase = _words(words[3], words[7])
    there, rarely = (Among(Facet.PROVINCE, (PROVINCES[rank],)) for rank in (3, -1))
    cases: dict[str, tuple[Node, ...]] = {
        "rare word": (Words((exact(words[15_000]),), exact=True),),
        "common word": (_words(words[0]),),
        "word without tones": (Words((fold(words[2]),), exact=False),),
        "phrase": (phrase,),
        "phrase + province": (phrase, there),
        "phrase + rare province + topic": (phrase, rarely, Among(Facet.TOPIC, ("medtop:3",))),
        "two common words": (_words(words[1]), _words(words[2])),
        "common word, not another": (_words(words[0]), Not(_words(words[1]))),
        "not a common word": (Not(_words(words[4])),),
        "province": (there,),
        "rare province + outlet": (rarely, Among(Facet.OUTLET, (f"bao-{OUTLETS - 1}",))),
        "outlet": (Among(Facet.OUTLET, ("bao-7",)),),
        "everything": (),
    }
    for name, parts in cases.items():
        query = Query().narrowed(*parts)
        with store.reading() as connection:
            listed = timed(partial(matching_ids, connection, query.where, limit=20))
            found = matching_ids(connection, query.where, limit=20)
        yield Measured(name, listed, _bare(store, parts, found), timed(partial(store.search, query), times=7))


def facet_timings(store: Store) -> Iterator[tuple[str, Timing]]:
    """All facets of a phrase and of everything."""
    words = vocabulary()
    for name, parts in {"phrase": (_words(words[3], words[7]),), "everything": ()}.items():
        yield name, timed(partial(store.facets, Query().narrowed(*parts)), times=3)


def _opening(store: Store) -> None:
    with store.reading() as connection:
        connection.begin()


def _words(*words: str) -> Words:
    return Words(tuple(map(exact, words)), exact=True)


_SQLITE_BARE = (
    "SELECT rowid FROM article_search WHERE article_search MATCH ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?"
)
# Gathered first: PostgreSQL would else walk all rows from the newest, looking into each.
_POSTGRES_BARE = (
    "WITH found AS MATERIALIZED (SELECT article_id FROM article_search "
    "WHERE document @@ CAST(%s AS tsquery)) "
    "SELECT article_id FROM found WHERE article_id >= %s ORDER BY article_id DESC LIMIT %s"
)


def _bare(store: Store, parts: Sequence[Node], found: Sequence[int]) -> Timing | None:
    """The bare query of the index for the words in `parts`, down to the last of the articles that ours
    found. Where a filter stands beside the words, that is what has to be read to find them."""
    words = [part for part in parts if isinstance(part, Words)]
    if not words:
        return None
    sqlite = store.engine.dialect.name == "sqlite"
    phrase, join = (fts5_phrase, " AND ") if sqlite else (tsquery_phrase, " & ")
    match = join.join(phrase(part.words, exact_form=part.exact, prefix=False, title=False) for part in words)
    filtered = len(words) < len(parts)
    values = (match, found[-1] if filtered and len(found) == 20 else 0, COUNTED if filtered else 20)
    sql = _SQLITE_BARE if sqlite else _POSTGRES_BARE
    with store.reading() as connection:
        connection.begin()  # as ours: PostgreSQL reads by index
        driver: Any = connection.connection.driver_connection
        return timed(lambda: driver.execute(sql, values).fetchall())


def search_report(sizes: Sequence[int], url: str = "") -> Iterator[str]:
    """The lines of `bench search`: one store growing through `sizes`, measured at each."""
    with bench_store(url) as store:
        found, there = articles(max(sizes)), 0
        yield f"{'':18} {'newest 20, ms':>25} {'bare':>8} {'ratio':>6} {'worst':>8} {'page, ms':>9}"
        for size in sorted(set(sizes)):
            fill(store, islice(found, size - there))
            there = size
            with store.writing() as connection:
                connection.exec_driver_sql("ANALYZE")
            yield f"{size:,} articles, {store.engine.dialect.name}, {store.stats().size_bytes / 1e6:,.0f} MB"
            for each in searches(store):
                yield _line(each)
            yield f"  {'opening a read':18} {timed(partial(_opening, store)).middle:23.2f}"
            for name, timing in facet_timings(store):
                yield f"  facets of {name:13} {timing.middle:18.1f}"


def _line(each: Measured) -> str:
    low, middle = each.listed.low, each.listed.middle
    beside = (
        f"{each.bare.middle:8.2f} {middle / each.bare.middle:6.1f}" if each.bare else f"{'-':>8} {'-':>6}"
    )
    times = f"{low:10.2f} {middle:12.2f} {beside} {each.listed.high:8.2f} {each.page.middle:9.1f}"
    return f"  {each.name:18} {times}"


def store_report(count: int, url: str = "") -> Iterator[str]:
    """The lines of `bench store`."""
    with bench_store(url) as store:
        bare = floors(store, count)
        spent = fill(store, articles(count))
        size = store.stats().size_bytes / count
        yield f"{store.engine.dialect.name}, {count:,} articles of {WORDS} words, batches of {BATCH}"
        yield f"{'stored with index':22} {count / spent:10,.0f} rows/s   {size:,.0f} bytes each"
        for name, seconds in bare.items():
            yield f"{name:22} {count / seconds:10,.0f} rows/s   ratio {seconds / spent:.3f}"
