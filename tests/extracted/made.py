"""Documents and mentions made for tests of extractors."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import polars as pl

from assets.cleaned.sentences import split
from assets.extracted.document import Document, Row, Sentence
from assets.extracted.scan import scan
from warehouse.reference import Reference, load_reference


@cache
def reference() -> Reference:
    return load_reference()


def document(text: str, outlet: str | None = None) -> Document:
    """A document of `text`, cut after full stops and at line ends."""
    sentences: list[Sentence] = []
    start = 0
    for match in re.finditer(r"[.!?][”\"’']?(?=\s+[\"“‘A-Z])|\n+|$", text):
        if text[start : match.end()].strip():
            lead = len(text[start:]) - len(text[start:].lstrip())
            paragraph = text.count("\n", 0, start + lead)
            sentences.append(
                Sentence(f"s{len(sentences)}", len(sentences), paragraph, start + lead, match.end(), False)
            )
        start = match.end()
    return Document("d", text, None, date(2024, 3, 1), None, outlet, None, "en", sentences)


def mention(text: str, surface: str, kind: str, entity: str | None, nth: int = 0) -> Row:
    start = [m.start() for m in re.finditer(re.escape(surface), text)][nth]
    return {
        "start_char": start,
        "end_char": start + len(surface),
        "entity_kind": kind,
        "entity_id": entity,
        "surface": surface,
        "rule": "test",
    }


def scanned(text: str, published: date, title: str | None = None) -> Document:
    """A document of `text`, cut and scanned as the pipeline does."""
    spans = split(text)
    fired = scan(pl.Series([text[s.start : s.end] for s in spans], dtype=pl.String))
    sentences = [
        Sentence(f"s{i}", i, s.paragraph, s.start, s.end, s.in_quotation, hits)
        for i, (s, hits) in enumerate(zip(spans, fired, strict=True))
    ]
    return Document("d", text, title, published, None, None, None, "en", sentences)
