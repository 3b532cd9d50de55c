-- One row is one event, de-duplicated across outlets: the same kind, body, first day and session. Events that the
-- texts neither date nor number are left in extracted.events.
SELECT
    'ce_' || sha256(concat_ws('|', event_kind, coalesce(organizer_id, ''), coalesce(start_date::VARCHAR, ''),
        coalesce(ordinal::VARCHAR, ''), coalesce(place_id, '')))[:20] AS calendar_event_id,
    event_kind, organizer_id, ordinal, start_date,
    max(end_date) AS end_date,
    place_id,
    list_sort(list_distinct(flatten(list(decisions) FILTER (decisions IS NOT NULL)))) AS decisions,
    count(DISTINCT document_id) AS document_count,
    list(event_id ORDER BY event_id) AS evidence_ids
FROM extracted.events
WHERE start_date IS NOT NULL OR ordinal IS NOT NULL
GROUP BY event_kind, organizer_id, ordinal, start_date, place_id
