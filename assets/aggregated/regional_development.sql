-- One row is one city or county in a cohort year of the 20x10 policy.
--
-- A place belongs to the cohort that the public record (reference.regional_cohorts) gives it, else to the first year
-- in which a document names it or reports work there. A day is the day the text gives, else that of its first report.
WITH evidence AS (
    SELECT r.record_id, r.record_kind, unnest(r.place_ids) AS place_id, r.published_on, r.origin, r.origin_class,
           x.outcome, coalesce(CASE WHEN r.period_start = r.period_end THEN r.period_start END, r.published_on) AS day
    FROM aggregated.records AS r
    LEFT JOIN extracted.results AS x ON x.result_id = r.record_id
    WHERE r.record_kind IN ('target', 'result')
      AND (r.policy_id = 'regional_development_20x10'
           OR (regexp_matches(lower(r.subject), 'regional[- ]industry factor') AND r.published_on >= DATE '2024-01-15'))
),
located AS (
    SELECT e.*,
           coalesce(c.cohort_year, year(min(coalesce(e.day, e.published_on)) OVER (PARTITION BY e.place_id))) AS cohort_year
    FROM evidence AS e
    JOIN reference.places AS p ON p.place_id = e.place_id AND p.kind IN ('city', 'county', 'district', 'directly_governed_city')
    LEFT JOIN (
        SELECT place_id, min(cohort_year) AS cohort_year FROM reference.regional_cohorts GROUP BY place_id
    ) AS c ON c.place_id = e.place_id
)
SELECT
    'regional_development_20x10' AS policy_id,
    cohort_year AS year,
    place_id,
    min(published_on) AS named_on,
    min(day) FILTER (outcome = 'started') AS ground_broken_on,
    min(day) FILTER (outcome IN ('completed', 'opened')) AS completed_on,
    CASE
        WHEN count(*) FILTER (outcome IN ('completed', 'opened')) > 0 THEN 'completed'
        WHEN count(*) FILTER (outcome = 'in_progress') > 0 THEN 'in_progress'
        WHEN count(*) FILTER (outcome = 'started') > 0 THEN 'started'
        ELSE 'named'
    END AS status,
    list_sort(list_distinct(list(origin_class) FILTER (origin_class IS NOT NULL))) AS evidence_classes,
    count(DISTINCT origin) AS independent_origin_count,
    list_sort(list_distinct(list(record_id))) AS evidence_ids
FROM located
WHERE cohort_year BETWEEN 2024 AND 2034
GROUP BY cohort_year, place_id
