"""The archive of raw responses."""

from __future__ import annotations

import gzip
import os
import resource
import signal
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.archive import ArchiveReader, ArchiveWriter, Recorded
from crawlers.compression import Decoder
from crawlers.refusal import Refused
from models.errors import ConfigError, StoreError

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def recorded(url: str, body: bytes = b"x", at: datetime = NOON, status: int = 200) -> Recorded:
    return Recorded(
        url=url, status=status, headers=(("Content-Type", "text/html"),), body=body, recorded_at=at
    )


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    body = "Bản tin Đà Nẵng".encode() * 500
    with ArchiveWriter(tmp_path) as writer:
        writer.write(recorded("https://a.example/x", body, status=404))
    found = ArchiveReader([tmp_path]).lookup("https://a.example/x")
    assert found is not None
    assert (found.status, found.body, found.recorded_at) == (404, body, NOON)
    assert ("Content-Type", "text/html") in found.headers


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_body_that_came_packed_is_kept_as_it_came(tmp_path: Path, encoding: str) -> None:
    body = b"<p>" + os.urandom(30_000).hex().encode()
    packed = gzip.compress(body) if encoding == "gzip" else brotli.compress(body)
    headers = (("Content-Type", "text/html"), ("Content-Encoding", encoding))
    url = "https://a.example/x"
    response = Recorded(url=url, status=200, headers=headers, body=body, recorded_at=NOON, packed=packed)
    with ArchiveWriter(tmp_path) as writer:
        writer.write(response)
    (file,) = tmp_path.iterdir()
    assert packed in gzip.decompress(file.read_bytes())
    found = ArchiveReader([tmp_path]).lookup(url)
    assert found is not None
    assert (found.body, found.headers) == (body, headers[:1])
    file.write_bytes(file.read_bytes()[:-5000])
    assert ArchiveReader([tmp_path]).lookup(url) is None


def test_only_a_sound_body_in_one_compression_is_kept_packed() -> None:
    whole = gzip.compress(b"Tin")
    for header, data, kept in (
        ("gzip", whole, True),
        ("br", brotli.compress(b"Tin"), True),
        ("gzip", whole[:-2], False),
        ("gzip", whole + whole, False),
        ("gzip", whole + b"x" * 9, False),
        ("deflate", zlib.compress(b"Tin"), False),
        ("gzip, br", brotli.compress(whole), False),
        ("", b"Tin", False),
    ):
        decoder = Decoder(header)
        with suppress(Refused):
            assert list(decoder.feed(data))
        assert decoder.whole is kept, header


def test_the_latest_record_before_the_moment_answers_else_the_earliest(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path) as writer:
        for day in (2, 0, 1):
            writer.write(recorded("https://a.example/", b"day %d" % day, NOON + timedelta(days=day)))
    reader = ArchiveReader([tmp_path])

    def body(now: datetime | None) -> bytes:
        found = reader.lookup("https://a.example/", now)
        assert found is not None
        return found.body

    assert body(NOON + timedelta(days=1, hours=1)) == b"day 1"
    assert body(NOON - timedelta(days=9)) == b"day 0"
    assert body(None) == b"day 2"


def test_an_address_that_was_not_recorded_is_none(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path) as writer:
        writer.write(recorded("https://a.example/x"))
    assert ArchiveReader([tmp_path]).lookup("https://a.example/y") is None


def test_scheme_and_fragment_make_no_difference_but_the_query_does(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path) as writer:
        writer.write(recorded("http://A.example:80/x?id=1"))
    reader = ArchiveReader([tmp_path])
    assert reader.lookup("https://a.example/x?id=1#top") is not None
    assert reader.lookup("https://a.example/x?id=2") is None


def test_a_full_file_is_followed_by_the_next(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, max_bytes=2000) as writer:
        for number in range(12):
            writer.write(recorded(f"https://a.example/{number}", os.urandom(500)))
    files = list(tmp_path.iterdir())
    assert len(files) > 2
    assert all(file.stat().st_size <= 2000 for file in files)
    assert len(ArchiveReader([tmp_path])) == 12


