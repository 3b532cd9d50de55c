-- One row is one distinct value of a trade figure; two sources with different values give two rows, both flagged.
WITH figure AS (
    SELECT t.*, r.origin, c.has_conflict
    FROM extracted.trade_flows AS t
    JOIN aggregated.records AS r ON r.record_id = t.trade_flow_id
    JOIN aggregated.claims AS c ON c.claim_id = {{claim_id}}
)
SELECT
    'tr_' || sha256(concat_ws('|', coalesce(period_start::VARCHAR, ''), coalesce(period_end::VARCHAR, ''),
        coalesce(reporter_id, ''), coalesce(exporter, ''), coalesce(importer, ''), coalesce(value::VARCHAR, ''),
        coalesce(currency, ''), coalesce(change_percent::VARCHAR, ''), coalesce(change_basis, '')))[:20] AS trade_id,
    period_start, period_end, reporter_id, exporter, importer, value, currency, change_percent, change_basis,
    count(DISTINCT document_id) AS document_count,
    count(DISTINCT origin) AS independent_origin_count,
    bool_or(has_conflict) AS has_conflict,
    list(trade_flow_id ORDER BY trade_flow_id) AS evidence_ids
FROM figure
GROUP BY period_start, period_end, reporter_id, exporter, importer, value, currency, change_percent, change_basis
