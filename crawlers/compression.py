"""Undoing the compression of responses, a step at a time, so that a bomb is dropped while it is small."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli

from crawlers.refusal import Refused
from models.outcome import Reason

_STEP = 1 << 16
# Not encodings of content, but said by servers that have something else in mind: nothing is to be undone.
_NONE = {"", "identity", "none", "binary", "7bit", "8bit", "utf-8", "utf8"}


class _Stage(Protocol):
    @property
    def whole(self) -> bool: ...

    @property
    def ended(self) -> bool: ...

    def feed(self, data: bytes) -> Iterator[bytes]: ...


class Decoder:
    """Undoes the content encodings of a response, at most 64 KiB at a time. Raises Refused for what is
    broken or was not asked for."""

    def __init__(self, header: str) -> None:
        names = [name for part in header.lower().split(",") if (name := part.strip()) not in _NONE]
        if len(names) > 2:
            raise Refused(Reason.FETCH_ERROR, f"too many content encodings: {header}"[:200])
        self._stages: list[_Stage] = [_stage(name) for name in reversed(names)]

    @property
    def plain(self) -> bool:
        """Whether there is nothing to undo."""
        return not self._stages

    @property
    def whole(self) -> bool:
        """Whether what was fed is the whole of one packed body and nothing else, so that any reader of it
        finds the same bytes."""
        return len(self._stages) == 1 and self._stages[0].whole

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The decoded pieces of a chunk."""
        try:
            yield from _through(self._stages, data)
        except (zlib.error, brotli.error) as error:
            raise Refused(Reason.FETCH_ERROR, f"broken compression: {error}"[:200]) from error

    def finish(self) -> None:
        """Raise Refused unless what was fed is complete: a body that was cut off somewhere on its way keeps a
        sound length often enough."""
        if not all(stage.ended for stage in self._stages):
            raise Refused(Reason.FETCH_ERROR, "broken compression: cut off before its end", transient=True)


def _through(stages: list[_Stage], data: bytes) -> Iterator[bytes]:
    if not stages:
        yield data
        return
    for piece in stages[0].feed(data):
        yield from _through(stages[1:], piece)


def _stage(name: str) -> _Stage:
    if name in ("gzip", "x-gzip"):
        return _Zlib(31)
    if name == "deflate":
        return _Zlib(15)
    if name == "br":
        return _Brotli()
    raise Refused(Reason.FETCH_ERROR, f"content encoding that was not asked for: {name}"[:200])


class _Zlib:
    """gzip, with several members, and deflate, with and without zlib's header."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._inflater = zlib.decompressobj(wbits)
        self._fresh = True
        self._fed = False
        self._members = 1

    @property
    def whole(self) -> bool:
        inflater = self._inflater
        return self._wbits == 31 and self._members == 1 and inflater.eof and not inflater.unused_data

    @property
    def ended(self) -> bool:
        return self._inflater.eof or not self._fed

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._fed = self._fed or bool(data)
        while data:
            if self._inflater.eof:
                if self._wbits != 31 or not data.strip(b"\x00"):
                    return
                self._inflater = zlib.decompressobj(self._wbits)
                self._members += 1
            try:
                piece = self._inflater.decompress(data, _STEP)
            except zlib.error:
                if not (self._fresh and self._wbits == 15):
                    raise
                self._wbits = -15
                self._inflater = zlib.decompressobj(-15)
                continue
            self._fresh = False
            if piece:
                yield piece
            data = self._inflater.unconsumed_tail or self._inflater.unused_data


class _Brotli:
    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()
        self._fed = False

    @property
    def whole(self) -> bool:
        return bool(self._decompressor.is_finished())

    @property
    def ended(self) -> bool:
        return self.whole or not self._fed

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._fed = self._fed or bool(data)
        piece = self._decompressor.process(data, output_buffer_limit=_STEP)
        while piece:
            yield piece
            if self._decompressor.is_finished():
                return
            piece = self._decompressor.process(b"", output_buffer_limit=_STEP)
