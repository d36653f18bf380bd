"""How well provinces are tagged: figures on a labelled set, for people and for floors in tests.

A set is JSON lines of `{id, title, lead?, body, lang?, published?, provinces, mentioned_only, old_provinces,
trap, trap_polarity}` with bare codes. An item is all right when the provinces found with the role `about`
are exactly those labelled.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from models.errors import ConfigError
from models.tags import ProvinceTag, Role, Taggable
from pipeline.tag.records import read_record
from pipeline.tag.weak_labels import LABEL as WEAK_LABEL

_Item = TypeVar("_Item")
TagProvinces = Callable[[Taggable], Sequence[ProvinceTag]]


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled item and what was found in it, as bare codes. `scores` pairs each tag's score with
    whether the article is about that unit."""

    id: str
    trap: str
    polarity: str
    gold: tuple[str, ...]
    found: tuple[str, ...]
    gold_mentioned: frozenset[str]
    found_mentioned: frozenset[str]
    gold_old: frozenset[str]
    found_old: frozenset[str]
    scores: tuple[tuple[float, bool], ...]

    @property
    def right(self) -> bool:
        """Whether exactly the labelled provinces were found."""
        return set(self.gold) == set(self.found)


def read_items(path: Path) -> list[dict[str, Any]]:
    """The items of a JSON-lines file, blank lines skipped; of corrected articles, those whose provinces a
    person looked at.

    Raises ConfigError naming the file if it has no such item, or one with neither `provinces` nor its
    outlet's province.
    """
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        items = [item for item in rows if "provinces" in item.get("corrected", ("provinces",))]
        for item in items:
            if WEAK_LABEL not in item and not all(isinstance(code, str) for code in item["provinces"]):
                raise TypeError('provinces are bare codes, such as "48"')
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise not_labelled(path, error, "title, body and provinces") from error
    return some(items, path)


def some(items: list[_Item], path: Path) -> list[_Item]:
    """The items, of which there is one at least: figures of none would look like those of a good tagger.
    Raises ConfigError naming the file."""
    if not items:
        raise ConfigError("no labelled item in it", about=str(path), hint="give labelled articles")
    return items


def not_labelled(path: Path, error: Exception, keys: str) -> ConfigError:
    """The error for a file whose lines are no labelled items, which have these keys."""
    why = f"an item has no {error}" if isinstance(error, KeyError) else str(error)
    return ConfigError(
        f"not a file of labelled items: {why}", about=str(path), hint=f"give JSON lines with {keys}"
    )


