"""Stores batches without end until it is killed. Run as `python -m tests.pipeline.store.writer URL`."""

from __future__ import annotations

import sys

from pipeline.store import open_store
from tests.pipeline.store.material import NOW, new, province, topic


def main(url: str) -> None:
    """Batches of twenty articles, a line for each batch that is committed."""
    with open_store(url) as store:
        for start in range(0, 1_000_000, 20):
            batch = [
                new(start + n, provinces=(province("vn34:48", "vn63:49"),), topics=(topic("economy"),))
                for n in range(20)
            ]
            store.save(batch, now=NOW)
            print(start + 20, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
