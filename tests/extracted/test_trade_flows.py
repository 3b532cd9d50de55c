"""Trade flows: who sells to whom, how much, how it changed, against what."""

from __future__ import annotations

from datetime import date

import pytest

from assets.extracted import dates, quantities, trade_flows
from assets.extracted.document import Row
from assets.extracted.rules import rules
from tests.extracted.made import reference, scanned


def read(text: str, published: date = date(2019, 3, 20), title: str | None = None) -> list[Row]:
    """The flows of a text, with the dates and quantities its own readers find."""
    made = scanned(text, published, title)
    found: dict[str, list[Row]] = {"entity_mentions": []}
    found["dates"] = sorted(dates.extract(made, reference(), found), key=lambda r: r["start_char"])
    found["quantities"] = sorted(quantities.extract(made, reference(), found), key=lambda r: r["start_char"])
    return trade_flows.extract(made, reference(), found)


def test_every_rule_matches_its_example_only() -> None:
    for rule in rules("trade_flows"):
        assert rule.pattern.search(rule.example), rule.name
        assert not rule.pattern.search(rule.counterexample), rule.name


def test_value_change_period_and_reporter() -> None:
    (row,) = read(
        "China's exports to North Korea came to $51.5 million in May 2018, down 12.5% from a year earlier, KOTRA said."
    )
    assert (row["exporter"], row["importer"]) == ("china", "dprk")
    assert (row["value"], row["currency"], row["change_percent"]) == (51_500_000, "USD", -12.5)
    assert row["change_basis"] == "previous year"
    assert (row["period_start"], row["period_end"]) == (date(2018, 5, 1), date(2018, 5, 31))
    assert row["reporter_id"] == "kotra"


def test_imports_turn_the_direction() -> None:
    (row,) = read("Chinese imports of coal from North Korea reached $9 million in June 2018.")
    assert (row["exporter"], row["importer"], row["commodities"]) == ("dprk", "china", ["coal"])


def test_two_way_trade_has_no_direction() -> None:
    rows = read(
        "North Korea's trade with China was worth $2 billion in 2018. "
        "Exports were $0.2 billion and imports $1.8 billion."
    )
    assert [(r["exporter"], r["importer"]) for r in rows] == [(None, None), ("dprk", "china"), ("china", "dprk")]
    assert [r["value"] for r in rows] == [2e9, 2e8, 1.8e9]


def test_previous_month_is_told_from_previous_year() -> None:
    (row,) = read(
        "China's exports to North Korea amounted to $30 million in October 2018, a rise of 8.5% from September."
    )
    assert (row["change_percent"], row["change_basis"]) == (8.5, "previous month")


def test_amounts_compared_with_are_no_flow() -> None:
    (row,) = read(
        "China's exports to North Korea came to $40 million in May 2018, "
        "compared with $22 million in the same month of 2017."
    )
    assert row["value"] == 40_000_000 and row["period_start"] == date(2018, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        "The trade minister of China spoke for 20 minutes.",
        "The trade deficit of France widened to 6 billion euros.",
        "20,000 tons of coal were carried to Shanghai.",
        "The two sides agreed to increase trade by 2020.",
    ],
)
def test_no_flow(text: str) -> None:
    assert read(text) == []


def test_headlines_give_no_change() -> None:
    assert read("Exports to the North up 12%", title="China sells more to North Korea") == []


def test_goods_bought_are_trade_also_where_no_other_word_says_so() -> None:
    (row,) = read("North Korea bought goods worth $94 million from China in 2018, 45.7% more than the year before.")
    assert (row["exporter"], row["importer"]) == ("china", "dprk")
    assert (row["value"], row["change_percent"]) == (94_000_000, 45.7)


def test_a_share_named_behind_a_flow_is_no_change_of_it() -> None:
    rows = read(
        "North Korea's trade with China was worth $1.5 billion in 2018. Nobody else sells as much. The bodies count "
        "differently. By one count exports came to $34 million and imports to $1.4 billion, and China's share in the "
        "North's trade reached 96.7 percent, up from 95.6 percent."
    )
    assert [(r["exporter"], r["value"], r["change_percent"]) for r in rows[1:]] == [
        ("dprk", 34_000_000, None),
        ("china", 1_400_000_000, None),
    ]
