"""Any text, HTML or Markdown is cleaned: nothing raises, every offset holds, and the time stays in bounds."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.cleaned.stage import map_batch
from warehouse.identity import document_id
from warehouse.reference import load_reference
from warehouse.schema.arrow import batch_of

REFERENCE = load_reference()
KINDS = ("text/plain", "text/html", "text/markdown")
TAGS = (
    "<p> </p> <br> <a> </a> <div> </div> <article> </article> <nav> <li> <td> <aside> <script> </script> <main> <title>"
)
MARKS = (
    "<!-- --> &amp; &#0; &#x110000; &nbsp &lt;p&gt; <figcaption> --- # ## ** _so_ > - | * ``` ¹ [1] (2) (END) -0- © 。"
)
ODD = "[link](http://a.example) ![alt](b.png) \r\n \x0b \u00a0 \u2028 \U0001f600 e\u0301"
PIECES = st.sampled_from(
    [
        *TAGS.split(),
        *MARKS.split(),
        *ODD.split(" "),
        *(
            '<div class="entry-content">',
            '<a href="/x">',
            "<h1>Mill opens</h1>",
            "title: Mill",
            "Via AFP",
            "Source: KCNA",
        ),
        *("By Alex Sample, May 11, 2021", "Pyongyang, May 11 (KCNA) -- ", "The county opened a mill on Monday."),
        *("Related articles", "Comments are closed.", "15. 8 percent", "“Nobody saw.”", "내각 전원회의 진행.", "Home"),
        *("Date: 08/02/2022 | Source: KCNA", "입력 2024.01.16", "Read more", "Subscribe to our newsletter"),
    ]
)
WORDS = st.sampled_from(["\n", "\n\n", " ", "\t", ""])
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.tuples(PIECES, WORDS), max_size=60).map(lambda pairs: "".join(piece + space for piece, space in pairs)),
)
REPEATED = [
    "<",
    "<div>",
    "<div class='a b c'>",
    "</div>",
    "<a href=x>",
    "<!--",
    "<script>",
    "&amp;",
    "&",
    "<p>a",
    "<td>",
    "<br>",
    "[",
    "[a](",
    "![",
    "[a](b",
    "**",
    "* ",
    "_a",
    "---\n",
    "a: b\n",
    "# a\n",
    "`",
    ".",
    ". ",
    "A. ",
    "1. ",
    '"',
    "“",
    "”",
    "(",
    "[1]",
    "a [1]",
    "(2)\n",
    "¹",
    "Share\n",
    "Home | ",
    "A, ",
    "By A B, ",
    "May 11, 2021 ",
    "2021-05-11 ",
    "/ ",
    " > ",
    "Related articles\n",
    "A view of ",
    "© 2021 ",
    "About us\n",
    "the of and ",
    "é",
    "내",
    "\n",
    "\r\n",
    " ",
    "\u2028",
    "\x00",
    "Pyongyang, May 11 (KCNA) -- ",
    "Photo: A (",
    "said in the town of ",
    "http://a.example/",
    "a@b.example, ",
]


def cleaned(content: str, media_type: str) -> dict[str, list[dict[str, Any]]]:
    row = {
        "document_id": document_id(None, content),
        "source_uri": "a",
        "batch_id": "b",
        "media_type": media_type,
        "byte_size": 0,
        "sha256": "0" * 64,
        "content": content,
    }
    return {name: rows.to_pylist() for name, rows in map_batch(batch_of("raw.documents", [row]), REFERENCE).items()}


@pytest.mark.parametrize("media_type", KINDS)
@given(content=TEXTS)
@settings(max_examples=120, deadline=None)
def test_offsets_of_anything(content: str, media_type: str) -> None:
    found = cleaned(content, media_type)
    assert not found["ops.quarantine"]
    (document,) = found["cleaned.documents"]
    last = 0
    for span in found["cleaned.removed_spans"]:
        assert content[span["start_char"] : span["end_char"]] == span["text"]
        assert last <= span["start_char"] < span["end_char"]
        last = span["end_char"]
    last = 0
    for sentence in found["cleaned.sentences"]:
        assert document["text"][sentence["start_char"] : sentence["end_char"]] == sentence["text"]
        assert not document["text"][last : sentence["start_char"]].strip()
        last = sentence["end_char"]
    assert not document["text"][last:].strip()
    assert 0 <= document["residue_share"] <= 1


@pytest.mark.parametrize("media_type", KINDS)
def test_time_stays_in_bounds(media_type: str) -> None:
    """No repeated piece makes cleaning slower than text of that size may be."""
    slow = {}
    for piece in REPEATED:
        content = piece * (20_000 // len(piece))
        begin = time.process_time()
        found = cleaned(content, media_type)
        spent = time.process_time() - begin
        assert not found["ops.quarantine"], piece
        if spent > 1.5:
            slow[piece] = spent
    assert not slow
