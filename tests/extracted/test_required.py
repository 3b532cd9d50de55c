"""Words that patterns cannot match without."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracted.rules import Rule, rules
from assets.extracted.rules.required import EDGE, required

RULES = [(kind, rule) for kind in ("targets", "results", "review_rules", "frames") for rule in rules(kind)]
PATTERNS = [
    r"\b(?:mills?|nurser(?:y|ies)|terrac\w+)\b",
    r"(?:the\s+)?(?:old|new)[ -]road(?! of)",
    r"(?:not\s+){1,3}done|fail(?:s|ed) to\b",
    r"(?:a|the) (?:plan\w*|[A-Z]\w+ quota)",
    r"over(?:[^.;]{2,9}?)\b(?:due|late|under[- ]?way)",
]


def stands(word: str, text: str) -> bool:
    """The word stands in the text, at the edge of a word where it says so."""
    edge = r"(?<![^\W_])" if word.startswith(EDGE) else ""
    return re.search(edge + re.escape(word.strip(EDGE)), text.lower()) is not None


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\b(?:plans?|quota)\b", {EDGE + "plan", EDGE + "quota"}),
        (r"\w+ (?:mill|factor(?:y|ies))", {" mill", " factory", " factories"}),
        (r"did(?: not)? [^.]*\bharvest", {EDGE + "harvest"}),
        (r"(?:sow\w+|reap\w*) rice|weeding", {" rice", "weeding"}),
        (r"(?i)[Rr]oad|BRIDGE", {"road", "bridge"}),
        (r"(?:coal)?\s*\w+", set()),
        (r"\d+|percent", set()),
        (r"(?:up|to) it", {"up it", "to it"}),
        (r"is\s+a", set()),
    ],
)
def test_words_are_read_off_a_pattern(pattern: str, words: set[str]) -> None:
    assert required(re.compile(pattern)) == words


@pytest.mark.parametrize("pattern", PATTERNS)
def test_one_of_the_words_stands_in_whatever_matches(pattern: str) -> None:
    words = required(re.compile(pattern))
    assert words

    @given(st.from_regex(pattern))
    def check(text: str) -> None:
        assert any(stands(word, text) for word in words)

    check()


@pytest.mark.parametrize(("kind", "rule"), RULES, ids=[f"{k}-{r.name}" for k, r in RULES])
def test_one_of_the_words_stands_in_the_example_of_a_rule(kind: str, rule: Rule) -> None:
    words = required(rule.pattern)
    assert not words or any(stands(word, rule.example) for word in words)
