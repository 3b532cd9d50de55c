-- Convenience views and macros of the analysts' database. Statements end in a semicolon at the end of a line.

CREATE VIEW ledger AS
SELECT l.ledger_id, l.review_status, l.action, l.object, l.value, coalesce(l.unit_id, l.currency) AS unit, l.per,
       l.deadline_end, l.announced_on, l.latest_result_on, l.fulfilment_ratio, l.review_reason, l.place_ids,
       s.name AS sector, p.name AS policy, l.actor_id, l.force, l.document_count, l.independent_origin_count
FROM aggregated.plan_ledger AS l
LEFT JOIN reference.sectors AS s USING (sector_id)
LEFT JOIN reference.policies AS p USING (policy_id);
COMMENT ON VIEW ledger IS 'The plan ledger with names instead of ids.';

CREATE VIEW budget AS
SELECT fiscal_year, line, basis, measure, value_percent, growth_percent, document_count, independent_origin_count,
       has_conflict
FROM aggregated.state_budget
ORDER BY fiscal_year, line, basis, measure, value_percent;
COMMENT ON VIEW budget IS 'The state budget in percentages; conflicting values stand side by side.';

CREATE VIEW extracted_rows AS
SELECT 'targets' AS record_type, target_id AS row_id, document_id, sentence_id, start_char, end_char, evidence, rule FROM extracted.targets
UNION ALL SELECT 'results', result_id, document_id, sentence_id, start_char, end_char, evidence, rule FROM extracted.results
UNION ALL SELECT 'budget_lines', budget_line_id, document_id, sentence_id, start_char, end_char, evidence, rule FROM extracted.budget_lines
UNION ALL SELECT 'trade_flows', trade_flow_id, document_id, sentence_id, start_char, end_char, evidence, rule FROM extracted.trade_flows
UNION ALL SELECT 'events', event_id, document_id, sentence_id, start_char, end_char, evidence, rule FROM extracted.events
UNION ALL SELECT 'assessments', assessment_id, document_id, sentence_id, start_char, end_char, evidence, rule FROM extracted.assessments
UNION ALL SELECT 'review_rules', review_rule_id, document_id, sentence_id, start_char, end_char, evidence, rule FROM extracted.review_rules;
COMMENT ON VIEW extracted_rows IS 'Every record with the characters it was read from.';

CREATE MACRO evidence_of(ids) AS TABLE
SELECT r.record_type, r.row_id, d.published_on, d.outlet_id, d.url, r.evidence, s.text AS sentence, r.rule
FROM extracted_rows AS r
JOIN cleaned.documents AS d USING (document_id)
JOIN cleaned.sentences AS s USING (sentence_id)
WHERE list_contains(ids, r.row_id)
ORDER BY d.published_on, r.row_id;
