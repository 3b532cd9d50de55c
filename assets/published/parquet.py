"""Writing a table of the warehouse as a Parquet file: the same rows give the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.results import batches
from warehouse.schema.arrow import schema_of
from warehouse.schema.ddl import identifier
from warehouse.schema.model import Column, Table

ROWS_PER_GROUP = 50_000


@dataclass(frozen=True)
class PublishedFile:
    """A file of a release: its name, SHA-256, size in bytes, rows, and its columns with their types."""

    name: str
    sha256: str
    byte_size: int
    rows: int
    columns: dict[str, str]


def write_table(
    con: duckdb.DuckDBPyConnection, declared: Table, columns: Sequence[Column], query: str, folder: Path
) -> PublishedFile:
    """Write the rows of `query`, sorted by the table's key, to `<schema>.<table>.parquet` in `folder`.

    Rows are cut into groups of a fixed size whatever batches they come in, so that the bytes depend on the rows
    alone.
    """
    path = folder / f"{declared.full_name}.parquet"
    schema = schema_of(declared, columns)
    names = ", ".join(identifier(c.name) for c in columns)
    order = ", ".join(f"{identifier(k)} NULLS FIRST" for k in declared.key)
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd", version="2.6") as writer:
        found = batches(con, f"SELECT {names} FROM ({query}) ORDER BY {order}", ROWS_PER_GROUP)
        for group in _groups(found, schema):
            writer.write_table(group, row_group_size=ROWS_PER_GROUP)
            rows += group.num_rows
    types = {c.name: c.type for c in columns}
    return PublishedFile(path.name, sha256_of(path), path.stat().st_size, rows, types)


def _groups(found: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.Table]:
    """The batches cut anew into tables of ROWS_PER_GROUP rows (the last one smaller; none if there are no rows)."""
    held: list[pa.Table] = []
    count = 0
    for batch in found:
        held.append(pa.Table.from_batches([batch]).cast(schema))
        count += batch.num_rows
        while count >= ROWS_PER_GROUP:
            whole = pa.concat_tables(held).combine_chunks()
            yield whole.slice(0, ROWS_PER_GROUP)
            held, count = [whole.slice(ROWS_PER_GROUP)], count - ROWS_PER_GROUP
    if count:
        yield pa.concat_tables(held).combine_chunks()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
