"""What a stage is: a pure function on Arrow batches, with the tables it reads and fills."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.identity import digest
from warehouse.reference import Reference
from warehouse.schema import table

Outputs = Mapping[str, pa.RecordBatch]
MapBatch = Callable[[pa.RecordBatch, Reference], Outputs]
Settle = Callable[[duckdb.DuckDBPyConnection], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that maps documents to rows, document by document.

    `input_query` selects one row per document, with a `document_id`; `map_batch` turns a batch of such rows
    into batches of the tables in `outputs` (full names), from the batch and the reference data alone, so the
    result does not depend on how documents are cut into batches. A document that cannot be processed comes back
    as a row of `ops.quarantine`. `settle` then does, on the stage's open transaction, what looks across
    documents (duplicates, revisions); it must give the same tables whatever order the documents arrived in.
    """

    name: str
    input_query: str
    outputs: tuple[str, ...]
    map_batch: MapBatch
    settle: Settle | None = None
    settled: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table the stage fills."""
        return (*self.outputs, *self.settled)

    def fingerprint(self, reference: Reference) -> str:
        """Changes when the stage's code, its tables or the reference data change: all is then processed anew."""
        home = Path(inspect.getfile(self.map_batch)).parent
        declared = repr([table(name) for name in self.tables])
        return digest(reference.digest, declared, code_digest(home))[:16]


def code_digest(folder: Path) -> str:
    """A digest of the code and the pattern files below a folder."""
    files = (p for p in sorted(folder.rglob("*")) if p.suffix in {".py", ".toml", ".sql", ".csv", ".json"})
    return digest(*(part for p in files for part in (p.relative_to(folder).as_posix(), p.read_text(encoding="utf-8"))))
