"""Web archives: WARC with the answers of servers, WET with the texts made of them; one record per document.

Records are cut out of the stream here and parsed by fastwarc one at a time, so that a broken one costs itself only
and no more than one is in memory.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from fastwarc.stream_io import BrotliReader
from fastwarc.warc import WarcRecord, WarcRecordType

from assets.raw.bodies import unpacked
from assets.raw.decoding import decode
from assets.raw.problems import Limits, Problem, ReadError
from assets.raw.records import Record

_BEGIN = b"WARC/1."
_BEGIN_LINE = re.compile(rb"WARC/1\.\d\r\n")
_HEAD_BYTES = 65_536
_LENGTH = re.compile(rb"\r\nContent-Length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_TYPE = re.compile(rb"\r\nWARC-Type:[ \t]*(response|resource|conversion)[ \t]*\r\n", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}[ \t]*(?:;[^\r\n]{0,200})?\r\n")
_NAME_OF_TYPE = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text"}
_PACKED = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd", "deflate": b"\x78"}


def warc_records(chunks: Iterator[bytes], limits: Limits) -> Iterator[Record | Problem]:
    """Records and problems in the order of the archive, numbered from 1.

    Documents are responses of status 200 and resources that are HTML or plain text, and conversions to plain text;
    everything else (requests, redirects, images, metadata) is passed over. Raises ReadError if the file is no web
    archive, or where the stream ends badly.
    """
    for number, cut in enumerate(_Archive(chunks, limits).records(), 1):
        if isinstance(cut, bytes):
            found = _document(cut, number, limits)
        else:
            found = Problem(cut.reason, f"Record {number} {cut.detail}", f"#{number}") if cut else None
        if found is not None:
            yield found


class _Archive:
    """Cuts a stream into records."""

    def __init__(self, chunks: Iterator[bytes], limits: Limits) -> None:
        self._chunks, self._limits = chunks, limits
        self._held = bytearray()
        self._ended = False

    def records(self) -> Iterator[bytes | Problem | None]:
        """The bytes of each record that may hold a document, None for another, a problem for a broken one."""
        self._fill(_HEAD_BYTES)
        if not self._held.lstrip(b"\r\n").startswith(_BEGIN):
            raise ReadError("not_what_ending_says", "The file's ending says web archive, its bytes do not.")
        while self._skip_padding():
            yield self._next()

    def _fill(self, size: int) -> bool:
        """Hold at least `size` bytes; False if the stream ends before."""
        while len(self._held) < size and not self._ended:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._ended = True
            else:
                self._held += chunk
        return len(self._held) >= size

    def _skip_padding(self) -> bool:
        """Drop the empty lines between records; False at the end."""
        while self._fill(1):
            head = bytes(self._held[:256])
            padding = len(head) - len(head.lstrip(b"\r\n"))
            del self._held[:padding]
            if padding < len(head):
                return True
        return False

    def _next(self) -> bytes | Problem | None:
        self._fill(_HEAD_BYTES)
        end = self._held.find(b"\r\n\r\n", 0, _HEAD_BYTES) + 4
        head = bytes(self._held[:end]) if end > 3 and self._held.startswith(_BEGIN) else b""
        length = _LENGTH.search(head)
        if length is None or _BEGIN_LINE.search(head, 1):
            return self._broken("has no header that can be read", len(_BEGIN))
        size = len(head) + int(length[1])
        wanted = _TYPE.search(head) is not None
        if size > self._limits.line_bytes:
            self._pass_over(size)
            return Problem("too_large", f"is larger than {self._limits.line_bytes:,} bytes.") if wanted else None
        if not self._fill(size):
            return self._broken("ends before the length that it states", len(head))
        self._fill(size + 4 + len(_BEGIN))
        after = bytes(self._held[size : size + 4 + len(_BEGIN)])
        bare = after.lstrip(b"\r\n")
        if bare and not after.startswith(b"\r\n\r\n") and not _BEGIN.startswith(bare[: len(_BEGIN)]):
            return self._broken("does not end where its length says", len(head))
        record = bytes(self._held[:size]) if wanted else None
        del self._held[:size]
        return record

    def _pass_over(self, size: int) -> None:
        while size and self._fill(1):
            step = min(size, len(self._held))
            del self._held[:step]
            size -= step

    def _broken(self, detail: str, known: int) -> Problem:
        """Go on to where the next record seems to begin, searching from `known` bytes on; say what was wrong."""
        del self._held[:known]
        while (begin := _BEGIN_LINE.search(self._held)) is None:
            del self._held[: max(0, len(self._held) - 12)]
            if not self._fill(len(self._held) + 1):
                self._held.clear()
                break
        else:
            del self._held[: begin.start()]
        return Problem("bad_record", f"{detail}; it is not read.")


def _document(data: bytes, number: int, limits: Limits) -> Record | Problem | None:
    name, pointer = f"Record {number}", f"#{number}"
    try:
        record: WarcRecord = WarcRecord.from_bytes(data)
        identifier = (record.record_id or "").strip("<>")
        pointer = f"#{identifier}" if identifier and not re.search(r"[\s#]", identifier) else pointer
        return _read(record, data, identifier or None, name, pointer, limits)
    except ReadError as error:
        return Problem(error.problem.reason, f"{name}: {error.problem.detail}", pointer)
    except (OSError, ValueError):
        return Problem("bad_record", f"{name} holds no answer of a server that can be read.", pointer)


def _read(
    record: WarcRecord, data: bytes, identifier: str | None, name: str, pointer: str, limits: Limits
) -> Record | Problem | None:
    is_answer = record.record_type == WarcRecordType.response
    if is_answer:
        if not str(record.headers.get("Content-Type", "")).lower().startswith("application/http"):
            return None  # DNS look-ups and other protocols
        record.parse_http()
        if record.http_headers is None or record.http_headers.status_code is None:
            raise ValueError(name)
        if record.http_headers.status_code != 200:
            return None
    stated, charset = _content_type(record, is_answer=is_answer)
    kind = _NAME_OF_TYPE.get(stated)
    if kind is None or (record.record_type == WarcRecordType.conversion and kind != "text"):
        return None
    truncated = record.headers.get("WARC-Truncated")
    if truncated:
        return Problem("bad_record", f"{name} was cut off by the crawler; it is not read.", pointer)
    body = _body(record, data, limits) if is_answer else record.reader.read()
    text, encoding = decode(body, html=kind == "html", declared=charset)
    fields = {kind: text, "id": identifier, "url": record.headers.get("WARC-Target-URI")}
    fields |= {"retrieved_at": record.headers.get("WARC-Date"), "content_type": stated} | _headers(record, is_answer)
    return Record(fields, pointer, name, encoding)


def _content_type(record: WarcRecord, *, is_answer: bool) -> tuple[str, str | None]:
    if is_answer:
        stated = record.http_content_type or record.headers.get("WARC-Identified-Payload-Type") or ""
        return stated.strip().lower(), record.http_charset
    media_type, _, parameters = (record.headers.get("Content-Type") or "").partition(";")
    charset = re.search(r"charset=[\"']?([\w.:-]+)", parameters, re.IGNORECASE)
    return media_type.strip().lower(), charset[1] if charset else None


def _headers(record: WarcRecord, is_answer: bool) -> dict[str, str | None]:
    if not is_answer:
        return {}
    names = {"last_modified": "Last-Modified", "etag": "ETag", "content_language": "Content-Language"}
    return {key: record.http_headers.get(name) for key, name in names.items()}


def _body(record: WarcRecord, data: bytes, limits: Limits) -> bytes:
    """What the server sent, freed of the codings that are still on it: many crawlers take them off but leave the
    headers as they were."""
    body = record.reader.read()
    coding = (record.http_headers.get("Content-Encoding") or "").strip().lower()
    if "chunked" in (record.http_headers.get("Transfer-Encoding") or "").lower() and _CHUNK_SIZE.match(body):
        again = WarcRecord.from_bytes(data)
        again.parse_http(auto_decode="transfer")
        body = again.reader.read()
    if coding == "br":
        return _brotli(body, limits)
    magic = _PACKED.get(coding)
    if magic is None or not body.startswith(magic):
        return body
    return b"".join(unpacked((body,), coding, limits.document_bytes))


def _brotli(body: bytes, limits: Limits) -> bytes:
    """Brotli has no mark of its own: what is text as it is was unpacked before."""
    try:
        body.decode()
    except UnicodeDecodeError:
        pass
    else:
        return body
    out: bytes = BrotliReader(io.BytesIO(body)).read(limits.document_bytes + 1)
    if len(out) > limits.document_bytes:
        raise ReadError("too_large", f"The answer is larger than {limits.document_bytes:,} bytes.")
    return out
