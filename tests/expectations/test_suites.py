"""Each kind of expectation that a declaration implies fails on a row that violates it, and only then."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from expectations import gate
from expectations.suites import suite, suite_name
from warehouse.connection import prepare
from warehouse.schema import TABLES
from warehouse.schema.arrow import batch_of, schema_of
from warehouse.schema.ddl import create_table
from warehouse.schema.model import ENTITY, Column, Table
from warehouse.schema.vocabulary import EVIDENCE
from warehouse.tables import insert

TEXT = "The plan was met. The dam 한 stands."
SPECIMEN = Table(
    "extracted",
    "specimen",
    "A table with every kind of expectation.",
    ("specimen_id",),
    (
        Column("specimen_id", "VARCHAR", "Key.", nullable=False),
        Column("kind", "VARCHAR", "Closed set.", enum=("a", "b")),
        Column("share", "DOUBLE", "Bounds.", minimum=0, maximum=1),
        Column("place_id", "VARCHAR", "Reference.", references="reference.places.place_id"),
        Column("place_ids", "VARCHAR[]", "References.", references="reference.places.place_id"),
        Column("actor_id", "VARCHAR", "Any entity.", references=ENTITY),
        Column("note", "VARCHAR", "Text."),
        Column("period_start", "DATE", "First day."),
        Column("period_end", "DATE", "Last day."),
        *EVIDENCE,
    ),
    evidence=True,
)
PAIR = Table(
    "aggregated", "pair", "A table with a key of two columns.", ("one", "two"),
    (Column("one", "VARCHAR", "Key.", nullable=False), Column("two", "INTEGER", "Key.", nullable=False)),
)  # fmt: skip
GOOD: dict[str, Any] = {
    "specimen_id": "good", "kind": "a", "share": 1.0, "place_id": "p", "place_ids": ["p", "q"], "note": "n",
    "actor_id": "o", "period_start": date(2024, 1, 1), "period_end": date(2024, 1, 1), "document_id": "d",
    "sentence_id": "ds1",
    "start_char": 22, "end_char": 27, "evidence": "dam 한", "rule": "r",
}  # fmt: skip
UNKNOWN = {
    **GOOD, "specimen_id": "unknown", "kind": None, "share": None, "place_id": None, "place_ids": None, "note": None,
    "actor_id": None, "period_start": None, "period_end": None,
}  # fmt: skip
KEY, EVIDENCE_HOLDS = "specimen_id is the key.", "evidence is text[start_char:end_char] of its document."
ORDER = "period_start and period_end are both known or both unknown, and in order."
EMPTY = "No text is empty; what is unknown is NULL."
IN_SENTENCE = "The evidence begins in its sentence, or in the gap before it."
VIOLATIONS: dict[str, tuple[dict[str, Any], str]] = {
    "no rule": ({"rule": None}, "rule is never NULL."),
    "another kind": ({"kind": "c"}, "kind is one of the declared values."),
    "kind in capitals": ({"kind": "A"}, "kind is one of the declared values."),
    "below": ({"share": -0.001}, "share lies between its declared bounds."),
    "above": ({"share": 1.001}, "share lies between its declared bounds."),
    "unknown place": ({"place_id": "x"}, "place_id refers to reference.places.place_id."),
    "one unknown place of two": ({"place_ids": ["p", "x"]}, "place_ids refers to reference.places.place_id."),
    "unknown entity": ({"actor_id": "x"}, "actor_id refers to a known entity."),
    "empty text": ({"note": ""}, EMPTY),
    "another evidence": ({"evidence": "dam X"}, EVIDENCE_HOLDS),
    "one character on": ({"start_char": 23, "end_char": 28}, EVIDENCE_HOLDS),
    "unknown document": ({"document_id": "x"}, EVIDENCE_HOLDS),
    "sentence before": ({"sentence_id": "ds0"}, IN_SENTENCE),
    "sentence elsewhere": ({"sentence_id": "es0"}, IN_SENTENCE),
    "only a start": ({"period_end": None}, ORDER),
    "only an end": ({"period_start": None}, ORDER),
    "end before start": ({"period_end": date(2023, 12, 31)}, ORDER),
    "offset below zero": ({"start_char": -1}, "start_char lies between its declared bounds."),
}


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    prepare(opened)
    opened.execute(create_table(SPECIMEN))
    opened.execute(create_table(PAIR))
    opened.execute("INSERT INTO reference.places BY NAME SELECT unnest(['p', 'q']) AS place_id")
    opened.execute("INSERT INTO reference.organizations BY NAME SELECT 'o' AS organization_id")
    opened.execute("INSERT INTO cleaned.documents BY NAME SELECT unnest(['d', 'e']) AS document_id, ? AS text", [TEXT])
    insert(
        opened,
        "cleaned.sentences",
        batch_of(
            "cleaned.sentences",
            [
                {"sentence_id": "ds0", "document_id": "d", "start_char": 0, "end_char": 17},
                {"sentence_id": "ds1", "document_id": "d", "start_char": 18, "end_char": len(TEXT)},
                {"sentence_id": "es0", "document_id": "e", "start_char": 18, "end_char": len(TEXT)},
            ],
        ),
    )
    return opened


def judged(
    con: duckdb.DuckDBPyConnection, declared: Table, rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> dict[str, tuple[bool, list[str]]]:
    """Did each expectation hold, and if not for which first key?"""
    con.execute(f"DELETE FROM {declared.full_name}")
    insert(con, declared.full_name, pa.RecordBatch.from_pylist(rows, schema=schema_of(declared)))
    monkeypatch.setattr(gate, "table", {declared.full_name: declared}.__getitem__)
    try:
        findings = gate.audit(con, [declared.full_name], "run", datetime(2024, 1, 1)).findings
    except gate.GateFailedError as failed:
        findings = failed.verdict.findings
    con.execute("DELETE FROM ops.gate_results")
    return {f.row["expectation"]: (f.row["success"], [json.loads(k)[0] for k in f.failing_keys]) for f in findings}


@pytest.fixture(scope="module")
def violated(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[bool, list[str]]]:
    """The verdict on a table that holds every violation, and two rows that are fine."""
    rows = [{**GOOD, "specimen_id": name, **change} for name, (change, _) in VIOLATIONS.items()]
    with pytest.MonkeyPatch.context() as monkeypatch:
        return judged(con, SPECIMEN, [GOOD, UNKNOWN, *rows], monkeypatch)


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_violation_is_found_with_its_key(violated: dict[str, tuple[bool, list[str]]], name: str) -> None:
    held, keys = violated[VIOLATIONS[name][1]]
    assert not held and name in keys


def test_only_violations_are_found(violated: dict[str, tuple[bool, list[str]]]) -> None:
    for expectation, (held, keys) in violated.items():
        wanted = {name for name, (_, broken) in VIOLATIONS.items() if broken == expectation}
        assert not {"good", "unknown"} & set(keys), expectation
        assert held == (not keys), expectation
        assert wanted <= set(keys), expectation


def test_good_rows_pass(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = judged(con, SPECIMEN, [GOOD, UNKNOWN], monkeypatch)
    assert len(verdict) == len(suite(SPECIMEN)) and all(held for held, _ in verdict.values())


def test_an_empty_table_passes(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(held for held, _ in judged(con, SPECIMEN, [], monkeypatch).values())


def test_a_key_that_stands_twice_is_found(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = judged(con, SPECIMEN, [GOOD, GOOD, UNKNOWN], monkeypatch)
    assert verdict[KEY] == (False, ["good"])
    assert [e for e, (held, _) in verdict.items() if not held] == [KEY]


def test_a_key_without_a_value_is_found(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = judged(con, SPECIMEN, [GOOD, {**GOOD, "specimen_id": None}], monkeypatch)
    assert verdict["specimen_id is never NULL."] == (False, [None])


def test_a_key_of_two_columns_is_a_key_together(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = [{"one": "a", "two": 1}, {"one": "a", "two": 2}, {"one": "b", "two": 1}]
    assert all(held for held, _ in judged(con, PAIR, apart, monkeypatch).values())
    assert judged(con, PAIR, [*apart, apart[1]], monkeypatch)["one, two is the key."] == (False, ["a"])


def test_another_order_of_columns_is_found(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    con.execute("CREATE OR REPLACE TABLE aggregated.pair (two INTEGER, one VARCHAR)")
    try:
        assert judged(con, PAIR, [], monkeypatch)["The columns are the declared ones, in order."] == (False, [])
    finally:
        con.execute("DROP TABLE aggregated.pair")
        con.execute(create_table(PAIR))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_declared_table_has_a_suite(name: str) -> None:
    expectations = suite(TABLES[name])
    assert len({(e.description, e.columns) for e in expectations}) == len(expectations), "each says something else"
    assert all(e.severity in ("critical", "warning", "info") for e in expectations)


def test_a_changed_suite_has_another_name() -> None:
    changed = Table(PAIR.schema, PAIR.name, PAIR.description, ("one",), PAIR.columns)
    assert suite_name(PAIR) != suite_name(changed)
    assert suite_name(PAIR) == suite_name(Table(PAIR.schema, PAIR.name, "Other words.", PAIR.key, PAIR.columns))
