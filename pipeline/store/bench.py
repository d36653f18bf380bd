"""How fast articles are stored and found: `python -m pipeline.store.bench [ROWS]`.

Each figure stands beside a floor measured in the same run: a bare `executemany` of the same rows, and the
bare query of the text index. Texts are made of invented words whose frequencies fall as those of a language
do (Zipf), so that rare and common words are as rare and as common as in news.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from statistics import median

from models.document import Article
from models.query import Among, Facet, Node, Query, Words
from models.tags import ProvinceTag, Role, Tags, TopicTag
from pipeline.store import NewArticle, Store, open_store
from pipeline.store.index import fts5_phrase
from pipeline.store.matching import matching_ids
from pipeline.vietnamese import exact

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BATCH = 500
WORDS = 120  # words of one article
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
    """Articles over three years, the same every time."""
    chance = random.Random(2)
    words = vocabulary()
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    for number in range(count):
        text = chance.choices(words, cum_weights=weights, k=WORDS)
        code = f"vn34:{chance.choice((1, 4, 22, 31, 46, 48, 56, 79, 92, 96)):02}"
        article = Article(
            url=f"https://bao-{number % 40}.example.vn/{number}.html",
            outlet=f"bao-{number % 40}",
            title=" ".join(text[:9]),
            lead=" ".join(text[9:35]),
            text=" ".join(text[35:]),
            language="en" if number % 9 == 0 else "vi",
            published_at=NOW - timedelta(days=1095) * (1 - number / count),
        )
        tags = Tags(
            language=article.language,
            provinces=(ProvinceTag(code, (), Role.ABOUT, 0.9, ()),),
            topics=(TopicTag(f"medtop:{chance.randint(1, 57)}", "", 0.8, ()),),
        )
        yield NewArticle(article=article, tags=tags)


def batches(count: int) -> Iterator[list[NewArticle]]:
    """The same articles in batches."""
    batch: list[NewArticle] = []
    for each in articles(count):
        batch.append(each)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def fill(store: Store, count: int) -> float:
    """Store articles; returns the seconds that storing took, without making them."""
    spent = 0.0
    for batch in batches(count):
        start = time.perf_counter()
        store.save(batch, now=NOW)
        spent += time.perf_counter() - start
    return spent


def floor(file: Path, count: int) -> float:
    """Seconds of a bare executemany of the same texts, without index, in the same batches."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, url TEXT, title TEXT, lead TEXT, text TEXT)")
    spent = 0.0
    for batch in batches(count):
        rows = [(new.article.url, new.article.title, new.article.lead, new.article.text) for new in batch]
        start = time.perf_counter()
        with connection:
            connection.executemany("INSERT INTO t (url, title, lead, text) VALUES (?, ?, ?, ?)", rows)
        spent += time.perf_counter() - start
    connection.close()
    return spent


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one measurement repeated."""

    low: float
    middle: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:9.2f} {self.middle:9.2f} {self.high:9.2f}"


def timed(work: Callable[[], object], times: int = 15) -> Timing:
    """Run `work` several times."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return Timing(min(spent), median(spent), max(spent))


def searches(store: Store) -> Iterator[tuple[str, Timing, Timing | None, Timing | None]]:
    """Each kind of search: the whole page with passages and tags, the list of its articles alone, and the
    bare query of the index, where there is one."""
    words = vocabulary()
    phrase = _words(words[3], words[7])
    there = Among(Facet.PROVINCE, ("vn34:48",))
    cases: dict[str, tuple[Node, ...]] = {
        "rare word": (_words(words[15_000]),),
        "common word": (_words(words[0]),),
        "phrase": (phrase,),
        "phrase + province": (phrase, there),
        "two common words": (_words(words[1]), _words(words[2])),
        "province": (there,),
        "outlet": (Among(Facet.OUTLET, ("bao-7",)),),
        "everything": (),
    }
    for name, parts in cases.items():
        query = Query().narrowed(*parts)
        yield (
            name,
            timed(partial(store.search, query)),
            timed(partial(_list, store, query)),
            _bare(store, parts),
        )
    for name in ("phrase", "everything"):
        query = Query().narrowed(*cases[name])
        yield f"facets of {name}", timed(partial(store.facets, query), times=3), None, None


def _list(store: Store, query: Query) -> list[int]:
    with store.reading() as connection:
        return matching_ids(connection, query.where, limit=20)


def _words(*words: str) -> Words:
    return Words(tuple(map(exact, words)), exact=True)


def _bare(store: Store, parts: Sequence[Node]) -> Timing | None:
    words = [part for part in parts if isinstance(part, Words)]
    if not words or len(words) < len(parts) or store.engine.dialect.name != "sqlite":
        return None
    match = " AND ".join(
        fts5_phrase(part.words, exact_form=True, prefix=False, title=False) for part in words
    )
    sql = "SELECT rowid FROM article_search WHERE article_search MATCH ? ORDER BY rowid DESC LIMIT 20"
    with store.reading() as connection:
        return timed(lambda: connection.exec_driver_sql(sql, (match,)).all())


def main(count: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        bare = floor(Path(folder) / "floor.sqlite3", count)
        with open_store(f"sqlite:///{folder}/bench.sqlite3") as store:
            spent = fill(store, count)
            print(f"store: {count / spent:,.0f} articles/s; bare executemany {count / bare:,.0f} rows/s")
            print(f"       {store.stats().size_bytes / count:,.0f} bytes an article")
            print(f"{'milliseconds':24} {'min':>9} {'median':>9} {'max':>9}  list alone, ratio to bare query")
            for name, page, listed, index in searches(store):
                alone = f" {listed.middle:9.2f}" if listed else ""
                ratio = (
                    f"  {listed.middle / index.middle:.1f} of {index.middle:.2f}" if listed and index else ""
                )
                print(f"{name:24} {page}{alone}{ratio}", flush=True)
            assert store.search(Query(), limit=1).hits


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
