"""What a stage is: a pure function on Arrow batches, with the tables it reads and fills."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.reference import Reference

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

    def fingerprint(self, reference: Reference) -> str:
        """Changes when the stage's code or the reference data changes: then everything is processed anew."""
        home = Path(inspect.getfile(self.map_batch)).parent
        digest = hashlib.sha256(reference.digest.encode())
        for path in sorted(home.rglob("*")):
            if path.suffix in {".py", ".toml", ".sql"}:
                digest.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()[:16]
