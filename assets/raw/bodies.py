"""Bodies of HTTP answers: what a server packed for the way, unpacked within bounds."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import zstandard

from assets.raw.problems import LIMITS, ReadError

PLAIN = frozenset({"", "identity", "none", "utf-8"})  # the last two are no codings, but servers name them
READ = "gzip, deflate"
_STEP = 1 << 18


def unpacked(chunks: Iterable[bytes], coding: str, limit: int) -> Iterator[bytes]:
    """The body in chunks, freed of its Content-Encoding (gzip, deflate, zstd or none).

    At most `limit` bytes come out, whatever the packed data claims. Raises ReadError `too_large` or, where little
    data expands to that much, `bomb`; `broken_compression` if it is damaged or cut off; `unsupported_type` for
    another coding, or several on top of one another.
    """
    coding = coding.strip().lower()
    consumed = produced = 0
    unpack = None if coding in PLAIN else _unpacker(coding)
    for chunk in chunks:
        consumed += len(chunk)
        for piece in (chunk,) if unpack is None else unpack.pieces(chunk):
            produced += len(piece)
            if produced > limit:
                raise _too_much(limit, consumed)
            yield piece
    if unpack is not None and consumed and not unpack.complete:
        raise ReadError("broken_compression", f"The {coding} data of the answer is cut off before its end.")


def _too_much(limit: int, consumed: int) -> ReadError:
    if limit > LIMITS.bomb_ratio * consumed:
        return ReadError("bomb", f"The answer expands more than {LIMITS.bomb_ratio} times and is not read.")
    return ReadError("too_large", f"The answer is larger than {limit:,} bytes.")


def _unpacker(coding: str) -> _Zlib | _Zstandard:
    if coding in {"gzip", "x-gzip", "deflate"}:
        return _Zlib(coding)
    if coding == "zstd":
        return _Zstandard()
    raise ReadError("unsupported_type", f"The answer is packed as {coding[:40]!r}, which was not asked for.")


class _Zlib:
    """gzip, and deflate both with its header and, as some servers send it, without."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._inflate: Any = zlib.decompressobj(wbits=31 if coding != "deflate" else 15)
        self._begun = False

    @property
    def complete(self) -> bool:
        return bool(self._inflate.eof)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if not self._begun and self._coding == "deflate" and data[0] & 0x0F != 8:
            self._inflate = zlib.decompressobj(wbits=-15)
        self._begun = True
        while data and not self._inflate.eof:
            try:
                piece = self._inflate.decompress(data, _STEP)
            except zlib.error:
                raise _damaged(self._coding) from None
            data = self._inflate.unconsumed_tail
            if piece:
                yield piece
            if self._inflate.eof and self._inflate.unused_data.startswith(b"\x1f\x8b"):
                data = self._inflate.unused_data
                self._inflate = zlib.decompressobj(wbits=31)


class _Zstandard:
    """Zstandard; small slices keep what one of them expands to small."""

    def __init__(self) -> None:
        self._expand = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()

    @property
    def complete(self) -> bool:
        return bool(self._expand.eof)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), 1 << 10):
            if self._expand.eof:
                return
            try:
                piece = self._expand.decompress(data[start : start + (1 << 10)])
            except zstandard.ZstdError:
                raise _damaged("zstd") from None
            if piece:
                yield piece


def _damaged(coding: str) -> ReadError:
    return ReadError("broken_compression", f"The {coding} data of the answer is damaged.")
