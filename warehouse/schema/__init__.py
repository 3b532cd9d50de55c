"""Every table and column, declared once, one module per stage.

DDL with comments, Arrow schemas with field metadata, the structural expectations, Dagster's column metadata and
the data dictionary are generated from these declarations; adding a column is one line in one file.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from warehouse.schema import aggregated, cleaned, extracted, ops, raw, reference
from warehouse.schema.model import SCHEMAS, Column, Table

TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {t.full_name: t for module in (reference, raw, cleaned, extracted, aggregated, ops) for t in module.TABLES}
)


def table(full_name: str) -> Table:
    """The declaration of `schema.table`; KeyError naming it if there is none."""
    if full_name not in TABLES:
        raise KeyError(f"no table {full_name!r} is declared")
    return TABLES[full_name]


def tables_of(schema: str) -> tuple[Table, ...]:
    """The tables of one schema in the order they are declared."""
    return tuple(t for t in TABLES.values() if t.schema == schema)


def table_of_id(row_id: str) -> Table | None:
    """The table whose generated keys open as `row_id` does (`tg_...` is a target); None if there is none."""
    prefix = row_id.partition("_")[0]
    return next((t for t in TABLES.values() if t.id_prefix == prefix), None)


__all__ = ["SCHEMAS", "TABLES", "Column", "Table", "table", "table_of_id", "tables_of"]
