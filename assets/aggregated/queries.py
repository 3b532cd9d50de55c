"""The aggregated tables' queries: one .sql file each, run in the order in which they read one another."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import duckdb

from warehouse.schema import TABLES, tables_of


@cache
def query(name: str) -> str:
    """The SELECT that makes `aggregated.<name>`, from `<name>.sql`."""
    return (files(__package__) / f"{name}.sql").read_text(encoding="utf-8")


@cache
def dependencies(name: str) -> tuple[str, ...]:
    """The declared tables the query reads, sorted, as `schema.table`."""
    with duckdb.connect() as con:
        return tuple(sorted(t for t in con.get_table_names(query(name), qualified=True) if t in TABLES))


def in_order() -> tuple[str, ...]:
    """Names of the aggregated tables, each after those it reads. Raises ValueError if they read in a circle."""
    waiting = [t.name for t in tables_of("aggregated")]
    ordered: list[str] = []
    while waiting:
        ready = [n for n in waiting if not {f"aggregated.{w}" for w in waiting} & set(dependencies(n))]
        if not ready:
            raise ValueError(f"the aggregated tables {waiting} read one another in a circle")
        ordered += ready
        waiting = [n for n in waiting if n not in ready]
    return tuple(ordered)
