"""How long grouping takes for an article, by the size of the window: `diembao bench stories`."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from models.story import StoryDocument
from pipeline.stories import Grouper
from pipeline.stories.minhash import Bands, signature

START = datetime(2026, 4, 1, tzinfo=UTC)
SPAN = timedelta(days=6)
_ONSETS = "b c ch d g gi h kh l m n nh ph qu r s t th tr v x".split()
_RHYMES = "a an ang anh ao au ây en êm ên i inh iên o oi ông u ung ương ưu".split()
WORDS = 160


@dataclass(frozen=True, slots=True)
class Timing:
    """Microseconds for each article: to take it into a window of `stored` articles for the first time, to
    place one of `fresh` new ones in the window as it stands, and to look copies up in MinHash bands."""

    stored: int
    fresh: int
    fill: float
    place: float
    bands: float


def run(grouper: Grouper, sizes: Sequence[int] = (2_000, 10_000), *, fresh: int = 50) -> list[Timing]:
    """Measure on made-up articles: a third are copies, a third tell an event that another tells too.

    The grouper's window is empty or is what is measured.
    """
    timings = []
    for size in sizes:
        documents = synthetic(size + fresh)
        start = time.perf_counter()
        links = {link.id: link.story for link in grouper.place(documents[:size])}
        fill = time.perf_counter() - start
        stored = [replace(document, story=links[document.id]) for document in documents[:size]]
        start = time.perf_counter()
        grouper.place([*stored, *documents[size:]])
        place = time.perf_counter() - start
        timings.append(Timing(size, fresh, fill / size * 1e6, place / fresh * 1e6, _bands(documents, fresh)))
    return timings


def _bands(documents: Sequence[StoryDocument], fresh: int) -> float:
    bands = Bands()
    signatures = [signature(document.text.split()) for document in documents[:-fresh]]
    for key, held in enumerate(signatures):
        bands.add(key, held)
    start = time.perf_counter()
    for key, document in enumerate(documents[-fresh:], len(documents)):
        made = signature(document.text.split())
        bands.candidates(made)
        bands.add(key, made)
    return (time.perf_counter() - start) / fresh * 1e6


def synthetic(count: int, seed: int = 1) -> list[StoryDocument]:
    """Made-up Vietnamese-looking articles with word frequencies like those of prose (Zipf)."""
    chance = random.Random(seed)
    words = [onset + rhyme for onset in _ONSETS for rhyme in _RHYMES]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    chance.shuffle(words)

    def prose(length: int) -> str:
        return " ".join(chance.choices(words, weights, k=length))

    documents: list[StoryDocument] = []
    for number in range(count):
        kind = number % 3
        places = [" ".join(w.title() for w in chance.choices(words, k=2)) for _ in range(4)]
        people, money = chance.randint(100, 99999), chance.randint(11, 999)
        facts = f"Tại {places[0]}, {places[1]} có {people} người, chi {money} tỷ đồng"
        text = f"{facts}. {prose(WORDS)}. {places[2]} và {places[3]}."
        title = f"{places[0]} {prose(8)}"
        if kind and documents:
            told = documents[-1]
            title = told.title if kind == 1 else f"{prose(4)} {told.title.split(' ', 2)[0]}"
            text = told.text if kind == 1 else f"{told.text.split('. ')[0]}. {prose(WORDS)}."
        documents.append(
            StoryDocument(
                id=str(number),
                outlet=f"bao{chance.randrange(40)}",
                language="vi",
                url=f"https://bao.example/{number}",
                title=title,
                lead="",
                text=text,
                published_at=START + SPAN * (number / count),
            )
        )
    return documents
