-- One row is one assertion, made one from all the records that make it.
WITH conflicting AS (
    SELECT DISTINCT a.claim_key
    FROM aggregated.records AS a
    JOIN aggregated.records AS b ON a.topic_key = b.topic_key
    WHERE a.value <> b.value OR a.change_percent <> b.change_percent
)
SELECT
    {{claim_id}} AS claim_id,
    any_value(r.record_kind) AS claim_kind,
    arg_min(r.subject, (coalesce(r.published_on, DATE '9999-12-31'), r.record_id)) AS subject,
    min(r.sector_id) AS sector_id,
    CASE WHEN len(any_value(r.place_ids ORDER BY r.record_id)) = 1
         THEN any_value(r.place_ids ORDER BY r.record_id)[1] END AS place_id,
    min(r.policy_id) AS policy_id,
    min(r.value) AS value,
    min(r.unit_id) AS unit_id,
    min(r.currency) AS currency,
    min(r.period_start) AS period_start,
    min(r.period_end) AS period_end,
    min(r.published_on) AS first_published_on,
    max(r.published_on) AS last_published_on,
    count(DISTINCT r.document_id) AS document_count,
    count(DISTINCT r.outlet_id) AS outlet_count,
    count(DISTINCT r.origin) AS independent_origin_count,
    bool_and(r.is_state_media) AS traces_to_state_media_only,
    bool_or(c.claim_key IS NOT NULL) AS has_conflict,
    list(r.record_id ORDER BY r.record_id) AS evidence_ids
FROM aggregated.records AS r
LEFT JOIN conflicting AS c USING (claim_key)
GROUP BY r.claim_key
