"""Source files into batches of `raw.documents`, and into quarantine what cannot be read."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from assets.raw.decoding import decode
from assets.raw.forms import SIDECAR_ENDING
from assets.raw.jsonlines import json_records
from assets.raw.lines import charset_of
from assets.raw.mojibake import NOTE, repaired
from assets.raw.problems import LIMITS, Limits, Problem, ReadError
from assets.raw.records import Record, Stated, as_json, broken_strings, stated, with_sidecar
from assets.raw.sniffing import foreign_kind, has_markup, is_html_document, is_html_fragment
from assets.raw.sources import SourceFile
from assets.raw.streams import contents, opened, salvaged, spooled
from assets.raw.tables import csv_records, parquet_records
from warehouse.identity import document_id
from warehouse.schema.arrow import batch_of

Row = dict[str, Any]
Quarantined = dict[str, str]

_BATCH_CHARS = 16_000_000  # a batch is handed on when its texts reach this, however few rows it has
_SIDECAR_BYTES = 1_000_000
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


def read_source(
    file: SourceFile, *, batch_rows: int = 500, limits: Limits = LIMITS
) -> Iterator[tuple[pa.RecordBatch, list[Quarantined]]]:
    """Batches of `raw.documents` of at most `batch_rows` rows, each with what went into quarantine meanwhile.

    A quarantine row has `reason`, `detail`, `source_uri` and `batch_id`. Bad content raises nothing: it is in
    quarantine, and the records around it go through. The same file gives the same rows in the same order.
    """
    rows: list[Row] = []
    quarantined: list[Quarantined] = []
    size = 0
    for item in _items(file, limits):
        if isinstance(item, Problem):
            quarantined.append(_quarantined(file, item))
        else:
            rows.append(item)
            size += len(item["content"])
        if len(rows) >= batch_rows or len(quarantined) >= batch_rows or size >= _BATCH_CHARS:
            yield batch_of("raw.documents", rows), quarantined
            rows, quarantined, size = [], [], 0
    if rows or quarantined:
        yield batch_of("raw.documents", rows), quarantined


@contextmanager
def at_hand(file: SourceFile) -> Iterator[SourceFile]:
    """The file, of a remote one a copy on this machine: it is fetched once, and what is hashed is what is read.

    One that cannot be fetched comes back with the problem. The copy goes when the context ends.
    """
    if "://" not in file.location or file.problem is not None:
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="planledger-") as folder:
        copy = Path(folder) / "copy"
        try:
            with opened(file.location) as raw, copy.open("wb") as handle:
                handle.writelines(contents(raw, None, LIMITS))
        except ReadError as error:
            copy.unlink(missing_ok=True)
            file = replace(file, problem=error.problem)
        yield replace(file, location=str(copy))


def sha256_of(file: SourceFile) -> str:
    """SHA-256 of the file's bytes as they lie there, hex. Raises OSError if they cannot be read."""
    with opened(file.location) as raw:
        return hashlib.file_digest(raw, "sha256").hexdigest()  # type: ignore[arg-type]


def reader_of(file: SourceFile) -> str:
    """Changes whenever the file must be read anew although its bytes are the same: 16 hex digits made from the
    readers' code, the synonyms and the file's sidecar."""
    digest = hashlib.sha256(_code_digest().encode())
    if file.sidecar is not None:
        try:
            with opened(file.sidecar) as raw:
                digest.update(raw.read(_SIDECAR_BYTES + 1))
        except OSError:
            digest.update(b"unreadable")
    return digest.hexdigest()[:16]


@cache
def _code_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.suffix in {".py", ".toml"}:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _quarantined(file: SourceFile, problem: Problem) -> Quarantined:
    return {
        "reason": problem.reason,
        "detail": problem.detail,
        "source_uri": file.uri + problem.pointer,
        "batch_id": file.batch_id,
    }


