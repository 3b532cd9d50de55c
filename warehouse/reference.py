"""The reference data: `seeds/reference/*.csv`, typed by the declared tables."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.results import arrow
from warehouse.schema import tables_of
from warehouse.schema.arrow import schema_of
from warehouse.schema.ddl import identifier, quoted
from warehouse.schema.model import Column, Table

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
LIST_SEPARATOR = "|"


class ReferenceDataError(ValueError):
    """A reference file is missing or does not fit its declared table."""


@dataclass(frozen=True, eq=False)
class Reference:
    """All reference tables as Arrow tables, with a digest of their content.

    Two references with the same digest are equal and hash alike, so what is derived from one (a gazetteer, a
    compiled pattern set) can be cached per reference.
    """

    digest: str
    tables: Mapping[str, pa.Table]

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and other.digest == self.digest

    def __reduce__(self) -> tuple[Any, ...]:
        return Reference, (self.digest, dict(self.tables))

    @cached_property
    def _rows(self) -> dict[str, list[dict[str, Any]]]:
        return {name: t.to_pylist() for name, t in self.tables.items()}

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of reference table `name` ("places") as dictionaries; do not change them."""
        return self._rows[name]


def load_reference(folder: Path | None = None) -> Reference:
    """Read every declared reference table from its CSV file in `folder` (the bundled ones by default).

    Empty cells are NULL, list cells are separated by `|`, struct cells are JSON. Raises ReferenceDataError naming
    the file, and the column or value, that does not fit.
    """
    folder = folder or SEEDS / "reference"
    tables, content = {}, hashlib.sha256()
    for declared in tables_of("reference"):
        path = folder / f"{declared.name}.csv"
        if not path.is_file():
            raise ReferenceDataError(f"{path} is missing; it holds {declared.full_name}")
        content.update(path.name.encode() + b"\0" + path.read_bytes())
        tables[declared.name] = _read(declared, path)
    return Reference(content.hexdigest(), MappingProxyType(tables))


def _read(declared: Table, path: Path) -> pa.Table:
    with path.open(encoding="utf-8", newline="") as handle:
        header = next(csv.reader(handle), [])
    if tuple(header) != declared.column_names:
        raise ReferenceDataError(f"{path} has the columns {header}, but {list(declared.column_names)} are declared")
    selected = ", ".join(_cast(c) for c in declared.columns)
    order = ", ".join(identifier(k) for k in declared.key)
    query = (
        f"SELECT {selected} FROM read_csv({quoted(str(path))}, header = true, all_varchar = true, delim = ',', "
        f"quote = '\"', escape = '\"', auto_detect = false, columns = {_columns(declared)}) ORDER BY {order}"
    )
    try:
        with duckdb.connect() as con:
            found = arrow(con, query)
    except duckdb.Error as error:
        raise ReferenceDataError(f"{path} does not fit {declared.full_name}: {error}") from error
    return found.cast(pa.schema([f.with_nullable(True) for f in schema_of(declared)]))


def _columns(declared: Table) -> str:
    return "{" + ", ".join(f"{quoted(c.name)}: 'VARCHAR'" for c in declared.columns) + "}"


def _cast(column: Column) -> str:
    name = identifier(column.name)
    cell = f"nullif({name}, '')"
    if column.type == "VARCHAR[]":
        return f"string_split({cell}, {quoted(LIST_SEPARATOR)}) AS {name}"
    if column.type.startswith("STRUCT"):
        return f"CAST({cell}::JSON AS {column.type}) AS {name}"
    return f"CAST({cell} AS {column.type}) AS {name}"
