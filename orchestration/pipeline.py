"""The stages of a run, each in one transaction: write, audit, publish.

The command line and the Dagster assets both call these functions; neither has a way around the gates.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

import duckdb
import pyarrow as pa

from assets.aggregated import queries
from assets.published.release import Release, publish
from assets.stage import Outputs, Stage
from expectations.gate import GateFailedError, Verdict, audit, record_failure
from orchestration.engine import Engine, engine_of
from orchestration.progress import Reporter, SilentReporter
from orchestration.stages import STAGES
from warehouse import __version__
from warehouse.connection import transaction, writing
from warehouse.identity import digest
from warehouse.reference import Reference, load_reference
from warehouse.results import arrow, batches
from warehouse.schema import TABLES, tables_of
from warehouse.schema.arrow import batch_of
from warehouse.schema.ddl import quoted
from warehouse.settings import Settings
from warehouse.tables import delete_where_in, execute_with, insert, replace_rows, row_count


@dataclass
class Run:
    """A run under way: the open warehouse and everything its stages need."""

    con: duckdb.DuckDBPyConnection
    settings: Settings
    reporter: Reporter = field(default_factory=SilentReporter)
    run_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    @cached_property
    def reference(self) -> Reference:
        """The reference data."""
        return load_reference()

    @cached_property
    def engine(self) -> Engine:
        """What maps stages over documents."""
        return engine_of(self.settings)

    def fingerprint(self, stage: Stage) -> str:
        """The stage's fingerprint with those of the stages before it, on whose output it rests."""
        upstream = STAGES[: STAGES.index(stage) + 1]
        return digest(*(s.fingerprint(self.reference) for s in upstream))[:16]


@contextmanager
def opened(settings: Settings, reporter: Reporter | None = None) -> Iterator[Run]:
    """A run on the settings' warehouse, entered in `ops.runs` with how it ends."""
    with writing(settings.warehouse_path) as con:
        _limit_memory(con, settings.memory)
        run = Run(con, settings, reporter or SilentReporter())
        started = {"run_id": run.run_id, "started": now(), "status": "running", "code_version": __version__}
        insert(con, "ops.runs", batch_of("ops.runs", [{**started, "counts": "{}"}]))
        try:
            yield run
        except KeyboardInterrupt:
            _close(run, "interrupted")
            raise
        except BaseException:
            _close(run, "failed")
            raise
        _close(run, "done")


def _limit_memory(con: duckdb.DuckDBPyConnection, memory: str) -> None:
    try:
        con.execute(f"SET memory_limit = {quoted(memory)}")
    except duckdb.Error:
        raise ValueError(f"PLANLEDGER_MEMORY is {memory!r}; it must be an amount such as 4GB") from None


def _close(run: Run, status: str) -> None:
    counts = json.dumps(table_counts(run.con), sort_keys=True)
    run.con.execute(
        "UPDATE ops.runs SET ended = ?, status = ?, counts = ? WHERE run_id = ?", [now(), status, counts, run.run_id]
    )


def table_counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows per declared table."""
    return {name: row_count(con, name) for name in TABLES}


def now() -> datetime:
    """The time, UTC, without zone, as the database keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


@contextmanager
def gated(run: Run, stage: str, tables: Sequence[str]) -> Iterator[None]:
    """A transaction that ends with the tables' gates: committed if they pass, else rolled back and put on record."""
    try:
        with transaction(run.con):
            yield
            verdict = audit(run.con, tables, run.run_id, now())
            run.con.execute("DELETE FROM ops.quarantine WHERE reason = 'gate_failed' AND stage = ? AND "
                            "list_contains(?, table_name)", [stage, list(tables)])  # fmt: skip
    except GateFailedError as failed:
        with transaction(run.con):
            record_failure(run.con, failed.verdict, stage)
        run.verdicts[stage] = failed.verdict
        raise
    run.verdicts[stage] = Verdict([*run.verdicts.get(stage, Verdict()).findings, *verdict.findings])


def load_reference_tables(run: Run) -> None:
    """Fill reference.* from the reviewed CSV files."""
    names = [t.full_name for t in tables_of("reference")]
    run.reporter.step("reference", len(names))
    with gated(run, "reference", names):
        for declared in tables_of("reference"):
            replace_rows(run.con, declared.full_name, run.reference.tables[declared.name])
            run.reporter.advance()


