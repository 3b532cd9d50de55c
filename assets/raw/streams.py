"""Bytes of a source: opened wherever they are, and decompressed with an eye on damage and bombs."""

from __future__ import annotations

import errno
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import zstandard

from assets.raw.problems import Limits, Problem, ReadError
from warehouse.settings import Settings

CHUNK = 1 << 18


@contextmanager
def opened(location: str) -> Iterator[IO[bytes]]:
    """The bytes at a path or address, seekable. Raises ReadError if they cannot be had."""
    try:
        stream = _open(location)
    except ReadError:
        raise
    except PermissionError:
        raise ReadError("not_permitted", "The file may not be read: permission is missing.") from None
    except FileNotFoundError:
        raise ReadError("unreadable", "The file is no longer there.") from None
    except OSError as error:
        raise ReadError("unreadable", f"The file cannot be opened ({error_name(error)}).") from None
    with stream:
        yield stream


def error_name(error: OSError) -> str:
    """The system's symbol for an error (EIO), or its class: neither depends on paths or on the language."""
    return errno.errorcode.get(error.errno or 0, type(error).__name__)


def _open(location: str) -> IO[bytes]:
    if location.startswith(("http://", "https://")):
        return _fetched(location)
    if "://" in location:
        return _remote(location)
    return Path(location).open("rb")


def _fetched(address: str) -> IO[bytes]:
    from assets.raw.fetching.web import FILE, Web  # late: most runs read local files only

    web = Web(allow_private=Settings.from_environment().allow_private_networks)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    try:
        # Some servers say of a compressed file that it is packed for the way: it is read by its ending instead.
        web.get_into(file, address, limits=FILE, unpack=not urlsplit(address).path.endswith((".gz", ".zst")))
    except BaseException:
        file.close()
        raise
    finally:
        web.close()
    file.seek(0)
    return file


def _remote(address: str) -> IO[bytes]:
    import fsspec  # late: most runs read local files only

    try:
        remote: IO[bytes] = fsspec.open(address, "rb").open()
    except OSError:
        raise
    except Exception as error:  # each file system has errors of its own
        raise ReadError("unreadable", f"The file cannot be opened ({type(error).__name__}).") from None
    return remote


