"""One to one, as many as can be."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from assets.evaluated.alignment import Alignment
from assets.evaluated.matching import closeness, matched, overlap

SPANS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 8)).map(lambda s: (s[0], s[0] + s[1])), min_size=0, max_size=5
)


def test_half_of_the_shorter_span_has_to_be_shared() -> None:
    assert overlap((0, 10), (8, 12)) and overlap((0, 100), (50, 54))
    assert not overlap((0, 10), (9, 12)) and not overlap((0, 5), (5, 10))
    assert closeness((0, 10), (5, 15)) == 5 / 15 and closeness((0, 1), (4, 5)) == 0


def test_a_row_makes_room_for_another() -> None:
    gold, predicted = [(0, 10), (0, 10)], [(0, 10), (0, 8)]
    assert matched(gold, predicted, lambda g, p: not (g == 1 and p == 1)) == {0: 1, 1: 0}


def test_the_closest_row_is_taken() -> None:
    assert matched([(0, 10)], [(0, 5), (0, 10), (2, 9)], lambda g, p: True) == {0: 1}


@given(SPANS, SPANS, st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4))))
def test_no_other_matching_is_larger(
    gold: list[tuple[int, int]], predicted: list[tuple[int, int]], refused: set[tuple[int, int]]
) -> None:
    found = matched(gold, predicted, lambda g, p: (g, p) not in refused)
    assert len(set(found.values())) == len(found)
    assert all(overlap(gold[g], predicted[p]) and (g, p) not in refused for g, p in found.items())

    def fits(g: int, p: int) -> bool:
        return p < len(predicted) and overlap(gold[g], predicted[p]) and (g, p) not in refused

    places = range(max(len(gold), len(predicted)))
    best = max((sum(fits(g, p) for g, p in enumerate(o[: len(gold)])) for o in permutations(places)), default=0)
    assert len(found) == best


def test_words_are_found_where_markup_and_lines_are_gone() -> None:
    gold = "<p>The mill\n  rolled 5&nbsp;000 tons.</p><p>Home | About</p><p>It “will” open in May.</p>"
    text = 'The mill rolled 5 000 tons.\n\nIt "will" open in May.'
    alignment = Alignment(text, gold)
    start = text.index("open in May")
    span = alignment.span(start, start + len("open in May"))
    assert span is not None and gold[slice(*span)] == "open in May"
    first = alignment.span(0, text.index(" 000"))
    assert first is not None and gold[slice(*first)].startswith("The mill") and "rolled 5" in gold[slice(*first)]


def test_what_is_not_in_the_other_text_has_no_place() -> None:
    alignment = Alignment("A headline of its own\nThe county opened a mill.", "The county opened a mill.")
    assert alignment.span(0, 21) is None
    assert alignment.span(22, 32) == (0, 10)
    assert Alignment("", "text").span(0, 1) is None


@given(st.text(max_size=40))
def test_equal_texts_align_to_themselves(text: str) -> None:
    alignment = Alignment(text, text)
    for start in range(len(text)):
        span = alignment.span(start, len(text))
        assert span is None or ((span[0] <= start or not text[start : span[0]].strip()) and span[1] <= len(text))
