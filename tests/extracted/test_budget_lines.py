"""Budget lines: what a percentage compares with, whose it is, of which year, plan or outcome."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.extracted import budget_lines
from assets.extracted.budget_lines.figures import figures_of
from assets.extracted.document import Document, Row, Sentence
from assets.extracted.rules import rules
from warehouse.reference import Reference, load_reference

KINDS = ("budget_lines", "budget_lines_names")
LEAD = "The finance minister reported on the state budget to the Supreme People's Assembly."


@cache
def reference() -> Reference:
    return load_reference()


def document(text: str, published: date | None = date(2019, 4, 12)) -> Document:
    """A document of `text`, cut after full stops that a capital or figure follows."""
    ends = [m.end() for m in re.finditer(r"\.(?=\s+[A-Z0-9])|$", text)]
    starts = [0, *ends[:-1]]
    sentences: list[Sentence] = []
    for start, end in zip(starts, ends, strict=True):
        begin = start + len(text[start:end]) - len(text[start:end].lstrip())
        if begin < end:
            sentences.append(Sentence(f"s{len(sentences)}", len(sentences), 0, begin, end, False))
    return Document("d", text, None, published, None, None, None, "en", sentences)


def read(text: str, published: date | None = date(2019, 4, 12)) -> list[Row]:
    return budget_lines.extract(document(f"{LEAD} {text}", published), reference(), {})


def values(text: str, published: date | None = date(2019, 4, 12)) -> list[tuple[object, ...]]:
    """(year, line, measure, value, basis) of each row."""
    columns = ("fiscal_year", "line", "measure", "value_percent", "basis")
    return [tuple(r[c] for c in columns) for r in read(text, published)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_matches_its_example_only(kind: str) -> None:
    for rule in rules(kind):
        assert rule.pattern.search(rule.example), rule.name
        assert not rule.pattern.search(rule.counterexample), rule.name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Last year revenue grew by 3.1 percent.", (2018, "revenue", "growth", 3.1, "actual")),
        ("Revenue stood at 103.1 percent of the year before.", (2018, "revenue", "index", 103.1, "actual")),
        ("Last year saw an increase of 103.1 percent in revenue.", (2018, "revenue", "index", 103.1, "actual")),
        ("The plan for revenue was carried out at 99.2 percent.", (2018, "revenue", "fulfilment", 99.2, "actual")),
        ("Last year revenue was overfulfilled 2.4 percent.", (2018, "revenue", "fulfilment", 102.4, "actual")),
        ("16.5 percent of it was spent for national defence.", (2018, "defence", "share", 16.5, "actual")),
        ("The budget of 2018 closed with a 0.3% surplus.", (2018, "balance", "surplus", 0.3, "actual")),
        ("This year outlays are to rise 4 percent.", (2019, "expenditure", "growth", 4.0, "planned")),
        ("Funds for education will be 1.3 times last year's.", (2019, "education", "multiple", 1.3, "planned")),
    ],
)
def test_measures(text: str, expected: tuple[object, ...]) -> None:
    assert values(text) == [expected]


def test_growth_is_comparable_or_null() -> None:
    text = (
        "Last year revenue grew 3.1 percent. Local revenue was 104.2 percent of the year before. "
        "Spending fell 2 percent. The plan for revenue was carried out at 101 percent. "
        "16 percent of total expenditure went to national defence. Investment in education rose 1.4 times."
    )
    assert [r["growth_percent"] for r in read(text)] == [3.1, 4.2, -2.0, None, None, 40.0]


def test_respectively_binds_in_order() -> None:
    text = (
        "Outlays for health care, sports and education will rise 2.5 percent, 1.5 percent and 3.5 percent respectively."
    )
    assert [(line, value) for _, line, _, value, _ in values(text)] == [
        ("health", 2.5),
        ("sports", 1.5),
        ("education", 3.5),
    ]


def test_a_list_that_does_not_fit_gives_nothing() -> None:
    assert (
        values("Outlays for health care, sports and education will increase 2.5 percent and 1.5 percent respectively.")
        == []
    )


def test_a_figure_is_never_given_to_the_item_before_it() -> None:
    text = "17 percent of total expenditure went to national defence and 21 percent to the upkeep of lighthouses."
    assert [(line, value) for _, line, _, value, _ in values(text)] == [("defence", 17.0)]


def test_elliptical_figures_take_the_measure_of_their_sentence() -> None:
    text = "Last year revenue was overfulfilled 1.5 percent and local revenue 7.5 percent."
    assert [v[1:4] for v in values(text)] == [("revenue", "fulfilment", 101.5), ("local", "fulfilment", 107.5)]


def test_the_same_share_is_derived_and_says_so() -> None:
    rows = read("16.1 percent of the 2018 budget was for defence and it would be the same for 2019.")
    assert [(r["fiscal_year"], r["value_percent"], r["basis"]) for r in rows] == [
        (2018, 16.1, "actual"),
        (2019, 16.1, "planned"),
    ]
    assert [r["rule"].endswith("_derived") for r in rows] == [False, True]


def test_years_listed_after_a_figure() -> None:
    text = "Defence got 16 percent of expenditure in 2016 and 2017 and 15 percent in 2018."
    assert [(year, value) for year, _, _, value, _ in values(text)] == [(2016, 16.0), (2017, 16.0), (2018, 15.0)]


def test_the_year_compared_with_is_not_the_year_of_the_figure() -> None:
    assert values("State budgetary expenditure is to grow 4 percent over 2018.") == [
        (2019, "expenditure", "growth", 4.0, "planned")
    ]


def test_unknown_year_is_null() -> None:
    assert values("The plan for revenue was carried out at 99.2 percent.", None) == [
        (None, "revenue", "fulfilment", 99.2, "actual")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The budget of last year was overfulfilled 0.4 percent.",
        "The plan for nitrogen was carried out at 104 percent.",
        "The Bank of Korea says the economy shrank 0.4 percent.",
        "Chinese exports rose 12 percent, which helped revenue.",
        "South Korea will raise spending by 7 percent.",
        "Some turn 99.8 percent into a surplus of 0.2 percent of the budget.",
    ],
)
def test_what_is_no_line_of_the_state_budget(text: str) -> None:
    assert values(text) == []


def test_the_budget_of_an_agency_is_not_the_states() -> None:
    text = "A relief agency works in North Korea. Its budget fell by 30 percent. KCNA did not report."
    assert budget_lines.extract(document(text), reference(), {}) == []


def test_another_countrys_budget() -> None:
    text = "Indonesia's parliament raised the budget. Spending on education will grow 12 percent."
    assert budget_lines.extract(document(text), reference(), {}) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A figure is of the budget also where its sentence goes on about output or prices.
        (
            "44 percent of total expenditure was spent for the national economy, helping coal production.",
            [(2018, "economy", "share", 44.0, "actual")],
        ),
        (
            "This year revenue from the sale of properties and price difference is to grow 0.5 percent.",
            [(2019, "property_sales", "growth", 0.5, "planned")],
        ),
        # The item is the one of the figure's own statement.
        (
            "Last year the profits of cooperative organizations were met and as a result, the plan for state budgetary "
            "revenue was carried out at 101.2 percent, an increase of 3.4 percent over the previous year.",
            [(2018, "revenue", "fulfilment", 101.2, "actual"), (2018, "revenue", "growth", 3.4, "actual")],
        ),
        (
            "Last year the plan for expenditure was carried out at 99.7 percent and 15.6 percent of the total "
            "expenditure was spent for national defence.",
            [(2018, "expenditure", "fulfilment", 99.7, "actual"), (2018, "defence", "share", 15.6, "actual")],
        ),
        (
            "This year 0.8 percent more will be spent on science, and education and health will get 3.1 percent "
            "and 2.2 percent more respectively.",
            [
                (2019, "science_technology", "growth", 0.8, "planned"),
                (2019, "education", "growth", 3.1, "planned"),
                (2019, "health", "growth", 2.2, "planned"),
            ],
        ),
        (
            "Revenue from transaction and revenue from the profits of state enterprises are set to rise 1.3 percent "
            "and 1.4 percent respectively.",
            [
                (2019, "transaction_tax", "growth", 1.3, "planned"),
                (2019, "state_enterprises", "growth", 1.4, "planned"),
            ],
        ),
        # Items that are joined share a figure; of many the first three are named.
        (
            "Funds for power, coal, chemical, machine-building and light industry will grow 2.1 percent.",
            [(2019, "power_industry_and_coal_industry_and_chemical_industry_and_others", "growth", 2.1, "planned")],
        ),
        # Words in between, and behind, a figure and its item.
        (
            "The country will spend 15.7% of this year’s budget, the same as in 2018, on strengthening its defence.",
            [(2019, "defence", "share", 15.7, "planned"), (2018, "defence", "share", 15.7, "actual")],
        ),
        (
            "The assembly devoted 15.7% of this year's national budget to military spending.",
            [(2019, "defence", "share", 15.7, "planned")],
        ),
        (
            "Funds equal to 104 percent, as compared with 2017, were given last year for the field of education.",
            [(2018, "education", "index", 104.0, "actual")],
        ),
        (
            "Last year revenue was carried out at 101.1 percent, rising to 102.2 percent as against the year before.",
            [(2018, "revenue", "fulfilment", 101.1, "actual"), (2018, "revenue", "index", 102.2, "actual")],
        ),
        (
            "Revenue is set at 103.2 percent of 2018. Of it the transaction revenue is to be 102.5 percent and social "
            "insurance 101.2 percent.",
            [
                (2019, "revenue", "index", 103.2, "planned"),
                (2019, "transaction_tax", "index", 102.5, "planned"),
                (2019, "social_insurance", "index", 101.2, "planned"),
            ],
        ),
        (
            "Education received 100.4 percent of the 2017 sum, health 101 percent.",
            [(2018, "education", "index", 100.4, "actual"), (2018, "health", "index", 101.0, "actual")],
        ),
        (
            "This year the economy receives 45 percent of expenditure (2017: 47 percent).",
            [(2019, "economy", "share", 45.0, "planned"), (2017, "economy", "share", 47.0, "actual")],
        ),
        (
            "In 2017 the state had planned to increase spending by 6%.",
            [(2017, "expenditure", "growth", 6.0, "planned")],
        ),
        (
            "The country put 15.9 percent of its budget into defence in 2017.",
            [(2017, "defence", "share", 15.9, "actual")],
        ),
        (
            "The 2019 budget sees a rise of revenue by 8.7 percent (2017: 7.5 percent) and of spending by 10 percent.",
            [
                (2019, "revenue", "growth", 8.7, "planned"),
                (2017, "revenue", "growth", 7.5, "actual"),
                (2019, "expenditure", "growth", 10.0, "planned"),
            ],
        ),
        (
            "Spending on education is to rise 3 percent, on the basic industries of the national economy by 7 percent.",
            [(2019, "education", "growth", 3.0, "planned"), (2019, "basic_industry", "growth", 7.0, "planned")],
        ),
        (
            "In 2018 the revenue target was exceeded by 0.5 percent, and 99.8 percent of planned spending was made.",
            [(2018, "revenue", "fulfilment", 100.5, "actual"), (2018, "expenditure", "fulfilment", 99.8, "actual")],
        ),
        ("For 2018 spending came to 99.4 percent.", [(2018, "expenditure", "fulfilment", 99.4, "actual")]),
        ("Last year's revenue exceeded the target by 0.3 percent.", [(2018, "revenue", "fulfilment", 100.3, "actual")]),
        ("This year spending is to grow three-point-4 percent.", [(2019, "expenditure", "growth", 3.4, "planned")]),
        ("Defence will again take up 15.5 percent of spending.", [(2019, "defence", "share", 15.5, "planned")]),
        # The level compared with is a figure of its own year.
        (
            "Defence accounts for 15.7 percent of this year's spending, up slightly from 15.4 percent last year.",
            [(2019, "defence", "share", 15.7, "planned"), (2018, "defence", "share", 15.4, "actual")],
        ),
        (
            "The parliament gave 15.7 percent of the 2019 budget to defence, a fall from last year's 16.1 percent.",
            [(2019, "defence", "share", 15.7, "planned"), (2018, "defence", "share", 16.1, "actual")],
        ),
        (
            "It is planned to reduce the share of defence from 15.9% to 15.7%.",
            [(2019, "defence", "share", 15.7, "planned")],
        ),
        (
            "Defence spending is to grow 4.1 percent, after 3.2 percent in the previous year.",
            [(2019, "defence", "growth", 4.1, "planned"), (2018, "defence", "growth", 3.2, "actual")],
        ),
        (
            "Defence spending will grow 4.1 percent, slower than the 5.2 percent planned for 2018.",
            [(2019, "defence", "growth", 4.1, "planned"), (2018, "defence", "growth", 5.2, "planned")],
        ),
        ("Spending on defence is down from 15.9 percent.", []),
    ],
)
def test_sentences_of_reports(text: str, expected: list[tuple[object, ...]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("lead", "text", "year", "basis"),
    [
        (
            "The state budget for 2018 was carried out correctly.",
            "16 percent of it was earmarked for defence.",
            2018,
            "actual",
        ),
        (
            "The state budget for this year was drawn up.",
            "16 percent of it was earmarked for defence.",
            2019,
            "planned",
        ),
        ("Outlook for the 2019 budget:", "Revenue: 3 percent increase over the previous year.", 2019, "planned"),
        ("The budgets of 2018 and 2019 were discussed.", "Revenue: 3 percent increase.", None, None),
    ],
)
def test_a_sentence_without_figures_sets_the_year(lead: str, text: str, year: int | None, basis: str | None) -> None:
    assert [(y, b) for y, _, _, _, b in values(f"{lead} {text}")] == [(year, basis)]


def test_the_same_figure_for_other_years() -> None:
    text = (
        "Revenue in 2018 was carried out at 101.4 percent. "
        "The same kind of figure was 101.7 percent for 2017 and 102.1 percent for 2016."
    )
    assert [v[:4] for v in values(text)] == [
        (2018, "revenue", "fulfilment", 101.4),
        (2017, "revenue", "fulfilment", 101.7),
        (2016, "revenue", "fulfilment", 102.1),
    ]


@pytest.mark.parametrize(
    ("heading", "line", "measure"),
    [
        ("Growth of revenue:", "revenue", "growth"),
        ("Share of defence:", "defence", "share"),
        ("Growth of revenue and of expenditure:", None, None),
        ("Coal production, growth:", None, None),
    ],
)
@pytest.mark.parametrize("form", ["| {year} | {value} percent |", "- {year}: {value}%"])
def test_tables_of_years(heading: str, line: str | None, measure: str | None, form: str) -> None:
    lines = [form.format(year=year, value=value) for year, value in ((2017, "4.9"), (2018, "5.6"), (2019, "5.1"))]
    made = split_at_lines(f"{LEAD}\n{heading}\n" + "\n".join(lines) + "\nThat is all.")
    rows = budget_lines.extract(made, reference(), {})
    expected = [(2017, 4.9, "actual"), (2018, 5.6, "actual"), (2019, 5.1, "planned")] if line else []
    assert [(r["fiscal_year"], r["value_percent"], r["basis"]) for r in rows] == expected
    assert {(r["line"], r["measure"]) for r in rows} == ({(line, measure)} if line else set())
    assert all(made.text[r["start_char"] : r["end_char"]].startswith(str(r["fiscal_year"])) for r in rows)


def split_at_lines(text: str) -> Document:
    """A document each of whose lines is a sentence."""
    sentences: list[Sentence] = []
    for match in re.finditer(r"[^\n]+", text):
        number = len(sentences)
        sentences.append(Sentence(f"s{number}", number, number, match.start(), match.end(), False))
    return Document("d", text, None, date(2019, 4, 12), None, None, None, "en", sentences)


@pytest.mark.parametrize(
    "text",
    [
        "An 8.2 percent increase is envisaged in the spending on village roads.",
        "Spending on village roads will grow 8.2 percent.",
        "What is wrong is to write that revenue increased by 104.3 percent.",
        "The country spends about 24 percent of its GDP on defence.",
        "Last year agricultural production grew 4 percent.",
        "Defence spending will rise by 4.4% to 57 trillion won.",
    ],
)
def test_a_total_of_one_purpose_and_figures_of_other_matters(text: str) -> None:
    assert values(text) == []


@given(st.lists(st.decimals(0, 99, places=1), min_size=1, max_size=5))
def test_figures_keep_order_and_offsets(numbers: list[object]) -> None:
    text = "grew " + ", ".join(f"{n} percent" for n in numbers[:-1]) + f" and {numbers[-1]} percent"
    figures = figures_of(text)
    assert [v for f in figures for v in f.values] == [float(str(n)) for n in numbers]
    assert all(text[f.end - 7 : f.end] == "percent" for f in figures)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "revenue",
                "12.5 percent",
                ", and",
                "for",
                "defence",
                "of total expenditure",
                "2018",
                "last year",
                "grew",
                ".",
            ]
        ),
        max_size=14,
    )
)
def test_rows_always_lie_in_the_text(words: list[str]) -> None:
    made = document(f"{LEAD} {' '.join(words)}")
    for row in budget_lines.extract(made, reference(), {}):
        assert 0 <= row["start_char"] < row["end_char"] <= len(made.text)
        assert row["measure"] in ("growth", "index", "fulfilment", "share", "surplus", "multiple")
