"""Which version of tables and rules tagged an article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

_TABLES = (
    "places/*.tsv",
    "topics.toml",
    "sections.tsv",
    "models/topics.bin",
    "models/topic_choice.toml",
    "watchlists.toml",
)
_CODE = Path(__file__).parent
_SHARED = ("vietnamese.py", "language.py")


def version_of(config_dir: Path) -> str:
    """A fingerprint of what decides tags: the tables under `config_dir` and the source of the rules; not of
    what an outlet's file says of its home. It needs nobody to count it up, and differs after every change,
    be it only of a comment."""
    digest = hashlib.blake2s(digest_size=6)
    for file in _files(config_dir):
        digest.update(f"\0{file.name}\0".encode())
        with file.open("rb") as content:
            hashlib.file_digest(content, lambda: digest)
    return digest.hexdigest()


def _files(config_dir: Path) -> Iterator[Path]:
    for pattern in _TABLES:
        yield from sorted(config_dir.glob(pattern))
    yield from sorted(_CODE.glob("*.py"))
    yield from (_CODE.parent / name for name in _SHARED)