def judge(item: Mapping[str, Any], tag_provinces: TagProvinces) -> Judged:
    """Tag one item and set it beside its labels."""
    tags = tag_provinces(read_record(item))
    about = tuple(tag.code[5:] for tag in tags if tag.role == Role.ABOUT)
    gold = tuple(item.get("provinces", ()))
    return Judged(
        str(item.get("id", "")),
        item.get("trap") or "",
        item.get("trap_polarity") or "",
        gold,
        about,
        frozenset(item.get("mentioned_only", ())),
        frozenset(tag.code[5:] for tag in tags if tag.role == Role.MENTIONED),
        frozenset(item.get("old_provinces", ())),
        frozenset(code[5:] for tag in tags for code in tag.old_codes),
        tuple((tag.score, tag.code[5:] in gold) for tag in tags),
    )


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one set; shares are in 0..1."""

    items: tuple[Judged, ...]

    @property
    def precision(self) -> float:
        """Share of found provinces that are labelled."""
        return _ratio(self._hits, sum(len(set(item.found)) for item in self.items))

    @property
    def recall(self) -> float:
        """Share of labelled provinces that were found."""
        return _ratio(self._hits, sum(len(item.gold) for item in self.items))

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _ratio(2 * self.precision * self.recall, self.precision + self.recall)

    @property
    def _hits(self) -> int:
        return sum(len(set(item.gold) & set(item.found)) for item in self.items)

    def all_right(self, chosen: Callable[[Judged], bool] = lambda _: True) -> float:
        """Share of the chosen items with exactly the labelled provinces; 1 when there is none."""
        picked = [item for item in self.items if chosen(item)]
        return _ratio(sum(item.right for item in picked), len(picked))

    @property
    def mentioned_right(self) -> float:
        """Share of labelled mentioned-only provinces that were found with that role."""
        found = sum(len(item.gold_mentioned & item.found_mentioned) for item in self.items)
        return _ratio(found, sum(len(item.gold_mentioned) for item in self.items))

    @property
    def roles_right(self) -> float:
        """Share of items whose about and mentioned sets are both as labelled."""
        right = sum(item.right and item.gold_mentioned == item.found_mentioned for item in self.items)
        return _ratio(right, len(self.items))

    @property
    def old_right(self) -> float:
        """Share of items with exactly the labelled former units."""
        return _ratio(sum(item.gold_old == item.found_old for item in self.items), len(self.items))

    @property
    def order_right(self) -> float:
        """Share of items of several provinces with the labelled one first."""
        several = [item for item in self.items if len(item.gold) > 1 and item.right]
        return _ratio(sum(item.gold[0] == item.found[0] for item in several), len(several))

    def families(self) -> dict[str, tuple[int, int]]:
        """Trap family and polarity → (right, all)."""
        names = sorted({f"{item.trap} {item.polarity}".strip() for item in self.items if item.trap})
        return {
            name: (
                sum(i.right for i in self.items if f"{i.trap} {i.polarity}".strip() == name),
                sum(1 for i in self.items if f"{i.trap} {i.polarity}".strip() == name),
            )
            for name in names
        }

    def reliability(self, bins: int = 10) -> list[tuple[float, float, float, int]]:
        """For each bin of scores that is not empty: its upper edge, mean score, share about, count."""
        pairs = [pair for item in self.items for pair in item.scores]
        table = []
        for number in range(bins):
            low, high = number / bins, (number + 1) / bins
            inside = [p for p in pairs if low <= p[0] < high or (number == bins - 1 and p[0] == 1)]
            if inside:
                mean = sum(score for score, _ in inside) / len(inside)
                share = sum(right for _, right in inside) / len(inside)
                table.append((high, mean, share, len(inside)))
        return table


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def evaluate(items: Iterable[Mapping[str, Any]], tag_provinces: TagProvinces) -> Report:
    """Tag every item and collect the figures."""
    return Report(tuple(judge(item, tag_provinces) for item in items))


def lines(report: Report) -> list[str]:
    """The report as text, one line each."""
    head = [
        f"items                    {len(report.items)}",
        f"provinces P / R / F1     {report.precision:.3f} / {report.recall:.3f} / {report.f1:.3f}",
        f"all right, all           {report.all_right():.3f}",
        f"all right, ordinary      {report.all_right(lambda item: not item.trap):.3f}",
        f"all right, hard          {report.all_right(lambda item: bool(item.trap)):.3f}",
        f"about and mentioned      {report.roles_right:.3f}",
        f"mentioned-only found     {report.mentioned_right:.3f}",
        f"former units right       {report.old_right:.3f}",
        f"most central first       {report.order_right:.3f}",
        "score ≤  mean   about  tags",
    ]
    table = [
        f"{edge:7.1f}  {mean:.3f}  {share:.3f}  {count}" for edge, mean, share, count in report.reliability()
    ]
    families = [f"{name:24} {right}/{total}" for name, (right, total) in report.families().items()]
    return [*head, *table, "trap family", *families]


def wrong_lines(report: Report) -> list[str]:
    """One line for each item that differs from its labels in any respect."""
    return [
        f"{item.id} {item.trap or '-'}: about {sorted(item.found)} for {sorted(item.gold)}; "
        f"mentioned {sorted(item.found_mentioned)} for {sorted(item.gold_mentioned)}; "
        f"former {sorted(item.found_old)} for {sorted(item.gold_old)}"
        for item in report.items
        if not item.right or item.gold_mentioned != item.found_mentioned or item.gold_old != item.found_old
    ]
