"""The archive of raw responses: WARC files (ISO 28500), written as pages arrive and read back for replay.

Each record is its own gzip member, written with one call and only ever at the end of a file that this process
made. So a killed writer can leave no more than one torn member, at the end of its own file. A writer that
fails, as on a full disk, cuts its file behind the last whole one and goes on in another. The reader takes
what stands before a torn member and behind it, and tells of the tear.

A body that came whole in one compression is kept as it came, as other archives keep it: packing it again
would take longer than all else that is done with it. Others are kept decoded (`Content-Encoding` is dropped)
and packed here. `Transfer-Encoding` is never kept.
"""

from __future__ import annotations

import gzip
import io
import mmap
import os
import re
import shutil
import tempfile
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import urlsplit

from w3lib.url import safe_url_string
from warcio.archiveiterator import WARCIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.compression import Decoder
from crawlers.refusal import Refused
from models.errors import ConfigError, StoreError
from pipeline.dates import read_time

_HOP_HEADERS = {
    "content-encoding",
    "transfer-encoding",
    "content-length",
    "connection",
    "keep-alive",
    "set-cookie",
}
_GZIP_LEVEL = 6
_PACKED_LEVEL = 0  # of records whose body is packed already
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_MAX_RECORD = 64 << 20
_MEMBER = b"\x1f\x8b\x08"
"""How a gzip member begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One recorded response. `headers` keep the order and spelling of the wire; `body` is decoded;
    `recorded_at` is aware UTC. `packed` is the body as it came, if it came in one compression that was
    sound, else empty."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    recorded_at: datetime
    packed: bytes = b""


class ResponseWriter(Protocol):
    """Takes every response of a live crawl."""

    def write(self, response: Recorded) -> None:
        """Keep a response, or not. Raises StoreError if it should be kept and cannot."""
        ...


class ArchiveWriter:
    """Writes responses into `folder`, a new file whenever the current one exceeds `max_bytes`.

    Safe to call from several threads. Each process and each writer makes its own files.
    """

    def __init__(self, folder: Path, max_bytes: int = 1 << 30, *, software: str = "diembao") -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._software = software
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._file: io.FileIO | None = None
        self._size = 0
        self.path: Path | None = None

    def write(self, response: Recorded) -> None:
        """Add a response; when this returns, the record has been handed to the operating system.

        Raises StoreError if it cannot be written; no part of it is left before the records that follow."""
        dropped = _HOP_HEADERS - {"content-encoding"} if response.packed else _HOP_HEADERS
        kept = [pair for pair in response.headers if pair[0].lower() not in dropped]
        body = response.packed or response.body
        kept.append(("Content-Length", str(len(body))))
        http = StatusAndHeaders(
            f"{response.status} {_phrase(response.status)}", _latin(kept), protocol="HTTP/1.1"
        )
        warc = {"WARC-Date": f"{response.recorded_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
        member = _member(
            lambda writer: writer.create_warc_record(
                response.url,
                "response",
                payload=io.BytesIO(body),
                http_headers=http,
                warc_headers_dict=warc,
            ),
            _PACKED_LEVEL if response.packed else _GZIP_LEVEL,
        )
        with self._lock:
            try:
                self._append(member, response.recorded_at)
            except OSError as error:
                self._give_up()
                raise StoreError(
                    f"the response cannot be archived ({error.strerror or error})",
                    about=str(self.path or self._folder),
                    hint="make room for it, or keep raw responses for fewer days: archive_keep_days",
                ) from error

    def close(self) -> None:
        """Close the current file; the next write opens a new one."""
        with self._lock:
            self._close()

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _append(self, member: bytes, at: datetime) -> None:
        if self._file is not None and self._size + len(member) > self._max_bytes:
            self._close()
        if self._file is None:
            self._open(at)
        self._put(member)

    def _put(self, member: bytes) -> None:
        """Write a record at the end of the current file. A full disk takes a part of one first."""
        assert self._file is not None
        rest = memoryview(member)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._size += len(member)

    def _give_up(self) -> None:
        """After a failed write, close the file behind its last whole record; the next opens another."""
        if self._file is None:
            return
        with suppress(OSError):
            self._file.truncate(self._size)
        with suppress(OSError):
            self._close()
        self._file = None
        if not self._size and self.path is not None:
            with suppress(OSError):
                self.path.unlink()

    def _open(self, at: datetime) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        while True:
            path = self._folder / f"diembao-{at:%Y%m%d%H%M%S}-{os.getpid()}-{next(self._numbers):05d}.warc.gz"
            try:
                self._file = path.open("xb", buffering=0)
                break
            except FileExistsError:
                continue
        self.path = path
        info = {"software": self._software, "format": "WARC File Format 1.1"}
        self._size = 0
        self._put(_member(lambda writer: writer.create_warcinfo_record(path.name, info)))

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _member(make: Any, level: int = _GZIP_LEVEL) -> bytes:
    """One record as one gzip member."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    writer.write_record(make(writer))
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(buffer.getvalue()) + packer.flush()


