"""Files that appear only when they are whole, and whether files are what they were."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

Stamps = tuple[tuple[str, int, int], ...]


def stamps(folder: Path) -> Stamps:
    """Path, size in bytes and time in nanoseconds of every file below a folder, by path: another answer means
    that something in it was changed, added or removed."""
    files = ((str(file), file.stat()) for file in sorted(folder.rglob("*")) if file.is_file())
    return tuple((path, stat.st_size, stat.st_mtime_ns) for path, stat in files)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place beside `path` to write to. What stands there when the block ends is moved to `path`, so that no
    reader sees half of it; when the block fails, it is removed and `path` is as it was. What is no file, as
    /dev/stdout, is written to as it is. Raises OSError."""
    if path.exists() and not path.is_file():
        yield path
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write a file, and the folders that it needs; it is on the disk, not only in its cache, before it
    appears. `mode` is who may read it, as far as the process lets them. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, mode)

    with whole(path) as part, open(part, "wb", opener=opener) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
