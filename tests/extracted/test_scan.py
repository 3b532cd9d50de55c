from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracted.rules import rules
from assets.extracted.scan import scan, scans

SENTENCES = [
    "The plan was fulfilled at 104 percent.",
    "The dam stands.",
    "On May 3 the Cabinet met.",
    "",
    "한국어 문장 2024",
]


def test_there_are_scans_and_all_are_patterns() -> None:
    assert scans()
    for name, pattern in scans().items():
        assert pl.Series([""]).str.contains(pattern).len() == 1, name
        assert not pl.Series([""]).str.contains(pattern)[0], f"{name} fires on everything"


def test_every_sentence_gets_its_scans_in_order() -> None:
    fired = scan(pl.Series(SENTENCES))
    assert len(fired) == len(SENTENCES)
    for name in ("number", "calendar", "digit", "quote"):
        assert [name in f for f in fired] == pl.Series(SENTENCES).str.contains(scans()[name]).to_list()


def test_no_sentence_is_no_result() -> None:
    assert scan(pl.Series([], dtype=pl.String)) == []


@given(st.lists(st.sampled_from(SENTENCES) | st.text(max_size=30), max_size=8), st.integers(0, 8))
def test_a_sentence_fires_the_same_in_any_company(sentences: list[str], cut: int) -> None:
    whole = scan(pl.Series(sentences, dtype=pl.String))
    parts = [scan(pl.Series(p, dtype=pl.String)) for p in (sentences[:cut], sentences[cut:])]
    assert whole == parts[0] + parts[1]


@pytest.mark.parametrize("number", ["3", "2 500", "104.2", "1/3"])
def test_a_sentence_with_a_digit_fires_a_scan_for_numbers(number: str) -> None:
    digit = {n for n, p in scans().items() if re.search(r"\\d|0-9", p)}
    assert not digit or scan(pl.Series([f"Output rose by {number} tons."]))[0] & digit


def test_a_scan_within_another_fires_only_there() -> None:
    data = tomllib.loads((files("assets.extracted.rules") / "scans.toml").read_text(encoding="utf-8"))
    texts = pl.Series([r.example for kind in ("dates", "numbers", "quantities_excluded") for r in rules(kind)])
    fired = scan(texts)
    for name, around in data["within"].items():
        inner, outer = (texts.str.contains(scans()[n]) for n in (name, around))
        assert [name in f for f in fired] == (inner & outer).to_list()
        assert any(name in f for f in fired)
