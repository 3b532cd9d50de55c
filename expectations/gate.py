"""The gate: runs suites on the open transaction, keeps what they found, and says whether data may pass."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from expectations.suites import Expectation, suite, suite_name
from warehouse.identity import row_id
from warehouse.results import arrow
from warehouse.schema import table
from warehouse.schema.arrow import batch_of
from warehouse.schema.model import Table
from warehouse.tables import data_version, insert, row_count

SAMPLE_KEYS = 20
MOST_KEYS = 1000


@dataclass(frozen=True)
class Finding:
    """What one expectation found: a row of `ops.gate_results`, and the keys of the rows that failed it."""

    row: dict[str, Any]
    failing_keys: tuple[str, ...]

    @property
    def blocks(self) -> bool:
        """A critical expectation did not hold."""
        return not self.row["success"] and self.row["severity"] == "critical"


@dataclass
class Verdict:
    """What the gates of some tables found."""

    findings: list[Finding] = field(default_factory=list)
    error: str | None = None
    """What the database said if an expectation could not be evaluated."""

    @property
    def passed(self) -> bool:
        """No critical expectation failed."""
        return not any(f.blocks for f in self.findings)

    def of(self, full_name: str) -> list[Finding]:
        """The findings on one table."""
        return [f for f in self.findings if f.row["table_name"] == full_name]


class GateFailedError(RuntimeError):
    """A critical expectation did not hold; what had been written is rolled back."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        failed = [f.row for f in verdict.findings if f.blocks]
        first = failed[0]
        more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
        rows = f": {first['unexpected_count']} rows" if first["unexpected_count"] else ""
        what = f"could not be run: {verdict.error}" if verdict.error else f"failed: {first['expectation']}{rows}{more}"
        super().__init__(f"the gate of {failed[-1]['table_name'] if verdict.error else first['table_name']} {what}")


def audit(con: duckdb.DuckDBPyConnection, full_names: Sequence[str], run_id: str, now: datetime) -> Verdict:
    """Run the suites of the tables on the open transaction and write what they found to `ops.gate_results`.

    A table whose data passed the same suite before is not checked again. Raises GateFailedError when a critical
    expectation failed; its verdict is then to be written by `record_failure` after the rollback.
    """
    due = [t for t in map(table, full_names) if not has_passed(con, t)]
    if not due:
        return Verdict()
    verdict = _validate(con, due, run_id, now)
    if not verdict.passed:
        raise GateFailedError(verdict)
    _record(con, verdict)
    return verdict


def has_passed(con: duckdb.DuckDBPyConnection, declared: Table) -> bool:
    """Whether the table's latest gate ran this suite on just this data, and nothing critical failed."""
    rows = con.execute(
        "SELECT suite, data_version, bool_and(success OR severity <> 'critical') FROM ops.gate_results "
        "WHERE table_name = ? GROUP BY suite, data_version, recorded_at ORDER BY recorded_at DESC LIMIT 1",
        [declared.full_name],
    ).fetchall()
    return rows == [(suite_name(declared), data_version(con, declared.full_name, declared.column_names), True)]


def _validate(con: duckdb.DuckDBPyConnection, due: Iterable[Table], run_id: str, now: datetime) -> Verdict:
    from expectations import live_duckdb  # takes seconds: only where a gate runs

    verdict = Verdict()
    with live_duckdb.validator(con, MOST_KEYS) as validator:
        for declared in due:
            expected = suite(declared)
            context = {
                "table_name": declared.full_name,
                "suite": suite_name(declared),
                "row_count": row_count(con, declared.full_name),
                "data_version": data_version(con, declared.full_name, declared.column_names),
                "run_id": run_id,
                "recorded_at": now,
            }
            prepared = [live_duckdb.expectation(e, n) for n, e in enumerate(expected)]
            found = validator.run(declared.schema, declared.name, declared.key, prepared)
            ended = any(result["error"] for result in found["results"])
            # Great Expectations groups results by column: the number in `meta` tells which is whose.
            for result in found["results"]:
                number = int(result["expectation_config"]["meta"]["number"])
                keys = () if result["success"] or ended else _keys(con, declared, expected[number], result)
                verdict.findings.append(_finding(declared, expected[number], number, result, keys, context))
            if ended:
                verdict.error = next(result["error"] for result in found["results"] if result["error"])
                break  # a failed statement has ended the transaction: nothing more can be asked
    return verdict


