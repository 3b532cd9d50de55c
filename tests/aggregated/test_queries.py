"""The aggregated tables as functions of the extracted ones."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import duckdb
import pytest

from assets.aggregated import queries
from assets.aggregated.queries import dependencies, in_order, query
from warehouse.connection import prepare
from warehouse.reference import load_reference
from warehouse.results import arrow
from warehouse.schema import table, tables_of
from warehouse.schema.arrow import batch_of
from warehouse.tables import insert, replace_rows

REFERENCE = load_reference()
NAMES = [t.name for t in tables_of("aggregated")]


@cache
def warehouse() -> duckdb.DuckDBPyConnection:
    """A warehouse with reference data."""
    con = duckdb.connect()
    prepare(con)
    for declared in tables_of("reference"):
        replace_rows(con, declared.full_name, REFERENCE.tables[declared.name])
    return con


class World:
    """The warehouse without anything but reference data, in which documents then say things."""

    def __init__(self) -> None:
        self.con = warehouse()
        for declared in (*tables_of("cleaned"), *tables_of("extracted"), *tables_of("aggregated")):
            self.con.execute(f"DELETE FROM {declared.full_name}")
        self.documents = self.rows = 0

    def says(self, outlet: str | None, on: date | None, *records: tuple[str, dict[str, Any]], **source: Any) -> None:
        """A document of an outlet with records, one a sentence, and who vouches for them if `source` says so."""
        document, self.documents = f"doc{self.documents}", self.documents + 1
        self._add(
            "cleaned.documents", document_id=document, outlet_id=outlet, published_on=on, text="T.", story_id=document
        )
        for number, (name, record) in enumerate(records):
            sentence, declared = f"{document}s{number}", table(f"extracted.{name}")
            place = {"document_id": document, "sentence_id": sentence, "start_char": 0, "end_char": 1, "evidence": "T"}
            self._add("cleaned.sentences", sentence_id=sentence, document_id=document, ordinal=number, text="T.")
            key, self.rows = f"{declared.id_prefix}_{self.rows}", self.rows + 1
            self._add(declared.full_name, **{declared.key[0]: key, "rule": "r", **place, **record})
            if source:
                self._add("extracted.attributions", attribution_id=f"at_{key}", rule="r", **{**place, **source})

    def _add(self, name: str, **row: Any) -> None:
        insert(self.con, name, batch_of(name, [row]))

    def aggregated(self, name: str) -> list[dict[str, Any]]:
        """The rows of an aggregated table, it and what it reads computed anew."""
        order = in_order()
        for each in order[: order.index(name) + 1]:
            self.con.execute(f"DELETE FROM aggregated.{each}")
            self.con.execute(f"INSERT INTO aggregated.{each} BY NAME {query(each)}")
        return self.rows_of(name)

    def rows_of(self, name: str) -> list[dict[str, Any]]:
        """The rows of an aggregated table as they are."""
        key = ", ".join(table(f"aggregated.{name}").key)
        return arrow(self.con, f"FROM aggregated.{name} ORDER BY {key}").to_pylist()


@pytest.fixture
def world() -> World:
    return World()


def budget(value: float, **more: Any) -> tuple[str, dict[str, Any]]:
    row = {"fiscal_year": 2024, "line": "revenue", "measure": "growth", "value_percent": value, "growth_percent": value}
    return "budget_lines", {**row, "basis": "planned", **more}


def target(**more: Any) -> tuple[str, dict[str, Any]]:
    row = {"action": "build", "object": "brick kilns at the eastern port", "force": "planned"}
    return "targets", {**row, **more}


def result(outcome: str, **more: Any) -> tuple[str, dict[str, Any]]:
    row = {"outcome": outcome, "object": "brick kilns at the eastern port", "is_percent_of_plan": False}
    return "results", {**row, **more}


WIRE, TIMES, MONITOR, DESK = "sample_state_wire", "sample_state_times", "sample_north_monitor", "sample_trade_desk"
JANUARY, MARCH = date(2024, 1, 15), date(2024, 3, 15)


# -- the queries themselves --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_query_gives_the_declared_columns(world: World, name: str) -> None:
    found = world.con.execute(f"DESCRIBE {query(name)}").fetchall()
    assert {f[0] for f in found} == set(table(f"aggregated.{name}").column_names)


@pytest.mark.parametrize("name", NAMES)
def test_a_query_says_first_what_one_row_is(name: str) -> None:
    assert query(name).startswith("-- One row is one ")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_extracted_is_nothing_aggregated(world: World, name: str) -> None:
    assert world.aggregated(name) == []


def test_every_table_comes_after_those_it_reads() -> None:
    order = in_order()
    assert sorted(order) == sorted(NAMES)
    for position, name in enumerate(order):
        read = {d.partition(".")[2] for d in dependencies(name) if d.startswith("aggregated.")}
        assert read <= set(order[:position])


def test_comments_are_no_dependencies() -> None:
    assert "extracted.review_rules" in dependencies("plan_ledger")
    assert all("." in d for d in dependencies("claims"))


def test_queries_that_read_one_another_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    circle = {"claims": ("aggregated.events",), "events": ("aggregated.claims",)}
    monkeypatch.setattr(queries, "dependencies", lambda name: circle.get(name, ()))
    with pytest.raises(ValueError, match=r"circle"):
        in_order()


# -- claims and origins ------------------------------------------------------------------------------------------


def test_one_assertion_in_two_state_media_is_one_claim_of_one_origin(world: World) -> None:
    world.says(WIRE, JANUARY, budget(1.7))
    world.says(TIMES, MARCH, budget(1.7))
    [claim] = world.aggregated("claims")
    assert (claim["document_count"], claim["outlet_count"], claim["independent_origin_count"]) == (2, 2, 1)
    assert claim["traces_to_state_media_only"] is True and claim["has_conflict"] is False
    assert (claim["first_published_on"], claim["last_published_on"]) == (JANUARY, MARCH)
    assert len(claim["evidence_ids"]) == 2


def test_a_retelling_of_state_media_is_no_second_origin(world: World) -> None:
    world.says(WIRE, JANUARY, target())
    world.says(
        MONITOR, MARCH, target(), source_kind="state_media", source_entity_id="kcna", chain=["kcna", MONITOR],
        traces_to_state_media=True, is_anonymous=False,
    )  # fmt: skip
    [claim] = world.aggregated("claims")
    assert (claim["document_count"], claim["independent_origin_count"]) == (2, 1)
    assert claim["traces_to_state_media_only"] is True


def test_an_outlet_of_its_own_is_a_second_origin(world: World) -> None:
    world.says(WIRE, JANUARY, target())
    world.says(MONITOR, MARCH, target())
    [claim] = world.aggregated("claims")
    assert claim["independent_origin_count"] == 2 and claim["traces_to_state_media_only"] is False


def test_an_unknown_outlet_is_no_origin_and_nobody_vouches(world: World) -> None:
    world.says(None, JANUARY, target())
    [claim] = world.aggregated("claims")
    assert claim["independent_origin_count"] == 0 and claim["traces_to_state_media_only"] is None


def test_other_values_are_a_conflict_side_by_side(world: World) -> None:
    world.says(WIRE, JANUARY, budget(1.7), budget(2.0, line="expenditure"))
    world.says(MONITOR, MARCH, budget(101.7))
    found = {(c["value"], c["has_conflict"]) for c in world.aggregated("claims")}
    assert found == {(1.7, True), (101.7, True), (2.0, False)}
    rows = {(r["line"], r["value_percent"]): r["has_conflict"] for r in world.aggregated("state_budget")}
    assert rows == {("revenue", 1.7): True, ("revenue", 101.7): True, ("expenditure", 2.0): False}


def test_another_year_or_basis_is_no_conflict(world: World) -> None:
    world.says(WIRE, JANUARY, budget(1.7), budget(2.0, fiscal_year=2023), budget(2.3, basis="actual"))
    assert [r["has_conflict"] for r in world.aggregated("state_budget")] == [False, False, False]


def test_a_budget_figure_without_a_year_is_in_no_table_of_years(world: World) -> None:
    world.says(WIRE, JANUARY, budget(1.7, fiscal_year=None))
    assert world.aggregated("state_budget") == []
    assert len(world.aggregated("claims")) == 1


def test_two_sources_with_other_trade_figures_give_two_rows(world: World) -> None:
    flow = {"exporter": "china", "importer": "dprk", "value": 894e6, "currency": "USD", "reporter_id": "china_customs"}
    period = {"period_start": date(2022, 1, 1), "period_end": date(2022, 12, 31), "change_basis": "previous year"}
    for outlet, change in ((DESK, 247.5), (MONITOR, 245.7)):
        world.says(outlet, JANUARY, ("trade_flows", {**flow, **period, "change_percent": change}))
    rows = world.aggregated("trade")
    assert {(r["change_percent"], r["has_conflict"]) for r in rows} == {(247.5, True), (245.7, True)}


# -- the plan ledger ---------------------------------------------------------------------------------------------


def today(world: World, day: date) -> None:
    """The newest document."""
    world.says(DESK, day)


def entry(world: World) -> dict[str, Any]:
    [row] = world.aggregated("plan_ledger")
    return row


def test_a_plan_nobody_reports_on_is_not_due_until_its_day(world: World) -> None:
    world.says(WIRE, JANUARY, target(deadline_start=date(2024, 12, 1), deadline_end=date(2024, 12, 31)))
    today(world, date(2024, 12, 31))
    row = entry(world)
    assert row["review_status"] == "not_due" and row["results"] == [] and row["independent_support"] is None
    assert row["fulfilment_ratio"] is None and row["announced_on"] == JANUARY
    today(world, date(2025, 1, 1))
    row = entry(world)
    assert row["review_status"] == "paper_only" and "2024-12-31" in row["review_reason"]
    assert "(as of 2025-01-01)" in row["review_reason"]


def test_a_plan_without_a_day_is_on_paper_only_after_a_year(world: World) -> None:
    world.says(WIRE, JANUARY, target())
    today(world, date(2025, 1, 14))
    assert entry(world)["review_status"] == "not_due"
    today(world, date(2025, 1, 15))
    assert entry(world)["review_status"] == "paper_only"


def test_a_reported_completion_fulfils_it_and_only_state_media_say_so(world: World) -> None:
    world.says(WIRE, JANUARY, target(value=200.0, unit_id="hectare"))
    world.says(TIMES, MARCH, result("completed", value=200.0, unit_id="hectare"))
    row = entry(world)
    assert row["review_status"] == "fulfilled" and row["fulfilment_ratio"] == 1
    assert row["independent_support"] is False
    assert row["latest_result_on"] == MARCH and [r["outcome"] for r in row["results"]] == ["completed"]


def test_an_independent_report_supports_it(world: World) -> None:
    world.says(WIRE, JANUARY, target())
    world.says(MONITOR, MARCH, result("completed"))
    assert entry(world)["independent_support"] is True


def test_a_result_before_the_announcement_is_not_its(world: World) -> None:
    world.says(TIMES, JANUARY, result("completed"))
    world.says(WIRE, MARCH, target())
    assert entry(world)["results"] == []


@pytest.mark.parametrize(
    "other",
    [
        {"object": "a bridge over the river"},
        {"place_ids": ["hamju_county"]},
        {"sector_id": "fisheries"},
        {"actor_id": "ministry_of_railways"},
    ],
)
def test_a_result_of_something_else_is_not_its(world: World, other: dict[str, Any]) -> None:
    sectors = {r["sector_id"] for r in REFERENCE.rows("sectors")} - {"fisheries"}
    world.says(
        WIRE, JANUARY,
        target(place_ids=["songchon_county"], sector_id=min(sectors), actor_id="ministry_of_metal_industry"),
    )  # fmt: skip
    world.says(TIMES, MARCH, result("completed", **other))
    assert entry(world)["results"] == []


def test_work_under_way_is_in_progress_and_later_overdue(world: World) -> None:
    world.says(WIRE, JANUARY, target(deadline_start=date(2024, 1, 1), deadline_end=date(2024, 12, 31)))
    world.says(TIMES, MARCH, result("in_progress"))
    assert entry(world)["review_status"] == "in_progress"
    today(world, date(2025, 2, 1))
    assert entry(world)["review_status"] == "overdue"


@pytest.mark.parametrize(
    ("percent", "outcome", "wanted"),
    [
        (104.0, "overfulfilled", "overfulfilled"),
        (69.9, "under_fulfilled", "below_threshold"),
        (100.0, "fulfilled", "fulfilled"),
    ],
)
def test_a_percentage_of_plan_is_compared_with_the_threshold(
    world: World, percent: float, outcome: str, wanted: str
) -> None:
    world.says(WIRE, JANUARY, target())
    world.says(TIMES, MARCH, result(outcome, value=percent, unit_id="percent", is_percent_of_plan=True))
    row = entry(world)
    assert row["review_status"] == wanted and row["fulfilment_ratio"] == pytest.approx(percent / 100)


def test_the_threshold_is_the_one_the_texts_state(world: World) -> None:
    world.says(WIRE, JANUARY, target(), ("review_rules", {"comparator": "<", "threshold": 90.0, "unit_id": "percent"}))
    world.says(TIMES, MARCH, result("under_fulfilled", value=85.0, unit_id="percent", is_percent_of_plan=True))
    assert entry(world)["review_status"] == "below_threshold"


def test_origins_that_contradict_each_other_make_it_disputed(world: World) -> None:
    world.says(WIRE, JANUARY, target())
    world.says(TIMES, MARCH, result("completed"))
    world.says(MONITOR, MARCH, result("failed"))
    assert entry(world)["review_status"] == "disputed"


def test_every_target_is_in_the_ledger_once(world: World) -> None:
    world.says(WIRE, JANUARY, target(), target(), target(object="a dam"))
    rows = world.aggregated("plan_ledger")
    assert sorted(i for r in rows for i in r["evidence_ids"]) == ["tg_0", "tg_1", "tg_2"]
    assert len(rows) == 2


# -- the rest ----------------------------------------------------------------------------------------------------


def test_a_month_counts_documents_targets_and_results_of_a_sector(world: World) -> None:
    sector = REFERENCE.rows("sectors")[0]["sector_id"]
    done = {"sector_id": sector, "value": 104.0, "unit_id": "percent", "is_percent_of_plan": True}
    world.says(WIRE, date(2024, 3, 2), target(sector_id=sector), result("overfulfilled", **done))
    world.says(WIRE, date(2024, 3, 30), result("overfulfilled", **{**done, "value": 108.0}))
    world.says(WIRE, date(2024, 4, 1), result("in_progress", sector_id=sector))
    first, second = world.aggregated("sector_months")
    assert (first["month"], first["documents"], first["targets"], first["results"]) == (date(2024, 3, 1), 2, 1, 2)
    assert first["median_fulfilment"] == 106.0 and second["median_fulfilment"] is None


def test_an_event_told_by_two_outlets_is_one(world: World) -> None:
    event = {"event_kind": "cabinet_meeting", "organizer_id": "cabinet", "start_date": JANUARY, "end_date": JANUARY}
    world.says(WIRE, JANUARY, ("events", event))
    world.says(MONITOR, MARCH, ("events", event))
    world.says(MONITOR, MARCH, ("events", {**event, "start_date": MARCH, "end_date": MARCH}))
    assert sorted(r["document_count"] for r in world.aggregated("events")) == [1, 2]


def test_the_shares_of_an_outlets_origins_add_up(world: World) -> None:
    world.says(MONITOR, JANUARY, target())
    world.says(
        MONITOR, JANUARY, budget(1.7), source_kind="state_media", source_entity_id="kcna", chain=["kcna"],
        traces_to_state_media=True, is_anonymous=False,
    )  # fmt: skip
    rows = {r["origin"]: r["claim_share"] for r in world.aggregated("source_dependence")}
    assert rows == {"state_media": 0.5, MONITOR: 0.5}


def test_the_same_facts_in_another_order_give_the_same_tables() -> None:
    documents = [
        (WIRE, JANUARY, (target(), budget(1.7))),
        (MONITOR, MARCH, (result("completed"), budget(101.7))),
        (TIMES, MARCH, (target(), result("in_progress"))),
    ]
    found = []
    for order in (documents, documents[::-1]):
        world = World()
        for outlet, on, records in order:
            world.documents, world.rows = (
                10 * documents.index((outlet, on, records)),
                10 * documents.index((outlet, on, records)),
            )
            world.says(outlet, on, *records)
        world.aggregated(in_order()[-1])
        found.append({name: world.rows_of(name) for name in NAMES})
    assert found[0] == found[1]


# -- events ------------------------------------------------------------------------------------------------------


def event(start: date | None, end: date | None = None, **more: Any) -> tuple[str, dict[str, Any]]:
    row = {"event_kind": "assembly_session", "organizer_id": "supreme_peoples_assembly"}
    return "events", {**row, "start_date": start, "end_date": end or start, **more}


TENTH = {"ordinal": {"session": 10, "term": 14}}
ELEVENTH = {"ordinal": {"session": 11, "term": 14}}


def spans(world: World) -> list[tuple[Any, ...]]:
    return sorted((str(r["start_date"]), str(r["end_date"]), r["document_count"]) for r in world.aggregated("events"))


def test_a_session_told_with_less_and_with_more_is_one_event(world: World) -> None:
    world.says(WIRE, JANUARY, event(JANUARY, place_id="pyongyang", **TENTH))
    world.says(TIMES, MARCH, event(None, **TENTH))
    world.says(MONITOR, MARCH, event(date(2024, 1, 1), date(2024, 1, 31), **TENTH))
    world.says(DESK, MARCH, event(JANUARY))
    [row] = world.aggregated("events")
    assert (row["start_date"], row["place_id"], row["ordinal"]) == (JANUARY, "pyongyang", TENTH["ordinal"])
    assert row["document_count"] == len(row["evidence_ids"]) == 4


def test_sessions_that_contradict_each_other_stay_apart(world: World) -> None:
    world.says(WIRE, MARCH, event(JANUARY, **TENTH), event(JANUARY, **ELEVENTH))
    world.says(TIMES, MARCH, event(JANUARY))
    assert spans(world) == [("2024-01-15", "2024-01-15", 1)] * 3, "a day that fits two sessions joins neither"


def test_another_ceremony_of_the_month_may_be_any_other(world: World) -> None:
    opening = {"event_kind": "ceremony", "organizer_id": None}
    world.says(WIRE, MARCH, event(JANUARY, place_id="songchon_county", **opening))
    world.says(TIMES, MARCH, event(date(2024, 1, 1), date(2024, 1, 31), **opening))
    assert spans(world) == [("2024-01-01", "2024-01-31", 1), ("2024-01-15", "2024-01-15", 1)]


def test_a_ceremony_without_a_place_is_that_of_the_day_if_there_was_one(world: World) -> None:
    opening = {"event_kind": "ceremony", "organizer_id": None}
    world.says(WIRE, MARCH, event(JANUARY, place_id="songchon_county", **opening), event(JANUARY, **opening))
    assert len(world.aggregated("events")) == 1
    world.says(TIMES, MARCH, event(JANUARY, place_id="kusong_city", **opening))
    assert len(world.aggregated("events")) == 3
