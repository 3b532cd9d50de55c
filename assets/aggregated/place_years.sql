-- One row is one place in one year of publication.
WITH located AS (
    SELECT r.record_id, r.record_kind, r.document_id, r.value, r.published_on, unnest(r.place_ids) AS place_id
    FROM aggregated.records AS r
)
SELECT
    p.place_id,
    year(l.published_on) AS year,
    count(DISTINCT l.document_id) AS documents,
    count(*) FILTER (l.record_kind = 'target') AS targets,
    count(*) FILTER (l.record_kind = 'result') AS results,
    count(*) FILTER (a.kind = 'admission_of_failure') AS admissions,
    median(l.value) FILTER (x.is_percent_of_plan) AS median_fulfilment
FROM located AS l
JOIN reference.places AS p USING (place_id)
LEFT JOIN extracted.results AS x ON x.result_id = l.record_id
LEFT JOIN extracted.assessments AS a ON a.assessment_id = l.record_id
WHERE l.published_on IS NOT NULL
GROUP BY ALL