@pytest.mark.parametrize("cut", [1, 9, 60, 300])
def test_a_torn_end_costs_only_the_record_that_it_tore(tmp_path: Path, cut: int) -> None:
    with ArchiveWriter(tmp_path) as writer:
        for number in range(3):
            writer.write(recorded(f"https://a.example/{number}", os.urandom(400)))
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-cut])
    reader = ArchiveReader([tmp_path])
    assert reader.lookup("https://a.example/0") is not None
    assert reader.lookup("https://a.example/1") is not None
    assert (reader.lookup("https://a.example/2") is None) == (cut > 9)  # shorter cuts only hit the checksum


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """A disk that takes a part of what is written and no more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_write_that_failed_half_way_costs_no_other_record(tmp_path: Path) -> None:
    numbers = range(20)
    with ArchiveWriter(tmp_path) as writer:
        writer.write(recorded("https://a.example/first"))
        with files_of_at_most(5000), pytest.raises(StoreError, match="cannot be archived") as raised:
            writer.write(recorded("https://a.example/torn", os.urandom(20_000)))
        for number in numbers:
            writer.write(recorded(f"https://a.example/{number}", b"body %d" % number))
    assert ".warc.gz" in str(raised.value)
    assert "archive_keep_days" in str(raised.value)
    reader = ArchiveReader([tmp_path])
    assert (len(reader), reader.problems) == (21, [])
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_that_could_not_even_be_begun_is_not_left(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path) as writer:
        with files_of_at_most(9), pytest.raises(StoreError):
            writer.write(recorded("https://a.example/torn"))
        writer.write(recorded("https://a.example/x"))
    assert len(list(tmp_path.iterdir())) == 1
    assert len(ArchiveReader([tmp_path])) == 1


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
@pytest.mark.parametrize("cut", [1, 9, 60, 2000, 4000])
def test_a_record_torn_in_the_middle_of_a_file_costs_only_itself_and_is_told(
    tmp_path: Path, cut: int, packed: bool
) -> None:
    """As a writer without room would leave it, did it go on in the same file."""

    def response(name: str) -> Recorded:
        body = os.urandom(4000).hex().encode()
        if not packed:
            return recorded(f"https://a.example/{name}", body)
        headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
        return replace(
            recorded(f"https://a.example/{name}", body), headers=headers, packed=gzip.compress(body)
        )

    def written(folder: str, *names: str) -> bytes:
        with ArchiveWriter(tmp_path / folder) as writer:
            for name in names:
                writer.write(response(name))
        assert writer.path is not None
        return writer.path.read_bytes()

    before = written("before", "0", "1", "torn")
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(before[:-cut] + written("after", "2", "3", "4"))
    reader = ArchiveReader([torn])
    found = {name: reader.lookup(f"https://a.example/{name}") for name in ("0", "1", "torn", "2", "3", "4")}
    assert [name for name, each in found.items() if each is None] == ["torn"]
    assert len(reader.problems) == 1
    assert reader.problems[0].startswith("torn.warc.gz: torn after ")


def test_a_killed_writer_loses_nothing_that_it_had_written(tmp_path: Path) -> None:
    program = (
        "import sys, os\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from crawlers.archive import ArchiveWriter, Recorded\n"
        "writer = ArchiveWriter(Path(sys.argv[1]))\n"
        "for n in range(10**6):\n"
        "    writer.write(Recorded(url=f'https://a.example/{n}', status=200, headers=(),"
        " body=os.urandom(9000), recorded_at=datetime(2026, 1, 1, tzinfo=UTC)))\n"
        "    print(n, flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    written = [int(process.stdout.readline()) for _ in range(40)]
    process.send_signal(signal.SIGKILL)
    written += [int(line) for line in process.stdout.read().splitlines() if line.isdigit()]
    process.wait()
    reader = ArchiveReader([tmp_path])
    assert all(reader.lookup(f"https://a.example/{number}") for number in written)


def test_records_of_other_tools_are_read_with_their_encodings(tmp_path: Path) -> None:
    body = b"<html>" + b"tin " * 300
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    with (tmp_path / "other.warc.gz").open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url, payload, header in (
            ("https://a.example/gzip", gzip.compress(body), ("Content-Encoding", "gzip")),
            ("https://a.example/chunked", chunked, ("Transfer-Encoding", "chunked")),
        ):
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), header], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(url, "response", payload=BytesIO(payload), http_headers=http)
            )
        writer.write_record(
            writer.create_warc_record(
                "https://a.example/resource", "resource", payload=BytesIO(body), warc_content_type="text/html"
            )
        )
    reader = ArchiveReader([tmp_path / "other.warc.gz"])
    for name in ("gzip", "chunked", "resource"):
        found = reader.lookup(f"https://a.example/{name}")
        assert found is not None
        assert found.body == body, name


def test_an_uncompressed_archive_is_read_too(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path / "packed") as writer:
        writer.write(recorded("https://a.example/x", b"body"))
    (packed,) = (tmp_path / "packed").iterdir()
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    found = ArchiveReader([plain]).lookup("https://a.example/x")
    assert found is not None
    assert found.body == b"body"


@pytest.mark.parametrize("content", [b"not an archive at all", b"\x1f\x8b broken"])
def test_a_file_that_is_no_archive_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.warc.gz"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=r"x\.warc\.gz"):
        ArchiveReader([file])
    with pytest.raises(ConfigError, match="absent"):
        ArchiveReader([tmp_path / "absent.warc.gz"])


def test_an_archive_that_was_packed_as_one_piece_is_read_too(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path) as writer:
        for number in range(3):
            writer.write(recorded(f"https://a.example/{number}", b"body %d" % number))
        written = writer.path
    assert written is not None
    whole = tmp_path / "whole.warc.gz"
    whole.write_bytes(gzip.compress(gzip.decompress(written.read_bytes())))
    found = ArchiveReader([whole]).lookup("https://a.example/2")
    assert found is not None
    assert found.body == b"body 2"


@pytest.mark.parametrize(
    "asked", ["https://a.example/đà-nẵng", "https://a.example/%c4%91%C3%A0-n%E1%BA%B5ng"]
)
def test_an_address_is_found_however_its_letters_are_escaped(tmp_path: Path, asked: str) -> None:
    with ArchiveWriter(tmp_path) as writer:
        writer.write(recorded("https://a.example/đà-nẵng"))
    assert ArchiveReader([tmp_path]).lookup(asked) is not None
