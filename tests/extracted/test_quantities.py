"""Quantities: values, units, roles and what is no quantity."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracted import dates, quantities
from assets.extracted.document import Document, Row, Sentence
from assets.extracted.needs import needs_of
from assets.extracted.quantities_amounts import Amount
from assets.extracted.quantities_nouns import singular
from assets.extracted.quantities_reading import approximation
from assets.extracted.rules import Rule, rules
from assets.extracted.scan import scan
from warehouse.reference import Reference, load_reference
from warehouse.schema.arrow import batch_of

ALL_RULES = [*rules("quantities_excluded"), *rules("quantities_context"), *rules("quantities_words")]
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


@cache
def reference() -> Reference:
    return load_reference()


def found(text: str, mentions: list[Row] | None = None) -> list[Row]:
    """Rows of all roles, of one sentence published in July 2023."""
    sentence = Sentence("d:0", 0, 0, 0, len(text), False, scan(pl.Series([text]))[0])
    document = Document("d", text, None, date(2023, 7, 12), None, None, None, "en", [sentence])
    days = dates.extract(document, reference(), {})
    return quantities.extract(document, reference(), {"dates": days, "entity_mentions": mentions or []})


def amounts(text: str) -> list[Row]:
    return [r for r in found(text) if r["role"] != "ordinal_excluded"]


def one(text: str) -> Row:
    (row,) = amounts(text)
    return row


def evidence(text: str, row: Row) -> str:
    return text[row["start_char"] : row["end_char"]]


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        ("They mined 843 800 tons of ore.", "843 800 tons", {"value": 843800, "unit_id": "tonne", "measure": "ore"}),
        (
            "It levelled over 2,500 hectares of land.",
            "over 2,500 hectares",
            {"unit_id": "hectare", "approximation": "over"},
        ),
        (
            "It dug at least 3 km of canals.",
            "at least 3 km",
            {"value": 3, "unit_id": "kilometre", "approximation": "at_least"},
        ),
        ("It covers 10 000 square metres.", "10 000 square metres", {"value": 10000, "unit_id": "square_metre"}),
        (
            "It will be done within ten years.",
            "within ten years",
            {"value": 10, "unit_id": "year", "approximation": "at_most"},
        ),
        ("It cost $4.3 billion then.", "$4.3 billion", {"value": 4.3e9, "currency": "USD", "unit_id": None}),
        ("It cost HK $5.4m then.", "HK $5.4m", {"value": 5.4e6, "currency": "HKD"}),
        ("It cost 370 million euro then.", "370 million euro", {"value": 3.7e8, "currency": "EUR"}),
        (
            "Mills stand in 20 counties every year.",
            "20 counties every year",
            {"unit_id": "count", "counted": "county", "per": "year"},
        ),
        (
            "He saw twenty cities and counties.",
            "twenty cities and counties",
            {"value": 20, "counted": "city and county"},
        ),
        ("It makes six tons per hectare.", "six tons per hectare", {"value": 6, "per": "hectare"}),
        ("It needs 5 to 7 hours of light.", "5 to 7 hours", {"value": 5, "value_high": 7, "unit_id": "hour"}),
        ("It fed 1 to 2 thousand people.", "1 to 2 thousand people", {"value": 1000, "value_high": 2000}),
        ("They saw 80-odd planes.", "80-odd planes", {"value": 80, "counted": "plane", "approximation": "over"}),
        ("It fed hundreds of families.", "hundreds of families", {"value": 100, "approximation": "over"}),
        ("Two thirds of the fields lay bare.", "Two thirds of the fields", {"role": "share"}),
        ("They rang the bell five times.", "five times", {"unit_id": "count", "counted": "time"}),
        ("They raised the flag five times.", "five times", {"unit_id": "count", "counted": "time"}),
        (
            "The loom raised its daily output five times.",
            "five times",
            {"unit_id": "times", "role": "change", "direction": "increase"},
        ),
        (
            "It grew 1.4 times.",
            "1.4 times",
            {"value": 1.4, "unit_id": "times", "role": "change", "direction": "increase"},
        ),
        ("It used a 100-ton electric furnace.", "100-ton", {"unit_id": "tonne", "measure": "electric furnace"}),
        ("It went on for half a century.", "half a century", {"value": 0.5, "unit_id": "century"}),
    ],
)
def test_value_and_unit(text: str, printed: str, expected: dict[str, Any]) -> None:
    row = one(text)
    assert evidence(text, row).endswith(printed)
    assert {k: row[k] for k in expected} == expected


@pytest.mark.parametrize(
    ("text", "value", "role", "direction"),
    [
        ("Revenue rose 3.4 percent over last year.", 3.4, "change", "increase"),
        ("Revenue is expected to show a 3.4 percent increase.", 3.4, "change", "increase"),
        ("3.4 percent more funds than last year went there.", 3.4, "change", "increase"),
        ("Exports fell by 15. 8 percent.", 15.8, "change", "decrease"),
        ("Exports fell 49 million dollars.", 49e6, "change", "decrease"),
        ("Exports fell to 49 million dollars.", 49e6, "level", "none"),
        ("Revenue was overfulfilled 1.3 percent.", 1.3, "change", "increase"),
        ("The mill overfulfilled its plan at 103.4 percent.", 103.4, "ratio", "none"),
        ("The mill carried out its plan at 99.8 percent.", 99.8, "ratio", "none"),
        ("Workplaces reached less than 70% of their planned output.", 70, "ratio", "none"),
        ("Revenue increased 101.5 percent as compared with the previous year.", 101.5, "ratio", "none"),
        ("15.9 percent of the budget went to defence.", 15.9, "share", "none"),
        ("Local revenue accounts for 16.1 percent.", 16.1, "share", "none"),
        ("Imports were 5 percent above 2018.", 5, "change", "increase"),
        ("China sold three times as much to it.", 3, "ratio", "none"),
        ("The rate rose 2 percentage points.", 2, "change", "increase"),
        ("Claims showed an increase of 10,000 from May.", 10000, "change", "increase"),
        ("In the flood 11 fish farms lay in ruins.", 11, "count", "none"),
    ],
)
def test_role_and_direction(text: str, value: float, role: str, direction: str) -> None:
    row = one(text)
    assert (row["value"], row["role"], row["direction"]) == (value, role, direction)


def test_a_list_shares_what_is_said_of_one_of_its_items() -> None:
    rows = amounts("Funds for coal and steel showed 10.9 percent and 9.4 percent increase respectively.")
    assert [(r["value"], r["role"]) for r in rows] == [(10.9, "change"), (9.4, "change")]
    rows = amounts("The three are expected to swell 3.8 percent, 1.4 percent and 0.4 percent respectively.")
    assert {(r["role"], r["direction"]) for r in rows} == {("change", "increase")}


def test_levels_of_a_movement_are_two_rows_in_one_unit() -> None:
    rows = amounts("Output rose from 4.3 to 4.7 percent.")
    assert [(r["value"], r["unit_id"]) for r in rows] == [(4.3, "percent"), (4.7, "percent")]
    rows = amounts("Trade rose from $89 to $93 billion.")
    assert [(r["value"], r["currency"]) for r in rows] == [(89e9, "USD"), (93e9, "USD")]
    rows = amounts("Sales are to increase from 24.2 to 33-35 billion euros.")
    assert [(r["value"], r["value_high"], r["currency"]) for r in rows] == [(24.2e9, None, "EUR"), (33e9, 35e9, "EUR")]


def test_percent_and_percentage_points_are_apart() -> None:
    assert one("It rose 2 percentage points.")["unit_id"] == "percentage_point"
    assert one("It rose 2 percent.")["is_percent"] is True


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("South Korean firms put in 5 billion won.", "KRW"),
        ("In North Korea rice costs 6,000 won.", "KPW"),
        ("Rice costs 6,000 won.", None),
    ],
)
def test_which_won(text: str, currency: str | None) -> None:
    assert one(text)["currency"] == currency


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19 closed the border.",
        "The 20×10 policy went on.",
        "Yields fell [12] as he wrote (2).",
        "It opened on May 14, 2024, and again in October.",
        "Girls of the February 8 Vinalon Complex sang.",
        "See www.example.org/20/tons for it.",
        "They won 3-1, then 4:0.",
        "It struck at 6:40 p.m. sharp.",
        "Agenda: 1. On the work of the Cabinet",
        "No one knew one another.",
        "Call 555-123-4567 now.",
        "It ran from Feb. 11 and 14 on.",
    ],
)
def test_what_measures_nothing(text: str) -> None:
    assert amounts(text) == []


@pytest.mark.parametrize(
    ("text", "printed", "value"),
    [
        ("Builders of the 124th Regiment sang.", "124th", 124),
        ("Workers of Factory 326 sang.", "326", 326),
        ("Class 1 enterprises came.", "Class 1", 1),
        ("The 618 Construction Shock Brigade dug.", "618", 618),
    ],
)
def test_numbers_of_names_and_ordinals_are_marked(text: str, printed: str, value: float) -> None:
    (row,) = found(text)
    assert (evidence(text, row), row["value"], row["role"]) == (printed, value, "ordinal_excluded")


def test_period_place_and_sector_come_from_the_clause() -> None:
    text = "Last year coal output in Sunchon rose 9 percent over the previous year, while steel output fell."
    mentions = [
        {"entity_kind": "sector", "entity_id": "coal", "start_char": 10, "end_char": 14},
        {"entity_kind": "place", "entity_id": "sunchon_city", "start_char": 25, "end_char": 32},
        {
            "entity_kind": "sector",
            "entity_id": "steel",
            "start_char": text.index("steel"),
            "end_char": text.index("steel") + 5,
        },
    ]
    (row,) = found(text, mentions)
    assert (row["sector_id"], row["place_id"]) == ("coal", "sunchon_city")
    assert (row["period_start"], row["period_end"]) == (date(2022, 1, 1), date(2022, 12, 31))
    assert row["measure"] == "coal output in Sunchon"


def test_a_basis_of_comparison_is_no_period() -> None:
    assert one("Revenue rose 3 percent over last year.")["period_start"] is None
    assert one("Funds stood at 101.6 percent of 2021.")["period_start"] is None


@pytest.mark.parametrize(
    ("plural", "expected"),
    [
        ("counties", "county"),
        ("heroes", "hero"),
        ("houses", "house"),
        ("ditches", "ditch"),
        ("people", "person"),
        ("bus", "bus"),
    ],
)
def test_singular(plural: str, expected: str) -> None:
    assert singular(plural) == expected


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda r: r.name)
def test_rules_match_their_examples(rule: Rule) -> None:
    assert rule.pattern.search(rule.example)
    assert not rule.pattern.search(rule.counterexample)


PREFILTERED = (*rules("quantities_excluded"), *(r for r in rules("quantities_context") if "needs" in r.options))


@pytest.mark.parametrize("rule", PREFILTERED, ids=lambda r: r.name)
def test_prefilter_lets_every_example_through(rule: Rule) -> None:
    assert needs_of([rule]).tried(rule.example)
    assert not rule.options.get("digits") or any(c.isdigit() for c in rule.example)


@pytest.mark.parametrize("rule", [r for r in rules("quantities_context") if "approximation" in r.options])
def test_words_of_exactness_let_every_example_through(rule: Rule) -> None:
    amount = Amount(0, 1, 1, Decimal(3), "digits")
    if rule.options["side"] == "before":
        amount.start, amount.number_end, amount.end = (len(rule.example) + i for i in (0, 1, 1))
    text = f"{rule.example}3" if rule.options["side"] == "before" else f"3{rule.example}"
    assert approximation(text, amount)[0] == rule.options["approximation"]


def test_rows_fit_the_declared_table() -> None:
    text = "Factory 326 made 20 tons of steel for $5 in 2021, 3.4 percent more than in 2020; half of it burnt."
    rows = found(text)
    whole = [
        r | {"quantity_id": "q", "document_id": "d", "sentence_id": "s", "evidence": evidence(text, r)} for r in rows
    ]
    assert batch_of("extracted.quantities", whole).num_rows == len(rows) >= 4
    units = {u["unit_id"] for u in reference().rows("units")}
    assert {r["unit_id"] for r in rows if r.get("unit_id")} <= units


PIECES = [
    "$",
    "5",
    "20",
    " ",
    ",",
    ".",
    "-",
    "percent",
    " tons",
    "of ",
    "May ",
    "rose ",
    "half ",
    "×",
    "한",
    "million",
    "(",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_offsets_lie_in_the_text(text: str) -> None:
    for row in found(text + " 3 percent"):
        assert 0 <= row["start_char"] < row["end_char"] <= len(text) + 10
        assert row["approximation"] in {"exact", "about", "at_least", "at_most", "over", "under"}


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2009", "\u202f", "\u2007"])
def test_every_space_parts_thousands(space: str) -> None:
    row = one(f"The town built 10{space}000 flats.")
    assert (row["value"], row["unit_id"]) == (10_000, "housing_unit")


@pytest.mark.parametrize(
    ("text", "value", "unit_id"),
    [
        ("At least nine of the cities have mills.", 9, "count"),
        ("It has mills in four more counties.", 4, "count"),
        ("They saved over 4 200 precious lives.", 4200, "count"),
        ("More than 13 000 of children left.", 13_000, "count"),
        ("It happened at one hundred and tens of farms.", 110, "count"),
        ("The tower is 300 feet high.", 300, "foot"),
        ("They paid 5 million pounds sterling.", 5_000_000, None),
    ],
)
def test_counts_and_units(text: str, value: float, unit_id: str | None) -> None:
    row = one(text)
    assert (row["value"], row["unit_id"]) == (value, unit_id)


def test_a_list_goes_on_counting_what_it_began_with() -> None:
    rows = amounts("Ten balloons fell in Anju, eight in Kusong and five in Kanggye.")
    assert [(r["value"], r["counted"]) for r in rows] == [(10, "balloon"), (8, "balloon"), (5, "balloon")]


def test_ahead_is_no_rate() -> None:
    assert one("They repaired hundreds of flats ahead of schedule.")["per"] is None
    assert one("They earn 5 dollars a head.")["per"] == "head"


@pytest.mark.parametrize(
    "text",
    [
        "The war (1592-1598) laid the port waste.",
        "The Three-Revolution Exhibition opened.",
        "It was the first historic one calling for peace.",
        "Only then can one protect the land.",
        "They watched 4-D films.",
        "The kingdom (277 B.C.-668 A.D.) fell.",
        "Mills opened on June 16, 18 and 20.",
    ],
)
def test_years_idioms_and_days_are_no_amounts(text: str) -> None:
    assert amounts(text) == []


@pytest.mark.parametrize("noun", ["people", "families", "flats", "mills"])
def test_things_one_counts_are_counts(noun: str) -> None:
    assert one(f"They moved 300 {noun}.")["role"] == "count"


def test_digits_torn_from_a_number_have_no_value() -> None:
    assert 81 not in [r["value"] for r in amounts("Failures rose to 1\n081, the firm said.")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ties between the two parties and issues of common concern grew.", {"value": 2, "counted": "party"}),
        ("It mended forty trams and produced thousands of wheels.", {"value": 40, "counted": "tram"}),
        ("It fed forty cities and counties.", {"value": 40, "counted": "city and county"}),
        ("The death toll of the storm rose to 1 204.", {"value": 1204, "unit_id": "count", "role": "count"}),
        ("The number of the homeless reached 1.2 million.", {"value": 1.2e6, "unit_id": "count", "role": "count"}),
        ("Its assets stand at 21 million RMB.Y now.", {"value": 2.1e7, "currency": "CNY"}),
        ("The work took two and half years.", {"value": 2.5, "unit_id": "year"}),
        ("Over one and a half million people came.", {"value": 1.5e6, "unit_id": "person"}),
        ("It made twice as much as before.", {"value": 2, "unit_id": "times", "role": "ratio"}),
        ("Soil held 310 Bq per one kg that day.", {"value": 310, "unit_id": "becquerel", "per": "kilogram"}),
        ("The crop was 240,000 tons less than in 2019.", {"value": 240000, "role": "change", "direction": "decrease"}),
        ("It was 3 km longer than the old road.", {"value": 3, "role": "change", "direction": "increase"}),
        ("It made 120 tons last month.", {"value": 120, "role": "level"}),
        ("It held twice as many as those in the same period last year.", {"value": 2, "period_start": None}),
        ("Output due to the drought fell 5 percent.", {"value": 5, "role": "change", "measure": None}),
        ("It sold 13% more as compared with the same period of last year.", {"value": 13, "period_start": None}),
    ],
)
def test_what_is_counted_and_compared(text: str, expected: dict[str, Any]) -> None:
    row = amounts(text)[0]
    assert {k: row.get(k) for k in expected} == expected


def test_a_change_told_twice_is_one_change() -> None:
    rows = amounts("Crops were put at 4.4 million tons, 5.2 percent or 240,000 tons less than in 2019.")
    assert [(r["role"], r["direction"]) for r in rows] == [
        ("level", "none"),
        ("change", "decrease"),
        ("change", "decrease"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Traces of iodine 131 were in the water.",
        "At the end of the last century it was poor.",
        "Think twice before May.",
        "They robbed it in the last century.",
        "It was made in the latter half of the 18th century.",
        "Peace lasts when one builds strength.",
    ],
)
def test_numbers_that_measure_nothing(text: str) -> None:
    assert amounts(text) == []
