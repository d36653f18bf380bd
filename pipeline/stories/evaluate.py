"""How well grouping does on labelled documents: pairs, B-cubed, relation, origin.

The file has one JSON object a line, with `story` (gold event), `relation`, `origin` and `same_story_ok`
(null: debatable, left out) beside the fields of the `group` contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from models.story import Relation, StoryLink

Record = Mapping[str, Any]
Scope = Callable[[Record, Record], bool]

SCOPES: dict[str, Scope] = {
    "all": lambda a, b: True,
    "vietnamese": lambda a, b: a["lang"] == b["lang"] == "vi",
    "cross-language": lambda a, b: a["lang"] != b["lang"],
}


@dataclass(frozen=True, slots=True)
class Score:
    """Pairwise precision, recall and F1, and B-cubed F1, within one scope; `pairs` counts gold pairs."""

    pairs: int
    precision: float
    recall: float
    bcubed_precision: float
    bcubed_recall: float

    @property
    def f1(self) -> float:
        return harmonic(self.precision, self.recall)

    @property
    def bcubed(self) -> float:
        return harmonic(self.bcubed_precision, self.bcubed_recall)


def harmonic(a: float, b: float) -> float:
    """The harmonic mean of two shares; 0 if both are 0."""
    return 2 * a * b / (a + b) if a + b else 0.0


def score(gold: Sequence[Record], story_of: Mapping[str, str], scope: Scope) -> Score:
    """Compare predicted stories with gold ones over the documents and pairs of one scope.

    B-cubed compares each document with itself and the documents that the scope pairs it with.
    """
    hits = claimed = true = 0
    for a, b in combinations(gold, 2):
        if scope(a, b):
            same, said = a["story"] == b["story"], story_of[a["id"]] == story_of[b["id"]]
            hits, claimed, true = hits + (same and said), claimed + said, true + same
    precisions, recalls = [], []
    for document in gold:
        if scope is SCOPES["vietnamese"] and document["lang"] != "vi":
            continue
        peers = [other for other in gold if other is document or scope(document, other)]
        real = {p["id"] for p in peers if p["story"] == document["story"]}
        found = {p["id"] for p in peers if story_of[p["id"]] == story_of[document["id"]]}
        precisions.append(len(real & found) / len(found))
        recalls.append(len(real & found) / len(real))
    return Score(
        pairs=true,
        precision=hits / claimed if claimed else 1.0,
        recall=hits / true if true else 1.0,
        bcubed_precision=sum(precisions) / len(precisions) if precisions else 1.0,
        bcubed_recall=sum(recalls) / len(recalls) if recalls else 1.0,
    )


def report(gold: Sequence[Record], links: Sequence[StoryLink]) -> str:
    """The table that `diembao evaluate stories` prints."""
    by_id = {link.id: link for link in links}
    judged = [record for record in gold if record.get("same_story_ok", True) is not None]
    story_of = {link.id: link.story for link in links}
    lines = [f"{'scope':16}{'gold pairs':>11}{'P':>8}{'R':>8}{'F1':>8}{'B³ P':>8}{'B³ R':>8}{'B³ F1':>8}"]
    for name, scope in SCOPES.items():
        s = score(judged, story_of, scope)
        values = (s.precision, s.recall, s.f1, s.bcubed_precision, s.bcubed_recall, s.bcubed)
        lines.append(f"{name:16}{s.pairs:11}" + "".join(f"{value:8.3f}" for value in values))
    origins = [record for record in gold if "origin" in record]
    right = sum((record["origin"] or "") == by_id[record["id"]].origin for record in origins)
    lines.append(f"origin right: {right} of {len(origins)}")
    related = [record for record in gold if record.get("relation")]
    good = sum(plain_relation(record["relation"]) == by_id[record["id"]].relation for record in related)
    lines.append(f"relation right: {good} of {len(related)}")
    if traps := trap_pairs(judged):
        kept = sum(story_of[a] != story_of[b] for a, b in traps)
        lines.append(f"look-alikes kept apart: {kept} of {len(traps)} pairs")
    return "\n".join(lines)


def plain_relation(gold: str) -> Relation:
    """Our word for a gold relation: all sorts of reprint are one, a document alone is an original."""
    if gold.startswith("reprint"):
        return Relation.REPRINT
    return Relation.ORIGINAL if gold == "unrelated" else Relation(gold)


def trap_pairs(gold: Sequence[Record]) -> list[tuple[str, str]]:
    """Pairs of documents that are mistaken for one another and are not one story."""
    return [
        (a["id"], b["id"])
        for a, b in combinations(gold, 2)
        if a.get("confusable_set")
        and a["confusable_set"] == b.get("confusable_set")
        and a["story"] != b["story"]
    ]
