"""Printing query results: as a table, CSV, JSON or Parquet."""

from __future__ import annotations

import csv
import io
import json
import shutil
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

FORMATS = ("table", "csv", "json", "parquet")


def rows_of(found: pa.Table) -> list[dict[str, Any]]:
    """The rows as dictionaries."""
    return list(found.to_pylist())


def table_text(found: pa.Table, *, limit: int = 500) -> str:
    """The rows as a table for people, as wide as the terminal; at most `limit` rows, and says so."""
    grid = Table(show_edge=False, pad_edge=False)
    for name in found.column_names:
        grid.add_column(name, overflow="fold")
    for row in rows_of(found.slice(0, limit)):
        grid.add_row(*(_cell(v) for v in row.values()))
    stream = io.StringIO()
    width = max(shutil.get_terminal_size((160, 40)).columns, 80)
    Console(file=stream, width=width, markup=False, highlight=False).print(grid)
    more = f"({limit} of {found.num_rows} rows; --format csv prints all)\n" if found.num_rows > limit else ""
    return stream.getvalue().rstrip("\n") + ("\n" + more if more else "")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else str(value)


def render(found: pa.Table, form: str) -> bytes:
    """The whole result in one of FORMATS."""
    if form == "table":
        return (table_text(found) + "\n").encode()
    if form == "json":
        return (json.dumps(rows_of(found), indent=1, ensure_ascii=False, default=_json) + "\n").encode()
    if form == "csv":
        return _csv(found).encode()
    buffer = io.BytesIO()
    pq.write_table(found, buffer, compression="zstd")
    return buffer.getvalue()


def _json(value: Any) -> Any:
    """A number as a number, also those of DuckDB's sums and decimals; anything else as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def _csv(found: pa.Table) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(found.column_names)
    for row in rows_of(found):
        writer.writerow("" if v is None else _cell(v) for v in row.values())
    return stream.getvalue()
