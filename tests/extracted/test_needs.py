"""Which rules are worth trying on a sentence, and where their matches begin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracted.needs import Needs, matches, needs_of
from assets.extracted.rules import Rule, rules
from tests.extracted.made import document

WORDS = st.lists(st.lists(st.text("abc ", min_size=1, max_size=3), max_size=3), min_size=1, max_size=5)
CUES = [r for r in rules("quantities_context") if r.options["side"] == "cue"]
NEEDY = (*rules("dates"), *rules("quantities_excluded"), *CUES, *rules("events"), *rules("assessments"))
SAYING = [r for r in NEEDY if r.options.get("begins") or r.options.get("starts")]
SENTENCES = [s for r in NEEDY for s in (r.example, r.counterexample, r.example.upper())]


@given(WORDS, st.text("abc ", max_size=12))
def test_finds_the_rules_that_a_search_for_each_word_finds(words: list[list[str]], text: str) -> None:
    expected = [i for i, own in enumerate(words) if any(w in text for w in own)]
    assert Needs(words).met_by(text) == expected


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("|one|", "no one came", [0]),
        ("|one|", "someone came", []),
        ("|one|", "one's own", [0]),
        ("{d}-{d}", "pages 3-4", [0]),
        ("{d}-{d}", "pages 3 - 4", []),
        ("{a}{d}", "the b2 road", [0]),
        ("|q1", "in q1", [0]),
        ("|q1", "iraq1", []),
    ],
)
def test_digits_letters_and_edges_have_signs(word: str, text: str, expected: list[int]) -> None:
    assert Needs([[word]]).met_by(text) == expected


def test_a_rule_that_says_with_what_it_begins_is_tried_there() -> None:
    needs = Needs([["year"], ["year"]], [["last", "this"], []])
    assert needs.tried("This or last year") == [(0, [0, 8]), (1, None)]
    assert needs.tried("Last May") == []


def test_a_word_may_have_to_begin_with_a_capital() -> None:
    needs = Needs([["^may"], ["^may"]], [["^may"], []])
    assert needs.tried("It may rain in May") == [(0, [15]), (1, None)]
    assert needs.tried("It may rain") == []
    assert needs.tried("İt may rain") == [(0, None), (1, None)]


def test_a_letter_that_grows_when_made_small_leaves_the_places_open() -> None:
    assert Needs([["year"]], [["last"]]).tried("İn last year") == [(0, None)]


def test_one_of_a_rules_further_words_must_stand_too() -> None:
    needs = Needs([["year"], ["year"]], None, [["plan", "budget"], []])
    assert needs.tried("the plan of the year") == [(0, None), (1, None)]
    assert needs.met_by("the year") == [1]


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6))
def test_a_text_is_tried_as_its_sentences_are(sentences: list[str]) -> None:
    needs = needs_of([*rules("events"), *rules("assessments")])
    made = document(". ".join(sentences))
    expected = [(i, needs.tried(made.sentence_text(s))) for i, s in enumerate(made.sentences)]
    assert list(needs.by_sentence(made)) == [(i, tried) for i, tried in expected if tried]


@pytest.mark.parametrize("rule", [*rules("events"), *rules("assessments")], ids=lambda r: r.name)
def test_a_rule_is_tried_on_its_example(rule: Rule) -> None:
    (tried,) = [places for _, places in needs_of([rule]).tried(rule.example)]
    assert list(matches(rule.pattern, rule.example, tried))


@pytest.mark.parametrize("rule", SAYING, ids=lambda r: r.name)
def test_no_match_begins_elsewhere(rule: Rule) -> None:
    needs = needs_of([rule])
    for text in SENTENCES:
        for _, places in needs.tried(text):
            everywhere = [m.span() for m in rule.pattern.finditer(text)]
            assert [m.span() for m in matches(rule.pattern, text, places)] == everywhere, text


@pytest.mark.parametrize("rule", SAYING, ids=lambda r: r.name)
def test_doubled_spaces_cost_an_article_at_most(rule: Rule) -> None:
    needs = needs_of([rule])
    for text in (s.replace(" ", "  ") for s in SENTENCES):
        for _, places in needs.tried(text):
            everywhere = [m.end() for m in rule.pattern.finditer(text)]
            assert [m.end() for m in matches(rule.pattern, text, places)] == everywhere, text
