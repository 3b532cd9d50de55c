"""Several patterns tried at one place in one go."""

from __future__ import annotations

import re

from assets.extracted.rules import rules
from assets.extracted.rules.together import together

DATES = [r for r in rules("dates") if "(?P=" not in r.pattern.pattern]
"""Rules without references to their own groups, with and without case."""


def test_groups_say_which_patterns_match_at_a_place() -> None:
    patterns = [r.pattern for r in DATES]
    pattern = together(patterns)
    assert pattern is not None
    for text in (r.example for r in DATES):
        for place in range(len(text)):
            match = pattern.match(text, place)
            assert match is not None
            assert [g is not None for g in match.groups()] == [p.match(text, place) is not None for p in patterns]


def test_nothing_matching_leaves_no_group() -> None:
    pattern = together([re.compile("a(b)"), re.compile("(?P<c>c)")])
    assert pattern is not None
    assert [m.groups() for m in (pattern.match("abcd", i) for i in range(4)) if m] == [
        ("ab", None),
        (None, None),
        (None, "c"),
        (None, None),
    ]


def test_patterns_that_refer_to_their_own_groups_stay_apart() -> None:
    assert together([re.compile(r"(?P<s>a|b)(?P=s)"), re.compile("c")]) is None
    assert together([re.compile(r"(a|b)\1"), re.compile("c")]) is None
