"""Sentence boundaries: what a reader of news agency prose expects, and properties over any text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.cleaned.sentences import Span, split

PIECES = st.sampled_from(
    [
        *"abAB19 .!?…\"'“”«»()[]•-–,:;\n\t\u00a0\u2028。가",
        "U.S. ",
        "No. ",
        "Sept. ",
        "Prof. ",
        "The ",
        "percent ",
        "said ",
        ". ",
        '." ',
        '. "',
        ".The",
        "1. ",
        "15. 8 percent",
        "... ",
        " • ",
        "?” ",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split(text)]


WHOLE = [
    "Pyongyang, March 3 (KCNA) -- The smelter reopened after repairs.",
    "The U.S. Treasury and the U.N. Command were informed.",
    "Prof. Ri Chol met Gen. Sec. Pak and Col. Gen. Jon in the hall.",
    "Pit No. 2 and Nos. 4 and 5 were drained by Sept. 12, 2022.",
    "The teleconferences ran from Apr. 26 to Apr. 29 in every province.",
    "Output rose 15. 8 percent over the year before.",
    "Output rose 15.8 percent, and exports 1.4 times.",
    "Present were officials of the C.C., WPK and the W. P. K. branch.",
    "The furnace was lit at 9 a.m. Monday by J. K. Smith.",
    "“Is it ready?” asked the premier.",
    '"Is it ready?" Kim Tok Hun asked the manager.',
    "He called it “a … rather late start” in private.",
    "The report (see p. 12, Fig. 3) was read out.",
    "1. Review of the plan for the first quarter",
    "See www.example.org/Plan.Report?Id=7 for the table.",
    'La consigna "!Produzcan mas carbon!" fue leida.',
    "Kim Il Sung's birthplace, St. Petersburg and Mt. Paektu were shown.",
    "회의는 2024. 1. 16. 평양에서 열렸다.",
]


@pytest.mark.parametrize("text", WHOLE)
def test_is_one_sentence(text: str) -> None:
    assert sentences(text) == [text]


SEVERAL = [
    ["The dam held.", "The canal did not."],
    ["The plan covers this year.", "The next one does not."],
    ["It was done in 2011.", "8 million saplings followed."],
    ["Troops left the U.S. The rest stayed.".partition(" The")[0], "The rest stayed."],
    ["He left at 9 a.m.", "They stayed."],
    ["He said: “The mine is open.”", "Then he left."],
    ['He said: "The mine is open."', '"We begin," he added.'],
    ["Was it late?", "Yes!", "Very late."],
    ["They waited...", "Nobody came."],
    ["The hall is full.", "-0-"],
    ["1. The first point is coal.", "2. The second is steel."],
    ["The palace of the Sun.", "Kim visited it."],
    ["계획이 수행되였다.", "다음 계획이 있다."],
    ["• Coal rose.", "• Steel fell."],
    ["(The mill is old.)", "It will close."],
    ["Produzcan mas carbon!", "!Envien acero!"],
    ["It came to 101.3 percent.", "Rail did better."],
]


@pytest.mark.parametrize("parts", SEVERAL)
def test_are_several_sentences(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It was a good year.The next is better.", ["It was a good year.", "The next is better."]),
        ("It grew by 3.4 percent.In May it fell.", ["It grew by 3.4 percent.", "In May it fell."]),
        ("Juche 113.The hall was full.", ["Juche 113.", "The hall was full."]),
        ('She said: "Go."The hall emptied.', ['She said: "Go."', "The hall emptied."]),
        ('The hall was full."Go," she said.', ["The hall was full.", '"Go," she said.']),
        ('He said: "It is done. " The rest went home.', ['He said: "It is done. "', "The rest went home."]),
        ("前年より増えた。工場は動く。", ["前年より増えた。", "工場は動く。"]),
    ],
)
def test_missing_or_stray_spaces(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_newline_is_always_a_boundary_and_paragraphs_count_blocks() -> None:
    text = "A heading\n\nThe first block of\ntext. More.\r\n"
    assert split(text) == [
        Span(0, 9, 0, False),
        Span(11, 29, 1, False),
        Span(30, 35, 2, False),
        Span(36, 41, 2, False),
    ]


@pytest.mark.parametrize("marks", ["“”", '""', "«»"])
def test_in_quotation_follows_the_marks(marks: str) -> None:
    text = (
        f"He said: {marks[0]}Coal comes first. Steel is next.{marks[1]} Then he left. {marks[0]}Go.{marks[1]} All went."
    )
    assert [s.in_quotation for s in split(text)] == [False, True, False, False, False]


def test_quotation_of_several_paragraphs_stays_open_only_if_the_next_opens_with_a_mark() -> None:
    carried = "He said: “Coal comes first.\n“Steel is next. Rail too.”\nHe left."
    assert [s.in_quotation for s in split(carried)] == [False, True, True, False]
    dropped = "He said: “Coal comes first.\nSteel is next. Rail too.\nHe left."
    assert not any(s.in_quotation for s in split(dropped))


def test_bullet_inside_an_open_quotation_begins_inside_it() -> None:
    assert [s.in_quotation for s in split("“First coal • then steel” he said.")] == [False, True]


def test_empty_and_blank_texts_have_no_sentences() -> None:
    assert split("") == split(" \n\t\u00a0\n") == []


@given(TEXTS)
@settings(max_examples=600, deadline=None)
def test_every_character_that_is_no_space_lies_in_exactly_one_span(text: str) -> None:
    spans = split(text)
    position = 0
    for span in spans:
        assert position <= span.start < span.end <= len(text)
        assert not text[position : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        assert len(text[span.start : span.end].splitlines()) == 1
        position = span.end
    assert not text[position:].strip()


@given(TEXTS)
@settings(max_examples=600, deadline=None)
def test_a_sentence_split_again_stays_one(text: str) -> None:
    for sentence in sentences(text):
        assert sentences(sentence) == [sentence]


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_paragraphs_number_the_blocks_between_newlines(text: str) -> None:
    blocks = [b for b in text.splitlines() if b.strip()]
    numbers = [s.paragraph for s in split(text)]
    assert sorted(set(numbers)) == list(range(len(blocks)))
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    "unit", [".", '"', " ", "a", "A.", '."A', ". ", "• ", "1. ", "(", "[", '. "', " \n", "\n", "a.B", "“", "?” "]
)
def test_cost_stays_linear_on_hostile_texts(unit: str, grows_linearly: Any) -> None:
    text = unit * (50_000 // len(unit))
    assert grows_linearly(lambda times: split(text * times))
