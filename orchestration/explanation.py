"""From a published row back to the characters it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.results import arrow
from warehouse.schema import table_of_id, tables_of
from warehouse.schema.ddl import identifier
from warehouse.schema.model import Table

_EVIDENCE_COLUMNS = frozenset({"evidence", "start_char", "end_char", "document_id", "sentence_id", "rule"})


@dataclass(frozen=True)
class Explanation:
    """A row, its table, and every piece of evidence behind it."""

    table: str
    row: dict[str, Any]
    evidence: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {"table": self.table, "row": self.row, "evidence": self.evidence}

    def as_text(self) -> str:
        """For people: the row's values, then each source with the evidence marked in its sentence."""
        values = (f"  {k}: {v}" for k, v in self.row.items() if v is not None and k not in _EVIDENCE_COLUMNS)
        return "\n".join([self.table, *values, "", *(_source_text(e) for e in self.evidence)])


def _source_text(e: dict[str, Any]) -> str:
    offset = e["start_char"] - e["sentence_start"]
    length = e["end_char"] - e["start_char"]
    sentence = e["sentence"]
    marked = f"{sentence[:offset]}»{sentence[offset : offset + length]}«{sentence[offset + length :]}"
    chain = " -> ".join(e["chain"] or []) or "unknown"
    return "\n".join(
        [
            f"{e['row_id']} by rule {e['rule']}, characters {e['start_char']}-{e['end_char']}",
            f"  sentence: {marked}",
            f"  document: {e['title'] or '(no title)'} [{e['document_id']}], {e['outlet_id'] or 'outlet unknown'}, "
            f"{e['published_on'] or 'date unknown'}",
            f"  source:   {e['url'] or e['source_uri']}",
            f"  chain:    {chain}",
        ]
    )


def explain_row(con: duckdb.DuckDBPyConnection, row_id: str) -> Explanation | None:
    """The explanation of the row whose generated key is `row_id`; None if there is no such row."""
    declared = table_of_id(row_id)
    if declared is None:
        return None
    found = arrow(con, f"SELECT * FROM {declared.full_name} WHERE {identifier(declared.key[0])} = ?", [row_id])
    if not found.num_rows:
        return None
    row = found.to_pylist()[0]
    ids = [row_id] if declared.evidence else list(row["evidence_ids"])
    return Explanation(declared.full_name, row, _evidence(con, ids))


def _evidence(con: duckdb.DuckDBPyConnection, ids: list[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for declared in tables_of("extracted"):
        mine = [i for i in ids if table_of_id(i) is declared]
        if mine:
            rows += _evidence_in(con, declared, mine)
    return sorted(rows, key=lambda r: (str(r["published_on"]), r["row_id"]))


def _evidence_in(con: duckdb.DuckDBPyConnection, declared: Table, ids: list[str]) -> list[dict[str, Any]]:
    found = arrow(
        con,
        f"""
        SELECT x.{identifier(declared.key[0])} AS row_id, x.rule, x.start_char, x.end_char, x.evidence,
               s.text AS sentence, s.start_char AS sentence_start, d.document_id, d.title, d.outlet_id, d.published_on,
               d.url, r.source_uri,
               (SELECT a.chain FROM extracted.attributions AS a WHERE a.sentence_id = x.sentence_id
                ORDER BY abs(a.start_char - x.start_char), a.attribution_id LIMIT 1) AS chain
        FROM {declared.full_name} AS x
        JOIN cleaned.documents AS d USING (document_id)
        JOIN cleaned.sentences AS s USING (sentence_id)
        JOIN raw.documents AS r ON r.document_id = x.document_id
        WHERE list_contains(?, x.{identifier(declared.key[0])})
        """,
        [ids],
    )
    return list(found.to_pylist())
