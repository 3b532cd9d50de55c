"""Calendar expressions: what they name, against which day, and where they stand."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracted import dates, dates_calendar
from assets.extracted.dates_resolve import RESOLVERS
from assets.extracted.document import Document, Row, Sentence
from assets.extracted.needs import needs_of
from assets.extracted.rules import Rule, rules
from assets.extracted.scan import scan
from warehouse.reference import Reference

NOBODY = Reference("none", {})
PUBLISHED = date(2023, 7, 12)  # a Wednesday


def document(text: str, published_on: date | None = PUBLISHED) -> Document:
    fired = scan(pl.Series([text]))[0]
    sentences = [Sentence("d:0", 0, 0, 0, len(text), False, fired)]
    return Document("d", text, None, published_on, None, None, None, "en", sentences)


def found(text: str, published_on: date | None = PUBLISHED) -> list[Row]:
    return dates.extract(document(text, published_on), NOBODY, {})


def spans(text: str, published_on: date | None = PUBLISHED) -> list[tuple[str, str, str]]:
    return [
        (text[r["start_char"] : r["end_char"]], str(r["start_date"]), str(r["end_date"]))
        for r in found(text, published_on)
    ]


@pytest.mark.parametrize(
    ("text", "evidence", "start", "end", "granularity"),
    [
        ("Ground was broken on February 28, 2024 there.", "February 28, 2024", "2024-02-28", "2024-02-28", "day"),
        ("Ground was broken on 28 February 2024 there.", "28 February 2024", "2024-02-28", "2024-02-28", "day"),
        ("Dated 2024. 2. 28 by hand.", "2024. 2. 28", "2024-02-28", "2024-02-28", "day"),
        ("It was first named in Sept. 2022.", "Sept. 2022", "2022-09-01", "2022-09-30", "month"),
        ("The budget for Juche 113 (2024) passed.", "Juche 113 (2024)", "2024-01-01", "2024-12-31", "year"),
        ("It began in Juche 100.", "Juche 100", "2011-01-01", "2011-12-31", "year"),
        ("The plan of 2021-2025 ended.", "2021-2025", "2021-01-01", "2025-12-31", "range"),
        ("It grew from 2011 to 2015.", "2011 to 2015", "2011-01-01", "2015-12-31", "range"),
        ("Mills rose in the 1970s.", "1970s", "1970-01-01", "1979-12-31", "decade"),
        ("Early in 2022 it stopped.", "2022", "2022-01-01", "2022-12-31", "year"),
        ("The first quarter of 2024 was fine.", "first quarter of 2024", "2024-01-01", "2024-03-31", "quarter"),
        ("In the first half of 2024 it rose.", "first half of 2024", "2024-01-01", "2024-06-30", "half"),
        (
            "In the first half of Juche 39 (1950) it rose.",
            "first half of Juche 39 (1950)",
            "1950-01-01",
            "1950-06-30",
            "half",
        ),
        ("It rose from 2002 to February 2008.", "2002 to February 2008", "2002-01-01", "2008-02-29", "range"),
        (
            "From October 2022 to March 2023 it froze.",
            "October 2022 to March 2023",
            "2022-10-01",
            "2023-03-31",
            "range",
        ),
    ],
)
def test_absolute(text: str, evidence: str, start: str, end: str, granularity: str) -> None:
    rows = found(text)
    assert spans(text) == [(evidence, start, end)]
    assert rows[0]["granularity"] == granularity
    assert rows[0]["is_relative"] is False and rows[0]["anchor_date"] is None
    assert spans(text, None) == [(evidence, start, end)]


@pytest.mark.parametrize(
    ("text", "evidence", "start", "end", "granularity"),
    [
        ("The plenum last June saw it.", "last June", "2023-06-01", "2023-06-30", "month"),
        ("The plenum last August saw it.", "last August", "2022-08-01", "2022-08-31", "month"),
        ("It opened on Tuesday.", "Tuesday", "2023-07-11", "2023-07-11", "day"),
        ("It opened Wednesday.", "Wednesday", "2023-07-12", "2023-07-12", "day"),
        ("It will open on Friday.", "Friday", "2023-07-14", "2023-07-14", "day"),
        ("It opened yesterday.", "yesterday", "2023-07-11", "2023-07-11", "day"),
        ("It was inspected on May 30.", "May 30", "2023-05-30", "2023-05-30", "day"),
        ("It was inspected in December.", "December", "2022-12-01", "2022-12-31", "month"),
        ("It will be opened in October.", "October", "2023-10-01", "2023-10-31", "month"),
        ("Results by the end of this year matter.", "this year", "2023-01-01", "2023-12-31", "year"),
        ("Due at the end of the year.", "the end of the year", "2023-01-01", "2023-12-31", "year"),
        ("It rose in June last year.", "June last year", "2022-06-01", "2022-06-30", "month"),
        ("It rose last month.", "last month", "2023-06-01", "2023-06-30", "month"),
        ("It rose last week.", "last week", "2023-07-03", "2023-07-09", "range"),
        ("It began two years ago.", "two years ago", "2021-01-01", "2021-12-31", "year"),
        ("It will last over the next decade.", "the next decade", "2023-07-12", "2033-07-12", "range"),
        ("It is to be done within ten years.", "within ten years", "2023-07-12", "2033-07-12", "range"),
        ("Plans for the first quarter were met.", "first quarter", "2023-01-01", "2023-03-31", "quarter"),
        ("It met from Apr. 26 to Apr. 29.", "Apr. 26 to Apr. 29", "2023-04-26", "2023-04-29", "range"),
        ("Trees were set in the spring of last year.", "the spring of last year", "2022-03-01", "2022-05-31", "range"),
    ],
)
def test_relative_to_the_publication_date(text: str, evidence: str, start: str, end: str, granularity: str) -> None:
    rows = found(text)
    assert spans(text) == [(evidence, start, end)]
    assert rows[0]["granularity"] == granularity
    assert rows[0]["is_relative"] is True and rows[0]["anchor_date"] == PUBLISHED
    assert found(text, None) == []


def test_the_previous_year_goes_back_from_the_year_named_last() -> None:
    text = "Last year revenue rose 7 percent over the previous year."
    assert spans(text)[1] == ("the previous year", "2021-01-01", "2021-12-31")
    assert spans("Revenue rose 7 percent over the previous year.")[0][1] == "2022-01-01"


def test_the_previous_day_goes_back_from_the_day_named_last() -> None:
    text = "State media said on Tuesday that he spoke the previous day."
    assert [s[1] for s in spans(text)] == ["2023-07-11", "2023-07-10"]


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19 closed the border.",
        "The 124th Regiment sang; the woman is 35.",
        "The 20x10 policy went on.",
        "He saw 124 May flowers.",
        "Workers of the February 8 Vinalon Complex sang.",
        "They toured the May 1 Stadium.",
        "It employs 2021 workers and 2000 tons lay there.",
        "It may march on.",
        "They reached the quarter-finals on Black Friday.",
        "They are grateful for today's happiness.",
        "He wrote in the 70s of the 19th century.",
    ],
)
def test_names_counts_and_verbs_are_no_dates(text: str) -> None:
    assert found(text) == []


def test_a_weekday_behind_its_date_gives_no_second_row() -> None:
    assert spans("Printed Nov. 28, 2024 Thursday there.") == [("Nov. 28, 2024", "2024-11-28", "2024-11-28")]
    assert len(spans("They met Monday, Tuesday and Friday.")) == 3


def test_impossible_days_give_no_row() -> None:
    assert found("It met on February 30, 2024.") == []


@pytest.mark.parametrize("rule", [*rules("dates"), *rules("dates_context")], ids=lambda r: r.name)
def test_rules_match_their_examples(rule: Rule) -> None:
    assert rule.pattern.search(rule.example)
    assert not rule.pattern.search(rule.counterexample)


@pytest.mark.parametrize("rule", rules("dates"), ids=lambda r: r.name)
def test_scan_and_prefilter_let_every_example_through(rule: Rule) -> None:
    assert rule.options["resolve"] in RESOLVERS
    assert needs_of([rule]).tried(rule.example)
    assert {"calendar", rule.options.get("scan", "calendar")} <= scan(pl.Series([rule.example]))[0]


@given(
    st.lists(st.sampled_from([*"0123456789 ,.-()한", "May ", "last ", "year", "Juche ", " 20", "s"])).map("".join),
    st.dates(date(1950, 1, 1), date(2090, 1, 1)),
)
def test_offsets_lie_in_the_text_and_spans_apart(text: str, published_on: date) -> None:
    rows = found(text + " in 2021 and last year", published_on)
    ends = 0
    for row in rows:
        assert ends <= row["start_char"] < row["end_char"] <= len(text) + 22
        assert row["start_date"] <= row["end_date"]
        ends = row["end_char"]


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-400, 400))
def test_adding_months_and_back_stays_in_the_month(when: date, count: int) -> None:
    there = dates_calendar.add_months(when, count)
    assert there is not None
    back = dates_calendar.add_months(there, -count)
    assert back is not None and (back.year, back.month) == (when.year, when.month)


def test_old_years_need_a_word_that_leads_a_year() -> None:
    assert spans("A general built it in 1021.") == [("1021", "1021-01-01", "1021-12-31")]
    assert found("Some hall seats 1021 guests, and 1200 more.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Mills opened on June 16, 18 and 20 respectively.",
            [("June 16", "2023-06-16"), ("18", "2023-06-18"), ("20", "2023-06-20")],
        ),
        ("They met on May 5 and 6, 2021 by the sea.", [("May 5", "2021-05-05"), ("6, 2021", "2021-05-06")]),
        ("They met on 5 and 6 May by the sea.", [("5", "2023-05-05"), ("6 May", "2023-05-06")]),
        ("They met on May 5 and 6 June.", [("May 5", "2023-05-05"), ("6 June", "2023-06-06")]),
        ("On May 5 and 12 people came.", [("May 5", "2023-05-05")]),
        ("On May 15 and 12 it rained.", [("May 15", "2023-05-15")]),
    ],
)
def test_days_of_a_list_share_their_month(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(s, start) for s, start, _ in spans(text)] == expected


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Balloons fell between June 6 and 8 in two counties.", "2023-06-06", "2023-06-08"),
        ("Work began in December three years ago.", "2020-12-01", "2020-12-31"),
        ("The session was held from December 28 to 30.", "2022-12-28", "2022-12-30"),
        ("The war (1592-1598) laid the port waste.", "1592-01-01", "1598-12-31"),
    ],
)
def test_one_interval(text: str, start: str, end: str) -> None:
    assert [s[1:] for s in spans(text)] == [(start, end)]


@pytest.mark.parametrize(
    "text",
    [
        "The October 4 declaration and the June 15 joint declaration were hailed.",
        "It is for the happy tomorrow of the Korea of today.",
        "Today our mills face a new task.",
        "He visited the site in June next year and praised it.",
        "The work will last 3 years.",
    ],
)
def test_no_day_is_guessed(text: str) -> None:
    assert spans(text) == []


def test_a_year_earlier_has_the_length_of_what_was_named_last() -> None:
    assert spans("Sales in May 2022 fell from a year earlier.")[1] == ("a year earlier", "2021-05-01", "2021-05-31")
    assert spans("It was 5 tons in the first quarter of 2022, 4 in the same quarter of 2021.")[1][1:] == (
        "2021-01-01",
        "2021-03-31",
    )
    assert spans("Sales fell from a year earlier.") == []


def test_a_basis_is_not_the_year_that_the_text_is_about() -> None:
    text = "Last year mills got 103 percent of the amount of 2021, and mines 9 percent of the year before."
    assert spans(text)[-1][1:] == ("2021-01-01", "2021-12-31")


def test_that_year_is_the_year_named_last() -> None:
    assert spans("He came in 2015, and in October that year he left.")[1][1:] == ("2015-10-01", "2015-10-31")
    assert spans("In October that year he left.") == []


@pytest.mark.parametrize(
    "text",
    [
        "They made August 3 consumer goods of waste.",
        "Many October 8 Model Instructors came.",
        "It was the last year of his life.",
        "They met two decades ago.",
        "The October Concert was a success.",
        "They danced on January fourteenth by the moon.",
    ],
)
def test_names_and_rounded_times_are_no_dates(text: str) -> None:
    assert found(text) == []


def test_from_last_may_to_may() -> None:
    assert spans("He came thrice from last May to May this year.") == [
        ("May to May this year", "2022-05-01", "2023-05-31")
    ]


def test_the_year_before_a_named_year_needs_no_publication_date() -> None:
    text = "Revenue for 2024 was 104.3 percent of the year before."
    assert spans(text, None)[1] == ("the year before", "2023-01-01", "2023-12-31")


def test_months_without_a_year_are_those_that_ended_last() -> None:
    assert spans("From January to September it sold looms.", date(2023, 10, 20)) == [
        ("January to September", "2023-01-01", "2023-09-30")
    ]
    assert spans("From October to March it sold looms.", date(2023, 4, 20)) == [
        ("October to March", "2022-10-01", "2023-03-31")
    ]
