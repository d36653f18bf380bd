"""Whether the databases answer alike: `diembao evaluate search`.

Invented articles are put into every database and generated queries asked of each. What should come back is
decided by `fits`, which looks at every article: slow, plain and independent of SQL.
"""

from __future__ import annotations

import random
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cache

from models.document import Article
from models.errors import StoreError
from models.query import All, Among, AnyOf, Between, Facet, Node, Not, Query, SeenBetween, Words
from models.tags import ProvinceTag, Role, Tags, TopicTag
from pipeline.search import parse_query
from pipeline.store import NewArticle, Store, StoredArticle, open_store
from pipeline.store.matching import matching_ids
from pipeline.vietnamese import exact, fold, words

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
ARTICLES = 250
ASKED_RANDOM = 20  # of so many random texts one is also asked of the databases

VOCABULARY = (
    "đà nẵng da nang cảng biển năm nắm nam hoà bình hòa thuỷ thủy sản lũ bão quảng trị quang tri huế hue "
    "đường đương duong sắt thép port bridge storm covid-19 H5N1 2026 xã phường khoẻ khỏe mua mùa múa"
).split()
OUTLETS = ("bao-mot", "bao-hai", "news-three")
CODES = ("vn34:48", "vn34:46", "vn34:44")
OLD_CODES = {"vn34:48": ("vn63:48", "vn63:49"), "vn34:46": ("vn63:46",), "vn34:44": ("vn63:44", "vn63:45")}
TOPICS = ("weather", "economy", "health")


def newsroom(count: int, seed: int = 7) -> list[NewArticle]:
    """Articles of random words, tags and dates; the same for the same seed."""
    chance = random.Random(seed)
    return [_random_article(chance, number) for number in range(count)]


def _random_article(chance: random.Random, number: int) -> NewArticle:
    provinces = []
    for code in chance.sample(CODES, chance.randint(0, 2)):
        old = tuple(chance.sample(OLD_CODES[code], chance.randint(0, 1)))
        provinces.append(ProvinceTag(code, old, chance.choice(list(Role)), 0.9, ()))
    topics = chance.sample(TOPICS, chance.randint(0, 2))
    language = chance.choice(("vi", "en"))
    lead = " ".join(chance.choices(VOCABULARY, k=chance.randint(0, 5)))
    body = ". ".join(" ".join(chance.choices(VOCABULARY, k=6)) for _ in range(chance.randint(1, 4)))
    article = Article(
        url=f"https://bao.example.vn/bai-{number}.html",
        outlet=chance.choice(OUTLETS),
        title=" ".join(chance.choices(VOCABULARY, k=chance.randint(2, 6))).capitalize(),
        lead=lead,
        text=f"{lead}\n{body}" if chance.random() < 0.8 else body,
        language=language,
        credit=chance.choice(("", "ttxvn", "vov")),
        published_at=chance.choice((None, NOW - timedelta(minutes=chance.randint(0, 20_000)))),
    )
    tags = Tags(
        language=language,
        provinces=tuple(provinces),
        topics=tuple(TopicTag(f"medtop:{name}", name, 0.8, ()) for name in topics),
    )
    return NewArticle(article=article, tags=tags)


_NONSENSE = (
    "( ) \" - * a=b #tag foo&bar x\\y [br] 50% <x> 'q' tỉnh: : NEAR(a body_fold:x ^a "
    "{a b}:c !a a<->b :* ';-- 𝔘 OR"
).split()
_NONSENSE += ["\x00", "\ud800"]
_CHARACTERS = "aăđạ \"()-*:|&!<>=\\'%_^{}[]#@~`$;,./?\n\t\x00\u0301\u200b\ud800０“”«»…" + "tỉnhORtừđến"


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
        return self.chance.choice(_NONSENSE)

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
    fields = [article.title] if node.title else [article.title, _body(article)]
    return any(_stand_in(node, _words(text, exact_form=node.exact)) for text in fields)


def _body(article: Article) -> str:
    repeated = article.text[: len(article.lead)] == article.lead
    return article.text if repeated else article.lead + " " + article.text


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
        case Facet.WATCHLIST:
            return any(tag.id in node.values for tag in stored.tags.watched)
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


def found(store: Store, query: Query) -> list[int]:
    """All hits, in pages."""
    numbers: list[int] = []
    with store.reading() as connection:
        while page := matching_ids(connection, query.where, limit=90, before=min(numbers, default=None)):
            numbers += page
    return numbers


def random_texts(count: int, seed: int = 3) -> Iterator[str]:
    """Texts of random characters, among them those that mean something to the grammar or the databases."""
    chance = random.Random(seed)
    for _ in range(count):
        yield "".join(chance.choices(_CHARACTERS, k=chance.randint(0, 25)))


def fill(store: Store) -> None:
    """Put the articles in, first seen over several hours."""
    made = newsroom(ARTICLES)
    for hour, start in enumerate(range(0, ARTICLES, 50)):
        store.save(made[start : start + 50], now=NOW + timedelta(hours=hour))


def report(urls: Sequence[str], queries: int, random_queries: int) -> tuple[list[str], bool]:
    """The figures of an SQLite store and the empty databases at `urls`, and whether all agree."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="diembao-parity-"))
        stores = [
            stack.enter_context(open_store(url)) for url in (f"sqlite:///{folder}/parity.sqlite3", *urls)
        ]
        for store in stores:
            if store.stats().articles:
                raise StoreError("the database has articles", about="--db", hint="name an empty one")
            fill(store)
        everything = stores[0].articles(list(stores[0].all_ids()))
        typist = Typist(1)
        typed = [parse_query(typist.query(), now=NOW) for _ in range(queries)]
        wrong = [query.text for query in typed if not _alike(stores, everything, query)]
        odd = [parse_query(text, now=NOW) for text in random_texts(random_queries)]
        wrong += [query.text for query in odd[::ASKED_RANDOM] if not _alike(stores, everything, query)]
    names = " and ".join(store.engine.dialect.name for store in stores)
    lines = [
        f"{len(everything)} articles in {names}",
        f"{queries} typed queries, {random_queries} of random characters (1 in {ASKED_RANDOM} asked)",
        f"{len(wrong)} answered otherwise than by looking at every article",
        *(f"  {text!r}" for text in wrong[:20]),
    ]
    return lines, not wrong


def _alike(stores: Sequence[Store], everything: Sequence[StoredArticle], query: Query) -> bool:
    expected = [stored.id for stored in everything if fits(query.where, stored)]
    return all(found(store, query) == expected for store in stores)
