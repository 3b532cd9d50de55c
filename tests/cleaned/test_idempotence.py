"""Cleaning a text that was cleaned changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.cleaned.cuts import text_without
from assets.cleaned.lines import lines_of
from assets.cleaned.patterns import patterns_of
from assets.cleaned.residue import Page, find_residue
from assets.cleaned.stage import clean
from assets.raw.readers import read_source
from assets.raw.sources import discover
from warehouse.reference import load_reference

REFERENCE = load_reference()
PATTERNS = patterns_of(REFERENCE)
CORPUS = Path(__file__).parents[2] / "seeds" / "corpus"
PARAGRAPHS = (
    "The county opened a mill on Monday, and the province has said that it would open two more of them.",
    "Coal miners carried out 104 percent of their plan for the quarter, while steel makers reached 112 percent.",
    "Of the 20 places named for the year, 14 have begun to build.",
    "“Nobody saw,” he said.",
    "Mill opens in the north",
)
RESIDUE = sorted({r[c] for r in REFERENCE.rows("residue_patterns") for c in ("matching_example", "other_example")})
LINES = st.one_of(
    st.sampled_from(PARAGRAPHS),
    st.sampled_from(RESIDUE),
    st.tuples(st.sampled_from(PARAGRAPHS), st.sampled_from(RESIDUE)).map(" ".join),
)


def documents() -> Iterator[dict[str, Any]]:
    for file in discover([str(CORPUS)]):
        for batch, _ in read_source(file, batch_rows=500):
            yield from batch.to_pylist()


def once(text: str) -> str:
    return text_without(text, find_residue(text, lines_of(text), PATTERNS, Page(None)).cuts)


def test_the_sample_corpus() -> None:
    texts = [(row, clean(row, REFERENCE).text) for row in documents()]
    assert len(texts) > 50
    changed = [
        row["source_uri"]
        for row, text in texts
        if clean({**row, "content": text, "media_type": "text/plain"}, REFERENCE).text != text
    ]
    assert changed == []


@given(lines=st.lists(LINES, max_size=14), break_=st.sampled_from(["\n", "\n\n"]))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_residue_and_paragraphs_in_any_order(lines: list[str], break_: str) -> None:
    text = once(break_.join(lines))
    assert once(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        # Once the offer's second half is cut, its first is a notice of its own.
        (
            f"{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}\nSubscribe to our newsletter. Subscribe to our newsletter. "
            "Comments are closed.\n\nMost read\nMill opens in the north",
            f"{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}",
        ),
        # An end mark behind a line that is residue without it.
        (f"{PARAGRAPHS[0]}\n\nComments are closed. -0-", PARAGRAPHS[0]),
    ],
)
def test_residue_behind_residue(text: str, left: str) -> None:
    assert once(text) == left
