"""Arrow schemas of the declared tables, with descriptions and units as field metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.results import arrow
from warehouse.schema import table
from warehouse.schema.model import Column, Table


@cache
def arrow_type(duckdb_type: str) -> pa.DataType:
    """The Arrow type DuckDB itself gives a column of `duckdb_type` (lists of strings, structs and all)."""
    with duckdb.connect() as con:
        return _plain(arrow(con, f"SELECT NULL::{duckdb_type} AS c").schema.field("c").type)


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type with Arrow's usual name for list items, so that every writer agrees on it."""
    if pa.types.is_list(kind):
        return pa.list_(_plain(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(f.name, _plain(f.type)) for f in kind])
    return kind


def _field(column: Column) -> pa.Field[Any]:
    metadata = {"description": column.description}
    if column.unit:
        metadata["unit"] = column.unit
    if column.enum:
        metadata["enum"] = "|".join(column.enum)
    if column.references:
        metadata["references"] = column.references
    return pa.field(column.name, arrow_type(column.type), column.nullable, metadata)


def schema_of(declared: Table, columns: Iterable[Column] | None = None) -> pa.Schema:
    """The Arrow schema of a table, or of some of its columns."""
    fields = [_field(c) for c in (declared.columns if columns is None else columns)]
    return pa.schema(fields, {"table": declared.full_name, "description": declared.description})


@cache
def arrow_schema(full_name: str) -> pa.Schema:
    """The Arrow schema of `schema.table`."""
    return schema_of(table(full_name))


def batch_of(full_name: str, rows: Iterable[Mapping[str, Any]]) -> pa.RecordBatch:
    """Rows as one record batch of `schema.table`; a column a row lacks is NULL.

    Raises ValueError for a key the table does not declare, pyarrow.ArrowInvalid for a value of another type.
    """
    materialised = [dict(r) for r in rows]
    schema = arrow_schema(full_name)
    declared = set(schema.names)
    for row in materialised:
        if not declared.issuperset(row):
            raise ValueError(f"{full_name} declares no column {sorted(set(row) - declared)}")
    return pa.RecordBatch.from_pylist(materialised, schema=schema)