def _items(file: SourceFile, limits: Limits) -> Iterator[Row | Problem]:
    """Rows and problems of a file; an unreadable file is one problem."""
    if file.problem is not None:
        yield file.problem
        return
    sidecar, problem = _sidecar(file)
    if problem is not None:
        yield problem
    found = False
    try:
        with opened(file.location) as raw:
            read = _containers().get(file.form)
            items = read(raw, file, sidecar, limits) if read else _loose(raw, file, sidecar, limits)
            for item in items:
                found = True
                yield item
    except ReadError as error:
        found = True
        yield error.problem
    if not found:
        yield Problem("empty_text", "The file holds no record.")


def _sidecar(file: SourceFile) -> tuple[Stated | None, Problem | None]:
    """What the file's sidecar states; the document is read without it if it is broken."""
    if file.sidecar is None:
        return None, None
    try:
        with opened(file.sidecar) as raw:
            data = raw.read(_SIDECAR_BYTES + 1)
        value = json.loads(data.decode("utf-8-sig")) if len(data) <= _SIDECAR_BYTES else None
    except ReadError as error:
        return None, Problem(error.problem.reason, f"Sidecar: {error.problem.detail}", SIDECAR_ENDING)
    except (OSError, ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or broken_strings([json.dumps(value, ensure_ascii=False)]):
        detail = f"The sidecar is no JSON object of at most {_SIDECAR_BYTES:,} bytes; the file is read without it."
        return None, Problem("bad_sidecar", detail, SIDECAR_ENDING)
    return stated(value), None


Container = Callable[[IO[bytes], SourceFile, Stated | None, Limits], Iterator[Row | Problem]]


def _containers() -> dict[str, Container]:
    return {"jsonl": _json_lines, "csv": _csv, "parquet": _parquet, "warc": _web_archive}


def _json_lines(raw: IO[bytes], file: SourceFile, sidecar: Stated | None, limits: Limits) -> Iterator[Row | Problem]:
    chunks, charset = _text_chunks(raw, file, limits)
    yield from _rows(json_records(chunks, limits), charset, file, sidecar, limits)


def _csv(raw: IO[bytes], file: SourceFile, sidecar: Stated | None, limits: Limits) -> Iterator[Row | Problem]:
    chunks, charset = _text_chunks(raw, file, limits)
    yield from _rows(csv_records(chunks, limits), charset, file, sidecar, limits)


def _parquet(raw: IO[bytes], file: SourceFile, sidecar: Stated | None, limits: Limits) -> Iterator[Row | Problem]:
    if file.compression is None:
        yield from _rows(parquet_records(raw, limits), "utf-8", file, sidecar, limits)
        return
    with spooled(contents(raw, file.compression, limits)) as table:
        yield from _rows(parquet_records(table, limits), "utf-8", file, sidecar, limits)


def _web_archive(raw: IO[bytes], file: SourceFile, sidecar: Stated | None, limits: Limits) -> Iterator[Row | Problem]:
    from assets.raw.webarchives import warc_records  # late: most runs read none

    chunks, problems = salvaged(raw, limits) if file.compression == "gz" else (None, [])
    yield from problems
    records = warc_records(chunks or contents(raw, file.compression, limits), limits)
    yield from _rows(records, "utf-8", file, sidecar, limits)


def _text_chunks(raw: IO[bytes], file: SourceFile, limits: Limits) -> tuple[Iterator[bytes], str]:
    """The content's chunks and the charset they are marked as. Raises ReadError if they show another kind of file."""
    chunks = contents(raw, file.compression, limits)
    head = next(chunks, b"")
    _refuse_foreign(head)
    return chain((head,), chunks), charset_of(head)


def _refuse_foreign(head: bytes) -> None:
    kind = foreign_kind(head)
    if kind is not None:
        raise ReadError("not_what_ending_says", f"The file's ending says text, its bytes say {kind}.")


def _rows(
    records: Iterator[Record | Problem], charset: str, file: SourceFile, sidecar: Stated | None, limits: Limits
) -> Iterator[Row | Problem]:
    for record in records:
        if isinstance(record, Problem):
            yield record
        else:
            encoding = charset if record.encoding == "utf-8" else record.encoding
            yield _row_of(record, encoding, file, sidecar, limits)


def _row_of(record: Record, encoding: str, file: SourceFile, sidecar: Stated | None, limits: Limits) -> Row | Problem:
    what = with_sidecar(stated(record.fields), sidecar, many=True)
    if what.text is None:
        return Problem("bad_record", f"{record.name} has no text.", record.pointer)
    if not what.text.strip():
        return Problem("empty_text", f"{record.name} has an empty text.", record.pointer)
    text, is_repaired = repaired(what.text)
    if broken_strings((text, *_flat(what.values.values()))):
        return Problem("undecodable", f"{record.name} holds half a surrogate pair.", record.pointer)
    if len(text) > limits.document_bytes or len(data := text.encode()) > limits.document_bytes:
        return limits.too_large(f"The text of {record.name.lower()}", record.pointer)
    media_type = "text/html" if what.is_html or is_html_fragment(text) else "text/plain"
    uri = f"{file.uri}#{what.identifier}" if what.identifier else file.uri + record.pointer
    encoding += NOTE * is_repaired
    return _row(file, what, text, data, uri=uri, media_type=media_type, encoding=encoding, byte_size=len(data))


def _flat(values: Any) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, list) else (value,)


