"""Cleaning and extraction run in memory over gold documents, and what came of it in `ops.extraction_scores`."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from assets.evaluated.agreement import Judge
from assets.evaluated.evaluation import Evaluation, evaluate, score_rows
from assets.evaluated.gold import RECORD_TYPES, GoldDocument, GoldSet, load_gold
from assets.evaluated.scoring import Prediction
from assets.raw.sniffing import is_html_document
from assets.stage import Outputs
from orchestration.pipeline import Run
from orchestration.stages import CLEANED, EXTRACTED
from warehouse.connection import transaction
from warehouse.identity import document_id
from warehouse.reference import SEEDS, Reference
from warehouse.results import arrow
from warehouse.schema import table
from warehouse.schema.arrow import batch_of
from warehouse.schema.ddl import create_table
from warehouse.tables import insert

SAMPLE = "sample"
SAMPLE_GOLD = SEEDS / "corpus" / "gold"
FLOORS = SEEDS / "quality_floors.toml"

Rows = list[dict[str, Any]]


def gold_set(folder: Path) -> GoldSet:
    """The gold set of a folder; the bundled one is called "sample". Raises GoldError."""
    return load_gold(folder, SAMPLE if folder.resolve() == SAMPLE_GOLD.resolve() else None)


def evaluate_gold(gold: GoldSet, reference: Reference) -> Evaluation:
    """Clean and extract the documents of a gold set with the present code, and score what comes of it."""
    raw = {d.name: raw_document(d) for d in gold.documents}
    made = _processed({r["document_id"]: r for r in raw.values()}, reference)
    predictions = {name: made.of(row["document_id"]) for name, row in raw.items()}
    failed = {n: made.failed[r["document_id"]] for n, r in raw.items() if r["document_id"] in made.failed}
    return evaluate(gold, predictions, Judge(reference), failed)


def raw_document(gold: GoldDocument) -> dict[str, Any]:
    """The row of raw.documents that a gold document's source would have become."""
    stated, content = gold.stated, gold.text
    return {
        "document_id": document_id(stated.get("url"), content),
        "source_uri": gold.source or gold.name,
        "batch_id": "gold",
        "media_type": "text/html" if gold.is_html or is_html_document(content) else "text/plain",
        "encoding": "utf-8",
        "byte_size": len(content.encode()),
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
        "content": content,
        "source_url": stated.get("url"),
        "source_title": stated.get("title"),
        "source_outlet": stated.get("outlet"),
        "source_published_at": stated.get("published_on"),
        "source_language": stated.get("language"),
    }


@dataclass(frozen=True)
class _Processed:
    """What the stages made of documents, by document_id."""

    texts: Mapping[str, str]
    records: Mapping[str, Mapping[str, Rows]]
    removed: Mapping[str, Rows]
    failed: Mapping[str, str]

    def of(self, key: str) -> Prediction:
        """Everything made of one document."""
        return Prediction(
            self.texts.get(key, ""),
            {name: found.get(key, []) for name, found in self.records.items()},
            [(r["start_char"], r["end_char"]) for r in self.removed.get(key, [])],
        )


def _processed(raw: Mapping[str, dict[str, Any]], reference: Reference) -> _Processed:
    cleaned = CLEANED.map_batch(batch_of("raw.documents", raw.values()), reference)
    extracted = EXTRACTED.map_batch(_extraction_input(cleaned), reference)
    failures = [*cleaned["ops.quarantine"].to_pylist(), *extracted["ops.quarantine"].to_pylist()]
    return _Processed(
        {r["document_id"]: r["text"] for r in cleaned["cleaned.documents"].to_pylist()},
        {name: _by_document(extracted[f"extracted.{name}"]) for name in RECORD_TYPES},
        _by_document(cleaned["cleaned.removed_spans"]),
        {f["document_id"]: f["detail"] for f in failures},
    )


def _extraction_input(cleaned: Outputs) -> pa.RecordBatch:
    """The documents as the extracted stage is handed them: its own query over the cleaned tables."""
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA cleaned")
        for name in ("cleaned.documents", "cleaned.sentences"):
            con.execute(create_table(table(name)))
            insert(con, name, cleaned[name])
        found = arrow(con, f"SELECT * FROM ({EXTRACTED.input_query}) ORDER BY document_id")
    return found.combine_chunks().to_batches()[0] if found.num_rows else pa.RecordBatch.from_pylist([], found.schema)


def _by_document(rows: pa.RecordBatch) -> dict[str, Rows]:
    grouped: dict[str, Rows] = defaultdict(list)
    for row in rows.to_pylist():
        grouped[row["document_id"]].append(row)
    return grouped


def write_scores(run: Run, evaluations: Sequence[Evaluation]) -> int:
    """Put the scores in place of earlier ones of the same sets, whatever was in these. Returns the number of rows."""
    fingerprint = run.fingerprint(EXTRACTED)
    rows = [{**row, "fingerprint": fingerprint} for e in evaluations for row in score_rows(e)]
    with transaction(run.con):
        for e in evaluations:
            run.con.execute(
                "DELETE FROM ops.extraction_scores WHERE gold_set = ? OR gold_sha256 = ?", [e.name, e.sha256]
            )
        insert(run.con, "ops.extraction_scores", batch_of("ops.extraction_scores", rows))
    return len(rows)
