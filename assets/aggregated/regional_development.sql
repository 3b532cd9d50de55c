-- One row is one city or county in a cohort year of the 20x10 policy.
--
-- A place belongs to the cohort that the public record (reference.regional_cohorts) gives it, else to the first year
-- in which a document names it or reports work there. A day is the day the text gives, else that of its first report.
-- What counts is the factories themselves, not designs, raw materials or tools for them. In a report that is about
-- them or names the policy, ground broken and work under way at a place count too, and so does "factories" alone.
WITH about AS (
    SELECT document_id FROM cleaned.documents
    WHERE regexp_matches(lower(title), '(regional|local)[- ]industry factor')
    UNION
    SELECT document_id FROM extracted.entity_mentions WHERE entity_id = 'regional_development_20x10'
),
evidence AS (
    SELECT r.record_id, unnest(r.place_ids) AS place_id, r.published_on, r.origin, r.origin_class, x.outcome,
           CASE WHEN r.period_start = r.period_end THEN r.period_start
                WHEN r.period_start IS NULL OR r.published_on BETWEEN r.period_start AND r.period_end THEN r.published_on
           END AS day
    FROM aggregated.records AS r
    LEFT JOIN about AS a USING (document_id)
    LEFT JOIN extracted.results AS x ON x.result_id = r.record_id
    LEFT JOIN extracted.targets AS t ON t.target_id = r.record_id
    WHERE r.record_kind IN ('target', 'result')
      AND r.published_on >= DATE '2024-01-15'
      AND coalesce(r.period_end, r.published_on) >= DATE '2024-01-15'
      -- "On the level of Kimhwa County" names a model, not a place of the cohort.
      AND NOT coalesce(regexp_matches(lower(t.evidence), '(on|to|at|of) (the|such|a) level|modell?ed (on|after)'), false)
      AND (
          regexp_matches(lower(r.subject), '^([a-z]+ly |the |construction |building |project |of |for |modern |new |its |light |three |four |\d+ )*(regional|local)[- ]industry factor')
          OR (r.policy_id = 'regional_development_20x10' AND coalesce(x.outcome, '') NOT IN ('completed', 'opened'))
          OR (a.document_id IS NOT NULL AND x.outcome IN ('started', 'in_progress')
              AND NOT regexp_matches(lower(coalesce(r.subject, '')), 'hospital|flat|house|farm|station|canal'))
          OR (a.document_id IS NOT NULL AND x.outcome IN ('completed', 'opened')
              AND regexp_matches(lower(r.subject), '^(the |new |modern |last |its )*factories'))
      )
),
located AS (
    SELECT e.*,
           coalesce(c.cohort_year, year(min(coalesce(e.day, e.published_on)) OVER (PARTITION BY e.place_id))) AS cohort_year
    FROM evidence AS e
    JOIN reference.places AS p
      ON p.place_id = e.place_id AND p.kind IN ('city', 'county', 'district', 'directly_governed_city')
    LEFT JOIN (
        SELECT place_id, min(cohort_year) AS cohort_year FROM reference.regional_cohorts GROUP BY place_id
    ) AS c ON c.place_id = e.place_id
    -- "Jangphung County of Kaesong Municipality" says nothing about Kaesong.
    WHERE NOT EXISTS (
        SELECT 1 FROM evidence AS inner_one JOIN reference.places AS child ON child.place_id = inner_one.place_id
        WHERE inner_one.record_id = e.record_id AND child.parent_place_id = e.place_id
    )
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
