-- One row is one cohort year of the 20x10 policy: its quota, and how many places are named, begun and completed.
SELECT
    d.policy_id, d.year,
    any_value(p.quota_value)::INTEGER AS quota,
    count(*) AS named,
    count(*) FILTER (d.status <> 'named') AS started,
    count(*) FILTER (d.status = 'completed') AS completed
FROM aggregated.regional_development AS d
JOIN reference.policies AS p USING (policy_id)
GROUP BY d.policy_id, d.year
