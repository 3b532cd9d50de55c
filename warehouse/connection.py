"""Opening the pipeline's database: one writer at a time, with every declared table in place."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.results import scalar
from warehouse.schema import TABLES
from warehouse.schema.ddl import create_all, identifier


class WarehouseBusyError(RuntimeError):
    """Another process is writing to the warehouse."""


class WarehouseUnusableError(RuntimeError):
    """The warehouse file or its folder cannot be opened."""


@contextmanager
def writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse at `path`, opened for writing and created if missing, under an operating-system file lock.

    Raises WarehouseBusyError if another process holds it and WarehouseUnusableError if it cannot be opened, each
    with one sentence that says what to do. The lock goes with the process, so a killed run leaves none behind.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.with_suffix(".lock").open("a+")
    except OSError as error:
        raise WarehouseUnusableError(
            f"cannot write to {path.parent}: {error.strerror}; choose another --data"
        ) from None
    with handle:
        _take(handle.fileno(), path)
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        con = _open(path)
        try:
            yield con
        finally:
            con.close()


def _take(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = path.with_suffix(".lock").read_text().strip() or "unknown"
        raise WarehouseBusyError(
            f"{path.parent} is being written to by process {holder}; wait for it to end, or choose another --data"
        ) from None


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        con = duckdb.connect(str(path))
    except duckdb.Error as error:
        first_line = str(error).splitlines()[0]
        raise WarehouseUnusableError(f"{path} cannot be opened ({first_line}); move it away and run again") from None
    con.execute("SET preserve_insertion_order = false")
    prepare(con)
    return con


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Create what is missing and bring the tables of an older version to the declared columns.

    A column that is new or of another type starts as NULL; the stages fill it, because their fingerprints cover the
    declarations and so everything is processed anew.
    """
    for statement in create_all():
        con.execute(statement)
    present: dict[tuple[str, str], dict[str, str]] = {}
    for schema, name, column, kind in con.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() AND NOT internal"
    ).fetchall():
        present.setdefault((schema, name), {})[column] = kind
    for declared in TABLES.values():
        found = present[declared.schema, declared.name]
        wanted = {c.name: _canonical(con, c.type) for c in declared.columns}
        for column in [c for c in found if wanted.get(c) != found[c]]:
            con.execute(f"ALTER TABLE {declared.full_name} DROP COLUMN {identifier(column)}")
        for column in [c for c in wanted if found.get(c) != wanted[c]]:
            con.execute(f"ALTER TABLE {declared.full_name} ADD COLUMN {identifier(column)} {wanted[column]}")


def _canonical(con: duckdb.DuckDBPyConnection, kind: str) -> str:
    """The type as DuckDB's catalogue spells it."""
    return str(scalar(con, f"SELECT typeof(NULL::{kind})"))


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """BEGIN, then COMMIT if the block ends well and ROLLBACK if it raises (also on Ctrl-C)."""
    con.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")
