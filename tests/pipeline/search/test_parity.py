"""The same queries give the same answers on SQLite, on PostgreSQL and by looking at every article."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from datetime import timedelta

import pytest

from models.query import Query, SeenBetween
from pipeline.search import parse_query
from pipeline.store import Order, Store, StoredArticle, open_store
from pipeline.store.matching import matching_ids
from pipeline.vietnamese import fold
from tests.conftest import Databases
from tests.pipeline.search.oracle import fits
from tests.pipeline.store.material import CODES, NOW, OLD_CODES, OUTLETS, TOPICS, VOCABULARY, newsroom

QUERIES = 220
NONSENSE = [
    "(",
    ")",
    '"',
    "-",
    "*",
    "a=b",
    "#tag",
    "foo&bar",
    "x\\y",
    "[br]",
    "50%",
    "<x>",
    "'q'",
    "tỉnh:",
    ":",
]
NONSENSE += [
    "\x00",
    "\ud800",
    "NEAR(a b)",
    "body_fold:x",
    "^a",
    "{a b}:c",
    "!a",
    "a<->b",
    ":*",
    "';--",
    "𝔘",
    "OR",
]


class Typist:
    """Types searches as people do, and worse."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def query(self) -> str:
        parts = [self.part() for _ in range(self.chance.randint(1, 4))]
        return self.chance.choice((" ", " ", " OR ", " | ")).join(parts)

    def part(self) -> str:
        kinds = (self.word, self.word, self.word, self.phrase, self.prefix, self.field, self.group, self.odd)
        minus = "-" if self.chance.random() < 0.15 else ""
        return minus + self.chance.choice(kinds)()

    def word(self) -> str:
        word = self.chance.choice(VOCABULARY)
        ways = (str, str, str.upper, fold, lambda each: unicodedata.normalize("NFD", each))
        return self.chance.choice(ways)(word)

    def phrase(self) -> str:
        return f'"{self.word()} {self.word()}"'

    def prefix(self) -> str:
        word = self.word()
        return word[: self.chance.randint(1, len(word))] + "*"

    def group(self) -> str:
        return f"({self.word()} OR {self.word()})"

    def odd(self) -> str:
        return self.chance.choice(NONSENSE)

    def field(self) -> str:
        code = self.chance.choice(CODES)
        old = self.chance.choice(OLD_CODES[code])
        name = self.chance.choice(("tỉnh", "province", "tinh", "nhắc"))
        return self.chance.choice(
            (
                f"{name}:{code}",
                f"{name}:{old}",
                f"chủ-đề:medtop:{self.chance.choice(TOPICS)}",
                f"báo:{self.chance.choice(OUTLETS)}",
                f"lang:{self.chance.choice(('vi', 'en'))}",
                f"nguồn:{self.chance.choice(('ttxvn', 'vov'))}",
                f"từ:{self.chance.randint(1, 20)}d",
                f"đến:{self.chance.randint(10, 21)}/11/2026",
                f"title:{self.word()}",
            )
        )


@pytest.fixture(scope="module")
def pair(sqlite_databases: Databases, postgres_databases: Databases) -> Iterator[tuple[Store, Store]]:
    with open_store(sqlite_databases.ready()) as one, open_store(postgres_databases.ready()) as other:
        for store in (one, other):
            for hour, start in enumerate(range(0, 250, 50)):
                store.save(newsroom(250)[start : start + 50], now=NOW + timedelta(hours=hour))
        yield one, other


@pytest.fixture(scope="module")
def everything(pair: tuple[Store, Store]) -> list[StoredArticle]:
    return pair[0].articles(list(pair[0].all_ids()))


def found(store: Store, query: Query) -> list[int]:
    """All hits, in pages."""
    numbers: list[int] = []
    with store.reading() as connection:
        while page := matching_ids(connection, query.where, limit=90, before=min(numbers, default=None)):
            numbers += page
    return numbers


def test_both_engines_find_exactly_what_fits_newest_first(
    pair: tuple[Store, Store], everything: list[StoredArticle]
) -> None:
    typist = Typist(1)
    sizes = []
    for text in [typist.query() for _ in range(QUERIES)]:
        query = parse_query(text, now=NOW)
        expected = [stored.id for stored in everything if fits(query.where, stored)]
        assert [found(store, query) for store in pair] == [expected, expected], text
        sizes.append(len(expected))
    assert sum(0 < size < 250 for size in sizes) > QUERIES // 2  # the queries do tell articles apart


def test_the_window_of_a_digest_holds_the_same_as_looking_at_every_article(
    pair: tuple[Store, Store], everything: list[StoredArticle]
) -> None:
    typist = Typist(4)
    for text in [typist.query() for _ in range(40)]:
        window = SeenBetween(NOW, NOW + timedelta(hours=typist.chance.randint(1, 3)))
        query = parse_query(text, now=NOW).narrowed(window)
        expected = [stored.id for stored in everything if fits(query.where, stored)]
        assert [found(store, query) for store in pair] == [expected, expected], text


def test_both_engines_count_and_rank_alike(pair: tuple[Store, Store]) -> None:
    typist = Typist(2)
    for text in [typist.query() for _ in range(25)]:
        query = parse_query(text, now=NOW)
        first, second = ((store.count(query), store.facets(query)) for store in pair)
        assert first == second, text
        best = [[hit.id for hit in store.search(query, order=Order.BEST).hits] for store in pair]
        assert best[0] == best[1], text


def test_random_characters_never_raise(pair: tuple[Store, Store]) -> None:
    chance = random.Random(3)
    letters = "aăđạ \"()-*:|&!<>=\\'%_^{}[]#@~`$;,./?\n\t\x00\u0301\u200b\ud800０“”«»…" + "tỉnhORtừđến"
    for number in range(1500):
        text = "".join(chance.choices(letters, k=chance.randint(0, 25)))
        query = parse_query(text, now=NOW)
        if number % 20 == 0:
            first, second = (found(store, query) for store in pair)
            assert first == second, text
