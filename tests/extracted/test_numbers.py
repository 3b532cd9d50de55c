"""Numerals: the value of digits, words, fractions and vague amounts."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracted.numbers import digits_to_number, number_places, numerals, words_to_number
from assets.extracted.rules import Rule, rules
from assets.extracted.scan import scan


@pytest.mark.parametrize(
    ("text", "printed", "value"),
    [
        ("It mined 843 800 tons.", "843 800", "843800"),
        ("It mined 94,400.5 tons.", "94,400.5", "94400.5"),
        ("It grew 15. 8 percent.", "15. 8", "15.8"),
        ("It grew .5 percent.", ".5", "0.5"),
        ("It grew 3-point-7 percent.", "3-point-7", "3.7"),
        ("It cost nine-point-42 million won.", "nine-point-42 million", "9420000"),
        ("It grew 1.4 times.", "1.4", "1.4"),
        ("It cost 4.3 billion won.", "4.3 billion", "4300000000"),
        ("It has twenty mills.", "twenty", "20"),
        ("It has one hundred and five mills.", "one hundred and five", "105"),
        ("It has twenty-one mills.", "twenty-one", "21"),
        ("It has three million two hundred thousand bricks.", "three million two hundred thousand", "3200000"),
        ("It has a thousand bricks.", "a thousand", "1000"),
        ("It took two and a half years.", "two and a half", "2.5"),
        ("It took 2½ years.", "2½", "2.5"),
        ("Half of it burnt.", "Half", "0.5"),
        ("A quarter of it burnt.", "A quarter", "0.25"),
        ("Only 1/4 of it burnt.", "1/4", "0.25"),
        ("Hundreds of thousands of hectares lie there.", "Hundreds of thousands", "100000"),
        ("Several million trees grow there.", "Several million", "1000000"),
        ("Dozens of towns have it.", "Dozens", "12"),
        ("Two dozen towns have it.", "Two dozen", "24"),
        ("It took more than a year.", "a", "1"),
    ],
)
def test_value(text: str, printed: str, value: str) -> None:
    (numeral,) = numerals(text)
    assert text[numeral.start : numeral.end] == printed
    assert numeral.value == Decimal(value)


def test_thirds_are_exact_to_many_digits() -> None:
    (numeral,) = numerals("Two thirds of it is sown.")
    assert abs(numeral.value * 3 - 2) < Decimal("1e-20")


@pytest.mark.parametrize("text", ["It takes a year.", "The stone is done.", "Nobody weighs money."])
def test_no_numeral(text: str) -> None:
    assert list(numerals(text)) == []


@pytest.mark.parametrize("rule", rules("numbers"), ids=lambda r: r.name)
def test_rules_match_their_examples(rule: Rule) -> None:
    assert rule.pattern.search(rule.example)
    assert not rule.pattern.search(rule.counterexample)


@pytest.mark.parametrize("rule", rules("numbers"), ids=lambda r: r.name)
def test_quick_test_and_scan_let_every_example_through(rule: Rule) -> None:
    scans = scan(pl.Series([rule.example]))[0]
    assert "number" in scans
    places = number_places(rule.example, in_words="number_word" in scans)
    assert [*numerals(rule.example, places)] == [*numerals(rule.example)] != []


@pytest.mark.parametrize("rule", rules("numbers"), ids=lambda r: r.name)
def test_places_of_a_text_serve_it_with_parts_blanked_out(rule: Rule) -> None:
    text = rule.example
    for cut in range(len(text)):
        blanked = "\x00" * cut + text[cut:]
        assert list(numerals(blanked, number_places(text))) == list(numerals(blanked))


def test_a_word_with_a_number_in_it_holds_none() -> None:
    text = "Someone often phoned a weaver."
    assert list(numerals(text)) == []
    assert not scan(pl.Series([text]))[0] & {"number", "number_word"}


def test_scan_skips_plain_prose() -> None:
    assert "number" not in scan(pl.Series(["A mill in a valley makes an honest cloth for the people."]))[0]


@given(st.integers(0, 10**12), st.sampled_from([",", " "]))
def test_grouped_digits_round_trip(number: int, separator: str) -> None:
    printed = f"{number:,}".replace(",", separator)
    assert digits_to_number(printed) == number
    (numeral,) = numerals(f"It is {printed} bricks")
    assert numeral.value == number


UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


@given(st.integers(1, 9), st.integers(2, 9), st.integers(1, 9), st.sampled_from(["thousand", "million"]))
def test_words_round_trip(hundreds: int, tens: int, units: int, scale: str) -> None:
    words = f"{UNITS[hundreds - 1]} hundred and {TENS[tens - 2]}-{UNITS[units - 1]} {scale}"
    value = (hundreds * 100 + tens * 10 + units) * {"thousand": 1000, "million": 10**6}[scale]
    assert words_to_number(words) == value
    (numeral,) = numerals(f"There are {words} bricks")
    assert numeral.value == value


@given(st.text(max_size=60))
def test_numerals_never_overlap(text: str) -> None:
    position = 0
    for numeral in numerals(text):
        assert position <= numeral.start < numeral.end <= len(text)
        position = numeral.end