def _loose(raw: IO[bytes], file: SourceFile, sidecar: Stated | None, limits: Limits) -> Iterator[Row | Problem]:
    """The one document of a text, Markdown or HTML file."""
    data = _whole(contents(raw, file.compression, limits), limits)
    _refuse_foreign(data)
    text, encoding = decode(data, html=file.form == "html", declared=_declared_charset(sidecar))
    text, is_repaired = repaired(text)
    if not text.strip():
        yield Problem("empty_text", "The file holds no text.")
        return
    what = with_sidecar(Stated({}, text, False, None, {}), sidecar, many=False)
    yield _row(
        file,
        what,
        text,
        text.encode(),
        uri=file.uri,
        media_type=_media_type(file.form, text),
        encoding=encoding + NOTE * is_repaired,
        byte_size=len(data),
    )


def _declared_charset(sidecar: Stated | None) -> str | None:
    """The charset of the Content-Type with which a fetched page was sent, which its sidecar keeps."""
    content_type = sidecar.extra.get("content_type") if sidecar else None
    match = _CHARSET.search(content_type) if isinstance(content_type, str) else None
    return match[1] if match else None


def _whole(chunks: Iterator[bytes], limits: Limits) -> bytes:
    parts, size = [], 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > limits.document_bytes:
            problem = limits.too_large("The document")
            raise ReadError(problem.reason, problem.detail)
    return b"".join(parts)


def _media_type(form: str, text: str) -> str:
    """What the text is: a page saved as .txt or .md is HTML, an .html file without any tag is plain text."""
    if form == "html":
        return "text/html" if has_markup(text) else "text/plain"
    if form == "markdown":  # may hold HTML here and there, so only a whole page is one
        return "text/html" if is_html_document(text) else "text/markdown"
    return "text/html" if is_html_fragment(text) else "text/plain"


def _row(
    file: SourceFile,
    what: Stated,
    text: str,
    data: bytes,
    *,
    uri: str,
    media_type: str,
    encoding: str,
    byte_size: int,
) -> Row:
    return {
        **what.values,
        "document_id": document_id(what.values.get("source_url"), text),
        "source_uri": uri,
        "batch_id": file.batch_id,
        "media_type": media_type,
        "encoding": encoding,
        "byte_size": byte_size,
        "sha256": hashlib.sha256(data).hexdigest(),
        "content": text,
        "source_extra": as_json(what.extra),
    }
