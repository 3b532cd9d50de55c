"""Tables: comma-separated values and Parquet, one record per row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from assets.raw.decoding import decode
from assets.raw.lines import as_utf8, numbered_lines
from assets.raw.problems import Limits, Problem, ReadError
from assets.raw.records import Record, is_text_name

_DELIMITERS = ",;\t"
# Rows are taken from Parquet a few at a time: each may hold a document of the largest size allowed.
_PARQUET_ROWS = 32
_PARQUET_BUFFER = 1 << 20


def csv_records(chunks: Iterator[bytes], limits: Limits) -> Iterator[Record | Problem]:
    """Records and problems in the order of the rows, numbered from 1 below the header. Raises ReadError where the
    stream ends badly, where quotes no longer tell where rows begin, or if the header names no text.

    The delimiter is the one (comma, semicolon, tab) with which the header names a column of text.
    """
    # The module's limit is for the whole process; it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), limits.line_bytes))
    lines = _Lines(chunks, limits)
    header = lines.header()
    if header is None:
        return
    names, delimiter = header
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        lines.next_row()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield lines.problem_of(number)
            continue
        if not row:
            number -= 1
            continue
        yield _csv_record(names, row, number)


class _Lines:
    """Feeds lines to the csv module, and knows which ones the current row is made of."""

    def __init__(self, chunks: Iterator[bytes], limits: Limits) -> None:
        utf8 = as_utf8(chunks)
        head = next(utf8, b"")
        # Old Macs ended lines with a carriage return alone.
        newline = b"\r" if b"\r" in head and b"\n" not in head else b"\n"
        self._lines = numbered_lines(chain((head,), utf8), limits.line_bytes, newline)
        self._limits = limits
        self.next_row()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        number, line = next(self._lines)
        if line is None or self._size + len(line) > self._limits.line_bytes:
            detail = f"The row that line {number} belongs to is larger than {self._limits.line_bytes:,} bytes"
            raise ReadError("too_large", f"{detail}; what follows is not read.", f"#L{number}")
        self._size += len(line)
        self._quotes += line.count(b'"')
        # Bytes that are no UTF-8 are kept as they are, to be decoded with the rest of their row.
        return line.decode("utf-8", "surrogateescape")

    def next_row(self) -> None:
        """A row begins."""
        self._size = self._quotes = 0

    def problem_of(self, number: int) -> Problem:
        """The problem of the malformed row just read. An odd number of quotes leaves open where the next begins."""
        if self._quotes % 2:
            detail = f"A quote in row {number} is never closed; this row and what follows is not read."
            raise ReadError("bad_record", detail, f"#{number}")
        return Problem("bad_record", f"Row {number} has quotes inside a field that are not doubled.", f"#{number}")

    def header(self) -> tuple[list[str], str] | None:
        """The columns' names and the delimiter, None for an empty file."""
        line = ""
        for line in self:
            if line.strip():
                break
        if not line.strip():
            return None
        for delimiter in _DELIMITERS:
            names = _header_names(line, delimiter)
            if any(is_text_name(n) for n in names):
                return names, delimiter
        raise ReadError("bad_record", "The header names no column of text (text, content, body, article or html).")


def _header_names(line: str, delimiter: str) -> list[str]:
    try:
        names = next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return []
    taken: dict[str, int] = {}
    unique = []
    for position, name in enumerate(names, 1):
        name = _decoded([name.strip()])[0][0] or f"column_{position}"
        taken[name] = taken.get(name, 0) + 1
        unique.append(name if taken[name] == 1 else f"{name}_{taken[name]}")
    return unique


def _csv_record(names: Sequence[str], row: list[str], number: int) -> Record | Problem:
    pointer = f"#{number}"
    if len(row) != len(names):
        detail = f"Row {number} has {len(row)} fields where the header has {len(names)}."
        return Problem("bad_record", detail, pointer)
    try:
        values, encoding = _decoded(row)
    except ReadError as error:
        return Problem("undecodable", f"Row {number}: {error.problem.detail}", pointer)
    return Record(dict(zip(names, values, strict=True)), pointer, f"Row {number}", encoding)


