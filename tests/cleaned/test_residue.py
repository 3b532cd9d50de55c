"""Residue of plain texts: every pattern on its examples, pages put together from parts, texts that must stay."""

from __future__ import annotations

import re
import textwrap
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.cleaned.cuts import Cut, text_without
from assets.cleaned.lines import lines_of
from assets.cleaned.patterns import POSITIONS, patterns_of
from assets.cleaned.residue import Page, Residue, find_residue
from warehouse.reference import load_reference
from warehouse.schema.cleaned import RESIDUE_KINDS

REFERENCE = load_reference()
PATTERNS = patterns_of(REFERENCE)
ROWS = REFERENCE.rows("residue_patterns")

BODY = (
    "The county opened a foodstuff factory and a paper mill on Monday, officials of the province said.",
    "Coal miners carried out 104 percent of their plan for the quarter, while steel makers reached 112 percent.",
    "“We count what leaves the gate,” the manager said, and he added that flour is short in every second week.",
    "Pyongyang, January 16 (KCNA) -- A meeting of the Cabinet went over the plan for the year and set new tasks.",
    "Of the 20 places named for the year, 14 have begun to build, according to a count that was made in March.",
)
HEAD = (
    ("Home > North Korea > Economy", "navigation"),
    ("By Alex Sample, May 11, 2021", "byline"),
    ("Input 2025-11-05 09:20", "byline"),
    ("[Photo] A clinic in the capital in 2017. /File photo", "caption"),
    ("Women at a mill, pictured in August 2018.", "caption"),
    ("Analysis | Economy", "navigation"),
)
TAIL = (
    ("This entry was posted on Monday, May 3rd, 2021 at 9:02 am and is filed under Coal.", "filing_notice"),
    ("Comments are closed.", "comment_notice"),
    ("Translated by the English desk. Edited by the night editor.", "byline"),
    ("Please direct comments or questions about this article to desk@wire.example.", "contact"),
    ("Read in Korean", "read_in_language"),
    ("Related Articles\nSteel plant meets its plan\n- What rice costs in the north", "related_headlines"),
    ("Subscribe to our newsletter", "subscription"),
    ("© 2024 Sample North Monitor", "copyright"),
    ("Share this article | Print", "navigation"),
    ("Sample Frontier Blog is a personal blog about markets that few dare to enter.", "about_blurb"),
    ("(END)", "markup"),
)


def cleaned(text: str, title: str | None = None, names: tuple[str, ...] = ()) -> tuple[str, Residue]:
    found = find_residue(text, lines_of(text), PATTERNS, Page(title, names, frozenset({"sample wire"})))
    return text_without(text, found.cuts), found


@pytest.mark.parametrize("row", ROWS, ids=[r["pattern_id"] for r in ROWS])
def test_pattern_examples(row: dict[str, Any]) -> None:
    pattern = re.compile(row["pattern"])
    assert pattern.match(row["matching_example"])
    assert not pattern.match(row["other_example"])
    assert row["kind"] in RESIDUE_KINDS
    assert row["position"] in POSITIONS


@pytest.mark.parametrize("row", ROWS, ids=[r["pattern_id"] for r in ROWS])
def test_other_examples_survive_on_their_own_terms(row: dict[str, Any]) -> None:
    """The line a pattern must leave alone is not taken by that pattern inside the whole set either."""
    hit = PATTERNS.match(row["other_example"], row["position"])
    assert hit is None or hit.pattern_id != row["pattern_id"]


@given(
    st.lists(st.sampled_from(HEAD), max_size=3, unique=True),
    st.lists(st.sampled_from(BODY), min_size=2, max_size=5, unique=True),
    st.lists(st.sampled_from(TAIL), max_size=5, unique=True),
)
@settings(max_examples=150, deadline=None)
def test_pages_put_together(head: list[tuple[str, str]], body: list[str], tail: list[tuple[str, str]]) -> None:
    text = "\n\n".join([*(t for t, _ in head), *body, *(t for t, _ in tail)])
    left, found = cleaned(text)
    assert left == "\n\n".join(body)
    kinds = {cut.kind for cut in found.cuts}
    assert {kind for _, kind in (*head, *tail)} <= kinds | {"related_headlines"}
    for before, after in pairwise(found.cuts):
        assert before.end <= after.start
    again, second = cleaned(left, found.title)
    assert again == left
    assert second.cuts == []


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_ordered_cuts_of_known_kinds(text: str) -> None:
    found = find_residue(text, lines_of(text), PATTERNS, Page(None))
    position = 0
    for cut in found.cuts:
        assert position <= cut.start < cut.end <= len(text)
        assert cut.kind in RESIDUE_KINDS
        position = cut.end
    left = text_without(text, found.cuts)
    assert set(left) <= set(text) | {"\n"}


@pytest.mark.parametrize(
    "text",
    [
        BODY[3] + "\n\nKim Jong Un was there.\n\nTHE LONG LIST\n\n- wheat\n- maize\n- potatoes\n\n" + BODY[0],
        "Title of a report\n\n" + BODY[0] + "\n\nRELATED POLICIES\n\n" + BODY[1],
        BODY[0] + "\n\n“Nobody looked up.”\n\n" + BODY[1],
        "1. " + BODY[0] + "\n2. " + BODY[1],
        BODY[0] + "\nAbout 300 workers took part.\nMore in the county are to follow.",
        "By Monday the water had gone.\n\n" + BODY[1],
        BODY[1] + "\n- The leader gave field guidance at a factory. (photos accompanied)",
    ],
)
def test_what_belongs_to_the_article_stays(text: str) -> None:
    left, found = cleaned(text)
    assert found.cuts == []
    assert left == text


