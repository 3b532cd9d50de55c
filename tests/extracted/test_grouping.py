"""Alternatives put together by their first letter match what the plain list matches."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracted.rules.grouping import grouped

WORDS = st.text(alphabet="abcAB", min_size=1, max_size=4)


def test_a_list_is_tried_by_letter() -> None:
    assert grouped(r"\b(?:barn|bridge|canal|dam|[xy]es)\b", ignore_case=True) == (
        r"\b(?:(?-i:[bB])(?:arn|ridge)|(?-i:[cC])anal|(?-i:[dD])am|[xy]es)\b"
    )


def test_letters_of_either_case_are_one_where_case_is_ignored() -> None:
    assert grouped(r"(?:barn|Bridge|canal|dam)", ignore_case=True) == (
        r"(?:(?-i:[bB])(?:arn|ridge)|(?-i:[cC])anal|(?-i:[dD])am)"
    )
    assert grouped(r"(?-i:barn|Bridge|canal|bus)", ignore_case=True) == r"(?-i:b(?:arn|us)|Bridge|canal)"
    assert grouped(r"(?i:barn|Bridge|canal|dam)", ignore_case=False) == (
        r"(?i:(?-i:[bB])(?:arn|ridge)|(?-i:[cC])anal|(?-i:[dD])am)"
    )


@given(st.lists(WORDS, min_size=4, max_size=9), st.text(alphabet="abcAB ", max_size=30), st.booleans())
def test_what_matches_stays(words: list[str], text: str, ignore_case: bool) -> None:
    flags = re.IGNORECASE if ignore_case else 0
    plain = f"(?:{'|'.join(words)})"
    quick = grouped(plain, ignore_case=ignore_case)
    assert [m.span() for m in re.finditer(quick, text, flags)] == [m.span() for m in re.finditer(plain, text, flags)]


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a)|(ab)|(b)|(c)",  # numbered groups keep their numbers
        r"\w+ly|also|all|even",  # what could match at the same place keeps its order
        r"(?P<q>[|(])a|b|c(?P=q)|d",  # references are left alone
        r"also|Also|all|even",  # with ignored case, either may come first
    ],
)
def test_what_must_not_move_stays(pattern: str) -> None:
    rewritten = grouped(pattern, ignore_case=True)
    for text in ("ab", "also", "only also", "Also", "even", "all"):
        plain = re.search(pattern, text, re.IGNORECASE)
        quick = re.search(rewritten, text, re.IGNORECASE)
        assert (plain and (plain.span(), plain.groups())) == (quick and (quick.span(), quick.groups()))
