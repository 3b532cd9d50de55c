"""The raw stage: source files into raw.documents, each file once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from assets.raw.readers import at_hand, read_source, reader_of, sha256_of
from assets.raw.sources import SourceFile, discover, named_by_landing
from orchestration.pipeline import Run, gated, now
from warehouse.identity import row_id
from warehouse.results import arrow
from warehouse.schema.arrow import batch_of
from warehouse.schema.ddl import identifier
from warehouse.tables import delete_where_in, insert, row_count

_MERGED_AT_ONCE: Final = 64 * 2**20


class NothingReadError(ValueError):
    """Nothing of what was given could be read, and there was nothing before."""


@dataclass(frozen=True)
class ReadReport:
    """Files of the sources, those read and those unchanged since the last time, new documents, records set aside."""

    files: int
    files_read: int
    unchanged_files: int
    new_documents: int
    quarantined: int


def read_sources(run: Run, sources: Sequence[str]) -> ReadReport:
    """Read the files of the sources that are new or changed into raw.documents.

    Raises SourceError naming an input that cannot be read at all.
    """
    return read_files(run, discover(sources))


def read_files(run: Run, files: Sequence[SourceFile]) -> ReadReport:
    """Read the files that are new or changed into raw.documents.

    Of two records with the same address and content one row is kept: the one first in order of delivery and
    place, so that it does not matter which came first. Raises NothingReadError if there is no document afterwards.
    """
    files = named_by_landing(files, run.settings.landing)
    run.reporter.step("raw", len(files))
    before = row_count(run.con, "raw.documents")
    read = quarantined = 0
    with gated(run, "raw", ["raw.documents"]):
        incoming = _Incoming(run)
        for file in files:
            with at_hand(file) as here:
                found = _read(run, here, incoming)
            read += found is not None
            quarantined += found or 0
            run.reporter.advance()
        incoming.merge()
    after = row_count(run.con, "raw.documents")
    if not after:
        raise NothingReadError(
            f"no document could be read from {files[0].uri}{' and the other files' if len(files) > 1 else ''}: "
            "planledger quarantine list says why"
        )
    return ReadReport(len(files), read, len(files) - read, after - before, quarantined)


def _sha256(file: SourceFile) -> str | None:
    """SHA-256 of the file's bytes; None if they cannot be read, which the reader then puts on record."""
    try:
        return sha256_of(file)
    except OSError:
        return None


def _read(run: Run, file: SourceFile, incoming: _Incoming) -> int | None:
    """Read one file unless it is unchanged (None); otherwise return how many of its records were set aside."""
    sha256, reader = _sha256(file), reader_of(file)
    known = run.con.execute(
        "SELECT 1 FROM ops.sources WHERE batch_id = ? AND source_uri = ? AND sha256 = ? AND reader = ?",
        [file.batch_id, file.uri, sha256, reader],
    ).fetchall()
    if known:
        return None
    run.con.execute(
        "DELETE FROM ops.quarantine WHERE stage = 'raw' AND batch_id = ? AND "
        "(source_uri = ? OR starts_with(source_uri, ? || '#'))",
        [file.batch_id, file.uri, file.uri],
    )
    documents, bad = 0, []
    for batch, set_aside in read_source(file):
        documents += incoming.add(batch)
        bad += set_aside
    _set_aside(run, bad)
    _remember(run, file, sha256, documents, len(bad), reader)
    return len(bad)


def _set_aside(run: Run, bad: list[dict[str, str]]) -> None:
    rows = [
        {
            **b,
            "quarantine_id": row_id("qr", "raw", b["batch_id"], b["source_uri"], b["reason"], b["detail"]),
            "stage": "raw",
            "run_id": run.run_id,
            "recorded_at": now(),
        }
        for b in bad
    ]
    insert(run.con, "ops.quarantine", batch_of("ops.quarantine", rows))


def _remember(run: Run, file: SourceFile, sha256: str | None, documents: int, bad: int, reader: str) -> None:
    run.con.execute("DELETE FROM ops.sources WHERE batch_id = ? AND source_uri = ?", [file.batch_id, file.uri])
    row = {
        "batch_id": file.batch_id,
        "source_uri": file.uri,
        "sha256": sha256,
        "byte_size": file.byte_size,
        "document_count": documents,
        "quarantined_count": bad,
        "reader": reader,
    }
    insert(run.con, "ops.sources", batch_of("ops.sources", [row]))


class _Incoming:
    """Rows on their way into raw.documents, merged a bounded amount at a time.

    Which of several rows of a document stays is the smallest in order, so merging in parts gives what merging all at
    once would.
    """

    def __init__(self, run: Run) -> None:
        self._con = run.con
        self._columns = ", ".join(identifier(c) for c in batch_of("raw.documents", []).schema.names)
        self._bytes = 0
        self._con.execute("CREATE OR REPLACE TEMP TABLE incoming_documents AS FROM raw.documents LIMIT 0")

    def add(self, rows: pa.RecordBatch) -> int:
        """Take in a batch of rows; returns their number."""
        self._bytes += rows.nbytes
        added = insert(self._con, "incoming_documents", rows)
        if self._bytes >= _MERGED_AT_ONCE:
            self.merge()
        return added

    def merge(self) -> None:
        """Move the rows taken in into raw.documents; a document whose row changes is processed anew."""
        self._con.execute(
            f"CREATE OR REPLACE TEMP TABLE winning_documents AS SELECT {self._columns} FROM incoming_documents AS i "
            "WHERE NOT EXISTS (SELECT 1 FROM raw.documents AS r WHERE r.document_id = i.document_id "
            "AND (r.batch_id, r.source_uri) < (i.batch_id, i.source_uri)) "
            "QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY batch_id, source_uri) = 1"
        )
        winners = arrow(self._con, "SELECT document_id FROM winning_documents")
        changed: pa.Table = arrow(
            self._con,
            f"SELECT document_id FROM (SELECT {self._columns} FROM winning_documents EXCEPT "
            f"SELECT {self._columns} FROM raw.documents SEMI JOIN winning_documents USING (document_id))",
        )
        delete_where_in(self._con, "raw.documents", "document_id", winners)
        delete_where_in(self._con, "ops.processed", "document_id", changed)
        self._con.execute("INSERT INTO raw.documents BY NAME SELECT * FROM winning_documents")
        self._con.execute("TRUNCATE incoming_documents")
        self._con.execute("DROP TABLE winning_documents")
        self._bytes = 0
