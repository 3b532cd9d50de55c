"""Great Expectations on a DuckDB connection that is open, inside its transaction.

Great Expectations has no DuckDB engine. This module gives it one: a SQLAlchemy dialect over duckdb-engine that it
takes for Postgres, and a data source that hands out a connection somebody else owns. It leans on internals of
great-expectations, SQLAlchemy and duckdb-engine, each pinned to a minor version; `tests/expectations` pins what it
relies on.

Importing it imports Great Expectations, which takes seconds: import it only where a gate runs.
"""

from __future__ import annotations

import logging
import os

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # before the import: no telemetry from a data pipeline

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Literal

import duckdb
import duckdb_engine
import great_expectations as gx
import sqlalchemy as sa
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
from sqlalchemy.dialects.postgresql.base import PGCompiler
from sqlalchemy.pool import StaticPool

from expectations.suites import Expectation

# What goes wrong inside an expectation is part of its result; the library also logs it, traceback and all.
logging.getLogger("great_expectations").setLevel(logging.CRITICAL)

_DIALECT = "planledgerduck"
_SCALARS = {
    "BIGINT": sa.BIGINT, "INTEGER": sa.INTEGER, "VARCHAR": sa.VARCHAR, "DOUBLE": sa.DOUBLE, "BOOLEAN": sa.BOOLEAN,
    "DATE": sa.DATE, "TIMESTAMP": sa.TIMESTAMP,
}  # fmt: skip


class _FetchedCursor(duckdb_engine.CursorWrapper):
    """A cursor that fetches at once: the caller closes its connection first, and DuckDB then drops pending rows."""

    def __init__(self, connection: Any, wrapper: Any) -> None:
        super().__init__(connection, wrapper)
        self._source = connection
        self._lender: _BorrowedConnection = wrapper
        self._rows: list[Any] = []
        self._described: Any = None

    def execute(self, statement: str, parameters: Any = None, context: Any = None) -> None:
        try:
            super().execute(statement, parameters, context)
        except duckdb.Error as error:
            self._lender.first_error = self._lender.first_error or str(error).splitlines()[0]
            raise
        self._described = self._source.description
        self._rows = self._source.fetchall() if self._described else []

    @property
    def description(self) -> Any:
        return self._described

    @property
    def rowcount(self) -> int:
        return -1

    def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    def fetchmany(self, size: int | None = None) -> list[Any]:
        rows, self._rows = self._rows[: size or 1], self._rows[size or 1 :]
        return rows

    def fetchone(self) -> Any:
        return (self.fetchmany(1) or [None])[0]


