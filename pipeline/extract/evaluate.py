"""How near an extracted text comes to the text that people marked: token F1 over shingles.

The measure is that of the article-extraction-benchmark (Zyte, MIT): texts are cut into words, words into
overlapping shingles of four, shingles are compared as multisets, each page weighs the same, precision and
recall are averaged over pages and F1 is taken of the two averages.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

SHINGLE = 4
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shares of shingles found rightly, wrongly and missed; they sum to 1, or are all 0."""

    right: float
    wrong: float
    missed: float

    @property
    def precision(self) -> float:
        """Of what was extracted, the share that belongs to the text."""
        if not self.wrong and not self.missed:
            return 1.0
        return self.right / (self.right + self.wrong) if self.right else 0.0

    @property
    def recall(self) -> float:
        """Of the text, the share that was extracted."""
        if not self.wrong and not self.missed:
            return 1.0
        return self.right / (self.right + self.missed) if self.right else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """Averages over pages, and the overlap of each page by its id."""

    precision: float
    recall: float
    pages: Mapping[str, Overlap]

    @property
    def f1(self) -> float:
        """Harmonic mean of the two averages."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def overlap(gold: str, found: str) -> Overlap:
    """Compare two texts by their shingles of four words."""
    want, have = _shingles(gold), _shingles(found)
    right = (want & have).total()
    wrong, missed = have.total() - right, want.total() - right
    total = right + wrong + missed
    if not total:
        return Overlap(0.0, 0.0, 0.0)
    return Overlap(right / total, wrong / total, missed / total)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    count = max(1, len(tokens) - SHINGLE + 1)
    return Counter(shingle for i in range(count) if (shingle := tuple(tokens[i : i + SHINGLE])))


def score(gold: Mapping[str, str], found: Mapping[str, str]) -> Score:
    """Score the texts found for all pages of `gold`; a page that is not in `found` counts as empty."""
    pages = {key: overlap(text, found.get(key, "")) for key, text in gold.items()}
    precisions = [o.precision for o in pages.values() if o.right + o.wrong > 0]
    recalls = [o.recall for o in pages.values() if o.right + o.missed > 0]
    return Score(mean(precisions) if precisions else 0.0, mean(recalls) if recalls else 0.0, pages)


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page of a benchmark: its bytes, its address, and the text that people marked."""

    id: str
    url: str
    html: bytes
    text: str


def load_benchmark(folder: Path) -> list[LabelledPage]:
    """The pages of a benchmark folder: `ground-truth.json` and `html/<id>.html.gz`."""
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    return [
        LabelledPage(
            id=key,
            url=str(value.get("url", "")),
            html=gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()),
            text=str(value.get("articleBody", "")),
        )
        for key, value in truth.items()
    ]


def compare(
    pages: Sequence[LabelledPage], extractors: Mapping[str, Callable[[bytes, str], str]]
) -> dict[str, Score]:
    """Score each extractor (a function of bytes and URL giving the text) on the same pages."""
    gold = {page.id: page.text for page in pages}
    return {
        name: score(gold, {page.id: extractor(page.html, page.url) for page in pages})
        for name, extractor in extractors.items()
    }


def table(scores: Mapping[str, Score]) -> str:
    """The scores as lines of text, best F1 first."""
    rows: Iterable[tuple[str, Score]] = sorted(scores.items(), key=lambda item: -item[1].f1)
    lines = [f"{'extractor':<28}{'precision':>10}{'recall':>8}{'F1':>8}"]
    lines += [f"{name:<28}{s.precision:>10.3f}{s.recall:>8.3f}{s.f1:>8.3f}" for name, s in rows]
    return "\n".join(lines)