def test_end_mark_goes_and_nothing_else() -> None:
    text = " ".join(BODY) + " -0-"
    left, found = cleaned(text)
    assert left == " ".join(BODY)
    assert [(text[c.start : c.end], c.kind) for c in found.cuts] == [("-0-", "markup")]


def test_headlines_below_the_end_mark() -> None:
    text = f"{BODY[0]}\n\n{BODY[1]}\n(END)\n-\nSeoul counts what the North will not\n-\nA cake for a centenarian"
    left, found = cleaned(text)
    assert left == f"{BODY[0]}\n\n{BODY[1]}"
    assert found.cuts[-1].kind == "related_headlines"


def test_repeated_title_and_first_sentence() -> None:
    text = f"Flats inaugurated in the west\n\n{BODY[0]}\n\n{BODY[0]}\n\nFlats inaugurated in the west\n\n{BODY[1]}"
    left, found = cleaned(text)
    assert found.title == "Flats inaugurated in the west"
    assert left == f"Flats inaugurated in the west\n\n{BODY[0]}\n\n{BODY[1]}"
    assert {c.kind for c in found.cuts} == {"repeated_line"}


def test_alt_text_and_signed_caption() -> None:
    text = f"mill workers in line\nWomen on their way to a mill in 2018. (Sample Wire)\n\n{BODY[0]}"
    left, found = cleaned(text)
    assert left == BODY[0]
    assert [c.kind for c in found.cuts] == ["caption"]


def test_about_block_below_notices() -> None:
    blurb = "ABOUT\nTHE BLOG\nThis blog looks at markets. " + "It has been doing so for many years. " * 4
    text = f"{BODY[0]}\n\n{BODY[1]}\n\nComments are closed.\n\n\n{blurb.strip()}"
    left, found = cleaned(text)
    assert left == f"{BODY[0]}\n\n{BODY[1]}"
    assert [c.kind for c in found.cuts] == ["comment_notice", "about_blurb"]


def test_own_blurb_by_name_but_not_own_reporting() -> None:
    blurb = "Sample Wire relies on readers who know what a tonne of steel looks like when it is not there."
    reporting = "Sample Wire could not confirm whether other provinces apply the same rule for their factories."
    assert cleaned(f"{BODY[0]}\n\n{blurb}", names=("Sample Wire",))[0] == BODY[0]
    assert cleaned(f"{BODY[0]}\n\n{reporting}", names=("Sample Wire",))[1].cuts == []


def test_footnote_marks_go_and_notes_stay() -> None:
    text = f"{BODY[0]}[1]\n\n{BODY[1]}(2)\n\n[1] So the agency.\n(2) Commentary of last week."
    left, found = cleaned(text)
    assert left == f"{BODY[0]}\n\n{BODY[1]}\n\nSo the agency.\nCommentary of last week."
    assert {c.kind for c in found.cuts} == {"footnote_marker"}
    assert len(found.cuts) == 4


def test_page_without_article_is_empty() -> None:
    text = (
        "Trade Desk Live Menu\nHome | Markets | Customs\nMost read\n1. Sales triple in a year\nMarket data\nFollow us"
    )
    left, found = cleaned(text)
    assert left == ""
    assert found.cuts


def test_a_short_text_is_not_residue() -> None:
    assert cleaned("Kim Yong Nam to visit Tanzania")[0] == "Kim Yong Nam to visit Tanzania"
    assert cleaned("")[0] == ""


def test_text_without_keeps_single_blank_lines() -> None:
    text = "  one \r\n\r\n\r\n two\nthree  "
    assert text_without(text, []) == "one\n\ntwo\nthree"
    assert text_without(text, [Cut(2, 5, "markup")]) == "two\nthree"


def test_wrapped_lines_are_joined() -> None:
    paragraphs = [" ".join(BODY[:3]), " ".join(BODY[3:])]
    text = "\n\n".join(textwrap.fill(p, 72) for p in paragraphs)
    assert text.count("\n") > 6
    assert text_without(text, []) == "\n\n".join(paragraphs)


def test_lines_that_are_paragraphs_stay_apart() -> None:
    text = "\n".join(
        ("Coal: 104 percent of the plan.", "Steel: 112 percent.", "Logs: 109.", "Rail: 106.", "Cloth: 101.") * 2
    )
    assert text_without(text, []) == text


def test_notices_that_close_a_paragraph() -> None:
    text = f"{BODY[0]}\n\n{BODY[1]} Translated by the English desk. Comments are closed."
    left, found = cleaned(text)
    assert left == f"{BODY[0]}\n\n{BODY[1]}"
    assert [c.kind for c in found.cuts] == ["byline", "comment_notice"]


def test_patterns_that_cover_a_line() -> None:
    everywhere, *_ = PATTERNS.covering("Comments are closed.")
    assert everywhere is not None and everywhere.kind == "comment_notice"
    assert PATTERNS.covering("The county opened a mill on Monday.") == (None, None, None)


@pytest.mark.parametrize("line", ["<내각은 새해 계획을 수행한다.>", "<The mills of the north>", "[평양 보도]"])
def test_words_in_angle_brackets_are_no_tags(line: str) -> None:
    assert PATTERNS.covering(line) == (None, None, None)


@pytest.mark.parametrize("line", ["<br/>", "</div>", '<img src="a.png" alt="mill">', "[/caption]", "<!-- more -->"])
def test_tags_that_stand_in_a_text(line: str) -> None:
    everywhere, *_ = PATTERNS.covering(line)
    assert everywhere is not None and everywhere.kind == "markup"
