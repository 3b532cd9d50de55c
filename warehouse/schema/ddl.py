"""SQL that creates the declared tables, with their comments."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.schema import SCHEMAS, TABLES
from warehouse.schema.model import Column, Table


def quoted(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """`name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def create_table(declared: Table, columns: tuple[Column, ...] | None = None) -> str:
    """CREATE TABLE IF NOT EXISTS for the table, or for some of its columns.

    There are no constraints: what must hold is checked by the gates, which name the rows that fail.
    """
    body = ",\n  ".join(f"{identifier(c.name)} {c.type}" for c in columns or declared.columns)
    return f"CREATE TABLE IF NOT EXISTS {declared.full_name} (\n  {body}\n)"


def comment_on(declared: Table) -> str:
    """What a database client shows for a table: description and key."""
    return f"{declared.description} Key: {', '.join(declared.key)}."


def comments(declared: Table, columns: tuple[Column, ...] | None = None) -> Iterator[str]:
    """COMMENT ON statements for a table and its columns."""
    yield f"COMMENT ON TABLE {declared.full_name} IS {quoted(comment_on(declared))}"
    for c in columns or declared.columns:
        yield f"COMMENT ON COLUMN {declared.full_name}.{identifier(c.name)} IS {quoted(c.meaning)}"


def create_all() -> Iterator[str]:
    """Statements that create every schema and table that is missing, with comments."""
    for schema in SCHEMAS:
        yield f"CREATE SCHEMA IF NOT EXISTS {schema}"
    for declared in TABLES.values():
        yield create_table(declared)
        yield from comments(declared)
