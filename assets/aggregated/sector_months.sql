-- One row is one sector in one month of publication.
SELECT
    r.sector_id,
    date_trunc('month', r.published_on)::DATE AS month,
    count(DISTINCT r.document_id) AS documents,
    count(*) FILTER (r.record_kind = 'target') AS targets,
    count(*) FILTER (r.record_kind = 'result') AS results,
    count(*) FILTER (a.kind = 'admission_of_failure') AS admissions,
    median(r.value) FILTER (x.is_percent_of_plan) AS median_fulfilment
FROM aggregated.records AS r
LEFT JOIN extracted.results AS x ON x.result_id = r.record_id
LEFT JOIN extracted.assessments AS a ON a.assessment_id = r.record_id
WHERE r.sector_id IS NOT NULL AND r.published_on IS NOT NULL
GROUP BY ALL
