-- One row is one outlet and one origin its claims trace to.
WITH claimed AS (
    SELECT DISTINCT r.outlet_id, r.claim_key, coalesce(r.origin, 'unknown') AS origin,
           coalesce(c.traces_to_state_media_only, false) AS state_media_only
    FROM aggregated.records AS r
    JOIN aggregated.claims AS c ON c.claim_id = {{claim_id}}
    WHERE r.outlet_id IS NOT NULL
),
outlet AS (
    SELECT outlet_id, count(DISTINCT claim_key) AS claims,
           count(DISTINCT claim_key) FILTER (state_media_only) AS state_media_claims
    FROM claimed GROUP BY ALL
)
SELECT c.outlet_id, c.origin, count(DISTINCT c.claim_key) AS claims,
       count(DISTINCT c.claim_key) / any_value(o.claims) AS claim_share,
       any_value(o.state_media_claims) / any_value(o.claims) AS state_media_only_share
FROM claimed AS c JOIN outlet AS o USING (outlet_id)
GROUP BY c.outlet_id, c.origin
