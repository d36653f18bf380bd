from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.files import whole, write_whole


def test_a_file_is_as_it_was_until_the_block_that_writes_it_has_ended(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "weights.toml"
    write_whole(file, b"before")  # and the folder
    with whole(file) as part:
        part.write_text("after")
        assert file.read_text() == "before"
    assert file.read_text() == "after"
    assert list(file.parent.iterdir()) == [file]


def test_a_block_that_fails_leaves_the_file_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "weights.toml"
    file.write_text("before")

    def fail() -> None:
        with whole(file) as part:
            part.write_text("half")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        fail()
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with whole(pipe) as place:
        place.write_bytes(b"through")
    assert os.read(reader, 100) == b"through"
    assert pipe.is_fifo()
    os.close(reader)
