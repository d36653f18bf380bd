"""How long it takes to put an article into stories, by how many are stored: `diembao bench stories`.

The stored articles are rows in a SQLite database, six days of them, with clues as frequent as those of
prose. Those that are placed go the whole way: features, clues, lookups, comparisons, links, in a transaction.
Beside it the same texts are looked up and added in the indexes of datasketch and rensa, which find copies
only and live in memory.
"""

from __future__ import annotations

import importlib
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import insert

from models.document import Article, Completeness
from models.story import StoryDocument
from models.tables import ArticleBody, ArticleRow
from models.tags import Tags
from pipeline.placing import place_new
from pipeline.store import NewArticle, Store, open_store
from pipeline.store.clues import BANDS
from pipeline.store.identity import article_id
from pipeline.store.sqltables import ARTICLE, BODY
from pipeline.stories import Grouper
from pipeline.stories.clues import hash_of

START = datetime(2026, 4, 1, tzinfo=UTC)
SPAN = timedelta(days=6)
FRESH = 100
WORDS = 160
NAMES = 20  # of one article
PIECE = 5_000
_ONSETS = "b c ch d g gi h kh l m n nh ph qu r s t th tr v x".split()
_RHYMES = "a an ang anh ao au ây en êm ên i inh iên o oi ông u ung ương ưu".split()
_OTHERS_HOLD = 10_000  # texts that the indexes of others are filled with at most


def report(grouper: Grouper, sizes: Sequence[int]) -> Iterator[str]:
    """The whole measurement, line by line."""
    yield f"{'stored':>10}{'place':>10}{'reading':>10}{'datasketch':>12}{'rensa':>10}   microseconds"
    for seed, size in enumerate(sizes, 2):
        fresh = Prose(seed=seed).articles(FRESH)  # not met by the grouper before
        grouper.clues(_document(fresh[0], 0))  # the first one finds everything cold
        with (
            tempfile.TemporaryDirectory(prefix="diembao-bench-") as folder,
            open_store(f"sqlite:///{folder}/bench.sqlite3") as store,
        ):
            fill(store, size)
            store.save(fresh, now=START + SPAN)
            placed = _timed(partial(place_new, store, grouper))
        unmet = [_document(new, size) for new in fresh]
        reading = _timed(partial(list, map(grouper.clues, unmet)))
        others = "".join(f"{_beside(name, min(size, _OTHERS_HOLD)):>{width}}" for name, width in _BESIDE)
        yield f"{size:10}{placed:10.0f}{reading:10.0f}{others}"
    yield "reading: the part of placing that reads the text for facts, whatever is stored"
    yield f"datasketch and rensa hold at most {_OTHERS_HOLD} texts; - is not installed"


def _timed(work: Callable[[], object]) -> float:
    """Microseconds of this process for each of the articles."""
    start = time.process_time()
    work()
    return (time.process_time() - start) / FRESH * 1e6


def _document(new: NewArticle, size: int) -> StoryDocument:
    """One that the grouper has not met."""
    article = new.article
    return StoryDocument(
        id=f"{size}-{article.url}",
        outlet=article.outlet,
        language=article.language,
        url=article.url,
        title=article.title,
        lead="",
        text=article.text,
        published_at=START + SPAN,
    )


