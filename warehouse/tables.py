"""Filling, emptying, counting and fingerprinting tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.results import scalar
from warehouse.schema.ddl import identifier


def execute_with(
    con: duckdb.DuckDBPyConnection,
    statement: str,
    given_rows: pa.Table,  # noqa: ARG001
    parameters: Sequence[Any] = (),
) -> None:
    """Run a statement that reads the rows under the name given_rows.

    DuckDB finds the variable of that name. A registered view would keep its rows until the transaction ends, and a
    run's transaction takes in the whole source.
    """
    con.execute(statement, list(parameters))


def insert(con: duckdb.DuckDBPyConnection, full_name: str, rows: pa.RecordBatch | pa.Table) -> int:
    """Append rows to a table by column name; columns they lack are NULL. Returns the number of rows."""
    if rows.num_rows:
        given = rows if isinstance(rows, pa.Table) else pa.Table.from_batches([rows])
        execute_with(con, f"INSERT INTO {full_name} BY NAME SELECT * FROM given_rows", given)
    return rows.num_rows


def delete_where_in(con: duckdb.DuckDBPyConnection, full_name: str, column: str, values: pa.Table) -> None:
    """Delete the rows whose `column` is among the values of the one column of `values`."""
    given = identifier(values.column_names[0])
    statement = f"DELETE FROM {full_name} WHERE {identifier(column)} IN (SELECT {given} FROM given_rows)"
    execute_with(con, statement, values)


def replace_rows(con: duckdb.DuckDBPyConnection, full_name: str, rows: pa.Table) -> int:
    """Make the table hold exactly these rows. Returns their number."""
    con.execute(f"DELETE FROM {full_name}")
    return insert(con, full_name, rows)


def row_count(con: duckdb.DuckDBPyConnection, full_name: str) -> int:
    """Rows of a table."""
    return int(scalar(con, f"SELECT count(*) FROM {full_name}"))


def data_version(con: duckdb.DuckDBPyConnection, full_name: str, columns: Sequence[str]) -> str:
    """A digest of a table's content, the same for any order of its rows.

    It tells whether data changed since it was checked; it is no protection against somebody who means harm.
    """
    packed = ", ".join(_hashable(con, full_name, columns))
    [(rows, mixed, summed)] = con.execute(
        f"SELECT count(*), coalesce(bit_xor(h), 0), coalesce(sum(h % 1000000007), 0) "
        f"FROM (SELECT hash({packed}) AS h FROM {full_name})"
    ).fetchall()
    return f"{int(rows)}-{int(mixed):016x}-{int(summed):x}"


def _hashable(con: duckdb.DuckDBPyConnection, full_name: str, columns: Sequence[str]) -> Iterator[str]:
    """The columns as `hash` tells their values apart: to it, no list, an empty list and a list of NULL are equal."""
    kinds = dict(con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {full_name})").fetchall())
    for column in columns:
        nested = kinds[column].endswith("[]") or kinds[column].startswith("STRUCT")
        yield f"to_json({identifier(column)})" if nested else identifier(column)
