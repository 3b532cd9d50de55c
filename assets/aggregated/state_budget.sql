-- One row is one distinct value of a budget line in a fiscal year; conflicting values stand side by side. Figures of
-- texts that tell neither year nor basis stay in extracted.budget_lines.
SELECT
    b.fiscal_year, b.line, b.measure, b.basis, b.value_percent,
    min(b.growth_percent) AS growth_percent,
    count(DISTINCT b.document_id) AS document_count,
    count(DISTINCT r.origin) AS independent_origin_count,
    count(*) OVER (PARTITION BY b.fiscal_year, b.line, b.measure, b.basis) > 1 AS has_conflict,
    list(b.budget_line_id ORDER BY b.budget_line_id) AS evidence_ids
FROM extracted.budget_lines AS b
JOIN aggregated.records AS r ON r.record_id = b.budget_line_id
WHERE b.fiscal_year IS NOT NULL AND b.basis IS NOT NULL
GROUP BY b.fiscal_year, b.line, b.measure, b.basis, b.value_percent
