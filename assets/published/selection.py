"""Which tables a release holds, and which of their rows."""

from __future__ import annotations

from warehouse.schema import TABLES
from warehouse.schema.model import Table

# The pipeline's own book-keeping: what was read and by which code. It says nothing about the world.
INTERNAL = frozenset({"ops.sources", "ops.processed"})

# A release holds the state it was made from, not the history of the machine that made it.
_LATEST_GATES = """
SELECT * REPLACE (
    'gt_' || sha256(concat_ws(chr(31), table_name, expectation, coalesce(column_name, '')))[:20] AS gate_id)
FROM ops.gate_results
QUALIFY recorded_at = max(recorded_at) OVER (PARTITION BY table_name)
"""
_THIS_STATE = """
SELECT * REPLACE (sha256(code_version || counts)[:32] AS run_id, 'done' AS status)
FROM (
    SELECT run_id, started, ended, status, code_version,
           (SELECT json_object('documents', count(*)) FROM raw.documents)::VARCHAR AS counts
    FROM ops.runs ORDER BY started DESC LIMIT 1
)
"""
# Scores of other code than that which made the rows say nothing about them.
_THESE_SCORES = """
SELECT * FROM ops.extraction_scores
WHERE fingerprint IN (SELECT fingerprint FROM ops.processed WHERE stage = 'extracted')
"""
_QUERIES = {"ops.gate_results": _LATEST_GATES, "ops.runs": _THIS_STATE, "ops.extraction_scores": _THESE_SCORES}


def published_tables() -> tuple[Table, ...]:
    """The tables of a release, in the order they are declared."""
    return tuple(t for name, t in TABLES.items() if name not in INTERNAL)


def published_query(declared: Table) -> str:
    """The query for a table's published rows."""
    return _QUERIES.get(declared.full_name, f"SELECT * FROM {declared.full_name}")