def _latin(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, " ".join(value.split())) for name, value in headers]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record stands."""

    recorded_at: datetime
    path: Path
    offset: int


class ArchiveReader:
    """Finds recorded responses by address and time. Keeps only an index in memory; bodies are read when
    asked for."""

    def __init__(self, paths: Iterable[Path]) -> None:
        """Index the given files; a folder stands for its `*.warc` and `*.warc.gz`.

        Raises ConfigError for a path that is not there or holds no record at all. Of a file that is
        torn somewhere the other records are read, and `problems` tells of it.
        """
        self._places: dict[str, list[_Place]] = {}
        self.problems: list[str] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        for path in _files(paths):
            self._index(path)
        for places in self._places.values():
            places.sort(key=lambda place: place.recorded_at)

    def __len__(self) -> int:
        return sum(map(len, self._places.values()))

    def urls(self) -> list[str]:
        """All recorded addresses, in the form in which they are compared."""
        return list(self._places)

    def lookup(self, url: str, now: datetime | None = None) -> Recorded | None:
        """The newest record of `url` dated at or before `now`, else its earliest one; None if there is
        none. The scheme, a fragment and the port that the scheme implies make no difference."""
        places = self._places.get(_key(url), [])
        past = [place for place in places if now is None or place.recorded_at <= now]
        for place in (*reversed(past), *places[len(past) :]):
            found = _read(place)
            if found is not None:
                return found
        return None

    def _index(self, path: Path) -> None:
        """Index a file, and what follows after a torn record in it."""
        seen, at = 0, 0
        with path.open("rb") as stream:
            while True:
                offsets, error = self._index_from(stream, at, path)
                seen += len(offsets)
                if error is not None and not seen:
                    raise ConfigError(
                        f"not a WARC file: {error}"[:300],
                        about=str(path),
                        hint="give a .warc or .warc.gz file",
                    ) from error
                if "chunk" in str(error).lower():  # packed as one piece by other tools: unpack it whole
                    self._index(self._unpacked(path))
                    return
                tear = _tear(stream, offsets[-1] if offsets else at)
                if tear is None and error is None:
                    return
                self.problems.append(f"{path.name}: torn after {seen} records")
                further = None if tear is None else _further(stream, tear)
                if further is None:
                    return
                if tear in offsets:  # what it seems to hold are bytes of those that follow
                    self._forget(path, tear)
                at = further

    def _index_from(self, stream: BinaryIO, at: int, path: Path) -> tuple[list[int], Exception | None]:
        """Index the records from `at` on; where each begins, and the error that ended it."""
        offsets: list[int] = []
        stream.seek(at)
        try:
            records = WARCIterator(stream)
            for record in records:
                offsets.append(records.get_record_offset())
                self._add(record, path, offsets[-1])
        except (ArchiveLoadFailed, zlib.error, EOFError, OSError, ValueError, UnicodeError) as error:
            return offsets, error
        return offsets, None

    def _forget(self, path: Path, offset: int) -> None:
        for places in self._places.values():
            places[:] = [place for place in places if (place.path, place.offset) != (path, offset)]

    def _unpacked(self, path: Path) -> Path:
        """The file unpacked into a temporary one, which lives as long as this reader."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="diembao-archive-")
        target = Path(self._folder.name) / f"{len(self._places)}-{path.name.removesuffix('.gz')}"
        with gzip.open(path) as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        return target

    def _add(self, record: Any, path: Path, offset: int) -> None:
        url = record.rec_headers.get_header("WARC-Target-URI")
        if record.rec_type not in ("response", "resource") or not url:
            return
        date = read_time(record.rec_headers.get_header("WARC-Date") or "")
        at = date.at if date else datetime(1970, 1, 1, tzinfo=UTC)
        self._places.setdefault(_key(url.strip("<>")), []).append(_Place(at, path, offset))


