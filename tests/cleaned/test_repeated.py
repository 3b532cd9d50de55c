"""Lines that repeat across an outlet's pages, proposed for review."""

from __future__ import annotations

import re

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.cleaned.repeated import pattern_of, proposals
from warehouse.connection import prepare


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    prepare(con)
    return con


def page(
    con: duckdb.DuckDBPyConnection, name: str, text: str, outlet: str | None, duplicate: str | None = None
) -> None:
    con.execute(
        "INSERT INTO cleaned.documents (document_id, text, outlet_id, duplicate_of, word_count, residue_share) "
        "VALUES (?, ?, ?, ?, 0, 0)",
        [name, text, outlet, duplicate],
    )


def test_lines_of_several_pages_of_an_outlet_are_proposed(con: duckdb.DuckDBPyConnection) -> None:
    for number in range(3):
        page(
            con, f"a{number}", f"Story {'xyz'[number]} came.\nIt ended.\nBody {'uvw'[number]}.\nViews: {number}7", "one"
        )
    page(con, "b", "Views: 4\nElsewhere.", "two")
    page(con, "c", "Views: 5", None)
    page(con, "d", "It ended.\nViews: 9", "one", "a0")
    found = list(proposals(con, 3))
    assert [(p["matching_example"], p["documents"], p["position"]) for p in found] == [
        ("It ended.", 3, "any"),
        ("Views: 07", 3, "tail"),
    ]
    assert {p["outlet_id"] for p in found} == {"one"} and not any(p["kind"] or p["other_example"] for p in found)
    assert list(proposals(con, 4)) == [] and list(proposals(con, 2, "two")) == []


@given(st.text(alphabet="aB.( 0123456789[*+", min_size=1, max_size=30), st.integers(0, 10**6))
def test_a_pattern_matches_its_line_and_the_line_with_other_numbers(line: str, number: int) -> None:
    pattern = re.compile(pattern_of(line))
    assert pattern.match(line)
    assert pattern.match(re.sub(r"\d+", str(number), line))
    assert not pattern.match(f"{line}x")
