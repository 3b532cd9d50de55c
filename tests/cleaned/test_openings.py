"""What is read off a pattern rules out only texts that it does not match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.cleaned.openings import opening_of
from assets.cleaned.patterns import POSITIONS, patterns_of
from warehouse.reference import load_reference

REFERENCE = load_reference()
ROWS = REFERENCE.rows("residue_patterns")
EXAMPLES = sorted({row[column] for row in ROWS for column in ("matching_example", "other_example")})
PATTERNS = (
    "ab?c",
    "(?:a|bc)+d",
    "[^a-c]x",
    r"(?i:by|von)\s[A-Z]",
    r"\d{2}:\d",
    "(?=[a-z]+:)a?b",
    r"a{0}b",
    r"(?:-|–|\W)x?",
    r".{0,9}(?:left|right)\b",
)


@pytest.mark.parametrize(
    ("pattern", "admitted", "refused"),
    [
        ("ab?c", ["ac", "ab", "a"], ["bc", "aa", "c"]),
        (r"(?i:by|von)\s", ["by", "VO", "B"], ["be", "xy"]),
        ("[^a-c]x", ["dx", "éx"], ["ax", "dy"]),
        (r"\d{1,2}-", ["12", "1-"], ["a1", "1a"]),
        (".{3}", ["ab", "é"], []),
    ],
)
def test_first_two_characters(pattern: str, admitted: list[str], refused: list[str]) -> None:
    opening = opening_of(pattern)
    assert all(map(opening.admits, admitted))
    assert not any(map(opening.admits, refused))


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        (r".{0,9}(?:left|right)\b", ("left", "right")),
        (r"(?=[^|]+\|)\w+", ("|",)),
        (r"(?i:.{2,60}Reserved)?\w", ()),
        ("left|right", ()),
    ],
)
def test_pieces_that_a_match_holds(pattern: str, needs: tuple[str, ...]) -> None:
    """Only patterns that may begin with nearly anything are asked for them."""
    assert opening_of(pattern).needs == needs


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=st.text(alphabet="abcdxyBVon12:-–é leftrigh", max_size=14))
@settings(max_examples=150, deadline=None)
def test_nothing_that_matches_is_ruled_out(pattern: str, text: str) -> None:
    if re.match(pattern, text):
        opening = opening_of(pattern)
        assert opening.admits(text[:2])
        assert not opening.needs or any(piece in text.lower() for piece in opening.needs)


@given(
    head=st.sampled_from(EXAMPLES),
    tail=st.sampled_from(EXAMPLES),
    at=st.integers(0, 30),
    cut=st.integers(0, 60),
    upper=st.booleans(),
)
@settings(max_examples=400, deadline=None)
def test_the_set_finds_what_its_patterns_find_one_by_one(head: str, tail: str, at: int, cut: int, upper: bool) -> None:
    text = head[at:] + " " * (cut % 2) + tail[:cut]
    text = text.upper() if upper else text
    found = patterns_of(REFERENCE)
    for position in POSITIONS:
        hit = found.match(text, position)
        matching = {r["pattern_id"]: m.end() for r in ROWS if r["position"] == position and (m := one_of(r, text))}
        assert (hit is None) == (not matching)
        assert hit is None or matching[hit.pattern_id] == hit.end


def one_of(row: dict[str, str], text: str) -> re.Match[str] | None:
    return re.match(row["pattern"], text) if len(text) <= 420 else None
