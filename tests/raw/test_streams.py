from __future__ import annotations

import gzip
import io
import random

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from assets.raw.lines import as_utf8, numbered_lines
from assets.raw.problems import LIMITS, Limits, ReadError
from assets.raw.streams import contents


def gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def zst(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


PACK = {"gz": gz, "zst": zst}
LIMIT_5K = Limits(bomb_bytes=5_000, bomb_ratio=20)


def read(data: bytes, compression: str | None, limits: Limits = LIMITS) -> tuple[bytes, str | None]:
    out = bytearray()
    try:
        for chunk in contents(io.BytesIO(data), compression, limits):
            out += chunk
    except ReadError as error:
        return bytes(out), error.problem.reason
    return bytes(out), None


def noise(size: int) -> bytes:
    return random.Random(5).randbytes(size)


@pytest.mark.parametrize("compression", ["gz", "zst"])
@given(parts=st.lists(st.binary(max_size=2000), max_size=4), padding=st.integers(0, 40))
def test_members_and_padding_come_back(compression: str, parts: list[bytes], padding: int) -> None:
    packed = b"".join(PACK[compression](p) for p in parts) + (b"\0" * padding if parts else b"")
    assert read(packed, compression) == (b"".join(parts), None)


@pytest.mark.parametrize("compression", ["gz", "zst"])
def test_large_members_come_back(compression: str) -> None:
    data = noise(700_000) + b"\n" * 300_000
    assert read(PACK[compression](data) * 2, compression) == (data * 2, None)


@pytest.mark.parametrize("compression", ["gz", "zst"])
def test_cut_off_data_gives_what_is_before_the_cut(compression: str) -> None:
    data = noise(400_000)
    packed = PACK[compression](data)
    out, reason = read(packed[: len(packed) * 3 // 5], compression)
    assert reason == "broken_compression"
    assert data.startswith(out) and len(out) > 100_000


@pytest.mark.parametrize("compression", ["gz", "zst"])
def test_damaged_data_gives_only_the_members_before(compression: str) -> None:
    first, second = b"first " * 50, noise(50_000)
    packed = bytearray(PACK[compression](first) + PACK[compression](second))
    packed[-20_000] ^= 0x55
    assert read(bytes(packed), compression) == (first, "broken_compression")


@pytest.mark.parametrize("compression", ["gz", "zst"])
def test_foreign_bytes(compression: str) -> None:
    assert read(b"plain text", compression) == (b"", "not_what_ending_says")
    assert read(b"pl", compression) == (b"", "not_what_ending_says")
    assert read(b"\0" * 100, compression) == (b"", "not_what_ending_says")
    assert read(PACK[compression](b"good") + b"rubbish", compression) == (b"good", "broken_compression")


@pytest.mark.parametrize("compression", ["gz", "zst"])
def test_bombs_give_nothing(compression: str) -> None:
    assert read(PACK[compression](b"\0" * 100_000), compression, LIMIT_5K) == (b"", "bomb")
    assert read(PACK[compression](noise(100_000)), compression, LIMIT_5K)[1] is None
    assert read(PACK[compression](b"\0" * 4_000), compression, LIMIT_5K)[1] is None


@given(st.text("ab\n\r\u2028\x85", max_size=60), st.integers(1, 7), st.integers(1, 9))
def test_only_newlines_end_lines(text: str, chunk: int, limit: int) -> None:
    data = text.encode()
    chunks = (data[i : i + chunk] for i in range(0, len(data), chunk))
    expected = io.BytesIO(data).readlines()
    assert list(numbered_lines(chunks, limit)) == [
        (n, line if len(line) <= limit else None) for n, line in enumerate(expected, 1)
    ]


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-8"])
def test_marked_streams_become_utf8(charset: str) -> None:
    data = "\ufeff계획 one\ntwo 😀".encode(charset)
    assert b"".join(as_utf8(data[i : i + 3] for i in range(0, len(data), 3))).decode() == "계획 one\ntwo 😀"


def test_marked_stream_that_is_not_what_it_says() -> None:
    with pytest.raises(ReadError) as caught:
        list(as_utf8(iter([b"\xff\xfea\0b"])))
    assert caught.value.problem.reason == "undecodable"
