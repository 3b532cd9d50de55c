"""Every check written by hand catches a row that violates it, and leaves a row that does not alone."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from expectations.checks import CHECKS
from expectations.gate import GateFailedError, Verdict, audit
from warehouse.connection import prepare
from warehouse.schema import table
from warehouse.schema.arrow import batch_of
from warehouse.tables import insert

TEXT = "One dam. Two dams."
D, OTHER, LOST = "d" * 32, "e" * 32, "f" * 32
DAY, NEXT = date(2024, 1, 1), date(2024, 1, 2)
Row = dict[str, Any]

# What the tables hold besides the rows that violate something: nothing of it may be found.
FINE: dict[str, list[Row]] = {
    "raw.documents": [
        {"document_id": i, "content": TEXT, "sha256": hashlib.sha256(TEXT.encode()).hexdigest(), "source_uri": "a.txt"}
        for i in (D, OTHER)
    ],
    "cleaned.documents": [
        {"document_id": D, "text": TEXT, "story_id": D, "published_on": DAY, "published_on_basis": "byline"},
        {"document_id": OTHER, "text": TEXT, "story_id": D, "duplicate_of": D},
    ],
    "cleaned.removed_spans": [{"document_id": D, "start_char": 0, "end_char": 3, "text": "One"}],
    "cleaned.sentences": [
        {"sentence_id": "fine0", "document_id": D, "ordinal": 0, "start_char": 0, "end_char": 8, "text": "One dam."},
        {"sentence_id": "fine1", "document_id": D, "ordinal": 1, "start_char": 9, "end_char": 18, "text": "Two dams."},
    ],
    "cleaned.revisions": [{"source_url": "u", "earlier_document_id": D, "later_document_id": OTHER}],
    "cleaned.document_relations": [{"document_id": D, "related_document_id": OTHER, "kind": "contains"}],
    "extracted.quantities": [
        {
            "quantity_id": "fine",
            "value": 1.0,
            "value_high": 2.0,
            "unit_id": "percent",
            "is_percent": True,
            "role": "change",
        },
        {"quantity_id": "ordinal", "role": "ordinal_excluded", "is_percent": False},
        {"quantity_id": "money", "value": 3.0, "currency": "USD", "is_percent": False, "role": "level"},
    ],
    "extracted.dates": [
        {"date_id": "fine", "granularity": "day", "start_date": DAY, "end_date": DAY, "is_relative": False},
        {"date_id": "open", "granularity": "month", "is_relative": True},
    ],
    "extracted.targets": [{"target_id": "tg_fine"}],
    "extracted.results": [
        {
            "result_id": "fine",
            "is_percent_of_plan": True,
            "value": 104.0,
            "unit_id": "percent",
            "outcome": "overfulfilled",
        },
        {
            "result_id": "under",
            "is_percent_of_plan": True,
            "value": 94.0,
            "unit_id": "percent",
            "outcome": "under_fulfilled",
        },
    ],
    "extracted.budget_lines": [
        {"budget_line_id": "index", "measure": "index", "value_percent": 101.7, "growth_percent": 1.7},
        {"budget_line_id": "growth", "measure": "growth", "value_percent": -1.7, "growth_percent": -1.7},
        {"budget_line_id": "share", "measure": "share", "value_percent": 15.9},
        {"budget_line_id": "fulfilment", "measure": "fulfilment", "value_percent": 99.9},
        {"budget_line_id": "dated", "measure": "share", "value_percent": 1.0, "fiscal_year": 2024},
    ],
    "extracted.trade_flows": [
        {"trade_flow_id": "fine", "value": 1.0, "currency": "USD", "exporter": "a", "importer": "b"},
        {"trade_flow_id": "change", "change_percent": 3.0},
    ],
    "extracted.quotations": [
        {"quotation_id": "fine", "kind": "direct", "quotation": "Two", "evidence": '"Two"'},
        {"quotation_id": "indirect", "kind": "indirect", "quotation": "other words", "evidence": "Two"},
    ],
    "extracted.attributions": [
        {"attribution_id": "fine", "is_anonymous": True},
        {"attribution_id": "named", "is_anonymous": False, "source_entity_id": "kcna"},
    ],
    "aggregated.claims": [
        {
            "claim_id": "fine",
            "evidence_ids": ["tg_fine"],
            "document_count": 2,
            "independent_origin_count": 1,
            "traces_to_state_media_only": True,
        },
        {"claim_id": "unknown", "evidence_ids": ["tg_fine"], "document_count": 1, "independent_origin_count": 0},
    ],
    "aggregated.plan_ledger": [
        {"ledger_id": "fine", "review_status": "paper_only", "results": [], "evidence_ids": ["tg_fine"]},
        {"ledger_id": "done", "review_status": "fulfilled", "results": [{"result_id": "r"}], "evidence_ids": []},
    ],
    "aggregated.state_budget": [
        {
            "fiscal_year": 2024,
            "line": "l",
            "measure": "share",
            "basis": "planned",
            "value_percent": 1.0,
            "evidence_ids": ["dated"],
        }
    ],
    "aggregated.regional_development": [
        {
            "policy_id": "p",
            "year": 2024,
            "place_id": "a",
            "status": "completed",
            "ground_broken_on": DAY,
            "completed_on": NEXT,
        },
        {"policy_id": "p", "year": 2024, "place_id": "b", "status": "started", "ground_broken_on": DAY},
        {"policy_id": "p", "year": 2024, "place_id": "c", "status": "named"},
    ],
    "aggregated.regional_development_years": [
        {"policy_id": "p", "year": 2024, "named": 3, "started": 2, "completed": 2}
    ],
}

# (table, check): rows that violate it, by table, and the key of the row that must be found.
Case = tuple[dict[str, list[Row]], list[Any]]


def one(name: str, row: Row) -> Case:
    """A single row of the table is to be found."""
    return {name: [row]}, [row.get(k) for k in table(name).key]


def raw(document_id: str, content: str = TEXT, **more: str) -> Case:
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return one(
        "raw.documents",
        {"document_id": document_id, "content": content, "sha256": sha256, "source_uri": "b.txt", **more},
    )


def ledger(ledger_id: str, status: str, results: list[Row]) -> Case:
    row = {"ledger_id": ledger_id, "review_status": status, "results": results, "evidence_ids": []}
    return one("aggregated.plan_ledger", row)


def budget(key: str, measure: str, value: float, growth: float | None) -> Case:
    row = {"budget_line_id": key, "measure": measure, "value_percent": value, "growth_percent": growth}
    return one("extracted.budget_lines", row)


def result(key: str, value: float | None, unit: str | None, outcome: str) -> Case:
    row = {"result_id": key, "is_percent_of_plan": True, "value": value, "unit_id": unit, "outcome": outcome}
    return one("extracted.results", row)


def cohort(place: str, status: str, begun: date | None, done: date | None) -> Case:
    row = {"policy_id": "p", "year": 2024, "place_id": place, "status": status, "ground_broken_on": begun}
    return one("aggregated.regional_development", {**row, "completed_on": done})


def document(document_id: str, **more: Any) -> Case:
    return one("cleaned.documents", {"document_id": document_id, "text": TEXT, "story_id": D, **more})


CASES: list[tuple[str, str, Case]] = [
    ("raw.documents", "document_id is 32 hex digits.", raw("D" * 32)),
    ("raw.documents", "document_id is 32 hex digits.", raw("d" * 31)),
    ("raw.documents", "sha256 is that of content.", raw("1" * 32, sha256="0" * 64)),
    ("raw.documents", "content is not blank.", raw("2" * 32, " ")),
    ("raw.documents", "content is not blank.", raw("3" * 32, "\n\t \r\n")),
    ("raw.documents", "source_uri names no folder of this machine.", raw("4" * 32, source_uri="/home/a.txt")),
    (
        "cleaned.documents",
        "published_on and its basis are both known or both unknown.",
        document("a1", published_on=DAY),
    ),
    (
        "cleaned.documents",
        "published_on and its basis are both known or both unknown.",
        document("a2", published_on_basis="byline"),
    ),
    (
        "cleaned.documents",
        "published_on is not in the time before the state or in the future of this software.",
        document("a3", published_on=date(1910, 1, 1), published_on_basis="byline"),
    ),
    (
        "cleaned.documents",
        "published_on is not in the time before the state or in the future of this software.",
        document("a4", published_on=date(2204, 1, 1), published_on_basis="byline"),
    ),
    ("cleaned.documents", "Every received document is here.", ({"raw.documents": [{"document_id": LOST}]}, [LOST])),
    ("cleaned.documents", "No document duplicates itself or a duplicate.", document("a5", duplicate_of="a5")),
    ("cleaned.documents", "No document duplicates itself or a duplicate.", document("a6", duplicate_of=OTHER)),
    ("cleaned.documents", "Every document belongs to a story.", document("a7", story_id=None)),
    (
        "cleaned.removed_spans",
        "A removed span is content[start_char:end_char].",
        one("cleaned.removed_spans", {"document_id": D, "start_char": 1, "end_char": 4, "text": "One"}),
    ),
    (
        "cleaned.removed_spans",
        "A removed span is content[start_char:end_char].",
        one("cleaned.removed_spans", {"document_id": "nobody", "start_char": 0, "end_char": 3, "text": "One"}),
    ),
    (
        "cleaned.removed_spans",
        "A removed span is not empty.",
        one("cleaned.removed_spans", {"document_id": D, "start_char": 5, "end_char": 5, "text": ""}),
    ),
    (
        "cleaned.sentences",
        "A sentence is text[start_char:end_char] of its document.",
        one(
            "cleaned.sentences",
            {
                "sentence_id": "s1",
                "document_id": OTHER,
                "ordinal": 0,
                "start_char": 1,
                "end_char": 9,
                "text": "One dam.",
            },
        ),
    ),
    (
        "cleaned.sentences",
        "Sentences of a document follow one another.",
        (
            {
                "cleaned.sentences": [
                    {
                        "sentence_id": "s2",
                        "document_id": LOST,
                        "ordinal": 0,
                        "start_char": 0,
                        "end_char": 8,
                        "text": "One dam.",
                    },
                    {
                        "sentence_id": "s3",
                        "document_id": LOST,
                        "ordinal": 1,
                        "start_char": 7,
                        "end_char": 18,
                        "text": "x",
                    },
                ]
            },
            ["s3"],
        ),
    ),
    (
        "cleaned.revisions",
        "A revision has two texts.",
        one("cleaned.revisions", {"source_url": "v", "earlier_document_id": D, "later_document_id": D}),
    ),
    (
        "cleaned.document_relations",
        "A document is not related to itself.",
        one("cleaned.document_relations", {"document_id": D, "related_document_id": D, "kind": "contains"}),
    ),
    (
        "extracted.quantities",
        "A range goes up.",
        one("extracted.quantities", {"quantity_id": "q1", "value": 2.0, "value_high": 1.0, "role": "level"}),
    ),
    (
        "extracted.quantities",
        "A quantity has a unit or a currency, not both.",
        one("extracted.quantities", {"quantity_id": "q2", "value": 2.0, "unit_id": "tonne", "currency": "USD"}),
    ),
    (
        "extracted.quantities",
        "A number has a value.",
        one("extracted.quantities", {"quantity_id": "q3", "role": "level"}),
    ),
    (
        "extracted.quantities",
        "What is printed as a percentage is measured in percent.",
        one("extracted.quantities", {"quantity_id": "q4", "value": 2.0, "unit_id": "tonne", "is_percent": True}),
    ),
    (
        "extracted.dates",
        "A relative date that is resolved has an anchor.",
        one("extracted.dates", {"date_id": "d1", "is_relative": True, "start_date": DAY, "granularity": "month"}),
    ),
    (
        "extracted.dates",
        "A day is one day.",
        one("extracted.dates", {"date_id": "d2", "start_date": DAY, "end_date": NEXT, "granularity": "day"}),
    ),
    ("extracted.results", "A percentage of plan is a number in percent.", result("r1", None, "percent", "fulfilled")),
    ("extracted.results", "A percentage of plan is a number in percent.", result("r2", 104.0, None, "fulfilled")),
    ("extracted.results", "A percentage of plan is a number in percent.", result("r3", 104.0, "tonne", "fulfilled")),
    (
        "extracted.results",
        "The outcome agrees with the printed percentage of plan.",
        result("r4", 100.0, "percent", "overfulfilled"),
    ),
    (
        "extracted.results",
        "The outcome agrees with the printed percentage of plan.",
        result("r5", 100.0, "percent", "under_fulfilled"),
    ),
    *(
        (
            "extracted.budget_lines",
            "An index, a fulfilment or a multiple has its own growth only as far as the measure allows.",
            budget(f"b_{measure}", measure, 50.0, 1.0),
        )
        for measure in ("fulfilment", "share", "surplus")
    ),
    ("extracted.budget_lines", "Growth of an index is index - 100.", budget("b1", "index", 101.7, 101.7)),
    ("extracted.budget_lines", "Growth is growth.", budget("b2", "growth", 1.7, 101.7)),
    ("extracted.budget_lines", "Growth is growth.", budget("b3", "growth", 1.7, None)),
    ("extracted.budget_lines", "A share is a part of the whole.", budget("b4", "share", 101.5, None)),
    ("extracted.budget_lines", "A share is a part of the whole.", budget("b5", "share", -1.0, None)),
    ("extracted.budget_lines", "Fulfilment of a state budget is near 100.", budget("b6", "fulfilment", 1.7, None)),
    (
        "extracted.trade_flows",
        "A trade figure states a value or a change.",
        one("extracted.trade_flows", {"trade_flow_id": "t1"}),
    ),
    (
        "extracted.trade_flows",
        "Nobody trades with itself.",
        one("extracted.trade_flows", {"trade_flow_id": "t2", "change_percent": 1.0, "exporter": "a", "importer": "a"}),
    ),
    (
        "extracted.trade_flows",
        "An amount of money has a currency.",
        one("extracted.trade_flows", {"trade_flow_id": "t3", "value": 1.0}),
    ),
    (
        "extracted.quotations",
        "A direct quotation's words are part of its evidence.",
        one("extracted.quotations", {"quotation_id": "q", "kind": "direct", "quotation": "three", "evidence": "two"}),
    ),
    (
        "extracted.attributions",
        "An anonymous source is not narrowed to an entity.",
        one("extracted.attributions", {"attribution_id": "a", "is_anonymous": True, "source_entity_id": "kcna"}),
    ),
    (
        "aggregated.claims",
        "Every piece of evidence is an extracted row.",
        one("aggregated.claims", {"claim_id": "c1", "evidence_ids": ["tg_fine", "tg_nobody"]}),
    ),
    ("aggregated.claims", "A claim has evidence.", one("aggregated.claims", {"claim_id": "c2", "evidence_ids": []})),
    (
        "aggregated.claims",
        "No more origins than documents.",
        one(
            "aggregated.claims",
            {"claim_id": "c3", "document_count": 1, "independent_origin_count": 2, "evidence_ids": ["tg_fine"]},
        ),
    ),
    (
        "aggregated.claims",
        "What only state media vouch for has one origin.",
        one(
            "aggregated.claims",
            {
                "claim_id": "c4",
                "document_count": 2,
                "independent_origin_count": 2,
                "traces_to_state_media_only": True,
                "evidence_ids": ["tg_fine"],
            },
        ),
    ),
    (
        "aggregated.plan_ledger",
        "What exists on paper only has no result.",
        ledger("l1", "paper_only", [{"result_id": "r"}]),
    ),
    *(
        (
            "aggregated.plan_ledger",
            "Fulfilled, under way or failed rests on a result.",
            ledger(f"l_{status}", status, []),
        )
        for status in ("fulfilled", "overfulfilled", "in_progress", "below_threshold")
    ),
    (
        "aggregated.plan_ledger",
        "Every target is in the ledger.",
        ({"extracted.targets": [{"target_id": "tg_lost"}]}, ["tg_lost"]),
    ),
    (
        "aggregated.state_budget",
        "Every dated budget line is here.",
        (
            {
                "extracted.budget_lines": [
                    {
                        "budget_line_id": "lost",
                        "fiscal_year": 2023,
                        "line": "defence",
                        "measure": "share",
                        "basis": "planned",
                        "value_percent": 2.0,
                    },
                ]
            },
            [2023, "defence", "share", "planned", 2.0],
        ),
    ),
    (
        "aggregated.regional_development",
        "What is completed was not completed before it was begun.",
        cohort("x", "completed", NEXT, DAY),
    ),
    ("aggregated.regional_development", "The status agrees with the dates.", cohort("y", "started", DAY, NEXT)),
    ("aggregated.regional_development", "The status agrees with the dates.", cohort("z", "named", DAY, None)),
    (
        "aggregated.regional_development_years",
        "No more is completed than begun, no more begun than named.",
        one(
            "aggregated.regional_development_years",
            {"policy_id": "p", "year": 2025, "named": 3, "started": 1, "completed": 2},
        ),
    ),
    (
        "aggregated.regional_development_years",
        "No more is completed than begun, no more begun than named.",
        one(
            "aggregated.regional_development_years",
            {"policy_id": "p", "year": 2026, "named": 1, "started": 2, "completed": 2},
        ),
    ),
]


def filled(rows: dict[str, list[Row]]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    prepare(con)
    for name, more in rows.items():
        insert(con, name, batch_of(name, more))
    return con


def verdict_on(rows: dict[str, list[Row]]) -> Verdict:
    """What the gates find, one table at a time as one failing table must not hide the others."""
    verdict = Verdict()
    with filled(rows) as con:
        for name in CHECKS:
            try:
                verdict.findings += audit(con, [name], "run", datetime(2024, 1, 1)).findings
            except GateFailedError as failed:
                assert failed.verdict.error is None, failed
                verdict.findings += failed.verdict.findings
    return verdict


def findings(verdict: Verdict) -> dict[tuple[str, str], set[str]]:
    """The keys of failing rows by table and check; a check is missing if it was not evaluated."""
    wanted = {(name, check.description) for name, checks in CHECKS.items() for check in checks}
    found = {(f.row["table_name"], f.row["expectation"]): set(f.failing_keys) for f in verdict.findings}
    return {key: found[key] for key in wanted}


@pytest.fixture(scope="module")
def violated() -> dict[tuple[str, str], set[str]]:
    rows = {name: list(fine) for name, fine in FINE.items()}
    for _, _, (more, _) in CASES:
        for name, bad in more.items():
            rows.setdefault(name, []).extend(bad)
    return findings(verdict_on(rows))


@pytest.mark.parametrize(("name", "check", "case"), CASES)
def test_a_violating_row_is_found(violated: dict[tuple[str, str], set[str]], name: str, check: str, case: Case) -> None:
    assert json.dumps(case[1], default=str) in violated[name, check]


@pytest.mark.parametrize(("name", "check"), [(n, c.description) for n, checks in CHECKS.items() for c in checks])
def test_a_row_that_is_fine_is_not_found(violated: dict[tuple[str, str], set[str]], name: str, check: str) -> None:
    key = table(name).key
    fine = {json.dumps([row.get(k) for k in key], default=str) for row in FINE[name]}
    assert fine and not violated[name, check] & fine


def test_every_check_has_a_violating_example() -> None:
    shown = {(name, check) for name, check, _ in CASES}
    assert shown == {(n, c.description) for n, checks in CHECKS.items() for c in checks}


def test_every_check_with_fine_rows_meets_some() -> None:
    assert set(FINE) >= set(CHECKS)
