"""Markdown: marks go, words stay, front matter is metadata."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assets.cleaned.cuts import Left
from assets.cleaned.markdown import markdown_cuts, stated_by_markdown
from assets.cleaned.stage import clean
from warehouse.reference import load_reference

REFERENCE = load_reference()
TEXT = """---
title: Four percentages
author: A. Sample
date: 2025-02-03
---

# Four percentages

Revenue was **101.6 percent** of the plan, says the [report](https://a.example/r), and nobody asked for more.

## Against the plan

| year | growth |
| --- | --- |
| 2024 | 4.3 |

> The sum is _not_ known, and it will not be known before the winter session of the assembly.

Comments are closed.
"""


def cleaned(content: str) -> Any:
    raw: dict[str, Any] = dict.fromkeys(
        ("source_url", "source_title", "source_authors", "source_outlet", "source_published_at", "retrieved_at")
    )
    return clean(raw | {"document_id": "d", "media_type": "text/markdown", "content": content}, REFERENCE)


def test_marks_go_and_words_stay() -> None:
    found = cleaned(TEXT)
    assert found.text == (
        "Four percentages\n\nRevenue was 101.6 percent of the plan, says the report, and nobody asked for more.\n\n"
        "Against the plan\n\n| year | growth |\n\n| 2024 | 4.3 |\n\n"
        "The sum is not known, and it will not be known before the winter session of the assembly."
    )
    by_text = {TEXT[c.start : c.end]: c.kind for c in found.cuts}
    assert by_text["Comments are closed."] == "comment_notice"
    assert by_text["**"] == by_text["](https://a.example/r)"] == by_text["## "] == "markup"


def test_front_matter_is_metadata() -> None:
    found = cleaned(TEXT).metadata
    assert (found.title, found.authors, found.published_on) == ("Four percentages", ("A. Sample",), date(2025, 2, 3))
    assert stated_by_markdown("no heading").title is None
    assert stated_by_markdown("# A heading\n\ntext").title == "A heading"


def test_plain_words_hold_no_marks() -> None:
    text = "20 * 10 = 200, a_b_c, 2 > 1, [1] and (2), C# and - dashes"
    assert markdown_cuts(text) == []


@given(st.text(alphabet="ab *_#>[]()!|-\n", max_size=80))
@settings(max_examples=200, deadline=None)
def test_offsets_lead_back(text: str) -> None:
    cuts = markdown_cuts(text)
    assert all(a.end <= b.start for a, b in pairwise(cuts))
    unmarked = Left(text, cuts)
    for offset, character in enumerate(unmarked.text):
        cut = unmarked.raw(cuts[0]._replace(start=offset, end=offset + 1)) if cuts else None
        assert cut is None or text[cut.start : cut.end] == character