class _BorrowedConnection(duckdb_engine.ConnectionWrapper):
    """The owner's connection: neither closed nor committed nor rolled back from here.

    It keeps the first error: it ends the transaction, so that Great Expectations, which tries again, sees only
    that the transaction is over.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(connection)
        self._owned_elsewhere = connection
        self.first_error: str | None = None

    def cursor(self) -> _FetchedCursor:
        return _FetchedCursor(self._owned_elsewhere, self)

    def close(self) -> None:
        return

    commit = rollback = begin = close


class _Compiler(PGCompiler):
    def visit_custom_op_binary(self, element: Any, operator: Any, **kw: Any) -> Any:
        """Postgres' `~` searches; DuckDB's matches the whole string, so say `regexp_matches`."""
        if operator.opstring not in ("~", "!~"):
            return super().visit_custom_op_binary(element, operator, **kw)  # type: ignore[no-untyped-call]
        searched = f"regexp_matches({self.process(element.left, **kw)}, {self.process(element.right, **kw)})"
        return searched if operator.opstring == "~" else f"NOT {searched}"


class PlanledgerDuckDialect(duckdb_engine.Dialect):
    """duckdb-engine's dialect under Postgres' name, with columns read from DuckDB's own catalogue."""

    name = "postgresql"
    driver = _DIALECT
    statement_compiler = _Compiler
    supports_statement_cache = False

    def do_begin(self, dbapi_connection: Any) -> None:
        """Leave the owner's transaction alone."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Leave the owner's transaction alone."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Leave the owner's transaction alone."""

    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """Columns of a table, as SQLAlchemy's inspector returns them."""
        rows = connection.exec_driver_sql(
            "SELECT column_name, data_type, is_nullable, column_default, comment FROM duckdb_columns() "
            "WHERE database_name = current_database() AND table_name = $1 "
            "AND schema_name = coalesce($2, current_schema()) ORDER BY column_index",
            (str(table_name), schema),
        ).fetchall()
        if not rows:
            raise sa.exc.NoSuchTableError(str(table_name))
        return [
            {"name": n, "type": _sql_type(t), "nullable": null, "default": default, "comment": comment}
            for n, t, null, default, comment in rows
        ]

    def get_multi_columns(
        self, connection: Any, schema: str | None = None, filter_names: Any = None, *_: Any, **kw: Any
    ) -> list[Any]:
        """`get_columns` for several tables."""
        return [((schema, name), self.get_columns(connection, name, schema)) for name in sorted(filter_names or ())]

    def get_pk_constraint(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """No constraints: keys are checked by expectations."""
        return {"constrained_columns": [], "name": None}

    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        """Whether the table exists."""
        try:
            return bool(self.get_columns(connection, table_name, schema))
        except sa.exc.NoSuchTableError:
            return False


def _sql_type(name: str) -> Any:
    if name in _SCALARS:
        return _SCALARS[name]()
    members = {"cache_ok": True, "get_col_spec": lambda self, **kw: name}
    return type("DuckDBType", (sa.types.UserDefinedType,), members)()


sa.dialects.registry.register(_DIALECT, __name__, "PlanledgerDuckDialect")


class LiveDuckDBDatasource(SQLDatasource):
    """A SQL data source on a connection that is already open."""

    type: Literal["live_duck_db"] = "live_duck_db"  # type: ignore[assignment]  # narrows the parent's field
    connection_string: str = f"{_DIALECT}://"
    engines: ClassVar[dict[str, sa.Engine]] = {}

    def get_engine(self) -> sa.Engine:
        """The engine over the borrowed connection."""
        return self.engines[self.name]

    def _create_engine(self) -> sa.Engine:
        return self.get_engine()

    def get_execution_engine(self) -> SqlAlchemyExecutionEngine:
        """An execution engine that reads tables in place (the default copies them)."""
        if not self._execution_engine:
            self._execution_engine = SqlAlchemyExecutionEngine(engine=self.get_engine(), create_temp_table=False)
        return self._execution_engine


def expectation(expected: Expectation, number: int) -> Any:
    """Great Expectations' object for one of ours; `number` comes back with its result."""
    kind = getattr(gx.expectations, expected.kind)
    return kind(
        **expected.arguments, severity=expected.severity, description=expected.description, meta={"number": number}
    )


class Validator:
    """Runs suites against tables of one open connection."""

    def __init__(
        self,
        context: EphemeralDataContext,
        source: LiveDuckDBDatasource,
        borrowed: _BorrowedConnection,
        most_keys: int,
    ) -> None:
        self._context = context
        self._source = source
        self._borrowed = borrowed
        self._most_keys = most_keys

    def run(self, schema: str, table: str, key: Sequence[str], expectations: Sequence[Any]) -> dict[str, Any]:
        """Validate one table; the result as Great Expectations' JSON, with the keys of rows that fail on a column.

        Each result also has an `error`: what the database said if the expectation could not be evaluated, else None.
        """
        name = f"{schema}.{table}"
        asset = self._source.add_table_asset(name, table_name=table, schema_name=schema)
        suite = gx.ExpectationSuite(name, expectations=list(expectations))
        definition = gx.ValidationDefinition(
            name=name, data=asset.add_batch_definition_whole_table("all"), suite=self._context.suites.add(suite)
        )
        wanted = {
            "result_format": "SUMMARY",
            "partial_unexpected_count": self._most_keys,
            "unexpected_index_column_names": list(key),
        }
        result = self._context.validation_definitions.add(definition).run(result_format=wanted)
        found: dict[str, Any] = result.to_json_dict()  # type: ignore[no-untyped-call]
        for one in found["results"]:
            one["error"] = (self._borrowed.first_error or _exception(one)) if _exception(one) else None
        return found


def _exception(result: dict[str, Any]) -> str | None:
    """The message of an error inside the expectation; the information is flat or keyed by metric."""
    info = result.get("exception_info") or {}
    entries = [info] if "raised_exception" in info else [e for e in info.values() if isinstance(e, dict)]
    return next((str(e.get("exception_message")) for e in entries if e.get("raised_exception")), None)


@contextmanager
def validator(con: duckdb.DuckDBPyConnection, most_keys: int) -> Iterator[Validator]:
    """A validator on `con` that gives at most `most_keys` keys per expectation.

    On leaving, nothing of Great Expectations holds the connection any more.
    """
    name = f"live-{id(con)}"
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    borrowed = _BorrowedConnection(con)
    engine = sa.create_engine(f"{_DIALECT}://", creator=lambda: borrowed, poolclass=StaticPool)
    LiveDuckDBDatasource.engines[name] = engine
    try:
        yield Validator(context, context.data_sources.add_live_duck_db(name), borrowed, most_keys)
    finally:
        LiveDuckDBDatasource.engines.pop(name).dispose()