def _tear(stream: BinaryIO, offset: int) -> int | None:
    """Where the record begins that is torn: the one at `offset`, which is the last that was read, or what
    follows it; None if that is the whole end of the file, or the file is not packed."""
    stream.seek(offset)
    if stream.read(len(_MEMBER)) != _MEMBER:
        return None
    stream.seek(offset)
    unpacker = zlib.decompressobj(31)
    try:
        while piece := stream.read(1 << 14):
            unpacker.decompress(piece)
            if unpacker.eof:
                end = stream.tell() - len(unpacker.unused_data)
                return end if end < stream.seek(0, os.SEEK_END) else None
    except zlib.error:
        pass
    return offset


def _further(stream: BinaryIO, tear: int) -> int | None:
    """Where the first record behind a torn one begins; None if there is none. Bodies that are packed look
    like records, and hold other text."""
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(_MEMBER, tear + 1)
        while at >= 0:
            with suppress(zlib.error):
                if zlib.decompressobj(31).decompress(data[at : at + 1024], 5) == b"WARC/":
                    return at
            at = data.find(_MEMBER, at + 1)
    return None


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(child for child in path.iterdir() if child.name.endswith((".warc", ".warc.gz")))
        elif path.is_file():
            yield path
        else:
            raise ConfigError("no such file", about=str(path), hint="give the path of a .warc.gz file")


def _key(url: str) -> str:
    """The address as compared: no scheme, no fragment, lower-case host without an implied port."""
    try:
        parts = urlsplit(safe_url_string(url.strip()))
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").rstrip(".")
    suffix = f":{port}" if port and port not in (80, 443) else ""
    asked = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return f"{host}{suffix}{_ESCAPE.sub(lambda found: found.group().upper(), asked)}"


def _read(place: _Place) -> Recorded | None:
    """The record at `place`; None if it is torn or larger than any record of ours."""
    try:
        with place.path.open("rb") as stream:
            stream.seek(place.offset)
            record = next(iter(WARCIterator(stream)))
            body = _body(record)
            declared = int(record.rec_headers.get_header("Content-Length") or 0)
            if len(body) > _MAX_RECORD or (declared and _is_short(record, body)):
                return None
    except (StopIteration, ArchiveLoadFailed, Refused, zlib.error, EOFError, OSError, ValueError):
        return None
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    http = record.http_headers
    if http is None:  # a resource record: a body without a response around it
        kind = record.rec_headers.get_header("Content-Type") or ""
        return Recorded(
            url=url, status=200, headers=(("Content-Type", kind),), body=body, recorded_at=place.recorded_at
        )
    headers = tuple(
        (str(name), str(value)) for name, value in http.headers if name.lower() not in _HOP_HEADERS
    )
    status = int(http.get_statuscode() or 0)
    return Recorded(url=url, status=status, headers=headers, body=body, recorded_at=place.recorded_at)


def _body(record: Any) -> bytes:
    """The unpacked body of a record, one byte more than the largest of ours at most."""
    http = record.http_headers
    if http is None or (http.get_header("Content-Encoding") or "").strip().lower() != "br":
        return bytes(record.content_stream().read(_MAX_RECORD + 1))
    http.remove_header("Content-Encoding")  # warcio's way with Brotli does not know the present library
    packed, body = record.content_stream().read(_MAX_RECORD), bytearray()
    http.headers.append(("Content-Encoding", "br"))
    for piece in Decoder("br").feed(packed):
        body += piece
        if len(body) > _MAX_RECORD:
            break
    return bytes(body)


def _is_short(record: Any, body: bytes) -> bool:
    """Whether fewer bytes came than the record's own HTTP length names: a torn member."""
    http = record.http_headers
    if http is None or http.get_header("Transfer-Encoding"):
        return False
    if http.get_header("Content-Encoding"):  # the length is that of the packed body
        return bool(getattr(record.raw_stream, "limit", 0))
    length = http.get_header("Content-Length")
    return bool(length and length.isdigit() and len(body) < int(length))
