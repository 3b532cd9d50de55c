"""What must hold beyond what the declarations say: checks written by hand, table by table.

A check names the rows that fail it: either by a condition on the table's own columns, or by a query that selects
the key columns of failing rows from `{batch}` (the table) and others. In a query `:name` would be a parameter;
casts (`::`) are fine.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """Rows for which `failing` holds, or that `query` returns, must not exist."""

    description: str
    failing: str = ""
    query: str | None = None
    columns: tuple[str, ...] = ()
    severity: str = "critical"


CHECKS: dict[str, tuple[Check, ...]] = {
    "raw.documents": (
        Check("document_id is 32 hex digits.", "NOT regexp_full_match(document_id, '[0-9a-f]{32}')",
              columns=("document_id",)),
        Check("sha256 is that of content.", "sha256 <> sha256(content)", columns=("sha256",)),
        Check("content is not blank.", r"NOT regexp_matches(content, '\S')", columns=("content",)),
        Check("source_uri names no folder of this machine.", "source_uri LIKE '/%'", columns=("source_uri",)),
    ),
    "cleaned.documents": (
        Check("published_on and its basis are both known or both unknown.",
              "(published_on IS NULL) <> (published_on_basis IS NULL)", columns=("published_on",)),
        Check("published_on is not in the time before the state or in the future of this software.",
              "published_on < DATE '1945-08-15' OR published_on > DATE '2100-01-01'", columns=("published_on",)),
        Check("Every received document is here.",
              query="SELECT document_id FROM raw.documents WHERE document_id NOT IN (SELECT document_id FROM {batch}) "
              "AND document_id NOT IN (SELECT document_id FROM ops.quarantine WHERE document_id IS NOT NULL)"),
        Check("No document duplicates itself or a duplicate.",
              query="SELECT document_id FROM {batch} WHERE duplicate_of = document_id OR duplicate_of IN "
              "(SELECT document_id FROM {batch} WHERE duplicate_of IS NOT NULL)", columns=("duplicate_of",)),
        Check("Every document belongs to a story.", "story_id IS NULL", columns=("story_id",)),
    ),
    "cleaned.removed_spans": (
        Check("A removed span is content[start_char:end_char].",
              query="SELECT x.document_id, x.start_char, x.end_char FROM {batch} AS x LEFT JOIN raw.documents AS r "
              "USING (document_id) WHERE r.content IS NULL OR "
              "substring(r.content, x.start_char + 1, x.end_char - x.start_char) IS DISTINCT FROM x.text",
              columns=("text",)),
        Check("A removed span is not empty.", "end_char <= start_char", columns=("end_char",)),
    ),
    "cleaned.sentences": (
        Check("A sentence is text[start_char:end_char] of its document.",
              query="SELECT x.sentence_id FROM {batch} AS x LEFT JOIN cleaned.documents AS d USING (document_id) "
              "WHERE d.text IS NULL OR "
              "substring(d.text, x.start_char + 1, x.end_char - x.start_char) IS DISTINCT FROM x.text",
              columns=("text",)),
        Check("Sentences of a document follow one another.",
              query="SELECT sentence_id FROM (SELECT sentence_id, start_char < lag(end_char) OVER "
              "(PARTITION BY document_id ORDER BY ordinal) AS is_wrong FROM {batch}) WHERE is_wrong"),
    ),
    "cleaned.revisions": (
        Check("A revision has two texts.", "earlier_document_id = later_document_id"),
    ),
    "cleaned.document_relations": (
        Check("A document is not related to itself.", "document_id = related_document_id"),
    ),
    "extracted.quantities": (
        Check("A range goes up.", "value_high < value", columns=("value_high",)),
        Check("A quantity has a unit or a currency, not both.", "unit_id IS NOT NULL AND currency IS NOT NULL"),
        Check("A number has a value.", "value IS NULL AND role <> 'ordinal_excluded'", columns=("value",)),
        Check("What is printed as a percentage is measured in percent.",
              "is_percent AND coalesce(unit_id, 'percent') NOT IN ('percent', 'percentage_point')"),
    ),
    "extracted.dates": (
        Check("A relative date that is resolved has an anchor.",
              "is_relative AND start_date IS NOT NULL AND anchor_date IS NULL", columns=("anchor_date",)),
        Check("A day is one day.", "granularity = 'day' AND start_date <> end_date", columns=("granularity",)),
    ),
    "extracted.results": (
        Check("A percentage of plan is a number in percent.",
              "is_percent_of_plan AND (value IS NULL OR unit_id IS DISTINCT FROM 'percent')", columns=("value",)),
        Check("The outcome agrees with the printed percentage of plan.",
              "is_percent_of_plan AND ((outcome = 'overfulfilled' AND value <= 100) OR "
              "(outcome = 'under_fulfilled' AND value >= 100))", columns=("outcome",)),
    ),
    "extracted.budget_lines": (
        Check("An index, a fulfilment or a multiple has its own growth only as far as the measure allows.",
              "measure IN ('fulfilment', 'share', 'surplus') AND growth_percent IS NOT NULL",
              columns=("growth_percent",)),
        Check("Growth of an index is index - 100.",
              "measure = 'index' AND abs(growth_percent - (value_percent - 100)) > 1e-6", columns=("growth_percent",)),
        Check("Growth is growth.", "measure = 'growth' AND growth_percent IS DISTINCT FROM value_percent",
              columns=("growth_percent",)),
        Check("A share is a part of the whole.", "measure = 'share' AND NOT value_percent BETWEEN 0 AND 100",
              columns=("value_percent",)),
        Check("Fulfilment of a state budget is near 100.",
              "measure = 'fulfilment' AND NOT value_percent BETWEEN 50 AND 200", columns=("value_percent",),
              severity="warning"),
    ),
    "extracted.trade_flows": (
        Check("A trade figure states a value or a change.", "value IS NULL AND change_percent IS NULL"),
        Check("Nobody trades with itself.", "exporter = importer"),
        Check("An amount of money has a currency.", "value IS NOT NULL AND currency IS NULL", columns=("currency",)),
    ),
    "extracted.quotations": (
        Check("A direct quotation's words are part of its evidence.",
              "kind = 'direct' AND NOT contains(evidence, quotation)", columns=("quotation",)),
    ),
    "extracted.attributions": (
        Check("An anonymous source is not narrowed to an entity.", "is_anonymous AND source_entity_id IS NOT NULL",
              columns=("source_entity_id",)),
    ),
    "aggregated.claims": (
        Check("Every piece of evidence is an extracted row.",
              query="SELECT claim_id FROM (SELECT claim_id, unnest(evidence_ids) AS id FROM {batch}) WHERE id NOT IN ("
              "SELECT target_id FROM extracted.targets UNION ALL SELECT result_id FROM extracted.results "
              "UNION ALL SELECT budget_line_id FROM extracted.budget_lines "
              "UNION ALL SELECT trade_flow_id FROM extracted.trade_flows "
              "UNION ALL SELECT assessment_id FROM extracted.assessments "
              "UNION ALL SELECT review_rule_id FROM extracted.review_rules)", columns=("evidence_ids",)),
        Check("A claim has evidence.", "len(evidence_ids) = 0", columns=("evidence_ids",)),
        Check("No more origins than documents.", "independent_origin_count > document_count"),
        Check("What only state media vouch for has one origin.",
              "traces_to_state_media_only AND independent_origin_count <> 1"),
    ),
    "aggregated.plan_ledger": (
        Check("What exists on paper only has no result.", "review_status = 'paper_only' AND len(results) > 0"),
        Check("Fulfilled, under way or failed rests on a result.",
              "review_status IN ('fulfilled', 'overfulfilled', 'in_progress', 'below_threshold') AND len(results) = 0"),
        Check("Every target is in the ledger.",
              query="SELECT target_id AS ledger_id FROM extracted.targets WHERE target_id NOT IN "
              "(SELECT unnest(evidence_ids) FROM {batch})"),
    ),
    "aggregated.state_budget": (
        Check("Every dated budget line is here.",
              query="SELECT fiscal_year, line, measure, basis, value_percent FROM extracted.budget_lines WHERE "
              "fiscal_year IS NOT NULL AND basis IS NOT NULL AND "
              "budget_line_id NOT IN (SELECT unnest(evidence_ids) FROM {batch})"),
    ),
    "aggregated.regional_development": (
        Check("What is completed was not completed before it was begun.", "completed_on < ground_broken_on"),
        Check("The status agrees with the dates.",
              "(completed_on IS NOT NULL AND status <> 'completed') OR "
              "(ground_broken_on IS NOT NULL AND status = 'named')"),
    ),
    "aggregated.regional_development_years": (
        Check("No more is completed than begun, no more begun than named.", "completed > started OR started > named"),
    ),
}  # fmt: skip