def _finding(
    declared: Table,
    expected: Expectation,
    number: int,
    result: dict[str, Any],
    keys: tuple[str, ...],
    context: dict[str, Any],
) -> Finding:
    outcome = result.get("result") or {}
    observed = {k: v for k, v in outcome.items() if k in ("observed_value", "element_count", "unexpected_percent")}
    if result["error"]:
        observed["exception"] = result["error"]
    unexpected = outcome.get("unexpected_count")
    if unexpected is None and expected.kind == "UnexpectedRowsExpectation":
        unexpected = outcome.get("observed_value")
    row = {
        "gate_id": row_id("gt", declared.full_name, str(number), expected.description, context["run_id"],
                          context["recorded_at"].isoformat()),
        **context,
        "expectation": expected.description,
        "column_name": ", ".join(expected.columns) or None,
        "severity": expected.severity,
        "success": bool(result["success"]),
        "observed_value": json.dumps(observed, sort_keys=True, default=str),
        "unexpected_count": unexpected,
        "sample_keys": list(keys[:SAMPLE_KEYS]),
    }  # fmt: skip
    return Finding(row, keys)


def _keys(
    con: duckdb.DuckDBPyConnection, declared: Table, expected: Expectation, result: dict[str, Any]
) -> tuple[str, ...]:
    """Keys of the rows that fail, each as a JSON array, sorted, at most MOST_KEYS.

    Great Expectations gives those of columns by index, those of several columns as the rows themselves, and of a
    query for unexpected rows only the number, unless it is asked for everything of everything.
    """
    query = expected.arguments.get("unexpected_rows_query")
    if query is not None:
        failing = arrow(con, f"SELECT * FROM ({query.format(batch=declared.full_name)}) LIMIT {MOST_KEYS}").to_pylist()
    else:
        outcome = result.get("result") or {}
        failing = outcome.get("partial_unexpected_index_list") or outcome.get("partial_unexpected_list") or []
    rows = (r for r in failing if isinstance(r, dict))
    keys = (json.dumps([r.get(k) for k in declared.key], default=str, ensure_ascii=False) for r in rows)
    return tuple(sorted(set(keys)))


def _record(con: duckdb.DuckDBPyConnection, verdict: Verdict) -> None:
    insert(con, "ops.gate_results", batch_of("ops.gate_results", (f.row for f in verdict.findings)))


def record_failure(con: duckdb.DuckDBPyConnection, verdict: Verdict, stage: str) -> None:
    """After the rollback: write the verdict, and the keys of the failing rows to quarantine.

    Quarantine entries of an earlier failed gate of the stage are replaced.
    """
    _record(con, verdict)
    con.execute("DELETE FROM ops.quarantine WHERE stage = ? AND reason = 'gate_failed'", [stage])
    rows = [
        {
            "quarantine_id": row_id("qr", stage, f.row["table_name"], f.row["expectation"], key),
            "stage": stage,
            "reason": "gate_failed",
            "detail": f.row["expectation"],
            "table_name": f.row["table_name"],
            "row_key": key,
            "run_id": f.row["run_id"],
            "recorded_at": f.row["recorded_at"],
        }
        for f in verdict.findings
        if f.blocks
        for key in f.failing_keys
    ]
    insert(con, "ops.quarantine", batch_of("ops.quarantine", rows))


def unpassed(con: duckdb.DuckDBPyConnection, full_names: Iterable[str]) -> list[str]:
    """Of these tables, the ones whose latest gate did not pass, is older than the data, or never ran."""
    return [name for name in full_names if not has_passed(con, table(name))]
