"""Stores batches without end until it is killed. Run as `python -m tests.pipeline.store.writer URL`."""

from __future__ import annotations

import sys

from pipeline.store import NewArticle, open_store
from tests.pipeline.store.material import NOW, new, province, topic


def batch_of(start: int, count: int) -> list[NewArticle]:
    """The articles numbered from `start`, all with the same tags."""
    places, topics = (province("vn34:48", "vn63:49"),), (topic("economy"),)
    return [new(number, provinces=places, topics=topics) for number in range(start, start + count)]


def main(url: str) -> None:
    """Batches of twenty articles, a line for each batch that is committed."""
    with open_store(url) as store:
        for start in range(0, 1_000_000, 20):
            store.save(batch_of(start, 20), now=NOW)
            print(start + 20, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