def spooled(chunks: Iterator[bytes]) -> IO[bytes]:
    """Chunks in an unnamed temporary file, rewound: for readers that have to seek."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    for chunk in chunks:
        file.write(chunk)
    file.seek(0)
    return file


class _DamageError(Exception):
    """Compressed data that goes wrong; `trusted` bytes of what came out are certain."""

    def __init__(self, reason: str, detail: str, trusted: int) -> None:
        self.problem = Problem(reason, detail)
        self.trusted = trusted


class _Expansion:
    """Iterates over what compressed bytes expand to, member by member (gzip) or frame by frame (Zstandard)."""

    def __init__(self, raw: IO[bytes], compression: str, limits: Limits) -> None:
        self.raw, self.limits = raw, limits
        self.consumed = self.produced = self.members = 0
        self.verified = self.verified_at = 0  # what came out of whole members, and where in the packed bytes they end
        self.name = "gzip" if compression == "gz" else "Zstandard"
        self.magic = b"\x1f\x8b" if compression == "gz" else b"\x28\xb5\x2f\xfd"
        # A slice expands at most to some 16 MB (gzip) or 32 MB (Zstandard): memory stays bounded in a bomb too.
        self.slice = 1 << 14 if compression == "gz" else 1 << 10
        self.start: Callable[[], Any] = _start_gzip if compression == "gz" else _start_zstandard

    def __iter__(self) -> Iterator[bytes]:
        member: Any = None
        rest = b""
        while piece := self.raw.read(self.slice):
            self.consumed += len(piece)
            rest = self._without_padding(rest + piece) if member is None else piece
            while rest and (member is not None or self._begins(rest)):
                member = member or self.start()
                out = self._expand(member, rest)
                if out:
                    yield out
                rest = b""
                if member.eof:
                    self.verified, self.members = self.produced, self.members + 1
                    self.verified_at = self.consumed - len(member.unused_data)
                    rest, member = self._without_padding(member.unused_data), None
        if member is not None:
            raise _DamageError("broken_compression", f"The {self.name} data is cut off before its end.", self.produced)
        if rest:
            raise self._strange()

    def _without_padding(self, data: bytes) -> bytes:
        """Zero bytes between and after members are allowed: archives on block devices are filled up with them."""
        return data.lstrip(b"\0") if self.members else data

    def _begins(self, rest: bytes) -> bool:
        """Does a member begin here? Bytes too few to tell wait for more, others are an error."""
        if rest.startswith(self.magic):
            return True
        if len(rest) >= len(self.magic):
            raise self._strange()
        return False

    def _strange(self) -> _DamageError:
        if not self.members:
            return _DamageError("not_what_ending_says", f"The file's ending says {self.name}, its bytes do not.", 0)
        return _DamageError("broken_compression", f"Bytes that are no {self.name} data follow its end.", self.verified)

    def _expand(self, member: Any, data: bytes) -> bytes:
        try:
            out: bytes = member.decompress(data)
        except (zlib.error, zstandard.ZstdError):
            detail = f"The {self.name} data is damaged, and what came out of the damaged part cannot be trusted."
            raise _DamageError("broken_compression", detail, self.verified) from None
        self.produced += len(out)
        if self.produced > self.limits.bomb_bytes and self.produced > self.limits.bomb_ratio * self.consumed:
            detail = f"The {self.name} data expands more than {self.limits.bomb_ratio} times and is not read."
            raise _DamageError("bomb", detail, 0)
        return out


def _start_gzip() -> Any:
    return zlib.decompressobj(wbits=31)


def _start_zstandard() -> Any:
    return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()


def contents(raw: IO[bytes], compression: str | None, limits: Limits) -> Iterator[bytes]:
    """The file's content in chunks. Raises ReadError where compressed data goes wrong.

    Compressed data is gone through once before anything of it is handed on: only that tells whether its checksum
    fits, and a record read from a damaged stream may be wrong without looking so. Of a stream that is merely cut
    off everything up to the cut is handed on; of one whose checksum does not fit, only the members before.
    """
    if compression is None:
        yield from iter(lambda: _read(raw), b"")
        return
    trusted, problem = _inspect(raw, compression, limits)
    yield from _expanded(raw, 0, trusted, compression, limits)
    if problem is not None:
        raise ReadError(problem.reason, problem.detail)


def _expanded(raw: IO[bytes], start: int, size: int, compression: str, limits: Limits) -> Iterator[bytes]:
    """The first `size` bytes of what the data from `start` on expands to."""
    raw.seek(start)
    pieces = iter(_Expansion(raw, compression, limits))
    while size > 0:
        piece = next(pieces)[:size]
        size -= len(piece)
        yield piece


def salvaged(raw: IO[bytes], limits: Limits) -> tuple[Iterator[bytes], list[Problem]]:
    """The content of a gzip file in chunks, without the members that are damaged, and what is wrong with those.

    For files whose members are records of their own, as in web archives: what follows a damaged one can be read.
    Raises ReadError for a file that is no gzip file, or a bomb.
    """
    parts, problems = list[tuple[int, int, int]](), list[Problem]()
    start: int | None = 0
    while start is not None:
        raw.seek(start)
        expansion = _Expansion(raw, "gz", limits)
        damage = _damage_in(expansion, start)
        is_member = start == 0 or expansion.members > 0
        if is_member and parts:
            parts[-1] = (parts[-1][0], parts[-1][2], parts[-1][2])  # it was no cut: more follows
        if is_member:
            trusted = damage.trusted if damage else expansion.produced
            parts.append((start, trusted, expansion.verified))
        if damage is None:
            break
        at = start + expansion.verified_at
        if is_member:
            problems.append(replace(damage.problem, detail=f"{damage.problem.detail[:-1]} (from byte {at:,} on)."))
        start = _next_member(raw, at + 1)
    pieces = (_expanded(raw, begin, size, "gz", limits) for begin, size, _ in parts)
    return chain.from_iterable(pieces), problems


def _damage_in(expansion: _Expansion, start: int) -> _DamageError | None:
    try:
        for _ in expansion:
            pass
    except _DamageError as damage:
        if damage.problem.reason == "bomb" or (damage.problem.reason == "not_what_ending_says" and start == 0):
            raise ReadError(damage.problem.reason, damage.problem.detail) from None
        return damage
    except OSError as error:
        raise ReadError("unreadable", f"Reading the file fails ({error_name(error)}).") from None
    return None


def _next_member(raw: IO[bytes], start: int) -> int | None:
    """Where from `start` on bytes look like the beginning of a gzip member."""
    magic, held, offset = b"\x1f\x8b\x08", b"", start
    raw.seek(start)
    while piece := _read(raw):
        held += piece
        if (at := held.find(magic)) >= 0:
            return offset + at
        offset, held = offset + len(held) - 2, held[-2:]
    return None


def _read(raw: IO[bytes]) -> bytes:
    try:
        return raw.read(CHUNK)
    except Exception as error:  # each remote file system has errors of its own
        name = error_name(error) if isinstance(error, OSError) else type(error).__name__
        raise ReadError("unreadable", f"Reading the file fails ({name}).") from None


def _inspect(raw: IO[bytes], compression: str, limits: Limits) -> tuple[int, Problem | None]:
    """How many bytes of the expanded content can be trusted, and what is wrong after them."""
    expansion = _Expansion(raw, compression, limits)
    try:
        for _ in expansion:
            pass
    except _DamageError as damage:
        return damage.trusted, damage.problem
    except OSError as error:
        return 0, Problem("unreadable", f"Reading the file fails ({error_name(error)}).")
    return expansion.produced, None
