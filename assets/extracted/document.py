"""A cleaned document as the extractors see it, and the rows they make of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from warehouse.reference import Reference

Row = dict[str, Any]
"""Columns of one extracted row: `start_char`, `end_char`, `rule` and the table's own columns. The stage adds key,
document, sentence and evidence, so offsets and evidence cannot disagree."""

Found = Mapping[str, Sequence[Row]]
"""The rows found so far in the document, by table name ("dates"), each list sorted by start_char."""


class Sentence(NamedTuple):
    """A sentence: code point offsets into the document's text, and the scans that fired on it."""

    sentence_id: str
    ordinal: int
    paragraph: int
    start: int
    end: int
    in_quotation: bool
    scans: frozenset[str] = frozenset()


@dataclass
class Document:
    """A cleaned document with its sentences in order."""

    document_id: str
    text: str
    title: str | None
    published_on: date | None
    dateline_place_id: str | None
    outlet_id: str | None
    reposted_from_outlet_id: str | None
    language: str | None
    sentences: list[Sentence] = field(default_factory=list)

    @cached_property
    def _starts(self) -> list[int]:
        return [s.start for s in self.sentences]

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds `offset`, else the one before it; None if there is none before."""
        index = bisect_right(self._starts, offset) - 1
        return self.sentences[index] if index >= 0 else None

    def sentence_text(self, sentence: Sentence) -> str:
        """The sentence's characters."""
        return self.text[sentence.start : sentence.end]

    def candidates(self, scan: str) -> Iterator[Sentence]:
        """The sentences on which the vectorised scan called `scan` fired (see scan.py)."""
        return (s for s in self.sentences if scan in s.scans)


class Extractor(Protocol):
    """Finds the rows of one table in one document.

    It sees the document, the reference data and the rows of the tables extracted before it, and returns rows in
    any order. It never reads the clock, the network or anything else.
    """

    def __call__(self, document: Document, reference: Reference, found: Found) -> list[Row]:
        """The rows of this extractor's table in `document`."""
        ...


def within(rows: Sequence[Row], start: int, end: int) -> list[Row]:
    """The rows that lie inside [start, end)."""
    return [r for r in rows if start <= r["start_char"] and r["end_char"] <= end]
