"""How common a fact is in the news at large: measured once, read with the configuration.

What two articles share says the more the rarer it is. A handful of documents cannot tell that; the news of
years can: a province is named in every third article, diphtheria in one of two thousand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from models.errors import ConfigError
from pipeline.stories.features import names_in
from pipeline.stories.terms import TermTable
from pipeline.vietnamese import clean, fold

COMMON_FACTS = "common-facts.tsv"
PER = 10_000
_LEAST_NAMES = 30  # of 10,000 articles; rarer names are as rare as any
_LEAST_CONCEPTS = 5
_SHORTEST = 300  # characters of an article that counts
_HEADER = "# Of 10,000 articles of general news, how many have a fact. Written by `diembao train stories`."

Commonness = Mapping[str, float]
"""Fact → share of all articles, 0..1."""


def load_commonness(path: Path) -> dict[str, float]:
    """Read `config/models/common-facts.tsv`: fact, articles of 10,000. Raises ConfigError."""
    found = {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise ConfigError(str(error), about=str(path)) from error
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            fact, _, share = line.partition("\t")
            if not share.isdecimal():
                raise ConfigError(f"line {number} is not a fact and a number", about=str(path))
            found[fact] = int(share) / PER
    return found


def measure(texts: Iterable[tuple[str, str]], terms: TermTable) -> dict[str, int]:
    """How many of 10,000 articles have a fact, from articles as (language, text): the mean over languages of
    what is common in any of them."""
    counts: dict[str, Counter[str]] = {}
    totals: Counter[str] = Counter()
    for language, text in texts:
        if len(text) >= _SHORTEST:
            cleaned = clean(text)
            counts.setdefault(language, Counter()).update(names_in(cleaned) | terms.facts(cleaned, language))
            totals[language] += 1
    found = {}
    for fact in {fact for counter in counts.values() for fact in counter}:
        shares = [PER * counts[language][fact] / totals[language] for language in sorted(totals)]
        mean = round(sum(shares) / len(shares))
        if mean >= (_LEAST_NAMES if fact[0] == "n" else _LEAST_CONCEPTS):
            found[fact] = mean
    return found


def province_facts(config_dir: Path) -> dict[str, int]:
    """The names of the provinces, as common as can be: that two articles are about one province is told by
    their tags, and must not count twice."""
    lines = (config_dir / "places" / "provinces.tsv").read_text("utf-8").splitlines()
    names = [name for line in lines[1:] for name in line.split("\t")[1:3]]
    return {f"n:{fold(name).replace('-', ' ')}": PER for name in [*names, "hcmcity"]}


def write_commonness(path: Path, measured: Mapping[str, int]) -> None:
    """Write the table, the most common first."""
    ordered = sorted(measured.items(), key=lambda pair: (-pair[1], pair[0]))
    lines = [_HEADER, *(f"{fact}\t{share}" for fact, share in ordered)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
