"""What leads from one article to those worth comparing with it: bands of its text, and its rare facts.

A database keeps them as rows, so that an article is placed by looking up its own few dozen, however many
articles there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import xxhash

from pipeline.stories.commonness import Commonness
from pipeline.stories.features import Features
from pipeline.stories.minhash import bands_of, signature_of

RARE = 0.01  # share of all articles up to which a fact leads anywhere
OFTEN = 0.15  # share up to which a concept leads somewhere together with a province
MOST_FACTS = 60
MOST_PAIRS = 24
_LEAST_DIGITS = 3  # 50, 200 and 12 stand in any article,
_LONG = 5  # but 310,000 does not


@dataclass(frozen=True, slots=True)
class Clues:
    """`bands` of the MinHash signature (empty for a text too short for any), and `facts` by their signed
    64-bit hash."""

    bands: tuple[int, ...]
    facts: Mapping[int, str]


def clues_of(item: Features, common: Commonness) -> Clues:
    """The clues of one article: rare names and long numbers of all of it, rare concepts of its head, and the
    provinces it is about paired with less rare ones: two languages have few rare words in common, but `storm`
    in Quảng Trị is rare in any."""
    bands = tuple(bands_of(signature_of(item.copied))) if len(item.copied) else ()
    candidates = sorted(item.head) + sorted(item.facts - item.head)
    facts = [fact for fact in candidates if _leads(fact, item, common)]
    facts = facts[:MOST_FACTS] + _pairs(item, common)[:MOST_PAIRS]
    return Clues(bands, {hash_of(fact): fact for fact in facts})


def _pairs(item: Features, common: Commonness) -> list[str]:
    """Each concept of the head, the rarest first, with each province."""
    concepts = [fact for fact in item.head if fact[0] == "c" and common.get(fact, 0.0) <= OFTEN]
    ordered = sorted(concepts, key=lambda fact: (common.get(fact, 0.0), fact))
    return [f"{province}&{fact}" for fact in ordered for province in item.document.provinces]


def hash_of(fact: str) -> int:
    """The signed 64-bit number under which a fact is kept."""
    return int.from_bytes(xxhash.xxh3_64_digest(fact), signed=True)


def _leads(fact: str, item: Features, common: Commonness) -> bool:
    if fact[0] == "#":
        return len(fact[1:].rstrip("0").replace(".", "")) >= _LEAST_DIGITS or len(fact) > _LONG or ":" in fact
    return (fact[0] == "n" or fact in item.head) and common.get(fact, 0.0) <= RARE