def _decoded(row: list[str]) -> tuple[list[str], str]:
    """The row's fields with bytes that are no UTF-8 decoded. Raises ReadError if no charset fits."""
    joined = "\x1f".join(row)
    if joined.isascii():
        return row, "utf-8"
    try:
        joined.encode()
    except UnicodeEncodeError:
        text, encoding = decode(joined.encode("utf-8", "surrogateescape"))
        return text.split("\x1f"), encoding
    return row, "utf-8"


def parquet_records(raw: IO[bytes], limits: Limits) -> Iterator[Record | Problem]:
    """Records and problems in the order of the rows, numbered from 1. Raises ReadError if the file is no Parquet,
    damaged, or without a column of text."""
    table = _parquet_file(raw, limits)
    names = table.schema_arrow.names
    if not any(is_text_name(n) for n in names):
        raise ReadError("bad_record", "The table has no column of text (text, content, body, article or html).")
    first = 1
    for group in range(table.num_row_groups):
        yield from _row_group(table, group, first)
        first += table.metadata.row_group(group).num_rows


def _row_group(table: pq.ParquetFile, group: int, first: int) -> Iterator[Record | Problem]:
    """Records of a row group whose first row has the number `first`; damage ends this group, not the file."""
    names = table.schema_arrow.names
    number = first
    batches = table.iter_batches(batch_size=_PARQUET_ROWS, row_groups=[group])
    while True:
        try:
            batch = next(batches)
        except StopIteration:
            return
        except (pa.ArrowException, OSError):
            last = first + table.metadata.row_group(group).num_rows - 1
            yield Problem("unreadable", f"The Parquet data of rows {number} to {last} is damaged.", f"#{number}")
            return
        columns = [_values(column) for column in batch.columns]
        for values in zip(*columns, strict=True):
            yield _parquet_record(dict(zip(names, values, strict=True)), number)
            number += 1


def _parquet_file(raw: IO[bytes], limits: Limits) -> pq.ParquetFile:
    head = raw.read(4)
    raw.seek(0)
    if head != b"PAR1":
        raise ReadError("not_what_ending_says", "The file's ending says Parquet, its bytes do not.")
    try:
        # With a buffer a column of a row group is read as it is needed, not whole.
        table = pq.ParquetFile(raw, pre_buffer=False, buffer_size=_PARQUET_BUFFER)
    except (pa.ArrowException, OSError):
        raise ReadError("unreadable", "The Parquet file's directory is missing or damaged.") from None
    groups = [table.metadata.row_group(i) for i in range(table.metadata.num_row_groups)]
    for group in groups:
        stored = sum(group.column(i).total_compressed_size for i in range(group.num_columns))
        if group.total_byte_size > max(limits.bomb_bytes, limits.bomb_ratio * stored):
            raise ReadError("bomb", f"The Parquet data expands more than {limits.bomb_ratio} times and is not read.")
    return table


class _Undecodable:
    """Stands for a string that is no valid UTF-8."""


def _values(column: pa.Array[Any]) -> list[Any]:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        try:
            return column.to_pylist()
        except UnicodeDecodeError:
            column = column.cast(pa.large_binary())
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return [_text_of(value) for value in column.to_pylist()]
    try:
        return column.to_pylist()
    except (ValueError, OverflowError, pa.ArrowException):
        # Times beyond what Python holds, nanoseconds and broken strings in lists: kept as Arrow writes them.
        return [str(value) for value in column]


def _text_of(value: bytes | None) -> Any:
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return _Undecodable()


def _parquet_record(fields: dict[str, Any], number: int) -> Record | Problem:
    pointer = f"#{number}"
    broken = next((name for name, value in fields.items() if isinstance(value, _Undecodable)), None)
    if broken is not None:
        return Problem("undecodable", f"Row {number}: {broken} is not valid UTF-8.", pointer)
    return Record(fields, pointer, f"Row {number}", "utf-8")
