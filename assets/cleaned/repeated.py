"""Lines that repeat across an outlet's pages after cleaning: what a reviewer may want to add to the residue patterns.

Cleaning a document depends on that document and the reviewed reference data alone, so nothing learned here acts by
itself: a person takes over what is residue, names its kind and gives a line that must not match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import duckdb

from warehouse.results import arrow

_NUMBER: Final = re.compile(r"\d+")
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_LONGEST: Final = 200
_EDGE: Final = 0.2
_SLUG_WORDS: Final = 5
# Duplicates repeat everything; a line that differs in its numbers alone ("Views: 31") is one line.
_REPEATED: Final = """
    WITH pages AS (
        SELECT document_id, outlet_id, string_split(text, chr(10)) AS lines
        FROM cleaned.documents
        WHERE outlet_id IS NOT NULL AND duplicate_of IS NULL AND (? IS NULL OR outlet_id = ?)
    ),
    lines AS (
        SELECT document_id, outlet_id, unnest(lines) AS line, len(lines) AS of_lines,
               generate_subscripts(lines, 1) AS number
        FROM pages
    )
    SELECT outlet_id, min(trim(line)) AS line, count(DISTINCT document_id) AS documents,
           avg((number - 1) / greatest(of_lines - 1, 1)) AS place
    FROM lines
    WHERE trim(line) <> '' AND len(trim(line)) <= ?
    GROUP BY outlet_id, regexp_replace(trim(line), '[0-9]+', '0', 'g')
    HAVING count(DISTINCT document_id) >= ?
    ORDER BY outlet_id, documents DESC, line
"""


def proposals(con: duckdb.DuckDBPyConnection, least: int, outlet: str | None = None) -> Iterator[dict[str, Any]]:
    """Rows in the form of reference.residue_patterns, with `documents` (how many pages hold the line), the most
    frequent lines of each outlet first.

    Lines of at least `least` of an outlet's documents, duplicates apart. kind and other_example are empty: they are
    the reviewer's to give, and reference data without them are refused.
    """
    for row in arrow(con, _REPEATED, [outlet, outlet, _LONGEST, least]).to_pylist():
        line = row["line"]
        words = [w for w in _NOT_WORD.split(line.lower()) if w][:_SLUG_WORDS]
        yield {
            "pattern_id": "_".join([row["outlet_id"], *words]),
            "kind": "",
            "pattern": pattern_of(line),
            "position": "head" if row["place"] <= _EDGE else "tail" if row["place"] >= 1 - _EDGE else "any",
            "matching_example": line,
            "other_example": "",
            "outlet_id": row["outlet_id"],
            "documents": row["documents"],
        }


def pattern_of(line: str) -> str:
    """A regular expression for the line and others that differ from it in their numbers."""
    return r"\d+".join(re.escape(piece).replace(r"\ ", " ") for piece in _NUMBER.split(line)) + "$"
