"""Opening the pipeline's database: one writer at a time, with every declared table in place."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.results import scalar
from warehouse.schema import SCHEMAS, TABLES
from warehouse.schema.ddl import comment_on, comments, create_table, identifier
from warehouse.schema.model import Table


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
    """Create what is missing and bring the tables of an older version to the declared columns, in their order.

    A column that is new or of another type starts as NULL; the stages fill it, because their fingerprints cover the
    declarations and so everything is processed anew.
    """
    with transaction(con):
        for schema in SCHEMAS:
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        present, described = _columns(con), _comments(con)
        kinds = _canonical(con, {c.type for t in TABLES.values() for c in t.columns})
        for declared in TABLES.values():
            found = present.get(declared.full_name, {})
            wanted = {c.name: kinds[c.type] for c in declared.columns}
            if list(found.items()) != list(wanted.items()):
                _rebuild(con, declared, found, wanted)
            elif described[declared.full_name] == [comment_on(declared), *(c.meaning for c in declared.columns)]:
                continue  # hundreds of statements that change nothing would take a second at every opening
            for statement in comments(declared):
                con.execute(statement)


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """The columns of every table in order, with their types."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in con.execute(
        "SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() AND NOT internal ORDER BY column_index"
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def _comments(con: duckdb.DuckDBPyConnection) -> dict[str, list[str | None]]:
    """The comments on every table and its columns, in order."""
    rows = con.execute(
        "SELECT t.schema_name || '.' || t.table_name, t.comment, list(c.comment ORDER BY c.column_index) "
        "FROM duckdb_tables() AS t JOIN duckdb_columns() AS c USING (database_name, schema_name, table_name) "
        "WHERE t.database_name = current_database() GROUP BY ALL"
    ).fetchall()
    return {table: [comment, *columns] for table, comment, columns in rows}


def _rebuild(
    con: duckdb.DuckDBPyConnection, declared: Table, found: Mapping[str, str], wanted: Mapping[str, str]
) -> None:
    """Make the table have the wanted columns, keeping its rows; a column added to a table would come last."""
    if not found:
        con.execute(create_table(declared))
        return
    columns = ", ".join(
        identifier(c) if found.get(c) == kind else f"NULL::{kind} AS {identifier(c)}" for c, kind in wanted.items()
    )
    con.execute(f"CREATE OR REPLACE TABLE {declared.full_name} AS SELECT {columns} FROM {declared.full_name}")


def _canonical(con: duckdb.DuckDBPyConnection, kinds: Iterable[str]) -> dict[str, str]:
    """The types as DuckDB's catalogue spells them."""
    return {kind: str(scalar(con, f"SELECT typeof(NULL::{kind})")) for kind in kinds}


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
