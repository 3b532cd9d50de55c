"""Which rules are worth trying on a sentence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assets.extracted.needs import Needs

WORDS = st.lists(st.lists(st.text("abc ", min_size=1, max_size=3), max_size=3), min_size=1, max_size=5)


@given(WORDS, st.text("abc ", max_size=12))
def test_finds_the_rules_that_a_search_for_each_word_finds(words: list[list[str]], text: str) -> None:
    expected = [i for i, own in enumerate(words) if any(w in text for w in own)]
    assert Needs(words).met_by(text) == expected
