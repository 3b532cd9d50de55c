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


@pytest.mark.parametrize(
    ("text", "value", "start", "end"),
    [
        ("compared with $22 million in the same month of 2017", 22e6, date(2017, 5, 1), date(2017, 5, 31)),
        ("up from $22 million a year earlier", 22e6, date(2017, 5, 1), date(2017, 5, 31)),
        ("against $31.5 million the month before", 31.5e6, date(2018, 4, 1), date(2018, 4, 30)),
        ("after $31.5 million in April", 31.5e6, None, None),
    ],
)
def test_the_amount_compared_with_is_a_flow_of_its_own_time(
    text: str, value: float, start: date | None, end: date | None
) -> None:
    own, other = read(f"China's exports to North Korea came to $40 million in May 2018, {text}.")
    assert own["value"] == 40e6 and own["period_start"] == date(2018, 5, 1)
    assert (other["value"], other["exporter"], other["importer"]) == (value, "china", "dprk")
    assert other["rule"].endswith("_compared")
    if start:
        assert (other["period_start"], other["period_end"]) == (start, end)


def test_a_level_reached_from_another() -> None:
    own, other = read(
        "Two-way trade between China and North Korea climbed from $11 million in April to $14 million in May."
    )
    assert [(r["value"], r["period_start"].month) for r in (own, other)] == [(14e6, 5), (11e6, 4)]


def test_the_comparison_of_a_change_stands_behind_the_amount() -> None:
    own, _ = read("China’s trade with the North fell 12 percent from $92 million in April to $81 million in May.")
    assert (own["change_percent"], own["change_basis"]) == (-12, "previous month")
    own, _ = read(
        "North Korea's trade with China was $70 million last month, down 24 percent from $92 million a month earlier."
    )
    assert (own["change_percent"], own["change_basis"]) == (-24, "previous month")


@pytest.mark.parametrize(
    ("text", "exporter", "importer"),
    [
        ("Chinese outbound shipments to the reclusive state surged 40% year-on-year.", "china", "dprk"),
        ("The North imported $6 million worth of Chinese goods in May.", "china", "dprk"),
        ("China imported 40,000 tonnes of ore, worth about $6 million, from the DPRK in May.", "dprk", "china"),
        ("Trade turnover between Russia and the DPRK dropped by 8.4% to $30 mln.", None, None),
        ("Exports and imports between China and North Korea came to $500 million.", None, None),
        ("North Korea's annual trade with its economic lifeline, China, fell 2.4 percent.", None, None),
    ],
)
def test_who_sells_to_whom(text: str, exporter: str | None, importer: str | None) -> None:
    assert [(r["exporter"], r["importer"]) for r in read(text)] == [(exporter, importer)]


def test_a_country_not_named_is_the_other_one_spoken_of() -> None:
    rows = read(
        "China's imports from North Korea dropped 13% to $880 million in 2018. Its neighbour is poor. "
        "Imports from North Korea fell 13% and exports to North Korea rose 29%."
    )
    assert [(r["exporter"], r["importer"], r["change_percent"]) for r in rows] == [
        ("dprk", "china", -13),
        ("dprk", "china", -13),
        ("china", "dprk", 29),
    ]


def test_customs_speak_for_their_country() -> None:
    rows = read(
        "China Customs said overall trade with North Korea grew 10 percent. Imports from the North fell to $8 million."
    )
    assert [(r["exporter"], r["importer"]) for r in rows] == [(None, None), ("dprk", "china")]
    assert {r["reporter_id"] for r in rows} == {"general_administration_of_customs_china"}


def test_exports_of_the_country_spoken_of() -> None:
    rows = read(
        "North Korea's dependency on China grew. Exports were worth $260 million and imports $2.6 billion in 2018."
    )
    assert [(r["exporter"], r["importer"], r["value"]) for r in rows] == [("dprk", None, 260e6), (None, "dprk", 2.6e9)]
    assert read("Japan has prospered. Exports were worth $260 million in 2018.") == []


def test_goods_and_bulk() -> None:
    rows = read(
        "North Korea's exports of coal to China jumped 27 percent in volume in 2018. Its coal exports to China earned "
        "$105 million in 2018. The value of goods shipped to the North by China was $167 million."
    )
    assert [(r["value"], r["change_percent"], r["commodities"]) for r in rows] == [
        (105e6, None, ["coal"]),
        (167e6, None, None),
    ]
    (row,) = read("North Korea is under sanctions. Exports of coal brought in $12 million in 2018.")
    assert (row["value"], row["commodities"]) == (12e6, ["coal"])
    (row,) = read("North Korea bought $5 million of palm oil from China in May.")
    assert row["commodities"] == ["palm oil"]


def test_a_percentage_without_a_verb_changes_like_the_one_before() -> None:
    rows = read("North Korea did trade. Exports rose 42 percent to $1.5 million and imports 13 percent to $2 million.")
    assert [(r["value"], r["change_percent"]) for r in rows] == [(1.5e6, 42), (2e6, 13)]
    rows = read(
        "China's exports to the North were down 3.1 percent on-year and its imports from the North 1.5 percent."
    )
    assert [r["change_percent"] for r in rows] == [-3.1, -1.5]


@pytest.mark.parametrize(
    "text",
    [
        "Coal made up the largest portion of North Korea's imports with $27 million.",
        "The deal took up 96 percent of North Korea's overall trade, up from 95 percent a year earlier.",
        "Traders in North Korea sold mushrooms to China at 40 yuan a kilo.",
        "North Korea's imports of flour stopped in January, and prices rose 20 percent.",
        "Thieves took $400 million in 2018, more than North Korea's exports.",
        "North Korea's exports were dominated by $19 million worth of wigs.",
    ],
)
def test_what_is_not_the_level_or_change_of_a_flow(text: str) -> None:
    assert read(text) == []


def test_a_balance_is_no_flow() -> None:
    rows = read(
        "North Korea's exports to China were $1 million and imports from China $3 million in 2018; "
        "the deficit widened to $2 million from $1.5 million."
    )
    assert [r["value"] for r in rows] == [1e6, 3e6]


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("in the first seven months of 2018", date(2018, 1, 1), date(2018, 7, 31)),
        ("in the first two months of this year", date(2019, 1, 1), date(2019, 2, 28)),
        ("from January to September", date(2019, 1, 1), date(2019, 9, 30)),
        ("in January-to-June", date(2019, 1, 1), date(2019, 6, 30)),
        ("in 2018, the worst since records began in 1990", date(2018, 1, 1), date(2018, 12, 31)),
    ],
)
def test_periods(words: str, start: date, end: date) -> None:
    (row,) = read(f"China's exports to North Korea rose to $51 million {words}.", date(2019, 10, 20))
    assert (row["period_start"], row["period_end"]) == (start, end)


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
