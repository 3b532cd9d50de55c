"""Query results, read to their end: an unfinished result would keep its connection from doing anything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa


def arrow(
    con: duckdb.DuckDBPyConnection,
    query: str,
    parameters: Sequence[Any] = (),
    given_rows: pa.Table | None = None,  # noqa: ARG001
) -> pa.Table:
    """The result of a SELECT as an Arrow table; the query may read `given_rows` under that name."""
    found: pa.Table = con.sql(query, params=list(parameters) or None).to_arrow_table()
    return found


def batches(con: duckdb.DuckDBPyConnection, query: str, rows: int) -> pa.RecordBatchReader:
    """The result of a SELECT as a stream of batches of at most `rows` rows, to be read to its end."""
    stream: pa.RecordBatchReader = con.sql(query).to_arrow_reader(rows)
    return stream


def scalar(con: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[Any] = ()) -> Any:
    """The one value of a result of one row and one column."""
    [(value,)] = con.execute(query, list(parameters)).fetchall()
    return value