class Prose:
    """Made-up articles in which words and names are as frequent as in prose (Zipf)."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._words = [onset + rhyme for onset in _ONSETS for rhyme in _RHYMES]
        random.Random(1).shuffle(self._words)
        self._weights = [1 / (rank + 3) for rank in range(len(self._words))]

    def words(self, number: int) -> list[str]:
        return self._chance.choices(self._words, self._weights, k=number)

    def text(self) -> str:
        """A text with names and figures."""
        names = " và ".join(" ".join(word.title() for word in self.words(2)) for _ in range(NAMES // 2))
        figures = f"{self._chance.randint(1000, 99999)} người, {self._chance.randint(101, 999)} tỷ đồng"
        return f"Tại {names} có {figures}. {' '.join(self.words(WORDS))}."

    def articles(self, number: int) -> list[NewArticle]:
        """Articles of which a third are copies of the one before, and a third tell it in other words."""
        made: list[NewArticle] = []
        text = ""
        for place in range(number):
            if place % 3 == 0 or not text:
                text = self.text()
            elif place % 3 == 2:
                text = f"{text.split('. ')[0]}. {' '.join(self.words(WORDS))}."
            made.append(_article(place, text, " ".join(text.split()[1:9])))
        return made


def _article(place: int, text: str, title: str) -> NewArticle:
    article = Article(
        url=f"https://bao.example/moi-{place}",
        outlet=f"bao{place % 40}",
        title=title,
        lead="",
        text=text,
        language="vi",
        published_at=START + SPAN - timedelta(minutes=FRESH - place),
        completeness=Completeness.FULL,
    )
    return NewArticle(article=article, tags=Tags(language="vi"))


def fill(store: Store, size: int) -> None:
    """Rows of `size` articles that are in stories of their own."""
    prose, chance = Prose(seed=1), random.Random(3)
    texts = [prose.text() for _ in range(500)]
    names = [_names(prose) for _ in range(2_000)]
    template, body = _template(), ArticleBody(article_id=0).model_dump()
    rows = (_row(template, number, size) for number in range(size))
    while piece := list(islice(rows, PIECE)):
        ids = [row["id"] for row in piece]
        with store.writing() as connection:
            connection.execute(insert(ARTICLE), piece)
            connection.execute(
                insert(BODY),
                [body | {"article_id": number, "text": chance.choice(texts)} for number in ids],
            )
            connection.exec_driver_sql(
                "INSERT INTO article_band (band, value, article_id) VALUES (?, ?, ?)",
                [(band, chance.getrandbits(63), number) for number in ids for band in range(BANDS)],
            )
            connection.exec_driver_sql(
                "INSERT INTO article_clue (clue, article_id) VALUES (?, ?)",
                [
                    (clue, number)
                    for number in ids
                    for clue in chance.choice(names) | {chance.getrandbits(63) for _ in range(4)}
                ],
            )


def _template() -> dict[str, Any]:
    row = ArticleRow(
        id=0,
        url="",
        outlet="",
        title="",
        language="vi",
        published_at=START,
        first_seen_at=START,
        updated_at=START,
        content_hash="",
    )
    return row.model_dump()


def _row(template: dict[str, Any], number: int, size: int) -> dict[str, Any]:
    at = START + SPAN * (number / size)
    url = f"https://bao.example/{number}"
    return template | {
        "id": article_id(url, at, at),
        "url": url,
        "outlet": f"bao{number % 40}",
        "title": f"Bài {number}",
        "published_at": at,
        "first_seen_at": at,
        "updated_at": at,
        "story_id": f"st{number}",
    }


def _names(prose: Prose) -> frozenset[int]:
    words = prose.words(2 * NAMES)
    return frozenset(hash_of(f"n:{a} {b}") for a, b in zip(words[::2], words[1::2], strict=True))


def _beside(name: str, size: int) -> str:
    """Microseconds to look a text up in another library's index of `size` texts, and to add it."""
    try:
        library = importlib.import_module(name)
    except ImportError:
        return "-"
    signature, index = _OTHERS[name](library)
    prose = Prose(seed=1)
    runs = [_runs(prose.text()) for _ in range(size + FRESH)]
    for number, each in enumerate(runs[:size]):
        index.insert(number, signature(each))

    def look_up_and_add() -> None:
        for number, each in enumerate(runs[size:], size):
            made = signature(each)
            index.query(made)
            index.insert(number, made)

    return f"{_timed(look_up_and_add):.0f}"


def _runs(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[i : i + 4]) for i in range(len(words) - 3)]


def _datasketch(library: Any) -> tuple[Callable[[list[str]], Any], Any]:
    def signature(runs: list[str]) -> Any:
        made = library.MinHash(num_perm=64)
        made.update_batch([run.encode() for run in runs])
        return made

    return signature, library.MinHashLSH(num_perm=64, params=(16, 4))


def _rensa(library: Any) -> tuple[Callable[[list[str]], Any], Any]:
    def signature(runs: list[str]) -> Any:
        made = library.RMinHash(num_perm=64, seed=1)
        made.update(runs)
        return made

    return signature, library.RMinHashLSH(threshold=0.5, num_perm=64, num_bands=16)


_BESIDE = (("datasketch", 12), ("rensa", 10))
_OTHERS = {"datasketch": _datasketch, "rensa": _rensa}
