"""Which predicted rows say what a gold row says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assets.evaluated.agreement import CORE, Judge, variants
from assets.evaluated.gold import RECORD_TYPES
from assets.evaluated.names import even, names_of, plain, spoken
from warehouse.reference import load_reference

JUDGE = Judge(load_reference())
Row = dict[str, Any]
FISCAL = {"fiscal_year": 2024, "measure": "growth", "value_percent": 2.7, "basis": "planned"}
FLOW = {"exporter": "china", "importer": "north_korea", "value": 5e6, "change_percent": -3.0, "currency": "USD"}

# record type, gold row, predicted row, agrees in the core columns, agrees strictly
CASES: list[tuple[str, Row, Row, bool, bool]] = [
    ("quantities", {"value": 10, "unit_id": "hectare", "role": "level", "approximation": "exact"},
     {"value": 1e5, "unit_id": "square_metre", "role": "level", "approximation": "exact"}, True, True),
    ("quantities", {"value": 10, "unit_id": "hectare", "role": "level", "approximation": "exact"},
     {"value": 10, "unit_id": "square_metre", "role": "level", "approximation": "exact"}, False, False),
    ("quantities", {"value": 5, "unit_id": "percent", "role": "change", "direction": "increase",
      "approximation": "over"},
     {"value": 5, "unit_id": "percent", "role": "share", "direction": "none", "approximation": "over"}, True, False),
    ("quantities", {"value": 5, "unit_id": "percent", "role": "ratio", "approximation": "exact"},
     {"value": 5, "unit_id": "percent", "role": "ratio", "approximation": "exact", "direction": "none"}, True, True),
    ("quantities", {"value": 573.5e9, "currency": "KRW", "role": "level", "approximation": "exact"},
     {"value": 573.5e9, "currency": "KRW", "role": "level", "approximation": "exact"}, True, True),
    ("quantities", {"value": 573.5e9, "currency": "KRW"}, {"value": 573.5e9, "currency": "USD"}, False, False),
    ("quantities", {"value": 20, "unit_id": "factory"}, {"value": 20, "unit_id": None, "measure": "new factories"},
     True, False),
    ("quantities", {"value": 20, "unit_id": "factory"}, {"value": 20, "unit_id": None, "measure": "looms"},
     False, False),
    ("dates", {"start_date": "2024-03-01", "end_date": "2024-03-31", "granularity": "month"},
     {"start_date": date(2024, 3, 1), "end_date": date(2024, 3, 31), "granularity": "range"}, True, False),
    ("dates", {"start_date": None, "end_date": None, "granularity": "day"},
     {"start_date": date(2024, 3, 1), "end_date": date(2024, 3, 1), "granularity": "day"}, False, False),
    ("events", {"event_kind": "launch", "start_date": "2024-03-01", "end_date": "2024-03-03"},
     {"event_kind": "launch", "start_date": date(2024, 3, 2), "end_date": None}, True, False),
    ("events", {"event_kind": "launch", "start_date": None, "end_date": None},
     {"event_kind": "launch", "start_date": date(2024, 3, 2)}, True, False),
    ("events", {"event_kind": "launch", "start_date": "2024-03-01"}, {"event_kind": "speech"}, False, False),
    ("targets", {"value": 20, "unit_id": "count", "deadline_end": "2024-12-31"},
     {"value": 20, "unit_id": "count", "deadline_end": date(2024, 10, 10)}, True, True),
    ("targets", {"deadline_end": "2024-12-31"}, {"deadline_end": date(2025, 12, 31)}, True, False),
    ("results", {"outcome": "opened"}, {"outcome": "opened", "value": 3, "unit_id": "count"}, True, False),
    ("results", {"outcome": "opened"}, {"outcome": "started"}, False, False),
    ("budget_lines", {**FISCAL, "line": "defence"}, {**FISCAL, "line": "military"}, True, True),
    ("budget_lines", {**FISCAL, "line": "defence"}, {**FISCAL, "line": "education"}, False, False),
    ("budget_lines", {**FISCAL, "line": "sports"}, {**FISCAL, "line": "stadiums"}, True, False),
    ("budget_lines", {**FISCAL, "line": "sports"}, {**FISCAL, "line": "sport", "basis": "actual"}, False, False),
    ("trade_flows", FLOW, {**FLOW, "value": None}, True, False),
    ("trade_flows", FLOW, {**FLOW, "exporter": "north_korea", "importer": "china"}, False, False),
    ("trade_flows", FLOW, {**FLOW, "importer": "dprk"}, True, True),
    ("trade_flows", {"exporter": None, "importer": None, "value": 7e6}, {"value": 7e6, "currency": "USD"}, True, True),
    ("quotations", {"speaker_id": "peter_ward", "quotation": "It will not work"},
     {"speaker_surface": "Peter Ward", "quotation": "it will not work."}, True, True),
    ("quotations", {"speaker_id": "peter_ward"}, {"speaker_id": "kim_jong_un", "speaker_surface": "Peter Ward"},
     False, False),
    ("quotations", {"speaker_id": "x", "speaker_surface": "Jane Rowland, director of studies"},
     {"speaker_surface": "the scholar Jane Rowland"}, True, True),
    ("quotations", {"speaker_id": None}, {"speaker_id": "kim_jong_un"}, True, True),
    ("entity_mentions", {"entity_id": "kim_jong_un"}, {"entity_id": "kim_jong_un"}, True, True),
    ("entity_mentions", {"entity_id": "kim_jong_un"}, {"entity_id": "kim_jong_il"}, False, False),
    ("entity_mentions", {"entity_id": "rosy_dawn_farm"}, {"entity_id": "rosy_dawn_farm"}, True, False),
    ("entity_mentions", {"entity_id": "rosy_dawn_farm"}, {"entity_id": None, "surface": "Rosy Dawn Farm"}, True, False),
    ("entity_mentions", {"entity_id": None}, {"entity_id": "kim_jong_un"}, True, True),
    ("assessments", {"kind": "doubt", "assessor_id": "nk_news"}, {"kind": "doubt", "assessor_id": None}, True, False),
    ("assessments", {"kind": "doubt", "assessor_id": None}, {"kind": "praise"}, False, False),
    ("attributions", {"source_kind": "state_media", "traces_to_state_media": True},
     {"source_kind": "state_media", "traces_to_state_media": False}, True, False),
    ("review_rules", {"threshold": 70, "comparator": "<"}, {"threshold": 70.0, "comparator": "<="}, True, False),
    ("review_rules", {"threshold": 70, "comparator": "<"}, {"threshold": 60.0, "comparator": "<"}, False, False),
]  # fmt: skip


@pytest.mark.parametrize(("record_type", "gold", "row", "core", "strict"), CASES)
def test_a_row_agrees(record_type: str, gold: Row, row: Row, core: bool, strict: bool) -> None:
    assert JUDGE.agrees(record_type, gold, row) is core
    assert JUDGE.agrees_strictly(record_type, gold, row) is strict


def test_every_record_type_is_judged() -> None:
    assert set(CORE) == set(RECORD_TYPES) == {case[0] for case in CASES}


def test_alternatives_come_in_two_shapes() -> None:
    listed = {"value": 1, "alternatives": [{"value": 2, "role": "share"}, {"value": 3}]}
    assert [v["value"] for v in variants(listed)] == [1, 2, 3]
    by_column = {"line": "total", "alternatives": {"line": ["revenue", "balance"], "basis": "actual"}}
    assert [(v["line"], v.get("basis")) for v in variants(by_column)] == [
        ("total", None), ("revenue", None), ("balance", None), ("total", "actual"),
    ]  # fmt: skip
    assert JUDGE.agrees("review_rules", {"threshold": 1, "alternatives": {"threshold": [5]}}, {"threshold": 5.0})


@pytest.mark.parametrize(
    ("columns", "row", "has"),
    [
        ({"value": 5, "unit_id": "tonne"}, {"value": 5.0, "unit_id": "kilogram"}, True),
        ({"value": 5, "unit_id": "tonne"}, {"value": 5.0, "unit_id": "percent"}, False),
        ({"start_date": "2024-01-02"}, {"start_date": date(2024, 1, 2)}, True),
        ({"is_percent_of_plan": True}, {"is_percent_of_plan": False}, False),
        ({"entity_id": "songchon"}, {"entity_id": "songchon_county"}, True),
        ({"outcome": "opened"}, {"outcome": None}, False),
    ],
)
def test_a_row_has_forbidden_values(columns: Row, row: Row, has: bool) -> None:
    assert JUDGE.has(row, columns) is has


def test_names_are_compared_without_their_dress() -> None:
    assert names_of("The Songchon County") == {"songchoncounty", "songchon"}
    assert names_of("place: songchon_county") == names_of("Songchon County")
    assert names_of("One|Two;Three") == {"one", "two", "three"}
    assert names_of(None, "") == frozenset()
    assert spoken("Pyŏng-yang’s") == "pyongyangs" and spoken("평양 시") == "평양시"
    assert even("“A  b”") == '"a b"' and len(plain("“…×”")) == 4