def run_stage(run: Run, stage: Stage) -> int:
    """Process the documents the stage has not yet processed with its present code and reference data.

    Returns the number of documents processed.
    """
    with gated(run, stage.name, stage.tables):
        pending = _pending(run, stage)
        run.reporter.step(stage.name, pending.num_rows)
        _forget(run, stage, pending)
        for outputs in run.engine.map(stage.map_batch, _batches(run, stage, pending), run.reference):
            _store(run, outputs)
            run.reporter.advance(min(run.settings.batch_rows, pending.num_rows))
        _mark(run, stage, pending)
        if stage.settle is not None and pending.num_rows:
            stage.settle(run.con)
    return pending.num_rows


def _pending(run: Run, stage: Stage) -> pa.Table:
    return arrow(
        run.con,
        f"SELECT document_id FROM ({stage.input_query}) "
        "EXCEPT SELECT document_id FROM ops.processed WHERE stage = ? AND fingerprint = ? ORDER BY document_id",
        [stage.name, run.fingerprint(stage)],
    )


def _forget(run: Run, stage: Stage, pending: pa.Table) -> None:
    """Delete what earlier code made of the pending documents, and rows of documents that are no longer input."""
    for name in stage.outputs:
        delete_where_in(run.con, name, "document_id", pending)
        run.con.execute(f"DELETE FROM {name} WHERE document_id NOT IN (SELECT document_id FROM ({stage.input_query}))")
    for table in ("ops.processed", "ops.quarantine"):
        statement = f"DELETE FROM {table} WHERE stage = ? AND document_id IN (SELECT document_id FROM given_rows)"
        execute_with(run.con, statement, pending, [stage.name])


def _batches(run: Run, stage: Stage, pending: pa.Table) -> Iterator[pa.RecordBatch]:
    """The pending documents, read on a second connection: the first one is writing."""
    if not pending.num_rows:
        return
    with run.con.cursor() as reading:
        reading.register("pending_documents", pending)
        yield from batches(
            reading,
            f"SELECT i.* FROM ({stage.input_query}) AS i SEMI JOIN pending_documents USING (document_id) "
            "ORDER BY document_id",
            run.settings.batch_rows,
        )


def _store(run: Run, outputs: Outputs) -> None:
    for name, rows in outputs.items():
        insert(run.con, name, _stamped(run, rows) if name == "ops.quarantine" else rows)


def _stamped(run: Run, rows: pa.RecordBatch) -> pa.Table:
    """Quarantine rows with the run and the time, which a stage does not know."""
    found = [{**r, "run_id": run.run_id, "recorded_at": now()} for r in rows.to_pylist()]
    return pa.Table.from_batches([batch_of("ops.quarantine", found)])


def _mark(run: Run, stage: Stage, pending: pa.Table) -> None:
    marks = pending.append_column("stage", pa.array([stage.name] * pending.num_rows, pa.string()))
    fingerprint = pa.array([run.fingerprint(stage)] * pending.num_rows, pa.string())
    insert(run.con, "ops.processed", marks.append_column("fingerprint", fingerprint))


def aggregate(run: Run) -> None:
    """Recompute the aggregated tables, each behind its own gate."""
    names = queries.in_order()
    run.reporter.step("aggregated", len(names))
    for name in names:
        aggregate_table(run, name)
        run.reporter.advance()


def aggregate_table(run: Run, name: str) -> None:
    """Recompute `aggregated.<name>` from the tables its query reads."""
    full_name = f"aggregated.{name}"
    with gated(run, "aggregated", [full_name]):
        run.con.execute(f"DELETE FROM {full_name}")
        run.con.execute(f"INSERT INTO {full_name} BY NAME {queries.query(name)}")


def publish_release(run: Run, *, with_text: bool = False) -> Release:
    """Write a release of everything, unless the latest one holds the same; refuse if a gate has not passed."""
    run.reporter.step("published", len(TABLES))
    return publish(run.con, run.settings, with_text=with_text, advance=run.reporter.advance)
