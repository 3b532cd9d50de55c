"""The extracted stage: cleaned documents with their sentences into rows with evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import polars as pl
import pyarrow as pa

from assets.extracted.document import Document, Extractor, Row, Sentence
from assets.extracted.extractors import EXTRACTORS
from assets.extracted.scan import scan
from warehouse.identity import row_id
from warehouse.reference import Reference
from warehouse.schema import table, tables_of
from warehouse.schema.arrow import batch_of

INPUT_QUERY = """
SELECT d.document_id, d.text, d.title, d.published_on, d.dateline_place_id, d.outlet_id, d.reposted_from_outlet_id,
       d.language, s.sentences
FROM cleaned.documents AS d
JOIN (
    SELECT document_id,
           list({'sentence_id': sentence_id, 'ordinal': ordinal, 'paragraph': paragraph, 'start_char': start_char,
                 'end_char': end_char, 'in_quotation': in_quotation} ORDER BY ordinal) AS sentences
    FROM cleaned.sentences GROUP BY document_id
) AS s USING (document_id)
WHERE d.language = 'en'
"""

OUTPUTS = tuple(t.full_name for t in tables_of("extracted"))


def documents_of(batch: pa.RecordBatch) -> list[Document]:
    """The documents of an input batch, their sentences marked with the scans that fire on them."""
    lists: Any = batch.column("sentences")  # the stubs know no list arrays
    columns = {f.name: lists.flatten().field(f.name).to_pylist() for f in lists.type.value_type}
    places = list(zip(columns["start_char"], columns["end_char"], strict=True))
    rows = batch.drop_columns(["sentences"]).to_pylist()
    counts = lists.value_lengths().to_pylist()
    owners = [row["text"] for row, count in zip(rows, counts, strict=True) for _ in range(count)]
    texts = [text[start:end] for text, (start, end) in zip(owners, places, strict=True)]
    fired = scan(pl.Series(texts, dtype=pl.String))
    names = ("sentence_id", "ordinal", "paragraph", "start_char", "end_char", "in_quotation")
    sentences = map(Sentence, *(columns[name] for name in names), fired)
    return [Document(sentences=list(islice(sentences, count)), **row) for row, count in zip(rows, counts, strict=True)]


def extract(
    document: Document, reference: Reference, extractors: Mapping[str, Extractor] = EXTRACTORS
) -> dict[str, list[Row]]:
    """Run the extractors in order over one document: rows by table name, each list in order of position."""
    found: dict[str, list[Row]] = {}
    for name, extractor in extractors.items():
        found[name] = sorted(extractor(document, reference, found), key=_position)
    return found


def _position(row: Row) -> tuple[int, int, str]:
    return row["start_char"], row["end_char"], row["rule"]


def with_evidence(name: str, document: Document, rows: Iterable[Row]) -> list[Row]:
    """The rows as `extracted.<name>` holds them: with key, document, sentence and the characters of their span.

    Rows are told apart by their position, and at equal positions by their order, so keys do not depend on
    anything outside the document. Raises ValueError for a span that is empty or outside the text.
    """
    declared = table(f"extracted.{name}")
    assert declared.id_prefix is not None
    seen: dict[tuple[int, int], int] = defaultdict(int)
    complete = []
    for row in sorted(rows, key=lambda r: (r["start_char"], r["end_char"], repr(sorted(r.items(), key=_first)))):
        start, end = row["start_char"], row["end_char"]
        if not 0 <= start < end <= len(document.text):
            raise ValueError(f"{row['rule']}: span {start}–{end} is not in the text of {len(document.text)} characters")
        sentence = document.sentence_at(start) or document.sentences[0]
        nth, seen[start, end] = seen[start, end], seen[start, end] + 1
        key = row_id(declared.id_prefix, document.document_id, str(start), str(end), str(nth))
        complete.append(
            {
                **row,
                declared.key[0]: key,
                "document_id": document.document_id,
                "sentence_id": sentence.sentence_id,
                "evidence": document.text[start:end],
            }
        )
    return complete


def _first(item: tuple[str, Any]) -> str:
    return item[0]


def map_batch(batch: pa.RecordBatch, reference: Reference) -> dict[str, pa.RecordBatch]:
    """Extract from a batch of documents; a document on which an extractor fails goes to quarantine, whole."""
    rows: dict[str, list[Row]] = {name: [] for name in (*OUTPUTS, "ops.quarantine")}
    for document in documents_of(batch):
        try:
            found = {n: with_evidence(n, document, r) for n, r in extract(document, reference).items()}
        except Exception as error:  # one document must not stop the others
            rows["ops.quarantine"].append(_failure(document, error))
            continue
        for name, made in found.items():
            rows[f"extracted.{name}"].extend(made)
    return {name: batch_of(name, made) for name, made in rows.items()}


def _failure(document: Document, error: Exception) -> Row:
    return {
        "quarantine_id": row_id("qr", "extracted", document.document_id, "extraction_failed"),
        "stage": "extracted",
        "reason": "extraction_failed",
        "detail": f"{type(error).__name__}: {error}",
        "document_id": document.document_id,
    }
