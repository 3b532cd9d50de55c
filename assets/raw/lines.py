"""Lines of a stream of bytes in bounded memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from assets.raw.decoding import MARKS
from assets.raw.problems import ReadError


def numbered_lines(chunks: Iterator[bytes], limit: int, newline: bytes = b"\n") -> Iterator[tuple[int, bytes | None]]:
    """Lines with their number from 1 and their newline, None for one longer than `limit` bytes.

    Only `newline` (one byte) ends a line: texts hold other separators (U+2028, a lone carriage return). Errors of
    `chunks` pass through, and a line that they cut off is not handed on.
    """
    number, parts, size = 1, list[bytes](), 0
    for chunk in chunks:
        start = 0
        while (end := chunk.find(newline, start) + 1) > 0:
            size += end - start
            parts.append(chunk[start:end])
            yield number, (b"".join(parts) if size <= limit else None)
            number, parts, size, start = number + 1, [], 0, end
        size += len(chunk) - start
        parts = [*parts, chunk[start:]] if size <= limit else []
    if size:
        yield number, (b"".join(parts) if size <= limit else None)


def as_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The stream in UTF-8 without its byte order mark; UTF-16 and UTF-32 are told by theirs."""
    first = next(chunks, b"")
    while len(first) < 4 and (more := next(chunks, b"")):
        first += more
    mark, charset = next(((m, c) for m, c in MARKS if first.startswith(m)), (b"", "utf-8"))
    first = first[len(mark) :]
    if charset == "utf-8":
        yield first
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(charset)()
    try:
        yield decoder.decode(first).encode()
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        decoder.decode(b"", final=True)
    except UnicodeError:
        raise ReadError("undecodable", f"The bytes are not valid {charset}, which they are marked as.") from None


def charset_of(head: bytes) -> str:
    """The charset the first bytes are marked as, UTF-8 without a mark."""
    return next((charset for mark, charset in MARKS if head.startswith(mark)), "utf-8")
